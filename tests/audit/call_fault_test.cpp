// What the store does when a call into the libraries below it fails, whichever call it is.
#include <gtest/gtest.h>

#include <cerrno>
#include <utility>
#include <vector>

#include "audit/api_log.h"
#include "audit/backup.h"
#include "audit/effects.h"
#include "audit/kek.h"
#include "audit/store_check.h"
#include "audit/tile_files.h"
#include "tests/audit/call_fault_fixture.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;
namespace fs = std::filesystem;

// The store's directory, to begin with again and again.
class KeptStore : public CallFaults {
 protected:
  // Closes the store and keeps a copy of everything, to begin with again and again.
  void keep() {
    store_.reset();
    fs::create_directory(at("kept"));
    for (const char* name : {"store", "kek", "signing.pem"}) {
      fs::copy(at(name), at("kept/") + name, fs::copy_options::recursive);
    }
  }
  void put_back() {
    store_.reset();
    for (const auto& entry : fs::directory_iterator(directory_.path())) {
      if (entry.path().filename() != "kept") fs::remove_all(entry);
    }
    fs::copy(at("kept"), directory_.path(), fs::copy_options::recursive);
  }
  StoreCheckOptions checking(const std::string& directory) {
    StoreCheckOptions how;
    how.directory = directory;
    how.origin_prefix = options_.origin_prefix;
    how.public_key = SigningKey::load(options_.signing_key_file)->public_key();
    how.kek = options_.kek;
    return how;
  }
  void expect_checked(const std::string& directory, bool with_keys) {
    StoreCheckOptions how = checking(directory);
    if (!with_keys) how.kek.clear();
    const auto report = check_store(how);
    ASSERT_TRUE(report) << report.error().message;
    for (const StoreDefect& defect : report->defects) {
      ADD_FAILURE() << name_of(defect.kind) << " " << defect.index << ": " << defect.message;
    }
    EXPECT_EQ(report->logs.size(), 2u);
  }
};

TEST_F(CallFaults, AStoreIsBegunOrNot) {
  store_.reset();
  for (const Sweep& how : {kReadFails, kFileFails, kNoCrypto}) {
    const SqliteStoreOptions fresh = store_options(at("fresh"));
    const auto calls = sweep_beginning(how, fresh, [&] {
      fs::remove_all(at("fresh"));
      fs::create_directory(at("fresh"));
    });
    EXPECT_GT(calls, 0u);
  }
}

TEST_F(CallFaults, OpeningFailsOrOpens) {
  store_.reset();
  for (const Sweep& how : {kReadFails, kDamaged, kFileFails, kNoCrypto}) {
    sweep_opening(how);
  }
}

// All that opening may have to make up for: a restored log that does not know of an erasure, a key
// that was lost, a key-encryption key that is new, and keys that were to go when the server died.
TEST_F(KeptStore, OpeningMakesUpForEverythingOrFails) {
  const Id16 lost = subject(6);
  {
    const FailingCall unnoted(Below::kFiles, 0, EIO, true);
    EXPECT_EQ(append(*store_, effect_on(904, RecordEffect::kErase, subject(2))).error().code,
              ErrorCode::kUnavailable);
  }
  store_.reset();
  fs::copy(options_.directory, at("older"));
  open();
  ASSERT_TRUE(append(*store_, effect_on(903, RecordEffect::kErase, subject(3))));
  store_.reset();
  for (const char* name : {"/erasures", "/keys.db"}) {
    fs::copy_file(options_.directory + name, at("older") + name,
                  fs::copy_options::overwrite_existing);
  }
  fs::remove_all(options_.directory);
  fs::rename(at("older"), options_.directory);
  execute_sql(options_.directory + "/keys.db",
              "DELETE FROM data_key WHERE id = x'" + base::to_hex(lost) + "'");
  keep();
  options_.erase_keyless = true;
  options_.previous_kek = at("kek");
  options_.kek = at("new");
  for (const Sweep& how : {kReadFails, kFileFails, kNoCrypto}) {
    sweep_opening(how, [this] {
      put_back();
      ASSERT_TRUE(create_kek(options_.kek));
    });
    open();
    EXPECT_TRUE(store_->subject("qf", lost)->erased_by);
    for (const std::uint32_t number : {2u, 3u, 6u}) {
      EXPECT_FALSE(*store_->subject_of("qf", *record(number).subject)) << number;
    }
    store_.reset();
  }
}

