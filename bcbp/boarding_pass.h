#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/date.h"
#include "bcbp/fixed_list.h"
#include "bcbp/items.h"
#include "bcbp/key_table.h"
#include "bcbp/name_candidate.h"
#include "bcbp/signature.h"

namespace paxid::bcbp {

// 23 bytes of header, 4 legs of 37 bytes and a block of at most 255 each, a security block
// of 4 + 255. Anything longer is refused unread.
inline constexpr std::size_t kMaxPassBytes = 23 + 4 * (37 + 255) + 4 + 255;
static_assert(kMaxPassBytes == 1450);
// Up to and including the date of the first flight: what a reading needs at least.
inline constexpr std::size_t kMinPassBytes = 47;
inline constexpr std::size_t kMaxLegs = 4;

enum class Severity : std::uint8_t {
  kNote,     // seen in the field and harmless; blocks nothing
  kWarning,  // departs from the standard; an error when read strictly
  kError,    // the reading cannot be used
};
// "note", "warning", "error". Static lifetime.
std::string_view name_of(Severity severity);

enum class FindingCode : std::uint8_t {
  // The pass cannot be read.
  kTooShort,
  kTooLong,
  kIllegalByte,   // outside 0x20..0x7E
  kFormatCode,    // not 'M'
  kNumberOfLegs,  // not 1..4
  kMisaligned,    // the fields of a leg do not stand where they must
  kSizeNotHex,
  kSizeOverrun,  // error before the last leg, else a warning
  kLegMissing,
  // The pass can be read and departs from the standard.
  kMandatoryTruncated,
  kLowercaseHex,
  kConditionalBehindZeroSize,
  kFieldSplit,          // a section ends inside a field
  kSectionSizeMissing,  // the block ends before the size of its section
  kExtraInSection,      // bytes behind the last known field of a section
  kNoVersionMarker,
  kVersionUnknown,
  kUnframedSecurityData,
  kTrailingData,
  kScannerPrefix,
  kLineEnd,
  kFieldFormat,  // the bytes are not of the item's alphabet
  kFieldLowercase,
  kNameWithoutSlash,
  kNameMissing,
  kReservedValue,
  kTicketIndicator,
  kSameAirport,
  kSerialZero,
  kDateImpossible,
  kDateInferred,  // no date of issue: the year nearest to the reference date
  kStalePass,     // the last flight is more than 3 days over
};
// Upper snake case, e.g. "SIZE_NOT_HEX". Static lifetime.
std::string_view name_of(FindingCode code);

// Further findings are not listed; `ok` knows of them all the same.
inline constexpr std::size_t kMaxFindings = 160;

// Holds places, never the bytes found there.
struct Finding {
  FindingCode code;
  Severity severity;
  Item item;             // kNone when it concerns no single item
  std::uint16_t offset;  // byte offset into the text given to read()

  friend bool operator==(const Finding&, const Finding&) = default;
};

// The bytes of a field as printed, with padding. Nothing: the pass has no such field (absent).
// Blanks: the field is there and blank. Shorter than the item: the pass ends inside it.
using Field = std::optional<std::string_view>;

// The fields of one section, in the order of its table of items (items.h). A pass may end a
// section early but cannot leave out a field in the middle: those beyond the last are absent.
template <const auto& kItems>
using Section = FixedList<std::string_view, std::size(kItems)>;

// A size as printed: two hexadecimal digits, fewer when the pass ends inside them, none when
// the pass has no such size.
struct Size {
  std::array<char, 2> digits{};
  std::uint8_t printed = 0;  // 0..2

  std::string_view text() const { return {digits.data(), printed}; }
  bool present() const { return printed == 2; }
};

struct Leg {
  Section<kMandatoryRepeatedItems> mandatory;
  Size variable_size;  // item 6
  Size repeated_size;  // item 17
  Section<kRepeatedItems> repeated;
  Field repeated_extra;  // bytes behind item 254 inside the section: fields of a later version
  Field airline_use;     // item 4

