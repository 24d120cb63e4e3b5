#include "server/revocations.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/file.h"
#include "server/toml_text.h"

namespace paxid::server {
namespace {

using base::ErrorCode;

bool is_serial(std::string_view text) {
  return !text.empty() && text.front() != '0' &&
         text.find_first_not_of("0123456789abcdef") == text.npos;
}

}  // namespace

base::Result<DenyList> DenyList::parse(std::string_view text) {
  if (text.size() > kMaxDenyListBytes) {
    return base::fail(ErrorCode::kInvalidArgument, "is larger than 16 MiB");
  }
  const auto table = parse_toml(text);
  if (!table) return tl::unexpected(table.error());
  DenyList list;
  for (const auto& [key, value] : *table) {
    if (key.str() != "revoked" || !value.is_array()) {
      return base::fail(ErrorCode::kInvalidArgument,
                        "is no key of a deny list; it is a list of [[revoked]]",
                        std::string(key.str()));
    }
    for (const toml::node& node : *value.as_array()) {
      const std::string place = "revoked[" + std::to_string(list.size_++) + "]";
      const toml::table* row = node.as_table();
      if (row == nullptr) return base::fail(ErrorCode::kInvalidArgument, "must be a table", place);
      static constexpr std::array kKeys{"uri", "serial", "at"};
      for (const auto& [name, text_node] : *row) {
        if (std::find(kKeys.begin(), kKeys.end(), name.str()) == kKeys.end() ||
            !text_node.is_string()) {
          return base::fail(ErrorCode::kInvalidArgument, "must be uri, serial or at, a text",
                            place + "." + std::string(name.str()));
        }
      }
      const auto uri = (*row)["uri"].value<std::string>();
      if (!uri || uri->find(':') == std::string::npos) {
        return base::fail(ErrorCode::kInvalidArgument, "must be a URI", place + ".uri");
      }
      const auto serial = (*row)["serial"].value<std::string>();
      if (serial && !is_serial(*serial)) {
        return base::fail(ErrorCode::kInvalidArgument,
                          "must be lower-case hexadecimal without a leading zero",
                          place + ".serial");
      }
      Denied& denied = list.by_uri_[*uri];
      if (serial) denied.serials.insert(*serial);
      if (!serial) denied.all = true;
    }
  }
  return list;
}

bool DenyList::denies(std::string_view uri,
                      const std::function<std::optional<std::string>()>& serial) const {
  const auto found = by_uri_.find(uri);
  if (found == by_uri_.end()) return false;
  if (found->second.all) return true;
  const auto number = serial();
  return !number || found->second.serials.contains(*number);
}

base::Result<DenyList> Revocations::load(const std::string& file) {
  if (file.empty()) return DenyList();
  const auto text = base::read_file(file, kMaxDenyListBytes);
  if (!text) return tl::unexpected(text.error());
  return DenyList::parse(*text);
}

base::Result<std::size_t> Revocations::reload() {
  auto list = load(file_);
  if (!list) return tl::unexpected(list.error());
  const auto loaded = std::make_shared<const DenyList>(std::move(*list));
  list_ = loaded;
  empty_ = loaded->empty();
  return loaded->size();
}

}  // namespace paxid::server
