#include "audit/log_registry.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "audit/checkpoint.h"
#include "audit/crypto.h"
#include "audit/file.h"
#include "audit/log_name.h"
#include "audit/sealed_body.h"
#include "audit/store_files.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;

// At least so many of the last leaves are read again and compared at opening.
constexpr std::uint64_t kCheckedTail = 1024;

tl::unexpected<base::Error> lost(const Log& log, std::string_view what) {
  return base::fail(ErrorCode::kDataLoss, "log " + log.origin + ": " + std::string(what));
}

}  // namespace

LogRegistry::LogRegistry(std::string directory, std::string origin_prefix, SigningKey key,
                         Memory memory)
    : directory_(std::move(directory)),
      origin_prefix_(std::move(origin_prefix)),
      key_(std::move(key)),
      memory_(memory) {}

base::Result<std::string> LogRegistry::origin(std::string_view tenant) const {
  if (!is_tenant(tenant)) {
    return base::fail(ErrorCode::kInvalidArgument,
                      "a tenant is 1 to 63 of a-z, 0-9 and '-', without '-' at the ends", "tenant");
  }
  return origin_prefix_ + "/" + std::string(tenant);
}

base::Result<std::string> LogRegistry::vkey(std::string_view tenant) const {
  const auto name = origin(tenant);
  if (!name) return name;
  return to_vkey(verifier_key(*name, key_.public_key()));
}

std::shared_ptr<Log> LogRegistry::find(std::string_view tenant) const {
  const std::lock_guard lock(mutex_);
  const auto found = logs_.find(tenant);
  return found == logs_.end() ? nullptr : found->second;
}

std::vector<std::shared_ptr<Log>> LogRegistry::all() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<Log>> list;
  for (const auto& [tenant, log] : logs_) list.push_back(log);
  return list;
}

std::shared_ptr<const GrowingTree> LogRegistry::tree_of(const Log& log) const {
  const std::lock_guard lock(mutex_);
  return log.tree;
}

void LogRegistry::publish(const std::shared_ptr<Log>& log,
                          std::shared_ptr<const GrowingTree> tree) {
  const std::lock_guard lock(mutex_);
  if (log->tree == nullptr || log->tree->size() < tree->size()) log->tree = std::move(tree);
  logs_[log->tenant] = log;
}

std::string LogRegistry::checkpoint_file(const Log& log) const {
  return directory_ + "/" + log.tenant + std::string(kCheckpointExtension);
}

base::Result<LogRegistry::Issued> LogRegistry::checkpoint(Log& log) {
  const std::lock_guard signing(log.signing);
  const auto tree = tree_of(log);
  if (!log.newest_note.empty() && log.signed_size == tree->size()) {
    return Issued{log.newest_note, log.signed_size, false};
  }
  auto note = sign_checkpoint({log.origin, tree->size(), tree->root(), {}}, key_);
  if (!note) return tl::unexpected(note.error());
  // On disk before anybody sees it: after a restart the log is held to what it has promised.
  if (auto stored = replace_file(checkpoint_file(log), bytes_of(*note)); !stored) {
    return tl::unexpected(stored.error());
  }
  log.newest_note = *note;
  log.signed_size = tree->size();
  {
    const std::lock_guard lock(mutex_);
    unrecorded_.push_back({log.id, log.signed_size, *note});
  }
  return Issued{*std::move(note), log.signed_size, true};
}

std::uint64_t LogRegistry::unsigned_leaves(Log& log) const {
  const std::lock_guard signing(log.signing);
  const std::uint64_t size = tree_of(log)->size();
  return size > log.signed_size ? size - log.signed_size : 0;
}

std::vector<SignedCheckpoint> LogRegistry::take_unrecorded() {
  const std::lock_guard lock(mutex_);
  return std::exchange(unrecorded_, {});
}

void LogRegistry::give_back_unrecorded(std::vector<SignedCheckpoint> checkpoints) {
  const std::lock_guard lock(mutex_);
  unrecorded_.insert(unrecorded_.end(), std::make_move_iterator(checkpoints.begin()),
                     std::make_move_iterator(checkpoints.end()));
}

base::Result<void> LogRegistry::load(ReadTables& tables, DataKeys& keys, RecentSubjects& recent,
                                     const MayLackKey& may_lack_key) {
  const auto rows = tables.logs();
  if (!rows) return tl::unexpected(rows.error());
  for (const LogRow& row : *rows) {
    if (auto loaded = load_log(row, tables, keys, recent, may_lack_key); !loaded) return loaded;
  }
  std::set<std::string, std::less<>> known;
  for (const LogRow& row : *rows) known.insert(row.tenant);
  return refuse_other_checkpoints(directory_, known);
}

base::Result<void> LogRegistry::load_log(const LogRow& row, ReadTables& tables, DataKeys& keys,
                                         RecentSubjects& recent, const MayLackKey& may_lack_key) {
  auto log = std::make_shared<Log>();
  log->id = row.id;
  log->tenant = row.tenant;
  log->origin = row.origin;
  log->key_context = log_id(row.origin);
  const auto expected = origin(row.tenant);
  if (!expected || *expected != row.origin) {
    return base::fail(ErrorCode::kFailedPrecondition,
                      "log " + row.origin + ": the origin prefix was another one before",
                      "origin_prefix");
  }

  const auto promised = load_checkpoint(*log, tables);
  if (!promised) return tl::unexpected(promised.error());
  Tail tail;
  auto tree = rebuild(*log, *promised, tables, tail, recent);
  if (!tree) return tl::unexpected(tree.error());
  if (auto checked = check_keys(*log, tail, tables, keys, may_lack_key); !checked) return checked;
  log->written = std::make_shared<const GrowingTree>(*std::move(tree));
  publish(log, log->written);
  return {};
}

