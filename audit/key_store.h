#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/bytes.h"
#include "audit/key_cipher.h"
#include "audit/sqlite.h"
#include "base/error.h"
#include "base/secret.h"

namespace paxid::audit {

inline constexpr std::size_t kSpareKeys = 256;
// The field of the error that deleted keys cannot be overwritten yet.
inline constexpr std::string_view kKeysInUseField = "keys.db";

// The data keys, in a file apart from the log: one per subject, one per log for records
// without a subject, and one master secret. Each is wrapped by AES-256-GCM under the
// key-encryption key. Deleting a subject's row erases the subject: nothing else opens the
// bodies. Thread-safe.
//
// Keys of subjects are made in advance, kSpareKeys at once, so that few records wait for this file
// too; closing deletes those that were not used, a crash leaves them behind.
//
// Order: create() is durable before it returns, and the log writes a record only afterwards.
// A crash in between leaves a key that nothing uses, never a record without its key.
class KeyStore final : public DataKeys {
 public:
  using Kind = KeyKind;
  using DataKey = audit::DataKey;

  struct Options {
    std::string path;  // of keys.db
    std::string kek;   // where the key-encryption key is: audit/kek.h
    bool create_kek = false;
    bool create_database = false;
    // The key-encryption key of before, when `kek` is a new one: everything is wrapped anew under
    // `kek`, one epoch higher, before open() returns. Empty, or nothing there: there is none.
    std::string previous_kek = {};
    // Nothing is written; create() and erase() fail.
    bool read_only = false;
  };
  // FAILED_PRECONDITION when a file is missing that must not be made, or neither key-encryption
  // key opens the master secret.
  static base::Result<std::unique_ptr<KeyStore>> open(const Options& options);
  ~KeyStore() override;

  struct Wanted {
    std::string_view tenant;
    Kind kind;
  };
  // One random key with an identifier of its own for each.
  base::Result<std::vector<DataKey>> create(std::span<const Wanted> wanted,
                                            std::uint64_t time_unix_us);
  // Deletes the keys of subjects for ever, in one transaction that overwrites them and the
  // write-ahead log. A key that is not there any more is no error. UNAVAILABLE with the field
  // kKeysInUseField when another program uses the file for longer than a moment: the same call does
  // the rest later.
  struct Subject {
    std::string tenant;
    Id16 ref{};
  };
  base::Result<void> erase(std::span<const Subject> subjects);
  // The second half of it: truncates the write-ahead log, which has rows as they were.
  base::Result<void> overwrite_deleted();

  // While it lives, keys are read in one transaction of keys.db, not in one each: a transaction
  // costs two locks of the file. Until then nobody calls create() or erase(), and there is one at a
  // time.
  class Reading {
   public:
    Reading(Reading&& other) noexcept : keys_(std::exchange(other.keys_, nullptr)) {}
    Reading& operator=(Reading&&) = delete;
    ~Reading();

   private:
    friend class KeyStore;
    explicit Reading(KeyStore& keys) : keys_(&keys) {}
    KeyStore* keys_;
  };
  base::Result<Reading> read_together();
  base::Result<base::SecretBytes> subject_key(std::string_view tenant,
                                              const Id16& subject_ref) override;
  // How often the key-encryption key has been replaced, plus 1.
  std::uint32_t kek_epoch() const { return cipher_.epoch(); }
  // Whether any log has its key here. Each gets one before its first record is on disk.
  base::Result<bool> has_log_keys();
  base::Result<std::optional<DataKey>> log_key(std::string_view tenant) override;

  const KeyCipher& cipher() const { return cipher_; }

 private:
  KeyStore(Database database, base::SecretBytes kek, bool read_only);
  base::Result<std::vector<DataKey>> make(std::span<const Wanted> wanted,
                                          std::uint64_t time_unix_us);
  base::Result<void> prepare(const std::string& previous_kek);
  base::Result<void> create_tables();
  base::Result<void> create_schema();
  // False when the key-encryption key is not the one of this file.
  base::Result<bool> load_master();
  // Every key of the file from `previous` to the own key-encryption key, in one transaction.
  base::Result<void> rewrap(const KeyCipher& previous);
  base::Result<bool> rewrap_some(const KeyCipher& previous, Statement& select, Statement& update,
                                 Id16& after);
  base::Result<void> delete_rows(std::span<const Subject> subjects);
  base::Result<void> truncate_write_ahead_log();
  base::Result<Id16> insert(const Wanted& wanted, const base::SecretBytes& key,
                            std::uint64_t time_unix_us);

  mutable std::mutex mutex_;
  std::map<std::string, std::deque<DataKey>, std::less<>> spare_;  // of subjects, by tenant
  Database database_;
  const bool read_only_;
  KeyCipher cipher_;
  Statement insert_;
  Statement select_subject_;
  Statement select_one_;
  Statement delete_subject_;
  Statement begin_reading_;
  Statement end_reading_;
};

}  // namespace paxid::audit
