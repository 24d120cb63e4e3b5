#include "bcbp/boarding_pass.h"

#include <algorithm>
#include <span>
#include <utility>

#include "bcbp/byte_block.h"
#include "bcbp/field_alphabet.h"
#include "bcbp/flight_date.h"
#include "bcbp/name_field.h"
#include "bcbp/text.h"

namespace paxid::bcbp {
namespace {

template <const auto& kItems>
Field find_field(const Section<kItems>& fields, Item item) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (kItems[i].item == item) return fields[i];
  }
  return std::nullopt;
}

std::string_view trimmed(const Field& field) { return field ? trim(*field) : std::string_view(); }

// The place of an item in its table, at compile time.
template <const auto& kSpecs>
consteval std::size_t index_of(Item item) {
  std::size_t i = 0;
  while (kSpecs[i].item != item) ++i;
  return i;
}

// The value of a hexadecimal digit; -1 for any other byte.
constexpr auto kHexValues = [] {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (std::size_t i = 0; i < 10; ++i) values['0' + i] = static_cast<std::int8_t>(i);
  for (std::size_t i = 0; i < 6; ++i) {
    values['A' + i] = static_cast<std::int8_t>(10 + i);
    values['a' + i] = static_cast<std::int8_t>(10 + i);
  }
  return values;
}();

// Two hexadecimal digits; negative when they are none.
int hex_pair(char high, char low) {
  const int h = kHexValues[static_cast<unsigned char>(high)];
  const int l = kHexValues[static_cast<unsigned char>(low)];
  return (h | l) < 0 ? -1 : h * 16 + l;
}

bool all_printable(std::string_view text) {
  if (text.size() < kBlockBytes) return std::all_of(text.begin(), text.end(), is_printable);
  ByteBlock printable = ~ByteBlock{};
  for_each_block(text.size(), [&](std::size_t at) {
    printable &= in_range(load_block(text.data() + at), ' ', '~');
  });
  return all_set(printable);
}

// Walks the barcode once, front to back. Every read is clamped to an end, so no size that is
// printed in the barcode can lead outside of it.
class Reader {
  // Carriers that deviate do so in one or two of the mandatory fields.
  static constexpr int kFewestImplausible = 3;

 public:
  Reader(std::string_view raw, const ReadOptions& options, Reading& reading)
      : raw_(raw), options_(options), today_(to_day(options.reference_date)), reading_(reading) {}

  void read() {
    if (read_frame() && read_header() && read_legs()) read_tail();
    if (!reading_.pass.legs.empty()) resolve_dates();
    finish();
  }

 private:
  // Findings stand in the order of the barcode, whenever they are made.
  void add(FindingCode code, Severity severity, Item item, std::size_t offset) {
    if (options_.strict && severity == Severity::kWarning) severity = Severity::kError;
    reading_.ok &= severity != Severity::kError;
    auto& findings = reading_.findings;
    if (findings.full()) return;
    const Finding* place = findings.end();
    while (place != findings.begin() && place[-1].offset > offset) --place;
    findings.insert(place, {code, severity, item, static_cast<std::uint16_t>(offset)});
  }
  // For `return refuse(...)`: the pass cannot be read any further.
  bool refuse(FindingCode code, Item item, std::size_t offset) {
    add(code, Severity::kError, item, offset);
    return false;
  }

  // Requires start + length <= raw_.size().
  std::string_view bytes(std::size_t start, std::size_t length) const {
    return {raw_.data() + start, length};
  }
  // At most `length` bytes before `end`; nothing when there is none.
  Field take(std::size_t length, std::size_t end) {
    if (pos_ >= end) return std::nullopt;
    const std::size_t start = pos_;
    pos_ += std::min(length, end - start);
    return bytes(start, pos_ - start);
  }

