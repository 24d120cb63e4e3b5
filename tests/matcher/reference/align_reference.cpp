#include "tests/matcher/reference/align_reference.h"

#include <algorithm>
#include <cmath>
#include <vector>

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

class ByParts {
 public:
  ByParts(std::size_t x_parts, std::size_t y_parts, std::span<const Candidate> candidates)
      : x_parts_(x_parts),
        y_parts_(y_parts),
        candidates_(candidates),
        known_(x_parts << y_parts, -1) {}

  // What the parts of x from `x` on can add; a bit of `taken` for each part of y.
  double from(std::size_t x, std::size_t taken) {
    if (x >= x_parts_) return 0;
    double& known = known_[(x << y_parts_) + taken];
    if (known >= 0) return known;
    double best = from(x + 1, taken);
    for (const Candidate& candidate : candidates_) {
      if (candidate.x != x) continue;
      std::size_t takes = 0;
      for (std::size_t y = candidate.y; y < candidate.y + std::size_t{candidate.y_count}; ++y) {
        takes |= std::size_t{1} << y;
      }
      if ((takes & taken) != 0) continue;
      best = std::max(best, candidate.affinity + from(x + candidate.x_count, taken | takes));
    }
    return known = best;
  }

 private:
  std::size_t x_parts_;
  std::size_t y_parts_;
  std::span<const Candidate> candidates_;
  std::vector<double> known_;
};

}  // namespace

bool overlap(const Candidate& a, const Candidate& b) {
  const auto meet = [](int at, int count, int other, int other_count) {
    return at < other + other_count && other < at + count;
  };
  return meet(a.x, a.x_count, b.x, b.x_count) || meet(a.y, a.y_count, b.y, b.y_count);
}

double best_affinity_of_sets(std::span<const Candidate> candidates) {
  std::vector<Candidate> chosen;
  return best_from(candidates, 0, chosen);
}

double best_affinity(std::size_t x_parts, std::size_t y_parts,
                     std::span<const Candidate> candidates) {
  return ByParts(x_parts, y_parts, candidates).from(0, 0);
}

bool is_best(std::size_t x_parts, std::size_t y_parts, std::span<const Candidate> candidates,
             const Alignment& chosen) {
  constexpr double kRounding = 1e-6;  // both add in another order
  double sum = 0;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    sum += candidates[chosen[i]].affinity;
    if (i > 0 && candidates[chosen[i - 1]].x >= candidates[chosen[i]].x) return false;
    for (std::size_t j = 0; j < i; ++j) {
      if (overlap(candidates[chosen[i]], candidates[chosen[j]])) return false;
    }
  }
  return std::abs(sum - best_affinity(x_parts, y_parts, candidates)) < kRounding;
}

}  // namespace paxid::matcher::reference
