#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/bytes.h"
#include "audit/leaf.h"
#include "audit/retention.h"
#include "base/error.h"
#include "base/secret.h"

namespace paxid::audit {

inline constexpr std::size_t kMaxBodyBytes = 256 << 10;
inline constexpr std::size_t kMaxResponseBytes = 256 << 10;
inline constexpr std::size_t kMaxCanonicalRequestBytes = 1 << 20;
inline constexpr std::size_t kMaxSubjectLookupBytes = 1024;

// How a subject is found again: a normalised value that names the person, such as issuer,
// document type and document number. The store keeps only a keyed blind index of it.
struct SubjectLookup {
  std::uint8_t kind = 1;  // what the value is; each kind has an index key of its own
  Bytes value;            // personal data, 1..kMaxSubjectLookupBytes
};

// What a record does beside being recorded, in the same transaction. All but kPrune and the
// deadlines concern the subject that the record names.
enum class RecordEffect : std::uint8_t {
  kNone,
  kErase,           // the key goes, and with it every body and stored answer; type kErasure
  kHold,            // nothing of the subject is erased or pruned
  kProposeRelease,  // one person wants the hold to end
  kRelease,         // another one agrees: it ends
  kRestrict,        // the data are kept and not used
  kLiftRestriction,
  kPrune,          // bodies of one class below an index go; type kRetentionPrune
  kOpenDeadline,   // a person's request is to be answered in time
  kCloseDeadline,  // it was
};

// What the leaf of an erasure says as its `decision` when a restored copy of the log had
// forgotten it. The other values say on what ground a person erased (docs/record_format.md).
inline constexpr std::uint16_t kErasureAfterRestore = 100;

// The most leaves that one record of kPrune steps over.
inline constexpr std::uint64_t kMaxPruneLeaves = 2048;

// One thing to record. `body` and `response` are personal data: they are sealed under the
// subject's key before they reach the disk, or under the log's key when there is no subject.
struct Record {
  std::string tenant;  // names the log; is_tenant() (audit/log_name.h)
  Id16 request_id{};   // a UUID, not zero; unique in the log for ever
  // What the caller asked, in a form that is the same for every retry and different for
  // every other request. Only its keyed HMAC is kept.
  Bytes canonical_request;
  RecordType type = RecordType::kDecision;
  std::uint16_t decision = 0;
  std::uint64_t reason_bits = 0;
  std::uint16_t score = 0;
  Id16 actor{};
  std::optional<SubjectLookup> subject;
  // The durable record of this request is about the same subject: its key seals this record as
  // well, so that erasing the person erases both. At most one of the three is set.
  std::optional<Id16> subject_of_request;
  // The subject itself, as the log refers to it. It has a record already.
  std::optional<Id16> subject_ref;
  RecordEffect effect = RecordEffect::kNone;
  // kOpenDeadline: when the request came and when it is due. kCloseDeadline: which request.
  std::uint64_t received_unix_us = 0;
  std::uint64_t due_unix_us = 0;
  Id16 deadline{};
  Hash ruleset{};
  Hash software{};
  Id16 trace_id{};
  Bytes body;      // empty: the leaf has no body
  Bytes response;  // what a retry is answered with, without the record's place
  // The caller goes on with the record's place: a store that answers with promises waits for it. So
  // it does for a record with an effect or a subject_ref.
  bool place_at_once = false;
};

// Whether the record is answered with its place, never with a promise.
inline bool needs_place(const Record& record) {
  return record.place_at_once || record.effect != RecordEffect::kNone || record.subject_ref;
}

// Where a record stands. The time of the leaf is the store's.
struct Receipt {
  std::string origin;
  std::uint64_t index = 0;
  Hash leaf_hash{};
  std::uint64_t tree_size = 0;  // of the log when this receipt was made, > index
  bool replayed = false;        // an earlier request made the record
  Bytes response;               // as stored with the record
  // The signed promise of inclusion (audit/promise.h) of a record that is durable and has no place
  // yet: `index` and `tree_size` are 0 and mean nothing. Empty: it has its place.
  std::string promise = {};
};

using Completion = std::function<void(base::Result<Receipt>)>;

// What the store knows of one subject beside its bodies.
struct SubjectState {
  std::vector<std::uint64_t> records;  // the leaves that name it, ascending
  std::optional<std::uint64_t> erased_by;
  std::optional<std::uint64_t> held_by;
  std::optional<std::uint64_t> release_proposed_by;
  std::optional<std::uint64_t> restricted_by;
};
// The most records of one subject that are listed.
inline constexpr std::uint64_t kMaxSubjectRecords = 10'000;

// A request of a person that is to be answered in time. The id is the record's.
struct Deadline {
  Id16 request_id{};
  std::uint64_t index = 0;
  Id16 subject_ref{};  // zero: not known yet
  std::uint64_t received_unix_us = 0;
  std::uint64_t due_unix_us = 0;
  std::optional<std::uint64_t> closed_by;
};

// What the store holds of one leaf.
struct StoredRecord {
  Bytes leaf_data;
  std::optional<Bytes> sealed_body;  // nothing when the leaf has none, or it was erased
  std::optional<Bytes> sealed_response = std::nullopt;  // nothing when it was erased
};

struct StoreStatistics {
  std::uint64_t appended = 0;   // records made durable since the store was opened
  std::uint64_t replayed = 0;   // answered from an earlier record
  std::uint64_t conflicts = 0;  // same request id, other request
  std::uint64_t refused = 0;    // queue full, disk full, poisoned
  std::uint64_t rounds = 0;     // how often the committer woke; it sleeps without work
  std::uint64_t commits = 0;
  std::uint64_t write_backs = 0;  // of the whole write-ahead log
  std::uint64_t write_back_attempts = 0;
  std::uint64_t commit_nanoseconds = 0;  // of all commits, from the batch to its being on disk
  std::uint64_t sync_nanoseconds = 0;    // of all waits for the disk
  std::uint64_t checkpoint_unix_us = 0;  // when the last checkpoint was signed; 0: not yet
  std::uint64_t checkpoints_signed = 0;
  std::uint64_t checkpoints_failed = 0;
  std::uint64_t queued = 0;     // now
  std::uint64_t wal_pages = 0;  // after the last commit; 0 once all of them are written back
  std::uint64_t promised = 0;   // records of all logs without a place, when last looked at
  std::uint64_t oldest_promise_unix_us = 0;  // the time of the oldest of them; 0: there is none
  bool healthy = true;
  bool reachable = true;
  std::string_view storage;  // what keeps the records, with its version
};

// One RFC 6962 log per tenant. Thread-safe. Every call fails with UNAVAILABLE when the store
// is closed or poisoned (see healthy()), and with NOT_FOUND when the tenant has no log yet:
// a log begins with its first record.
class Store {
 public:
  virtual ~Store() = default;

