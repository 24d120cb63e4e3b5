#include "audit/backup.h"

#include <gtest/gtest.h>

#include "audit/api_log.h"
#include "audit/cosignature.h"
#include "audit/crypto.h"
#include "audit/effects.h"
#include "audit/kek.h"
#include "audit/key_store.h"
#include "audit/sealed_body.h"
#include "audit/store_check.h"
#include "base/base64.h"
#include "base/hex.h"
#include "tests/audit/key_search.h"
#include "tests/audit/store_fixture.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;
namespace fs = std::filesystem;

// Record n is of subject n % 7.
class Backup : public StoreTest {
 protected:
  static constexpr std::uint32_t kRecords = 40;

  void SetUp() override {
    open();
    add(0, kRecords);
    ASSERT_TRUE(append(*store_, record(5000, "ba")));
    head();
  }
  void add(std::uint32_t from, std::uint32_t to) {
    for (std::uint32_t i = from; i < to; ++i) {
      clock_.set(kTestTime + std::uint64_t{i} * 1000);
      ASSERT_TRUE(append(*store_, record(i)));
    }
  }
  std::string at(const std::string& name) const { return directory_.path() + "/" + name; }
  void back_up(const std::string& name) {
    const auto log = back_up_log(options_.directory, at(name), {});
    ASSERT_TRUE(log) << log.error().message;
    clock_.set(clock_.unix_microseconds() + 1'000'000);
    const auto keys = back_up_keys(options_.directory, options_.kek, at(name + ".keys"), clock_);
    ASSERT_TRUE(keys) << keys.error().message;
  }
  // The store's directory becomes what is left of it.
  void lose() {
    store_.reset();
    fs::rename(options_.directory, at("lost"));
  }
  RestoreOptions from(const std::string& name) {
    RestoreOptions how;
    how.store = options_;
    how.backup = at(name);
    return how;
  }
  StoreReport check(const std::string& directory, bool with_keys) {
    StoreCheckOptions how;
    how.directory = directory;
    how.public_key = SigningKey::load(options_.signing_key_file)->public_key();
    how.witnesses = {witness_key("w.example", SigningKey::from_seed(Bytes(32, 9))->public_key())};
    if (with_keys) how.kek = options_.kek;
    auto report = check_store(how);
    EXPECT_TRUE(report) << report.error().message;
    return report.value_or(StoreReport{});
  }
  void expect_sound(const std::string& directory, bool with_keys) {
    for (const StoreDefect& defect : check(directory, with_keys).defects) {
      ADD_FAILURE() << name_of(defect.kind) << " " << defect.origin << " " << defect.index << ": "
                    << defect.message;
    }
  }
};

TEST_F(Backup, TheCopyOfARunningStoreIsSoundAndHoldsNoKeys) {
  add(kRecords, kRecords + 5);  // not signed yet
  back_up("monday");
  expect_sound(at("monday"), false);
  const StoreReport report = check(at("monday"), false);
  ASSERT_EQ(report.logs.size(), 2u);
  EXPECT_EQ(report.logs[1].size, kRecords + 5);
  EXPECT_EQ(report.logs[1].signed_size, kRecords);
  EXPECT_FALSE(report.keys_checked);
  for (const auto& entry : fs::directory_iterator(at("monday"))) {
    EXPECT_EQ(entry.path().filename().string().find("keys"), std::string::npos);
    EXPECT_EQ(fs::status(entry).permissions() & (fs::perms::group_all | fs::perms::others_all),
              fs::perms::none);
  }
  // The store goes on, and nothing is overwritten.
  EXPECT_TRUE(append(*store_, record(999)));
  EXPECT_EQ(back_up_log(options_.directory, at("monday"), {}).error().code,
            ErrorCode::kAlreadyExists);
  EXPECT_EQ(back_up_keys(options_.directory, options_.kek, at("monday.keys"), clock_).error().code,
            ErrorCode::kAlreadyExists);
}

TEST_F(Backup, ARestoredStoreGoesOn) {
  back_up("monday");
  lose();
  RestoreOptions how = from("monday");
  how.keys = at("monday.keys");
  const auto restored = restore_store(how, clock_);
  ASSERT_TRUE(restored) << restored.error().message;
  ASSERT_EQ(restored->logs.size(), 2u);
  EXPECT_EQ(restored->logs[1].size, kRecords);
  EXPECT_EQ(restored->logs[1].size_now, kRecords + 1);
  expect_sound(options_.directory, true);
  open();
  EXPECT_TRUE(append(*store_, record(3))->replayed);
  EXPECT_EQ(text(*store_->open_body("qf", 3)), "CANARYBODY of passenger 3");
  const auto leaf = decode_leaf(store_->leaf("qf", kRecords)->leaf_data);
  EXPECT_EQ(leaf->type, RecordType::kServiceEvent);
  EXPECT_EQ(leaf->decision, kRestored);
  EXPECT_EQ(leaf->reason_bits, 0u);
  EXPECT_TRUE(append(*store_, record(7000)));
  EXPECT_FALSE(fs::exists(options_.directory + ".restoring"));
}

