#include "server/call_counts.h"

#include <algorithm>

#include "server/access.h"

namespace paxid::server {

std::string_view name_of(Denial denial) {
  switch (denial) {
    case Denial::kPrincipalUnknown:
      return "PRINCIPAL_UNKNOWN";
    case Denial::kRoleMayNot:
      return "ROLE_MAY_NOT";
    case Denial::kCertificateRevoked:
      return "CERTIFICATE_REVOKED";
  }
  return "";
}

CallCounts::CallCounts() : methods_(access_table().size()) {}

void CallCounts::count(std::size_t method, std::optional<base::ErrorCode> error,
                       std::chrono::nanoseconds elapsed) {
  Counters& counters = methods_[method];
  const auto outcome = std::find(kOutcomes.begin(), kOutcomes.end(), error) - kOutcomes.begin();
  const auto duration = std::lower_bound(kDurationBounds.begin(), kDurationBounds.end(),
                                         std::chrono::duration<double>(elapsed).count()) -
                        kDurationBounds.begin();
  counters.by_outcome[static_cast<std::size_t>(outcome)].fetch_add(1, std::memory_order_relaxed);
  counters.by_duration[static_cast<std::size_t>(duration)].fetch_add(1, std::memory_order_relaxed);
  counters.nanoseconds.fetch_add(elapsed.count(), std::memory_order_relaxed);
}

CallCounts::OfMethod CallCounts::of(std::size_t method) const {
  const Counters& counters = methods_[method];
  OfMethod found;
  std::copy(counters.by_outcome.begin(), counters.by_outcome.end(), found.by_outcome.begin());
  std::copy(counters.by_duration.begin(), counters.by_duration.end(), found.by_duration.begin());
  found.total = std::chrono::nanoseconds(counters.nanoseconds.load());
  return found;
}

}  // namespace paxid::server
