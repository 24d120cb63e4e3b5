#include "server/logged_record.h"

#include "audit/merkle.h"

namespace paxid::server {

using base::ErrorCode;
using nlohmann::json;

tl::expected<std::optional<LoggedRecord>, Refusal> read_logged(audit::Store& store,
                                                               const std::string& tenant,
                                                               const audit::Id16& request_id) {
  const auto index = store.index_of(tenant, request_id);
  const bool no_log = !index && index.error().code == ErrorCode::kNotFound;
  if (!index && !no_log) return tl::unexpected(refusal_from(index.error()));
  if (no_log || !*index) return std::optional<LoggedRecord>();
  LoggedRecord logged;
  logged.index = **index;
  const auto stored = store.leaf(tenant, logged.index);
  if (!stored) return tl::unexpected(refusal_from(stored.error()));
  const auto leaf = audit::decode_leaf(stored->leaf_data);
  const auto body = store.open_body(tenant, logged.index);
  if (!body) return tl::unexpected(refusal_from(body.error()));
  logged.body = json::parse(body->begin(), body->end(), nullptr, /*allow_exceptions=*/false);
  if (!leaf || !logged.body.is_object()) {
    return tl::unexpected(refusal_from({ErrorCode::kDataLoss, {}, {}}));
  }
  logged.leaf = *leaf;
  logged.leaf_hash = audit::leaf_hash(stored->leaf_data);
  return std::optional(std::move(logged));
}

const json& object_at(const json& object, const char* key) {
  static const json kNone = json::object();
  const auto found = object.find(key);
  return found != object.end() && found->is_object() ? *found : kNone;
}

const json& list_at(const json& object, const char* key) {
  static const json kNone = json::array();
  const auto found = object.find(key);
  return found != object.end() && found->is_array() ? *found : kNone;
}

}  // namespace paxid::server
