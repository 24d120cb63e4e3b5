#include "audit/backup.h"

#include <algorithm>
#include <filesystem>
#include <future>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <system_error>

#include "audit/api_log.h"
#include "audit/checkpoint.h"
#include "audit/crypto.h"
#include "audit/effects.h"
#include "audit/file.h"
#include "audit/kek.h"
#include "audit/key_store.h"
#include "audit/log_tables.h"
#include "audit/note.h"
#include "audit/signer.h"
#include "audit/sqlite.h"
#include "audit/store_files.h"
#include "base/base64.h"
#include "base/hex.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;
namespace fs = std::filesystem;

constexpr std::string_view kKeysMagic = "PXK1";
constexpr std::size_t kSaltBytes = 32;
constexpr std::size_t kKeysHeaderBytes = 4 + 4 + 8 + kSaltBytes;
constexpr std::size_t kKeysChunkBytes = 1 << 20;
constexpr std::size_t kMaxKeysBytes = std::size_t{4} << 30;

std::string beside(const std::string& directory, std::string_view name) {
  return directory + "/" + std::string(name);
}

void append_number(Bytes& out, std::uint64_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    out.push_back(static_cast<std::uint8_t>(value >> shift));
  }
}

std::uint64_t number_of(ByteView bytes) {
  std::uint64_t value = 0;
  for (const std::uint8_t byte : bytes) value = value << 8 | byte;
  return value;
}

// The number of the chunk, and whether it is the last: none can be left out, moved or cut off.
Bytes chunk_nonce(std::uint64_t number, bool is_last) {
  Bytes nonce(3);
  append_number(nonce, number, 8);
  nonce.push_back(is_last ? 1 : 0);
  return nonce;
}

base::SecretBytes keys_file_key(const base::SecretBytes& kek, ByteView header) {
  return derive_key(kek, {bytes_of("paxid/keys-backup/v1"), header});
}

// Everything below a directory that was made here, unless it is kept.
class Unfinished {
 public:
  explicit Unfinished(std::string path) : path_(std::move(path)) {}
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;
  ~Unfinished() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }
  // The finished directory takes the place of an empty one.
  base::Result<void> rename_to(const std::string& target) {
    if (auto renamed = rename_file(path_, target); !renamed) {
      // It may have the name and not keep it: then it is as unfinished as before.
      std::error_code ignored;
      if (!fs::exists(path_, ignored)) fs::rename(target, path_, ignored);
      return renamed;
    }
    path_.clear();
    return {};
  }

 private:
  std::string path_;
};

using Notes = std::map<std::string, std::string>;  // by tenant

base::Result<void> write_notes(const std::string& directory, const Notes& notes,
                               std::string_view extension) {
  for (const auto& [tenant, note] : notes) {
    const std::string path = beside(directory, tenant) + std::string(extension);
    if (auto written = create_private_file(path, bytes_of(note)); !written) return written;
  }
  return {};
}

// One file, which a medium that cannot be written to may hold; at one moment, also while another
// process writes on.
base::Result<Database> copy_database(const std::string& from, const std::string& to,
                                     const Progress& progress) {
  auto source = Database::open(from, Database::Access::kReadOnly);
  if (!source) return tl::unexpected(source.error());
  auto copy = Database::open(to, Database::Access::kReadWrite);
  if (!copy) return tl::unexpected(copy.error());
  if (auto waits = source->execute("PRAGMA busy_timeout=5000"); !waits) {
    return tl::unexpected(waits.error());
  }
  if (auto copied = source->copy_to(*copy, progress); !copied) {
    return tl::unexpected(copied.error());
  }
  if (auto set = copy->execute("PRAGMA journal_mode=DELETE"); !set) {
    return tl::unexpected(set.error());
  }
  return copy;
}

std::uint64_t size_of_note(std::string_view note) {
  const auto parsed = parse_note(note);
  const auto checkpoint =
      parsed ? parse_checkpoint(parsed->text) : base::fail(ErrorCode::kInvalidArgument, "no note");
  return checkpoint ? checkpoint->size : 0;
}

