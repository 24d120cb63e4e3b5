#include "server/retention.h"

#include <algorithm>
#include <utility>

#include "audit/crypto.h"
#include "server/leaves.h"
#include "server/privacy_words.h"

namespace paxid::server {
base::Result<bool> Retention::prune(const std::string& tenant,
                                    audit::RetentionClass retention_class) {
  const std::chrono::microseconds period = periods_[static_cast<std::size_t>(retention_class) - 1];
  const std::uint64_t now = clock_.unix_microseconds();
  const auto age = static_cast<std::uint64_t>(period.count());
  if (now <= age) return false;
  const auto begin = store_.pruned_below(tenant, retention_class);
  if (!begin) return tl::unexpected(begin.error());
  const auto size = store_.tree_size(tenant);
  if (!size) return tl::unexpected(size.error());
  const std::uint64_t furthest = std::min(*size, *begin + audit::kMaxPruneLeaves);
  const auto bound = first_not_before(store_, tenant, *begin, furthest, now - age);
  if (!bound) return tl::unexpected(bound.error());
  // Without a body to remove a record would only be stepped over by the next one.
  bool needed = *bound - *begin == audit::kMaxPruneLeaves;
  for (std::uint64_t index = *begin; index < *bound && !needed; ++index) {
    const auto leaf = leaf_at(store_, tenant, index);
    if (!leaf) return tl::unexpected(leaf.error());
    needed = audit::retention_class_of(*leaf) == retention_class;
  }
  if (!needed) return false;
  audit::Record record;
  const auto id = audit::random_id();
  if (!id) return tl::unexpected(id.error());
  record.tenant = tenant;
  record.request_id = *id;
  record.type = audit::RecordType::kRetentionPrune;
  record.effect = audit::RecordEffect::kPrune;
  record.decision = static_cast<std::uint16_t>(retention_class);
  record.reason_bits = *bound;
  const auto receipt = append_and_wait(store_, std::move(record));
  if (receipt) return true;
  // Every server of a store looks, and the first one has done it for all.
  const auto done = store_.pruned_below(tenant, retention_class);
  if (done && *done >= *bound) return false;
  return tl::unexpected(receipt.error());
}

base::Result<std::uint64_t> Retention::step() {
  const std::chrono::microseconds interval = kRetentionInterval;
  next_ = clock_.unix_microseconds() + static_cast<std::uint64_t>(interval.count());
  std::uint64_t written = 0;
  const auto tenants = store_.tenants();
  if (!tenants) return tl::unexpected(tenants.error());
  for (const std::string& tenant : *tenants) {
    for (const audit::RetentionClass one : audit::kAllRetentionClasses) {
      const auto pruned = prune(tenant, one);
      if (!pruned) return tl::unexpected(pruned.error());
      written += *pruned ? 1 : 0;
    }
  }
  if (written > 0) next_ = 0;
  return written;
}

}  // namespace paxid::server
