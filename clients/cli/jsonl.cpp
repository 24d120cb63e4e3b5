#include "clients/cli/jsonl.h"

#include <istream>
#include <ostream>
#include <string>

namespace paxid::cli {
namespace {

nlohmann::json answer_line(const std::string& line, const Answer& answer) {
  if (line.size() > kMaxLineBytes) return refusal("LINE_TOO_LONG");
  const auto request = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (request.is_discarded()) return refusal("NOT_JSON");
  if (!request.is_object()) return refusal("NOT_AN_OBJECT");
  nlohmann::json reply = answer(request);
  if (const auto id = request.find("id"); id != request.end()) reply["id"] = *id;
  return reply;
}

}  // namespace

int run_jsonl(std::istream& in, std::ostream& out, const Answer& answer) {
  std::string line;
  while (std::getline(in, line)) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    nlohmann::json reply = answer_line(line, answer);
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