  // Records exactly once. `done` is called once: on the committer's thread after the
  // transaction is on disk, or, for a record that is refused at once, on this thread
  // before append returns. It must be short and must not throw, nor wait for another
  // completion, nor call close().
  //   same request id, same request     the earlier record's receipt, replayed; one that is
  //                                     still in flight is waited for
  //   ALREADY_EXISTS                    same request id, other request
  //   INVALID_ARGUMENT                  `field` names what is outside its limits
  //   NOT_FOUND                         there is no record of subject_of_request or subject_ref,
  //                                     or no open deadline
  //   RESOURCE_EXHAUSTED                the queue or the disk is full; nothing was recorded
  //   FAILED_PRECONDITION               recorded earlier, but its answer was erased; or the
  //                                     subject of subject_of_request was erased
  //   FAILED_PRECONDITION               the state of the subject forbids the effect: it is held,
  //                                     not held, erased already, …
  //   PERMISSION_DENIED                 kRelease by the person who proposed it
  //   UNAVAILABLE                       not known whether it was recorded: retry with the
  //                                     same request id after a restart
  //   UNAVAILABLE, field "keys.db"      erased, but the key is still in a file that is in use: it
  //                                     goes by itself; the same request id is answered then
  //   DATA_LOSS                         the subject's key is gone although it was not erased,
  //                                     or the stored answer cannot be read; or the database is
  //                                     damaged, and the store is no longer healthy
  virtual void append(Record record, Completion done) = 0;

