#include "audit/postgres_batch.h"

#include <algorithm>
#include <limits>

#include "audit/effects.h"
#include "audit/merkle.h"
#include "audit/replay.h"
#include "audit/sealed_record.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;
namespace call = postgres_call;

constexpr std::uint64_t kAll = std::numeric_limits<std::int64_t>::max();

}  // namespace

void PostgresBatch::refuse(std::size_t record, base::Error error) {
  results_[record] = tl::unexpected(std::move(error));
}

base::Result<void> PostgresBatch::begin() {
  // Everybody else stays outside until this transaction ends, and what is pending comes first.
  std::vector<PostgresCall> calls;
  calls.push_back(call::begin());
  calls.push_back(call::enter_alone(log_->id));
  // What is placed now is the past for everybody, also when nothing of this batch is written.
  calls.push_back(call::raise_floor(log_->id, 0));
  const auto entered = session_.connection.pipeline(std::move(calls));
  if (!entered) return tl::unexpected(entered.error());
  auto placed = logs_.place(session_, *log_, kAll);
  if (!placed) return tl::unexpected(placed.error());
  placed_ = *std::move(placed);
  // So that no leaf is earlier than those.
  const std::uint64_t size = placed_.tree->size();
  if (size == 0) return {};
  const auto last = session_.tables.leaf(log_->id, size - 1);
  if (!last) return tl::unexpected(last.error());
  const auto leaf = *last ? decode_leaf(**last) : base::fail(ErrorCode::kDataLoss, "no leaf");
  if (!leaf) return base::fail(ErrorCode::kDataLoss, "the last leaf cannot be read");
  floor_unix_us_ = leaf->time_unix_us;
  return {};
}

base::Result<void> PostgresBatch::look_up() {
  std::vector<Id16> ids, requests;
  std::vector<RecentSubjects::Key> subjects;
  for (const Submission& submission : submissions_) {
    const Record& record = submission.record;
    ids.push_back(record.request_id);
    if (record.subject) subjects.push_back({record.subject->kind, *submission.subject_index});
    if (record.subject_of_request) requests.push_back(*record.subject_of_request);
  }
  std::ranges::sort(subjects);
  subjects.erase(std::unique(subjects.begin(), subjects.end()), subjects.end());

  std::vector<PostgresCall> calls;
  if (!at_once_) {
    calls.push_back(call::begin());
    calls.push_back(call::enter(log_->id));
  }
  const std::size_t first = calls.size();
  calls.push_back(call::floor(log_->id));
  calls.push_back(call::find_records(log_->id, ids));
  const std::size_t of_subjects = subjects.empty() ? 0 : calls.size();
  if (of_subjects > 0) calls.push_back(call::find_subjects(log_->id, log_->tenant, subjects));
  const std::size_t of_requests = requests.empty() ? 0 : calls.size();
  if (of_requests > 0) calls.push_back(call::find_subjects_of(log_->id, log_->tenant, requests));
  const auto rows = session_.connection.pipeline(std::move(calls));
  if (!rows) return tl::unexpected(rows.error());
  if ((*rows)[first].count() != 1) return base::fail(ErrorCode::kDataLoss, "a log has no entrance");
  floor_unix_us_ = std::max(floor_unix_us_, (*rows)[first].integer(0, 0));
  const auto known = found_records((*rows)[first + 1]);
  if (!known) return tl::unexpected(known.error());
  known_.insert(known->begin(), known->end());
  return take_in(*rows, of_subjects, of_requests);
}

base::Result<void> PostgresBatch::take_in(const std::vector<PostgresRows>& rows,
                                          std::size_t subjects, std::size_t subjects_of) {
  if (subjects > 0) {
    auto found = found_subjects(rows[subjects]);
    if (!found) return tl::unexpected(found.error());
    for (StoredSubject& one : *found) {
      const RecentSubjects::Key key{static_cast<std::uint8_t>(one.kind), one.blind_index};
      subjects_.emplace(key, std::move(one));
    }
  }
  if (subjects_of > 0) {
    auto found = found_subjects_of(rows[subjects_of]);
    if (!found) return tl::unexpected(found.error());
    for (SubjectOfRequest& one : *found) {
      const Id16 id = one.request_id;
      subjects_of_.emplace(id, std::move(one));
    }
  }
  return {};
}

