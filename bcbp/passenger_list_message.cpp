#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bcbp/listed_party.h"
#include "bcbp/passenger_list_reader.h"
#include "bcbp/text.h"

namespace paxid::bcbp {
namespace {

bool is_letters(std::string_view text, std::size_t length) {
  return text.size() == length && std::all_of(text.begin(), text.end(), is_upper);
}

// "XX0123A/22NOV FRA PART1"
struct FlightLine {
  std::string carrier;
  std::string number;
  std::optional<base::Date> departure;
  std::string board;
  int part = 1;
};

// The year is not written: the one that is nearest to the reference date.
std::optional<base::Date> nearest_day(const TeletypeDate& day, base::Date reference) {
  std::optional<base::Date> nearest;
  for (int step = -1; step <= 1; ++step) {
    const base::Date date{reference.year() + std::chrono::years(step),
                          std::chrono::month(day.month),
                          std::chrono::day(static_cast<unsigned>(day.day))};
    const bool nearer = !nearest || std::abs(base::days_between(date, reference)) <
                                        std::abs(base::days_between(*nearest, reference));
    if (date.ok() && nearer) nearest = date;
  }
  return nearest;
}

std::optional<FlightLine> flight_of(std::string_view text, base::Date reference) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const std::vector<std::string> words = words_of(text);
  if (words.empty()) return std::nullopt;
  const std::size_t slash = words[0].find('/');
  if (slash == std::string::npos || slash < 3 || slash > 8) return std::nullopt;
  const std::string_view flight = std::string_view(words[0]).substr(0, slash);
  const std::string_view date = std::string_view(words[0]).substr(slash + 1);
  // Designators have two characters, one of them perhaps a digit, or three letters.
  const std::size_t carrier = is_letters(flight.substr(0, 3), 3) ? 3 : 2;
  const std::string_view number = flight.substr(carrier);
  const std::string_view digits =
      !number.empty() && is_upper(number.back()) ? number.substr(0, number.size() - 1) : number;
  if (!all_digits(digits) || digits.size() > 4 || date.size() < 5) return std::nullopt;
  const auto day = parse_teletype_date(std::string(date.substr(0, 5)) + "00");
  if (!day) return std::nullopt;
  FlightLine line{std::string(flight.substr(0, carrier)),
                  std::string(number),
                  nearest_day(*day, reference),
                  {},
                  1};
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (is_letters(words[i], 3)) line.board = words[i];
    if (words[i].starts_with("PART")) {
      line.part = to_number(std::string_view(words[i]).substr(4)).value_or(1);
    }
  }
  return line;
}

// Reads a teletype message line by line. A line that starts with an element belongs to the
// names in front of it.
class MessageReader {
 public:
  MessageReader(PassengerList& list, base::Date reference) : list_(list), reference_(reference) {}

  void read(std::string_view message) {
    const std::vector<std::string_view> lines = split(message, '\n');
    for (std::size_t i = 0; i < lines.size() && !full_; ++i) {
      std::string_view text = lines[i];
      if (text.ends_with('\r')) text.remove_suffix(1);
      text = trim(text);
      if (text.empty()) continue;
      if (place_ == Place::kEnd) {
        read_behind_end(text, i + 1);
      } else {
        read_line(text, i + 1);
      }
    }
    finish_item();
    check_totals();
    if (list_.carrier.empty()) add_finding(list_, ListFindingCode::kNoHeader, 1);
    if (place_ == Place::kList || list_.carrier.empty()) {
      add_finding(list_, ListFindingCode::kEndMissing, lines.size());
    }
  }

 private:
  // Addresses and the kind of the message stand in front of the flight of the first part, and
  // again in front of every further one.
  enum class Place { kEnvelope, kList, kEnd };

  struct Item {
    std::string text;
    std::size_t line = 0;
  };

  void read_line(std::string_view text, std::size_t line);
  void read_envelope(std::string_view text, std::size_t line);
  void read_behind_end(std::string_view text, std::size_t line);
  void begin_part(const FlightLine& flight, std::string_view text, std::size_t line);
  bool read_total(std::string_view text, std::size_t line);
  bool read_end(std::string_view text);
  bool read_change(std::string_view text);
  void finish_item();
  void check_totals();

  PassengerList& list_;
  base::Date reference_;
  Place place_ = Place::kEnvelope;
  Item item_;
  ListChange change_ = ListChange::kListed;
  std::optional<std::size_t> total_;  // the one that passengers stand under
  std::vector<int> counted_;          // passengers under each total
  bool full_ = false;
};

void MessageReader::read_line(std::string_view text, std::size_t line) {
  if (starts_element(text, 0) && !item_.text.empty()) {
    item_.text += ' ';
    item_.text += text;
    return;
  }
  finish_item();
  if (place_ == Place::kEnvelope) return read_envelope(text, line);
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
    keep_line(list_, text, line, ListFindingCode::kUnknownLine);
  }
}