// The newer of the file that was read before the copy and the last one recorded in it: neither
// covers more than the copy holds, and one of them is what the copy is held to.
base::Result<void> write_checkpoints(const std::string& target, Database& copy, Notes notes) {
  auto select = copy.prepare(
      "SELECT tenant, note FROM log JOIN checkpoint c ON c.log = log.id "
      "WHERE size = (SELECT max(size) FROM checkpoint WHERE log = log.id)");
  if (!select) return tl::unexpected(select.error());
  for (;;) {
    const auto row = select->next();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    std::string& note = notes[std::string(select->text(0))];
    if (size_of_note(select->text(1)) >= size_of_note(note)) note = select->text(1);
  }
  return write_notes(target, notes, kCheckpointExtension);
}

base::Result<Bytes> seal_keys(const base::SecretBytes& kek, std::uint32_t epoch,
                              std::uint64_t time_unix_us, ByteView image) {
  Bytes file(kKeysMagic.begin(), kKeysMagic.end());
  append_number(file, epoch, 4);
  append_number(file, time_unix_us, 8);
  file.resize(kKeysHeaderBytes);
  if (auto filled = fill_random(std::span(file).last(kSaltBytes)); !filled) {
    return tl::unexpected(filled.error());
  }
  const Bytes header = file;
  const base::SecretBytes key = keys_file_key(kek, header);
  for (std::uint64_t number = 0;; ++number) {
    const std::size_t size = std::min(image.size(), kKeysChunkBytes);
    const bool is_last = size == image.size();
    const Bytes sealed =
        aes256_gcm_seal(key, chunk_nonce(number, is_last), header, image.first(size));
    file.insert(file.end(), sealed.begin(), sealed.end());
    if (is_last) return file;
    image = image.subspan(size);
  }
}

struct OpenedKeys {
  std::uint64_t time_unix_us = 0;
  Bytes image;
};
base::Result<OpenedKeys> open_keys(const base::SecretBytes& kek, ByteView file) {
  if (file.size() < kKeysHeaderBytes + kTagBytes ||
      !std::ranges::equal(file.first(kKeysMagic.size()), bytes_of(kKeysMagic))) {
    return base::fail(ErrorCode::kInvalidArgument, "not a backup of keys", "keys");
  }
  const ByteView header = file.first(kKeysHeaderBytes);
  const base::SecretBytes key = keys_file_key(kek, header);
  OpenedKeys keys{number_of(header.subspan(8, 8)), {}};
  ByteView rest = file.subspan(kKeysHeaderBytes);
  for (std::uint64_t number = 0; !rest.empty(); ++number) {
    const std::size_t size = std::min(rest.size(), kKeysChunkBytes + kTagBytes);
    const bool is_last = size == rest.size();
    const auto chunk = aes256_gcm_open(key, chunk_nonce(number, is_last), header, rest.first(size));
    if (!chunk) {
      return base::fail(ErrorCode::kFailedPrecondition,
                        "the backup of keys is damaged, or of another epoch than the "
                        "key-encryption key",
                        "keys");
    }
    keys.image.insert(keys.image.end(), chunk->begin(), chunk->end());
    rest = rest.subspan(size);
  }
  return keys;
}

// What the copy is compared with.
struct Known {
  std::vector<std::string> notes;
  std::map<std::string, Checkpoint> newest;  // by origin
};

class Restore {
 public:
  Restore(const RestoreOptions& options, const base::Clock& clock)
      : options_(options), clock_(clock), work_(options.store.directory + ".restoring") {}

