// The client library against the real program: several servers, health, calls that nobody waits
// for.

#include "clients/sdk/async_client.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>
#include <optional>

#include "tests/integration/fixture.h"

namespace paxid::integration {
namespace {

// Where nobody listens: the discard port of RFC 863.
const std::string kNobody = "127.0.0.1:9";

// What a watcher has said last, to be waited for.
class Health {
 public:
  sdk::AsyncClient::HealthWatcher watcher() {
    return [this](bool answers) {
      const std::lock_guard lock(mutex_);
      answers_ = answers;
      changed_.notify_all();
    };
  }
  bool becomes(bool answers) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [&] { return answers_ == answers; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<bool> answers_;
};

TEST(SeveralServers, TheNextOneIsAskedWhenOneDoesNotAnswer) {
  const Site site;
  const ServerProcess server(site);
  sdk::ClientOptions options = options_for(site, server, "k1");
  options.server = kNobody;
  options.further_servers = {server.address()};
  const auto client = sdk::Client::connect(options);
  ASSERT_TRUE(client.has_value());
  for (int i = 0; i < 3; ++i) {
    const auto answer = client->verify(matching_request());
    EXPECT_TRUE(answer.has_value()) << answer.error().message;
  }
  Health health;
  const auto async = sdk::AsyncClient::connect(options, health.watcher());
  ASSERT_TRUE(async.has_value());
  EXPECT_TRUE(health.becomes(true));
  std::promise<base::Result<sdk::Answer>> answer;
  async->verify(matching_request(), [&](const auto& came) { answer.set_value(came); });
  EXPECT_TRUE(answer.get_future().get().has_value());
}

TEST(AsyncClient, SaysWhenTheServerStopsToAnswer) {
  const Site site;
  ServerProcess server(site);
  Health health;
  sdk::ClientOptions options = options_for(site, server, "k1");
  const auto client = sdk::AsyncClient::connect(options, health.watcher());
  ASSERT_TRUE(client.has_value());
  EXPECT_TRUE(health.becomes(true));
  server.send(SIGKILL);
  server.wait();
  EXPECT_TRUE(health.becomes(false));
  std::promise<base::Result<sdk::Answer>> answer;
  client->verify(matching_request(), [&](const auto& came) { answer.set_value(came); });
  const auto came = answer.get_future().get();
  ASSERT_FALSE(came.has_value());
  EXPECT_EQ(came.error().code, base::ErrorCode::kUnavailable);
}

TEST(AsyncClient, NothingIsCalledAfterItsEnd) {
  constexpr int kEnds = 10;  // the end and the library's threads meet anew each time
  const Site site;
  ServerProcess server(site);
  std::atomic<int> called{0};
  for (int i = 0; i < kEnds; ++i) {
    const auto client = sdk::AsyncClient::connect(options_for(site, server, "k1"), [](bool) {});
    ASSERT_TRUE(client.has_value());
    server.send(SIGSTOP);  // the call is under way for as long as it likes
    client->verify(matching_request(), [&](const auto&) { ++called; });
  }
  server.send(SIGCONT);
  EXPECT_EQ(called.load(), 0);
}

TEST(AsyncClient, RefusesFilesThatAreNotThere) {
  const Site site;
  sdk::ClientOptions options{kNobody, site.tls("ca.pem"), site.tls("k1.pem"), site.tls("none")};
  const auto client = sdk::AsyncClient::connect(options, nullptr);
  ASSERT_FALSE(client.has_value());
  EXPECT_EQ(client.error().code, base::ErrorCode::kNotFound);
}

}  // namespace
}  // namespace paxid::integration
