#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace paxid::mrz {

// A name as the visual zone prints it, UTF-8, any script.
struct VisualName {
  std::string_view primary;
  std::string_view secondary;
  std::string_view language;  // BCP 47 primary subtag, or "" when unknown
};

// Whether a name field can be the rendering of a visual name, and why.
enum class Rendering : std::uint8_t {
  kWhole,  // every part stands there as it is
  kCut,    // the name does not fit, parts are cut or missing, and the field is full
  // From here on: it is no legal rendering.
  kNoName,          // the visual name has no letter, or is of a script without a table
  kMalformedField,  // other cells than letters and fillers, or separators that do not conform
  kPartDiffers,
  kExtraPart,        // the field has more parts than the name
  kPartMissing,      // parts are missing although the field is not full, or the whole secondary
                     // identifier is
  kCutWithoutNeed,   // parts are cut although the whole name fits
  kCutBeforeTheEnd,  // parts are cut although the last cell is a filler
};
std::string_view name_of(Rendering rendering);  // "WHOLE", "CUT", "NO_NAME" ...

constexpr bool is_legal(Rendering rendering) { return rendering <= Rendering::kCut; }

// `cells` is a whole name field, 39, 31 or 30 cells. By ICAO Doc 9303-3 4.6 and 9303-4 to -7
// 4.2.3: a name that fits stands there whole, with any of the transliterations that section 6
// allows for its letters; of one that does not fit each part may be cut to a beginning of at
// least one letter, parts at the end of an identifier may be missing, at least one letter of
// the secondary identifier stands, and the last cell is a letter. Thread-safe.
Rendering rendering_of(std::string_view cells, const VisualName& name);

}  // namespace paxid::mrz
