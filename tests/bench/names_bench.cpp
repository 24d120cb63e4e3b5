// How fast names are compared, on the committed pairs of invented names in a mixed order. Beside
// it a plain Jaro-Winkler, which says what letters alone cost on the same machine in the same
// run, and names_peer.py.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "matcher/compare.h"
#include "matcher/flight.h"
#include "tests/bench/counting_new.h"
#include "tests/bench/threads.h"

namespace paxid::matcher {
namespace {

struct RawPair {
  std::string a;
  std::string b;
};
using PreparedPair = std::pair<PreparedName, PreparedName>;

NameText text_of(const std::string& full) {
  NameText name;
  name.full = full;
  return name;
}

// In an order that mixes the kinds, the same each time.
const std::vector<RawPair>& raw_pairs() {
  static const std::vector<RawPair> pairs = [] {
    std::vector<RawPair> read;
    std::ifstream file(PAXID_TEST_DATA "/matcher/name_pairs.jsonl");
    for (std::string line; std::getline(file, line);) {
      const auto row = nlohmann::json::parse(line);
      read.push_back({row["a"], row["b"]});
    }
    std::vector<RawPair> mixed;
    constexpr std::size_t kStride = 4099;  // a prime that the count is no multiple of
    for (std::size_t i = 0, at = 0; i < read.size(); ++i, at = (at + kStride) % read.size()) {
      mixed.push_back(read[at]);
    }
    return mixed;
  }();
  return pairs;
}

std::vector<PreparedPair> prepared_pairs() {
  std::vector<PreparedPair> pairs;
  for (const RawPair& pair : raw_pairs()) {
    pairs.emplace_back(prepare(text_of(pair.a)), prepare(text_of(pair.b)));
  }
  return pairs;
}

void compare_all(const std::vector<PreparedPair>& pairs, Comparison& comparison) {
  for (const auto& [a, b] : pairs) {
    compare(a, b, comparison);
    benchmark::DoNotOptimize(comparison.log_odds);
    benchmark::DoNotOptimize(comparison.reasons.data());
  }
}

void set_rate(benchmark::State& state, std::size_t items) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(items));
}

bool any(const PreparedPair&) { return true; }
bool of_two_scripts(const PreparedPair& pair) {
  return compare(pair.first, pair.second).family == Family::kCrossScript;
}

void compare_prepared(benchmark::State& state, bool (*wanted)(const PreparedPair&)) {
  auto pairs = prepared_pairs();
  std::erase_if(pairs, [wanted](const PreparedPair& pair) { return !wanted(pair); });
  if (pairs.empty()) state.SkipWithError("no pairs");
  Comparison comparison;
  compare_all(pairs, comparison);
  compare_all(pairs, comparison);
  const std::size_t before = bench::allocations_of_this_thread();
  compare_all(pairs, comparison);
  const auto allocated = static_cast<double>(bench::allocations_of_this_thread() - before);
  for (auto _ : state) compare_all(pairs, comparison);
  set_rate(state, pairs.size());
  state.counters["allocations_per_pair"] = allocated / static_cast<double>(pairs.size());
}
BENCHMARK_CAPTURE(compare_prepared, mixed, any)->Name("prepared pair, reasons");
BENCHMARK_CAPTURE(compare_prepared, two_scripts, of_two_scripts)
    ->Name("prepared pair, two scripts");

// Names of as many parts as are compared, which fit each other in as many ways as can be.
void compare_worst(benchmark::State& state, const char* a, const char* b) {
  const PreparedName x = prepare(text_of(a));
  const PreparedName y = prepare(text_of(b));
  Comparison comparison;
  for (auto _ : state) {
    compare(x, y, comparison);
    benchmark::DoNotOptimize(comparison.log_odds);
  }
  set_rate(state, 1);
}
BENCHMARK_CAPTURE(compare_worst, joined, "A AA AAA A AA AAA A AA AAA A AA AAA",
                  "AAA AA A AAA AA A AAA AA A AAA AA A")
    ->Name("twelve parts, joined in every way");
