#include "bcbp/passenger_list.h"

#include <algorithm>
#include <utility>

#include "base/utf8.h"
#include "bcbp/passenger_list_reader.h"
#include "bcbp/text.h"

namespace paxid::bcbp {

void add_finding(PassengerList& list, ListFindingCode code, std::size_t line) {
  if (list.findings.size() < kMaxListFindings) list.findings.push_back({code, line});
}

void keep_line(PassengerList& list, std::string_view text, std::size_t line, ListFindingCode code) {
  list.other_lines.push_back({line, std::string(text)});
  add_finding(list, code, line);
}

bool add_passenger(PassengerList& list, ListedPassenger passenger) {
  if (list.passengers.size() == kMaxListedPassengers) {
    add_finding(list, ListFindingCode::kTooManyPassengers, passenger.line);
    return false;
  }
  list.passengers.push_back(std::move(passenger));
  return true;
}

TravellerType traveller_type(const Passenger& passenger) {
  const std::string_view ptc = passenger.ptc;
  if (passenger.infant_of || ptc == "INF" || ptc == "INS" || ptc == "INN") {
    return TravellerType::kInfant;
  }
  const bool child_of_age = ptc.size() == 3 && ptc[0] == 'C' && all_digits(ptc.substr(1));
  if (child_of_age || ptc == "CHD" || ptc == "CNN" || ptc == "UNN" || ptc == "UMN") {
    return TravellerType::kChild;
  }
  return TravellerType::kAdult;
}

namespace {

bool is_illegal(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == 0x7F || (byte < 0x20 && c != '\n' && c != '\r' && c != '\t');
}

// A CSV begins with its header: column names with a comma, or one of them alone.
bool is_table(std::string_view message) {
  const std::string first = upper(trim(message.substr(0, message.find_first_of("\r\n"))));
  return first.find(',') != std::string::npos || first == "NAME" || first == "SURNAME";
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
    read_list_table(message, list);
  } else {
    read_list_message(upper(message), reference_date, list);
  }
  list.ok = std::none_of(list.findings.begin(), list.findings.end(),
                         [](const ListFinding& finding) { return loses_lines(finding.code); });
  return list;
}

bool PassengerList::is_whole() const {
  return part == 1 && last_part &&
         std::none_of(findings.begin(), findings.end(), [](const ListFinding& finding) {
           return finding.code == ListFindingCode::kPartMissing;
         });
}

bool loses_lines(ListFindingCode code) {
  switch (code) {
    case ListFindingCode::kUnknownElement:
    case ListFindingCode::kTotalMismatch:
    case ListFindingCode::kCountMismatch:
    case ListFindingCode::kDateUnreadable:
    case ListFindingCode::kOwnerUnknown:
      return false;
    default:
      return true;
  }
}

std::string_view name_of(TravellerType type) {
  switch (type) {
    case TravellerType::kAdult:
      return "adult";
    case TravellerType::kChild:
      return "child";
    case TravellerType::kInfant:
      return "infant";
  }
  return "";
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
    case ListFindingCode::kPartMissing:
      return "PART_MISSING";
    case ListFindingCode::kOtherFlight:
      return "OTHER_FLIGHT";
    case ListFindingCode::kOwnerUnknown:
      return "OWNER_UNKNOWN";
    case ListFindingCode::kNotListed:
      return "NOT_LISTED";
    case ListFindingCode::kAlreadyListed:
      return "ALREADY_LISTED";
  }
  return "";
}

}  // namespace paxid::bcbp