  base::Result<RestoreReport> run() {
    if (auto made = make_empty_directory(options_.store.directory); !made) {
      return tl::unexpected(made.error());
    }
    std::error_code ignored;
    fs::remove_all(work_.path(), ignored);
    if (auto made = make_empty_directory(work_.path()); !made) return tl::unexpected(made.error());
    auto key = SigningKey::load(options_.store.signing_key_file);
    if (!key) return tl::unexpected(key.error());
    public_key_ = key->public_key();
    for (const auto step :
         {&Restore::take_checkpoints, &Restore::copy_log, &Restore::merge_erasures,
          &Restore::copy_keys, &Restore::check, &Restore::compare, &Restore::copy_witnessed,
          &Restore::copy_api_log, &Restore::open_and_record}) {
      if (auto done = (this->*step)(); !done) return tl::unexpected(done.error());
    }
    if (auto renamed = work_.rename_to(options_.store.directory); !renamed) {
      return tl::unexpected(renamed.error());
    }
    return std::move(report_);
  }

 private:
  base::Result<void> take_checkpoints() {
    for (const std::string& file : options_.checkpoints) {
      auto note = read_file(file, kMaxNoteBytes);
      if (!note) return tl::unexpected(note.error());
      if (auto taken = take_checkpoint(file, *std::move(note)); !taken) return taken;
    }
    for (const std::string* directory : {&options_.backup, &options_.remains}) {
      for (const std::string_view extension : {kCheckpointExtension, kWitnessedExtension}) {
        if (directory->empty()) continue;
        auto notes = notes_in(*directory, extension);
        if (!notes) return tl::unexpected(notes.error());
        for (auto& [tenant, note] : *notes) {
          const std::string file = beside(*directory, tenant) + std::string(extension);
          if (auto taken = take_checkpoint(file, std::move(note)); !taken) return taken;
        }
      }
    }
    return {};
  }

  base::Result<void> take_checkpoint(const std::string& file, std::string note) {
    const std::string origin = note.substr(0, note.find('\n'));
    const auto refuse = [&](const std::string& why) {
      return base::fail(ErrorCode::kFailedPrecondition, file + ": " + why, "checkpoint");
    };
    if (!is_key_name(origin)) return refuse("no checkpoint");
    const VerifierKey own = verifier_key(origin, public_key_);
    auto checkpoint = open_checkpoint(note, {&own, 1}, origin);
    if (!checkpoint) return refuse("not signed by this key: " + checkpoint.error().message);
    Checkpoint& newest = known_.newest[origin];
    if (newest.origin.empty() || checkpoint->size > newest.size) newest = *checkpoint;
    known_.notes.push_back(std::move(note));
    return {};
  }

  base::Result<void> copy_log() {
    std::error_code error;
    fs::copy_file(beside(options_.backup, "log.db"), beside(work_.path(), "log.db"), error);
    if (error) {
      return base::fail(ErrorCode::kNotFound,
                        beside(options_.backup, "log.db") + ": " + error.message());
    }
    fs::permissions(beside(work_.path(), "log.db"), fs::perms::owner_read | fs::perms::owner_write,
                    error);
    const auto notes = notes_in(options_.backup, kCheckpointExtension);
    if (!notes) return tl::unexpected(notes.error());
    return write_notes(work_.path(), *notes, kCheckpointExtension);
  }

  // Every erasure that anybody knows of.
  base::Result<void> merge_erasures() {
    std::vector<std::string> files = options_.erasures;
    for (const std::string& file : files) {
      if (!file_exists(file)) return base::fail(ErrorCode::kNotFound, file + ": missing");
    }
    for (const std::string* directory : {&options_.backup, &options_.remains}) {
      if (!directory->empty()) files.push_back(erasures_file(*directory));
    }
    std::set<std::string> seen;
    std::string text;
    for (const std::string& file : files) {
      const auto noted = noted_erasures(file);
      if (!noted) return tl::unexpected(noted.error());
      for (const NotedErasure& one : *noted) {
        std::string line = one.tenant + " " + base::to_base64(encode(one.leaf)) + "\n";
        if (seen.insert(line).second) text += line;
      }
    }
    if (text.empty()) return {};
    return create_private_file(erasures_file(work_.path()), bytes_of(text));
  }

