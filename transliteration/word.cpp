#include "transliteration/word.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/utf8.h"
#include "transliteration/native.h"
#include "transliteration/tables.h"

namespace paxid::transliteration {
namespace {

// What another spelling than the preferred one of section 6 costs, in bits.
constexpr float kAlternativeBits = 0.5F;
constexpr float kPlainBits = 0.7F;  // diacritic simply dropped, not a form of section 6

// Letters whose plain form is usual in bookings though section 6 has only a digraph, and
// customs of the owners of a name.
struct Custom {
  char32_t letter;
  std::string_view plain;
};
constexpr std::array<Custom, 12> kCustoms = {{
    {U'Ø', "O"},
    {U'Æ', "A"},
    {U'Æ', "E"},
    {U'Œ', "E"},
    {U'Đ', "DJ"},
    {U'Ð', "TH"},
    {U'Þ', "T"},
    {U'Ü', "Y"},
    {U'Ç', "CH"},
    {U'Ş', "SH"},
    {U'Ș', "SH"},
    {U'Š', "SH"},
}};

bool is_apostrophe(char32_t c) {
  return c == '\'' || c == '`' || c == 0xB4 || (c >= 0x2018 && c <= 0x201B) ||
         (c >= 0x2BB && c <= 0x2BF) || c == 0x2B9 || c == 0x2032 || c == 0x5F3 || c == 0x5F4;
}

bool is_hyphen(char32_t c) {
  return c == '-' || (c >= 0x2010 && c <= 0x2015) || c == 0x5BE || c == 0x30A0;
}

bool separates(char32_t c) {
  return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || c == '<' || c == '/' || c == ',' ||
         c == ';' || c == '@' || c == '(' || c == ')' || c == '_' || c == 0xA0 || c == 0x3000 ||
         c == 0x30FB || c == 0xB7 || (c >= 0x2000 && c <= 0x200A) || is_hyphen(c);
}

// Steers a terminal or the direction of a text and is never part of a name.
bool is_control(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || (c >= 0x200B && c <= 0x200F) ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x2069) || c == 0xFEFF;
}

// A letter with a comma below is the letter with a cedilla (Romanian code points).
char32_t one_cedilla(char32_t c) {
  switch (c) {
    case 0x218:
      return 0x15E;
    case 0x21A:
      return 0x162;
    default:
      return c;
  }
}

struct Raw {
  std::u32string letters;
  bool hyphen_before = false;
};

std::vector<Raw> split(std::u32string_view text) {
  std::vector<Raw> raws;
  Raw open;
  for (const char32_t c : text) {
    if (separates(c)) {
      if (!open.letters.empty()) raws.push_back(std::exchange(open, {}));
      open.hyphen_before = is_hyphen(c) && !raws.empty();
    } else if (c == '.') {
      // "J.R." is two initials, "DR." one word.
      if (open.letters.size() == 1) raws.push_back(std::exchange(open, {}));
    } else if (!is_apostrophe(c) && !is_control(c)) {
      open.letters.push_back(one_cedilla(c));
    }
  }
  if (!open.letters.empty()) raws.push_back(std::move(open));
  if (raws.size() > kMaxWords) raws.resize(kMaxWords);
  return raws;
}

void add_latin_letter(Lattice& lattice, char32_t c) {
  const std::uint8_t from = lattice.length;
  const auto to = static_cast<std::uint8_t>(from + 1);
  const std::size_t before = lattice.edges.size();
  const auto add = [&](std::string_view letters, float bits) {
    const bool known =
        std::any_of(lattice.edges.begin() + static_cast<std::ptrdiff_t>(before),
                    lattice.edges.end(), [&](const Spelling& e) { return e.letters == letters; });
    if (!known) lattice.edges.push_back({from, to, letters, bits});
  };
  static constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const auto plain_letter = [&](char letter) {
    return kAlphabet.substr(static_cast<std::size_t>(letter - 'A'), 1);
  };
  if (c >= 'A' && c <= 'Z') {
    add(plain_letter(static_cast<char>(c)), 0);
  } else {
    if (const IcaoRow* row = find_icao_row(c)) {
      add(row->preferred, 0);
      for_each_alternative(
          *row, [&](std::string_view one, std::string_view, bool) { add(one, kAlternativeBits); });
    }
    if (const std::string plain = without_marks(c); plain.size() == 1) {
      add(plain_letter(plain[0]), lattice.edges.size() == before ? 0 : kPlainBits);
    }
    for (const Custom& custom : kCustoms) {
      if (custom.letter == c) add(custom.plain, kPlainBits);
    }
  }
  if (lattice.edges.size() > before) lattice.length = to;
}

std::string to_utf8(std::u32string_view text) {
  std::string utf8;
  for (const char32_t c : text) base::append_utf8(utf8, c);
  return utf8;
}

bool is_plain(std::u32string_view text) {
  return std::all_of(text.begin(), text.end(), [](char32_t c) { return c >= 'A' && c <= 'Z'; });
}

// Undoes the two escapes of Doc 9303-3 section 6.A: a zone prints NXX for Ñ and UXX for Ü where
// the issuer wants the letter to be told from N and U. No name has these letters in a row.
std::u32string without_escapes(std::u32string_view text) {
  std::u32string plain(text);
  for (const auto& [escape, letter] : {std::pair{U"NXX", U'Ñ'}, std::pair{U"UXX", U'Ü'}}) {
    for (std::size_t at = 0; (at = plain.find(escape, at)) != std::u32string::npos;) {
      plain.replace(at, 3, 1, letter);
    }
  }
  return plain;
}

// False when the text holds no letter of the Latin script.
bool fold_latin(std::u32string_view text, Word& word) {
  const std::u32string unescaped = without_escapes(text);
  if (is_plain(unescaped)) {
    word.letters.assign(text.begin(), text.end());
    return !word.letters.empty();
  }
  Lattice lattice;
  for (const char32_t c : unescaped) {
    if (lattice.length == kMaxLatticeLetters) break;
    add_latin_letter(lattice, c);
  }
  if (lattice.length == 0) return false;
  word.folded = true;
  word.other_forms = cheapest_forms(lattice, kMaxForms);
  word.letters = std::move(word.other_forms.front().letters);
  word.other_forms.erase(word.other_forms.begin());
  return !word.letters.empty();
}

// Capitals that look alike, by script; 0 where a script has none.
struct LookAlike {
  char32_t latin;
  char32_t cyrillic;
  char32_t greek;
};
constexpr std::array<LookAlike, 18> kLookAlikes = {{
    {U'A', U'А', U'Α'},
    {U'B', U'В', U'Β'},
    {U'C', U'С', 0},
    {U'E', U'Е', U'Ε'},
    {U'H', U'Н', U'Η'},
    {U'I', U'І', U'Ι'},
    {U'J', U'Ј', 0},
    {U'K', U'К', U'Κ'},
    {U'M', U'М', U'Μ'},
    {U'N', 0, U'Ν'},
    {U'O', U'О', U'Ο'},
    {U'P', U'Р', U'Ρ'},
    {U'S', U'Ѕ', 0},
    {U'T', U'Т', U'Τ'},
    {U'X', U'Х', U'Χ'},
    {U'Y', U'У', U'Υ'},
    {U'Z', 0, U'Ζ'},
    {U'Q', U'Ԛ', 0},
}};

char32_t as_script(const LookAlike& row, Script script) {
  return script == Script::kLatin      ? row.latin
         : script == Script::kCyrillic ? row.cyrillic
                                       : row.greek;
}

char32_t look_alike(char32_t c, Script script) {
  for (const LookAlike& row : kLookAlikes) {
    if (c == row.latin || c == row.cyrillic || c == row.greek) return as_script(row, script);
  }
  return 0;
}

// False unless the word mixes the three scripts that share shapes.
bool unmix(std::u32string& text) {
  constexpr std::array kAlike = {Script::kLatin, Script::kCyrillic, Script::kGreek};
  std::array<std::size_t, kAlike.size()> count{};
  for (const char32_t c : text) {
    const auto* at = std::find(kAlike.begin(), kAlike.end(), script_of(c));
    if (at != kAlike.end()) ++count[static_cast<std::size_t>(at - kAlike.begin())];
  }
  const auto* most = std::max_element(count.begin(), count.end());
  const std::size_t letters = count[0] + count[1] + count[2];
  if (*most == letters) return false;
  const Script script = kAlike[static_cast<std::size_t>(most - count.begin())];
  for (char32_t& c : text) {
    if (script_of(c) == script || script_of(c) == Script::kNone) continue;
    if (const char32_t alike = look_alike(c, script); alike != 0) c = alike;
  }
  return true;
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// The two escapes of Doc 9303-3 section 6.A may stand in it.
bool may_hold_escape(std::string_view letters) {
  return letters.find("XX") != std::string_view::npos;
}

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

Script script_of_word(std::u32string_view text) {
  for (const char32_t c : text) {
    if (const Script script = script_of(c); script != Script::kNone) return script;
  }
  return Script::kNone;
}

// Fingers and scanners put these for the letters they look like. A 1 in front or at the end rather
// counts passengers.
bool read_digits_as_letters(std::u32string& text) {
  constexpr std::size_t kFewestLetters = 2;
  const auto is_digit = [](char32_t c) { return c >= '0' && c <= '9'; };
  const auto digits = static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_digit));
  if (digits == 0 || text.size() < digits + std::max(digits, kFewestLetters)) return false;
  bool read = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char32_t letter = text[i] == '0'                                   ? U'O'
                            : text[i] == '5'                                 ? U'S'
                            : text[i] == '8'                                 ? U'B'
                            : text[i] == '1' && i > 0 && i + 1 < text.size() ? U'I'
                                                                             : U'\0';
    if (letter == 0) continue;
    text[i] = letter;
    read = true;
  }
  return read;
}

