#include "clients/verifier/verify_export.h"

#include <algorithm>
#include <bit>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "audit/absence.h"
#include "audit/crypto.h"
#include "audit/file.h"
#include "audit/leaf.h"
#include "audit/merkle.h"
#include "audit/sealed_body.h"
#include "audit/tlog_proof.h"
#include "base/base64.h"
#include "base/hex.h"
#include "base/json_member.h"
#include "clients/verifier/record_line.h"

namespace paxid::verifier {
namespace {

using nlohmann::json;

constexpr std::string_view kRecords = "records.jsonl";
constexpr std::size_t kReadBytes = 1 << 16;

template <class T>
using Checked = tl::expected<T, Finding>;

tl::unexpected<Finding> wrong(Defect defect, std::string_view file, std::string message,
                              std::optional<std::uint64_t> leaf = std::nullopt) {
  return tl::unexpected(Finding{defect, std::string(file), leaf, std::move(message)});
}

std::optional<audit::Hash> hash_from(std::string_view hex) {
  const auto bytes = base::from_hex(hex);
  audit::Hash hash{};
  if (!bytes || bytes->size() != hash.size()) return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), hash.begin());
  return hash;
}

std::optional<std::vector<audit::Hash>> hashes_from(const json& list) {
  std::vector<audit::Hash> hashes;
  if (!list.is_array() || list.size() > audit::kMaxConsistencyHashes) return std::nullopt;
  for (const json& one : list) {
    const auto hash = one.is_string() ? hash_from(one.get<std::string>()) : std::nullopt;
    if (!hash) return std::nullopt;
    hashes.push_back(*hash);
  }
  return hashes;
}

struct Manifest {
  std::string origin;
  std::string profile;
  std::uint64_t first = 0;
  std::uint64_t end = 0;
  bool to_the_end = false;  // no leaf after it was left out on purpose
  std::vector<audit::Hash> left;
  std::map<std::string, audit::Hash, std::less<>> files;
  audit::Hash sha256{};
};

Checked<Manifest> read_manifest(const std::string& directory) {
  const auto refuse = [](std::string message) {
    return wrong(Defect::kManifestUnreadable, "manifest.json", std::move(message));
  };
  const auto text = audit::read_file(directory + "/manifest.json", kMaxManifestBytes);
  if (!text) return refuse(text.error().message);
  const json object = json::parse(*text, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object() || object.value("version", json()) != 1)
    return refuse("is of no known form");
  Manifest manifest;
  manifest.origin = base::text_at(object, "log_origin");
  manifest.profile = base::text_at(object, "profile");
  const json first = object.value("first_leaf", json());
  const json end = object.value("end_leaf", json());
  if (!first.is_number_unsigned() || !end.is_number_unsigned()) return refuse("names no range");
  manifest.first = first.get<std::uint64_t>();
  manifest.end = end.get<std::uint64_t>();
  if (manifest.first >= manifest.end || manifest.end > audit::kMaxTreeSize) {
    return refuse("names an impossible range");
  }
  const json filter = object.value("filter", json::object());
  manifest.to_the_end = filter.is_object() && !filter.contains("until");
  const auto left = hashes_from(object.value("left_subtrees", json()));
  if (!left || left->size() != static_cast<std::size_t>(std::popcount(manifest.first))) {
    return refuse("has not the subtrees before its first leaf");
  }
  manifest.left = *left;
  const json files = object.value("files", json());
  if (!files.is_object() || !files.contains(std::string(kRecords))) {
    return refuse("does not name its files");
  }
  for (const auto& [name, hex] : files.items()) {
    const auto hash = hex.is_string() ? hash_from(hex.get<std::string>()) : std::nullopt;
    if (!hash || name.empty() || name.find('/') != std::string::npos) {
      return refuse("names a file or a hash that cannot be one");
    }
    manifest.files[name] = *hash;
  }
  manifest.sha256 = audit::sha256({audit::bytes_of(*text)});
  return manifest;
}