  // The flight date, see read(). Nothing when the day is blank, damaged or in no such year.
  std::optional<base::Date> flight_date;

  // Nothing for an item that is no part of a leg.
  Field field(Item item) const;
  // Without surrounding blanks; empty when absent.
  std::string_view text(Item item) const;
};

struct SecurityBlock {
  bool marked = false;  // item 25 '^' is there
  Field type;           // item 28
  Size size;            // item 29
  Field data;           // item 30
};

// What a pass says. All views point into the text given to read() (or, for a pass to be
// written, wherever the caller put them) and live as long as it does. Personal data.
struct Pass {
  std::string_view scanner_prefix;  // AIM symbology identifier, "]z3"
  char format = 'M';
  std::uint8_t leg_count = 0;  // as printed; 1..4 in a readable pass
  Section<kMandatoryUniqueItems> mandatory;
  Field version_marker;  // '>' (item 8)
  Field version;         // item 9
  Size unique_size;      // item 10
  Section<kUniqueItems> unique;
  Field unique_extra;             // bytes behind item 32 inside the section
  FixedList<Leg, kMaxLegs> legs;  // those that could be read
  SecurityBlock security;
  std::string_view trailing;  // bytes behind everything that has a place
  std::string_view line_end;  // CR and LF from a scanner

  std::optional<base::Date> issue_date;  // resolved date of issue, see read()

  Field field(Item item) const;
  std::string_view text(Item item) const;
};

struct ReadOptions {
  // The day of the scan at the station. Only the years of the pass are inferred from it.
  base::Date reference_date;
  // Refuse whatever departs from the standard, instead of what leaves leg 1 unreadable.
  bool strict = false;
  // Check the security block: one key for whatever is signed, else the table's key for issuer and
  // type. Not owned, may be null.
  const PublicKey* public_key = nullptr;
  const KeyTable* keys = nullptr;
};

// One reading of a pass.
struct Reading {
  // Readable; under `strict`: conforming. False exactly when a finding is an error.
  bool ok = false;
  Pass pass;
  FixedList<Finding, kMaxFindings> findings;  // in the order of the barcode
  SignatureState signature = SignatureState::kUnsigned;
  // The bytes a signature covers: everything before the security marker, without what the
  // scanner put in front. Empty when there is no security block.
  std::string_view covered;
  bool name_field_full = false;  // possibly cut, see name_field.h

  // All readings of the name, most likely first; empty when the name could not be read.
  std::vector<NameCandidate> name_candidates() const;
  // The bytes before the first '/' of the name field, and those behind it, without
  // surrounding blanks. Nothing behind when there is no slash.
  std::string_view surname() const;
  std::optional<std::string_view> given_raw() const;

  bool has(FindingCode code) const;
};

// Reads a bar-coded boarding pass, format M, versions 1 to 8 and beyond (IATA Resolution 792,
// Attachment C). The layout follows the printed sizes alone, never the version; an inner size
// is clamped to the outer block. Nothing is searched for: '>' and '^' count only where the
// sizes put them. Whatever is read is kept, also when `ok` is false.
//
// Dates: the printed day of year has no year. The date of issue (one digit of the year) is the
// latest that is not more than 2 days after the reference date. With it, the flight is the
// earliest date from 3 days before issue (carriers issue on UTC dates) to 366 after; without
// it, the date nearest to the reference date. Later legs follow the leg before.
//
// Pure; allocates nothing (but what checks a signature does). `raw` must outlive the reading.
Reading read(std::string_view raw, const ReadOptions& options);
template <class T>
requires std::same_as<T, std::string> Reading read(T&& raw, const ReadOptions& options)
= delete;

// The bytes of a pass, from its fields alone: write(read(raw).pass) == raw for every readable
// pass. Sizes are written as they stand; see set_sizes().
std::string write(const Pass& pass);

// Sets the sizes (items 6, 10, 17, 29) to what the fields of `pass` add up to. False when a
// section is longer than a size can say (255).
bool set_sizes(Pass& pass);

}  // namespace paxid::bcbp
