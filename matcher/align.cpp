#include "matcher/align.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "base/check.h"

namespace paxid::matcher {
namespace {

// Sums are added in different orders.
constexpr double kRounding = 1e-9;

// The candidates seen from one of the two sides, its parts the rows, those of the other the
// columns.
class View {
 public:
  View(std::span<const Candidate> candidates, bool rows_are_x)
      : candidates_(candidates), rows_are_x_(rows_are_x) {}

  const Candidate& operator[](std::size_t i) const { return candidates_[i]; }
  std::size_t size() const { return candidates_.size(); }
  std::size_t row(std::size_t i) const { return rows_are_x_ ? candidates_[i].x : candidates_[i].y; }
  std::size_t rows(std::size_t i) const {
    return rows_are_x_ ? candidates_[i].x_count : candidates_[i].y_count;
  }
  std::size_t column(std::size_t i) const {
    return rows_are_x_ ? candidates_[i].y : candidates_[i].x;
  }
  std::size_t columns(std::size_t i) const {
    return rows_are_x_ ? candidates_[i].y_count : candidates_[i].x_count;
  }
  // Of the affinity, for each part that the candidate takes.
  double share_of_both(std::size_t i) const {
    return candidates_[i].affinity / static_cast<double>(rows(i) + columns(i));
  }
  // The columns, a bit for each.
  std::size_t taken_by(std::size_t i) const {
    return ((std::size_t{1} << columns(i)) - 1) << column(i);
  }

 private:
  std::span<const Candidate> candidates_;
  bool rows_are_x_;
};

// The candidates of each row, in their order.
class ByRow {
 public:
  explicit ByRow(const View& candidates) {
    for (std::size_t i = 0; i < candidates.size(); ++i) ++first_[candidates.row(i) + 1];
    for (std::size_t r = 0; r < kMaxAligned; ++r) {
      first_[r + 1] = static_cast<std::uint16_t>(first_[r + 1] + first_[r]);
    }
    auto next = first_;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      order_[next[candidates.row(i)]++] = static_cast<std::uint16_t>(i);
    }
  }

  std::span<const std::uint16_t> of(std::size_t row) const {
    return {order_.data() + first_[row], order_.data() + first_[row + 1]};
  }

 private:
  std::array<std::uint16_t, kMaxAligned + 1> first_{};
  std::array<std::uint16_t, kMostCandidates> order_;
};

// What the rows from some one on and the columns not taken can add at most. A candidate's affinity
// is shared out among its rows, among its columns or among both; a part adds no more than its
// largest share.
class Ceiling {
 public:
  explicit Ceiling(const View& candidates) {
    Shares of_columns{};
    Shares of_all_columns{};
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      const std::size_t rows = candidates.rows(i);
      const std::size_t columns = candidates.columns(i);
      const double affinity = candidates[i].affinity;
      const double of_both = candidates.share_of_both(i);
      raise(rows_, candidates.row(i), rows, affinity / static_cast<double>(rows));
      raise(of_columns, candidates.column(i), columns, affinity / static_cast<double>(columns));
      raise(rows_of_both_, candidates.row(i), rows, of_both);
      raise(of_all_columns, candidates.column(i), columns, of_both);
    }
    for (std::size_t r = kMaxAligned; r-- > 0;) {
      rows_[r] += rows_[r + 1];
      rows_of_both_[r] += rows_of_both_[r + 1];
    }
    columns_ = Untaken(of_columns);
    columns_of_both_ = Untaken(of_all_columns);
  }

  double of(std::size_t row, std::size_t taken) const {
    return std::min(
        {rows_[row], columns_.sum(taken), rows_of_both_[row] + columns_of_both_.sum(taken)});
  }

 private:
  using Shares = std::array<double, kMaxAligned + 1>;  // one more, for "none left"

  static void raise(Shares& shares, std::size_t first, std::size_t count, double share) {
    for (std::size_t k = first; k < first + count; ++k) shares[k] = std::max(shares[k], share);
  }

  // The sum of the shares of the columns not taken, looked up by halves.
  class Untaken {
   public:
    Untaken() = default;
    explicit Untaken(const Shares& shares) {
      for (std::size_t taken = 0; taken < kHalf; ++taken) {
        for (std::size_t bit = 0; bit < kHalfBits; ++bit) {
          if ((taken >> bit & 1U) != 0) continue;
          low_[taken] += shares[bit];
          high_[taken] += shares[kHalfBits + bit];
        }
      }
    }
    double sum(std::size_t taken) const { return low_[taken % kHalf] + high_[taken / kHalf]; }

   private:
    static constexpr std::size_t kHalfBits = kMaxAligned / 2;
    static constexpr std::size_t kHalf = std::size_t{1} << kHalfBits;
    std::array<double, kHalf> low_{};
    std::array<double, kHalf> high_{};
  };

  Shares rows_{};  // of the rows from here on
  Shares rows_of_both_{};
  Untaken columns_;
  Untaken columns_of_both_;
};

// Row by row the candidate that still fits and gives the parts it takes most.
double sum_of_the_greedy(std::size_t rows, const View& candidates, const ByRow& by_row) {
  double sum = 0;
  std::size_t taken = 0;
  for (std::size_t row = 0; row < rows;) {
    std::size_t best = candidates.size();
    double best_share = 0;
    for (const std::size_t i : by_row.of(row)) {
      if ((taken & candidates.taken_by(i)) != 0) continue;
      const double share = candidates.share_of_both(i);
      if (share <= best_share) continue;
      best = i;
      best_share = share;
    }
    if (best == candidates.size()) {
      ++row;
      continue;
    }
    sum += candidates[best].affinity;
    taken |= candidates.taken_by(best);
    row += candidates.rows(best);
  }
  return sum;
}

