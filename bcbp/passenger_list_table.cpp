#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bcbp/passenger_list_reader.h"
#include "bcbp/text.h"

namespace paxid::bcbp {
namespace {

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
  if (passenger.ptc.empty()) passenger.ptc = best.ptc;
  passenger.kind = best.kind;
  listed.type = traveller_type(passenger);
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
    if (!is_of_this_flight(row)) {
      keep_line(list_, text_of(row), row.line, ListFindingCode::kOtherFlight);
      return true;
    }
    ListedPassenger listed;
    listed.line = row.line;
    std::string surname, given, title;
    for (std::size_t i = 0; i < row.fields.size(); ++i) {
      const std::string text(trim(row.fields[i]));
      const std::string_view column = column_at(i);
      if (column == "NAME") {
        listed.name = text;
      } else if (column == "SURNAME") {
        surname = text;
      } else if (column == "GIVEN") {
        given = text;
      } else if (column == "TITLE") {
        title = text;
      } else if (!is_flight_column(column)) {
        take_field(listed, column, text);
      }
    }
    if (listed.name.empty()) {
      listed.name = surname + "/" + given + (title.empty() ? "" : " " + title);
    }
    if (listed.name == "/") {
      keep_line(list_, text_of(row), row.line, ListFindingCode::kNameUnreadable);
      return true;
    }
    read_name_into(listed, surname.empty() ? listed.name : surname, given);
    return add_passenger(list_, std::move(listed));
  }

  std::string_view column_at(std::size_t i) const {
    return i < columns_.size() ? std::string_view(columns_[i]) : std::string_view();
  }

  static std::string text_of(const Row& row) {
    std::string text;
    for (const std::string& field : row.fields) text += (text.empty() ? "" : ",") + field;
    return text;
  }

  static bool is_flight_column(std::string_view column) {
    return column == "FLIGHT" || column == "DATE" || column == "BOARD";
  }

  // The first row says which flight the list is of.
  bool is_of_this_flight(const Row& row) {
    std::vector<std::string> flight;
    for (std::size_t i = 0; i < row.fields.size(); ++i) {
      if (is_flight_column(column_at(i))) flight.push_back(upper(trim(row.fields[i])));
    }
    if (!flight_) {
      flight_ = flight;
      for (std::size_t i = 0; i < row.fields.size(); ++i) take_flight(i, row);
    }
    return flight == *flight_;
  }

  void take_flight(std::size_t i, const Row& row) {
    const std::string_view column = column_at(i);
    const std::string text = upper(trim(row.fields[i]));
    if (text.empty()) return;
    if (column == "BOARD") {
      list_.board = text;
    } else if (column == "DATE") {
      list_.departure = base::parse_iso_date(text);
      if (!list_.departure) add_finding(list_, ListFindingCode::kDateUnreadable, row.line);
    } else if (column == "FLIGHT") {
      // Two characters of a carrier, one of them perhaps a digit, or three letters.
      const bool three = text.size() > 3 && std::all_of(text.begin(), text.begin() + 3, is_upper);
      const std::size_t carrier = std::min<std::size_t>(three ? 3 : 2, text.size());
      list_.carrier = text.substr(0, carrier);
      list_.flight_number = trim(std::string_view(text).substr(carrier));
    }
  }

  void take_field(ListedPassenger& listed, std::string_view column, const std::string& text) {
    if (column == "LOCATOR") {
      listed.locator = text;
    } else if (column == "CLASS") {
      listed.booking_class = text;
    } else if (column == "DESTINATION") {
      listed.destination = text;
    } else if (column == "SEAT") {
      listed.seat = text;
    } else if (column == "SEQUENCE") {
      listed.sequence = text;
    } else if (column == "TYPE") {
      listed.passenger.ptc = upper(text);
    } else if (column == "BIRTH_DATE" && (text.empty() || base::parse_iso_date(text))) {
      listed.passenger.birth_date = base::parse_iso_date(text);
    } else if (!text.empty()) {
      if (column == "BIRTH_DATE") add_finding(list_, ListFindingCode::kDateUnreadable, listed.line);
      listed.remarks.push_back(std::string(column) + "=" + text);
    }
  }

  PassengerList& list_;
  std::vector<std::string> columns_;
  std::optional<std::vector<std::string>> flight_;
};

}  // namespace

void read_list_table(std::string_view table, PassengerList& list) { TableReader(list).read(table); }

}  // namespace paxid::bcbp
