// How fast zones are read. Beside it: mrz_peer.mjs, over the same zones.
#include <benchmark/benchmark.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "mrz/writer.h"
#include "mrz/zone.h"

namespace paxid::mrz {
namespace {

using namespace std::chrono_literals;

const ReadOptions kOptions{.reference_date = 2026y / 11 / 22};

// 256 passports as Germany issues them; they differ in the document number. mrz_peer.mjs
// builds the same.
std::vector<std::string> passports() {
  std::vector<std::string> zones;
  for (int i = 0; i < 256; ++i) {
    ZoneContent content;
    content.format = Format::kTd3;
    content.document_code = "P";
    content.issuer = "D";
    content.primary = "MUSTERMANN";
    content.secondary = "ERIKA MARIA";
    const std::string number = "C01X" + std::to_string(10000 + i * 37);
    content.document_number = number;
    content.nationality = "D";
    content.birth_date = "640812";
    content.sex = "F";
    content.expiry_date = "341031";
    zones.push_back(write(content).value().text());
  }
  return zones;
}

// Every zone of the case file, in order or not.
std::vector<std::string> cases() {
  std::vector<std::string> zones;
  std::ifstream file(PAXID_TEST_DATA "/mrz/cases.jsonl");
  for (std::string line; std::getline(file, line);) {
    const auto row = nlohmann::json::parse(line);
    std::string raw;
    for (const auto& text : row["lines"]) raw += text.get<std::string>() + "\n";
    zones.push_back(std::move(raw));
  }
  return zones;
}

void read_zones(benchmark::State& state, const std::vector<std::string>& zones) {
  if (zones.empty()) state.SkipWithError("no zones");
  for (auto _ : state) {
    for (const std::string& raw : zones) {
      Reading reading = read(raw, kOptions);
      benchmark::DoNotOptimize(reading);
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(zones.size()));
}

BENCHMARK_CAPTURE(read_zones, td3, passports())->Name("read TD3 passport");
BENCHMARK_CAPTURE(read_zones, cases, cases())->Name("read mixed set");

}  // namespace
}  // namespace paxid::mrz
