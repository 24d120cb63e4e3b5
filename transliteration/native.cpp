#include "transliteration/native.h"

#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>

#include "base/utf8.h"
#include "transliteration/tables.h"
#include "transliteration/word.h"

namespace paxid::transliteration {
namespace {

// What a spelling from another place than the language's own unit table costs, in bits.
constexpr float kIcaoPreferredBits = 1.0F;
constexpr float kOwnExceptionBits = 0.3F;      // "uk:H" in a Ukrainian name
constexpr float kUnknownExceptionBits = 2.5F;  // "uk:H", language unknown
constexpr float kOtherExceptionBits = 5.0F;    // "uk:H" in a Russian name
constexpr float kBorrowedTableBits = 0.7F;     // the script's common table, language without own
constexpr float kSilentBits = 3.0F;            // a letter that no table knows

std::u32string to_u32(const icu::UnicodeString& text) {
  std::u32string out;
  out.reserve(static_cast<std::size_t>(text.length()));
  for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    out.push_back(static_cast<char32_t>(text.char32At(i)));
  }
  return out;
}

icu::UnicodeString from_u32(std::u32string_view text) {
  icu::UnicodeString out;
  for (const char32_t c : text) out.append(static_cast<UChar32>(c));
  return out;
}

icu::UnicodeString normalized(const icu::Normalizer2* form, const icu::UnicodeString& text) {
  UErrorCode status = U_ZERO_ERROR;
  icu::UnicodeString out = form->normalize(text, status);
  return U_SUCCESS(status) ? out : text;
}

const icu::Normalizer2* nfd() {
  UErrorCode status = U_ZERO_ERROR;
  return icu::Normalizer2::getNFDInstance(status);
}

const icu::Normalizer2* nfkc() {
  UErrorCode status = U_ZERO_ERROR;
  return icu::Normalizer2::getNFKCInstance(status);
}

bool is_letter_or_mark(char32_t c) {
  return (U_MASK(u_charType(static_cast<UChar32>(c))) & (U_GC_L_MASK | U_GC_M_MASK)) != 0;
}

bool is_mark(char32_t c) {
  return (U_MASK(u_charType(static_cast<UChar32>(c))) & U_GC_M_MASK) != 0;
}

char32_t one_arabic_letter(char32_t c) {
  switch (c) {
    case 0x6CC:  // Farsi yeh
    case 0x6D0:  // e
    case 0x6CD:  // yeh with tail
      return 0x64A;
    case 0x6A9:  // keheh
      return 0x643;
    case 0x6C1:  // heh goal
    case 0x6BE:  // heh doachashmee
    case 0x6C0:  // heh with yeh above
      return 0x647;
    case 0x6C3:  // teh marbuta goal
      return 0x629;
    default:
      return c;
  }
}

bool is_arabic_sign(char32_t c) { return (c >= 0x64B && c <= 0x65F) || c == 0x670 || c == 0x640; }

bool contains_any(std::u32string_view word, std::u32string_view letters) {
  return word.find_first_of(letters) != std::u32string_view::npos;
}

void add_edge(std::vector<Spelling>& edges, Spelling edge) {
  const auto same = std::find_if(edges.begin(), edges.end(), [&](const Spelling& e) {
    return e.from == edge.from && e.to == edge.to && e.letters == edge.letters;
  });
  if (same == edges.end()) {
    edges.push_back(edge);
  } else {
    same->bits = std::min(same->bits, edge.bits);
  }
}

void add_icao(std::vector<Spelling>& edges, const IcaoRow& row, std::uint8_t at,
              std::string_view language, bool language_given) {
  const auto to = static_cast<std::uint8_t>(at + 1);
  add_edge(edges, {at, to, row.preferred, kIcaoPreferredBits});
  for_each_alternative(row, [&](std::string_view one, std::string_view of, bool at_start) {
    if (at_start && at != 0) return;
    float bits = kUnknownExceptionBits;
    if (!of.empty()) {
      bits = of == language ? kOwnExceptionBits
                            : (language_given ? kOtherExceptionBits : kUnknownExceptionBits);
    }
    add_edge(edges, {at, to, one, bits});
  });
}

void add_units(std::vector<Spelling>& edges, std::u32string_view letters, std::size_t at,
               std::string_view language, float extra) {
  const auto from = static_cast<std::uint8_t>(at);
  for (const Unit& unit : find_units(language, letters[at], 0)) {
    add_edge(edges, {from, static_cast<std::uint8_t>(at + 1), unit.latin, unit.bits + extra});
  }
  if (at + 1 == letters.size()) return;
  for (const Unit& unit : find_units(language, letters[at], letters[at + 1])) {
    add_edge(edges, {from, static_cast<std::uint8_t>(at + 2), unit.latin, unit.bits + extra});
  }
}

std::string_view common_language(Script script) {
  switch (script) {
    case Script::kCyrillic:
      return "ru";
    case Script::kGreek:
      return "el";
    case Script::kArabic:
      return "ar";
    case Script::kHebrew:
      return "he";
    case Script::kArmenian:
      return "hy";
    case Script::kGeorgian:
      return "ka";
    case Script::kDevanagari:
      return "hi";
    case Script::kHangul:
      return "ko";
    case Script::kKana:
      return "ja";
    default:
      return "";
  }
}

}  // namespace

