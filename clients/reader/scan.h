#pragma once

#include <bitset>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/personal.h"
#include "clients/reader/keyboard_layout.h"

// What a scanner that types has read: which kind of text, and what was meant by it.
namespace paxid::reader {

enum class ScanKind {
  kPass,      // a boarding pass (IATA Resolution 792)
  kDocument,  // a machine-readable zone, or the text of a North American licence
  kOther,     // neither: a bag tag, a badge, half a zone
};

// Which layouts the host's keyboard may have, by their place in keyboard_layouts().
using LayoutSet = std::bitset<kKeyboardLayouts>;

struct Scan {
  ScanKind kind = ScanKind::kOther;
  base::PersonalText text;  // mended; the lines of a zone in their order, parted by '\n'
  bool whole = false;       // reads without an error
  LayoutSet layouts;        // those that explain what arrived; none: it is what was sent

  friend bool operator==(const Scan&, const Scan&) = default;
};

// Reads `lines` as they arrived. A zone may have its lines in any order. Another layout of the
// host's keyboard, one of `possible`, or its caps lock, is undone when the text then reads without
// an error, does not as it arrived, and all layouts that come to that agree on the text: in a pass,
// `-` for `/` alone does not say whether Y and Z changed places. What is not mended stays as it
// arrived, for the server to judge. `today` decides centuries.
Scan read_scan(const std::vector<std::string>& lines, base::Date today, LayoutSet possible);

// Whether more lines can make a zone of these. True for nothing.
bool may_continue(const std::vector<std::string>& lines);

// What a pass says of itself, to show it before the server has answered.
struct PassFace {
  base::PersonalText name;
  std::string seat;
};
PassFace face_of_pass(const Scan& pass, base::Date today);

// The holder's name on a document, and whether it states until when it is valid.
struct DocumentFace {
  base::PersonalText name;
  bool has_expiry = false;
};
DocumentFace face_of_document(const Scan& document, base::Date today);

}  // namespace paxid::reader
