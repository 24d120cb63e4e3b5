#include "audit/effects.h"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <set>
#include <sstream>

#include "audit/crypto.h"
#include "audit/file.h"
#include "base/base64.h"
#include "base/hex.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;

constexpr std::uint64_t kAll = std::numeric_limits<std::int64_t>::max();
constexpr std::size_t kMaxErasuresBytes = 1 << 30;

std::optional<base::Error> forbidden(std::string message) {
  return base::Error{ErrorCode::kFailedPrecondition, std::move(message), "effect"};
}

base::Result<Leaf> leaf_at(ReadTables& read, std::int64_t log, std::uint64_t index) {
  const auto data = read.leaf(log, index);
  if (!data) return tl::unexpected(data.error());
  if (!*data) return base::fail(ErrorCode::kDataLoss, "a leaf is missing from log.db");
  auto leaf = decode_leaf(**data);
  if (!leaf) return base::fail(ErrorCode::kDataLoss, leaf.error().message);
  return leaf;
}

base::Result<std::vector<Leaf>> leaves_at(ReadTables& read, std::int64_t log,
                                          std::span<const std::uint64_t> indexes) {
  const auto data = read.leaves(log, indexes);
  if (!data) return tl::unexpected(data.error());
  std::vector<Leaf> leaves;
  for (const LeafData& one : *data) {
    const auto leaf = decode_leaf(one);
    if (!leaf) return base::fail(ErrorCode::kDataLoss, leaf.error().message);
    leaves.push_back(*leaf);
  }
  return leaves;
}

struct Marks {
  std::optional<std::uint64_t> erased, held, proposed, restricted;
};
base::Result<Marks> marks_of(ReadTables& read, const EffectPlace& place) {
  Marks marks;
  for (auto [kind, value] :
       {std::pair{SubjectMark::kErased, &marks.erased}, std::pair{SubjectMark::kHeld, &marks.held},
        std::pair{SubjectMark::kReleaseProposed, &marks.proposed},
        std::pair{SubjectMark::kRestricted, &marks.restricted}}) {
    const auto mark = read.mark(place.log, kind, place.subject_ref);
    if (!mark) return tl::unexpected(mark.error());
    *value = *mark;
  }
  return marks;
}

base::Result<std::optional<base::Error>> objection_to_release(const Record& record,
                                                              const EffectPlace& place,
                                                              const Marks& marks,
                                                              ReadTables& read) {
  if (!marks.held) return forbidden("the subject is not held");
  if (!marks.proposed) return forbidden("nobody has proposed the release");
  const auto proposal = leaf_at(read, place.log, *marks.proposed);
  if (!proposal) return tl::unexpected(proposal.error());
  if (proposal->actor == record.actor) {
    return std::optional(base::Error{ErrorCode::kPermissionDenied,
                                     "a second person must agree to the release", "actor"});
  }
  return std::nullopt;
}

base::Result<std::optional<base::Error>> objection_to_prune(const Record& record,
                                                            const EffectPlace& place,
                                                            ReadTables& read) {
  const auto done = read.pruned_below(place.log, static_cast<RetentionClass>(record.decision));
  if (!done) return tl::unexpected(done.error());
  if (record.reason_bits <= *done) return forbidden("this has been pruned already");
  if (record.reason_bits > place.index) return forbidden("the log is not that large");
  if (record.reason_bits - *done > kMaxPruneLeaves) return forbidden("too much for one record");
  return std::nullopt;
}

base::Result<std::optional<base::Error>> objection_to_closing(const Record& record,
                                                              const EffectPlace& place,
                                                              ReadTables& read) {
  const auto rows = read.deadlines(place.log);
  if (!rows) return tl::unexpected(rows.error());
  const bool open = std::any_of(rows->begin(), rows->end(), [&](const Deadline& row) {
    return row.request_id == record.deadline && !row.closed_by;
  });
  if (open) return std::nullopt;
  return std::optional(
      base::Error{ErrorCode::kNotFound, "there is no such open request", "deadline"});
}

