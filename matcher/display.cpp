#include <algorithm>
#include <vector>

#include "base/utf8.h"
#include "matcher/compare.h"

namespace paxid::matcher {
namespace {

std::u32string points_of(std::string_view text) {
  return base::to_code_points(text).value_or(std::u32string(text.size(), U'?'));
}

}  // namespace

AlignedLetters align_letters(std::string_view a, std::string_view b) {
  const std::u32string x = points_of(a);
  const std::u32string y = points_of(b);
  const std::size_t width = y.size() + 1;
  // cost[i][j]: edits between the tails from i and j.
  std::vector<std::size_t> cost((x.size() + 1) * width, 0);
  for (std::size_t i = x.size() + 1; i-- > 0;) {
    for (std::size_t j = y.size() + 1; j-- > 0;) {
      std::size_t& here = cost[i * width + j];
      if (i == x.size() || j == y.size()) {
        here = (x.size() - i) + (y.size() - j);
        continue;
      }
      here = cost[(i + 1) * width + j + 1] + (x[i] == y[j] ? 0 : 1);
      here = std::min({here, cost[(i + 1) * width + j] + 1, cost[i * width + j + 1] + 1});
    }
  }
  AlignedLetters out;
  const auto put = [&](char32_t left, char32_t right) {
    base::append_utf8(out.a, left);
    base::append_utf8(out.b, right);
    out.marks += left == right ? ' ' : '^';
  };
  for (std::size_t i = 0, j = 0; i < x.size() || j < y.size();) {
    const std::size_t here = cost[i * width + j];
    const bool both = i < x.size() && j < y.size();
    if (both && here == cost[(i + 1) * width + j + 1] + (x[i] == y[j] ? 0U : 1U)) {
      put(x[i++], y[j++]);
    } else if (i < x.size() && here == cost[(i + 1) * width + j] + 1) {
      put(x[i++], U'_');
    } else {
      put(U'_', y[j++]);
    }
  }
  return out;
}

}  // namespace paxid::matcher
