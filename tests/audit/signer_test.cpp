#include "audit/signer.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "tests/audit/vectors.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;

class SigningKeyFile : public testing::Test {
 protected:
  void SetUp() override {
    directory_ = testing::TempDir() + "/paxid_signer_" +
                 testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
    path_ = directory_ + "/key.pem";
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }
  void write(std::string_view content, mode_t mode) const {
    std::ofstream(path_) << content;
    ASSERT_EQ(::chmod(path_.c_str(), mode), 0);
  }
  std::string directory_;
  std::string path_;
};

// RFC 8032 section 7.1, tests 1 to 3.
TEST(SigningKey, PublishedSignatures) {
  struct Vector {
    const char* seed;
    const char* public_key;
    const char* message;
    const char* signature;
  };
  for (const Vector& v :
       {Vector{
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39"
            "701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
        Vector{
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f36"
            "13d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
        Vector{
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f7"
            "60984dc6594a7c15e9716ed28dc027beceea1ec40a"}}) {
    const auto key = SigningKey::from_seed(hex(v.seed));
    ASSERT_TRUE(key);
    EXPECT_EQ(base::to_hex(key->public_key()), v.public_key);
    const Bytes message = hex(v.message);
    const auto signature = key->sign(message);
    ASSERT_TRUE(signature);
    EXPECT_EQ(base::to_hex(*signature), v.signature);
    EXPECT_TRUE(verify_ed25519(key->public_key(), message, *signature));
  }
}

TEST(SigningKey, EveryChangedBitOfASignatureIsRefused) {
  const auto key = SigningKey::generate();
  const auto signature = key->sign(bytes("message"));
  for (std::size_t bit = 0; bit < 512; ++bit) {
    Signature changed = *signature;
    changed[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
    EXPECT_FALSE(verify_ed25519(key->public_key(), bytes("message"), changed)) << bit;
  }
  EXPECT_FALSE(verify_ed25519(key->public_key(), bytes("massage"), *signature));
  EXPECT_FALSE(verify_ed25519(key->public_key(), bytes("message"), ByteView(*signature).first(63)));
}

TEST(SigningKey, ASeedOfAnotherSizeIsRefused) {
  EXPECT_FALSE(SigningKey::from_seed(Bytes(31)));
  EXPECT_FALSE(SigningKey::from_seed(Bytes(33)));
}

TEST_F(SigningKeyFile, IsCreatedPrivateAndReadAgain) {
  const auto made = SigningKey::create(path_);
  ASSERT_TRUE(made);
  struct stat status {};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  const auto loaded = SigningKey::load(path_);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->public_key(), made->public_key());
}

TEST_F(SigningKeyFile, IsNeverOverwritten) {
  const auto made = SigningKey::create(path_);
  EXPECT_EQ(SigningKey::create(path_).error().code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(SigningKey::load(path_)->public_key(), made->public_key());
}

TEST_F(SigningKeyFile, MissingFileIsNotFound) {
  EXPECT_EQ(SigningKey::load(path_).error().code, ErrorCode::kNotFound);
}

TEST_F(SigningKeyFile, OneThatOthersMayReadIsRefused) {
  ASSERT_TRUE(SigningKey::create(path_));
  ASSERT_EQ(::chmod(path_.c_str(), 0640), 0);
  EXPECT_EQ(SigningKey::load(path_).error().code, ErrorCode::kFailedPrecondition);
}

TEST_F(SigningKeyFile, OtherContentIsRefused) {
  write("not a key", 0600);
  EXPECT_EQ(SigningKey::load(path_).error().code, ErrorCode::kFailedPrecondition);
  write(std::string(32 << 10, 'x'), 0600);
  EXPECT_EQ(SigningKey::load(path_).error().code, ErrorCode::kFailedPrecondition);
}

}  // namespace
}  // namespace paxid::audit