void MessageReader::read_envelope(std::string_view text, std::size_t line) {
  if (const auto flight = flight_of(text, reference_)) return begin_part(*flight, text, line);
  if (text == "ADL" && list_.carrier.empty()) list_.kind = ListKind::kAdl;
  if (text != "ADL" && text != "PNL") list_.other_lines.push_back({line, std::string(text)});
}

void MessageReader::begin_part(const FlightLine& flight, std::string_view text, std::size_t line) {
  place_ = Place::kList;
  if (list_.carrier.empty()) {
    list_.carrier = flight.carrier;
    list_.flight_number = flight.number;
    list_.departure = flight.departure;
    list_.board = flight.board;
    list_.part = flight.part;
    return;
  }
  const bool same = flight.carrier == list_.carrier && flight.number == list_.flight_number &&
                    flight.departure == list_.departure && flight.board == list_.board;
  if (!same) {
    place_ = Place::kEnd;
    return keep_line(list_, text, line, ListFindingCode::kOtherFlight);
  }
  if (flight.part != list_.part + list_.parts) {
    add_finding(list_, ListFindingCode::kPartMissing, line);
  }
  ++list_.parts;
  total_.reset();
}

// Networks end a message with a mark. Anything else was meant to be read.
void MessageReader::read_behind_end(std::string_view text, std::size_t line) {
  if (text == "=" || text == "NNNN") return;
  const bool flight = flight_of(text, reference_).has_value();
  keep_line(list_, text, line,
            flight ? ListFindingCode::kOtherFlight : ListFindingCode::kUnknownLine);
}

// "-JFK010Y". A further part may say the same total again.
bool MessageReader::read_total(std::string_view text, std::size_t line) {
  if (!text.starts_with('-') || text.size() < 6 || !is_letters(text.substr(1, 3), 3)) return false;
  const std::size_t end = std::min(text.find_first_not_of("0123456789", 4), text.size());
  const auto passengers = to_number(text.substr(4, end - 4));
  const std::string_view booking_class = text.substr(end);
  if (!passengers || booking_class.empty() || !is_upper(booking_class[0])) return false;
  for (std::size_t i = 0; list_.parts > 1 && i < list_.totals.size(); ++i) {
    const ClassTotal& total = list_.totals[i];
    const bool same = total.destination == text.substr(1, 3) &&
                      total.booking_class == booking_class && total.passengers == *passengers;
    if (!same) continue;
    total_ = i;
    return true;
  }
  total_ = list_.totals.size();
  list_.totals.push_back(
      {std::string(text.substr(1, 3)), std::string(booking_class), *passengers, line});
  counted_.push_back(0);
  return true;
}

// "ENDPNL", "ENDADL", "ENDPART1"
bool MessageReader::read_end(std::string_view text) {
  if (!text.starts_with("END")) return false;
  const std::string_view what = text.substr(3);
  list_.last_part = what == "PNL" || what == "ADL";
  if (list_.last_part) {
    place_ = Place::kEnd;
  } else if (what.starts_with("PART")) {
    place_ = Place::kEnvelope;
  } else {
    return false;
  }
  return true;
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
  const Item item = std::exchange(item_, {});
  ListedParty party = read_party(item.text, reference_);
  if (party.passengers.empty()) {
    return keep_line(list_, item.text, item.line, ListFindingCode::kNameUnreadable);
  }
  for (const ListFindingCode code : party.findings) add_finding(list_, code, item.line);
  const std::size_t first = list_.passengers.size();
  for (ListedPassenger& listed : party.passengers) {
    listed.change = change_;
    listed.line = item.line;
    if (listed.adult) *listed.adult += first;
    if (total_) {
      listed.destination = list_.totals[*total_].destination;
      listed.booking_class = list_.totals[*total_].booking_class;
      counted_[*total_] += listed.type != TravellerType::kInfant;
    }
    full_ = full_ || !add_passenger(list_, std::move(listed));
  }
}

// Only a whole PNL says how many there are; parts share their totals, and an ADL changes them.
void MessageReader::check_totals() {
  if (list_.kind != ListKind::kPnl || !list_.is_whole()) return;
  for (std::size_t i = 0; i < list_.totals.size(); ++i) {
    if (counted_[i] != list_.totals[i].passengers) {
      add_finding(list_, ListFindingCode::kTotalMismatch, list_.totals[i].line);
    }
  }
}

}  // namespace

void read_list_message(std::string_view message, base::Date reference_date, PassengerList& list) {
  MessageReader(list, reference_date).read(message);
}

}  // namespace paxid::bcbp
