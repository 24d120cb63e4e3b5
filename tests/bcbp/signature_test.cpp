#include "bcbp/signature.h"

#include <gtest/gtest.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>
#include <string>
#include <vector>

#include "base/base64.h"
#include "bcbp/boarding_pass.h"

namespace paxid::bcbp {
namespace {

using namespace std::chrono_literals;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

Key make_key(const char* curve) { return Key(EVP_EC_gen(curve), EVP_PKEY_free); }

std::string public_pem(EVP_PKEY* key) {
  std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), BIO_free);
  PEM_write_bio_PUBKEY(bio.get(), key);
  char* data = nullptr;
  const long length = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(length)};
}

std::vector<std::uint8_t> sign(EVP_PKEY* key, std::string_view message) {
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                  EVP_MD_CTX_free);
  EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key);
  std::size_t length = 128;
  std::vector<std::uint8_t> signature(length);
  EVP_DigestSign(context.get(), signature.data(), &length,
                 reinterpret_cast<const unsigned char*>(message.data()), message.size());
  signature.resize(length);
  return signature;
}

std::vector<std::uint8_t> to_raw(const std::vector<std::uint8_t>& der) {
  const unsigned char* at = der.data();
  std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> signature(
      d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())), ECDSA_SIG_free);
  std::vector<std::uint8_t> raw(64);
  BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), raw.data(), 32);
  BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), raw.data() + 32, 32);
  return raw;
}

class SignatureTest : public ::testing::Test {
 protected:
  Key key_ = make_key("P-256");
  PublicKey public_key_ = *PublicKey::from_pem(public_pem(key_.get()));
  std::string message_ = "M1DESMARAIS/LUC       EABC123 YULFRAAC 0834 326J001A0025 100";
  std::vector<std::uint8_t> der_ = sign(key_.get(), message_);
};

TEST_F(SignatureTest, DerAndRawFormsAreValid) {
  EXPECT_EQ(public_key_.verify(message_, base::to_base64(der_)), SignatureState::kValid);
  EXPECT_EQ(public_key_.verify(message_, base::to_base64(to_raw(der_))), SignatureState::kValid);
}

TEST_F(SignatureTest, EveryChangedByteOfTheMessageIsInvalid) {
  for (std::size_t i = 0; i < message_.size(); ++i) {
    std::string changed = message_;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_EQ(public_key_.verify(changed, base::to_base64(der_)), SignatureState::kInvalid) << i;
  }
  EXPECT_EQ(public_key_.verify(message_ + " ", base::to_base64(der_)), SignatureState::kInvalid);
}

TEST_F(SignatureTest, EveryChangedByteOfTheSignatureIsRefused) {
  for (const auto& signature : {der_, to_raw(der_)}) {
    for (std::size_t i = 0; i < signature.size(); ++i) {
      auto changed = signature;
      changed[i] ^= 0x40;
      EXPECT_NE(public_key_.verify(message_, base::to_base64(changed)), SignatureState::kValid)
          << i;
    }
    for (std::size_t length = 0; length < signature.size(); ++length) {
      const std::vector<std::uint8_t> cut(signature.begin(),
                                          signature.begin() + static_cast<std::ptrdiff_t>(length));
      const auto state = public_key_.verify(message_, base::to_base64(cut));
      EXPECT_EQ(state, length == 0    ? SignatureState::kUnsigned
                       : length == 64 ? SignatureState::kInvalid
                                      : SignatureState::kBadEncoding)
          << length;
    }
  }
}

TEST_F(SignatureTest, WhatIsNoSignatureIsBadlyEncoded) {
  auto longer = der_;
  longer.push_back(0);
  for (const std::string& text :
       {std::string("!"), base::to_base64(der_) + "\n", base::to_base64(longer),
        std::string("GIWVC5EH7JNT684FVNJ91W2QA4DVN5J8K4F0L0GE")}) {
    EXPECT_EQ(public_key_.verify(message_, text), SignatureState::kBadEncoding) << text;
  }
  // r = s = 0, in both forms
  EXPECT_EQ(public_key_.verify(message_, "MAYCAQACAQA="), SignatureState::kInvalid);
  EXPECT_EQ(public_key_.verify(message_, base::to_base64(std::vector<std::uint8_t>(64))),
            SignatureState::kInvalid);
}

TEST_F(SignatureTest, AnotherKeyIsInvalid) {
  const Key other = make_key("P-256");
  const auto key = PublicKey::from_pem(public_pem(other.get()));
  ASSERT_TRUE(key);
  EXPECT_EQ(key->verify(message_, base::to_base64(der_)), SignatureState::kInvalid);
}

TEST_F(SignatureTest, OnlyKeysOnP256AreTaken) {
  EXPECT_FALSE(PublicKey::from_pem(public_pem(make_key("P-384").get())));
  EXPECT_FALSE(PublicKey::from_pem(""));
  EXPECT_FALSE(PublicKey::from_pem("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"));
  EXPECT_FALSE(PublicKey::from_pem(public_pem(key_.get()) + std::string(kMaxPublicKeyBytes, ' ')));
}

