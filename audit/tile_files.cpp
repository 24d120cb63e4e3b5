#include "audit/tile_files.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <system_error>
#include <vector>

#include "audit/bytes.h"
#include "audit/checkpoint.h"
#include "audit/crypto.h"
#include "audit/file.h"
#include "audit/leaf.h"
#include "audit/log_tables.h"
#include "audit/merkle.h"
#include "audit/note.h"
#include "audit/recent_subjects.h"
#include "audit/sqlite.h"
#include "audit/store_files.h"
#include "audit/tile.h"
#include "base/check.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;

constexpr std::uint64_t kProgressStep = 4096;

// Three digits at a time, all but the last behind an "x".
std::string number_path(std::uint64_t number) {
  std::string path;
  for (bool last = true; last || number > 0; last = false, number /= 1000) {
    std::string digits = std::to_string(number % 1000);
    digits.insert(0, 3 - digits.size(), '0');
    path.insert(0, last ? digits : "x" + digits + "/");
  }
  return path;
}

std::string with_width(std::string path, std::size_t width) {
  PAXID_CHECK(width > 0 && width <= kTileWidth);
  return width == kTileWidth ? path : path + ".p/" + std::to_string(width);
}

class Writer {
 public:
  Writer(std::string target, std::uint64_t size) : target_(std::move(target)), size_(size) {}

  base::Result<void> add(ByteView leaf) {
    bundle_.push_back(static_cast<std::uint8_t>(leaf.size() >> 8));
    bundle_.push_back(static_cast<std::uint8_t>(leaf.size()));
    bundle_.insert(bundle_.end(), leaf.begin(), leaf.end());
    auto grown = tree_.append(leaf_hash(leaf), [this](TileId id, const std::vector<Hash>& hashes) {
      return write_tile(id.level, id.index, hashes);
    });
    if (!grown || tree_.size() % kTileWidth != 0) return grown;
    return write_bundle(tree_.size() / kTileWidth - 1, kTileWidth);
  }

  // What is not full.
  base::Result<void> end() {
    const std::size_t width = size_ % kTileWidth;
    if (width > 0) {
      if (auto written = write_bundle(size_ / kTileWidth, width); !written) return written;
    }
    std::uint64_t nodes = size_;
    for (unsigned level = 0; nodes > 0; ++level, nodes /= kTileWidth) {
      std::vector<Hash> hashes;
      for (std::uint64_t i = nodes - nodes % kTileWidth; i < nodes; ++i) {
        // All of them are of tiles that are not full: none is read.
        const auto node = tree_.node({level * kTileHeight, i}, [](TileId) {
          return base::fail(ErrorCode::kInternal, "a full tile beside a partial one");
        });
        if (!node) return tl::unexpected(node.error());
        hashes.push_back(*node);
      }
      if (hashes.empty()) continue;
      if (auto written = write_tile(level, nodes / kTileWidth, hashes); !written) return written;
    }
    return {};
  }

  Hash root() const { return tree_.root(); }
  std::uint64_t size() const { return tree_.size(); }
  std::uint64_t files() const { return files_; }

 private:
  base::Result<void> write_tile(unsigned level, std::uint64_t index,
                                const std::vector<Hash>& hashes) {
    Bytes bytes;
    for (const Hash& hash : hashes) bytes.insert(bytes.end(), hash.begin(), hash.end());
    return write(tile_path(level, index, hashes.size()), bytes);
  }

  base::Result<void> write_bundle(std::uint64_t index, std::size_t width) {
    auto written = write(entries_path(index, width), bundle_);
    bundle_.clear();
    return written;
  }

  base::Result<void> write(const std::string& path, ByteView bytes) {
    const std::string file = target_ + "/" + path;
    auto made = make_public_directories(std::filesystem::path(file).parent_path().string());
    if (!made) return made;
    if (auto written = replace_public_file(file, bytes); !written) return written;
    ++files_;
    return {};
  }

  const std::string target_;
  const std::uint64_t size_;
  GrowingTree tree_;
  Bytes bundle_;
  std::uint64_t files_ = 0;
};

base::Result<Checkpoint> checked(const std::string& note, const std::string& origin,
                                 const PublicKey& key) {
  const VerifierKey own = verifier_key(origin, key);
  auto checkpoint = open_checkpoint(note, {&own, 1}, origin);
  if (checkpoint) return *std::move(checkpoint);
  return base::fail(ErrorCode::kFailedPrecondition,
                    "the last checkpoint is not signed by this key: " + checkpoint.error().message,
                    "checkpoint");
}

}  // namespace

std::string tile_path(unsigned level, std::uint64_t index, std::size_t width) {
  return with_width("tile/" + std::to_string(level) + "/" + number_path(index), width);
}

std::string entries_path(std::uint64_t index, std::size_t width) {
  return with_width("tile/entries/" + number_path(index), width);
}

base::Result<TileFiles> write_tile_files(const std::string& directory, const std::string& tenant,
                                         const PublicKey& key, const std::string& target,
                                         const Progress& progress) {
  // Before the leaves, so that they are all there.
  const std::string file = directory + "/" + tenant + std::string(kCheckpointExtension);
  const auto note = read_file(file, kMaxNoteBytes);
  if (!note) return tl::unexpected(note.error());
  auto database = Database::open(directory + "/log.db", Database::Access::kReadOnly);
  if (!database) return tl::unexpected(database.error());
  if (auto begun = database->execute("PRAGMA busy_timeout=5000; PRAGMA query_only=ON; BEGIN");
      !begun) {
    return tl::unexpected(begun.error());
  }
  auto tables = SqliteReadTables::prepare(*database, std::make_shared<RecentSubjects>());
  if (!tables) return tl::unexpected(tables.error());
  const auto logs = tables->logs();
  if (!logs) return tl::unexpected(logs.error());
  const auto log = std::ranges::find(*logs, tenant, &LogRow::tenant);
  if (log == logs->end()) return base::fail(ErrorCode::kNotFound, "there is no such log", "tenant");
  const auto checkpoint = checked(*note, log->origin, key);
  if (!checkpoint) return tl::unexpected(checkpoint.error());
  if (auto made = make_empty_directory(target); !made) return tl::unexpected(made.error());
  Writer writer(target, checkpoint->size);
  auto select = database->prepare("SELECT data FROM leaf WHERE log = ? AND idx < ? ORDER BY idx");
  if (!select) return tl::unexpected(select.error());
  select->start(log->id, checkpoint->size);
  for (;;) {
    const auto row = select->next();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    if (auto added = writer.add(select->blob(0)); !added) return tl::unexpected(added.error());
    if (progress && writer.size() % kProgressStep == 0) progress(writer.size(), checkpoint->size);
  }
  if (writer.size() != checkpoint->size || writer.root() != checkpoint->root) {
    return base::fail(ErrorCode::kDataLoss, "the leaves do not lead to the last checkpoint");
  }
  if (auto ended = writer.end(); !ended) return tl::unexpected(ended.error());
  if (auto written = replace_public_file(target + "/checkpoint", bytes_of(*note)); !written) {
    return tl::unexpected(written.error());
  }
  // A web server reads them as a user of its own.
  using std::filesystem::perms;
  std::error_code error;
  std::filesystem::permissions(target,
                               perms::owner_all | perms::group_read | perms::group_exec |
                                   perms::others_read | perms::others_exec,
                               error);
  if (error) return base::fail(ErrorCode::kUnavailable, "cannot let others read " + target);
  return TileFiles{log->origin, checkpoint->size, writer.files()};
}

}  // namespace paxid::audit
