#include "verification/counterfactual.h"

#include <algorithm>
#include <string>

namespace paxid::verification {
namespace {

// What would be true instead, as the end of "It would be MATCH if ...".
std::string wish_of(const RuleOutcome& outcome) {
  // More than one part differs: naming one of them would promise too much.
  if (outcome.code == RuleCode::kNamesDiffer) return "surname and given name agreed";
  const std::string& booked = outcome.booking_part.reveal();
  const std::string& document = outcome.document_part.reveal();
  if (!booked.empty() && !document.empty()) {
    return "the booking had " + document + " instead of " + booked;
  }
  if (!document.empty()) return "the booking had " + document + " as well";
  if (!booked.empty()) return "the document had " + booked + " as well";
  switch (outcome.code) {
    case RuleCode::kBirthDateDiffers:
    case RuleCode::kBirthDateSlip:
      return "the birth dates agreed";
    case RuleCode::kSexDiffers:
      return "the sex agreed";
    case RuleCode::kPassNotReliable:
      return "the boarding pass could be read and agreed";
    case RuleCode::kPassOfOtherFlight:
      return "the boarding pass were for this flight";
    case RuleCode::kDocumentExpired:
      return "the document were still valid";
    case RuleCode::kSpecimenDocument:
      return "the document were issued by a State";
    case RuleCode::kZoneNotReliable:
      return "the zone were read without an error";
    case RuleCode::kClaimsContradict:
      return "the readings agreed with each other";
    case RuleCode::kDocumentOfPeer:
      return "no other passenger of the flight fitted the document better";
    case RuleCode::kSameNamePeer:
      return "the birth date were given with the booking and agreed";
    case RuleCode::kAlreadyBoarded:
      return "the pass had not been used before";
    case RuleCode::kDocumentAlreadyUsed:
      return "nobody had boarded on the document";
    case RuleCode::kOffline:
    case RuleCode::kNoBooking:
      return "the booking were known and had the same name";
    case RuleCode::kPassNotACut:
    case RuleCode::kPassOfOtherName:
      return "the boarding pass showed the name of the booking";
    case RuleCode::kFieldsSwapped:
      return "surname and given name stood in their fields, or the birth dates agreed";
    default:
      return "the names agreed";
  }
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

Counterfactual make(std::string_view code, Verdict verdict, const std::string& wish) {
  return {code, verdict,
          base::PersonalText("It would be " + std::string(name_of(verdict)) + " if " + wish + ".")};
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
  std::string together;
  std::vector<RuleOutcome> rest;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (outcomes[i].at_best != worst) {
      rest.push_back(outcomes[i]);
      continue;
    }
    together += (together.empty() ? "" : " and ") + wish_of(outcomes[i]);
    const Verdict better = worst_of(without(outcomes, i));
    if (better < worst)
      result.push_back(make(name_of(outcomes[i].code), better, wish_of(outcomes[i])));
  }
  if (result.empty()) result.push_back(make("ALL_OF_THESE", worst_of(rest), together));
  return result;
}

}  // namespace paxid::verification