base::Result<bool> PostgresBatch::open_key(Fresh& fresh, const Id16& ref,
                                           const WrappedKey& stored) {
  fresh.subject_ref = ref;
  if (const auto opened = opened_.find(ref); opened != opened_.end()) {
    fresh.key = opened->second;
    return true;
  }
  auto key = logs_.cipher.unwrap(stored, KeyKind::kSubject, log_->tenant);
  if (!key) {
    refuse(fresh.record, damaged_key().value());
    return false;
  }
  keys_.push_back({ref, *std::move(key)});
  fresh.key = opened_[ref] = keys_.size() - 1;
  return true;
}

base::Result<std::size_t> PostgresBatch::new_subject(const RecentSubjects::Key& key) {
  const auto id = KeyCipher::time_ordered_id(logs_.clock.unix_microseconds());
  if (!id) return tl::unexpected(id.error());
  auto secret = KeyCipher::random_key();
  if (!secret) return tl::unexpected(secret.error());
  auto wrapped = logs_.cipher.wrap(*id, KeyKind::kSubject, log_->tenant, *secret);
  if (!wrapped) return tl::unexpected(wrapped.error());
  new_keys_.push_back({*std::move(wrapped), KeyKind::kSubject, log_->tenant, key});
  keys_.push_back({*id, *std::move(secret)});
  return keys_.size() - 1;
}

base::Result<bool> PostgresBatch::find_subject(Fresh& fresh) {
  const RecentSubjects::Key key{record_at(fresh.record).subject->kind,
                                *submissions_[fresh.record].subject_index};
  if (const auto stored = subjects_.find(key); stored != subjects_.end()) {
    if (stored->second.key) return open_key(fresh, stored->second.ref, *stored->second.key);
    // Erasure deletes the index entry with the key: an entry alone is a loss, and a new key in its
    // place would hide it.
    refuse(fresh.record, {ErrorCode::kDataLoss, "the subject's key is missing", "subject"});
    return false;
  }
  auto made = new_subjects_.find(key);
  if (made == new_subjects_.end()) {
    const auto index = new_subject(key);
    if (!index) return tl::unexpected(index.error());
    made = new_subjects_.emplace(key, *index).first;
  }
  fresh.key = made->second;
  fresh.subject_ref = keys_[made->second].id;
  return true;
}

base::Result<bool> PostgresBatch::find_subject_of_request(Fresh& fresh) {
  const auto of = subjects_of_.find(*record_at(fresh.record).subject_of_request);
  if (of == subjects_of_.end()) {
    refuse(fresh.record, {ErrorCode::kNotFound, "there is no such record", "subject_of_request"});
    return false;
  }
  if (!of->second.ref) return true;
  if (of->second.key) return open_key(fresh, *of->second.ref, *of->second.key);
  refuse(fresh.record,
         {ErrorCode::kFailedPrecondition, "the subject was erased", "subject_of_request"});
  return false;
}

base::Result<bool> PostgresBatch::find_subject_by_ref(Fresh& fresh) {
  const Record& record = record_at(fresh.record);
  const auto records = session_.tables.records_of_subject(log_->id, *record.subject_ref, 1);
  if (!records) return tl::unexpected(records.error());
  if (records->empty()) {
    refuse(fresh.record, {ErrorCode::kNotFound, "no record names this subject", "subject_ref"});
    return false;
  }
  fresh.subject_ref = *record.subject_ref;
  // Sealed under the log's key; the subject's own may be gone already.
  if (record.type == RecordType::kErasure) return true;
  auto key = session_.keys.subject_key(log_->tenant, *record.subject_ref);
  if (key) {
    keys_.push_back({*record.subject_ref, *std::move(key)});
    fresh.key = keys_.size() - 1;
    return true;
  }
  if (key.error().code == ErrorCode::kNotFound) {
    refuse(fresh.record, {ErrorCode::kFailedPrecondition, "the subject was erased", "subject_ref"});
  } else if (key.error().field == kDataKeyField) {
    refuse(fresh.record, key.error());
  } else {
    return tl::unexpected(key.error());
  }
  return false;
}

