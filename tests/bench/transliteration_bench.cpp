// How fast a spelling lattice is built, how fast a Latin name is weighed against a native one, and
// what a process pays for its first comparison.
#include <benchmark/benchmark.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "matcher/compare.h"
#include "tests/bench/threads.h"
#include "transliteration/icao.h"
#include "transliteration/likelihood.h"
#include "transliteration/native.h"

namespace paxid::transliteration {
namespace {

struct Case {
  const char* native;
  Script script;
  const char* language;
  const char* latin;
};
constexpr std::array kCases = std::to_array<Case>({
    {"Александра", Script::kCyrillic, "ru", "ALEKSANDRA"},
    {"Олександр", Script::kCyrillic, "uk", "OLEXANDR"},
    {"Κωνσταντίνος", Script::kGreek, "el", "KONSTANTINOS"},
    {"محمد", Script::kArabic, "ar", "MOHAMED"},
    {"حسین", Script::kArabic, "fa", "HOSSEIN"},
    {"יצחק", Script::kHebrew, "he", "YITZHAK"},
    {"Պետրոսյան", Script::kArmenian, "hy", "PETROSYAN"},
    {"अमिताभ", Script::kDevanagari, "hi", "AMITABH"},
    {"สมชาย", Script::kThai, "th", "SOMCHAI"},
    {"정희", Script::kHangul, "ko", "JUNGHEE"},
    {"佐藤", Script::kHan, "ja", "SATOH"},
    {"小明", Script::kHan, "zh", "XIAOMING"},
});

void set_rate(benchmark::State& state, std::size_t items) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(items));
}

matcher::PreparedName prepared(const char* text, const char* language) {
  matcher::NameText name;
  name.full = text;
  name.language = language;
  return matcher::prepare(name);
}

// Registered first, while nothing of the library has run: each child of this process meets its
// tables, those of ICU and all that is made at first use as a new process does.
void compare_first(benchmark::State& state) {
  double least = std::numeric_limits<double>::infinity();
  for (auto _ : state) {
    const auto begin = std::chrono::steady_clock::now();
    const pid_t child = fork();
    if (child == 0) {
      const auto comparison = matcher::compare(prepared(kCases[0].native, kCases[0].language),
                                               prepared(kCases[0].latin, ""));
      _exit(comparison.log_odds > 0 ? 0 : 1);
    }
    int status = -1;
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0) {
      state.SkipWithError("the child failed");
      break;
    }
    const auto taken = std::chrono::steady_clock::now() - begin;
    least = std::min(least, std::chrono::duration<double>(taken).count());
  }
  set_rate(state, 1);
  state.counters["milliseconds"] = 1000 * least;
  state.counters["megabytes_of_tables"] =
      static_cast<double>(tables_bytes() + matcher::tables_bytes()) / 1e6;
}
BENCHMARK(compare_first)->Name("first pair of a process")->Iterations(50)->UseRealTime();

void build_lattice(benchmark::State& state) {
  std::vector<std::u32string> words;
  for (const Case& c : kCases) words.push_back(upper_case_composed(c.native));
  for (auto _ : state) {
    for (std::size_t i = 0; i < kCases.size(); ++i) {
      benchmark::DoNotOptimize(spellings_of(words[i], kCases[i].script, kCases[i].language));
    }
  }
  set_rate(state, kCases.size());
}
BENCHMARK(build_lattice)->Name("spelling lattice built");

void weigh_latin_word(benchmark::State& state) {
  std::vector<Lattice> lattices;
  std::vector<std::string> latin;
  for (const Case& c : kCases) {
    lattices.push_back(spellings_of(upper_case_composed(c.native), c.script, c.language));
    latin.emplace_back(c.latin);
  }
  for (auto _ : state) {
    for (std::size_t i = 0; i < lattices.size(); ++i) {
      benchmark::DoNotOptimize(likelihood_ratio(lattices[i], latin[i]));
    }
  }
  set_rate(state, lattices.size());
}
BENCHMARK(weigh_latin_word)->Name("Latin word weighed");

using PreparedPairs = std::vector<std::pair<matcher::PreparedName, matcher::PreparedName>>;

PreparedPairs prepared_pairs() {
  PreparedPairs pairs;
  for (const Case& c : kCases) {
    pairs.emplace_back(prepared(c.native, c.language), prepared(c.latin, ""));
  }
  return pairs;
}

void compare_all(const PreparedPairs& pairs, matcher::Comparison& comparison) {
  for (const auto& [native, latin] : pairs) {
    matcher::compare(native, latin, comparison);
    benchmark::DoNotOptimize(comparison.log_odds);
  }
}

void compare_prepared(benchmark::State& state) {
  const PreparedPairs pairs = prepared_pairs();
  matcher::Comparison comparison;
  for (auto _ : state) compare_all(pairs, comparison);
  set_rate(state, pairs.size());
}
BENCHMARK(compare_prepared)->Name("prepared pair, native and Latin");

void compare_on_two_threads(benchmark::State& state) {
  constexpr std::size_t kPasses = 10000;
  const PreparedPairs pairs = prepared_pairs();
  bench::measure_two_threads(state, [&pairs] {
    matcher::Comparison comparison;
    for (std::size_t pass = 0; pass < kPasses; ++pass) compare_all(pairs, comparison);
  });
  set_rate(state, 2 * kPasses * pairs.size());
}
BENCHMARK(compare_on_two_threads)
    ->Name("native and Latin, two threads")
    ->UseManualTime()
    ->Iterations(9);

}  // namespace
}  // namespace paxid::transliteration
