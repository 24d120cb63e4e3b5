#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "mrz/finding.h"

// The text of the PDF417 symbol on North American driving licences and identification cards,
// which have no machine-readable zone. AAMVA DL/ID Card Design Standard (CDS), versions 1 to 10
// of the symbol's text.
//
// What rests on what. The header, the order of its parts since version 2, the elements DAQ, DCS,
// DAC, DAD, DBA, DBB, DBC, DCG, DDE, DDF, DDG and the order of dates: the published example of CDS
// 2020 Annex D (version 10). Version 1 (no jurisdiction version in the header, DAA with commas,
// dates year first): a state's published guide to its version 1 symbol. DCT in versions 2 and 3,
// DAB in version 1, and the placeholder NONE: common knowledge among readers of these symbols,
// not checked against the text of those editions.
//
// Nothing in the symbol proves any of this: it holds no check digit and no signature. What is
// read is a claim.
namespace paxid::mrz {

// A longer text is not looked at. A PDF417 symbol holds 1,850 characters at most.
inline constexpr std::size_t kMaxLicenceBytes = 8 * 1024;
inline constexpr int kNewestLicenceVersion = 10;

enum class LicenceFindingCode : std::uint8_t {
  kTooLong,
  kHeader,           // error: no header of this kind, or its numbers are none
  kHeaderDamaged,    // control characters of the header are lost, as keyboard wedges do
  kUnknownVersion,   // newer than this reader
  kNoSubfile,        // error: neither DL nor ID nor EN
  kMissing,          // error: an element without which nobody can be identified
  kInvalidDate,      // error: no day of the calendar
  kDateOrder,        // the parts of a date stand in the other country's order
  kInvalidSex,       // neither 1, 2 nor 9
  kUnknownCountry,   // neither USA nor CAN
  kNameCut,          // the card says that this part of the name is cut
  kNameMayBeCut,     // the card says that this is not known
  kPlaceholder,      // a word that stands for no name
  kRepeatedElement,  // error: twice with different content
  kExpired,
};
std::string_view name_of(LicenceFindingCode code);  // "HEADER", "NAME_CUT" ...
Severity severity_of(LicenceFindingCode code);

struct LicenceFinding {
  LicenceFindingCode code = LicenceFindingCode::kHeader;
  std::string element;  // "DBB"; "" where it is about the whole

  friend bool operator==(const LicenceFinding&, const LicenceFinding&) = default;
};

// What the symbol claims. Texts are UTF-8, without outer blanks. Personal data: never log it.
struct Licence {
  bool ok = false;       // no finding is an error
  std::string issuer;    // six digits: the issuer identification number
  int version = 0;       // of the text's layout
  std::string document;  // "DL", "ID" or "EN" (enhanced licence); the first subfile of these
  std::string surname;
  std::string given_names;  // first and middle names with blanks between them
  std::string suffix;       // "JR", "III"
  bool maybe_truncated = false;
  std::string number;
  std::optional<base::Date> birth_date;
  std::optional<base::Date> expiry_date;
  char sex = '<';       // 'M', 'F', or '<' for not stated
  std::string country;  // "USA", "CAN", or as printed
  std::string region;   // "VA"
  std::vector<LicenceFinding> findings;
};

// Whether `raw` begins like such a text; if not, it may be a zone.
bool is_licence_text(std::string_view raw);

// Any bytes may be given. Dates stand month first in the United States and year first in Canada
// and in version 1; the two orders cannot be confused in the centuries 19 and 20. Bytes that are
// no UTF-8 are taken for ISO 8859-1. Never throws; linear in raw.size(). Thread-safe.
Licence read_licence(std::string_view raw, base::Date reference_date);

}  // namespace paxid::mrz
