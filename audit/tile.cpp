#include "audit/tile.h"

#include <span>

#include "base/check.h"

namespace paxid::audit {
namespace {

// The root over 2^n hashes.
Hash perfect_root(std::span<const Hash> hashes) {
  if (hashes.size() == 1) return hashes[0];
  const std::size_t half = hashes.size() / 2;
  return node_hash(perfect_root(hashes.first(half)), perfect_root(hashes.subspan(half)));
}

}  // namespace

base::Result<void> GrowingTree::append(const Hash& leaf, const FullTile& full) {
  frontier_.append(leaf);
  Hash hash = leaf;
  for (unsigned level = 0;; ++level) {
    if (partial_.size() == level) partial_.emplace_back();
    std::vector<Hash>& tile = partial_[level];
    tile.push_back(hash);
    if (tile.size() < kTileWidth) return {};
    const std::uint64_t index = (frontier_.size() >> (kTileHeight * (level + 1))) - 1;
    if (auto stored = full({level, index}, tile); !stored) return stored;
    hash = perfect_root(tile);
    tile.clear();
  }
}

base::Result<Hash> GrowingTree::node(NodeId id, const TileReader& tiles) const {
  PAXID_CHECK(((id.index + 1) << id.level) <= size());
  const unsigned level = id.level / kTileHeight;
  const unsigned height = id.level % kTileHeight;
  const std::uint64_t first = id.index << height;  // in hashes of that tile level
  const TileId tile{level, first / kTileWidth};
  const std::size_t offset = first % kTileWidth;
  const std::size_t count = std::size_t{1} << height;
  const std::uint64_t full_tiles = size() >> (kTileHeight * (level + 1));
  if (tile.index == full_tiles) {
    return perfect_root(std::span(partial_[level]).subspan(offset, count));
  }
  auto hashes = tiles(tile);
  if (!hashes) return tl::unexpected(hashes.error());
  return perfect_root(std::span(*hashes).subspan(offset, count));
}

}  // namespace paxid::audit
