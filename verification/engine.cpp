#include "verification/engine.h"

#include <openssl/sha.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "base/hex.h"
#include "base/utf8.h"
#include "matcher/compare.h"
#include "verification/attributes.h"
#include "verification/correction_rules.h"
#include "verification/counterfactual.h"
#include "verification/explanation.h"
#include "verification/flight_content.h"
#include "verification/flight_rules.h"
#include "verification/name_rules.h"
#include "verification/pass_rules.h"
#include "verification/station.h"

namespace paxid::verification {
namespace {

// A score of exactly 0 or 1 would be a claim no evidence carries.
constexpr double kLeastConfidence = 1e-6;

// What one verification depends on, and what it gathers on its way.
struct Judgement {
  const Evidence& evidence;
  const Policy& policy;
  const Sides& sides;
  const PreparedPassenger* booked;  // on the loaded flight; null: not there
  Rules rules;
  AttributeRelations relations;
  const std::vector<TravelName>& booking;  // readings of the booked name
  std::vector<matcher::PreparedName> document_names;

  std::vector<RuleOutcome> outcomes = {};
  matcher::Comparison comparison = {};  // without an opinion when nothing could be compared

  void add(RuleCode code, Verdict at_best) { outcomes.push_back({code, at_best}); }
  void add(std::vector<RuleOutcome> more) {
    for (RuleOutcome& outcome : more) outcomes.push_back(std::move(outcome));
  }
};

double logistic_of_bits(double bits) { return 1.0 / (1.0 + std::exp2(-bits)); }

double bits_of(double probability) { return std::log2(probability / (1.0 - probability)); }

// The calibrated probability of the names, moved by the evidence of the other data.
double confidence_of(const Judgement& judgement, double prior) {
  double bits = bits_of(std::clamp(matcher::confidence(judgement.comparison, prior),
                                   kLeastConfidence, 1 - kLeastConfidence));
  for (const RuleOutcome& outcome : judgement.outcomes) bits += outcome.bits;
  return std::clamp(logistic_of_bits(bits), kLeastConfidence, 1 - kLeastConfidence);
}

// False when there is no name of a person on the travel side.
bool judge_kind(Judgement& judgement, const std::vector<TravelName>& readings) {
  if (readings.empty()) {
    judgement.add(RuleCode::kNoTravelName, Verdict::kReview);
    return false;
  }
  switch (readings.front().reading.kind) {
    case bcbp::NameKind::kPerson:
      return true;
    case bcbp::NameKind::kPlaceholder:
      judgement.add(RuleCode::kPlaceholderName, Verdict::kMismatch);
      return false;
    case bcbp::NameKind::kNonPerson:
    case bcbp::NameKind::kUnnamedInfant:
    case bcbp::NameKind::kGroup:
      judgement.add(RuleCode::kNotAPerson, Verdict::kReview);
      return false;
  }
  return true;
}

// The document shows a second surname (usage, maiden, stage name) that fits the booking where
// the first does not.
bool fits_usage_name(const std::vector<TravelName>& readings, const IdentitySide& identity,
                     const Rules& rules) {
  for (const SourcedName& usage : identity.usage_names) {
    for (const SourcedName& name : identity.names) {
      SourcedName alternative = name;
      alternative.text.full.clear();
      alternative.text.surname = usage.text.surname.empty() ? usage.text.full : usage.text.surname;
      if (!usage.text.given.empty()) alternative.text.given = usage.text.given;
      const auto prepared = prepare_names({alternative});
      const NameEvidence evidence = best_evidence(readings, prepared);
      if (worst_of(name_rules(evidence.comparison, {}, rules)) < Verdict::kMismatch &&
          evidence.comparison.surname.relation <= matcher::Relation::kTruncated) {
        return true;
      }
    }
  }
  return false;
}

void replace_by_usage_name(std::vector<RuleOutcome>& outcomes) {
  for (RuleOutcome& outcome : outcomes) {
    if (outcome.code != RuleCode::kSurnameDiffers && outcome.code != RuleCode::kNamesDiffer)
      continue;
    outcome.code = RuleCode::kUsageName;
    outcome.at_best = Verdict::kReview;
  }
}

// Where a zone is too short, every part of the name may be cut, not the last one alone: MIGUE A for
// MIGUEL ANTONIO.
bool is_cut_everywhere(const matcher::Comparison& comparison) {
  return (comparison.transformations & matcher::kTruncation) != 0 &&
         std::all_of(comparison.reasons.begin(), comparison.reasons.end(),
                     [](const matcher::Reason& reason) {
                       return (reason.code != matcher::ReasonCode::kPrefix &&
                               reason.code != matcher::ReasonCode::kNickname) ||
                              reason.a.starts_with(reason.b) || reason.b.starts_with(reason.a);
                     });
}

// Whether two readings of one document can be one name: the zone's spelling, its cuts and
// another script's letters are allowed, another spelling is not.
bool can_be_one_document(const matcher::Comparison& comparison) {
  if (!comparison.opinion) return true;
  const bool cross_script = comparison.family != matcher::Family::kLatin;
  const bool cut = is_cut_everywhere(comparison);
  const auto allowed = [&](const matcher::FieldRelation& field) {
    switch (field.relation) {
      case matcher::Relation::kAbsent:
      case matcher::Relation::kEqual:
      case matcher::Relation::kEqualAfterNormalisation:
      case matcher::Relation::kTruncated:
      case matcher::Relation::kInitial:  // a zone cuts a name down to its first letter
      case matcher::Relation::kMissing:
        return true;
      case matcher::Relation::kSpellingVariant:
        return cross_script;
      case matcher::Relation::kPrefix:
      case matcher::Relation::kNickname:
        return cut;
      default:
        return false;
    }
  };
  return comparison.fields_known ? allowed(comparison.surname) && allowed(comparison.first_given) &&
                                       allowed(comparison.further_given)
                                 : allowed(comparison.whole);
}

// A zone that names somebody else than the page above it is a damaged or an altered document.
void judge_document_names(Judgement& judgement, const std::vector<matcher::PreparedName>& names) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    for (std::size_t j = i + 1; j < names.size(); ++j) {
      if (can_be_one_document(matcher::compare(names[i], names[j]))) continue;
      judgement.add(RuleCode::kClaimsContradict, Verdict::kReview);
      return;
    }
  }
}

