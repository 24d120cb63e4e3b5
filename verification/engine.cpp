#include "verification/engine.h"

#include <openssl/sha.h>

#include <algorithm>
#include <cmath>

#include "base/hex.h"
#include "base/utf8.h"
#include "bcbp/name_field.h"
#include "matcher/compare.h"
#include "verification/attributes.h"
#include "verification/counterfactual.h"
#include "verification/flight_rules.h"
#include "verification/name_rules.h"
#include "verification/sides.h"

namespace paxid::verification {
namespace {

// A score of exactly 0 or 1 would be a claim no evidence carries.
constexpr double kLeastConfidence = 1e-6;

// What one verification gathers on its way.
struct Judgement {
  std::vector<RuleOutcome> outcomes;
  matcher::Comparison comparison;  // without an opinion when nothing could be compared

  void add(RuleCode code, Verdict at_best) { outcomes.push_back({code, at_best, 0, {}, {}}); }
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

bcbp::BookedName booked_name(const bcbp::NameCandidate& reading) {
  return {reading.surname, reading.given, reading.title, reading.suffix, reading.ptc};
}

// Whether the pass can have been printed for the booking: a legal cut of one of its readings.
bool is_cut_of_booking(const TravelSide& travel) {
  return std::any_of(
      travel.booking_readings.begin(), travel.booking_readings.end(),
      [&travel](const bcbp::NameCandidate& reading) {
        return bcbp::is_legal_cut(travel.pass_name_field, booked_name(reading)).legal;
      });
}

// Few letters apart: an older spelling, corrected in the booking since the pass was printed.
bool is_close(const matcher::Comparison& comparison, int max_letter_changes) {
  return comparison.opinion && comparison.log_odds > 0 &&
         comparison.whole.relation < matcher::Relation::kContradicting &&
         comparison.whole.letter_edits <= max_letter_changes;
}

void judge_pass_against_booking(Judgement& judgement, const TravelSide& travel,
                                const NameRules& policy) {
  if (travel.booking_readings.empty() || travel.pass_readings.empty() || is_cut_of_booking(travel))
    return;
  const auto booking = prepare_readings(travel.booking_readings, matcher::Source::kBooking);
  std::vector<matcher::PreparedName> pass;
  for (const TravelName& name :
       prepare_readings(travel.pass_readings, matcher::Source::kBoardingPass)) {
    pass.push_back(name.prepared);
  }
  if (is_close(best_evidence(booking, pass).comparison, policy.max_letter_changes)) {
    judgement.add(RuleCode::kPassNotACut, Verdict::kReview);
  } else {
    judgement.add(RuleCode::kPassOfOtherName, Verdict::kMismatch);
  }
}

// Without a booking the pass carries what it can: never MATCH when its field may be cut.
void judge_without_booking(Judgement& judgement, const TravelSide& travel, bool offline) {
  if (!travel.booking_readings.empty()) return;
  judgement.add(RuleCode::kNoBooking, travel.pass_field_full ? Verdict::kReview : Verdict::kMatch);
  if (offline) judgement.add(RuleCode::kOffline, Verdict::kReview);
}

// False when there is no name of a person on the travel side.
bool judge_kind(Judgement& judgement, const std::vector<bcbp::NameCandidate>& readings) {
  if (readings.empty()) {
    judgement.add(RuleCode::kNoTravelName, Verdict::kReview);
    return false;
  }
  switch (readings.front().kind) {
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
                     const NameRules& policy) {
  for (const SourcedName& usage : identity.usage_names) {
    for (const SourcedName& name : identity.names) {
      SourcedName alternative = name;
      alternative.text.full.clear();
      alternative.text.surname = usage.text.surname.empty() ? usage.text.full : usage.text.surname;
      if (!usage.text.given.empty()) alternative.text.given = usage.text.given;
      const auto prepared = prepare_names({alternative});
      const NameEvidence evidence = best_evidence(readings, prepared);
      if (worst_of(name_rules(evidence.comparison, {}, policy)) < Verdict::kMismatch &&
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

// Whether two readings of one document can be one name: the zone's spelling, its cuts and
// another script's letters are allowed, another spelling is not.
bool can_be_one_document(const matcher::Comparison& comparison) {
  if (!comparison.opinion) return true;
  const bool cross_script = comparison.family != matcher::Family::kLatin;
  const auto allowed = [cross_script](const matcher::FieldRelation& field) {
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
                                  const AttributeRelations& relations, const NameRules& policy) {
  if (reading.convention != bcbp::NameConvention::kNoSurname) return;
  const auto& reasons = judgement.comparison.reasons;
  const bool on_document =
      std::any_of(reasons.begin(), reasons.end(), [](const matcher::Reason& reason) {
        return reason.code == matcher::ReasonCode::kPlaceholder && !reason.b.empty();
      });
  if (!on_document) return;
  judgement.add(RuleCode::kFieldsSwapped,
                relations.corroborated() ? policy.fields_swapped : Verdict::kReview);
}

void judge_name(Judgement& judgement, const Sides& sides, const Evidence& evidence,
                const AttributeRelations& relations, const Policy& policy) {
  const TravelSide& travel = sides.travel;
  const bool booked = !travel.booking_readings.empty();
  const auto& texts = booked ? travel.booking_readings : travel.pass_readings;
  if (!judge_kind(judgement, texts)) return;
  const auto readings =
      prepare_readings(texts, booked ? matcher::Source::kBooking : matcher::Source::kBoardingPass);
  const auto document_names = prepare_names(sides.identity.names);
  if (document_names.empty()) {
    judgement.add(RuleCode::kNoDocumentName, Verdict::kReview);
    return;
  }
  judge_document_names(judgement, document_names);
  const NameEvidence best = best_evidence(readings, document_names);
  judgement.comparison = best.comparison;
  const matcher::NameText& document_name = sides.identity.names[best.document_name].text;
  auto outcomes = name_rules(
      best.comparison, {relations, document_name.issuer, document_name.surname}, policy.names);
  if (fits_usage_name(readings, sides.identity, policy.names)) replace_by_usage_name(outcomes);
  judgement.add(std::move(outcomes));
  judge_exchanged_placeholders(judgement, readings[best.reading].reading, relations, policy.names);
  judgement.add(flight_rules(evidence.context, best, document_names, relations));
}

std::string reason_text(const matcher::Reason& reason) {
  switch (reason.code) {
    using enum matcher::ReasonCode;
    case kEqual:
      return "The same letters.";
    case kDoc9303Spelling:
      return "One is the ICAO Doc 9303 spelling of the other.";
    case kSpacing:
      return "The same letters, joined on one side.";
    case kTransliteration:
      return "Two spellings of one word of another script.";
    case kSpellingVariant:
      return "Two usual spellings of one name.";
    case kGenderedEnding:
      return "The male and the female form of one surname.";
    case kNickname:
      return "A usual short or pet form.";
    case kInitial:
      return "An initial stands for the name.";
    case kTruncated:
      return "Cut where the field was full.";
    case kPrefix:
      return "Only the beginning, and nothing cut it.";
    case kSlip:
      return "A few letters differ, as in a slip.";
    case kOtherName:
      return "A few letters differ, and both are known names.";
    case kContradiction:
      return "Another name.";
    case kMissing:
      return "Stands on one side only.";
    case kParticle:
      return "An article or particle stands on one side only.";
    case kTitle:
      return "A title, no part of the name.";
    case kSuffix:
      return "A generation suffix stands on one side only.";
    case kSuffixConflict:
      return "The generation suffixes contradict each other.";
    case kPlaceholder:
      return "Stands for no name.";
    case kFieldsSwapped:
      return "Surname and given name have changed places.";
    case kOrder:
      return "The parts stand in another order.";
    case kNothingShared:
      return "No part of the names agrees.";
    case kUnsupportedScript:
      return "There is no table for the script.";
    case kNoName:
      return "One side holds no name.";
  }
  return {};
}

// How important a reason is: a rule that limits the verdict, then the evidence by weight.
struct RankedReason {
  Verdict at_best;
  double weight;
  Reason reason;
};

// Every addend of the evidence and every rule that applies, the most important first.
std::vector<Reason> reasons_of(const Judgement& judgement) {
  std::vector<RankedReason> ranked;
  for (const RuleOutcome& outcome : judgement.outcomes) {
    ranked.push_back({outcome.at_best,
                      std::abs(outcome.bits),
                      {name_of(outcome.code), outcome.booking_part, outcome.document_part,
                       outcome.bits, base::PersonalText(std::string(sentence_of(outcome.code)))}});
  }
  for (const matcher::Reason& reason : judgement.comparison.reasons) {
    ranked.push_back(
        {Verdict::kMatch,
         std::abs(reason.bits),
         {matcher::name_of(reason.code), base::PersonalText(reason.a), base::PersonalText(reason.b),
          reason.bits, base::PersonalText(reason_text(reason))}});
  }
  std::stable_sort(ranked.begin(), ranked.end(), [](const RankedReason& a, const RankedReason& b) {
    return a.at_best != b.at_best ? a.at_best > b.at_best : a.weight > b.weight;
  });
  std::vector<Reason> reasons;
  for (RankedReason& one : ranked) reasons.push_back(std::move(one.reason));
  return reasons;
}

// The positions of the letters of one side that differ, from the letters set above each other.
std::vector<int> differing_positions(const std::string& letters, const std::string& marks) {
  std::vector<int> positions;
  int position = 0;
  for (std::size_t i = 0; i < letters.size(); ++i) {
    if (letters[i] == '_') continue;
    if (i < marks.size() && marks[i] != ' ') positions.push_back(position);
    ++position;
  }
  return positions;
}

std::vector<AlignedPart> alignment_of(const matcher::Comparison& comparison) {
  std::vector<AlignedPart> alignment;
  for (const matcher::Reason& reason : comparison.reasons) {
    if (reason.a.empty() && reason.b.empty()) continue;
    AlignedPart part{base::PersonalText(reason.a), base::PersonalText(reason.b), {}, {}};
    if (!reason.a.empty() && !reason.b.empty() && reason.code != matcher::ReasonCode::kEqual) {
      const matcher::AlignedLetters letters = matcher::align_letters(reason.a, reason.b);
      part.booking_differences = differing_positions(letters.a, letters.marks);
      part.document_differences = differing_positions(letters.b, letters.marks);
    }
    alignment.push_back(std::move(part));
  }
  return alignment;
}

// The sentence of the heaviest rule; among equals the one the list of rules names first.
base::PersonalText sentence_for(const std::vector<RuleOutcome>& outcomes, Verdict verdict) {
  const RuleOutcome* heaviest = nullptr;
  for (const RuleOutcome& outcome : outcomes) {
    if (outcome.at_best != verdict) continue;
    if (heaviest == nullptr || outcome.code < heaviest->code) heaviest = &outcome;
  }
  return heaviest == nullptr ? base::PersonalText()
                             : base::PersonalText(std::string(sentence_of(heaviest->code)));
}

std::vector<std::uint8_t> make_software_digest() {
  std::string text = "paxid ";
  text += PAXID_VERSION;
  text += " tables ";
  text += matcher::tables_digest();
  std::vector<std::uint8_t> digest(SHA256_DIGEST_LENGTH);
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return digest;
}

}  // namespace

Engine::Engine(Policy policy) : policy_(std::move(policy)) {}

VerdictReport Engine::verify(const Evidence& evidence) const {
  const Sides sides = sort_claims(evidence.claims, evidence.station_date);
  const AttributeRelations relations = relate_attributes(sides);
  Judgement judgement;
  judge_without_booking(judgement, sides.travel, evidence.context.offline);
  judge_pass_against_booking(judgement, sides.travel, policy_.names);
  if (sides.travel.pass_for_baggage) judgement.add(RuleCode::kNotAPerson, Verdict::kReview);
  if (sides.travel.pass_not_reliable) judgement.add(RuleCode::kPassNotReliable, Verdict::kReview);
  if (!is_for_flight(sides.travel.pass_flights, evidence.flight)) {
    judgement.add(RuleCode::kPassOfOtherFlight, Verdict::kReview);
  }
  judge_name(judgement, sides, evidence, relations, policy_);
  judgement.add(attribute_rules(sides, relations, policy_, evidence.station_date));

  VerdictReport report;
  report.verdict = worst_of(judgement.outcomes);
  report.confidence = confidence_of(judgement, policy_.prior);
  report.sentence = sentence_for(judgement.outcomes, report.verdict);
  report.reasons = reasons_of(judgement);
  for (const Reason& reason : report.reasons) report.log_odds += reason.bits;
  report.findings = sides.findings;
  report.counterfactuals = counterfactuals_of(judgement.outcomes);
  report.alignment = alignment_of(judgement.comparison);
  for (const RuleOutcome& outcome : judgement.outcomes) {
    report.reason_bits |= std::uint64_t{1} << static_cast<unsigned>(outcome.code);
  }
  return report;
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
