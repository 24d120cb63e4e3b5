#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "audit/signer.h"
#include "audit/store_check.h"
#include "base/error.h"

// A log as the files of C2SP tlog-tiles: what a web server gives out as it is, and what other
// people's monitors, mirrors and witnesses read. A leaf is the entry; bodies are not in it.
namespace paxid::audit {

// "tile/0/x001/x234/067" of a full tile, "tile/0/x001/x234/067.p/8" of one that is 8 hashes wide.
// Requires 0 < width <= kTileWidth.
std::string tile_path(unsigned level, std::uint64_t index, std::size_t width);
// "tile/entries/x001/x234/067": the entries of that tile of level 0, each behind its length.
std::string entries_path(std::uint64_t index, std::size_t width);

struct TileFiles {
  std::string origin;
  std::uint64_t size = 0;   // of the tree, that of its checkpoint
  std::uint64_t files = 0;  // tiles and bundles of entries
};

// Writes the tenant's log up to its last checkpoint below `target`, which is new or empty, beside
// the server that writes the log. The tree is computed from the leaves and compared with the
// checkpoint, which is written last. NOT_FOUND without a checkpoint, FAILED_PRECONDITION when it is
// not signed by `key`, DATA_LOSS when the leaves do not lead to it. Whatever fails, what is under
// its name is whole, and the checkpoint is there only when all else is.
base::Result<TileFiles> write_tile_files(const std::string& directory, const std::string& tenant,
                                         const PublicKey& key, const std::string& target,
                                         const Progress& progress);

}  // namespace paxid::audit
