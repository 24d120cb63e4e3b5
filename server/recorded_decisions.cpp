#include "server/recorded_decisions.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>

#include "server/leaves.h"

namespace paxid::server {
namespace {

std::size_t hash_of(const FlightKey& flight) {
  return std::hash<std::string>()(flight.carrier + flight.number + "/" + base::to_iso(flight.date) +
                                  "/" + flight.from);
}

}  // namespace

void RecordedDecisions::read_on(const std::string& tenant, std::uint64_t oldest_unix_us,
                                Known& known) {
  const auto size = store_.tree_size(tenant);
  if (!size) return;
  const std::uint64_t least = *size - std::min(*size, kMaxRecoveredLeaves);
  const auto begin =
      first_not_before(store_, tenant, std::max(known.read, least), *size, oldest_unix_us);
  if (!begin) return;
  for (known.read = *begin; known.read < *size; ++known.read) {
    const auto leaf = leaf_at(store_, tenant, known.read);
    if (!leaf) return;  // the next call tries it again
    if (leaf->type != audit::RecordType::kManualReview) continue;
    const auto body = store_.open_body(tenant, known.read);
    const auto recorded = body ? recorded_decision(*leaf, *body) : std::nullopt;
    if (!recorded) continue;
    known.places.push_back({known.read, leaf->time_unix_us, hash_of(recorded->flight)});
    if (known.places.size() > kMaxRememberedDecisions) known.places.pop_front();
  }
}

std::vector<RecordedDecision> RecordedDecisions::on(const std::string& tenant,
                                                    const FlightKey& flight,
                                                    std::uint64_t now_unix_us) {
  const std::chrono::microseconds window = kRecoveryWindow;
  const std::uint64_t oldest =
      now_unix_us - std::min(now_unix_us, static_cast<std::uint64_t>(window.count()));
  Known& known = of_tenants_[tenant];
  while (!known.places.empty() && known.places.front().time_unix_us < oldest) {
    known.places.pop_front();
  }
  read_on(tenant, oldest, known);
  const std::size_t wanted = hash_of(flight);
  std::vector<RecordedDecision> decisions;
  for (const Place& place : known.places) {
    if (place.flight != wanted) continue;
    const auto leaf = leaf_at(store_, tenant, place.index);
    const auto body = leaf ? store_.open_body(tenant, place.index)
                           : base::Result<audit::Bytes>(tl::unexpected(leaf.error()));
    auto recorded = body ? recorded_decision(*leaf, *body) : std::nullopt;
    if (recorded && recorded->flight == flight) decisions.push_back(std::move(*recorded));
  }
  return decisions;
}

}  // namespace paxid::server
