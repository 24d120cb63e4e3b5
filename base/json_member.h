#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace paxid::base {

// What stands under `key` of JSON that may have any shape: an absent member, and a member of what
// is no object, is an empty object.
inline nlohmann::json member(const nlohmann::json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  return found != object.end() ? *found : nlohmann::json::object();
}

// The string under `key`; empty where there is none.
inline std::string text_at(const nlohmann::json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace paxid::base
