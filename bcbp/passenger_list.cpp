#include "bcbp/passenger_list.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/utf8.h"
#include "bcbp/text.h"

namespace paxid::bcbp {
namespace {

void add_finding(PassengerList& list, ListFindingCode code, std::size_t line) {
  if (list.findings.size() < kMaxListFindings) list.findings.push_back({code, line});
}

// False when the list is full; then the rest is not read.
bool add_passenger(PassengerList& list, ListedPassenger passenger) {
  if (list.passengers.size() == kMaxListedPassengers) {
    add_finding(list, ListFindingCode::kTooManyPassengers, passenger.line);
    return false;
  }
  list.passengers.push_back(std::move(passenger));
  return true;
}

bool is_letters(std::string_view text, std::size_t length) {
  return text.size() == length && std::all_of(text.begin(), text.end(), is_upper);
}

// An element behind a name: ".L/ABC123".
struct Element {
  std::string code;  // "L"
  std::string text;  // "ABC123"
};

// Where an element starts: a dot, one to four letters, a slash.
bool starts_element(std::string_view text, std::size_t at) {
  if (at >= text.size() || text[at] != '.') return false;
  std::size_t end = at + 1;
  while (end < text.size() && is_letter(text[end])) ++end;
  return end > at + 1 && end <= at + 5 && end < text.size() && text[end] == '/';
}

std::size_t next_element(std::string_view text, std::size_t from) {
  for (std::size_t at = text.find('.', from); at != std::string_view::npos;
       at = text.find('.', at + 1)) {
    if ((at == 0 || text[at - 1] == ' ') && starts_element(text, at)) return at;
  }
  return text.size();
}

// The elements of an item; `.RN/` continues the element in front of it.
std::vector<Element> elements_of(std::string_view text) {
  std::vector<Element> elements;
  for (std::size_t at = next_element(text, 0); at < text.size();) {
    const std::size_t end = next_element(text, at + 1);
    const std::string_view whole = trim(text.substr(at, end - at));
    const std::size_t slash = whole.find('/');
    const std::string_view code = whole.substr(1, slash - 1);
    if (code == "RN" && !elements.empty()) {
      elements.back().text += whole.substr(slash + 1);
    } else {
      elements.push_back({std::string(code), std::string(whole.substr(slash + 1))});
    }
    at = end;
  }
  return elements;
}

// Reads a teletype message line by line. A line that starts with an element belongs to the
// name in front of it.
class MessageReader {
 public:
  MessageReader(PassengerList& list, base::Date reference) : list_(list), reference_(reference) {}

  void read(std::string_view message) {
    const std::vector<std::string_view> lines = split(message, '\n');
    for (std::size_t i = 0; i < lines.size() && !ended_ && !full_; ++i) {
      std::string_view text = lines[i];
      if (text.ends_with('\r')) text.remove_suffix(1);
      if (!trim(text).empty()) read_line(trim(text), i + 1);
    }
    finish_item();
    check_totals();
    if (list_.carrier.empty()) add_finding(list_, ListFindingCode::kNoHeader, 1);
    if (!ended_) add_finding(list_, ListFindingCode::kEndMissing, lines.size());
  }

 private:
  struct Item {
    std::string text;
    std::size_t line = 0;
  };

  void read_line(std::string_view text, std::size_t line);
  bool read_flight(std::string_view text);
  bool read_total(std::string_view text, std::size_t line);
  bool read_end(std::string_view text);
  bool read_change(std::string_view text);
  void finish_item();
  void read_item(const Item& item);
  void take_element(const Element& element, std::vector<ListedPassenger>& party, std::size_t line);
  void check_totals();
  void keep(std::string_view text, std::size_t line, ListFindingCode code) {
    list_.other_lines.push_back({line, std::string(text)});
    add_finding(list_, code, line);
  }