Checked<void> check_file(const std::string& directory, const std::string& name,
                         const audit::Hash& expected) {
  std::ifstream in(directory + "/" + name, std::ios::binary);
  if (!in) return wrong(Defect::kFileChanged, name, "is missing");
  audit::Sha256 hash;
  std::vector<char> buffer(kReadBytes);
  while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())), in.gcount() > 0) {
    hash.update(audit::bytes_of({buffer.data(), static_cast<std::size_t>(in.gcount())}));
  }
  if (hash.finish() != expected) {
    return wrong(Defect::kFileChanged, name, "is not the file of the manifest");
  }
  return {};
}

// What the seal proves: a record in the signed log holds the manifest's hash.
struct Seal {
  audit::Checkpoint head;
  std::vector<audit::Hash> consistency;
};

// How the witnesses stand to the checkpoint of a proof.
Checked<void> check_witnesses(const std::string& file, const std::string& note, const Trust& trust,
                              ExportReport& report) {
  const auto parsed = audit::parse_note(note);
  if (!parsed) return wrong(Defect::kSealUnreadable, file, parsed.error().message);
  const auto signed_by = audit::cosignatures_of(*parsed, trust.witnesses);
  if (!signed_by) return wrong(Defect::kCosignatureWrong, file, signed_by.error().message);
  report.witnesses = signed_by->size();
  for (const audit::Cosignature& one : *signed_by) {
    report.last_cosigned = std::max(report.last_cosigned, one.unix_seconds);
  }
  if (report.witnesses < trust.witnesses_needed) {
    return wrong(Defect::kNotWitnessed, file,
                 std::to_string(report.witnesses) + " of the " +
                     std::to_string(trust.witnesses_needed) + " witnesses asked for have signed");
  }
  return {};
}

// A proof file with the leaf in its extra line.
Checked<audit::CheckedRecord> check_proof(const std::string& path, const std::string& name,
                                          const Trust& trust, ExportReport& report) {
  const auto refuse = [&](std::string message) {
    return wrong(Defect::kSealUnreadable, name, std::move(message));
  };
  const auto text = audit::read_file(path, audit::kMaxTlogProofBytes);
  if (!text) return refuse(text.error().message);
  const auto proof = audit::parse_tlog_proof(*text);
  if (!proof) return refuse(proof.error().message);
  if (!proof->extra) return refuse("holds no leaf");
  auto checked =
      audit::check_record(*text, *proof->extra, trust.log_keys, trust.log_keys.front().name);
  if (!checked && checked.error().code == base::ErrorCode::kPermissionDenied) {
    return wrong(Defect::kKeyUnknown, name, checked.error().message);
  }
  if (!checked && checked.error().code == base::ErrorCode::kDataLoss) {
    return wrong(Defect::kSealNotInLog, name, checked.error().message);
  }
  if (!checked) return refuse(checked.error().message);
  report.tree_size = checked->checkpoint.size;
  if (auto seen = check_witnesses(name, proof->checkpoint, trust, report); !seen) {
    return tl::unexpected(seen.error());
  }
  return *checked;
}

Checked<Seal> read_seal(const std::string& directory, const Manifest& manifest, const Trust& trust,
                        ExportReport& report) {
  const std::string kSeal = "seal.tlog-proof";
  const auto refuse = [&](std::string message) {
    return wrong(Defect::kSealUnreadable, kSeal, std::move(message));
  };
  const auto checked = check_proof(directory + "/" + kSeal, kSeal, trust, report);
  if (!checked) return tl::unexpected(checked.error());
  if (checked->leaf.type != audit::RecordType::kAuditRead || checked->index < manifest.end) {
    return refuse("is no seal of this export");
  }
  if (checked->leaf.ruleset != manifest.sha256) {
    return wrong(Defect::kManifestChanged, "manifest.json", "is not the one that was sealed");
  }
  const auto list = audit::read_file(directory + "/consistency.json", kMaxManifestBytes);
  if (!list) return wrong(Defect::kSealUnreadable, "consistency.json", list.error().message);
  const auto hashes = hashes_from(json::parse(*list, nullptr, /*allow_exceptions=*/false));
  if (!hashes) return wrong(Defect::kSealUnreadable, "consistency.json", "is no list of hashes");
  json again = json::array();
  for (const audit::Hash& hash : *hashes) again.push_back(base::to_hex(hash));
  // No hash covers this file, so it has one form only.
  if (again.dump() + "\n" != *list) {
    return wrong(Defect::kSealUnreadable, "consistency.json", "is not in its one form");
  }
  return Seal{checked->checkpoint, *hashes};
}

