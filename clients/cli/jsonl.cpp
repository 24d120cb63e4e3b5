#include "clients/cli/jsonl.h"

#include <istream>
#include <ostream>
#include <streambuf>
#include <string>

namespace paxid::cli {
bool next_line(std::istream& in, Line& line) {
  using Traits = std::istream::traits_type;
  line.text.clear();
  line.too_long = false;
  std::streambuf& buffer = *in.rdbuf();
  auto c = buffer.sbumpc();
  if (Traits::eq_int_type(c, Traits::eof())) return false;
  for (; !Traits::eq_int_type(c, Traits::eof()) && c != '\n'; c = buffer.sbumpc()) {
    if (line.text.size() < kMaxLineBytes) {
      line.text += Traits::to_char_type(c);
    } else {
      line.too_long = true;
    }
  }
  return true;
}

tl::expected<nlohmann::json, std::string_view> object_of(const Line& line) {
  using nlohmann::json;
  if (line.too_long) return tl::unexpected<std::string_view>("LINE_TOO_LONG");
  bool too_deep = false;
  // Reading, copying and writing a value recurse into it; what is too deep is not built.
  const auto limit_depth = [&](int depth, json::parse_event_t, json&) {
    too_deep = too_deep || depth >= kMaxDepth;
    return !too_deep;
  };
  auto object = json::parse(line.text, limit_depth, /*allow_exceptions=*/false);
  if (too_deep) return tl::unexpected<std::string_view>("TOO_DEEP");
  if (object.is_discarded()) return tl::unexpected<std::string_view>("NOT_JSON");
  if (!object.is_object()) return tl::unexpected<std::string_view>("NOT_AN_OBJECT");
  return object;
}

int run_jsonl(std::istream& in, std::ostream& out, const Answer& answer) {
  for (Line line; next_line(in, line);) {
    if (line.blank()) continue;
    const auto request = object_of(line);
    nlohmann::json reply = request ? answer(*request) : refusal(request.error());
    if (request && request->contains("id")) reply["id"] = request->at("id");
    if (!reply.contains("id")) reply["id"] = nullptr;
    // A reply may quote cells of a damaged input; bytes that are no UTF-8 are replaced, so
    // that every reply is a line of JSON.
    out << reply.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
    if (!out) return 1;
  }
  out.flush();
  return out ? 0 : 1;
}

nlohmann::json refusal(std::string_view code) {
  return {{"ok", false}, {"findings", {{{"code", code}, {"severity", "error"}}}}};
}

std::optional<std::string> text_at(const nlohmann::json& request, std::string_view key) {
  const auto value = request.find(key);
  if (value == request.end() || !value->is_string()) return std::nullopt;
  return value->get<std::string>();
}

}  // namespace paxid::cli
