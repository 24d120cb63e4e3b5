#include "bcbp/ssr.h"

#include <algorithm>
#include <array>
#include <utility>

#include "bcbp/edifact.h"
#include "bcbp/name_candidate.h"
#include "bcbp/text.h"

namespace paxid::bcbp {
namespace {

// Places in the free text of SSR DOCS.
enum DocsPlace : std::size_t {
  kDocumentType,
  kIssuer,
  kNumber,
  kNationality,
  kBirthDate,
  kGender,
  kExpiryDate,
  kSurname,
  kGiven,
  kSecondGiven,
};
// Places in the free text of SSR DOCO.
enum DocoPlace : std::size_t {
  kBirthPlace,
  kVisaType,
  kVisaNumber,
  kIssuePlace,
  kIssueDate,
  kCountry
};
// Places in the free text of SSR DOCA.
enum DocaPlace : std::size_t { kAddressKind, kAddressCountry, kStreet, kCity, kState, kZip };

bool is_gender(std::string_view text) {
  static constexpr std::array<std::string_view, 6> kGenders{"M", "F", "U", "X", "MI", "FI"};
  return std::find(kGenders.begin(), kGenders.end(), text) != kGenders.end();
}

bool is_letters(std::string_view text, std::size_t fewest, std::size_t most) {
  return text.size() >= fewest && text.size() <= most &&
         std::all_of(text.begin(), text.end(), is_letter);
}

// The fields of a free text, and how far they stand from their places.
class Fields {
 public:
  explicit Fields(std::vector<std::string> texts) : texts_(std::move(texts)) {}

  std::string_view at(std::size_t place) const { return at(place, shift_); }
  std::string_view at(std::size_t place, int shift) const {
    const auto index = static_cast<std::ptrdiff_t>(place) + shift;
    if (index < 0 || index >= static_cast<std::ptrdiff_t>(texts_.size())) return {};
    return texts_[static_cast<std::size_t>(index)];
  }
  std::size_t count() const {
    const auto count = static_cast<std::ptrdiff_t>(texts_.size()) - shift_;
    return count < 0 ? 0 : static_cast<std::size_t>(count);
  }
  void shift(int by) { shift_ = by; }

 private:
  std::vector<std::string> texts_;
  int shift_ = 0;
};

int agreement(bool right, std::string_view text) {
  if (text.empty()) return 0;
  return right ? 2 : -2;
}

// How well the fields, shifted, look like what their places want.
int docs_agreement(const Fields& fields, int shift) {
  const auto at = [&](std::size_t place) { return fields.at(place, shift); };
  return agreement(is_letters(at(kDocumentType), 1, 2), at(kDocumentType)) +
         agreement(is_letters(at(kIssuer), 2, 3), at(kIssuer)) +
         agreement(is_letters(at(kNationality), 2, 3), at(kNationality)) +
         agreement(parse_teletype_date(at(kBirthDate)).has_value(), at(kBirthDate)) +
         agreement(is_gender(at(kGender)), at(kGender)) +
         agreement(parse_teletype_date(at(kExpiryDate)).has_value(), at(kExpiryDate)) +
         agreement(has_letter(at(kSurname)) && at(kSurname).size() > 1, at(kSurname));
}

int doco_agreement(const Fields& fields, int shift) {
  const auto at = [&](std::size_t place) { return fields.at(place, shift); };
  return agreement(is_letters(at(kVisaType), 1, 1), at(kVisaType)) +
         agreement(parse_teletype_date(at(kIssueDate)).has_value(), at(kIssueDate)) +
         agreement(is_letters(at(kCountry), 2, 3), at(kCountry));
}

int doca_agreement(const Fields& fields, int shift) {
  const std::string_view kind = fields.at(kAddressKind, shift);
  const std::string_view country = fields.at(kAddressCountry, shift);
  return agreement(kind == "D" || kind == "R", kind) +
         agreement(is_letters(country, 2, 3), country);
}

class SsrReader {
 public:
  SsrReader(SsrReading& out, base::Date reference) : out_(out), reference_(reference) {}

  void read(std::string_view raw) {
    std::vector<std::string> texts;
    const bool framed = raw.starts_with("SSR+") ? read_pnrgov(raw, texts) : read_plain(raw, texts);
    if (!framed) return add(SsrFinding::kNotAnSsr);
    Fields fields(std::move(texts));
    align(fields);
    switch (out_.type) {
      case SsrType::kDocs:
        read_docs(fields);
        break;
      case SsrType::kDoco:
        read_doco(fields);
        break;
      case SsrType::kDoca:
        read_doca(fields);
        break;
    }
  }

