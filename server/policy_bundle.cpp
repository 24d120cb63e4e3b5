#include "server/policy_bundle.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/base64.h"

namespace paxid::server {
namespace {

using base::ErrorCode;

constexpr std::string_view kHeader = "paxid/policy/v1";

tl::unexpected<base::Error> other_policy() {
  return base::fail(ErrorCode::kInvalidArgument, "signs another policy than the file beside it");
}

}  // namespace

base::Result<std::vector<audit::VerifierKey>> parse_approvers(std::string_view text) {
  std::vector<audit::VerifierKey> keys;
  std::set<std::string> names;
  std::set<audit::PublicKey> publics;
  std::size_t number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    if (line.empty() || line.front() == '#') continue;
    const std::string place = "line " + std::to_string(number);
    auto key = audit::parse_vkey(line);
    if (!key) return base::fail(ErrorCode::kInvalidArgument, "is no verifier key", place);
    if (!names.insert(key->name).second || !publics.insert(key->public_key).second) {
      return base::fail(ErrorCode::kInvalidArgument, "has a name or key that stands above", place);
    }
    keys.push_back(std::move(*key));
    if (keys.size() > kMaxApprovers) {
      return base::fail(ErrorCode::kInvalidArgument, "is one approver too many", place);
    }
  }
  if (keys.size() < kApprovals) {
    return base::fail(ErrorCode::kInvalidArgument, "must hold at least two verifier keys");
  }
  return keys;
}

std::string note_text(const verification::Policy& policy) {
  return std::string(kHeader) + "\n" + policy.reference() + "\n" + base::to_base64(policy.sha256) +
         "\n";
}

base::Result<std::string> sign_policy(const verification::Policy& policy, std::string_view note,
                                      std::string_view name, const audit::SigningKey& key) {
  audit::Note signed_so_far{note_text(policy), {}};
  if (!note.empty()) {
    auto parsed = audit::parse_note(note);
    if (!parsed) return tl::unexpected(parsed.error());
    if (parsed->text != signed_so_far.text) {
      return base::fail(ErrorCode::kFailedPrecondition, "is of another policy", "signatures");
    }
    signed_so_far = std::move(*parsed);
  }
  for (const audit::NoteSignature& signature : signed_so_far.signatures) {
    if (signature.name != name) continue;
    return base::fail(ErrorCode::kFailedPrecondition, "has signed already", std::string(name));
  }
  auto signature = audit::sign_text(signed_so_far.text, name, key);
  if (!signature) return tl::unexpected(signature.error());
  signed_so_far.signatures.push_back(std::move(*signature));
  return audit::to_text(signed_so_far);
}

base::Result<std::vector<std::string>> approvals_of(const verification::Policy& policy,
                                                    std::string_view note,
                                                    std::span<const audit::VerifierKey> approvers) {
  const auto opened = audit::open_note(note, approvers);
  if (!opened) return tl::unexpected(opened.error());
  if (opened->text != note_text(policy)) return other_policy();
  std::set<std::string> names;
  for (const audit::NoteSignature& signature : opened->signatures) names.insert(signature.name);
  if (names.size() < kApprovals) {
    return base::fail(ErrorCode::kPermissionDenied, "needs the signatures of two approvers");
  }
  return std::vector<std::string>(names.begin(), names.end());
}

}  // namespace paxid::server
