#include "audit/batch.h"

#include <algorithm>

#include "audit/effects.h"
#include "audit/merkle.h"
#include "audit/sealed_body.h"
#include "audit/sealed_record.h"
#include "base/check.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;

}  // namespace

void Batch::refuse(std::size_t record, base::Error error) {
  results_[record] = tl::unexpected(std::move(error));
}

base::Result<Batch::Draft*> Batch::draft_of(const std::string& tenant) {
  if (const auto found = drafts_.find(tenant); found != drafts_.end()) return &found->second;
  Draft draft;
  draft.log = registry_.find(tenant);
  if (draft.log == nullptr) {
    const auto origin = registry_.origin(tenant);
    if (!origin) return tl::unexpected(origin.error());
    const auto id = write_.insert_log(tenant, *origin);
    if (!id) return tl::unexpected(id.error());
    draft.is_new = true;
    draft.tree.emplace();
    draft.log = std::make_shared<Log>();
    draft.log->id = *id;
    draft.log->tenant = tenant;
    draft.log->origin = *origin;
    draft.log->key_context = log_id(*origin);
  }
  draft.last_time_unix_us = draft.log->last_time_unix_us;
  Draft& kept = drafts_.emplace(tenant, std::move(draft)).first->second;
  if (kept.is_new) {
    // Every log has its key from the first record on, so that a missing one is a loss.
    if (auto key = log_key(kept); !key) return tl::unexpected(key.error());
  }
  return &kept;
}

std::size_t Batch::want_key(const Draft& draft, KeyStore::Kind kind) {
  key_refs_.push_back({wanted_.size(), {}});
  wanted_.push_back({draft.log->tenant, kind});
  return key_refs_.size() - 1;
}

base::Result<std::size_t> Batch::log_key(Draft& draft) {
  if (draft.log_key) return *draft.log_key;
  auto stored = keys_.log_key(draft.log->tenant);
  if (!stored) return tl::unexpected(stored.error());
  if (*stored) {
    key_refs_.push_back({std::nullopt, **std::move(stored)});
    draft.log_key = key_refs_.size() - 1;
  } else if (draft.is_new) {
    draft.log_key = want_key(draft, KeyStore::Kind::kLog);
  } else {
    return base::fail(ErrorCode::kDataLoss, "the log's key is missing from keys.db");
  }
  return *draft.log_key;
}

base::Result<std::optional<std::size_t>> Batch::subject_key(
    std::size_t record, Draft& draft, std::optional<RecentSubjects::Key>& new_subject) {
  const SubjectLookup& lookup = *record_at(record).subject;
  const Id16& index = *submissions_[record].subject_index;
  const auto made_before = new_subjects_.find({&draft, lookup.kind, index});
  if (made_before != new_subjects_.end()) return made_before->second;

  const auto ref = read_.subject(draft.log->id, lookup.kind, index);
  if (!ref) return tl::unexpected(ref.error());
  if (!*ref) {
    const std::size_t key = want_key(draft, KeyStore::Kind::kSubject);
    new_subjects_[{&draft, lookup.kind, index}] = key;
    new_subject = RecentSubjects::Key{lookup.kind, index};
    return key;
  }
  auto stored = keys_.subject_key(draft.log->tenant, **ref);
  if (!stored && stored.error().code == ErrorCode::kNotFound) {
    // Erasure deletes the index entry with the key: an entry alone is a loss, and a new key
    // in its place would hide it.
    refuse(record, {ErrorCode::kDataLoss, "the subject's key is missing from keys.db", "subject"});
    return std::nullopt;
  }
  if (!stored && stored.error().field == kDataKeyField) {
    refuse(record, stored.error());
    return std::nullopt;
  }
  if (!stored) return tl::unexpected(stored.error());
  key_refs_.push_back({std::nullopt, {**ref, *std::move(stored)}});
  return key_refs_.size() - 1;
}

base::Result<std::optional<Batch::SameSubject>> Batch::same_subject_key(std::size_t record,
                                                                        Draft& draft) {
  const auto request = read_.request(draft.log->id, *record_at(record).subject_of_request);
  if (!request) return tl::unexpected(request.error());
  if (!*request) {
    refuse(record, {ErrorCode::kNotFound, "there is no such record", "subject_of_request"});
    return std::nullopt;
  }
  const auto data = read_.leaf(draft.log->id, (*request)->index);
  if (!data) return tl::unexpected(data.error());
  const auto leaf = *data ? decode_leaf(**data) : base::fail(ErrorCode::kDataLoss, "no leaf");
  if (!leaf) return base::fail(ErrorCode::kDataLoss, "a leaf is missing from log.db");
  if (leaf->subject_ref == Id16{}) {
    const auto key = log_key(draft);
    if (!key) return tl::unexpected(key.error());
    return SameSubject{*key, false};
  }
  const auto key = known_subject_key(record, draft, leaf->subject_ref, "subject_of_request");
  if (!key) return tl::unexpected(key.error());
  if (!*key) return std::nullopt;
  return SameSubject{**key, true};
}

