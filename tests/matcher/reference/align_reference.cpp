#include "tests/matcher/reference/align_reference.h"

#include <algorithm>

namespace paxid::matcher::reference {
namespace {

double best_from(std::span<const Candidate> candidates, std::size_t at,
                 std::vector<Candidate>& chosen) {
  if (at == candidates.size()) return 0;
  double best = best_from(candidates, at + 1, chosen);
  const Candidate& candidate = candidates[at];
  const bool free = std::none_of(chosen.begin(), chosen.end(),
                                 [&](const Candidate& other) { return overlap(candidate, other); });
  if (free) {
    chosen.push_back(candidate);
    best = std::max(best, candidate.affinity + best_from(candidates, at + 1, chosen));
    chosen.pop_back();
  }
  return best;
}

}  // namespace

bool overlap(const Candidate& a, const Candidate& b) {
  const auto meet = [](int at, int count, int other, int other_count) {
    return at < other + other_count && other < at + count;
  };
  return meet(a.x, a.x_count, b.x, b.x_count) || meet(a.y, a.y_count, b.y, b.y_count);
}

double best_affinity(std::span<const Candidate> candidates) {
  std::vector<Candidate> chosen;
  return best_from(candidates, 0, chosen);
}

}  // namespace paxid::matcher::reference
