#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "audit/bytes.h"
#include "audit/checkpoint.h"
#include "audit/key_cipher.h"
#include "audit/note.h"
#include "audit/promise.h"
#include "audit/signer.h"
#include "audit/tables.h"
#include "audit/tile.h"
#include "base/error.h"

namespace paxid::audit {

// One log of the store. What may change is owned by whoever writes (last_time, written), by
// LogRegistry's lock (tree) or by `signing`.
struct Log {
  std::int64_t id = 0;
  std::string tenant;
  std::string origin;
  Hash key_context{};  // log_id(origin)

  std::uint64_t last_time_unix_us = 0;
  std::shared_ptr<const GrowingTree> written;  // what is committed, on disk or not yet
  std::shared_ptr<const GrowingTree> tree;     // what is durable

  std::mutex signing;
  std::string newest_note;  // empty: never signed
  std::uint64_t signed_size = 0;
};

struct SignedCheckpoint {
  std::int64_t log = 0;
  std::uint64_t size = 0;
  std::string note;
};

// The logs of one store and their checkpoints. Thread-safe, except load().
class LogRegistry {
 public:
  // What remembers the checkpoints that were signed: the files in the directory, which hold a log
  // to them that is put back; or the database too, so that a directory may be new.
  enum class Memory { kFiles, kDatabase };
  LogRegistry(std::string directory, std::string origin_prefix, SigningKey key, Memory memory);

  // Takes every log from its tiles, whose root must be the one that was signed last, and reads
  // again what came after, at least the last 1,024 leaves, with the keys of their subjects, and
  // what the indexes of subjects lack. Does not read the whole log; verify_log() does. DATA_LOSS
  // when the log went backwards or differs, or when there is a checkpoint file of a log that log.db
  // does not have.
  // Subjects that `may_lack_key` names are not missed.
  using MayLackKey = std::function<bool(const std::string& tenant, const Id16& subject_ref)>;
  base::Result<void> load(ReadTables& tables, DataKeys& keys, RecentSubjects& recent,
                          const MayLackKey& may_lack_key);

  // One more log of the same store, as load() does.
  base::Result<void> load_log(const LogRow& row, ReadTables& tables, DataKeys& keys,
                              RecentSubjects& recent, const MayLackKey& may_lack_key);

  // INVALID_ARGUMENT for a name that no tenant may have.
  base::Result<std::string> origin(std::string_view tenant) const;
  base::Result<std::string> vkey(std::string_view tenant) const;
  // Null when the tenant has no log.
  std::shared_ptr<Log> find(std::string_view tenant) const;
  std::vector<std::shared_ptr<Log>> all() const;
  std::shared_ptr<const GrowingTree> tree_of(const Log& log) const;
  // Makes a durable tree visible, of a log that may be new. One that is not larger changes nothing.
  void publish(const std::shared_ptr<Log>& log, std::shared_ptr<const GrowingTree> tree);

  // The newest checkpoint; signs and stores one first when the tree has grown. `now_signed`
  // is true then.
  struct Issued {
    std::string note;
    std::uint64_t size = 0;
    bool now_signed = false;
  };
  base::Result<Issued> checkpoint(Log& log);
  // By how many leaves the tree has grown since the newest checkpoint.
  std::uint64_t unsigned_leaves(Log& log) const;

  base::Result<std::string> promise(const InclusionPromise& promise) const {
    return sign_promise(promise, key_);
  }

  // Checkpoints that the checkpoint table does not have yet.
  std::vector<SignedCheckpoint> take_unrecorded();
  void give_back_unrecorded(std::vector<SignedCheckpoint> checkpoints);

 private:
  // The subjects of the last leaves, each with the last leaf that names it.
  using Tail = std::map<Id16, std::uint64_t>;

  std::string checkpoint_file(const Log& log) const;
  // What the log has last signed, from its file.
  base::Result<std::optional<Checkpoint>> load_checkpoint(Log& log, ReadTables& tables) const;
  base::Result<GrowingTree> rebuild(Log& log, const std::optional<Checkpoint>& promised,
                                    ReadTables& tables, Tail& tail, RecentSubjects& recent) const;
  base::Result<void> check_keys(const Log& log, const Tail& tail, ReadTables& tables,
                                DataKeys& keys, const MayLackKey& may_lack_key) const;

  const std::string directory_;
  const std::string origin_prefix_;
  const SigningKey key_;
  const Memory memory_;
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Log>, std::less<>> logs_;
  std::vector<SignedCheckpoint> unrecorded_;
};

// DATA_LOSS when `directory` holds the checkpoint file of a tenant that is not in `known`: a
// new log under its name would be a second one with the same origin and key.
base::Result<void> refuse_other_checkpoints(const std::string& directory,
                                            const std::set<std::string, std::less<>>& known);

// Nodes of `tree` whose full tiles come from `tables`.
NodeReader nodes_of(const GrowingTree& tree, std::int64_t log, ReadTables& tables);

}  // namespace paxid::audit
