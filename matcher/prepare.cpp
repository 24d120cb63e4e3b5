#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <utility>

#include "matcher/bounded.h"
#include "matcher/compare.h"
#include "matcher/name_hash.h"
#include "matcher/part.h"
#include "transliteration/spacing.h"

namespace paxid::matcher {
namespace {

using transliteration::Script;
using transliteration::Word;
using transliteration::Words;

constexpr std::array<std::string_view, 11> kGluedTitles = {
    "MSTR", "MISS", "MRS", "CHD", "INF", "PROF", "MR", "MS", "DR", "MX", "MME"};

// Characters a name field holds in its place, with the filler or slash between the fields:
// TD3 and MRV-A, MRV-B, TD1 (Doc 9303-4, -7, -6, -5) and a boarding pass.
constexpr std::array<std::size_t, 3> kZoneLengths = {39, 31, 30};
constexpr std::size_t kPassLength = 20;

struct IssuerLanguage {
  std::string_view issuer;
  std::string_view language;
};
// Issuers whose names come from one language's script.
constexpr std::array<IssuerLanguage, 26> kIssuerLanguages = {{
    {"ARM", "hy"}, {"AZE", "az"}, {"BGR", "bg"}, {"BLR", "be"}, {"CHN", "zh"}, {"EGY", "ar"},
    {"GEO", "ka"}, {"GRC", "el"}, {"IRN", "fa"}, {"IRQ", "ar"}, {"ISR", "he"}, {"JPN", "ja"},
    {"KAZ", "kk"}, {"KOR", "ko"}, {"MKD", "mk"}, {"MNG", "mn"}, {"NPL", "ne"}, {"PRK", "ko"},
    {"RUS", "ru"}, {"SAU", "ar"}, {"SRB", "sr"}, {"SYR", "ar"}, {"THA", "th"}, {"TWN", "zh"},
    {"UKR", "uk"}, {"VNM", "vi"},
}};

struct Fields {
  std::string_view surname;
  std::string_view given;
};

std::string_view language_for(const NameText& name) {
  if (!name.language.empty()) return name.language;
  for (const IssuerLanguage& row : kIssuerLanguages) {
    if (row.issuer == name.issuer) return row.language;
  }
  return {};
}

bool may_carry_title(Source source) {
  return source == Source::kBooking || source == Source::kBoardingPass || source == Source::kTyped;
}

// So many letters are left without the title that may be glued to them; 0: none can be.
std::uint16_t stem_without_title(std::string_view letters) {
  constexpr std::size_t kShortestStem = 1;
  constexpr std::string_view kLastLetters = "RSDFXE";  // of the titles
  if (letters.empty() || kLastLetters.find(letters.back()) == std::string_view::npos) return 0;
  for (const std::string_view title : kGluedTitles) {
    if (letters.size() >= title.size() + kShortestStem && letters.ends_with(title)) {
      return static_cast<std::uint16_t>(letters.size() - title.size());
    }
  }
  return 0;
}

// Whether a text after a comma is no given name but only a suffix or title ("Pallone, Jr.").
bool only_small_words(std::string_view text) {
  const Words words = transliteration::read_words(text, {});
  return std::all_of(words.words.begin(), words.words.end(), [](const Word& word) {
    const WordClass kind = class_of(word.letters);
    return kind == WordClass::kSuffix || kind == WordClass::kTitle;
  });
}

// The slash of the first "S/O" or the like, or npos. They are words of a name: without the slash
// they are particles.
std::size_t connector_in(std::string_view full) {
  constexpr std::array<std::string_view, 4> kConnectors = {"SO", "DO", "AL", "AP"};
  const auto upper = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; };
  if (full.size() > transliteration::kMaxTextBytes) return std::string_view::npos;
  for (std::size_t at = full.find('/', 2); at != full.npos && at + 2 < full.size();
       at = full.find('/', at + 1)) {
    if (full[at - 2] != ' ' || full[at + 2] != ' ') continue;
    const std::array<char, 2> letters = {upper(full[at - 1]), upper(full[at + 1])};
    const std::string_view word(letters.data(), letters.size());
    if (std::find(kConnectors.begin(), kConnectors.end(), word) != kConnectors.end()) return at;
  }
  return std::string_view::npos;
}

std::optional<Fields> split_full(std::string_view full, Source source) {
  const auto cut = [&](std::size_t at, std::size_t length) {
    return Fields{full.substr(0, at), full.substr(at + length)};
  };
  if (const auto at = full.find("<<"); at != std::string_view::npos) return cut(at, 2);
  const auto slash = full.find('/');
  const bool one_slash = slash != std::string_view::npos && slash == full.rfind('/');
  // "S/O" and "A/L" are words of a name, no separator of a booking.
  const bool inside_word =
      one_slash && slash > 0 && slash + 2 <= full.size() && (slash < 2 || full[slash - 2] == ' ');
  if (one_slash &&
      (source == Source::kBooking || source == Source::kBoardingPass || !inside_word)) {
    return cut(slash, 1);
  }
  const auto comma = full.find(',');
  if (comma != std::string_view::npos && !only_small_words(full.substr(comma + 1))) {
    return cut(comma, 1);
  }
  return std::nullopt;
}

class Preparation {
 public:
  explicit Preparation(const NameText& name) : name_(name) {
    result_.source = name.source;
    result_.language = language_for(name);
  }

