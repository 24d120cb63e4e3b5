#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "audit/leaf.h"
#include "audit/store.h"
#include "server/refusal.h"

// A record that a call speaks of, as it stands in the log (docs/record_format.md section 3).
namespace paxid::server {

struct LoggedRecord {
  std::uint64_t index = 0;
  audit::Leaf leaf;
  audit::Hash leaf_hash{};
  nlohmann::json body;  // an object
};

// The record of a request of the tenant; nothing when there is none. Waits for the store.
tl::expected<std::optional<LoggedRecord>, Refusal> read_logged(audit::Store& store,
                                                               const std::string& tenant,
                                                               const audit::Id16& request_id);

// What stands under a key of a body: empty for what is not there, or is of another kind.
const nlohmann::json& object_at(const nlohmann::json& object, const char* key);
const nlohmann::json& list_at(const nlohmann::json& object, const char* key);

}  // namespace paxid::server
