#include "audit/absence.h"

#include <algorithm>

namespace paxid::audit {

void Absences::see(std::uint64_t index, const Leaf& leaf) {
  if (leaf.type == RecordType::kErasure) {
    std::uint64_t& last = erased_by_[leaf.subject_ref];
    last = std::max(last, index);
  }
  if (const auto mark = prune_mark_of(leaf)) {
    std::uint64_t& bound = pruned_below_[static_cast<std::uint8_t>(mark->retention_class)];
    // It speaks of what came before it, whatever it says.
    bound = std::max(bound, std::min(mark->bound, index));
  }
}

void Absences::missing(std::uint64_t index, const Leaf& leaf) {
  const auto retention_class = retention_class_of(leaf);
  missing_.push_back(
      {index, leaf.subject_ref,
       retention_class ? static_cast<std::uint8_t>(*retention_class) : std::uint8_t{0}});
}

std::vector<std::uint64_t> Absences::unexplained(std::size_t limit) const {
  std::vector<std::uint64_t> indexes;
  for (const Missing& one : missing_) {
    if (indexes.size() == limit) break;
    const auto pruned = pruned_below_.find(one.retention_class);
    if (pruned != pruned_below_.end() && one.index < pruned->second) continue;
    const auto erased = erased_by_.find(one.subject_ref);
    const bool of_subject = one.subject_ref != Id16{};
    if (of_subject && erased != erased_by_.end() && one.index < erased->second) continue;
    indexes.push_back(one.index);
  }
  return indexes;
}

}  // namespace paxid::audit
