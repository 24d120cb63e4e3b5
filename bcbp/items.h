#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace paxid::bcbp {

// The data elements of a bar-coded boarding pass. The value is the item number of IATA
// Resolution 792 (Attachment C), so that a finding and the standard speak of the same thing.
enum class Item : std::uint16_t {
  kNone = 0,
  kFormatCode = 1,
  kAirlineUse = 4,
  kNumberOfLegs = 5,
  kVariableSize = 6,
  kOperatingCarrierPnr = 7,
  kVersionMarker = 8,
  kVersionNumber = 9,
  kUniqueSize = 10,
  kPassengerName = 11,
  kSourceOfCheckIn = 12,
  kSourceOfIssuance = 14,
  kPassengerDescription = 15,
  kDocumentType = 16,
  kRepeatedSize = 17,
  kSelectee = 18,
  kMarketingCarrier = 19,
  kFrequentFlyerAirline = 20,
  kIssuerAirline = 21,
  kDateOfIssue = 22,
  kBaggageTags = 23,
  kSecurityMarker = 25,
  kFromAirport = 26,
  kSecurityType = 28,
  kSecuritySize = 29,
  kSecurityData = 30,
  kBaggageTags2 = 31,
  kBaggageTags3 = 32,
  kToAirport = 38,
  kOperatingCarrier = 42,
  kFlightNumber = 43,
  kDateOfFlight = 46,
  kCompartment = 71,
  kIdAdIndicator = 89,
  kSeat = 104,
  kCheckInSequence = 107,
  kDocumentVerification = 108,
  kPassengerStatus = 117,
  kFreeBaggage = 118,
  kAirlineNumericCode = 142,
  kDocumentSerial = 143,
  kFrequentFlyerNumber = 236,
  kTicketIndicator = 253,
  kFastTrack = 254,
};

// What may stand in a field. Everything is printable ASCII before any of these is asked.
enum class Alphabet : std::uint8_t {
  kAny,
  kName,             // A-Z, blank, hyphen, apostrophe, one '/'
  kTicketIndicator,  // E or L
  kLocator,          // letters and digits, left-justified, not blank
  kAirport,          // three letters
  kCarrier,          // letters and digits, left-justified, not blank
  kCarrierOrBlank,   // the same, or blank
  kFlightNumber,     // four digits, then a letter or a blank
  kDayOfYear,        // 001..366
  kCompartment,      // a letter
  kSeat,             // three digits and a letter; INF, GATE, STBY; blank
  kSequence,         // four digits, then one letter, digit or blank; blank
  kStatus,           // 0-9, A; B-Z are reserved
  kPassengerDescription,
  kSource,        // a letter or blank
  kDateOfIssue,   // last digit of the year and day of year; blank
  kDocumentType,  // B, I or blank
  kBagTag,        // 13 digits or blank
  kDigitsOrBlank,
  kSerial,                // letters and digits, or blank
  kSelectee,              // 0-3 or blank
  kDocumentVerification,  // 0-2 or blank
  kFrequentFlyerNumber,   // letters and digits, left-justified, or blank
  kIdAd,                  // 0-9, A-F or blank
  kFreeBaggage,           // nPC, nnK, nnL or blank
  kFastTrack,             // Y, N or blank
};

struct ItemSpec {
  Item item;
  std::uint8_t length;
  Alphabet alphabet;
  std::string_view key;  // the key of the line protocol
};

// One row an item, in the order of the barcode. These four tables drive the reader, the
// writer and the checks; nothing else in the project knows a field's length.
inline constexpr std::array kMandatoryUniqueItems{
    ItemSpec{Item::kPassengerName, 20, Alphabet::kName, "name_raw"},
    ItemSpec{Item::kTicketIndicator, 1, Alphabet::kTicketIndicator, "eticket"},
};
inline constexpr std::array kMandatoryRepeatedItems{
    ItemSpec{Item::kOperatingCarrierPnr, 7, Alphabet::kLocator, "pnr"},
    ItemSpec{Item::kFromAirport, 3, Alphabet::kAirport, "from"},
    ItemSpec{Item::kToAirport, 3, Alphabet::kAirport, "to"},
    ItemSpec{Item::kOperatingCarrier, 3, Alphabet::kCarrier, "carrier"},
    ItemSpec{Item::kFlightNumber, 5, Alphabet::kFlightNumber, "flight"},
    ItemSpec{Item::kDateOfFlight, 3, Alphabet::kDayOfYear, "day"},
    ItemSpec{Item::kCompartment, 1, Alphabet::kCompartment, "cabin"},
    ItemSpec{Item::kSeat, 4, Alphabet::kSeat, "seat"},
    ItemSpec{Item::kCheckInSequence, 5, Alphabet::kSequence, "seq"},
    ItemSpec{Item::kPassengerStatus, 1, Alphabet::kStatus, "status"},
};
inline constexpr std::array kUniqueItems{
    ItemSpec{Item::kPassengerDescription, 1, Alphabet::kPassengerDescription, "pax_desc"},
    ItemSpec{Item::kSourceOfCheckIn, 1, Alphabet::kSource, "checkin_src"},
    ItemSpec{Item::kSourceOfIssuance, 1, Alphabet::kSource, "issue_src"},
    ItemSpec{Item::kDateOfIssue, 4, Alphabet::kDateOfIssue, "issue_date"},
    ItemSpec{Item::kDocumentType, 1, Alphabet::kDocumentType, "doc_type"},
    ItemSpec{Item::kIssuerAirline, 3, Alphabet::kCarrierOrBlank, "issuer"},
    ItemSpec{Item::kBaggageTags, 13, Alphabet::kBagTag, "bag1"},
    ItemSpec{Item::kBaggageTags2, 13, Alphabet::kBagTag, "bag2"},
    ItemSpec{Item::kBaggageTags3, 13, Alphabet::kBagTag, "bag3"},
};
inline constexpr std::array kRepeatedItems{
    ItemSpec{Item::kAirlineNumericCode, 3, Alphabet::kDigitsOrBlank, "num_code"},
    ItemSpec{Item::kDocumentSerial, 10, Alphabet::kSerial, "serial"},
    ItemSpec{Item::kSelectee, 1, Alphabet::kSelectee, "selectee"},
    ItemSpec{Item::kDocumentVerification, 1, Alphabet::kDocumentVerification, "intl_doc"},
    ItemSpec{Item::kMarketingCarrier, 3, Alphabet::kCarrierOrBlank, "marketing"},
    ItemSpec{Item::kFrequentFlyerAirline, 3, Alphabet::kCarrierOrBlank, "ff_airline"},
    ItemSpec{Item::kFrequentFlyerNumber, 16, Alphabet::kFrequentFlyerNumber, "ff_number"},
    ItemSpec{Item::kIdAdIndicator, 1, Alphabet::kIdAd, "id_ad"},
    ItemSpec{Item::kFreeBaggage, 3, Alphabet::kFreeBaggage, "bags"},
    ItemSpec{Item::kFastTrack, 1, Alphabet::kFastTrack, "fast_track"},
};

constexpr std::size_t total_length(std::span<const ItemSpec> items) {
  std::size_t sum = 0;
  for (const ItemSpec& spec : items) sum += spec.length;
  return sum;
}
static_assert(total_length(kMandatoryUniqueItems) == 21);
static_assert(total_length(kMandatoryRepeatedItems) == 35);
static_assert(total_length(kUniqueItems) == 0x32);
static_assert(total_length(kRepeatedItems) == 0x2A);

}  // namespace paxid::bcbp
