#include "audit/recent_subjects.h"

#include <algorithm>
#include <iterator>

namespace paxid::audit {
namespace {

// A generation grows with its log: it must have several entries for each page of the tables.
constexpr std::uint64_t kPartOfLog = 16;
constexpr std::uint64_t kLeastLeaves = 4'096;
constexpr std::uint64_t kMostLeaves = 65'536;
// Moved together at least.
constexpr std::size_t kLeastOwed = 64;

}  // namespace

std::optional<Id16> RecentSubjects::find(std::int64_t log, const Key& key) const {
  const std::lock_guard lock(mutex_);
  const auto entries = logs_.find(log);
  if (entries == logs_.end()) return std::nullopt;
  for (const Generation* generation : {&entries->second.filling, &entries->second.moving}) {
    const auto found = generation->subjects.find(key);
    if (found != generation->subjects.end()) return found->second;
  }
  return std::nullopt;
}

std::vector<std::uint64_t> RecentSubjects::records(std::int64_t log, const Id16& ref) const {
  std::vector<std::uint64_t> indexes;
  const std::lock_guard lock(mutex_);
  const auto entries = logs_.find(log);
  if (entries == logs_.end()) return indexes;
  // What is moved is older than what is filled.
  for (const Generation* generation : {&entries->second.moving, &entries->second.filling}) {
    for (auto record = generation->records.lower_bound({ref, 0});
         record != generation->records.end() && record->ref == ref; ++record) {
      indexes.push_back(record->index);
    }
  }
  return indexes;
}

void RecentSubjects::load(std::int64_t log, std::uint64_t first) {
  const std::lock_guard lock(mutex_);
  logs_[log].filling.first = first;
}

void RecentSubjects::load_subject(std::int64_t log, const Key& key, const Id16& ref) {
  const std::lock_guard lock(mutex_);
  logs_[log].filling.subjects[key] = ref;
}

void RecentSubjects::load_record(std::int64_t log, const Record& record) {
  const std::lock_guard lock(mutex_);
  logs_[log].filling.records.insert(record);
}

void RecentSubjects::add_subject(std::int64_t log, const Key& key, const Id16& ref) {
  staged_[log].subjects.emplace_back(key, ref);
}

void RecentSubjects::add_record(std::int64_t log, const Record& record) {
  staged_[log].records.push_back(record);
}

void RecentSubjects::forget_subject(std::int64_t log, const Key& key) {
  staged_[log].forgotten.push_back(key);
}

RecentSubjects::Move RecentSubjects::move(std::int64_t log, std::size_t leaves) {
  Move move;
  const std::lock_guard lock(mutex_);
  const auto entries = logs_.find(log);
  if (entries == logs_.end() || !entries->second.unfinished) return move;
  const Generation& moving = entries->second.moving;
  Staged& staged = staged_[log];
  const std::size_t owed = entries->second.owed + leaves;
  staged.owed = owed < kLeastOwed ? owed : 0;
  if (owed < kLeastOwed) return move;
  const std::size_t subjects = moving.subjects.size(), records = moving.records.size();
  staged.moved_records = std::min(2 * owed + 8, records);
  // In step with the records, so that each transaction of a generation costs as much as the others.
  staged.moved_subjects = staged.moved_records == records
                              ? subjects
                              : (subjects * staged.moved_records + records - 1) / records;
  std::copy_n(moving.subjects.begin(), staged.moved_subjects, std::back_inserter(move.subjects));
  std::copy_n(moving.records.begin(), staged.moved_records, std::back_inserter(move.records));
  if (staged.moved_subjects == moving.subjects.size() &&
      staged.moved_records == moving.records.size()) {
    staged.finished = true;
    move.indexed = entries->second.filling.first;
  }
  return move;
}

void RecentSubjects::keep(std::int64_t log, std::uint64_t size) {
  const Staged staged = std::exchange(staged_[log], {});
  const std::lock_guard lock(mutex_);
  auto& [filling, moving, unfinished, owed] = logs_[log];
  if (staged.owed) owed = *staged.owed;
  if (staged.finished) unfinished = false;
  moving.subjects.erase(
      moving.subjects.begin(),
      std::next(moving.subjects.begin(), static_cast<std::ptrdiff_t>(staged.moved_subjects)));
  moving.records.erase(
      moving.records.begin(),
      std::next(moving.records.begin(), static_cast<std::ptrdiff_t>(staged.moved_records)));
  for (const auto& [key, ref] : staged.subjects) filling.subjects[key] = ref;
  filling.records.insert(staged.records.begin(), staged.records.end());
  for (const Key& key : staged.forgotten) {
    filling.subjects.erase(key);
    moving.subjects.erase(key);
  }
  const std::uint64_t full = std::clamp(size / kPartOfLog, kLeastLeaves, kMostLeaves);
  if (unfinished || size - filling.first < full) return;
  unfinished = true;
  moving = std::move(filling);
  filling = {};
  filling.first = size;
}

void RecentSubjects::drop() { staged_.clear(); }

}  // namespace paxid::audit
