#include "audit/verify_log.h"

#include <algorithm>
#include <tuple>

#include "audit/absence.h"
#include "audit/checkpoint.h"
#include "audit/merkle.h"
#include "audit/sealed_body.h"
#include "audit/tile.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;
using Kind = LogProblem::Kind;

class Verification {
 public:
  Verification(Store& store, std::string_view tenant, Checkpoint signed_head)
      : store_(store), tenant_(tenant), signed_(std::move(signed_head)) {}

  base::Result<LogReport> run() {
    report_.origin = signed_.origin;
    report_.size = signed_.size;
    for (std::uint64_t index = 0; index < signed_.size; ++index) {
      if (auto checked = check_leaf(index); !checked) return tl::unexpected(checked.error());
    }
    report_.bodies_erased = absences_.count();
    for (const std::uint64_t index : absences_.unexplained(kMaxLogProblems)) {
      found(Kind::kBodyMissing, index, "the body is gone and no later leaf erases or prunes it");
    }
    report_.root = frontier_.root();
    if (report_.root != signed_.root) {
      found(Kind::kCheckpointWrong, signed_.size, "the leaves do not hash to the signed root");
    }
    if (auto proved = check_proofs(); !proved) return tl::unexpected(proved.error());
    std::sort(report_.problems.begin(), report_.problems.end(),
              [](const LogProblem& a, const LogProblem& b) {
                return std::tie(a.index, a.kind) < std::tie(b.index, b.kind);
              });
    return std::move(report_);
  }

 private:
  void found(Kind kind, std::uint64_t index, std::string message) {
    if (report_.problems.size() < kMaxLogProblems) {
      report_.problems.push_back({kind, index, std::move(message)});
    }
  }

  base::Result<void> check_leaf(std::uint64_t index) {
    const auto stored = store_.leaf(tenant_, index);
    if (!stored && stored.error().code != ErrorCode::kDataLoss) {
      return tl::unexpected(stored.error());
    }
    const auto leaf = stored ? decode_leaf(stored->leaf_data)
                             : base::Result<Leaf>(tl::unexpected(stored.error()));
    if (!leaf) {
      found(Kind::kLeafUnreadable, index, leaf.error().message);
      frontier_.append(stored ? leaf_hash(stored->leaf_data) : Hash{});
      return {};
    }
    frontier_.append(leaf_hash(stored->leaf_data));
    if (leaf->time_unix_us < last_time_) {
      found(Kind::kTimeBackwards, index, "earlier than the leaf before");
    }
    last_time_ = std::max(last_time_, leaf->time_unix_us);
    absences_.see(index, *leaf);

    const auto place = store_.index_of(tenant_, leaf->request_id);
    if (!place) return tl::unexpected(place.error());
    if (*place != index) {
      found(Kind::kRequestUnindexed, index, "its request id does not lead to it");
    }
    return check_body(index, *leaf, *stored);
  }

  base::Result<void> check_body(std::uint64_t index, const Leaf& leaf, const StoredRecord& stored) {
    if ((leaf.flags & kFlagHasBody) == 0) {
      if (stored.sealed_body) found(Kind::kBodyChanged, index, "a body the leaf does not have");
      return {};
    }
    if (!stored.sealed_body) return missing(index, leaf);
    if (body_commit(*stored.sealed_body) != leaf.body_commit) {
      found(Kind::kBodyChanged, index, "not the body the leaf commits to");
      return {};
    }
    const auto opened = store_.open_body(tenant_, index);
    if (opened) {
      ++report_.bodies_opened;
      return {};
    }
    switch (opened.error().code) {
      case ErrorCode::kFailedPrecondition:
        return missing(index, leaf);
      case ErrorCode::kDataLoss:
        found(Kind::kBodyUnopenable, index, opened.error().message);
        return {};
      default:
        return tl::unexpected(opened.error());
    }
  }

  base::Result<void> missing(std::uint64_t index, const Leaf& leaf) {
    absences_.missing(index, leaf);
    return {};
  }

  // The proofs of the first and the last leaf of a tile use every stored node. When the root
  // is wrong, all proofs are tried, to name the leaf.
  base::Result<void> check_proofs() {
    const bool all = report_.root != signed_.root;
    for (std::uint64_t index = 0; index < signed_.size; ++index) {
      const std::uint64_t place = index % kTileWidth;
      const bool at_border = place == 0 || place == kTileWidth - 1 || index + 1 == signed_.size;
      if (!all && !at_border) continue;
      const auto stored = store_.leaf(tenant_, index);
      if (!stored) continue;  // reported as unreadable
      const auto proof = store_.inclusion_proof(tenant_, index, signed_.size);
      if (!proof && proof.error().code != ErrorCode::kDataLoss) {
        return tl::unexpected(proof.error());
      }
      if (!proof) {
        found(Kind::kProofWrong, index, proof.error().message);
        continue;
      }
      const auto proved =
          verify_inclusion(index, signed_.size, leaf_hash(stored->leaf_data), *proof, signed_.root);
      if (!proved) found(Kind::kProofWrong, index, proved.error().message);
    }
    return {};
  }

  Store& store_;
  const std::string tenant_;
  const Checkpoint signed_;
  LogReport report_;
  Frontier frontier_;
  std::uint64_t last_time_ = 0;
  Absences absences_;
};

}  // namespace

std::string_view name_of(LogProblem::Kind kind) {
  switch (kind) {
    case Kind::kLeafUnreadable:
      return "LEAF_UNREADABLE";
    case Kind::kTimeBackwards:
      return "TIME_BACKWARDS";
    case Kind::kBodyMissing:
      return "BODY_MISSING";
    case Kind::kBodyChanged:
      return "BODY_CHANGED";
    case Kind::kBodyUnopenable:
      return "BODY_UNOPENABLE";
    case Kind::kProofWrong:
      return "PROOF_WRONG";
    case Kind::kCheckpointWrong:
      return "CHECKPOINT_WRONG";
    case Kind::kRequestUnindexed:
      return "REQUEST_UNINDEXED";
  }
  return "";
}

base::Result<LogReport> verify_log(Store& store, std::string_view tenant) {
  const auto note = store.checkpoint(tenant);
  if (!note) return tl::unexpected(note.error());
  const auto vkey = store.vkey(tenant);
  if (!vkey) return tl::unexpected(vkey.error());
  const auto key = parse_vkey(*vkey);
  if (!key) return tl::unexpected(key.error());
  auto head = open_checkpoint(*note, {&*key, 1}, key->name);
  if (!head) return tl::unexpected(head.error());
  return Verification(store, tenant, *std::move(head)).run();
}

}  // namespace paxid::audit