// Removes what finds the subjects, and their keys.
base::Result<void> forget(const EffectPlace& place, std::span<const Id16> refs, ReadTables& read,
                          EffectTables& write) {
  const auto firsts = read.first_of_subjects(place.log, refs);
  if (!firsts) return tl::unexpected(firsts.error());
  if (auto gone = write.forget_subjects(place.log, *firsts); !gone) return gone;
  return write.let_keys_go(place.log, refs, place.index);
}

// Every body of the subject but those of erasures, which are sealed under the log's key.
base::Result<void> erase(const EffectPlace& place, ReadTables& read, EffectTables& write) {
  const auto records = read.records_of_subject(place.log, place.subject_ref, kAll);
  if (!records) return tl::unexpected(records.error());
  const auto leaves = leaves_at(read, place.log, *records);
  if (!leaves) return tl::unexpected(leaves.error());
  std::vector<std::uint64_t> bodies;
  for (std::size_t i = 0; i < records->size(); ++i) {
    if ((*leaves)[i].type != RecordType::kErasure) bodies.push_back((*records)[i]);
  }
  if (auto dropped = write.drop_bodies(place.log, bodies); !dropped) return dropped;
  for (const SubjectMark kind :
       {SubjectMark::kHeld, SubjectMark::kReleaseProposed, SubjectMark::kRestricted}) {
    if (auto lifted = write.unmark(place.log, kind, place.subject_ref); !lifted) return lifted;
  }
  const MarkRow mark{place.subject_ref, place.index};
  if (auto set = write.mark(place.log, SubjectMark::kErased, mark); !set) return set;
  return forget(place, {&place.subject_ref, 1}, read, write);
}

// The bodies of these leaves go, but of subjects that are held; of whom none is left then, the key
// goes too, and what finds him.
base::Result<void> prune_leaves(const EffectPlace& place, std::span<const std::uint64_t> indexes,
                                std::span<const Leaf> leaves, ReadTables& read,
                                EffectTables& write) {
  const auto marks = read.marks(place.log, SubjectMark::kHeld);
  if (!marks) return tl::unexpected(marks.error());
  std::set<Id16> held;
  for (const MarkRow& mark : *marks) held.insert(mark.ref);
  std::vector<std::uint64_t> bodies;
  std::set<Id16> subjects;
  for (std::size_t i = 0; i < indexes.size(); ++i) {
    const Id16& ref = leaves[i].subject_ref;
    if (held.contains(ref)) continue;
    bodies.push_back(indexes[i]);
    if (ref != Id16{}) subjects.insert(ref);
  }
  if (auto dropped = write.drop_bodies(place.log, bodies); !dropped) return dropped;
  const auto without =
      read.without_bodies(place.log, std::vector<Id16>(subjects.begin(), subjects.end()));
  if (!without) return tl::unexpected(without.error());
  return forget(place, *without, read, write);
}

// Those of these leaves that are due by class and index.
template <class IsDue>
base::Result<void> prune_due(const EffectPlace& place, std::span<const std::uint64_t> indexes,
                             ReadTables& read, EffectTables& write, const IsDue& is_due) {
  const auto leaves = leaves_at(read, place.log, indexes);
  if (!leaves) return tl::unexpected(leaves.error());
  std::vector<std::uint64_t> due;
  std::vector<Leaf> of_due;
  for (std::size_t i = 0; i < indexes.size(); ++i) {
    if (!is_due(retention_class_of((*leaves)[i]), indexes[i])) continue;
    due.push_back(indexes[i]);
    of_due.push_back((*leaves)[i]);
  }
  if (due.empty()) return {};
  return prune_leaves(place, due, of_due, read, write);
}