  bool read_frame();
  bool read_header();
  bool read_legs();
  bool read_leg(Leg& leg, bool first, bool last);
  bool read_blocks(Leg& leg, bool first, std::size_t block_end);
  bool read_marked_header(std::size_t block_end, bool* has_sections);
  bool read_behind_zero_size(Leg& leg, bool last);
  void read_tail();
  void read_security();

  bool read_usual_leg(Section<kMandatoryRepeatedItems>& fields);
  template <const auto& kItems>
  void read_fields(Section<kItems>& fields, std::size_t end);
  template <const auto& kItems, std::size_t kIndex>
  bool read_field(Section<kItems>& fields, std::size_t start, std::size_t end);
  template <const auto& kItems>
  void read_section(Section<kItems>& fields, Field& extra, Item size_item, std::size_t size,
                    std::size_t block_end);
  std::optional<std::size_t> read_size(Size& size, Item item, std::size_t end);
  void note_departure(const ItemSpec& spec, std::string_view field, std::size_t offset);
  void check_name(std::string_view field, std::size_t offset);
  void check_airports(const Leg& leg);
  bool is_misaligned(const Leg& leg) const;
  void resolve_dates();
  CivilDay resolve_issue();
  CivilDay resolve_flight(int day, std::size_t offset, CivilDay issued, CivilDay leg_before);
  SignatureState signature_of(std::string_view data) const;
  void finish();

  std::size_t offset_of(std::string_view field) const {
    return static_cast<std::size_t>(field.data() - raw_.data());
  }

  std::string_view raw_;
  const ReadOptions& options_;
  CivilDay today_;
  Reading& reading_;
  std::size_t pos_ = 0;
  int departures_ = 0;     // fields that do not conform, since the start of the leg
  std::size_t end_ = 0;    // of the pass, without what the scanner put behind it
  std::size_t start_ = 0;  // of the pass, without what the scanner put in front of it
};

// Takes off what a scanner adds, and refuses what cannot be a pass. Blanks at the end are
// data and stay.
bool Reader::read_frame() {
  std::string_view text = raw_;
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  end_ = text.size();
  // ISO/IEC 15424: ']', a letter for the symbology, a modifier.
  if (text.size() > 3 && text[0] == ']' && is_letter(text[1]) && is_alphanumeric(text[2])) {
    reading_.pass.scanner_prefix = raw_.substr(0, 3);
    start_ = 3;
  }
  pos_ = start_;
  if (end_ - start_ > kMaxPassBytes) {
    return refuse(FindingCode::kTooLong, Item::kNone, start_ + kMaxPassBytes);
  }
  reading_.pass.line_end = raw_.substr(end_);
  text.remove_prefix(start_);
  if (!all_printable(text)) {
    const auto strange = std::find_if_not(text.begin(), text.end(), is_printable);
    const auto offset = start_ + static_cast<std::size_t>(strange - text.begin());
    return refuse(FindingCode::kIllegalByte, Item::kNone, offset);
  }
  if (start_ > 0) add(FindingCode::kScannerPrefix, Severity::kNote, Item::kNone, 0);
  return true;
}

bool Reader::read_header() {
  if (end_ == start_) return refuse(FindingCode::kTooShort, Item::kFormatCode, start_);
  Pass& pass = reading_.pass;
  pass.format = raw_[pos_];
  if (pass.format != 'M') return refuse(FindingCode::kFormatCode, Item::kFormatCode, pos_);
  ++pos_;
  if (end_ - start_ < kMinPassBytes) return refuse(FindingCode::kTooShort, Item::kNone, end_);
  if (raw_[pos_] < '1' || raw_[pos_] > static_cast<char>('0' + kMaxLegs)) {
    return refuse(FindingCode::kNumberOfLegs, Item::kNumberOfLegs, pos_);
  }
  pass.leg_count = static_cast<std::uint8_t>(raw_[pos_] - '0');
  ++pos_;
  read_fields<kMandatoryUniqueItems>(pass.mandatory, end_);
  return true;
}

