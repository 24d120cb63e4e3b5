#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/error.h"

struct addrinfo;

namespace paxid::server {

// Descriptors that connections leave to the store and everything else.
inline constexpr std::size_t kReservedFiles = 96;

struct ConnectionLimits {
  std::size_t total = 0;
  std::size_t per_peer = 0;  // of one IPv4 address, or of one /64 of IPv6
};
// As many connections as were asked for, if that many descriptors may be open: each takes two.
ConnectionLimits within_files(ConnectionLimits wanted, std::size_t file_limit);

// Accepts TCP connections, counts them by peer and closes at once what is too many. It stands
// before gRPC because that stops listening for ever when accept runs out of descriptors
// (CVE-2023-4785), and has no limit of connections. A connection is counted until both sides have
// shut it down.
class ConnectionGate {
 public:
  // Gets each connection that may come in, non-blocking, and owns it from then on. Called on the
  // gate's thread.
  using Take = std::function<void(int connection)>;

  // Listens on every address of HOST:PORT (an IPv6 host in brackets; port 0: a free one).
  // FAILED_PRECONDITION when there is none to listen on. Nothing is accepted before start().
  static base::Result<std::unique_ptr<ConnectionGate>> listen(const std::string& address,
                                                              const ConnectionLimits& limits);
  ~ConnectionGate();
  ConnectionGate(const ConnectionGate&) = delete;
  ConnectionGate& operator=(const ConnectionGate&) = delete;

  void start(Take take);
  // Accepts no more; connections go on. Idempotent.
  void close();

  int port() const { return port_; }
  std::size_t open() const { return open_.load(); }
  std::uint64_t refused() const { return refused_.load(); }

 private:
  // A descriptor that is closed with it.
  class File {
   public:
    explicit File(int descriptor = -1) : descriptor_(descriptor) {}
    File(File&& other) noexcept : descriptor_(other.release()) {}
    File& operator=(File&& other) noexcept;
    ~File() { reset(); }
    int get() const { return descriptor_; }
    int release();
    void reset();

   private:
    int descriptor_;
  };
  using Peer = std::array<std::uint8_t, 16>;

  explicit ConnectionGate(const ConnectionLimits& limits) : limits_(limits) {}

  bool listen_on(const ::addrinfo& address);
  void run();
  void accept_from(int listener);
  void admit(File connection, const Peer& peer);
  void forget(int watch);

  const ConnectionLimits limits_;
  int port_ = 0;
  Take take_;
  File poll_;
  File wake_;   // tells the thread to end
  File spare_;  // given up to accept, and close, what comes when no descriptor is left
  std::vector<File> listeners_;
  // The gate's thread alone: a second descriptor of each connection tells when it has ended.
  std::unordered_map<int, Peer> watched_;
  std::map<Peer, std::size_t> by_peer_;
  std::atomic<std::size_t> open_{0};
  std::atomic<std::uint64_t> refused_{0};
  std::thread thread_;
};

}  // namespace paxid::server
