#include "server/anchor.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>

#include "audit/checkpoint.h"
#include "audit/cosignature.h"
#include "audit/crypto.h"
#include "server/witnesses.h"
#include "tests/temporary_store.h"

namespace paxid::server {
namespace {

using base::ErrorCode;

constexpr std::uint64_t kNoon = 1'795'348'800'000'000;
constexpr std::uint64_t kMinute = 60'000'000;

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

class Outside : public testing::Test {
 protected:
  void record(std::uint8_t number) {
    audit::Record made;
    made.tenant = "demo";
    made.request_id = {1};
    made.request_id[15] = number;
    made.actor.fill(1);
    ASSERT_TRUE(store_.append(made));
  }
  std::string script(const std::string& text) {
    const std::string path = store_.directory() + "/hook";
    std::ofstream(path) << "#!/bin/sh\n" << text << "\n";
    ::chmod(path.c_str(), 0700);
    return path;
  }

  base::ManualClock clock_{kNoon};
  TemporaryStore store_{clock_};
};

TEST_F(Outside, CheckpointsBecomeFiles) {
  const std::string directory = store_.directory() + "/outside";
  std::filesystem::create_directory(directory);
  Anchor anchor(*store_, clock_, {directory, "", std::chrono::seconds(60)});
  EXPECT_TRUE(anchor.due());
  record(1);
  ASSERT_TRUE(anchor.step());
  EXPECT_FALSE(anchor.due());
  EXPECT_EQ(read(directory + "/demo.1.checkpoint"), *store_->checkpoint("demo"));
  clock_.set(kNoon + kMinute);
  EXPECT_TRUE(anchor.due());
  ASSERT_TRUE(anchor.step());
  EXPECT_EQ(anchor.status().anchored, 1u);  // nothing has grown
  record(2);
  ASSERT_TRUE(anchor.step());
  EXPECT_EQ(anchor.status().anchored, 2u);
  EXPECT_TRUE(std::filesystem::exists(directory + "/demo.2.checkpoint"));
  // Another run anchors the same again without complaint.
  Anchor again(*store_, clock_, {directory, "", std::chrono::seconds(60)});
  EXPECT_TRUE(again.step());
}

TEST_F(Outside, AHookGetsTheCheckpointAndNothingElse) {
  record(1);
  const std::string out = store_.directory() + "/out";
  ::setenv("PAXID_TEST_SECRET", "secret", 1);
  Anchor anchor(*store_, clock_,
                {"", script("cat > " + out + "; env >> " + out), std::chrono::seconds(60)});
  ASSERT_TRUE(anchor.step());
  const std::string text = read(out);
  EXPECT_TRUE(text.starts_with(*store_->checkpoint("demo"))) << text;
  EXPECT_NE(text.find("PAXID_TENANT=demo"), std::string::npos);
  EXPECT_NE(text.find("PAXID_TREE_SIZE=1"), std::string::npos);
  EXPECT_EQ(text.find("PAXID_TEST_SECRET"), std::string::npos);
}

TEST_F(Outside, FailuresAreCountedAndTriedAgain) {
  record(1);
  const std::string missing = store_.directory() + "/missing";
  Anchor nowhere(*store_, clock_, {missing, "", std::chrono::seconds(60)});
  EXPECT_FALSE(nowhere.step());
  EXPECT_TRUE(nowhere.status().failing);
  EXPECT_EQ(nowhere.status().failed, 1u);
  std::filesystem::create_directory(missing);
  EXPECT_TRUE(nowhere.step());
  EXPECT_FALSE(nowhere.status().failing);
  EXPECT_EQ(nowhere.status().anchored, 1u);
  Anchor broken(*store_, clock_, {"", script("exit 3"), std::chrono::seconds(60)});
  const auto outcome = broken.step();
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().message, "the hook ended with status 3");
  Anchor absent(*store_, clock_, {"", missing + "/hook", std::chrono::seconds(60)});
  EXPECT_FALSE(absent.step());
}

class Witnessed : public Outside {
 protected:
  // The newest checkpoint as witnesses hand it back.
  std::string cosigned(std::initializer_list<int> by) {
    auto note = *audit::parse_note(*store_->checkpoint("demo"));
    for (const int number : by) {
      note.signatures.push_back(
          *audit::cosign(note.text, name_of_witness(number), key(number), 1'795'348'900));
    }
    return audit::to_text(note);
  }
  static std::string name_of_witness(int number) { return "w" + std::to_string(number); }
  static audit::SigningKey key(int number) {
    return *audit::SigningKey::from_seed(audit::Bytes(32, static_cast<std::uint8_t>(number)));
  }

  Witnesses witnesses_{*store_,
                       {audit::witness_key("w1", key(1).public_key()),
                        audit::witness_key("w2", key(2).public_key())},
                       store_.directory()};
};

TEST_F(Witnessed, CosignaturesOfOneTreeAddUp) {
  record(1);
  EXPECT_EQ(witnesses_.newest("demo").error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(witnesses_.add("demo", cosigned({1, 9}))->witnesses, 1u);
  EXPECT_EQ(witnesses_.add("demo", cosigned({2}))->witnesses, 2u);
  const auto note = audit::parse_note(*witnesses_.newest("demo"));
  // The log's own line and those of the two; not that of a stranger.
  EXPECT_EQ(note->signatures.size(), 3u);
  const auto vkey = audit::parse_vkey(*store_->vkey("demo"));
  EXPECT_TRUE(
      audit::open_checkpoint(*witnesses_.newest("demo"), {&*vkey, 1}, *store_->origin("demo")));
}

TEST_F(Witnessed, ALargerTreeTakesThePlaceAndASmallerOneDoesNot) {
  record(1);
  const std::string first = cosigned({1, 2});
  ASSERT_TRUE(witnesses_.add("demo", first));
  record(2);
  EXPECT_EQ(witnesses_.add("demo", cosigned({1}))->tree_size, 2u);
  EXPECT_EQ(witnesses_.add("demo", first).error().code, ErrorCode::kFailedPrecondition);
}

TEST_F(Witnessed, WhatIsNotOursIsRefused) {
  record(1);
  EXPECT_EQ(witnesses_.add("demo", "x").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(witnesses_.add("demo", cosigned({})).error().code, ErrorCode::kPermissionDenied);
  EXPECT_EQ(witnesses_.add("demo", cosigned({9})).error().code, ErrorCode::kPermissionDenied);
  std::string wrong = cosigned({1});
  wrong[wrong.size() - 5] = wrong[wrong.size() - 5] == 'A' ? 'B' : 'A';
  EXPECT_FALSE(witnesses_.add("demo", wrong));
  // A checkpoint that this log has not signed.
  audit::Checkpoint forged{*store_->origin("demo"), 5, {}, {}};
  auto note = *audit::parse_note(*audit::sign_checkpoint(forged, key(7)));
  note.signatures.push_back(*audit::cosign(note.text, "w1", key(1), 1));
  EXPECT_EQ(witnesses_.add("demo", audit::to_text(note)).error().code,
            ErrorCode::kPermissionDenied);
  EXPECT_EQ(witnesses_.newest("demo").error().code, ErrorCode::kFailedPrecondition);
}

}  // namespace
}  // namespace paxid::server
