#include "base/progress_line.h"

#include <gtest/gtest.h>

namespace paxid::base {
namespace {

TEST(ProgressBar, GrowsFromNothingToTheWhole) {
  EXPECT_EQ(progress_bar(0, 200, "leaves"), "[--------------------]   0 %  0 of 200 leaves");
  EXPECT_EQ(progress_bar(50, 200, "leaves"), "[#####---------------]  25 %  50 of 200 leaves");
  EXPECT_EQ(progress_bar(199, 200, "leaves"), "[###################-]  99 %  199 of 200 leaves");
  EXPECT_EQ(progress_bar(200, 200, "leaves"), "[####################] 100 %  200 of 200 leaves");
  // A log that has grown meanwhile, and one without anything.
  EXPECT_EQ(progress_bar(201, 200, "leaves"), "[####################] 100 %  201 of 200 leaves");
  EXPECT_EQ(progress_bar(0, 0, "leaves"), "[####################] 100 %  0 of 0 leaves");
  const std::uint64_t most = ~std::uint64_t{0};
  EXPECT_EQ(progress_bar(most / 2, most, "x").substr(0, 28), "[##########----------]  50 %");
}

}  // namespace
}  // namespace paxid::base
