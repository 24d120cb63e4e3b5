#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "audit/bytes.h"
#include "base/error.h"

// The Merkle tree of RFC 6962 section 2.1, unchanged: leaves are hashed with the prefix
// 0x00, inner nodes with 0x01. Proofs are checked by the algorithms of RFC 9162 sections
// 2.1.3.2 and 2.1.4.2. Everything here is pure and thread-safe unless it says otherwise.
namespace paxid::audit {

// The longest proof of a tree of at most 2^63 leaves.
inline constexpr std::size_t kMaxInclusionHashes = 63;
inline constexpr std::size_t kMaxConsistencyHashes = 64;
// Larger trees are refused, so that sizes fit a signed integer everywhere.
inline constexpr std::uint64_t kMaxTreeSize = std::uint64_t{1} << 62;

// SHA-256(0x00 || data).
Hash leaf_hash(ByteView data);
// SHA-256(0x01 || left || right).
Hash node_hash(const Hash& left, const Hash& right);
// The root of the empty tree: SHA-256 of nothing.
Hash empty_root();

// What a log needs to remember in order to grow: the roots of its perfect subtrees, the
// largest first. A value of at most 63 hashes; not thread-safe.
class Frontier {
 public:
  Frontier() = default;
  // Of a tree of `size` leaves: the root of one perfect subtree for each set bit of `size`,
  // the largest first.
  Frontier(std::uint64_t size, std::vector<Hash> subtrees);

  void append(const Hash& leaf);
  std::uint64_t size() const { return size_; }
  Hash root() const;
  const std::vector<Hash>& subtrees() const { return subtrees_; }

 private:
  std::uint64_t size_ = 0;
  std::vector<Hash> subtrees_;
};

// The root of the perfect subtree over the leaves [index << level, (index + 1) << level).
struct NodeId {
  unsigned level = 0;
  std::uint64_t index = 0;
  friend bool operator==(const NodeId&, const NodeId&) = default;
};

// Where proofs take their nodes from. Only asked for subtrees that are complete in the tree
// the proof is for.
using NodeReader = std::function<base::Result<Hash>(NodeId)>;

// RFC 6962 section 2.1: the root over the first `size` leaves.
base::Result<Hash> tree_root(std::uint64_t size, const NodeReader& node);
// RFC 6962 section 2.1.1, from the leaf upwards. INVALID_ARGUMENT unless index < size.
base::Result<std::vector<Hash>> inclusion_proof(std::uint64_t index, std::uint64_t size,
                                                const NodeReader& node);
// RFC 6962 section 2.1.2. INVALID_ARGUMENT unless 1 <= first <= second. Empty when equal.
base::Result<std::vector<Hash>> consistency_proof(std::uint64_t first, std::uint64_t second,
                                                  const NodeReader& node);

// The roots of the perfect subtrees of the first `size` leaves, the largest first; what Frontier
// begins with.
base::Result<std::vector<Hash>> left_subtrees(std::uint64_t size, const NodeReader& node);

// RFC 9162 section 2.1.3.2. DATA_LOSS with the reason when the proof does not lead from the
// leaf to the root.
base::Result<void> verify_inclusion(std::uint64_t index, std::uint64_t size, const Hash& leaf,
                                    const std::vector<Hash>& proof, const Hash& root);
// RFC 9162 section 2.1.4.2, and its borders: equal sizes need equal roots and an empty
// proof; a first tree of size 0 needs the empty root and an empty proof.
base::Result<void> verify_consistency(std::uint64_t first, std::uint64_t second,
                                      const Hash& first_root, const Hash& second_root,
                                      const std::vector<Hash>& proof);

}  // namespace paxid::audit
