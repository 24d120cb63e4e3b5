#include "clients/sdk/device.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <memory>
#include <optional>

#include "base/file.h"

namespace paxid::sdk {
namespace {

using base::ErrorCode;

constexpr std::size_t kMaxPemBytes = 1024 * 1024;

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};

std::optional<std::int64_t> unix_seconds(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  return ::timegm(&parts);
}

std::string first_uri(const X509& certificate) {
  const std::unique_ptr<GENERAL_NAMES, Free> names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_URI) continue;
    const ASN1_IA5STRING* text = name->d.uniformResourceIdentifier;
    return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
            static_cast<std::size_t>(ASN1_STRING_length(text))};
  }
  return {};
}

}  // namespace

base::Result<DeviceCertificate> read_device_certificate(const std::string& file) {
  const auto pem = base::read_file(file, kMaxPemBytes);
  if (!pem) return tl::unexpected(pem.error());
  const std::unique_ptr<BIO, Free> bio(BIO_new_mem_buf(pem->data(), static_cast<int>(pem->size())));
  const std::unique_ptr<X509, Free> certificate(
      bio ? PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr) : nullptr);
  if (!certificate)
    return base::fail(ErrorCode::kInvalidArgument, file + " holds no certificate", file);
  const auto begin = unix_seconds(X509_get0_notBefore(certificate.get()));
  const auto end = unix_seconds(X509_get0_notAfter(certificate.get()));
  if (!begin || !end)
    return base::fail(ErrorCode::kInvalidArgument, file + " holds no dates", file);
  return DeviceCertificate{first_uri(*certificate), *begin, *end};
}

}  // namespace paxid::sdk