base::Result<void> PostgresBatch::answer_again(std::size_t record) {
  const auto known = session_.tables.known_record(log_->id, record_at(record).request_id);
  if (!known) return tl::unexpected(known.error());
  if (!*known) return base::fail(ErrorCode::kDataLoss, "a record is gone");
  auto answer = stored_answer(session_.keys, *log_, record_at(record).request_id, (*known)->data,
                              (*known)->response);
  if (!answer) return tl::unexpected(answer.error());
  results_[record] = **std::move(answer);
  if (!results_[record]) return {};
  Receipt& receipt = *results_[record];
  if ((*known)->index) {
    receipt.index = *(*known)->index;
    receipt.tree_size = std::max(receipt.index + 1, logs_.registry.tree_of(*log_)->size());
    return {};
  }
  const auto leaf = decode_leaf((*known)->data);
  if (!leaf) return base::fail(ErrorCode::kDataLoss, "a pending leaf cannot be read");
  auto promise = logs_.registry.promise({log_->origin, receipt.leaf_hash, leaf->time_unix_us});
  if (!promise) return tl::unexpected(promise.error());
  receipt.promise = *std::move(promise);
  return {};
}

base::Result<void> PostgresBatch::decide(std::size_t record) {
  const Record& asked = record_at(record);
  const Hash& digest = submissions_[record].digest;
  if (const auto known = known_.find(asked.request_id); known != known_.end()) {
    if (known->second == digest) return answer_again(record);
    refuse(record, another_request());
    return {};
  }
  if (const auto first = first_of_.find(asked.request_id); first != first_of_.end()) {
    if (submissions_[first->second].digest == digest) {
      duplicates_.emplace_back(record, first->second);
    } else {
      refuse(record, another_request());
    }
    return {};
  }
  Fresh fresh{record, std::nullopt, {}};
  base::Result<bool> found = true;
  if (asked.subject) found = find_subject(fresh);
  if (asked.subject_of_request) found = find_subject_of_request(fresh);
  if (asked.subject_ref) found = find_subject_by_ref(fresh);
  if (!found) return tl::unexpected(found.error());
  if (!*found) return {};
  if (asked.effect != RecordEffect::kNone) {
    const auto size = session_.tables.size(log_->id);
    if (!size) return tl::unexpected(size.error());
    auto objection = objection_to(asked, {log_->id, *size, fresh.subject_ref}, session_.tables);
    if (!objection) return tl::unexpected(objection.error());
    if (*objection) {
      refuse(record, **std::move(objection));
      return {};
    }
  }
  first_of_[asked.request_id] = record;
  fresh_.push_back(fresh);
  return {};
}

base::Result<void> PostgresBatch::seal_all() {
  std::uint64_t time = floor_unix_us_;
  for (const Fresh& fresh : fresh_) {
    const Record& record = record_at(fresh.record);
    time = std::max(time, logs_.clock.unix_microseconds());
    std::shared_ptr<const DataKey> of_log;
    // An erasure outlives the key of the subject it names.
    if (!fresh.key || record.type == RecordType::kErasure) {
      const auto key = logs_.log_key(session_, *log_);
      if (!key) return tl::unexpected(key.error());
      of_log = *key;
    }
    auto sealed = seal_record(record, time, of_log ? *of_log : keys_[*fresh.key], fresh.subject_ref,
                              log_->key_context);
    if (!sealed) return tl::unexpected(sealed.error());
    PendingRecord& pending = pending_.emplace_back();
    pending.request_id = record.request_id;
    pending.time_unix_us = time;
    pending.digest = submissions_[fresh.record].digest;
    if (fresh.subject_ref != Id16{}) pending.subject_ref = fresh.subject_ref;
    pending.data = sealed->data;
    pending.body = std::move(sealed->body);
    results_[fresh.record] =
        Receipt{log_->origin, 0, leaf_hash(pending.data), 0, false, record.response, {}};
  }
  return {};
}