  PassengerList& list_;
  base::Date reference_;
  Item item_;
  ListChange change_ = ListChange::kListed;
  std::vector<int> counted_;  // passengers under each total
  bool ended_ = false;
  bool full_ = false;
};

void MessageReader::read_line(std::string_view text, std::size_t line) {
  if (starts_element(text, 0) && !item_.text.empty()) {
    item_.text += ' ';
    item_.text += text;
    return;
  }
  finish_item();
  if (list_.carrier.empty()) {
    // In front of the flight stand addresses and the kind of the message.
    if (read_flight(text)) return;
    if (text == "ADL") list_.kind = ListKind::kAdl;
    if (text != "ADL" && text != "PNL") list_.other_lines.push_back({line, std::string(text)});
    return;
  }
  if (read_end(text) || read_change(text) || read_total(text, line)) return;
  if (is_digit(text[0]) && text.find('/') != std::string_view::npos) {
    item_ = {std::string(text), line};
    return;
  }
  static constexpr std::array<std::string_view, 5> kKept{"CFG/", "RBD ", "AVAIL", "ANA/",
                                                         "TRANSIT"};
  const bool known = std::any_of(kKept.begin(), kKept.end(),
                                 [&](std::string_view start) { return text.starts_with(start); });
  if (known) {
    list_.other_lines.push_back({line, std::string(text)});
  } else {
    keep(text, line, ListFindingCode::kUnknownLine);
  }
}

// "XX0123A/22NOV FRA PART1"
bool MessageReader::read_flight(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const std::vector<std::string> words = words_of(text);
  if (words.empty()) return false;
  const std::size_t slash = words[0].find('/');
  if (slash == std::string::npos || slash < 3 || slash > 8) return false;
  const std::string_view flight = std::string_view(words[0]).substr(0, slash);
  const std::string_view date = std::string_view(words[0]).substr(slash + 1);
  // Designators have two characters, one of them perhaps a digit, or three letters.
  const std::size_t carrier = is_letters(flight.substr(0, 3), 3) ? 3 : 2;
  const std::string_view number = flight.substr(carrier);
  const std::string_view digits =
      !number.empty() && is_upper(number.back()) ? number.substr(0, number.size() - 1) : number;
  if (!all_digits(digits) || digits.size() > 4 || date.size() < 5) return false;
  const auto day = parse_teletype_date(std::string(date.substr(0, 5)) + "00");
  if (!day) return false;
  list_.carrier = flight.substr(0, carrier);
  list_.flight_number = number;
  for (int step = -1; step <= 1; ++step) {
    const base::Date found{reference_.year() + std::chrono::years(step),
                           std::chrono::month(day->month),
                           std::chrono::day(static_cast<unsigned>(day->day))};
    const bool nearer =
        !list_.departure || std::abs(base::days_between(found, reference_)) <
                                std::abs(base::days_between(*list_.departure, reference_));
    if (found.ok() && nearer) list_.departure = found;
  }
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (is_letters(words[i], 3)) list_.board = words[i];
    if (words[i].starts_with("PART")) {
      list_.part = to_number(std::string_view(words[i]).substr(4)).value_or(1);
    }
  }
  return true;
}

// "-JFK010Y"
bool MessageReader::read_total(std::string_view text, std::size_t line) {
  if (!text.starts_with('-') || text.size() < 6 || !is_letters(text.substr(1, 3), 3)) return false;
  std::size_t end = 4;
  while (end < text.size() && is_digit(text[end])) ++end;
  const auto passengers = to_number(text.substr(4, end - 4));
  const std::string_view booking_class = text.substr(end);
  if (!passengers || booking_class.empty() || !is_upper(booking_class[0])) return false;
  list_.totals.push_back(
      {std::string(text.substr(1, 3)), std::string(booking_class), *passengers, line});
  counted_.push_back(0);
  return true;
}

bool MessageReader::read_end(std::string_view text) {
  if (!text.starts_with("END")) return false;
  const std::string_view what = text.substr(3);
  list_.last_part = what == "PNL" || what == "ADL";
  ended_ = list_.last_part || what.starts_with("PART");
  return ended_;
}

bool MessageReader::read_change(std::string_view text) {
  for (const ListChange change : {ListChange::kAdded, ListChange::kDeleted, ListChange::kChanged}) {
    if (list_.kind != ListKind::kAdl || text != name_of(change)) continue;
    change_ = change;
    return true;
  }
  return false;
}

void MessageReader::finish_item() {
  if (item_.text.empty()) return;
  read_item(item_);
  item_ = {};
}

// Takes "-A2" off the end of the names.
std::string take_party(std::string& names) {
  const std::size_t hyphen = names.rfind('-');
  if (hyphen == std::string::npos) return {};
  const std::string party = names.substr(hyphen + 1);
  const auto letters = static_cast<std::size_t>(
      std::find_if_not(party.begin(), party.end(), is_upper) - party.begin());
  const bool is_party =
      letters >= 1 && letters <= 2 && all_digits(std::string_view(party).substr(letters));
  if (!is_party) return {};
  names.resize(hyphen);
  return party;
}

void MessageReader::read_item(const Item& item) {
  const std::size_t names_end = next_element(item.text, 0);
  std::string names(trim(std::string_view(item.text).substr(0, names_end)));
  const std::string party_code = take_party(names);
  const NameElementReading reading = read_name_element(names, reference_);
  if (reading.passengers.empty())
    return keep(item.text, item.line, ListFindingCode::kNameUnreadable);
  const auto& found = reading.findings;
  if (std::find(found.begin(), found.end(), NameElementFinding::kCountMismatch) != found.end()) {
    add_finding(list_, ListFindingCode::kCountMismatch, item.line);
  }
  std::vector<ListedPassenger> party;
  for (const Passenger& passenger : reading.passengers) {
    ListedPassenger listed;
    listed.name = names;
    listed.passenger = passenger;
    listed.party = party_code;
    listed.change = change_;
    listed.line = item.line;
    if (!list_.totals.empty()) {
      listed.destination = list_.totals.back().destination;
      listed.booking_class = list_.totals.back().booking_class;
    }
    party.push_back(std::move(listed));
  }
  for (const Element& element : elements_of(item.text)) take_element(element, party, item.line);
  if (!counted_.empty()) counted_.back() += static_cast<int>(party.size());
  for (ListedPassenger& listed : party) full_ = full_ || !add_passenger(list_, std::move(listed));
}

void MessageReader::take_element(const Element& element, std::vector<ListedPassenger>& party,
                                 std::size_t line) {
  if (element.code == "L") {
    const std::string locator(
        trim(std::string_view(element.text).substr(0, element.text.find('/'))));
    for (ListedPassenger& listed : party) listed.locator = locator;
    return;
  }
  if (element.code == "R" && element.text.starts_with("DOCS")) {
    const SsrReading ssr = read_ssr(element.text, reference_);
    if (ssr.ok && ssr.docs) {
      // A document belongs to the one of the party whose name it bears.
      const auto owner = std::find_if(
          party.begin(), party.end(),
          [&](const ListedPassenger& listed) { return listed.passenger.given == ssr.docs->given; });
      (owner == party.end() ? party.front() : *owner).documents.push_back(*ssr.docs);
      return;
    }
  }
  if (element.code == "R" &&
      (element.text.starts_with("CHLD") || element.text.starts_with("1CHD"))) {
    for (ListedPassenger& listed : party) listed.passenger.ptc = "CHD";
  }
  static constexpr std::array<std::string_view, 8> kKnown{"R", "O", "I", "N", "C", "M", "W", "G"};
  if (std::find(kKnown.begin(), kKnown.end(), element.code) == kKnown.end()) {
    add_finding(list_, ListFindingCode::kUnknownElement, line);
  }
  for (ListedPassenger& listed : party) {
    listed.remarks.push_back("." + element.code + "/" + element.text);
  }
}

// Only a whole PNL says how many there are; parts share their totals, and an ADL changes them.
void MessageReader::check_totals() {
  const bool whole = list_.kind == ListKind::kPnl && list_.part == 1 && list_.last_part;
  for (std::size_t i = 0; whole && i < list_.totals.size(); ++i) {
    if (counted_[i] != list_.totals[i].passengers) {
      add_finding(list_, ListFindingCode::kTotalMismatch, list_.totals[i].line);
    }
  }
}

// One row of a CSV.
struct Row {
  std::vector<std::string> fields;
  std::size_t line = 0;
};

// Rows of RFC 4180: a quoted field may hold commas, line breaks and doubled quotes.
std::vector<Row> rows_of(std::string_view text, PassengerList& list) {
  std::vector<Row> rows;
  Row row{{std::string()}, 1};
  std::size_t line = 1;
  bool quoted = false;
  const auto finish = [&] {
    const bool blank = row.fields.size() == 1 && trim(row.fields[0]).empty();
    if (!blank) rows.push_back(std::move(row));
    row = {{std::string()}, line};
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    line += c == '\n';
    if (c == '"' && quoted && i + 1 < text.size() && text[i + 1] == '"') {
      row.fields.back() += text[i++];
    } else if (c == '"' && (quoted || row.fields.back().empty())) {
      quoted = !quoted;
    } else if (quoted) {
      row.fields.back() += c;
    } else if (c == ',') {
      row.fields.emplace_back();
    } else if (c == '\n') {
      finish();
    } else if (c != '\r') {
      row.fields.back() += c;
    }
  }
  if (quoted) add_finding(list, ListFindingCode::kQuoteOpen, row.line);
  finish();
  return rows;
}

bool is_ascii(std::string_view text) { return std::all_of(text.begin(), text.end(), is_printable); }

// Whether the text is a name as reservations write it, or one in another alphabet.
void read_name_into(ListedPassenger& listed, const std::string& surname, const std::string& given) {
  Passenger& passenger = listed.passenger;
  if (is_ascii(listed.name)) {
    passenger.candidates = booking_name_candidates(listed.name);
  } else {
    NameCandidate as_printed;
    as_printed.surname = surname;
    as_printed.given = given;
    passenger.candidates = {as_printed};
  }
  const NameCandidate& best = passenger.candidates.front();
  passenger.surname = best.surname;
  passenger.given = best.given;
  passenger.title = best.title;
  passenger.suffix = best.suffix;
  passenger.ptc = best.ptc;
  passenger.kind = best.kind;
}

class TableReader {
 public:
  explicit TableReader(PassengerList& list) : list_(list) {}