// What is beside the log: a copy that a witness has signed, and the API-processing log.
class BackupBesideTheLog : public Backup {
 protected:
  void process(const std::string& station) {
    const auto log = ApiLog::open(options_.directory + "/api.db", clock_);
    ASSERT_TRUE(log) << log.error().message;
    std::promise<bool> done;
    (*log)->append("qf", ApiEntry{0, station, "gate", {}, "compared"},
                   [&done](const base::Result<void>& kept) { done.set_value(kept.has_value()); });
    ASSERT_TRUE(done.get_future().get());
  }
  std::vector<std::string> processed(const std::string& directory) {
    const auto log = ApiLog::open(directory + "/api.db", clock_);
    EXPECT_TRUE(log) << log.error().message;
    std::vector<std::string> stations;
    const auto page = (*log)->list("qf", 0, ~std::uint64_t{0}, 0);
    EXPECT_TRUE(page) << page.error().message;
    for (const ApiEntry& entry : page->entries) stations.push_back(entry.station);
    return stations;
  }
  // The newest checkpoint with the line of a witness.
  std::string witness() {
    head();
    Note note = *parse_note(file_bytes(options_.directory + "/qf.checkpoint"));
    note.signatures.push_back(*cosign(note.text, "w.example", witness_, 1763800000));
    std::ofstream(options_.directory + "/qf.witnessed", std::ios::trunc) << to_text(note);
    return to_text(note);
  }
  std::vector<std::string> restored_from(RestoreOptions how) {
    how.store.directory = at("again");
    const auto restored = restore_store(how, clock_);
    EXPECT_TRUE(restored) << restored.error().message;
    expect_sound(at("again"), true);
    auto stations = processed(at("again"));
    witnessed_ = file_bytes(at("again") + "/qf.witnessed");
    fs::remove_all(at("again"));
    return stations;
  }

  SigningKey witness_ = *SigningKey::from_seed(Bytes(32, 9));
  std::string witnessed_;
};

TEST_F(BackupBesideTheLog, IsRestored) {
  using Stations = std::vector<std::string>;
  const std::string monday = witness();
  process("SYD");
  back_up("monday");
  expect_sound(at("monday"), false);
  EXPECT_EQ(check(at("monday"), false).logs[1].witnessed_size, kRecords);
  EXPECT_FALSE(fs::exists(at("monday") + "/api.db-wal"));

  process("MEL");
  add(kRecords, kRecords + 3);
  const std::string tuesday = witness();
  ASSERT_NE(monday, tuesday);
  lose();

  RestoreOptions how = from("monday");
  how.keys = at("monday.keys");
  EXPECT_EQ(restored_from(how), Stations{"SYD"});
  EXPECT_EQ(witnessed_, monday);

  // What is left is newer. What a witness has signed beyond the copy is a loss that shows, also
  // when nothing else is left of it.
  fs::remove(at("lost") + "/qf.checkpoint");
  how.remains = at("lost");
  EXPECT_EQ(restore_store(how, clock_).error().field, "accept_loss");
  how.accept_loss = true;
  EXPECT_EQ(restored_from(how), (Stations{"SYD", "MEL"}));
  EXPECT_EQ(witnessed_, monday);

  // Unless it cannot be read any more.
  std::ofstream(at("lost") + "/api.db", std::ios::trunc) << "no database";
  EXPECT_EQ(restored_from(how), Stations{"SYD"});
  std::ofstream(at("monday") + "/api.db", std::ios::trunc) << "no database";
  EXPECT_EQ(restore_store(how, clock_).error().code, ErrorCode::kDataLoss);
}

