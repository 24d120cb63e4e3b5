#include "verification/sides.h"

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <span>
#include <tuple>

#include "base/check.h"
#include "bcbp/boarding_pass.h"
#include "bcbp/name_field.h"
#include "bcbp/ssr.h"
#include "mrz/zone.h"

namespace paxid::verification {
namespace {

// Which source counts when several state the same: what a machine read from the document
// before what a person typed.
int rank_of(Source source) {
  switch (source) {
    case Source::kTyped:
      return 1;
    case Source::kVisual:
      return 2;
    case Source::kMrz:
      return 3;
    case Source::kChip:
      return 4;
    case Source::kBoardingPass:
      return 1;
    case Source::kBooking:
      return 2;
  }
  PAXID_CHECK(false);
  return 0;
}

// Above every source of a claim.
constexpr int kServerRank = 5;

matcher::Source matcher_source(Source source) {
  switch (source) {
    case Source::kTyped:
      return matcher::Source::kTyped;
    case Source::kVisual:
      return matcher::Source::kVisual;
    case Source::kMrz:
      return matcher::Source::kMrz;
    case Source::kChip:
      return matcher::Source::kChip;
    case Source::kBoardingPass:
      return matcher::Source::kBoardingPass;
    case Source::kBooking:
      return matcher::Source::kBooking;
  }
  PAXID_CHECK(false);
  return {};
}

template <class T, class Same>
void state(Attribute<T>& attribute, T value, int rank, Same same) {
  const bool conflict = attribute.value && !same(*attribute.value, value);
  if (conflict) attribute.conflict = true;
  if (attribute.value && rank < attribute.rank) return;
  if (attribute.value && rank == attribute.rank) {
    if (value < *attribute.value) std::swap(value, *attribute.value);
    if (conflict) attribute.others.push_back(std::move(value));
    return;
  }
  attribute.value = std::move(value);
  attribute.others.clear();
  attribute.rank = rank;
}

template <class T>
void state(Attribute<T>& attribute, T value, int rank) {
  state(attribute, std::move(value), rank, [](const T& a, const T& b) { return a == b; });
}

bool can_be_one_day(const BirthDate& a, const BirthDate& b) {
  for (const auto& x : {a.date, a.other_century}) {
    for (const auto& y : {b.date, b.other_century}) {
      if (x && y && *x == *y) return true;
    }
  }
  const auto agrees = [](const BirthDate& partial, const BirthDate& whole) {
    return !partial.partial_zone_date.empty() &&
           (!whole.date || mrz::can_mean(partial.partial_zone_date, *whole.date).value_or(true));
  };
  return agrees(a, b) || agrees(b, a);
}

// DEU is printed for Germans by some issuers, D by Doc 9303-3 section 5.
std::string state_code(std::string_view code) {
  std::string upper = bare_text(code);
  return upper == "DEU" ? "D" : upper;
}

Severity severity_of(mrz::Severity severity) {
  switch (severity) {
    case mrz::Severity::kInfo:
      return Severity::kInfo;
    case mrz::Severity::kWarning:
      return Severity::kWarning;
    case mrz::Severity::kError:
      return Severity::kError;
  }
  PAXID_CHECK(false);
  return {};
}

Severity severity_of(bcbp::Severity severity) {
  switch (severity) {
    case bcbp::Severity::kNote:
      return Severity::kInfo;
    case bcbp::Severity::kWarning:
      return Severity::kWarning;
    case bcbp::Severity::kError:
      return Severity::kError;
  }
  PAXID_CHECK(false);
  return {};
}

// Sorts one claim after the other; one overload for each kind.
class ClaimSorter {
 public:
  ClaimSorter(base::Date station_date, const Passenger* booking,
              const std::vector<ReadPass>& passes)
      : station_date_(station_date), booking_(booking), passes_left_(passes) {
    if (booking != nullptr) take_booking(*booking);
  }

  void add(const Claim& claim, int index) {
    source_ = claim.source;
    index_ = index;
    checked_ = claim.capture != CaptureMethod::kTyped || claim.assurance != Assurance::kAsserted;
    std::visit([this](const auto& value) { take(value); }, claim.value);
  }