TEST_F(CallFaults, ReadingIsRightOrFails) {
  EXPECT_GT(sweep_reading({kReadFails, kDamaged}), 50u);
  EXPECT_TRUE(store_->healthy());
}

TEST_F(CallFaults, WhatIsNotThereIsRefused) { expect_refusals(); }

TEST_F(WritingFaults, AFullDatabaseCostsTheRecordAlone) {
  for (const Record& one : every_kind()) {
    const testing::ScopedTrace trace(__FILE__, __LINE__, base::to_hex(one.request_id));
    sweep_append(kDatabaseFull, one);
  }
  expect_sound(*store_);
  reopen();
  expect_sound(*store_);
}

TEST_F(WritingFaults, AfterAnErrorTheStoreIsOpenedAgain) {
  const std::vector<Record> all = every_kind();
  for (const Record& one : {all[0], all[3], all[12]}) {
    const testing::ScopedTrace trace(__FILE__, __LINE__, base::to_hex(one.request_id));
    sweep_append(kReadFails, one);
  }
  expect_sound(*store_);
}

TEST_F(WritingFaults, AnErasureIsNotedOrDoneAgain) {
  sweep_append(kFileFails, effect_on(1012, RecordEffect::kErase, subject(3)));
  EXPECT_FALSE(*store_->subject_of("qf", *record(3).subject));
  store_.reset();
  EXPECT_EQ(noted_erasures(erasures_file(options_.directory))->size(), 1u);
}

TEST_F(WritingFaults, ACheckpointIsSignedOrNot) {
  std::uint32_t next = 2000;
  for (const Sweep& how : {kFileFails, kDiskFull, kNoCrypto}) {
    const auto calls = sweep(
        how,
        [&](FailingCall& failing) {
          const auto note = store_->checkpoint("qf");
          failing.stop();
          if (!note) expect_told(note.error(), how);
          EXPECT_EQ(head().size, *store_->tree_size("qf"));
        },
        [&] { ASSERT_TRUE(append(*store_, record(next++))); });
    EXPECT_GT(calls, 0u);
  }
  reopen();
  expect_sound(*store_);
}

// What never changes a store.
class FaultsBeside : public KeptStore {
 protected:
  void SetUp() override {
    CallFaults::SetUp();
    ASSERT_TRUE(append(*store_, effect_on(903, RecordEffect::kErase, subject(3))));
    const auto log = ApiLog::open(options_.directory + "/api.db", clock_);
    ASSERT_TRUE(log) << log.error().message;
    head();
    store_.reset();
  }
};

// A check that could not read everything says so, one way or the other.
TEST_F(FaultsBeside, ACheckNeverCallsSoundWhatItDidNotRead) {
  expect_checked(options_.directory, true);
  for (const Sweep& how : {kReadFails, kDamaged, kFileFails}) {
    const StoreCheckOptions asked = checking(options_.directory);
    const auto calls = sweep(how, [&](FailingCall& failing) {
      const auto report = check_store(asked);
      const bool failed = failing.stop();
      if (!report) return expect_told(report.error(), how);
      EXPECT_EQ(report->defects.empty(), !failed);
    });
    EXPECT_GT(calls, 0u);
  }
}

TEST_F(FaultsBeside, ABackupIsWholeOrAway) {
  for (const Sweep& how : {kReadFails, kDatabaseFull, kFileFails}) {
    EXPECT_GT(sweep(how,
                    [&](FailingCall& failing) {
                      const auto made = back_up_log(options_.directory, at("copy"), {});
                      failing.stop();
                      if (made) {
                        expect_checked(at("copy"), false);
                        fs::remove_all(at("copy"));
                      } else {
                        expect_told(made.error(), how);
                        EXPECT_TRUE(!fs::exists(at("copy")) || fs::is_empty(at("copy")));
                      }
                    }),
              0u);
  }
  for (const Sweep& how : {kReadFails, kFileFails, kNoCrypto}) {
    EXPECT_GT(sweep(how,
                    [&](FailingCall& failing) {
                      const auto made =
                          back_up_keys(options_.directory, options_.kek, at("keys"), clock_);
                      failing.stop();
                      if (!made) expect_told(made.error(), how);
                      // It may be there although it is not known whether it stays.
                      fs::remove(at("keys"));
                    }),
              0u);
  }
}

