#include "server/policy_command.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <utility>

#include "base/file.h"
#include "base/hex.h"
#include "server/policy_bundle.h"

namespace paxid::server {
namespace {

using base::ErrorCode;

std::string signature_file(const std::string& file) { return file + ".sig"; }

base::Result<verification::Policy> read_policy(const std::string& file) {
  const auto text = base::read_file(file, verification::kMaxPolicyBytes);
  if (!text) return tl::unexpected(text.error());
  auto policy = verification::Policy::parse(*text);
  if (!policy) {
    return base::fail(policy.error().code, policy.error().field + " " + policy.error().message,
                      file);
  }
  return policy;
}

// Whole or not at all.
base::Result<void> replace_file(const std::string& path, const std::string& text) {
  const std::string unfinished = path + ".tmp";
  {
    std::ofstream out(unfinished, std::ios::binary);
    out << text;
    if (!out.flush()) return base::fail(ErrorCode::kUnavailable, "cannot be written", path);
  }
  if (std::rename(unfinished.c_str(), path.c_str()) != 0) {
    return base::fail(ErrorCode::kUnavailable, "cannot be written", path);
  }
  return {};
}

}  // namespace

base::Result<std::string> make_policy_key(const std::string& name, const std::string& key_file) {
  if (!audit::is_key_name(name)) {
    return base::fail(ErrorCode::kInvalidArgument, "must have no white space and no '+'", "--name");
  }
  const auto key = audit::SigningKey::create(key_file);
  if (!key) return tl::unexpected(key.error());
  return audit::to_vkey(audit::verifier_key(name, key->public_key()));
}

base::Result<std::size_t> sign_policy_file(const std::string& file, const std::string& name,
                                           const std::string& key_file) {
  const auto policy = read_policy(file);
  if (!policy) return tl::unexpected(policy.error());
  const auto key = audit::SigningKey::load(key_file);
  if (!key) return tl::unexpected(key.error());
  std::string so_far;
  if (std::filesystem::exists(signature_file(file))) {
    auto note = base::read_file(signature_file(file), audit::kMaxNoteBytes);
    if (!note) return tl::unexpected(note.error());
    so_far = std::move(*note);
  }
  const auto note = sign_policy(*policy, so_far, name, *key);
  if (!note) return tl::unexpected(note.error());
  if (auto written = replace_file(signature_file(file), *note); !written) {
    return tl::unexpected(written.error());
  }
  return audit::parse_note(*note)->signatures.size();
}

base::Result<std::string> verify_policy_file(const std::string& file,
                                             const std::string& approvers_file) {
  const auto policy = read_policy(file);
  if (!policy) return tl::unexpected(policy.error());
  const auto text = base::read_file(approvers_file, kMaxApproversBytes);
  if (!text) return tl::unexpected(text.error());
  const auto approvers = parse_approvers(*text);
  if (!approvers) return tl::unexpected(approvers.error());
  const auto note = base::read_file(signature_file(file), audit::kMaxNoteBytes);
  if (!note) return tl::unexpected(note.error());
  const auto names = approvals_of(*policy, *note, *approvers);
  if (!names) return tl::unexpected(names.error());
  std::string card = "policy       " + policy->reference() + "\nsha256       " +
                     base::to_hex(policy->sha256) + "\ntakes effect " +
                     base::to_iso(policy->effective_from) + "\napproved by ";
  for (const std::string& name : *names) card += " " + name;
  return card + "\n";
}

}  // namespace paxid::server
