#include "audit/store_check.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <map>
#include <ostream>
#include <random>
#include <set>
#include <thread>

#include "audit/api_log.h"
#include "audit/cosignature.h"
#include "audit/kek.h"
#include "tests/audit/store_fixture.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;
using Kind = StoreDefectKind;
namespace fs = std::filesystem;

// A closed store with the log qf of `kLeaves` leaves, signed in between, and a small one, ba.
// Subject 3 of qf was erased.
class StoreCheck : public StoreTest {
 protected:
  static constexpr std::uint32_t kLeaves = 300;

  void SetUp() override { fill(kLeaves); }
  void fill(std::uint32_t leaves) {
    open();
    std::vector<std::future<base::Result<Receipt>>> waiting;
    for (std::uint32_t i = 0; i + 1 < leaves; ++i) {
      waiting.push_back(append_async(*store_, record(i)));
      if (i % 100 != 9) continue;
      for (auto& future : waiting) ASSERT_TRUE(future.get());
      waiting.clear();
      head();
    }
    for (auto& future : waiting) ASSERT_TRUE(future.get());
    Record erasure;
    erasure.tenant = "qf";
    erasure.request_id = request_id(70'000);
    erasure.type = RecordType::kErasure;
    erasure.effect = RecordEffect::kErase;
    erasure.subject_ref = **store_->subject_of("qf", *record(3).subject);
    erasure.body = bytes("why");
    ASSERT_TRUE(append(*store_, erasure));
    ASSERT_TRUE(append(*store_, record(60'000, "ba")));
    store_.reset();
  }
  StoreCheckOptions how(bool with_keys = true) {
    StoreCheckOptions how;
    how.directory = options_.directory;
    how.origin_prefix = options_.origin_prefix;
    how.public_key =
        public_key_ ? *public_key_ : SigningKey::load(options_.signing_key_file)->public_key();
    public_key_ = how.public_key;
    if (with_keys) how.kek = options_.kek;
    return how;
  }
  std::vector<StoreDefect> defects(bool with_keys = true) {
    const auto report = check_store(how(with_keys));
    EXPECT_TRUE(report) << report.error().message;
    return report ? report->defects : std::vector<StoreDefect>{};
  }
  std::optional<PublicKey> public_key_;
};

TEST_F(StoreCheck, ASoundStoreIsSound) {
  for (const bool with_keys : {true, false}) {
    const auto report = check_store(how(with_keys));
    ASSERT_TRUE(report) << report.error().message;
    for (const StoreDefect& defect : report->defects) {
      ADD_FAILURE() << name_of(defect.kind) << " " << defect.index << " " << defect.message;
    }
    ASSERT_EQ(report->logs.size(), 2u);
    const CheckedLog& qf = report->logs[1];
    EXPECT_EQ(qf.tenant, "qf");
    EXPECT_EQ(qf.size, kLeaves);
    EXPECT_EQ(qf.signed_size, kLeaves);
    EXPECT_EQ(qf.checkpoints, 4u);
    EXPECT_EQ(qf.bodies_gone, 43u);  // 3, 10, …, 297
    EXPECT_EQ(qf.bodies_opened, with_keys ? kLeaves - 43 : 0);
    EXPECT_EQ(report->keys_checked, with_keys);
  }
}

TEST_F(StoreCheck, RunsBesideTheServerThatWrites) {
  // It signs all the time, erases, and begins logs.
  options_.checkpoint_interval = std::chrono::milliseconds(1);
  open();
  std::atomic<bool> enough = false;
  std::thread writer([&] {
    for (std::uint32_t i = 0; !enough; ++i) {
      Record one = record(100'000 + i, i % 50 == 7 ? "t" + std::to_string(i) : "qf");
      one.subject = SubjectLookup{1, bytes("person " + std::to_string(i))};
      EXPECT_TRUE(append(*store_, one));
      if (i % 5 != 0) continue;
      Record erasure;
      erasure.tenant = "qf";
      erasure.request_id = request_id(800'000 + i);
      erasure.type = RecordType::kErasure;
      erasure.effect = RecordEffect::kErase;
      erasure.subject_ref = **store_->subject_of("qf", *one.subject);
      EXPECT_TRUE(append(*store_, erasure));
    }
  });
  for (int i = 0; i < 40; ++i) {
    for (const StoreDefect& defect : defects()) {
      ADD_FAILURE() << name_of(defect.kind) << " " << defect.origin << " " << defect.index << " "
                    << defect.message;
    }
  }
  enough = true;
  writer.join();
  EXPECT_TRUE(defects().empty());
}

TEST_F(StoreCheck, ExitCodesAreDistinctAndNamed) {
  std::set<int> numbers;
  std::set<std::string_view> names;
  for (const Kind kind : kAllStoreDefectKinds) {
    EXPECT_GE(static_cast<int>(kind), 10);
    EXPECT_LT(static_cast<int>(kind), 126);  // those above mean something to shells
    numbers.insert(static_cast<int>(kind));
    names.insert(name_of(kind));
    EXPECT_FALSE(meaning_of(kind).empty());
  }
  EXPECT_EQ(numbers.size(), kAllStoreDefectKinds.size());
  EXPECT_EQ(names.size(), kAllStoreDefectKinds.size());
}

struct Change {
  const char* name;
  const char* file;
  const char* sql;
  Kind kind;
  std::uint64_t index;
  friend void PrintTo(const Change& self, std::ostream* out) { *out << self.name; }
};
// The order of keys is random.
constexpr std::uint64_t kSomewhere = ~std::uint64_t{0};

class ChangedStore : public StoreCheck, public testing::WithParamInterface<Change> {};

TEST_P(ChangedStore, IsNamed) {
  execute_sql(options_.directory + "/" + GetParam().file, GetParam().sql);
  const auto found = defects();
  ASSERT_FALSE(found.empty());
  EXPECT_TRUE(std::ranges::any_of(found,
                                  [](const StoreDefect& defect) {
                                    return defect.kind == GetParam().kind &&
                                           (GetParam().index == kSomewhere ||
                                            defect.index == GetParam().index);
                                  }))
      << name_of(found.front().kind) << " " << found.front().index << " " << found.front().message;
}

// Log 1 is qf, log 2 is ba.
INSTANTIATE_TEST_SUITE_P(
    Store, ChangedStore,
    testing::Values(
        Change{"Leaf", "log.db",
               "UPDATE leaf SET data = (SELECT data FROM leaf WHERE idx = 4) WHERE idx = 5",
               Kind::kLeafChanged, 5},
        Change{"LeafOutsideATile", "log.db",
               "UPDATE leaf SET data = (SELECT data FROM leaf WHERE idx = 4) WHERE idx = 298",
               Kind::kLeafChanged, 210},
        Change{"LeafUnreadable", "log.db", "UPDATE leaf SET data = x'00' WHERE idx = 7",
               Kind::kLeafUnreadable, 7},
        Change{"LeafRemoved", "log.db", "DELETE FROM leaf WHERE idx = 100", Kind::kLeafMissing,
               100},
        Change{"FirstLeafRemoved", "log.db", "DELETE FROM leaf WHERE log = 1 AND idx = 0",
               Kind::kLeafMissing, 0},
        Change{"TailRemoved", "log.db", "DELETE FROM leaf WHERE idx >= 299", Kind::kLogShort, 300},
        Change{"Time", "log.db",
               "UPDATE leaf SET data = CAST(substr(data, 1, 6) || x'0000000000000001' || "
               "substr(data, 15) AS BLOB) WHERE idx = 250",
               Kind::kTimeBackwards, 250},
        Change{"Tile", "log.db",
               "UPDATE tile SET hashes = CAST(substr(hashes, 1, 320) || zeroblob(32) || "
               "substr(hashes, 353) AS BLOB)",
               Kind::kTileWrong, 10},
        Change{"TileRemoved", "log.db", "DELETE FROM tile", Kind::kTileWrong, 0},
        Change{"TileTooMany", "log.db", "INSERT INTO tile VALUES (1, 0, 9, x'00')",
               Kind::kTileWrong, 300},
        Change{"BodyRemoved", "log.db", "UPDATE body SET sealed = NULL WHERE idx = 5",
               Kind::kBodyMissing, 5},
        Change{"BodyRowRemoved", "log.db", "DELETE FROM body WHERE idx = 5", Kind::kBodyMissing, 5},
        Change{"BodyOfAnother", "log.db",
               "UPDATE body SET sealed = (SELECT sealed FROM body WHERE idx = 4) WHERE idx = 5",
               Kind::kBodyChanged, 5},
        Change{"BodyOfTheErased", "log.db",
               "UPDATE body SET sealed = (SELECT sealed FROM body WHERE idx = 4) WHERE idx = 3",
               Kind::kErasureUndone, 3},
        Change{"Answer", "log.db", "UPDATE body SET response = zeroblob(100) WHERE idx = 5",
               Kind::kAnswerUnopenable, 5},
        Change{"Request", "log.db", "DELETE FROM request WHERE idx = 5", Kind::kRequestUnindexed,
               5},
        Change{"RequestOfAnother", "log.db", "UPDATE request SET idx = 6 WHERE idx = 5",
               Kind::kRequestUnindexed, 5},
        Change{"RequestTooMany", "log.db",
               "INSERT INTO request VALUES (1, zeroblob(16), 5, zeroblob(32))",
               Kind::kRequestUnindexed, 300},
        Change{"Origin", "log.db", "UPDATE log SET tenant = 'qg' WHERE tenant = 'qf'",
               Kind::kOriginWrong, 0},
        Change{"LogRemoved", "log.db", "DELETE FROM log WHERE tenant = 'ba'", Kind::kLogMissing, 0},
        Change{"RecordedCheckpoint", "log.db",
               "UPDATE checkpoint SET note = replace(note, 'qf', 'qg') WHERE size = 110",
               Kind::kCheckpointUnreadable, 110},
        Change{"CheckpointSize", "log.db", "UPDATE checkpoint SET size = 111 WHERE size = 110",
               Kind::kCheckpointUnreadable, 111},
        Change{"KeyRemoved", "keys.db",
               "DELETE FROM data_key WHERE id = (SELECT min(id) FROM data_key WHERE kind = 1 AND "
               "tenant = 'qf')",
               Kind::kKeyMissing, kSomewhere},
        Change{"KeyDamaged", "keys.db",
               "UPDATE data_key SET wrapped = zeroblob(60) WHERE id = (SELECT min(id) FROM "
               "data_key WHERE kind = 1 AND tenant = 'qf')",
               Kind::kKeyDamaged, kSomewhere},
        Change{"LogKeyRemoved", "keys.db", "DELETE FROM data_key WHERE kind = 2 AND tenant = 'qf'",
               Kind::kKeyMissing, 0}),
    [](const auto& test) { return std::string(test.param.name); });

TEST_F(StoreCheck, CheckpointFiles) {
  const std::string path = options_.directory + "/qf.checkpoint";
  const std::string note = file_bytes(path);
  const auto first = [&] {
    const auto found = defects();
    return found.empty() ? std::string_view("none") : name_of(found.front().kind);
  };
  fs::remove(path);
  EXPECT_EQ(first(), "CHECKPOINT_MISSING");
  std::ofstream(path) << note.substr(0, note.size() / 2);
  EXPECT_EQ(first(), "CHECKPOINT_UNREADABLE");
  std::ofstream(path) << file_bytes(options_.directory + "/ba.checkpoint");
  EXPECT_EQ(first(), "CHECKPOINT_UNREADABLE");
  std::ofstream(path) << note;
  EXPECT_EQ(first(), "none");
  std::ofstream(options_.directory + "/zz.checkpoint") << note;
  EXPECT_EQ(first(), "LOG_MISSING");
}

TEST_F(StoreCheck, CheckpointsFromElsewhere) {
  const std::string older = file_bytes(options_.directory + "/qf.checkpoint");
  StoreCheckOptions options = how();
  options.checkpoints = {older};
  EXPECT_TRUE(check_store(options)->defects.empty());
  // Signed by the same key, of another history.
  const auto key = SigningKey::load(options_.signing_key_file);
  options.checkpoints = {*sign_checkpoint({"audit.example/qf", 120, filled_hash(0x55), {}}, *key)};
  ASSERT_EQ(check_store(options)->defects.size(), 1u);
  EXPECT_EQ(check_store(options)->defects[0].kind, Kind::kCheckpointDiffers);
  EXPECT_EQ(check_store(options)->defects[0].index, 120u);
  options.checkpoints = {*sign_checkpoint({"audit.example/qf", 301, filled_hash(0x55), {}}, *key)};
  EXPECT_EQ(check_store(options)->defects.at(0).kind, Kind::kLogShort);
  options.checkpoints = {*sign_checkpoint({"audit.example/zz", 1, filled_hash(0x55), {}}, *key)};
  EXPECT_EQ(check_store(options)->defects.at(0).kind, Kind::kLogMissing);
  options.checkpoints = {
      *sign_checkpoint({"audit.example/qf", 120, filled_hash(0x55), {}}, *SigningKey::generate())};
  EXPECT_EQ(check_store(options)->defects.at(0).kind, Kind::kCheckpointUnreadable);
}

TEST_F(StoreCheck, WitnessedCheckpoints) {
  const auto first = [&](const StoreCheckOptions& options) {
    const auto report = check_store(options);
    EXPECT_TRUE(report) << report.error().message;
    return report->defects.empty() ? std::string_view("none")
                                   : name_of(report->defects.front().kind);
  };
  const std::string path = options_.directory + "/qf.witnessed";
  const auto write = [&](const Note& note) {
    std::ofstream(path, std::ios::trunc) << to_text(note);
  };
  const SigningKey witness = *SigningKey::generate();
  const Note own = *parse_note(file_bytes(options_.directory + "/qf.checkpoint"));
  Note note = own;
  note.signatures.push_back(*cosign(own.text, "w.example", witness, 1763800000));
  write(note);
  StoreCheckOptions options = how();
  options.witnesses = {witness_key("w.example", witness.public_key())};
  EXPECT_EQ(first(options), "none");
  EXPECT_EQ(check_store(options)->logs[1].witnessed_size, kLeaves);
  EXPECT_EQ(check_store(options)->logs[0].witnessed_size, 0u);

  // A byte of the witness's signature.
  note.signatures[1].signature[30] ^= 1;
  write(note);
  EXPECT_EQ(first(options), "COSIGNATURE_WRONG");
  // Who does not know the witness cannot tell.
  EXPECT_EQ(first(how()), "none");
  // What the witness signed, and the log did not.
  note = own;
  note.signatures = {*cosign(own.text, "w.example", witness, 1763800000)};
  write(note);
  EXPECT_EQ(first(options), "CHECKPOINT_UNREADABLE");
  // Another history.
  const auto key = SigningKey::load(options_.signing_key_file);
  std::ofstream(path, std::ios::trunc)
      << *sign_checkpoint({"audit.example/qf", 120, filled_hash(0x55), {}}, *key);
  EXPECT_EQ(first(options), "CHECKPOINT_DIFFERS");
  write(own);
  EXPECT_EQ(first(options), "none");
  fs::rename(path, options_.directory + "/zz.witnessed");
  EXPECT_EQ(first(options), "LOG_MISSING");
}

TEST_F(StoreCheck, ADamagedApiLogIsNamed) {
  const std::string path = options_.directory + "/api.db";
  {
    const auto log = ApiLog::open(path, clock_);
    ASSERT_TRUE(log) << log.error().message;
    for (int i = 0; i < 500; ++i)
      (*log)->append("qf", ApiEntry{0, "SYD", "gate", {}, "compared"}, [](auto) {});
  }
  EXPECT_TRUE(defects().empty());
  const std::string whole = file_bytes(path);
  execute_sql(path,
              "PRAGMA ignore_check_constraints=ON; UPDATE entry SET actor = x'00' WHERE id = 7");
  ASSERT_EQ(defects().size(), 1u);
  EXPECT_EQ(defects()[0].kind, Kind::kApiLogDamaged);
  std::string changed = whole;
  changed.replace(changed.size() / 2, 100, 100, '\xA5');
  std::ofstream(path, std::ios::binary | std::ios::trunc) << changed;
  EXPECT_EQ(defects().at(0).kind, Kind::kApiLogDamaged);
  std::ofstream(path, std::ios::binary | std::ios::trunc) << "no database";
  EXPECT_EQ(defects().at(0).kind, Kind::kApiLogDamaged);
  fs::copy_file(log_db(), path, fs::copy_options::overwrite_existing);
  EXPECT_EQ(defects().at(0).kind, Kind::kApiLogDamaged);
  std::ofstream(path, std::ios::binary | std::ios::trunc) << whole;
  EXPECT_TRUE(defects().empty());
}

TEST_F(StoreCheck, ADatabaseThatCannotBeReadIsNamed) {
  // The middle of the file, page after page.
  std::fstream file(log_db(), std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(static_cast<std::streamoff>(fs::file_size(log_db()) / 2));
  file << std::string(3 * 4096, '\xA5');
  file.close();
  const auto found = defects();
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found.front().kind, Kind::kDatabaseDamaged);
}

TEST_F(StoreCheck, WithoutWhatItNeedsNothingIsSaid) {
  StoreCheckOptions options = how();
  options.kek = directory_.path() + "/other";
  ASSERT_TRUE(create_kek(options.kek));
  EXPECT_EQ(check_store(options).error().code, ErrorCode::kFailedPrecondition);
  options.directory = directory_.path() + "/none";
  EXPECT_EQ(check_store(options).error().code, ErrorCode::kNotFound);
}

// Random changes of what the tree, a checkpoint or a key commits to. What nothing commits to is
// left out: the digest of a request, blind indexes, marks and deadlines, and whether a checkpoint
// of the past is still recorded.
struct Column {
  const char* file;
  const char* table;
  const char* column;
  std::vector<Kind> kinds;  // one of which must be named
  bool rows_are_committed;  // removing one is a change as well
};

struct Cell {
  std::string place;  // a condition that finds the row
  int type = SQLITE_NULL;
  Bytes value;
};

class Tampering : public StoreCheck {
 protected:
  void SetUp() override {}

  // One column of every row, before anything is changed.
  std::vector<Cell> cells_of(const Column& column) {
    std::vector<Cell> cells;
    sqlite3* database = nullptr;
    EXPECT_EQ(sqlite3_open(pristine(column.file).c_str(), &database), SQLITE_OK);
    const std::string table = column.table;
    const std::string key = table == "log"        ? "'id=' || id"
                            : table == "request"  ? "'log=' || log || ' AND id=' || quote(id)"
                            : table == "data_key" ? "'id=' || quote(id)"
                            : table == "subject"
                                ? "'log=' || log || ' AND blind_index=' || quote(blind_index)"
                            : table == "subject_record" ? "'log=' || log || ' AND idx=' || idx"
                            : table == "tile"           ? "'log=' || log || ' AND level=' || level"
                            : table == "checkpoint"     ? "'log=' || log || ' AND size=' || size"
                                                        : "'log=' || log || ' AND idx=' || idx";
    const std::string sql = "SELECT " + key + ", " + std::string(column.column) + " FROM " + table;
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr), SQLITE_OK) << sql;
    while (sqlite3_step(statement) == SQLITE_ROW) {
      Cell cell;
      cell.place = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
      cell.type = sqlite3_column_type(statement, 1);
      const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement, 1));
      cell.value.assign(data, data + sqlite3_column_bytes(statement, 1));
      if (cell.type != SQLITE_NULL) cells.push_back(std::move(cell));
    }
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return cells;
  }
  std::string pristine(const std::string& file) const { return directory_.path() + "/" + file; }
  std::string used(const std::string& file) const { return options_.directory + "/" + file; }

  std::size_t below(std::size_t bound) { return random_() % bound; }

  // A literal that is not the cell's value: a bit flipped, the end cut off, the value of another
  // row, or zeros.
  std::optional<std::string> another_value(const Cell& cell, const std::vector<Cell>& cells) {
    if (cell.type == SQLITE_INTEGER) {
      const std::string text(cell.value.begin(), cell.value.end());
      return std::to_string(std::stoll(text) + 1 + static_cast<long long>(below(3)));
    }
    Bytes value = cell.value;
    if (value.empty()) value.push_back('a');
    switch (below(6)) {
      case 0:
        value.pop_back();
        break;
      case 1:
        value = cells[below(cells.size())].value;
        break;
      case 2:
        std::ranges::fill(value, cell.type == SQLITE_TEXT ? 'a' : 0);
        break;
      default:
        value[below(value.size())] ^= static_cast<std::uint8_t>(1u << below(7));
    }
    if (value == cell.value) return std::nullopt;
    const std::string literal = "x'" + base::to_hex(value) + "'";
    return cell.type == SQLITE_TEXT ? "CAST(" + literal + " AS TEXT)" : literal;
  }

  bool change(const std::string& path, const std::string& sql) {
    sqlite3* database = nullptr;
    EXPECT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
    sqlite3_exec(database, "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF", nullptr, nullptr,
                 nullptr);
    // A constraint may forbid it: then it was no change.
    const bool done = sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK &&
                      sqlite3_changes(database) > 0;
    sqlite3_close(database);
    return done;
  }

  // What is said about the changed store; the check may also refuse to say anything.
  void expect_named(const std::vector<Kind>& kinds, const std::string& what) {
    const auto report = check_store(how());
    if (!report) {
      EXPECT_FALSE(report.error().message.empty());
      ++refused_;
      return;
    }
    ASSERT_FALSE(report->defects.empty()) << what;
    const bool named = std::ranges::any_of(report->defects, [&](const StoreDefect& defect) {
      return std::ranges::find(kinds, defect.kind) != kinds.end();
    });
    ASSERT_TRUE(named) << name_of(report->defects.front().kind) << ": " << what;
  }

  void prepare(std::uint32_t leaves) {
    fill(leaves);
    for (const char* file : {"log.db", "keys.db"}) {
      // One file, so that a copy is whole.
      ASSERT_FALSE(change(used(file), "PRAGMA journal_mode=DELETE"));
      fs::copy_file(used(file), pristine(file));
    }
  }

  void attack(const std::vector<Column>& columns, int changes) {
    std::vector<std::vector<Cell>> cells;
    for (const Column& column : columns) cells.push_back(cells_of(column));
    for (int done = 0; done < changes;) {
      const std::size_t which = below(columns.size());
      const Column& column = columns[which];
      ASSERT_FALSE(cells[which].empty()) << column.column;
      const Cell& cell = cells[which][below(cells[which].size())];
      const auto value = another_value(cell, cells[which]);
      if (!value) continue;
      const std::string table = column.table;
      const bool removes = column.rows_are_committed && below(10) == 0;
      const std::string sql = removes ? "DELETE FROM " + table + " WHERE " + cell.place
                                      : "UPDATE " + table + " SET " + std::string(column.column) +
                                            " = " + *value + " WHERE " + cell.place;
      if (change(used(column.file), sql)) {
        ++done;
        ASSERT_NO_FATAL_FAILURE(expect_named(column.kinds, sql.substr(0, 300)));
      }
      fs::copy_file(pristine(column.file), used(column.file), fs::copy_options::overwrite_existing);
    }
    EXPECT_TRUE(defects().empty());
  }

  // Of the files of checkpoints.
  void attack_checkpoints(int changes) {
    for (int done = 0; done < changes; ++done) {
      const std::string path = used(below(2) == 0 ? "qf.checkpoint" : "ba.checkpoint");
      const std::string note = file_bytes(path);
      std::string changed = note;
      if (below(8) == 0) {
        changed.resize(below(note.size()));
      } else {
        char& byte = changed[below(note.size())];
        byte = static_cast<char>(byte ^ (1 << below(7)));
      }
      std::ofstream(path, std::ios::binary | std::ios::trunc) << changed;
      ASSERT_NO_FATAL_FAILURE(
          expect_named({Kind::kCheckpointUnreadable}, "checkpoint " + std::to_string(done)));
      std::ofstream(path, std::ios::binary | std::ios::trunc) << note;
    }
  }

  std::mt19937 random_{20261122};
  int refused_ = 0;
};

// Of 10,000.
constexpr int kOfSmallLog = 8570;
constexpr int kOfTiles = 400;
constexpr int kOfIndexes = 30;
constexpr int kOfCheckpoints = 1000;

TEST_F(Tampering, EveryChangeOfCommittedContentIsNamed) {
  prepare(14);
  const std::vector<Kind> leaf = {Kind::kLeafChanged, Kind::kLeafUnreadable, Kind::kLeafMissing,
                                  Kind::kLogShort};
  const std::vector<Kind> key = {Kind::kKeyMissing, Kind::kKeyDamaged};
  const std::vector<Kind> origin = {Kind::kOriginWrong, Kind::kLogMissing};
  attack({{"log.db", "leaf", "data", leaf, true},
          {"log.db", "body", "sealed", {Kind::kBodyChanged, Kind::kBodyMissing}, true},
          {"log.db", "body", "response", {Kind::kAnswerUnopenable}, false},
          {"log.db", "request", "id", {Kind::kRequestUnindexed}, true},
          {"log.db", "request", "idx", {Kind::kRequestUnindexed}, true},
          {"log.db", "checkpoint", "note", {Kind::kCheckpointUnreadable}, false},
          {"log.db", "checkpoint", "size", {Kind::kCheckpointUnreadable}, false},
          {"log.db", "log", "tenant", origin, true},
          {"log.db", "log", "origin", origin, true},
          {"keys.db", "data_key", "wrapped", key, true},
          {"keys.db", "data_key", "tenant", key, false},
          {"keys.db", "data_key", "kek_epoch", key, false}},
         kOfSmallLog);
  // Nothing is said without the master secret, one row of nine.
  EXPECT_LT(refused_, kOfSmallLog / 10);
  attack_checkpoints(kOfCheckpoints);
}

// The indexes of subjects are written behind the log, many entries at once.
TEST_F(Tampering, EveryChangeOfAnIndexOfSubjectsIsNamed) {
  constexpr std::uint32_t kIndexed = 4'096;
  prepare(2 * kIndexed);
  const std::vector<Kind> unindexed = {Kind::kSubjectUnindexed};
  ASSERT_GE(cells_of({"log.db", "subject_record", "idx", {}, true}).size(), kIndexed);
  attack({{"log.db", "subject", "ref", unindexed, true},
          {"log.db", "subject", "blind_index", unindexed, true},
          {"log.db", "subject_record", "ref", unindexed, true},
          {"log.db", "subject_record", "idx", unindexed, true}},
         kOfIndexes);
  for (const char* sql : {"INSERT INTO subject_record VALUES (1, zeroblob(16), 5)",
                          // The index claims to be ahead of what is in it.
                          "UPDATE indexed SET bound = 8000 WHERE log = 1"}) {
    ASSERT_TRUE(change(used("log.db"), sql)) << sql;
    ASSERT_NO_FATAL_FAILURE(expect_named(unindexed, sql));
    fs::copy_file(pristine("log.db"), used("log.db"), fs::copy_options::overwrite_existing);
  }
}

TEST_F(Tampering, EveryChangeOfATileIsNamed) {
  prepare(258);
  attack({{"log.db", "tile", "hashes", {Kind::kTileWrong}, true}}, kOfTiles);
}

}  // namespace
}  // namespace paxid::audit
