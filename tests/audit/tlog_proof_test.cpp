#include "audit/tlog_proof.h"

#include <gtest/gtest.h>

#include <ostream>

#include "audit/merkle.h"
#include "tests/audit/vectors.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;

// c2sp.org/tlog-proof: the example without its shortened signatures.
TEST(TlogProof, ReadsAndWritesTheFormOfTheSpecification) {
  const std::string text =
      "c2sp.org/tlog-proof@v1\nextra "
      "YWdlLXYxLjIuMS1kYXJ3aW4tYXJtNjQudGFyLmd6\nindex 73894\n"
      "gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=\n"
      "B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=\n\n"
      "example.com/fancylog\n109482\nsFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=\n\n"
      "— example.com/fancylog hI2DJ1roloI=\n";
  const auto proof = parse_tlog_proof(text);
  ASSERT_TRUE(proof);
  EXPECT_EQ(audit::text(*proof->extra), "age-v1.2.1-darwin-arm64.tar.gz");
  EXPECT_EQ(proof->index, 73894u);
  ASSERT_EQ(proof->hashes.size(), 2u);
  EXPECT_TRUE(proof->checkpoint.starts_with("example.com/fancylog\n109482\n"));
  EXPECT_EQ(to_text(*proof), text);
}

// A log of five leaves made by hand.
class CheckRecord : public testing::Test {
 protected:
  void SetUp() override {
    std::vector<Hash> hashes;
    for (std::uint8_t i = 0; i < 5; ++i) {
      Leaf leaf;
      leaf.request_id = id16(i);
      leaves_.push_back(encode(leaf));
      hashes.push_back(leaf_hash(leaves_.back()));
      frontier_.append(hashes.back());
    }
    checkpoint_ = {origin_, 5, frontier_.root(), {}};
    proof_.index = 2;
    // For leaf 2 of 5: leaf 3, the pair (0, 1), leaf 4.
    proof_.hashes = {hashes[3], node_hash(hashes[0], hashes[1]), hashes[4]};
    proof_.checkpoint = *sign_checkpoint(checkpoint_, key_);
  }
  base::Result<CheckedRecord> check(std::size_t leaf = 2) const {
    return check_record(to_text(proof_), leaves_[leaf], trusted_, origin_);
  }

  std::string origin_ = "audit.example/qf";
  SigningKey key_ = *SigningKey::from_seed(Bytes(32, 7));
  std::vector<VerifierKey> trusted_{verifier_key(origin_, key_.public_key())};
  std::vector<LeafData> leaves_;
  Frontier frontier_;
  Checkpoint checkpoint_;
  TlogProof proof_;
};

TEST_F(CheckRecord, Passes) {
  const auto checked = check();
  ASSERT_TRUE(checked) << checked.error().message;
  EXPECT_EQ(checked->index, 2u);
  EXPECT_EQ(checked->checkpoint, checkpoint_);
  EXPECT_EQ(checked->leaf.request_id, id16(2));
  EXPECT_EQ(checked->leaf_hash, leaf_hash(leaves_[2]));
}

TEST_F(CheckRecord, AnotherLeafIsNotProved) {
  const auto checked = check(3);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code, ErrorCode::kDataLoss);
  EXPECT_EQ(checked.error().message, "the inclusion proof does not lead to the root");
}

TEST_F(CheckRecord, AnotherIndexIsNotProved) {
  for (std::uint64_t index : {0, 1, 3, 4, 5, 100}) {
    proof_.index = index;
    EXPECT_EQ(check().error().code, ErrorCode::kDataLoss) << index;
  }
}

TEST_F(CheckRecord, AShorterOrLongerProofIsNamed) {
  proof_.hashes.pop_back();
  EXPECT_EQ(check().error().message, "the inclusion proof is too short");
  proof_.hashes.resize(4);
  EXPECT_EQ(check().error().message, "the inclusion proof is too long");
}

TEST_F(CheckRecord, AnUnsignedCheckpointIsNamed) {
  const auto other = SigningKey::generate();
  proof_.checkpoint = *sign_checkpoint(checkpoint_, *other);
  EXPECT_EQ(check().error().code, ErrorCode::kPermissionDenied);
  EXPECT_EQ(check().error().field, "checkpoint");
}

TEST_F(CheckRecord, AnotherLogIsNamed) {
  checkpoint_.origin = "audit.example/ba";
  trusted_.push_back(verifier_key(checkpoint_.origin, key_.public_key()));
  proof_.checkpoint = *sign_checkpoint(checkpoint_, key_);
  EXPECT_EQ(check().error().message, "the checkpoint is of another log");
}

TEST_F(CheckRecord, SomethingThatIsNoLeafIsNamed) {
  EXPECT_EQ(check_record(to_text(proof_), bytes("x"), trusted_, origin_).error().field, "leaf");
}

// Whatever single character of the file is changed: what the leaf's place rests on is signed
// or hashed, and the rest must be in its one form.
TEST_F(CheckRecord, EveryChangedCharacterIsRefused) {
  const std::string text = to_text(proof_);
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(check_record(changed, leaves_[2], trusted_, origin_)) << i;
  }
}

struct Malformed {
  const char* name;
  std::string text;
  friend void PrintTo(const Malformed& self, std::ostream* out) { *out << self.name; }
};
class MalformedProof : public testing::TestWithParam<Malformed> {};

TEST_P(MalformedProof, IsRefused) {
  const auto parsed = parse_tlog_proof(GetParam().text);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(parsed.error().field, "proof");
}

const std::string kHeader = "c2sp.org/tlog-proof@v1\n";
const std::string kHashLine = "gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=\n";
std::string many_hashes() {
  std::string lines;
  for (int i = 0; i < 64; ++i) lines += kHashLine;
  return lines;
}
INSTANTIATE_TEST_SUITE_P(
    TlogProof, MalformedProof,
    testing::Values(Malformed{"Empty", ""},
                    Malformed{"OtherVersion", "c2sp.org/tlog-proof@v2\nindex 0\n\nx"},
                    Malformed{"HeaderAlone", kHeader}, Malformed{"NoIndex", kHeader + "\nx"},
                    Malformed{"ExtraAlone", kHeader + "extra AAAA\n"},
                    Malformed{"ExtraNotBase64", kHeader + "extra A\nindex 0\n\nx"},
                    Malformed{"IndexLeadingZero", kHeader + "index 00\n\nx"},
                    Malformed{"IndexNotANumber", kHeader + "index x\n\nx"},
                    Malformed{"ExtraAfterIndex", kHeader + "index 0\nextra AAAA\n\nx"},
                    Malformed{"ShortHash", kHeader + "index 0\nAAAA\n\nx"},
                    Malformed{"NoEmptyLine", kHeader + "index 0\n" + kHashLine},
                    Malformed{"NoCheckpoint", kHeader + "index 0\n\n"},
                    Malformed{"TooManyHashes", kHeader + "index 0\n" + many_hashes() + "\nx"},
                    Malformed{"TooLarge", kHeader + std::string(kMaxTlogProofBytes, 'x')}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace paxid::audit