  void read(std::string_view text) {
    const std::vector<Row> rows = rows_of(text, list_);
    if (rows.empty()) return add_finding(list_, ListFindingCode::kNoHeader, 1);
    for (const std::string& field : rows[0].fields) columns_.push_back(upper(trim(field)));
    const bool named = has("NAME") || has("SURNAME");
    if (!named) return add_finding(list_, ListFindingCode::kNoHeader, rows[0].line);
    for (std::size_t i = 1; i < rows.size(); ++i) {
      if (!read_row(rows[i])) return;
    }
  }

 private:
  bool has(std::string_view column) const {
    return std::find(columns_.begin(), columns_.end(), column) != columns_.end();
  }

  // False when the list is full.
  bool read_row(const Row& row) {
    if (row.fields.size() != columns_.size()) {
      add_finding(list_, ListFindingCode::kRowLength, row.line);
    }
    ListedPassenger listed;
    listed.line = row.line;
    std::string surname, given, title;
    for (std::size_t i = 0; i < row.fields.size(); ++i) {
      const std::string text(trim(row.fields[i]));
      const std::string_view column = i < columns_.size() ? columns_[i] : std::string_view();
      if (column == "NAME") {
        listed.name = text;
      } else if (column == "SURNAME") {
        surname = text;
      } else if (column == "GIVEN") {
        given = text;
      } else if (column == "TITLE") {
        title = text;
      } else {
        take_field(listed, column, text);
      }
    }
    if (listed.name.empty()) {
      listed.name = surname + "/" + given + (title.empty() ? "" : " " + title);
    }
    if (listed.name == "/") {
      add_finding(list_, ListFindingCode::kNameUnreadable, row.line);
      std::string text;
      for (const std::string& field : row.fields) text += (text.empty() ? "" : ",") + field;
      list_.other_lines.push_back({row.line, text});
      return true;
    }
    read_name_into(listed, surname.empty() ? listed.name : surname, given);
    return add_passenger(list_, std::move(listed));
  }