  // What the server knows of a booking beside its name.
  void take_data(const Passenger& booking) {
    source_ = Source::kBooking;
    from_server_ = true;
    if (booking.birth_date) take(BirthDateClaim{*booking.birth_date});
    if (booking.sex) take(SexClaim{*booking.sex});
    for (const bcbp::Docs& docs : booking.documents) take_docs(docs);
    sides_.travel.passenger_type = booking.passenger_type;
    sides_.travel.booked_on = booking.booked_on;
    from_server_ = false;
  }

  Sides finish() {
    // The best source first, and the same order whatever the order of the claims was.
    const auto best_first = [](const SourcedName& a, const SourcedName& b) {
      return std::tuple(-rank_of(a.source), a.text.full, a.text.surname, a.text.given) <
             std::tuple(-rank_of(b.source), b.text.full, b.text.surname, b.text.given);
    };
    std::sort(sides_.identity.names.begin(), sides_.identity.names.end(), best_first);
    std::sort(sides_.identity.usage_names.begin(), sides_.identity.usage_names.end(), best_first);
    for (auto* names : {&sides_.identity.names, &sides_.identity.usage_names}) {
      for (SourcedName& name : *names) {
        if (name.text.issuer.empty()) name.text.issuer = sides_.identity.issuer.value.value_or("");
      }
    }
    TravelSide& travel = sides_.travel;
    if (travel.passenger_type.empty()) travel.passenger_type = type_of_name();
    if (travel.passenger_type.empty()) travel.passenger_type = pass_type_;
    return std::move(sides_);
  }

 private:
  // CHD or INF where the booked name says so.
  std::string type_of_name() const {
    for (const auto* readings : {&sides_.travel.booking_readings, &sides_.travel.pass_readings}) {
      if (!readings->empty() && !readings->front().ptc.empty()) return readings->front().ptc;
    }
    return {};
  }

  bool travels() const { return is_travel_side(source_); }
  int rank() const { return from_server_ ? kServerRank : rank_of(source_); }

  // The booking on the loaded flight.
  void take_booking(const Passenger& booking) {
    sides_.travel.booking_text = booking.booked_name.reveal();
    sides_.travel.booking_readings = booking_readings(sides_.travel.booking_text);
    take_data(booking);
  }

  void take_docs(const bcbp::Docs& docs) {
    TravelSide& travel = sides_.travel;
    if (docs.birth_date) take(BirthDateClaim{*docs.birth_date});
    if (docs.gender.starts_with('M')) take(SexClaim{Sex::kMale});
    if (docs.gender.starts_with('F')) take(SexClaim{Sex::kFemale});
    // A code of two letters is ISO's, and compared with nothing.
    if (docs.nationality.size() != 2) take(NationalityClaim{docs.nationality});
    take(DocumentNumberClaim{base::PersonalText(docs.number)});
    if (docs.expiry_date) state(travel.expiry_date, *docs.expiry_date, rank());
    const std::string given =
        docs.given + (docs.second_given.empty() ? "" : " " + docs.second_given);
    for (const std::string& surname : {docs.surname, docs.surname_raw}) {
      matcher::NameText name;
      name.surname = surname;
      name.given = given;
      name.source = matcher::Source::kBooking;
      const bool known = std::any_of(
          travel.api_names.begin(), travel.api_names.end(), [&](const matcher::NameText& other) {
            return other.surname == name.surname && other.given == name.given;
          });
      if (!known && !(surname.empty() && given.empty())) travel.api_names.push_back(name);
    }
  }

  void take(const DocsClaim& claim) {
    const bcbp::SsrReading reading = bcbp::read_ssr(claim.text.reveal(), station_date_);
    if (reading.docs) {
      take_docs(*reading.docs);
    } else {
      find("DOCS_UNREADABLE", Severity::kWarning, "");
    }
  }

  void take(const PassengerTypeClaim& claim) {
    std::string& type = sides_.travel.passenger_type;
    const std::string stated = bare_text(claim.code);
    const bool server_knows = booking_ != nullptr && !booking_->passenger_type.empty();
    if (!travels() || server_knows || stated.empty()) return;
    note_conflict(!type.empty() && type != stated);
    if (type.empty() || stated < type) type = stated;
  }

  matcher::NameText name_text(const PersonName& name) const {
    matcher::NameText text;
    text.full = name.full.reveal();
    text.surname = name.surname.reveal();
    text.given = name.given.reveal();
    text.language = name.language;
    text.source = matcher_source(source_);
    return text;
  }

