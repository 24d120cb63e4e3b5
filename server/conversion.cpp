#include "server/conversion.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/wire_format_lite.h>
#include <paxid/v1/verification_service.pb.h>

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstring>
#include <utility>

#include "base/check.h"
#include "base/date.h"
#include "base/hex.h"
#include "base/utf8.h"
#include "messages/catalogue.h"
#include "server/decision_words.h"

namespace paxid::server {
namespace {

namespace ver = verification;
using base::PersonalText;
using google::protobuf::internal::WireFormatLite;

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_upper_or_digit(char c) { return is_upper(c) || is_digit(c); }

template <class Predicate>
bool all_of(std::string_view text, std::size_t min, std::size_t max, Predicate allowed) {
  return text.size() >= min && text.size() <= max && std::all_of(text.begin(), text.end(), allowed);
}

std::optional<ver::Source> source_of(v1::Source source) {
  switch (source) {
    case v1::SOURCE_BOOKING:
      return ver::Source::kBooking;
    case v1::SOURCE_BOARDING_PASS:
      return ver::Source::kBoardingPass;
    case v1::SOURCE_MRZ:
      return ver::Source::kMrz;
    case v1::SOURCE_VISUAL:
      return ver::Source::kVisual;
    case v1::SOURCE_CHIP:
      return ver::Source::kChip;
    case v1::SOURCE_TYPED:
      return ver::Source::kTyped;
    default:  // unspecified, or a value of a later contract
      return std::nullopt;
  }
}

std::optional<ver::CaptureMethod> capture_of(v1::CaptureMethod method) {
  switch (method) {
    case v1::CAPTURE_METHOD_RECEIVED:
      return ver::CaptureMethod::kReceived;
    case v1::CAPTURE_METHOD_SCANNED:
      return ver::CaptureMethod::kScanned;
    case v1::CAPTURE_METHOD_CHIP_READ:
      return ver::CaptureMethod::kChipRead;
    case v1::CAPTURE_METHOD_TYPED:
      return ver::CaptureMethod::kTyped;
    default:
      return std::nullopt;
  }
}

std::optional<ver::Assurance> assurance_of(v1::Assurance assurance) {
  switch (assurance) {
    case v1::ASSURANCE_UNSPECIFIED:
    case v1::ASSURANCE_ASSERTED:
      return ver::Assurance::kAsserted;
    case v1::ASSURANCE_INSPECTED:
      return ver::Assurance::kInspected;
    case v1::ASSURANCE_AUTHENTICATED:
      return ver::Assurance::kAuthenticated;
    default:
      return std::nullopt;
  }
}

std::optional<ver::Sex> sex_of(v1::Sex sex) {
  switch (sex) {
    case v1::SEX_MALE:
      return ver::Sex::kMale;
    case v1::SEX_FEMALE:
      return ver::Sex::kFemale;
    case v1::SEX_NOT_STATED:
      return ver::Sex::kNotStated;
    default:
      return std::nullopt;
  }
}

// Where a statement of a kind can stand. A zone as a "booking", say, would be compared with
// itself. The chip holds the zone in DG1 (ICAO Doc 9303-10).
bool fits(v1::Claim::ValueCase kind, ver::Source source) {
  switch (kind) {
    case v1::Claim::kMrzZone:
      return source == ver::Source::kMrz || source == ver::Source::kChip;
    case v1::Claim::kBoardingPass:
    case v1::Claim::kPassName:
      return source == ver::Source::kBoardingPass;
    case v1::Claim::kBookingName:
    case v1::Claim::kDocs:
    case v1::Claim::kPassengerType:
      return source == ver::Source::kBooking;
    case v1::Claim::kUsageName:
    case v1::Claim::kIssuer:
    case v1::Claim::kDocumentType:
    case v1::Claim::kExpiryDate:
      return !ver::is_travel_side(source);
    case v1::Claim::kPersonName:
    case v1::Claim::kBirthDate:
    case v1::Claim::kSex:
    case v1::Claim::kNationality:
    case v1::Claim::kDocumentNumber:
    case v1::Claim::VALUE_NOT_SET:
      break;
  }
  return true;
}

// A field of a claim. Its name is put together for a violation only: nearly every claim is right.
struct Field {
  int claim;
  std::string_view name;

