#include "server/connection_gate.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <mutex>
#include <thread>
#include <vector>

namespace paxid::server {
namespace {

class ConnectionGateTest : public testing::Test {
 protected:
  void open(const ConnectionLimits& limits, const char* address = "127.0.0.1:0") {
    auto gate = ConnectionGate::listen(address, limits);
    ASSERT_TRUE(gate.has_value()) << gate.error().message;
    gate_ = std::move(*gate);
    gate_->start([this](int connection) {
      const std::lock_guard lock(mutex_);
      taken_.push_back(connection);
    });
  }
  ~ConnectionGateTest() override {
    gate_.reset();
    for (const int connection : taken_) ::close(connection);
    for (const int client : clients_) ::close(client);
  }

  // A client from an address of the loopback network.
  int connect(const char* from = "127.0.0.1") {
    const int client = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    inet_pton(AF_INET, from, &address.sin_addr);
    EXPECT_EQ(::bind(client, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    address.sin_port = htons(static_cast<std::uint16_t>(gate_->port()));
    EXPECT_EQ(::connect(client, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    clients_.push_back(client);
    return client;
  }
  std::size_t taken() {
    const std::lock_guard lock(mutex_);
    return taken_.size();
  }
  // What both sides have to do for a connection to end.
  void end(std::size_t index) {
    const std::lock_guard lock(mutex_);
    ::shutdown(taken_[index], SHUT_RDWR);
    ::close(std::exchange(taken_[index], -1));
  }
  // The other side has closed it.
  static bool is_closed(int client) {
    char byte = 0;
    return ::recv(client, &byte, 1, 0) <= 0;
  }
  template <class Condition>
  static void wait_until(Condition condition) {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!condition()) {
      ASSERT_LT(std::chrono::steady_clock::now(), give_up) << "waited in vain";
      std::this_thread::yield();
    }
  }

  std::unique_ptr<ConnectionGate> gate_;
  std::mutex mutex_;
  std::vector<int> taken_;
  std::vector<int> clients_;
};

TEST_F(ConnectionGateTest, ClosesWhatIsTooMuchOfOnePeer) {
  open({10, 3});
  for (int i = 0; i < 3; ++i) connect();
  wait_until([&] { return taken() == 3; });
  EXPECT_TRUE(is_closed(connect()));
  EXPECT_EQ(gate_->refused(), 1U);
  // Another peer comes in, and the first again when one of its connections has ended.
  connect("127.0.0.2");
  wait_until([&] { return taken() == 4; });
  end(0);
  wait_until([&] { return gate_->open() == 3; });
  connect();
  wait_until([&] { return taken() == 5; });
  EXPECT_TRUE(is_closed(connect()));
  EXPECT_EQ(gate_->open(), 4U);
}

TEST_F(ConnectionGateTest, ClosesWhatIsTooMuchOfAll) {
  open({3, 2});
  connect("127.0.0.1");
  connect("127.0.0.1");
  connect("127.0.0.2");
  wait_until([&] { return taken() == 3; });
  EXPECT_TRUE(is_closed(connect("127.0.0.3")));
  EXPECT_EQ(gate_->refused(), 1U);
}

TEST_F(ConnectionGateTest, AClientThatIsGoneIsCountedUntilTheServerIsDone) {
  open({3, 3});
  const int client = connect();
  wait_until([&] { return taken() == 1; });
  ::shutdown(client, SHUT_RDWR);
  EXPECT_EQ(gate_->open(), 1U);
  end(0);
  wait_until([&] { return gate_->open() == 0; });
}

TEST_F(ConnectionGateTest, AfterCloseConnectionsGoOnAndNoneComes) {
  open({10, 10});
  const int client = connect();
  wait_until([&] { return taken() == 1; });
  const int port = gate_->port();
  gate_->close();
  gate_->close();
  const int late = ::socket(AF_INET, SOCK_STREAM, 0);
  clients_.push_back(late);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  EXPECT_NE(::connect(late, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  EXPECT_EQ(::send(taken_[0], "x", 1, 0), 1);
  char byte = 0;
  EXPECT_EQ(::recv(client, &byte, 1, 0), 1);
}

TEST_F(ConnectionGateTest, WhatCannotBeListenedOnIsAnError) {
  open({1, 1});
  const std::string taken = "127.0.0.1:" + std::to_string(gate_->port());
  for (const std::string& address :
       {taken, std::string("127.0.0.1"), std::string("no host:1"), std::string("192.0.2.1:0")}) {
    const auto gate = ConnectionGate::listen(address, {1, 1});
    ASSERT_FALSE(gate.has_value()) << address;
    EXPECT_EQ(gate.error().code, base::ErrorCode::kFailedPrecondition);
  }
}

TEST(ConnectionLimits, LeaveFilesForTheRest) {
  const auto limits = within_files({4'096, 1'024}, 1'024);
  EXPECT_EQ(limits.total, (1'024 - kReservedFiles) / 2);
  EXPECT_EQ(limits.per_peer, limits.total);
  EXPECT_EQ(within_files({4'096, 1'024}, 100'000).total, 4'096U);
  EXPECT_EQ(within_files({4'096, 1'024}, 100'000).per_peer, 1'024U);
  EXPECT_EQ(within_files({4'096, 1'024}, 10).total, 1U);
}

}  // namespace
}  // namespace paxid::server
