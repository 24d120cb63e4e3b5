#include "audit/store.h"

#include <gtest/gtest.h>

#include <ostream>
#include <set>
#include <thread>

#include "audit/merkle.h"
#include "audit/sealed_body.h"
#include "audit/tlog_proof.h"
#include "tests/audit/store_fixture.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;

TEST_F(StoreTest, ARecordIsPlacedAndItsLeafSaysWhatWasAsked) {
  open();
  const auto receipt = append(*store_, record(1));
  ASSERT_TRUE(receipt) << receipt.error().message;
  EXPECT_EQ(receipt->origin, "audit.example/qf");
  EXPECT_EQ(receipt->index, 0u);
  EXPECT_EQ(receipt->tree_size, 1u);
  EXPECT_FALSE(receipt->replayed);
  EXPECT_EQ(text(receipt->response), "CANARYRESPONSE to 1");

  const auto stored = store_->leaf("qf", 0);
  ASSERT_TRUE(stored);
  EXPECT_EQ(leaf_hash(stored->leaf_data), receipt->leaf_hash);
  const auto leaf = decode_leaf(stored->leaf_data);
  ASSERT_TRUE(leaf);
  EXPECT_EQ(leaf->type, RecordType::kDecision);
  EXPECT_EQ(leaf->time_unix_us, kTestTime);
  EXPECT_EQ(leaf->request_id, request_id(1));
  EXPECT_EQ(leaf->actor, id16(0xA0));
  EXPECT_EQ(leaf->decision, 1);
  EXPECT_EQ(leaf->reason_bits, 1u);
  EXPECT_EQ(leaf->score, 990);
  EXPECT_EQ(leaf->ruleset, filled_hash(0x11));
  EXPECT_EQ(leaf->software, filled_hash(0x22));
  EXPECT_EQ(leaf->trace_id, id16(0xB0));
  EXPECT_NE(leaf->subject_ref, Id16{});
  EXPECT_EQ(text(*store_->open_body("qf", 0)), "CANARYBODY of passenger 1");
  EXPECT_EQ(*store_->index_of("qf", request_id(1)), 0u);
  EXPECT_EQ(*store_->index_of("qf", request_id(2)), std::nullopt);
}

TEST_F(StoreTest, TheBodyKeyOpensThisBodyAndNoOther) {
  open();
  ASSERT_TRUE(append(*store_, record(0)));
  ASSERT_TRUE(append(*store_, record(7)));  // the same subject
  const auto key = store_->body_key("qf", 0);
  ASSERT_TRUE(key);
  const auto first = store_->leaf("qf", 0);
  const auto second = store_->leaf("qf", 1);
  EXPECT_EQ(text(*open_body(*key, first->leaf_data, *first->sealed_body)),
            "CANARYBODY of passenger 0");
  EXPECT_FALSE(open_body(*key, second->leaf_data, *second->sealed_body));
  EXPECT_EQ(decode_leaf(first->leaf_data)->subject_ref,
            decode_leaf(second->leaf_data)->subject_ref);
}

TEST_F(StoreTest, ASubjectHasOneReferenceInALogAndAnotherInTheNext) {
  open();
  Record other_kind = record(2);
  other_kind.subject = SubjectLookup{2, record(1).subject->value};
  Record same = record(3);
  same.subject = record(1).subject;
  Record other_log = record(1, "ba");
  for (const Record& asked : {record(1), other_kind, same, other_log}) {
    ASSERT_TRUE(append(*store_, asked));
  }
  const auto subject = [&](const char* tenant, std::uint64_t index) {
    return decode_leaf(store_->leaf(tenant, index)->leaf_data)->subject_ref;
  };
  EXPECT_EQ(subject("qf", 0), subject("qf", 2));
  EXPECT_NE(subject("qf", 0), subject("qf", 1));
  EXPECT_NE(subject("qf", 0), subject("ba", 0));
}

TEST_F(StoreTest, ARecordCanShareTheSubjectOfAnother) {
  open();
  Record nobody = record(2);
  nobody.subject.reset();
  for (const Record& asked : {record(1), nobody, about(3, 1), about(4, 2)}) {
    ASSERT_TRUE(append(*store_, asked));
  }
  const auto subject = [&](std::uint64_t index) {
    return decode_leaf(store_->leaf("qf", index)->leaf_data)->subject_ref;
  };
  EXPECT_EQ(subject(2), subject(0));
  EXPECT_EQ(subject(3), Id16{});
  EXPECT_EQ(text(*store_->open_body("qf", 2)), "CANARYBODY of passenger 3");
  EXPECT_EQ(text(*store_->open_body("qf", 3)), "CANARYBODY of passenger 4");
  reopen();
  EXPECT_TRUE(append(*store_, about(3, 1))->replayed);
  EXPECT_EQ(text(*store_->open_body("qf", 2)), "CANARYBODY of passenger 3");
}

