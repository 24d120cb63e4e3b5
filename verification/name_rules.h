#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bcbp/name_candidate.h"
#include "matcher/compare.h"
#include "verification/attributes.h"
#include "verification/rule.h"
#include "verification/rules.h"
#include "verification/sides.h"

namespace paxid::verification {

// One reading of a booked name, ready to be compared.
struct TravelName {
  bcbp::NameCandidate reading;
  matcher::PreparedName prepared;
};

std::vector<TravelName> prepare_readings(const std::vector<bcbp::NameCandidate>& readings,
                                         matcher::Source source);
std::vector<matcher::PreparedName> prepare_names(const std::vector<SourcedName>& names);

// The reading and the document name that fit best, and how they compare (a is the travel
// side, b the identity side). Requires both lists not empty.
struct NameEvidence {
  matcher::Comparison comparison;
  std::size_t reading = 0;
  std::size_t document_name = 0;
};
NameEvidence best_evidence(const std::vector<TravelName>& readings,
                           const std::vector<matcher::PreparedName>& document_names);

// What the rules on names depend on beside the comparison.
struct NameCircumstances {
  AttributeRelations attributes;
  // Of the document: decide whether a dropped second surname is usual.
  std::string issuer;
  std::string document_surname;
  // Of the booked surname. One that fills the name field of a pass leaves no room for more.
  std::size_t booked_surname_letters = 0;
};

// Whether two Latin spellings are usual ones of one sound (PHILIP, PHILLIP).
bool sound_alike(std::string_view a, std::string_view b);

// The rules on the name. Never empty: a name without any
// difference gives kSameName.
std::vector<RuleOutcome> name_rules(const matcher::Comparison& comparison,
                                    const NameCircumstances& circumstances, const Rules& rules);

}  // namespace paxid::verification
