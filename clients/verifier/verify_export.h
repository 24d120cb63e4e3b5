#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/cosignature.h"
#include "audit/note.h"
#include "base/error.h"

// Whether an export of a log (docs/export.md) is what it says, from its files and the log's key
// alone. Memory does not grow with the export but for 32 bytes for each body that is gone.
namespace paxid::verifier {

// The longest line of records.jsonl: a sealed body, its text, and what stands around them.
inline constexpr std::size_t kMaxLineBytes = 4 << 20;
inline constexpr std::size_t kMaxManifestBytes = 1 << 20;

// What is wrong; the number is the program's exit status.
enum class Defect : int {
  kManifestUnreadable = 10,   // no manifest, or one of another form
  kFileChanged = 11,          // a file is missing, or is not the one of the manifest
  kSealUnreadable = 12,       // no seal, or one of another form
  kKeyUnknown = 13,           // no trusted key signed the checkpoint of the seal
  kSealNotInLog = 14,         // the seal's record is not in the signed tree
  kManifestChanged = 15,      // the seal's record names another manifest
  kRecordUnreadable = 16,     // a line, or a leaf in it, is of another form
  kRecordMissing = 17,        // an index is left out, doubled or out of order
  kTimeBackwards = 18,        // a leaf is earlier than the one before
  kLeavesNotInLog = 19,       // the leaves do not lead to the signed root
  kBodyChanged = 20,          // a sealed body is not the one its leaf commits to
  kBodyTextChanged = 21,      // a body's text is not what its key opens
  kBodyMissing = 22,          // a body is gone and no leaf erases or prunes it
  kBodyContradictsLeaf = 23,  // a body where the leaf has none, or the other way round
  kForked = 24,               // a checkpoint kept from before has another root at its size
  kNotWitnessed = 25,         // fewer witnesses have signed than are asked for
  kCosignatureWrong = 26,     // a line of a trusted witness that the witness did not sign
  kCheckpointUnusable = 27,   // the checkpoint from before cannot be read, or ends outside
};
std::string_view name_of(Defect defect);  // "FILE_CHANGED"

struct Finding {
  Defect defect;
  std::string file;
  std::optional<std::uint64_t> leaf;  // the first one that is wrong
  std::string message;
};

struct ExportReport {
  std::optional<Finding> finding;  // the first; nothing when all is right
  std::string origin;
  std::string profile;
  std::uint64_t first_leaf = 0;
  std::uint64_t end_leaf = 0;
  std::uint64_t tree_size = 0;      // that the seal's checkpoint signs
  std::uint64_t witnesses = 0;      // of those asked for, that have signed it
  std::uint64_t last_cosigned = 0;  // seconds since 1970, of the latest of them
  bool earlier_agrees = false;      // a checkpoint was given, and the leaves lead to it
  std::uint64_t bodies_proven = 0;
  std::uint64_t bodies_unproven = 0;  // pseudonymous: no hash covers them
  std::uint64_t bodies_redacted = 0;  // without third persons: no hash covers them either
  std::uint64_t bodies_withheld = 0;
  std::uint64_t bodies_gone = 0;
  std::uint64_t bodies_gone_unexplained = 0;  // their erasure may come after the export
};

// What is trusted, and wanted beside a proof. Nothing of it comes out of the export.
struct Trust {
  std::vector<audit::VerifierKey> log_keys;  // of the one log; not empty
  std::vector<audit::WitnessKey> witnesses;
  std::size_t witnesses_needed = 0;
  // A checkpoint of the log kept from before, as a note; its size must lie within the export.
  std::optional<std::string> earlier_checkpoint;
};

ExportReport verify_export(const std::string& directory, const Trust& trust);

// A proof file alone (C2SP tlog-proof, the leaf in its extra line): only the fields about the tree.
ExportReport verify_proof(const std::string& file, const Trust& trust);

}  // namespace paxid::verifier
