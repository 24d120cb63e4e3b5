#include "verification/verdict.h"

#include "base/check.h"

namespace paxid::verification {

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kMatch:
      return "MATCH";
    case Verdict::kReview:
      return "REVIEW";
    case Verdict::kMismatch:
      return "MISMATCH";
  }
  PAXID_CHECK(false);
  return {};
}

std::optional<Verdict> verdict_from(std::string_view name) {
  for (Verdict verdict : {Verdict::kMatch, Verdict::kReview, Verdict::kMismatch}) {
    if (name_of(verdict) == name) return verdict;
  }
  return std::nullopt;
}

}  // namespace paxid::verification