  void take(const NameClaim& claim) {
    if (!travels()) {
      note_machine_read();
      sides_.identity.names.push_back({name_text(claim.name), source_});
      return;
    }
    const std::string& full = claim.name.full.reveal();
    take_travel_name(full.empty() ? claim.name.surname.reveal() + "/" + claim.name.given.reveal()
                                  : full);
  }

  void take(const UsageNameClaim& claim) {
    if (!travels()) sides_.identity.usage_names.push_back({name_text(claim.name), source_});
  }

  void take(const BookingNameClaim& claim) { take_travel_name(claim.text.reveal()); }

  void note_machine_read() {
    if (checked_ && source_ != Source::kTyped) sides_.identity.machine_read = true;
  }

  // An earlier name of the same booking is no other booking.
  bool is_earlier_name(const std::string& text) const {
    return booking_ != nullptr &&
           std::any_of(booking_->earlier_names.begin(), booking_->earlier_names.end(),
                       [&text](const base::PersonalText& name) { return name.reveal() == text; });
  }

  void take_travel_name(const std::string& text) {
    TravelSide& travel = sides_.travel;
    if (booking_ != nullptr && source_ == Source::kBooking) {
      note_conflict(text != travel.booking_text && !is_earlier_name(text));
    } else if (source_ == Source::kBoardingPass) {
      take_pass_name(text, bcbp::is_full_name_field(text));
    } else if (travel.booking_readings.empty() || text < travel.booking_text) {
      note_conflict(!travel.booking_readings.empty() && text != travel.booking_text);
      travel.booking_text = text;
      travel.booking_readings = booking_readings(text);
    } else {
      note_conflict(text != travel.booking_text);
    }
  }

  void take_pass_name(const std::string& field, bool full) {
    TravelSide& travel = sides_.travel;
    note_conflict(!travel.pass_readings.empty() && field != travel.pass_name_field);
    if (!travel.pass_readings.empty() && travel.pass_name_field <= field) return;
    travel.pass_name_field = field;
    travel.pass_field_full = full;
    travel.pass_readings = bcbp::name_field_candidates(field);
  }

  // Two different names of one kind for one passenger: somebody must look.
  void note_conflict(bool conflict) {
    if (conflict) sides_.travel.names_conflict = true;
  }

  void take(const PassNameClaim& claim) {
    take_pass_name(claim.text.reveal(), bcbp::is_full_name_field(claim.text.reveal()));
  }

  void take(const PassClaim&) {
    PAXID_CHECK(!passes_left_.empty());
    const ReadPass& pass = passes_left_.front();
    passes_left_ = passes_left_.subspan(1);
    PAXID_CHECK(static_cast<int>(pass.claim) == index_);
    const bcbp::Reading& reading = pass.reading;
    for (const bcbp::Finding& finding : reading.findings) {
      find(std::string(bcbp::name_of(finding.code)), severity_of(finding.severity),
           "offset " + std::to_string(finding.offset));
    }
    // Cutting bytes off a pass must not take it out of the comparison: what can be read counts.
    if (!reading.ok) sides_.travel.pass_not_reliable = true;
    take_signature(reading.signature);
    take_flights(reading.pass);
    // IATA Resolution 792 item 15: 5 is no passenger, a seat for cabin baggage.
    const auto description = reading.pass.text(bcbp::Item::kPassengerDescription);
    sides_.travel.pass_for_baggage = description == "5";
    if (description == "3") note_pass_type("CHD");
    if (description == "4") note_pass_type("INF");
    if (description == "7") note_pass_type("UNN");
    const auto field = reading.pass.field(bcbp::Item::kPassengerName);
    if (field) take_pass_name(std::string(*field), reading.name_field_full);
  }

  // Of several passes the same one counts in any order of the claims.
  void note_pass_type(const std::string& type) {
    if (pass_type_.empty() || type < pass_type_) pass_type_ = type;
  }

  // An unsigned pass, and one whose key is not known, is as good as before: most are unsigned.
  void take_signature(bcbp::SignatureState state) {
    if (state != bcbp::SignatureState::kInvalid && state != bcbp::SignatureState::kBadEncoding) {
      return;
    }
    sides_.travel.pass_signature_wrong = true;
    find(state == bcbp::SignatureState::kInvalid ? "SIGNATURE_INVALID" : "SIGNATURE_BAD_ENCODING",
         Severity::kError, "");
  }

