#include "mrz/finding.h"

#include <algorithm>

#include "base/check.h"

namespace paxid::mrz {
namespace {

struct Property {
  FindingCode code;
  std::string_view name;
  Severity severity;
  bool deviation;  // departs from Doc 9303: an error under `strict`
};

using enum FindingCode;
constexpr auto kInfo = Severity::kInfo;
constexpr auto kWarning = Severity::kWarning;
constexpr auto kError = Severity::kError;

// In the order of the enumerators.
constexpr Property kProperties[] = {
    {kEmptyInput, "EMPTY_INPUT", kError, true},
    {kTooLong, "TOO_LONG", kError, true},
    {kLineCount, "LINE_COUNT", kError, true},
    {kLineLength, "LINE_LENGTH", kError, true},
    {kLineOrder, "LINE_ORDER", kError, true},
    {kJoinedLines, "JOINED_LINES", kInfo, true},
    {kExtraText, "EXTRA_TEXT", kWarning, true},
    {kSeparator, "SEPARATOR", kInfo, true},
    {kBadCharacter, "BAD_CHARACTER", kError, true},
    {kHomoglyph, "HOMOGLYPH", kWarning, true},
    {kCaseFolded, "CASE_FOLDED", kInfo, true},
    {kBlankForFiller, "BLANK_FOR_FILLER", kInfo, true},
    {kWidthFolded, "WIDTH_FOLDED", kWarning, true},
    {kRepairedFiller, "REPAIRED_FILLER", kError, true},
    {kWrongClass, "WRONG_CLASS", kError, true},
    {kDigitInName, "DIGIT_IN_NAME", kError, true},
    {kCodedName, "CODED_NAME", kInfo, true},
    {kRepairedCell, "REPAIRED_CELL", kWarning, true},
    {kRepairCandidate, "REPAIR_CANDIDATE", kInfo, false},
    {kRepairAmbiguous, "REPAIR_AMBIGUOUS", kInfo, false},
    {kCheckDigit, "CHECK_DIGIT", kError, true},
    {kCheckDigitMissing, "CHECK_DIGIT_MISSING", kError, true},
    {kCheckDigitFiller, "CHECK_DIGIT_FILLER", kWarning, true},
    {kLongNumberLegacy, "LONG_NUMBER_LEGACY", kInfo, true},
    {kLongNumberUnterminated, "LONG_NUMBER_UNTERMINATED", kWarning, true},
    {kInvalidDate, "INVALID_DATE", kError, true},
    {kUnknownDate, "UNKNOWN_DATE", kInfo, false},
    {kNoExpiry, "NO_EXPIRY", kWarning, true},
    {kDateOrder, "DATE_ORDER", kWarning, false},
    {kCenturyAmbiguous, "CENTURY_AMBIGUOUS", kInfo, false},
    {kExpired, "EXPIRED", kInfo, false},
    {kInvalidSex, "INVALID_SEX", kError, true},
    {kSexX, "SEX_X", kWarning, true},
    {kUnknownState, "UNKNOWN_STATE", kWarning, true},
    {kNonstandardCode, "NONSTANDARD_CODE", kInfo, true},
    {kDeprecatedCode, "DEPRECATED_CODE", kInfo, false},
    {kSpecimenState, "SPECIMEN_STATE", kInfo, false},
    {kNationalityDiffers, "NATIONALITY_DIFFERS", kInfo, false},
    {kUnregisteredDocumentCode, "UNREGISTERED_DOCUMENT_CODE", kInfo, false},
    {kForbiddenDocumentCode, "FORBIDDEN_DOCUMENT_CODE", kWarning, true},
    {kDocumentCodeForSize, "DOCUMENT_CODE_FOR_SIZE", kWarning, true},
    {kEmptyName, "EMPTY_NAME", kError, true},
    {kNoPrimary, "NO_PRIMARY", kInfo, true},
    {kExtraSeparator, "EXTRA_SEPARATOR", kWarning, true},
    {kNameUncertain, "NAME_UNCERTAIN", kWarning, true},
    {kSuspectFiller, "SUSPECT_FILLER", kWarning, true},
    {kBlindPair, "BLIND_PAIR", kInfo, false},
    {kTooManyFindings, "TOO_MANY_FINDINGS", kWarning, false},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < std::size(kProperties); ++i) {
    if (static_cast<std::size_t>(kProperties[i].code) != i) return false;
  }
  return std::size(kProperties) == static_cast<std::size_t>(kTooManyFindings) + 1;
}
static_assert(in_order());

const Property& property_of(FindingCode code) {
  return kProperties[static_cast<std::size_t>(code)];
}

}  // namespace

std::string_view name_of(FindingCode code) { return property_of(code).name; }

Severity severity_of(FindingCode code, bool strict) {
  const Property& property = property_of(code);
  return strict && property.deviation ? kError : property.severity;
}

std::string_view name_of(Severity severity) {
  switch (severity) {
    case Severity::kInfo:
      return "info";
    case Severity::kWarning:
      return "warning";
    case Severity::kError:
      return "error";
  }
  PAXID_CHECK(false);
}

std::string_view name_of(Field field) {
  switch (field) {
    case Field::kNone:
      return "";
    case Field::kDocumentCode:
      return "document_code";
    case Field::kIssuer:
      return "issuer";
    case Field::kName:
      return "name";
    case Field::kDocumentNumber:
      return "document_number";
    case Field::kNationality:
      return "nationality";
    case Field::kBirthDate:
      return "birth_date";
    case Field::kSex:
      return "sex";
    case Field::kExpiryDate:
      return "expiry_date";
    case Field::kOptional1:
      return "optional1";
    case Field::kOptional2:
      return "optional2";
    case Field::kComposite:
      return "composite";
    case Field::kReserved:
      return "reserved";
  }
  PAXID_CHECK(false);
}

void Findings::add(const Finding& finding) {
  if (size_ < kMax) {
    list_[size_++] = finding;
    return;
  }
  Finding& last = list_[kMax - 1];
  const Severity worst = std::max(last.severity, finding.severity);
  last = Finding{};
  last.code = kTooManyFindings;
  last.severity = worst;
}

bool Findings::has(FindingCode code) const {
  return std::any_of(begin(), end(), [code](const Finding& f) { return f.code == code; });
}

bool Findings::has_error() const {
  return std::any_of(begin(), end(), [](const Finding& f) { return f.severity == kError; });
}

}  // namespace paxid::mrz