TEST_F(BackupBesideTheLog, AYearLaterNothingOfTheApiLogComesBack) {
  process("SYD");
  witness();
  back_up("monday");
  lose();
  clock_.set(clock_.unix_microseconds() + std::uint64_t{366} * 86'400'000'000);
  RestoreOptions how = from("monday");
  how.keys = at("monday.keys");
  ASSERT_TRUE(restore_store(how, clock_));
  EXPECT_EQ(file_bytes(options_.directory + "/api.db").find("SYD"), std::string::npos);
}

TEST_F(BackupBesideTheLog, AWitnessedCheckpointOfAnotherHistoryIsNotRestored) {
  back_up("monday");
  const auto key = SigningKey::load(options_.signing_key_file);
  std::ofstream(at("monday") + "/qf.witnessed")
      << *sign_checkpoint({"audit.example/qf", 20, filled_hash(0x55), {}}, *key);
  lose();
  RestoreOptions how = from("monday");
  how.keys = at("monday.keys");
  EXPECT_EQ(restore_store(how, clock_).error().code, ErrorCode::kDataLoss);
}

TEST_F(Backup, AnErasedPersonStaysErased) {
  back_up("monday");
  const Id16 ref = subject(3);
  ASSERT_TRUE(append(*store_, effect_on(1000, RecordEffect::kErase, ref)));
  // Retention has taken the keys of everybody whose last body was a match.
  ASSERT_TRUE(append(*store_, prune(1001, RetentionClass::kMatch, 38)));
  head();
  lose();
  // The log of Monday beside the keys of the last day.
  RestoreOptions how = from("monday");
  how.remains = at("lost");
  const auto refused = restore_store(how, clock_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().field, "accept_loss");
  EXPECT_NE(
      refused.error().message.find("audit.example/qf has 40 leaves, its newest checkpoint 42"),
      std::string::npos)
      << refused.error().message;
  EXPECT_TRUE(fs::is_empty(options_.directory));
  how.accept_loss = true;
  const auto restored = restore_store(how, clock_);
  ASSERT_TRUE(restored) << restored.error().message;
  EXPECT_EQ(restored->logs[1].lost_until, 42u);
  expect_sound(options_.directory, true);
  open();
  EXPECT_EQ(store_->open_body("qf", 3).error().code, ErrorCode::kFailedPrecondition);
  EXPECT_TRUE(store_->subject("qf", ref)->erased_by);
  EXPECT_FALSE(*store_->subject_of("qf", *record(3).subject));
  const std::uint64_t last = *store_->tree_size("qf") - 1;
  const auto leaf = decode_leaf(store_->leaf("qf", last)->leaf_data);
  EXPECT_EQ(leaf->decision, kRestoredWithLoss);
  EXPECT_EQ(leaf->reason_bits, 42u);
  EXPECT_NE(leaf->ruleset, Hash{});
  EXPECT_NE(text(*store_->open_body("qf", last)).find(R"("leaves":40,"lost_until":42)"),
            std::string::npos);
}

TEST_F(Backup, AListOfErasuresKeptElsewhereErasesAgain) {
  back_up("monday");
  const Id16 ref = subject(3);
  ASSERT_TRUE(append(*store_, effect_on(1000, RecordEffect::kErase, ref)));
  fs::copy(erasures_file(options_.directory), at("erasures"));
  store_.reset();
  fs::remove_all(options_.directory);
  RestoreOptions how = from("monday");
  how.keys = at("monday.keys");
  how.erasures = {at("erasures")};
  ASSERT_TRUE(restore_store(how, clock_));
  expect_sound(options_.directory, true);
  open();
  EXPECT_TRUE(store_->subject("qf", ref)->erased_by);
  EXPECT_EQ(store_->open_body("qf", 3).error().code, ErrorCode::kFailedPrecondition);
  EXPECT_TRUE(store_->open_body("qf", 4));
}

TEST_F(Backup, ACheckpointKeptElsewhereShowsARollback) {
  back_up("monday");
  add(kRecords, kRecords + 3);
  head();
  fs::copy(options_.directory + "/qf.checkpoint", at("anchored"));
  store_.reset();
  fs::remove_all(options_.directory);
  RestoreOptions how = from("monday");
  how.keys = at("monday.keys");
  ASSERT_TRUE(restore_store(how, clock_));  // nothing says that there was more
  fs::remove_all(options_.directory);
  how.checkpoints = {at("anchored")};
  EXPECT_EQ(restore_store(how, clock_).error().field, "accept_loss");
  how.checkpoints = {at("monday.keys")};
  EXPECT_EQ(restore_store(how, clock_).error().field, "checkpoint");
}

TEST_F(Backup, KeysThatAreOlderThanThePersonsAreALoss) {
  const auto keys = back_up_keys(options_.directory, options_.kek, at("sunday.keys"), clock_);
  ASSERT_TRUE(keys);
  // More persons than keys were made in advance.
  for (std::uint32_t i = 0; i < kSpareKeys + 10; ++i) {
    clock_.set(kTestTime + 10'000'000 + i);
    Record one = record(2000 + i);
    one.subject = SubjectLookup{1, bytes("person " + std::to_string(i))};
    ASSERT_TRUE(append(*store_, one));
  }
  back_up("monday");
  store_.reset();
  fs::remove_all(options_.directory);
  RestoreOptions how = from("monday");
  how.keys = at("sunday.keys");
  const auto refused = restore_store(how, clock_);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("older backup of keys"), std::string::npos);
  how.accept_loss = true;
  ASSERT_TRUE(restore_store(how, clock_));
  expect_sound(options_.directory, true);
}

