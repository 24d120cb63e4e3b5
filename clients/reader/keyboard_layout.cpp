#include "clients/reader/keyboard_layout.h"

#include <array>

#include "base/utf8.h"

namespace paxid::reader {
namespace {

// From the tables of xkeyboard-config (symbols us, de, fr, es, it, pt, tr): the same key, with
// and without shift. `<` is shift and comma on a US keyboard.
constexpr std::array kLayouts{
    KeyboardLayout{"de", U"yzYZ;:-_", "zyZY<>/?"},
    KeyboardLayout{"fr", U"aqzwAQZWm,?M;:!§.&é\"'(-è_çà1234567890",
                   "qawzQAWZ;mM:,./?<1234567890!@#$%^&*()"},
    KeyboardLayout{"es", U";:-_'?", "<>/?-_"},
    KeyboardLayout{"it", U";:-_'?", "<>/?-_"},
    KeyboardLayout{"pt", U";:-_'?", "<>/?-_"},
    KeyboardLayout{"tr", U"ÖÇ.:öç*?ı", "<>/?,.-_i"},
};

static_assert(kLayouts.size() == kKeyboardLayouts);

constexpr bool rows_fit() {
  for (const KeyboardLayout& layout : kLayouts) {
    if (layout.typed.size() != layout.sent.size()) return false;
  }
  return true;
}
static_assert(rows_fit());

}  // namespace

std::span<const KeyboardLayout> keyboard_layouts() { return kLayouts; }

std::string as_sent(std::string_view typed, const KeyboardLayout& layout) {
  std::string sent;
  while (!typed.empty()) {
    const base::Utf8Step step = base::decode_utf8(typed);
    const auto place = step.valid ? layout.typed.find(step.code_point) : std::u32string_view::npos;
    if (place != std::u32string_view::npos) {
      sent += layout.sent[place];
    } else {
      sent += typed.substr(0, step.length);
    }
    typed.remove_prefix(step.length);
  }
  return sent;
}

}  // namespace paxid::reader