  std::string text(std::string_view part = {}) const {
    std::string path = "claims[" + std::to_string(claim) + "]." + std::string(name);
    return part.empty() ? path : path + "." + std::string(part);
  }
};

// Reads a request field by field and keeps every violation.
class RequestReader {
 public:
  explicit RequestReader(const v1::VerifyRequest& request) : request_(request) {}

  VerifyInput read() {
    input_.request_id = read_request_id(request_.request_id(), violations);
    read_claims();
    if (request_.has_flight()) read_flight(request_.flight());
    if (!request_.station().empty() && !is_airport(request_.station())) {
      violate("AIRPORT_MALFORMED", "station", "must be 3 letters A-Z or empty");
    }
    input_.station = request_.station();
    read_booking();
    read_client_time();
    input_.channel = word_of(request_.channel());
    if (input_.channel.empty()) unknown_enum("channel");
    input_.purpose = word_of(request_.purpose());
    if (input_.purpose.empty()) unknown_enum("purpose");
    return std::move(input_);
  }

  Violations violations;

 private:
  void violate(std::string reason, std::string field, std::string description,
               std::optional<std::size_t> limit = std::nullopt) {
    violations.add(std::move(reason), std::move(field), std::move(description), limit);
  }

  void unknown_enum(std::string field) {
    violate("ENUM_VALUE_UNKNOWN", std::move(field), "must be one of the contract's values");
  }

  void read_claims() {
    if (request_.claims().empty()) return violate("CLAIMS_MISSING", "claims", "is required");
    if (static_cast<std::size_t>(request_.claims_size()) > ver::kMaxClaims) {
      return violate("TOO_MANY_CLAIMS", "claims", "must be at most 32", ver::kMaxClaims);
    }
    for (int i = 0; i < request_.claims_size(); ++i) {
      read_claim(request_.claims(i), i);
    }
  }

  void read_claim(const v1::Claim& from, int index) {
    const auto source = source_of(from.source());
    if (!source) unknown_enum(Field{index, "source"}.text());
    const auto capture = capture_of(from.capture_method());
    if (!capture) unknown_enum(Field{index, "capture_method"}.text());
    const auto assurance = assurance_of(from.assurance());
    if (!assurance) unknown_enum(Field{index, "assurance"}.text());
    auto value = read_value(from, index);
    if (!source || !capture || !assurance || !value) return;
    if (!fits(from.value_case(), *source)) {
      return violate("CLAIM_SOURCE_UNFIT", Field{index, "source"}.text(),
                     "must be a source that can hold this kind of claim");
    }
    input_.claims.push_back({*source, *capture, *assurance, std::move(*value)});
  }

