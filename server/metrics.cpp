#include "server/metrics.h"

#include <prometheus/collectable.h>
#include <prometheus/exposer.h>
#include <prometheus/metric_family.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <fstream>
#include <limits>
#include <utility>
#include <vector>

#include "base/file.h"
#include "server/access.h"
#include "server/certificates.h"
#include "server/privacy_flow.h"
#include "server/readiness.h"
#include "verification/engine.h"

namespace paxid::server {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

ClientMetric sample(MetricType type, double value, Labels labels = {}) {
  ClientMetric metric;
  metric.label = std::move(labels);
  if (type == MetricType::Counter) metric.counter.value = value;
  if (type == MetricType::Gauge) metric.gauge.value = value;
  return metric;
}

MetricFamily counter(const char* name, const char* help, std::uint64_t value) {
  return {name, help, MetricType::Counter, {sample(MetricType::Counter, double(value))}};
}

MetricFamily seconds(const char* name, const char* help, std::uint64_t nanoseconds) {
  return {
      name, help, MetricType::Counter, {sample(MetricType::Counter, double(nanoseconds) / 1e9)}};
}

MetricFamily gauge(const char* name, const char* help, double value) {
  return {name, help, MetricType::Gauge, {sample(MetricType::Gauge, value)}};
}

template <class Counts>
ClientMetric histogram(const Counts& counts, std::chrono::nanoseconds total, Labels labels) {
  ClientMetric metric;
  metric.label = std::move(labels);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    metric.histogram.sample_count += counts[i];
    const double bound =
        i < kDurationBounds.size() ? kDurationBounds[i] : std::numeric_limits<double>::infinity();
    metric.histogram.bucket.push_back({metric.histogram.sample_count, bound});
  }
  metric.histogram.sample_sum = std::chrono::duration<double>(total).count();
  return metric;
}

void add_calls(const MetricSources& sources, std::vector<MetricFamily>& families) {
  MetricFamily calls{"paxid_calls_total",
                     "Calls and questions of streams that have ended.",
                     MetricType::Counter,
                     {}};
  MetricFamily seconds{"paxid_call_seconds",
                       "How long they took, from admission to answer.",
                       MetricType::Histogram,
                       {}};
  for (std::size_t row = 0; row < access_table().size(); ++row) {
    const std::string method(access_table()[row].method);
    const CallCounts::OfMethod counts = sources.calls.of(row);
    const ClientMetric times = histogram(counts.by_duration, counts.total, {{"method", method}});
    // What was never called is left out: it would be most of the page.
    if (times.histogram.sample_count == 0) continue;
    for (std::size_t i = 0; i < kOutcomes.size(); ++i) {
      if (counts.by_outcome[i] == 0) continue;
      const std::string code(kOutcomes[i] ? base::name_of(*kOutcomes[i]) : "OK");
      calls.metric.push_back(sample(MetricType::Counter, double(counts.by_outcome[i]),
                                    {{"method", method}, {"code", code}}));
    }
    seconds.metric.push_back(times);
  }
  families.push_back(std::move(calls));
  families.push_back(std::move(seconds));
  MetricFamily denied{
      "paxid_calls_denied_total", "Calls refused for who made them.", MetricType::Counter, {}};
  for (const Denial denial : kAllDenials) {
    denied.metric.push_back(sample(MetricType::Counter, double(sources.calls.of(denial)),
                                   {{"reason", std::string(name_of(denial))}}));
  }
  families.push_back(std::move(denied));
  families.push_back(gauge("paxid_calls_under_way", "Calls and streams that have not ended.",
                           double(sources.calls_under_way())));
}

