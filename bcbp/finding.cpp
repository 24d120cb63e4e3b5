#include "bcbp/boarding_pass.h"

namespace paxid::bcbp {

std::string_view name_of(Severity severity) {
  switch (severity) {
    case Severity::kNote:
      return "note";
    case Severity::kWarning:
      return "warning";
    case Severity::kError:
      return "error";
  }
  return "";
}

std::string_view name_of(FindingCode code) {
  switch (code) {
    case FindingCode::kTooShort:
      return "TOO_SHORT";
    case FindingCode::kTooLong:
      return "TOO_LONG";
    case FindingCode::kIllegalByte:
      return "ILLEGAL_BYTE";
    case FindingCode::kFormatCode:
      return "FORMAT_CODE";
    case FindingCode::kNumberOfLegs:
      return "NUMBER_OF_LEGS";
    case FindingCode::kMisaligned:
      return "MISALIGNED";
    case FindingCode::kSizeNotHex:
      return "SIZE_NOT_HEX";
    case FindingCode::kSizeOverrun:
      return "SIZE_OVERRUN";
    case FindingCode::kLegMissing:
      return "LEG_MISSING";
    case FindingCode::kMandatoryTruncated:
      return "MANDATORY_TRUNCATED";
    case FindingCode::kLowercaseHex:
      return "LOWERCASE_HEX";
    case FindingCode::kConditionalBehindZeroSize:
      return "CONDITIONAL_BEHIND_ZERO_SIZE";
    case FindingCode::kFieldSplit:
      return "FIELD_SPLIT";
    case FindingCode::kSectionSizeMissing:
      return "SECTION_SIZE_MISSING";
    case FindingCode::kExtraInSection:
      return "EXTRA_IN_SECTION";
    case FindingCode::kNoVersionMarker:
      return "NO_VERSION_MARKER";
    case FindingCode::kVersionUnknown:
      return "VERSION_UNKNOWN";
    case FindingCode::kUnframedSecurityData:
      return "UNFRAMED_SECURITY_DATA";
    case FindingCode::kTrailingData:
      return "TRAILING_DATA";
    case FindingCode::kScannerPrefix:
      return "SCANNER_PREFIX";
    case FindingCode::kLineEnd:
      return "LINE_END";
    case FindingCode::kFieldFormat:
      return "FIELD_FORMAT";
    case FindingCode::kFieldLowercase:
      return "FIELD_LOWERCASE";
    case FindingCode::kNameWithoutSlash:
      return "NAME_WITHOUT_SLASH";
    case FindingCode::kNameMissing:
      return "NAME_MISSING";
    case FindingCode::kReservedValue:
      return "RESERVED_VALUE";
    case FindingCode::kTicketIndicator:
      return "TICKET_INDICATOR";
    case FindingCode::kSameAirport:
      return "SAME_AIRPORT";
    case FindingCode::kSerialZero:
      return "SERIAL_ZERO";
    case FindingCode::kDateImpossible:
      return "DATE_IMPOSSIBLE";
    case FindingCode::kDateInferred:
      return "DATE_INFERRED";
    case FindingCode::kStalePass:
      return "STALE_PASS";
  }
  return "";
}

}  // namespace paxid::bcbp
