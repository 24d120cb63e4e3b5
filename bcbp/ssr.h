#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"

namespace paxid::bcbp {

enum class SsrType : std::uint8_t { kDocs, kDoco, kDoca };
std::string_view name_of(SsrType type);  // "DOCS", "DOCO", "DOCA"

// Travel document (AIRIMP). Personal data. A field that is empty is not known.
struct Docs {
  std::string document_type;  // P, IP, A, C, I, ...
  std::string issuer;         // two or three letters
  std::string number;
  std::string nationality;
  std::optional<base::Date> birth_date;
  std::string gender;  // M, F, U, or MI/FI: an infant without a seat
  std::optional<base::Date> expiry_date;
  std::string surname;  // blanks of a line fold taken out of the words
  // As printed. A double surname (GARCIA LOPEZ) looks like a folded one, and kFoldMended is
  // found for both: then this is the other reading, and whoever compares must try both.
  std::string surname_raw;
  std::string given;  // without a glued or spaced title
  std::string given_raw;
  std::string second_given;
  std::string title;
  std::string suffix;
  bool multi_passenger_holder = false;  // H
  bool infant = false;
};

// Visa. Personal data.
struct Doco {
  std::string place_of_birth;
  std::string document_type;  // V; K and R: traveller and redress numbers
  std::string number;
  std::string place_of_issue;
  std::optional<base::Date> issue_date;
  std::string applicable;  // country the visa is for
  bool infant = false;
};

// Address. Personal data.
struct Doca {
  std::string kind;  // D destination, R residence
  std::string country;
  std::string street;
  std::string city;
  std::string state;
  std::string zip;
  bool infant = false;
};

enum class SsrFinding : std::uint8_t {
  kTooLong,
  kIllegalByte,
  kNotAnSsr,
  kShiftedByOne,  // every field stands one place (or two) off, and was read where it belongs
  kFoldMended,    // a blank inside a name came from a folded line
  kDateUnreadable,
  kFieldMissing,
  kExtraField,
};
std::string_view name_of(SsrFinding finding);
// Whether nothing can be read because of it; the others are notes on what was read.
bool refuses(SsrFinding finding);

inline constexpr std::size_t kMaxSsrBytes = 2048;

struct SsrReading {
  bool ok = false;
  SsrType type = SsrType::kDocs;
  std::string status;   // HK, ...
  std::string carrier;  // airline the request is for
  std::string board;
  std::string off;
  std::string traveller_ref;    // "2", "1.1": which passenger
  std::string associated_name;  // the name behind it, "SMITH/JOHNMR"; mostly empty
  std::optional<Docs> docs;     // exactly the one that `type` names, when ok
  std::optional<Doco> doco;
  std::optional<Doca> doca;
  std::vector<SsrFinding> findings;
};

// Reads SSR DOCS, DOCO and DOCA in the PNRGOV form (`SSR+DOCS:HK:1:AV:::FLL:BOG:/P/DEU/...+::2`)
// and in the plain forms (`DOCS P/GB/...`, `SSR DOCS BA HK1/P/...`, `SRDOCSUAHK1-P-US-...`,
// `3DOCS/...`, `SI.P1/SSRDOCS...`). Two-digit years: births are not after the reference date,
// expiry dates are the nearest to it, issue dates not after it.
SsrReading read_ssr(std::string_view raw, base::Date reference_date);

}  // namespace paxid::bcbp