TEST_F(StoreTest, TheSubjectOfNoRecordIsRefusedAlone) {
  open();
  ASSERT_TRUE(append(*store_, record(1)));
  const auto unknown = append(*store_, about(3, 77));
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(unknown.error().field, "subject_of_request");
  EXPECT_FALSE(append(*store_, [] {
    Record first = about(9, 1);
    first.tenant = "ba";  // whose log has no record at all
    return first;
  }()));
  Record twice = about(4, 1);
  twice.subject = record(1).subject;
  EXPECT_EQ(append(*store_, twice).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(*store_->tree_size("qf"), 1u);
  EXPECT_TRUE(append(*store_, about(3, 1)));
  EXPECT_TRUE(store_->healthy());
}

TEST_F(StoreTest, TheBlindIndexTellsTenantsKindsAndValuesApart) {
  open();
  const SubjectLookup one{1, bytes("CANARYSUBJECT 1")};
  const Id16 index = store_->blind_index("qf", one);
  EXPECT_NE(index, store_->blind_index("ba", one));
  EXPECT_NE(index, store_->blind_index("qf", {2, one.value}));
  EXPECT_NE(index, store_->blind_index("qf", {1, bytes("CANARYSUBJECT 2")}));
  reopen();
  EXPECT_EQ(index, store_->blind_index("qf", one));
}

TEST_F(StoreTest, WithoutSubjectOrBody) {
  open();
  Record event = record(1);
  event.type = RecordType::kServiceEvent;
  event.subject.reset();
  Record bare = record(2);
  bare.body.clear();
  bare.response.clear();
  ASSERT_TRUE(append(*store_, event));
  ASSERT_TRUE(append(*store_, bare));
  EXPECT_EQ(decode_leaf(store_->leaf("qf", 0)->leaf_data)->subject_ref, Id16{});
  EXPECT_EQ(text(*store_->open_body("qf", 0)), "CANARYBODY of passenger 1");
  EXPECT_EQ(store_->open_body("qf", 1).error().code, ErrorCode::kNotFound);
  const auto again = append(*store_, bare);
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->replayed);
  EXPECT_TRUE(again->response.empty());
}

TEST_F(StoreTest, TheSameRequestIsAnsweredFromItsRecord) {
  open();
  const auto first = append(*store_, record(1));
  ASSERT_TRUE(append(*store_, record(2)));
  Record retry = record(1);
  retry.response = bytes("another answer");
  for (int i = 0; i < 2; ++i) {
    const auto again = append(*store_, retry);
    ASSERT_TRUE(again);
    EXPECT_TRUE(again->replayed);
    EXPECT_EQ(again->index, first->index);
    EXPECT_EQ(again->leaf_hash, first->leaf_hash);
    EXPECT_EQ(text(again->response), "CANARYRESPONSE to 1");
    EXPECT_EQ(text(*store_->open_response("qf", first->index)), "CANARYRESPONSE to 1");
    EXPECT_EQ(*store_->tree_size("qf"), 2u);
    reopen();
  }
}

