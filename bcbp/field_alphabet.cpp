#include "bcbp/field_alphabet.h"

#include <algorithm>
#include <string>

#include "bcbp/text.h"

namespace paxid::bcbp {
namespace {

bool is_blank(std::string_view field) { return trim(field).empty(); }

bool all_upper(std::string_view field) { return std::all_of(field.begin(), field.end(), is_upper); }

bool all_alphanumeric(std::string_view field) {
  return std::all_of(field.begin(), field.end(), [](char c) { return is_upper(c) || is_digit(c); });
}

bool is_left_justified_code(std::string_view field) {
  const std::string_view code = trim_end(field);
  return !code.empty() && all_alphanumeric(code);
}

// Designators have two characters (IATA) or three (ICAO).
bool is_carrier(std::string_view field) {
  return is_left_justified_code(field) && trim_end(field).size() >= 2;
}

bool is_name(std::string_view field) {
  const std::string_view name = trim_end(field);
  const bool letters = std::all_of(name.begin(), name.end(), [](char c) {
    return is_upper(c) || c == ' ' || c == '-' || c == '\'' || c == '/';
  });
  return letters && is_upper(field.front()) && std::count(name.begin(), name.end(), '/') <= 1;
}

bool is_flight_number(std::string_view field) {
  return all_digits(field.substr(0, 4)) && (is_upper(field[4]) || field[4] == ' ');
}

bool is_day_of_year(std::string_view field) {
  const auto day = to_number(field);
  return day && *day >= 1 && *day <= 366;
}

bool is_seat(std::string_view field) {
  const std::string_view seat = trim_end(field);
  if (seat.empty() || seat == "INF" || seat == "GATE" || seat == "STBY") return true;
  return all_digits(field.substr(0, 3)) && is_upper(field[3]);
}

bool is_sequence(std::string_view field) {
  if (is_blank(field)) return true;
  return all_digits(field.substr(0, 4)) &&
         (is_upper(field[4]) || is_digit(field[4]) || field[4] == ' ');
}

bool is_date_of_issue(std::string_view field) {
  return is_blank(field) || (is_digit(field[0]) && is_day_of_year(field.substr(1)));
}

bool is_free_baggage(std::string_view field) {
  if (is_blank(field)) return true;
  if (field.substr(1) == "PC") return is_digit(field[0]);
  return all_digits(field.substr(0, 2)) && (field[2] == 'K' || field[2] == 'L');
}

bool is_one_of(std::string_view field, std::string_view codes) {
  return codes.find(field[0]) != std::string_view::npos;
}

// A code list of one character: what is no letter or digit departs, the rest is reserved.
FieldVerdict check_code(std::string_view field, std::string_view codes) {
  if (is_one_of(field, codes)) return FieldVerdict::kConforms;
  return is_alphanumeric(field[0]) ? FieldVerdict::kReserved : FieldVerdict::kDeparts;
}

bool conforms(Alphabet alphabet, std::string_view field) {
  switch (alphabet) {
    case Alphabet::kName:
      return is_name(field);
    case Alphabet::kLocator:
      return is_left_justified_code(field);
    case Alphabet::kAirport:
      return all_upper(field);
    case Alphabet::kCarrier:
      return is_carrier(field);
    case Alphabet::kCarrierOrBlank:
      return is_blank(field) || is_carrier(field);
    case Alphabet::kFlightNumber:
      return is_flight_number(field);
    case Alphabet::kDayOfYear:
      return is_day_of_year(field);
    case Alphabet::kCompartment:
      return all_upper(field);
    case Alphabet::kSeat:
      return is_seat(field);
    case Alphabet::kSequence:
      return is_sequence(field);
    case Alphabet::kSource:
      return is_blank(field) || all_upper(field);
    case Alphabet::kDateOfIssue:
      return is_date_of_issue(field);
    case Alphabet::kBagTag:
    case Alphabet::kDigitsOrBlank:
      return is_blank(field) || all_digits(field);
    case Alphabet::kSerial:
      return is_blank(field) || all_alphanumeric(trim(field));
    case Alphabet::kFrequentFlyerNumber:
      return is_blank(field) || is_left_justified_code(field);
    case Alphabet::kFreeBaggage:
      return is_free_baggage(field);
    default:
      return true;
  }
}

}  // namespace

FieldVerdict check_field(Alphabet alphabet, std::string_view field) {
  switch (alphabet) {
    case Alphabet::kStatus:
      return check_code(field, "0123456789A");
    case Alphabet::kPassengerDescription:
      return check_code(field, "01234567XU ");
    case Alphabet::kSelectee:
      return check_code(field, "0123 ");
    case Alphabet::kDocumentVerification:
      return check_code(field, "012 ");
    case Alphabet::kIdAd:
      return check_code(field, "0123456789ABCDEF ");
    case Alphabet::kDocumentType:
      return check_code(field, "BI ");
    case Alphabet::kTicketIndicator:
      return check_code(field, "EL");
    case Alphabet::kFastTrack:
      return is_one_of(field, "YN ") ? FieldVerdict::kConforms : FieldVerdict::kDeparts;
    default:
      break;
  }
  if (conforms(alphabet, field)) return FieldVerdict::kConforms;
  const bool lower = std::any_of(field.begin(), field.end(), is_lower);
  return lower && conforms(alphabet, upper(field)) ? FieldVerdict::kLowercase
                                                   : FieldVerdict::kDeparts;
}

bool is_plausible(Item item, std::string_view field) {
  const std::string_view text = trim_end(field);
  if (text.empty()) return item != Item::kPassengerStatus;
  const auto digits =
      static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
  const std::string_view behind = text.substr(digits);
  switch (item) {
    case Item::kFromAirport:
    case Item::kToAirport:
      return text.size() == 3 && std::all_of(text.begin(), text.end(), is_letter);
    case Item::kOperatingCarrier:
      return text.size() >= 2 && std::all_of(text.begin(), text.end(), is_alphanumeric);
    case Item::kFlightNumber:
      return digits > 0 && (behind.empty() || (behind.size() == 1 && is_letter(behind[0])));
    case Item::kDateOfFlight:
      return all_digits(trim(text));
    case Item::kCompartment:
      return is_letter(text[0]);
    case Item::kSeat:
      return conforms(Alphabet::kSeat, field) ||
             (digits > 0 && behind.size() == 1 && is_letter(behind[0]));
    case Item::kPassengerStatus:
      return is_alphanumeric(text[0]);
    default:
      return true;
  }
}

}  // namespace paxid::bcbp
