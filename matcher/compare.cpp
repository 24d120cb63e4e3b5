#include "matcher/compare.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "matcher/evidence.h"

namespace paxid::matcher {
namespace {

using transliteration::Script;

// `a` and `b`: the script of each side that has no tables, or kNone.
Comparison no_opinion(Script a, Script b) {
  const auto text = [](Script script) {
    return script == Script::kNone ? std::string() : std::string(transliteration::name_of(script));
  };
  Comparison comparison;
  comparison.unsupported = a != Script::kNone ? a : b;
  Reason reason;
  reason.code = comparison.unsupported == Script::kNone ? ReasonCode::kNoName
                                                        : ReasonCode::kUnsupportedScript;
  reason.a = text(a);
  reason.b = text(b);
  comparison.reasons.push_back(std::move(reason));
  return comparison;
}

bool has_name(const Prepared* name) {
  return name != nullptr && std::any_of(name->parts.begin(), name->parts.end(), [](const Part& p) {
           return p.word_class == WordClass::kName || p.word_class == WordClass::kPrefix;
         });
}

Script unsupported_of(const Prepared* name) {
  return name == nullptr ? Script::kNone : name->unsupported;
}

FieldRelation mirrored(FieldRelation field) {
  std::swap(field.missing_a, field.missing_b);
  return field;
}

// Linear between the points, straight on with the slope of the outermost pair beyond.
double calibrated_bits(Family family, double log_odds) {
  const std::span<const CalibrationPoint> points = calibration_of(family);
  std::size_t i = 1;
  while (i + 1 < points.size() && log_odds > points[i].log_odds) ++i;
  const CalibrationPoint& low = points[i - 1];
  const CalibrationPoint& high = points[i];
  const double share = (log_odds - low.log_odds) / (high.log_odds - low.log_odds);
  return low.calibrated + share * (high.calibrated - low.calibrated);
}

}  // namespace

Comparison compare(const PreparedName& a, const PreparedName& b) {
  const Prepared* first = a.content();
  const Prepared* second = b.content();
  // A name in two scripts of which one has no table is not known whole.
  const Script unknown_a = unsupported_of(first);
  const Script unknown_b = unsupported_of(second);
  if (unknown_a != Script::kNone || unknown_b != Script::kNone || !has_name(first) ||
      !has_name(second)) {
    return no_opinion(unknown_a, unknown_b);
  }
  // One order for both ways of asking makes the sums bit-identical.
  const bool turned = second->key < first->key;
  Evidence evidence = turned ? gather(*second, *first) : gather(*first, *second);

  Comparison comparison;
  comparison.opinion = true;
  comparison.family = evidence.family;
  comparison.fields_known = evidence.fields_known;
  comparison.fields_swapped = evidence.fields_swapped;
  comparison.transformations = evidence.transformations;
  for (Piece& piece : evidence.pieces) {
    const double bits = weigh(piece);
    if (turned) std::swap(piece.x, piece.y);
    comparison.log_odds += bits;
    comparison.reasons.push_back(
        {piece.code, std::move(piece.x), std::move(piece.y), bits, piece.role, piece.edits});
  }
  const auto oriented = [&](const FieldRelation& f) { return turned ? mirrored(f) : f; };
  comparison.surname = oriented(evidence.surname);
  comparison.first_given = oriented(evidence.first_given);
  comparison.further_given = oriented(evidence.further_given);
  comparison.whole = oriented(evidence.whole);
  return comparison;
}

double confidence(const Comparison& comparison, double prior) {
  constexpr double kLeastPrior = 1e-9;
  prior = std::clamp(prior, kLeastPrior, 1 - kLeastPrior);
  if (!comparison.opinion) return prior;
  const double bits =
      calibrated_bits(comparison.family, comparison.log_odds) + std::log2(prior / (1 - prior));
  return 1 / (1 + std::exp2(-bits));
}

}  // namespace paxid::matcher