  // The newest checkpoint as a signed note; signs one first when the tree has grown since.
  virtual base::Result<std::string> checkpoint(std::string_view tenant) = 0;
  // Number of durable leaves.
  virtual base::Result<std::uint64_t> tree_size(std::string_view tenant) = 0;
  // RFC 6962 proofs for any durable size. INVALID_ARGUMENT outside the tree.
  virtual base::Result<std::vector<Hash>> inclusion_proof(std::string_view tenant,
                                                          std::uint64_t index,
                                                          std::uint64_t tree_size) = 0;
  virtual base::Result<std::vector<Hash>> consistency_proof(std::string_view tenant,
                                                            std::uint64_t first,
                                                            std::uint64_t second) = 0;
  // The roots of the perfect subtrees of the first `size` leaves, the largest first.
  virtual base::Result<std::vector<Hash>> left_subtrees(std::string_view tenant,
                                                        std::uint64_t size) = 0;
  // One leaf and its sealed body. NOT_FOUND outside the tree.
  virtual base::Result<StoredRecord> leaf(std::string_view tenant, std::uint64_t index) = 0;
  // Where the record of a request stands, or nothing.
  virtual base::Result<std::optional<std::uint64_t>> index_of(std::string_view tenant,
                                                              const Id16& request_id) = 0;
  // The keyed index that finds a subject: equal values of one tenant and kind have equal ones, in
  // every run. Computed, not read; whoever has no key of the store learns nothing from it.
  virtual Id16 blind_index(std::string_view tenant, const SubjectLookup& lookup) const = 0;
  // A C2SP tlog-proof file of the leaf against the newest checkpoint, which is made to
  // cover it.
  virtual base::Result<std::string> tlog_proof(std::string_view tenant, std::uint64_t index) = 0;
  // The log's public key as verifiers are told it. Needs no log to exist.
  virtual base::Result<std::string> vkey(std::string_view tenant) = 0;
  // The log's origin, the first line of its checkpoints. Needs no log to exist.
  virtual base::Result<std::string> origin(std::string_view tenant) = 0;

  // The plaintext of a body, and the key that opens this one body. Personal data: for
  // auditors, after access control. NOT_FOUND when the leaf has none, FAILED_PRECONDITION
  // when it was erased, DATA_LOSS when it does not prove itself.
  virtual base::Result<Bytes> open_body(std::string_view tenant, std::uint64_t index) = 0;
  virtual base::Result<base::SecretBytes> body_key(std::string_view tenant,
                                                   std::uint64_t index) = 0;
  // What the record's request was answered, as Record::response. Personal data, as above.
  // FAILED_PRECONDITION when it was erased, DATA_LOSS when it does not prove itself.
  virtual base::Result<Bytes> open_response(std::string_view tenant, std::uint64_t index) = 0;

  // The subject that a lookup finds, or nothing.
  virtual base::Result<std::optional<Id16>> subject_of(std::string_view tenant,
                                                       const SubjectLookup& lookup) = 0;
  // NOT_FOUND when no record names the subject.
  virtual base::Result<SubjectState> subject(std::string_view tenant, const Id16& ref) = 0;
  // Every deadline, closed ones too, by the day they are due.
  virtual base::Result<std::vector<Deadline>> deadlines(std::string_view tenant) = 0;
  // Bodies of this class below this index have been pruned.
  virtual base::Result<std::uint64_t> pruned_below(std::string_view tenant,
                                                   RetentionClass retention_class) = 0;

  // The tenants that have a log, in alphabetical order.
  virtual base::Result<std::vector<std::string>> tenants() = 0;

  // False from the moment a write to disk failed with unknown outcome, or append met damaged
  // data. The process must then be restarted; until then every call is UNAVAILABLE.
  virtual bool healthy() const = 0;
  // False while the store cannot record, though it may again without a restart: its database does
  // not answer. Calls fail with UNAVAILABLE then.
  virtual bool reachable() const = 0;
  virtual StoreStatistics statistics() const = 0;

  // Commits what is queued and signs final checkpoints. Idempotent. Destroying the store
  // closes it and releases its files.
  virtual void close() = 0;
};

}  // namespace paxid::audit
