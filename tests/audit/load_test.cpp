// A store that never comes to rest still signs.

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "audit/store_check.h"
#include "tests/audit/store_fixture.h"

namespace paxid::audit {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kWriters = 4;
constexpr std::size_t kCheckpoints = 4;
// Long beyond what the signing of a few checkpoints takes on any machine.
constexpr std::chrono::seconds kPatience{60};

class Load : public StoreTest {
 protected:
  // Records without end, by callers that each wait for their answer.
  void write_until(const std::atomic<bool>& enough) {
    std::vector<std::thread> writers;
    for (std::uint32_t w = 0; w < kWriters; ++w) {
      writers.emplace_back([this, w, &enough] {
        for (std::uint32_t i = 0; !enough; ++i) {
          ASSERT_TRUE(append(*store_, record(w * 10'000'000 + i)));
          ++written_;
        }
      });
    }
    for (std::thread& writer : writers) writer.join();
  }
  // What the file of the last one says, which anybody may read.
  std::uint64_t signed_size() {
    const auto note = parse_note(file_bytes(options_.directory + "/qf.checkpoint"));
    const auto checkpoint = note ? parse_checkpoint(note->text) : tl::unexpected(note.error());
    return checkpoint ? checkpoint->size : 0;
  }

  std::atomic<std::uint64_t> written_ = 0;
};

TEST_F(Load, ACheckpointIsSignedEachSecondWithoutAPause) {
  const SqliteStoreOptions defaults;
  ASSERT_EQ(defaults.checkpoint_interval, std::chrono::seconds(1));
  options_.checkpoint_interval = defaults.checkpoint_interval;
  open();
  std::atomic<bool> enough = false;
  std::thread load([&] { write_until(enough); });
  std::vector<std::uint64_t> sizes;
  std::vector<std::uint64_t> acknowledged;
  const auto begin = Clock::now();
  auto first = begin, last = begin;
  while (sizes.size() < kCheckpoints && Clock::now() - begin < kPatience) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    const std::uint64_t size = signed_size();
    if (size == 0 || (!sizes.empty() && sizes.back() == size)) continue;
    last = Clock::now();
    if (sizes.empty()) first = last;
    sizes.push_back(size);
    acknowledged.push_back(written_);
  }
  enough = true;
  load.join();
  ASSERT_EQ(sizes.size(), kCheckpoints);
  for (std::size_t i = 1; i < kCheckpoints; ++i) {
    EXPECT_GT(sizes[i], sizes[i - 1]);
    // The callers were answered meanwhile.
    EXPECT_GT(acknowledged[i], acknowledged[i - 1]);
  }
  // By the clock, not with every transaction.
  EXPECT_GT(last - first, (kCheckpoints - 1) * defaults.checkpoint_interval / 2);
  const auto statistics = store_->statistics();
  EXPECT_GT(statistics.commits, 4 * statistics.checkpoints_signed);

  store_.reset();
  StoreCheckOptions how;
  how.directory = options_.directory;
  how.public_key = SigningKey::load(options_.signing_key_file)->public_key();
  const auto report = check_store(how);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->defects.empty());
  EXPECT_GE(report->logs.at(0).checkpoints, kCheckpoints);
}

}  // namespace
}  // namespace paxid::audit