bool Reader::read_legs() {
  Pass& pass = reading_.pass;
  for (int i = 0; i < pass.leg_count; ++i) {
    const bool first = i == 0;
    constexpr std::size_t kLegBytes = total_length(kMandatoryRepeatedItems) + 2;
    if (!first && end_ - pos_ < kLegBytes) {
      return refuse(FindingCode::kLegMissing, Item::kNumberOfLegs, pos_);
    }
    if (!read_leg(pass.legs.emplace_back(), first, i + 1 == pass.leg_count)) return false;
  }
  return true;
}

bool Reader::read_leg(Leg& leg, bool first, bool last) {
  const std::size_t leg_at = pos_;
  departures_ = 0;
  if (!read_usual_leg(leg.mandatory)) read_fields<kMandatoryRepeatedItems>(leg.mandatory, end_);
  check_airports(leg);
  if (departures_ >= kFewestImplausible && is_misaligned(leg)) {
    return refuse(FindingCode::kMisaligned, Item::kNone, leg_at);
  }
  if (end_ - pos_ < 2) {
    if (!last) return refuse(FindingCode::kLegMissing, Item::kVariableSize, end_);
    add(FindingCode::kMandatoryTruncated, Severity::kWarning, Item::kVariableSize, end_);
    if (const Field part = take(2, end_)) leg.variable_size = {{(*part)[0], 0}, 1};
    return true;
  }
  const std::size_t size_at = pos_;
  const auto size = read_size(leg.variable_size, Item::kVariableSize, end_);
  if (!size) return false;
  std::size_t block_end = pos_ + *size;
  if (block_end > end_) {
    if (!last) return refuse(FindingCode::kSizeOverrun, Item::kVariableSize, size_at);
    add(FindingCode::kSizeOverrun, Severity::kWarning, Item::kVariableSize, size_at);
    block_end = end_;
  }
  if (first && *size == 0 && pos_ < end_ && raw_[pos_] == '>')
    return read_behind_zero_size(leg, last);
  return read_blocks(leg, first, block_end);
}

// The conditional items of one leg, up to `block_end`.
bool Reader::read_blocks(Leg& leg, bool first, std::size_t block_end) {
  if (pos_ == block_end) return true;
  if (first) {
    bool has_sections = false;
    if (!read_marked_header(block_end, &has_sections)) return false;
    if (!has_sections) {
      leg.airline_use = take(block_end - pos_, block_end);
      return true;
    }
  }
  if (pos_ == block_end) return true;  // nothing but unique items: legal
  const auto size = read_size(leg.repeated_size, Item::kRepeatedSize, block_end);
  if (!size) return false;
  read_section<kRepeatedItems>(leg.repeated, leg.repeated_extra, Item::kRepeatedSize, *size,
                               block_end);
  leg.airline_use = take(block_end - pos_, block_end);
  return true;
}

// Items 8, 9, 10 and the unique section. Without a marker the whole block is for airline use.
bool Reader::read_marked_header(std::size_t block_end, bool* has_sections) {
  Pass& pass = reading_.pass;
  *has_sections = raw_[pos_] == '>';
  if (!*has_sections) {
    add(FindingCode::kNoVersionMarker, Severity::kWarning, Item::kVersionMarker, pos_);
    return true;
  }
  pass.version_marker = take(1, block_end);
  pass.version = take(1, block_end);
  if (pass.version && ((*pass.version)[0] < '1' || (*pass.version)[0] > '8')) {
    const char version = (*pass.version)[0];
    const bool may_come = is_alphanumeric(version) || version == ' ';
    add(FindingCode::kVersionUnknown, may_come ? Severity::kNote : Severity::kWarning,
        Item::kVersionNumber, pos_ - 1);
  }
  if (pos_ == block_end) {
    add(FindingCode::kSectionSizeMissing, Severity::kWarning, Item::kUniqueSize, pos_);
    return true;
  }
  const auto size = read_size(pass.unique_size, Item::kUniqueSize, block_end);
  if (!size) return false;
  read_section<kUniqueItems>(pass.unique, pass.unique_extra, Item::kUniqueSize, *size, block_end);
  return true;
}

