#include "audit/checkpoint.h"

#include <gtest/gtest.h>

#include <ostream>

#include "audit/merkle.h"
#include "tests/audit/vectors.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;

const std::string kSofaText =
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

// c2sp.org/tlog-checkpoint, the example at the top.
TEST(Checkpoint, ReadsAndWritesTheExampleOfTheSpecification) {
  const auto note = parse_note(
      kSofaText +
      "\n— example.com/behind-the-sofa "
      "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8="
      "\n");
  ASSERT_TRUE(note);
  const auto checkpoint = parse_checkpoint(note->text);
  ASSERT_TRUE(checkpoint);
  EXPECT_EQ(checkpoint->origin, "example.com/behind-the-sofa");
  EXPECT_EQ(checkpoint->size, 20852163u);
  EXPECT_EQ(checkpoint->root, hash_base64("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="));
  EXPECT_TRUE(checkpoint->extensions.empty());
  EXPECT_EQ(to_text(*checkpoint), kSofaText);
}

// A checkpoint of a public log, signed by its published Ed25519 key.
TEST(Checkpoint, OpensOneOfAPublicLog) {
  const std::string origin = "log2025-1.rekor.sigstore.dev";
  const std::string note =
      origin + "\n412115\n+8vUkEgBK/ansexBUomzocaWoPEmPIzxJC/y+xNMQN4=\n\n— " + origin +
      " zxGZFahCZ/"
      "+MqTjH4rC5MWcdLDWbpetE5l30RZfQc4BQkRjWSoKipEUPjvHENeZDHIlAsuezJcLzUVvItpNjaSRoMAs="
      "\n";
  const VerifierKey key =
      verifier_key(origin, hash_base64("t8rlp1knGwjfbcXAYPYAkn0XiLz1x8O4t0YkEhie244="));
  EXPECT_EQ(key.key_id, 0xcf119915u);
  const auto checkpoint = open_checkpoint(note, {{key}}, origin);
  ASSERT_TRUE(checkpoint) << checkpoint.error().message;
  EXPECT_EQ(checkpoint->size, 412115u);
}

class SignedCheckpoint : public testing::Test {
 protected:
  SigningKey key_ = *SigningKey::from_seed(Bytes(32, 7));
  SigningKey witness_ = *SigningKey::from_seed(Bytes(32, 8));
  Checkpoint checkpoint_{"audit.example/qf", 3, filled_hash(9), {}};
  std::string note_ = *sign_checkpoint(checkpoint_, key_);
  std::vector<VerifierKey> trusted_{verifier_key("audit.example/qf", key_.public_key())};
};

TEST_F(SignedCheckpoint, OpensAgain) {
  EXPECT_EQ(*open_checkpoint(note_, trusted_, "audit.example/qf"), checkpoint_);
}

TEST_F(SignedCheckpoint, OfAnotherLogIsRefused) {
  EXPECT_EQ(open_checkpoint(note_, trusted_, "audit.example/ba").error().code,
            ErrorCode::kInvalidArgument);
}

TEST_F(SignedCheckpoint, OfAnUnknownKeyIsRefused) {
  const std::vector<VerifierKey> other{verifier_key("audit.example/qf", witness_.public_key())};
  EXPECT_EQ(open_checkpoint(note_, other, "audit.example/qf").error().code,
            ErrorCode::kPermissionDenied);
}

TEST_F(SignedCheckpoint, MayCarryFurtherSignaturesBesideTheLogsOwn) {
  Note note = *parse_note(note_);
  note.signatures.push_back(*sign_text(note.text, "witness.example", witness_));
  trusted_.push_back(verifier_key("witness.example", witness_.public_key()));
  EXPECT_TRUE(open_checkpoint(to_text(note), trusted_, "audit.example/qf"));
  // A witness alone is not the log.
  note.signatures.erase(note.signatures.begin());
  EXPECT_EQ(open_checkpoint(to_text(note), trusted_, "audit.example/qf").error().code,
            ErrorCode::kPermissionDenied);
}

TEST(Checkpoint, ExtensionLinesAreKept) {
  const auto checkpoint = parse_checkpoint(kSofaText + "one\ntwo\n");
  ASSERT_TRUE(checkpoint);
  EXPECT_EQ(checkpoint->extensions, (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(to_text(*checkpoint), kSofaText + "one\ntwo\n");
}

TEST(Checkpoint, TheEmptyTree) {
  const Checkpoint empty{"log", 0, empty_root(), {}};
  EXPECT_EQ(to_text(empty), "log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
  EXPECT_EQ(*parse_checkpoint(to_text(empty)), empty);
}

struct Malformed {
  const char* name;
  std::string text;
  friend void PrintTo(const Malformed& self, std::ostream* out) { *out << self.name; }
};
class MalformedCheckpoint : public testing::TestWithParam<Malformed> {};

TEST_P(MalformedCheckpoint, IsRefused) {
  const auto parsed = parse_checkpoint(GetParam().text);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code, ErrorCode::kInvalidArgument);
}

const std::string kRoot = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
INSTANTIATE_TEST_SUITE_P(
    Checkpoint, MalformedCheckpoint,
    testing::Values(Malformed{"Empty", ""}, Malformed{"OriginAlone", "log\n"},
                    Malformed{"EmptyOrigin", "\n1\n" + kRoot + "\n"},
                    Malformed{"LongOrigin", std::string(256, 'o') + "\n1\n" + kRoot + "\n"},
                    Malformed{"NoRoot", "log\n1\n"},
                    Malformed{"NoNewlineAtTheEnd", "log\n1\n" + kRoot},
                    Malformed{"LeadingZero", "log\n01\n" + kRoot + "\n"},
                    Malformed{"Sign", "log\n+1\n" + kRoot + "\n"},
                    Malformed{"Negative", "log\n-1\n" + kRoot + "\n"},
                    Malformed{"Hexadecimal", "log\n0x1\n" + kRoot + "\n"},
                    Malformed{"EmptySize", "log\n\n" + kRoot + "\n"},
                    Malformed{"HugeSize", "log\n18446744073709551616\n" + kRoot + "\n"},
                    Malformed{"SizeAboveTheLimit", "log\n4611686018427387905\n" + kRoot + "\n"},
                    Malformed{"ShortRoot", "log\n1\nCsUYag==\n"},
                    Malformed{"RootNotBase64", "log\n1\n!" + kRoot.substr(1) + "\n"},
                    Malformed{"WrongRootOfTheEmptyTree", "log\n0\n" + kRoot + "\n"},
                    Malformed{"EmptyExtension", "log\n1\n" + kRoot + "\n\nx\n"},
                    Malformed{"ExtensionWithoutEnd", "log\n1\n" + kRoot + "\nx"},
                    Malformed{"TooManyExtensions",
                              "log\n1\n" + kRoot +
                                  "\n1\n2\n3\n4\n5\n6\n7\n8\n9\n0\n1\n2\n3\n4\n5\n"
                                  "6\n7\n"}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace paxid::audit
