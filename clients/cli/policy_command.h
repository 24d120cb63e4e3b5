#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/error.h"
#include "verification/policy.h"

namespace paxid::cli {

// A policy from a file, or the compiled-in one when `file` is empty. NOT_FOUND, or
// INVALID_ARGUMENT with the first problem of the text.
base::Result<verification::Policy> load_policy(const std::string& file);

// {"ok", "policy", "sha256", "problems": [{"line", "key", "message"}]} of a policy text.
nlohmann::json check_policy(std::string_view toml);
std::string check_card(const std::string& file, const nlohmann::json& answer);

// Which rules hold on an occasion and where each comes from: {"policy", "effective_from",
// "rules": [{"key", "value", "from"}], "rows": [...], "validity": [...]}.
nlohmann::json explain_policy(const verification::Policy& policy,
                              const verification::Occasion& occasion);
std::string explain_card(const nlohmann::json& answer);

// What differs between two policies: {"a", "b", "rules": [{"key", "a", "b"}], "rows": [{"row",
// "change": "added" | "removed" | "changed", "a", "b"}]}.
nlohmann::json diff_policies(const verification::Policy& a, const verification::Policy& b);
std::string diff_card(const nlohmann::json& answer);

}  // namespace paxid::cli
