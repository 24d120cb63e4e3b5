#include "clients/reader/scan_mark.h"

#include <openssl/sha.h>
#include <sys/random.h>

#include "base/check.h"

namespace paxid::reader {

ScanMark::ScanMark(const Scan& scan) {
  PAXID_CHECK(getrandom(salt_.data(), salt_.size(), 0) == static_cast<ssize_t>(salt_.size()));
  digest_ = digest_of(scan);
}

ScanMark::Digest ScanMark::digest_of(const Scan& scan) const {
  std::string text(salt_.begin(), salt_.end());
  text += static_cast<char>(scan.kind);
  text += scan.text.reveal();
  Digest digest{};
  SHA256(reinterpret_cast<const std::uint8_t*>(text.data()), text.size(), digest.data());
  return digest;
}

}  // namespace paxid::reader
