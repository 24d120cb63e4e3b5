#pragma once

#include <vector>

#include "base/date.h"
#include "matcher/compare.h"
#include "verification/policy.h"
#include "verification/rule.h"
#include "verification/sides.h"

namespace paxid::verification {

// How an attribute of the travel side relates to that of the identity side.
enum class AttributeRelation {
  kUnknown,  // one side does not state it
  kEqual,
  kSlip,  // birth dates only: one digit, or day and month exchanged
  kDiffers,
};

struct AttributeRelations {
  AttributeRelation birth_date = AttributeRelation::kUnknown;
  AttributeRelation sex = AttributeRelation::kUnknown;
  AttributeRelation document_number = AttributeRelation::kUnknown;
  AttributeRelation nationality = AttributeRelation::kUnknown;
  AttributeRelation expiry_date = AttributeRelation::kUnknown;

  // Something beside the name says that it is the same person. Equal birth dates alone do
  // not prove it (twins), but without them small differences of the name weigh more.
  bool corroborated() const {
    return birth_date == AttributeRelation::kEqual ||
           (birth_date == AttributeRelation::kUnknown &&
            document_number == AttributeRelation::kEqual);
  }
};

// One digit differs, or day and month are exchanged. False for equal dates.
bool is_birth_date_slip(base::Date a, base::Date b);

AttributeRelations relate_attributes(const TravelSide& travel, const IdentitySide& identity);

// The evidence of the other data in bits, the sum of what attribute_rules() gives.
double attribute_bits(const AttributeRelations& relations);

// What the rules on data beside the name depend on.
struct AttributeCircumstances {
  const Sides& sides;
  const AttributeRelations& relations;
  const Policy& policy;
  const Rules& rules;
  const Occasion& occasion;
};

// The rules on data beside the name, with their evidence in bits.
std::vector<RuleOutcome> attribute_rules(const AttributeCircumstances& circumstances);

// Full years between a birth and a day; negative when the day is before the birth.
int age_on(base::Date birth, base::Date day);

// Whether the data that the booking holds of the document are not the document's: names in
// `api_names` that none is the document's, or an attribute that differs.
bool needs_api_correction(const Sides& sides, const AttributeRelations& relations,
                          const std::vector<matcher::PreparedName>& document_names);

}  // namespace paxid::verification
