#include "verification/attributes.h"

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
AttributeRelation relate_equal(const Attribute<T>& booked, const Attribute<T>& document) {
  if (!booked.value || !document.value) return AttributeRelation::kUnknown;
  return *booked.value == *document.value ? AttributeRelation::kEqual : AttributeRelation::kDiffers;
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
         identity.expiry_date.conflict;
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

AttributeRelations relate_attributes(const Sides& sides) {
  const TravelSide& travel = sides.travel;
  const IdentitySide& identity = sides.identity;
  AttributeRelations relations;
  if (travel.birth_date.value && identity.birth_date.value) {
    relations.birth_date = relate_birth_dates(*travel.birth_date.value, *identity.birth_date.value);
  }
  relations.sex = relate_equal(travel.sex, identity.sex);
  relations.document_number = relate_equal(travel.document_number, identity.document_number);
  relations.nationality = relate_equal(travel.nationality, identity.nationality);
  return relations;
}

std::vector<RuleOutcome> attribute_rules(const Sides& sides, const AttributeRelations& relations,
                                         const Policy& policy, base::Date station_date) {
  std::vector<RuleOutcome> outcomes;
  add_birth_date(outcomes, relations);
  add_equal_or_not(outcomes, relations.sex, RuleCode::kSexEqual, RuleCode::kSexDiffers,
                   Verdict::kReview, kSexBits);
  // A renewed passport or a second nationality is no reason to stop anybody.
  add_equal_or_not(outcomes, relations.document_number, RuleCode::kDocumentNumberEqual,
                   RuleCode::kDocumentNumberDiffers, Verdict::kMatch, kDocumentNumberBits);
  add_equal_or_not(outcomes, relations.nationality, RuleCode::kNationalityEqual,
                   RuleCode::kNationalityDiffers, Verdict::kMatch, kNationalityBits);
  const IdentitySide& identity = sides.identity;
  if (identity.expiry_date.value && *identity.expiry_date.value < station_date) {
    outcomes.push_back({RuleCode::kDocumentExpired, policy.expired_document, 0, {}, {}});
  }
  if (identity.issuer.value == "UTO") {
    outcomes.push_back({RuleCode::kSpecimenDocument, policy.specimen_document, 0, {}, {}});
  }
  if (identity.zone_not_reliable)
    outcomes.push_back({RuleCode::kZoneNotReliable, Verdict::kReview, 0, {}, {}});
  if (has_conflict(sides))
    outcomes.push_back({RuleCode::kClaimsContradict, Verdict::kReview, 0, {}, {}});
  return outcomes;
}

}  // namespace paxid::verification