  void take_flights(const bcbp::Pass& pass) {
    for (const bcbp::Leg& leg : pass.legs) {
      sides_.travel.pass_flights.push_back(
          {std::string(leg.text(bcbp::Item::kOperatingCarrier)),
           std::string(leg.text(bcbp::Item::kMarketingCarrier)),
           without_leading_zeros(leg.text(bcbp::Item::kFlightNumber)), leg.flight_date,
           std::string(leg.text(bcbp::Item::kFromAirport)),
           std::string(leg.text(bcbp::Item::kToAirport)),
           without_leading_zeros(leg.text(bcbp::Item::kSeat))});
    }
  }

  void take(const ZoneClaim& claim) {
    mrz::ReadOptions options;
    options.reference_date = station_date_;
    const mrz::Reading reading = mrz::read(claim.text.reveal(), options);
    for (const mrz::Finding& finding : reading.findings) {
      find(std::string(mrz::name_of(finding.code)), severity_of(finding.severity),
           finding.line == 0 ? std::string()
                             : "line " + std::to_string(finding.line) + ", column " +
                                   std::to_string(finding.column));
    }
    if (!reading.ok) sides_.identity.zone_not_reliable = true;
    note_machine_read();
    if (reading.format != mrz::Format::kNone) take_document(reading);
  }

  void take_document(const mrz::Reading& reading) {
    IdentitySide& identity = sides_.identity;
    const mrz::Document& document = reading.document;
    if (!document.surname.empty() || !document.given_names.empty()) {
      matcher::NameText name;
      name.surname = std::string(document.surname.view());
      name.given = std::string(document.given_names.view());
      name.issuer = std::string(document.issuer.view());
      name.source = matcher::Source::kMrz;
      name.maybe_truncated = reading.maybe_truncated;
      identity.names.push_back({std::move(name), source_});
    }
    if (!document.issuer.empty())
      state(identity.issuer, state_code(document.issuer.view()), rank());
    if (!document.nationality.empty()) {
      state(identity.nationality, state_code(document.nationality.view()), rank());
    }
    if (!document.document_number.empty() &&
        reading.checks.document_number != mrz::Check::kContradicted) {
      state(identity.document_number, bare_text(document.document_number.view()), rank());
    }
    if (document.sex.view() == "M") state(identity.sex, Sex::kMale, rank());
    if (document.sex.view() == "F") state(identity.sex, Sex::kFemale, rank());
    take_zone_dates(reading);
  }

  void take_zone_dates(const mrz::Reading& reading) {
    IdentitySide& identity = sides_.identity;
    if (reading.birth.state == mrz::DateState::kComplete) {
      state(identity.birth_date, BirthDate{reading.birth.date, reading.birth.other, {}}, rank(),
            can_be_one_day);
    } else if (reading.birth.state == mrz::DateState::kPartial) {
      state(identity.birth_date,
            BirthDate{std::nullopt, std::nullopt, std::string(reading.document.birth_date.view())},
            rank(), can_be_one_day);
    }
    if (reading.expiry.state == mrz::DateState::kComplete) {
      state(identity.expiry_date, *reading.expiry.date, rank());
    }
  }

  void take(const BirthDateClaim& claim) {
    auto& birth_date = travels() ? sides_.travel.birth_date : sides_.identity.birth_date;
    state(birth_date, BirthDate{claim.date, std::nullopt, {}}, rank(), can_be_one_day);
  }

  void take(const SexClaim& claim) {
    if (claim.sex == Sex::kNotStated) return;  // compared with nothing
    state(travels() ? sides_.travel.sex : sides_.identity.sex, claim.sex, rank());
  }

  void take(const NationalityClaim& claim) {
    if (state_code(claim.code).empty()) return;  // nothing is stated
    state(travels() ? sides_.travel.nationality : sides_.identity.nationality,
          state_code(claim.code), rank());
  }

  void take(const DocumentNumberClaim& claim) {
    if (bare_text(claim.number.reveal()).empty()) return;  // nothing is stated
    state(travels() ? sides_.travel.document_number : sides_.identity.document_number,
          bare_text(claim.number.reveal()), rank());
  }

  void take(const IssuerClaim& claim) {
    if (!travels()) state(sides_.identity.issuer, state_code(claim.code), rank());
  }

