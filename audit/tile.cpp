#include "audit/tile.h"

#include <span>
#include <utility>

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

base::Result<GrowingTree> GrowingTree::restore(std::uint64_t size, std::vector<Hash> last_leaves,
                                               const TileReader& tiles) {
  PAXID_CHECK(last_leaves.size() == size % kTileWidth);
  GrowingTree tree;
  tree.partial_.push_back(std::move(last_leaves));
  // The tile of a level that is not full holds the roots of the full tiles below it.
  for (unsigned level = 1; (size >> (kTileHeight * level)) > 0; ++level) {
    const std::uint64_t complete = size >> (kTileHeight * level);
    std::vector<Hash>& roots = tree.partial_.emplace_back();
    for (std::uint64_t i = complete - complete % kTileWidth; i < complete; ++i) {
      const auto hashes = tiles({level - 1, i});
      if (!hashes) return tl::unexpected(hashes.error());
      roots.push_back(perfect_root(*hashes));
    }
  }
  auto subtrees = left_subtrees(size, [&](NodeId id) { return tree.node_of(size, id, tiles); });
  if (!subtrees) return tl::unexpected(subtrees.error());
  tree.frontier_ = Frontier(size, *std::move(subtrees));
  return tree;
}

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
  return node_of(size(), id, tiles);
}

base::Result<Hash> GrowingTree::node_of(std::uint64_t size, NodeId id,
                                        const TileReader& tiles) const {
  PAXID_CHECK(((id.index + 1) << id.level) <= size);
  const unsigned level = id.level / kTileHeight;
  const unsigned height = id.level % kTileHeight;
  const std::uint64_t first = id.index << height;  // in hashes of that tile level
  const TileId tile{level, first / kTileWidth};
  const std::size_t offset = first % kTileWidth;
  const std::size_t count = std::size_t{1} << height;
  const std::uint64_t full_tiles = size >> (kTileHeight * (level + 1));
  if (tile.index == full_tiles) {
    return perfect_root(std::span(partial_[level]).subspan(offset, count));
  }
  auto hashes = tiles(tile);
  if (!hashes) return tl::unexpected(hashes.error());
  return perfect_root(std::span(*hashes).subspan(offset, count));
}

}  // namespace paxid::audit
