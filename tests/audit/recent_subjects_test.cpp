#include "audit/recent_subjects.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "tests/audit/vectors.h"

namespace paxid::audit {
namespace {

using Record = RecentSubjects::Record;

constexpr std::int64_t kLog = 1;
// As long as no generation of a small log is longer.
constexpr std::uint64_t kGeneration = 4'096;

// A log beside the tables that it is moved into.
class Growing {
 public:
  Growing() { recent_.load(kLog, 0); }

  // One transaction of so many leaves; every third one names the subject of an earlier one.
  void append(std::size_t leaves, bool commit, std::mt19937& random) {
    std::map<RecentSubjects::Key, Id16> subjects;
    std::vector<Record> records;
    for (std::uint64_t index = size_; index < size_ + leaves; ++index) {
      if (index % 3 == 2 && !known_.empty()) {
        records.push_back({known_[random() % known_.size()].second, index});
      } else {
        Id16 value;
        for (std::uint8_t& byte : value) byte = static_cast<std::uint8_t>(random());
        subjects[{1, value}] = value;
        records.push_back({value, index});
        recent_.add_subject(kLog, {1, value}, value);
      }
      recent_.add_record(kLog, records.back());
    }
    const RecentSubjects::Move move = recent_.move(kLog, leaves);
    if (!commit) return recent_.drop();
    moves_ += move.records.empty() ? 0 : 1;
    for (const auto& [key, ref] : move.subjects)
      EXPECT_TRUE(moved_subjects_.emplace(key, ref).second);
    for (const Record& record : move.records) EXPECT_TRUE(moved_.insert(record).second);
    if (move.indexed) indexed_ = *move.indexed;
    known_.insert(known_.end(), subjects.begin(), subjects.end());
    all_.insert(records.begin(), records.end());
    size_ += leaves;
    recent_.keep(kLog, size_);
  }

  void expect_whole() const {
    std::set<Record> found = moved_;
    for (const auto& [key, ref] : known_) {
      const auto recent = recent_.find(kLog, key);
      const auto moved = moved_subjects_.find(key);
      ASSERT_TRUE(recent || moved != moved_subjects_.end());
      EXPECT_EQ(recent ? *recent : moved->second, ref);
      for (const std::uint64_t index : recent_.records(kLog, ref)) found.insert({ref, index});
    }
    EXPECT_EQ(found, all_);
    EXPECT_TRUE(std::ranges::all_of(all_, [&](const Record& record) {
      return record.index >= indexed_ || moved_.contains(record);
    }));
  }
  std::uint64_t behind() const { return size_ - indexed_; }
  std::size_t moves() const { return moves_; }

 private:
  RecentSubjects recent_;
  std::uint64_t size_ = 0, indexed_ = 0;
  std::size_t moves_ = 0;
  std::vector<std::pair<RecentSubjects::Key, Id16>> known_;
  std::map<RecentSubjects::Key, Id16> moved_subjects_;
  std::set<Record> moved_, all_;
};

TEST(RecentSubjects, EverythingIsThereAndMovedOnceInTime) {
  for (const std::size_t most : {1U, 14U, 300U}) {
    std::mt19937 random(7);
    Growing log;
    std::uint64_t furthest = 0;
    for (std::uint64_t leaves = 0, next = 2'000; leaves < 20'000;) {
      const std::size_t count = 1 + random() % most;
      const bool commit = random() % 8 != 0;
      log.append(count, commit, random);
      if (!commit) continue;
      leaves += count;
      furthest = std::max(furthest, log.behind());
      if (leaves < next) continue;
      next += 2'000;
      ASSERT_NO_FATAL_FAILURE(log.expect_whole());
    }
    // One generation is filled while the other is moved, twice as fast.
    EXPECT_LE(furthest, kGeneration * 3 / 2 + 2 * std::max<std::size_t>(most, 64)) << most;
    EXPECT_GT(furthest, kGeneration) << most;
  }
}

TEST(RecentSubjects, SmallTransactionsMoveTogether) {
  std::mt19937 random(7);
  Growing log;
  for (std::uint64_t i = 0; i < kGeneration; ++i) log.append(1, true, random);
  EXPECT_EQ(log.moves(), 0U);
  for (int i = 0; i < 640; ++i) log.append(1, true, random);
  EXPECT_EQ(log.moves(), 10U);
  log.expect_whole();
}

}  // namespace
}  // namespace paxid::audit