// FNU/GARCIA against GARCIA/FNU: each side says that another field is the unknown one.
void judge_exchanged_placeholders(Judgement& judgement, const bcbp::NameCandidate& reading,
                                  const AttributeRelations& relations, const Rules& rules) {
  if (reading.convention != bcbp::NameConvention::kNoSurname) return;
  const auto& reasons = judgement.comparison.reasons;
  const bool on_document =
      std::any_of(reasons.begin(), reasons.end(), [](const matcher::Reason& reason) {
        return reason.code == matcher::ReasonCode::kPlaceholder && !reason.b.empty();
      });
  if (!on_document) return;
  judgement.add(RuleCode::kFieldsSwapped,
                relations.corroborated() ? rules.fields_swapped : Verdict::kReview);
}

// The form the airline refuses, such as LNU.
void judge_form(Judgement& judgement, const bcbp::NameCandidate& reading) {
  const auto bit = std::uint32_t{1} << static_cast<unsigned>(reading.convention);
  if ((judgement.rules.refused_forms & bit) == 0) return;
  judgement.add(RuleCode::kFormRefused, judgement.rules.refused_form);
}

void judge_name(Judgement& judgement) {
  const Sides& sides = judgement.sides;
  const bool booked = !judgement.booking.empty();
  const std::vector<TravelName> pass =
      booked ? std::vector<TravelName>()
             : prepare_readings(sides.travel.pass_readings, matcher::Source::kBoardingPass);
  const std::vector<TravelName>& readings = booked ? judgement.booking : pass;
  if (!judge_kind(judgement, readings)) return;
  if (judgement.document_names.empty()) {
    const bool asked = judgement.rules.document_mode != DocumentMode::kNone;
    judgement.add(asked ? RuleCode::kNoDocumentName : RuleCode::kNoDocumentAsked,
                  asked ? Verdict::kReview : Verdict::kMatch);
    return;
  }
  judge_document_names(judgement, judgement.document_names);
  const NameEvidence best = best_evidence(readings, judgement.document_names);
  judgement.comparison = best.comparison;
  const bcbp::NameCandidate& reading = readings[best.reading].reading;
  const matcher::NameText& document_name = sides.identity.names[best.document_name].text;
  auto outcomes = name_rules(best.comparison,
                             {judgement.relations, document_name.issuer, document_name.surname,
                              base::count_code_points(reading.surname).value_or(0)},
                             judgement.rules);
  if (fits_usage_name(readings, sides.identity, judgement.rules)) replace_by_usage_name(outcomes);
  judgement.add(std::move(outcomes));
  judge_exchanged_placeholders(judgement, reading, judgement.relations, judgement.rules);
  judge_form(judgement, reading);
  judgement.add(peer_rules(judgement.evidence.context, sides, best, readings,
                           judgement.document_names, judgement.relations));
}

