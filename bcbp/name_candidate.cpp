#include "bcbp/name_candidate.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "bcbp/name_reader.h"
#include "bcbp/text.h"

namespace paxid::bcbp {
namespace {

// Views into the text that is read.
using Words = std::vector<std::string_view>;

// Longest first: SAMMRS ends in MRS before it ends in anything shorter.
constexpr std::array<std::string_view, 13> kTitles{
    "MSTR", "MISS", "PROF", "MLLE", "MRS", "SIR", "REV", "MME", "MDM", "MR", "MS", "DR", "MX"};
// Those that stand in front of another one: DR MR, PROF DR.
constexpr std::array<std::string_view, 3> kTitlesInFront{"PROF", "REV", "DR"};
constexpr std::array<std::string_view, 2> kPassengerTypes{"CHD", "INF"};
constexpr std::array<std::string_view, 5> kSuffixes{"III", "JR", "SR", "IV", "II"};
// Items that occupy a seat or a name slot without being anybody (IATA AIRIMP).
constexpr std::array<std::string_view, 3> kNonPersons{"EXST", "CBBG", "STCR"};
constexpr std::array<std::string_view, 5> kPlaceholders{"TBA", "TBD", "TBN", "NONAME", "UNKNOWN"};
// First or last name unknown (IATA AIRIMP): the slot is empty.
constexpr std::array<std::string_view, 2> kUnknownNames{"FNU", "LNU"};
// Names in use whose last letters are a title, in order: all such given names of the project's
// list of names (matcher/data/SOURCES.md), and surnames. Where one of them stands, the title is
// the less likely reading.
constexpr std::array<std::string_view, 69> kNamesEndingInTitle{
    "ABDINASIR",  "ABRAHAMS", "ADAMS",   "ALEKSANDR", "ALESSANDR", "ALEXANDR", "ALIAKSANDR",
    "ALISIR",     "AMME",     "AMR",     "ASIR",      "BADR",      "BASIR",    "BESIR",
    "CHAMS",      "CHEMS",    "DASIR",   "DESIR",     "EMME",      "EMR",      "HARMS",
    "HUESREV",    "HUSREV",   "JAHSIR",  "JAMS",      "JASIR",     "JASSIR",   "JEAMS",
    "JEMS",       "JHASIR",   "KASIR",   "KHASIR",    "KYSIR",     "LAMISS",   "LEANDR",
    "MOUNTASSIR", "MUESIR",   "MUSIR",   "MYRIAMME",  "NAASIR",    "NAHSIR",   "NASIR",
    "NASSIR",     "NOSIR",    "NYSIR",   "OLEKSANDR", "OMR",       "POMME",    "PROMISS",
    "PSALMS",     "QAMR",     "SHAMS",   "SHEMS",     "SIMMS",     "SIMS",     "TAISSIR",
    "TAMSIR",     "TAYSIR",   "TAYSSIR", "TEYSSIR",   "TOMS",      "TYSIR",    "WILLIAMS",
    "WILLYAMS",   "WYLLIAMS", "YAASIR",  "YAHSIR",    "YASIR",     "YASSIR"};
static_assert(std::is_sorted(kNamesEndingInTitle.begin(), kNamesEndingInTitle.end()));

template <class List>
bool is_in(std::string_view word, const List& list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// The longest entry that `word` ends in, leaving at least `rest` letters; else empty.
template <class List>
std::string_view ending_of(std::string_view word, const List& list, std::size_t rest) {
  for (const std::string_view entry : list) {
    if (word.size() >= entry.size() + rest && word.ends_with(entry)) return entry;
  }
  return {};
}

constexpr std::size_t kUsualWords = 4;
constexpr std::size_t kUsualReadings = 3;

// The words between blanks; none is empty.
Words views_of_words(std::string_view text) {
  Words words;
  words.reserve(kUsualWords);
  for (std::size_t begin = 0; (begin = text.find_first_not_of(' ', begin)) != text.npos;) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    words.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  return words;
}

std::string join(const Words& words) {
  std::string text;
  for (const std::string_view word : words) {
    if (!text.empty()) text += ' ';
    text += word;
  }
  return text;
}

// What one reading takes from the text behind (or, without one, in front of) the slash.
struct PartReading {
  Words words;
  std::string title;
  std::string_view suffix;
  std::string_view ptc;
  NameConvention convention = NameConvention::kAsPrinted;
};

void put_in_front(std::string& text, std::string_view word) {
  text = text.empty() ? std::string(word) : std::string(word) + " " + text;
}

// Whether the word is made of nothing but titles and passenger types ("MSTRCHD", "DRMR");
// then they are moved into the reading.
bool take_titles(std::string_view word, PartReading& reading) {
  Words parts;
  while (!word.empty()) {
    std::string_view part;
    for (const std::string_view entry : kTitles) {
      if (part.empty() && word.starts_with(entry)) part = entry;
    }
    for (const std::string_view entry : kPassengerTypes) {
      if (part.empty() && word.starts_with(entry)) part = entry;
    }
    if (part.empty()) return false;
    parts.push_back(part);
    word.remove_prefix(part.size());
  }
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
    if (is_in(*part, kPassengerTypes)) {
      reading.ptc = *part;
    } else {
      put_in_front(reading.title, *part);
    }
  }
  return !parts.empty();
}

// Takes titles, passenger types and suffixes that stand as words of their own at the end.
PartReading take_spaced(const Words& all) {
  PartReading reading;
  reading.words = all;
  Words& words = reading.words;
  while (!words.empty()) {
    if (words.size() > 1 && reading.suffix.empty() && is_in(words.back(), kSuffixes)) {
      reading.suffix = words.back();
    } else if (!take_titles(words.back(), reading)) {
      break;
    }
    words.pop_back();
  }
  if (!reading.title.empty()) reading.convention = NameConvention::kSpacedTitle;
  return reading;
}

bool ends_in_one_of(std::string_view word, std::string_view letters) {
  return !word.empty() && letters.find(word.back()) != std::string_view::npos;
}

// Whether a word that ends in a title is more likely a name and a title than one name. Beside
// the names known, the shapes that such names have: NASIR, TAISSIR; BADR, KHADR; OLEXANDR.
bool title_is_likelier(std::string_view word, std::string_view title) {
  if (std::binary_search(kNamesEndingInTitle.begin(), kNamesEndingInTitle.end(), word)) {
    return false;
  }
  const std::string_view rest = word.substr(0, word.size() - title.size());
  if (title == "SIR") return rest.size() > 4 || !ends_in_one_of(rest, "AEIOUYHS");
  if (title == "DR") {
    const bool short_name = rest.size() <= 3 && ends_in_one_of(rest, "AEIOU");
    return !short_name && !rest.ends_with("XAN") && !rest.ends_with("KSAN");
  }
  return true;
}

// The readings with one title cut off the last word, and with two (HANSDRMR) in front of it;
// none when the word ends in none.
std::vector<PartReading> take_glued(const PartReading& from, bool* likelier) {
  if (from.words.empty() || !from.title.empty()) return {};
  PartReading reading = from;
  std::string_view& last = reading.words.back();
  if (const auto type = ending_of(last, kPassengerTypes, 2); reading.ptc.empty() && !type.empty()) {
    reading.ptc = type;
    last.remove_suffix(type.size());
  }
  // One letter may stay only where it is the whole given name (CHAN/UMR).
  const std::size_t fewest = reading.words.size() == 1 ? 1 : 2;
  const std::string_view title = ending_of(last, kTitles, fewest);
  *likelier = true;
  if (title.empty()) {
    if (reading.ptc == from.ptc) return {};
    return {reading};
  }
  *likelier = title_is_likelier(last, title);
  reading.title = title;
  reading.convention = NameConvention::kGluedTitle;
  last.remove_suffix(title.size());
  const std::string_view second = ending_of(last, kTitlesInFront, 3);
  if (second.empty() || !title_is_likelier(last, second)) return {reading};
  PartReading doubled = reading;
  put_in_front(doubled.title, second);
  doubled.words.back().remove_suffix(second.size());
  return {doubled, reading};
}

// A suffix glued to the last word (OLSENJR). The Russian ending II is no suffix.
std::optional<PartReading> take_glued_suffix(const PartReading& from) {
  static constexpr std::array<std::string_view, 2> kGlued{"III", "JR"};
  if (from.words.empty() || !from.suffix.empty()) return std::nullopt;
  const std::string_view suffix = ending_of(from.words.back(), kGlued, 3);
  if (suffix.empty()) return std::nullopt;
  PartReading reading = from;
  reading.suffix = suffix;
  reading.words.back().remove_suffix(suffix.size());
  return reading;
}

bool begins_title(std::string_view text) {
  return std::any_of(kTitles.begin(), kTitles.end(), [&](std::string_view title) {
    return title.size() > text.size() && title.starts_with(text);
  });
}

// A field that was cut inside its title: the readings that take the beginning of a title off
// its end. One letter, and RE, is often a name's own; others of two letters and more hardly
// ever are.
void add_cut_titles(const PartReading& from, std::vector<PartReading>& readings) {
  if (from.words.empty() || !from.title.empty()) return;
  const std::string_view last = from.words.back();
  PartReading reading = from;
  reading.convention = NameConvention::kCutTitle;
  if (from.words.size() > 1 && begins_title(last)) {
    reading.title = last;
    reading.words.pop_back();
    const bool likelier = last.starts_with('M');
    readings.insert(likelier ? readings.begin() : readings.end(), std::move(reading));
    return;
  }
  constexpr std::size_t kLongestCut = 3;
  for (std::size_t cut = std::min(kLongestCut, last.size()); cut > 0; --cut) {
    const std::string_view tail = last.substr(last.size() - cut);
    if (last.size() < cut + 2 || !begins_title(tail) || is_in(tail, kTitles)) continue;
    reading.title = tail;
    reading.words.back() = last.substr(0, last.size() - cut);
    const bool likelier = cut > 1 && tail != "RE";
    readings.insert(likelier ? readings.begin() : readings.end(), reading);
  }
}

std::vector<PartReading> read_given(const Words& words, bool full) {
  const PartReading spaced = take_spaced(words);
  std::vector<PartReading> readings;
  readings.reserve(kUsualReadings);
  readings.push_back(spaced);
  bool likelier = false;
  const std::vector<PartReading> glued = take_glued(spaced, &likelier);
  readings.insert(likelier ? readings.begin() : readings.end(), glued.begin(), glued.end());
  if (full) add_cut_titles(spaced, readings);
  if (auto suffixed = take_glued_suffix(readings.front())) {
    readings.insert(readings.begin(), std::move(*suffixed));
  }
  return readings;
}

std::vector<PartReading> read_surname(const Words& words) {
  PartReading reading;
  reading.words = words;
  if (words.size() > 1 && is_in(words.back(), kSuffixes)) {
    reading.suffix = words.back();
    reading.words.pop_back();
  }
  std::vector<PartReading> readings;
  readings.reserve(kUsualReadings);
  if (auto suffixed = take_glued_suffix(reading)) readings.push_back(std::move(*suffixed));
  readings.push_back(reading);
  const bool doubled = reading.words.size() == 1 && reading.words[0].size() == 2 &&
                       reading.words[0][0] == reading.words[0][1];
  if (doubled) {
    reading.words[0].remove_suffix(1);
    reading.convention = NameConvention::kLetterDoubled;
    readings.push_back(reading);
  }
  return readings;
}

bool is_unknown_name(const std::string& name) { return is_in(name, kUnknownNames); }

bool is_placeholder(std::string_view name) {
  if (is_in(name, kPlaceholders)) return true;
  return name.size() > 1 && name.find_first_not_of('X') == std::string_view::npos;
}

bool has_non_person(std::string_view name) {
  while (!name.empty()) {
    const std::string_view word = name.substr(0, name.find(' '));
    if (is_in(word, kNonPersons)) return true;
    name.remove_prefix(std::min(name.size(), word.size() + 1));
  }
  return false;
}

// Sets the kind, and empties the slots that say "unknown".
void settle(NameCandidate& name) {
  const bool no_surname = is_unknown_name(name.surname);
  const bool no_given = is_unknown_name(name.given);
  if (has_non_person(name.surname) || has_non_person(name.given)) {
    name.kind = NameKind::kNonPerson;
  } else if ((name.surname.empty() && name.given.empty()) || is_placeholder(name.surname) ||
             is_placeholder(name.given) || (no_surname && (no_given || name.given.empty())) ||
             (no_given && name.surname.empty())) {
    name.kind = NameKind::kPlaceholder;
  } else if ((name.given.empty() && name.ptc == "INF") || name.given == "INFANT") {
    name.kind = NameKind::kUnnamedInfant;
    name.given.clear();
    name.ptc = "INF";
  }
  if (name.kind != NameKind::kPerson) {
    name.convention = NameConvention::kNotAName;
    return;
  }
  if (no_surname) {
    name.surname.clear();
    name.convention = NameConvention::kNoSurname;
  } else if (no_given) {
    name.given.clear();
    name.convention = NameConvention::kNoGivenName;
  } else if (name.given.empty() && name.convention != NameConvention::kNoSlash) {
    name.convention =
        name.title.empty() ? NameConvention::kNoGivenName : NameConvention::kTitleAsGivenName;
  }
}

class CandidateList {
 public:
  explicit CandidateList(bool full) : full_(full) {}