base::Result<GrowingTree> LogRegistry::rebuild(Log& log, const std::optional<Checkpoint>& promised,
                                               ReadTables& tables, Tail& tail,
                                               RecentSubjects& recent) const {
  const auto size = tables.size(log.id);
  if (!size) return tl::unexpected(size.error());
  if (promised && *size < promised->size) {
    return lost(log, "it is shorter than its last signed checkpoint: an old copy?");
  }
  // What the checkpoint covers is believed from the tiles, whose root it signs.
  const std::uint64_t covered = promised ? promised->size : 0;
  const std::uint64_t last = *size > kCheckedTail ? *size - kCheckedTail : 0;
  const std::uint64_t checked = std::min(covered, last) / kTileWidth * kTileWidth;
  const auto indexed = tables.indexed_below(log.id);
  if (!indexed) return tl::unexpected(indexed.error());
  recent.load(log.id, *indexed);
  if (auto loaded = tables.load_subjects(log.id, *indexed, recent); !loaded) {
    return tl::unexpected(loaded.error());
  }
  const TileReader stored_tile = [&](TileId tile) { return tables.tile(log.id, tile); };
  auto tree = GrowingTree::restore(checked, {}, stored_tile);
  if (!tree) return lost(log, tree.error().message);
  const auto same_tile = [&](TileId tile, const std::vector<Hash>& hashes) -> base::Result<void> {
    const auto stored = tables.tile(log.id, tile);
    if (!stored) return lost(log, stored.error().message);
    if (*stored != hashes) return lost(log, "a tile is not what its leaves hash to");
    return {};
  };
  auto rebuilt = tables.for_each_leaf(
      log.id, std::min(checked, *indexed),
      [&](std::uint64_t index, ByteView data) -> base::Result<void> {
        const auto leaf = decode_leaf(data);
        if (!leaf) return lost(log, "leaf " + std::to_string(index) + " cannot be read");
        log.last_time_unix_us = std::max(log.last_time_unix_us, leaf->time_unix_us);
        const bool of_subject = leaf->subject_ref != Id16{};
        if (of_subject && index >= *indexed) recent.load_record(log.id, {leaf->subject_ref, index});
        if (index < checked) return {};
        if (of_subject && leaf->type != RecordType::kErasure) tail[leaf->subject_ref] = index;
        return tree->append(leaf_hash(data), same_tile);
      });
  if (!rebuilt) return tl::unexpected(rebuilt.error());
  if (promised) {
    const auto root = tree_root(promised->size, nodes_of(*tree, log.id, tables));
    if (!root) return lost(log, root.error().message);
    if (*root != promised->root) return lost(log, "it differs from its last signed checkpoint");
  }
  return tree;
}

base::Result<std::optional<Checkpoint>> LogRegistry::load_checkpoint(Log& log,
                                                                     ReadTables& tables) const {
  auto note = read_file(checkpoint_file(log), kMaxNoteBytes);
  if (!note && note.error().code == ErrorCode::kNotFound) {
    auto recorded = tables.newest_checkpoint(log.id);
    if (!recorded) return tl::unexpected(recorded.error());
    if (!*recorded) return std::nullopt;
    if (memory_ == Memory::kFiles) {
      return lost(log, "its file with the last signed checkpoint is missing");
    }
    note = **std::move(recorded);
  }
  if (!note) return tl::unexpected(note.error());
  const VerifierKey own = verifier_key(log.origin, key_.public_key());
  auto checkpoint = open_checkpoint(*note, {&own, 1}, log.origin);
  if (!checkpoint) {
    return base::fail(ErrorCode::kFailedPrecondition,
                      "log " + log.origin + ": its last checkpoint is not signed by this key: " +
                          checkpoint.error().message,
                      "signing_key_file");
  }
  log.newest_note = *std::move(note);
  log.signed_size = checkpoint->size;
  return *std::move(checkpoint);
}

base::Result<void> LogRegistry::check_keys(const Log& log, const Tail& tail, ReadTables& tables,
                                           DataKeys& keys, const MayLackKey& may_lack_key) const {
  const auto log_key = keys.log_key(log.tenant);
  if (!log_key) return tl::unexpected(log_key.error());
  if (!*log_key) return lost(log, "its key is missing from keys.db");
  for (const auto& [ref, index] : tail) {
    const auto key = keys.subject_key(log.tenant, ref);
    if (key || may_lack_key(log.tenant, ref)) continue;
    const auto has_body = tables.has_body(log.id, index);
    if (!has_body) return tl::unexpected(has_body.error());
    if (*has_body) return lost(log, "a subject's key is missing from keys.db or damaged");
  }
  return {};
}

base::Result<void> refuse_other_checkpoints(const std::string& directory,
                                            const std::set<std::string, std::less<>>& known) {
  std::error_code error;
  std::filesystem::directory_iterator file(directory, error);
  for (; !error && file != std::filesystem::directory_iterator(); file.increment(error)) {
    const std::filesystem::path& path = file->path();
    if (path.extension() != kCheckpointExtension || known.contains(path.stem().string())) continue;
    return base::fail(ErrorCode::kDataLoss,
                      path.string() +
                          ": log.db does not have the log that this checkpoint was signed for: "
                          "restore log.db, or begin anew in another directory under another "
                          "origin prefix");
  }
  if (error) return base::fail(ErrorCode::kUnavailable, directory + ": " + error.message());
  return {};
}

NodeReader nodes_of(const GrowingTree& tree, std::int64_t log, ReadTables& tables) {
  return [&tree, log, &tables](NodeId id) {
    return tree.node(id, [&](TileId tile) { return tables.tile(log, tile); });
  };
}

}  // namespace paxid::audit