base::Result<void> prune(const Record& record, const EffectPlace& place, ReadTables& read,
                         EffectTables& write) {
  const auto retention_class = static_cast<RetentionClass>(record.decision);
  const auto first = read.pruned_below(place.log, retention_class);
  if (!first) return tl::unexpected(first.error());
  std::vector<std::uint64_t> all(record.reason_bits - *first);
  std::iota(all.begin(), all.end(), *first);
  const auto is_due = [&](std::optional<RetentionClass> of, std::uint64_t) {
    return of == retention_class;
  };
  if (auto pruned = prune_due(place, all, read, write, is_due); !pruned) return pruned;
  return write.set_pruned_below(place.log, retention_class, record.reason_bits);
}

// The hold ends, and what it has kept from being pruned goes now.
base::Result<void> release(const EffectPlace& place, ReadTables& read, EffectTables& write) {
  for (const SubjectMark kind : {SubjectMark::kHeld, SubjectMark::kReleaseProposed}) {
    if (auto lifted = write.unmark(place.log, kind, place.subject_ref); !lifted) return lifted;
  }
  const auto records = read.records_of_subject(place.log, place.subject_ref, kAll);
  if (!records) return tl::unexpected(records.error());
  std::map<RetentionClass, std::uint64_t> bounds;
  for (const RetentionClass one : kAllRetentionClasses) {
    const auto bound = read.pruned_below(place.log, one);
    if (!bound) return tl::unexpected(bound.error());
    bounds[one] = *bound;
  }
  return prune_due(place, *records, read, write,
                   [&](std::optional<RetentionClass> of, std::uint64_t index) {
                     return of && index < bounds[*of];
                   });
}

base::Result<Record> erasure_again(const std::string& tenant, const Id16& subject_ref,
                                   const Hash& software) {
  const auto id = random_id();
  if (!id) return tl::unexpected(id.error());
  Record record;
  record.tenant = tenant;
  record.request_id = *id;
  record.type = RecordType::kErasure;
  record.effect = RecordEffect::kErase;
  record.decision = kErasureAfterRestore;
  record.subject_ref = subject_ref;
  record.software = software;
  return record;
}

}  // namespace

base::Result<std::optional<base::Error>> objection_to(const Record& record,
                                                      const EffectPlace& place, ReadTables& read) {
  const auto marks = marks_of(read, place);
  if (!marks) return tl::unexpected(marks.error());
  switch (record.effect) {
    case RecordEffect::kNone:
    case RecordEffect::kOpenDeadline:
      return std::nullopt;
    case RecordEffect::kErase:
      if (marks->erased) return forbidden("the subject was erased already");
      // The hold of a restored copy is older than the erasure.
      if (marks->held && record.decision != kErasureAfterRestore) {
        return forbidden("the subject is held");
      }
      return std::nullopt;
    case RecordEffect::kHold:
      if (marks->held) return forbidden("the subject is held already");
      return std::nullopt;
    case RecordEffect::kProposeRelease:
      if (!marks->held) return forbidden("the subject is not held");
      return std::nullopt;
    case RecordEffect::kRelease:
      return objection_to_release(record, place, *marks, read);
    case RecordEffect::kRestrict:
      if (marks->restricted) return forbidden("the subject is restricted already");
      return std::nullopt;
    case RecordEffect::kLiftRestriction:
      if (!marks->restricted) return forbidden("the subject is not restricted");
      return std::nullopt;
    case RecordEffect::kPrune:
      return objection_to_prune(record, place, read);
    case RecordEffect::kCloseDeadline:
      return objection_to_closing(record, place, read);
  }
  return std::nullopt;
}

