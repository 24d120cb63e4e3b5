#include "server/witnesses.h"

#include <algorithm>
#include <utility>

#include "audit/checkpoint.h"
#include "audit/crypto.h"
#include "audit/file.h"
#include "audit/store_files.h"
#include "base/file.h"

namespace paxid::server {
namespace {

using base::ErrorCode;

// The log's own line and those of the witnesses, without anybody else's.
audit::Note trimmed(const audit::Note& note, const std::string& origin,
                    const std::vector<audit::Cosignature>& cosignatures) {
  audit::Note kept{note.text, {}};
  for (const audit::NoteSignature& line : note.signatures) {
    if (line.name == origin) kept.signatures.push_back(line);
  }
  for (const audit::Cosignature& one : cosignatures) kept.signatures.push_back(one.line);
  return kept;
}

void add_missing(const std::vector<audit::Cosignature>& from, std::vector<audit::Cosignature>& to) {
  for (const audit::Cosignature& one : from) {
    const bool known = std::any_of(to.begin(), to.end(), [&](const audit::Cosignature& other) {
      return other.witness == one.witness;
    });
    if (!known) to.push_back(one);
  }
}

}  // namespace

base::Result<std::vector<audit::WitnessKey>> load_witness_keys(const std::string& file) {
  if (file.empty()) return std::vector<audit::WitnessKey>();
  const auto text = base::read_file(file, kMaxWitnessFileBytes);
  if (!text) return tl::unexpected(text.error());
  return audit::parse_witness_vkeys(*text);
}

std::string Witnesses::file_of(const std::string& tenant) const {
  return audit::witnessed_file(directory_, tenant);
}

base::Result<audit::Note> Witnesses::read(const std::string& tenant) {
  const auto text = audit::read_file(file_of(tenant), audit::kMaxNoteBytes);
  if (!text && text.error().code == ErrorCode::kNotFound) {
    return base::fail(ErrorCode::kFailedPrecondition, "no checkpoint has been witnessed yet");
  }
  if (!text) return tl::unexpected(text.error());
  return audit::parse_note(*text);
}

base::Result<Witnesses::Added> Witnesses::add(const std::string& tenant, const std::string& text) {
  const auto origin = store_.origin(tenant);
  if (!origin) return tl::unexpected(origin.error());
  const auto vkey = store_.vkey(tenant);
  if (!vkey) return tl::unexpected(vkey.error());
  const auto key = audit::parse_vkey(*vkey);
  if (!key) return tl::unexpected(key.error());
  // A log never signs two roots for one size: its own signature says that the tree is this one.
  const auto head = audit::open_checkpoint(text, {&*key, 1}, *origin);
  if (!head) return tl::unexpected(head.error());
  const auto note = audit::parse_note(text);
  if (!note) return tl::unexpected(note.error());
  auto signed_by = audit::cosignatures_of(*note, keys_);
  if (!signed_by) return tl::unexpected(signed_by.error());
  if (signed_by->empty()) {
    return base::fail(ErrorCode::kPermissionDenied, "no witness of the configuration has signed it",
                      "checkpoint");
  }
  std::lock_guard lock(mutex_);
  const auto stored = read(tenant);
  if (!stored && stored.error().code != ErrorCode::kFailedPrecondition) {
    return tl::unexpected(stored.error());
  }
  if (stored && stored->text == note->text) {
    const auto earlier = audit::cosignatures_of(*stored, keys_);
    if (earlier) add_missing(*earlier, *signed_by);
  } else if (stored) {
    const auto before = audit::parse_checkpoint(stored->text);
    if (before && before->size >= head->size) {
      return base::fail(ErrorCode::kFailedPrecondition, "a larger tree has been cosigned",
                        "checkpoint");
    }
  }
  const std::string kept = audit::to_text(trimmed(*note, *origin, *signed_by));
  if (auto written = audit::replace_file(file_of(tenant), audit::bytes_of(kept)); !written) {
    return tl::unexpected(written.error());
  }
  return Added{head->size, signed_by->size()};
}

base::Result<std::string> Witnesses::newest(const std::string& tenant) {
  std::lock_guard lock(mutex_);
  const auto note = read(tenant);
  if (!note) return tl::unexpected(note.error());
  return audit::to_text(*note);
}

}  // namespace paxid::server
