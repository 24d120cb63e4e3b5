#include "bcbp/booking_name.h"

#include <algorithm>
#include <array>
#include <utility>

#include "bcbp/text.h"

namespace paxid::bcbp {
namespace {

constexpr std::array<std::string_view, 18> kPassengerTypes{
    "ADT", "CHD", "CNN", "INF", "INN", "INS", "UNN", "YTH", "MIL",
    "SRC", "SEN", "STU", "ITX", "GRP", "SEA", "LBR", "GST", "UMN"};

bool is_letter_and_age(std::string_view word) {
  return word.size() == 3 && is_upper(word[0]) && all_digits(word.substr(1));
}

bool is_passenger_type(std::string_view word) {
  return std::find(kPassengerTypes.begin(), kPassengerTypes.end(), word) != kPassengerTypes.end();
}

// "8YRS", "11YR", "06MTHS": the unit decides the field.
bool take_age(std::string_view word, Passenger& passenger) {
  static constexpr std::array<std::string_view, 4> kYears{"YRS", "YR", "YO", "Y"};
  static constexpr std::array<std::string_view, 4> kMonths{"MTHS", "MTH", "MOS", "M"};
  const auto digits =
      static_cast<std::size_t>(std::find_if_not(word.begin(), word.end(), is_digit) - word.begin());
  const auto age = digits > 2 ? std::nullopt : to_number(word.substr(0, digits));
  if (!age) return false;
  const std::string_view unit = word.substr(digits);
  if (std::find(kYears.begin(), kYears.end(), unit) != kYears.end()) {
    passenger.age_years = age;
  } else if (std::find(kMonths.begin(), kMonths.end(), unit) != kMonths.end()) {
    passenger.age_months = age;
  } else {
    return false;
  }
  return true;
}

// Reads one element of a reservation: groups of a surname and the names that share it.
class ElementReader {
 public:
  ElementReader(NameElementReading& out, base::Date reference) : out_(out), reference_(reference) {}

  void read(std::string_view text) {
    text_ = text;
    pos_ = 0;
    while (pos_ < text_.size() && out_.passengers.size() < kMaxPassengers) read_group();
    if (pos_ < text_.size()) add(NameElementFinding::kTooManyPassengers);
  }

 private:
  void add(NameElementFinding finding) {
    auto& all = out_.findings;
    if (std::find(all.begin(), all.end(), finding) == all.end()) all.push_back(finding);
  }
  char at(std::size_t position) const { return position < text_.size() ? text_[position] : '\0'; }
  void skip_blanks() {
    while (at(pos_) == ' ') ++pos_;
  }

  void read_group();
  bool starts_group(std::size_t position) const;
  std::string_view take_surname();
  std::string_view take_given();
  void read_passenger(std::string_view surname, bool infant);
  void take_notes(std::size_t passenger);
  void take_bracket(std::string_view note, std::size_t passenger);
  void add_infant(std::string_view note, std::size_t adult);
  void take_remark(std::string_view remark, Passenger& passenger);
  bool take_word(std::string_view word, Passenger& passenger);
  bool take_birth_date(std::string_view word, Passenger& passenger);

