#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

// A scanner that types sends the places of keys as a United States keyboard has them. Where the
// host's keyboard is another one, other characters arrive: `;` for `<`, Y for Z, & for 1.
namespace paxid::reader {

// A host's layout: what it makes of the keys and shifted keys of a US keyboard that can stand in
// a zone, a pass or a licence. Keys that are not named are the same on both.
struct KeyboardLayout {
  std::string_view name;      // "de", as XKB calls it
  std::u32string_view typed;  // what arrives ...
  std::string_view sent;      // ... for each of these
};

inline constexpr std::size_t kKeyboardLayouts = 6;

// US is not among them: there nothing is to be mended. There are kKeyboardLayouts.
std::span<const KeyboardLayout> keyboard_layouts();

// What the scanner sent when `typed` (UTF-8) arrived at a host of this layout. Characters that the
// layout says nothing of stand as they are.
std::string as_sent(std::string_view typed, const KeyboardLayout& layout);

}  // namespace paxid::reader
