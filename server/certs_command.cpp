#include "server/certs_command.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include "audit/log_name.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/hex.h"
#include "server/access.h"
#include "server/certificates.h"
#include "server/revocations.h"

namespace paxid::server {
namespace {

using base::ErrorCode;

struct Freer {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(BIGNUM* number) const { BN_free(number); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};
template <class T>
using Owned = std::unique_ptr<T, Freer>;

constexpr int kSerialBits = 127;  // positive, and at most 20 bytes as RFC 5280 4.1.2.2 wants
constexpr long kSecondsPerDay = 86'400;

base::Error library_failed() { return {ErrorCode::kInternal, "the library cannot do it", {}}; }

tl::unexpected<base::Error> wrong(std::string field, std::string message) {
  return base::fail(ErrorCode::kInvalidArgument, std::move(message), std::move(field));
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 63 && text.front() != '-' && text.front() != '_' &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_") == text.npos;
}

bool is_domain(std::string_view text) {
  return !text.empty() && text.size() <= 253 && text.front() != '.' && text.front() != '-' &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-.") == text.npos;
}

bool is_address(const std::string& text) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  return inet_pton(AF_INET, text.c_str(), bytes.data()) == 1 ||
         inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1;
}

struct Files {
  std::string certificate;
  std::string key;
};

Files files_of(const std::string& directory, const std::string& name) {
  return {directory + "/" + name + ".pem", directory + "/" + name + ".key"};
}

// With mode 0600, whole or not at all.
base::Result<void> write_file(const std::string& path, const std::string& text) {
  const std::string unfinished = path + ".tmp";
  ::unlink(unfinished.c_str());
  const int file = ::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  bool written = file >= 0;
  for (std::size_t at = 0; written && at < text.size();) {
    const ssize_t count = ::write(file, text.data() + at, text.size() - at);
    written = count > 0;
    if (written) at += static_cast<std::size_t>(count);
  }
  written = written && ::fsync(file) == 0;
  if (file >= 0) ::close(file);
  if (!written || std::rename(unfinished.c_str(), path.c_str()) != 0) {
    ::unlink(unfinished.c_str());
    return base::fail(ErrorCode::kUnavailable, "cannot be written", path);
  }
  return {};
}

base::Result<void> absent(const Files& files) {
  for (const std::string& path : {files.certificate, files.key}) {
    if (std::filesystem::exists(path)) {
      return base::fail(ErrorCode::kAlreadyExists, "is there already", path);
    }
  }
  return {};
}

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

base::Result<std::string> pem_of(X509* certificate) {
  const Owned<BIO> bio(BIO_new(BIO_s_mem()));
  if (!bio || PEM_write_bio_X509(bio.get(), certificate) != 1) {
    return tl::unexpected(library_failed());
  }
  return text_of(bio.get());
}

base::Result<std::string> pem_of(EVP_PKEY* key) {
  const Owned<BIO> bio(BIO_new(BIO_s_secmem()));
  if (!bio ||
      PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return tl::unexpected(library_failed());
  }
  return text_of(bio.get());
}

base::Result<Owned<X509>> read_certificate(const std::string& path) {
  const auto text = base::read_file(path, kMaxPemBytes);
  if (!text) return tl::unexpected(text.error());
  const Owned<BIO> bio(BIO_new_mem_buf(text->data(), static_cast<int>(text->size())));
  Owned<X509> certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  if (!certificate) return wrong(path, "holds no PEM certificate");
  return certificate;
}

int no_pass_phrase(char*, int, int, void*) { return 0; }

struct Authority {
  Owned<X509> certificate;
  Owned<EVP_PKEY> key;
};

base::Result<Authority> read_authority(const std::string& directory) {
  const Files files = files_of(directory, "ca");
  auto certificate = read_certificate(files.certificate);
  if (!certificate) return tl::unexpected(certificate.error());
  const auto text = base::read_file(files.key, kMaxPemBytes);
  if (!text) return tl::unexpected(text.error());
  const Owned<BIO> bio(BIO_new_mem_buf(text->data(), static_cast<int>(text->size())));
  Owned<EVP_PKEY> key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_pass_phrase, nullptr));
  if (!key || X509_check_private_key(certificate->get(), key.get()) != 1) {
    return wrong(files.key, "is not the key of ca.pem");
  }
  return Authority{std::move(*certificate), std::move(key)};
}