  void take_field(ListedPassenger& listed, std::string_view column, const std::string& text) {
    if (column == "LOCATOR") {
      listed.locator = text;
    } else if (column == "CLASS") {
      listed.booking_class = text;
    } else if (column == "DESTINATION") {
      listed.destination = text;
    } else if (column == "BIRTH_DATE" && (text.empty() || base::parse_iso_date(text))) {
      listed.passenger.birth_date = base::parse_iso_date(text);
    } else if (!text.empty()) {
      if (column == "BIRTH_DATE") add_finding(list_, ListFindingCode::kDateUnreadable, listed.line);
      listed.remarks.push_back(std::string(column) + "=" + text);
    }
  }

  PassengerList& list_;
  std::vector<std::string> columns_;
};

bool is_illegal(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == 0x7F || (byte < 0x20 && c != '\n' && c != '\r' && c != '\t');
}

// A CSV begins with its header: column names with a comma, or one of them alone.
bool is_table(std::string_view message) {
  const std::string first = upper(trim(message.substr(0, message.find_first_of("\r\n"))));
  return first.find(',') != std::string::npos || first == "NAME" || first == "SURNAME";
}

bool loses_lines(const ListFinding& finding) {
  switch (finding.code) {
    case ListFindingCode::kUnknownElement:
    case ListFindingCode::kTotalMismatch:
    case ListFindingCode::kCountMismatch:
    case ListFindingCode::kDateUnreadable:
      return false;
    default:
      return true;
  }
}

}  // namespace