  base::Result<void> copy_keys() {
    const std::string target = beside(work_.path(), "keys.db");
    if (options_.keys.empty() && options_.remains.empty()) {
      return base::fail(ErrorCode::kFailedPrecondition,
                        "without a backup of the keys no body can be opened", "keys");
    }
    if (options_.keys.empty()) {
      const std::string source = beside(options_.remains, "keys.db");
      if (!file_exists(source)) return base::fail(ErrorCode::kNotFound, source + ": missing");
      // It was in use to the end.
      keys_until_unix_us_ = clock_.unix_microseconds();
      return copy_database(source, target, {}).map([](auto) {});
    }
    const auto kek = load_kek(options_.store.kek);
    if (!kek) return tl::unexpected(kek.error());
    const auto file = read_private_file(options_.keys, kMaxKeysBytes);
    if (!file) return tl::unexpected(file.error());
    const auto keys = open_keys(*kek, file->reveal());
    if (!keys) return tl::unexpected(keys.error());
    keys_until_unix_us_ = keys->time_unix_us;
    return create_private_file(target, keys->image);
  }

  // The copy as such, and as the beginning of what every known checkpoint has signed. What is
  // beyond it, and who was forgotten since, is looked at afterwards.
  base::Result<void> check() {
    StoreCheckOptions how;
    how.directory = work_.path();
    how.origin_prefix = options_.store.origin_prefix;
    how.public_key = public_key_;
    how.kek = options_.store.kek;
    how.checkpoints = known_.notes;
    how.progress = options_.progress;
    how.max_defects = std::numeric_limits<std::size_t>::max();
    auto checked = check_store(how);
    if (!checked) return tl::unexpected(checked.error());
    for (const StoreDefect& defect : checked->defects) {
      if (defect.kind == StoreDefectKind::kKeyMissing) {
        keyless_.emplace_back(defect.origin, defect.index);
        continue;
      }
      if (defect.kind == StoreDefectKind::kLogShort ||
          defect.kind == StoreDefectKind::kLogMissing ||
          defect.kind == StoreDefectKind::kErasureUndone) {
        continue;
      }
      return base::fail(ErrorCode::kDataLoss,
                        "the copy does not prove itself: " + std::string(name_of(defect.kind)) +
                            " " + defect.origin + " " + std::to_string(defect.index) + ": " +
                            defect.message);
    }
    copy_ = std::move(checked->logs);
    return {};
  }

  base::Result<void> compare() {
    std::string lost;
    for (const auto& [origin, newest] : known_.newest) {
      const auto log = std::ranges::find(copy_, origin, &CheckedLog::origin);
      const std::uint64_t size = log == copy_.end() ? 0 : log->size;
      if (newest.size <= size) continue;
      lost += "; " + origin + " has " + std::to_string(size) + " leaves, its newest checkpoint " +
              std::to_string(newest.size);
    }
    if (auto looked = find_lost_keys(); !looked) return looked;
    for (const std::string& origin : lacks_keys_) {
      lost += "; " + origin + " has persons that the older backup of keys does not know";
    }
    if (lost.empty() || options_.accept_loss) return {};
    return base::fail(ErrorCode::kFailedPrecondition,
                      "this would lose what was acknowledged" + lost, "accept_loss");
  }

  // A key that is gone although it is older than the copy of the keys was destroyed: the person was
  // erased, or the last body pruned. One that is younger is lost.
  base::Result<void> find_lost_keys() {
    if (keyless_.empty()) return {};
    auto database = Database::open(beside(work_.path(), "log.db"), Database::Access::kReadOnly);
    if (!database) return tl::unexpected(database.error());
    auto tables = SqliteReadTables::prepare(*database, std::make_shared<RecentSubjects>());
    if (!tables) return tl::unexpected(tables.error());
    const auto rows = tables->logs();
    if (!rows) return tl::unexpected(rows.error());
    for (const auto& [origin, index] : keyless_) {
      const auto log = std::ranges::find(*rows, origin, &LogRow::origin);
      const auto data = tables->leaf(log->id, index);
      if (!data) return tl::unexpected(data.error());
      const auto leaf = *data ? decode_leaf(**data) : base::fail(ErrorCode::kDataLoss, "no leaf");
      if (!leaf) return tl::unexpected(leaf.error());
      // An identifier begins with the time it was made.
      if (number_of(ByteView(leaf->subject_ref).first(6)) >= keys_until_unix_us_ / 1000) {
        lacks_keys_.insert(origin);
      }
    }
    return {};
  }