  Prepared run() {
    if (!name_.full.empty()) {
      std::string_view full = name_.full;
      std::string joined;
      for (std::size_t at; (at = connector_in(full)) != full.npos;) {
        joined = std::string(full.substr(0, at)).append(full.substr(at + 1));
        full = joined;
      }
      if (const auto fields = split_full(full, name_.source)) {
        add_fields(fields->surname, fields->given);
      } else {
        add(transliteration::with_name_space(full, result_.language), Field::kUnknown);
        length_ = name_.full.size();
      }
    } else {
      add_fields(name_.surname, name_.given);
    }
    finish();
    return std::move(result_);
  }

 private:
  void add_fields(std::string_view surname, std::string_view given) {
    add(surname, Field::kSurname);
    add(given, Field::kGiven);
    length_ = surname.size() + given.size() + (name_.source == Source::kBoardingPass ? 1 : 2);
  }

  void add(std::string_view text, Field field) {
    Words words = transliteration::read_words(text, result_.language);
    if (words.unsupported != Script::kNone) result_.unsupported = words.unsupported;
    result_.too_long = result_.too_long || text.size() > transliteration::kMaxTextBytes;
    result_.parts.reserve(std::min(kMaxParts, result_.parts.size() + words.words.size()));
    for (Word& word : words.words) {
      result_.too_long = result_.too_long || result_.parts.size() == kMaxParts ||
                         word.letters.size() > kMaxPartLetters;
      if (result_.parts.size() == kMaxParts) break;
      Part& part = result_.parts.emplace_back();
      part.field = field;
      part.hash = hash_of_name(word.letters);
      part.word_class = class_of(word.letters, part.hash);
      part.attestation = look_up(part.hash);
      if (may_carry_title(name_.source) && field != Field::kSurname &&
          word.script == Script::kLatin) {
        part.stem_length = stem_without_title(word.letters);
      }
      part.word = std::move(word);
    }
  }

  bool is_cut() const {
    if (name_.maybe_truncated) return true;
    switch (name_.source) {
      case Source::kMrz:
        return std::find(kZoneLengths.begin(), kZoneLengths.end(), length_) != kZoneLengths.end();
      case Source::kBoardingPass:
        return length_ >= kPassLength;
      case Source::kTyped:
        // Of unknown origin: a name in A-Z that just fills a zone was copied from one. The
        // two fillers between the fields count as the blank they were read as, or as two.
        return only_plain_letters() && std::any_of(kZoneLengths.begin(), kZoneLengths.end(),
                                                   [&](std::size_t n) { return length_ + 1 == n; });
      default:
        return false;
    }
  }

