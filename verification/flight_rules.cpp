#include "verification/flight_rules.h"

#include <algorithm>

#include "verification/flight_content.h"

namespace paxid::verification {
namespace {

// Between two names that both are the document's, this much more evidence makes one the
// better owner: the other lacks a part of the name.
constexpr double kPeerMarginBits = 1.5;

// Whether a booked name is the document's, not only close to it: a peer that merely shares
// the family name must not draw suspicion.
bool is_the_document_name(const matcher::Comparison& comparison) {
  const auto fits = [](matcher::Relation relation) {
    return relation <= matcher::Relation::kTruncated || relation == matcher::Relation::kMissing;
  };
  return comparison.opinion && comparison.log_odds > 0 &&
         (comparison.fields_known
              ? fits(comparison.surname.relation) && fits(comparison.first_given.relation)
              : fits(comparison.whole.relation));
}

bool agrees_where_both_say(std::string_view printed, std::string_view stated) {
  return printed.empty() || stated.empty() || printed == stated;
}

bool is_leg(const PassFlight& leg, const Flight& flight) {
  const bool carrier = agrees_where_both_say(leg.operating_carrier, flight.carrier) ||
                       leg.marketing_carrier == flight.carrier;
  const bool date = !leg.date || !flight.departure_date || *leg.date == *flight.departure_date;
  return carrier && date &&
         agrees_where_both_say(leg.number, without_leading_zeros(flight.number)) &&
         agrees_where_both_say(leg.from, flight.from) && agrees_where_both_say(leg.to, flight.to);
}

}  // namespace

bool is_for_flight(const std::vector<PassFlight>& pass_flights, const Flight& flight) {
  return pass_flights.empty() ||
         std::any_of(pass_flights.begin(), pass_flights.end(),
                     [&flight](const PassFlight& leg) { return is_leg(leg, flight); });
}

std::vector<RuleOutcome> flight_rules(const FlightContext& context, const NameEvidence& evidence,
                                      const std::vector<matcher::PreparedName>& document_names,
                                      const AttributeRelations& attributes) {
  std::vector<RuleOutcome> outcomes;
  if (context.already_boarded)
    outcomes.push_back({RuleCode::kAlreadyBoarded, Verdict::kReview, 0, {}, {}});
  if (context.document_used_by) {
    outcomes.push_back({RuleCode::kDocumentAlreadyUsed, Verdict::kMismatch, 0, {}, {}});
  }
  const bool booking_fits = is_the_document_name(evidence.comparison);
  bool fits_better = false;
  bool fits_as_well = false;
  for (std::size_t i = 0; i < context.flight.size(); ++i) {
    if (i == context.passenger) continue;
    const auto& readings = context.flight.content()->passengers[i].readings;
    const matcher::Comparison peer = best_evidence(readings, document_names).comparison;
    if (!is_the_document_name(peer)) continue;
    if (!booking_fits || peer.log_odds > evidence.comparison.log_odds + kPeerMarginBits) {
      fits_better = true;
    } else if (peer.log_odds > evidence.comparison.log_odds - kPeerMarginBits) {
      fits_as_well = true;
    }
  }
  const bool booked_document = attributes.document_number == AttributeRelation::kEqual;
  if (fits_better) {
    // The very document of this booking cannot be somebody else's: then it is the spelling.
    outcomes.push_back({RuleCode::kDocumentOfPeer,
                        booked_document ? Verdict::kReview : Verdict::kMismatch,
                        0,
                        {},
                        {}});
  } else if (fits_as_well) {
    outcomes.push_back({RuleCode::kSameNamePeer,
                        attributes.corroborated() ? Verdict::kMatch : Verdict::kReview,
                        0,
                        {},
                        {}});
  }
  return outcomes;
}

}  // namespace paxid::verification
