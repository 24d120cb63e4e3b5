#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

// An airport's own certificates, away from the running server: `paxid-server certs ...`. Keys are
// ECDSA on P-256, certificates are signed with SHA-256. A directory holds ca.pem and ca.key, and
// NAME.pem and NAME.key for everybody.
namespace paxid::server {

inline constexpr int kMaxCertificateDays = 3'660;
// A certificate is good from a little before it was made: not all clocks agree.
inline constexpr int kBackdateSeconds = 300;
inline constexpr std::size_t kMaxCertificateNames = 32;

// Who a certificate is for. Either names of a server or the principal of a device or person.
struct CertificateHolder {
  std::string name;                // of the files and of the subject
  std::vector<std::string> hosts;  // a server: DNS names and IP addresses
  std::string trust_domain;        // a principal: spiffe://DOMAIN/tenant/TENANT/ROLE/NAME
  std::string tenant;
  std::string role;
  std::string station;  // for the registry; may be empty
};

// Makes DIRECTORY/ca.pem and ca.key. ALREADY_EXISTS when there is one of them.
base::Result<void> make_authority(const std::string& directory, const std::string& name, int days);

// Makes key and certificate. For a principal, gives its [[principal]] for the registry; for a
// server, nothing. ALREADY_EXISTS when there are files of this name; INVALID_ARGUMENT with the
// option in `field`.
base::Result<std::string> issue_certificate(const std::string& directory,
                                            const CertificateHolder& holder, int days);

// A new key and certificate for the names in DIRECTORY/NAME.pem, whose files are replaced: the key
// first, then the certificate, so that a server that watches them takes both or neither. Gives
// the serial number of the old one.
base::Result<std::string> renew_certificate(const std::string& directory, const std::string& name,
                                            int days);

// Adds the certificate in `file` to the deny list, which is made when it is missing, or every
// certificate of its URI. Gives the serial number. Nothing changes for one that is in it already.
base::Result<std::string> revoke_certificate(const std::string& file, const std::string& deny_list,
                                             bool every_certificate);

}  // namespace paxid::server