// Reads records.jsonl line by line and keeps what the end needs.
class Records {
 public:
  Records(const Manifest& manifest, const std::optional<audit::Checkpoint>& earlier,
          ExportReport& report)
      : manifest_(manifest),
        earlier_(earlier),
        report_(report),
        tree_(manifest.first, manifest.left),
        next_(manifest.first) {}

  Checked<void> line(std::string_view text) {
    const auto record = take_apart(text);
    const auto bytes = record ? base::from_base64(record->leaf) : std::nullopt;
    if (!bytes) return refuse(Defect::kRecordUnreadable, "the line cannot be read");
    const auto leaf = audit::decode_leaf(*bytes);
    if (!leaf) return refuse(Defect::kRecordUnreadable, leaf.error().message);
    const audit::Hash hash = audit::leaf_hash(*bytes);
    if (record->leaf_index != next_) {
      return refuse(Defect::kRecordMissing, "another leaf stands where this one belongs");
    }
    if (record->leaf_hash != base::to_hex(hash)) {
      return refuse(Defect::kRecordUnreadable, "leaf_hash is not the hash of the leaf");
    }
    if (leaf->time_unix_us < last_time_) {
      return refuse(Defect::kTimeBackwards, "earlier than the leaf before");
    }
    last_time_ = leaf->time_unix_us;
    absences_.see(next_, *leaf);
    if (auto body = check_body(*record, *leaf, *bytes); !body) return body;
    tree_.append(hash);
    ++next_;
    return check_earlier();
  }

  Checked<void> end(const Seal& seal) {
    if (next_ != manifest_.end)
      return refuse(Defect::kRecordMissing, "the last leaves are missing");
    const auto consistent = audit::verify_consistency(manifest_.end, seal.head.size, tree_.root(),
                                                      seal.head.root, seal.consistency);
    if (!consistent) {
      return wrong(Defect::kLeavesNotInLog, kRecords, consistent.error().message);
    }
    report_.bodies_gone = absences_.count();
    const auto unexplained = absences_.unexplained(absences_.count());
    report_.bodies_gone_unexplained = unexplained.size();
    if (manifest_.to_the_end && !unexplained.empty()) {
      return wrong(Defect::kBodyMissing, kRecords, "no leaf erases or prunes this body",
                   unexplained.front());
    }
    return {};
  }

 private:
  tl::unexpected<Finding> refuse(Defect defect, std::string message) const {
    return wrong(defect, kRecords, std::move(message), next_);
  }

  // The root at the size of a checkpoint that was kept from before.
  Checked<void> check_earlier() {
    if (!earlier_ || earlier_->size != next_) return {};
    if (earlier_->root != tree_.root()) {
      return wrong(Defect::kForked, kRecords,
                   "the leaves do not lead to the checkpoint that was kept from before", next_ - 1);
    }
    report_.earlier_agrees = true;
    return {};
  }

