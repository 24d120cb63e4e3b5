#include "audit/leaf.h"

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <ostream>

#include "audit/retention.h"
#include "tests/audit/vectors.h"
#include "tests/words.h"

namespace paxid::audit {
namespace {

// Every field has bytes of its own, so that a swapped or shifted field shows.
Leaf example() {
  Leaf leaf;
  leaf.type = RecordType::kDecision;
  leaf.flags = kFlagHasBody;
  leaf.time_unix_us = 0x0102030405060708;
  leaf.request_id = id16(0x10);
  leaf.subject_ref = id16(0x20);
  leaf.actor = id16(0x30);
  leaf.decision = 0x4142;
  leaf.reason_bits = 0x5152535455565758;
  leaf.score = 0x6162;
  leaf.ruleset = filled_hash(0x70);
  leaf.software = filled_hash(0x80);
  leaf.trace_id = id16(0x90);
  leaf.body_commit = filled_hash(0xA0);
  return leaf;
}

const char* const kGolden =
    "50584131"
    "01"
    "01"
    "0102030405060708"
    "101112131415161718191a1b1c1d1e1f"
    "202122232425262728292a2b2c2d2e2f"
    "303132333435363738393a3b3c3d3e3f"
    "4142"
    "5152535455565758"
    "6162"
    "7070707070707070707070707070707070707070707070707070707070707070"
    "8080808080808080808080808080808080808080808080808080808080808080"
    "909192939495969798999a9b9c9d9e9f"
    "a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0";

TEST(Leaf, GoldenBytes) {
  const LeafData data = encode(example());
  EXPECT_EQ(base::to_hex(data), kGolden);
  const auto decoded = decode_leaf(data);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(*decoded, example());
}

TEST(Leaf, EveryAssignedTypeIsReadBack) {
  for (std::uint8_t type = 1; type <= 9; ++type) {
    Leaf leaf = example();
    leaf.type = static_cast<RecordType>(type);
    EXPECT_EQ(decode_leaf(encode(leaf))->type, leaf.type);
  }
}

TEST(Leaf, WithoutABody) {
  Leaf leaf = example();
  leaf.flags = 0;
  leaf.body_commit = {};
  EXPECT_EQ(*decode_leaf(encode(leaf)), leaf);
}

struct Broken {
  const char* name;
  std::size_t offset;
  std::uint8_t value;
  friend void PrintTo(const Broken& self, std::ostream* out) { *out << self.name; }
};
class BrokenLeaf : public testing::TestWithParam<Broken> {};

TEST_P(BrokenLeaf, IsRefused) {
  LeafData data = encode(example());
  data[GetParam().offset] = GetParam().value;
  const auto decoded = decode_leaf(data);
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().code, base::ErrorCode::kInvalidArgument);
}

INSTANTIATE_TEST_SUITE_P(Leaf, BrokenLeaf,
                         testing::Values(Broken{"Magic", 0, 'X'}, Broken{"MagicSecond", 1, 'x'},
                                         Broken{"Version", 3, '2'}, Broken{"TypeZero", 4, 0},
                                         Broken{"TypeUnassigned", 4, 10},
                                         Broken{"ReservedFlag", 5, 0x03},
                                         Broken{"ReservedHighFlag", 5, 0x81},
                                         Broken{"CommitmentWithoutFlag", 5, 0x00}),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(Leaf, FlagWithoutCommitmentIsRefused) {
  Leaf leaf = example();
  leaf.body_commit = {};
  EXPECT_FALSE(decode_leaf(encode(leaf)));
}

TEST(Leaf, EveryOtherSizeIsRefused) {
  const LeafData data = encode(example());
  for (std::size_t size = 0; size < kLeafBytes; ++size) {
    EXPECT_FALSE(decode_leaf(ByteView(data).first(size))) << size;
  }
  Bytes longer(data.begin(), data.end());
  longer.push_back(0);
  EXPECT_FALSE(decode_leaf(longer));
}

TEST(Leaf, BodyContextIsTheLeafWithoutItsCommitment) {
  const LeafData context = body_context(encode(example()));
  EXPECT_EQ(base::to_hex(context), std::string(kGolden).substr(0, 308) + std::string(64, '0'));
}

TEST(LeafTest, EveryFieldCounts) {
  const std::array<void (*)(Leaf&), 13> changes{
      [](Leaf& leaf) { leaf.type = RecordType::kErasure; },
      [](Leaf& leaf) { ++leaf.flags; },
      [](Leaf& leaf) { ++leaf.time_unix_us; },
      [](Leaf& leaf) { ++leaf.request_id[0]; },
      [](Leaf& leaf) { ++leaf.subject_ref[15]; },
      [](Leaf& leaf) { ++leaf.actor[0]; },
      [](Leaf& leaf) { ++leaf.decision; },
      [](Leaf& leaf) { ++leaf.reason_bits; },
      [](Leaf& leaf) { ++leaf.score; },
      [](Leaf& leaf) { ++leaf.ruleset[31]; },
      [](Leaf& leaf) { ++leaf.software[0]; },
      [](Leaf& leaf) { ++leaf.body_commit[0]; },
      [](Leaf& leaf) { ++leaf.trace_id[0]; }};
  EXPECT_EQ(example(), example());
  for (const auto change : changes) {
    Leaf other = example();
    change(other);
    EXPECT_NE(other, example());
  }
}

TEST(Retention, FollowsFromTheLeafAlone) {
  using enum RetentionClass;
  struct Case {
    RecordType type;
    std::uint16_t decision;
    bool of_a_person;
    std::optional<RetentionClass> expected;
  };
  for (const Case& one :
       {Case{RecordType::kDecision, 1, true, kMatch}, Case{RecordType::kDecision, 2, true, kReview},
        Case{RecordType::kDecision, 3, true, kMismatch},
        Case{RecordType::kManualReview, 2, true, kReview},
        Case{RecordType::kManualReview, 3, true, kMismatch},
        Case{RecordType::kAuditRead, 1, false, kAccess},
        Case{RecordType::kRefusedRequest, 1, false, kAccess},
        Case{RecordType::kServiceEvent, 1, true, kAccess},
        Case{RecordType::kServiceEvent, 1, false, kOperation},
        Case{RecordType::kConfigurationChange, 1, false, kOperation},
        Case{RecordType::kErasure, 1, true, std::nullopt},
        Case{RecordType::kRetentionPrune, 1, false, std::nullopt},
        Case{RecordType::kKeyEvent, 1, false, std::nullopt}}) {
    Leaf leaf;
    leaf.type = one.type;
    leaf.decision = one.decision;
    if (one.of_a_person) leaf.subject_ref = id16(0x20);
    EXPECT_EQ(retention_class_of(leaf), one.expected) << static_cast<int>(one.type);
  }
}

TEST(Retention, AMarkNamesAClassAndABound) {
  Leaf leaf;
  leaf.type = RecordType::kRetentionPrune;
  leaf.reason_bits = 77;
  for (const RetentionClass one : kAllRetentionClasses) {
    leaf.decision = static_cast<std::uint16_t>(one);
    EXPECT_EQ(prune_mark_of(leaf)->retention_class, one);
    EXPECT_EQ(prune_mark_of(leaf)->bound, 77u);
  }
  for (const std::uint16_t unassigned : {0, 6, 0x101}) {
    leaf.decision = unassigned;
    EXPECT_FALSE(prune_mark_of(leaf));
  }
  leaf.decision = 1;
  leaf.type = RecordType::kErasure;
  EXPECT_FALSE(prune_mark_of(leaf));
}

TEST(Retention, ClassesHaveTheirNames) { expect_words<RetentionClass>(Letters::kLower); }

}  // namespace
}  // namespace paxid::audit