PassengerList read_passenger_list(std::string_view message, base::Date reference_date) {
  PassengerList list;
  if (message.size() > kMaxListBytes) {
    add_finding(list, ListFindingCode::kTooLong, 1);
    return list;
  }
  const auto illegal = std::find_if(message.begin(), message.end(), is_illegal);
  if (illegal != message.end() || !base::is_valid_utf8(message)) {
    const auto line = 1 + std::count(message.begin(), illegal, '\n');
    add_finding(list, ListFindingCode::kIllegalByte, static_cast<std::size_t>(line));
    return list;
  }
  if (is_table(message)) {
    list.kind = ListKind::kCsv;
    list.last_part = true;
    TableReader(list).read(message);
  } else {
    MessageReader(list, reference_date).read(upper(message));
  }
  list.ok = std::none_of(list.findings.begin(), list.findings.end(), loses_lines);
  return list;
}

std::string_view name_of(ListKind kind) {
  switch (kind) {
    case ListKind::kPnl:
      return "PNL";
    case ListKind::kAdl:
      return "ADL";
    case ListKind::kCsv:
      return "CSV";
  }
  return "";
}

std::string_view name_of(ListChange change) {
  switch (change) {
    case ListChange::kListed:
      return "LISTED";
    case ListChange::kAdded:
      return "ADD";
    case ListChange::kDeleted:
      return "DEL";
    case ListChange::kChanged:
      return "CHG";
  }
  return "";
}

std::string_view name_of(ListFindingCode code) {
  switch (code) {
    case ListFindingCode::kTooLong:
      return "TOO_LONG";
    case ListFindingCode::kIllegalByte:
      return "ILLEGAL_BYTE";
    case ListFindingCode::kNoHeader:
      return "NO_HEADER";
    case ListFindingCode::kUnknownLine:
      return "UNKNOWN_LINE";
    case ListFindingCode::kUnknownElement:
      return "UNKNOWN_ELEMENT";
    case ListFindingCode::kNameUnreadable:
      return "NAME_UNREADABLE";
    case ListFindingCode::kCountMismatch:
      return "COUNT_MISMATCH";
    case ListFindingCode::kTotalMismatch:
      return "TOTAL_MISMATCH";
    case ListFindingCode::kDateUnreadable:
      return "DATE_UNREADABLE";
    case ListFindingCode::kRowLength:
      return "ROW_LENGTH";
    case ListFindingCode::kQuoteOpen:
      return "QUOTE_OPEN";
    case ListFindingCode::kEndMissing:
      return "END_MISSING";
    case ListFindingCode::kTooManyPassengers:
      return "TOO_MANY_PASSENGERS";
  }
  return "";
}

}  // namespace paxid::bcbp
