// The commands for operators beside a real server: copies, restore, a new key-encryption key.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <map>
#include <nlohmann/json.hpp>
#include <thread>

#include "audit/sqlite.h"
#include "audit/sqlite_store.h"
#include "base/base64.h"
#include "base/clock.h"
#include "base/hex.h"
#include "tests/audit/key_search.h"
#include "tests/faults/interposer.h"
#include "tests/faults/sound.h"
#include "tests/integration/fixture.h"

namespace paxid::faults {
namespace {

using namespace integration;
using nlohmann::json;
using testing::HasSubstr;
namespace fs = std::filesystem;

constexpr std::uint64_t kHour = 3'600'000'000;

class Operators : public testing::Test {
 protected:
  Operators() {
    EXPECT_EQ(
        run({PAXID_MAKE_CERTIFICATES, site_.path("tls"), "demo", "privacy_officer", "p1"}).status,
        0);
    fs::copy_file(site_.path("tls/principals.toml"), site_.path("registry.toml"),
                  fs::copy_options::overwrite_existing);
  }
  Finished operate(std::vector<std::string> arguments, const Environment& environment = {}) const {
    arguments.insert(arguments.begin(), {PAXID_SERVER, "--config", site_.configuration()});
    return run(arguments, environment);
  }
  int verify() const { return operate({"store", "verify"}).status; }

  // A passenger with a document of that number.
  static sdk::Request passenger(const std::string& number) {
    sdk::Request request = matching_request();
    const auto claim = [](verification::ClaimValue value) {
      return verification::Claim{verification::Source::kVisual,
                                 verification::CaptureMethod::kScanned,
                                 verification::Assurance::kInspected, std::move(value)};
    };
    request.claims.push_back(claim(verification::DocumentNumberClaim{base::PersonalText(number)}));
    request.claims.push_back(claim(verification::IssuerClaim{"UTO"}));
    return request;
  }

  // Records of a hundred hours ago, whose period has ended.
  void record_the_past(int count) const {
    audit::SqliteStoreOptions options;
    options.directory = site_.path("store");
    options.origin_prefix = "test.example/log";
    options.signing_key_file = site_.path("keys/signing.key");
    options.kek = site_.path("keys/kek.bin");
    options.create_keys = true;
    fs::create_directory(site_.path("keys"));
    const base::ManualClock clock(base::SystemClock().unix_microseconds() - 100 * kHour);
    const auto store = audit::open_sqlite_store(options, clock);
    ASSERT_TRUE(store.has_value()) << store.error().message;
    for (int i = 0; i < count; ++i) {
      audit::Record record;
      record.tenant = "demo";
      record.request_id[0] = 1;
      record.request_id[15] = static_cast<std::uint8_t>(i);
      record.decision = 1;
      record.subject = audit::SubjectLookup{1, {static_cast<std::uint8_t>(i)}};
      record.body = {'{', '}'};
      std::promise<bool> done;
      (*store)->append(record, [&](const base::Result<audit::Receipt>& receipt) {
        done.set_value(receipt.has_value());
      });
      ASSERT_TRUE(done.get_future().get());
    }
  }

