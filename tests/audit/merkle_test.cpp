#include "audit/merkle.h"

#include <gtest/gtest.h>

#include "audit/crypto.h"
#include "tests/audit/vectors.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;

// REFERENCE IMPLEMENTATION: RFC 6962 section 2.1, word for word, over D[begin, end).
using Leaves = std::vector<Hash>;

std::size_t k_of(std::size_t n) {
  std::size_t k = 1;
  while (2 * k < n) k *= 2;
  return k;
}

Hash reference_root(const Leaves& d, std::size_t begin, std::size_t end) {
  const std::size_t n = end - begin;
  if (n == 0) return sha256({});
  if (n == 1) return d[begin];
  const std::size_t k = k_of(n);
  return node_hash(reference_root(d, begin, begin + k), reference_root(d, begin + k, end));
}

Leaves operator+(Leaves list, const Hash& last) {
  list.push_back(last);
  return list;
}

Leaves reference_path(std::size_t m, const Leaves& d, std::size_t begin, std::size_t end) {
  const std::size_t n = end - begin;
  if (n == 1) return {};
  const std::size_t k = k_of(n);
  if (m < k) {
    return reference_path(m, d, begin, begin + k) + reference_root(d, begin + k, end);
  }
  return reference_path(m - k, d, begin + k, end) + reference_root(d, begin, begin + k);
}

Leaves reference_subproof(std::size_t m, const Leaves& d, std::size_t begin, std::size_t end,
                          bool b) {
  const std::size_t n = end - begin;
  if (m == n) return b ? Leaves{} : Leaves{reference_root(d, begin, end)};
  const std::size_t k = k_of(n);
  if (m <= k) {
    return reference_subproof(m, d, begin, begin + k, b) + reference_root(d, begin + k, end);
  }
  return reference_subproof(m - k, d, begin + k, end, false) + reference_root(d, begin, begin + k);
}

constexpr std::size_t kWorld = 130;

Leaves small_world() {
  Leaves leaves;
  for (std::size_t i = 0; i < kWorld; ++i) {
    const std::uint8_t data[] = {static_cast<std::uint8_t>(i)};
    leaves.push_back(leaf_hash(data));
  }
  return leaves;
}

NodeReader reader_of(const Leaves& leaves) {
  return [&leaves](NodeId id) -> base::Result<Hash> {
    const std::size_t begin = id.index << id.level;
    const std::size_t end = (id.index + 1) << id.level;
    if (end > leaves.size()) return base::fail(ErrorCode::kInternal, "incomplete subtree");
    return reference_root(leaves, begin, end);
  };
}

struct Published {
  Leaves leaves;
  std::vector<Hash> roots;  // by size
};

Published certificate_transparency() {
  Published published;
  for (const char* leaf : {"", "00", "10", "2021", "3031", "40414243", "5051525354555657",
                           "606162636465666768696a6b6c6d6e6f"}) {
    published.leaves.push_back(leaf_hash(hex(leaf)));
  }
  for (const char* root : {"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                           "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                           "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                           "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                           "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                           "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                           "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                           "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                           "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"}) {
    published.roots.push_back(hash_hex(root));
  }
  return published;
}

TEST(Merkle, PublishedRootsOfSizesZeroToEight) {
  const Published published = certificate_transparency();
  Frontier frontier;
  for (std::size_t size = 0; size <= 8; ++size) {
    EXPECT_EQ(frontier.size(), size);
    EXPECT_EQ(frontier.root(), published.roots[size]);
    EXPECT_EQ(*tree_root(size, reader_of(published.leaves)), published.roots[size]);
    if (size < 8) frontier.append(published.leaves[size]);
  }
}

TEST(Merkle, PublishedInclusionProof) {
  const Published published = certificate_transparency();
  const std::vector<Hash> want = {
      hash_hex("96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"),
      hash_hex("5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"),
      hash_hex("837dbb152e9b079010717e84e865da4ebc0fa198a806d59d31bf15accef22d0e")};
  EXPECT_EQ(*inclusion_proof(0, 7, reader_of(published.leaves)), want);
}

