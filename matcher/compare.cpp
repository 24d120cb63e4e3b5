#include "matcher/compare.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "matcher/evidence.h"

namespace paxid::matcher {
namespace {

using transliteration::Script;

// Fills comparison.reasons one after the other, with the memory of earlier ones.
class ReasonList {
 public:
  explicit ReasonList(Comparison& comparison)
      : reasons_(comparison.reasons), spare_(comparison.spare) {}
  ~ReasonList() {
    while (reasons_.size() > used_) {
      spare_.push_back(std::move(reasons_.back()));
      reasons_.pop_back();
    }
  }
  ReasonList(const ReasonList&) = delete;
  ReasonList& operator=(const ReasonList&) = delete;

  Reason& next() {
    if (used_ == reasons_.size()) {
      if (spare_.empty()) {
        reasons_.emplace_back();
      } else {
        reasons_.push_back(std::move(spare_.back()));
        spare_.pop_back();
      }
    }
    return reasons_[used_++];
  }

 private:
  std::vector<Reason>& reasons_;
  std::vector<Reason>& spare_;
  std::size_t used_ = 0;
};

ReasonCode lack_of(const Prepared* a, const Prepared* b) {
  const auto is = [&](auto lacks) { return (a && lacks(*a)) || (b && lacks(*b)); };
  if (is([](const Prepared& name) { return name.unsupported != Script::kNone; })) {
    return ReasonCode::kUnsupportedScript;
  }
  if (is([](const Prepared& name) { return name.too_long; })) return ReasonCode::kTooLong;
  return ReasonCode::kNoName;
}

Script unsupported_of(const Prepared* name) {
  return name == nullptr ? Script::kNone : name->unsupported;
}

void set_no_opinion(const Prepared* first, const Prepared* second, Comparison& comparison) {
  const Script a = unsupported_of(first);
  const Script b = unsupported_of(second);
  const auto text = [](Script script) {
    return script == Script::kNone ? std::string_view() : transliteration::name_of(script);
  };
  comparison.unsupported = a != Script::kNone ? a : b;
  Reason& reason = ReasonList(comparison).next();
  reason.code = lack_of(first, second);
  reason.a = text(a);
  reason.b = text(b);
  reason.bits = 0;
  reason.role = Role::kUnknown;
  reason.letter_edits = 0;
  reason.origin.clear();
}

void set_text(std::string& text, const Prepared& name, PartRun run) {
  text.clear();
  for (std::size_t k = 0; k < run.count; ++k) {
    if (k != 0) text += ' ';
    text += name.parts[run.first + k].word.written;
  }
}

// All but the memory.
void clear(Comparison& comparison) {
  comparison.opinion = false;
  comparison.unsupported = Script::kNone;
  comparison.family = Family::kLatin;
  comparison.one_of_two = false;
  comparison.log_odds = 0;
  comparison.surname = comparison.first_given = comparison.further_given = comparison.whole = {};
  comparison.fields_known = comparison.fields_swapped = false;
  comparison.transformations = kNoTransformation;
}

// One order for both ways of asking makes the sums bit-identical. Returns whether a and b
// changed places for it.
bool gather_in_order(const Prepared& a, const Prepared& b, Evidence& evidence) {
  const bool turned = comes_before(b, a);
  gather(turned ? b : a, turned ? a : b, evidence);
  return turned;
}

FieldRelation mirrored(FieldRelation field) {
  std::swap(field.missing_a, field.missing_b);
  return field;
}

// Linear between the points, straight on with the slope of the outermost pair beyond.
double calibrated_bits(const Comparison& comparison) {
  const std::span<const CalibrationPoint> points =
      calibration_of(curve_of(comparison.family, comparison.one_of_two));
  const double log_odds = comparison.log_odds;
  std::size_t i = 1;
  while (i + 1 < points.size() && log_odds > points[i].log_odds) ++i;
  const CalibrationPoint& low = points[i - 1];
  const CalibrationPoint& high = points[i];
  const double share = (log_odds - low.log_odds) / (high.log_odds - low.log_odds);
  return low.calibrated + share * (high.calibrated - low.calibrated);
}

}  // namespace

bool has_opinion(const Prepared* name) {
  return name != nullptr && name->unsupported == Script::kNone && name->holds_name &&
         !name->too_long;
}

Comparison compare(const PreparedName& a, const PreparedName& b) {
  Comparison comparison;
  compare(a, b, comparison);
  return comparison;
}

std::optional<double> score(const PreparedName& a, const PreparedName& b) {
  if (!has_opinion(a.content()) || !has_opinion(b.content())) return std::nullopt;
  Evidence evidence;
  gather_in_order(*a.content(), *b.content(), evidence);
  double log_odds = 0;
  for (const Piece& piece : evidence.pieces) log_odds += weigh(piece);
  return log_odds;
}

void compare(const PreparedName& a, const PreparedName& b, Comparison& comparison) {
  clear(comparison);
  const Prepared* first = a.content();
  const Prepared* second = b.content();
  if (!has_opinion(first) || !has_opinion(second)) {
    set_no_opinion(first, second, comparison);
    return;
  }
  Evidence evidence;
  const bool turned = gather_in_order(*first, *second, evidence);

  comparison.opinion = true;
  comparison.family = evidence.family;
  comparison.one_of_two = evidence.one_of_two;
  comparison.fields_known = evidence.fields_known;
  comparison.fields_swapped = evidence.fields_swapped;
  comparison.transformations = evidence.transformations;
  ReasonList reasons(comparison);
  for (const Piece& piece : evidence.pieces) {
    Reason& reason = reasons.next();
    reason.code = piece.code;
    set_text(reason.a, *first, turned ? piece.y : piece.x);
    set_text(reason.b, *second, turned ? piece.x : piece.y);
    reason.bits = weigh(piece);
    reason.role = piece.role;
    reason.letter_edits = piece.edits;
    reason.origin.assign(piece.origin.word).append(piece.origin.second);
    comparison.log_odds += reason.bits;
  }
  const auto oriented = [&](const FieldRelation& f) { return turned ? mirrored(f) : f; };
  comparison.surname = oriented(evidence.surname);
  comparison.first_given = oriented(evidence.first_given);
  comparison.further_given = oriented(evidence.further_given);
  comparison.whole = oriented(evidence.whole);
}

double confidence(const Comparison& comparison, double prior) {
  constexpr double kLeastPrior = 1e-9;
  prior = std::clamp(prior, kLeastPrior, 1 - kLeastPrior);
  if (!comparison.opinion) return prior;
  const double bits = calibrated_bits(comparison) + std::log2(prior / (1 - prior));
  return 1 / (1 + std::exp2(-bits));
}

}  // namespace paxid::matcher
