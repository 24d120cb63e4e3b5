#include "audit/tlog_proof.h"

#include <algorithm>

#include "audit/merkle.h"
#include "base/base64.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;

constexpr std::string_view kHeader = "c2sp.org/tlog-proof@v1";
constexpr std::string_view kExtra = "extra ";
constexpr std::string_view kIndex = "index ";

tl::unexpected<base::Error> unreadable(std::string message) {
  return base::fail(ErrorCode::kInvalidArgument, std::move(message), "proof");
}

// The lines of a text, one after the other.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}
  // False at the end, or when the last line has no newline.
  bool next() {
    const std::size_t end = rest_.find('\n');
    if (end == std::string_view::npos) return false;
    line_ = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return true;
  }
  std::string_view line() const { return line_; }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view line_;
  std::string_view rest_;
};

}  // namespace

std::string to_text(const TlogProof& proof) {
  std::string text = std::string(kHeader) + "\n";
  if (proof.extra) text += std::string(kExtra) + base::to_base64(*proof.extra) + "\n";
  text += std::string(kIndex) + std::to_string(proof.index) + "\n";
  for (const Hash& hash : proof.hashes) text += base::to_base64(hash) + "\n";
  return text + "\n" + proof.checkpoint;
}

base::Result<TlogProof> parse_tlog_proof(std::string_view text) {
  if (text.size() > kMaxTlogProofBytes) return unreadable("the proof is larger than 2 MiB");
  Lines lines(text);
  if (!lines.next() || lines.line() != kHeader) return unreadable("not a tlog-proof, version 1");
  if (!lines.next()) return unreadable("the proof ends before its index");

  TlogProof proof;
  if (lines.line().starts_with(kExtra)) {
    proof.extra = base::from_base64(lines.line().substr(kExtra.size()));
    if (!proof.extra || proof.extra->size() > kMaxExtraBytes) {
      return unreadable("the extra data is not base64 of at most 64 KiB");
    }
    if (!lines.next()) return unreadable("the proof ends before its index");
  }
  if (!lines.line().starts_with(kIndex)) return unreadable("the proof has no index line");
  const auto index = parse_decimal(lines.line().substr(kIndex.size()));
  if (!index) return unreadable("the index is not a decimal number");
  proof.index = *index;

  for (;;) {
    if (!lines.next()) return unreadable("the proof ends before its checkpoint");
    if (lines.line().empty()) break;
    const auto bytes = base::from_base64(lines.line());
    if (!bytes || bytes->size() != sizeof(Hash)) return unreadable("a proof line is not a hash");
    if (proof.hashes.size() == kMaxInclusionHashes) return unreadable("the proof is too long");
    std::copy(bytes->begin(), bytes->end(), proof.hashes.emplace_back().begin());
  }
  proof.checkpoint = lines.rest();
  if (proof.checkpoint.empty()) return unreadable("the proof has no checkpoint");
  return proof;
}

base::Result<CheckedRecord> check_record(std::string_view proof_text, ByteView leaf_data,
                                         std::span<const VerifierKey> trusted,
                                         std::string_view origin) {
  const auto proof = parse_tlog_proof(proof_text);
  if (!proof) return tl::unexpected(proof.error());
  const auto leaf = decode_leaf(leaf_data);
  if (!leaf) return tl::unexpected(leaf.error());
  const auto checkpoint = open_checkpoint(proof->checkpoint, trusted, origin);
  if (!checkpoint) return tl::unexpected(checkpoint.error());
  const Hash hash = leaf_hash(leaf_data);
  const auto included =
      verify_inclusion(proof->index, checkpoint->size, hash, proof->hashes, checkpoint->root);
  if (!included) return tl::unexpected(included.error());
  return CheckedRecord{proof->index, hash, *checkpoint, *leaf};
}

}  // namespace paxid::audit
