#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "verification/verdict.h"

namespace paxid::verification {

// The rules a verdict is made of: a closed list, explained in docs/policy.md. The number of
// a code is its bit in the record's reason_bits: numbers are never reused.
enum class RuleCode : std::uint8_t {
  // The name
  kSameName = 0,         // the same letters
  kSpellingVariant = 1,  // spellings of one name (PHILIP, PHILLIP; YULIA, IULIIA)
  kLettersDiffer = 2,    // a slip: few letters, no other known name
  kOtherKnownName = 3,   // few letters, but both are known names (MARIO, MARIA)
  kGivenNameDiffers = 4,
  kSurnameDiffers = 5,
  kNamesDiffer = 6,  // surname and given name
  kNickname = 7,
  kInitialOnly = 8,
  kPrefixOnly = 9,  // ANN for ANNABEL, where nothing cut the field
  kFurtherNameMissing = 10,
  kFirstNameMissing = 11,  // called by a later given name
  kFurtherNameDiffers = 12,
  kSurnamePartMissing = 13,
  kGenderedSurname = 14,  // NOVAK, NOVAKOVA
  kFieldsSwapped = 15,
  kPartsMoved = 16,       // a part stands in the other field
  kSuffixConflict = 17,   // JR against SR
  kUsageName = 18,        // booked under the usage name that the document shows
  kPlaceholderName = 19,  // TBA, XXX
  kNotAPerson = 20,       // extra seat, cabin baggage, group, unnamed infant
  kUnknownScript = 21,
  // What is there to compare
  kNoBooking = 22,
  kNoTravelName = 23,
  kNoDocumentName = 24,
  kPassOfOtherName = 25,   // the pass is no cut of the booking and names somebody else
  kPassNotACut = 26,       // the pass is no cut of the booking, but close: an older spelling
  kClaimsContradict = 27,  // two sources of one side disagree
  kZoneNotReliable = 28,
  // The other data
  kBirthDateEqual = 29,
  kBirthDateSlip = 30,  // one digit, or day and month exchanged
  kBirthDateDiffers = 31,
  kSexEqual = 32,
  kSexDiffers = 33,
  kDocumentNumberEqual = 34,
  kDocumentNumberDiffers = 35,
  kNationalityEqual = 36,
  kNationalityDiffers = 37,
  kDocumentExpired = 38,
  kSpecimenDocument = 39,
  // The flight
  kDocumentOfPeer = 40,  // fits another passenger of the flight better
  kSameNamePeer = 41,    // fits another passenger of the flight as well
  kAlreadyBoarded = 42,
  kDocumentAlreadyUsed = 43,
  kOffline = 44,
  // The name again
  kDocumentedForm = 45,  // the same after documented transformations (MUELLER, MÜLLER)
  // The pass again
  kPassNotReliable = 46,  // a pass was given that cannot be read
  kPassOfOtherFlight = 47,
  kStalePass = 48,  // printed before a correction of the booking: reprint it
  // The other data again
  kUnknownState = 49,     // issuer or nationality is no code of Doc 9303-3
  kShortValidity = 50,    // not valid for as long as the destination asks
  kAgeNotOfType = 51,     // booked as infant, child, adult or unaccompanied minor of another age
  kApiCorrection = 52,    // the advance passenger data are not those of the document
  kTypedOnly = 53,        // the route asks for a document, and nothing of it was scanned
  kNoDocumentAsked = 54,  // the route asks for none
  kClockSkew = 55,        // the device's clock is wrong
  // The airline
  kCorrectionNotCovered = 56,  // the airline does not correct such a difference by itself
  kFormRefused = 57,           // LNU where the airline forbids it
  // The flight again
  kNotOnFlight = 58,
  kSeatTaken = 59,
  kDocumentReported = 60,  // lost, stolen or void, says the carrier
  kClearedBefore = 61,     // a person has accepted the same difference
  kSurnameShared = 62,     // others on board bear the surname: it says less
};
inline constexpr int kRuleCodeCount = 63;

std::string_view name_of(RuleCode code);  // "SAME_NAME"; static lifetime
// A rule that applies, and the best verdict it leaves possible. The worst of all wins.
struct RuleOutcome {
  RuleCode code;
  Verdict at_best = Verdict::kMatch;
  double bits = 0;                       // evidence of the attribute; 0 for rules on the name
  base::PersonalText booking_part = {};  // what differs, where a single part does
  base::PersonalText document_part = {};
  std::vector<base::Argument> arguments = {};  // what its sentence names beside
  std::string_view sentence_key = {};          // of a more special sentence; empty: its name
};

// What the rule says: "booking", "document" and `arguments` are put in.
base::Message sentence_of(const RuleOutcome& outcome);

Verdict worst_of(const std::vector<RuleOutcome>& outcomes);

}  // namespace paxid::verification
