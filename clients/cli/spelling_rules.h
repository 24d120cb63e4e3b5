#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "matcher/compare.h"

namespace paxid::cli {

// What joins the two texts of a reason, step by step.
struct SpellingRule {
  std::string a;     // letters of the one text, maybe none
  std::string b;     // of the other
  std::string rule;  // whose habit it is ("Russian passports by era"), or "letter"
};

// Whose habit a scope of matcher/data/variants.tsv is, in words; "" when unknown.
std::string_view title_of_habit(std::string_view scope);

// Of a SPELLING_VARIANT; empty for any other reason. `language` is that of the names, "" unknown.
std::vector<SpellingRule> rules_between(const matcher::Reason& reason, std::string_view language);

// The origin of two Latin spellings and the ids of the standards behind each side of a
// TRANSLITERATION. Between two scripts `a` holds those of the Latin side.
struct ReasonStandards {
  std::string origin;
  std::vector<std::string_view> a;
  std::vector<std::string_view> b;
};
ReasonStandards standards_of(const matcher::Reason& reason, std::string_view language);

// Both as keys of a reason: "rules", "origin", "standards", "standards_a", "standards_b".
void add_rules(const matcher::Reason& reason, std::string_view language, nlohmann::json& out);

// One line that says the same, without line break, or "".
std::string rule_line(const matcher::Reason& reason, std::string_view language);

}  // namespace paxid::cli
