// How fast boarding passes are read. Beside it: bcbp_peer.mjs, over the same passes.
#include <benchmark/benchmark.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "bcbp/boarding_pass.h"

namespace paxid::bcbp {
namespace {

using namespace std::chrono_literals;

// Every conforming pass of the case file with at least `shortest` and at most `longest` bytes.
std::vector<std::string> passes(std::size_t shortest, std::size_t longest) {
  std::vector<std::string> found;
  std::ifstream file(PAXID_TEST_DATA "/bcbp/boarding_pass_cases.jsonl");
  for (std::string line; std::getline(file, line);) {
    const auto row = nlohmann::json::parse(line);
    std::string raw = row["raw"];
    if (row["valid"] == true && raw.size() >= shortest && raw.size() <= longest) {
      found.push_back(std::move(raw));
    }
  }
  return found;
}

void read_passes(benchmark::State& state, std::size_t shortest, std::size_t longest) {
  const std::vector<std::string> set = passes(shortest, longest);
  if (set.empty()) state.SkipWithError("no passes");
  const ReadOptions options{.reference_date = 2018y / 6 / 1};
  for (auto _ : state) {
    for (const std::string& raw : set) {
      Reading reading = read(raw, options);
      benchmark::DoNotOptimize(reading);
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(set.size()));
}

BENCHMARK_CAPTURE(read_passes, short, 60, 60)->Name("decode 60-byte pass");
BENCHMARK_CAPTURE(read_passes, mixed, 0, kMaxPassBytes)->Name("decode mixed set");

}  // namespace
}  // namespace paxid::bcbp
