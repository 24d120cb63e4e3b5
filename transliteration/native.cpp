#include "transliteration/native.h"

#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/utf8.h"
#include "transliteration/language.h"
#include "transliteration/tables.h"
#include "transliteration/word.h"

namespace paxid::transliteration {
namespace {

// What a spelling from another place than the language's own unit table costs, in bits.
constexpr float kIcaoPreferredBits = 1.0F;
constexpr float kOwnExceptionBits = 0.3F;    // "uk:H" in a Ukrainian name
constexpr float kOtherExceptionBits = 4.0F;  // "uk:H" in another name
constexpr float kZoneSchemeBits = 4.0F;      // a letter as section 6 C prints it, per letter
constexpr float kUnwrittenCharacterBits = 10.0F;
// Of each character of a Japanese name that is read as no dictionary does.
constexpr float kOtherReadingBits = 1.5F;
constexpr float kSilentBits = 5.0F;  // a letter that no table knows

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

// Bengali to Malayalam repeat the layout of Devanagari, 0x80 code points a script.
constexpr char32_t kDevanagari = 0x900;
constexpr char32_t kVirama = 0x94D;
constexpr char32_t kAnusvara = 0x902;

bool has_devanagari_layout(Script script) {
  return script >= Script::kBengali && script <= Script::kMalayalam;
}

void append_indic(std::u32string& letters, char32_t c) {
  switch (c) {
    case 0x9CE:  // Bengali khanda ta
      letters += {U'त', kVirama};
      return;
    case 0x9F0:  // Assamese ra
      letters += U'र';
      return;
    case 0x9F1:  // Assamese va
      letters += U'व';
      return;
    case 0xA70:  // Gurmukhi tippi
      letters += kAnusvara;
      return;
    case 0xA71:  // Gurmukhi addak doubles the next letter, which spellings leave out
    case 0xA75:
      return;
    case 0xD7A:  // Malayalam chillus: consonants without a vowel
      letters += {U'ण', kVirama};
      return;
    case 0xD7B:
      letters += {U'न', kVirama};
      return;
    case 0xD7C:
      letters += {U'र', kVirama};
      return;
    case 0xD7D:
      letters += {U'ल', kVirama};
      return;
    case 0xD7E:
      letters += {U'ळ', kVirama};
      return;
    case 0xD7F:
      letters += {U'क', kVirama};
      return;
    default:
      letters += kDevanagari + (c & 0x7F);
  }
}

// The Devanagari counterparts of U+0D82 to U+0DDF; 0 for code points without one.
constexpr char32_t kFirstSinhala = 0xD82;
constexpr auto kSinhala = std::to_array<char32_t>(
    {0x902, 0x903, 0,     0x905, 0x906, 0x90D, 0x90D, 0x907, 0x908, 0x909, 0x90A, 0x90B,
     0x90B, 0,     0,     0x90F, 0x90F, 0x910, 0x913, 0x913, 0x914, 0,     0,     0,
     0x915, 0x916, 0x917, 0x918, 0x919, 0x917, 0x91A, 0x91B, 0x91C, 0x91D, 0x91E, 0x91E,
     0x91C, 0x91F, 0x920, 0x921, 0x922, 0x923, 0x921, 0x924, 0x925, 0x926, 0x927, 0x928,
     0,     0x926, 0x92A, 0x92B, 0x92C, 0x92D, 0x92E, 0x92C, 0x92F, 0x930, 0,     0x932,
     0,     0,     0x935, 0x936, 0x937, 0x938, 0x939, 0x933, 0x92B, 0,     0,     0,
     0x94D, 0,     0,     0,     0,     0x93E, 0x945, 0x945, 0x93F, 0x940, 0x941, 0,
     0x942, 0,     0x943, 0x947, 0x947, 0x948, 0x94B, 0x94B, 0x94C, 0});

bool is_prenasalised_sinhala(char32_t c) {
  return c == 0xD9F || c == 0xDA6 || c == 0xDAC || c == 0xDB3 || c == 0xDB9;
}

void append_sinhala(std::u32string& letters, char32_t c) {
  if (c < kFirstSinhala || c - kFirstSinhala >= kSinhala.size()) return;
  if (is_prenasalised_sinhala(c)) letters += kAnusvara;
  if (const char32_t counterpart = kSinhala[c - kFirstSinhala]; counterpart != 0) {
    letters += counterpart;
  }
}

// Thai writes these vowels before the consonant, or the two consonants, they follow in speech.
bool is_thai_leading_vowel(char32_t c) { return c >= 0xE40 && c <= 0xE44; }
bool is_thai_tone(char32_t c) { return c >= 0xE47 && c <= 0xE4B; }
bool is_thai_consonant(char32_t c) { return c >= 0xE01 && c <= 0xE2E; }
constexpr char32_t kThaiNikhahit = 0xE4D;
constexpr char32_t kThaiSaraAa = 0xE32;
constexpr char32_t kThaiSaraAm = 0xE33;
constexpr char32_t kThaiSilencer = 0xE4C;  // over a consonant that is not spoken

bool is_thai_cluster(char32_t first, char32_t second) {
  constexpr std::u32string_view kFirst = U"กขคตทปผพ";
  return kFirst.find(first) != std::u32string_view::npos && (second == U'ร' || second == U'ล');
}

// A silenced consonant takes its vowel and, in -ทร, the ร with it.
void append_thai_silencer(std::u32string& letters) {
  if (!letters.empty() && (letters.back() == U'ิ' || letters.back() == U'ุ')) letters.pop_back();
  if (letters.size() >= 2 && letters.back() == U'ร' && letters[letters.size() - 2] == U'ท') {
    letters.pop_back();
  }
  letters += kThaiSilencer;
}

void append_thai(std::u32string& letters, std::u32string_view text, std::size_t& at) {
  const char32_t c = text[at];
  const auto next = [&](std::size_t n) { return at + n < text.size() ? text[at + n] : U'\0'; };
  if (is_thai_tone(c)) return;
  if (c == kThaiSilencer) {
    append_thai_silencer(letters);
  } else if (c == kThaiNikhahit) {
    // Compatibility composition takes the vowel AM apart.
    if (next(1) == kThaiSaraAa) {
      letters += kThaiSaraAm;
      ++at;
    }
  } else if (is_thai_leading_vowel(c) && is_thai_consonant(next(1))) {
    letters += text[++at];
    if (is_thai_cluster(text[at], next(1))) letters += text[++at];
    letters += c;
  } else {
    letters += c;
  }
}

// The letter itself, or nothing.
void append_letter(std::u32string& letters, char32_t c, Script script) {
  switch (script) {
    case Script::kGreek:
    case Script::kCyrillic:
      if (is_mark(c)) return;
      break;
    case Script::kHebrew:
      if (!(c >= 0x5D0 && c <= 0x5EA)) return;
      break;
    case Script::kArabic:
      if (is_arabic_sign(c)) return;
      c = one_arabic_letter(c);
      break;
    case Script::kKana:
      if (c >= 0x3041 && c <= 0x3096) c += 0x60;
      break;
    case Script::kGeorgian:
      if (c >= 0x1C90 && c <= 0x1CBF) c -= 0x1C90 - 0x10D0;
      break;
    case Script::kSinhala:
      append_sinhala(letters, c);
      return;
    default:
      if (has_devanagari_layout(script)) {
        append_indic(letters, c);
        return;
      }
  }
  letters += c;
}

// The spellings of one run of native letters, each text once at its least cost: first those of the
// tables, of which equal texts have equal places, then others.
class RunSpellings {
 public:
  explicit RunSpellings(std::vector<Spelling>& edges) : edges_(edges) {
    constexpr std::size_t kUsual = 64;
    texts_.reserve(kUsual);
  }

