#include "audit/store_check.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "audit/absence.h"
#include "audit/api_log.h"
#include "audit/checkpoint.h"
#include "audit/effects.h"
#include "audit/file.h"
#include "audit/key_store.h"
#include "audit/leaf.h"
#include "audit/log_tables.h"
#include "audit/merkle.h"
#include "audit/note.h"
#include "audit/recent_subjects.h"
#include "audit/sealed_body.h"
#include "audit/sqlite.h"
#include "audit/store_files.h"
#include "audit/tile.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;
using Kind = StoreDefectKind;

constexpr std::size_t kMaxCachedKeys = 4096;
constexpr std::uint64_t kProgressStep = 1024;

struct KindText {
  Kind kind;
  std::string_view name;
  std::string_view meaning;
};
constexpr std::array kKindTexts{
    KindText{Kind::kDatabaseDamaged, "DATABASE_DAMAGED", "log.db cannot be read in a place"},
    KindText{Kind::kLogMissing, "LOG_MISSING", "a checkpoint of a log that log.db does not have"},
    KindText{Kind::kOriginWrong, "ORIGIN_WRONG", "a log is not named as its tenant's"},
    KindText{Kind::kLeafMissing, "LEAF_MISSING", "a leaf is not there"},
    KindText{Kind::kLeafUnreadable, "LEAF_UNREADABLE", "not a leaf of version 1"},
    KindText{Kind::kLeafChanged, "LEAF_CHANGED", "not the leaf that was signed"},
    KindText{Kind::kTimeBackwards, "TIME_BACKWARDS", "earlier than the leaf before"},
    KindText{Kind::kTileWrong, "TILE_WRONG", "a tile is not what its leaves hash to"},
    KindText{Kind::kCheckpointUnreadable, "CHECKPOINT_UNREADABLE",
             "not a checkpoint that the log's key has signed"},
    KindText{Kind::kCheckpointDiffers, "CHECKPOINT_DIFFERS",
             "signed, and of another history than the leaves"},
    KindText{Kind::kCheckpointMissing, "CHECKPOINT_MISSING",
             "the file of the last signed checkpoint is missing or older"},
    KindText{Kind::kLogShort, "LOG_SHORT", "the log is shorter than a signed checkpoint"},
    KindText{Kind::kBodyMissing, "BODY_MISSING", "gone, and no later leaf erases or prunes it"},
    KindText{Kind::kBodyChanged, "BODY_CHANGED", "not the body that the leaf commits to"},
    KindText{Kind::kBodyUnopenable, "BODY_UNOPENABLE", "the body does not open under its key"},
    KindText{Kind::kAnswerUnopenable, "ANSWER_UNOPENABLE",
             "the answer kept for a retry does not open"},
    KindText{Kind::kRequestUnindexed, "REQUEST_UNINDEXED",
             "the request id does not lead to its record"},
    KindText{Kind::kSubjectUnindexed, "SUBJECT_UNINDEXED",
             "the subject does not lead to its record"},
    KindText{Kind::kKeyMissing, "KEY_MISSING", "the key of one who was not erased is gone"},
    KindText{Kind::kKeyDamaged, "KEY_DAMAGED", "a key in keys.db does not open"},
    KindText{Kind::kErasureUndone, "ERASURE_UNDONE",
             "a body or the key of one who was erased is there"},
    KindText{Kind::kCosignatureWrong, "COSIGNATURE_WRONG",
             "a witness did not sign what stands beside its name"},
    KindText{Kind::kApiLogDamaged, "API_LOG_DAMAGED", "api.db cannot be read in a place"}};
static_assert(kKindTexts.size() == kAllStoreDefectKinds.size());

const KindText& text_of(Kind kind) { return *std::ranges::find(kKindTexts, kind, &KindText::kind); }

// What is found, up to a limit; and what SQLite cannot read, which ends the check of its log.
class Findings {
 public:
  Findings(StoreReport& report, std::size_t limit) : report_(report), limit_(limit) {}

  void add(Kind kind, const std::string& origin, std::uint64_t index, std::string message = {}) {
    if (report_.defects.size() >= limit_) return;
    if (message.empty()) message = text_of(kind).meaning;
    report_.defects.push_back({kind, origin, index, std::move(message)});
  }

