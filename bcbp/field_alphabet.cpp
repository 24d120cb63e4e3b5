#include "bcbp/field_alphabet.h"

#include <algorithm>

namespace paxid::bcbp {
namespace {

constexpr std::size_t kLongestField = kMandatoryUniqueItems[0].length;
static_assert(kMandatoryUniqueItems[0].item == Item::kPassengerName);

template <Alphabet kAlphabet>
FieldVerdict check(std::string_view field) {
  if (conforms<kAlphabet>(field)) return FieldVerdict::kConforms;
  if (kAlphabet == Alphabet::kFastTrack) return FieldVerdict::kDeparts;
  // A code list: what is no letter or digit departs, the rest is reserved.
  if (!code_list(kAlphabet).empty()) {
    return is_alphanumeric(field[0]) ? FieldVerdict::kReserved : FieldVerdict::kDeparts;
  }
  std::array<char, kLongestField> raised;
  if (field.size() > raised.size() || std::none_of(field.begin(), field.end(), is_lower)) {
    return FieldVerdict::kDeparts;
  }
  std::transform(field.begin(), field.end(), raised.begin(), to_upper);
  return conforms<kAlphabet>({raised.data(), field.size()}) ? FieldVerdict::kLowercase
                                                            : FieldVerdict::kDeparts;
}

}  // namespace

FieldVerdict check_field(Alphabet alphabet, std::string_view field) {
  switch (alphabet) {
    case Alphabet::kAny:
      return FieldVerdict::kConforms;
    case Alphabet::kName:
      return check<Alphabet::kName>(field);
    case Alphabet::kTicketIndicator:
      return check<Alphabet::kTicketIndicator>(field);
    case Alphabet::kLocator:
      return check<Alphabet::kLocator>(field);
    case Alphabet::kAirport:
      return check<Alphabet::kAirport>(field);
    case Alphabet::kCarrier:
      return check<Alphabet::kCarrier>(field);
    case Alphabet::kCarrierOrBlank:
      return check<Alphabet::kCarrierOrBlank>(field);
    case Alphabet::kFlightNumber:
      return check<Alphabet::kFlightNumber>(field);
    case Alphabet::kDayOfYear:
      return check<Alphabet::kDayOfYear>(field);
    case Alphabet::kCompartment:
      return check<Alphabet::kCompartment>(field);
    case Alphabet::kSeat:
      return check<Alphabet::kSeat>(field);
    case Alphabet::kSequence:
      return check<Alphabet::kSequence>(field);
    case Alphabet::kStatus:
      return check<Alphabet::kStatus>(field);
    case Alphabet::kPassengerDescription:
      return check<Alphabet::kPassengerDescription>(field);
    case Alphabet::kSource:
      return check<Alphabet::kSource>(field);
    case Alphabet::kDateOfIssue:
      return check<Alphabet::kDateOfIssue>(field);
    case Alphabet::kDocumentType:
      return check<Alphabet::kDocumentType>(field);
    case Alphabet::kBagTag:
      return check<Alphabet::kBagTag>(field);
    case Alphabet::kDigitsOrBlank:
      return check<Alphabet::kDigitsOrBlank>(field);
    case Alphabet::kSerial:
      return check<Alphabet::kSerial>(field);
    case Alphabet::kSelectee:
      return check<Alphabet::kSelectee>(field);
    case Alphabet::kDocumentVerification:
      return check<Alphabet::kDocumentVerification>(field);
    case Alphabet::kFrequentFlyerNumber:
      return check<Alphabet::kFrequentFlyerNumber>(field);
    case Alphabet::kIdAd:
      return check<Alphabet::kIdAd>(field);
    case Alphabet::kFreeBaggage:
      return check<Alphabet::kFreeBaggage>(field);
    case Alphabet::kFastTrack:
      return check<Alphabet::kFastTrack>(field);
  }
  return FieldVerdict::kDeparts;
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
      return is_seat(field) || (digits > 0 && behind.size() == 1 && is_letter(behind[0]));
    case Item::kPassengerStatus:
      return is_alphanumeric(text[0]);
    default:
      return true;
  }
}

}  // namespace paxid::bcbp
