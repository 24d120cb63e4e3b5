#include "server/policy_book.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <set>
#include <thread>

#include "base/file.h"
#include "server/policy_bundle.h"
#include "tests/temporary_store.h"

namespace paxid::server {
namespace {

using base::ErrorCode;

constexpr std::uint64_t kNoon = 1'795'348'800'000'000;  // 2026-11-22T12:00:00Z

base::Date day(const char* text) { return *base::parse_iso_date(text); }

// The default policy under another name and date.
std::string policy_text(const std::string& id, const std::string& effective_from) {
  std::string text(verification::default_policy_toml());
  const auto replace_line = [&text](const std::string& key, const std::string& line) {
    const std::size_t at = text.find("\n" + key + " = ") + 1;
    text.replace(at, text.find('\n', at) - at, line);
  };
  replace_line("id", "id = \"" + id + "\"");
  replace_line("effective_from", "effective_from = " + effective_from);
  return text;
}

class Bundles : public testing::Test {
 protected:
  Bundles() {
    for (const char* name : {"ops-alice", "ops-bob"}) {
      keys_.push_back(*audit::SigningKey::generate());
      names_.push_back(name);
      approvers_ += audit::to_vkey(audit::verifier_key(name, keys_.back().public_key())) + "\n";
    }
    std::filesystem::create_directories(directory());
    write(approvers_file(), approvers_);
  }

  std::string directory() const { return store_.directory() + "/policies"; }
  std::string approvers_file() const { return store_.directory() + "/approvers.vkeys"; }
  static void write(const std::string& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
  }

  std::string signed_by(const std::string& text, std::size_t signers) const {
    const auto policy = verification::Policy::parse(text);
    EXPECT_TRUE(policy.has_value()) << policy.error().message;
    std::string note;
    for (std::size_t i = 0; i < signers; ++i) {
      note = *sign_policy(*policy, note, names_[i], keys_[i]);
    }
    return note;
  }
  void put(const std::string& name, const std::string& text, std::size_t signers = 2) const {
    write(directory() + "/" + name, text);
    write(directory() + "/" + name + ".sig", signed_by(text, signers));
  }
  auto load() const { return PolicyBook::load(directory(), approvers_file()); }
  std::string problem() const {
    const auto book = load();
    return book ? "" : std::filesystem::path(book.error().field).filename().string();
  }

