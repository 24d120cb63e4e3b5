#include "verification/attributes.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "mrz/state_code.h"
#include "mrz/zone.h"

namespace paxid::verification {
namespace {

// Evidence of one attribute: log2 of P(relation | one person) / P(relation | another
// person). Deliberately below what independence would give (a birth date alone would be worth
// 14 bits): who books types the data of the document he holds, and relatives travel together,
// so that agreement is less than it seems. Contradictions are rare for one person.
struct AttributeBits {
  double equal;
  double slip;
  double differs;
};
constexpr AttributeBits kBirthDateBits{6.0, -2.0, -12.0};
constexpr AttributeBits kSexBits{0.5, 0.0, -4.0};
constexpr AttributeBits kDocumentNumberBits{8.0, 0.0, -1.0};
constexpr AttributeBits kNationalityBits{1.0, 0.0, -1.5};

bool states_day(const BirthDate& birth, base::Date day) {
  if (!birth.partial_zone_date.empty())
    return mrz::can_mean(birth.partial_zone_date, day).value_or(false);
  return birth.date == day || birth.other_century == day;
}

AttributeRelation relate_birth_dates(const BirthDate& booked, const BirthDate& document) {
  if (!booked.date) return AttributeRelation::kUnknown;
  if (states_day(document, *booked.date)) return AttributeRelation::kEqual;
  for (const auto& day : {document.date, document.other_century}) {
    if (day && is_birth_date_slip(*booked.date, *day)) return AttributeRelation::kSlip;
  }
  return AttributeRelation::kDiffers;
}

template <class T>
AttributeRelation relate_equal(const T& booked, const T& document) {
  return booked == document ? AttributeRelation::kEqual : AttributeRelation::kDiffers;
}

// The worst relation between what equally good sources state on either side: somebody who adds a
// second value must not be able to choose the better one.
template <class T, class Relate>
AttributeRelation relate_worst(const Attribute<T>& booked, const Attribute<T>& document,
                               Relate relate) {
  if (!booked.value || !document.value) return AttributeRelation::kUnknown;
  AttributeRelation worst = relate(*booked.value, *document.value);
  for (const T& other : booked.others) worst = std::max(worst, relate(other, *document.value));
  for (const T& other : document.others) worst = std::max(worst, relate(*booked.value, other));
  return worst;
}

void add_birth_date(std::vector<RuleOutcome>& outcomes, const AttributeRelations& relations) {
  switch (relations.birth_date) {
    case AttributeRelation::kUnknown:
      return;
    case AttributeRelation::kEqual:
      outcomes.push_back(
          {RuleCode::kBirthDateEqual, Verdict::kMatch, kBirthDateBits.equal, {}, {}});
      return;
    case AttributeRelation::kSlip:
      // A renewed passport and a wrong date together are no slip any more.
      outcomes.push_back({RuleCode::kBirthDateSlip,
                          relations.document_number == AttributeRelation::kDiffers
                              ? Verdict::kMismatch
                              : Verdict::kReview,
                          kBirthDateBits.slip,
                          {},
                          {}});
      return;
    case AttributeRelation::kDiffers:
      outcomes.push_back(
          {RuleCode::kBirthDateDiffers, Verdict::kMismatch, kBirthDateBits.differs, {}, {}});
      return;
  }
}

void add_equal_or_not(std::vector<RuleOutcome>& outcomes, AttributeRelation relation,
                      RuleCode equal, RuleCode differs, Verdict when_different,
                      const AttributeBits& bits) {
  if (relation == AttributeRelation::kEqual)
    outcomes.push_back({equal, Verdict::kMatch, bits.equal, {}, {}});
  if (relation == AttributeRelation::kDiffers)
    outcomes.push_back({differs, when_different, bits.differs, {}, {}});
}

bool has_conflict(const Sides& sides) {
  const TravelSide& travel = sides.travel;
  const IdentitySide& identity = sides.identity;
  return travel.names_conflict || travel.birth_date.conflict || travel.sex.conflict ||
         travel.nationality.conflict || travel.document_number.conflict ||
         identity.birth_date.conflict || identity.sex.conflict || identity.nationality.conflict ||
         identity.document_number.conflict || identity.issuer.conflict ||
         identity.expiry_date.conflict || travel.expiry_date.conflict;
}

using Outcomes = std::vector<RuleOutcome>;

// The later of today and the day of the flight: the document must still be valid then.
base::Date last_day_needed(const Occasion& occasion) {
  return std::max(occasion.today, occasion.day());
}

base::Date months_later(base::Date day, int months) {
  base::Date later = day + std::chrono::months(months);
  // 31 August and three months is the last day of November.
  if (!later.ok()) later = later.year() / later.month() / std::chrono::last;
  return later;
}

void add_expiry(Outcomes& outcomes, const AttributeCircumstances& c) {
  const auto& expiry = c.sides.identity.expiry_date.value;
  if (!expiry || c.rules.document_mode == DocumentMode::kNone) return;
  const base::Date needed = last_day_needed(c.occasion);
  if (*expiry < needed) {
    const bool name_only = c.rules.document_mode == DocumentMode::kNameOnly;
    outcomes.push_back({RuleCode::kDocumentExpired,
                        name_only ? c.rules.expired_name_only : c.rules.expired,
                        0,
                        {},
                        {},
                        {{"date", base::PersonalText(base::to_iso(*expiry))}}});
    return;
  }
  for (const ValidityRule* rule :
       c.policy.validity_for(c.occasion, c.sides.identity.nationality.value.value_or(""))) {
    const base::Date until = months_later(needed, rule->months_after_arrival);
    if (*expiry >= until) continue;
    outcomes.push_back({RuleCode::kShortValidity,
                        c.rules.short_validity,
                        0,
                        {},
                        {},
                        {{"place", base::PersonalText(rule->name)},
                         {"months", std::int64_t{rule->months_after_arrival}},
                         {"date", base::PersonalText(base::to_iso(until))}}});
  }
}

void add_codes(Outcomes& outcomes, const AttributeCircumstances& c) {
  const IdentitySide& identity = c.sides.identity;
  bool specimen = false;
  const std::string* unknown = nullptr;
  for (const auto* code : {&identity.issuer.value, &identity.nationality.value}) {
    if (!*code) continue;
    const mrz::StateCode kind = mrz::state_code(**code);
    specimen = specimen || kind == mrz::StateCode::kSpecimen;
    if (kind == mrz::StateCode::kUnknown && unknown == nullptr) unknown = &**code;
  }
  if (specimen) outcomes.push_back({RuleCode::kSpecimenDocument, c.rules.specimen});
  if (unknown != nullptr) {
    outcomes.push_back({RuleCode::kUnknownState,
                        c.rules.unknown_state,
                        0,
                        {},
                        {},
                        {{"code", base::PersonalText(*unknown)}}});
  }
}

// What ages a passenger type allows: from `from`, below `below`.
struct AgeRange {
  int from;
  int below;
};

constexpr int kAnyAge = 200;

std::optional<AgeRange> ages_of(std::string_view type, const Rules& rules) {
  if (type == "INF" || type == "INS") return AgeRange{0, rules.infant_below};
  if (type == "CHD" || type == "CNN") return AgeRange{0, rules.child_below};
  if (type == "UNN" || type == "UM" || type == "UMNR")
    return AgeRange{rules.infant_below, rules.unaccompanied_below};
  if (type == "ADT") return AgeRange{rules.infant_below, kAnyAge};
  return std::nullopt;
}

void add_passenger_type(Outcomes& outcomes, const AttributeCircumstances& c) {
  const std::string& type = c.sides.travel.passenger_type;
  const auto range = ages_of(type, c.rules);
  const auto& birth = c.sides.identity.birth_date.value ? c.sides.identity.birth_date.value
                                                        : c.sides.travel.birth_date.value;
  // Without a flight no day is known on which an age could be too high.
  if (!range || !birth || !birth->date || !c.occasion.departure_date) return;
  const base::Date day = *c.occasion.departure_date;
  // A zone prints two digits of the year: either century may fit.
  for (const auto& date : {birth->date, birth->other_century}) {
    if (!date) continue;
    const int age = age_on(*date, day);
    if (age >= range->from && age < range->below) return;
  }
  outcomes.push_back(
      {RuleCode::kAgeNotOfType,
       c.rules.age_not_of_type,
       0,
       {},
       {},
       {{"age", std::int64_t{age_on(*birth->date, day)}}, {"type", base::PersonalText(type)}}});
}

// The document was typed in, where the route asks for one that is read.
void add_capture(Outcomes& outcomes, const AttributeCircumstances& c) {
  const IdentitySide& identity = c.sides.identity;
  // Without a route nothing asks for a document.
  const bool route_known = !c.occasion.from.empty() && !c.occasion.to.empty();
  if (!route_known || c.rules.document_mode != DocumentMode::kDocument) return;
  if (identity.names.empty() || identity.machine_read) return;
  outcomes.push_back({RuleCode::kTypedOnly, c.rules.typed_only});
}

// Advance data hold the document's own letters: another Latin spelling is to be corrected.
bool is_document_name(const matcher::Comparison& comparison) {
  const bool latin = comparison.family == matcher::Family::kLatin;
  const auto fits = [latin](matcher::Relation relation) {
    return (relation <= matcher::Relation::kTruncated &&
            !(latin && relation == matcher::Relation::kSpellingVariant)) ||
           relation == matcher::Relation::kMissing;
  };
  return !comparison.opinion || (comparison.fields_known ? fits(comparison.surname.relation) &&
                                                               fits(comparison.first_given.relation)
                                                         : fits(comparison.whole.relation));
}

}  // namespace

bool is_birth_date_slip(base::Date a, base::Date b) {
  if (a == b) return false;
  const auto day_of = [](base::Date date) { return static_cast<unsigned>(date.day()); };
  const auto month_of = [](base::Date date) { return static_cast<unsigned>(date.month()); };
  if (a.year() == b.year() && day_of(a) == month_of(b) && month_of(a) == day_of(b)) return true;
  const std::string x = base::to_iso(a);
  const std::string y = base::to_iso(b);
  int different = 0;
  for (std::size_t i = 0; i < x.size(); ++i) different += x[i] != y[i];
  return different == 1;
}

double attribute_bits(const AttributeRelations& relations) {
  const auto of = [](AttributeRelation relation, const AttributeBits& bits) {
    return relation == AttributeRelation::kEqual     ? bits.equal
           : relation == AttributeRelation::kSlip    ? bits.slip
           : relation == AttributeRelation::kDiffers ? bits.differs
                                                     : 0.0;
  };
  return of(relations.birth_date, kBirthDateBits) + of(relations.sex, kSexBits) +
         of(relations.document_number, kDocumentNumberBits) +
         of(relations.nationality, kNationalityBits);
}

AttributeRelations relate_attributes(const TravelSide& travel, const IdentitySide& identity) {
  AttributeRelations relations;
  relations.birth_date = relate_worst(travel.birth_date, identity.birth_date, relate_birth_dates);
  relations.sex = relate_worst(travel.sex, identity.sex, relate_equal<Sex>);
  relations.document_number =
      relate_worst(travel.document_number, identity.document_number, relate_equal<std::string>);
  relations.nationality =
      relate_worst(travel.nationality, identity.nationality, relate_equal<std::string>);
  relations.expiry_date =
      relate_worst(travel.expiry_date, identity.expiry_date, relate_equal<base::Date>);
  return relations;
}

int age_on(base::Date birth, base::Date day) {
  const int years = static_cast<int>(day.year()) - static_cast<int>(birth.year());
  // Who is born on 29 February is a year older on 1 March of a common year.
  const bool before_birthday =
      day.month() < birth.month() || (day.month() == birth.month() && day.day() < birth.day());
  return years - (before_birthday ? 1 : 0);
}

bool needs_api_correction(const Sides& sides, const AttributeRelations& relations,
                          const std::vector<matcher::PreparedName>& document_names) {
  for (AttributeRelation relation : {relations.birth_date, relations.sex, relations.document_number,
                                     relations.nationality, relations.expiry_date}) {
    if (relation == AttributeRelation::kDiffers || relation == AttributeRelation::kSlip)
      return true;
  }
  if (sides.travel.api_names.empty() || document_names.empty()) return false;
  return std::none_of(sides.travel.api_names.begin(), sides.travel.api_names.end(),
                      [&](const matcher::NameText& name) {
                        const matcher::PreparedName prepared = matcher::prepare(name);
                        return std::any_of(
                            document_names.begin(), document_names.end(),
                            [&](const matcher::PreparedName& document) {
                              return is_document_name(matcher::compare(prepared, document));
                            });
                      });
}

std::vector<RuleOutcome> attribute_rules(const AttributeCircumstances& c) {
  std::vector<RuleOutcome> outcomes;
  add_birth_date(outcomes, c.relations);
  add_equal_or_not(outcomes, c.relations.sex, RuleCode::kSexEqual, RuleCode::kSexDiffers,
                   Verdict::kReview, kSexBits);
  // A renewed passport or a second nationality is no reason to stop anybody.
  add_equal_or_not(outcomes, c.relations.document_number, RuleCode::kDocumentNumberEqual,
                   RuleCode::kDocumentNumberDiffers, Verdict::kMatch, kDocumentNumberBits);
  add_equal_or_not(outcomes, c.relations.nationality, RuleCode::kNationalityEqual,
                   RuleCode::kNationalityDiffers, Verdict::kMatch, kNationalityBits);
  add_expiry(outcomes, c);
  add_codes(outcomes, c);
  add_passenger_type(outcomes, c);
  add_capture(outcomes, c);
  if (c.sides.identity.zone_not_reliable)
    outcomes.push_back({RuleCode::kZoneNotReliable, Verdict::kReview});
  if (has_conflict(c.sides)) outcomes.push_back({RuleCode::kClaimsContradict, Verdict::kReview});
  return outcomes;
}

}  // namespace paxid::verification
