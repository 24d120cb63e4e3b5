#include "server/privacy_words.h"

#include <future>
#include <utility>

#include "audit/tlog_proof.h"
#include "base/hex.h"
#include "server/record_body.h"

namespace paxid::server {
namespace {

bool is_reference(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-' || c == '/';
  };
  return !text.empty() && text.size() <= kMaxReferenceLength &&
         std::all_of(text.begin(), text.end(), fits);
}

}  // namespace

std::string_view word_of(v1::LookPurpose purpose) {
  switch (purpose) {
    case v1::LOOK_PURPOSE_SUBJECT_REQUEST:
      return "subject_request";
    case v1::LOOK_PURPOSE_SUPERVISION:
      return "supervision";
    case v1::LOOK_PURPOSE_FINE_DEFENCE:
      return "fine_defence";
    case v1::LOOK_PURPOSE_CLAIM_DEFENCE:
      return "claim_defence";
    case v1::LOOK_PURPOSE_AUDIT:
      return "audit";
    default:
      return "";
  }
}

std::string_view word_of(v1::ErasureGround ground) {
  switch (ground) {
    case v1::ERASURE_GROUND_SUBJECT_REQUEST:
      return "subject_request";
    case v1::ERASURE_GROUND_OBJECTION:
      return "objection";
    case v1::ERASURE_GROUND_UNLAWFUL:
      return "unlawful";
    case v1::ERASURE_GROUND_LEGAL_OBLIGATION:
      return "legal_obligation";
    case v1::ERASURE_GROUND_CONTROLLER:
      return "controller";
    default:
      return "";
  }
}

std::string_view word_of(v1::RightsRequestKind kind) {
  switch (kind) {
    case v1::RIGHTS_REQUEST_KIND_ACCESS:
      return "access";
    case v1::RIGHTS_REQUEST_KIND_ERASURE:
      return "erasure";
    case v1::RIGHTS_REQUEST_KIND_RECTIFICATION:
      return "rectification";
    case v1::RIGHTS_REQUEST_KIND_RESTRICTION:
      return "restriction";
    case v1::RIGHTS_REQUEST_KIND_OBJECTION:
      return "objection";
    default:
      return "";
  }
}

void check_context(const v1::PrivacyContext& context, Violations& violations) {
  read_request_id(context.request_id(), violations, "context.request_id");
  if (word_of(context.purpose()).empty()) {
    violations.add("PURPOSE_MISSING", "context.purpose", "must be one of the contract's values");
  }
  if (!is_reference(context.reference())) {
    violations.add("REFERENCE_MALFORMED", "context.reference",
                   "must be 1 to 64 of A-Z, a-z, 0-9, '.', '_', '-', '/'", kMaxReferenceLength);
  }
  if (!context.answers_request_id().empty()) {
    read_request_id(context.answers_request_id(), violations, "context.answers_request_id");
  }
}

audit::Record record_of(const Principal& caller, const v1::PrivacyContext& context,
                        audit::RecordType type, std::string canonical, nlohmann::json body) {
  audit::Record record;
  record.tenant = caller.tenant;
  record.request_id = *parse_request_id(context.request_id());
  record.canonical_request.assign(canonical.begin(), canonical.end());
  record.type = type;
  record.actor = caller.actor;
  record.software = software_of_engine();
  body["version"] = 1;
  body["request_id"] = base::to_hex(record.request_id);
  body["purpose"] = word_of(context.purpose());
  body["reference"] = context.reference();
  body["role"] = name_of(caller.role);
  const std::string text = body.dump();
  record.body.assign(text.begin(), text.end());
  return record;
}

base::Result<audit::Receipt> append_and_wait(audit::Store& store, audit::Record record) {
  record.place_at_once = true;
  std::promise<base::Result<audit::Receipt>> done;
  store.append(std::move(record), [&done](base::Result<audit::Receipt> receipt) {
    done.set_value(std::move(receipt));
  });
  return done.get_future().get();
}

// A C2SP tlog-proof with the leaf in its extra line.
base::Result<std::string> proof_with_leaf(audit::Store& store, const std::string& tenant,
                                          std::uint64_t index) {
  const auto text = store.tlog_proof(tenant, index);
  if (!text) return text;
  auto proof = audit::parse_tlog_proof(*text);
  if (!proof) return tl::unexpected(proof.error());
  auto stored = store.leaf(tenant, index);
  if (!stored) return tl::unexpected(stored.error());
  proof->extra = std::move(stored->leaf_data);
  return audit::to_text(*proof);
}

}  // namespace paxid::server