  void start(std::uint8_t from, std::uint8_t to) {
    from_ = from;
    to_ = to;
    first_ = edges_.size();
    texts_.clear();
  }
  bool empty() const { return edges_.size() == first_; }

  // Those of one table, which has each text once.
  void add(std::span<const Outcome> outcomes, float extra_bits) {
    const auto others = static_cast<std::ptrdiff_t>(texts_.size());
    for (const Outcome& outcome : outcomes) {
      const float bits = outcome.bits() + extra_bits;
      const auto end = texts_.begin() + others;
      const auto same = std::find(texts_.begin(), end, outcome.text());
      if (same == end) {
        texts_.push_back(outcome.text());
        edges_.push_back({from_, to_, outcome.letters(), bits});
      } else {
        take(edges_[first_ + static_cast<std::size_t>(same - texts_.begin())], bits);
      }
    }
  }

  void add(std::string_view letters, float bits) {
    const auto same =
        std::find_if(edges_.begin() + static_cast<std::ptrdiff_t>(first_), edges_.end(),
                     [&](const Spelling& edge) { return edge.letters == letters; });
    if (same == edges_.end()) {
      edges_.push_back({from_, to_, letters, bits});
    } else {
      take(*same, bits);
    }
  }

 private:
  static void take(Spelling& known, float bits) { known.bits = std::min(known.bits, bits); }

