#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

#include "mrz/fixed_text.h"

namespace paxid::mrz {

// The name of every code in answers is the enumerator in upper snake case (name_of).
enum class FindingCode : std::uint8_t {
  // Framing
  kEmptyInput,   // nothing but white space
  kTooLong,      // more than kMaxRawBytes
  kLineCount,    // no format has this many lines of this width
  kLineLength,   // a line is too short or too long, or the lines differ
  kLineOrder,    // the lines are those of a format, in another order
  kJoinedLines,  // the lines came as one
  kExtraText,    // other text around the zone was passed over
  kSeparator,    // a Unicode line separator or a tab stands between the lines
  // Cells
  kBadCharacter,    // outside the 37 characters of 9303-3 4.3
  kHomoglyph,       // that character is a non-Latin letter that looks like a Latin one: a signal of
                    // fraud, never folded; follows its BAD_CHARACTER
  kCaseFolded,      // lower case read as upper case
  kBlankForFiller,  // a blank read as a filler
  kFillerKey,       // ; or > read as a filler: its key under another keyboard layout
  kWidthFolded,     // a full-width form read as its ASCII character
  kRepairedFiller,  // a guillemet stands where `<<` belongs; read so, not proven
  kKeyboardLayout,  // every Y read as Z and the reverse: a QWERTY keyboard taken for QWERTZ; the
                    // first such cell (mrz/keyboard.h)
  kKeyboardUncertain,  // the same may be so, but is not put in
  kWrongClass,         // a letter in a field of digits or the reverse
  kDigitInName,
  kCodedName,        // digits that code letters, as Russian internal passports have them
  kRepairedCell,     // mended: one look-alike agrees with the field's and the composite digit
  kRepairCandidate,  // one other cell here would make the digits agree, or the run of `found` that
                     // begins here may be fillers; not put in
  kRepairAmbiguous,  // several would
  // Check digits
  kCheckDigit,              // does not agree, or is a filler where a digit belongs
  kCheckDigitMissing,       // not printed although the field is not blank
  kCheckDigitFiller,        // a filler is printed where the computed digit is 0
  kLongNumberLegacy,        // agrees only with the filler included
  kLongNumberUnterminated,  // no filler after the digit: more than 22 characters
  // Fields
  kInvalidDate,
  kUnknownDate,  // birth date wholly or partly unknown
  kNoExpiry,     // the expiry date is blank
  kDateOrder,    // expiry is not after birth in the chosen centuries
  kCenturyAmbiguous,
  kExpired,
  kInvalidSex,
  kSexX,                // 9303 wants `<` in the zone
  kUnknownState,        // issuer or nationality is no code of 9303-3 section 5
  kNonstandardCode,     // a known deviation: DEU for D
  kDeprecatedCode,      // ANT, NTZ ...
  kSpecimenState,       // UTO
  kNationalityDiffers,  // a passport whose nationality is not its issuer's
  // The timeline of 9303-4 4.4; `expected` is the year that the note is about, from its start.
  kUnregisteredDocumentCode,  // second letter not in the table; 2026: none such is issued any more
  kUnharmonisedDocumentCode,  // no code of the table; 2028: every passport issued has one;
                              // 2038: none without may still be valid, as this one is
  kForbiddenDocumentCode,     // 9303-5 4.2.2: IV, AI ...
  kDocumentCodeForSize,       // first letter unusual for this size
  // Names
  kEmptyName,
  kNoPrimary,       // the name field starts with fillers
  kExtraSeparator,  // more than one `<<`, or more than two fillers between parts
  kNameUncertain,   // a single K where the separator belongs
  // Blind spots of the check digits
  kSuspectFiller,    // runs of K (or the like) where fillers belong
  kBlindPair,        // a cell's look-alike has the same residue: no digit can tell
  kTooManyFindings,  // the list is full; the last place says so
};
// "EMPTY_INPUT", "TOO_LONG" ... Static lifetime.
std::string_view name_of(FindingCode code);

enum class Severity : std::uint8_t {
  kInfo,     // a conforming zone can have it
  kWarning,  // tolerated or suspicious
  kError,    // the reading is not ok
};
std::string_view name_of(Severity severity);  // "info", "warning", "error"

// How grave a finding is. With `strict`, whatever departs from Doc 9303 is an error; notes on
// what a conforming zone may have (an unknown birth date, a possible century) stay notes.
Severity severity_of(FindingCode code, bool strict);

enum class Field : std::uint8_t {
  kNone,
  kDocumentCode,
  kIssuer,
  kName,
  kDocumentNumber,
  kNationality,
  kBirthDate,
  kSex,
  kExpiryDate,
  kOptional1,
  kOptional2,
  kComposite,
  kReserved,  // cells of a national layout that hold fillers only
};
std::string_view name_of(Field field);  // "document_number" ...; "" for kNone

// One observation. Holds positions, single cells and format words, never a field's text.
struct Finding {
  FindingCode code = FindingCode::kEmptyInput;
  Severity severity = Severity::kInfo;
  Field field = Field::kNone;
  // Both from 1, counted in the zone's own lines and cells; 0 when the finding has no place.
  std::uint8_t line = 0;
  std::uint8_t column = 0;
  FixedText<11> expected;  // a cell, a number of columns, a class ("0-9") or a format word
  FixedText<11> found;     // the same; "U+0410" or "0xFF" for what is no cell