  std::optional<ver::ClaimValue> read_value(const v1::Claim& from, int index) {
    switch (from.value_case()) {
      case v1::Claim::kPersonName:
        return wrapped<ver::NameClaim>(read_name(from.person_name(), Field{index, "person_name"}));
      case v1::Claim::kUsageName:
        return wrapped<ver::UsageNameClaim>(
            read_name(from.usage_name(), Field{index, "usage_name"}));
      case v1::Claim::kMrzZone:
        return read_bytes<ver::ZoneClaim>(from.mrz_zone(), ver::kMaxZoneBytes,
                                          Field{index, "mrz_zone"});
      case v1::Claim::kBoardingPass:
        return read_bytes<ver::PassClaim>(from.boarding_pass(), ver::kMaxPassBytes,
                                          Field{index, "boarding_pass"});
      case v1::Claim::kPassName:
        return read_bytes<ver::PassNameClaim>(from.pass_name(), kMaxPassNameBytes,
                                              Field{index, "pass_name"});
      case v1::Claim::kBookingName:
        return read_bytes<ver::BookingNameClaim>(from.booking_name(), ver::kMaxBookingNameBytes,
                                                 Field{index, "booking_name"});
      case v1::Claim::kBirthDate:
        return wrapped<ver::BirthDateClaim>(
            read_date(from.birth_date(), Field{index, "birth_date"}));
      case v1::Claim::kExpiryDate:
        return wrapped<ver::ExpiryDateClaim>(
            read_date(from.expiry_date(), Field{index, "expiry_date"}));
      case v1::Claim::kSex: {
        const auto sex = sex_of(from.sex());
        if (!sex) unknown_enum(Field{index, "sex"}.text());
        return wrapped<ver::SexClaim>(sex);
      }
      case v1::Claim::kNationality:
        return wrapped<ver::NationalityClaim>(
            read_code(from.nationality(), 3, Field{index, "nationality"}));
      case v1::Claim::kIssuer:
        return wrapped<ver::IssuerClaim>(read_code(from.issuer(), 3, Field{index, "issuer"}));
      case v1::Claim::kDocumentType:
        return wrapped<ver::DocumentTypeClaim>(
            read_code(from.document_type(), 2, Field{index, "document_type"}));
      case v1::Claim::kDocs:
        return read_bytes<ver::DocsClaim>(from.docs(), ver::kMaxDocsBytes, Field{index, "docs"});
      case v1::Claim::kPassengerType:
        return wrapped<ver::PassengerTypeClaim>(
            read_code(from.passenger_type(), 4, Field{index, "passenger_type"}));
      case v1::Claim::kDocumentNumber:
        return read_document_number(from.document_number(), Field{index, "document_number"});
      case v1::Claim::VALUE_NOT_SET:
        break;
    }
    violate("CLAIM_VALUE_MISSING", Field{index, "value"}.text(),
            "is required, and of a kind that is known");
    return std::nullopt;
  }

  template <class Kind, class Value>
  static std::optional<ver::ClaimValue> wrapped(std::optional<Value> value) {
    if (!value) return std::nullopt;
    return Kind{std::move(*value)};
  }

  template <class Kind>
  std::optional<ver::ClaimValue> read_bytes(const std::string& bytes, std::size_t max,
                                            const Field& field) {
    if (bytes.empty()) {
      violate("CLAIM_VALUE_EMPTY", field.text(), "must not be empty");
      return std::nullopt;
    }
    if (bytes.size() > max) {
      violate("CLAIM_VALUE_TOO_LONG", field.text(),
              "must be at most " + std::to_string(max) + " bytes", max);
      return std::nullopt;
    }
    return Kind{PersonalText(bytes)};
  }

  bool name_part_fits(const std::string& text, const Field& field, std::string_view part) {
    const auto length = base::count_code_points(text);
    if (!length) {
      violate("NAME_NOT_UTF8", field.text(part), "must be UTF-8");
      return false;
    }
    if (*length <= ver::kMaxNameCodePoints) return true;
    violate("NAME_TOO_LONG", field.text(part), "must be at most 256 code points",
            ver::kMaxNameCodePoints);
    return false;
  }

