// kill -9 under load: what was acknowledged is there afterwards, and nothing twice.

#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <cstdlib>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <thread>
#include <vector>

#include "audit/checkpoint.h"
#include "audit/merkle.h"
#include "audit/note.h"
#include "tests/faults/sound.h"
#include "tests/integration/fixture.h"

namespace paxid::faults {
namespace {

using namespace integration;

constexpr int kClients = 4;
constexpr const char* kOrigin = "test.example/log/demo";

using Keys = std::vector<audit::VerifierKey>;

struct Acknowledged {
  sdk::Request request;
  std::uint64_t index;
  audit::Hash leaf_hash;
};

// Everything that the server has answered so far.
struct Ledger {
  std::mutex mutex;
  std::vector<Acknowledged> acknowledged;
  std::vector<sdk::Request> unanswered;
  std::optional<audit::Checkpoint> last_seen;
};

// What the note says and the log's key has signed; nothing that the response says beside it.
base::Result<audit::Checkpoint> newest_checkpoint(const sdk::Client& client, const Keys& trusted) {
  const auto response = client.checkpoint();
  if (!response) return tl::unexpected(response.error());
  auto opened = audit::open_checkpoint(response->note, trusted, kOrigin);
  EXPECT_TRUE(opened.has_value()) << opened.error().message;
  return opened;
}

// Sends requests until the server is gone, and kills it once `kill_after` are answered.
void send_until_killed(const Site& site, const ServerProcess& server, const Keys& trusted,
                       std::size_t kill_after, Ledger& ledger) {
  std::atomic<bool> killed = false;
  std::vector<std::thread> clients;
  for (int c = 0; c < kClients; ++c) {
    clients.emplace_back([&] {
      const auto client = sdk::Client::connect(options_for(site, server, "k1"));
      for (int i = 0; !killed; ++i) {
        const sdk::Request request = matching_request();
        const auto answer = client->verify(request);
        const bool want_checkpoint = i % 16 == 0;
        const auto checkpoint = want_checkpoint && answer ? newest_checkpoint(*client, trusted)
                                                          : base::Result<audit::Checkpoint>();
        std::lock_guard lock(ledger.mutex);
        if (!answer) {
          ledger.unanswered.push_back(request);
          continue;
        }
        ledger.acknowledged.push_back(
            {request, *answer->record.leaf_index, answer->record.leaf_hash});
        if (want_checkpoint && checkpoint &&
            (!ledger.last_seen || checkpoint->size > ledger.last_seen->size)) {
          ledger.last_seen = *checkpoint;
        }
        if (ledger.acknowledged.size() >= kill_after && !killed.exchange(true)) {
          server.send(SIGKILL);
        }
      }
    });
  }
  for (std::thread& client : clients) client.join();
}

// Those from `first` on are there, where they were acknowledged.
void expect_records(const sdk::Client& kiosk, const Ledger& ledger, std::size_t first) {
  for (std::size_t i = first; i < ledger.acknowledged.size(); ++i) {
    const Acknowledged& known = ledger.acknowledged[i];
    const auto again = kiosk.verify(known.request);
    ASSERT_TRUE(again.has_value()) << again.error().message;
    ASSERT_TRUE(again->replayed);
    ASSERT_EQ(again->record.leaf_index, known.index);
    ASSERT_EQ(again->record.leaf_hash, known.leaf_hash);
  }
}

void expect_same_history(const Site& site, const ServerProcess& server, const Keys& trusted,
                         const Ledger& ledger) {
  ASSERT_TRUE(ledger.last_seen.has_value());
  const audit::Checkpoint& seen = *ledger.last_seen;
  const auto now = newest_checkpoint(client_for(site, server, "k1"), trusted);
  ASSERT_TRUE(now.has_value()) << now.error().message;
  ASSERT_GE(now->size, seen.size);
  const auto proof = client_for(site, server, "a1").consistency_proof(seen.size, now->size);
  ASSERT_TRUE(proof.has_value()) << proof.error().message;
  const auto consistent =
      audit::verify_consistency(seen.size, now->size, seen.root, now->root, proof->hashes);
  EXPECT_TRUE(consistent.has_value()) << consistent.error().message;
}

// How often: 20, or what the long run asks for.
int rounds() {
  const char* asked = std::getenv("PAXID_KILL_ROUNDS");
  return asked == nullptr ? 20 : std::atoi(asked);
}

TEST(Kill, EveryAcknowledgedRecordSurvives) {
  const Site site;
  Ledger ledger;
  Keys trusted;  // as the first run has written them, like a verifier who was told them once
  std::mt19937 random(20261122);
  std::optional<ServerProcess> server(std::in_place, site);
  std::size_t runs = 1;
  for (int round = 1; round <= rounds(); ++round) {
    if (round == 1) {
      const std::string text = read_text(site.path("store/demo.vkey"));
      const auto key = audit::parse_vkey(text.substr(0, text.find('\n')));
      ASSERT_TRUE(key.has_value()) << key.error().message;
      trusted = {*key};
    }
    const std::size_t before = ledger.acknowledged.size();
    send_until_killed(site, *server, trusted, before + 1 + random() % 120, ledger);
    EXPECT_EQ(server->wait(), 128 + SIGKILL);
    // The one that is killed next.
    server.emplace(site);
    ++runs;
    expect_records(client_for(site, *server, "k1"), ledger, before);
    expect_same_history(site, *server, trusted, ledger);
    if (HasFatalFailure()) return;
  }
  const sdk::Client kiosk = client_for(site, *server, "k1");
  expect_records(kiosk, ledger, 0);

  // Whether an unanswered request left a record or not: repeated, it has exactly one.
  std::map<std::uint64_t, int> records;
  for (const Acknowledged& known : ledger.acknowledged) ++records[known.index];
  for (const sdk::Request& request : ledger.unanswered) {
    const auto answer = kiosk.verify(request);
    ASSERT_TRUE(answer.has_value()) << answer.error().message;
    ++records[*answer->record.leaf_index];
  }
  for (const auto& [index, count] : records) EXPECT_EQ(count, 1) << "record " << index;
  // Each run of the server names its policy once, before the first verdict.
  EXPECT_EQ(kiosk.checkpoint()->tree_size, records.size() + runs);
  EXPECT_EQ(server->stop(), 0);
  expect_sound(site);
}

}  // namespace
}  // namespace paxid::faults
