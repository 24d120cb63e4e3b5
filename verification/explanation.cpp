#include "verification/explanation.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/check.h"

namespace paxid::verification {
namespace {

// In the order of matcher::ReasonCode.
constexpr std::array<std::string_view, 25> kSentenceKeys{"NAME_EQUAL",
                                                         "NAME_DOC9303_SPELLING",
                                                         "NAME_SPACING",
                                                         "NAME_TRANSLITERATION",
                                                         "NAME_SPELLING_VARIANT",
                                                         "NAME_GENDERED_ENDING",
                                                         "NAME_NICKNAME",
                                                         "NAME_INITIAL",
                                                         "NAME_TRUNCATED",
                                                         "NAME_PREFIX",
                                                         "NAME_SLIP",
                                                         "NAME_OTHER_NAME",
                                                         "NAME_CONTRADICTION",
                                                         "NAME_MISSING",
                                                         "NAME_PARTICLE",
                                                         "NAME_TITLE",
                                                         "NAME_SUFFIX",
                                                         "NAME_SUFFIX_CONFLICT",
                                                         "NAME_PLACEHOLDER",
                                                         "NAME_FIELDS_SWAPPED",
                                                         "NAME_ORDER",
                                                         "NAME_NOTHING_SHARED",
                                                         "NAME_UNSUPPORTED_SCRIPT",
                                                         "NAME_NO_NAME",
                                                         "NAME_TOO_LONG"};

// What somebody should do something about, though the verdict stands.
bool asks_for_action(RuleCode code) {
  switch (code) {
    case RuleCode::kStalePass:
    case RuleCode::kApiCorrection:
    case RuleCode::kClearedBefore:
    case RuleCode::kNoDocumentAsked:
    case RuleCode::kNoBooking:
    case RuleCode::kClockSkew:
      return true;
    default:
      return false;
  }
}

// Among rules of one verdict, what tells the agent most stands first: whose document it is, or
// what it is, says more than that the name differs; what is to be done says more than that
// something agrees. Then as the list of rules has them.
int rank_of(RuleCode code) {
  switch (code) {
    case RuleCode::kClearedBefore:
      return -7;
    case RuleCode::kStalePass:
      return -6;
    case RuleCode::kApiCorrection:
      return -5;
    case RuleCode::kDocumentReported:
      return -4;
    case RuleCode::kDocumentOfPeer:
      return -3;
    case RuleCode::kDocumentAlreadyUsed:
      return -2;
    case RuleCode::kSpecimenDocument:
      return -1;
    case RuleCode::kNotOnFlight:  // then nothing was compared, or not with this flight's booking
      return -1;
    case RuleCode::kDocumentedForm:  // of the name, as the first of the list
      return static_cast<int>(RuleCode::kSameName);
    default:
      return static_cast<int>(code);
  }
}

// A rule, or a piece of the names' comparison, and how much it matters.
struct RankedReason {
  Verdict at_best;
  bool action;
  double weight;
  std::size_t index;  // of all, in the order in which they were found
  const RuleOutcome* rule;
  const matcher::Reason* piece;  // where it is no rule
};

bool is_more_important(const RankedReason& a, const RankedReason& b) {
  if (a.at_best != b.at_best) return a.at_best > b.at_best;
  if (a.action != b.action) return a.action;
  return a.weight != b.weight ? a.weight > b.weight : a.index < b.index;
}

Reason reason_of(const RuleOutcome& rule) {
  return {name_of(rule.code), rule.booking_part, rule.document_part, rule.bits, sentence_of(rule)};
}

Reason reason_of(const matcher::Reason& piece) {
  Reason reason{matcher::name_of(piece.code),
                base::PersonalText(piece.a),
                base::PersonalText(piece.b),
                piece.bits,
                {sentence_key(piece.code), {}, {}}};
  reason.text.arguments.reserve(2);
  reason.text.arguments.push_back({"booking", reason.booking_part});
  reason.text.arguments.push_back({"document", reason.document_part});
  return reason;
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

}  // namespace

std::string_view sentence_key(matcher::ReasonCode code) {
  const auto index = static_cast<std::size_t>(code);
  PAXID_CHECK(index < kSentenceKeys.size());
  return kSentenceKeys[index];
}

std::vector<Reason> reasons_of(const std::vector<RuleOutcome>& outcomes,
                               const matcher::Comparison& comparison) {
  std::vector<RankedReason> ranked;
  ranked.reserve(outcomes.size() + comparison.reasons.size());
  for (const RuleOutcome& outcome : outcomes) {
    ranked.push_back({outcome.at_best, asks_for_action(outcome.code), std::abs(outcome.bits),
                      ranked.size(), &outcome, nullptr});
  }
  for (const matcher::Reason& reason : comparison.reasons) {
    ranked.push_back(
        {Verdict::kMatch, false, std::abs(reason.bits), ranked.size(), nullptr, &reason});
  }
  std::sort(ranked.begin(), ranked.end(), is_more_important);
  std::vector<Reason> reasons;
  reasons.reserve(ranked.size());
  for (const RankedReason& one : ranked) {
    reasons.push_back(one.rule != nullptr ? reason_of(*one.rule) : reason_of(*one.piece));
  }
  return reasons;
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

base::Message sentence_for(const std::vector<RuleOutcome>& outcomes, Verdict verdict) {
  const RuleOutcome* deciding = nullptr;
  for (const RuleOutcome& outcome : outcomes) {
    if (outcome.at_best != verdict) continue;
    if (deciding == nullptr || rank_of(outcome.code) < rank_of(deciding->code)) deciding = &outcome;
  }
  return deciding == nullptr ? base::Message() : sentence_of(*deciding);
}

}  // namespace paxid::verification
