#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/error.h"
#include "mrz/document.h"
#include "mrz/fixed_text.h"

namespace paxid::mrz {

// What a zone is to say. Views must outlive the call of write(). Letters may be of either
// case; names and numbers may hold the punctuation of the visual zone:
//   in names, apostrophes vanish, hyphens, commas and blanks become one filler, any other
//   ASCII punctuation vanishes (9303-3 4.6); other scripts are transliterated before;
//   in numbers and optional data, blanks and hyphens become fillers.
struct ZoneContent {
  Format format = Format::kNone;
  std::string_view document_code;
  std::string_view issuer;
  std::string_view primary;  // not empty unless `secondary` is not
  std::string_view secondary;
  std::string_view document_number;
  std::string_view nationality;
  std::string_view birth_date;   // YYMMDD, `<<` for an unknown part
  std::string_view sex;          // "M", "F", or "", "<", "X" for what the zone prints as `<`
  std::string_view expiry_date;  // YYMMDD
  std::string_view optional1;
  std::string_view optional2;
};

// What a document read from a zone says, to be written again. Views look into `document`.
ZoneContent content_of(Format format, const Document& document);

struct WrittenZone {
  std::array<FixedText<44>, 3> lines;
  std::size_t line_count = 0;

  // The lines, each ended by a newline.
  std::string text() const;
};

// Writes a zone as Doc 9303 wants it: fillers, check digits, long document numbers with the
// filler left out of the digit, the digit of blank optional data as `<`. Names that do not fit
// are cut from the end of each identifier so that `<<` and at least one letter of the secondary
// identifier stand and the last cell is a letter (9303-4 to 9303-7, 4.2.3), unless all parts are
// single letters: then the parity of the field may leave its last cell a filler.
//
// INVALID_ARGUMENT with the field's name when a field is missing, too long for the format,
// not part of it, or holds what a zone cannot. Thread-safe.
base::Result<WrittenZone> write(const ZoneContent& content);

// The same for names as the visual zone prints them, in any script that ICAO Doc 9303-3 section 6
// transliterates. `language` (BCP 47, may be "") decides where the table leaves a choice.
base::Result<WrittenZone> write_transliterated(ZoneContent content, std::string_view language);

}  // namespace paxid::mrz