base::Result<void> apply_effect(const Record& record, const EffectPlace& place, ReadTables& read,
                                EffectTables& write) {
  const MarkRow mark{place.subject_ref, place.index};
  switch (record.effect) {
    case RecordEffect::kNone:
      return {};
    case RecordEffect::kErase:
      return erase(place, read, write);
    case RecordEffect::kHold:
      return write.mark(place.log, SubjectMark::kHeld, mark);
    case RecordEffect::kProposeRelease:
      return write.mark(place.log, SubjectMark::kReleaseProposed, mark);
    case RecordEffect::kRelease:
      return release(place, read, write);
    case RecordEffect::kRestrict:
      return write.mark(place.log, SubjectMark::kRestricted, mark);
    case RecordEffect::kLiftRestriction:
      return write.unmark(place.log, SubjectMark::kRestricted, place.subject_ref);
    case RecordEffect::kPrune:
      return prune(record, place, read, write);
    case RecordEffect::kOpenDeadline:
      return write.insert_deadline(
          place.log, {record.request_id, place.index, place.subject_ref, record.received_unix_us,
                      record.due_unix_us, std::nullopt});
    case RecordEffect::kCloseDeadline:
      return write.close_deadline(place.log, record.deadline, place.index);
  }
  return {};
}

std::string erasures_file(const std::string& directory) { return directory + "/erasures"; }

std::string erasure_line(const std::string& tenant, ByteView leaf_data) {
  return tenant + " " + base::to_base64(leaf_data) + "\n";
}

base::Result<MarkedKeys> marked_keys(ReadTables& read, std::span<const std::shared_ptr<Log>> logs) {
  MarkedKeys marked;
  for (const std::shared_ptr<Log>& log : logs) {
    const auto rows = read.marks(log->id, SubjectMark::kKeyToGo);
    if (!rows) return tl::unexpected(rows.error());
    for (const MarkRow& mark : *rows) {
      marked.subjects.push_back({log->tenant, mark.ref});
      marked.logs.push_back(log->id);
      std::string& line = marked.erasures.emplace_back();
      const auto erased = read.mark(log->id, SubjectMark::kErased, mark.ref);
      if (!erased) return tl::unexpected(erased.error());
      if (!*erased) continue;
      const auto data = read.leaf(log->id, **erased);
      if (!data) return tl::unexpected(data.error());
      if (*data) line = erasure_line(log->tenant, **data);
    }
  }
  return marked;
}

base::Result<void> destroy_marked_keys(Database& database, ReadTables& read, EffectTables& write,
                                       KeyStore& keys, std::span<const std::shared_ptr<Log>> logs,
                                       const std::string& directory, std::set<Id16>& noted) {
  const auto marked = marked_keys(read, logs);
  if (!marked) return tl::unexpected(marked.error());
  if (marked->subjects.empty()) return {};
  std::string lines;
  for (std::size_t i = 0; i < marked->subjects.size(); ++i) {
    if (!noted.contains(marked->subjects[i].ref)) lines += marked->erasures[i];
  }
  if (!lines.empty()) {
    auto appended = append_synced(erasures_file(directory), bytes_of(lines));
    if (!appended) return appended;
  }
  // Who is marked without one may be erased meanwhile.
  for (std::size_t i = 0; i < marked->subjects.size(); ++i) {
    if (!marked->erasures[i].empty()) noted.insert(marked->subjects[i].ref);
  }
  if (auto gone = keys.erase(marked->subjects); !gone) return gone;
  auto transaction = Transaction::begin(database);
  if (!transaction) return tl::unexpected(transaction.error());
  for (std::size_t i = 0; i < marked->subjects.size(); ++i) {
    auto unmarked = write.unmark(marked->logs[i], SubjectMark::kKeyToGo, marked->subjects[i].ref);
    if (!unmarked) return unmarked;
  }
  if (auto committed = transaction->commit(); !committed) return committed;
  noted.clear();
  return {};
}

std::optional<NotedErasure> parse_erasure(std::string_view line) {
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const auto data = base::from_base64(line.substr(space + 1));
  if (!data) return std::nullopt;
  const auto leaf = decode_leaf(*data);
  if (!leaf || leaf->type != RecordType::kErasure) return std::nullopt;
  return NotedErasure{std::string(line.substr(0, space)), *leaf};
}

base::Result<std::vector<NotedErasure>> noted_erasures(const std::string& path) {
  std::vector<NotedErasure> noted;
  const auto text = read_file(path, kMaxErasuresBytes);
  if (!text && text.error().code == ErrorCode::kNotFound) return noted;
  if (!text) return tl::unexpected(text.error());
  std::istringstream in(*text);
  for (std::string line; std::getline(in, line);) {
    if (auto erasure = parse_erasure(line)) noted.push_back(*std::move(erasure));
  }
  return noted;
}

