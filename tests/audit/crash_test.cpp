#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <map>
#include <random>
#include <sstream>

#include "audit/merkle.h"
#include "audit/verify_log.h"
#include "tests/audit/store_fixture.h"

namespace paxid::audit {
namespace {

// crash_appender, and what it has printed so far.
class Appender {
 public:
  Appender(const std::string& root, std::uint32_t first) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    child_ = ::fork();
    if (child_ == 0) {
      ::dup2(ends[1], STDOUT_FILENO);
      ::close(ends[0]);
      ::close(ends[1]);
      ::execl(PAXID_CRASH_APPENDER, PAXID_CRASH_APPENDER, root.c_str(),
              std::to_string(first).c_str(), nullptr);
      ::_exit(127);
    }
    ::close(ends[1]);
    output_ = ::fdopen(ends[0], "r");
  }
  Appender(const Appender&) = delete;
  Appender& operator=(const Appender&) = delete;
  ~Appender() {
    kill();
    std::fclose(output_);
  }
  // Nothing at the end of the output.
  std::optional<std::string> line() {
    char buffer[256];
    if (std::fgets(buffer, sizeof buffer, output_) == nullptr) return std::nullopt;
    return std::string(buffer);
  }
  int wait() {
    int status = 0;
    ::waitpid(std::exchange(child_, -1), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  void kill() {
    if (child_ < 0) return;
    ::kill(child_, SIGKILL);
    wait();
  }

 private:
  pid_t child_ = -1;
  std::FILE* output_ = nullptr;
};

struct Acknowledged {
  std::uint64_t index;
  std::string leaf_hash;
};

class CrashTest : public StoreTest {
 protected:
  void note(const std::string& line) {
    std::istringstream in(line);
    std::string word, hash;
    std::uint64_t number = 0, index = 0;
    in >> word;
    if (word == "ack") {
      in >> number >> index >> hash;
      const auto [known, fresh] = acknowledged_.emplace(number, Acknowledged{index, hash});
      // Sent again after the restart: answered from the same record.
      EXPECT_EQ(known->second.index, index);
      EXPECT_EQ(known->second.leaf_hash, hash);
    } else {
      ASSERT_EQ(word, "head") << line;
      in >> index >> hash;
      const auto [known, fresh] = heads_.emplace(index, hash);
      EXPECT_EQ(known->second, hash) << "two roots for one size";
    }
  }

  void check() {
    open();
    const Checkpoint now = head();
    for (const auto& [number, record] : acknowledged_) {
      const auto leaf = store_->leaf("qf", record.index);
      ASSERT_TRUE(leaf) << number;
      EXPECT_EQ(base::to_hex(leaf_hash(leaf->leaf_data)), record.leaf_hash);
      EXPECT_EQ(*store_->index_of("qf", request_id(static_cast<std::uint32_t>(number))),
                record.index);
    }
    for (const auto& [size, root] : heads_) {
      if (size == 0) continue;
      const auto proof = store_->consistency_proof("qf", size, now.size);
      ASSERT_TRUE(proof) << proof.error().message;
      EXPECT_TRUE(verify_consistency(size, now.size, hash_hex(root), now.root, *proof));
    }
    const auto report = verify_log(*store_, "qf");
    ASSERT_TRUE(report);
    EXPECT_TRUE(report->problems.empty());
    store_.reset();
  }

  std::map<std::uint64_t, Acknowledged> acknowledged_;
  std::map<std::uint64_t, std::string> heads_;
};

TEST_F(CrashTest, NothingAcknowledgedIsLostByKilling) {
  std::mt19937 random(20261122);
  std::uint32_t next = 0;
  for (int round = 0; round < 24; ++round) {
    {
      Appender appender(directory_.path(), next);
      const std::uint32_t lines = 1 + random() % 60;
      for (std::uint32_t i = 0; i < lines; ++i) {
        const auto line = appender.line();
        ASSERT_TRUE(line) << "the appender ended by itself";
        note(*line);
      }
      appender.kill();
      // What it printed before it died was acknowledged as well.
      while (const auto line = appender.line()) note(*line);
    }
    if (!acknowledged_.empty()) {
      ASSERT_NO_FATAL_FAILURE(check());
      // Some again, and those that were in flight.
      const auto last = static_cast<std::uint32_t>(acknowledged_.rbegin()->first);
      next = last < 20 ? 0 : last - 20;
    }
  }
  EXPECT_GT(acknowledged_.size(), 100u);
}

TEST_F(CrashTest, ASecondProcessIsRefused) {
  open();
  Appender second(directory_.path(), 0);
  const auto line = second.line();
  ASSERT_TRUE(line);
  EXPECT_NE(line->find("another process has this store open"), std::string::npos) << *line;
  EXPECT_EQ(second.wait(), 3);
}

}  // namespace
}  // namespace paxid::audit