bool is_checked_in(const Judgement& judgement) {
  return !judgement.sides.travel.pass_readings.empty() ||
         (judgement.booked != nullptr && !judgement.booked->data->sequence.empty());
}

void judge_correction(Judgement& judgement) {
  const TravelSide& travel = judgement.sides.travel;
  CorrectionOccasion occasion;
  if (travel.booked_on) {
    occasion.days_since_booking =
        base::days_between(*travel.booked_on, judgement.evidence.station_date);
  }
  occasion.minutes_to_departure = judgement.evidence.context.minutes_to_departure;
  occasion.checked_in = is_checked_in(judgement);
  occasion.partner_flight =
      std::any_of(travel.pass_flights.begin(), travel.pass_flights.end(),
                  [](const PassFlight& flight) { return flight.of_partner(); });
  if (auto rule =
          correction_rule(judgement.outcomes, judgement.comparison, occasion, judgement.rules)) {
    judgement.outcomes.push_back(std::move(*rule));
  }
}

void judge_clock(Judgement& judgement) {
  const auto& offset = judgement.evidence.client_clock_offset_seconds;
  if (!offset || std::abs(*offset) <= judgement.rules.max_skew_seconds) return;
  RuleOutcome outcome{RuleCode::kClockSkew, Verdict::kMatch};
  outcome.arguments.push_back({"minutes", std::abs(*offset) / 60});
  judgement.outcomes.push_back(std::move(outcome));
}

// What happens again, or was misread again, was not accepted before.
bool can_be_cleared(RuleCode code) {
  switch (code) {
    case RuleCode::kAlreadyBoarded:
    case RuleCode::kSeatTaken:
    case RuleCode::kPassNotReliable:
    case RuleCode::kZoneNotReliable:
    case RuleCode::kPassOfOtherFlight:
    case RuleCode::kNotOnFlight:
      return false;
    default:
      return true;
  }
}

// What a person has accepted before for the same name and document does not alarm again.
void clear_accepted(Judgement& judgement) {
  bool cleared = false;
  for (RuleOutcome& outcome : judgement.outcomes) {
    const auto bit = std::uint64_t{1} << static_cast<unsigned>(outcome.code);
    if (outcome.at_best != Verdict::kReview || !can_be_cleared(outcome.code) ||
        (judgement.evidence.context.cleared_bits & bit) == 0) {
      continue;
    }
    outcome.at_best = Verdict::kMatch;
    cleared = true;
  }
  if (cleared) judgement.add(RuleCode::kClearedBefore, Verdict::kMatch);
}