// Some carriers print the outer size 00 in front of a conditional block. Its sections still
// say how long they are; behind the only leg, the rest is for airline use as ever.
bool Reader::read_behind_zero_size(Leg& leg, bool last) {
  const std::size_t start = pos_;
  const auto section_size = [&](std::size_t at) -> std::optional<std::size_t> {
    if (at + 2 > end_) return std::nullopt;
    const int size = hex_pair(raw_[at], raw_[at + 1]);
    if (size < 0) return std::nullopt;
    return static_cast<std::size_t>(size);
  };
  const auto unique = section_size(start + 2);
  if (!unique) return true;  // no block, just trailing bytes
  const auto repeated = section_size(start + 4 + *unique);
  std::size_t block_end = std::min(end_, start + 4 + *unique + (repeated ? 2 + *repeated : 0));
  if (last && repeated && block_end < end_ && raw_[block_end] != '^') block_end = end_;
  add(FindingCode::kConditionalBehindZeroSize, Severity::kWarning, Item::kVariableSize, start - 2);
  return read_blocks(leg, /*first=*/true, block_end);
}

void Reader::read_tail() {
  if (pos_ < end_ && raw_[pos_] == '^') read_security();
  if (pos_ == end_) return;
  reading_.pass.trailing = bytes(pos_, end_ - pos_);
  // Versions 1 and 2 had no security header: whatever follows is security data.
  const Field& version = reading_.pass.version;
  const bool unframed =
      !reading_.pass.security.marked && version && (*version == "1" || *version == "2");
  if (unframed) {
    add(FindingCode::kUnframedSecurityData, Severity::kNote, Item::kSecurityData, pos_);
  } else {
    add(FindingCode::kTrailingData, Severity::kWarning, Item::kNone, pos_);
  }
  pos_ = end_;
}

void Reader::read_security() {
  SecurityBlock& security = reading_.pass.security;
  reading_.covered = bytes(start_, pos_ - start_);
  security.marked = true;
  ++pos_;
  security.type = take(1, end_);
  if (security.type && !is_alphanumeric((*security.type)[0])) {
    add(FindingCode::kFieldFormat, Severity::kWarning, Item::kSecurityType, pos_ - 1);
  }
  const std::size_t size_at = pos_;
  const auto size = read_size(security.size, Item::kSecuritySize, end_);
  if (!size) return;
  security.data = bytes(pos_, std::min(*size, end_ - pos_));
  if (security.data->size() < *size) {
    add(FindingCode::kSizeOverrun, Severity::kWarning, Item::kSecuritySize, size_at);
  }
  pos_ += security.data->size();
}

// One step for every row of the table, unrolled: places, lengths and alphabets are constants.
template <const auto& kItems>
void Reader::read_fields(Section<kItems>& fields, std::size_t end) {
  const std::size_t start = pos_;
  [&]<std::size_t... kIndex>(std::index_sequence<kIndex...>) {
    (read_field<kItems, kIndex>(fields, start, end) && ...);
  }
  (std::make_index_sequence<std::size(kItems)>());
  pos_ = std::min(end, start + total_length(kItems));
}

// The mandatory items of a leg in one go, where they have their usual shape: then nothing but the
// day is left to check. False, and nothing is read, where one has not.
bool Reader::read_usual_leg(Section<kMandatoryRepeatedItems>& fields) {
  constexpr std::size_t kLength = total_length(kMandatoryRepeatedItems);
  if (end_ - pos_ < kLength || !is_usual<kMandatoryRepeatedItems>(bytes(pos_, kLength)))
    return false;
  fields.resize(std::size(kMandatoryRepeatedItems));
  std::size_t at = pos_;
  for (std::size_t i = 0; i < std::size(kMandatoryRepeatedItems); ++i) {
    fields[i] = bytes(at, kMandatoryRepeatedItems[i].length);
    at += kMandatoryRepeatedItems[i].length;
  }
  constexpr std::size_t kDay = index_of<kMandatoryRepeatedItems>(Item::kDateOfFlight);
  if (day_of_year(fields[kDay]) == 0) {
    note_departure(kMandatoryRepeatedItems[kDay], fields[kDay], offset_of(fields[kDay]));
  }
  pos_ = at;
  return true;
}