TEST_F(SignatureTest, APassIsVerifiedOverTheBytesBeforeItsSecurityBlock) {
  const std::string text = base::to_base64(der_);
  char size[3];
  std::snprintf(size, sizeof size, "%02X", static_cast<unsigned>(text.size() & 0xFF));
  const std::string pass = message_ + "^1" + size + text;
  const ReadOptions with_key{.reference_date = 2026y / 11 / 22, .public_key = &public_key_};
  EXPECT_EQ(read(std::string_view(pass), with_key).signature, SignatureState::kValid);
  const std::string scanned = "]Q1" + pass + "\r\n";
  EXPECT_EQ(read(std::string_view(scanned), with_key).signature, SignatureState::kValid);
  const ReadOptions without{.reference_date = 2026y / 11 / 22};
  EXPECT_EQ(read(std::string_view(pass), without).signature, SignatureState::kNoKey);
  EXPECT_EQ(read(std::string_view(message_), with_key).signature, SignatureState::kUnsigned);
  std::string other = pass;
  other[3] = 'X';
  EXPECT_EQ(read(std::string_view(other), with_key).signature, SignatureState::kInvalid);
}

std::string key_row(const std::string& issuer, const std::string& type, EVP_PKEY* key) {
  return "[[key]]\nissuer = \"" + issuer + "\"\ntype = \"" + type + "\"\npublic_key = \"\"\"\n" +
         public_pem(key) + "\"\"\"\n";
}

std::string hex(std::size_t size) {
  char text[3];
  std::snprintf(text, sizeof text, "%02X", static_cast<unsigned>(size & 0xFF));
  return text;
}

// A pass that `issuer` (item 21) issued and that is signed with `key` as security type `type`.
std::string signed_pass(const std::string& issuer, char type, EVP_PKEY* key) {
  const std::string block = ">60B1WW6225B" + issuer + "00";
  const std::string body =
      "M1DESMARAIS/LUC       EABC123 YULFRAAC 0834 326J001A0025 1" + hex(block.size()) + block;
  const std::string text = base::to_base64(sign(key, body));
  return body + "^" + type + hex(text.size()) + text;
}

class KeyTableTest : public ::testing::Test {
 protected:
  SignatureState state_of(const std::string& pass) const {
    return read(std::string_view(pass), {.reference_date = 2026y / 11 / 22, .keys = &table_})
        .signature;
  }
  Key ours_ = make_key("P-256");
  Key older_ = make_key("P-256");
  Key theirs_ = make_key("P-256");
  KeyTable table_ =
      *KeyTable::parse(key_row("AC", "1", older_.get()) + key_row("AC", "1", ours_.get()) +
                       key_row("LH", "1", theirs_.get()) + key_row("AC", "4", theirs_.get()));
};

TEST_F(KeyTableTest, TheKeyIsTheOneOfIssuerAndType) {
  using enum SignatureState;
  EXPECT_EQ(state_of(signed_pass("AC ", '1', ours_.get())), kValid);
  EXPECT_EQ(state_of(signed_pass("AC ", '1', older_.get())), kValid);
  EXPECT_EQ(state_of(signed_pass("AC ", '4', theirs_.get())), kValid);
  EXPECT_EQ(state_of(signed_pass("LH ", '1', theirs_.get())), kValid);
  // A valid signature of somebody else's key, or of another type's.
  EXPECT_EQ(state_of(signed_pass("AC ", '1', theirs_.get())), kInvalid);
  EXPECT_EQ(state_of(signed_pass("LH ", '1', ours_.get())), kInvalid);
  EXPECT_EQ(state_of(signed_pass("AC ", '4', ours_.get())), kInvalid);
  EXPECT_EQ(state_of(signed_pass("AC ", '2', ours_.get())), kNoKey);
  EXPECT_EQ(state_of(signed_pass("AF ", '1', ours_.get())), kNoKey);
  // Who issued the pass is not printed: the operating carrier.
  EXPECT_EQ(state_of(signed_pass("   ", '1', ours_.get())), kValid);
}

TEST_F(KeyTableTest, UnsignedAndBadlyEncodedPassesAreNeverValid) {
  const std::string pass = signed_pass("AC ", '1', ours_.get());
  const std::size_t mark = pass.find('^');
  EXPECT_EQ(state_of(pass.substr(0, mark)), SignatureState::kUnsigned);
  EXPECT_EQ(state_of(pass.substr(0, mark) + "^100"), SignatureState::kUnsigned);
  EXPECT_EQ(state_of(pass.substr(0, mark) + "^104!!!!"), SignatureState::kBadEncoding);
  EXPECT_EQ(state_of(pass.substr(0, mark) + "^"), SignatureState::kUnsigned);
}

TEST_F(KeyTableTest, SaysWhereATableIsWrong) {
  EXPECT_TRUE(KeyTable::parse("")->empty());
  const std::string good = key_row("AC", "1", ours_.get());
  const std::pair<std::string, std::string> cases[] = {
      {"[[key", "line 1"},
      {"[[keys]]\n", "keys"},
      {"key = 1\n", "key"},
      {good + key_row("ac", "1", ours_.get()), "key[1].issuer"},
      {good + key_row("A", "1", ours_.get()), "key[1].issuer"},
      {key_row("AC", "12", ours_.get()), "key[0].type"},
      {"[[key]]\ntype = \"1\"\n", "key[0].issuer"},
      {"[[key]]\nissuer = 12\n", "key[0].issuer"},
      {good + "curve = \"P-256\"\n", "key[0].curve"},
      {"[[key]]\nissuer = \"AC\"\ntype = \"1\"\n", "key[0].public_key"},
      {key_row("AC", "1", make_key("P-384").get()), "key[0].public_key"},
  };
  for (const auto& [toml, field] : cases) {
    const auto table = KeyTable::parse(toml);
    ASSERT_FALSE(table) << field;
    EXPECT_EQ(table.error().field, field);
  }
  EXPECT_FALSE(KeyTable::parse(std::string(kMaxKeyTableBytes + 1, '#')));
}

}  // namespace
}  // namespace paxid::bcbp