  NameElementReading& out_;
  base::Date reference_;
  std::string_view text_;
  std::size_t pos_ = 0;
};

// Where a surname or a given name ends: at the next name, a bracket or a remark.
constexpr std::string_view kNameEnds = "/(*";
bool is_name_end(char c) { return kNameEnds.find(c) != std::string_view::npos; }

// A number in the middle of names opens the next surname group.
bool ElementReader::starts_group(std::size_t position) const {
  if (!is_digit(at(position))) return false;
  std::size_t behind = position;
  while (is_digit(at(behind))) ++behind;
  return is_letter(at(behind)) && text_.find('/', behind) != std::string_view::npos;
}

// Up to its slash or its remarks. A number in it is its own: a group cannot begin before the names
// of the one in front of it, so SMITH1LEE/SAM has no SMITH called SAM.
std::string_view ElementReader::take_surname() {
  const std::size_t start = pos_;
  pos_ = std::min(text_.find_first_of(kNameEnds, pos_), text_.size());
  return trim(text_.substr(start, pos_ - start));
}

std::string_view ElementReader::take_given() {
  const std::size_t start = pos_;
  while (pos_ < text_.size() && !is_name_end(text_[pos_]) &&
         !(pos_ > start && starts_group(pos_))) {
    ++pos_;
  }
  return trim(text_.substr(start, pos_ - start));
}

void ElementReader::read_group() {
  skip_blanks();
  const std::size_t number_at = pos_;
  while (is_digit(at(pos_))) ++pos_;
  const auto count = to_number(text_.substr(number_at, pos_ - number_at));
  const bool infant =
      at(pos_) == 'I' && at(pos_ + 1) == '/' && text_.find('/', pos_ + 2) != std::string_view::npos;
  if (infant) pos_ += 2;
  const std::size_t before = out_.passengers.size();
  std::size_t named = 0;
  const std::string_view surname = take_surname();
  do {
    if (at(pos_) == '/') ++pos_;
    // Nobody stands between two slashes.
    const std::size_t next = text_.find_first_not_of(' ', pos_);
    const bool nobody = next == std::string_view::npos || is_name_end(text_[next]);
    if (named > 0 && nobody) add(NameElementFinding::kNotANameElement);
    read_passenger(surname, infant);
    ++named;
    skip_blanks();
  } while (at(pos_) == '/' && out_.passengers.size() < kMaxPassengers);
  if (count && static_cast<std::size_t>(*count) != named) add(NameElementFinding::kCountMismatch);
  if (out_.passengers.size() == before || surname.empty())
    add(NameElementFinding::kNotANameElement);
}

void ElementReader::read_passenger(std::string_view surname, bool infant) {
  const bool slash = pos_ > 0 && text_[pos_ - 1] == '/';
  const std::string_view given = take_given();
  const std::string name = std::string(surname) + (slash ? "/" : "") + std::string(given);
  Passenger passenger;
  passenger.candidates = booking_name_candidates(name);
  const NameCandidate& best = passenger.candidates.front();
  passenger.surname = best.surname;
  passenger.given = best.given;
  passenger.title = best.title;
  passenger.suffix = best.suffix;
  passenger.kind = best.kind;
  passenger.ptc = infant ? "INF" : best.ptc;
  if (!has_letter(name) || (!given.empty() && !has_letter(given)))
    add(NameElementFinding::kNotANameElement);
  out_.passengers.push_back(std::move(passenger));
  take_notes(out_.passengers.size() - 1);
}

void ElementReader::take_notes(std::size_t passenger) {
  for (skip_blanks(); at(pos_) == '(' || at(pos_) == '*'; skip_blanks()) {
    const bool bracket = at(pos_) == '(';
    const std::size_t start = ++pos_;
    const std::size_t end = bracket ? text_.find(')', start) : text_.find_first_of("/*", start);
    if (bracket && end == std::string_view::npos) add(NameElementFinding::kUnknownRemark);
    pos_ = std::min(end, text_.size());
    const std::string_view note = trim(text_.substr(start, pos_ - start));
    if (bracket && pos_ < text_.size()) ++pos_;
    if (bracket) {
      take_bracket(note, passenger);
    } else {
      take_remark(note, out_.passengers[passenger]);
    }
  }
}

void ElementReader::take_bracket(std::string_view note, std::size_t passenger) {
  // INFANT as a whole word only: (INFANTON/BO) names an infant ANTON.
  const bool spelled_out =
      note == "INFANT" || note.starts_with("INFANT/") || note.starts_with("INFANT ");
  if (note.starts_with("INF")) return add_infant(note.substr(spelled_out ? 6 : 3), passenger);
  Passenger& who = out_.passengers[passenger];
  if (note.starts_with("ID")) {
    const std::string_view id = trim(note.substr(2));
    if (!take_word(id, who)) who.id = id;
    return;
  }
  const auto parts = split(note, '/');
  if (parts[0].size() == 3 && std::all_of(parts[0].begin(), parts[0].end(), is_alphanumeric)) {
    who.ptc = parts[0];
  } else if (!take_word(parts[0], who)) {
    add(NameElementFinding::kUnknownRemark);
  }
  for (std::size_t i = 1; i < parts.size(); ++i) {
    if (!take_word(trim(parts[i]), who)) add(NameElementFinding::kUnknownRemark);
  }
}

// `note` is what follows INF: `/GIVEN/DATE` with the adult's surname, or `SURNAME/GIVEN/DATE`.
void ElementReader::add_infant(std::string_view note, std::size_t adult) {
  Passenger infant;
  infant.ptc = "INF";
  infant.infant_of = adult + 1;
  auto parts = split(note, '/');
  std::string surname(trim(parts[0]));
  if (surname.empty()) surname = out_.passengers[adult].surname;
  std::string given;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const std::string_view part = trim(parts[i]);
    if (part.empty() || take_birth_date(part, infant) || take_age(part, infant)) continue;
    given += (given.empty() ? "" : " ") + std::string(part);
  }
  if (given.empty()) {
    NameCandidate unnamed;
    unnamed.surname = surname;
    unnamed.ptc = "INF";
    unnamed.kind = NameKind::kUnnamedInfant;
    unnamed.convention = NameConvention::kNotAName;
    infant.candidates = {unnamed};
  } else {
    infant.candidates = booking_name_candidates(surname + "/" + given);
  }
  const NameCandidate& best = infant.candidates.front();
  infant.surname = best.surname;
  infant.given = best.given;
  infant.title = best.title;
  infant.suffix = best.suffix;
  infant.kind = best.kind;
  out_.passengers.push_back(std::move(infant));
}

void ElementReader::take_remark(std::string_view remark, Passenger& passenger) {
  bool known = true;
  for (const std::string& word : words_of(remark)) known &= take_word(word, passenger);
  if (!known) {
    passenger.id = remark;
    add(NameElementFinding::kUnknownRemark);
  }
}

bool ElementReader::take_word(std::string_view word, Passenger& passenger) {
  if (word.starts_with("P-")) word.remove_prefix(2);
  if (is_passenger_type(word)) {
    passenger.ptc = word;
    return true;
  }
  if (is_letter_and_age(word)) {
    const auto age = to_number(word.substr(1));
    // I06 is an infant of six months, C05 a child of five years.
    const bool infant = word[0] == 'I';
    passenger.ptc = infant ? "INF" : std::string(word);
    (infant ? passenger.age_months : passenger.age_years) = age;
    return true;
  }
  if (word.starts_with("DOB")) word.remove_prefix(3);
  return take_birth_date(word, passenger) || take_age(word, passenger);
}

bool ElementReader::take_birth_date(std::string_view word, Passenger& passenger) {
  const auto printed = parse_teletype_date(word);
  if (!printed) return false;
  passenger.birth_date = not_after(*printed, reference_);
  if (!passenger.birth_date) add(NameElementFinding::kDateImpossible);
  return true;
}

void add_group(NameElementReading& out, std::string_view text) {
  while (!text.empty() && (is_digit(text.front()) || text.front() == '/')) text.remove_prefix(1);
  Passenger group;
  group.surname = trim(text);
  group.kind = NameKind::kGroup;
  NameCandidate name;
  name.surname = group.surname;
  name.kind = NameKind::kGroup;
  name.convention = NameConvention::kNotAName;
  group.candidates = {name};
  out.passengers.push_back(std::move(group));
}

// Takes off the number of a displayed name item: "1.SMITH/JOHN", "2.1LEE/SAM".
std::string_view without_item_number(std::string_view text) {
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos || dot > 2 || !all_digits(text.substr(0, dot))) return text;
  return trim(text.substr(dot + 1));
}