base::Result<std::optional<std::size_t>> Batch::known_subject_key(std::size_t record,
                                                                  const Draft& draft,
                                                                  const Id16& ref,
                                                                  const char* field) {
  const auto records = read_.records_of_subject(draft.log->id, ref, 1);
  if (!records) return tl::unexpected(records.error());
  if (records->empty()) {
    refuse(record, {ErrorCode::kNotFound, "no record names this subject", field});
    return std::nullopt;
  }
  if (record_at(record).effect == RecordEffect::kErase) {
    // Sealed under the log's key; the subject's own may be gone already.
    key_refs_.push_back({std::nullopt, {ref, {}}});
    return key_refs_.size() - 1;
  }
  auto stored = keys_.subject_key(draft.log->tenant, ref);
  if (!stored && stored.error().code == ErrorCode::kNotFound) {
    refuse(record, {ErrorCode::kFailedPrecondition, "the subject was erased", field});
    return std::nullopt;
  }
  if (!stored && stored.error().field == kDataKeyField) {
    refuse(record, stored.error());
    return std::nullopt;
  }
  if (!stored) return tl::unexpected(stored.error());
  key_refs_.push_back({std::nullopt, {ref, *std::move(stored)}});
  return key_refs_.size() - 1;
}

base::Result<void> Batch::decide_fresh(std::size_t record, Draft& draft) {
  Fresh fresh{record, &draft, 0, std::nullopt, std::nullopt};
  if (record_at(record).subject) {
    const auto key = subject_key(record, draft, fresh.new_subject);
    if (!key) return tl::unexpected(key.error());
    if (!*key) return {};
    fresh.key = **key;
    fresh.subject = **key;
  }
  if (record_at(record).subject_of_request) {
    const auto same = same_subject_key(record, draft);
    if (!same) return tl::unexpected(same.error());
    if (!*same) return {};
    fresh.key = (*same)->key;
    if ((*same)->has_subject) fresh.subject = (*same)->key;
  }
  if (record_at(record).subject_ref) {
    const auto key =
        known_subject_key(record, draft, *record_at(record).subject_ref, "subject_ref");
    if (!key) return tl::unexpected(key.error());
    if (!*key) return {};
    fresh.key = **key;
    fresh.subject = **key;
  }
  if (record_at(record).effect != RecordEffect::kNone) {
    const std::uint64_t size = draft.is_new ? 0 : draft.log->written->size();
    const auto objection = objection_to(
        record_at(record),
        {draft.log->id, size, fresh.subject ? key_refs_[*fresh.subject].loaded.id : Id16{}}, read_);
    if (!objection) return tl::unexpected(objection.error());
    if (*objection) {
      refuse(record, **objection);
      return {};
    }
  }
  // An erasure outlives the key of the subject it names.
  if (!fresh.subject || record_at(record).type == RecordType::kErasure) {
    const auto key = log_key(draft);
    if (!key) return tl::unexpected(key.error());
    fresh.key = *key;
  }
  first_of_[{&draft, record_at(record).request_id}] = record;
  fresh_.push_back(fresh);
  return {};
}

base::Result<void> Batch::decide(std::size_t record) {
  const Record& asked = record_at(record);
  const Hash& digest = submissions_[record].digest;
  const auto found = draft_of(asked.tenant);
  if (!found) return tl::unexpected(found.error());
  Draft& draft = **found;

  const auto first = first_of_.find({&draft, asked.request_id});
  if (first != first_of_.end()) {
    if (submissions_[first->second].digest != digest) {
      refuse(record, another_request());
    } else {
      duplicates_.emplace_back(record, first->second);
    }
    return {};
  }
  if (!draft.is_new) {
    const std::uint64_t size = draft.log->written->size();
    auto earlier = find_receipt(read_, keys_, *draft.log, size, asked.request_id, digest);
    if (!earlier) return tl::unexpected(earlier.error());
    if (*earlier) {
      results_[record] = **std::move(earlier);
      return {};
    }
  }
  return decide_fresh(record, draft);
}

