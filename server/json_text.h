#pragma once

#include <charconv>
#include <concepts>
#include <cstddef>
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

  void put(std::string_view name, std::string_view text);
  void put(std::string_view name, double number);
  template <std::integral Number>
  void put(std::string_view name, Number number) {
    key(name);
    append_integer(number);
  }
  // A value of an array.
  void add(std::string_view text);
  template <std::integral Number>
  void add(Number number) {
    begin_value();
    append_integer(number);
  }

  std::string take() && {
    text_.resize(size_);
    return std::move(text_);
  }

 private:
  static constexpr std::size_t kUsualBytes = 4096;
  static constexpr std::size_t kMostAroundKey = 4;  // ,"":
  // More than nlohmann prints of any double, and more than the digits of any integer.
  static constexpr std::size_t kMostOfNumber = 64;

  // Where the next byte goes, with room for `bytes` of them.
  char* room(std::size_t bytes) {
    if (text_.size() - size_ < bytes) grow(bytes);
    return text_.data() + size_;
  }
  void grow(std::size_t bytes);
  void written_to(const char* end) { size_ = static_cast<std::size_t>(end - text_.data()); }
  void append(char c) {
    *room(1) = c;
    ++size_;
  }

  void begin_value() {
    if (!first_) append(',');
    first_ = false;
  }
  // Behind the last value, with its comma; where the value goes.
  char* key_at(char* to, std::string_view name);
  void key(std::string_view name) { written_to(key_at(room(name.size() + kMostAroundKey), name)); }
  template <class Write>
  void nested(char open, char close, Write& write) {
    const std::string_view key_outside = last_key_;
    last_key_ = {};
    append(open);
    first_ = true;
    write();
    append(close);
    first_ = false;
    last_key_ = key_outside;
  }
  void append_string(std::string_view text);
  void append_escaped(std::string_view text);
  void append_number(double number);
  template <std::integral Number>
  void append_integer(Number number) {
    char* to = room(kMostOfNumber);
    written_to(std::to_chars(to, to + kMostOfNumber, number).ptr);
  }

  // Longer than what is written: a byte is put where it belongs, without a look at the string.
  std::string text_ = std::string(kUsualBytes, '\0');
  std::size_t size_ = 0;       // what is written
  std::string_view last_key_;  // keys have static lifetime
  bool first_ = true;
};

}  // namespace paxid::server
