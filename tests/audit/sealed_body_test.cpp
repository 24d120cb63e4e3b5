#include "audit/sealed_body.h"

#include <gtest/gtest.h>

#include "audit/crypto.h"
#include "tests/audit/vectors.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;

struct Sealed {
  base::SecretBytes data_key{
      hex("000102030405060708090a0b0c0d0e0f"
          "101112131415161718191a1b1c1d1e1f")};
  Hash log = log_id("audit.example/test");
  Id16 key_id = id16(0x40);
  Leaf leaf;
  Bytes sealed;
  LeafData data;

  Sealed() {
    leaf.flags = kFlagHasBody;
    leaf.request_id = id16(0x10);
    leaf.body_commit = filled_hash(1);
    sealed = *seal(key(), key_id, body_context(encode(leaf)), bytes("what is said about a person"));
    leaf.body_commit = body_commit(sealed);
    data = encode(leaf);
  }
  base::SecretBytes key() const {
    return record_key(data_key, SealPurpose::kBody, log, leaf.request_id);
  }
};

TEST(SealedBody, OpensAgain) {
  const Sealed s;
  EXPECT_EQ(s.sealed.size(), kSealedOverhead + 27);
  EXPECT_EQ(text(*open_body(s.key(), s.data, s.sealed)), "what is said about a person");
  EXPECT_EQ(*sealed_key_id(s.sealed), s.key_id);
}

TEST(SealedBody, AnEmptyBodyOpensAgain) {
  const Sealed s;
  const auto sealed = seal(s.key(), s.key_id, s.data, {});
  EXPECT_TRUE(open_sealed(s.key(), s.data, *sealed)->empty());
}

// The derivation of docs/record_format.md section 3, computed with Python's hmac module.
TEST(SealedBody, RecordKeyAndCommitmentAreAsDocumented) {
  const Sealed s;
  EXPECT_EQ(base::to_hex(s.log),
            "ae38f7770190c16cec592ab2ba2173ecfce7bbbe2785fa741d162082e06455bd");
  EXPECT_EQ(base::to_hex(s.key().reveal()),
            "afd61c5a8201b3dd33bcc28d56315d2a9b440c44472daf55af2abd657b1ea5ea");
  EXPECT_EQ(base::to_hex(ByteView(s.sealed).subspan(29, 32)),
            "046e05f5f981a67f55092e19f07a348d51be93e23cb175ffcb940f01bbada335");
  const auto response = record_key(s.data_key, SealPurpose::kResponse, s.log, s.leaf.request_id);
  EXPECT_EQ(base::to_hex(response.reveal()),
            "d7bf10f35f85b5de34a29723c40212eb273a6273c69d2e24f6578477acfe4068");
}

TEST(SealedBody, AnotherKeyIsRefusedBeforeDecrypting) {
  const Sealed s;
  const base::SecretBytes other(hex(std::string(64, '7')));
  const auto key = record_key(other, SealPurpose::kBody, s.log, s.leaf.request_id);
  const auto opened = open_body(key, s.data, s.sealed);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kDataLoss);
  EXPECT_EQ(opened.error().message, "the sealed body was not made with this key");
}

TEST(SealedBody, TheKeyOfAnotherRecordLogOrPurposeIsRefused) {
  const Sealed s;
  const Hash other_log = log_id("audit.example/other");
  EXPECT_FALSE(
      open_body(record_key(s.data_key, SealPurpose::kBody, s.log, id16(0x11)), s.data, s.sealed));
  EXPECT_FALSE(open_body(record_key(s.data_key, SealPurpose::kBody, other_log, s.leaf.request_id),
                         s.data, s.sealed));
  EXPECT_FALSE(open_body(record_key(s.data_key, SealPurpose::kResponse, s.log, s.leaf.request_id),
                         s.data, s.sealed));
}

TEST(SealedBody, EveryFlippedBitIsRefused) {
  const Sealed s;
  for (std::size_t bit = 0; bit < 8 * s.sealed.size(); ++bit) {
    Bytes changed = s.sealed;
    changed[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
    EXPECT_FALSE(open_body(s.key(), s.data, changed)) << bit;
    // Without the leaf's commitment the seal itself must notice. The key id is not secret and
    // not sealed: it only says which key to take.
    if (bit / 8 >= 1 && bit / 8 < 17) continue;
    EXPECT_FALSE(open_sealed(s.key(), body_context(s.data), changed)) << bit;
  }
}

TEST(SealedBody, EveryChangedBitOfTheLeafIsRefused) {
  const Sealed s;
  for (std::size_t bit = 0; bit < 8 * kLeafBytes; ++bit) {
    LeafData changed = s.data;
    changed[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
    EXPECT_FALSE(open_body(s.key(), changed, s.sealed)) << bit;
  }
}

TEST(SealedBody, EveryShorterTextIsRefused) {
  const Sealed s;
  for (std::size_t size = 0; size < s.sealed.size(); ++size) {
    EXPECT_FALSE(open_sealed(s.key(), body_context(s.data), ByteView(s.sealed).first(size)));
  }
  EXPECT_FALSE(sealed_key_id(ByteView(s.sealed).first(kSealedOverhead - 1)));
}

TEST(SealedBody, TheSameTextIsSealedDifferentlyEachTime) {
  const Sealed s;
  EXPECT_NE(*seal(s.key(), s.key_id, s.data, s.sealed), *seal(s.key(), s.key_id, s.data, s.sealed));
}

TEST(SealedBody, TheLimitHolds) {
  const Sealed s;
  EXPECT_TRUE(seal(s.key(), s.key_id, s.data, Bytes(kMaxPlaintextBytes)));
  EXPECT_EQ(seal(s.key(), s.key_id, s.data, Bytes(kMaxPlaintextBytes + 1)).error().code,
            ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace paxid::audit
