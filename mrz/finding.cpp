#include "mrz/finding.h"

#include <algorithm>
#include <array>
#include <iterator>

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
    {kFillerKey, "FILLER_KEY", kInfo, true},
    {kWidthFolded, "WIDTH_FOLDED", kWarning, true},
    {kRepairedFiller, "REPAIRED_FILLER", kError, true},
    {kKeyboardLayout, "KEYBOARD_LAYOUT", kWarning, true},
    {kKeyboardUncertain, "KEYBOARD_UNCERTAIN", kWarning, true},
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
    {kUnharmonisedDocumentCode, "UNHARMONISED_DOCUMENT_CODE", kInfo, false},
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

constexpr unsigned kSeverityBits = 2;

std::uint8_t packed(Severity severity, Field field) {
  return static_cast<std::uint8_t>(static_cast<unsigned>(field) << kSeverityBits |
                                   static_cast<unsigned>(severity));
}

Severity severity_of(std::uint8_t severity_and_field) {
  return static_cast<Severity>(severity_and_field & ((1u << kSeverityBits) - 1));
}

// How the texts of findings are packed into four bytes: the kind on top, what it holds below.
enum class Detail : std::uint32_t {
  kCells,      // up to three characters, the first one lowest
  kNumber,     // decimal
  kCharacter,  // "U+0410": four digits at least
  kByte,       // "0xFF"
  kWord,       // an index into kWords
};
constexpr unsigned kKindShift = 24;

// The longer texts that the readers of this library write.
constexpr std::string_view kWords[] = {"A-Z",   "A-Z <", "A-Z 0-9 <", "0-9 <", "M F <",  "00-99",
                                       "01-12", "01-31", "2 or 3",    "A C I", "A C I P"};

constexpr std::string_view kHexDigits = "0123456789ABCDEF";

constexpr std::uint32_t detail(Detail kind, std::uint32_t value) {
  return static_cast<std::uint32_t>(kind) << kKindShift | value;
}

std::uint32_t value_of(std::string_view digits, std::uint32_t base) {
  std::uint32_t value = 0;
  for (char digit : digits) {
    const std::size_t place = kHexDigits.find(digit);
    PAXID_CHECK(place < base);
    value = value * base + static_cast<std::uint32_t>(place);
  }
  PAXID_CHECK(value >> kKindShift == 0);
  return value;
}

std::uint32_t packed(std::string_view text) {
  if (text.size() <= 3) {
    std::uint32_t cells = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      cells |= static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])) << (8 * i);
    }
    return detail(Detail::kCells, cells);
  }
  if (text.substr(0, 2) == "U+") return detail(Detail::kCharacter, value_of(text.substr(2), 16));
  if (text.substr(0, 2) == "0x") return detail(Detail::kByte, value_of(text.substr(2), 16));
  const auto* const word = std::find(std::begin(kWords), std::end(kWords), text);
  if (word == std::end(kWords)) return detail(Detail::kNumber, value_of(text, 10));
  return detail(Detail::kWord, static_cast<std::uint32_t>(word - std::begin(kWords)));
}

FixedText<11> in_base(std::string_view prefix, std::uint32_t value, std::uint32_t base,
                      int at_least) {
  std::array<char, 8> reversed{};
  int size = 0;
  for (; value != 0 || size < at_least; value /= base) {
    reversed[static_cast<std::size_t>(size++)] = kHexDigits[value % base];
  }
  FixedText<11> text(prefix);
  while (size > 0) text.push_back(reversed[static_cast<std::size_t>(--size)]);
  return text;
}

FixedText<11> unpacked(std::uint32_t packed_text) {
  const std::uint32_t value = packed_text & ((1u << kKindShift) - 1);
  switch (static_cast<Detail>(packed_text >> kKindShift)) {
    case Detail::kCells: {
      FixedText<11> text;
      for (std::uint32_t rest = value; rest != 0; rest >>= 8) {
        text.push_back(static_cast<char>(rest & 0xFF));
      }
      return text;
    }
    case Detail::kNumber:
      return in_base("", value, 10, 1);
    case Detail::kCharacter:
      return in_base("U+", value, 16, 4);
    case Detail::kByte:
      return in_base("0x", value, 16, 2);
    case Detail::kWord:
      return FixedText<11>(kWords[value]);
  }
  PAXID_CHECK(false);
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
  if (size_ == kMax) {
    Packed& last = list_[kMax - 1];
    const Severity worst = std::max(severity_of(last.severity_and_field), finding.severity);
    last = Packed{kTooManyFindings, packed(worst, Field::kNone), 0, 0, 0, 0};
    return;
  }
  list_[size_++] = Packed{finding.code,
                          packed(finding.severity, finding.field),
                          finding.line,
                          finding.column,
                          packed(finding.expected),
                          packed(finding.found)};
}

Finding Findings::operator[](std::size_t index) const {
  const Packed& packed = list_[index];
  Finding finding;
  finding.code = packed.code;
  finding.severity = severity_of(packed.severity_and_field);
  finding.field = static_cast<Field>(packed.severity_and_field >> kSeverityBits);
  finding.line = packed.line;
  finding.column = packed.column;
  finding.expected = unpacked(packed.expected);
  finding.found = unpacked(packed.found);
  return finding;
}

bool Findings::has(FindingCode code) const {
  return std::any_of(list_.begin(), list_.begin() + size_,
                     [code](const Packed& f) { return f.code == code; });
}

bool Findings::has_error() const {
  return std::any_of(list_.begin(), list_.begin() + size_,
                     [](const Packed& f) { return severity_of(f.severity_and_field) == kError; });
}

bool operator==(const Findings& a, const Findings& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

}  // namespace paxid::mrz