  std::vector<Spelling>& edges_;
  std::vector<std::uint32_t> texts_;
  std::uint8_t from_ = 0;
  std::uint8_t to_ = 0;
  std::size_t first_ = 0;
};

void add_icao(RunSpellings& spellings, const IcaoRow& row, bool starts_word,
              std::string_view language, float bits) {
  spellings.add(row.preferred, bits);
  for_each_alternative(row, [&](std::string_view one, std::string_view of, bool at_start) {
    if (at_start && !starts_word) return;
    const bool own = of.empty() || of == language;
    spellings.add(one, own ? bits - 1 + kOwnExceptionBits : kOtherExceptionBits);
  });
}

bool is_japanese(std::string_view language) {
  return language == "ja" || language.starts_with("ja-");
}

// The readings of a whole Japanese name, which make those of its characters one by one unlikely:
// their table costs more then.
void add_whole_readings(std::u32string_view letters, std::string_view language,
                        Candidates& candidates, bool& certain, RunSpellings& spellings) {
  const auto japanese = find_language("ja");
  for (Candidate& candidate : candidates) {
    if (!japanese || candidate.table != *japanese) continue;
    const auto known = find_japanese_name(letters);
    certain = known || !is_japanese(language);
    if (!known) return;
    spellings.add(known->spellings, candidate.extra_bits);
    candidate.extra_bits += kOtherReadingBits;
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

std::u32string native_letters(std::u32string_view word, Script script) {
  std::u32string text(word);
  if (script == Script::kHangul || script == Script::kGreek || script == Script::kBengali ||
      script == Script::kGurmukhi || script == Script::kDevanagari) {
    text = to_u32(normalized(nfd(), from_u32(word)));
  }
  std::u32string letters;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!is_letter_or_mark(text[at])) continue;
    if (script == Script::kThai) {
      append_thai(letters, text, at);
    } else {
      append_letter(letters, text[at], script);
    }
  }
  if (letters.size() > kMaxLatticeLetters) letters.resize(kMaxLatticeLetters);
  return letters;
}

bool has_tables(Script script) { return has_languages(script); }

Lattice spellings_of(std::u32string_view word, Script script, std::string_view language) {
  const std::u32string letters = native_letters(word, script);
  Candidates candidates = languages_for(word, script, language);
  Lattice lattice;
  lattice.length = static_cast<std::uint8_t>(letters.size());
  if (!candidates.empty()) lattice.background = background_of(candidates.front().table);
  if (script == Script::kHan) lattice.unwritten_bits = kUnwrittenCharacterBits;
  constexpr std::size_t kUsualSpellings = 10;  // of one letter
  lattice.edges.reserve(letters.size() * kUsualSpellings);
  RunSpellings spellings(lattice.edges);
  spellings.start(0, lattice.length);
  if (script == Script::kHan) {
    add_whole_readings(letters, language, candidates, lattice.certain, spellings);
  }
  for (std::size_t i = 0; i < letters.size(); ++i) {
    const auto at = static_cast<std::uint8_t>(i);
    const auto to = static_cast<std::uint8_t>(i + 1);
    spellings.start(at, to);
    const char32_t left = i == 0 ? kWordStart : letters[i - 1];
    const char32_t right = i + 1 == letters.size() ? kWordEnd : letters[i + 1];
    for (const Candidate& candidate : candidates) {
      spellings.add(find_outcomes(candidate.table, left, letters[i], right), candidate.extra_bits);
    }
    if (const IcaoRow* row = find_icao_row(letters[i])) {
      // Section 6 C spells consonants only, a scheme of its own beside the usual spellings.
      add_icao(spellings, *row, i == 0, language,
               script == Script::kArabic ? kZoneSchemeBits : kIcaoPreferredBits);
    }
    if (spellings.empty()) lattice.edges.push_back({at, to, "", kSilentBits});
  }
  return lattice;
}

}  // namespace paxid::transliteration
