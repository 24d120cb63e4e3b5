#include "transliteration/icao.h"

#include "base/utf8.h"
#include "transliteration/native.h"
#include "transliteration/script.h"
#include "transliteration/tables.h"

namespace paxid::transliteration {
namespace {

// Section 6 C: the letter under a shadda is written twice, with all letters it has.
constexpr char32_t kShadda = 0x651;
// Section 6 C note: XAH where it ends a name component, else XTA.
constexpr char32_t kTehMarbuta = 0x629;
constexpr std::string_view kTehMarbutaAtEnd = "XAH";

bool is_separator(char32_t c) {
  return c == ' ' || c == '-' || c == '<' || c == 0xA0 || (c >= 0x2010 && c <= 0x2015);
}

}  // namespace

std::optional<std::string_view> zone_letters(char32_t letter, std::string_view language,
                                             bool at_start) {
  const IcaoRow* row = find_icao_row(letter);
  if (row == nullptr) return std::nullopt;
  std::string_view letters = row->preferred;
  for_each_alternative(*row, [&](std::string_view one, std::string_view of, bool start_only) {
    if (!of.empty() && of == language && (!start_only || at_start)) letters = one;
  });
  return letters;
}

ZoneText to_zone_text(std::string_view name, std::string_view language) {
  ZoneText zone;
  bool word_open = false;
  bool separator_due = false;
  std::string letters;  // of the last letter
  const std::u32string text = upper_case_composed(name);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char32_t c = text[i];
    if (c == kShadda) {
      zone.text += letters;
      continue;
    }
    if (is_separator(c)) {
      separator_due = !zone.text.empty();
      word_open = false;
      continue;
    }
    letters.clear();
    if (c >= 'A' && c <= 'Z') {
      letters = static_cast<char>(c);
    } else if (const auto by_table = zone_letters(c, language, !word_open)) {
      const bool ends_word = i + 1 == text.size() || is_separator(text[i + 1]);
      letters = c == kTehMarbuta && ends_word ? kTehMarbutaAtEnd : *by_table;
    } else if (std::string plain = without_marks(c); !plain.empty()) {
      letters = std::move(plain);
    } else {
      // Punctuation and marks are left out by the standard; a letter without a row is a gap.
      zone.complete = zone.complete && script_of(c) == Script::kNone;
    }
    if (letters.empty()) continue;
    if (separator_due) zone.text += '<';
    separator_due = false;
    word_open = true;
    zone.text += letters;
  }
  return zone;
}

}  // namespace paxid::transliteration
