#include "mrz/aamva.h"

#include <algorithm>
#include <array>
#include <map>

#include "base/check.h"
#include "base/utf8.h"
#include "mrz/check_digit.h"

namespace paxid::mrz {
namespace {

using enum LicenceFindingCode;

// The header may follow `@`, LF, RS, CR, each of which scanners lose or repeat.
constexpr std::size_t kMaxBeforeMark = 16;
constexpr std::string_view kMarks[] = {"ANSI ", "AAMVA"};

std::size_t mark_at(std::string_view raw) {
  for (std::string_view mark : kMarks) {
    const std::size_t at = raw.substr(0, kMaxBeforeMark + mark.size()).find(mark);
    if (at == std::string_view::npos) continue;
    const auto is_text = [](char c) { return c > ' ' && c != '@'; };
    if (std::none_of(raw.begin(), raw.begin() + static_cast<std::ptrdiff_t>(at), is_text)) {
      return at;
    }
  }
  return std::string_view::npos;
}

bool is_separator(char c) { return c == '\n' || c == '\r' || c == '\x1e'; }

std::string_view trimmed(std::string_view text) {
  const auto is_outer = [](char c) { return c == ' ' || is_separator(c); };
  while (!text.empty() && is_outer(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_outer(text.back())) text.remove_suffix(1);
  return text;
}

std::string utf8_of(std::string_view text) {
  if (base::is_valid_utf8(text)) return std::string(text);
  std::string converted;
  for (char c : text) base::append_utf8(converted, static_cast<unsigned char>(c));
  return converted;
}

// Takes `count` digits off the front of `text`.
std::optional<std::string> take_digits(std::string_view& text, std::size_t count) {
  const std::string_view digits = text.substr(0, count);
  if (digits.size() != count || !std::all_of(digits.begin(), digits.end(), is_digit)) {
    return std::nullopt;
  }
  text.remove_prefix(count);
  return std::string(digits);
}

bool is_capital_or_digit(char c) { return is_letter(c) || is_digit(c); }

bool is_document(std::string_view subfile) {
  return subfile == "DL" || subfile == "ID" || subfile == "EN";
}

class Reader {
 public:
  explicit Reader(base::Date reference_date) : reference_(reference_date) {}

  Licence read(std::string_view raw) {
    if (raw.size() > kMaxLicenceBytes) {
      note(kTooLong);
    } else if (!read_header(raw)) {
      note(kHeader);
    } else {
      split(rest_);
      if (licence_.document.empty()) note(kNoSubfile);
      read_names();
      read_card();
    }
    const auto is_error = [](const LicenceFinding& finding) {
      return severity_of(finding.code) == Severity::kError;
    };
    licence_.ok = std::none_of(licence_.findings.begin(), licence_.findings.end(), is_error);
    return std::move(licence_);
  }

 private:
  void note(LicenceFindingCode code, std::string_view element = {}) {
    licence_.findings.push_back({code, std::string(element)});
  }

  bool read_header(std::string_view raw) {
    const std::size_t mark = mark_at(raw);
    if (mark == std::string_view::npos) return false;
    if (raw.substr(0, mark) != "@\n\x1e\r") note(kHeaderDamaged);
    rest_ = raw.substr(mark + kMarks[0].size());
    while (!rest_.empty() && (rest_.front() == ' ' || is_separator(rest_.front()))) {
      rest_.remove_prefix(1);
    }
    const auto issuer = take_digits(rest_, 6);
    const auto version = issuer ? take_digits(rest_, 2) : std::nullopt;
    if (!version) return false;
    licence_.issuer = *issuer;
    licence_.version = std::stoi(*version);
    // Version 1 knows no version of the jurisdiction.
    if (licence_.version >= 2 && !take_digits(rest_, 2)) return false;
    const auto entries = take_digits(rest_, 2);
    if (!entries) return false;
    if (licence_.version > kNewestLicenceVersion) note(kUnknownVersion);
    return take_designators(static_cast<std::size_t>(std::stoi(*entries)));
  }

  // Two letters, offset, length. Offset and length are wrong on many cards and not needed: the
  // subfiles follow, each ended by CR.
  bool take_designators(std::size_t entries) {
    for (std::size_t i = 0; i < entries; ++i) {
      const std::string_view type = rest_.substr(0, 2);
      std::string_view numbers = rest_.substr(type.size());
      if (type.size() != 2 || !take_digits(numbers, 8)) return i > 0;
      subfiles_.emplace_back(type);
      rest_ = numbers;
    }
    return entries > 0;
  }

  void split(std::string_view text) {
    while (!text.empty()) {
      const auto end = std::find_if(text.begin(), text.end(), is_separator);
      const auto size = static_cast<std::size_t>(end - text.begin());
      take_element(text.substr(0, size));
      text.remove_prefix(std::min(size + 1, text.size()));
    }
  }

  void take_element(std::string_view line) {
    const std::string_view type = line.substr(0, 2);
    const bool opens = line.size() >= 5 && (line[2] == 'D' || line[2] == 'Z') &&
                       std::find(subfiles_.begin(), subfiles_.end(), type) != subfiles_.end();
    if (opens) {
      in_document_ = is_document(type);
      if (in_document_ && licence_.document.empty()) licence_.document = std::string(type);
      line.remove_prefix(2);
    }
    const std::string_view id = line.substr(0, 3);
    if (!in_document_ || id.size() != 3 || id[0] != 'D') return;
    if (!std::all_of(id.begin(), id.end(), is_capital_or_digit)) return;
    const std::string value = utf8_of(trimmed(line.substr(3)));
    const auto [place, is_new] = elements_.emplace(id, value);
    if (!is_new && place->second != value) note(kRepeatedElement, id);
  }

  std::string value(std::string_view id) const {
    const auto found = elements_.find(id);
    return found == elements_.end() ? std::string() : found->second;
  }

  // A name without the words that stand for no name.
  std::string name(std::string_view id) {
    std::string text = value(id);
    if (text == "NONE" || text == "unavl" || text == "UNAVL") {
      note(kPlaceholder, id);
      text.clear();
    }
    return text;
  }

  static void append(std::string& names, std::string_view more) {
    for (char c : more) {
      const char plain = c == ',' ? ' ' : c;
      if (plain == ' ' && (names.empty() || names.back() == ' ')) continue;
      names.push_back(plain);
    }
    if (!names.empty() && names.back() != ' ') names.push_back(' ');
  }

  void read_names() {
    std::string given;
    if (elements_.count("DCS") != 0 || elements_.count("DAB") != 0) {
      licence_.surname = name(elements_.count("DCS") != 0 ? "DCS" : "DAB");
      // Versions 2 and 3 hold all given names in one element.
      append(given, elements_.count("DAC") != 0 ? name("DAC") : name("DCT"));
      append(given, name("DAD"));
    } else {
      const std::string whole = name("DAA");
      const std::size_t comma = std::min(whole.find(','), whole.size());
      licence_.surname = std::string(trimmed(std::string_view(whole).substr(0, comma)));
      append(given, std::string_view(whole).substr(comma));
    }
    licence_.given_names = std::string(trimmed(given));
    licence_.suffix = value("DCU");
    if (licence_.surname.empty() && licence_.given_names.empty()) note(kMissing, "DCS");
    for (const char* id : {"DDE", "DDF", "DDG"}) {
      const std::string flag = value(id);
      if (flag != "T" && flag != "U") continue;
      licence_.maybe_truncated = true;
      note(flag == "T" ? kNameCut : kNameMayBeCut, id);
    }
  }

  void read_card() {
    licence_.number = value("DAQ");
    if (licence_.number.empty()) note(kMissing, "DAQ");
    licence_.region = value("DAJ");
    licence_.country = value("DCG");
    if (!licence_.country.empty() && licence_.country != "USA" && licence_.country != "CAN") {
      note(kUnknownCountry, "DCG");
    }
    licence_.birth_date = date("DBB", true);
    licence_.expiry_date = date("DBA", false);
    if (licence_.expiry_date && reference_.ok() && *licence_.expiry_date < reference_) {
      note(kExpired, "DBA");
    }
    const std::string sex = value("DBC");
    if (sex == "1" || sex == "M") licence_.sex = 'M';
    if (sex == "2" || sex == "F") licence_.sex = 'F';
    if (licence_.sex == '<' && !sex.empty() && sex != "9") note(kInvalidSex, "DBC");
  }

  static base::Date date_from(std::string_view year, std::string_view month, std::string_view day) {
    const auto number = [](std::string_view digits) {
      unsigned result = 0;
      for (char digit : digits) result = result * 10 + static_cast<unsigned>(digit - '0');
      return result;
    };
    return {std::chrono::year{static_cast<int>(number(year))}, std::chrono::month{number(month)},
            std::chrono::day{number(day)}};
  }

  std::optional<base::Date> date(std::string_view id, bool is_needed) {
    const std::string text = value(id);
    if (text.empty()) {
      if (is_needed) note(kMissing, id);
      return std::nullopt;
    }
    const std::string_view digits = text;
    if (digits.size() != 8 || !std::all_of(digits.begin(), digits.end(), is_digit)) {
      note(kInvalidDate, id);
      return std::nullopt;
    }
    const bool year_first = licence_.country == "CAN" || licence_.version == 1;
    // No month is 19 or 20, so a date of these centuries shows its order.
    const bool is_year_first = digits.substr(0, 2) == "19" || digits.substr(0, 2) == "20";
    if (is_year_first != year_first) note(kDateOrder, id);
    const base::Date day =
        is_year_first ? date_from(digits.substr(0, 4), digits.substr(4, 2), digits.substr(6, 2))
                      : date_from(digits.substr(4, 4), digits.substr(0, 2), digits.substr(2, 2));
    if (day.ok()) return day;
    note(kInvalidDate, id);
    return std::nullopt;
  }

  base::Date reference_;
  Licence licence_;
  std::string_view rest_;
  std::vector<std::string> subfiles_;
  bool in_document_ = false;
  std::map<std::string, std::string, std::less<>> elements_;
};

struct Property {
  LicenceFindingCode code;
  std::string_view name;
  Severity severity;
};

// In the order of the enumerators.
constexpr Property kProperties[] = {
    {kTooLong, "TOO_LONG", Severity::kError},
    {kHeader, "HEADER", Severity::kError},
    {kHeaderDamaged, "HEADER_DAMAGED", Severity::kInfo},
    {kUnknownVersion, "UNKNOWN_VERSION", Severity::kWarning},
    {kNoSubfile, "NO_SUBFILE", Severity::kError},
    {kMissing, "MISSING", Severity::kError},
    {kInvalidDate, "INVALID_DATE", Severity::kError},
    {kDateOrder, "DATE_ORDER", Severity::kWarning},
    {kInvalidSex, "INVALID_SEX", Severity::kWarning},
    {kUnknownCountry, "UNKNOWN_COUNTRY", Severity::kWarning},
    {kNameCut, "NAME_CUT", Severity::kInfo},
    {kNameMayBeCut, "NAME_MAY_BE_CUT", Severity::kInfo},
    {kPlaceholder, "PLACEHOLDER", Severity::kInfo},
    {kRepeatedElement, "REPEATED_ELEMENT", Severity::kError},
    {kExpired, "EXPIRED", Severity::kInfo},
};

const Property& property_of(LicenceFindingCode code) {
  const auto index = static_cast<std::size_t>(code);
  PAXID_CHECK(index < std::size(kProperties) && kProperties[index].code == code);
  return kProperties[index];
}

}  // namespace

std::string_view name_of(LicenceFindingCode code) { return property_of(code).name; }
Severity severity_of(LicenceFindingCode code) { return property_of(code).severity; }

bool is_licence_text(std::string_view raw) { return mark_at(raw) != std::string_view::npos; }

Licence read_licence(std::string_view raw, base::Date reference_date) {
  return Reader(reference_date).read(raw);
}

}  // namespace paxid::mrz
