#include "audit/cosignature.h"

#include <gtest/gtest.h>

#include "audit/checkpoint.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;

// The example of C2SP tlog-cosignature (c2sp.org/tlog-cosignature, public domain), byte for byte.
constexpr std::string_view kExample =
    "example.com/behind-the-sofa\n"
    "20852163\n"
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    "\n"
    "\u2014 example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8="
    "\n"
    "\u2014 witness.example.com/w1 "
    "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+"
    "mbIUBkBIfZ+qnA==\n";

TEST(Cosignature, TheExampleOfTheSpecificationIsReadAndWrittenByteForByte) {
  const auto note = parse_note(kExample);
  ASSERT_TRUE(note) << note.error().message;
  EXPECT_EQ(to_text(*note), kExample);
  ASSERT_EQ(note->signatures.size(), 2u);
  const NoteSignature& line = note->signatures[1];
  EXPECT_EQ(line.name, "witness.example.com/w1");
  EXPECT_EQ(line.key_id, 0x8D66CF3Fu);
  ASSERT_EQ(line.signature.size(), 8u + 64u);
  std::uint64_t time = 0;
  for (int i = 0; i < 8; ++i) time = time << 8 | line.signature[static_cast<std::size_t>(i)];
  EXPECT_EQ(time, 1679315147u);  // "time 1679315147" in the specification's signed message
  // Another key of that name is another witness: its line is nobody's.
  const auto key = *SigningKey::from_seed(Bytes(32, 1));
  const std::vector<WitnessKey> other{witness_key(line.name, key.public_key())};
  EXPECT_TRUE(cosignatures_of(*note, other)->empty());
}

// A checkpoint that two witnesses have signed.
class Cosigned : public testing::Test {
 protected:
  Cosigned() {
    note_.text = "audit.example/qf\n3\n" + std::string(43, 'A') + "=\n";
    note_.signatures.push_back(*sign_text(note_.text, "audit.example/qf", log_));
    note_.signatures.push_back(*cosign(note_.text, "w1.example", w1_, 1679315147));
    note_.signatures.push_back(*cosign(note_.text, "w2.example", w2_, 1679315148));
  }

  SigningKey log_ = *SigningKey::from_seed(Bytes(32, 7));
  SigningKey w1_ = *SigningKey::from_seed(Bytes(32, 1));
  SigningKey w2_ = *SigningKey::from_seed(Bytes(32, 2));
  std::vector<WitnessKey> witnesses_{witness_key("w1.example", w1_.public_key()),
                                     witness_key("w2.example", w2_.public_key())};
  Note note_;
};

TEST_F(Cosigned, SaysWhoHasSignedAndWhen) {
  const auto signed_by = cosignatures_of(*parse_note(to_text(note_)), witnesses_);
  ASSERT_TRUE(signed_by);
  ASSERT_EQ(signed_by->size(), 2u);
  EXPECT_EQ((*signed_by)[0].witness, "w1.example");
  EXPECT_EQ((*signed_by)[0].unix_seconds, 1679315147u);
  EXPECT_EQ((*signed_by)[1].unix_seconds, 1679315148u);
  // One line more of the same witness does not count again.
  note_.signatures.push_back(*cosign(note_.text, "w1.example", w1_, 1679315150));
  EXPECT_EQ(cosignatures_of(note_, witnesses_)->size(), 2u);
}

TEST_F(Cosigned, ALineThatTheWitnessDidNotSignRefusesTheNote) {
  const Note good = note_;
  const auto refused = [&](const char* what) {
    const auto outcome = cosignatures_of(note_, witnesses_);
    ASSERT_FALSE(outcome) << what;
    EXPECT_EQ(outcome.error().code, ErrorCode::kPermissionDenied) << what;
    note_ = good;
  };
  note_.signatures[1].signature[0] ^= 0x80;
  refused("a time beyond 2^63 - 1");
  note_.signatures[1].signature[7] ^= 1;
  refused("another time");
  note_.signatures[1].signature[20] ^= 1;
  refused("another signature");
  note_.signatures[1].signature.pop_back();
  refused("a byte less");
  note_.signatures[1].signature.push_back(0);
  refused("a byte more");
  note_.text.replace(0, 1, "b");
  refused("another text");
  // A plain note signature (type 0x01) by the witness's key is no cosignature.
  note_.signatures[1].signature.assign(64, 0);
  refused("no time");
}

TEST_F(Cosigned, TheCheckpointItselfIsStillTheLogs) {
  const std::vector<VerifierKey> trusted{verifier_key("audit.example/qf", log_.public_key())};
  EXPECT_TRUE(open_checkpoint(to_text(note_), trusted, "audit.example/qf"));
}

TEST(WitnessKey, IsAVkeyOfType4) {
  const auto key = *SigningKey::from_seed(Bytes(32, 1));
  const WitnessKey witness = witness_key("w1.example", key.public_key());
  EXPECT_NE(witness.key_id, verifier_key("w1.example", key.public_key()).key_id);
  const std::string text = to_vkey(witness);
  EXPECT_EQ(parse_witness_vkey(text), witness);
  EXPECT_FALSE(parse_vkey(text));
  EXPECT_FALSE(parse_witness_vkey(to_vkey(verifier_key("w1.example", key.public_key()))));
  for (const std::string& other :
       {std::string(), std::string("w1.example"), text + "=", "x" + text, text.substr(0, 20)}) {
    EXPECT_FALSE(parse_witness_vkey(other)) << other;
  }
  EXPECT_EQ(parse_witness_vkeys("# ours\n" + text + "\r\n\n")->size(), 1u);
  EXPECT_FALSE(parse_witness_vkeys(text + "\n" + text));
}

TEST(WitnessKey, ListsAreBoundedAndWhole) {
  std::string lines;
  for (int i = 0; i < 33; ++i) {
    EXPECT_EQ(parse_witness_vkeys(lines)->size(), static_cast<std::size_t>(i));
    const auto key = *SigningKey::from_seed(Bytes(32, static_cast<std::uint8_t>(i + 1)));
    lines +=
        to_vkey(witness_key("w" + std::to_string(i) + ".example", key.public_key())) + "  \r\n";
  }
  EXPECT_EQ(parse_witness_vkeys(lines).error().code, base::ErrorCode::kInvalidArgument);
  EXPECT_FALSE(parse_witness_vkeys("no key\n"));
}

TEST(Cosignature, IsNotMadeOfWhatNobodyCouldVerify) {
  const auto key = *SigningKey::from_seed(Bytes(32, 1));
  EXPECT_TRUE(cosign("text\n", "w1.example", key, 1));
  EXPECT_FALSE(cosign("text\n", "w1 example", key, 1));
  EXPECT_FALSE(cosign("text", "w1.example", key, 1));
  EXPECT_FALSE(cosign("text\n", "w1.example", key, std::uint64_t{1} << 63));
}

// Every space of Unicode, as C2SP signed-note asks.
TEST(KeyName, HasNoSpaceOfAnyScript) {
  EXPECT_TRUE(is_key_name("ab"));
  EXPECT_TRUE(is_key_name("a\u200Bb"));
  for (const char* space : {"\t", "\r", " ", "\u0085", "\u00A0", "\u1680", "\u2000", "\u2005",
                            "\u200A", "\u2028", "\u2029", "\u202F", "\u205F", "\u3000", "+"}) {
    EXPECT_FALSE(is_key_name(std::string("a") + space + "b"));
  }
}

}  // namespace
}  // namespace paxid::audit
