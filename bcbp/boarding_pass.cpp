#include "bcbp/boarding_pass.h"

#include <algorithm>
#include <span>
#include <utility>

#include "bcbp/field_alphabet.h"
#include "bcbp/flight_date.h"
#include "bcbp/name_field.h"
#include "bcbp/text.h"

namespace paxid::bcbp {
namespace {

template <std::size_t N, class Specs>
Field find_field(const std::array<Field, N>& fields, const Specs& specs, Item item) {
  static_assert(N == std::tuple_size_v<Specs>);
  for (std::size_t i = 0; i < N; ++i) {
    if (specs[i].item == item) return fields[i];
  }
  return std::nullopt;
}

std::string_view trimmed(const Field& field) { return field ? trim(*field) : std::string_view(); }

std::optional<int> hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return std::nullopt;
}

// Walks the barcode once, front to back. Every read is clamped to an end, so no size that is
// printed in the barcode can lead outside of it.
class Reader {
 public:
  Reader(std::string_view raw, const ReadOptions& options) : raw_(raw), options_(options) {}

  Reading read() {
    if (read_frame() && read_header() && read_legs()) read_tail();
    if (reading_.pass.legs_read > 0) {
      check_header();
      resolve_dates();
    }
    finish();
    return std::move(reading_);
  }

 private:
  void add(FindingCode code, Severity severity, Item item, std::size_t offset) {
    if (reading_.findings.size() == kMaxFindings) return;
    reading_.findings.push_back({code, severity, item, static_cast<std::uint16_t>(offset)});
  }
  // For `return refuse(...)`: the pass cannot be read any further.
  bool refuse(FindingCode code, Item item, std::size_t offset) {
    add(code, Severity::kError, item, offset);
    return false;
  }