  std::optional<ver::PersonName> read_name(const v1::PersonName& from, const Field& field) {
    bool right = name_part_fits(from.full_name(), field, "full_name");
    right = name_part_fits(from.surname(), field, "surname") && right;
    right = name_part_fits(from.given_names(), field, "given_names") && right;
    const bool parts = !from.surname().empty() || !from.given_names().empty();
    if (from.full_name().empty() && !parts) {
      violate("NAME_EMPTY", field.text(), "must have full_name, or surname or given_names");
      return std::nullopt;
    }
    if (!from.full_name().empty() && parts) {
      violate("NAME_AMBIGUOUS", field.text(), "must have full_name or parts, not both");
      return std::nullopt;
    }
    const auto in_language = [](char c) {
      return is_upper_or_digit(c) || (c >= 'a' && c <= 'z') || c == '-';
    };
    if (!all_of(from.language(), 0, kMaxLanguageLength, in_language)) {
      violate("LANGUAGE_MALFORMED", field.text("language"), "must be a BCP 47 tag or empty",
              kMaxLanguageLength);
      return std::nullopt;
    }
    if (!right) return std::nullopt;
    return ver::PersonName{PersonalText(from.full_name()), PersonalText(from.surname()),
                           PersonalText(from.given_names()), from.language()};
  }

  template <std::invocable FieldText>
  std::optional<base::Date> read_date(const std::string& text, FieldText field) {
    auto date = base::parse_iso_date(text);
    if (!date) violate("DATE_MALFORMED", field(), "must be a day of the calendar, YYYY-MM-DD");
    return date;
  }
  std::optional<base::Date> read_date(const std::string& text, const Field& field) {
    return read_date(text, [&field] { return field.text(); });
  }

  std::optional<std::string> read_code(const std::string& text, std::size_t max,
                                       const Field& field) {
    if (all_of(text, 1, max, is_upper)) return text;
    violate("CODE_MALFORMED", field.text(), "must be 1 to " + std::to_string(max) + " letters A-Z");
    return std::nullopt;
  }

  std::optional<ver::ClaimValue> read_document_number(const std::string& text, const Field& field) {
    if (all_of(text, 1, ver::kMaxDocumentNumberLength, is_upper_or_digit)) {
      return ver::DocumentNumberClaim{PersonalText(text)};
    }
    violate("DOCUMENT_NUMBER_MALFORMED", field.text(), "must be 1 to 32 characters A-Z, 0-9",
            ver::kMaxDocumentNumberLength);
    return std::nullopt;
  }

  void read_flight(const v1::Flight& from) {
    ver::Flight& flight = input_.flight;
    if (!from.carrier().empty() && !is_carrier(from.carrier())) {
      violate("CARRIER_MALFORMED", "flight.carrier", "must be 2 or 3 characters A-Z, 0-9");
    }
    if (!from.flight_number().empty() && !is_flight_number(from.flight_number())) {
      violate("FLIGHT_NUMBER_MALFORMED", "flight.flight_number",
              "must be 1 to 4 digits and at most one letter A-Z");
    }
    for (const auto& [airport, field] :
         {std::pair{&from.from(), "flight.from"}, std::pair{&from.to(), "flight.to"}}) {
      if (!airport->empty() && !is_airport(*airport)) {
        violate("AIRPORT_MALFORMED", field, "must be 3 letters A-Z or empty");
      }
    }
    flight.carrier = from.carrier();
    flight.number = from.flight_number();
    flight.from = from.from();
    flight.to = from.to();
    if (!from.departure_date().empty()) {
      flight.departure_date =
          read_date(from.departure_date(), [] { return std::string("flight.departure_date"); });
    }
  }

  void read_booking() {
    const v1::BookingReference& from = request_.booking();
    const auto check = [this](const std::string& text, const char* field, auto fits,
                              const char* description) {
      if (!text.empty() && !fits(text)) violate("BOOKING_MALFORMED", field, description);
    };
    check(from.locator(), "booking.locator", is_locator, "must be 5 to 7 of A-Z, 0-9, or empty");
    check(from.sequence(), "booking.sequence", is_short_code,
          "must be 1 to 8 of A-Z, 0-9, or empty");
    check(from.seat(), "booking.seat", is_short_code, "must be 1 to 8 of A-Z, 0-9, or empty");
    check(from.ticket(), "booking.ticket", is_ticket, "must be 13 digits or empty");
    input_.booking = {from.locator(), from.sequence(), from.seat(), from.ticket()};
  }