// An X.509 extension by OpenSSL's own short form of its value.
struct Extension {
  int nid;
  std::string value;
};

bool add(X509* certificate, X509* issuer, const Extension& extension) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Owned<X509_EXTENSION> made(
      X509V3_EXT_conf_nid(nullptr, &context, extension.nid, extension.value.c_str()));
  return made && X509_add_ext(certificate, made.get(), -1) == 1;
}

// A certificate without extensions for a new key: serial number, times and subject.
Owned<X509> draft(EVP_PKEY* key, const std::string& name, int days) {
  Owned<X509> certificate(X509_new());
  const Owned<BIGNUM> serial(BN_new());
  if (!certificate || !serial) return nullptr;
  X509* raw = certificate.get();
  X509_NAME* subject = X509_get_subject_name(raw);
  const bool made = X509_set_version(raw, X509_VERSION_3) == 1 &&
                    BN_rand(serial.get(), kSerialBits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
                    BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(raw)) != nullptr &&
                    X509_gmtime_adj(X509_getm_notBefore(raw), -kBackdateSeconds) != nullptr &&
                    X509_gmtime_adj(X509_getm_notAfter(raw), days * kSecondsPerDay) != nullptr &&
                    X509_set_pubkey(raw, key) == 1 &&
                    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                                               reinterpret_cast<const unsigned char*>(name.c_str()),
                                               -1, -1, 0) == 1;
  return made ? std::move(certificate) : nullptr;
}

struct Pair {
  std::string certificate;
  std::string key;
};

// Signs a draft with the authority's key, or with its own where there is none.
base::Result<Pair> sign(const Owned<X509>& certificate, const Owned<EVP_PKEY>& key,
                        const Authority* authority, const std::vector<Extension>& extensions) {
  X509* issuer = authority == nullptr ? certificate.get() : authority->certificate.get();
  EVP_PKEY* signing_key = authority == nullptr ? key.get() : authority->key.get();
  bool made = X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer)) == 1;
  for (const Extension& extension : extensions) {
    made = made && add(certificate.get(), issuer, extension);
  }
  if (!made || X509_sign(certificate.get(), signing_key, EVP_sha256()) == 0) {
    return tl::unexpected(library_failed());
  }
  auto certificate_pem = pem_of(certificate.get());
  if (!certificate_pem) return tl::unexpected(certificate_pem.error());
  auto key_pem = pem_of(key.get());
  if (!key_pem) return tl::unexpected(key_pem.error());
  return Pair{std::move(*certificate_pem), std::move(*key_pem)};
}

base::Result<void> write(const Files& files, const Pair& pair) {
  if (auto written = write_file(files.key, pair.key); !written) return written;
  return write_file(files.certificate, pair.certificate);
}

base::Result<void> check_days(int days) {
  if (days >= 1 && days <= kMaxCertificateDays) return {};
  return wrong("--days", "must be 1 to " + std::to_string(kMaxCertificateDays));
}

base::Result<void> check(const CertificateHolder& holder) {
  if (!is_name(holder.name) || holder.name == "ca") {
    return wrong("NAME", "must be 1 to 63 of a-z, 0-9, '-' and '_', and not ca");
  }
  if (holder.hosts.empty() == holder.tenant.empty()) {
    return wrong("--host", "must be given for a server, --tenant and --role for all others");
  }
  if (holder.hosts.size() > kMaxCertificateNames) return wrong("--host", "are too many");
  for (const std::string& host : holder.hosts) {
    if (!is_domain(host) && !is_address(host)) {
      return wrong("--host", "must be a DNS name in lower case, or an IP address");
    }
  }
  if (!holder.hosts.empty()) return {};
  if (!is_domain(holder.trust_domain)) return wrong("--trust-domain", "must be a DNS name");
  if (!audit::is_tenant(holder.tenant)) {
    return wrong("--tenant", "must be 1 to 63 of a-z, 0-9 and '-', without '-' at the ends");
  }
  if (!role_from(holder.role)) return wrong("--role", "must be a role of the registry");
  return {};
}

