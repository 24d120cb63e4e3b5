#include "tests/words.h"

#include "mrz/aamva.h"
#include "mrz/finding.h"
#include "mrz/rendering.h"
#include "mrz/zone.h"

namespace paxid::mrz {
namespace {

// Programs tell answers apart by these words: none may be missing, twice there or change.
TEST(Words, AreTheEnumerators) {
  expect_words<FindingCode>(Letters::kUpper);
  expect_words<Severity>(Letters::kLower);
  expect_words<Field>(Letters::kLower, {{Field::kNone, ""}});
  expect_words<LicenceFindingCode>(Letters::kUpper);
  expect_words<Format>(Letters::kUpper, {{Format::kNone, ""},
                                         {Format::kMrvA, "MRVA"},
                                         {Format::kMrvB, "MRVB"},
                                         {Format::kSvk, "SVK_2x34"}});
  expect_words<Rendering>(Letters::kUpper);
  expect_words<Check>(Letters::kLower);
  expect_words<LongNumber>(Letters::kLower, {{LongNumber::kFillerExcluded, "excluded"},
                                             {LongNumber::kFillerIncluded, "included"}});
}

}  // namespace
}  // namespace paxid::mrz
