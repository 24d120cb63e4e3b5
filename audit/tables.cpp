#include "audit/tables.h"

#include <limits>

namespace paxid::audit {

base::Result<std::vector<LeafData>> ReadTables::leaves(std::int64_t log,
                                                       std::span<const std::uint64_t> indexes) {
  std::vector<LeafData> all;
  all.reserve(indexes.size());
  for (const std::uint64_t index : indexes) {
    const auto data = leaf(log, index);
    if (!data) return tl::unexpected(data.error());
    if (!*data) return base::fail(base::ErrorCode::kDataLoss, "a leaf is missing");
    all.push_back(**data);
  }
  return all;
}

base::Result<std::vector<ReadTables::FirstOfSubject>> ReadTables::first_of_subjects(
    std::int64_t log, std::span<const Id16> refs) {
  std::vector<FirstOfSubject> all;
  for (const Id16& ref : refs) {
    const auto first = first_of_subject(log, ref);
    if (!first) return tl::unexpected(first.error());
    if (*first) all.push_back(**first);
  }
  return all;
}

base::Result<std::vector<Id16>> ReadTables::without_bodies(std::int64_t log,
                                                           std::span<const Id16> refs) {
  constexpr std::uint64_t kAll = std::numeric_limits<std::int64_t>::max();
  std::vector<Id16> without;
  for (const Id16& ref : refs) {
    const auto records = records_of_subject(log, ref, kAll);
    if (!records) return tl::unexpected(records.error());
    bool some = false;
    for (auto index = records->begin(); index != records->end() && !some; ++index) {
      const auto there = has_body(log, *index);
      if (!there) return tl::unexpected(there.error());
      some = *there;
    }
    if (!some) without.push_back(ref);
  }
  return without;
}

base::Result<void> EffectTables::forget_subjects(
    std::int64_t log, std::span<const ReadTables::FirstOfSubject> firsts) {
  for (const ReadTables::FirstOfSubject& first : firsts) {
    if (auto gone = forget_subject(log, first); !gone) return gone;
  }
  return {};
}

base::Result<void> EffectTables::drop_bodies(std::int64_t log,
                                             std::span<const std::uint64_t> indexes) {
  for (const std::uint64_t index : indexes) {
    if (auto dropped = drop_body(log, index); !dropped) return dropped;
  }
  return {};
}

base::Result<void> EffectTables::let_keys_go(std::int64_t log, std::span<const Id16> refs,
                                             std::uint64_t index) {
  for (const Id16& ref : refs) {
    if (auto marked = mark(log, SubjectMark::kKeyToGo, {ref, index}); !marked) return marked;
  }
  return {};
}

}  // namespace paxid::audit