std::string uri_of(const CertificateHolder& holder) {
  return "spiffe://" + holder.trust_domain + "/tenant/" + holder.tenant + "/" + holder.role + "/" +
         holder.name;
}

std::vector<Extension> extensions_of(const CertificateHolder& holder) {
  std::string names;
  for (const std::string& host : holder.hosts) {
    names += (names.empty() ? "" : ",") + std::string(is_address(host) ? "IP:" : "DNS:") + host;
  }
  if (names.empty()) names = "URI:" + uri_of(holder);
  return {{NID_basic_constraints, "critical,CA:FALSE"},
          {NID_key_usage, "critical,digitalSignature"},
          {NID_ext_key_usage, holder.hosts.empty() ? "clientAuth" : "serverAuth"},
          {NID_subject_key_identifier, "hash"},
          {NID_authority_key_identifier, "keyid"},
          {NID_subject_alt_name, names}};
}

base::Result<std::string> registry_entry(const CertificateHolder& holder) {
  std::array<std::uint8_t, 16> actor{};
  if (RAND_bytes(actor.data(), static_cast<int>(actor.size())) != 1) {
    return tl::unexpected(library_failed());
  }
  std::string entry = "[[principal]]\nuri = \"" + uri_of(holder) + "\"\ntenant = \"" +
                      holder.tenant + "\"\nrole = \"" + holder.role + "\"\nactor = \"" +
                      base::to_hex(actor) + "\"\n";
  if (!holder.station.empty()) entry += "station = \"" + holder.station + "\"\n";
  if (const auto parsed = PrincipalRegistry::parse(entry); !parsed) {
    return wrong("--station", parsed.error().message);
  }
  return entry;
}

// The one URI of a certificate's alternative names.
std::optional<std::string> uri_of(X509* certificate) {
  const Owned<GENERAL_NAMES> names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  std::optional<std::string> found;
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_URI) continue;
    if (found) return std::nullopt;
    const ASN1_IA5STRING* text = name->d.uniformResourceIdentifier;
    found.emplace(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                  static_cast<std::size_t>(ASN1_STRING_length(text)));
  }
  return found;
}

}  // namespace

base::Result<void> make_authority(const std::string& directory, const std::string& name, int days) {
  if (auto right = check_days(days); !right) return right;
  if (name.empty() || name.size() > 64) return wrong("--name", "must be 1 to 64 bytes");
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  const Files files = files_of(directory, "ca");
  if (auto free = absent(files); !free) return free;
  const Owned<EVP_PKEY> key(EVP_EC_gen("P-256"));
  const Owned<X509> certificate = key ? draft(key.get(), name, days) : nullptr;
  if (!certificate) return tl::unexpected(library_failed());
  const auto pair = sign(certificate, key, nullptr,
                         {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                          {NID_key_usage, "critical,keyCertSign,cRLSign"},
                          {NID_subject_key_identifier, "hash"}});
  if (!pair) return tl::unexpected(pair.error());
  return write(files, *pair);
}

