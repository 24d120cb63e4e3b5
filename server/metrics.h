#pragma once

#include <functional>
#include <memory>
#include <string>

#include "audit/store.h"
#include "base/clock.h"
#include "base/error.h"
#include "server/anchor.h"
#include "server/call_counts.h"

namespace paxid::server {

// The most logs whose size is told one by one; what is beyond is told as their sum.
inline constexpr std::size_t kMaxMeasuredLogs = 64;

// Where the figures come from. What it refers to must outlive the endpoint.
struct MetricSources {
  const CallCounts& calls;
  audit::Store& store;
  const base::Clock& clock;
  std::string store_directory;
  std::string certificate_file;
  std::function<std::int64_t()> calls_under_way;
  std::function<std::size_t()> flights;
  std::function<std::size_t()> connections;
  std::function<std::uint64_t()> connections_refused;
  std::function<bool()> ready;
  std::function<AnchorStatus()> anchor;
};

// The figures as Prometheus reads them, GET /metrics (docs/operation.md lists them). No label
// holds more than tenant, method, code or reason; none a person. Ends with the object.
class MetricsEndpoint {
 public:
  // Listens at HOST:PORT, a loopback address; port 0 takes a free one. FAILED_PRECONDITION when
  // that cannot be.
  static base::Result<std::unique_ptr<MetricsEndpoint>> listen(const std::string& address,
                                                               MetricSources sources);
  ~MetricsEndpoint();
  MetricsEndpoint(const MetricsEndpoint&) = delete;
  MetricsEndpoint& operator=(const MetricsEndpoint&) = delete;

  int port() const;

 private:
  struct Parts;
  explicit MetricsEndpoint(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace paxid::server
