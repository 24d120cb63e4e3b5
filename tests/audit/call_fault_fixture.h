#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "audit/verify_log.h"
#include "base/hex.h"
#include "tests/audit/failing_call.h"
#include "tests/audit/store_fixture.h"

// What a store does when a call into the libraries below it fails, whichever call it is.
namespace paxid::audit {

inline constexpr Sweep kReadFails{Below::kSqlite, SQLITE_IOERR_READ};
inline constexpr Sweep kDamaged{Below::kSqlite, SQLITE_CORRUPT};
inline constexpr Sweep kDatabaseFull{Below::kSqlite, SQLITE_FULL};
inline constexpr Sweep kFileFails{Below::kFiles, EIO};
inline constexpr Sweep kDiskFull{Below::kFiles, ENOSPC};
inline constexpr Sweep kNoCrypto{Below::kCrypto};

inline Sweep each(Sweep how, std::uint64_t stride) {
  how.stride = stride;
  return how;
}

// What a caller is told is never empty, and never that there is a bug where a disk has failed.
inline void expect_told(const base::Error& error, const Sweep& how) {
  EXPECT_NE(error.message, "");
  if (how.below != Below::kCrypto) {
    EXPECT_NE(error.code, base::ErrorCode::kInternal) << error.message;
  }
}

// Where a sync costs nothing, if there is such a place: the sweeps open stores again and again.
inline std::string quick_directory() {
  const std::string memory = "/dev/shm";
  return ::access(memory.c_str(), W_OK) == 0 ? memory
                                             : std::filesystem::temp_directory_path().string();
}

// A store with records of seven persons. One was erased after its backup, one is held, and one has
// asked for something.
class CallFaults : public StoreTest {
 protected:
  CallFaults() : StoreTest(quick_directory()) {}
  static constexpr std::uint32_t kRecords = 21;