// The fields of a section begin at `start`. False when there is none behind this one.
template <const auto& kItems, std::size_t kIndex>
bool Reader::read_field(Section<kItems>& fields, std::size_t start, std::size_t end) {
  constexpr const ItemSpec& kSpec = kItems[kIndex];
  constexpr std::size_t kBefore = total_length(std::span(kItems).first(kIndex));
  const std::size_t offset = start + kBefore;
  if (end < offset + kSpec.length) {
    if (end <= offset) return false;
    fields.push_back(bytes(offset, end - offset));
    add(FindingCode::kFieldSplit, Severity::kWarning, kSpec.item, offset);
    return false;
  }
  const std::string_view field = bytes(offset, kSpec.length);
  fields.push_back(field);
  if constexpr (kSpec.item == Item::kPassengerName) {
    check_name(field, offset);
  } else if (!conforms<kSpec.alphabet>(field)) {
    note_departure(kSpec, field, offset);
  }
  if constexpr (kSpec.item == Item::kDocumentSerial) {
    if (field == "0000000000") add(FindingCode::kSerialZero, Severity::kNote, kSpec.item, offset);
  }
  return true;
}

template <const auto& kItems>
void Reader::read_section(Section<kItems>& fields, Field& extra, Item size_item, std::size_t size,
                          std::size_t block_end) {
  std::size_t section_end = pos_ + size;
  if (section_end > block_end) {
    add(FindingCode::kSizeOverrun, Severity::kWarning, size_item, pos_ - 2);
    section_end = block_end;
  }
  read_fields<kItems>(fields, section_end);
  if (pos_ == section_end) return;
  add(FindingCode::kExtraInSection, Severity::kNote, size_item, pos_);
  extra = take(section_end - pos_, section_end);
}

// Two hexadecimal digits and nothing else: no sign, no blank, no prefix.
std::optional<std::size_t> Reader::read_size(Size& size, Item item, std::size_t end) {
  const std::size_t offset = pos_;
  if (end - offset < 2) {
    if (const Field digit = take(1, end)) size = {{(*digit)[0], 0}, 1};
    refuse(FindingCode::kSizeNotHex, item, offset);
    return std::nullopt;
  }
  pos_ += 2;
  const char high = raw_[offset];
  const char low = raw_[offset + 1];
  size = {{high, low}, 2};
  const int value = hex_pair(high, low);
  if (value < 0) {
    refuse(FindingCode::kSizeNotHex, item, offset);
    return std::nullopt;
  }
  if (is_lower(high) || is_lower(low)) {
    add(FindingCode::kLowercaseHex, Severity::kNote, item, offset);
  }
  return static_cast<std::size_t>(value);
}

void Reader::note_departure(const ItemSpec& spec, std::string_view field, std::size_t offset) {
  ++departures_;
  if (spec.item == Item::kTicketIndicator) {
    // Several carriers leave it blank.
    const Severity severity = field == " " ? Severity::kNote : Severity::kWarning;
    return add(FindingCode::kTicketIndicator, severity, spec.item, offset);
  }
  switch (check_field(spec.alphabet, field)) {
    case FieldVerdict::kLowercase:
      return add(FindingCode::kFieldLowercase, Severity::kNote, spec.item, offset);
    case FieldVerdict::kReserved:
      return add(FindingCode::kReservedValue, Severity::kNote, spec.item, offset);
    default:
      return add(FindingCode::kFieldFormat, Severity::kWarning, spec.item, offset);
  }
}