// Adds the word, unless it holds no letter that can be compared.
void add_word(Raw& raw, std::string_view language, Words& result) {
  Word word;
  word.written = to_utf8(raw.letters);
  word.mixed_scripts = unmix(raw.letters);
  word.script = script_of_word(raw.letters);
  if (word.script == Script::kNone) return;  // digits and signs are no part of a name
  if (word.script == Script::kLatin) {
    word.digits_for_letters = read_digits_as_letters(raw.letters);
    if (!fold_latin(raw.letters, word)) return;
  } else if (has_tables(word.script)) {
    word.lattice = spellings_of(raw.letters, word.script, language);
    if (word.lattice.length == 0) return;
    word.letters = cheapest(word.lattice);
    word.folded = true;
  } else {
    result.unsupported = word.script;
    return;
  }
  word.hyphen_before = raw.hyphen_before && !result.words.empty();
  result.words.push_back(std::move(word));
}

// A word of ASCII in capitals, which most are: as written, it is its own Doc 9303 form.
void add_ascii_word(std::string_view text, bool hyphen_before, Words& result) {
  if (!is_plain(text) || may_hold_escape(text)) {
    Raw raw{std::u32string(text.begin(), text.end()), hyphen_before};
    add_word(raw, {}, result);
    return;
  }
  Word& word = result.words.emplace_back();
  word.written = text;
  word.letters = text;
  word.hyphen_before = hyphen_before && result.words.size() > 1;
}

