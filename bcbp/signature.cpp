#include "bcbp/signature.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/pem.h>

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/base64.h"

namespace paxid::bcbp {
namespace {

template <auto kFree>
struct Freer {
  template <class T>
  void operator()(T* pointer) const {
    kFree(pointer);
  }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using BioPtr = std::unique_ptr<BIO, Freer<BIO_free>>;
using DigestPtr = std::unique_ptr<EVP_MD_CTX, Freer<EVP_MD_CTX_free>>;
using SignaturePtr = std::unique_ptr<ECDSA_SIG, Freer<ECDSA_SIG_free>>;

// r || s, both of the curve's 32 bytes.
constexpr std::size_t kScalarBytes = 32;

bool is_p256(const EVP_PKEY* key) {
  std::array<char, 64> group{};
  std::size_t length = 0;
  if (EVP_PKEY_get_base_id(key) != EVP_PKEY_EC ||
      EVP_PKEY_get_group_name(key, group.data(), group.size(), &length) != 1) {
    return false;
  }
  return OBJ_sn2nid(group.data()) == NID_X9_62_prime256v1;
}

using Bytes = std::vector<std::uint8_t>;

Bytes encode(const ECDSA_SIG& signature) {
  const int length = i2d_ECDSA_SIG(&signature, nullptr);
  Bytes der(length > 0 ? static_cast<std::size_t>(length) : 0);
  unsigned char* out = der.data();
  if (!der.empty()) i2d_ECDSA_SIG(&signature, &out);
  return der;
}

// DER must be whole and minimal, so that one signature has one encoding.
bool is_der(const Bytes& bytes) {
  const unsigned char* at = bytes.data();
  const SignaturePtr signature(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(bytes.size())));
  return signature && encode(*signature) == bytes;
}

// The DER form, which OpenSSL verifies, from either form in use. Nothing when the bytes are
// neither.
std::optional<Bytes> to_der(const Bytes& bytes) {
  if (is_der(bytes)) return bytes;
  if (bytes.size() != 2 * kScalarBytes) return std::nullopt;
  const SignaturePtr signature(ECDSA_SIG_new());
  BIGNUM* r = BN_bin2bn(bytes.data(), kScalarBytes, nullptr);
  BIGNUM* s = BN_bin2bn(bytes.data() + kScalarBytes, kScalarBytes, nullptr);
  if (!signature || !r || !s || ECDSA_SIG_set0(signature.get(), r, s) != 1) {
    BN_free(r);
    BN_free(s);
    return std::nullopt;
  }
  return encode(*signature);
}

// A key that asks for a pass phrase is refused, not prompted for.
int no_pass_phrase(char*, int, int, void*) { return -1; }

}  // namespace

struct PublicKey::Key {
  KeyPtr key;
};

base::Result<PublicKey> PublicKey::from_pem(std::string_view pem) {
  if (pem.size() > kMaxPublicKeyBytes) {
    return base::fail(base::ErrorCode::kInvalidArgument, "the public key is too long",
                      "public_key_pem");
  }
  const BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  KeyPtr key(bio ? PEM_read_bio_PUBKEY(bio.get(), nullptr, no_pass_phrase, nullptr) : nullptr);
  ERR_clear_error();
  if (!key || !is_p256(key.get())) {
    return base::fail(base::ErrorCode::kInvalidArgument, "not a PEM public key on the curve P-256",
                      "public_key_pem");
  }
  return PublicKey(std::make_shared<const Key>(Key{std::move(key)}));
}

SignatureState PublicKey::verify(std::string_view covered, std::string_view signature_text) const {
  if (signature_text.empty()) return SignatureState::kUnsigned;
  const auto bytes = base::from_base64(signature_text);
  if (!bytes || bytes->empty()) return SignatureState::kBadEncoding;
  const auto der = to_der(*bytes);
  if (!der) {
    ERR_clear_error();
    return SignatureState::kBadEncoding;
  }
  const DigestPtr digest(EVP_MD_CTX_new());
  // EVP_DigestVerifyInit wants a mutable key and only takes a reference to it.
  const bool ready = digest && EVP_DigestVerifyInit(digest.get(), nullptr, EVP_sha256(), nullptr,
                                                    key_->key.get()) == 1;
  const bool valid =
      ready &&
      EVP_DigestVerify(digest.get(), der->data(), der->size(),
                       reinterpret_cast<const unsigned char*>(covered.data()), covered.size()) == 1;
  ERR_clear_error();
  return valid ? SignatureState::kValid : SignatureState::kInvalid;
}

std::string_view name_of(SignatureState state) {
  switch (state) {
    case SignatureState::kUnsigned:
      return "unsigned";
    case SignatureState::kNoKey:
      return "no_key";
    case SignatureState::kBadEncoding:
      return "bad_encoding";
    case SignatureState::kInvalid:
      return "invalid";
    case SignatureState::kValid:
      return "valid";
  }
  return "";
}

}  // namespace paxid::bcbp