 private:
  StoreReport& report_;
  const std::size_t limit_;
};

// A checkpoint that the log's key has signed.
struct Promise {
  Hash root{};
  bool holds = false;
};

struct Files {
  Database database;
  SqliteReadTables tables;
  std::unique_ptr<KeyStore> keys;  // null: not checked
};

// What lies beside log.db, as it was before log.db was looked at: the server writes log.db first,
// so none of it is ahead of the picture.
struct BesideLog {
  std::map<std::string, std::string> checkpoints;  // notes by tenant
  std::map<std::string, std::string> witnessed;
  std::vector<NotedErasure> erasures;
};

std::string checkpoint_file(const std::string& directory, const std::string& tenant) {
  return directory + "/" + tenant + std::string(kCheckpointExtension);
}

base::Result<BesideLog> read_beside_log(const std::string& directory) {
  BesideLog beside;
  auto checkpoints = notes_in(directory, kCheckpointExtension);
  if (!checkpoints) return tl::unexpected(checkpoints.error());
  beside.checkpoints = *std::move(checkpoints);
  auto witnessed = notes_in(directory, kWitnessedExtension);
  if (!witnessed) return tl::unexpected(witnessed.error());
  beside.witnessed = *std::move(witnessed);
  auto erasures = noted_erasures(erasures_file(directory));
  if (!erasures) return tl::unexpected(erasures.error());
  beside.erasures = *std::move(erasures);
  return beside;
}

// One log, from its first leaf to the last.
class LogCheck {
 public:
  LogCheck(Files& files, const BesideLog& beside, const LogRow& row, std::uint64_t size,
           const StoreCheckOptions& options, Findings& findings, CheckedLog& report)
      : files_(files),
        beside_(beside),
        row_(row),
        options_(options),
        findings_(findings),
        report_(report) {
    report_.tenant = row.tenant;
    report_.origin = row.origin;
    report_.size = size;
    context_ = log_id(row.origin);
  }

  base::Result<void> run(std::uint64_t done_before, std::uint64_t total) {
    check_origin();
    if (auto gathered = gather_checkpoints(); !gathered) return gathered;
    if (auto prepared = prepare(); !prepared) return prepared;
    leaves_.start(row_.id);
    for (std::uint64_t index = 0;; ++index) {
      const auto row = leaves_.next();
      if (!row) return tl::unexpected(row.error());
      if (!*row) break;
      if (auto checked = check_row(index); !checked) return checked;
      if (options_.progress && index % kProgressStep == 0) {
        options_.progress(done_before + index, total);
      }
    }
    return finish();
  }

 private:
  void found(Kind kind, std::uint64_t index, std::string message = {}) {
    findings_.add(kind, row_.origin, index, std::move(message));
  }

  void check_origin() {
    const bool is_named = options_.origin_prefix.empty()
                              ? row_.origin.ends_with("/" + row_.tenant)
                              : row_.origin == options_.origin_prefix + "/" + row_.tenant;
    if (!is_named) found(Kind::kOriginWrong, 0);
  }

  std::optional<Checkpoint> opened(std::string_view note) {
    if (!is_key_name(row_.origin)) return std::nullopt;
    const VerifierKey own = verifier_key(row_.origin, options_.public_key);
    auto checkpoint = open_checkpoint(note, {&own, 1}, row_.origin);
    if (!checkpoint) return std::nullopt;
    return *std::move(checkpoint);
  }

  // Keeps it for the moment when the tree has its size.
  void promise(const Checkpoint& checkpoint) {
    if (checkpoint.size > report_.size) {
      found(Kind::kLogShort, checkpoint.size,
            "the log has " + std::to_string(report_.size) + " leaves and is an older copy");
      return;
    }
    const auto [known, fresh] = promises_.try_emplace(checkpoint.size, Promise{checkpoint.root});
    if (!fresh && known->second.root != checkpoint.root) {
      found(Kind::kCheckpointDiffers, checkpoint.size, "two roots were signed for one size");
    }
  }

