#include "bcbp/key_table.h"

#include <toml++/toml.h>

#include <algorithm>
#include <optional>

#include "bcbp/field_alphabet.h"

namespace paxid::bcbp {
namespace {

using base::ErrorCode;

// A text of so many capital letters and digits.
bool is_code(std::string_view text, std::size_t fewest, std::size_t most) {
  return text.size() >= fewest && text.size() <= most && is_only(text, kCodeSet);
}

// One [[key]]; the error's field is the key in it.
struct Row {
  std::string issuer;
  std::string type;
  PublicKey key;
};

base::Result<Row> read_row(const toml::table& table) {
  for (const auto& [name, value] : table) {
    if (name != "issuer" && name != "type" && name != "public_key") {
      return base::fail(ErrorCode::kInvalidArgument, "is no known key", std::string(name.str()));
    }
  }
  const auto issuer = table["issuer"].value_exact<std::string>();
  if (!issuer || !is_code(*issuer, 2, 3)) {
    return base::fail(ErrorCode::kInvalidArgument, "must be two or three capital letters or digits",
                      "issuer");
  }
  const auto type = table["type"].value_exact<std::string>();
  if (!type || !is_code(*type, 1, 1)) {
    return base::fail(ErrorCode::kInvalidArgument, "must be one capital letter or digit", "type");
  }
  const auto pem = table["public_key"].value_exact<std::string>();
  auto key = PublicKey::from_pem(pem.value_or(""));
  if (!key) return base::fail(key.error().code, "is " + key.error().message, "public_key");
  return Row{*issuer, *type, std::move(*key)};
}

}  // namespace

base::Result<KeyTable> KeyTable::parse(std::string_view toml) {
  if (toml.size() > kMaxKeyTableBytes) {
    return base::fail(ErrorCode::kInvalidArgument, "is larger than 1 MiB");
  }
  toml::table root;
  try {
    root = toml::parse(toml);
  } catch (const toml::parse_error& error) {
    return base::fail(ErrorCode::kInvalidArgument,
                      "is not TOML: " + std::string(error.description()),
                      "line " + std::to_string(error.source().begin.line));
  }
  KeyTable table;
  for (const auto& [name, value] : root) {
    if (name != "key" || !value.is_array_of_tables()) {
      return base::fail(ErrorCode::kInvalidArgument, "is no [[key]]", std::string(name.str()));
    }
  }
  const toml::array* rows = root["key"].as_array();
  if (rows == nullptr) return table;
  if (rows->size() > kMaxKeys) {
    return base::fail(ErrorCode::kInvalidArgument, "are more than 1000", "key");
  }
  for (std::size_t i = 0; i < rows->size(); ++i) {
    auto row = read_row(*(*rows)[i].as_table());
    if (!row) {
      const std::string place = "key[" + std::to_string(i) + "]." + row.error().field;
      return base::fail(row.error().code, row.error().message, place);
    }
    table.keys_[{row->issuer, row->type}].push_back(std::move(row->key));
  }
  return table;
}

SignatureState KeyTable::verify(std::string_view issuer, std::string_view type,
                                std::string_view covered, std::string_view signature_text) const {
  const auto keys = keys_.find({std::string(issuer), std::string(type)});
  if (keys == keys_.end()) {
    return signature_text.empty() ? SignatureState::kUnsigned : SignatureState::kNoKey;
  }
  SignatureState state = SignatureState::kNoKey;
  for (const PublicKey& key : keys->second) {
    state = key.verify(covered, signature_text);
    if (state != SignatureState::kInvalid) break;
  }
  return state;
}

}  // namespace paxid::bcbp
