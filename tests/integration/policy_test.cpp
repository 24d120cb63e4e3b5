// A policy comes and goes while clients call: the real programs, mTLS, and afterwards what the log
// says of it.

#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/date.h"
#include "tests/integration/export_log.h"
#include "tests/integration/fixture.h"
#include "verification/policy.h"
#include "verification/station.h"

namespace paxid::integration {
namespace {

using verification::Verdict;

constexpr std::size_t kClients = 4;
// A wait for what must come; a machine may be slow.
constexpr std::chrono::seconds kGiveUp{60};

// The default policy under another name, in effect today: a nickname is somebody else's name.
std::string stricter_policy() {
  std::string text(verification::default_policy_toml());
  const auto replace_line = [&text](const std::string& key, const std::string& line) {
    const std::size_t at = text.find("\n" + key + " = ") + 1;
    text.replace(at, text.find('\n', at) - at, line);
  };
  const base::Date today = verification::station_date(base::SystemClock().unix_microseconds(), "");
  replace_line("id", "id = \"stricter\"");
  // Yesterday, so that midnight does not matter.
  replace_line("effective_from",
               "effective_from = " +
                   base::to_iso(base::Date(std::chrono::sys_days(today) - std::chrono::days(1))));
  replace_line("nickname", "nickname = \"MISMATCH\"");
  return text;
}

// What one client was answered.
struct Answered {
  std::string request_id;
  std::string policy_id;
  Verdict verdict;
  std::uint64_t leaf_index;
};

class PolicyService : public testing::Test {
 protected:
  PolicyService() {
    std::filesystem::create_directory(directory());
    std::ofstream(site_.configuration(), std::ios::app)
        << "[policy]\ndirectory = \"policies\"\napprovers = \"approvers.vkeys\"\n";
    std::string approvers;
    for (const std::string name : {"ops-alice", "ops-bob"}) {
      approvers += paxid_server({"policy", "key", "--name", name, "--key", site_.path(name)});
    }
    std::ofstream(site_.path("approvers.vkeys")) << approvers;
    server_.emplace(site_);
  }

  std::string directory() const { return site_.path("policies"); }

  static std::string paxid_server(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), PAXID_SERVER);
    const Finished finished = run(arguments);
    EXPECT_EQ(finished.status, 0) << finished.output;
    return finished.output;
  }

  void put(const std::string& file, const std::vector<std::string>& approvers) const {
    std::ofstream(site_.path(file)) << stricter_policy();
    for (const std::string& name : approvers) {
      paxid_server({"policy", "sign", site_.path(file), "--name", name, "--key", site_.path(name)});
    }
    for (const char* ending : {".sig", ""}) {
      std::filesystem::rename(site_.path(file + ending), directory() + "/" + file + ending);
    }
  }
  void take_out(const std::string& file) const {
    for (const char* ending : {"", ".sig"})
      std::filesystem::remove(directory() + "/" + file + ending);
  }

  std::size_t count(std::string_view event) const {
    const std::string log = read_text(site_.path("server.log"));
    std::size_t found = 0;
    for (std::size_t at = log.find(event); at != std::string::npos; at = log.find(event, at + 1)) {
      ++found;
    }
    return found;
  }

  // Has the directory read again, and waits until the server says what came of it.
  void reload(std::string_view event) const {
    const std::size_t before = count(event);
    server_->send(SIGHUP);
    wait([&] { return count(event) > before; });
  }

  template <class Done>
  static void wait(Done done) {
    const auto end = std::chrono::steady_clock::now() + kGiveUp;
    while (!done() && std::chrono::steady_clock::now() < end) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    EXPECT_TRUE(done());
  }

  Site site_;
  std::optional<ServerProcess> server_;
};

TEST_F(PolicyService, ComesAndGoesAndNoRequestIsLost) {
  std::atomic<bool> enough = false;
  std::atomic<std::size_t> answers = 0;
  std::vector<std::vector<Answered>> answered(kClients);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < kClients; ++i) {
    threads.emplace_back([&, i] {
      const sdk::Client client = client_for(site_, *server_, "k1");
      while (!enough) {
        const sdk::Request request = request_of("SMITH/BOB MR", "SMITH", "ROBERT");
        const auto answer = client.verify(request);
        if (!answer) {
          ADD_FAILURE() << answer.error().message;
          return;
        }
        EXPECT_EQ(answer->request_id, request.request_id);
        EXPECT_FALSE(answer->replayed);
        answered[i].push_back({request.request_id, answer->policy_id, answer->report.verdict,
                               answer->record.leaf_index.value_or(0)});
        ++answers;
      }
    });
  }
  // Under each policy every client is answered some times.
  const auto go_on = [&] {
    const std::size_t before = answers;
    wait([&] { return answers >= before + 10 * kClients; });
  };
  go_on();
  put("stricter.toml", {"ops-alice", "ops-bob"});
  reload("\"policies_loaded\"");
  go_on();
  // What one person has approved changes nothing, not even what two have approved.
  put("alone.toml", {"ops-alice"});
  reload("\"policies_refused\"");
  go_on();
  take_out("alone.toml");
  take_out("stricter.toml");
  reload("\"policies_loaded\"");
  go_on();
  enough = true;
  for (std::thread& thread : threads) thread.join();

  std::set<std::uint64_t> places;
  std::set<std::string> policies;
  std::size_t suggestions = 0;
  for (const auto& of_client : answered) {
    suggestions += of_client.size();
    // From the old policy to the new one and back, once each.
    std::size_t changes = 0;
    for (std::size_t i = 0; i < of_client.size(); ++i) {
      const Answered& one = of_client[i];
      places.insert(one.leaf_index);
      policies.insert(one.policy_id);
      const bool stricter = one.policy_id.starts_with("stricter ");
      EXPECT_EQ(one.verdict, stricter ? Verdict::kMismatch : Verdict::kReview) << one.policy_id;
      changes += i > 0 && one.policy_id != of_client[i - 1].policy_id;
    }
    EXPECT_EQ(changes, 2U);
  }
  EXPECT_EQ(places.size(), suggestions);
  EXPECT_EQ(policies.size(), 2U);
  EXPECT_EQ(server_->stop(), 0);
  const std::string exported = export_log(site_, "demo");
  // The reader wants a record of each policy before the first verdict it made.
  const Finished read = run({PAXID_PYTHON, PAXID_VERIFY_FROM_DOCUMENT, "--read", exported});
  EXPECT_EQ(read.status, 0) << read.output;
  for (const std::string& line :
       {"suggestions " + std::to_string(suggestions), std::string("policies 3")}) {
    EXPECT_NE(read.output.find(line + "\n"), std::string::npos) << line << "\n" << read.output;
  }
}

}  // namespace
}  // namespace paxid::integration