void judge_all(Judgement& judgement) {
  constexpr std::size_t kUsualOutcomes = 8;
  judgement.outcomes.reserve(kUsualOutcomes);
  judgement.add(pass_rules(judgement.sides, judgement.booking, judgement.booked, judgement.evidence,
                           judgement.rules));
  judgement.add(state_rules(judgement.evidence.context));
  judge_name(judgement);
  const Flight& flight = judgement.evidence.flight;
  const Occasion occasion{flight.carrier, flight.from, flight.to, flight.departure_date,
                          judgement.evidence.station_date};
  judgement.add(attribute_rules(
      {judgement.sides, judgement.relations, judgement.policy, judgement.rules, occasion}));
  judge_correction(judgement);
  judge_clock(judgement);
  clear_accepted(judgement);
  // On another person's document there is nothing to correct.
  if (worst_of(judgement.outcomes) < Verdict::kMismatch &&
      needs_api_correction(judgement.sides, judgement.relations, judgement.document_names)) {
    judgement.add(RuleCode::kApiCorrection, Verdict::kMatch);
  }
}

VerdictReport report_of(const Judgement& judgement) {
  VerdictReport report;
  report.verdict = worst_of(judgement.outcomes);
  report.confidence = confidence_of(judgement, judgement.policy.prior);
  report.sentence = sentence_for(judgement.outcomes, report.verdict);
  report.reasons = reasons_of(judgement.outcomes, judgement.comparison);
  for (const Reason& reason : report.reasons) report.log_odds += reason.bits;
  report.findings = judgement.sides.findings;
  report.counterfactuals = counterfactuals_of(judgement.outcomes);
  report.alignment = alignment_of(judgement.comparison);
  for (const RuleOutcome& outcome : judgement.outcomes) {
    report.reason_bits |= std::uint64_t{1} << static_cast<unsigned>(outcome.code);
  }
  return report;
}

// Null when the request is about nobody on the loaded flight.
const PreparedPassenger* booked_passenger(const FlightContext& context) {
  if (!context.passenger || *context.passenger >= context.flight.size()) return nullptr;
  return &context.flight.content()->passengers[*context.passenger];
}

std::vector<std::uint8_t> make_software_digest() {
  std::string text = "paxid ";
  text += PAXID_VERSION;
  text += " tables ";
  text += matcher::tables_digest();
  text += airports_digest();
  std::vector<std::uint8_t> digest(SHA256_DIGEST_LENGTH);
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return digest;
}

}  // namespace

Engine::Engine(Policy policy) : policy_(std::move(policy)) {}

Judged Engine::judge(const Evidence& evidence) const {
  const PreparedPassenger* booked = booked_passenger(evidence.context);
  Judged judged;
  judged.sides = sort_claims(evidence.claims, evidence.station_date,
                             booked == nullptr ? nullptr : booked->data, evidence.pass_keys);
  judged.report = verify(evidence, judged.sides);
  return judged;
}

VerdictReport Engine::verify(const Evidence& evidence) const { return judge(evidence).report; }

VerdictReport Engine::verify(const Evidence& evidence, const Sides& sides) const {
  const PreparedPassenger* booked = booked_passenger(evidence.context);
  const Flight& flight = evidence.flight;
  std::vector<TravelName> stated;
  if (booked == nullptr)
    stated = prepare_readings(sides.travel.booking_readings, matcher::Source::kBooking);
  Judgement judgement{evidence,
                      policy_,
                      sides,
                      booked,
                      policy_.rules_for({flight.carrier, flight.from, flight.to,
                                         flight.departure_date, evidence.station_date}),
                      relate_attributes(sides.travel, sides.identity),
                      booked != nullptr ? booked->readings : stated,
                      prepare_names(sides.identity.names)};
  judge_all(judgement);
  return report_of(judgement);
}

const std::string& Engine::version() {
  static const std::string version =
      std::string(PAXID_VERSION) + "+" + base::to_hex(software_digest()).substr(0, 8);
  return version;
}

const std::vector<std::uint8_t>& Engine::software_digest() {
  static const std::vector<std::uint8_t> digest = make_software_digest();
  return digest;
}

}  // namespace paxid::verification
