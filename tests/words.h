#pragma once

// Private to tests: the words that programs read in answers, beside the enumerators they stand for.

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace paxid {

// "kNoHeader", as the compiler prints it; "" for a value that has no enumerator.
template <auto kValue>
constexpr std::string_view enumerator() {
  std::string_view text = __PRETTY_FUNCTION__;
  const auto begin = text.rfind("::k");
  if (begin == std::string_view::npos) return {};
  text.remove_prefix(begin + 2);
  return text.substr(0, text.find_first_of(";]"));
}

// Those with values below 128.
template <class E>
std::vector<std::pair<E, std::string_view>> enumerators() {
  std::vector<std::pair<E, std::string_view>> all;
  [&]<std::size_t... kValues>(std::index_sequence<kValues...>) {
    for (const auto& [value, name] :
         {std::pair(static_cast<E>(kValues), enumerator<static_cast<E>(kValues)>())...}) {
      if (!name.empty()) all.emplace_back(value, name);
    }
  }
  (std::make_index_sequence<128>());
  return all;
}

enum class Letters { kUpper, kLower };

// "NO_HEADER" of "kNoHeader".
inline std::string snake(std::string_view enumerator, Letters letters) {
  std::string word;
  for (const char c : enumerator.substr(1)) {
    const bool capital = c >= 'A' && c <= 'Z';
    if (capital && !word.empty()) word += '_';
    const bool small = c >= 'a' && c <= 'z';
    if (small && letters == Letters::kUpper) {
      word += static_cast<char>(c - 'a' + 'A');
    } else if (capital && letters == Letters::kLower) {
      word += static_cast<char>(c - 'A' + 'a');
    } else {
      word += c;
    }
  }
  return word;
}

// Every value's word is its enumerator, but for those that are given.
template <class E>
void expect_words(Letters letters, const std::map<E, std::string>& others = {}) {
  const auto all = enumerators<E>();
  EXPECT_GT(all.size(), 1u);
  for (const auto& [value, name] : all) {
    const auto other = others.find(value);
    EXPECT_EQ(name_of(value), other == others.end() ? snake(name, letters) : other->second) << name;
  }
}

}  // namespace paxid