  base::Result<void> gather_checkpoints() {
    auto select =
        files_.database.prepare("SELECT size, note FROM checkpoint WHERE log = ? ORDER BY size");
    if (!select) return tl::unexpected(select.error());
    std::uint64_t newest = 0;
    select->start(row_.id);
    for (;;) {
      const auto row = select->next();
      if (!row) return tl::unexpected(row.error());
      if (!*row) break;
      const auto size = static_cast<std::uint64_t>(select->integer(0));
      const auto checkpoint = opened(select->text(1));
      newest = std::max(newest, size);
      if (!checkpoint || checkpoint->size != size) {
        found(Kind::kCheckpointUnreadable, size, "a recorded checkpoint is not what was signed");
        continue;
      }
      promise(*checkpoint);
    }
    for (const std::string& note : options_.checkpoints) {
      const auto parsed = parse_note(note);
      if (!parsed || !parsed->text.starts_with(row_.origin + "\n")) continue;
      if (const auto checkpoint = opened(note)) {
        promise(*checkpoint);
      } else {
        found(Kind::kCheckpointUnreadable, 0, "a given checkpoint is not signed by the log's key");
      }
    }
    take_witnessed();
    return take_last_signed(newest);
  }

  // One of the log's own, with the lines of witnesses.
  void take_witnessed() {
    const auto text = beside_.witnessed.find(row_.tenant);
    if (text == beside_.witnessed.end()) return;
    const auto note = parse_note(text->second);
    const auto checkpoint = opened(text->second);
    if (!note || !checkpoint) {
      found(Kind::kCheckpointUnreadable, 0, "the witnessed checkpoint is not what was signed");
      return;
    }
    promise(*checkpoint);
    if (const auto lines = cosignatures_of(*note, options_.witnesses); !lines) {
      found(Kind::kCosignatureWrong, checkpoint->size);
    } else {
      report_.witnessed_size = checkpoint->size;
    }
  }

  // The file of the last one; nothing that was recorded is newer.
  base::Result<void> take_last_signed(std::uint64_t newest_recorded) {
    const auto read_before = beside_.checkpoints.find(row_.tenant);
    std::optional<std::string> note;
    if (read_before != beside_.checkpoints.end()) note = read_before->second;
    auto checkpoint = note ? opened(*note) : std::nullopt;
    if (!note || (checkpoint && checkpoint->size < newest_recorded)) {
      // The server may have signed again before log.db was looked at.
      auto fresh = read_file(checkpoint_file(options_.directory, row_.tenant), kMaxNoteBytes);
      if (!fresh && fresh.error().code != ErrorCode::kNotFound) {
        return tl::unexpected(fresh.error());
      }
      if (fresh) {
        note = *std::move(fresh);
        checkpoint = opened(*note);
      }
    }
    if (!note) {
      if (newest_recorded > 0) found(Kind::kCheckpointMissing, newest_recorded);
      return {};
    }
    if (!checkpoint) {
      found(Kind::kCheckpointUnreadable, 0,
            "the file of the last checkpoint is not what was signed");
      return {};
    }
    if (checkpoint->size < newest_recorded) found(Kind::kCheckpointMissing, newest_recorded);
    const bool is_newer_than_the_picture =
        checkpoint->size > report_.size &&
        (read_before == beside_.checkpoints.end() || read_before->second != note);
    if (!is_newer_than_the_picture) promise(*checkpoint);
    return {};
  }

