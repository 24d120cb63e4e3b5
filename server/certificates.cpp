#include "server/certificates.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <ctime>
#include <memory>
#include <string_view>

namespace paxid::server {
namespace {

using base::ErrorCode;

struct Freer {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(BIGNUM* number) const { BN_free(number); }
  void operator()(char* text) const { OPENSSL_free(text); }
};
using Bio = std::unique_ptr<BIO, Freer>;
using Certificate = std::unique_ptr<X509, Freer>;
using Key = std::unique_ptr<EVP_PKEY, Freer>;
using Number = std::unique_ptr<BIGNUM, Freer>;
using Text = std::unique_ptr<char, Freer>;

Bio reader(const std::string& pem) {
  return Bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

Certificate read_certificate(const std::string& pem) {
  return Certificate(PEM_read_bio_X509(reader(pem).get(), nullptr, nullptr, nullptr));
}

// Without this callback OpenSSL asks the terminal for a pass phrase.
int no_pass_phrase(char*, int, int, void*) { return 0; }

Key read_key(const std::string& pem) {
  return Key(PEM_read_bio_PrivateKey(reader(pem).get(), nullptr, no_pass_phrase, nullptr));
}

bool is_strong(EVP_PKEY* key) {
  switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_EC: {
      char curve[32] = "";
      if (EVP_PKEY_get_group_name(key, curve, sizeof curve, nullptr) != 1) return false;
      return std::string_view(curve) == SN_X9_62_prime256v1 ||
             std::string_view(curve) == SN_secp384r1;
    }
    case EVP_PKEY_RSA:
      return EVP_PKEY_get_bits(key) >= 2048;
    default:
      return false;
  }
}

}  // namespace

base::Result<void> check_certificates(const std::string& certificate_pem,
                                      const std::string& private_key_pem,
                                      const std::string& client_ca_pem) {
  const Certificate certificate = read_certificate(certificate_pem);
  if (!certificate) {
    return base::fail(ErrorCode::kInvalidArgument, "holds no PEM certificate", "certificate");
  }
  if (X509_cmp_current_time(X509_get0_notBefore(certificate.get())) > 0) {
    return base::fail(ErrorCode::kInvalidArgument, "has not begun to be valid", "certificate");
  }
  if (X509_cmp_current_time(X509_get0_notAfter(certificate.get())) < 0) {
    return base::fail(ErrorCode::kInvalidArgument, "has expired", "certificate");
  }
  const Key key = read_key(private_key_pem);
  if (!key) {
    return base::fail(ErrorCode::kInvalidArgument,
                      "holds no PEM private key, or one with a pass phrase", "private_key");
  }
  if (!is_strong(key.get())) {
    return base::fail(ErrorCode::kInvalidArgument,
                      "must be an ECDSA key on P-256 or P-384, or an RSA key of at least 2048 bits",
                      "private_key");
  }
  if (X509_check_private_key(certificate.get(), key.get()) != 1) {
    return base::fail(ErrorCode::kInvalidArgument, "is not the key of the certificate",
                      "private_key");
  }
  if (!read_certificate(client_ca_pem)) {
    return base::fail(ErrorCode::kInvalidArgument, "holds no PEM certificate", "client_ca");
  }
  return {};
}

std::optional<std::string> serial_of(const std::string& certificate_pem) {
  const Certificate certificate = read_certificate(certificate_pem);
  if (!certificate) return std::nullopt;
  const ASN1_INTEGER* number = X509_get0_serialNumber(certificate.get());
  const Number value(ASN1_INTEGER_to_BN(number, nullptr));
  const Text digits(value ? BN_bn2hex(value.get()) : nullptr);
  if (!digits) return std::nullopt;
  std::string text(digits.get());
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  text.erase(0, std::min(text.find_first_not_of('0'), text.size() - 1));
  return text;
}

std::optional<std::int64_t> expiry_of(const std::string& certificate_pem) {
  const Certificate certificate = read_certificate(certificate_pem);
  std::tm end{};
  if (!certificate || ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &end) != 1) {
    return std::nullopt;
  }
  return std::int64_t{::timegm(&end)};
}

}  // namespace paxid::server
