#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"

namespace paxid::server {

// Writes canonical JSON straight into one string: UTF-8, no white space, the keys of an object in
// ascending order (the writer's duty, checked), numbers and escapes as nlohmann::json prints them.
// Bytes that are no UTF-8 become U+FFFD. Every record has a body, and a tree of values that is
// built to be printed once costs more than the comparison of the names.
class JsonText {
 public:
  JsonText() { text_.reserve(kUsualBytes); }

  // An object or an array: what `write` adds stands inside.
  template <std::invocable Write>
  void object(Write write) {
    begin_value();
    nested('{', '}', write);
  }
  template <std::invocable Write>
  void array(Write write) {
    begin_value();
    nested('[', ']', write);
  }
  template <std::invocable Write>
  void object(std::string_view name, Write write) {
    key(name);
    nested('{', '}', write);
  }
  template <std::invocable Write>
  void array(std::string_view name, Write write) {
    key(name);
    nested('[', ']', write);
  }

  void put(std::string_view name, std::string_view text) {
    key(name);
    append_string(text);
  }
  void put(std::string_view name, double number) {
    key(name);
    append_number(number);
  }
  template <std::integral Number>
  void put(std::string_view name, Number number) {
    key(name);
    text_ += std::to_string(number);
  }
  // A value of an array.
  void add(std::string_view text) {
    begin_value();
    append_string(text);
  }
  template <std::integral Number>
  void add(Number number) {
    begin_value();
    text_ += std::to_string(number);
  }

  std::string take() && { return std::move(text_); }

 private:
  static constexpr std::size_t kUsualBytes = 4096;

  void begin_value() {
    if (!first_) text_ += ',';
    first_ = false;
  }
  void key(std::string_view name);
  template <class Write>
  void nested(char open, char close, Write& write) {
    const std::string_view key_outside = last_key_;
    last_key_ = {};
    text_ += open;
    first_ = true;
    write();
    text_ += close;
    first_ = false;
    last_key_ = key_outside;
  }
  void append_string(std::string_view text);
  void append_number(double number);

  std::string text_;
  std::string_view last_key_;  // keys have static lifetime
  bool first_ = true;
};

}  // namespace paxid::server