  base::Result<void> prepare() {
    // The request id stands in the leaf from byte 15 on, counted from 1, the subject from byte 31.
    auto leaves = files_.database.prepare(
        "SELECT leaf.idx, leaf.data, body.idx, body.sealed, body.response, request.idx, "
        "subject_record.idx FROM leaf "
        "LEFT JOIN body ON body.log = leaf.log AND body.idx = leaf.idx "
        "LEFT JOIN request ON request.log = leaf.log "
        "AND request.id = CAST(substr(leaf.data, 15, 16) AS BLOB) "
        "LEFT JOIN subject_record ON subject_record.log = leaf.log "
        "AND subject_record.ref = CAST(substr(leaf.data, 31, 16) AS BLOB) "
        "AND subject_record.idx = leaf.idx "
        "WHERE leaf.log = ? ORDER BY leaf.idx");
    if (!leaves) return tl::unexpected(leaves.error());
    leaves_ = *std::move(leaves);
    const auto indexed = files_.tables.indexed_below(row_.id);
    if (!indexed) return tl::unexpected(indexed.error());
    indexed_ = *indexed;
    if (!files_.keys) return {};
    auto key = files_.keys->log_key(row_.tenant);
    if (!key && key.error().code != ErrorCode::kDataLoss) return tl::unexpected(key.error());
    if (!key) {
      found(Kind::kKeyDamaged, 0, "the key of the log");
    } else if (!*key) {
      found(Kind::kKeyMissing, 0, "the key of the log");
    } else {
      log_key_id_ = (*key)->id;
      log_key_ = std::move((*key)->key);
    }
    return {};
  }

  base::Result<void> check_row(std::uint64_t& index) {
    const auto place = static_cast<std::uint64_t>(leaves_.integer(0));
    // Without the leaves of a gap nothing after it can be proved; it is looked at all the same.
    if (index < place) {
      found(Kind::kLeafMissing, index,
            place - index == 1 ? "" : "and so on, up to " + std::to_string(place - 1));
      whole_ = false;
      index = place;
    }
    const ByteView data = leaves_.blob(1);
    if (auto grown = grow(index, leaf_hash(data)); !grown) return grown;
    const auto leaf = decode_leaf(data);
    if (!leaf) {
      found(Kind::kLeafUnreadable, index, leaf.error().message);
      return {};
    }
    if (leaf->time_unix_us < report_.last_time_unix_us) found(Kind::kTimeBackwards, index);
    report_.last_time_unix_us = std::max(report_.last_time_unix_us, leaf->time_unix_us);
    absences_.see(index, *leaf);
    if (leaves_.is_null(5) || static_cast<std::uint64_t>(leaves_.integer(5)) != index) {
      found(Kind::kRequestUnindexed, index);
    }
    if (leaf->subject_ref != Id16{}) {
      const bool is_indexed = index < indexed_;
      with_subject_ += is_indexed ? 1 : 0;
      if (is_indexed && leaves_.is_null(6)) found(Kind::kSubjectUnindexed, index);
    }
    if (leaf->type == RecordType::kErasure) {
      if (auto erased = check_erasure(index, *leaf); !erased) return erased;
    }
    return check_body(index, *leaf, data);
  }

  // The tree grows by one leaf; a promise of that size should have its root.
  base::Result<void> grow(std::uint64_t index, const Hash& hash) {
    auto grown = tree_.append(
        hash, [&](TileId id, const std::vector<Hash>& hashes) { return check_tile(id, hashes); });
    if (!grown) return grown;
    const auto promised = promises_.find(index + 1);
    if (promised == promises_.end()) return {};
    promised->second.holds = whole_ && tree_.root() == promised->second.root;
    if (!promised->second.holds) return {};
    report_.signed_size = index + 1;
    ++report_.checkpoints;
    return {};
  }

  // Tiles and leaves say the same twice. Which of them is wrong, the checkpoints tell at the end.
  base::Result<void> check_tile(TileId id, const std::vector<Hash>& hashes) {
    const auto stored = files_.tables.tile(row_.id, id);
    if (stored && *stored == hashes) return {};
    if (!stored && stored.error().code != ErrorCode::kDataLoss) {
      return tl::unexpected(stored.error());
    }
    const std::uint64_t width = std::uint64_t{1} << (kTileHeight * id.level);
    const std::uint64_t first = id.index * kTileWidth * width;
    if (!stored) {
      found(Kind::kTileWrong, first, stored.error().message);
      return {};
    }
    const auto differing =
        static_cast<std::uint64_t>(std::ranges::mismatch(*stored, hashes).in1 - stored->begin());
    if (differences_.size() < options_.max_defects) {
      differences_.push_back({id.level, first + differing * width});
    }
    return {};
  }