  // The newest that each log still covers: with a larger one witnesses could sign no more until the
  // log has grown beyond what is lost.
  base::Result<void> copy_witnessed() {
    Notes kept;
    for (const std::string* directory : {&options_.backup, &options_.remains}) {
      if (directory->empty()) continue;
      const auto notes = notes_in(*directory, kWitnessedExtension);
      if (!notes) return tl::unexpected(notes.error());
      for (const auto& [tenant, note] : *notes) {
        const auto log = std::ranges::find(copy_, tenant, &CheckedLog::tenant);
        const std::uint64_t size = size_of_note(note);
        if (log == copy_.end() || size > log->size) continue;
        std::string& newest = kept[tenant];
        if (newest.empty() || size >= size_of_note(newest)) newest = note;
      }
    }
    return write_notes(work_.path(), kept, kWitnessedExtension);
  }

  // What is left of the store is newer than the backup, when it is whole. What is older than a year
  // by now goes.
  base::Result<void> copy_api_log() {
    const std::string target = api_log_file(work_.path());
    for (const std::string* directory : {&options_.remains, &options_.backup}) {
      const std::string source = directory->empty() ? "" : api_log_file(*directory);
      if (source.empty() || !file_exists(source)) continue;
      if (const auto whole = ApiLog::check(source); !whole) {
        if (directory == &options_.remains) continue;
        return base::fail(ErrorCode::kDataLoss, source + ": " + whole.error().message);
      }
      if (auto copied = copy_database(source, target, {}); !copied) {
        return tl::unexpected(copied.error());
      }
      auto log = ApiLog::open(target, clock_);
      if (!log) return tl::unexpected(log.error());
      return (*log)->prune().map([](auto) {});
    }
    return {};
  }

  base::Result<Record> record_of(const CheckedLog& log, std::uint64_t lost_until) const {
    const auto id = random_id();
    if (!id) return tl::unexpected(id.error());
    Record record;
    record.tenant = log.tenant;
    record.request_id = *id;
    record.type = RecordType::kServiceEvent;
    record.software = options_.store.software;
    const bool lacks_keys = lacks_keys_.contains(log.origin);
    record.decision = lost_until > log.size || lacks_keys ? kRestoredWithLoss : kRestored;
    if (lost_until > log.size) {
      const Checkpoint& newest = known_.newest.at(log.origin);
      record.reason_bits = newest.size;
      record.ruleset = newest.root;
    }
    const std::string body = R"({"event":"restored","keys_lost":)" +
                             std::string(lacks_keys ? "true" : "false") + R"(,"leaves":)" +
                             std::to_string(log.size) + R"(,"lost_until":)" +
                             std::to_string(std::max(lost_until, log.size)) + R"(,"request_id":")" +
                             base::to_hex(*id) + R"(","version":1})";
    record.body.assign(body.begin(), body.end());
    return record;
  }

  base::Result<void> open_and_record() {
    SqliteStoreOptions how = options_.store;
    how.directory = work_.path();
    how.create_keys = false;
    how.erase_keyless = true;
    auto store = open_sqlite_store(how, clock_);
    if (!store) return tl::unexpected(store.error());
    for (const CheckedLog& log : copy_) {
      const auto known = known_.newest.find(log.origin);
      RestoredLog done{log.origin, log.size, known == known_.newest.end() ? 0 : known->second.size,
                       0};
      auto record = record_of(log, done.lost_until);
      if (!record) return tl::unexpected(record.error());
      std::promise<base::Result<Receipt>> promise;
      (*store)->append(*std::move(record), [&promise](base::Result<Receipt> receipt) {
        promise.set_value(std::move(receipt));
      });
      if (const auto receipt = promise.get_future().get(); !receipt) {
        return tl::unexpected(receipt.error());
      }
      done.size_now = (*store)->tree_size(log.tenant).value_or(0);
      report_.logs.push_back(std::move(done));
    }
    (*store)->close();
    return {};
  }

  const RestoreOptions& options_;
  const base::Clock& clock_;
  Unfinished work_;
  PublicKey public_key_{};
  Known known_;
  std::uint64_t keys_until_unix_us_ = 0;
  std::vector<CheckedLog> copy_;
  std::vector<std::pair<std::string, std::uint64_t>> keyless_;  // origin, leaf
  std::set<std::string> lacks_keys_;
  RestoreReport report_;
};

}  // namespace

