#include "audit/signer.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "audit/crypto.h"
#include "audit/file.h"
#include "base/check.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;

struct Free {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(BIO* bio) const { BIO_free(bio); }
};

tl::unexpected<base::Error> no_key(const std::string& path, std::string_view what) {
  return base::fail(ErrorCode::kFailedPrecondition,
                    "signing key " + path + ": " + std::string(what), "signing_key_file");
}

// Without an answer, libcrypto would ask the terminal for a pass phrase.
int no_pass_phrase(char*, int, int, void*) { return -1; }

}  // namespace

void SigningKey::KeyDeleter::operator()(evp_pkey_st* key) const { EVP_PKEY_free(key); }

SigningKey::SigningKey(KeyHandle key, const PublicKey& public_key)
    : key_(std::move(key)), public_key_(public_key) {}

base::Result<SigningKey> SigningKey::from_handle(KeyHandle key) {
  PublicKey public_key;
  std::size_t size = public_key.size();
  if (!key || EVP_PKEY_get_id(key.get()) != EVP_PKEY_ED25519 ||
      EVP_PKEY_get_raw_public_key(key.get(), public_key.data(), &size) != 1 ||
      size != public_key.size()) {
    return base::fail(ErrorCode::kInvalidArgument, "not an Ed25519 private key");
  }
  return SigningKey(std::move(key), public_key);
}

base::Result<SigningKey> SigningKey::generate() {
  auto made = from_handle(KeyHandle(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")));
  if (!made) return base::fail(ErrorCode::kInternal, "cannot generate an Ed25519 key");
  return made;
}

base::Result<SigningKey> SigningKey::from_seed(ByteView seed) {
  return from_handle(
      KeyHandle(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size())));
}

base::Result<SigningKey> SigningKey::load(const std::string& path) {
  auto pem = read_private_file(path, kMaxKeyFileBytes);
  if (!pem) return tl::unexpected(pem.error());
  std::unique_ptr<BIO, Free> bio(
      BIO_new_mem_buf(pem->reveal().data(), static_cast<int>(pem->size())));
  PAXID_CHECK(bio);
  auto key =
      from_handle(KeyHandle(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_pass_phrase, nullptr)));
  if (!key) return no_key(path, "is not an Ed25519 private key in PEM without a pass phrase");
  return key;
}

base::Result<SigningKey> SigningKey::create(const std::string& path) {
  auto key = generate();
  if (!key) return key;
  std::unique_ptr<BIO, Free> bio(BIO_new(BIO_s_secmem()));
  if (!bio || PEM_write_bio_PKCS8PrivateKey(bio.get(), key->key_.get(), nullptr, nullptr, 0,
                                            nullptr, nullptr) != 1) {
    return base::fail(ErrorCode::kInternal, "cannot write a key as PEM");
  }
  char* pem = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &pem);
  PAXID_CHECK(size > 0);
  auto written = create_private_file(path, bytes_of({pem, static_cast<std::size_t>(size)}));
  if (!written) return tl::unexpected(written.error());
  return key;
}

base::Result<Signature> SigningKey::sign(ByteView message) const {
  Signature signature;
  std::size_t size = signature.size();
  std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
  if (!context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) != 1 ||
      EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) != 1 ||
      size != signature.size()) {
    return base::fail(ErrorCode::kInternal, "cannot sign with Ed25519");
  }
  return signature;
}

bool verify_ed25519(const PublicKey& key, ByteView message, ByteView signature) {
  if (signature.size() != std::tuple_size_v<Signature>) return false;
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> handle(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()),
      &EVP_PKEY_free);
  std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
  if (!handle || !context) return false;
  return EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, handle.get()) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(),
                          message.size()) == 1;
}

}  // namespace paxid::audit