void Reader::check_name(std::string_view field, std::size_t offset) {
  const Item item = Item::kPassengerName;
  if (!conforms<Alphabet::kName>(field)) {
    if (!has_letter(field)) {
      return add(FindingCode::kNameMissing, Severity::kWarning, item, offset);
    }
    if (check_field(Alphabet::kName, field) == FieldVerdict::kLowercase) {
      add(FindingCode::kFieldLowercase, Severity::kNote, item, offset);
    } else {
      add(FindingCode::kFieldFormat, Severity::kWarning, item, offset);
    }
  }
  if (field.find('/') == std::string_view::npos) {
    add(FindingCode::kNameWithoutSlash, Severity::kNote, item, offset);
  }
}

void Reader::check_airports(const Leg& leg) {
  constexpr std::size_t kFrom = index_of<kMandatoryRepeatedItems>(Item::kFromAirport);
  constexpr std::size_t kTo = index_of<kMandatoryRepeatedItems>(Item::kToAirport);
  constexpr std::size_t kLength = kMandatoryRepeatedItems[kTo].length;
  if (leg.mandatory.size() <= kTo || leg.mandatory[kTo].size() < kLength) return;
  const std::string_view to = leg.mandatory[kTo];
  if (std::equal(to.begin(), to.begin() + kLength, leg.mandatory[kFrom].begin()) && !is_blank(to)) {
    add(FindingCode::kSameAirport, Severity::kNote, Item::kToAirport, offset_of(to));
  }
}

bool Reader::is_misaligned(const Leg& leg) const {
  int implausible = 0;
  for (std::size_t i = 0; i < leg.mandatory.size(); ++i) {
    const ItemSpec& spec = kMandatoryRepeatedItems[i];
    const std::string_view field = leg.mandatory[i];
    implausible += field.size() == spec.length && !is_plausible(spec.item, field);
  }
  return implausible >= kFewestImplausible;
}

CivilDay Reader::resolve_issue() {
  constexpr std::size_t kIssued = index_of<kUniqueItems>(Item::kDateOfIssue);
  Pass& pass = reading_.pass;
  if (pass.unique.size() <= kIssued) return kNoDay;
  const std::string_view issued = pass.unique[kIssued];
  if (issued.size() != kUniqueItems[kIssued].length || is_blank(issued)) return kNoDay;
  const auto date = resolve_issue_date(issued, today_);
  if (date != kNoDay) {
    pass.issue_date = to_date(date);
  } else if (conforms<Alphabet::kDateOfIssue>(issued)) {
    // Day 366, which no year at hand has.
    add(FindingCode::kDateImpossible, Severity::kWarning, Item::kDateOfIssue, offset_of(issued));
  }
  return date;
}

// 1 to 366; 0 when the field says no day. Some carriers print it without zeros in front.
int printed_day(std::string_view field) {
  if (const int day = field.size() == 3 ? day_of_year(field) : 0; day > 0) return day;
  const int day = to_number(trim(field)).value_or(0);
  return day <= 366 ? day : 0;
}

void Reader::resolve_dates() {
  constexpr std::size_t kDay = index_of<kMandatoryRepeatedItems>(Item::kDateOfFlight);
  const auto issued = resolve_issue();
  CivilDay last = kNoDay;
  std::size_t last_at = end_;
  for (Leg& leg : reading_.pass.legs) {
    last_at = end_;
    if (leg.mandatory.size() <= kDay) continue;
    last_at = offset_of(leg.mandatory[kDay]);
    const int day = printed_day(leg.mandatory[kDay]);
    if (day == 0) continue;
    const auto date = resolve_flight(day, last_at, issued, last);
    if (date == kNoDay) continue;
    leg.flight_date = to_date(date);
    last = date;
  }
  constexpr std::chrono::days kLatestAfterFlight(3);
  if (last != kNoDay && today_ - last > kLatestAfterFlight) {
    add(FindingCode::kStalePass, Severity::kNote, Item::kDateOfFlight, last_at);
  }
}

