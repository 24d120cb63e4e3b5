#include "server/connection_gate.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace paxid::server {
namespace {

constexpr int kMaxEvents = 64;
constexpr std::size_t kPrefixBytes = 8;  // of an IPv6 address: its /64

std::array<std::uint8_t, 16> peer_of(const sockaddr_storage& address) {
  std::array<std::uint8_t, 16> peer{};
  if (address.ss_family == AF_INET) {
    const auto& four = reinterpret_cast<const sockaddr_in&>(address);
    std::memcpy(peer.data() + 12, &four.sin_addr, 4);
  } else if (address.ss_family == AF_INET6) {
    const auto& six = reinterpret_cast<const sockaddr_in6&>(address);
    const bool mapped = IN6_IS_ADDR_V4MAPPED(&six.sin6_addr) != 0;
    const std::size_t from = mapped ? 12 : 0;
    std::memcpy(peer.data() + from, six.sin6_addr.s6_addr + from, mapped ? 4 : kPrefixBytes);
  }
  return peer;
}

void set_port(sockaddr_storage& address, int port) {
  const auto network = htons(static_cast<std::uint16_t>(port));
  if (address.ss_family == AF_INET) reinterpret_cast<sockaddr_in&>(address).sin_port = network;
  if (address.ss_family == AF_INET6) reinterpret_cast<sockaddr_in6&>(address).sin6_port = network;
}

int port_of(const sockaddr_storage& address) {
  return ntohs(address.ss_family == AF_INET6
                   ? reinterpret_cast<const sockaddr_in6&>(address).sin6_port
                   : reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

bool watch(int poll, int descriptor, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.fd = descriptor;
  return ::epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event) == 0;
}

void set_on(int descriptor, int level, int name) {
  const int on = 1;
  ::setsockopt(descriptor, level, name, &on, sizeof on);
}

}  // namespace

ConnectionLimits within_files(ConnectionLimits wanted, std::size_t file_limit) {
  const std::size_t most = file_limit > kReservedFiles ? (file_limit - kReservedFiles) / 2 : 1;
  wanted.total = std::min(wanted.total, most);
  wanted.per_peer = std::min(wanted.per_peer, wanted.total);
  return wanted;
}

ConnectionGate::File& ConnectionGate::File::operator=(File&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

int ConnectionGate::File::release() { return std::exchange(descriptor_, -1); }

void ConnectionGate::File::reset() {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

bool ConnectionGate::listen_on(const addrinfo& found) {
  sockaddr_storage address{};
  std::memcpy(&address, found.ai_addr, found.ai_addrlen);
  // The first address may have taken a free port: the others take the same.
  if (port_ != 0) set_port(address, port_);
  File listener(::socket(found.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (listener.get() < 0) return false;
  set_on(listener.get(), SOL_SOCKET, SO_REUSEADDR);
  socklen_t size = sizeof address;
  if (::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), found.ai_addrlen) != 0 ||
      ::listen(listener.get(), SOMAXCONN) != 0 ||
      ::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0 ||
      !watch(poll_.get(), listener.get(), EPOLLIN)) {
    return false;
  }
  port_ = port_of(address);
  listeners_.push_back(std::move(listener));
  return true;
}

base::Result<std::unique_ptr<ConnectionGate>> ConnectionGate::listen(
    const std::string& address, const ConnectionLimits& limits) {
  std::unique_ptr<ConnectionGate> gate(new ConnectionGate(limits));
  gate->poll_ = File(::epoll_create1(EPOLL_CLOEXEC));
  gate->wake_ = File(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  gate->spare_ = File(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const std::size_t colon = address.rfind(':');
  std::string host = address.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const bool known = colon != address.npos &&
                     ::getaddrinfo(host.c_str(), address.c_str() + colon + 1, &hints, &found) == 0;
  for (const addrinfo* at = found; at != nullptr; at = at->ai_next) gate->listen_on(*at);
  if (known) ::freeaddrinfo(found);
  if (gate->listeners_.empty() || !watch(gate->poll_.get(), gate->wake_.get(), EPOLLIN)) {
    return base::fail(base::ErrorCode::kFailedPrecondition,
                      "cannot listen there; is the port in use?");
  }
  return gate;
}

void ConnectionGate::start(Take take) {
  take_ = std::move(take);
  thread_ = std::thread([this] { run(); });
}

void ConnectionGate::close() {
  if (thread_.joinable()) {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t told = ::write(wake_.get(), &one, sizeof one);
    thread_.join();
  }
  listeners_.clear();
}

ConnectionGate::~ConnectionGate() {
  close();
  for (const auto& [descriptor, peer] : watched_) ::close(descriptor);
}

void ConnectionGate::run() {
  std::array<epoll_event, kMaxEvents> events{};
  for (;;) {
    const int count = ::epoll_wait(poll_.get(), events.data(), kMaxEvents, -1);
    for (int i = 0; i < count; ++i) {
      const int descriptor = events[static_cast<std::size_t>(i)].data.fd;
      if (descriptor == wake_.get()) return;
      if (watched_.contains(descriptor)) {
        forget(descriptor);
      } else {
        accept_from(descriptor);
      }
    }
  }
}

void ConnectionGate::accept_from(int listener) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  const auto accept = [&] {
    return File(::accept4(listener, reinterpret_cast<sockaddr*>(&address), &size,
                          SOCK_NONBLOCK | SOCK_CLOEXEC));
  };
  File connection = accept();
  if (connection.get() >= 0) return admit(std::move(connection), peer_of(address));
  if (errno != EMFILE && errno != ENFILE) return;
  spare_.reset();
  connection = accept();
  connection.reset();
  spare_ = File(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  ++refused_;
}

void ConnectionGate::admit(File connection, const Peer& peer) {
  std::size_t& of_peer = by_peer_[peer];
  File second(open_ < limits_.total && of_peer < limits_.per_peer
                  ? ::fcntl(connection.get(), F_DUPFD_CLOEXEC, 0)
                  : -1);
  // No event is asked for: the end of both directions is always told.
  if (second.get() < 0 || !watch(poll_.get(), second.get(), 0)) {
    if (of_peer == 0) by_peer_.erase(peer);
    ++refused_;
    return;
  }
  ++of_peer;
  ++open_;
  watched_.emplace(second.release(), peer);
  set_on(connection.get(), IPPROTO_TCP, TCP_NODELAY);
  take_(connection.release());
}

void ConnectionGate::forget(int descriptor) {
  const auto found = watched_.find(descriptor);
  const auto peer = by_peer_.find(found->second);
  if (--peer->second == 0) by_peer_.erase(peer);
  watched_.erase(found);
  --open_;
  ::close(descriptor);
}

}  // namespace paxid::server
