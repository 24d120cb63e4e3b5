// Any two words through the fast letter programmes and through their definitions.
//
// Input: a byte that picks the language and how long the words may be, a byte that says where the
// first word ends, then the letters, each byte as one of A-Z.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "matcher/letters.h"
#include "tests/matcher/reference/letters_reference.h"

namespace {

using namespace paxid::matcher;

// The definitions are slow, so most words are short; those of one input in eight go beyond the
// letters that count.
constexpr std::size_t kUsual = 12;
constexpr std::size_t kLongest = kMaxPartLetters + 8;
constexpr double kRounding = 2e-5;  // the fast programme adds floats

std::string word_of(const std::uint8_t* data, std::size_t size, std::size_t longest) {
  std::string word;
  for (std::size_t i = 0; i < std::min(size, longest); ++i) {
    word += static_cast<char>('A' + data[i] % 26);
  }
  return word;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::array<const char*, 8> kLanguages = {"", "ar", "ru", "zh", "de", "es", "el", "xx"};
  if (size < 2) return 0;
  const std::string language = kLanguages[data[0] % kLanguages.size()];
  const std::size_t longest = data[0] / kLanguages.size() % 8 == 7 ? kLongest : kUsual;
  const std::size_t first = std::min<std::size_t>(data[1] % (longest + 1), size - 2);
  const std::string x = word_of(data + 2, first, longest);
  const std::string y = word_of(data + 2 + first, size - 2 - first, longest);

  const int edits = letter_edits(x, y);
  PAXID_CHECK(edits == reference::letter_edits(x, y));
  PAXID_CHECK(edits == letter_edits(y, x));
  // It says something of one edit between whole texts.
  if (edits == 1 && std::max(x.size(), y.size()) <= kMaxPartLetters) {
    PAXID_CHECK(is_finger_slip(x, y) == reference::is_finger_slip(x, y));
    PAXID_CHECK(is_finger_slip(x, y) == is_finger_slip(y, x));
  }
  const double distance = variant_distance(x, y, language);
  PAXID_CHECK(std::abs(distance - reference::variant_distance(x, y, language)) <
              kRounding * (1 + distance));
  PAXID_CHECK(distance == variant_distance(y, x, language));
  PAXID_CHECK((distance == 0) == (x.substr(0, kMaxPartLetters) == y.substr(0, kMaxPartLetters)));
  constexpr double kCheapestLetter = 0.6;  // that no rule explains
  if (distance < kCheapestLetter && !y.empty()) PAXID_CHECK(edge_letters_by_rules(x).allow(y));
  return 0;
}
