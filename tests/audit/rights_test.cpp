#include <gtest/gtest.h>

#include "base/hex.h"
#include "tests/audit/rights_fixture.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;

TEST_F(Rights, ASubjectIsFoundWithAllItsRecords) {
  const auto state = store_->subject("qf", subject(3));
  ASSERT_TRUE(state);
  EXPECT_EQ(state->records.size(), 10u);
  EXPECT_EQ(state->records.front(), 3u);
  EXPECT_EQ(state->records.back(), 66u);
  EXPECT_FALSE(*store_->subject_of("qf", SubjectLookup{1, bytes("nobody")}));
  EXPECT_EQ(store_->subject("qf", id16(9)).error().code, ErrorCode::kNotFound);
}

TEST_F(Rights, AnErasedPersonIsUnreadableAndTheLogIsWhole) {
  const Id16 ref = subject(3);
  const std::uint64_t keys = keys_of_subjects();
  const auto receipt = append(*store_, effect_on(1000, RecordEffect::kErase, ref));
  ASSERT_TRUE(receipt) << receipt.error().message;
  EXPECT_EQ(keys_of_subjects(), keys - 1);
  for (std::uint64_t index = 0; index < kRecords; ++index) {
    EXPECT_EQ(has_body(index), index % 7 != 3);
    if (index % 7 == 3) {
      EXPECT_EQ(store_->open_body("qf", index).error().code, ErrorCode::kFailedPrecondition);
      EXPECT_EQ(store_->open_response("qf", index).error().code, ErrorCode::kFailedPrecondition);
    }
  }
  EXPECT_FALSE(*store_->subject_of("qf", *record(3).subject));
  EXPECT_EQ(store_->subject("qf", ref)->erased_by, receipt->index);
  // The erasure itself stays readable, a retry of the erased request is refused, and a repeated
  // erasure is the same one.
  EXPECT_TRUE(store_->open_body("qf", receipt->index));
  EXPECT_EQ(append(*store_, record(3)).error().code, ErrorCode::kFailedPrecondition);
  EXPECT_TRUE(append(*store_, effect_on(1000, RecordEffect::kErase, ref))->replayed);
  EXPECT_EQ(append(*store_, effect_on(1001, RecordEffect::kErase, ref)).error().code,
            ErrorCode::kFailedPrecondition);
  expect_sound();
  // The same document makes a new subject under a new key.
  Record again = record(2000);
  again.subject = record(3).subject;
  ASSERT_TRUE(append(*store_, again));
  EXPECT_NE(subject(3), ref);
  expect_sound();
  reopen();
  expect_sound();
}

TEST_F(Rights, ARecordOfTheErasedInTheSameMomentHasAKeyOfItsOwn) {
  const Id16 ref = subject(3);
  std::vector<std::future<base::Result<Receipt>>> waiting;
  for (std::uint32_t i = 0; i < 40; ++i) {
    Record one = record(3000 + i);
    one.subject = record(3).subject;
    waiting.push_back(append_async(*store_, one));
    if (i == 20)
      waiting.push_back(append_async(*store_, effect_on(1000, RecordEffect::kErase, ref)));
  }
  for (auto& future : waiting) EXPECT_TRUE(future.get());
  expect_sound();
  const auto erased = store_->index_of("qf", request_id(1000));
  ASSERT_TRUE(erased && *erased);
  // Several committers need not keep the order, but what is behind the erasure stays.
  for (std::uint32_t i = 0; i < 40; ++i) {
    const auto index = store_->index_of("qf", request_id(3000 + i));
    ASSERT_TRUE(index && *index) << i;
    const auto body = store_->open_body("qf", **index);
    EXPECT_EQ(body.has_value(), **index > **erased) << i;
    if (body) {
      EXPECT_EQ(text(*body), "CANARYBODY of passenger " + std::to_string(3000 + i));
    }
  }
}

TEST_F(Rights, AHoldKeepsEverythingUntilTwoPersonsEndIt) {
  const Id16 ref = subject(3);
  ASSERT_TRUE(append(*store_, effect_on(1000, RecordEffect::kHold, ref)));
  EXPECT_EQ(append(*store_, effect_on(1001, RecordEffect::kErase, ref)).error().code,
            ErrorCode::kFailedPrecondition);
  EXPECT_EQ(append(*store_, effect_on(1002, RecordEffect::kRelease, ref)).error().code,
            ErrorCode::kFailedPrecondition);
  ASSERT_TRUE(append(*store_, prune(1003, RetentionClass::kMatch, kRecords)));
  for (std::uint64_t index = 0; index < kRecords; ++index) {
    EXPECT_EQ(has_body(index), index % 3 != 0 || index % 7 == 3) << index;
  }
  ASSERT_TRUE(append(*store_, effect_on(1004, RecordEffect::kProposeRelease, ref)));
  EXPECT_EQ(append(*store_, effect_on(1005, RecordEffect::kRelease, ref)).error().code,
            ErrorCode::kPermissionDenied);
  Record second = effect_on(1006, RecordEffect::kRelease, ref);
  second.actor = id16(0xA1);
  ASSERT_TRUE(append(*store_, second));
  // What the hold alone has kept goes with it.
  for (std::uint64_t index = 0; index < kRecords; ++index) {
    EXPECT_EQ(has_body(index), index % 3 != 0) << index;
  }
  expect_sound();
  EXPECT_TRUE(append(*store_, effect_on(1007, RecordEffect::kErase, ref)));
  expect_sound();
}