TEST_F(FaultsBeside, TilesAreWholeOrAway) {
  const PublicKey key = SigningKey::load(options_.signing_key_file)->public_key();
  for (const Sweep& how : {kReadFails, kDamaged, kFileFails}) {
    EXPECT_GT(sweep(how,
                    [&](FailingCall& failing) {
                      const auto made =
                          write_tile_files(options_.directory, "qf", key, at("tiles"), {});
                      failing.stop();
                      if (!made) expect_told(made.error(), how);
                      if (made) {
                        EXPECT_EQ(file_bytes(at("tiles/checkpoint")),
                                  file_bytes(options_.directory + "/qf.checkpoint"));
                      }
                      fs::remove_all(at("tiles"));
                    }),
              0u);
  }
}

TEST_F(FaultsBeside, ARestoredStoreIsWholeOrNotThere) {
  ASSERT_TRUE(back_up_log(options_.directory, at("copy"), {}));
  ASSERT_TRUE(back_up_keys(options_.directory, options_.kek, at("keys"), clock_));
  RestoreOptions how;
  how.store = options_;
  how.store.directory = at("again");
  how.backup = at("copy");
  how.keys = at("keys");
  how.remains = options_.directory;
  how.erasures = {erasures_file(options_.directory)};
  how.checkpoints = {options_.directory + "/qf.checkpoint"};
  for (const Sweep& fails : {each(kReadFails, 3), kFileFails, kNoCrypto}) {
    EXPECT_GT(sweep(fails,
                    [&](FailingCall& failing) {
                      const auto restored = restore_store(how, clock_);
                      failing.stop();
                      if (restored) {
                        expect_checked(at("again"), true);
                      } else {
                        expect_told(restored.error(), fails);
                      }
                      fs::remove_all(at("again"));
                    }),
              0u);
  }
}

// Whatever happens to the replacement, asking for it again ends it, and everything opens.
TEST_F(FaultsBeside, AKeyEncryptionKeyIsReplacedOrNot) {
  keep();
  for (const Sweep& how : {each(kReadFails, 5), kFileFails, kNoCrypto}) {
    EXPECT_GT(sweep(
                  how,
                  [&](FailingCall& failing) {
                    const auto replaced = replace_kek(options_, clock_);
                    failing.stop();
                    if (!replaced) {
                      expect_told(replaced.error(), how);
                      const auto again = replace_kek(options_, clock_);
                      ASSERT_TRUE(again) << again.error().message;
                    }
                    open();
                    expect_sound(*store_);
                    EXPECT_EQ(text(*store_->open_body("qf", 2)), "CANARYBODY of passenger 2");
                    EXPECT_FALSE(fs::exists(next_kek_path(options_.kek)));
                  },
                  [this] { put_back(); }),
              0u);
  }
}

// An entry of the API-processing log that was acknowledged is listed.
TEST(ApiLogFaults, EntriesAreKeptOrRefused) {
  const TemporaryDirectory directory(quick_directory());
  base::ManualClock clock(kTestTime);
  const std::string file = directory.path() + "/api.db";
  const auto append = [](ApiLog& log) {
    std::promise<base::Result<void>> done;
    log.append("qf", ApiEntry{0, "SYD", "gate", {}, "compared"},
               [&done](base::Result<void> kept) { done.set_value(std::move(kept)); });
    return done.get_future().get();
  };
  for (const Sweep& how : {kReadFails, kDatabaseFull, kFileFails}) {
    const auto told = [&](const auto& result) {
      if (!result) expect_told(result.error(), how);
      return result.has_value();
    };
    const auto calls = sweep(
        how,
        [&](FailingCall& failing) {
          auto log = ApiLog::open(file, clock);
          if (!told(log)) return;
          std::size_t kept = told(append(**log)) ? 1 : 0;
          const auto listed = (*log)->list("qf", 0, ~std::uint64_t{0}, 0);
          if (told(listed)) {
            EXPECT_GE(listed->entries.size(), kept);
          }
          (void)told((*log)->prune());
          (void)told(ApiLog::check(file));
          failing.stop();
          EXPECT_TRUE(append(**log));
          EXPECT_TRUE(ApiLog::check(file));
          EXPECT_GE((*log)->list("qf", 0, ~std::uint64_t{0}, 0)->entries.size(), kept + 1);
          // A year later they go.
          const std::uint64_t now = clock.unix_microseconds();
          clock.set(now + std::uint64_t{370} * 86'400'000'000);
          EXPECT_GE((*log)->prune().value_or(0), kept + 1);
          clock.set(now);
        },
        [&] {
          for (const auto& entry : fs::directory_iterator(directory.path())) fs::remove(entry);
        });
    EXPECT_GT(calls, 0u);
  }
}

}  // namespace
}  // namespace paxid::audit