const KeyStore::DataKey& Batch::data_key(std::size_t ref) const {
  const KeyRef& key = key_refs_[ref];
  return key.created ? created_[*key.created] : key.loaded;
}

base::Result<void> Batch::append(const Fresh& fresh) {
  Record& record = record_at(fresh.record);
  Draft& draft = *fresh.draft;
  const Log& log = *draft.log;
  const KeyStore::DataKey& key = data_key(fresh.key);
  const Id16 subject_ref = fresh.subject ? data_key(*fresh.subject).id : Id16{};

  draft.last_time_unix_us = std::max(clock_.unix_microseconds(), draft.last_time_unix_us);
  auto sealed = seal_record(record, draft.last_time_unix_us, key, subject_ref, log.key_context);
  if (!sealed) return tl::unexpected(sealed.error());
  const LeafData& data = sealed->data;

  if (!draft.tree) draft.tree = *log.written;
  const std::uint64_t index = draft.tree->size();
  if (index == kMaxTreeSize) return base::fail(ErrorCode::kResourceExhausted, "the log is full");
  const Hash hash = leaf_hash(data);
  base::Result<void> written = write_.insert_leaf(log.id, index, data);
  if (written) written = write_.insert_body(log.id, index, sealed->body);
  if (written) {
    written = write_.insert_request(log.id, record.request_id,
                                    {index, submissions_[fresh.record].digest});
  }
  if (written && subject_ref != Id16{}) {
    write_.add_subject_record(log.id, subject_ref, index);
  }
  if (written && fresh.new_subject) {
    written = write_.insert_subject(log.id, index, *fresh.new_subject, key.id);
  }
  if (written) {
    written = draft.tree->append(hash, [&](TileId tile, const std::vector<Hash>& hashes) {
      return write_.insert_tile(log.id, tile, hashes);
    });
  }
  if (written && record.effect != RecordEffect::kNone) {
    written = apply_effect(record, {log.id, index, subject_ref}, read_, write_);
  }
  if (!written) return written;
  results_[fresh.record] =
      Receipt{log.origin, index, hash, index + 1, false, std::move(record.response), {}};
  return {};
}

base::Result<void> Batch::decide_all() {
  const auto reading = keys_.read_together();
  if (!reading) return tl::unexpected(reading.error());
  for (std::size_t record = 0; record < submissions_.size(); ++record) {
    if (auto decided = decide(record); !decided) return decided;
  }
  return {};
}

base::Result<void> Batch::write(std::vector<Submission> submissions) {
  submissions_ = std::move(submissions);
  results_.assign(submissions_.size(), base::fail(ErrorCode::kInternal, "not decided"));
  if (auto decided = decide_all(); !decided) return decided;
  // Durable here, before the records that need them are.
  auto created = keys_.create(wanted_, clock_.unix_microseconds());
  if (!created) return tl::unexpected(created.error());
  created_ = *std::move(created);
  for (const Fresh& fresh : fresh_) {
    if (auto appended = append(fresh); !appended) return appended;
  }
  return move_recent_subjects();
}

base::Result<void> Batch::move_recent_subjects() {
  for (const Submission& submission : submissions_) {
    if (submission.record.effect != RecordEffect::kNone) return {};
  }
  for (const auto& [tenant, draft] : drafts_) {
    if (!draft.tree) continue;
    const std::uint64_t before = draft.is_new ? 0 : draft.log->written->size();
    auto moved = write_.move_recent(draft.log->id, draft.tree->size() - before);
    if (!moved) return moved;
  }
  return {};
}

void Batch::keep() {
  for (auto& [tenant, draft] : drafts_) {
    if (!draft.tree) continue;
    write_.keep(draft.log->id, draft.tree->size());
    draft.log->last_time_unix_us = draft.last_time_unix_us;
    draft.kept = std::make_shared<const GrowingTree>(*std::move(draft.tree));
    draft.log->written = draft.kept;
  }
}

bool Batch::begins_log() const {
  return std::any_of(drafts_.begin(), drafts_.end(),
                     [](const auto& entry) { return entry.second.is_new; });
}

std::vector<base::Result<Receipt>> Batch::publish() {
  for (auto& [tenant, draft] : drafts_) {
    if (draft.kept) registry_.publish(draft.log, draft.kept);
  }
  for (const Fresh& fresh : fresh_) {
    results_[fresh.record]->tree_size = fresh.draft->kept->size();
  }
  for (const auto& [record, first] : duplicates_) {
    results_[record] = results_[first];
    if (results_[record]) results_[record]->replayed = true;
  }
  return std::move(results_);
}

}  // namespace paxid::audit