  // Retention runs at the start, and says so.
  void wait_for_retention() const {
    const auto give_up = std::chrono::steady_clock::now() + kPatience;
    while (read_text(site_.path("server.log")).find("\"retention\"") == std::string::npos) {
      ASSERT_LT(std::chrono::steady_clock::now(), give_up) << "nothing was pruned";
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }
  json bodies_of_log() const {
    const Finished said = operate({"store", "verify", "--json"});
    return json::parse(said.output, nullptr, false).at("logs").at(0);
  }

  Site site_;
};

TEST_F(Operators, AfterErasureRetentionAndRestoreThePersonStaysErased) {
  constexpr int kPast = 12;
  record_the_past(kPast);
  ASSERT_EQ(operate({"store", "backup", site_.path("friday")}).status, 0);
  const sdk::Request ann = passenger("C01X00T47"), bob = passenger("C01X00T48");
  {
    ServerProcess server(site_);
    const sdk::Client kiosk = client_for(site_, server, "k1");
    ASSERT_TRUE(kiosk.verify(ann).has_value());
    ASSERT_TRUE(kiosk.verify(bob).has_value());
    wait_for_retention();
    // Beside the running server.
    const Finished copied = operate({"store", "backup", site_.path("monday")});
    EXPECT_EQ(copied.status, 0) << copied.output;
    const Finished keys = operate({"keys", "backup", site_.path("monday.keys")});
    EXPECT_EQ(keys.status, 0) << keys.output;
    EXPECT_EQ(verify(), 0);
    const auto erased =
        client_for(site_, server, "p1")
            .erase({sdk::new_request_id(), sdk::LookPurpose::kSubjectRequest, "case-1", ""},
                   sdk::RecordSelector{ann.request_id}, sdk::ErasureGround::kSubjectRequest);
    ASSERT_TRUE(erased.has_value()) << erased.error().message;
    EXPECT_EQ(server.stop(), 0);
  }
  EXPECT_EQ(verify(), 0);

  for (const char* backup : {"monday", "friday"}) {
    SCOPED_TRACE(backup);
    // The disk has lost log.db; what else was there is moved aside.
    fs::remove_all(site_.path("lost"));
    fs::rename(site_.path("store"), site_.path("lost"));
    fs::remove(site_.path("lost/log.db"));
    const std::vector<std::string> restore = {"store",     "restore",          site_.path(backup),
                                              "--remains", site_.path("lost"), "--json"};
    const Finished refused = operate(restore);
    EXPECT_EQ(refused.status, 1);
    EXPECT_THAT(refused.output, HasSubstr("its newest checkpoint"));
    std::vector<std::string> accepting = restore;
    accepting.push_back("--accept-loss");
    const Finished restored = operate(accepting);
    ASSERT_EQ(restored.status, 0) << restored.output;
    EXPECT_EQ(verify(), 0);

    std::ofstream(site_.path("server.log"), std::ios::trunc).close();
    ServerProcess server(site_);
    const auto again = client_for(site_, server, "k1").verify(ann);
    if (std::string(backup) == "monday") {
      // Its record is there, what it said is not.
      EXPECT_EQ(again.error().code, base::ErrorCode::kFailedPrecondition);
      const auto access =
          client_for(site_, server, "p1")
              .access({sdk::new_request_id(), sdk::LookPurpose::kSubjectRequest, "case-2", ""},
                      sdk::RecordSelector{ann.request_id});
      const std::string says = access ? access->json : access.error().message;
      EXPECT_THAT(says, testing::Not(HasSubstr("MUELLER")));
      EXPECT_TRUE(client_for(site_, server, "k1").verify(bob)->replayed);
    } else {
      EXPECT_TRUE(again.has_value());  // a log from before that person
    }
    EXPECT_EQ(server.stop(), 0);
    EXPECT_EQ(verify(), 0);
    // Pruned before or after the backup was made: nothing of the past is left.
    const json log = bodies_of_log();
    EXPECT_GE(log.at("bodies_gone"), kPast);
    expect_sound(site_);
  }
}

TEST_F(Operators, ANewKeyEncryptionKeyEndsOlderCopiesOfTheKeys) {
  const sdk::Request ann = passenger("C01X00T47");
  {
    ServerProcess server(site_);
    ASSERT_TRUE(client_for(site_, server, "k1").verify(ann).has_value());
    const Finished refused = operate({"keys", "rotate"});
    EXPECT_EQ(refused.status, 1);
    EXPECT_THAT(refused.output, HasSubstr("another process has this store open; end it first"));
    // Nothing was begun, and the server goes on.
    EXPECT_FALSE(fs::exists(site_.path("keys/kek.bin.next")));
    EXPECT_TRUE(client_for(site_, server, "k1").verify(passenger("C01X00T48")).has_value());
    EXPECT_EQ(server.stop(), 0);
  }
  ASSERT_EQ(operate({"store", "backup", site_.path("monday")}).status, 0);
  ASSERT_EQ(operate({"keys", "backup", site_.path("monday.keys")}).status, 0);
  const std::string before = read_text(site_.path("keys/kek.bin"));
  const Finished rotated = operate({"keys", "rotate"});
  EXPECT_EQ(rotated.status, 0) << rotated.output;
  EXPECT_THAT(rotated.output, HasSubstr("epoch 2"));
  EXPECT_NE(read_text(site_.path("keys/kek.bin")), before);
  EXPECT_EQ(verify(), 0);
  const std::vector<std::string> elsewhere = {
      "store", "restore", site_.path("monday"), "--directory", site_.path("elsewhere"), "--keys"};
  std::vector<std::string> old_keys = elsewhere, new_keys = elsewhere;
  old_keys.push_back(site_.path("monday.keys"));
  const Finished refused = operate(old_keys);
  EXPECT_EQ(refused.status, 1);
  EXPECT_THAT(refused.output, HasSubstr("of another epoch"));
  ASSERT_EQ(operate({"keys", "backup", site_.path("tuesday.keys")}).status, 0);
  new_keys.push_back(site_.path("tuesday.keys"));
  const Finished restored = operate(new_keys);
  EXPECT_EQ(restored.status, 0) << restored.output;
  EXPECT_EQ(operate({"store", "verify", "--directory", site_.path("elsewhere")}).status, 0);
  // The key from a variable and from the service manager is the same key.
  const std::string key = read_text(site_.path("keys/kek.bin"));
  const std::vector<std::uint8_t> bytes(key.begin(), key.end());
  fs::create_directory(site_.path("credentials"));
  fs::copy_file(site_.path("keys/kek.bin"), site_.path("credentials/kek"));
  EXPECT_EQ(operate({"store", "verify", "--kek", "env:PAXID_KEK"},
                    {{"PAXID_KEK", base::to_base64(bytes)}})
                .status,
            0);
  EXPECT_EQ(operate({"store", "verify", "--kek", "credential:kek"},
                    {{"CREDENTIALS_DIRECTORY", site_.path("credentials")}})
                .status,
            0);
  EXPECT_EQ(operate({"store", "verify", "--kek", "credential:kek"}).status, 1);
  ServerProcess server(site_);
  EXPECT_TRUE(client_for(site_, server, "k1").verify(ann)->replayed);
  EXPECT_EQ(server.stop(), 0);
}

// Of a backup of the log.
audit::SoughtBody body_in(const std::string& backup, const std::string& request_id) {
  audit::SoughtBody body{audit::log_id("test.example/log/demo"), {}, {}};
  std::string digits = request_id;
  std::erase(digits, '-');
  std::ranges::copy(*base::from_hex(digits), body.request_id.begin());
  auto log = audit::Database::open(backup + "/log.db", audit::Database::Access::kReadOnly);
  EXPECT_TRUE(log.has_value()) << log.error().message;
  auto select = log->prepare("SELECT sealed FROM body JOIN request USING (log, idx) WHERE id = ?");
  EXPECT_TRUE(select.has_value()) << select.error().message;
  select->start(body.request_id);
  EXPECT_TRUE(select->next().value_or(false)) << request_id;
  const audit::ByteView sealed = select->blob(0);
  body.sealed.assign(sealed.begin(), sealed.end());
  return body;
}

TEST_F(Operators, AfterErasureAndRotationNoKeyIsOnDiskInCopiesOrExports) {
  const sdk::Request ann = passenger("C01X00T47"), bob = passenger("C01X00T48");
  const std::string vkey = site_.path("store/demo.vkey");
  audit::SoughtBody body_of_ann, body_of_bob;
  {
    ServerProcess server(site_);
    const sdk::Client kiosk = client_for(site_, server, "k1");
    ASSERT_TRUE(kiosk.verify(ann).has_value());
    ASSERT_TRUE(kiosk.verify(bob).has_value());
    const auto exports = [&](const std::string& principal, std::vector<std::string> how) {
      how.insert(how.begin(), {PAXID_PROGRAM, "audit", "export", "--reference", "A-1"});
      for (const auto& [option, value] : std::vector<std::pair<std::string, std::string>>{
               {"--server", server.address()},
               {"--ca", site_.tls("ca.pem")},
               {"--cert", site_.tls(principal + ".pem")},
               {"--key", site_.tls(principal + ".key")}}) {
        how.push_back(option);
        how.push_back(value);
      }
      return run(how);
    };
    ASSERT_EQ(exports("a1", {site_.path("exports/own")}).status, 0);
    ASSERT_EQ(
        exports("a1", {site_.path("exports/supervision"), "--profile", "data_protection"}).status,
        0);
    ASSERT_EQ(operate({"store", "backup", site_.path("monday")}).status, 0);
    ASSERT_EQ(operate({"keys", "backup", site_.path("monday.keys")}).status, 0);
    body_of_ann = body_in(site_.path("monday"), ann.request_id);
    body_of_bob = body_in(site_.path("monday"), bob.request_id);
    // What discloses bodies takes two persons, and one kind of it has the keys of its records: of
    // those the search finds them.
    const std::vector<std::string> names = {site_.path("named/export"), "--profile", "border",
                                            "--purpose", "fine_defence"};
    const Finished wish = exports("p1", names);
    const std::string said = "paxid audit release ";
    ASSERT_THAT(wish.output, HasSubstr(said));
    const auto released =
        client_for(site_, server, "p2")
            .release_export({sdk::new_request_id(), sdk::LookPurpose::kFineDefence, "A-1", ""},
                            wish.output.substr(wish.output.find(said) + said.size(), 36), true);
    ASSERT_TRUE(released.has_value()) << released.error().message;
    const Finished named = exports("p1", names);
    ASSERT_EQ(named.status, 0) << named.output;
    EXPECT_EQ(audit::file_that_opens(site_.path("named"), body_of_bob),
              site_.path("named/export/records.jsonl"));
    fs::remove_all(site_.path("named"));

    const auto erased =
        client_for(site_, server, "p1")
            .erase({sdk::new_request_id(), sdk::LookPurpose::kSubjectRequest, "case-1", ""},
                   sdk::RecordSelector{ann.request_id}, sdk::ErasureGround::kSubjectRequest);
    ASSERT_TRUE(erased.has_value()) << erased.error().message;
    ASSERT_EQ(exports("a1", {site_.path("exports/later")}).status, 0);
    EXPECT_EQ(server.stop(), 0);
  }
  ASSERT_EQ(operate({"keys", "rotate"}).status, 0);
  EXPECT_EQ(audit::file_that_opens(site_.path("."), body_of_ann), std::nullopt);
  EXPECT_EQ(audit::file_that_opens(site_.path("."), body_of_bob), std::nullopt);

  EXPECT_EQ(verify(), 0);
  EXPECT_EQ(
      operate({"store", "verify", "--directory", site_.path("monday"), "--without-keys"}).status,
      0);
  for (const char* one : {"own", "supervision", "later"}) {
    const Finished proven =
        run({PAXID_AUDIT_VERIFY, site_.path("exports") + "/" + one, "--vkey", vkey});
    EXPECT_EQ(proven.status, 0) << one << proven.output;
  }
  ServerProcess server(site_);
  EXPECT_TRUE(client_for(site_, server, "k1").verify(bob)->replayed);
  EXPECT_EQ(server.stop(), 0);
}

TEST_F(Operators, ALogAsTilesBesideTheServer) {
  ServerProcess server(site_);
  const sdk::Client kiosk = client_for(site_, server, "k1");
  ASSERT_TRUE(kiosk.verify(matching_request()).has_value());
  const auto checkpoint = kiosk.checkpoint();
  ASSERT_TRUE(checkpoint.has_value()) << checkpoint.error().message;
  const std::vector<std::string> command{"store",    "tiles", site_.path("tiles"),
                                         "--tenant", "demo",  "--json"};
  const Finished written = operate(command);
  EXPECT_EQ(written.status, 0) << written.output;
  EXPECT_EQ(
      json::parse(written.output, nullptr, false),
      (json{{"origin", "test.example/log/demo"}, {"leaves", checkpoint->tree_size}, {"files", 2}}));
  EXPECT_EQ(read_text(site_.path("tiles/checkpoint")), checkpoint->note);
  EXPECT_EQ(read_text(site_.path("tiles/tile/entries/000.p/2")).size(), 2U * (2 + 186));
  EXPECT_EQ(operate(command).status, 1);
  EXPECT_EQ(operate({"store", "tiles", site_.path("none"), "--tenant", "nobody"}).status, 1);
  EXPECT_EQ(operate({"store", "tiles", site_.path("none")}).status, 2);
  EXPECT_EQ(server.stop(), 0);
}

TEST_F(Operators, ADefectHasItsExitStatus) {
  {
    ServerProcess server(site_);
    ASSERT_TRUE(client_for(site_, server, "k1").verify(matching_request()).has_value());
    EXPECT_EQ(server.stop(), 0);
  }
  EXPECT_THAT(operate({"store", "verify"}).output, HasSubstr("sound"));
  const std::string checkpoint = read_text(site_.path("store/demo.checkpoint"));
  std::ofstream(site_.path("store/demo.checkpoint")) << checkpoint.substr(1);
  const Finished unreadable = operate({"store", "verify"});
  EXPECT_EQ(unreadable.status, static_cast<int>(audit::StoreDefectKind::kCheckpointUnreadable));
  EXPECT_THAT(unreadable.output, HasSubstr("CHECKPOINT_UNREADABLE test.example/log/demo"));
  fs::remove(site_.path("store/demo.checkpoint"));
  EXPECT_EQ(verify(), static_cast<int>(audit::StoreDefectKind::kCheckpointMissing));
  fs::remove(site_.path("store/log.db"));
  EXPECT_EQ(verify(), 1);
  EXPECT_EQ(operate({"store"}).status, 2);
  EXPECT_EQ(operate({"store", "restore"}).status, 2);
  EXPECT_THAT(operate({"store", "verify", "--help"}).output, HasSubstr("BODY_CHANGED"));
}

std::map<std::string, std::string> files_below(const std::string& directory) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file() || entry.path().extension() == ".new") continue;
    files[fs::relative(entry.path(), directory).string()] = read_text(entry.path().string());
  }
  return files;
}