// What is best after the first rows with a set of columns taken: the sum, and 1 + index of the
// candidate that led there, 0 for "skip the row". Room for `kColumns` columns.
template <std::size_t kColumns>
class States {
 public:
  explicit States(std::size_t columns) : sets_(std::size_t{1} << columns) {}

  void offer(std::size_t row, std::size_t taken, double sum, std::size_t candidate) {
    const std::size_t at = row * sets_ + taken;
    std::uint64_t& reached = reached_[at / 64];
    const std::uint64_t bit = std::uint64_t{1} << at % 64;
    if ((reached & bit) != 0 && sum <= sum_[at]) return;
    reached |= bit;
    sum_[at] = sum;
    candidate_[at] = static_cast<std::uint16_t>(candidate);
  }

  // Each set of columns that was reached after `row` rows, by rising number.
  template <class Visit>
  void for_each(std::size_t row, const Visit& visit) const {
    const std::size_t end = (row + 1) * sets_;
    for (std::size_t at = row * sets_; at < end;) {
      const std::uint64_t left = reached_[at / 64] >> at % 64;
      if (left == 0) {
        at += 64 - at % 64;
        continue;
      }
      at += static_cast<std::size_t>(std::countr_zero(left));
      if (at >= end) break;
      visit(at % sets_, sum_[at]);
      ++at;
    }
  }

  std::size_t candidate(std::size_t row, std::size_t taken) const {
    return candidate_[row * sets_ + taken];
  }

 private:
  static constexpr std::size_t kStates = (kMaxAligned + 1) << kColumns;

  std::size_t sets_;
  std::array<std::uint64_t, (kStates + 63) / 64> reached_{};
  std::array<double, kStates> sum_;
  std::array<std::uint16_t, kStates> candidate_;
};

// `may_win(row, taken, sum)`: false where the best of all cannot be reached any more.
template <std::size_t kColumns, class MayWin>
Alignment align(std::size_t rows, std::size_t columns, const View& candidates, const ByRow& by_row,
                const MayWin& may_win) {
  States<kColumns> states(columns);
  states.offer(0, 0, 0, 0);
  for (std::size_t row = 0; row < rows; ++row) {
    states.for_each(row, [&](std::size_t taken, double sum) {
      if (!may_win(row, taken, sum)) return;
      for (const std::size_t i : by_row.of(row)) {
        const std::size_t takes = candidates.taken_by(i);
        if ((taken & takes) != 0) continue;
        states.offer(row + candidates.rows(i), taken | takes, sum + candidates[i].affinity, i + 1);
      }
      states.offer(row + 1, taken, sum, 0);
    });
  }
  std::size_t taken = 0;
  double best = -1;
  states.for_each(rows, [&](std::size_t set, double sum) {
    if (sum <= best) return;
    best = sum;
    taken = set;
  });
  Alignment chosen;
  for (std::size_t row = rows; row > 0;) {
    const std::size_t candidate = states.candidate(row, taken);
    if (candidate == 0) {
      --row;
      continue;
    }
    chosen.push_back(static_cast<std::uint16_t>(candidate - 1));
    row -= candidates.rows(candidate - 1);
    taken &= ~candidates.taken_by(candidate - 1);
  }
  return chosen;
}

// A function of its own, so that only names of many parts pay for the room they need.
[[gnu::noinline]] Alignment align_many(std::size_t rows, std::size_t columns,
                                       const View& candidates, const ByRow& by_row) {
  const Ceiling ceiling(candidates);
  const double reachable = sum_of_the_greedy(rows, candidates, by_row) - kRounding;
  return align<kMaxAligned>(rows, columns, candidates, by_row,
                            [&](std::size_t row, std::size_t taken, double sum) {
                              return sum + ceiling.of(row, taken) >= reachable;
                            });
}

}  // namespace

Alignment best_alignment(std::size_t x_parts, std::size_t y_parts,
                         std::span<const Candidate> candidates) {
  PAXID_CHECK(x_parts <= kMaxAligned && y_parts <= kMaxAligned);
  PAXID_CHECK(candidates.size() <= kMostCandidates);
  Alignment chosen;
  if (candidates.size() < 2) {
    if (!candidates.empty()) chosen.push_back(0);
    return chosen;
  }
  constexpr std::size_t kFewParts = 4;
  // The sets are of the columns: of many parts let those be the columns that are fewer.
  const bool rows_are_x = y_parts <= kFewParts || y_parts <= x_parts;
  const std::size_t rows = rows_are_x ? x_parts : y_parts;
  const std::size_t columns = rows_are_x ? y_parts : x_parts;
  const View view(candidates, rows_are_x);
  const ByRow by_row(view);
  const auto any = [](std::size_t, std::size_t, double) { return true; };
  chosen = columns <= kFewParts ? align<kFewParts>(rows, columns, view, by_row, any)
                                : align_many(rows, columns, view, by_row);
  std::sort(chosen.begin(), chosen.end(),
            [&](std::size_t a, std::size_t b) { return candidates[a].x < candidates[b].x; });
  return chosen;
}

}  // namespace paxid::matcher
