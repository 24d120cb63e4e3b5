#pragma once

#include <string>
#include <string_view>

namespace paxid::transliteration {

// A whole name that its script writes without a space, with one between surname and given
// name: Korean and Chinese names of 2 to 4 characters after the first one, or after one of the
// surnames of two; Japanese names (language "ja") where the dictionary of readings knows both
// halves, else names of 4 characters in the middle. Any other text comes back as it is.
// `language` is a BCP 47 tag in lower case, or "".
std::string with_name_space(std::string_view text, std::string_view language);

}  // namespace paxid::transliteration
