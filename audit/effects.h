#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/key_store.h"
#include "audit/leaf.h"
#include "audit/log_registry.h"
#include "audit/log_tables.h"
#include "audit/sqlite.h"
#include "audit/store.h"
#include "base/error.h"

// What records of some kinds do beside being recorded (RecordEffect). A record with an effect is
// alone in its transaction: nothing else of it can be sealed under a key that goes.
namespace paxid::audit {

// Where an effect takes place.
struct EffectPlace {
  std::int64_t log = 0;
  std::uint64_t index = 0;  // of the leaf that says it; the log's size before it is written
  Id16 subject_ref{};
};

// Why the effect must not happen now, or nothing. The outer error is the database's.
base::Result<std::optional<base::Error>> objection_to(const Record& record,
                                                      const EffectPlace& place, ReadTables& read);
// Writes the effect into the record's transaction, after its leaf.
base::Result<void> apply_effect(const Record& record, const EffectPlace& place, ReadTables& read,
                                EffectTables& write);

// The file, beside log.db and not in it, that remembers erasures through the restore of an older
// log.db: one line for each, tenant, space, base64 of the leaf.
std::string erasures_file(const std::string& directory);
std::string erasure_line(const std::string& tenant, ByteView leaf_data);

// What is marked to go, and what is still to be noted of it in the file.
struct MarkedKeys {
  std::vector<KeyStore::Subject> subjects;
  std::vector<std::int64_t> logs;     // of each
  std::vector<std::string> erasures;  // the line of each, empty where nobody was erased
};
base::Result<MarkedKeys> marked_keys(ReadTables& read, std::span<const std::shared_ptr<Log>> logs);

// Deletes every key that is marked to go, erasures first noted in the file. Done after the
// transaction that marked them, and again until it has succeeded. `noted` goes from one call to the
// next: whose erasure is in the file already. For errors see KeyStore::erase.
base::Result<void> destroy_marked_keys(Database& database, ReadTables& read, EffectTables& write,
                                       KeyStore& keys, std::span<const std::shared_ptr<Log>> logs,
                                       const std::string& directory, std::set<Id16>& noted);

// One line of that file. Nothing for one that is none, as the last one is that a crash has cut: the
// log has its erasure then.
struct NotedErasure {
  std::string tenant;
  Leaf leaf;
};
std::optional<NotedErasure> parse_erasure(std::string_view line);
// All of the file's, in its order; none when there is no file.
base::Result<std::vector<NotedErasure>> noted_erasures(const std::string& path);

// Those of `noted` that the log does not know: it is older than their erasure. As records that
// erase them again.
base::Result<std::vector<Record>> forgotten_erasures(ReadTables& read, const LogRegistry& registry,
                                                     std::span<const NotedErasure> noted);
// Each log says once for each epoch under which key-encryption key its keys are. A new one that a
// crash has kept from being said is said at the next start: the request id follows from the epoch.
base::Result<std::vector<Record>> unrecorded_epochs(ReadTables& read, const LogRegistry& registry,
                                                    std::uint32_t epoch, const Hash& software);
// Subjects that have a body and no key. As records that erase them again.
base::Result<std::vector<Record>> keyless_subjects(Database& database, ReadTables& read,
                                                   KeyStore& keys, const LogRegistry& registry,
                                                   const Hash& software);

}  // namespace paxid::audit