TEST_F(Rights, PruningTakesOneClassAndKeysThatNothingNeeds) {
  for (const RetentionClass one : {RetentionClass::kMatch, RetentionClass::kReview}) {
    ASSERT_TRUE(append(*store_, prune(1000 + static_cast<std::uint32_t>(one), one, 60)));
    EXPECT_EQ(*store_->pruned_below("qf", one), 60u);
  }
  for (std::uint64_t index = 0; index < kRecords; ++index) {
    EXPECT_EQ(has_body(index), index >= 60 || index % 3 == 2) << index;
  }
  EXPECT_EQ(append(*store_, record(0)).error().code, ErrorCode::kFailedPrecondition);
  for (const RetentionClass one :
       {RetentionClass::kMatch, RetentionClass::kReview, RetentionClass::kMismatch}) {
    ASSERT_TRUE(append(*store_, prune(1010 + static_cast<std::uint32_t>(one), one, kRecords)));
  }
  EXPECT_FALSE(*store_->subject_of("qf", *record(3).subject));
  expect_sound();
  store_.reset();
  EXPECT_EQ(keys_of_subjects(), 0u);
  open();
  expect_sound();
  EXPECT_TRUE(append(*store_, record(5000)));
  store_.reset();
  EXPECT_EQ(keys_of_subjects(), 1u);
}

TEST_F(Rights, PruningIsBounded) {
  EXPECT_EQ(append(*store_, prune(1000, RetentionClass::kMatch, kRecords + 1)).error().code,
            ErrorCode::kFailedPrecondition);
  ASSERT_TRUE(append(*store_, prune(1001, RetentionClass::kMatch, 10)));
  EXPECT_EQ(append(*store_, prune(1002, RetentionClass::kMatch, 10)).error().code,
            ErrorCode::kFailedPrecondition);
  Record unassigned = prune(1003, RetentionClass::kMatch, 20);
  unassigned.decision = 77;
  EXPECT_EQ(append(*store_, unassigned).error().field, "decision");
}

TEST_F(Rights, ARestrictionIsSetAndLifted) {
  const Id16 ref = subject(3);
  const auto set = append(*store_, effect_on(1000, RecordEffect::kRestrict, ref));
  ASSERT_TRUE(set);
  EXPECT_EQ(store_->subject("qf", ref)->restricted_by, set->index);
  EXPECT_EQ(append(*store_, effect_on(1001, RecordEffect::kRestrict, ref)).error().code,
            ErrorCode::kFailedPrecondition);
  ASSERT_TRUE(append(*store_, effect_on(1002, RecordEffect::kLiftRestriction, ref)));
  EXPECT_FALSE(store_->subject("qf", ref)->restricted_by);
}

TEST_F(Rights, DeadlinesAreKeptUntilTheyAreClosed) {
  Record asked = effect_on(1000, RecordEffect::kOpenDeadline, subject(3));
  asked.received_unix_us = kTestTime;
  asked.due_unix_us = kTestTime + 100;
  ASSERT_TRUE(append(*store_, asked));
  ASSERT_EQ(store_->deadlines("qf")->size(), 1u);
  EXPECT_FALSE(store_->deadlines("qf")->front().closed_by);
  Record closed = effect_on(1001, RecordEffect::kCloseDeadline, subject(3));
  closed.deadline = request_id(1000);
  const auto receipt = append(*store_, closed);
  ASSERT_TRUE(receipt);
  EXPECT_EQ(store_->deadlines("qf")->front().closed_by, receipt->index);
  closed.request_id = request_id(1002);
  EXPECT_EQ(append(*store_, closed).error().code, ErrorCode::kNotFound);
}

TEST_F(Rights, EffectsAreNamedRightly) {
  Record without = effect_on(1000, RecordEffect::kHold, subject(3));
  without.subject_ref.reset();
  EXPECT_EQ(append(*store_, without).error().field, "subject_ref");
  Record wrong = effect_on(1001, RecordEffect::kErase, subject(3));
  wrong.type = RecordType::kServiceEvent;
  EXPECT_EQ(append(*store_, wrong).error().field, "effect");
  EXPECT_EQ(append(*store_, effect_on(1002, RecordEffect::kHold, id16(5))).error().code,
            ErrorCode::kNotFound);
}

}  // namespace
}  // namespace paxid::audit