// Each call that brings the tiles to disk fails in turn, or the process dies before it.
TEST_F(Operators, TilesThatHaveTheirNameAreWhole) {
  record_the_past(200);
  const std::string target = site_.path("tiles");
  const auto write_tiles = [&](const Environment& environment) {
    return operate({"store", "tiles", target, "--tenant", "demo"}, environment).status;
  };
  ASSERT_EQ(write_tiles({}), 0);
  const auto whole = files_below(target);
  ASSERT_EQ(whole.size(), 3u);

  const FaultCounter counter(site_.path("counter"));
  for (const char* kind : {"EIO", "ENOSPC", "KILL"}) {
    for (const char* call : {"write", "sync", "rename"}) {
      std::uint64_t number = 1;
      for (;; ++number) {
        const std::string fault = std::string(call) + " " + std::to_string(number) + " " + kind;
        fs::remove_all(target);
        fs::create_directory(target);
        fs::permissions(target, fs::perms::owner_all);
        counter.begin_anew();
        const int status = write_tiles(counter.environment(target, call, number, kind));
        const auto files = files_below(target);
        if (counter.counted().failed == 0) {
          EXPECT_EQ(status, 0) << fault;
          EXPECT_EQ(files, whole) << fault;
          break;
        }
        EXPECT_NE(status, 0) << fault;
        for (const auto& [name, content] : files) EXPECT_EQ(content, whole.at(name)) << fault;
        EXPECT_TRUE(!files.contains("checkpoint") || files == whole) << fault;
      }
      EXPECT_GT(number, whole.size()) << call;
    }
  }
}

}  // namespace
}  // namespace paxid::faults
