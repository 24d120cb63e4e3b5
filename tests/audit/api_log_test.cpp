#include "audit/api_log.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <limits>
#include <memory>

#include "tests/temporary_store.h"

namespace paxid::audit {
namespace {

constexpr std::uint64_t kNoon = 1'795'348'800'000'000;  // 2026-11-22T12:00:00Z
constexpr std::uint64_t kDay = 86'400'000'000;
constexpr std::uint64_t kEver = std::numeric_limits<std::uint64_t>::max();

class Api : public testing::Test {
 protected:
  Api() { open(); }

  void open() {
    log_.reset();
    auto opened = ApiLog::open(directory_.path() + "/api.db", clock_);
    ASSERT_TRUE(opened) << opened.error().message;
    log_ = *std::move(opened);
  }

  base::Result<void> append(const std::string& tenant, const std::string& station) {
    std::promise<base::Result<void>> done;
    ApiEntry entry{0, station, "gate", {}, "compared"};
    entry.actor.fill(7);
    log_->append(tenant, entry,
                 [&done](base::Result<void> written) { done.set_value(std::move(written)); });
    return done.get_future().get();
  }

  std::vector<std::string> stations(const std::string& tenant, std::uint64_t from = 0,
                                    std::uint64_t until = kEver) {
    const auto page = log_->list(tenant, from, until, 0);
    EXPECT_TRUE(page) << page.error().message;
    std::vector<std::string> names;
    for (const ApiEntry& entry : page->entries) names.push_back(entry.station);
    return names;
  }

  base::ManualClock clock_{kNoon};
  TemporaryDirectory directory_;
  std::unique_ptr<ApiLog> log_;
};

TEST_F(Api, KeepsWhenWhereAndByWhom) {
  ASSERT_TRUE(append("demo", "FRA"));
  clock_.set(kNoon + kDay);
  ASSERT_TRUE(append("demo", "HEL"));
  ASSERT_TRUE(append("other", "MUC"));
  open();
  const auto page = log_->list("demo", 0, kEver, 0);
  ASSERT_TRUE(page);
  ASSERT_EQ(page->entries.size(), 2u);
  EXPECT_EQ(page->next, 0);
  EXPECT_EQ(page->entries[0].time_unix_us, kNoon);
  EXPECT_EQ(page->entries[0].station, "FRA");
  EXPECT_EQ(page->entries[0].channel, "gate");
  EXPECT_EQ(page->entries[0].actor[0], 7);
  EXPECT_EQ(page->entries[0].operation, "compared");
  EXPECT_EQ(stations("demo", kNoon + 1), (std::vector<std::string>{"HEL"}));
  EXPECT_EQ(stations("demo", 0, kNoon + kDay), (std::vector<std::string>{"FRA"}));
  EXPECT_TRUE(stations("nobody").empty());
}

// To the microsecond for a reader, and at the next pruning on disk.
TEST_F(Api, AnEntryIsKeptForExactlyOneYear) {
  ASSERT_TRUE(append("demo", "FRA"));
  clock_.set(kNoon + 365 * kDay - 1);
  EXPECT_EQ(*log_->prune(), 0u);
  EXPECT_EQ(stations("demo").size(), 1u);
  clock_.set(kNoon + 365 * kDay);
  EXPECT_TRUE(stations("demo").empty());
  EXPECT_EQ(*log_->prune(), 1u);
  EXPECT_EQ(*log_->prune(), 0u);
  // Nothing of it is left in the files.
  for (const auto& file : std::filesystem::directory_iterator(directory_.path())) {
    std::ifstream in(file.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    EXPECT_EQ(bytes.find("demoFRA"), std::string::npos) << file.path();
    EXPECT_EQ(bytes.find("FRAgate"), std::string::npos) << file.path();
  }
}

TEST_F(Api, GivesPages) {
  std::promise<void> last;
  for (std::size_t i = 0; i <= kMaxApiEntries; ++i) {
    log_->append("demo", {0, "FRA", "gate", {}, "compared"},
                 [&last, i](base::Result<void> written) {
                   EXPECT_TRUE(written);
                   if (i == kMaxApiEntries) last.set_value();
                 });
    if (i % 1000 == 999) {
      ASSERT_TRUE(append("other", "HEL"));  // the queue is finite
    }
  }
  last.get_future().get();
  const auto first = log_->list("demo", 0, kEver, 0);
  ASSERT_EQ(first->entries.size(), kMaxApiEntries);
  ASSERT_NE(first->next, 0);
  const auto second = log_->list("demo", 0, kEver, first->next);
  EXPECT_EQ(second->entries.size(), 1u);
  EXPECT_EQ(second->next, 0);
}

TEST_F(Api, AnotherDatabaseIsRefused) {
  log_.reset();
  std::filesystem::remove(directory_.path() + "/api.db");
  {
    auto other = Database::open(directory_.path() + "/api.db", Database::Access::kReadWrite);
    ASSERT_TRUE(other->execute("PRAGMA application_id=7; CREATE TABLE t (a INTEGER);"));
  }
  EXPECT_EQ(ApiLog::open(directory_.path() + "/api.db", clock_).error().code,
            base::ErrorCode::kFailedPrecondition);
}

TEST(OneYearBefore, IsTheSameDayOfTheCalendar) {
  const auto days = [](int year, unsigned month, unsigned day) {
    return static_cast<std::uint64_t>(
               std::chrono::sys_days(std::chrono::year(year) / std::chrono::month(month) /
                                     std::chrono::day(day))
                   .time_since_epoch()
                   .count()) *
           kDay;
  };
  EXPECT_EQ(one_year_before(days(2027, 11, 22) + 5), days(2026, 11, 22) + 5);
  EXPECT_EQ(one_year_before(days(2029, 2, 28)), days(2028, 2, 28));
  EXPECT_EQ(one_year_before(days(2029, 3, 1)), days(2028, 3, 1));
  EXPECT_EQ(one_year_before(days(2028, 2, 29) + 7), days(2027, 2, 28) + 7);
  EXPECT_EQ(one_year_before(0), 0u);
}

}  // namespace
}  // namespace paxid::audit
