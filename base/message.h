#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/personal.h"

namespace paxid::base {

// A value that stands in a message. Names have static lifetime.
struct Argument {
  std::string_view name;
  std::variant<PersonalText, std::int64_t> value;

  friend bool operator==(const Argument&, const Argument&) = default;
};

// Something to be told to a person, in no language yet: a key of the message catalogues
// (messages/catalogue.h) and what is put into it. Keys have static lifetime.
struct Message {
  std::string_view key;  // empty: `literal` is the text, in whatever language it came
  std::vector<Argument> arguments;
  PersonalText literal;

  bool empty() const { return key.empty() && literal.empty(); }
  friend bool operator==(const Message&, const Message&) = default;
};

// A text that was rendered elsewhere.
inline Message literal_message(std::string text) { return {{}, {}, PersonalText(std::move(text))}; }

}  // namespace paxid::base