base::Result<void> back_up_log(const std::string& directory, const std::string& target,
                               const Progress& progress) {
  if (!file_exists(beside(directory, "log.db"))) {
    return base::fail(ErrorCode::kNotFound, beside(directory, "log.db") + ": missing");
  }
  if (auto made = make_empty_directory(target); !made) return made;
  Unfinished work(target + ".unfinished");
  std::error_code ignored;
  fs::remove_all(work.path(), ignored);
  if (auto made = make_empty_directory(work.path()); !made) return made;
  // Before the copy, so that none covers more than the copy holds.
  auto notes = notes_in(directory, kCheckpointExtension);
  if (!notes) return tl::unexpected(notes.error());
  const auto witnessed = notes_in(directory, kWitnessedExtension);
  if (!witnessed) return tl::unexpected(witnessed.error());
  {
    auto copy = copy_database(beside(directory, "log.db"), beside(work.path(), "log.db"), progress);
    if (!copy) return tl::unexpected(copy.error());
    if (auto written = write_checkpoints(work.path(), *copy, *std::move(notes)); !written) {
      return written;
    }
  }
  if (auto written = write_notes(work.path(), *witnessed, kWitnessedExtension); !written) {
    return written;
  }
  if (file_exists(api_log_file(directory))) {
    auto copied = copy_database(api_log_file(directory), api_log_file(work.path()), {});
    if (!copied) return tl::unexpected(copied.error());
  }
  // After the copy: who was erased meanwhile is on the list.
  const auto erasures = read_file(erasures_file(directory), std::size_t{1} << 30);
  if (erasures) {
    if (auto written = create_private_file(erasures_file(work.path()), bytes_of(*erasures));
        !written) {
      return written;
    }
  } else if (erasures.error().code != ErrorCode::kNotFound) {
    return tl::unexpected(erasures.error());
  }
  return work.rename_to(target);
}

base::Result<void> back_up_keys(const std::string& directory, const std::string& kek_source,
                                const std::string& target, const base::Clock& clock) {
  // What is on disk from now on may be missing in the copy.
  const std::uint64_t now = clock.unix_microseconds();
  KeyStore::Options how;
  how.path = beside(directory, "keys.db");
  how.kek = kek_source;
  how.read_only = true;
  const auto keys = KeyStore::open(how);
  if (!keys) return tl::unexpected(keys.error());
  const auto kek = load_kek(kek_source);
  if (!kek) return tl::unexpected(kek.error());
  auto source = Database::open(how.path, Database::Access::kReadOnly);
  if (!source) return tl::unexpected(source.error());
  auto memory = Database::in_memory();
  if (!memory) return tl::unexpected(memory.error());
  if (auto copied = source->copy_to(*memory, {}); !copied) return copied;
  const auto image = memory->file_image();
  if (!image) return tl::unexpected(image.error());
  const auto sealed = seal_keys(*kek, (*keys)->kek_epoch(), now, *image);
  if (!sealed) return tl::unexpected(sealed.error());
  return create_private_file(target, *sealed);
}

base::Result<RestoreReport> restore_store(const RestoreOptions& options, const base::Clock& clock) {
  return Restore(options, clock).run();
}

}  // namespace paxid::audit
