#include "clients/reader/scanner_settings.h"

#include <utility>

namespace paxid::reader {

base::Result<WedgeOptions> wedge_options(const ScannerSettings& settings) {
  WedgeOptions options;
  options.key_gap = Milliseconds(settings.key_gap_ms);
  for (const std::string& text : settings.scanners) {
    auto scanner = scanner_from(text);
    if (!scanner) return tl::unexpected(scanner.error());
    options.scanners.push_back(*std::move(scanner));
  }
  if (settings.keyboard.empty()) return options;
  for (std::size_t i = 0; i < kKeyboardLayouts; ++i) {
    if (keyboard_layouts()[i].name != settings.keyboard) options.layouts.reset(i);
  }
  if (options.layouts.none()) {
    return base::fail(base::ErrorCode::kInvalidArgument, "no such keyboard layout", "keyboard");
  }
  return options;
}

std::vector<std::string> keyboard_names() {
  std::vector<std::string> names;
  for (const KeyboardLayout& layout : keyboard_layouts()) names.emplace_back(layout.name);
  return names;
}

}  // namespace paxid::reader