 private:
  void add(SsrFinding finding) { out_.findings.push_back(finding); }

  bool set_type(std::string_view word);
  bool read_pnrgov(std::string_view raw, std::vector<std::string>& texts);
  bool read_plain(std::string_view raw, std::vector<std::string>& texts);
  std::string_view take_request(std::string_view rest);
  void take_association(std::vector<std::string>& texts);
  void align(Fields& fields);
  void read_docs(const Fields& fields);
  void read_docs_name(const Fields& fields, Docs& docs);
  void read_doco(const Fields& fields);
  void read_doca(const Fields& fields);

  enum class Century { kNotAfter, kNearest };
  std::optional<base::Date> date(std::string_view text, Century century);

  SsrReading& out_;
  base::Date reference_;
};

bool SsrReader::set_type(std::string_view word) {
  for (const SsrType type : {SsrType::kDocs, SsrType::kDoco, SsrType::kDoca}) {
    if (word == name_of(type)) {
      out_.type = type;
      return true;
    }
  }
  return false;
}

void append_fields(std::string_view text, char separator, std::vector<std::string>& texts) {
  for (const std::string_view field : split(text, separator)) texts.emplace_back(trim(field));
}

// SSR+type:status:count:carrier:::board:off:free text+::traveller
bool SsrReader::read_pnrgov(std::string_view raw, std::vector<std::string>& texts) {
  const Segment segment = split_segment(raw);
  if (segment.elements.empty() || !set_type(segment.at(0, 0))) return false;
  out_.status = segment.at(0, 1);
  out_.carrier = segment.at(0, 3);
  out_.board = segment.at(0, 6);
  out_.off = segment.at(0, 7);
  out_.traveller_ref = segment.at(1, 2);
  // A colon inside the free text was not released: it belongs to the text.
  std::string text(segment.at(0, 8));
  for (std::size_t i = 9; i < segment.elements[0].size(); ++i) {
    text += ':';
    text += segment.at(0, i);
  }
  std::string_view fields = text;
  if (fields.starts_with('/')) fields.remove_prefix(1);
  append_fields(fields, '/', texts);
  take_association(texts);
  return true;
}

// `SSR DOCS BA HK1/...`, `SRDOCSUAHK1-...`, `3DOCS/...`, `SI.P1/SSRDOCS...`, `DOCS P/...`
bool SsrReader::read_plain(std::string_view raw, std::vector<std::string>& texts) {
  if (raw.starts_with("SI.P")) {
    const std::size_t slash = raw.find('/');
    if (slash == std::string_view::npos) return false;
    out_.traveller_ref = raw.substr(4, slash - 4);
    raw = trim(raw.substr(slash + 1));
  }
  for (const std::string_view command : {"SSR", "SR", "3", "4"}) {
    if (raw.starts_with(command)) {
      raw = trim(raw.substr(command.size()));
      break;
    }
  }
  if (!set_type(raw.substr(0, 4))) return false;
  std::string_view rest = take_request(trim(raw.substr(4)));
  // Amadeus types the fields with hyphens; then a slash only parts the names.
  const bool hyphens = rest.starts_with('-');
  if (hyphens || rest.starts_with('/')) rest.remove_prefix(1);
  if (!hyphens) {
    append_fields(rest, '/', texts);
  } else {
    const std::size_t association = rest.rfind("/P");
    const bool has_association =
        association != std::string_view::npos && all_digits(rest.substr(association + 2));
    if (has_association) {
      out_.traveller_ref = rest.substr(association + 2);
      rest = rest.substr(0, association);
    }
    for (const std::string_view part : split(rest, '-')) append_fields(part, '/', texts);
  }
  take_association(texts);
  return true;
}

// Carrier and status in front of the free text: "BA HK1", "UAHK1", "HK1", or nothing.
std::string_view SsrReader::take_request(std::string_view rest) {
  const std::string_view head = rest.substr(0, rest.find_first_of("/-"));
  std::string packed;
  for (const char c : head) {
    if (c != ' ') packed += c;
  }
  const std::size_t status = packed.size() >= 5 ? 2 : 0;
  const bool has_status = packed.size() >= status + 3 && packed.size() <= status + 4 &&
                          is_letters(std::string_view(packed).substr(status, 2), 2, 2) &&
                          all_digits(std::string_view(packed).substr(status + 2));
  if (!has_status) return rest;
  out_.carrier = packed.substr(0, status);
  out_.status = packed.substr(status, 2);
  return rest.substr(head.size());
}

// The passenger the text is for, behind the last name: "-1SMITH/JOHN", "-1.1", "/P1".
void SsrReader::take_association(std::vector<std::string>& texts) {
  for (std::size_t i = 1; i < texts.size(); ++i) {
    const std::size_t hyphen = texts[i].rfind('-');
    const bool found = hyphen != std::string::npos && hyphen + 1 < texts[i].size() &&
                       is_digit(texts[i][hyphen + 1]) && i + 2 >= texts.size();
    if (!found) continue;
    const std::string behind = texts[i].substr(hyphen + 1);
    const std::size_t digits = behind.find_first_not_of("0123456789.");
    if (digits == std::string::npos && i + 1 < texts.size()) continue;
    if (out_.traveller_ref.empty()) out_.traveller_ref = behind.substr(0, digits);
    if (digits != std::string::npos) {
      out_.associated_name = behind.substr(digits);
      if (i + 1 < texts.size()) out_.associated_name += "/" + texts[i + 1];
    }
    texts[i].resize(hyphen);
    texts.resize(i + 1);
    return;
  }
  if (texts.size() > 1 && texts.back().size() > 1 && texts.back()[0] == 'P' &&
      all_digits(std::string_view(texts.back()).substr(1)) && out_.type == SsrType::kDocs &&
      texts.size() > kGiven) {
    if (out_.traveller_ref.empty()) out_.traveller_ref = texts.back().substr(1);
    texts.pop_back();
  }
}

// One slash too many or too few moves every field. The places of the type, the dates and the
// gender show where they belong.
void SsrReader::align(Fields& fields) {
  const auto measure = [&](int shift) {
    switch (out_.type) {
      case SsrType::kDocs:
        return docs_agreement(fields, shift);
      case SsrType::kDoco:
        return doco_agreement(fields, shift);
      default:
        return doca_agreement(fields, shift);
    }
  };
  int best = 0;
  for (const int shift : {1, -1, 2}) {
    if (measure(shift) > measure(best)) best = shift;
  }
  if (best == 0) return;
  fields.shift(best);
  add(SsrFinding::kShiftedByOne);
}

std::optional<base::Date> SsrReader::date(std::string_view text, Century century) {
  if (text.empty()) return std::nullopt;
  std::optional<base::Date> found;
  if (const auto printed = parse_teletype_date(text)) {
    found = century == Century::kNotAfter ? not_after(*printed, reference_)
                                          : nearest_to(*printed, reference_);
  }
  if (!found) add(SsrFinding::kDateUnreadable);
  return found;
}

void SsrReader::read_docs(const Fields& fields) {
  Docs docs;
  docs.document_type = fields.at(kDocumentType);
  docs.issuer = fields.at(kIssuer);
  docs.number = fields.at(kNumber);
  docs.nationality = fields.at(kNationality);
  docs.birth_date = date(fields.at(kBirthDate), Century::kNotAfter);
  docs.gender = fields.at(kGender);
  docs.infant = docs.gender == "MI" || docs.gender == "FI";
  docs.expiry_date = date(fields.at(kExpiryDate), Century::kNearest);
  read_docs_name(fields, docs);
  if (docs.surname.empty()) add(SsrFinding::kFieldMissing);
  out_.ok = !docs.surname.empty();
  out_.docs = std::move(docs);
}

// A folded line leaves a blank inside a word. Blanks beside a short word are a particle's
// (DE LA CRUZ, AL RASHID).
std::string without_fold(std::string_view name) {
  const std::vector<std::string> words = words_of(name);
  constexpr std::size_t kLongestParticle = 3;
  const bool particles = std::any_of(words.begin(), words.end(), [](const std::string& word) {
    return word.size() <= kLongestParticle;
  });
  if (particles) return std::string(name);
  std::string joined;
  for (const std::string& word : words) joined += word;
  return joined;
}

void SsrReader::read_docs_name(const Fields& fields, Docs& docs) {
  docs.surname_raw = fields.at(kSurname);
  docs.given_raw = fields.at(kGiven);
  docs.second_given = fields.at(kSecondGiven);
  std::size_t behind = kSecondGiven + 1;
  if (docs.second_given == "H") {
    docs.second_given.clear();
    behind = kSecondGiven;
  }
  if (fields.at(behind) == "H") {
    docs.multi_passenger_holder = true;
    ++behind;
  }
  if (fields.count() > behind && !fields.at(behind).empty()) add(SsrFinding::kExtraField);
  if (!has_letter(docs.surname_raw)) return;
  const std::string unfolded = without_fold(docs.surname_raw);
  if (unfolded != docs.surname_raw) add(SsrFinding::kFoldMended);
  const NameCandidate name = booking_name_candidates(unfolded + "/" + docs.given_raw).front();
  docs.surname = name.surname;
  docs.given = name.given;
  docs.title = name.title;
  docs.suffix = name.suffix;
  if (docs.second_given.empty() || !docs.title.empty()) return;
  const NameCandidate second = booking_name_candidates(unfolded + "/" + docs.second_given).front();
  docs.second_given = second.given;
  docs.title = second.title;
}

void SsrReader::read_doco(const Fields& fields) {
  Doco doco;
  doco.place_of_birth = fields.at(kBirthPlace);
  doco.document_type = fields.at(kVisaType);
  doco.number = fields.at(kVisaNumber);
  doco.place_of_issue = fields.at(kIssuePlace);
  doco.issue_date = date(fields.at(kIssueDate), Century::kNotAfter);
  doco.applicable = fields.at(kCountry);
  doco.infant = fields.at(kCountry + 1) == "I";
  out_.ok = !doco.number.empty();
  if (!out_.ok) add(SsrFinding::kFieldMissing);
  out_.doco = std::move(doco);
}

void SsrReader::read_doca(const Fields& fields) {
  Doca doca;
  doca.kind = fields.at(kAddressKind);
  doca.country = fields.at(kAddressCountry);
  doca.street = fields.at(kStreet);
  doca.city = fields.at(kCity);
  doca.state = fields.at(kState);
  doca.zip = fields.at(kZip);
  doca.infant = fields.at(kZip + 1) == "I";
  out_.ok = !doca.kind.empty();
  if (!out_.ok) add(SsrFinding::kFieldMissing);
  out_.doca = std::move(doca);
}

}  // namespace

SsrReading read_ssr(std::string_view raw, base::Date reference_date) {
  SsrReading out;
  if (raw.size() > kMaxSsrBytes) {
    out.findings.push_back(SsrFinding::kTooLong);
    return out;
  }
  if (!std::all_of(raw.begin(), raw.end(), is_printable)) {
    out.findings.push_back(SsrFinding::kIllegalByte);
    return out;
  }
  const std::string text = upper(trim(raw));
  SsrReader(out, reference_date).read(text);
  return out;
}

bool refuses(SsrFinding finding) {
  switch (finding) {
    case SsrFinding::kTooLong:
    case SsrFinding::kIllegalByte:
    case SsrFinding::kNotAnSsr:
    case SsrFinding::kFieldMissing:
      return true;
    case SsrFinding::kShiftedByOne:
    case SsrFinding::kFoldMended:
    case SsrFinding::kDateUnreadable:
    case SsrFinding::kExtraField:
      return false;
  }
  return true;
}

std::string_view name_of(SsrType type) {
  switch (type) {
    case SsrType::kDocs:
      return "DOCS";
    case SsrType::kDoco:
      return "DOCO";
    case SsrType::kDoca:
      return "DOCA";
  }
  return "";
}

std::string_view name_of(SsrFinding finding) {
  switch (finding) {
    case SsrFinding::kTooLong:
      return "TOO_LONG";
    case SsrFinding::kIllegalByte:
      return "ILLEGAL_BYTE";
    case SsrFinding::kNotAnSsr:
      return "NOT_AN_SSR";
    case SsrFinding::kShiftedByOne:
      return "SHIFTED_BY_ONE";
    case SsrFinding::kFoldMended:
      return "FOLD_MENDED";
    case SsrFinding::kDateUnreadable:
      return "DATE_UNREADABLE";
    case SsrFinding::kFieldMissing:
      return "FIELD_MISSING";
    case SsrFinding::kExtraField:
      return "EXTRA_FIELD";
  }
  return "";
}

}  // namespace paxid::bcbp