  // At most `length` bytes before `end`; nothing when there is none.
  Field take(std::size_t length, std::size_t end) {
    if (pos_ >= end) return std::nullopt;
    const std::size_t taken = std::min(length, end - pos_);
    const std::string_view bytes = raw_.substr(pos_, taken);
    pos_ += taken;
    return bytes;
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

  template <class Specs, std::size_t N>
  void read_fields(const Specs& specs, std::array<Field, N>& fields, std::size_t end);
  template <class Specs, std::size_t N>
  void read_section(const Specs& specs, std::array<Field, N>& fields, Field& extra, Item size_item,
                    int size, std::size_t block_end);
  std::optional<int> read_size(Size& size, Item item, std::size_t end);
  void check(const ItemSpec& spec, std::string_view field, std::size_t offset);
  void check_name(std::string_view field, std::size_t offset);
  void check_header();
  bool is_misaligned(const Leg& leg) const;
  void resolve_dates();
  std::optional<base::Date> resolve_flight_date(const Leg& leg,
                                                const std::optional<base::Date>& leg_before);
  void finish();

  std::size_t offset_of(std::string_view field) const {
    return static_cast<std::size_t>(field.data() - raw_.data());
  }

  std::string_view raw_;
  const ReadOptions& options_;
  Reading reading_;
  std::size_t pos_ = 0;
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
  reading_.pass.line_end = raw_.substr(end_);
  // ISO/IEC 15424: ']', a letter for the symbology, a modifier.
  if (text.size() > 3 && text[0] == ']' && is_letter(text[1]) && is_alphanumeric(text[2])) {
    reading_.pass.scanner_prefix = raw_.substr(0, 3);
    start_ = 3;
  }
  pos_ = start_;
  if (end_ - start_ > kMaxPassBytes) {
    return refuse(FindingCode::kTooLong, Item::kNone, start_ + kMaxPassBytes);
  }
  for (std::size_t i = start_; i < end_; ++i) {
    if (!is_printable(raw_[i])) return refuse(FindingCode::kIllegalByte, Item::kNone, i);
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
  if (raw_[pos_] < '1' || raw_[pos_] > '0' + kMaxLegs) {
    return refuse(FindingCode::kNumberOfLegs, Item::kNumberOfLegs, pos_);
  }
  pass.leg_count = static_cast<std::uint8_t>(raw_[pos_] - '0');
  ++pos_;
  read_fields(kMandatoryUniqueItems, pass.mandatory, end_);
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
    pass.legs_read = static_cast<std::uint8_t>(i + 1);
    if (!read_leg(pass.legs[static_cast<std::size_t>(i)], first, i + 1 == pass.leg_count)) {
      return false;
    }
  }
  return true;
}

bool Reader::read_leg(Leg& leg, bool first, bool last) {
  read_fields(kMandatoryRepeatedItems, leg.mandatory, end_);
  if (first && is_misaligned(leg)) {
    return refuse(FindingCode::kMisaligned, Item::kNone, offset_of(*leg.mandatory[0]));
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
  std::size_t block_end = pos_ + static_cast<std::size_t>(*size);
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
  read_section(kRepeatedItems, leg.repeated, leg.repeated_extra, Item::kRepeatedSize, *size,
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
  read_section(kUniqueItems, pass.unique, pass.unique_extra, Item::kUniqueSize, *size, block_end);
  return true;
}

// Some carriers print the outer size 00 in front of a conditional block. Its sections still
// say how long they are; behind the only leg, the rest is for airline use as ever.
bool Reader::read_behind_zero_size(Leg& leg, bool last) {
  const std::size_t start = pos_;
  const auto section_size = [&](std::size_t at) -> std::optional<std::size_t> {
    if (at + 2 > end_) return std::nullopt;
    const auto high = hex_value(raw_[at]);
    const auto low = hex_value(raw_[at + 1]);
    if (!high || !low) return std::nullopt;
    return static_cast<std::size_t>(*high * 16 + *low);
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
  reading_.pass.trailing = raw_.substr(pos_, end_ - pos_);
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
  reading_.covered = raw_.substr(start_, pos_ - start_);
  security.marked = true;
  ++pos_;
  security.type = take(1, end_);
  if (security.type && !is_alphanumeric((*security.type)[0])) {
    add(FindingCode::kFieldFormat, Severity::kWarning, Item::kSecurityType, pos_ - 1);
  }
  const std::size_t size_at = pos_;
  const auto size = read_size(security.size, Item::kSecuritySize, end_);
  if (!size) return;
  const auto wanted = static_cast<std::size_t>(*size);
  security.data = raw_.substr(pos_, std::min(wanted, end_ - pos_));
  if (security.data->size() < wanted) {
    add(FindingCode::kSizeOverrun, Severity::kWarning, Item::kSecuritySize, size_at);
  }
  pos_ += security.data->size();
}

template <class Specs, std::size_t N>
void Reader::read_fields(const Specs& specs, std::array<Field, N>& fields, std::size_t end) {
  static_assert(N == std::tuple_size_v<Specs>);
  for (std::size_t i = 0; i < N; ++i) {
    const std::size_t offset = pos_;
    fields[i] = take(specs[i].length, end);
    if (!fields[i]) return;
    if (fields[i]->size() < specs[i].length) {
      add(FindingCode::kFieldSplit, Severity::kWarning, specs[i].item, offset);
      return;
    }
    check(specs[i], *fields[i], offset);
  }
}

template <class Specs, std::size_t N>
void Reader::read_section(const Specs& specs, std::array<Field, N>& fields, Field& extra,
                          Item size_item, int size, std::size_t block_end) {
  std::size_t section_end = pos_ + static_cast<std::size_t>(size);
  if (section_end > block_end) {
    add(FindingCode::kSizeOverrun, Severity::kWarning, size_item, pos_ - 2);
    section_end = block_end;
  }
  read_fields(specs, fields, section_end);
  extra = take(section_end - pos_, section_end);
  if (extra) {
    add(FindingCode::kExtraInSection, Severity::kNote, size_item, pos_ - extra->size());
  }
}

// Two hexadecimal digits and nothing else: no sign, no blank, no prefix.
std::optional<int> Reader::read_size(Size& size, Item item, std::size_t end) {
  const std::size_t offset = pos_;
  const Field digits = take(2, end);
  if (!digits || digits->size() < 2) {
    if (digits) size = {{(*digits)[0], 0}, 1};
    refuse(FindingCode::kSizeNotHex, item, offset);
    return std::nullopt;
  }
  size = {{(*digits)[0], (*digits)[1]}, 2};
  const auto high = hex_value((*digits)[0]);
  const auto low = hex_value((*digits)[1]);
  if (!high || !low) {
    refuse(FindingCode::kSizeNotHex, item, offset);
    return std::nullopt;
  }
  if (is_lower((*digits)[0]) || is_lower((*digits)[1])) {
    add(FindingCode::kLowercaseHex, Severity::kNote, item, offset);
  }
  return *high * 16 + *low;
}

void Reader::check(const ItemSpec& spec, std::string_view field, std::size_t offset) {
  const FieldVerdict verdict = check_field(spec.alphabet, field);
  if (spec.item == Item::kPassengerName) return check_name(field, offset);
  if (verdict == FieldVerdict::kConforms) {
    const bool zeros = field.find_first_not_of('0') == std::string_view::npos;
    if (spec.item == Item::kDocumentSerial && zeros) {
      add(FindingCode::kSerialZero, Severity::kNote, spec.item, offset);
    }
    return;
  }
  if (spec.item == Item::kTicketIndicator) {
    // Several carriers leave it blank.
    const Severity severity = field == " " ? Severity::kNote : Severity::kWarning;
    return add(FindingCode::kTicketIndicator, severity, spec.item, offset);
  }
  switch (verdict) {
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
  if (!has_letter(field)) return add(FindingCode::kNameMissing, Severity::kWarning, item, offset);
  const FieldVerdict verdict = check_field(Alphabet::kName, field);
  if (verdict == FieldVerdict::kDeparts) {
    add(FindingCode::kFieldFormat, Severity::kWarning, item, offset);
  } else if (verdict == FieldVerdict::kLowercase) {
    add(FindingCode::kFieldLowercase, Severity::kNote, item, offset);
  }
  if (field.find('/') == std::string_view::npos) {
    add(FindingCode::kNameWithoutSlash, Severity::kNote, item, offset);
  }
}

void Reader::check_header() {
  const Pass& pass = reading_.pass;
  for (std::size_t i = 0; i < pass.legs_read; ++i) {
    const Leg& leg = pass.legs[i];
    const Field to = leg.field(Item::kToAirport);
    if (to && !trim(*to).empty() && leg.field(Item::kFromAirport) == to) {
      add(FindingCode::kSameAirport, Severity::kNote, Item::kToAirport, offset_of(*to));
    }
  }
}

bool Reader::is_misaligned(const Leg& leg) const {
  // Carriers that deviate do so in one or two of these fields.
  constexpr int kFewestImplausible = 3;
  int implausible = 0;
  for (std::size_t i = 0; i < leg.mandatory.size(); ++i) {
    const ItemSpec& spec = kMandatoryRepeatedItems[i];
    const Field& field = leg.mandatory[i];
    if (field && field->size() == spec.length) implausible += !is_plausible(spec.item, *field);
  }
  return implausible >= kFewestImplausible;
}

void Reader::resolve_dates() {
  Pass& pass = reading_.pass;
  if (const Field issued = pass.field(Item::kDateOfIssue); issued && issued->size() == 4) {
    pass.issue_date = resolve_issue_date(*issued, options_.reference_date);
    if (!pass.issue_date &&
        check_field(Alphabet::kDateOfIssue, *issued) == FieldVerdict::kConforms &&
        !trim(*issued).empty()) {
      add(FindingCode::kDateImpossible, Severity::kWarning, Item::kDateOfIssue, offset_of(*issued));
    }
  }
  std::optional<base::Date> leg_before;
  for (std::size_t i = 0; i < pass.legs_read; ++i) {
    Leg& leg = pass.legs[i];
    leg.flight_date = resolve_flight_date(leg, leg_before);
    if (leg.flight_date) leg_before = leg.flight_date;
  }
  constexpr int kLatestDaysAfterFlight = 3;
  if (leg_before &&
      base::days_between(*leg_before, options_.reference_date) > kLatestDaysAfterFlight) {
    const Leg& last = pass.legs[pass.legs_read - 1u];
    const Field day = last.field(Item::kDateOfFlight);
    add(FindingCode::kStalePass, Severity::kNote, Item::kDateOfFlight,
        day ? offset_of(*day) : end_);
  }
}

std::optional<base::Date> Reader::resolve_flight_date(const Leg& leg,
                                                      const std::optional<base::Date>& leg_before) {
  const Field field = leg.field(Item::kDateOfFlight);
  if (!field) return std::nullopt;
  const auto day = to_number(trim(*field));
  if (!day || *day < 1 || *day > 366) return std::nullopt;
  std::optional<base::Date> date;
  if (leg_before) {
    date = first_from(*day, *leg_before, kLegBeforeLegDays, kFlightAfterIssueDays);
  } else if (reading_.pass.issue_date) {
    date =
        first_from(*day, *reading_.pass.issue_date, kFlightBeforeIssueDays, kFlightAfterIssueDays);
  } else {
    date = nearest(*day, options_.reference_date);
    if (date)
      add(FindingCode::kDateInferred, Severity::kNote, Item::kDateOfFlight, offset_of(*field));
  }
  if (!date) {
    add(FindingCode::kDateImpossible, Severity::kWarning, Item::kDateOfFlight, offset_of(*field));
  }
  return date;
}

void Reader::finish() {
  Pass& pass = reading_.pass;
  if (!pass.line_end.empty()) add(FindingCode::kLineEnd, Severity::kNote, Item::kNone, end_);
  const Field name = pass.field(Item::kPassengerName);
  reading_.name_field_full = name && is_full_name_field(*name);
  const auto in_front = [](const Finding& a, const Finding& b) { return a.offset < b.offset; };
  std::vector<Finding>& findings = reading_.findings;
  if (!std::is_sorted(findings.begin(), findings.end(), in_front)) {
    std::stable_sort(findings.begin(), findings.end(), in_front);
  }
  reading_.ok = true;
  for (Finding& finding : findings) {
    if (options_.strict && finding.severity == Severity::kWarning) {
      finding.severity = Severity::kError;
    }
    if (finding.severity == Severity::kError) reading_.ok = false;
  }
  const Field& data = pass.security.data;
  if (!data || data->empty()) return;
  reading_.signature = options_.public_key ? options_.public_key->verify(reading_.covered, *data)
                                           : SignatureState::kNoKey;
}

}  // namespace

Field Leg::field(Item item) const {
  if (item == Item::kAirlineUse) return airline_use;
  if (const Field found = find_field(mandatory, kMandatoryRepeatedItems, item)) return found;
  return find_field(repeated, kRepeatedItems, item);
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
  if (const Field found = find_field(mandatory, kMandatoryUniqueItems, item)) return found;
  return find_field(unique, kUniqueItems, item);
}
std::string_view Pass::text(Item item) const { return trimmed(field(item)); }

Reading read(std::string_view raw, const ReadOptions& options) {
  return Reader(raw, options).read();
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