  friend bool operator==(const Finding&, const Finding&) = default;
};

// A list inside its owner, in order of discovery. Findings are kept packed, 12 bytes each, and
// handed out as values.
class Findings {
 public:
  // The most that any zone of the test data, or one of 21,500 with two of its cells changed at
  // random, gave was 17.
  static constexpr std::size_t kMax = 24;

  // Of the cells that are not what they should be, at most this many are listed, so that a
  // flood of them leaves room for the other findings.
  static constexpr std::size_t kMaxCells = 8;

  // Leaves the places beyond size() as they are: clearing them would cost more than reading a
  // zone does.
  Findings() : size_(0) {}  // NOLINT(cppcoreguidelines-pro-type-member-init)

  // When the list is full its last place becomes TOO_MANY_FINDINGS, with the severity of the
  // worst finding that found no place. Requires texts as the readers of this library write
  // them: at most three characters, a number, "U+0410", "0xFF" or one of its words.
  void add(const Finding& finding);

  class Iterator {
   public:
    using value_type = Finding;
    using reference = Finding;
    using pointer = void;
    using difference_type = std::ptrdiff_t;
    using iterator_category = std::input_iterator_tag;

    Iterator() = default;
    Finding operator*() const { return (*list_)[index_]; }
    Iterator& operator++() {
      ++index_;
      return *this;
    }
    Iterator operator++(int) {
      const Iterator before = *this;
      ++index_;
      return before;
    }
    friend bool operator==(const Iterator&, const Iterator&) = default;

   private:
    friend class Findings;
    Iterator(const Findings* list, std::size_t index) : list_(list), index_(index) {}
    const Findings* list_ = nullptr;
    std::size_t index_ = 0;
  };

  Iterator begin() const { return {this, 0}; }
  Iterator end() const { return {this, size_}; }
  // Requires index < size().
  Finding operator[](std::size_t index) const;
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  bool has(FindingCode code) const;
  bool has_error() const;

  friend bool operator==(const Findings& a, const Findings& b);

 private:
  struct Packed {
    FindingCode code;
    std::uint8_t severity_and_field;
    std::uint8_t line;
    std::uint8_t column;
    std::uint32_t expected;
    std::uint32_t found;
  };
  static_assert(sizeof(Packed) == 12);

  std::array<Packed, kMax> list_;
  std::uint8_t size_;
};

}  // namespace paxid::mrz