  void read_client_time() {
    if (!request_.has_client_time()) return;
    // The range of google.protobuf.Timestamp: the years 1 to 9999.
    const auto& time = request_.client_time();
    if (time.seconds() < -62'135'596'800 || time.seconds() > 253'402'300'799 || time.nanos() < 0 ||
        time.nanos() > 999'999'999) {
      return violate("TIME_OUT_OF_RANGE", "client_time", "must be in the years 1 to 9999");
    }
    input_.client_unix_seconds = time.seconds();
  }

  const v1::VerifyRequest& request_;
  VerifyInput input_;
};

// One for each byte that is none.
std::string mended_utf8(std::string_view rest) {
  std::string mended;
  while (!rest.empty()) {
    const base::Utf8Step step = base::decode_utf8(rest);
    mended += step.valid ? rest.substr(0, step.length) : std::string_view("\uFFFD");
    rest.remove_prefix(step.length);
  }
  return mended;
}

// Into a text of a message.
void put_utf8(std::string&& text, std::string* to) {
  *to = base::is_valid_utf8(text) ? std::move(text) : mended_utf8(text);
}
void put_utf8(const PersonalText& text, std::string* to) {
  if (base::is_valid_utf8(text.reveal())) {
    *to = text.reveal();
  } else {
    *to = mended_utf8(text.reveal());
  }
}

// A message may carry NaN and infinity; no client should have to expect them.
double finite(double value) { return std::isfinite(value) ? value : 0; }

v1::Verdict to_proto(ver::Verdict verdict) {
  switch (verdict) {
    case ver::Verdict::kMatch:
      return v1::VERDICT_MATCH;
    case ver::Verdict::kReview:
      return v1::VERDICT_REVIEW;
    case ver::Verdict::kMismatch:
      return v1::VERDICT_MISMATCH;
  }
  return v1::VERDICT_REVIEW;
}

v1::Severity to_proto(ver::Severity severity) {
  switch (severity) {
    case ver::Severity::kInfo:
      return v1::SEVERITY_INFO;
    case ver::Severity::kWarning:
      return v1::SEVERITY_WARNING;
    case ver::Severity::kError:
      return v1::SEVERITY_ERROR;
  }
  return v1::SEVERITY_ERROR;
}

bool names_argument(std::string_view pattern, std::string_view name) {
  for (std::size_t at = 0; (at = pattern.find('{', at)) != pattern.npos; ++at) {
    if (pattern.substr(at + 1).starts_with(name)) return true;
  }
  return false;
}

// What the pattern names; rules say more of their case than each sentence tells.
void write_sentence(const base::Message& from, v1::Sentence* to) {
  *to->mutable_key() = from.key;
  const std::string_view pattern = messages::pattern_of(from.key, messages::Language::kEnglish);
  for (const base::Argument& argument : from.arguments) {
    if (!names_argument(pattern, argument.name)) continue;
    v1::SentenceArgument* wire = to->add_arguments();
    *wire->mutable_name() = argument.name;
    if (const auto* number = std::get_if<std::int64_t>(&argument.value)) {
      wire->set_number(*number);
    } else {
      put_utf8(std::get<base::PersonalText>(argument.value), wire->mutable_text());
    }
  }
}

void lower_hex_digits(char* begin, const char* end) {
  for (; begin != end; ++begin) {
    if (*begin >= 'A' && *begin <= 'F') *begin = static_cast<char>(*begin - 'A' + 'a');
  }
}

}  // namespace

tl::expected<VerifyInput, Refusal> read_verify_request(const v1::VerifyRequest& request) {
  RequestReader reader(request);
  VerifyInput input = reader.read();
  if (!reader.violations.none()) return tl::unexpected(reader.violations.refusal());
  return input;
}

void Violations::add(std::string reason, std::string field, std::string description,
                     std::optional<std::size_t> limit) {
  if (refusal_.violations.empty()) {
    refusal_.message = field + " " + description;
    if (limit) refusal_.metadata.emplace_back("limit", std::to_string(*limit));
    refusal_.reason = std::move(reason);
  }
  if (refusal_.violations.size() < kMaxViolations) {
    refusal_.violations.push_back({std::move(field), std::move(description)});
  }
}

bool is_airport(std::string_view text) { return all_of(text, 3, 3, is_upper); }
bool is_carrier(std::string_view text) { return all_of(text, 2, 3, is_upper_or_digit); }
bool is_flight_number(std::string_view text) {
  if (!text.empty() && is_upper(text.back())) text.remove_suffix(1);
  return all_of(text, 1, 4, is_digit);
}
bool is_locator(std::string_view text) { return all_of(text, 5, 7, is_upper_or_digit); }
bool is_ticket(std::string_view text) { return all_of(text, 13, 13, is_digit); }
bool is_short_code(std::string_view text) { return all_of(text, 1, 8, is_upper_or_digit); }

RequestId read_request_id(const std::string& text, Violations& violations, const char* field) {
  if (text.empty()) {
    violations.add("REQUEST_ID_MISSING", field, "is required");
    return {};
  }
  const auto id = parse_request_id(text);
  if (!id) {
    violations.add("REQUEST_ID_MALFORMED", field,
                   "must be a UUID of 36 characters that is not nil");
  }
  return id.value_or(RequestId{});
}

std::optional<RequestId> parse_request_id(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  std::array<char, 32> digits;
  auto digit = digits.begin();
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash_belongs = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash_belongs != (text[i] == '-')) return std::nullopt;
    if (!dash_belongs) *digit++ = text[i];
  }
  const auto bytes = base::from_hex({digits.data(), digits.size()});
  if (!bytes || std::all_of(bytes->begin(), bytes->end(), [](auto b) { return b == 0; })) {
    return std::nullopt;
  }
  RequestId id{};
  std::copy(bytes->begin(), bytes->end(), id.begin());
  return id;
}

