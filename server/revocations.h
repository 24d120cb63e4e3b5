#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/error.h"

namespace paxid::server {

inline constexpr std::size_t kMaxDenyListBytes = 16 * 1024 * 1024;

// The certificates that are no longer good. Immutable after parse(); thread-safe.
//
//   [[revoked]]
//   uri = "spiffe://paxid.dev/tenant/demo/kiosk/k1"
//   serial = "4f0c…"     # lower-case hexadecimal; left out: every certificate of the URI
//   at = "2026-11-23"    # for people; may be left out
class DenyList {
 public:
  // INVALID_ARGUMENT names the place ("revoked[2].serial"). An empty text is a list of nothing.
  static base::Result<DenyList> parse(std::string_view toml);

  bool empty() const { return by_uri_.empty(); }
  std::size_t size() const { return size_; }
  // Whether a certificate of `uri` is denied. `serial` is asked for only when that depends on it;
  // a certificate whose serial number cannot be read is denied then.
  bool denies(std::string_view uri,
              const std::function<std::optional<std::string>()>& serial) const;

 private:
  struct Denied {
    bool all = false;
    std::set<std::string> serials;
  };
  std::map<std::string, Denied, std::less<>> by_uri_;
  std::size_t size_ = 0;
};

// The deny list in force. Thread-safe: every call looks at it, while it may be read again.
class Revocations {
 public:
  Revocations(DenyList list, std::string file)
      : list_(std::make_shared<const DenyList>(std::move(list))),
        empty_(list_.load()->empty()),
        file_(std::move(file)) {}

  // Nothing is denied when `file` is empty.
  static base::Result<DenyList> load(const std::string& file);

  bool denies(std::string_view uri,
              const std::function<std::optional<std::string>()>& serial) const {
    return !empty_ && list_.load()->denies(uri, serial);
  }
  // Reads the file again. On an error the list stays as it is. The number of entries.
  base::Result<std::size_t> reload();

 private:
  std::atomic<std::shared_ptr<const DenyList>> list_;
  std::atomic<bool> empty_;
  const std::string file_;
};

}  // namespace paxid::server