  base::ManualClock clock_{kNoon};
  TemporaryStore store_{clock_};
  std::vector<audit::SigningKey> keys_;
  std::vector<std::string> names_;
  std::string approvers_;
};

TEST_F(Bundles, TakeEffectOnTheirDay) {
  put("winter.toml", policy_text("winter", "2026-12-01"));
  put("spring.toml", policy_text("spring", "2027-03-01"));
  const auto book = load();
  ASSERT_TRUE(book.has_value()) << book.error().field << " " << book.error().message;
  EXPECT_EQ((*book)->on(day("2026-11-30"))->policy().id, "default");
  EXPECT_TRUE((*book)->on(day("2026-11-30"))->approved_by.empty());
  EXPECT_EQ((*book)->on(day("2026-12-01"))->policy().id, "winter");
  EXPECT_EQ((*book)->on(day("2027-02-28"))->policy().id, "winter");
  EXPECT_EQ((*book)->on(day("2027-03-01"))->policy().id, "spring");
  EXPECT_EQ((*book)->on(day("2027-03-01"))->approved_by, names_);
}

TEST_F(Bundles, NeedTwoDifferentApprovers) {
  const std::string text = policy_text("winter", "2026-12-01");
  put("winter.toml", text, 1);
  EXPECT_EQ(problem(), "winter.toml.sig");
  EXPECT_EQ(load().error().code, ErrorCode::kPermissionDenied);
  // The same person twice is refused at the second signature.
  const auto policy = *verification::Policy::parse(text);
  const auto again = sign_policy(policy, signed_by(text, 1), names_[0], keys_[0]);
  EXPECT_EQ(again.error().code, ErrorCode::kFailedPrecondition);
  // Under another name, but with a key that no approver has.
  const auto foreign = sign_policy(policy, signed_by(text, 1), "ops-carol", keys_[0]);
  write(directory() + "/winter.toml.sig", *foreign);
  EXPECT_EQ(load().error().code, ErrorCode::kPermissionDenied);
  write(directory() + "/winter.toml.sig", signed_by(text, 2));
  EXPECT_EQ(problem(), "");
}

TEST_F(Bundles, OneLetterMakesAnotherPolicy) {
  const std::string text = policy_text("winter", "2026-12-01");
  put("winter.toml", text);
  write(directory() + "/winter.toml", text + "#");
  EXPECT_EQ(problem(), "winter.toml.sig");
  EXPECT_EQ(load().error().code, ErrorCode::kInvalidArgument);
  const auto policy = *verification::Policy::parse(text + "#");
  EXPECT_EQ(sign_policy(policy, signed_by(text, 1), names_[1], keys_[1]).error().code,
            ErrorCode::kFailedPrecondition);
}

TEST_F(Bundles, AreRefusedAsAWholeWhenOneIsWrong) {
  put("winter.toml", policy_text("winter", "2026-12-01"));
  write(directory() + "/spring.toml", policy_text("spring", "2027-03-01"));
  EXPECT_EQ(problem(), "spring.toml.sig");
  put("spring.toml", policy_text("spring", "2026-12-01"));
  EXPECT_EQ(load().error().code, ErrorCode::kFailedPrecondition);  // two on one day
  write(directory() + "/spring.toml", "no policy");
  EXPECT_EQ(problem(), "spring.toml");
  std::filesystem::remove(approvers_file());
  EXPECT_EQ(problem(), "approvers.vkeys");
}

TEST_F(Bundles, ApproversAreTwoPersonsAtLeast) {
  const std::string alice = approvers_.substr(0, approvers_.find('\n') + 1);
  const std::string alice_as_bob =
      audit::to_vkey(audit::verifier_key("ops-bob", keys_[0].public_key())) + "\n";
  EXPECT_EQ(parse_approvers("# two\n\n" + approvers_)->size(), 2U);
  EXPECT_FALSE(parse_approvers("").has_value());
  EXPECT_FALSE(parse_approvers(alice).has_value());
  EXPECT_EQ(parse_approvers(alice + alice).error().field, "line 2");
  EXPECT_EQ(parse_approvers(alice + alice_as_bob).error().field, "line 2");
  EXPECT_EQ(parse_approvers("nonsense\n").error().field, "line 1");
}

TEST_F(Bundles, ARefusedReloadChangesNothing) {
  put("winter.toml", policy_text("winter", "2026-12-01"));
  Policies policies(*load(), directory(), approvers_file());
  const auto before = policies.on(day("2026-12-24"));
  put("spring.toml", policy_text("spring", "2027-03-01"), 1);
  EXPECT_FALSE(policies.reload().has_value());
  EXPECT_EQ(policies.on(day("2026-12-24")), before);
}

TEST_F(Bundles, TheLogNamesAPolicyBeforeItsFirstVerdictAndAfterARollback) {
  put("winter.toml", policy_text("winter", "2026-11-01"));
  Policies policies(*load(), directory(), approvers_file());
  PolicyUses uses(*store_);
  std::uint8_t next = 1;
  const auto judge = [&] {
    const auto policy = policies.on(day("2026-11-22"));
    audit::Record record;
    record.tenant = "demo";
    record.request_id[15] = next++;
    record.canonical_request = {next};
    record.ruleset = policy->policy().sha256;
    record.decision = 1;
    std::promise<bool> durable;
    uses.append(*policy, record, [&](const base::Result<audit::Receipt>& receipt) {
      durable.set_value(receipt.has_value());
    });
    EXPECT_TRUE(durable.get_future().get());
  };
  judge();
  judge();
  put("autumn.toml", policy_text("autumn", "2026-11-15"));
  ASSERT_TRUE(policies.reload().has_value());
  judge();
  std::filesystem::remove(directory() + "/autumn.toml");
  ASSERT_TRUE(policies.reload().has_value());
  judge();

  std::vector<std::pair<audit::RecordType, audit::Hash>> leaves;
  for (std::uint64_t i = 0; i < *store_->tree_size("demo"); ++i) {
    const auto leaf = *audit::decode_leaf(store_->leaf("demo", i)->leaf_data);
    leaves.emplace_back(leaf.type, leaf.ruleset);
  }
  const auto winter = verification::Policy::parse(policy_text("winter", "2026-11-01"))->sha256;
  const auto autumn = verification::Policy::parse(policy_text("autumn", "2026-11-15"))->sha256;
  using enum audit::RecordType;
  EXPECT_EQ(leaves,
            (std::vector<std::pair<audit::RecordType, audit::Hash>>{{kConfigurationChange, winter},
                                                                    {kDecision, winter},
                                                                    {kDecision, winter},
                                                                    {kConfigurationChange, autumn},
                                                                    {kDecision, autumn},
                                                                    {kConfigurationChange, winter},
                                                                    {kDecision, winter}}));
  const auto body = *store_->open_body("demo", 3);
  const std::string text(body.begin(), body.end());
  EXPECT_NE(text.find("\"event\":\"policy_in_use\""), std::string::npos);
  EXPECT_NE(text.find("\"approved_by\":[\"ops-alice\",\"ops-bob\"]"), std::string::npos);
}

// Every call sees one whole policy, and no policy judges before the log has named it.
TEST_F(Bundles, AReloadUnderLoadLosesNoCall) {
  constexpr int kReloads = 12;
  constexpr int kCallers = 3;
  const std::string autumn = policy_text("autumn", "2026-11-15");
  put("winter.toml", policy_text("winter", "2026-11-01"));
  Policies policies(*load(), directory(), approvers_file());
  PolicyUses uses(*store_);
  std::atomic<bool> done = false;
  std::atomic<int> asked = 0;
  std::atomic<int> recorded = 0;
  std::vector<std::thread> callers;
  for (int caller = 0; caller < kCallers; ++caller) {
    callers.emplace_back([&, caller] {
      for (std::uint8_t i = 1; !done || i < 10;
           i = i == 255 ? 1 : static_cast<std::uint8_t>(i + 1)) {
        const auto policy = policies.on(day("2026-11-22"));
        const int number = ++asked;
        audit::Record record;
        record.tenant = "demo";
        record.request_id = {
            static_cast<std::uint8_t>(caller + 1), static_cast<std::uint8_t>(number >> 16),
            static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number), 1};
        record.canonical_request = {i};
        record.ruleset = policy->policy().sha256;
        std::promise<bool> durable;
        uses.append(*policy, record, [&](const base::Result<audit::Receipt>& receipt) {
          durable.set_value(receipt.has_value());
        });
        recorded += durable.get_future().get();
      }
    });
  }
  for (int i = 0; i < kReloads; ++i) {
    if (i % 2 == 0) {
      put("autumn.toml", autumn);
    } else {
      std::filesystem::remove(directory() + "/autumn.toml");
    }
    EXPECT_TRUE(policies.reload().has_value());
  }
  done = true;
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(recorded, asked);

  std::set<audit::Hash> named;
  int verdicts = 0;
  for (std::uint64_t i = 0; i < *store_->tree_size("demo"); ++i) {
    const auto leaf = *audit::decode_leaf(store_->leaf("demo", i)->leaf_data);
    if (leaf.type == audit::RecordType::kConfigurationChange) named.insert(leaf.ruleset);
    if (leaf.type != audit::RecordType::kDecision) continue;
    ++verdicts;
    EXPECT_TRUE(named.contains(leaf.ruleset));
  }
  EXPECT_EQ(verdicts, asked);
}

}  // namespace
}  // namespace paxid::server
