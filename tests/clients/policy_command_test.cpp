#include "clients/cli/policy_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace paxid::cli {
namespace {

namespace ver = verification;
using nlohmann::json;
using testing::HasSubstr;

std::string with(std::string_view from, std::string_view to) {
  std::string text(ver::default_policy_toml());
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

ver::Policy policy(const std::string& text) {
  auto parsed = ver::Policy::parse(text);
  EXPECT_TRUE(parsed.has_value());
  return *parsed;
}

TEST(CheckPolicy, NamesEveryProblemWithItsLine) {
  const json fine = check_policy(ver::default_policy_toml());
  EXPECT_TRUE(fine["ok"].get<bool>());
  EXPECT_THAT(check_card("p.toml", fine), HasSubstr("p.toml: default 2026-11-22 is valid"));
  const json broken = check_policy(with("nickname = \"REVIEW\"", "nickname = \"MATCH\""));
  EXPECT_FALSE(broken["ok"].get<bool>());
  ASSERT_EQ(broken["problems"].size(), 1U);
  EXPECT_EQ(broken["problems"][0]["key"], "names.nickname");
  const int line = broken["problems"][0]["line"];
  EXPECT_THAT(check_card("p.toml", broken),
              HasSubstr("p.toml:" + std::to_string(line) + ": names.nickname must not be"));
  EXPECT_THAT(check_card("p.toml", check_policy("id = ")), HasSubstr("p.toml:1: not TOML"));
}

std::string value_in(const json& answer, const char* key, const char* what) {
  for (const json& rule : answer["rules"]) {
    if (rule["key"] == key) return rule[what];
  }
  return "no such key";
}

TEST(ExplainPolicy, SaysWhereARuleComesFrom) {
  const base::Date day = *base::parse_iso_date("2026-11-22");
  const ver::Policy default_policy = policy(std::string(ver::default_policy_toml()));
  const json usual = explain_policy(default_policy, {"", "", "", day, day});
  EXPECT_EQ(usual["rules"].size(), ver::rule_keys().size());
  EXPECT_TRUE(usual["rows"].empty());
  EXPECT_EQ(value_in(usual, "correction.metric", "value"), "damerau");
  const json latam = explain_policy(default_policy, {"LA", "SCL", "FRA", day, day});
  EXPECT_EQ(value_in(latam, "correction.metric", "value"), "positional");
  EXPECT_EQ(value_in(latam, "correction.metric", "from"), "airline LA");
  EXPECT_EQ(value_in(latam, "names.nickname", "from"), "default 2026-11-22");
  ASSERT_EQ(latam["rows"].size(), 1U);
  EXPECT_EQ(latam["rows"][0]["trust"], "P");
  EXPECT_THAT(explain_card(latam), HasSubstr("airline LA"));
}

TEST(DiffPolicies, FindsRulesAndRows) {
  const ver::Policy a = policy(std::string(ver::default_policy_toml()));
  EXPECT_THAT(diff_card(diff_policies(a, a)), HasSubstr("No rule differs."));
  // Comments and lines are no difference.
  EXPECT_TRUE(
      diff_policies(a, policy("# moved\n\n" + std::string(ver::default_policy_toml())))["rows"]
          .empty());
  const json changed =
      diff_policies(a, policy(with("nickname = \"REVIEW\"", "nickname = \"MISMATCH\"")));
  ASSERT_EQ(changed["rules"].size(), 1U);
  EXPECT_EQ(changed["rules"][0],
            json({{"key", "names.nickname"}, {"a", "REVIEW"}, {"b", "MISMATCH"}}));
  const json row =
      diff_policies(a, policy(with("carriers = [\"LA\"]", "carriers = [\"LA\", \"JJ\"]")));
  ASSERT_EQ(row["rows"].size(), 2U);
  EXPECT_EQ(row["rows"][0]["change"], "removed");
  EXPECT_EQ(row["rows"][1]["change"], "added");
  EXPECT_THAT(diff_card(row), HasSubstr("airline LA JJ: added"));
}

TEST(LoadPolicy, TellsWhichFileAndKeyIsWrong) {
  EXPECT_TRUE(load_policy("").has_value());
  const auto missing = load_policy("/nonexistent/policy.toml");
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().field, "/nonexistent/policy.toml");
}

}  // namespace
}  // namespace paxid::cli