base::Result<void> PostgresBatch::promise_all() {
  for (std::size_t i = 0; i < fresh_.size(); ++i) {
    Receipt& receipt = *results_[fresh_[i].record];
    auto promise =
        logs_.registry.promise({log_->origin, receipt.leaf_hash, pending_[i].time_unix_us});
    if (!promise) return tl::unexpected(promise.error());
    receipt.promise = *std::move(promise);
  }
  return {};
}

base::Result<void> PostgresBatch::write() {
  std::vector<PostgresCall> calls;
  if (!new_keys_.empty()) {
    calls.push_back(call::insert_keys(new_keys_, pending_.front().time_unix_us));
    calls.push_back(call::insert_subjects(log_->id, new_keys_));
  }
  calls.push_back(call::insert_records(log_->id, pending_));
  calls.push_back(call::insert_pending(log_->id, pending_));
  if (at_once_) {
    calls.push_back(call::raise_floor(log_->id, pending_.back().time_unix_us));
  } else {
    calls.push_back(call::commit());
  }
  // The disk is waited for anyhow; nobody sees a promise before.
  base::Result<void> promised;
  const auto written = session_.connection.pipeline(std::move(calls), [&] {
    if (!at_once_) promised = promise_all();
  });
  if (!written) return tl::unexpected(written.error());
  return promised;
}

base::Result<void> PostgresBatch::place_it() {
  auto placed = logs_.place(session_, *log_, kAll);
  if (!placed) return tl::unexpected(placed.error());
  Receipt& receipt = *results_[fresh_.front().record];
  receipt.tree_size = placed->tree->size();
  receipt.index = receipt.tree_size - 1;
  const Record& record = record_at(fresh_.front().record);
  if (record.effect != RecordEffect::kNone) {
    auto applied = apply_effect(record, {log_->id, receipt.index, fresh_.front().subject_ref},
                                session_.tables, session_.tables);
    if (!applied) return applied;
  }
  placed_ = *std::move(placed);
  return {};
}

base::Result<void> PostgresBatch::commit() {
  results_.assign(submissions_.size(), base::fail(ErrorCode::kInternal, "not decided"));
  at_once_ = submissions_.size() == 1 && needs_place(record_at(0));
  PostgresTransaction transaction(session_.connection);
  if (at_once_) {
    if (auto begun = begin(); !begun) return begun;
  }
  if (auto looked_up = look_up(); !looked_up) return looked_up;
  for (std::size_t record = 0; record < submissions_.size(); ++record) {
    if (auto decided = decide(record); !decided) return decided;
  }
  // Without anything new there is nothing to commit, but places that were given.
  if (fresh_.empty() && !at_once_) return {};
  if (auto sealed = seal_all(); !sealed) return sealed;
  if (!fresh_.empty()) {
    if (auto written = write(); !written) return written;
  }
  if (at_once_) {
    if (!fresh_.empty()) {
      if (auto placed = place_it(); !placed) return placed;
    }
    if (auto committed = session_.connection.execute("COMMIT"); !committed) return committed;
  }
  transaction.ended();
  if (at_once_) {
    if (auto published = logs_.publish(log_, placed_); !published) return published;
  }
  for (const auto& [record, first] : duplicates_) {
    results_[record] = results_[first];
    if (results_[record]) results_[record]->replayed = true;
  }
  return {};
}

}  // namespace paxid::audit
