#include "server/leaves.h"

namespace paxid::server {

base::Result<audit::Leaf> leaf_at(audit::Store& store, const std::string& tenant,
                                  std::uint64_t index) {
  const auto stored = store.leaf(tenant, index);
  if (!stored) return tl::unexpected(stored.error());
  return audit::decode_leaf(stored->leaf_data);
}

base::Result<std::uint64_t> first_not_before(audit::Store& store, const std::string& tenant,
                                             std::uint64_t begin, std::uint64_t end,
                                             std::uint64_t time_unix_us) {
  while (begin < end) {
    const std::uint64_t middle = begin + (end - begin) / 2;
    const auto leaf = leaf_at(store, tenant, middle);
    if (!leaf) return tl::unexpected(leaf.error());
    if (leaf->time_unix_us < time_unix_us) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  return begin;
}

}  // namespace paxid::server