  // A root that was signed and is not there: with later ones that hold, the leaves are right and
  // another history was signed; else a leaf was changed since the last one that holds.
  void check_promises() {
    std::optional<std::pair<std::uint64_t, std::uint64_t>> changed;  // leaves from, to
    for (const auto& [size, promise] : promises_) {
      if (promise.holds || size == 0 || !whole_) continue;
      if (size < report_.signed_size) {
        found(Kind::kCheckpointDiffers, size);
      } else if (!changed) {
        changed = {report_.signed_size, size};
      }
    }
    bool named = false;
    for (const Difference& one : differences_) {
      const bool in_changed =
          changed && one.leaf >= changed->first && one.leaf < changed->second && one.level == 0;
      if (in_changed) {
        found(Kind::kLeafChanged, one.leaf);
        named = true;
      } else if (whole_ && (!changed || one.leaf < changed->first)) {
        found(
            Kind::kTileWrong, one.leaf,
            "a tile of level " + std::to_string(one.level) + " and the leaves from here on differ");
      }
    }
    if (changed && !named) {
      found(Kind::kLeafChanged, changed->first,
            "one of the leaves from here to " + std::to_string(changed->second - 1) +
                " is not the one that was signed");
    }
  }

  base::Result<void> check_erasure(std::uint64_t index, const Leaf& leaf) {
    erased_.insert(leaf.subject_ref);
    const auto records = files_.tables.records_of_subject(
        row_.id, leaf.subject_ref, static_cast<std::uint64_t>(kMaxSubjectRecords));
    if (!records) return tl::unexpected(records.error());
    for (const std::uint64_t record : *records) {
      if (record >= index) break;
      const auto data = files_.tables.leaf(row_.id, record);
      if (!data) return tl::unexpected(data.error());
      const auto has_body = files_.tables.has_body(row_.id, record);
      if (!has_body) return tl::unexpected(has_body.error());
      if (!*data || !*has_body) continue;
      const auto erased = decode_leaf(**data);
      if (erased && erased->type != RecordType::kErasure) {
        found(Kind::kErasureUndone, record, "a body of one who was erased is there");
      }
    }
    if (!files_.keys) return {};
    const auto to_go = files_.tables.mark(row_.id, SubjectMark::kKeyToGo, leaf.subject_ref);
    if (!to_go) return tl::unexpected(to_go.error());
    const auto key = files_.keys->subject_key(row_.tenant, leaf.subject_ref);
    const bool gone = !key && key.error().code == ErrorCode::kNotFound;
    const bool unread = !key && !gone && key.error().field != kDataKeyField;
    if (unread) return tl::unexpected(key.error());
    if (!gone && !*to_go)
      found(Kind::kErasureUndone, index, "the key of one who was erased is there");
    return {};
  }

  base::Result<void> check_body(std::uint64_t index, const Leaf& leaf, ByteView data) {
    const bool has_body = (leaf.flags & kFlagHasBody) != 0;
    const bool is_there = !leaves_.is_null(3);
    if (leaves_.is_null(2) || (!has_body && is_there)) {
      found(has_body ? Kind::kBodyMissing : Kind::kBodyChanged, index,
            has_body ? "" : "a body that the leaf does not have");
      return {};
    }
    if (has_body && !is_there) {
      ++report_.bodies_gone;
      absences_.missing(index, leaf);
    }
    const bool is_changed = is_there && body_commit(leaves_.blob(3)) != leaf.body_commit;
    if (is_changed) found(Kind::kBodyChanged, index);
    if (!files_.keys || (!is_there && leaves_.is_null(4))) return {};
    const auto key = key_of(index, leaf);
    if (!key) return tl::unexpected(key.error());
    if (*key == nullptr) return {};
    if (is_there && !is_changed) {
      const auto body = open_body(record_key(**key, SealPurpose::kBody, context_, leaf.request_id),
                                  data, leaves_.blob(3));
      if (body) {
        ++report_.bodies_opened;
      } else {
        found(Kind::kBodyUnopenable, index, body.error().message);
      }
    }
    if (leaves_.is_null(4)) {
      // Both go together.
      if (is_there) found(Kind::kAnswerUnopenable, index, "the answer kept for a retry is gone");
      return {};
    }
    const auto answer =
        open_sealed(record_key(**key, SealPurpose::kResponse, context_, leaf.request_id), data,
                    leaves_.blob(4));
    // Nothing else vouches for the name of the key in front of an answer.
    const auto named = sealed_key_id(leaves_.blob(4));
    if (!answer || !named || *named != key_id_of(leaf)) {
      found(Kind::kAnswerUnopenable, index, answer ? "names another key" : answer.error().message);
    }
    return {};
  }

