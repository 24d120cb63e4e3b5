#include "audit/merkle.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "audit/crypto.h"
#include "base/check.h"

namespace paxid::audit {
namespace {

constexpr std::uint8_t kLeafPrefix[] = {0x00};
constexpr std::uint8_t kNodePrefix[] = {0x01};

tl::unexpected<base::Error> wrong_size(std::string message) {
  return base::fail(base::ErrorCode::kInvalidArgument, std::move(message));
}

tl::unexpected<base::Error> wrong_proof(std::string message) {
  return base::fail(base::ErrorCode::kDataLoss, std::move(message));
}

// The largest power of two smaller than n. Requires n >= 2.
std::uint64_t split_point(std::uint64_t n) { return std::bit_floor(n - 1); }

// The root over the leaves [begin, begin + count). In every subtree that the recursion of
// RFC 6962 visits, `begin` is a multiple of the size of each perfect part.
base::Result<Hash> range_root(std::uint64_t begin, std::uint64_t count, const NodeReader& node) {
  PAXID_CHECK(count > 0);
  if (std::has_single_bit(count)) {
    const unsigned level = static_cast<unsigned>(std::countr_zero(count));
    return node({level, begin >> level});
  }
  const std::uint64_t k = split_point(count);
  auto left = range_root(begin, k, node);
  if (!left) return left;
  auto right = range_root(begin + k, count - k, node);
  if (!right) return right;
  return node_hash(*left, *right);
}

struct Range {
  std::uint64_t begin;
  std::uint64_t count;
};
base::Result<std::vector<Hash>> roots_of(const std::vector<Range>& ranges, const NodeReader& node) {
  std::vector<Hash> roots;
  roots.reserve(ranges.size());
  for (const Range& range : ranges) {
    auto root = range_root(range.begin, range.count, node);
    if (!root) return tl::unexpected(root.error());
    roots.push_back(*root);
  }
  return roots;
}

}  // namespace

Hash leaf_hash(ByteView data) { return sha256({kLeafPrefix, data}); }

Hash node_hash(const Hash& left, const Hash& right) { return sha256({kNodePrefix, left, right}); }

Hash empty_root() { return sha256({}); }

Frontier::Frontier(std::uint64_t size, std::vector<Hash> subtrees)
    : size_(size), subtrees_(std::move(subtrees)) {
  PAXID_CHECK(subtrees_.size() == static_cast<std::size_t>(std::popcount(size)));
}

void Frontier::append(const Hash& leaf) {
  subtrees_.push_back(leaf);
  ++size_;
  for (int merges = std::countr_zero(size_); merges > 0; --merges) {
    const Hash right = subtrees_.back();
    subtrees_.pop_back();
    subtrees_.back() = node_hash(subtrees_.back(), right);
  }
}

Hash Frontier::root() const {
  if (subtrees_.empty()) return empty_root();
  Hash root = subtrees_.back();
  for (auto left = subtrees_.rbegin() + 1; left != subtrees_.rend(); ++left) {
    root = node_hash(*left, root);
  }
  return root;
}

base::Result<Hash> tree_root(std::uint64_t size, const NodeReader& node) {
  if (size > kMaxTreeSize) return wrong_size("the tree is larger than 2^62 leaves");
  if (size == 0) return empty_root();
  return range_root(0, size, node);
}

base::Result<std::vector<Hash>> inclusion_proof(std::uint64_t index, std::uint64_t size,
                                                const NodeReader& node) {
  if (size > kMaxTreeSize) return wrong_size("the tree is larger than 2^62 leaves");
  if (index >= size) return wrong_size("the index is outside the tree");
  // PATH(m, D[n]) of RFC 6962 section 2.1.1, walked from the root down.
  std::vector<Range> siblings;
  std::uint64_t begin = 0;
  std::uint64_t count = size;
  while (count > 1) {
    const std::uint64_t k = split_point(count);
    if (index - begin < k) {
      siblings.push_back({begin + k, count - k});
      count = k;
    } else {
      siblings.push_back({begin, k});
      begin += k;
      count -= k;
    }
  }
  std::reverse(siblings.begin(), siblings.end());
  return roots_of(siblings, node);
}

base::Result<std::vector<Hash>> left_subtrees(std::uint64_t size, const NodeReader& node) {
  std::vector<Range> parts;
  for (std::uint64_t begin = 0; begin < size;) {
    const std::uint64_t count = std::bit_floor(size - begin);
    parts.push_back({begin, count});
    begin += count;
  }
  return roots_of(parts, node);
}

base::Result<std::vector<Hash>> consistency_proof(std::uint64_t first, std::uint64_t second,
                                                  const NodeReader& node) {
  if (second > kMaxTreeSize) return wrong_size("the tree is larger than 2^62 leaves");
  if (first == 0 || first > second) {
    return wrong_size("the first tree must have between one leaf and as many as the second");
  }
  if (first == second) return std::vector<Hash>{};
  // SUBPROOF(m, D[n], b) of RFC 6962 section 2.1.2, walked from the root down.
  std::vector<Range> parts;
  std::uint64_t begin = 0;
  std::uint64_t count = second;
  bool known = true;  // the verifier has the root of what is left of the first tree
  while (first - begin != count) {
    const std::uint64_t k = split_point(count);
    if (first - begin <= k) {
      parts.push_back({begin + k, count - k});
      count = k;
    } else {
      parts.push_back({begin, k});
      begin += k;
      count -= k;
      known = false;
    }
  }
  if (!known) parts.push_back({begin, count});
  std::reverse(parts.begin(), parts.end());
  return roots_of(parts, node);
}

base::Result<void> verify_inclusion(std::uint64_t index, std::uint64_t size, const Hash& leaf,
                                    const std::vector<Hash>& proof, const Hash& root) {
  if (size > kMaxTreeSize || index >= size) return wrong_proof("the index is outside the tree");
  std::uint64_t fn = index;
  std::uint64_t sn = size - 1;
  Hash hash = leaf;
  for (const Hash& sibling : proof) {
    if (sn == 0) return wrong_proof("the inclusion proof is too long");
    if ((fn & 1) != 0 || fn == sn) {
      hash = node_hash(sibling, hash);
      while ((fn & 1) == 0 && fn != 0) {
        fn >>= 1;
        sn >>= 1;
      }
    } else {
      hash = node_hash(hash, sibling);
    }
    fn >>= 1;
    sn >>= 1;
  }
  if (sn != 0) return wrong_proof("the inclusion proof is too short");
  if (hash != root) return wrong_proof("the inclusion proof does not lead to the root");
  return {};
}

namespace {

// RFC 9162 section 2.1.4.2 steps 2 to 7, for 0 < first < second.
base::Result<void> walk_consistency(std::uint64_t first, std::uint64_t second,
                                    const Hash& first_root, const Hash& second_root,
                                    const std::vector<Hash>& proof) {
  auto next = proof.begin();
  if (next == proof.end()) return wrong_proof("the consistency proof is empty");
  std::uint64_t fn = first - 1;
  std::uint64_t sn = second - 1;
  while ((fn & 1) != 0) {
    fn >>= 1;
    sn >>= 1;
  }
  Hash from_first = std::has_single_bit(first) ? first_root : *next++;
  Hash from_second = from_first;
  for (; next != proof.end(); ++next) {
    if (sn == 0) return wrong_proof("the consistency proof is too long");
    if ((fn & 1) != 0 || fn == sn) {
      from_first = node_hash(*next, from_first);
      from_second = node_hash(*next, from_second);
      while ((fn & 1) == 0 && fn != 0) {
        fn >>= 1;
        sn >>= 1;
      }
    } else {
      from_second = node_hash(from_second, *next);
    }
    fn >>= 1;
    sn >>= 1;
  }
  if (sn != 0) return wrong_proof("the consistency proof is too short");
  if (from_first != first_root) return wrong_proof("the proof does not lead to the first root");
  if (from_second != second_root) return wrong_proof("the proof does not lead to the second root");
  return {};
}

}  // namespace

base::Result<void> verify_consistency(std::uint64_t first, std::uint64_t second,
                                      const Hash& first_root, const Hash& second_root,
                                      const std::vector<Hash>& proof) {
  if (second > kMaxTreeSize) return wrong_proof("the tree is larger than 2^62 leaves");
  if (first > second) return wrong_proof("the second tree is smaller than the first");
  if (first == 0 || first == second) {
    if (!proof.empty()) return wrong_proof("the consistency proof must be empty");
    if (first == 0 && first_root != empty_root()) {
      return wrong_proof("the first root is not that of the empty tree");
    }
    if (first == second && first_root != second_root) {
      return wrong_proof("one size has two roots");
    }
    return {};
  }
  return walk_consistency(first, second, first_root, second_root, proof);
}

}  // namespace paxid::audit
