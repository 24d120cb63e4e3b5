// The case files of the verdict, asked through the line protocol as a user would ask.

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/date.h"
#include "clients/cli/compare_command.h"
#include "clients/cli/verify_command.h"

namespace paxid::cli {
namespace {

using nlohmann::json;

constexpr const char* kToday = "2026-11-22";

std::vector<json> read_cases(const std::string& name) {
  std::ifstream file(std::string(PAXID_TEST_DATA) + "/" + name);
  EXPECT_TRUE(file) << name;
  std::vector<json> cases;
  for (std::string line; std::getline(file, line);) cases.push_back(json::parse(line));
  return cases;
}

std::string verdict_of(const json& request) {
  const json reply = answer_verify_local(request, *base::parse_iso_date(kToday));
  EXPECT_EQ(reply.value("ok", true), true) << reply.dump();
  return reply.value("verdict", "");
}

bool holds(const json& list, const std::string& verdict) {
  return std::find(list.begin(), list.end(), verdict) != list.end();
}

TEST(GateScenarios, NobodyIsHarmedAndEveryVerdictIsDefensible) {
  const auto cases = read_cases("verification/gate_scenarios.jsonl");
  ASSERT_EQ(cases.size(), 226u);
  int reviews = 0;
  for (const json& one : cases) {
    json request = one;
    for (const char* answer : {"expected", "also_ok", "must_not", "tags", "region", "why"})
      request.erase(answer);
    const std::string verdict = verdict_of(request);
    EXPECT_FALSE(holds(one["must_not"], verdict)) << one["id"] << " harm: " << verdict;
    EXPECT_TRUE(verdict == one["expected"] || holds(one["also_ok"], verdict))
        << one["id"] << " " << verdict;
    reviews += verdict == "REVIEW";
  }
  // Sending everybody to a person would pass the above: the share of reviews is bounded too.
  EXPECT_LE(reviews, 226 * 40 / 100);
}

TEST(AirlineNameRules, ADocumentedRuleMatchesWithEqualBirthDates) {
  const auto cases = read_cases("verification/airline_name_rules.jsonl");
  ASSERT_EQ(cases.size(), 27u);
  for (const json& one : cases) {
    const json& match = one["expected"]["match"];
    const json birth = match.is_null() ? json() : json("1980-05-17");
    const std::string verdict = verdict_of(
        {{"booking", one["booking"]},
         {"doc_surname", one["document"]["surname"]},
         {"doc_given", one["document"]["given"]},
         {"context", {{"doc_birth_date", "1980-05-17"}, {"booking_birth_date", birth}}}});
    const std::string id = one["id"];
    if (match.is_null()) {
      EXPECT_EQ(verdict, "REVIEW") << id;
    } else {
      EXPECT_EQ(verdict == "MATCH", match.get<bool>()) << id << " " << verdict;
    }
  }
}

// P(a random true pair scores above a random false one), ties counted half.
double area_under_curve(std::vector<std::pair<double, bool>> scored) {
  std::sort(scored.begin(), scored.end());
  double rank_sum = 0, positives = 0;
  for (std::size_t i = 0; i < scored.size();) {
    std::size_t j = i;
    while (j < scored.size() && scored[j].first == scored[i].first) ++j;
    for (std::size_t k = i; k < j; ++k) {
      if (scored[k].second) {
        rank_sum += static_cast<double>(i + j + 1) / 2;
        ++positives;
      }
    }
    i = j;
  }
  const double negatives = static_cast<double>(scored.size()) - positives;
  return (rank_sum - positives * (positives + 1) / 2) / (positives * negatives);
}

TEST(NamePairs, RanksAndAddsUpOnEverySource) {
  // A little below what was measured; a change that loses ranking shows here.
  const std::map<std::string, double> least{
      {"airline_built", 0.985}, {"febrl", 0.845}, {"nicknames_composed", 0.91}, {"wikidata", 0.93}};
  std::map<std::string, std::vector<std::pair<double, bool>>> scored;
  int number = 0;
  for (const json& pair : read_cases("matcher/name_pairs.jsonl")) {
    if (++number % 4 != 0) continue;  // every fourth: enough to see a loss, quick under sanitizers
    const json request{{"a", {{"full", pair["a"]}}}, {"b", {{"full", pair["b"]}}}, {"prior", 0.5}};
    const json mirrored{{"a", request["b"]}, {"b", request["a"]}, {"prior", 0.5}};
    const json reply = answer_compare(request);
    double sum = 0;
    for (const json& reason : reply["reasons"]) sum += reason["bits"].get<double>();
    ASSERT_NEAR(sum, reply["log_odds"].get<double>(), 1e-6) << pair["id"];
    ASSERT_EQ(reply["confidence"], answer_compare(mirrored)["confidence"]) << pair["id"];
    const std::string source = pair["source"];
    const std::string family = source.substr(
        0, source.starts_with("febrl") || source.starts_with("wikidata") ? source.find('_')
                                                                         : std::string::npos);
    scored[family].emplace_back(reply["confidence"].get<double>(), pair["same"].get<bool>());
  }
  ASSERT_EQ(scored.size(), least.size());
  for (const auto& [family, pairs] : scored)
    EXPECT_GE(area_under_curve(pairs), least.at(family)) << family;
}

}  // namespace
}  // namespace paxid::cli
