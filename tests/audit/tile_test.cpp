#include "audit/tile.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/audit/vectors.h"

namespace paxid::audit {
namespace {

struct Kept {
  std::map<std::pair<unsigned, std::uint64_t>, std::vector<Hash>> tiles;
  FullTile keep() {
    return [this](TileId id, const std::vector<Hash>& hashes) -> base::Result<void> {
      EXPECT_EQ(hashes.size(), kTileWidth);
      EXPECT_TRUE(tiles.emplace(std::pair{id.level, id.index}, hashes).second);
      return {};
    };
  }
  NodeReader nodes(const GrowingTree& tree) {
    return [this, &tree](NodeId id) {
      return tree.node(id, [this](TileId tile) -> base::Result<std::vector<Hash>> {
        return tiles.at({tile.level, tile.index});
      });
    };
  }
};

Hash leaf(std::uint32_t i) {
  const std::uint8_t data[] = {static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(i >> 8),
                               static_cast<std::uint8_t>(i >> 16)};
  return leaf_hash(data);
}

// Three levels of tiles: the sizes around 256 and 65,536, where they become full.
TEST(GrowingTree, ProofsFromTilesVerify) {
  Kept kept;
  GrowingTree tree;
  std::map<std::uint64_t, Hash> roots;
  constexpr std::uint32_t kSize = 70'000;
  for (std::uint32_t i = 0; i < kSize; ++i) {
    ASSERT_TRUE(tree.append(leaf(i), kept.keep()));
    const std::uint64_t size = tree.size();
    if (size < 3 || (size >= 255 && size <= 258) || (size >= 65'535 && size <= 65'538) ||
        size == kSize) {
      roots[size] = tree.root();
    }
  }
  EXPECT_EQ(kept.tiles.size(), kSize / 256 + 1);
  const NodeReader nodes = kept.nodes(tree);
  for (const auto& [size, root] : roots) {
    EXPECT_EQ(*tree_root(size, nodes), root);
    for (const std::uint64_t index : {std::uint64_t{0}, size / 2, size - 1}) {
      const auto proof = inclusion_proof(index, size, nodes);
      ASSERT_TRUE(proof);
      EXPECT_TRUE(
          verify_inclusion(index, size, leaf(static_cast<std::uint32_t>(index)), *proof, root));
    }
    for (const auto& [later, later_root] : roots) {
      if (later < size) continue;
      const auto proof = consistency_proof(size, later, nodes);
      ASSERT_TRUE(proof);
      EXPECT_TRUE(verify_consistency(size, later, root, later_root, *proof));
    }
  }
}

// A tree taken up again from its tiles is the tree, at every border, and grows like it.
TEST(GrowingTree, IsRestoredFromItsTiles) {
  constexpr std::uint32_t kSize = 66'100;
  for (const std::uint32_t cut : {0u, 1u, 255u, 256u, 257u, 700u, 65'535u, 65'536u, 65'800u}) {
    Kept kept;
    GrowingTree tree;
    std::vector<Hash> last;
    for (std::uint32_t i = 0; i < cut; ++i) {
      ASSERT_TRUE(tree.append(leaf(i), kept.keep()));
      last.push_back(leaf(i));
      if (last.size() == kTileWidth) last.clear();
    }
    const TileReader tiles = [&](TileId tile) -> base::Result<std::vector<Hash>> {
      return kept.tiles.at({tile.level, tile.index});
    };
    auto restored = GrowingTree::restore(cut, last, tiles);
    ASSERT_TRUE(restored);
    EXPECT_EQ(restored->size(), cut);
    EXPECT_EQ(restored->root(), tree.root()) << cut;
    Kept other;
    other.tiles = kept.tiles;
    for (std::uint32_t i = cut; i < std::min(kSize, cut + 600); ++i) {
      ASSERT_TRUE(tree.append(leaf(i), kept.keep()));
      ASSERT_TRUE(restored->append(leaf(i), other.keep()));
    }
    EXPECT_EQ(restored->root(), tree.root()) << cut;
    EXPECT_EQ(other.tiles, kept.tiles) << cut;
  }
}

TEST(GrowingTree, ATileThatCannotBeKeptFailsTheAppend) {
  GrowingTree tree;
  const FullTile full = [](TileId, const std::vector<Hash>&) -> base::Result<void> {
    return base::fail(base::ErrorCode::kResourceExhausted, "disk");
  };
  for (std::uint32_t i = 0; i < 255; ++i) ASSERT_TRUE(tree.append(leaf(i), full));
  EXPECT_FALSE(tree.append(leaf(255), full));
}

}  // namespace
}  // namespace paxid::audit