// A record of a public log: leaf 412114 of log2025-1.rekor.sigstore.dev.
TEST(Merkle, ProofOfAPublicLog) {
  const auto body = base::from_base64(
      "eyJhcGlWZXJzaW9uIjoiMC4wLjIiLCJraW5kIjoiaGFzaGVkcmVrb3JkIiwic3BlYyI6eyJoYXNoZWRSZWtvcmRWM"
      "DAyIjp7ImRhdGEiOnsiYWxnb3JpdGhtIjoiU0hBMl8yNTYiLCJkaWdlc3QiOiI1ZEoyU2FrVWVPWFk0dXQxaEJIUG"
      "9teitoVG42dGMwS1R6Y0dvc0ErZXBFPSJ9LCJzaWduYXR1cmUiOnsiY29udGVudCI6Ik1FWUNJUURjSk84Mm56MXJ"
      "ydHUxRHhTcHJ1WDFvZ0p1bThkbDRJaUdCTVB6M2pZY2JnSWhBS3dROHdOdTFPbjhwWWZoQUpDSzhPcVQwT09HVGgv"
      "eUFRK0FuL2UzZC9kVSIsInZlcmlmaWVyIjp7ImtleURldGFpbHMiOiJQS0lYX0VDRFNBX1AyNTZfU0hBXzI1NiIsI"
      "nB1YmxpY0tleSI6eyJyYXdCeXRlcyI6Ik1Ga3dFd1lIS29aSXpqMENBUVlJS29aSXpqMERBUWNEUWdBRTBxOVErdG"
      "RHMTk1Q1hLZm1VeDFZYXR2Wi9tTjNyaGpwT2ZtMWx2c2tXcHJIOVB4cGU5WGM2TGpFSmJCY1ZQaHV0a2ZVdkJCOVJ"
      "Eays0MlNORTYvNXhnPT0ifX19fX19");
  ASSERT_TRUE(body);
  std::vector<Hash> proof;
  for (const char* line : {"KIoYVJ0TqmaEkFboP7YWTjSh8vFjVECmokcTOAByfIM=",
                           "Umf0h0cK2hegTzNnSgsXszyiA4bp5OvEvP+GrWq3C8w=",
                           "vNQeSNBfepYZI2Ez3ViKdCft0JH87ZS8IGKwixxUVjc=",
                           "JBAugd5awOqmHXIKgz1MOjlR5f37VqmP0bWoRVcHX5M=",
                           "xYH2mAxGxfOgvSOLnItT2LsJt+Z2a2egjf8QJFwK7jA=",
                           "PbZWM3NitzChx9A22m/kddDtzh2bAKX5Fy7j76l3z2k=",
                           "sKX9Sbsahvw5DiC2oP6pbZsDi1NzuNS1nIULXkCC57o=",
                           "pfTCxXHnCM253jwYxVJcuUhmoTTtDxznn92QhN0M4Ws=",
                           "cJ8uk2ZvZyfg+HRILKOHcyHu2pvI8Fz3R1MyMvyzWtA="}) {
    proof.push_back(hash_base64(line));
  }
  const Hash root = hash_base64("+8vUkEgBK/ansexBUomzocaWoPEmPIzxJC/y+xNMQN4=");
  EXPECT_TRUE(verify_inclusion(412114, 412115, leaf_hash(*body), proof, root));
  EXPECT_FALSE(verify_inclusion(412113, 412115, leaf_hash(*body), proof, root));
}

TEST(Merkle, RootsEqualTheReference) {
  const Leaves leaves = small_world();
  Frontier frontier;
  for (std::size_t size = 0; size <= kWorld; ++size) {
    EXPECT_EQ(frontier.root(), reference_root(leaves, 0, size)) << size;
    if (size < kWorld) frontier.append(leaves[size]);
  }
}

TEST(Merkle, EveryInclusionProofEqualsTheReferenceAndVerifies) {
  const Leaves leaves = small_world();
  const NodeReader reader = reader_of(leaves);
  for (std::size_t size = 1; size <= kWorld; ++size) {
    const Hash root = reference_root(leaves, 0, size);
    for (std::size_t index = 0; index < size; ++index) {
      const auto proof = inclusion_proof(index, size, reader);
      ASSERT_TRUE(proof);
      ASSERT_EQ(*proof, reference_path(index, leaves, 0, size)) << index << " of " << size;
      ASSERT_TRUE(verify_inclusion(index, size, leaves[index], *proof, root));
    }
  }
}

TEST(Merkle, EveryConsistencyProofEqualsTheReferenceAndVerifies) {
  const Leaves leaves = small_world();
  const NodeReader reader = reader_of(leaves);
  for (std::size_t second = 1; second <= kWorld; ++second) {
    const Hash second_root = reference_root(leaves, 0, second);
    for (std::size_t first = 1; first <= second; ++first) {
      const Hash first_root = reference_root(leaves, 0, first);
      const auto proof = consistency_proof(first, second, reader);
      ASSERT_TRUE(proof);
      ASSERT_EQ(*proof, reference_subproof(first, leaves, 0, second, true))
          << first << " of " << second;
      ASSERT_TRUE(verify_consistency(first, second, first_root, second_root, *proof));
    }
  }
}

