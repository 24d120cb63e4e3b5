#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/bytes.h"
#include "audit/cosignature.h"
#include "audit/signer.h"
#include "base/error.h"

// The files of a store, checked against themselves, the signing key and whatever checkpoints are
// known from elsewhere. Reads them as they lie there, also beside the server that writes them,
// and a backup; so it names what keeps a store from opening.
namespace paxid::audit {

// What does not prove itself. The numbers are exit codes, never reused.
enum class StoreDefectKind : std::uint8_t {
  kDatabaseDamaged = 10,       // SQLite cannot read a part of log.db
  kLogMissing = 11,            // a checkpoint of a log that log.db does not have
  kOriginWrong = 12,           // a log is not named as its tenant's
  kLeafMissing = 13,           // a gap
  kLeafUnreadable = 14,        // not a leaf of version 1
  kLeafChanged = 15,           // not the leaf that was signed
  kTimeBackwards = 16,         // earlier than the leaf before
  kTileWrong = 17,             // not what its leaves hash to, or missing
  kCheckpointUnreadable = 18,  // no checkpoint that the log's key has signed
  kCheckpointDiffers = 19,     // signed, and of another history than the leaves
  kCheckpointMissing = 20,     // the file of the last one is not there, or an older one
  kLogShort = 21,              // a checkpoint covers leaves that are not there
  kBodyMissing = 22,           // no later erasure or prune explains it
  kBodyChanged = 23,           // not what the leaf commits to
  kBodyUnopenable = 24,        // the commitment holds, the seal does not
  kAnswerUnopenable = 25,      // the stored answer of a request
  kRequestUnindexed = 26,      // a retry of the request would not find its record
  kSubjectUnindexed = 27,      // an erasure would not find the record
  kKeyMissing = 28,            // of a subject that was not erased, or of a log
  kKeyDamaged = 29,
  kErasureUndone = 30,     // a body or a key of a subject that was erased is there
  kCosignatureWrong = 31,  // a witness did not sign what stands beside its name
  kApiLogDamaged = 32,     // SQLite cannot read a part of api.db
};
inline constexpr std::array kAllStoreDefectKinds{
    StoreDefectKind::kDatabaseDamaged,      StoreDefectKind::kLogMissing,
    StoreDefectKind::kOriginWrong,          StoreDefectKind::kLeafMissing,
    StoreDefectKind::kLeafUnreadable,       StoreDefectKind::kLeafChanged,
    StoreDefectKind::kTimeBackwards,        StoreDefectKind::kTileWrong,
    StoreDefectKind::kCheckpointUnreadable, StoreDefectKind::kCheckpointDiffers,
    StoreDefectKind::kCheckpointMissing,    StoreDefectKind::kLogShort,
    StoreDefectKind::kBodyMissing,          StoreDefectKind::kBodyChanged,
    StoreDefectKind::kBodyUnopenable,       StoreDefectKind::kAnswerUnopenable,
    StoreDefectKind::kRequestUnindexed,     StoreDefectKind::kSubjectUnindexed,
    StoreDefectKind::kKeyMissing,           StoreDefectKind::kKeyDamaged,
    StoreDefectKind::kErasureUndone,        StoreDefectKind::kCosignatureWrong,
    StoreDefectKind::kApiLogDamaged};

// Static lifetime: "BODY_CHANGED", and one sentence for people.
std::string_view name_of(StoreDefectKind kind);
std::string_view meaning_of(StoreDefectKind kind);

struct StoreDefect {
  StoreDefectKind kind;
  std::string origin;       // of the log; empty when it concerns them all
  std::uint64_t index = 0;  // of the leaf; of a checkpoint its size
  std::string message;
};

using Progress = std::function<void(std::uint64_t done, std::uint64_t total)>;

inline constexpr std::size_t kMaxStoreDefects = 100;

struct StoreCheckOptions {
  std::string directory;      // holds log.db, and what belongs to it
  std::string origin_prefix;  // empty: not compared
  PublicKey public_key{};     // of the signing key
  // Where the key-encryption key is. Empty: no body is opened and no key looked for; that bodies
  // are the ones the leaves commit to is seen without.
  std::string kek;
  std::vector<std::string> checkpoints;  // notes that are known from elsewhere, of any log
  std::vector<WitnessKey> witnesses;     // whose cosignatures are checked
  Progress progress;                     // may be empty
  std::size_t max_defects = kMaxStoreDefects;
};

struct CheckedLog {
  std::string tenant;
  std::string origin;
  std::uint64_t size = 0;
  Hash root{};
  std::uint64_t signed_size = 0;     // of the newest checkpoint that holds
  std::uint64_t witnessed_size = 0;  // of the newest one that witnesses have signed too
  std::uint64_t last_time_unix_us = 0;
  std::uint64_t checkpoints = 0;  // that hold
  std::uint64_t bodies_opened = 0;
  std::uint64_t bodies_gone = 0;  // erased or pruned
};

struct StoreReport {
  std::vector<CheckedLog> logs;
  bool keys_checked = false;
  std::vector<StoreDefect> defects;  // at most max_defects, by log as they were found
};

// An error means that nothing can be said: a file that cannot be opened, a key-encryption key that
// is not the one of keys.db. Memory does not grow with the log, but for its checkpoints.
base::Result<StoreReport> check_store(const StoreCheckOptions& options);

}  // namespace paxid::audit
