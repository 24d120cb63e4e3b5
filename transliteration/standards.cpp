#include "transliteration/standards.h"

#include <algorithm>
#include <optional>

#include "base/utf8.h"
#include "transliteration/icao.h"
#include "transliteration/native.h"
#include "transliteration/tables.h"

namespace paxid::transliteration {
namespace {

// Whether a neighbour is one of `set`; an empty set takes any.
bool fits(std::u32string_view set, char32_t neighbour) {
  return set.empty() || set.find(neighbour) != std::u32string_view::npos;
}

bool is_closer(const StandardLetters& x, const StandardLetters& y) {
  const auto closeness = [](const StandardLetters& row) {
    return row.letters.size() * 4 + (row.left.empty() ? 0 : 1) + (row.right.empty() ? 0 : 1);
  };
  return closeness(x) > closeness(y);
}

// The row for the letters at a place: the longest run, then the one that asks most of its
// neighbours.
const StandardLetters* row_at(std::string_view standard, std::u32string_view word, std::size_t at) {
  const StandardLetters* best = nullptr;
  for (const StandardLetters& row : letters_of_standard(standard)) {
    if (!word.substr(at).starts_with(row.letters)) continue;
    const std::size_t end = at + row.letters.size();
    if (!fits(row.left, at == 0 ? kWordStart : word[at - 1])) continue;
    if (!fits(row.right, end == word.size() ? kWordEnd : word[end])) continue;
    if (best == nullptr || is_closer(row, *best)) best = &row;
  }
  return best;
}

const Standard* find_standard(std::string_view id) {
  const auto all = standards();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Standard& s) { return s.id == id; });
  return found == all.end() ? nullptr : &*found;
}

// One letter by the most usual spelling of a language's table.
std::optional<std::string_view> usual_letter(std::string_view tag, std::u32string_view word,
                                             std::size_t at) {
  const auto table = find_language(tag);
  if (!table) return std::nullopt;
  const auto outcomes = find_outcomes(*table, at == 0 ? kWordStart : word[at - 1], word[at],
                                      at + 1 == word.size() ? kWordEnd : word[at + 1]);
  if (outcomes.empty()) return std::nullopt;
  return outcomes.front().letters();
}

std::optional<std::string> spell(const Standard& standard, std::u32string_view word,
                                 std::string_view language) {
  std::string latin;
  for (std::size_t at = 0; at < word.size();) {
    const StandardLetters* row = nullptr;
    const Standard* by = &standard;
    while ((row = row_at(by->id, word, at)) == nullptr) {
      const Standard* base = find_standard(by->base);
      if (base == nullptr) break;
      by = base;
    }
    if (row != nullptr) {
      latin += row->latin;
      at += row->letters.size();
      continue;
    }
    if (by->base.starts_with('=')) {
      const auto letters = usual_letter(by->base.substr(1), word, at);
      if (!letters) return std::nullopt;
      latin += *letters;
    } else if (by->language == "*") {
      const auto letters = zone_letters(word[at], language, at == 0);
      if (!letters) return std::nullopt;
      latin += *letters;
    } else {
      return std::nullopt;
    }
    ++at;
  }
  return latin;
}

bool is_of(const Standard& standard, std::string_view language) {
  if (standard.language == "*" || language.empty()) return true;
  return standard.language == language ||
         standard.language == language.substr(0, language.find('-'));
}

}  // namespace

std::vector<StandardSpelling> standard_spellings(std::string_view word, std::string_view language) {
  std::vector<StandardSpelling> spellings;
  const std::u32string text = upper_case_composed(word);
  const auto letter = std::find_if(text.begin(), text.end(),
                                   [](char32_t c) { return script_of(c) != Script::kNone; });
  if (letter == text.end() || script_of(*letter) == Script::kLatin) return spellings;
  const Script script = script_of(*letter);
  const std::u32string letters = native_letters(text, script);
  for (const Standard& standard : standards()) {
    if (!is_of(standard, language)) continue;
    // Section 6.C depends on marks and word ends; its own writer knows them.
    if (standard.language == "*" && script == Script::kArabic) {
      ZoneText zone = to_zone_text(word, language);
      if (zone.complete) spellings.push_back({&standard, std::move(zone.text)});
    } else if (auto latin = spell(standard, letters, language); latin && !latin->empty()) {
      spellings.push_back({&standard, *std::move(latin)});
    }
  }
  return spellings;
}

}  // namespace paxid::transliteration