std::u32string upper_case_composed(std::string_view utf8) {
  utf8 = utf8.substr(0, kMaxTextBytes);
  std::u32string points;
  points.reserve(utf8.size());
  bool ascii = true;
  while (!utf8.empty()) {
    const base::Utf8Step step = base::decode_utf8(utf8);
    utf8.remove_prefix(step.length);
    if (!step.valid) continue;
    ascii = ascii && step.code_point < 0x80;
    points.push_back(step.code_point);
  }
  if (ascii) {
    for (char32_t& c : points) {
      if (c >= 'a' && c <= 'z') c -= 32;
    }
    return points;
  }
  // Composition first: the letter i followed by a combining dot above is one letter.
  icu::UnicodeString text = normalized(nfkc(), from_u32(points));
  text.toUpper(icu::Locale::getRoot());
  return to_u32(normalized(nfkc(), text));
}

std::string without_marks(char32_t letter) {
  std::string plain;
  for (const char32_t c : to_u32(normalized(nfd(), from_u32({&letter, 1})))) {
    if (c >= 'A' && c <= 'Z') {
      plain += static_cast<char>(c);
    } else if (!is_mark(c)) {
      return {};
    }
  }
  return plain;
}

std::string_view language_of(std::u32string_view word, Script script) {
  if (script == Script::kCyrillic) {
    if (contains_any(word, U"ҐЄІЇ")) return "uk";
    if (contains_any(word, U"Ў")) return "be";
    if (contains_any(word, U"ЃЌЅ")) return "mk";
    if (contains_any(word, U"ЂЋЉЊЏЈ")) return "sr";
  }
  if (script == Script::kArabic && contains_any(word, U"پچژگکی")) return "fa";
  return common_language(script);
}

std::u32string native_letters(std::u32string_view word, Script script) {
  std::u32string text(word);
  if (script == Script::kHangul || script == Script::kGreek) {
    text = to_u32(normalized(nfd(), from_u32(word)));
  }
  std::u32string letters;
  for (char32_t c : text) {
    if (!is_letter_or_mark(c)) continue;
    if (script == Script::kGreek && is_mark(c)) continue;
    if (script == Script::kHebrew && !(c >= 0x5D0 && c <= 0x5EA)) continue;
    if (script == Script::kArabic && is_arabic_sign(c)) continue;
    if (script == Script::kArabic) c = one_arabic_letter(c);
    if (script == Script::kKana && c >= 0x3041 && c <= 0x3096) c += 0x60;
    if (script == Script::kCyrillic && is_mark(c)) continue;
    letters.push_back(c);
  }
  if (letters.size() > kMaxLatticeLetters) letters.resize(kMaxLatticeLetters);
  return letters;
}

Lattice spellings_of(std::u32string_view letters, Script script, std::string_view language) {
  const bool given = !language.empty();
  const std::string_view guessed = given ? language : language_of(letters, script);
  const std::string_view common = common_language(script);
  const bool own_table = has_units(guessed);
  Lattice lattice;
  lattice.length = static_cast<std::uint8_t>(std::min(letters.size(), kMaxLatticeLetters));
  std::vector<Spelling> here;
  for (std::size_t at = 0; at < lattice.length; ++at) {
    here.clear();
    add_units(here, letters, at, own_table ? guessed : common, own_table ? 0 : kBorrowedTableBits);
    // One letter of a language that has a table may still be missing in it.
    if (own_table && guessed != common)
      add_units(here, letters, at, common, 3 * kBorrowedTableBits);
    // The letters of section 6 C spell consonants only and belong to another scheme than
    // names in bookings; the learned units say it better.
    const IcaoRow* row =
        script == Script::kCyrillic || here.empty() ? find_icao_row(letters[at]) : nullptr;
    if (row != nullptr) {
      add_icao(here, *row, static_cast<std::uint8_t>(at), guessed, given || guessed != common);
    }
    if (std::none_of(here.begin(), here.end(), [&](const Spelling& e) { return e.to == at + 1; })) {
      add_edge(here,
               {static_cast<std::uint8_t>(at), static_cast<std::uint8_t>(at + 1), "", kSilentBits});
    }
    lattice.edges.insert(lattice.edges.end(), here.begin(), here.end());
  }
  return lattice;
}

bool has_tables(Script script) { return !common_language(script).empty(); }

}  // namespace paxid::transliteration
