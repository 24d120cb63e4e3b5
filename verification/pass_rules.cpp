#include "verification/pass_rules.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "bcbp/name_field.h"

namespace paxid::verification {
namespace {

bcbp::BookedName booked_name(const bcbp::NameCandidate& reading) {
  return {reading.surname, reading.given, reading.title, reading.suffix, reading.ptc};
}

// Whether the pass can have been printed for a booked name: a legal cut of one of its readings.
bool is_cut_of(const TravelSide& travel, const std::vector<TravelName>& booking) {
  return std::any_of(booking.begin(), booking.end(), [&travel](const TravelName& name) {
    return bcbp::is_legal_cut(travel.pass_name_field, booked_name(name.reading)).legal;
  });
}

// Few letters apart: an older spelling, corrected in the booking since the pass was printed.
bool is_close(const matcher::Comparison& comparison, int max_letter_changes) {
  return comparison.opinion && comparison.log_odds > 0 &&
         comparison.whole.relation < matcher::Relation::kContradicting &&
         comparison.whole.letter_edits <= max_letter_changes;
}

bool agrees_where_both_say(std::string_view printed, std::string_view stated) {
  return printed.empty() || stated.empty() || printed == stated;
}

bool is_on_route(const PassFlight& leg, const Flight& flight) {
  return agrees_where_both_say(leg.from, flight.from) && agrees_where_both_say(leg.to, flight.to);
}

bool is_leg(const PassFlight& leg, const Flight& flight) {
  const bool carrier = agrees_where_both_say(leg.operating_carrier, flight.carrier) ||
                       leg.marketing_carrier == flight.carrier;
  const bool date = !leg.date || !flight.departure_date || *leg.date == *flight.departure_date;
  return carrier && date &&
         agrees_where_both_say(leg.number, without_leading_zeros(flight.number)) &&
         is_on_route(leg, flight);
}

// A flight that left late keeps its day, and a shared flight its other number; another route or
// another week is no misunderstanding.
constexpr int kDaysOfDelay = 1;

bool can_be_leg(const PassFlight& leg, const Flight& flight) {
  const bool near = !leg.date || !flight.departure_date ||
                    std::abs(base::days_between(*leg.date, *flight.departure_date)) <= kDaysOfDelay;
  return near && is_on_route(leg, flight);
}

Verdict verdict_on_other_flight(const std::vector<PassFlight>& legs, const Flight& flight) {
  const bool possible = std::any_of(legs.begin(), legs.end(), [&flight](const PassFlight& leg) {
    return can_be_leg(leg, flight);
  });
  return possible ? Verdict::kReview : Verdict::kMismatch;
}

// Printed before the name was corrected, or before the passenger was given another seat.
bool is_stale(const TravelSide& travel, const PreparedPassenger& booked) {
  const std::string seat = without_leading_zeros(booked.data->seat);
  return !seat.empty() && travel.pass_flights.size() == 1 &&
         !travel.pass_flights.front().seat.empty() && travel.pass_flights.front().seat != seat;
}

void judge_name_field(std::vector<RuleOutcome>& outcomes, const TravelSide& travel,
                      const std::vector<TravelName>& booking, const PreparedPassenger* booked,
                      const Rules& rules) {
  if (is_cut_of(travel, booking)) {
    if (booked != nullptr && is_stale(travel, *booked)) {
      outcomes.push_back({RuleCode::kStalePass, Verdict::kMatch});
    }
    return;
  }
  if (booked != nullptr &&
      std::any_of(booked->earlier_readings.begin(), booked->earlier_readings.end(),
                  [&](const auto& earlier) { return is_cut_of(travel, earlier); })) {
    outcomes.push_back({RuleCode::kStalePass, Verdict::kMatch});
    return;
  }
  std::vector<matcher::PreparedName> pass;
  for (TravelName& name : prepare_readings(travel.pass_readings, matcher::Source::kBoardingPass)) {
    pass.push_back(std::move(name.prepared));
  }
  const bool close = is_close(best_evidence(booking, pass).comparison, rules.max_letter_changes);
  outcomes.push_back(close ? RuleOutcome{RuleCode::kPassNotACut, Verdict::kReview}
                           : RuleOutcome{RuleCode::kPassOfOtherName, Verdict::kMismatch});
}

}  // namespace

bool is_for_flight(const std::vector<PassFlight>& pass_flights, const Flight& flight) {
  return pass_flights.empty() ||
         std::any_of(pass_flights.begin(), pass_flights.end(),
                     [&flight](const PassFlight& leg) { return is_leg(leg, flight); });
}

std::vector<RuleOutcome> pass_rules(const Sides& sides, const std::vector<TravelName>& booking,
                                    const PreparedPassenger* booked, const Evidence& evidence,
                                    const Rules& rules) {
  const TravelSide& travel = sides.travel;
  std::vector<RuleOutcome> outcomes;
  if (booking.empty()) {
    // The pass carries what it can: never MATCH when its field may be cut.
    outcomes.push_back(
        {RuleCode::kNoBooking, travel.pass_field_full ? Verdict::kReview : Verdict::kMatch});
    if (evidence.context.offline) outcomes.push_back({RuleCode::kOffline, Verdict::kReview});
  } else if (!travel.pass_readings.empty()) {
    judge_name_field(outcomes, travel, booking, booked, rules);
  }
  if (travel.pass_for_baggage) outcomes.push_back({RuleCode::kNotAPerson, Verdict::kReview});
  if (travel.pass_signature_wrong) {
    RuleOutcome outcome{RuleCode::kPassNotReliable, Verdict::kReview};
    outcome.sentence_key = "PASS_SIGNATURE_WRONG";
    outcomes.push_back(std::move(outcome));
  } else if (travel.pass_not_reliable) {
    outcomes.push_back({RuleCode::kPassNotReliable, Verdict::kReview});
  }
  if (!is_for_flight(travel.pass_flights, evidence.flight)) {
    outcomes.push_back({RuleCode::kPassOfOtherFlight,
                        verdict_on_other_flight(travel.pass_flights, evidence.flight)});
  }
  return outcomes;
}

}  // namespace paxid::verification
