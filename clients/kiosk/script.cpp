#include "clients/kiosk/script.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

namespace paxid::kiosk {
namespace {

using nlohmann::ordered_json;

constexpr int kMaxSeconds = 86'400;

std::string dump(const ordered_json& json) {
  return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::string wrong(std::string_view what) { return dump(ordered_json{{"error", what}}); }

std::string worded(const base::Message& message, messages::Language language) {
  return message.empty() ? std::string() : messages::render(message, language);
}

bool read_lines(const ordered_json& value, std::vector<std::string>& lines) {
  if (value.is_string()) {
    lines.push_back(value.get<std::string>());
    return true;
  }
  if (!value.is_array() || value.empty()) return false;
  for (const auto& line : value) {
    if (!line.is_string()) return false;
    lines.push_back(line.get<std::string>());
  }
  return true;
}

}  // namespace

void ScriptLines::add(std::string_view piece, const Each& each) {
  while (!piece.empty()) {
    const std::size_t end = std::min(piece.find('\n'), piece.size());
    line_ += piece.substr(0, std::min(end, kMaxScriptLineBytes + 1 - line_.size()));
    if (end == piece.size()) return;
    each(std::exchange(line_, {}));
    piece.remove_prefix(end + 1);
  }
}

void ScriptLines::end(const Each& each) {
  if (!line_.empty()) each(std::exchange(line_, {}));
}

std::string line_of(const View& view) {
  ordered_json to{{"screen", name_of(view.screen)},
                  {"language", messages::tag_of(view.language)},
                  {"title", worded(view.title, view.language)},
                  {"text", worded(view.text, view.language)},
                  {"notice", worded(view.notice, view.language)},
                  {"code", view.code},
                  {"seconds", nullptr},
                  {"buttons", ordered_json::array()},
                  {"spoken", spoken(view)}};
  if (view.seconds) to["seconds"] = *view.seconds;
  for (const Button& button : view.buttons) {
    const auto language = button.language.value_or(view.language);
    to["buttons"].push_back(
        {{"press", button.id}, {"label", messages::text_of(button.label, language)}});
  }
  return dump(to);
}

std::string run_line(Terminal& terminal, std::string_view line) {
  if (line.size() > kMaxScriptLineBytes) return wrong("a line has at most 65536 bytes");
  const auto command = ordered_json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!command.is_object() || command.size() != 1) {
    return wrong("a line is an object with one of the keys scan, press, wait");
  }
  const auto entry = command.begin();
  const std::string& key = entry.key();
  const auto& value = entry.value();
  if (key == "scan") {
    std::vector<std::string> lines;
    if (!read_lines(value, lines)) return wrong("scan: a text, or a list of lines");
    terminal.scan(reader::read_scan(lines, terminal.today(), {}));
  } else if (key == "press") {
    if (!value.is_string()) return wrong("press: the name of a button");
    const std::string name = value.get<std::string>();
    const View view = terminal.session().view();
    for (const Button& button : view.buttons) {
      if (button.id == name) return terminal.press(name), std::string();
    }
    return wrong("press: there is no such button now");
  } else if (key == "wait") {
    if (!value.is_number_integer() || value < 0 || value > kMaxSeconds) {
      return wrong("wait: 0 to 86400 seconds");
    }
    terminal.pass_time(std::chrono::seconds(value.get<int>()));
  } else {
    return wrong("a line is an object with one of the keys scan, press, wait");
  }
  return {};
}

}  // namespace paxid::kiosk
