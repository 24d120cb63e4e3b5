#include "verification/counterfactual.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace paxid::verification {
namespace {

// The wishes that have a sentence of their own: the rule and its key.
struct RuleWish {
  RuleCode code;
  std::string_view key;
};
constexpr RuleWish kRuleWishes[] = {
    // More than one part differs: naming one of them would promise too much.
    {RuleCode::kNamesDiffer, "WISH_NAMES_AGREED"},
    {RuleCode::kBirthDateDiffers, "WISH_BIRTH_DATES_AGREED"},
    {RuleCode::kBirthDateSlip, "WISH_BIRTH_DATES_AGREED"},
    {RuleCode::kSexDiffers, "WISH_SEX_AGREED"},
    {RuleCode::kPassNotReliable, "WISH_PASS_READ"},
    {RuleCode::kPassOfOtherFlight, "WISH_PASS_OF_FLIGHT"},
    {RuleCode::kDocumentExpired, "WISH_DOCUMENT_VALID"},
    {RuleCode::kShortValidity, "WISH_VALID_UNTIL"},
    {RuleCode::kSpecimenDocument, "WISH_DOCUMENT_OF_STATE"},
    {RuleCode::kUnknownState, "WISH_KNOWN_STATE"},
    {RuleCode::kAgeNotOfType, "WISH_TYPE_OF_AGE"},
    {RuleCode::kTypedOnly, "WISH_SCANNED"},
    {RuleCode::kCorrectionNotCovered, "WISH_CORRECTED"},
    {RuleCode::kFormRefused, "WISH_OTHER_FORM"},
    {RuleCode::kZoneNotReliable, "WISH_ZONE_READ"},
    {RuleCode::kClaimsContradict, "WISH_READINGS_AGREED"},
    {RuleCode::kDocumentOfPeer, "WISH_OWN_DOCUMENT"},
    {RuleCode::kSameNamePeer, "WISH_BIRTH_DATE_BOOKED"},
    {RuleCode::kAlreadyBoarded, "WISH_PASS_NOT_USED"},
    {RuleCode::kDocumentAlreadyUsed, "WISH_DOCUMENT_NOT_USED"},
    {RuleCode::kDocumentReported, "WISH_DOCUMENT_NOT_REPORTED"},
    {RuleCode::kSeatTaken, "WISH_SEAT_FREE"},
    {RuleCode::kNotOnFlight, "WISH_ON_FLIGHT"},
    {RuleCode::kOffline, "WISH_BOOKING_KNOWN"},
    {RuleCode::kNoBooking, "WISH_BOOKING_KNOWN"},
    {RuleCode::kPassNotACut, "WISH_PASS_AS_BOOKED"},
    {RuleCode::kPassOfOtherName, "WISH_PASS_AS_BOOKED"},
    {RuleCode::kFieldsSwapped, "WISH_FIELDS_IN_PLACE"},
};

// What would be true instead, as the end of "It would be MATCH if ...".
base::Message wish_of(const RuleOutcome& outcome) {
  base::Message wish{"WISH_NAMES_AGREED", outcome.arguments, {}};
  for (const RuleWish& known : kRuleWishes) {
    if (known.code != outcome.code) continue;
    wish.key = known.key;
    return wish;
  }
  const bool booked = !outcome.booking_part.empty();
  const bool on_document = !outcome.document_part.empty();
  if (booked && on_document) wish.key = "WISH_BOOKED_INSTEAD";
  if (!booked && on_document) wish.key = "WISH_BOOKED_TOO";
  if (booked && !on_document) wish.key = "WISH_ON_DOCUMENT_TOO";
  if (booked) wish.arguments.push_back({"booking", outcome.booking_part});
  if (on_document) wish.arguments.push_back({"document", outcome.document_part});
  return wish;
}

// Where nothing could be compared, nobody knows what a comparison would say.
bool can_promise(RuleCode code) {
  switch (code) {
    case RuleCode::kNoTravelName:
    case RuleCode::kNoDocumentName:
    case RuleCode::kPlaceholderName:
    case RuleCode::kNotAPerson:
    case RuleCode::kUnknownScript:
      return false;
    default:
      return true;
  }
}

std::vector<RuleOutcome> without(const std::vector<RuleOutcome>& outcomes, std::size_t index) {
  std::vector<RuleOutcome> rest = outcomes;
  rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(index));
  return rest;
}

}  // namespace

std::vector<Counterfactual> counterfactuals_of(const std::vector<RuleOutcome>& outcomes) {
  const Verdict worst = worst_of(outcomes);
  std::vector<Counterfactual> result;
  if (worst == Verdict::kMatch ||
      !std::all_of(outcomes.begin(), outcomes.end(),
                   [](const RuleOutcome& outcome) { return can_promise(outcome.code); })) {
    return result;
  }
  std::vector<base::Message> together;
  std::vector<RuleOutcome> rest;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (outcomes[i].at_best != worst) {
      rest.push_back(outcomes[i]);
      continue;
    }
    base::Message wish = wish_of(outcomes[i]);
    const Verdict better = worst_of(without(outcomes, i));
    if (better < worst) result.push_back({name_of(outcomes[i].code), better, {wish}, {}});
    if (std::find(together.begin(), together.end(), wish) == together.end())
      together.push_back(std::move(wish));
  }
  if (result.empty()) {
    result.push_back({"ALL_OF_THESE", worst_of(rest), std::move(together), {}});
  }
  return result;
}

}  // namespace paxid::verification