  static bool is_under_log_key(const Leaf& leaf) {
    return leaf.subject_ref == Id16{} || leaf.type == RecordType::kErasure;
  }
  Id16 key_id_of(const Leaf& leaf) const {
    return is_under_log_key(leaf) ? log_key_id_ : leaf.subject_ref;
  }

  // Null when there is none, which has been said then.
  base::Result<const base::SecretBytes*> key_of(std::uint64_t index, const Leaf& leaf) {
    if (is_under_log_key(leaf)) {
      return log_key_ ? &*log_key_ : nullptr;
    }
    if (const auto known = subject_keys_.find(leaf.subject_ref); known != subject_keys_.end()) {
      return &known->second;
    }
    auto key = files_.keys->subject_key(row_.tenant, leaf.subject_ref);
    if (key) {
      if (subject_keys_.size() == kMaxCachedKeys) subject_keys_.clear();
      return &subject_keys_.emplace(leaf.subject_ref, *std::move(key)).first->second;
    }
    if (key.error().field == kDataKeyField) {
      found(Kind::kKeyDamaged, index, "the key of the subject of this leaf");
      return nullptr;
    }
    if (key.error().code != ErrorCode::kNotFound) return tl::unexpected(key.error());
    keyless_.push_back(index);
    return nullptr;
  }

  base::Result<std::uint64_t> count(const std::string& from) {
    auto select = files_.database.prepare("SELECT count(*) FROM " + from);
    if (!select) return tl::unexpected(select.error());
    select->start(row_.id);
    const auto row = select->next();
    if (!row) return tl::unexpected(row.error());
    return static_cast<std::uint64_t>(select->integer(0));
  }

  // Rows that no leaf asks for: all that leaves ask for are there by now.
  base::Result<void> check_counts() {
    std::uint64_t tiles = 0;
    for (std::uint64_t full = report_.size / kTileWidth; full > 0; full /= kTileWidth) {
      tiles += full;
    }
    struct Table {
      const char* from;
      std::uint64_t rows;
      Kind kind;
    };
    for (const Table& table :
         {Table{"body WHERE log = ?", report_.size, Kind::kBodyChanged},
          Table{"request WHERE log = ?", report_.size, Kind::kRequestUnindexed},
          Table{"subject_record WHERE log = ? AND idx < (SELECT bound FROM indexed WHERE log = "
                "subject_record.log)",
                with_subject_, Kind::kSubjectUnindexed},
          Table{"tile WHERE log = ?", tiles, Kind::kTileWrong}}) {
      const auto rows = count(table.from);
      if (!rows) return tl::unexpected(rows.error());
      if (*rows > table.rows) {
        found(table.kind, report_.size, "rows that no leaf has asked for");
      }
    }
    // Each blind index, made with a leaf, leads to the subject of that leaf, and to no other.
    const auto lost = count(
        "subject_first f JOIN leaf l USING (log, idx) WHERE f.log = ? AND f.idx < (SELECT bound "
        "FROM "
        "indexed i WHERE i.log = f.log) AND NOT EXISTS (SELECT 1 FROM subject s WHERE s.log = "
        "f.log "
        "AND s.kind = f.kind AND s.blind_index = f.blind_index AND s.ref = substr(l.data, 31, "
        "16))");
    if (!lost) return tl::unexpected(lost.error());
    if (*lost > 0) {
      found(Kind::kSubjectUnindexed, report_.size, "a blind index leads to another subject");
    }
    return {};
  }

