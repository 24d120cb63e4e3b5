#pragma once

#include <cstdint>
#include <string_view>

namespace paxid::transliteration {

// The writing systems this library tells apart. kNone is what no script owns: digits,
// punctuation, combining marks. kOther is a script it knows no spelling rules for.
enum class Script : std::uint8_t {
  kNone,
  kLatin,
  kCyrillic,
  kGreek,
  kArabic,
  kHebrew,
  kArmenian,
  kGeorgian,
  kDevanagari,
  kBengali,
  kGurmukhi,
  kGujarati,
  kOriya,
  kTamil,
  kTelugu,
  kKannada,
  kMalayalam,
  kSinhala,
  kThai,
  kEthiopic,
  kHangul,
  kKana,  // hiragana and katakana
  kHan,
  kOther,
};

// The script of one code point (Unicode Standard Annex 24, by its Script property).
Script script_of(char32_t code_point);

// ISO 15924 code: "Latn", "Cyrl", …; "Zyyy" for kNone, "Zzzz" for kOther. Static lifetime.
std::string_view name_of(Script script);

}  // namespace paxid::transliteration
