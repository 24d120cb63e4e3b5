#include "verification/rule.h"

#include <algorithm>
#include <array>

#include "base/check.h"

namespace paxid::verification {
namespace {

struct RuleName {
  RuleCode code;
  std::string_view name;
};

constexpr std::array<RuleName, kRuleCodeCount> kRules{{
    {RuleCode::kSameName, "SAME_NAME"},
    {RuleCode::kSpellingVariant, "SPELLING_VARIANT"},
    {RuleCode::kLettersDiffer, "LETTERS_DIFFER"},
    {RuleCode::kOtherKnownName, "OTHER_KNOWN_NAME"},
    {RuleCode::kGivenNameDiffers, "GIVEN_NAME_DIFFERS"},
    {RuleCode::kSurnameDiffers, "SURNAME_DIFFERS"},
    {RuleCode::kNamesDiffer, "NAMES_DIFFER"},
    {RuleCode::kNickname, "NICKNAME"},
    {RuleCode::kInitialOnly, "INITIAL_ONLY"},
    {RuleCode::kPrefixOnly, "PREFIX_ONLY"},
    {RuleCode::kFurtherNameMissing, "FURTHER_NAME_MISSING"},
    {RuleCode::kFirstNameMissing, "FIRST_NAME_MISSING"},
    {RuleCode::kFurtherNameDiffers, "FURTHER_NAME_DIFFERS"},
    {RuleCode::kSurnamePartMissing, "SURNAME_PART_MISSING"},
    {RuleCode::kGenderedSurname, "GENDERED_SURNAME"},
    {RuleCode::kFieldsSwapped, "FIELDS_SWAPPED"},
    {RuleCode::kPartsMoved, "PARTS_MOVED"},
    {RuleCode::kSuffixConflict, "SUFFIX_CONFLICT"},
    {RuleCode::kUsageName, "USAGE_NAME"},
    {RuleCode::kPlaceholderName, "PLACEHOLDER_NAME"},
    {RuleCode::kNotAPerson, "NOT_A_PERSON"},
    {RuleCode::kUnknownScript, "UNKNOWN_SCRIPT"},
    {RuleCode::kNoBooking, "NO_BOOKING"},
    {RuleCode::kNoTravelName, "NO_TRAVEL_NAME"},
    {RuleCode::kNoDocumentName, "NO_DOCUMENT_NAME"},
    {RuleCode::kPassOfOtherName, "PASS_OF_OTHER_NAME"},
    {RuleCode::kPassNotACut, "PASS_NOT_A_CUT"},
    {RuleCode::kClaimsContradict, "CLAIMS_CONTRADICT"},
    {RuleCode::kZoneNotReliable, "ZONE_NOT_RELIABLE"},
    {RuleCode::kBirthDateEqual, "BIRTH_DATE_EQUAL"},
    {RuleCode::kBirthDateSlip, "BIRTH_DATE_SLIP"},
    {RuleCode::kBirthDateDiffers, "BIRTH_DATE_DIFFERS"},
    {RuleCode::kSexEqual, "SEX_EQUAL"},
    {RuleCode::kSexDiffers, "SEX_DIFFERS"},
    {RuleCode::kDocumentNumberEqual, "DOCUMENT_NUMBER_EQUAL"},
    {RuleCode::kDocumentNumberDiffers, "DOCUMENT_NUMBER_DIFFERS"},
    {RuleCode::kNationalityEqual, "NATIONALITY_EQUAL"},
    {RuleCode::kNationalityDiffers, "NATIONALITY_DIFFERS"},
    {RuleCode::kDocumentExpired, "DOCUMENT_EXPIRED"},
    {RuleCode::kSpecimenDocument, "SPECIMEN_DOCUMENT"},
    {RuleCode::kDocumentOfPeer, "DOCUMENT_OF_PEER"},
    {RuleCode::kSameNamePeer, "SAME_NAME_PEER"},
    {RuleCode::kAlreadyBoarded, "ALREADY_BOARDED"},
    {RuleCode::kDocumentAlreadyUsed, "DOCUMENT_ALREADY_USED"},
    {RuleCode::kOffline, "OFFLINE"},
    {RuleCode::kDocumentedForm, "DOCUMENTED_FORM"},
    {RuleCode::kPassNotReliable, "PASS_NOT_RELIABLE"},
    {RuleCode::kPassOfOtherFlight, "PASS_OF_OTHER_FLIGHT"},
    {RuleCode::kStalePass, "STALE_PASS"},
    {RuleCode::kUnknownState, "UNKNOWN_STATE"},
    {RuleCode::kShortValidity, "SHORT_VALIDITY"},
    {RuleCode::kAgeNotOfType, "AGE_NOT_OF_TYPE"},
    {RuleCode::kApiCorrection, "API_CORRECTION"},
    {RuleCode::kTypedOnly, "TYPED_ONLY"},
    {RuleCode::kNoDocumentAsked, "NO_DOCUMENT_ASKED"},
    {RuleCode::kClockSkew, "CLOCK_SKEW"},
    {RuleCode::kCorrectionNotCovered, "CORRECTION_NOT_COVERED"},
    {RuleCode::kFormRefused, "FORM_REFUSED"},
    {RuleCode::kNotOnFlight, "NOT_ON_FLIGHT"},
    {RuleCode::kSeatTaken, "SEAT_TAKEN"},
    {RuleCode::kDocumentReported, "DOCUMENT_REPORTED"},
    {RuleCode::kClearedBefore, "CLEARED_BEFORE"},
    {RuleCode::kSurnameShared, "SURNAME_SHARED"},
}};

constexpr bool table_is_in_order() {
  for (std::size_t i = 0; i < kRules.size(); ++i) {
    if (static_cast<std::size_t>(kRules[i].code) != i) return false;
  }
  return true;
}
static_assert(table_is_in_order());
static_assert(kRuleCodeCount <= 64, "reason_bits of the record has 64 bits");

std::string_view name_at(RuleCode code) {
  const auto index = static_cast<std::size_t>(code);
  PAXID_CHECK(index < kRules.size());
  return kRules[index].name;
}

}  // namespace

std::string_view name_of(RuleCode code) { return name_at(code); }

base::Message sentence_of(const RuleOutcome& outcome) {
  base::Message message{
      outcome.sentence_key.empty() ? name_of(outcome.code) : outcome.sentence_key, {}, {}};
  message.arguments.reserve(outcome.arguments.size() + 2);
  message.arguments = outcome.arguments;
  message.arguments.push_back({"booking", outcome.booking_part});
  message.arguments.push_back({"document", outcome.document_part});
  return message;
}

Verdict worst_of(const std::vector<RuleOutcome>& outcomes) {
  Verdict worst = Verdict::kMatch;
  for (const RuleOutcome& outcome : outcomes) worst = std::max(worst, outcome.at_best);
  return worst;
}

}  // namespace paxid::verification