BENCHMARK_CAPTURE(compare_worst, alike, "JOHN JOHN JOHN JOHN JOHN JOHN JON JON JON JON JON JON",
                  "JOHN JON JON JON JON JON JOHNN JOHNN JOHNN JOHNN JOHNN JOHNN")
    ->Name("twelve parts, all alike");

void compare_raw(benchmark::State& state) {
  const auto& pairs = raw_pairs();
  Comparison comparison;
  for (auto _ : state) {
    for (const RawPair& pair : pairs) {
      compare(prepare(text_of(pair.a)), prepare(text_of(pair.b)), comparison);
      benchmark::DoNotOptimize(comparison.log_odds);
    }
  }
  set_rate(state, pairs.size());
}
BENCHMARK(compare_raw)->Name("raw UTF-8 pair");

void find_on_flight(benchmark::State& state) {
  constexpr std::size_t kPassengers = 400;
  constexpr std::size_t kAsked = 100;
  const auto pairs = prepared_pairs();
  FlightNames flight;
  std::vector<PreparedName> asked;
  for (std::size_t i = 0; i < kPassengers && i < pairs.size(); ++i) flight.add(pairs[i].second);
  // Names of passengers as their documents spell them, every fourth one.
  for (std::size_t i = 0; i < kAsked; ++i) asked.push_back(pairs[i * kPassengers / kAsked].first);
  for (auto _ : state) {
    for (const PreparedName& name : asked) {
      auto found = flight.find(name);
      benchmark::DoNotOptimize(found);
    }
  }
  set_rate(state, asked.size());
}
BENCHMARK(find_on_flight)->Name("1:400, best and runner-up");

constexpr std::size_t kPasses = 10;

void compare_on_two_threads(benchmark::State& state) {
  const auto pairs = prepared_pairs();
  bench::measure_two_threads(state, [&pairs] {
    Comparison comparison;
    for (std::size_t pass = 0; pass < kPasses; ++pass) compare_all(pairs, comparison);
  });
  set_rate(state, 2 * kPasses * pairs.size());
}
BENCHMARK(compare_on_two_threads)
    ->Name("prepared pair, two threads")
    ->UseManualTime()
    ->Iterations(9);

// Winkler 1990: Jaro's share of common letters and exchanged ones, raised by a common head.
double jaro_winkler(std::string_view x, std::string_view y) {
  if (x.empty() || y.empty()) return x.size() == y.size() ? 1 : 0;
  const std::size_t window = std::max<std::size_t>(std::max(x.size(), y.size()) / 2, 1) - 1;
  std::vector<bool> x_common(x.size());
  std::vector<bool> y_common(y.size());
  std::size_t common = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const std::size_t first = i > window ? i - window : 0;
    const std::size_t last = std::min(i + window + 1, y.size());
    for (std::size_t j = first; j < last; ++j) {
      if (y_common[j] || x[i] != y[j]) continue;
      x_common[i] = y_common[j] = true;
      ++common;
      break;
    }
  }
  if (common == 0) return 0;
  std::size_t moved = 0;
  for (std::size_t i = 0, j = 0; i < x.size(); ++i) {
    if (!x_common[i]) continue;
    while (!y_common[j]) ++j;
    moved += x[i] == y[j++] ? 0 : 1;
  }
  const auto m = static_cast<double>(common);
  const double jaro = (m / static_cast<double>(x.size()) + m / static_cast<double>(y.size()) +
                       (m - static_cast<double>(moved) / 2) / m) /
                      3;
  std::size_t head = 0;
  while (head < std::min({x.size(), y.size(), std::size_t{4}}) && x[head] == y[head]) ++head;
  return jaro + 0.1 * static_cast<double>(head) * (1 - jaro);
}

void compare_letters(benchmark::State& state) {
  const auto& pairs = raw_pairs();
  for (auto _ : state) {
    for (const RawPair& pair : pairs) benchmark::DoNotOptimize(jaro_winkler(pair.a, pair.b));
  }
  set_rate(state, pairs.size());
}
BENCHMARK(compare_letters)->Name("Jaro-Winkler, letters only");

}  // namespace
}  // namespace paxid::matcher
