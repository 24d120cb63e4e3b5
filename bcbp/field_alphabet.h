#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "bcbp/items.h"
#include "bcbp/text.h"

namespace paxid::bcbp {

enum class FieldVerdict : std::uint8_t {
  kConforms,
  kLowercase,  // conforms once the letters are upper case
  kReserved,   // a code that the standard keeps for later
  kDeparts,
};

// Whether a complete field (printable ASCII, the item's whole length) holds what the
// standard allows (IATA Resolution 792, Attachment C, and its code lists).
FieldVerdict check_field(Alphabet alphabet, std::string_view field);

// Whether leg 1 stands where it must. A blank that was lost or added in front of a leg makes
// many fields implausible at once, while carriers that deviate do so in one or two.
// `field` must be complete. A field that conforms is plausible.
bool is_plausible(Item item, std::string_view field);

// What a byte is, as bits.
enum ByteClass : std::uint8_t {
  kUpperClass = 1,
  kLowerClass = 2,
  kDigitClass = 4,
  kBlankClass = 8,
  kNameMarkClass = 16,  // hyphen, apostrophe
  kSlashClass = 32,
};
inline constexpr auto kByteClasses = [] {
  std::array<std::uint8_t, 256> classes{};
  for (unsigned c = 'A'; c <= 'Z'; ++c) classes[c] = kUpperClass;
  for (unsigned c = 'a'; c <= 'z'; ++c) classes[c] = kLowerClass;
  for (unsigned c = '0'; c <= '9'; ++c) classes[c] = kDigitClass;
  classes[' '] = kBlankClass;
  classes['-'] = classes['\''] = kNameMarkClass;
  classes['/'] = kSlashClass;
  return classes;
}();
constexpr unsigned class_of(char c) { return kByteClasses[static_cast<unsigned char>(c)]; }

inline bool is_only(std::string_view field, unsigned classes) {
  for (const char c : field) {
    if ((class_of(c) & classes) == 0) return false;
  }
  return true;
}
inline bool is_blank(std::string_view field) { return is_only(field, kBlankClass); }

// Upper-case letters and digits, then blanks; no blank at the start.
inline bool is_left_justified_code(std::string_view field) {
  std::size_t length = 0;
  while (length < field.size() && (class_of(field[length]) & (kUpperClass | kDigitClass)) != 0) {
    ++length;
  }
  return length > 0 && is_blank(field.substr(length));
}

// The day of year of three digits; 0 for anything that is none.
inline int day_of_year(std::string_view digits) {
  if (!is_only(digits, kDigitClass)) return 0;
  const int day = (digits[0] - '0') * 100 + (digits[1] - '0') * 10 + (digits[2] - '0');
  return day <= 366 ? day : 0;
}

// The codes of an item of one byte that has a code list; empty for other alphabets.
constexpr std::string_view code_list(Alphabet alphabet) {
  switch (alphabet) {
    case Alphabet::kStatus:
      return "0123456789A";
    case Alphabet::kPassengerDescription:
      return "01234567XU ";
    case Alphabet::kSelectee:
      return "0123 ";
    case Alphabet::kDocumentVerification:
      return "012 ";
    case Alphabet::kIdAd:
      return "0123456789ABCDEF ";
    case Alphabet::kDocumentType:
      return "BI ";
    case Alphabet::kTicketIndicator:
      return "EL";
    case Alphabet::kFastTrack:
      return "YN ";
    default:
      return {};
  }
}

template <Alphabet kAlphabet>
inline constexpr auto kIsCode = [] {
  std::array<bool, 256> codes{};
  for (const char c : code_list(kAlphabet)) codes[static_cast<unsigned char>(c)] = true;
  return codes;
}();

// Letters and what joins names, at most one slash.
inline bool is_name(std::string_view field) {
  constexpr unsigned kPart = kUpperClass | kBlankClass | kNameMarkClass;
  if (class_of(field[0]) != kUpperClass) return false;
  std::size_t i = 1;
  while (i < field.size() && (class_of(field[i]) & kPart) != 0) ++i;
  if (i < field.size() && field[i] == '/') ++i;
  while (i < field.size() && (class_of(field[i]) & kPart) != 0) ++i;
  return i == field.size();
}

// Three digits and a letter, or a word for a place that is no numbered seat.
inline bool is_seat(std::string_view field) {
  if (is_only(field.substr(0, 3), kDigitClass) && class_of(field[3]) == kUpperClass) return true;
  return is_blank(field) || field == "INF " || field == "GATE" || field == "STBY";
}

inline bool is_free_baggage(std::string_view field) {
  if (is_blank(field)) return true;
  if (field[1] == 'P' && field[2] == 'C') return class_of(field[0]) == kDigitClass;
  return is_only(field.substr(0, 2), kDigitClass) && (field[2] == 'K' || field[2] == 'L');
}

// Whether a complete field conforms; for alphabets with a code list: is in the list. A template,
// so that lengths and alphabets are constants where a whole pass is read.
template <Alphabet kAlphabet>
bool conforms(std::string_view field) {
  constexpr unsigned kCode = kUpperClass | kDigitClass;
  if constexpr (kAlphabet == Alphabet::kAny) return true;
  if constexpr (!code_list(kAlphabet).empty()) {
    return kIsCode<kAlphabet>[static_cast<unsigned char>(field[0])];
  }
  switch (kAlphabet) {
    case Alphabet::kName:
      return is_name(field);
    case Alphabet::kLocator:
      return is_left_justified_code(field);
    case Alphabet::kCarrier:  // designators have two characters (IATA) or three (ICAO)
      return is_left_justified_code(field) && class_of(field[1]) != kBlankClass;
    case Alphabet::kCarrierOrBlank:
      return is_blank(field) || conforms<Alphabet::kCarrier>(field);
    case Alphabet::kAirport:
    case Alphabet::kCompartment:
      return is_only(field, kUpperClass);
    case Alphabet::kFlightNumber:
      return is_only(field.substr(0, 4), kDigitClass) &&
             (class_of(field[4]) & (kUpperClass | kBlankClass)) != 0;
    case Alphabet::kDayOfYear:
      return day_of_year(field) != 0;
    case Alphabet::kSeat:
      return is_seat(field);
    case Alphabet::kSequence:  // a fifth digit is printed for infants
      return (is_only(field.substr(0, 4), kDigitClass) &&
              (class_of(field[4]) & (kCode | kBlankClass)) != 0) ||
             is_blank(field);
    case Alphabet::kSource:
      return is_only(field, kUpperClass | kBlankClass);
    case Alphabet::kDateOfIssue:
      return (class_of(field[0]) == kDigitClass && day_of_year(field.substr(1)) != 0) ||
             is_blank(field);
    case Alphabet::kBagTag:
    case Alphabet::kDigitsOrBlank:
      return is_only(field, kDigitClass) || is_blank(field);
    case Alphabet::kSerial:
      return is_only(field, kCode) || is_blank(field) || is_only(trim(field), kCode);
    case Alphabet::kFrequentFlyerNumber:
      return is_left_justified_code(field) || is_blank(field);
    case Alphabet::kFreeBaggage:
      return is_free_baggage(field);
    default:
      return false;
  }
}

}  // namespace paxid::bcbp
