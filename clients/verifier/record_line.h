#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

// A line of records.jsonl, taken apart without a tree of values: an export has millions of them.
namespace paxid::verifier {

// Views of the line, as they stand in it. Empty where the line has none.
struct RecordLine {
  std::string_view body;  // an object
  std::string_view body_key;
  std::string_view body_state;
  std::string_view leaf;
  std::string_view leaf_hash;
  std::uint64_t leaf_index = 0;
  std::string_view sealed;
  bool has_body = false;
  bool has_body_key = false;
  bool has_sealed = false;
};

// Exactly the form that docs/export.md prescribes (RFC 8785: keys ascending, no white space, no
// escapes in what is base64, hexadecimal or a word). Nothing for every other one. `body` is an
// object of RFC 8259 without white space, at most 64 deep; its keys are not looked at.
std::optional<RecordLine> take_apart(std::string_view line);

}  // namespace paxid::verifier