CivilDay Reader::resolve_flight(int day, std::size_t offset, CivilDay issued, CivilDay leg_before) {
  CivilDay date = kNoDay;
  if (leg_before != kNoDay) {
    date = first_from(day, leg_before, kLegBeforeLegDays, kLegAfterLegDays);
  } else if (issued != kNoDay) {
    date = first_from(day, issued, kFlightBeforeIssueDays, kFlightAfterIssueDays);
  } else {
    date = nearest(day, today_);
    if (date != kNoDay)
      add(FindingCode::kDateInferred, Severity::kNote, Item::kDateOfFlight, offset);
  }
  if (date == kNoDay)
    add(FindingCode::kDateImpossible, Severity::kWarning, Item::kDateOfFlight, offset);
  return date;
}

SignatureState Reader::signature_of(std::string_view data) const {
  const Pass& pass = reading_.pass;
  if (options_.public_key) return options_.public_key->verify(reading_.covered, data);
  if (!options_.keys || pass.legs.empty()) return SignatureState::kNoKey;
  std::string_view issuer = pass.text(Item::kIssuerAirline);
  if (issuer.empty()) issuer = pass.legs[0].text(Item::kOperatingCarrier);
  return options_.keys->verify(issuer, pass.text(Item::kSecurityType), reading_.covered, data);
}

void Reader::finish() {
  Pass& pass = reading_.pass;
  if (!pass.line_end.empty()) add(FindingCode::kLineEnd, Severity::kNote, Item::kNone, end_);
  constexpr std::size_t kName = index_of<kMandatoryUniqueItems>(Item::kPassengerName);
  reading_.name_field_full =
      pass.mandatory.size() > kName && is_full_name_field(pass.mandatory[kName]);
  const Field& data = pass.security.data;
  if (!data || data->empty()) return;
  reading_.signature = signature_of(*data);
}

}  // namespace

Field Leg::field(Item item) const {
  if (item == Item::kAirlineUse) return airline_use;
  if (const Field found = find_field<kMandatoryRepeatedItems>(mandatory, item)) return found;
  return find_field<kRepeatedItems>(repeated, item);
}
std::string_view Leg::text(Item item) const { return trimmed(field(item)); }

Field Pass::field(Item item) const {
  switch (item) {
    case Item::kVersionMarker:
      return version_marker;
    case Item::kVersionNumber:
      return version;
    case Item::kSecurityType:
      return security.type;
    case Item::kSecurityData:
      return security.data;
    default:
      break;
  }
  if (const Field found = find_field<kMandatoryUniqueItems>(mandatory, item)) return found;
  return find_field<kUniqueItems>(unique, item);
}
std::string_view Pass::text(Item item) const { return trimmed(field(item)); }

Reading read(std::string_view raw, const ReadOptions& options) {
  Reading reading;
  reading.ok = true;
  Reader(raw, options, reading).read();
  return reading;
}

std::vector<NameCandidate> Reading::name_candidates() const {
  const Field name = pass.field(Item::kPassengerName);
  if (!name || !has_letter(*name)) return {};
  return name_field_candidates(*name);
}

std::string_view Reading::surname() const {
  const std::string_view name = pass.text(Item::kPassengerName);
  return trim(name.substr(0, name.find('/')));
}

std::optional<std::string_view> Reading::given_raw() const {
  const std::string_view name = pass.text(Item::kPassengerName);
  const std::size_t slash = name.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  return trim(name.substr(slash + 1));
}

bool Reading::has(FindingCode code) const {
  return std::any_of(findings.begin(), findings.end(),
                     [code](const Finding& finding) { return finding.code == code; });
}

}  // namespace paxid::bcbp