  void add(const PartReading& surname, const PartReading& given) {
    NameCandidate name;
    name.surname = join(surname.words);
    name.given = join(given.words);
    name.title = given.title;
    name.suffix = surname.suffix.empty() ? given.suffix : surname.suffix;
    name.ptc = given.ptc;
    name.convention =
        surname.convention == NameConvention::kAsPrinted ? given.convention : surname.convention;
    settle(name);
    add(std::move(name));
  }

  void add(NameCandidate name) {
    name.maybe_cut = full_;
    const bool known = std::any_of(names_.begin(), names_.end(), [&](const NameCandidate& other) {
      return other.surname == name.surname && other.given == name.given &&
             other.title == name.title && other.suffix == name.suffix;
    });
    if (!known && names_.size() < kMaxNameCandidates) names_.push_back(std::move(name));
  }

  const NameCandidate& front() const { return names_.front(); }
  std::vector<NameCandidate> take() && { return std::move(names_); }

 private:
  bool full_;
  std::vector<NameCandidate> names_;
};

// Conventions for people with one name, or a name of one letter, that only show when both
// sides of the slash are known.
void add_single_names(CandidateList& list) {
  const NameCandidate& first = list.front();
  if (first.kind != NameKind::kPerson) return;
  const bool doubled = !first.surname.empty() && first.surname == first.given;
  const bool merged = first.convention == NameConvention::kTitleAsGivenName &&
                      first.surname.size() > 2 && first.surname.find(' ') == std::string::npos;
  if (doubled) {
    NameCandidate single = first;
    single.given.clear();
    single.convention = NameConvention::kNameDoubled;
    list.add(std::move(single));
  } else if (merged) {
    NameCandidate apart = first;
    apart.surname = first.surname.substr(0, 1);
    apart.given = first.surname.substr(1);
    apart.convention = NameConvention::kLetterMerged;
    list.add(std::move(apart));
  }
}

std::vector<NameCandidate> read_unslashed(const Words& words, bool full) {
  CandidateList list(full);
  const PartReading nobody;
  for (PartReading reading : read_given(words, full)) {
    PartReading rest = reading;
    rest.words.clear();
    rest.convention = NameConvention::kNoSlash;
    reading.convention = NameConvention::kNoSlash;
    list.add(reading, rest);
  }
  const PartReading whole = take_spaced(words);
  if (whole.words.size() < 2 || list.front().kind != NameKind::kPerson)
    return std::move(list).take();
  // Free text puts either name first.
  for (const bool surname_last : {true, false}) {
    PartReading surname;
    PartReading given = whole;
    given.convention = NameConvention::kNoSlash;
    const auto at = surname_last ? given.words.end() - 1 : given.words.begin();
    surname.words = {*at};
    given.words.erase(at);
    list.add(surname, given);
  }
  return std::move(list).take();
}

std::vector<NameCandidate> placeholder() {
  NameCandidate nobody;
  nobody.kind = NameKind::kPlaceholder;
  nobody.convention = NameConvention::kNotAName;
  return {nobody};
}

}  // namespace

bool is_title_word(std::string_view word) { return is_in(upper(word), kTitles); }

std::vector<NameCandidate> read_name(std::string_view text, bool full) {
  if (text.size() > kMaxBookingNameBytes || !has_letter(text)) return placeholder();
  const std::string name = upper(text);
  const std::size_t slash = name.find('/');
  if (slash == std::string::npos) return read_unslashed(views_of_words(name), full);
  std::string behind = name.substr(slash + 1);
  std::replace(behind.begin(), behind.end(), '/', ' ');
  const auto surnames = read_surname(views_of_words(std::string_view(name).substr(0, slash)));
  const auto givens = read_given(views_of_words(behind), full);
  CandidateList list(full);
  for (const PartReading& given : givens) list.add(surnames.front(), given);
  add_single_names(list);
  for (std::size_t i = 1; i < surnames.size(); ++i) {
    for (const PartReading& given : givens) list.add(surnames[i], given);
  }
  if (list.front().kind != NameKind::kPerson) return {list.front()};
  return std::move(list).take();
}

std::vector<NameCandidate> booking_name_candidates(std::string_view text) {
  // Remarks of a name item: `*CHD`, `(INF/...)`.
  return read_name(trim(text.substr(0, text.find_first_of("*("))), /*full=*/false);
}

std::string_view name_of(NameKind kind) {
  switch (kind) {
    case NameKind::kPerson:
      return "person";
    case NameKind::kPlaceholder:
      return "placeholder";
    case NameKind::kNonPerson:
      return "non_person";
    case NameKind::kUnnamedInfant:
      return "unnamed_infant";
    case NameKind::kGroup:
      return "group";
  }
  return "";
}

std::string_view name_of(NameConvention convention) {
  switch (convention) {
    case NameConvention::kAsPrinted:
      return "AS_PRINTED";
    case NameConvention::kSpacedTitle:
      return "SPACED_TITLE";
    case NameConvention::kGluedTitle:
      return "GLUED_TITLE";
    case NameConvention::kCutTitle:
      return "CUT_TITLE";
    case NameConvention::kTitleAsGivenName:
      return "TITLE_AS_GIVEN_NAME";
    case NameConvention::kNoGivenName:
      return "NO_GIVEN_NAME";
    case NameConvention::kNoSurname:
      return "NO_SURNAME";
    case NameConvention::kNameDoubled:
      return "NAME_DOUBLED";
    case NameConvention::kLetterDoubled:
      return "LETTER_DOUBLED";
    case NameConvention::kLetterMerged:
      return "LETTER_MERGED";
    case NameConvention::kNoSlash:
      return "NO_SLASH";
    case NameConvention::kNotAName:
      return "NOT_A_NAME";
  }
  return "";
}

}  // namespace paxid::bcbp