base::Result<std::vector<Record>> forgotten_erasures(ReadTables& read, const LogRegistry& registry,
                                                     std::span<const NotedErasure> noted) {
  std::vector<Record> records;
  std::set<std::pair<std::int64_t, Id16>> again_for;
  for (const NotedErasure& erasure : noted) {
    const Leaf& leaf = erasure.leaf;
    const auto log = registry.find(erasure.tenant);
    if (log == nullptr) continue;
    const auto mark = read.mark(log->id, SubjectMark::kErased, leaf.subject_ref);
    if (!mark) return tl::unexpected(mark.error());
    const auto known = read.records_of_subject(log->id, leaf.subject_ref, 1);
    if (!known) return tl::unexpected(known.error());
    if (*mark || known->empty() || !again_for.emplace(log->id, leaf.subject_ref).second) continue;
    auto record = erasure_again(erasure.tenant, leaf.subject_ref, leaf.software);
    if (!record) return tl::unexpected(record.error());
    record->actor = leaf.actor;
    records.push_back(*std::move(record));
  }
  return records;
}

base::Result<std::vector<Record>> unrecorded_epochs(ReadTables& read, const LogRegistry& registry,
                                                    std::uint32_t epoch, const Hash& software) {
  std::vector<Record> records;
  if (epoch == 1) return records;
  const std::string number = std::to_string(epoch);
  for (const std::shared_ptr<Log>& log : registry.all()) {
    const Hash hash = sha256({bytes_of("paxid/kek-epoch/v1"), log->key_context, bytes_of(number)});
    Record record;
    std::copy_n(hash.begin(), record.request_id.size(), record.request_id.begin());
    const auto known = read.request(log->id, record.request_id);
    if (!known) return tl::unexpected(known.error());
    if (*known) continue;
    record.tenant = log->tenant;
    record.type = RecordType::kKeyEvent;
    record.reason_bits = epoch;
    record.software = software;
    const std::string body = R"({"event":"kek_replaced","kek_epoch":)" + number +
                             R"(,"request_id":")" + base::to_hex(record.request_id) +
                             R"(","version":1})";
    record.body.assign(body.begin(), body.end());
    records.push_back(std::move(record));
  }
  return records;
}

base::Result<std::vector<Record>> keyless_subjects(Database& database, ReadTables& read,
                                                   KeyStore& keys, const LogRegistry& registry,
                                                   const Hash& software) {
  auto select = database.prepare(
      "SELECT DISTINCT CAST(substr(data, 31, 16) AS BLOB) FROM leaf JOIN body USING (log, idx) "
      "WHERE log = ? AND sealed IS NOT NULL AND substr(data, 31, 16) <> zeroblob(16)");
  if (!select) return tl::unexpected(select.error());
  std::vector<Record> records;
  for (const std::shared_ptr<Log>& log : registry.all()) {
    select->start(log->id);
    for (;;) {
      const auto row = select->next();
      if (!row) return tl::unexpected(row.error());
      if (!*row) break;
      Id16 ref;
      if (!select->fixed(0, ref)) return base::fail(ErrorCode::kDataLoss, "log.db is damaged");
      const auto key = keys.subject_key(log->tenant, ref);
      if (key || key.error().field == kDataKeyField) continue;
      if (key.error().code != ErrorCode::kNotFound) return tl::unexpected(key.error());
      // Erasures themselves are sealed under the log's key.
      const auto mark = read.mark(log->id, SubjectMark::kErased, ref);
      if (!mark) return tl::unexpected(mark.error());
      if (*mark) continue;
      auto record = erasure_again(log->tenant, ref, software);
      if (!record) return tl::unexpected(record.error());
      records.push_back(*std::move(record));
    }
  }
  return records;
}

}  // namespace paxid::audit
