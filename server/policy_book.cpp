#include "server/policy_book.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "audit/crypto.h"
#include "base/file.h"
#include "base/hex.h"
#include "server/policy_bundle.h"
#include "server/record_body.h"

namespace paxid::server {
namespace {

using base::ErrorCode;

constexpr std::string_view kPolicyEnding = ".toml";
constexpr const char* kSignatureEnding = ".sig";

tl::unexpected<base::Error> fail_at(base::Error error, const std::string& file) {
  if (!error.field.empty() && error.field != file)
    error.message = error.field + " " + error.message;
  error.field = file;
  return tl::unexpected(std::move(error));
}

base::Result<std::shared_ptr<const ApprovedPolicy>> approved(verification::Policy policy,
                                                             std::vector<std::string> approved_by) {
  const auto use = audit::random_id();
  if (!use) return tl::unexpected(use.error());
  return std::make_shared<const ApprovedPolicy>(
      ApprovedPolicy{verification::Engine(std::move(policy)), std::move(approved_by), *use});
}

// Every policy file of the directory, by name.
base::Result<std::vector<std::string>> policy_files(const std::string& directory) {
  std::vector<std::string> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    if (entry.path().extension() == kPolicyEnding) files.push_back(entry.path().string());
    if (files.size() > kMaxPolicies) {
      return base::fail(ErrorCode::kResourceExhausted, "holds more than 256 policies", directory);
    }
  }
  if (error) return base::fail(ErrorCode::kNotFound, "cannot be read", directory);
  std::sort(files.begin(), files.end());
  return files;
}

base::Result<std::shared_ptr<const ApprovedPolicy>> open_file(
    const std::string& file, std::span<const audit::VerifierKey> approvers) {
  const auto text = base::read_file(file, verification::kMaxPolicyBytes);
  if (!text) return fail_at(text.error(), file);
  auto policy = verification::Policy::parse(*text);
  if (!policy) return fail_at(policy.error(), file);
  const std::string signatures = file + kSignatureEnding;
  const auto note = base::read_file(signatures, audit::kMaxNoteBytes);
  if (!note) return fail_at(note.error(), signatures);
  auto names = approvals_of(*policy, *note, approvers);
  if (!names) return fail_at(names.error(), signatures);
  return approved(std::move(*policy), std::move(*names));
}

}  // namespace

base::Result<std::shared_ptr<const PolicyBook>> PolicyBook::load(
    const std::string& directory, const std::string& approvers_file) {
  auto built_in =
      verification::Policy::parse(verification::default_policy_toml()).and_then([](auto policy) {
        return approved(std::move(policy), {});
      });
  if (!built_in) return tl::unexpected(built_in.error());
  std::shared_ptr<PolicyBook> book(new PolicyBook());
  book->built_in_ = std::move(*built_in);
  if (directory.empty()) return book;

  const auto text = base::read_file(approvers_file, kMaxApproversBytes);
  if (!text) return fail_at(text.error(), approvers_file);
  const auto approvers = parse_approvers(*text);
  if (!approvers) return fail_at(approvers.error(), approvers_file);
  const auto files = policy_files(directory);
  if (!files) return tl::unexpected(files.error());
  for (const std::string& file : *files) {
    auto policy = open_file(file, *approvers);
    if (!policy) return tl::unexpected(policy.error());
    const base::Date day = (*policy)->policy().effective_from;
    if (!book->by_date_.emplace(day, std::move(*policy)).second) {
      return base::fail(ErrorCode::kFailedPrecondition, "takes effect on the day of another policy",
                        file);
    }
  }
  return book;
}

const std::shared_ptr<const ApprovedPolicy>& PolicyBook::on(base::Date day) const {
  const auto next = by_date_.upper_bound(day);
  return next == by_date_.begin() ? built_in_ : std::prev(next)->second;
}

base::Result<std::size_t> Policies::reload() {
  auto book = PolicyBook::load(directory_, approvers_);
  if (!book) return tl::unexpected(book.error());
  const std::size_t size = (*book)->size();
  book_.store(std::move(*book));
  return size;
}

audit::Record first_use_record(const std::string& tenant, const ApprovedPolicy& approved) {
  const verification::Policy& policy = approved.policy();
  const nlohmann::json body{{"version", 1},
                            {"request_id", base::to_hex(approved.use)},
                            {"event", "policy_in_use"},
                            {"policy",
                             {{"id", policy.reference()},
                              {"sha256", base::to_hex(policy.sha256)},
                              {"effective_from", base::to_iso(policy.effective_from)}}},
                            {"approved_by", approved.approved_by},
                            {"engine", verification::Engine::version()}};
  const std::string text = body.dump();
  audit::Record record;
  record.tenant = tenant;
  record.request_id = approved.use;
  record.canonical_request.assign(text.begin(), text.end());
  record.type = audit::RecordType::kConfigurationChange;
  record.ruleset = policy.sha256;
  record.software = software_of_engine();
  record.body = record.canonical_request;
  return record;
}

void PolicyUses::append(const ApprovedPolicy& policy, audit::Record record,
                        audit::Completion done) {
  const std::pair use{record.tenant, policy.use};
  bool known = false;
  {
    const std::lock_guard lock(mutex_);
    known = recorded_.contains(use);
  }
  if (known) return store_.append(std::move(record), std::move(done));
  // Several first calls at once append the same record: the store makes it one.
  audit::Record first_use = first_use_record(record.tenant, policy);
  store_.append(std::move(first_use),
                [this, use, record = std::move(record),
                 done = std::move(done)](const base::Result<audit::Receipt>& receipt) mutable {
                  if (!receipt) return done(tl::unexpected(receipt.error()));
                  {
                    const std::lock_guard lock(mutex_);
                    recorded_.insert(use);
                  }
                  store_.append(std::move(record), std::move(done));
                });
}

}  // namespace paxid::server
