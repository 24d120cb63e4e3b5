#include "verification/policy.h"

#include <gtest/gtest.h>

#include <string>

#include "base/hex.h"

namespace paxid::verification {
namespace {

std::string with(std::string_view from, std::string_view to) {
  std::string text(default_policy_toml());
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

// The key that a policy text is refused for.
std::string refused_for(const std::string& text) {
  const auto policy = Policy::parse(text);
  if (policy) return "accepted";
  EXPECT_EQ(policy.error().code, base::ErrorCode::kInvalidArgument);
  EXPECT_FALSE(policy.error().message.empty());
  return policy.error().field;
}

TEST(Policy, DefaultIsValidAndNamesItself) {
  const auto policy = Policy::parse(default_policy_toml());
  ASSERT_TRUE(policy.has_value()) << policy.error().field << ": " << policy.error().message;
  EXPECT_EQ(policy->id, "default");
  EXPECT_EQ(policy->reference(), "default " + base::to_iso(policy->effective_from));
  EXPECT_GT(policy->prior, 0.5);
  EXPECT_FALSE(policy->source.empty());
}

TEST(Policy, DigestIsOfTheText) {
  const auto one = Policy::parse(default_policy_toml());
  const auto other = Policy::parse(std::string(default_policy_toml()) + "\n");
  ASSERT_TRUE(one && other);
  EXPECT_NE(one->sha256, other->sha256);
}

TEST(Policy, NothingIsLooserThanTheSafetyFloor) {
  for (const char* key :
       {"letter_change", "nickname", "initial_for_first", "surname_part_missing"}) {
    const std::string looser =
        with(std::string(key) + " = \"REVIEW\"", std::string(key) + " = \"MATCH\"");
    EXPECT_EQ(refused_for(looser), std::string("names.") + key);
    const std::string stricter =
        with(std::string(key) + " = \"REVIEW\"", std::string(key) + " = \"MISMATCH\"");
    EXPECT_EQ(refused_for(stricter), "accepted");
  }
}

TEST(Policy, RefusesWhatItDoesNotUnderstandByKey) {
  EXPECT_EQ(refused_for(with("nickname = \"REVIEW\"", "nickname = \"MAYBE\"")), "names.nickname");
  EXPECT_EQ(refused_for(with("nickname = \"REVIEW\"", "nickname = 3")), "names.nickname");
  EXPECT_EQ(refused_for(with("nickname = \"REVIEW\"", "nick = \"REVIEW\"\nnickname = \"REVIEW\"")),
            "names.nick");
  EXPECT_EQ(refused_for(with("nickname = \"REVIEW\"", "")), "names.nickname");
  EXPECT_EQ(refused_for(with("prior = 0.95", "prior = 1.0")), "prior");
  EXPECT_EQ(refused_for(with("prior = 0.95", "prior = 0.0")), "prior");
  EXPECT_EQ(refused_for(with("max_letter_changes = 3", "max_letter_changes = 6")),
            "names.max_letter_changes");
  EXPECT_EQ(refused_for(with("max_letter_changes = 3", "max_letter_changes = -1")),
            "names.max_letter_changes");
  EXPECT_EQ(refused_for(with("effective_from = 2026-11-22", "effective_from = \"2026-11-22\"")),
            "effective_from");
  EXPECT_EQ(refused_for(with("id = \"default\"", "id = \"\"")), "id");
  EXPECT_EQ(refused_for(with("[names]", "[names")), "");
  EXPECT_EQ(refused_for(std::string(kMaxPolicyBytes + 1, '#')), "");
  EXPECT_EQ(refused_for(""), "id");
}

}  // namespace
}  // namespace paxid::verification
