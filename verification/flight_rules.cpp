#include "verification/flight_rules.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "verification/flight_content.h"

namespace paxid::verification {
namespace {

// Between two names that both are the document's, this much more evidence makes one the
// better owner: the other lacks a part of the name.
constexpr double kPeerMarginBits = 1.5;

// Of the names on board that have enough letters in common with the document's, the likeliest
// are compared.
constexpr std::size_t kMostNamesCompared = 12;

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

// Whether nothing of the name differs or is missing on either side.
bool agrees_wholly(const matcher::Comparison& comparison) {
  const auto agrees = [](const matcher::FieldRelation& field) {
    return field.relation <= matcher::Relation::kEqualAfterNormalisation;
  };
  return comparison.opinion &&
         (comparison.fields_known ? agrees(comparison.surname) && agrees(comparison.first_given) &&
                                        agrees(comparison.further_given)
                                  : agrees(comparison.whole));
}

struct Candidate {
  double likeness;  // of the pairs of letters that either has, the part that both have
  std::size_t index;
};

// Orders passengers by what they are, not by where the list has them.
bool is_before(const Passenger& a, const Passenger& b) {
  const auto key = [](const Passenger& passenger) {
    return std::tie(passenger.booked_name.reveal(), passenger.locator, passenger.sequence,
                    passenger.seat, passenger.birth_date);
  };
  return key(a) < key(b);
}

class PeerSearch {
 public:
  PeerSearch(const FlightContext& context, const Sides& sides,
             const std::vector<TravelName>& booking)
      : content_(*context.flight.content()), sides_(sides), self_(context.passenger) {
    if (!self_ && !booking.empty()) self_ = find_self();
  }

  std::optional<std::size_t> self() const { return self_; }

  // The passenger, not this one, with whose booking the document's number was given.
  std::optional<std::size_t> owner_by_number() const {
    const auto& number = sides_.identity.document_number.value;
    if (!number) return std::nullopt;
    const auto& numbers = content_.by_document_number;
    std::optional<std::size_t> owner;
    for (auto at = std::lower_bound(numbers.begin(), numbers.end(), std::pair(*number, 0U));
         at != numbers.end() && at->first == *number; ++at) {
      if (at->second == self_) return std::nullopt;  // given for a whole family, it says nothing
      if (!owner || is_before(data(at->second), data(*owner))) owner = at->second;
    }
    return owner;
  }

  // Peers whose name may be the document's, the likeliest first, those of one name together.
  std::vector<std::size_t> candidates() const {
    const std::vector<Bigrams> wanted = bigrams_of_document();
    std::vector<Candidate> found;
    for (std::size_t i = 0; i < content_.passengers.size(); ++i) {
      if (i == self_) continue;
      if (const auto likeness = likeness_of(wanted, content_.passengers[i]))
        found.push_back({*likeness, i});
    }
    std::sort(found.begin(), found.end(), [this](const Candidate& a, const Candidate& b) {
      return a.likeness != b.likeness ? a.likeness > b.likeness
                                      : is_before(data(a.index), data(b.index));
    });
    std::vector<std::size_t> indexes;
    std::size_t names = 0;
    for (const Candidate& one : found) {
      const bool same =
          !indexes.empty() && data(indexes.back()).booked_name == data(one.index).booked_name;
      if (!same && !wanted.empty() && ++names > kMostNamesCompared) break;
      indexes.push_back(one.index);
    }
    return indexes;
  }

  const PreparedPassenger& passenger(std::size_t index) const { return content_.passengers[index]; }

  // How the peer's data relate to the document's.
  AttributeRelations relate(const PreparedPassenger& peer) const {
    return relate_attributes(data_beside_name(*peer.data), sides_.identity);
  }

  int bearers(const std::string& surname_key) const {
    const auto& all = content_.surnames;
    const auto found = std::lower_bound(all.begin(), all.end(), std::pair(surname_key, 0));
    return found != all.end() && found->first == surname_key ? found->second : 0;
  }

 private:
  const Passenger& data(std::size_t index) const { return *content_.passengers[index].data; }

  std::vector<Bigrams> bigrams_of_document() const {
    std::vector<Bigrams> all;
    for (const SourcedName& name : sides_.identity.names) {
      Bigrams bigrams;
      for (const std::string* text : {&name.text.full, &name.text.surname, &name.text.given})
        bigrams.add(*text);
      if (bigrams.count() > 0) all.push_back(bigrams);
    }
    return all;
  }

  // Nothing when the peer's name cannot be the document's. Names in another script, and single
  // letters, leave nothing to sieve by.
  static std::optional<double> likeness_of(const std::vector<Bigrams>& wanted,
                                           const PreparedPassenger& peer) {
    if (wanted.empty() || peer.bigram_count == 0) return 1.0;
    std::optional<double> best;
    for (const Bigrams& bigrams : wanted) {
      const int own = bigrams.count();
      const int common = bigrams.common_with(peer.bigrams);
      if (common < kLeastCommonBigrams * std::min(own, peer.bigram_count)) continue;
      const double likeness = static_cast<double>(common) / (own + peer.bigram_count - common);
      if (!best || likeness > *best) best = likeness;
    }
    return best;
  }