std::string lower_request_id(std::string text) {
  lower_hex_digits(text.data(), text.data() + text.size());
  return text;
}

std::string canonical_request(const v1::VerifyRequest& request) {
  // Cut out of the serialisation: a message without the field would have to be a copy, which
  // costs more than all of this. Of another type it stands there as an unknown field, and goes too.
  std::string canonical = deterministic_bytes(request);
  google::protobuf::io::CodedInputStream in(reinterpret_cast<const std::uint8_t*>(canonical.data()),
                                            static_cast<int>(canonical.size()));
  std::size_t kept = 0;
  for (;;) {
    const auto begin = static_cast<std::size_t>(in.CurrentPosition());
    const std::uint32_t tag = in.ReadTag();
    if (tag == 0) break;
    PAXID_CHECK(WireFormatLite::SkipField(&in, tag));
    const auto end = static_cast<std::size_t>(in.CurrentPosition());
    const int field = WireFormatLite::GetTagFieldNumber(tag);
    if (field == v1::VerifyRequest::kClientTimeFieldNumber) continue;
    if (field == v1::VerifyRequest::kRequestIdFieldNumber) {
      // Tag and length have no letters in an id of 36 characters; of another length it is
      // refused before.
      lower_hex_digits(canonical.data() + begin, canonical.data() + end);
    }
    // What was read is not looked at again.
    if (kept != begin) std::memmove(canonical.data() + kept, canonical.data() + begin, end - begin);
    kept += end - begin;
  }
  canonical.resize(kept);
  return canonical;
}

std::string deterministic_bytes(const google::protobuf::MessageLite& message) {
  // Into its own size: a stream onto a string grows, and copies what it has, several times.
  std::string bytes(message.ByteSizeLong(), '\0');
  {
    google::protobuf::io::ArrayOutputStream stream(bytes.data(), static_cast<int>(bytes.size()));
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    message.SerializeWithCachedSizes(&coded);
    PAXID_CHECK(!coded.HadError());
  }
  return bytes;
}

