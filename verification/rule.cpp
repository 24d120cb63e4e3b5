#include "verification/rule.h"

#include <algorithm>
#include <array>

#include "base/check.h"

namespace paxid::verification {
namespace {

struct RuleText {
  RuleCode code;
  std::string_view name;
  std::string_view sentence;
};

constexpr std::array<RuleText, kRuleCodeCount> kRules{{
    {RuleCode::kSameName, "SAME_NAME", "Booking and document show the same name."},
    {RuleCode::kSpellingVariant, "SPELLING_VARIANT",
     "The names are two usual spellings of one name."},
    {RuleCode::kLettersDiffer, "LETTERS_DIFFER",
     "A few letters differ, as in a typing slip: correct the booking."},
    {RuleCode::kOtherKnownName, "OTHER_KNOWN_NAME",
     "A few letters differ, and both spellings are names of their own."},
    {RuleCode::kGivenNameDiffers, "GIVEN_NAME_DIFFERS", "The given name is another one."},
    {RuleCode::kSurnameDiffers, "SURNAME_DIFFERS",
     "The surname is another one: ask for evidence of a change of name."},
    {RuleCode::kNamesDiffer, "NAMES_DIFFER", "Surname and given name are another person's."},
    {RuleCode::kNickname, "NICKNAME", "The booking has a short or pet form of the given name."},
    {RuleCode::kInitialOnly, "INITIAL_ONLY", "Only an initial stands for the given name."},
    {RuleCode::kPrefixOnly, "PREFIX_ONLY",
     "One name is only the beginning of the other, and nothing cut it."},
    {RuleCode::kFurtherNameMissing, "FURTHER_NAME_MISSING",
     "A further given name stands on one side only."},
    {RuleCode::kFirstNameMissing, "FIRST_NAME_MISSING",
     "The first given name is missing; a later one agrees."},
    {RuleCode::kFurtherNameDiffers, "FURTHER_NAME_DIFFERS", "A further given name is another one."},
    {RuleCode::kSurnamePartMissing, "SURNAME_PART_MISSING",
     "One of several surnames is missing on one side."},
    {RuleCode::kGenderedSurname, "GENDERED_SURNAME",
     "The surnames are the male and the female form of one name."},
    {RuleCode::kFieldsSwapped, "FIELDS_SWAPPED", "Surname and given name have changed places."},
    {RuleCode::kPartsMoved, "PARTS_MOVED", "A part of the name stands in the other field."},
    {RuleCode::kSuffixConflict, "SUFFIX_CONFLICT",
     "The generation suffixes contradict each other."},
    {RuleCode::kUsageName, "USAGE_NAME", "The booking has the usage name that the document shows."},
    {RuleCode::kPlaceholderName, "PLACEHOLDER_NAME",
     "The booking has a placeholder instead of a name."},
    {RuleCode::kNotAPerson, "NOT_A_PERSON", "The booking is not for a named person."},
    {RuleCode::kUnknownScript, "UNKNOWN_SCRIPT",
     "The names cannot be compared: there is no table for the script."},
    {RuleCode::kNoBooking, "NO_BOOKING", "No booking was given; the pass alone was compared."},
    {RuleCode::kNoTravelName, "NO_TRAVEL_NAME", "Neither booking nor boarding pass gave a name."},
    {RuleCode::kNoDocumentName, "NO_DOCUMENT_NAME", "The document gave no name."},
    {RuleCode::kPassOfOtherName, "PASS_OF_OTHER_NAME",
     "The boarding pass names somebody else than the booking."},
    {RuleCode::kPassNotACut, "PASS_NOT_A_CUT",
     "The boarding pass spells the name differently from the booking: reprint it."},
    {RuleCode::kClaimsContradict, "CLAIMS_CONTRADICT",
     "Two readings of the same side contradict each other."},
    {RuleCode::kZoneNotReliable, "ZONE_NOT_RELIABLE",
     "The machine-readable zone is damaged: scan it again."},
    {RuleCode::kBirthDateEqual, "BIRTH_DATE_EQUAL", "The birth dates agree."},
    {RuleCode::kBirthDateSlip, "BIRTH_DATE_SLIP",
     "The birth dates differ by one digit or by day and month exchanged."},
    {RuleCode::kBirthDateDiffers, "BIRTH_DATE_DIFFERS", "The birth dates differ."},
    {RuleCode::kSexEqual, "SEX_EQUAL", "The sex agrees."},
    {RuleCode::kSexDiffers, "SEX_DIFFERS", "The sex differs."},
    {RuleCode::kDocumentNumberEqual, "DOCUMENT_NUMBER_EQUAL",
     "The document is the one given with the booking."},
    {RuleCode::kDocumentNumberDiffers, "DOCUMENT_NUMBER_DIFFERS",
     "The document is not the one given with the booking."},
    {RuleCode::kNationalityEqual, "NATIONALITY_EQUAL", "The nationality agrees."},
    {RuleCode::kNationalityDiffers, "NATIONALITY_DIFFERS", "The nationality differs."},
    {RuleCode::kDocumentExpired, "DOCUMENT_EXPIRED", "The document has expired."},
    {RuleCode::kSpecimenDocument, "SPECIMEN_DOCUMENT", "The document is a specimen."},
    {RuleCode::kDocumentOfPeer, "DOCUMENT_OF_PEER",
     "The document fits another passenger of this flight better."},
    {RuleCode::kSameNamePeer, "SAME_NAME_PEER",
     "Another passenger of this flight has the same name."},
    {RuleCode::kAlreadyBoarded, "ALREADY_BOARDED", "This boarding pass was used before."},
    {RuleCode::kDocumentAlreadyUsed, "DOCUMENT_ALREADY_USED",
     "Another passenger has boarded on this document."},
    {RuleCode::kOffline, "OFFLINE", "Judged without the booking system."},
    {RuleCode::kDocumentedForm, "DOCUMENTED_FORM",
     "The same name in a form that ICAO and airline rules allow: spelling, spacing, title, cut."},
    {RuleCode::kPassNotReliable, "PASS_NOT_RELIABLE",
     "The boarding pass cannot be read: scan it again."},
    {RuleCode::kPassOfOtherFlight, "PASS_OF_OTHER_FLIGHT",
     "The boarding pass is for another flight."},
}};

constexpr bool table_is_in_order() {
  for (std::size_t i = 0; i < kRules.size(); ++i) {
    if (static_cast<std::size_t>(kRules[i].code) != i) return false;
  }
  return true;
}
static_assert(table_is_in_order());
static_assert(kRuleCodeCount <= 64, "reason_bits of the record has 64 bits");

const RuleText& text_of(RuleCode code) {
  const auto index = static_cast<std::size_t>(code);
  PAXID_CHECK(index < kRules.size());
  return kRules[index];
}

}  // namespace

std::string_view name_of(RuleCode code) { return text_of(code).name; }
std::string_view sentence_of(RuleCode code) { return text_of(code).sentence; }

Verdict worst_of(const std::vector<RuleOutcome>& outcomes) {
  Verdict worst = Verdict::kMatch;
  for (const RuleOutcome& outcome : outcomes) worst = std::max(worst, outcome.at_best);
  return worst;
}

}  // namespace paxid::verification