void add_store(const MetricSources& sources, std::vector<MetricFamily>& families) {
  const audit::StoreStatistics store = sources.store.statistics();
  families.push_back(counter("paxid_records_total", "Records made durable.", store.appended));
  families.push_back(
      counter("paxid_replays_total", "Requests answered from an earlier record.", store.replayed));
  families.push_back(counter("paxid_request_id_conflicts_total",
                             "Request ids that were used for another request.", store.conflicts));
  families.push_back(counter("paxid_records_refused_total",
                             "Records refused: queue or disk full, store failed.", store.refused));
  families.push_back(counter("paxid_commits_total",
                             "Transactions on disk; records by commits is the batch size.",
                             store.commits));
  families.push_back(seconds("paxid_commit_seconds_total",
                             "Time of all transactions until they were on disk.",
                             store.commit_nanoseconds));
  families.push_back(seconds("paxid_sync_seconds_total", "Of that: waiting for the disk.",
                             store.sync_nanoseconds));
  families.push_back(
      counter("paxid_checkpoints_signed_total", "Checkpoints signed.", store.checkpoints_signed));
  families.push_back(counter("paxid_checkpoints_failed_total", "Checkpoints not signed.",
                             store.checkpoints_failed));
  if (store.checkpoint_unix_us != 0) {
    families.push_back(gauge(
        "paxid_checkpoint_age_seconds", "Since the last checkpoint was signed.",
        (double(sources.clock.unix_microseconds()) - double(store.checkpoint_unix_us)) / 1e6));
  }
  families.push_back(
      gauge("paxid_queued_records", "Records that wait for the committer.", double(store.queued)));
  families.push_back(gauge("paxid_wal_pages", "Pages in the write-ahead log after a commit.",
                           double(store.wal_pages)));
  families.push_back(counter("paxid_write_backs_total",
                             "How often the whole write-ahead log was written back.",
                             store.write_backs));
  families.push_back(counter("paxid_write_back_attempts_total",
                             "How often that was tried; a reader may need a part of it.",
                             store.write_back_attempts));
  families.push_back(
      gauge("paxid_store_healthy", "1 until a write to disk failed.", store.healthy ? 1 : 0));
  families.push_back(gauge("paxid_store_reachable", "1 while the records' database answers.",
                           store.reachable ? 1 : 0));
  families.push_back(gauge("paxid_promised_records",
                           "Records of all servers that wait for their place in the log.",
                           double(store.promised)));
  families.push_back(gauge(
      "paxid_promise_age_seconds", "For how long the oldest of them has waited.",
      store.oldest_promise_unix_us == 0 ? 0
                                        : std::max(0.0, (double(sources.clock.unix_microseconds()) -
                                                         double(store.oldest_promise_unix_us)) /
                                                            1e6)));
}

// What every log of the store has to say.
void add_logs(const MetricSources& sources, std::vector<MetricFamily>& families) {
  MetricFamily records{"paxid_log_records",
                       "Records of a tenant's log; \"\": of all others.",
                       MetricType::Gauge,
                       {}};
  double others = 0, open = 0, due_soon = 0, overdue = 0;
  const auto now = sources.clock.unix_microseconds();
  const std::chrono::microseconds warning = kDeadlineWarning;
  const auto soon = now + static_cast<std::uint64_t>(warning.count());
  const auto tenants = sources.store.tenants();
  for (const std::string& tenant : tenants ? *tenants : std::vector<std::string>{}) {
    const double size = double(sources.store.tree_size(tenant).value_or(0));
    if (records.metric.size() < kMaxMeasuredLogs) {
      records.metric.push_back(sample(MetricType::Gauge, size, {{"tenant", tenant}}));
    } else {
      others += size;
    }
    const auto deadlines = sources.store.deadlines(tenant);
    if (!deadlines) continue;
    for (const audit::Deadline& deadline : *deadlines) {
      if (deadline.closed_by) continue;
      ++open;
      if (deadline.due_unix_us < now) {
        ++overdue;
      } else if (deadline.due_unix_us <= soon) {
        ++due_soon;
      }
    }
  }
  if (others > 0) records.metric.push_back(sample(MetricType::Gauge, others, {{"tenant", ""}}));
  families.push_back(std::move(records));
  families.push_back(
      gauge("paxid_deadlines_open", "Requests of persons that are to be answered.", open));
  families.push_back(
      gauge("paxid_deadlines_due_soon", "Those due within the next seven days.", due_soon));
  families.push_back(gauge("paxid_deadlines_overdue", "Those whose day has passed.", overdue));
}

double resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  double pages = 0, resident = 0;
  statm >> pages >> resident;
  return resident * double(::sysconf(_SC_PAGESIZE));
}