void write_place(const audit::Receipt& receipt, v1::RecordReference* to) {
  if (!receipt.promise.empty()) {
    v1::PromisedRecord* promised = to->mutable_promised();
    promised->set_log_origin(receipt.origin);
    promised->set_leaf_hash(receipt.leaf_hash.data(), receipt.leaf_hash.size());
    promised->set_signed_promise(receipt.promise);
    return;
  }
  v1::PlacedRecord* placed = to->mutable_placed();
  placed->set_log_origin(receipt.origin);
  placed->set_leaf_index(static_cast<std::int64_t>(receipt.index));
  placed->set_leaf_hash(receipt.leaf_hash.data(), receipt.leaf_hash.size());
}

ReportTexts english_of(const ver::VerdictReport& report) {
  constexpr auto kEnglish = messages::Language::kEnglish;
  ReportTexts texts;
  texts.sentence = messages::render(report.sentence, kEnglish);
  texts.reasons.reserve(report.reasons.size());
  for (const ver::Reason& reason : report.reasons) {
    texts.reasons.push_back(messages::render(reason.text, kEnglish));
  }
  texts.counterfactuals.reserve(report.counterfactuals.size());
  for (const ver::Counterfactual& counterfactual : report.counterfactuals) {
    texts.counterfactuals.push_back(messages::render_counterfactual(
        ver::name_of(counterfactual.verdict), counterfactual.wishes, kEnglish));
  }
  return texts;
}

void write_report(const ver::VerdictReport& report, ReportTexts texts,
                  v1::VerifyResponse* response) {
  response->set_verdict(to_proto(report.verdict));
  response->set_confidence(finite(report.confidence));
  response->set_log_odds(finite(report.log_odds));
  put_utf8(std::move(texts.sentence), response->mutable_sentence());
  if (!report.sentence.key.empty()) {
    write_sentence(report.sentence, response->mutable_localizable_sentence());
  }
  for (std::size_t i = 0; i < report.reasons.size(); ++i) {
    const ver::Reason& from = report.reasons[i];
    v1::Reason* to = response->add_reasons();
    *to->mutable_code() = from.code;
    // Most rules are about no part.
    if (!from.booking_part.empty()) put_utf8(from.booking_part, to->mutable_booking_part());
    if (!from.document_part.empty()) put_utf8(from.document_part, to->mutable_document_part());
    to->set_bits(finite(from.bits));
    put_utf8(std::move(texts.reasons[i]), to->mutable_text());
    if (!from.text.key.empty()) write_sentence(from.text, to->mutable_localizable_text());
  }
  for (const ver::Finding& from : report.findings) {
    v1::Finding* to = response->add_findings();
    to->set_code(from.code);
    to->set_severity(to_proto(from.severity));
    to->set_claim_index(from.claim_index);
    to->set_place(from.place);
  }
  for (std::size_t i = 0; i < report.counterfactuals.size(); ++i) {
    const ver::Counterfactual& from = report.counterfactuals[i];
    v1::Counterfactual* to = response->add_counterfactuals();
    *to->mutable_code() = from.code;
    to->set_verdict(to_proto(from.verdict));
    put_utf8(std::move(texts.counterfactuals[i]), to->mutable_text());
    for (const base::Message& wish : from.wishes) write_sentence(wish, to->add_wishes());
  }
  for (const ver::AlignedPart& from : report.alignment) {
    v1::AlignedPart* to = response->add_alignment();
    put_utf8(from.booking_part, to->mutable_booking_part());
    put_utf8(from.document_part, to->mutable_document_part());
    for (int at : from.booking_differences) to->add_booking_differences(at);
    for (int at : from.document_differences) to->add_document_differences(at);
  }
}

}  // namespace paxid::server
