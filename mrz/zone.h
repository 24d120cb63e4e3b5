#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/date.h"
#include "mrz/document.h"
#include "mrz/finding.h"

namespace paxid::mrz {

// A longer text is not looked at: TOO_LONG.
inline constexpr std::size_t kMaxRawBytes = 64 * 1024;

struct ReadOptions {
  // Decides centuries and what is expired. When it is no calendar day, dates stay unresolved.
  base::Date reference_date;
  // Refuses every tolerance (lower case, blanks for fillers, joined lines, a filler where a
  // digit belongs, unknown codes ...): what would be a deviation becomes an error.
  bool strict = false;
};

// What a check digit says about its field. Never "proven": every digit is blind to some
// misreads (mrz/check_digit.h).
enum class Check : std::uint8_t { kUncovered, kConsistent, kContradicted };
std::string_view name_of(Check check);  // "uncovered", "consistent", "contradicted"

struct Checks {
  Check document_number = Check::kUncovered;
  Check birth_date = Check::kUncovered;
  Check expiry_date = Check::kUncovered;
  Check optional = Check::kUncovered;
  Check composite = Check::kUncovered;

  friend bool operator==(const Checks&, const Checks&) = default;
};

// How the check digit of a document number of more than nine characters was computed:
// Doc 9303-5 4.2.4 leaves out the filler in the digit's usual place; older cards include it,
// which shifts the weights.
enum class LongNumber : std::uint8_t {
  kNone,            // the number has at most nine characters
  kFillerExcluded,  // as 9303-5 says
  kFillerIncluded,  // legacy
  kBoth,            // both ways give the printed digit
  kContradicted,    // neither does
};
std::string_view name_of(LongNumber variant);  // "none", "excluded", "included", "both", ...

// What a zone says. Always filled as far as it could be read; `ok` says whether to rely on it.
struct Reading {
  // The size names a format, every cell is in its field's alphabet, every printed check digit
  // agrees, birth and expiry are days of the calendar or legally unknown, sex is M, F, < or X.
  // With ReadOptions::strict also: no deviation at all. Equivalent to: no finding is an error.
  bool ok = false;
  // One cell was mended (REPAIRED_CELL): document, checks and dates hold the mended cell. The
  // zone as printed is not in order, so `ok` is false; `ok_repaired` says that nothing else
  // stands against it. False when no cell was mended.
  bool ok_repaired = false;
  Format format = Format::kNone;
  Document document;
  Checks checks;
  LongNumber long_number = LongNumber::kNone;
  // The name field's last cell is a letter: any part of the name may be cut, and given names
  // may be missing (9303-3 4.6). False proves that nothing was cut.
  bool maybe_truncated = false;
  ZoneDate birth;
  ZoneDate expiry;
  // In the order: framing, cells, fields, digits, dates, plausibility.
  Findings findings;

  friend bool operator==(const Reading&, const Reading&) = default;
};
static_assert(sizeof(Reading) <= 512);

// Reads a zone as scanners deliver it: lines separated by CR, LF or both (a Unicode line
// separator or a tab is tolerated), white space around them, blank lines, lines joined into
// one, other text around the zone, lower case, blanks, ; or > for fillers, Y and Z exchanged by
// another keyboard layout (mrz/keyboard.h). The size decides the format first, the letter of the
// document code second.
//
// One cell is mended without asking: the only cell outside its field's alphabet in the dates
// and check digits, when one digit that looks like it makes both its field's check digit and
// the composite digit agree (REPAIRED_CELL; mrz/cells.h), under ReadOptions::strict too, where that
// is an error. Everything else stays as printed.
//
// Any bytes may be given; never throws, allocates nothing, time linear in raw.size().
// Thread-safe: no state.
Reading read(std::string_view raw, const ReadOptions& options);

}  // namespace paxid::mrz
