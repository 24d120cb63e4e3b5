// One call that brings data to disk fails, or the process dies before it; every one in turn, in a
// run of ten requests against the real server. Afterwards the store proves itself, or refuses to
// start and says why; whatever was answered is there, and every request has one record.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <ostream>
#include <set>

#include "tests/faults/interposer.h"
#include "tests/faults/sound.h"
#include "tests/integration/fixture.h"

namespace paxid::faults {
namespace {

using namespace integration;
namespace fs = std::filesystem;

constexpr int kRequests = 10;
constexpr int kRunsBeyond = 3;
// Some calls of each kind are left out unless all are asked for.
struct Calls {
  const char* name;
  std::uint64_t stride;
};
constexpr std::array kCalls{Calls{"write", 19}, Calls{"sync", 7}, Calls{"rename", 2},
                            Calls{"truncate", 1}};

std::uint64_t stride_of(const Calls& calls) {
  return std::getenv("PAXID_EVERY_CALL") == nullptr ? calls.stride : 1;
}

class Syscalls : public testing::TestWithParam<const char*> {
 protected:
  // A store as before the first start.
  void begin_anew() {
    for (const char* directory : {"store", "keys"}) fs::remove_all(site_.path(directory));
    std::ofstream(site_.path("server.log"), std::ios::trunc).close();
    counter_.begin_anew();
    acknowledged_.clear();
  }
  // Ten requests, one checkpoint between them.
  void run_with_fault(const char* call, std::uint64_t number) {
    ServerProcess server(site_, counter_.environment(site_.path("."), call, number, GetParam()),
                         true);
    if (!server.serving()) {
      server.wait();
      return;
    }
    {
      auto options = options_for(site_, server, "k1");
      options.deadline = std::chrono::milliseconds(5000);
      const auto kiosk = sdk::Client::connect(options);
      for (std::size_t i = 0; i < requests_.size(); ++i) {
        const auto answer = kiosk->verify(requests_[i]);
        if (answer) acknowledged_[i] = *answer->record.leaf_index;
        // A store that has failed ends its process; the rest would only wait for it.
        if (!answer && answer.error().code == base::ErrorCode::kUnavailable) break;
        if (i == 4) (void)kiosk->checkpoint();
      }
    }
    server.send(SIGTERM);
    server.wait();
  }

  void expect_nothing_lost(const std::string& fault) {
    std::ofstream(site_.path("server.log"), std::ios::trunc).close();
    ServerProcess server(site_, {}, true);
    if (!server.serving()) {
      EXPECT_NE(server.wait(), 0) << fault;
      const std::string log = read_text(site_.path("server.log"));
      EXPECT_NE(log.find("start_failed"), std::string::npos) << fault << log;
      EXPECT_TRUE(acknowledged_.empty()) << fault << log;
      ++refused_;
      return;
    }
    std::set<std::uint64_t> places;
    {
      const sdk::Client kiosk = client_for(site_, server, "k1");
      for (std::size_t i = 0; i < requests_.size(); ++i) {
        const auto answer = kiosk.verify(requests_[i]);
        ASSERT_TRUE(answer.has_value()) << fault << answer.error().message;
        places.insert(*answer->record.leaf_index);
        if (!acknowledged_.contains(i)) continue;
        EXPECT_TRUE(answer->replayed) << fault;
        EXPECT_EQ(*answer->record.leaf_index, acknowledged_[i]) << fault;
      }
    }
    EXPECT_EQ(places.size(), requests_.size()) << fault;
    EXPECT_EQ(server.stop(), 0) << fault;
    expect_sound(site_);
  }

  static std::vector<sdk::Request> ten_requests() {
    std::vector<sdk::Request> requests;
    for (int i = 0; i < kRequests; ++i) requests.push_back(matching_request());
    return requests;
  }

  Site site_;
  const FaultCounter counter_{site_.path("counter")};
  std::vector<sdk::Request> requests_ = ten_requests();
  std::map<std::size_t, std::uint64_t> acknowledged_;
  int refused_ = 0;
};

TEST_P(Syscalls, NothingAcknowledgedIsLostWhicheverFails) {
  std::uint64_t failed = 0;
  for (const Calls& calls : kCalls) {
    const std::uint64_t stride = stride_of(calls);
    // Some runs write a little less than others: a few have to be without a fault.
    int runs_beyond = stride == 1 ? kRunsBeyond : 1;
    for (std::uint64_t number = 1;; number += stride) {
      ASSERT_LT(number, 5000U);
      const std::string fault =
          std::string(calls.name) + " " + std::to_string(number) + " " + GetParam() + ": ";
      begin_anew();
      run_with_fault(calls.name, number);
      const FaultCounter::Counted seen = counter_.counted();
      if (seen.failed == 0) {
        EXPECT_GE(seen.calls + seen.calls / 5 + kRunsBeyond * stride, number) << fault;
        EXPECT_EQ(acknowledged_.size(), requests_.size()) << fault;
        if (--runs_beyond == 0) break;
        continue;
      }
      ++failed;
      ASSERT_NO_FATAL_FAILURE(expect_nothing_lost(fault)) << fault;
      if (HasFailure()) return;
    }
  }
  // The library stood between: a run makes dozens of calls.
  EXPECT_GT(failed, 20U);
  std::printf("%llu faults, %d times no start afterwards\n",
              static_cast<unsigned long long>(failed), refused_);
}

INSTANTIATE_TEST_SUITE_P(Store, Syscalls, testing::Values("EIO", "ENOSPC", "KILL"),
                         [](const auto& test) { return std::string(test.param); });

class FullDisk : public testing::Test {
 protected:
  Site site_;
};

TEST_F(FullDisk, RefusesAndGoesOnWhenThereIsRoom) {
  const std::string full = site_.path("full");
  fs::create_directory(site_.path("store"));
  fs::permissions(site_.path("store"), fs::perms::owner_all);
  ServerProcess server(site_,
                       {{"LD_PRELOAD", PAXID_FAULT_INTERPOSER},
                        {"ASAN_OPTIONS", "verify_asan_link_order=0:detect_leaks=0"},
                        {"PAXID_FAULT_UNDER", fs::canonical(site_.path("store")).string()},
                        {"PAXID_FAULT_FULL", full}},
                       false);
  {
    const sdk::Client kiosk = client_for(site_, server, "k1");
    const sdk::Request before = matching_request(), during = matching_request();
    const auto first = kiosk.verify(before);
    ASSERT_TRUE(first.has_value()) << first.error().message;

    std::ofstream(full).close();
    // No answer without its record.
    for (int i = 0; i < 20; ++i) {
      const auto refused = kiosk.verify(i == 0 ? during : matching_request());
      ASSERT_FALSE(refused.has_value());
      EXPECT_EQ(refused.error().code, base::ErrorCode::kResourceExhausted)
          << refused.error().message;
    }
    // What is there is still answered.
    const auto replayed = kiosk.verify(before);
    ASSERT_TRUE(replayed.has_value()) << replayed.error().message;
    EXPECT_TRUE(replayed->replayed);

    fs::remove(full);
    const auto after = kiosk.verify(during);
    ASSERT_TRUE(after.has_value()) << after.error().message;
    EXPECT_FALSE(after->replayed);
    EXPECT_EQ(*after->record.leaf_index, *first->record.leaf_index + 1);
  }
  EXPECT_EQ(server.stop(), 0);
  expect_sound(site_);
}

}  // namespace
}  // namespace paxid::faults