TEST_F(Backup, ADamagedCopyIsNotRestored) {
  back_up("monday");
  lose();
  execute_sql(at("monday") + "/log.db",
              "UPDATE leaf SET data = (SELECT data FROM leaf WHERE log = 1 AND idx = 4) WHERE log "
              "= 1 AND idx = 3");
  RestoreOptions how = from("monday");
  how.keys = at("monday.keys");
  EXPECT_EQ(restore_store(how, clock_).error().code, ErrorCode::kDataLoss);
  EXPECT_TRUE(fs::is_empty(options_.directory));
  EXPECT_FALSE(fs::exists(options_.directory + ".restoring"));
}

TEST_F(Backup, NothingIsRestoredOverAStore) {
  back_up("monday");
  store_.reset();
  RestoreOptions how = from("monday");
  how.keys = at("monday.keys");
  EXPECT_EQ(restore_store(how, clock_).error().code, ErrorCode::kAlreadyExists);
  expect_sound(options_.directory, true);
}

TEST_F(Backup, EveryChangedByteOfABackupOfKeysIsRefused) {
  back_up("monday");
  lose();
  const std::string whole = file_bytes(at("monday.keys"));
  RestoreOptions how = from("monday");
  how.keys = at("changed.keys");
  const auto write = [&](const std::string& content) {
    std::ofstream(how.keys, std::ios::binary | std::ios::trunc) << content;
    fs::permissions(how.keys, fs::perms::owner_read | fs::perms::owner_write);
  };
  for (std::size_t at = 0; at < whole.size(); at += at < 80 ? 1 : 4001) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    write(changed);
    EXPECT_FALSE(restore_store(how, clock_)) << at;
  }
  for (const std::size_t size : {std::size_t{0}, std::size_t{47}, whole.size() - 1}) {
    write(whole.substr(0, size));
    EXPECT_FALSE(restore_store(how, clock_)) << size;
  }
  write(whole);
  EXPECT_TRUE(restore_store(how, clock_));
}

TEST_F(Backup, AfterErasureAndRotationNoKeyOpensTheBodyAnywhere) {
  // One whom few records name, so that the files stay small.
  const Id16 ref = subject(3);
  const auto stored = store_->leaf("qf", 3);
  const SoughtBody sought{log_id("audit.example/qf"), request_id(3), *stored->sealed_body};
  back_up("monday");
  const auto key_then = store_->body_key("qf", 3);
  ASSERT_TRUE(append(*store_, effect_on(1000, RecordEffect::kErase, ref)));
  store_.reset();

  // Until the key-encryption key is destroyed, the backup of the keys opens and brings it back.
  RestoreOptions how = from("monday");
  how.store.directory = at("resurrected");
  how.keys = at("monday.keys");
  ASSERT_TRUE(restore_store(how, clock_));
  {
    const auto resurrected = open_sqlite_store(how.store, clock_);
    ASSERT_TRUE(resurrected);
    EXPECT_TRUE((*resurrected)->open_body("qf", 3));
  }
  fs::remove_all(how.store.directory);

  ASSERT_TRUE(replace_kek(options_, clock_));
  const auto refused = restore_store(how, clock_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().field, "keys");
  fs::remove_all(how.store.directory);
  EXPECT_EQ(file_that_opens(directory_.path(), sought), std::nullopt);
  // The search would find it, however it is written.
  const ByteView key = key_then->reveal();
  for (const std::string& leak :
       {std::string(key.begin(), key.end()), base::to_hex(key), "a" + base::to_base64(key)}) {
    std::ofstream(at("leak"), std::ios::binary | std::ios::trunc) << "xyz" << leak << "z";
    EXPECT_EQ(file_that_opens(directory_.path(), sought), at("leak"));
  }
  fs::remove(at("leak"));

  expect_sound(options_.directory, true);
  open();
  EXPECT_EQ(store_->open_body("qf", 3).error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(text(*store_->open_body("qf", 4)), "CANARYBODY of passenger 4");
}

}  // namespace
}  // namespace paxid::audit