  // A client that sends the booking of a loaded flight speaks of the passenger himself. Without a
  // locator it is a name alone, as a peer's: two of one name stay two.
  std::optional<std::size_t> find_self() const {
    const auto& birth = sides_.travel.birth_date.value;
    std::optional<std::size_t> self;
    bool self_is_born_then = false;
    for (std::size_t i = 0; i < content_.passengers.size(); ++i) {
      const Passenger& one = data(i);
      if (one.locator.empty() || one.booked_name.reveal() != sides_.travel.booking_text) continue;
      const bool both = one.birth_date && birth && birth->date;
      const bool born_then = both && *one.birth_date == *birth->date;
      if ((both && !born_then) || (self_is_born_then && !born_then)) continue;
      if (self && self_is_born_then == born_then && !is_before(one, data(*self))) continue;
      self = i;
      self_is_born_then = born_then;
    }
    return self;
  }

  const PreparedFlight::Content& content_;
  const Sides& sides_;
  std::optional<std::size_t> self_;
};

RuleOutcome document_of(const PreparedPassenger& peer, Verdict verdict) {
  RuleOutcome outcome{RuleCode::kDocumentOfPeer, verdict};
  outcome.arguments.push_back({"peer", peer.data->booked_name});
  if (const std::string seat = without_leading_zeros(peer.data->seat); !seat.empty()) {
    outcome.arguments.push_back({"seat", base::PersonalText(seat)});
    outcome.sentence_key = "DOCUMENT_OF_PEER_AT_SEAT";
  }
  return outcome;
}

// How the best of the peers stands to the passenger.
struct BestPeer {
  std::optional<std::size_t> index;
  double bits = 0;  // of name and other data
  // Somebody without a birth date, so that only the name can speak for him, has the document's.
  bool whole_name_is_undated = false;
};

BestPeer best_peer(const PeerSearch& search,
                   const std::vector<matcher::PreparedName>& document_names) {
  BestPeer best;
  const PreparedPassenger* compared = nullptr;
  matcher::Comparison comparison;
  for (const std::size_t index : search.candidates()) {
    const PreparedPassenger& peer = search.passenger(index);
    if (compared == nullptr || compared->data->booked_name != peer.data->booked_name)
      comparison = best_evidence(peer.readings, document_names).comparison;
    compared = &peer;
    if (!is_the_document_name(comparison)) continue;
    const AttributeRelations relations = search.relate(peer);
    // Father and son of one name are told apart by their birth dates.
    if (relations.birth_date == AttributeRelation::kDiffers) continue;
    const double bits = comparison.log_odds + attribute_bits(relations);
    if (!best.index || bits > best.bits) {
      best.index = index;
      best.bits = bits;
    }
    if (relations.birth_date == AttributeRelation::kUnknown && agrees_wholly(comparison))
      best.whole_name_is_undated = true;
  }
  return best;
}

}  // namespace

std::vector<RuleOutcome> state_rules(const FlightContext& context) {
  std::vector<RuleOutcome> outcomes;
  if (context.not_on_flight) outcomes.push_back({RuleCode::kNotOnFlight, Verdict::kReview});
  if (context.already_boarded) outcomes.push_back({RuleCode::kAlreadyBoarded, Verdict::kReview});
  if (context.seat_taken) outcomes.push_back({RuleCode::kSeatTaken, Verdict::kReview});
  if (context.document_used_by)
    outcomes.push_back({RuleCode::kDocumentAlreadyUsed, Verdict::kMismatch});
  if (context.document_reported)
    outcomes.push_back({RuleCode::kDocumentReported, Verdict::kMismatch});
  return outcomes;
}

std::vector<RuleOutcome> peer_rules(const FlightContext& context, const Sides& sides,
                                    const NameEvidence& evidence,
                                    const std::vector<TravelName>& booking,
                                    const std::vector<matcher::PreparedName>& document_names,
                                    const AttributeRelations& attributes) {
  std::vector<RuleOutcome> outcomes;
  if (context.flight.size() == 0) return outcomes;
  const PeerSearch search(context, sides, booking);
  if (const auto owner = search.owner_by_number()) {
    outcomes.push_back(document_of(search.passenger(*owner), Verdict::kMismatch));
    return outcomes;
  }
  const bool booking_fits = is_the_document_name(evidence.comparison);
  const BestPeer best = best_peer(search, document_names);
  const double own = evidence.comparison.log_odds + attribute_bits(attributes);
  if (best.index && (!booking_fits || best.bits > own + kPeerMarginBits)) {
    // The very document of this booking cannot be somebody else's: then it is the spelling.
    const bool booked_document = attributes.document_number == AttributeRelation::kEqual;
    outcomes.push_back(document_of(search.passenger(*best.index),
                                   booked_document ? Verdict::kReview : Verdict::kMismatch));
  } else if ((best.index && best.bits > own - kPeerMarginBits) ||
             (best.whole_name_is_undated && !agrees_wholly(evidence.comparison))) {
    // An equal birth date of one does not outweigh the whole name of the other, whose birth date
    // nobody knows: twins.
    outcomes.push_back({RuleCode::kSameNamePeer, Verdict::kReview});
  }
  if (evidence.comparison.surname.relation > matcher::Relation::kAbsent &&
      evidence.comparison.surname.relation <= matcher::Relation::kTruncated) {
    const std::string key = bare_text(booking[evidence.reading].reading.surname);
    const int others = search.bearers(key) - (search.self() ? 1 : 0);
    // The surname tells one of so many from the rest no more.
    if (others > 0) {
      RuleOutcome shared{RuleCode::kSurnameShared, Verdict::kMatch, -std::log2(1.0 + others)};
      shared.arguments.push_back({"count", std::int64_t{others}});
      outcomes.push_back(std::move(shared));
    }
  }
  return outcomes;
}

}  // namespace paxid::verification