TEST_F(StoreTest, AnotherRequestUnderTheSameIdIsRefused) {
  open();
  ASSERT_TRUE(append(*store_, record(1)));
  Record other = record(1);
  other.canonical_request = bytes("something else");
  EXPECT_EQ(append(*store_, other).error().code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(*store_->tree_size("qf"), 1u);
  EXPECT_EQ(store_->statistics().conflicts, 1u);
  // Another log knows nothing of it.
  other.tenant = "ba";
  EXPECT_TRUE(append(*store_, other));
}

TEST_F(StoreTest, AThousandRecordsFromSeveralThreads) {
  open();
  constexpr std::uint32_t kThreads = 5;
  constexpr std::uint32_t kEach = 200;
  std::vector<std::thread> threads;
  std::vector<std::vector<Receipt>> receipts(kThreads);
  for (std::uint32_t t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      std::vector<std::future<base::Result<Receipt>>> waiting;
      for (std::uint32_t i = 0; i < kEach; ++i) {
        waiting.push_back(append_async(*store_, record(t * kEach + i)));
      }
      for (auto& future : waiting) {
        auto receipt = future.get();
        EXPECT_TRUE(receipt) << receipt.error().message;
        receipts[t].push_back(receipt.value_or(Receipt{}));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();

  const Checkpoint checkpoint = head();
  EXPECT_EQ(checkpoint.size, kThreads * kEach);
  std::set<std::uint64_t> indexes;
  for (std::uint32_t t = 0; t < kThreads; ++t) {
    for (std::uint32_t i = 0; i < kEach; ++i) {
      const auto receipt_or = placed(*store_, "qf", request_id(t * kEach + i), receipts[t][i]);
      ASSERT_TRUE(receipt_or) << receipt_or.error().message;
      const Receipt& receipt = *receipt_or;
      indexes.insert(receipt.index);
      EXPECT_LT(receipt.index, receipt.tree_size);
      const auto proof = store_->inclusion_proof("qf", receipt.index, checkpoint.size);
      ASSERT_TRUE(proof);
      EXPECT_TRUE(verify_inclusion(receipt.index, checkpoint.size, receipt.leaf_hash, *proof,
                                   checkpoint.root));
      EXPECT_EQ(*store_->index_of("qf", request_id(t * kEach + i)), receipt.index);
    }
  }
  EXPECT_EQ(indexes.size(), kThreads * kEach);
  EXPECT_EQ(store_->statistics().appended, kThreads * kEach);
}

TEST_F(StoreTest, ReopeningKeepsEverythingAndEveryEarlierCheckpointStaysConsistent) {
  std::vector<Checkpoint> heads;
  std::vector<Receipt> receipts;
  // Past 256 and 512, where tiles become full.
  for (const std::uint32_t count : {1u, 2u, 100u, 153u, 1u, 200u, 60u}) {
    open();
    for (std::uint32_t i = 0; i < count; ++i) {
      receipts.push_back(*append(*store_, record(static_cast<std::uint32_t>(receipts.size()))));
    }
    heads.push_back(head());
    store_.reset();
  }
  open();
  const Checkpoint last = head();
  EXPECT_EQ(last, heads.back());
  for (const Checkpoint& earlier : heads) {
    const auto proof = store_->consistency_proof("qf", earlier.size, last.size);
    ASSERT_TRUE(proof);
    EXPECT_TRUE(verify_consistency(earlier.size, last.size, earlier.root, last.root, *proof));
  }
  Frontier frontier;
  for (std::uint64_t i = 0; i < last.size; ++i) {
    frontier.append(leaf_hash(store_->leaf("qf", i)->leaf_data));
    EXPECT_EQ(leaf_hash(store_->leaf("qf", i)->leaf_data), receipts[i].leaf_hash);
  }
  EXPECT_EQ(frontier.root(), last.root);
}

TEST_F(StoreTest, ProofFilesPassTheOfflineCheck) {
  open();
  for (std::uint32_t i = 0; i < 300; ++i) ASSERT_TRUE(append(*store_, record(i)));
  const auto key = parse_vkey(*store_->vkey("qf"));
  for (const std::uint64_t index : {0u, 1u, 255u, 256u, 299u}) {
    const auto proof = store_->tlog_proof("qf", index);
    ASSERT_TRUE(proof);
    const auto leaf = store_->leaf("qf", index);
    const auto checked = check_record(*proof, leaf->leaf_data, {&*key, 1}, "audit.example/qf");
    ASSERT_TRUE(checked) << checked.error().message;
    EXPECT_EQ(checked->index, index);
    EXPECT_EQ(checked->checkpoint.size, 300u);
  }
  EXPECT_EQ(store_->tlog_proof("qf", 300).error().code, ErrorCode::kNotFound);
}

TEST_F(StoreTest, ACheckpointIsSignedOnceForOneSize) {
  open();
  ASSERT_TRUE(append(*store_, record(1)));
  const auto first = store_->checkpoint("qf");
  EXPECT_EQ(*store_->checkpoint("qf"), *first);
  EXPECT_EQ(file_bytes(options_.directory + "/qf.checkpoint"), *first);
  EXPECT_EQ(store_->statistics().checkpoints_signed, 1u);
  ASSERT_TRUE(append(*store_, record(2)));
  EXPECT_NE(*store_->checkpoint("qf"), *first);
}

TEST_F(StoreTest, TheCommitterSignsByItself) {
  options_.checkpoint_leaves = 3;
  open();
  for (std::uint32_t i = 0; i < 3; ++i) ASSERT_TRUE(append(*store_, record(i)));
  while (store_->statistics().checkpoints_signed == 0) std::this_thread::yield();
  EXPECT_EQ(
      parse_checkpoint(parse_note(file_bytes(options_.directory + "/qf.checkpoint"))->text)->size,
      3u);
}

TEST_F(StoreTest, ClosingSignsWhatIsThere) {
  open();
  ASSERT_TRUE(append(*store_, record(1)));
  store_->close();
  EXPECT_EQ(
      parse_checkpoint(parse_note(file_bytes(options_.directory + "/qf.checkpoint"))->text)->size,
      1u);
  EXPECT_EQ(append(*store_, record(2)).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(store_->leaf("qf", 0).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(store_->checkpoint("qf").error().code, ErrorCode::kUnavailable);
}

TEST_F(StoreTest, TimeNeverGoesBackwardsInALog) {
  open();
  ASSERT_TRUE(append(*store_, record(1)));
  clock_.set(kTestTime - 5'000'000);
  ASSERT_TRUE(append(*store_, record(2)));
  reopen();
  ASSERT_TRUE(append(*store_, record(3)));
  clock_.set(kTestTime + 1);
  ASSERT_TRUE(append(*store_, record(4)));
  // Another log has a time of its own.
  clock_.set(kTestTime - 5'000'000);
  ASSERT_TRUE(append(*store_, record(1, "ba")));
  const auto time_of = [&](const char* tenant, std::uint64_t index) {
    return decode_leaf(store_->leaf(tenant, index)->leaf_data)->time_unix_us;
  };
  EXPECT_EQ(time_of("qf", 0), kTestTime);
  EXPECT_EQ(time_of("qf", 1), kTestTime);
  EXPECT_EQ(time_of("qf", 2), kTestTime);
  EXPECT_EQ(time_of("qf", 3), kTestTime + 1);
  EXPECT_EQ(time_of("ba", 0), kTestTime - 5'000'000);
}

TEST_F(StoreTest, LogsOfTenantsAreApart) {
  open();
  ASSERT_TRUE(append(*store_, record(1)));
  ASSERT_TRUE(append(*store_, record(1, "ba")));
  ASSERT_TRUE(append(*store_, record(2, "ba")));
  EXPECT_EQ(head("qf").size, 1u);
  EXPECT_EQ(head("ba").size, 2u);
  EXPECT_EQ(*store_->tenants(), (std::vector<std::string>{"ba", "qf"}));
  EXPECT_NE(*store_->vkey("qf"), *store_->vkey("ba"));
  EXPECT_EQ(store_->leaf("qf", 1).error().code, ErrorCode::kNotFound);
}

TEST_F(StoreTest, ATenantWithoutALogIsNotFound) {
  open();
  EXPECT_EQ(store_->checkpoint("qf").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(store_->tree_size("qf").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(store_->leaf("qf", 0).error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(store_->vkey("qf"));
}

struct OutOfLimits {
  const char* name;
  void (*change)(Record&);
  const char* field;
  friend void PrintTo(const OutOfLimits& self, std::ostream* out) { *out << self.name; }
};
class RecordLimits : public StoreTest, public testing::WithParamInterface<OutOfLimits> {};

TEST_P(RecordLimits, AreNamed) {
  open();
  Record asked = record(1);
  GetParam().change(asked);
  const auto refused = append(*store_, asked);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(refused.error().field, GetParam().field);
}

INSTANTIATE_TEST_SUITE_P(
    Store, RecordLimits,
    testing::Values(
        OutOfLimits{"NoTenant", [](Record& r) { r.tenant.clear(); }, "tenant"},
        OutOfLimits{"LongTenant", [](Record& r) { r.tenant = std::string(64, 'a'); }, "tenant"},
        OutOfLimits{"PathTenant", [](Record& r) { r.tenant = "../qf"; }, "tenant"},
        OutOfLimits{"UpperCaseTenant", [](Record& r) { r.tenant = "QF"; }, "tenant"},
        OutOfLimits{"HyphenFirst", [](Record& r) { r.tenant = "-qf"; }, "tenant"},
        OutOfLimits{"HyphenLast", [](Record& r) { r.tenant = "qf-"; }, "tenant"},
        OutOfLimits{"ZeroRequestId", [](Record& r) { r.request_id = {}; }, "request_id"},
        OutOfLimits{"UnassignedType", [](Record& r) { r.type = static_cast<RecordType>(10); },
                    "type"},
        OutOfLimits{"LargeBody", [](Record& r) { r.body.resize(kMaxBodyBytes + 1); }, "body"},
        OutOfLimits{"LargeResponse", [](Record& r) { r.response.resize(kMaxResponseBytes + 1); },
                    "response"},
        OutOfLimits{"LargeRequest",
                    [](Record& r) { r.canonical_request.resize(kMaxCanonicalRequestBytes + 1); },
                    "canonical_request"},
        OutOfLimits{"EmptySubject", [](Record& r) { r.subject->value.clear(); }, "subject"},
        OutOfLimits{"LargeSubject",
                    [](Record& r) { r.subject->value.resize(kMaxSubjectLookupBytes + 1); },
                    "subject"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST_F(StoreTest, RecordsAtTheLimitsAreKept) {
  open();
  Record asked = record(1);
  asked.tenant = std::string(63, 'a');
  asked.body.assign(kMaxBodyBytes, 'b');
  asked.response.assign(kMaxResponseBytes, 'r');
  asked.canonical_request.assign(kMaxCanonicalRequestBytes, 'q');
  asked.subject->value.assign(kMaxSubjectLookupBytes, 's');
  ASSERT_TRUE(append(*store_, asked));
  EXPECT_EQ(*store_->open_body(asked.tenant, 0), asked.body);
}

}  // namespace
}  // namespace paxid::audit