  // Kept in the record; no rule depends on it yet.
  void take(const DocumentTypeClaim&) {}

  void take(const ExpiryDateClaim& claim) {
    if (!travels()) state(sides_.identity.expiry_date, claim.date, rank());
  }

  void find(std::string code, Severity severity, std::string place) {
    sides_.findings.push_back({std::move(code), severity, index_, std::move(place)});
  }

  base::Date station_date_;
  const Passenger* booking_;
  std::span<const ReadPass> passes_left_;
  std::string pass_type_;
  bool from_server_ = false;
  bool checked_ = false;  // the claim in hand was not just typed
  Source source_ = Source::kBooking;
  int index_ = 0;
  Sides sides_;
};

}  // namespace

std::string bare_text(std::string_view text) {
  std::string bare;
  for (char c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) bare.push_back(c);
  }
  return bare;
}

std::string latin_letters(std::string_view name) {
  std::string letters;
  const auto add = [&letters](char16_t c) {
    if (c >= u'a' && c <= u'z') c = static_cast<char16_t>(c - u'a' + u'A');
    if (c >= u'A' && c <= u'Z') letters += static_cast<char>(c);
  };
  // Nothing of ASCII is decomposed.
  if (std::all_of(name.begin(), name.end(), [](unsigned char c) { return c < 0x80; })) {
    for (const char c : name) add(static_cast<unsigned char>(c));
    return letters;
  }
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* decomposed = icu::Normalizer2::getNFDInstance(error);
  const auto text = icu::UnicodeString::fromUTF8(
      icu::StringPiece(name.data(), static_cast<std::int32_t>(name.size())));
  const icu::UnicodeString parts = U_FAILURE(error) ? text : decomposed->normalize(text, error);
  for (std::int32_t i = 0; i < parts.length(); ++i) add(parts[i]);
  return letters;
}

std::string without_leading_zeros(std::string_view text) {
  std::string bare = bare_text(text);
  return bare.substr(std::min(bare.find_first_not_of('0'), bare.size()));
}

// A name in another script is no entry of a reservation system
// and has no titles or placeholders to be found: it is compared as it stands.
std::vector<bcbp::NameCandidate> booking_readings(const std::string& text) {
  auto readings = bcbp::booking_name_candidates(text);
  const bool ascii =
      std::all_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x80; });
  if (ascii || readings.front().kind != bcbp::NameKind::kPlaceholder) return readings;
  const std::size_t slash = text.find('/');
  bcbp::NameCandidate reading;
  reading.surname = text.substr(0, slash);
  if (slash != std::string::npos) reading.given = text.substr(slash + 1);
  return {reading};
}

std::vector<ReadPass> read_passes(const std::vector<Claim>& claims, base::Date station_date,
                                  const bcbp::KeyTable* pass_keys) {
  bcbp::ReadOptions options;
  options.reference_date = station_date;
  options.keys = pass_keys;
  std::vector<ReadPass> passes;
  passes.reserve(
      static_cast<std::size_t>(std::count_if(claims.begin(), claims.end(), [](const Claim& claim) {
        return std::holds_alternative<PassClaim>(claim.value);
      })));
  for (std::size_t i = 0; i < claims.size(); ++i) {
    if (const auto* pass = std::get_if<PassClaim>(&claims[i].value))
      passes.emplace_back(i, pass->text.reveal(), options);
  }
  return passes;
}

TravelSide data_beside_name(const Passenger& booking) {
  const std::vector<ReadPass> no_passes;
  ClaimSorter sorter({}, nullptr, no_passes);
  sorter.take_data(booking);
  return sorter.finish().travel;
}

Sides sort_claims(const std::vector<Claim>& claims, base::Date station_date,
                  const Passenger* booking, const bcbp::KeyTable* pass_keys) {
  return sort_claims(claims, read_passes(claims, station_date, pass_keys), station_date, booking);
}

Sides sort_claims(const std::vector<Claim>& claims, const std::vector<ReadPass>& passes,
                  base::Date station_date, const Passenger* booking) {
  ClaimSorter sorter(station_date, booking, passes);
  for (std::size_t i = 0; i < claims.size(); ++i) sorter.add(claims[i], static_cast<int>(i));
  return sorter.finish();
}

}  // namespace paxid::verification