  Checked<void> check_body(const RecordLine& record, const audit::Leaf& leaf,
                           const audit::Bytes& data) {
    const std::string_view state = record.body_state;
    const bool has_body = (leaf.flags & audit::kFlagHasBody) != 0;
    if ((state == "none") == has_body) {
      return refuse(Defect::kBodyContradictsLeaf, "body_state and the leaf contradict each other");
    }
    if (state == "open") return check_open(record, leaf, data);
    if (record.has_sealed || record.has_body_key) {
      return refuse(Defect::kBodyContradictsLeaf, "a sealed body that is not open");
    }
    const bool in_part = state == "pseudonymous" || state == "redacted";
    if (state == "pseudonymous") {
      ++report_.bodies_unproven;
    } else if (state == "redacted") {
      ++report_.bodies_redacted;
    } else if (state == "withheld" || state == "restricted") {
      ++report_.bodies_withheld;
    } else if (state == "gone") {
      absences_.missing(next_, leaf);
    } else if (state != "none") {
      return refuse(Defect::kRecordUnreadable, "an unknown body_state");
    }
    if (record.has_body != in_part) {
      return refuse(Defect::kBodyContradictsLeaf,
                    "a body where there is none, or none where one is");
    }
    return {};
  }

  Checked<void> check_open(const RecordLine& record, const audit::Leaf& leaf,
                           const audit::Bytes& data) {
    const auto sealed = base::from_base64(record.sealed);
    const auto key = base::from_hex(record.body_key);
    if (!sealed || !key || key->size() != audit::kKeyBytes) {
      return refuse(Defect::kRecordUnreadable, "sealed or body_key cannot be read");
    }
    if (audit::body_commit(*sealed) != leaf.body_commit) {
      return refuse(Defect::kBodyChanged, "not the body the leaf commits to");
    }
    const auto opened =
        audit::open_sealed(base::SecretBytes{audit::ByteView(*key)}, context_of(data), *sealed);
    if (!opened) return refuse(Defect::kBodyTextChanged, opened.error().message);
    if (!same_json(record.body, {reinterpret_cast<const char*>(opened->data()), opened->size()})) {
      return refuse(Defect::kBodyTextChanged, "the text is not what the key opens");
    }
    ++report_.bodies_proven;
    return {};
  }

  // What the sealed body authenticates beside itself (docs/record_format.md section 3).
  static audit::Bytes context_of(audit::Bytes leaf_data) {
    std::fill(leaf_data.begin() + audit::kBodyCommitOffset, leaf_data.end(), std::uint8_t{0});
    return leaf_data;
  }

  // Often letter by letter; else number by number, since RFC 8785 writes some of them otherwise.
  static bool same_json(std::string_view text, std::string_view opened) {
    if (text == opened) return true;
    const json stated = json::parse(text, nullptr, /*allow_exceptions=*/false);
    return stated.is_object() && stated == json::parse(opened, nullptr, false);
  }

  const Manifest& manifest_;
  const std::optional<audit::Checkpoint>& earlier_;
  ExportReport& report_;
  audit::Frontier tree_;
  std::uint64_t next_;
  std::uint64_t last_time_ = 0;
  audit::Absences absences_;
};

// The checkpoint that was kept from before, if one was given.
Checked<std::optional<audit::Checkpoint>> read_earlier(const Manifest& manifest,
                                                       const Trust& trust) {
  if (!trust.earlier_checkpoint) return std::nullopt;
  const auto head = audit::open_checkpoint(*trust.earlier_checkpoint, trust.log_keys,
                                           trust.log_keys.front().name);
  if (!head && head.error().code == base::ErrorCode::kPermissionDenied) {
    return wrong(Defect::kKeyUnknown, "the earlier checkpoint", head.error().message);
  }
  if (!head) {
    return wrong(Defect::kCheckpointUnusable, "the earlier checkpoint", head.error().message);
  }
  if (head->size <= manifest.first || head->size > manifest.end) {
    return wrong(Defect::kCheckpointUnusable, "the earlier checkpoint",
                 "its tree ends outside the export: nothing can be said");
  }
  return *head;
}

