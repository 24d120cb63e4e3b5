#include "clients/cli/jsonl.h"

#include <istream>
#include <ostream>
#include <streambuf>
#include <string>

namespace paxid::cli {
namespace {

struct Line {
  std::string text;  // at most kMaxLineBytes
  bool too_long = false;
};

// The next line without its line feed; of one that is too long the rest is skipped, not kept.
// False at the end of input.
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

nlohmann::json answer_line(const std::string& line, const Answer& answer) {
  using nlohmann::json;
  bool too_deep = false;
  // Reading, copying and writing a value recurse into it; what is too deep is not built.
  const auto limit_depth = [&](int depth, json::parse_event_t, json&) {
    too_deep = too_deep || depth >= kMaxDepth;
    return !too_deep;
  };
  const auto request = json::parse(line, limit_depth, /*allow_exceptions=*/false);
  if (too_deep) return refusal("TOO_DEEP");
  if (request.is_discarded()) return refusal("NOT_JSON");
  if (!request.is_object()) return refusal("NOT_AN_OBJECT");
  nlohmann::json reply = answer(request);
  if (const auto id = request.find("id"); id != request.end()) reply["id"] = *id;
  return reply;
}

}  // namespace

int run_jsonl(std::istream& in, std::ostream& out, const Answer& answer) {
  for (Line line; next_line(in, line);) {
    if (!line.too_long && line.text.find_first_not_of(" \t\r") == std::string::npos) continue;
    nlohmann::json reply =
        line.too_long ? refusal("LINE_TOO_LONG") : answer_line(line.text, answer);
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