base::Result<std::string> issue_certificate(const std::string& directory,
                                            const CertificateHolder& holder, int days) {
  if (auto right = check_days(days); !right) return tl::unexpected(right.error());
  if (auto right = check(holder); !right) return tl::unexpected(right.error());
  std::string entry;
  if (holder.hosts.empty()) {
    auto made = registry_entry(holder);
    if (!made) return tl::unexpected(made.error());
    entry = std::move(*made);
  }
  const auto authority = read_authority(directory);
  if (!authority) return tl::unexpected(authority.error());
  const Files files = files_of(directory, holder.name);
  if (auto free = absent(files); !free) return tl::unexpected(free.error());
  const Owned<EVP_PKEY> key(EVP_EC_gen("P-256"));
  const Owned<X509> certificate = key ? draft(key.get(), holder.name, days) : nullptr;
  if (!certificate) return tl::unexpected(library_failed());
  const auto pair = sign(certificate, key, &*authority, extensions_of(holder));
  if (!pair) return tl::unexpected(pair.error());
  if (auto written = write(files, *pair); !written) return tl::unexpected(written.error());
  return entry;
}

base::Result<std::string> renew_certificate(const std::string& directory, const std::string& name,
                                            int days) {
  if (auto right = check_days(days); !right) return tl::unexpected(right.error());
  if (!is_name(name) || name == "ca") return wrong("NAME", "must be the name of a certificate");
  const auto authority = read_authority(directory);
  if (!authority) return tl::unexpected(authority.error());
  const Files files = files_of(directory, name);
  const auto old = read_certificate(files.certificate);
  if (!old) return tl::unexpected(old.error());
  const auto old_pem = base::read_file(files.certificate, kMaxPemBytes);
  const Owned<EVP_PKEY> key(EVP_EC_gen("P-256"));
  const Owned<X509> certificate = key ? draft(key.get(), name, days) : nullptr;
  if (!certificate || !old_pem) return tl::unexpected(library_failed());
  // Who it is for and what for stays.
  for (const int nid : {NID_subject_alt_name, NID_ext_key_usage}) {
    const int at = X509_get_ext_by_NID(old->get(), nid, -1);
    if (at < 0) return wrong(files.certificate, "was not made by this program");
    if (X509_add_ext(certificate.get(), X509_get_ext(old->get(), at), -1) != 1) {
      return tl::unexpected(library_failed());
    }
  }
  const auto pair = sign(certificate, key, &*authority,
                         {{NID_basic_constraints, "critical,CA:FALSE"},
                          {NID_key_usage, "critical,digitalSignature"},
                          {NID_subject_key_identifier, "hash"},
                          {NID_authority_key_identifier, "keyid"}});
  if (!pair) return tl::unexpected(pair.error());
  if (auto written = write(files, *pair); !written) return tl::unexpected(written.error());
  return serial_of(*old_pem).value_or("");
}

base::Result<std::string> revoke_certificate(const std::string& file, const std::string& deny_list,
                                             bool every_certificate) {
  const auto certificate = read_certificate(file);
  if (!certificate) return tl::unexpected(certificate.error());
  const auto pem = pem_of(certificate->get());
  const auto serial = pem ? serial_of(*pem) : std::nullopt;
  const auto uri = uri_of(certificate->get());
  if (!uri || !serial || uri->find_first_of("\"\\\n\r") != uri->npos) {
    return wrong(file, "is not the certificate of a principal: it has no URI of its own");
  }
  std::string text;
  if (std::filesystem::exists(deny_list)) {
    auto read = base::read_file(deny_list, kMaxDenyListBytes);
    if (!read) return tl::unexpected(read.error());
    text = std::move(*read);
  }
  const auto list = DenyList::parse(text);
  if (!list) return wrong(deny_list, list.error().field + " " + list.error().message);
  const auto wanted = every_certificate ? std::nullopt : serial;
  if (list->denies(*uri,
                   [&] { return every_certificate ? std::optional<std::string>("") : serial; })) {
    return *serial;
  }
  text += "[[revoked]]\nuri = \"" + *uri + "\"\n";
  if (wanted) text += "serial = \"" + *wanted + "\"\n";
  text += "at = \"" + base::to_iso(base::SystemClock().utc_date()) + "\"\n\n";
  if (auto written = write_file(deny_list, text); !written) return tl::unexpected(written.error());
  return *serial;
}

}  // namespace paxid::server