  void SetUp() override {
    open();
    for (std::uint32_t i = 0; i < kRecords; ++i) {
      clock_.set(kTestTime + i);
      Record one = record(i);
      one.decision = static_cast<std::uint16_t>(1 + i % 3);
      ASSERT_TRUE(append(*store_, one));
    }
    ASSERT_TRUE(append(*store_, record(900, "ba")));
    ASSERT_TRUE(append(*store_, effect_on(901, RecordEffect::kHold, subject(4))));
    ASSERT_TRUE(append(*store_, deadline(902)));
    head();
    head("ba");
  }
  Record deadline(std::uint32_t id) { return deadline(id, subject(5)); }
  Record deadline(std::uint32_t id, const Id16& ref) {
    Record asked = effect_on(id, RecordEffect::kOpenDeadline, ref);
    asked.received_unix_us = kTestTime;
    asked.due_unix_us = kTestTime + 100;
    return asked;
  }
  std::string at(const std::string& name) const { return directory_.path() + "/" + name; }
  void expect_sound(Store& store) {
    const std::vector<std::string> tenants = *store.tenants();
    for (const std::string& tenant : tenants) {
      const auto report = verify_log(store, tenant);
      ASSERT_TRUE(report) << report.error().message;
      for (const LogProblem& problem : report->problems) {
        ADD_FAILURE() << name_of(problem.kind) << " at " << problem.index << ": "
                      << problem.message;
      }
    }
  }
  // Opens it with each call failing, and then without.
  void sweep_opening(const Sweep& how, const std::function<void()>& prepare = {}) {
    const auto calls = sweep(
        how,
        [&](FailingCall& failing) {
          auto opened = open_store(options_, clock_);
          failing.stop();
          if (!opened) return expect_told(opened.error(), how);
          expect_sound(**opened);
        },
        prepare);
    EXPECT_GT(calls, 0u);
    open();
    expect_sound(*store_);
    store_.reset();
  }
  // Begins a store with each call failing: whoever was not told that it is begun begins it again,
  // and it takes a record. How many calls have failed.
  std::uint64_t sweep_beginning(const Sweep& how, const SqliteStoreOptions& fresh,
                                const std::function<void()>& prepare) {
    return sweep(
        how,
        [&](FailingCall& failing) {
          auto opened = open_store(fresh, clock_);
          failing.stop();
          if (!opened) {
            expect_told(opened.error(), how);
            opened = open_store(fresh, clock_);
          }
          ASSERT_TRUE(opened) << opened.error().message;
          EXPECT_TRUE(append(**opened, record(1)));
        },
        prepare);
  }
  using Read = std::function<base::Result<std::string>()>;
  // Everything that can be read of a log, of its records 2 to 4.
  static std::vector<Read> reads(Store& store, const std::string& tenant, std::uint64_t size,
                                 const Id16& ref) {
    const auto digest = [](const Bytes& read) { return std::string(read.begin(), read.end()); };
    const auto flat = [](const std::vector<Hash>& hashes) {
      std::string all;
      for (const Hash& hash : hashes) all += base::to_hex(hash);
      return all;
    };
    const auto number = [](std::uint64_t value) { return std::to_string(value); };
    return {
        [=, &store] {
          return store.leaf(tenant, 2).map([=](const auto& r) { return digest(r.leaf_data); });
        },
        [=, &store] { return store.open_body(tenant, 2).map(digest); },
        [=, &store] { return store.open_response(tenant, 2).map(digest); },
        [=, &store] {
          return store.body_key(tenant, 2).map(
              [](const base::SecretBytes& key) { return base::to_hex(key.reveal()); });
        },
        [=, &store] {
          return store.index_of(tenant, request_id(2)).map([=](const auto& i) {
            return number(*i);
          });
        },
        [=, &store] {
          return store.subject_of(tenant, *record(4).subject).map([](const auto& found) {
            return base::to_hex(*found);
          });
        },
        [=, &store] {
          return store.subject(tenant, ref).map([=](const SubjectState& state) {
            return number(state.records.size()) + " " + number(state.held_by.value_or(0));
          });
        },
        [=, &store] {
          return store.deadlines(tenant).map([=](const auto& list) {
            return number(list.size()) + " " + base::to_hex(list.front().request_id);
          });
        },
        [=, &store] { return store.pruned_below(tenant, RetentionClass::kMatch).map(number); },
        [=, &store] { return store.inclusion_proof(tenant, 3, size).map(flat); },
        [=, &store] { return store.consistency_proof(tenant, 5, size).map(flat); },
        [=, &store] { return store.left_subtrees(tenant, size - 1).map(flat); },
        [=, &store] { return store.tlog_proof(tenant, 3); },
        [=, &store]() -> base::Result<std::string> {
          const auto report = verify_log(store, tenant);
          if (!report) return tl::unexpected(report.error());
          if (!report->problems.empty()) return base::fail(base::ErrorCode::kDataLoss, "problems");
          return number(report->bodies_opened);
        },
    };
  }
  // Every reading call gives what it gave before, or an error. How many calls below have failed.
  std::uint64_t sweep_reads(const std::vector<Read>& of, const std::vector<std::string>& before,
                            std::initializer_list<Sweep> sweeps) {
    std::uint64_t calls = 0;
    for (std::size_t i = 0; i < of.size(); ++i) {
      const testing::ScopedTrace trace(__FILE__, __LINE__, "read " + std::to_string(i));
      for (const Sweep& how : sweeps) {
        // The last one asks for everything.
        const bool asks_much = i > 0 && i + 1 == of.size();
        calls += sweep(each(how, asks_much ? 13 : 1), [&](FailingCall& failing) {
          const auto now = of[i]();
          failing.stop();
          if (now) {
            EXPECT_EQ(*now, before[i]);
          } else {
            expect_told(now.error(), how);
          }
        });
      }
      EXPECT_EQ(of[i]().value_or("an error"), before[i]);
    }
    return calls;
  }
  std::uint64_t sweep_reading(std::initializer_list<Sweep> sweeps) {
    EXPECT_TRUE(append(*store_, effect_on(903, RecordEffect::kErase, subject(3))));
    const auto all = reads(*store_, "qf", *store_->tree_size("qf"), subject(4));
    std::vector<std::string> before;
    for (const Read& one : all) before.push_back(one().value_or("nothing"));
    return sweep_reads(all, before, sweeps);
  }
  // Which logs there are, and whether the store is open.
  void expect_refusals() {
    const auto expect = [this](const std::string& tenant, base::ErrorCode code) {
      for (const Read& one : reads(*store_, tenant, 1, id16(9))) {
        const auto read = one();
        EXPECT_EQ(read ? base::ErrorCode::kInternal : read.error().code, code) << tenant;
      }
      const auto checkpoint = store_->checkpoint(tenant);
      EXPECT_EQ(checkpoint ? base::ErrorCode::kInternal : checkpoint.error().code, code);
      const auto size = store_->tree_size(tenant);
      EXPECT_EQ(size ? base::ErrorCode::kInternal : size.error().code, code);
    };
    expect("nobody", base::ErrorCode::kNotFound);
    expect("No Tenant", base::ErrorCode::kInvalidArgument);
    const std::uint64_t size = *store_->tree_size("qf");
    EXPECT_EQ(store_->leaf("qf", size).error().field, "index");
    EXPECT_EQ(store_->open_body("qf", size).error().field, "index");
    EXPECT_EQ(store_->open_response("qf", size).error().field, "index");
    EXPECT_EQ(store_->body_key("qf", size).error().field, "index");
    EXPECT_EQ(store_->tlog_proof("qf", size).error().field, "index");
    EXPECT_EQ(store_->inclusion_proof("qf", 0, size + 1).error().field, "tree_size");
    EXPECT_EQ(store_->consistency_proof("qf", 1, size + 1).error().code,
              base::ErrorCode::kInvalidArgument);
    EXPECT_EQ(store_->left_subtrees("qf", size + 1).error().code,
              base::ErrorCode::kInvalidArgument);
    store_->close();
    expect("qf", base::ErrorCode::kUnavailable);
    EXPECT_EQ(store_->tenants().error().code, base::ErrorCode::kUnavailable);
  }
};

// A record that was refused is not there, and the same one is recorded by the next attempt; one
// that does not fit on the disk costs nothing but itself.
class WritingFaults : public CallFaults {
 protected:
  // Of a store that is healthy from then on.
  std::uint64_t size_now() {
    auto size = store_->tree_size("qf");
    while (!size) {
      reopen();
      size = store_->tree_size("qf");
    }
    return *size;
  }
  // What a caller is told who is patient with a store that another thread found out of reach.
  base::Result<Receipt> answer_to(const Record& asked, const std::function<bool()>& failed) {
    auto answer = append_async(*store_, asked).get();
    for (int patience = 0; patience < 500 && !answer && !failed(); ++patience) {
      if (answer.error().code != base::ErrorCode::kUnavailable || !store_->healthy()) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      answer = append_async(*store_, asked).get();
    }
    return answer;
  }
  // Appends the record again and again, each time with another call failing.
  void sweep_append(const Sweep& how, const Record& asked) {
    const std::uint64_t size = size_now();
    std::uint64_t now = size;
    const auto calls = sweep(how, [&](FailingCall& failing) {
      auto answer = answer_to(asked, [&] { return failing.happened(); });
      failing.stop();
      if (!store_->healthy()) reopen();
      const std::uint64_t before = now;
      const auto receipt = placed(*store_, asked.tenant, asked.request_id, std::move(answer));
      if (!receipt) expect_told(receipt.error(), how);
      now = size_now();
      EXPECT_LE(now, size + 1);
      // Who was refused for want of room is not there.
      if (!receipt && receipt.error().code == base::ErrorCode::kResourceExhausted && now > before) {
        ADD_FAILURE() << receipt.error().message;
      }
      if (receipt) {
        EXPECT_EQ(receipt->index, size);
      }
    });
    EXPECT_GT(calls, 0u);
    EXPECT_EQ(now, size + 1);
    (void)size_now();
    auto replayed = answer_to(asked, [] { return false; });
    const auto again = placed(*store_, asked.tenant, asked.request_id, std::move(replayed));
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_TRUE(again->replayed);
    EXPECT_EQ(again->index, size);
  }
  // One of everything that can be written.
  std::vector<Record> every_kind() {
    Record begins = record(1000);
    begins.subject = SubjectLookup{1, bytes("CANARYSUBJECT new")};
    Record later = effect_on(1002, RecordEffect::kRelease, subject(4));
    later.actor = id16(0xA1);
    Record closes = effect_on(1006, RecordEffect::kCloseDeadline, subject(5));
    closes.deadline = request_id(902);
    Record nobody = record(1008);
    nobody.subject.reset();
    return {begins,
            record(1007),
            nobody,
            about(1009, 2),
            effect_on(1001, RecordEffect::kProposeRelease, subject(4)),
            later,
            effect_on(1003, RecordEffect::kRestrict, subject(2)),
            effect_on(1004, RecordEffect::kLiftRestriction, subject(2)),
            effect_on(1010, RecordEffect::kHold, subject(1)),
            deadline(1005),
            closes,
            prune(1011, RetentionClass::kMatch, 6),
            effect_on(1012, RecordEffect::kErase, subject(3))};
  }
};

}  // namespace paxid::audit
