#include <array>
#include <cstddef>

#include "matcher/compare.h"

namespace paxid::matcher {
namespace {

constexpr std::array<std::string_view, 25> kReasonNames = {
    "EQUAL",
    "DOC9303_SPELLING",
    "SPACING",
    "TRANSLITERATION",
    "SPELLING_VARIANT",
    "GENDERED_ENDING",
    "NICKNAME",
    "INITIAL",
    "TRUNCATED",
    "PREFIX",
    "SLIP",
    "OTHER_NAME",
    "CONTRADICTION",
    "MISSING",
    "PARTICLE",
    "TITLE",
    "SUFFIX",
    "SUFFIX_CONFLICT",
    "PLACEHOLDER",
    "FIELDS_SWAPPED",
    "ORDER",
    "NOTHING_SHARED",
    "UNSUPPORTED_SCRIPT",
    "NO_NAME",
    "TOO_LONG",
};
static_assert(kReasonNames.size() == static_cast<std::size_t>(ReasonCode::kTooLong) + 1);

constexpr std::array<std::string_view, 13> kRelationNames = {
    "ABSENT",
    "EQUAL",
    "EQUAL_AFTER_NORMALISATION",
    "SPELLING_VARIANT",
    "TRUNCATED",
    "INITIAL",
    "MISSING",
    "GENDERED_ENDING",
    "NICKNAME",
    "PREFIX",
    "SLIP",
    "OTHER_NAME",
    "CONTRADICTING",
};
static_assert(kRelationNames.size() == static_cast<std::size_t>(Relation::kContradicting) + 1);

constexpr std::array<std::string_view, 6> kSourceNames = {"typed", "booking", "boarding_pass",
                                                          "mrz",   "visual",  "chip"};
constexpr std::array<std::string_view, 4> kRoleNames = {"UNKNOWN", "SURNAME", "FIRST_GIVEN",
                                                        "FURTHER_GIVEN"};
constexpr std::array<std::string_view, 3> kFamilyNames = {"latin", "cross_script",
                                                          "same_native_script"};

}  // namespace

std::string_view name_of(ReasonCode code) { return kReasonNames[static_cast<std::size_t>(code)]; }
std::string_view name_of(Relation relation) {
  return kRelationNames[static_cast<std::size_t>(relation)];
}
std::string_view name_of(Role role) { return kRoleNames[static_cast<std::size_t>(role)]; }
std::string_view name_of(Family family) { return kFamilyNames[static_cast<std::size_t>(family)]; }
std::string_view name_of(Source source) { return kSourceNames[static_cast<std::size_t>(source)]; }

std::optional<Source> source_from(std::string_view name) {
  for (std::size_t i = 0; i < kSourceNames.size(); ++i) {
    if (kSourceNames[i] == name) return static_cast<Source>(i);
  }
  return std::nullopt;
}

}  // namespace paxid::matcher
