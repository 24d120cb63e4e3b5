#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/date.h"
#include "base/personal.h"

namespace paxid::verification {

// Named limits of what the engine reads. The server refuses more; the engine cuts nothing.
inline constexpr std::size_t kMaxClaims = 32;
inline constexpr std::size_t kMaxNameCodePoints = 256;
inline constexpr std::size_t kMaxZoneBytes = 4096;
inline constexpr std::size_t kMaxPassBytes = 2048;
inline constexpr std::size_t kMaxBookingNameBytes = 256;
inline constexpr std::size_t kMaxDocumentNumberLength = 32;
inline constexpr std::size_t kMaxDocsBytes = 2048;

// Where a claim stands. The same words in proto, JSON and code.
enum class Source { kBooking, kBoardingPass, kMrz, kVisual, kChip, kTyped };

// How a claim came into the system.
enum class CaptureMethod { kReceived, kScanned, kChipRead, kTyped };

// How far a claim is assured by something other than itself.
enum class Assurance { kAsserted, kInspected, kAuthenticated };

// kNotStated (X, or the filler of a zone) is compared with nothing.
enum class Sex { kMale, kFemale, kNotStated };

std::string_view name_of(Source source);  // "booking", "boarding_pass", "mrz", ...
std::optional<Source> source_from(std::string_view name);

// A name: either `full`, or `surname` and `given` (one of which may be empty).
struct PersonName {
  base::PersonalText full;
  base::PersonalText surname;
  base::PersonalText given;
  std::string language;  // BCP 47; empty: not known
};

// The values a claim can hold. One type per kind, so that a visitor forgets none.
struct NameClaim {
  PersonName name;
};
struct UsageNameClaim {
  PersonName name;
};  // usage, maiden or stage name beside the name
struct ZoneClaim {
  base::PersonalText text;
};  // lines of a machine-readable zone, as read
struct PassClaim {
  base::PersonalText text;
};  // barcode text, untrimmed
struct PassNameClaim {
  base::PersonalText text;
};  // only the name field of a pass, at most 20 bytes
struct BookingNameClaim {
  base::PersonalText text;
};  // as the reservation system prints it
struct BirthDateClaim {
  base::Date date;
};
struct SexClaim {
  Sex sex;
};
struct NationalityClaim {
  std::string code;
};
struct DocumentNumberClaim {
  base::PersonalText number;
};
struct IssuerClaim {
  std::string code;
};
struct DocumentTypeClaim {
  std::string code;
};
struct ExpiryDateClaim {
  base::Date date;
};
struct DocsClaim {
  base::PersonalText text;
};  // an SSR DOCS line of the booking: the data given in advance
struct PassengerTypeClaim {
  std::string code;
};  // ADT, CHD, INF, INS or UNN, as booked

using ClaimValue =
    std::variant<NameClaim, UsageNameClaim, ZoneClaim, PassClaim, PassNameClaim, BookingNameClaim,
                 BirthDateClaim, SexClaim, NationalityClaim, DocumentNumberClaim, IssuerClaim,
                 DocumentTypeClaim, ExpiryDateClaim, DocsClaim, PassengerTypeClaim>;

// One statement about the passenger.
struct Claim {
  Source source;
  CaptureMethod capture;
  Assurance assurance = Assurance::kAsserted;
  ClaimValue value;
};

// Whether a source speaks for the travel side (booking, boarding pass) or for the identity
// side (zone, visual zone, chip, typed from a document).
bool is_travel_side(Source source);

}  // namespace paxid::verification
