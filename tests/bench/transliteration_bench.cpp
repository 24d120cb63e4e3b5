// How fast a spelling lattice is built, and how fast a Latin word is weighed against one.
#include <benchmark/benchmark.h>

#include <array>
#include <string>
#include <vector>

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

void build_lattice(benchmark::State& state) {
  std::vector<std::u32string> words;
  for (const Case& c : kCases) words.push_back(upper_case_composed(c.native));
  for (auto _ : state) {
    for (std::size_t i = 0; i < kCases.size(); ++i) {
      benchmark::DoNotOptimize(spellings_of(words[i], kCases[i].script, kCases[i].language));
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kCases.size()));
}
BENCHMARK(build_lattice);

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
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(lattices.size()));
}
BENCHMARK(weigh_latin_word)->ThreadRange(1, 2)->UseRealTime();

}  // namespace
}  // namespace paxid::transliteration