void add_process(const MetricSources& sources, std::vector<MetricFamily>& families) {
  families.push_back({"paxid_build_info",
                      "1; the version is in the label.",
                      MetricType::Gauge,
                      {sample(MetricType::Gauge, 1,
                              {{"version", std::string(verification::Engine::version())},
                               {"storage", std::string(sources.store.statistics().storage)}})}});
  const AnchorStatus anchor = sources.anchor();
  families.push_back(
      counter("paxid_anchored_total", "Checkpoints taken outside.", anchor.anchored));
  families.push_back(counter("paxid_anchor_failures_total",
                             "Attempts to take them outside that failed.", anchor.failed));
  families.push_back(
      gauge("paxid_anchor_failing", "1 when the last attempt failed.", anchor.failing ? 1 : 0));
  families.push_back(gauge("paxid_ready", "1 while health says SERVING.", sources.ready() ? 1 : 0));
  families.push_back(gauge("paxid_flights", "Loaded flights.", double(sources.flights())));
  families.push_back(
      gauge("paxid_connections", "Connections that are open.", double(sources.connections())));
  families.push_back(counter("paxid_connections_refused_total",
                             "Connections closed at once: too many, of all or of one peer.",
                             sources.connections_refused()));
  if (const auto free = DiskWatch::free_bytes(sources.store_directory)) {
    families.push_back(
        gauge("paxid_disk_free_bytes", "Free on the disk of the store.", double(*free)));
  }
  const auto certificate = base::read_file(sources.certificate_file, kMaxPemBytes);
  if (const auto expiry = certificate ? expiry_of(*certificate) : std::nullopt) {
    families.push_back(gauge("paxid_certificate_expiry_seconds",
                             "Until the server's certificate expires.",
                             double(*expiry) - double(sources.clock.unix_microseconds()) / 1e6));
  }
  families.push_back(
      gauge("process_resident_memory_bytes", "Resident memory size.", resident_bytes()));
  const FileDescriptors files = FileDescriptors::now();
  families.push_back(gauge("process_open_fds", "Open file descriptors.", double(files.open)));
  families.push_back(gauge("process_max_fds", "Most open file descriptors.", double(files.limit)));
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return double(time.tv_sec) + double(time.tv_usec) / 1e6;
  };
  families.push_back(
      {"process_cpu_seconds_total",
       "Processor time.",
       MetricType::Counter,
       {sample(MetricType::Counter, seconds(usage.ru_utime) + seconds(usage.ru_stime))}});
}

class Collector final : public prometheus::Collectable {
 public:
  explicit Collector(MetricSources sources) : sources_(std::move(sources)) {}

  std::vector<MetricFamily> Collect() const override {
    std::vector<MetricFamily> families;
    add_calls(sources_, families);
    add_store(sources_, families);
    add_logs(sources_, families);
    add_process(sources_, families);
    return families;
  }

 private:
  const MetricSources sources_;
};

}  // namespace

// The exposer knows of the collector for as long as that lives.
struct MetricsEndpoint::Parts {
  std::shared_ptr<Collector> collector;
  std::unique_ptr<prometheus::Exposer> exposer;
};

MetricsEndpoint::MetricsEndpoint(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
MetricsEndpoint::~MetricsEndpoint() = default;

base::Result<std::unique_ptr<MetricsEndpoint>> MetricsEndpoint::listen(const std::string& address,
                                                                       MetricSources sources) {
  auto parts = std::make_unique<Parts>();
  parts->collector = std::make_shared<Collector>(std::move(sources));
  // The HTTP library knows addresses, not names.
  constexpr std::string_view kName = "localhost:";
  const std::string bound =
      address.starts_with(kName) ? "127.0.0.1:" + address.substr(kName.size()) : address;
  try {
    parts->exposer = std::make_unique<prometheus::Exposer>(bound, /*num_threads=*/1);
    parts->exposer->RegisterCollectable(parts->collector);
  } catch (const std::exception&) {
    return base::fail(base::ErrorCode::kFailedPrecondition,
                      "cannot listen there; is the port in use?");
  }
  return std::unique_ptr<MetricsEndpoint>(new MetricsEndpoint(std::move(parts)));
}

int MetricsEndpoint::port() const {
  const auto ports = parts_->exposer->GetListeningPorts();
  return ports.empty() ? 0 : ports.front();
}

}  // namespace paxid::server