// Small enough to try every change: another index, another size, one flipped bit in each
// hash, one hash less, one hash more.
TEST(Merkle, NoChangedInclusionProofVerifies) {
  const Leaves leaves = small_world();
  for (std::size_t size = 1; size <= 20; ++size) {
    const Hash root = reference_root(leaves, 0, size);
    for (std::size_t index = 0; index < size; ++index) {
      const Leaves proof = reference_path(index, leaves, 0, size);
      for (std::size_t other = 0; other < size + 3; ++other) {
        if (other == index) continue;
        EXPECT_FALSE(verify_inclusion(other, size, leaves[index], proof, root));
      }
      for (std::size_t i = 0; i < proof.size(); ++i) {
        Leaves changed = proof;
        changed[i][i] ^= 1;
        EXPECT_FALSE(verify_inclusion(index, size, leaves[index], changed, root));
        changed = proof;
        changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(i));
        EXPECT_FALSE(verify_inclusion(index, size, leaves[index], changed, root));
      }
      EXPECT_FALSE(verify_inclusion(index, size, leaves[index], proof + root, root));
      Hash leaf = leaves[index];
      leaf[0] ^= 1;
      EXPECT_FALSE(verify_inclusion(index, size, leaf, proof, root));
      Hash wrong_root = root;
      wrong_root[31] ^= 1;
      EXPECT_FALSE(verify_inclusion(index, size, leaves[index], proof, wrong_root));
    }
  }
}

TEST(Merkle, NoChangedConsistencyProofVerifies) {
  const Leaves leaves = small_world();
  for (std::size_t second = 1; second <= 20; ++second) {
    const Hash second_root = reference_root(leaves, 0, second);
    for (std::size_t first = 1; first <= second; ++first) {
      const Hash first_root = reference_root(leaves, 0, first);
      const Leaves proof = reference_subproof(first, leaves, 0, second, true);
      const auto refused = [&](const Leaves& changed) {
        return !verify_consistency(first, second, first_root, second_root, changed);
      };
      for (std::size_t i = 0; i < proof.size(); ++i) {
        Leaves changed = proof;
        changed[i][i] ^= 1;
        EXPECT_TRUE(refused(changed)) << first << " of " << second;
        changed = proof;
        changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(i));
        EXPECT_TRUE(refused(changed)) << first << " of " << second;
      }
      EXPECT_TRUE(refused(proof + first_root));
      if (first == second) continue;
      EXPECT_FALSE(verify_consistency(first, second, second_root, second_root, proof));
      EXPECT_FALSE(verify_consistency(first, second, first_root, first_root, proof));
      EXPECT_FALSE(verify_consistency(second, first, second_root, first_root, proof));
    }
  }
}

TEST(Merkle, BordersOfConsistency) {
  const Leaves leaves = small_world();
  const Hash root = reference_root(leaves, 0, 3);
  EXPECT_TRUE(verify_consistency(0, 3, empty_root(), root, {}));
  EXPECT_FALSE(verify_consistency(0, 3, root, root, {}));
  EXPECT_FALSE(verify_consistency(0, 3, empty_root(), root, {root}));
  EXPECT_TRUE(verify_consistency(0, 0, empty_root(), empty_root(), {}));
  EXPECT_TRUE(verify_consistency(3, 3, root, root, {}));
  EXPECT_FALSE(verify_consistency(3, 3, root, empty_root(), {}));
}

TEST(Merkle, ProofsOutsideTheTreeAreRefused) {
  const Leaves leaves = small_world();
  const NodeReader reader = reader_of(leaves);
  EXPECT_EQ(inclusion_proof(3, 3, reader).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(inclusion_proof(0, 0, reader).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(consistency_proof(0, 3, reader).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(consistency_proof(4, 3, reader).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(inclusion_proof(0, kMaxTreeSize + 1, reader).error().code, ErrorCode::kInvalidArgument);
  EXPECT_FALSE(verify_inclusion(0, kMaxTreeSize + 1, {}, {}, {}));
}

TEST(Merkle, AReaderThatFailsFailsTheProof) {
  const NodeReader broken = [](NodeId) -> base::Result<Hash> {
    return base::fail(ErrorCode::kUnavailable, "disk");
  };
  EXPECT_EQ(inclusion_proof(1, 5, broken).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(consistency_proof(2, 5, broken).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(tree_root(5, broken).error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace paxid::audit