  base::Result<void> finish() {
    report_.root = tree_.root();
    check_promises();
    for (const std::uint64_t index : absences_.unexplained(options_.max_defects)) {
      found(Kind::kBodyMissing, index);
    }
    if (auto counted = check_counts(); !counted) return counted;
    if (auto noted = check_noted_erasures(); !noted) return noted;
    return check_keyless();
  }

  // Erasures that the file beside log.db knows and the log does not: it is an older copy.
  base::Result<void> check_noted_erasures() {
    for (const NotedErasure& one : beside_.erasures) {
      if (one.tenant != row_.tenant || erased_.contains(one.leaf.subject_ref)) continue;
      const auto records = files_.tables.records_of_subject(row_.id, one.leaf.subject_ref, 1);
      if (!records) return tl::unexpected(records.error());
      if (!records->empty()) {
        found(Kind::kErasureUndone, records->front(), "the log is older than an erasure");
      }
    }
    return {};
  }

  // The keys are younger than what was read of log.db: an erasure or a prune since then explains a
  // key that is gone, when it has taken the body as well.
  base::Result<void> check_keyless() {
    if (keyless_.empty()) return {};
    auto fresh = Database::open(options_.directory + "/log.db", Database::Access::kReadOnly);
    if (!fresh) return tl::unexpected(fresh.error());
    auto tables = SqliteReadTables::prepare(*fresh, std::make_shared<RecentSubjects>());
    if (!tables) return tl::unexpected(tables.error());
    for (const std::uint64_t index : keyless_) {
      const auto has_body = tables->has_body(row_.id, index);
      if (!has_body) return tl::unexpected(has_body.error());
      if (*has_body) found(Kind::kKeyMissing, index);
    }
    return {};
  }

  Files& files_;
  const BesideLog& beside_;
  const LogRow& row_;
  const StoreCheckOptions& options_;
  Findings& findings_;
  CheckedLog& report_;
  Hash context_{};
  Statement leaves_;
  GrowingTree tree_;
  Absences absences_;
  bool whole_ = true;
  std::uint64_t indexed_ = 0;  // leaves from here on are not all in the indexes of subjects
  std::uint64_t with_subject_ = 0;
  struct Difference {
    unsigned level;
    std::uint64_t leaf;
  };
  std::vector<Difference> differences_;        // of tiles from what the leaves hash to
  std::map<std::uint64_t, Promise> promises_;  // by size
  std::set<Id16> erased_;
  std::optional<base::SecretBytes> log_key_;
  Id16 log_key_id_{};
  std::map<Id16, base::SecretBytes> subject_keys_;
  std::vector<std::uint64_t> keyless_;
};

class StoreCheck {
 public:
  explicit StoreCheck(const StoreCheckOptions& options)
      : options_(options), findings_(report_, options.max_defects) {}

  base::Result<StoreReport> run() {
    auto opened = open();
    if (!opened) return tl::unexpected(opened.error());
    const auto whole = files_->database.text_of("PRAGMA quick_check(1)");
    if (!whole || *whole != "ok") {
      findings_.add(Kind::kDatabaseDamaged, "", 0,
                    whole ? "SQLite: " + *whole : whole.error().message);
    }
    const auto rows = files_->tables.logs();
    if (!rows) return tl::unexpected(rows.error());
    std::vector<std::uint64_t> sizes;
    std::uint64_t total = 0;
    for (const LogRow& row : *rows) {
      const auto size = files_->tables.size(row.id);
      if (!size) return tl::unexpected(size.error());
      sizes.push_back(*size);
      total += *size;
    }
    std::uint64_t done = 0;
    for (std::size_t i = 0; i < rows->size(); ++i) {
      CheckedLog log;
      auto checked = load_recent((*rows)[i]);
      if (checked) {
        checked = LogCheck(*files_, beside_, (*rows)[i], sizes[i], options_, findings_, log)
                      .run(done, total);
      }
      report_.logs.push_back(std::move(log));
      done += sizes[i];
      if (checked) continue;
      if (checked.error().code != ErrorCode::kDataLoss) return tl::unexpected(checked.error());
      findings_.add(Kind::kDatabaseDamaged, (*rows)[i].origin, 0, checked.error().message);
    }
    find_lost_logs();
    check_api_log();
    report_.keys_checked = files_->keys != nullptr;
    return std::move(report_);
  }

