#include "tests/words.h"

#include "bcbp/boarding_pass.h"
#include "bcbp/booking_name.h"
#include "bcbp/edifact.h"
#include "bcbp/name_candidate.h"
#include "bcbp/name_field.h"
#include "bcbp/passenger_list.h"
#include "bcbp/signature.h"
#include "bcbp/ssr.h"

namespace paxid::bcbp {
namespace {

// Programs tell answers apart by these words: none may be missing, twice there or change.
TEST(Words, AreTheEnumerators) {
  expect_words<Severity>(Letters::kLower);
  expect_words<FindingCode>(Letters::kUpper);
  expect_words<BookingSystem>(Letters::kLower);
  expect_words<NameElementFinding>(Letters::kUpper);
  expect_words<NameSegmentFinding>(Letters::kUpper);
  expect_words<NameKind>(Letters::kLower);
  expect_words<NameConvention>(Letters::kUpper);
  expect_words<CutReason>(Letters::kUpper);
  expect_words<ListKind>(Letters::kUpper);
  expect_words<ListChange>(
      Letters::kUpper,
      {{ListChange::kAdded, "ADD"}, {ListChange::kDeleted, "DEL"}, {ListChange::kChanged, "CHG"}});
  expect_words<ListFindingCode>(Letters::kUpper);
  expect_words<TravellerType>(Letters::kLower);
  expect_words<SignatureState>(Letters::kLower);
  expect_words<SsrType>(Letters::kUpper);
  expect_words<SsrFinding>(Letters::kUpper);
}

}  // namespace
}  // namespace paxid::bcbp