Checked<void> check_all(const std::string& directory, const Trust& trust, ExportReport& report) {
  const auto manifest = read_manifest(directory);
  if (!manifest) return tl::unexpected(manifest.error());
  report.origin = manifest->origin;
  report.profile = manifest->profile;
  report.first_leaf = manifest->first;
  report.end_leaf = manifest->end;
  const auto seal = read_seal(directory, *manifest, trust, report);
  if (!seal) return tl::unexpected(seal.error());
  if (manifest->origin != seal->head.origin) {
    return wrong(Defect::kManifestUnreadable, "manifest.json", "names another log");
  }
  for (const auto& [name, hash] : manifest->files) {
    if (name == kRecords) continue;
    if (auto same = check_file(directory, name, hash); !same) return same;
  }
  std::vector<char> buffer(kReadBytes);
  std::ifstream in;
  in.rdbuf()->pubsetbuf(buffer.data(), static_cast<std::streamsize>(buffer.size()));
  in.open(directory + "/" + std::string(kRecords), std::ios::binary);
  if (!in) return wrong(Defect::kFileChanged, kRecords, "is missing");
  const auto earlier = read_earlier(*manifest, trust);
  if (!earlier) return tl::unexpected(earlier.error());
  Records records(*manifest, *earlier, report);
  audit::Sha256 hash;
  // The lines say what is wrong better than the hash does: they come first.
  for (std::string line; std::getline(in, line);) {
    if (line.size() > kMaxLineBytes) {
      return wrong(Defect::kRecordUnreadable, kRecords, "a line is too long");
    }
    hash.update(audit::bytes_of(line));
    if (!in.eof()) hash.update(audit::bytes_of("\n"));
    if (auto read = records.line(line); !read) return read;
  }
  if (auto ended = records.end(*seal); !ended) return ended;
  if (hash.finish() != manifest->files.find(kRecords)->second) {
    return wrong(Defect::kFileChanged, kRecords, "is not the file of the manifest");
  }
  return {};
}

}  // namespace

std::string_view name_of(Defect defect) {
  switch (defect) {
    case Defect::kManifestUnreadable:
      return "MANIFEST_UNREADABLE";
    case Defect::kFileChanged:
      return "FILE_CHANGED";
    case Defect::kSealUnreadable:
      return "SEAL_UNREADABLE";
    case Defect::kKeyUnknown:
      return "KEY_UNKNOWN";
    case Defect::kSealNotInLog:
      return "SEAL_NOT_IN_LOG";
    case Defect::kManifestChanged:
      return "MANIFEST_CHANGED";
    case Defect::kRecordUnreadable:
      return "RECORD_UNREADABLE";
    case Defect::kRecordMissing:
      return "RECORD_MISSING";
    case Defect::kTimeBackwards:
      return "TIME_BACKWARDS";
    case Defect::kLeavesNotInLog:
      return "LEAVES_NOT_IN_LOG";
    case Defect::kBodyChanged:
      return "BODY_CHANGED";
    case Defect::kBodyTextChanged:
      return "BODY_TEXT_CHANGED";
    case Defect::kBodyMissing:
      return "BODY_MISSING";
    case Defect::kBodyContradictsLeaf:
      return "BODY_CONTRADICTS_LEAF";
    case Defect::kForked:
      return "FORKED";
    case Defect::kNotWitnessed:
      return "NOT_WITNESSED";
    case Defect::kCosignatureWrong:
      return "COSIGNATURE_WRONG";
    case Defect::kCheckpointUnusable:
      return "CHECKPOINT_UNUSABLE";
  }
  return "";
}

ExportReport verify_export(const std::string& directory, const Trust& trust) {
  ExportReport report;
  if (auto checked = check_all(directory, trust, report); !checked) {
    report.finding = std::move(checked.error());
  }
  return report;
}

ExportReport verify_proof(const std::string& file, const Trust& trust) {
  ExportReport report;
  report.origin = trust.log_keys.front().name;
  const auto checked = check_proof(file, file, trust, report);
  if (!checked) {
    report.finding = checked.error();
    return report;
  }
  report.first_leaf = checked->index;
  report.end_leaf = checked->index + 1;
  return report;
}

}  // namespace paxid::verifier
