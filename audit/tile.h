#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "audit/bytes.h"
#include "audit/merkle.h"

// Tiles: the stored nodes of the tree, in the manner of C2SP tlog-tiles. A full tile of level
// t is the 256 roots of perfect subtrees of 256^t leaves each; proofs need nothing else.
namespace paxid::audit {

inline constexpr unsigned kTileHeight = 8;
inline constexpr std::size_t kTileWidth = 256;

struct TileId {
  unsigned level = 0;
  std::uint64_t index = 0;
};

// The concatenated hashes of one tile, kTileWidth * 32 bytes when full.
using FullTile = std::function<base::Result<void>(TileId, const std::vector<Hash>&)>;
using TileReader = std::function<base::Result<std::vector<Hash>>(TileId)>;

// A growing tree: its frontier, and for each level the tile that is not full yet. A value;
// copies are independent. Not thread-safe.
class GrowingTree {
 public:
  // The tree of `size` leaves from its full tiles and the hashes of the leaves after the last
  // full one, size % kTileWidth of them. Reads at most 255 tiles of each level. What the tiles
  // say is believed: compare the root with a signed one.
  static base::Result<GrowingTree> restore(std::uint64_t size, std::vector<Hash> last_leaves,
                                           const TileReader& tiles);

  // Hands every tile to `full` that this leaf completes, lowest level first. The tree has
  // grown even when `full` fails: drop it then.
  base::Result<void> append(const Hash& leaf, const FullTile& full);

  std::uint64_t size() const { return frontier_.size(); }
  Hash root() const { return frontier_.root(); }

  // The root of a subtree that is complete in this tree, from the partial tiles or from a
  // full one that `tiles` reads.
  base::Result<Hash> node(NodeId id, const TileReader& tiles) const;

 private:
  base::Result<Hash> node_of(std::uint64_t size, NodeId id, const TileReader& tiles) const;

  Frontier frontier_;
  std::vector<std::vector<Hash>> partial_;  // by level
};

}  // namespace paxid::audit
