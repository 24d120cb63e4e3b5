#pragma once

#include <functional>
#include <iosfwd>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace paxid::cli {

// Answers one request of the line protocol (docs/line_protocol.md). `request` is a JSON
// object; the answer's "id" is filled in by run_jsonl. Must not throw for any object.
using Answer = std::function<nlohmann::json(const nlohmann::json& request)>;

// The longest line that is read; a longer one is answered with LINE_TOO_LONG.
inline constexpr std::size_t kMaxLineBytes = 1 << 20;
// Objects and arrays inside each other, the request's own included; more are answered with
// TOO_DEEP.
inline constexpr int kMaxDepth = 32;

// A line of input as far as it is kept.
struct Line {
  std::string text;  // without the line feed, at most kMaxLineBytes
  bool too_long = false;

  bool blank() const { return !too_long && text.find_first_not_of(" \t\r") == std::string::npos; }
};

// Reads the next line; of one that is too long the rest is skipped. False at the end of input.
bool next_line(std::istream& in, Line& line);

// The JSON object a line holds, or the code that says why there is none: LINE_TOO_LONG,
// TOO_DEEP, NOT_JSON, NOT_AN_OBJECT.
tl::expected<nlohmann::json, std::string_view> object_of(const Line& line);

// Reads one JSON object a line from `in` and writes one JSON object a line to `out`, in the
// same order, each with the request's id (null when it has none). A line that cannot be
// read is answered with {"id":null,"ok":false,"findings":[{"code":…}]}; nothing stops the
// loop but the end of input. Empty lines are skipped. Returns the exit status: 0 when every
// line was answered, 1 when `out` failed.
int run_jsonl(std::istream& in, std::ostream& out, const Answer& answer);

// {"ok":false,"findings":[{"code":code,"severity":"error"}]}
nlohmann::json refusal(std::string_view code);

// The text under `key`, or nothing when it is missing or not a string.
std::optional<std::string> text_at(const nlohmann::json& request, std::string_view key);

}  // namespace paxid::cli