// read_words() of ASCII alone, where case is a bit and there is nothing to compose.
Words read_ascii_words(std::string_view text) {
  constexpr std::size_t kUsualWords = 4;
  Words result;
  result.words.reserve(kUsualWords);
  std::array<char, kMaxTextBytes> open;
  std::size_t size = 0;
  std::size_t raws = 0;
  bool hyphen_before = false;
  const auto close = [&] {
    if (size != 0 && raws < kMaxWords) {
      add_ascii_word({open.data(), size}, hyphen_before, result);
    }
    if (size != 0) {
      ++raws;
      hyphen_before = false;
    }
    size = 0;
  };
  for (const char byte : text) {
    const auto c = static_cast<char32_t>(byte);
    if (byte >= 'a' && byte <= 'z') {
      open[size++] = static_cast<char>(byte - 'a' + 'A');
    } else if (byte >= 'A' && byte <= 'Z') {
      open[size++] = byte;
    } else if (separates(c)) {
      close();
      hyphen_before = is_hyphen(c) && raws != 0;
    } else if (c == '.') {
      if (size == 1) close();
    } else if (!is_apostrophe(c) && !is_control(c)) {
      open[size++] = byte;
    }
  }
  close();
  return result;
}

}  // namespace

Words read_words(std::string_view text, std::string_view language) {
  text = text.substr(0, kMaxTextBytes);
  if (is_ascii(text)) return read_ascii_words(text);
  Words result;
  for (Raw& raw : split(upper_case_composed(text))) add_word(raw, language, result);
  return result;
}

}  // namespace paxid::transliteration