void read_elements(NameElementReading& out, std::string_view text, base::Date reference) {
  ElementReader reader(out, reference);
  const auto read_or_group = [&](std::string_view element, std::string_view group_prefix) {
    if (!group_prefix.empty() && element.starts_with(group_prefix)) {
      return add_group(out, element.substr(group_prefix.size()));
    }
    reader.read(element);
  };
  if (text.starts_with("NM") && text.size() > 2 && is_digit(text[2])) {
    out.system = BookingSystem::kAmadeus;
    return reader.read(text.substr(2));
  }
  if (text.starts_with("NG") && text.size() > 2 && is_digit(text[2])) {
    out.system = BookingSystem::kAmadeus;
    return add_group(out, text.substr(2));
  }
  if (text.starts_with("N.")) {
    out.system = BookingSystem::kTravelport;
    for (std::string_view element : split(text, '+')) {
      element = trim(element);
      if (element.starts_with("N.")) element.remove_prefix(2);
      read_or_group(element, "G/");
    }
    return;
  }
  if (text.starts_with("-")) {
    out.system = BookingSystem::kSabre;
    return read_or_group(text.substr(1), "C/");
  }
  text = without_item_number(text);
  reader.read(text);
  // Without a command in front, only the slash tells a name from any other text.
  if (text.find('/') == std::string_view::npos) {
    out.findings.push_back(NameElementFinding::kNotANameElement);
  }
}

}  // namespace

NameElementReading read_name_element(std::string_view raw, base::Date reference_date) {
  NameElementReading out;
  if (raw.size() > kMaxNameElementBytes) {
    out.findings.push_back(NameElementFinding::kTooLong);
    return out;
  }
  if (!std::all_of(raw.begin(), raw.end(), is_printable)) {
    out.findings.push_back(NameElementFinding::kIllegalByte);
    return out;
  }
  const std::string text = upper(trim(raw));
  if (text.empty()) {
    out.findings.push_back(NameElementFinding::kEmpty);
    return out;
  }
  read_elements(out, text, reference_date);
  const auto refused = [](NameElementFinding finding) { return refuses(finding); };
  out.ok =
      !out.passengers.empty() && std::none_of(out.findings.begin(), out.findings.end(), refused);
  return out;
}

bool refuses(NameElementFinding finding) { return finding != NameElementFinding::kUnknownRemark; }

std::string_view name_of(BookingSystem system) {
  switch (system) {
    case BookingSystem::kAmadeus:
      return "amadeus";
    case BookingSystem::kTravelport:
      return "travelport";
    case BookingSystem::kSabre:
      return "sabre";
    case BookingSystem::kPlain:
      return "plain";
  }
  return "";
}

std::string_view name_of(NameElementFinding finding) {
  switch (finding) {
    case NameElementFinding::kTooLong:
      return "TOO_LONG";
    case NameElementFinding::kIllegalByte:
      return "ILLEGAL_BYTE";
    case NameElementFinding::kEmpty:
      return "EMPTY";
    case NameElementFinding::kNotANameElement:
      return "NOT_A_NAME_ELEMENT";
    case NameElementFinding::kCountMismatch:
      return "COUNT_MISMATCH";
    case NameElementFinding::kUnknownRemark:
      return "UNKNOWN_REMARK";
    case NameElementFinding::kTooManyPassengers:
      return "TOO_MANY_PASSENGERS";
    case NameElementFinding::kDateImpossible:
      return "DATE_IMPOSSIBLE";
  }
  return "";
}

}  // namespace paxid::bcbp