 private:
  base::Result<void> open() {
    const std::string path = options_.directory + "/log.db";
    if (!file_exists(path)) return base::fail(ErrorCode::kNotFound, path + ": missing");
    auto beside = read_beside_log(options_.directory);
    if (!beside) return tl::unexpected(beside.error());
    beside_ = *std::move(beside);
    auto database = Database::open(path, Database::Access::kReadOnly);
    if (!database) return tl::unexpected(database.error());
    // One picture of it, however long the check takes.
    if (auto begun = database->execute("PRAGMA busy_timeout=5000; PRAGMA query_only=ON; BEGIN");
        !begun) {
      return begun;
    }
    recent_ = std::make_shared<RecentSubjects>();
    auto tables = SqliteReadTables::prepare(*database, recent_);
    if (!tables) return tl::unexpected(tables.error());
    std::unique_ptr<KeyStore> keys;
    if (!options_.kek.empty()) {
      KeyStore::Options how;
      how.path = options_.directory + "/keys.db";
      how.kek = options_.kek;
      how.read_only = true;
      auto opened = KeyStore::open(how);
      if (!opened) return tl::unexpected(opened.error());
      keys = *std::move(opened);
    }
    files_.emplace(Files{*std::move(database), *std::move(tables), std::move(keys)});
    return {};
  }

  bool is_known(std::string_view tenant) const {
    return std::ranges::any_of(report_.logs,
                               [&](const CheckedLog& log) { return log.tenant == tenant; });
  }

  void find_lost_logs() {
    for (const auto* notes : {&beside_.checkpoints, &beside_.witnessed}) {
      for (const auto& [tenant, note] : *notes) {
        if (!is_known(tenant)) findings_.add(Kind::kLogMissing, tenant, 0);
      }
    }
    for (const std::string& note : options_.checkpoints) {
      const std::string origin = note.substr(0, note.find('\n'));
      const bool known = std::ranges::any_of(
          report_.logs, [&](const CheckedLog& log) { return log.origin == origin; });
      if (!known) findings_.add(Kind::kLogMissing, origin, 0);
    }
  }

  // A store whose server has never run has none.
  void check_api_log() {
    const std::string file = api_log_file(options_.directory);
    if (!file_exists(file)) return;
    if (const auto whole = ApiLog::check(file); !whole) {
      findings_.add(Kind::kApiLogDamaged, "", 0, "api.db: " + whole.error().message);
    }
  }

  const StoreCheckOptions& options_;
  StoreReport report_;
  Findings findings_;
  // What the indexes of subjects do not have yet, as the server knows it from the same leaves.
  base::Result<void> load_recent(const LogRow& row) {
    const auto indexed = files_->tables.indexed_below(row.id);
    if (!indexed) return tl::unexpected(indexed.error());
    recent_->load(row.id, *indexed);
    if (auto loaded = files_->tables.load_subjects(row.id, *indexed, *recent_); !loaded) {
      return loaded;
    }
    auto select = files_->database.prepare(
        "SELECT idx, CAST(substr(data, 31, 16) AS BLOB) FROM leaf WHERE log = ? AND idx >= ?");
    if (!select) return tl::unexpected(select.error());
    select->start(row.id, *indexed);
    for (;;) {
      const auto next = select->next();
      if (!next) return tl::unexpected(next.error());
      if (!*next) return {};
      Id16 ref;
      if (select->fixed(1, ref) && ref != Id16{}) {
        recent_->load_record(row.id, {ref, static_cast<std::uint64_t>(select->integer(0))});
      }
    }
  }

  BesideLog beside_;
  std::shared_ptr<RecentSubjects> recent_;
  std::optional<Files> files_;
};

}  // namespace

std::string_view name_of(StoreDefectKind kind) { return text_of(kind).name; }
std::string_view meaning_of(StoreDefectKind kind) { return text_of(kind).meaning; }

base::Result<StoreReport> check_store(const StoreCheckOptions& options) {
  return StoreCheck(options).run();
}

}  // namespace paxid::audit