  bool only_plain_letters() const {
    return std::all_of(name_.full.begin(), name_.full.end(),
                       [](char c) { return c == ' ' || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z'); });
  }

  void drop_lone_titles() {
    // A title in place of the given name ("SUHARTO/MR") leaves a single name.
    const auto has_name = [&](Field field) {
      return std::any_of(result_.parts.begin(), result_.parts.end(), [&](const Part& part) {
        if (part.field != field || part.word_class == WordClass::kPlaceholder) return false;
        // A title is no given name, but may be a surname (MASTER/JOHN).
        return field == Field::kSurname ||
               (part.word_class != WordClass::kTitle && part.word_class != WordClass::kSuffix);
      });
    };
    result_.has_fields = has_name(Field::kSurname) && has_name(Field::kGiven);
    if (result_.has_fields) return;
    for (Part& part : result_.parts) part.field = Field::kUnknown;
  }

  static bool is_small_name(const Part& part) {
    return part.word_class == WordClass::kParticle || part.word_class == WordClass::kHonorific;
  }

  // Which words of a field are names that elsewhere are none. A field of such words alone holds a
  // name ("E", "AN", "SHEIKH"; the surname MASTER).
  void tell_names(Field field) {
    Bounded<Part*, kMaxParts> words;  // without titles and suffixes, which stand where they like
    bool any_name = false;
    for (Part& part : result_.parts) {
      if (part.field != field) continue;
      if (part.word_class == WordClass::kTitle || part.word_class == WordClass::kSuffix) continue;
      words.push_back(&part);
    }
    for (std::size_t i = 0; i < words.size(); ++i) {
      Part& part = *words[i];
      const bool last = i + 1 == words.size() && !result_.cut;
      // A particle stands between names or before a surname, an honorific before its name.
      const bool lone = last || (i == 0 && field == Field::kGiven);
      if (part.word_class == WordClass::kParticleOrName) {
        part.word_class = lone ? WordClass::kName : WordClass::kParticle;
      } else if (part.word_class == WordClass::kHonorificOrName) {
        part.word_class = last && i > 0 ? WordClass::kName : WordClass::kHonorific;
      } else if (last && field == Field::kUnknown && part.word_class == WordClass::kParticle) {
        part.word_class = WordClass::kName;  // a particle of what?
      }
      any_name = any_name || !is_small_name(part);
    }
    if (any_name) return;
    for (Part* part : words) part->word_class = WordClass::kName;
    if (!words.empty() || field != Field::kSurname) return;
    for (Part& part : result_.parts) {
      if (part.field == field) part.word_class = WordClass::kName;
    }
  }

  void finish() {
    drop_lone_titles();
    result_.cut = is_cut();
    for (const Field field : {Field::kSurname, Field::kGiven, Field::kUnknown}) tell_names(field);
    bool first_given_seen = false;
    for (Part& part : result_.parts) {
      if (part.field == Field::kGiven && !first_given_seen &&
          (part.word_class == WordClass::kName || part.word_class == WordClass::kPrefix)) {
        part.first_given = true;
        first_given_seen = true;
      }
    }
    for (const Part& part : result_.parts) {
      result_.native = result_.native || part.native();
      result_.holds_name = result_.holds_name || !part.optional();
    }
    if (result_.cut && !result_.parts.empty()) result_.parts.back().may_be_cut = true;
    for (Part& part : result_.parts) {
      if (!part.native()) continue;
      part.outline = std::make_unique<const transliteration::LatticeOutline>(
          transliteration::outline_of(part.word.lattice));
    }
    // Nothing to hold on to: no reading of the name is certain.
    const bool certain = std::any_of(result_.parts.begin(), result_.parts.end(),
                                     [](const Part& part) { return part.word.lattice.certain; });
    if (!certain && !result_.parts.empty()) result_.unsupported = Script::kHan;
  }

  const NameText& name_;
  Prepared result_;
  std::size_t length_ = 0;
};

// All that tells prepared names apart, as one text of which no piece is copied: each part as
// written with its field and whether it has a stem, then the language and how the name ends.
class KeyReader {
 public:
  explicit KeyReader(const Prepared& name) : name_(name) { skip(0); }

  // What is left of the piece; "" at the end alone.
  std::string_view rest() const { return rest_; }
  void skip(std::size_t count) {
    rest_.remove_prefix(count);
    while (rest_.empty() && piece_ < 2 * name_.parts.size() + 2) read_piece();
  }

 private:
  void read_piece() {
    const std::size_t part = piece_ / 2;
    const bool written = piece_++ % 2 == 0;
    if (part < name_.parts.size()) {
      rest_ = written ? name_.parts[part].word.written : marks_of(name_.parts[part]);
    } else {
      rest_ = written ? std::string_view(name_.language) : marks_of(name_);
    }
  }
  std::string_view marks_of(const Part& part) {
    return marks(digit(part.field), part.stem().empty() ? ' ' : '+');
  }
  std::string_view marks_of(const Prepared& name) {
    return marks(name.cut ? '!' : '.', digit(name.unsupported));
  }
  static char digit(auto value) { return static_cast<char>('0' + static_cast<int>(value)); }
  std::string_view marks(char first, char second) {
    marks_ = {first, second};
    return {marks_.data(), marks_.size()};
  }

  const Prepared& name_;
  std::size_t piece_ = 0;
  std::array<char, 2> marks_{};
  std::string_view rest_;
};

}  // namespace

namespace {

// FNV-1a.
std::uint64_t order_of(const Prepared& name) {
  std::uint64_t order = 0xCBF29CE484222325U;
  for (KeyReader reader(name); !reader.rest().empty(); reader.skip(reader.rest().size())) {
    for (const char c : reader.rest()) {
      order = (order ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
    }
  }
  return order;
}

}  // namespace

PreparedName prepare(const NameText& name) {
  Prepared prepared = Preparation(name).run();
  prepared.order = order_of(prepared);
  return PreparedName(std::make_shared<const Prepared>(std::move(prepared)));
}

bool comes_before(const Prepared& a, const Prepared& b) {
  if (a.order != b.order) return a.order < b.order;
  KeyReader x(a);
  KeyReader y(b);
  while (!x.rest().empty() && !y.rest().empty()) {
    const std::size_t count = std::min(x.rest().size(), y.rest().size());
    const int order = x.rest().substr(0, count).compare(y.rest().substr(0, count));
    if (order != 0) return order < 0;
    x.skip(count);
    y.skip(count);
  }
  return x.rest().empty() && !y.rest().empty();
}

}  // namespace paxid::matcher
