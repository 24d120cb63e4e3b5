#include "server/server.h"

#include <grpc/grpc.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "audit/api_log.h"
#include "audit/kek.h"
#include "audit/postgres_store.h"
#include "audit/sqlite_store.h"
#include "audit/store_files.h"
#include "base/file.h"
#include "bcbp/key_table.h"
#include "server/access.h"
#include "server/anchor.h"
#include "server/audit_service.h"
#include "server/authentication.h"
#include "server/calls.h"
#include "server/connection_gate.h"
#include "server/decision_service.h"
#include "server/flights.h"
#include "server/manifest_service.h"
#include "server/metrics.h"
#include "server/policy_book.h"
#include "server/privacy_service.h"
#include "server/readiness.h"
#include "server/record_body.h"
#include "server/retention.h"
#include "server/revocations.h"
#include "server/verification_service.h"
#include "server/witnesses.h"
#include "server/worker.h"

namespace paxid::server {
namespace {

using base::ErrorCode;
using Acceptor = grpc::experimental::ExternalConnectionAcceptor;

constexpr int kMaxReceivedMessageBytes = 64 * 1024;
constexpr int kMaxMetadataBytes = 8 * 1024;
constexpr int kHandshakeTimeoutMs = 5'000;
constexpr int kKeepaliveTimeMs = 60'000;
constexpr int kKeepaliveTimeoutMs = 20'000;
constexpr int kMinPingIntervalMs = 10'000;
constexpr int kMaxPingStrikes = 2;
constexpr int kConnectionAgeGraceMs = 30'000;
constexpr int kMaxLibraryThreads = 64;
// How often the certificate files are looked at.
constexpr unsigned kCertificateRefreshSeconds = 10;

// What health knows: services that record, one that reads, and the process itself, which lives
// until it ends.
constexpr std::array kRecordingServices{"", "paxid.v1.VerificationService",
                                        "paxid.v1.DecisionService", "paxid.v1.ManifestService",
                                        "paxid.v1.PrivacyService"};
constexpr const char* kReadingService = "paxid.v1.AuditService";
constexpr const char* kLiveness = "live";

// The health of the anchoring is a name of its own: no answer depends on it.
constexpr const char* kAnchorName = "paxid.anchor";
// An entry of the API-processing log that is a year old goes within this time.
constexpr std::chrono::minutes kApiPruneInterval{1};

// How often disk and clock are looked at.
constexpr std::chrono::seconds kWatchInterval{1};
// After the last call has ended its answer is given this long to leave.
constexpr std::chrono::milliseconds kLastAnswers{250};
constexpr std::chrono::milliseconds kDrainPoll{10};

// Linking the reflection library puts its plugin into every server; the port of the service
// must not have it.
class WithoutReflection final : public grpc::ServerBuilderOption {
 public:
  void UpdateArguments(grpc::ChannelArguments*) override {}
  void UpdatePlugins(std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>* plugins) override {
    plugins->erase(std::remove_if(plugins->begin(), plugins->end(),
                                  [](const auto& plugin) {
                                    return plugin->name() == "proto_server_reflection";
                                  }),
                   plugins->end());
  }
};

tl::unexpected<base::Error> fail_at(base::Error error, std::string key) {
  if (!error.field.empty() && error.field != key) error.message = error.field + " " + error.message;
  error.field = std::move(key);
  return tl::unexpected(std::move(error));
}

base::Result<PrincipalRegistry> load_registry(const Configuration& configuration) {
  const auto text = base::read_file(configuration.access_registry, kMaxRegistryBytes);
  if (!text) return fail_at(text.error(), "access.registry");
  auto registry = PrincipalRegistry::parse(*text);
  if (!registry) return fail_at(registry.error(), "access.registry");
  return registry;
}

base::Result<bcbp::KeyTable> load_pass_keys(const Configuration& configuration) {
  if (configuration.passes_keys.empty()) return bcbp::KeyTable();
  const auto text = base::read_file(configuration.passes_keys, bcbp::kMaxKeyTableBytes);
  if (!text) return fail_at(text.error(), "passes.keys");
  auto keys = bcbp::KeyTable::parse(*text);
  if (!keys) return fail_at(keys.error(), "passes.keys");
  return keys;
}

base::Result<DenyList> load_deny_list(const Configuration& configuration) {
  auto list = Revocations::load(configuration.access_deny_list);
  if (!list) return fail_at(list.error(), "access.deny_list");
  return list;
}

base::Result<std::shared_ptr<const PolicyBook>> load_policies(const Configuration& configuration) {
  auto book = PolicyBook::load(configuration.policy_directory, configuration.policy_approvers);
  if (!book) return fail_at(book.error(), "policy.directory");
  return book;
}

AnchorPlaces anchor_places(const Configuration& configuration) {
  return {configuration.anchor_directory, configuration.anchor_command,
          std::chrono::seconds(configuration.anchor_interval_seconds)};
}

FlightLimits flight_limits(const Configuration& configuration) {
  return {static_cast<std::size_t>(configuration.flights_per_tenant),
          std::chrono::minutes(configuration.keep_after_departure_minutes)};
}

ConnectionLimits connection_limits(const Configuration& configuration) {
  return within_files({static_cast<std::size_t>(configuration.connections),
                       static_cast<std::size_t>(configuration.connections_per_peer)},
                      FileDescriptors::now().limit);
}

// In the order of kAllPools.
PoolRates pool_rates(const Configuration& configuration) {
  return {PoolRate{configuration.verify_per_principal, configuration.verify_per_tenant},
          PoolRate{configuration.audit_per_principal, configuration.audit_per_tenant},
          PoolRate{configuration.admin_per_principal, configuration.admin_per_tenant},
          PoolRate{configuration.manifest_per_principal, configuration.manifest_per_tenant}};
}

RetentionPeriods retention_periods(const Configuration& configuration) {
  using std::chrono::days;
  return {std::chrono::hours(configuration.retention_match_hours),
          days(configuration.retention_review_days), days(configuration.retention_mismatch_days),
          days(configuration.retention_access_days), days(configuration.retention_operation_days)};
}

base::Result<void> make_private_directory(const std::string& path) {
  std::error_code error;
  if (std::filesystem::create_directories(path, error)) {
    std::filesystem::permissions(path, std::filesystem::perms::owner_all, error);
  }
  if (error) return base::fail(ErrorCode::kFailedPrecondition, "cannot make " + path);
  return {};
}

base::Result<std::unique_ptr<audit::Store>> open_store(const Configuration& configuration,
                                                       const base::Clock& clock) {
  for (const std::string* file : {&configuration.store_signing_key, &configuration.store_kek}) {
    if (file == &configuration.store_kek && !audit::is_kek_file(*file)) continue;
    const auto made = make_private_directory(std::filesystem::path(*file).parent_path().string());
    if (!made) return fail_at(made.error(), "store");
  }
  if (configuration.store_postgresql.empty()) {
    auto store = audit::open_sqlite_store(store_options(configuration), clock);
    if (!store) return fail_at(store.error(), "store");
    return store;
  }
  if (std::filesystem::exists(configuration.store_directory + "/log.db")) {
    return base::fail(ErrorCode::kFailedPrecondition,
                      "the directory has records of its own: paxid-server store migrate takes them "
                      "into the database",
                      "store.postgresql");
  }
  auto store = audit::open_postgres_store(postgres_options(configuration), clock);
  if (!store) return fail_at(store.error(), "store.postgresql");
  return store;
}

// The logs' public keys lie beside the logs, for the operator to hand to whoever verifies.
base::Result<void> write_verifier_keys(const std::set<std::string>& tenants, audit::Store& store,
                                       const std::string& directory) {
  for (const std::string& tenant : tenants) {
    const auto key = store.vkey(tenant);
    if (!key) return fail_at(key.error(), "store");
    std::ofstream file(std::filesystem::path(directory) / (tenant + ".vkey"));
    file << *key << "\n";
    if (!file.flush()) {
      return base::fail(ErrorCode::kFailedPrecondition, "cannot write the verifier keys", "store");
    }
  }
  return {};
}

std::shared_ptr<grpc::ServerCredentials> credentials_of(
    const Configuration& configuration, const std::shared_ptr<AccessProcessor>& access) {
  auto files = std::make_shared<grpc::experimental::FileWatcherCertificateProvider>(
      configuration.tls_private_key, configuration.tls_certificate, configuration.tls_client_ca,
      kCertificateRefreshSeconds);
  grpc::experimental::TlsServerCredentialsOptions options(files);
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  auto credentials = grpc::experimental::TlsServerCredentials(options);
  credentials->SetAuthMetadataProcessor(access);
  return credentials;
}

void set_limits(grpc::ServerBuilder& builder, const Configuration& configuration) {
  const auto argument = [&](const char* name, std::int64_t value) {
    builder.AddChannelArgument(name, static_cast<int>(value));
  };
  grpc::ResourceQuota quota("paxid");
  quota.Resize(static_cast<std::size_t>(configuration.memory_mib) * 1024 * 1024);
  quota.SetMaxThreads(kMaxLibraryThreads);
  builder.SetResourceQuota(quota);
  builder.SetMaxReceiveMessageSize(kMaxReceivedMessageBytes);
  argument(GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataBytes);
  argument(GRPC_ARG_MAX_CONCURRENT_STREAMS, configuration.concurrent_streams);
  argument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, configuration.connection_idle_seconds * 1000);
  argument(GRPC_ARG_MAX_CONNECTION_AGE_MS, configuration.connection_age_seconds * 1000);
  argument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, kConnectionAgeGraceMs);
  argument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, kHandshakeTimeoutMs);
  argument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveTimeMs);
  argument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  argument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 0);
  argument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, kMinPingIntervalMs);
  argument(GRPC_ARG_HTTP2_MAX_PING_STRIKES, kMaxPingStrikes);
  // A few compressed bytes could become more than the limit above allows to arrive.
  argument(GRPC_ARG_ENABLE_PER_MESSAGE_DECOMPRESSION, 0);
  // A second server on the same port must fail, not share it.
  argument(GRPC_ARG_ALLOW_REUSEPORT, 0);
}

}  // namespace

// In the order in which they depend on each other: destroyed from the last to the first.
struct Server::Parts {
  Parts(PrincipalRegistry r, DenyList denied, bcbp::KeyTable keys,
        std::shared_ptr<const PolicyBook> book, std::unique_ptr<audit::Store> s,
        std::unique_ptr<audit::ApiLog> api, std::vector<audit::WitnessKey> witness_keys,
        const base::Clock& c, Log& l, const Configuration& configuration)
      : log(l),
        clock(c),
        drain_delay(configuration.drain_delay_seconds),
        drain_time(configuration.drain_seconds),
        registry(std::move(r)),
        revocations(std::move(denied), configuration.access_deny_list),
        pass_keys(std::move(keys)),
        policies(std::move(book), configuration.policy_directory, configuration.policy_approvers),
        flights(flight_limits(configuration), c),
        store(std::move(s)),
        api_log(std::move(api)),
        witnesses(*store, std::move(witness_keys), configuration.store_directory),
        access(std::make_shared<AccessProcessor>(registry, revocations, counts, log)),
        calls(registry, revocations, pool_rates(configuration), counts, log),
        retention(*store, c, retention_periods(configuration)),
        clock_watch(c, std::chrono::steady_clock::now()),
        disk_watch(configuration.store_directory,
                   static_cast<std::uint64_t>(configuration.free_disk_mib) * 1024 * 1024),
        anchor(*store, c, anchor_places(configuration)),
        verification(calls, policies, pass_keys, flights, *store, *api_log, c, log),
        decision(calls, flights, *store, decider, c),
        manifest(calls, flights, *store, loader, c),
        audit(calls, *store, witnesses, *api_log, reader),
        privacy(calls, *store, officer, c, retention_periods(configuration)) {}

  void set_serving(const char* name, bool serving) {
    for (grpc::Server* server : {service.get(), admin.get()}) {
      if (server != nullptr) server->GetHealthCheckService()->SetServingStatus(name, serving);
    }
  }

  // Tells health what the server can do.
  void announce() {
    const std::lock_guard lock(health);
    const bool recording = !ending && !unready;
    for (const char* name : kRecordingServices) set_serving(name, recording);
    set_serving(kReadingService, !ending);
    set_serving(kLiveness, true);
  }

  void end_serving() {
    {
      const std::lock_guard lock(health);
      ending = true;
    }
    announce();
  }

  // Looks at disk and clock.
  void watch() {
    const auto now = std::chrono::steady_clock::now();
    if (now < next_watch) return;
    next_watch = now + kWatchInterval;
    std::optional<Unready> found;
    if (clock_watch.stepped(now)) found = Unready::kClockStepped;
    if (FileDescriptors::now().low()) found = Unready::kFilesLow;
    if (disk_watch.low()) found = Unready::kDiskLow;
    if (store->healthy() && !store->reachable()) found = Unready::kStoreUnreachable;
    {
      const std::lock_guard lock(health);
      if (found == unready) return;
      unready = found;
    }
    if (found) {
      log.write(LogLevel::kError, "not_ready", {{LogKey::kReason, name_of(*found)}});
    } else {
      log.write(LogLevel::kInfo, "ready");
    }
    announce();
  }

  void prune_api_log() {
    const std::chrono::microseconds interval = kApiPruneInterval;
    next_api_prune = clock.unix_microseconds() + static_cast<std::uint64_t>(interval.count());
    const auto pruned = api_log->prune();
    if (pruned) return;
    log.write(LogLevel::kError, "api_log_prune_failed",
              {{LogKey::kCode, base::name_of(pruned.error().code)}});
  }

  void take_outside() {
    const bool failing = anchor.status().failing;
    const auto anchored = anchor.step();
    if (!anchored) {
      log.write(LogLevel::kError, "anchor_failed",
                {{LogKey::kCode, base::name_of(anchored.error().code)},
                 {LogKey::kMessage, anchored.error().message},
                 {LogKey::kCount, static_cast<std::int64_t>(anchor.status().failed)}});
    } else if (failing) {
      log.write(LogLevel::kInfo, "anchor_works_again");
    }
    set_serving(kAnchorName, anchored.has_value());
  }

  MetricSources metric_sources(const Configuration& configuration) {
    return {counts,
            *store,
            clock,
            configuration.store_directory,
            configuration.tls_certificate,
            [this] { return calls.under_way(); },
            [this] { return flights.size(); },
            [this] { return gate->open(); },
            [this] { return gate->refused(); },
            [this] {
              const std::lock_guard lock(health);
              return !ending && !unready;
            },
            [this] { return anchor.status(); }};
  }

  Log& log;
  const base::Clock& clock;
  const std::chrono::seconds drain_delay;
  const std::chrono::seconds drain_time;
  const PrincipalRegistry registry;
  Revocations revocations;
  const bcbp::KeyTable pass_keys;
  Policies policies;
  Flights flights;
  const std::unique_ptr<audit::Store> store;
  const std::unique_ptr<audit::ApiLog> api_log;
  Witnesses witnesses;
  CallCounts counts;
  const std::shared_ptr<AccessProcessor> access;
  Calls calls;
  Retention retention;
  std::atomic<bool> retaining = false;  // a step is queued or runs
  std::mutex health;
  bool ending = false;
  std::optional<Unready> unready;
  // Of tend() alone.
  ClockWatch clock_watch;
  DiskWatch disk_watch;
  std::chrono::steady_clock::time_point next_watch;
  Anchor anchor;
  std::atomic<bool> outside = false;  // what tend_outside() has queued waits or runs
  std::atomic<std::uint64_t> next_api_prune = 0;
  // One for each pool of calls: what fills one does not keep another waiting.
  Worker decider;    // looks up what is decided on
  Worker reader;     // proofs and exports
  Worker officer;    // rights of persons, retention
  Worker loader;     // the only one that changes rosters
  Worker messenger;  // takes checkpoints outside, which may take long
  VerificationService verification;
  DecisionService decision;
  ManifestService manifest;
  AuditService audit;
  PrivacyService privacy;
  // On the admin listener they answer nothing (UNIMPLEMENTED); reflection describes them.
  v1::VerificationService::Service described_verification;
  v1::DecisionService::Service described_decision;
  v1::ManifestService::Service described_manifest;
  v1::AuditService::Service described_audit;
  v1::PrivacyService::Service described_privacy;
  std::unique_ptr<ConnectionGate> gate;
  std::unique_ptr<Acceptor> acceptor;
  // Destroyed first: their end waits for every call, and so for the worker's tasks.
  std::unique_ptr<grpc::Server> service;
  std::unique_ptr<grpc::Server> admin;
  std::unique_ptr<MetricsEndpoint> metrics;
  int admin_port = 0;
  std::once_flag stopped;
};

namespace {

// A server that listens nowhere: connections come through the acceptor.
std::unique_ptr<grpc::Server> serve(const Configuration& configuration,
                                    const std::shared_ptr<AccessProcessor>& access,
                                    std::initializer_list<grpc::Service*> services,
                                    std::unique_ptr<Acceptor>& acceptor) {
  grpc::ServerBuilder builder;
  set_limits(builder, configuration);
  builder.SetOption(std::make_unique<WithoutReflection>());
  for (grpc::Service* service : services) builder.RegisterService(service);
  acceptor = builder.experimental().AddExternalConnectionAcceptor(
      grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD,
      credentials_of(configuration, access));
  return builder.BuildAndStart();
}

std::unique_ptr<grpc::Server> listen_for_operators(const Configuration& configuration,
                                                   std::initializer_list<grpc::Service*> services,
                                                   int* port) {
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  set_limits(builder, configuration);
  for (grpc::Service* service : services) builder.RegisterService(service);
  builder.AddListeningPort(configuration.admin_address, grpc::InsecureServerCredentials(), port);
  auto server = builder.BuildAndStart();
  return *port == 0 ? nullptr : std::move(server);
}

}  // namespace

audit::SqliteStoreOptions store_options(const Configuration& configuration) {
  audit::SqliteStoreOptions options;
  options.directory = configuration.store_directory;
  options.origin_prefix = configuration.store_origin_prefix;
  options.signing_key_file = configuration.store_signing_key;
  options.kek = configuration.store_kek;
  options.previous_kek = configuration.store_previous_kek;
  options.software = software_of_engine();
  options.create_keys = true;
  return options;
}

audit::PostgresStoreOptions postgres_options(const Configuration& configuration) {
  audit::PostgresStoreOptions options;
  static_cast<audit::StoreOptions&>(options) = store_options(configuration);
  options.connection = configuration.store_postgresql;
  return options;
}

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Server::~Server() { stop(); }

base::Result<std::unique_ptr<Server>> Server::start(const Configuration& configuration,
                                                    const base::Clock& clock, Log& log) {
  if (Problems problems = check_files(configuration); !problems.empty()) {
    return tl::unexpected(std::move(problems.front()));
  }
  auto registry = load_registry(configuration);
  if (!registry) return tl::unexpected(registry.error());
  auto denied = load_deny_list(configuration);
  if (!denied) return tl::unexpected(denied.error());
  auto pass_keys = load_pass_keys(configuration);
  if (!pass_keys) return tl::unexpected(pass_keys.error());
  auto policies = load_policies(configuration);
  if (!policies) return tl::unexpected(policies.error());
  auto store = open_store(configuration, clock);
  if (!store) return tl::unexpected(store.error());
  auto witness_keys = load_witness_keys(configuration.witness_keys);
  if (!witness_keys) return fail_at(witness_keys.error(), "witness.keys");
  auto api_log = audit::ApiLog::open(audit::api_log_file(configuration.store_directory), clock);
  if (!api_log) return fail_at(api_log.error(), "store");
  const auto written =
      write_verifier_keys(registry->tenants(), **store, configuration.store_directory);
  if (!written) return tl::unexpected(written.error());
  auto parts = std::make_unique<Parts>(
      std::move(*registry), std::move(*denied), std::move(*pass_keys), std::move(*policies),
      std::move(*store), std::move(*api_log), std::move(*witness_keys), clock, log, configuration);
  grpc::EnableDefaultHealthCheckService(true);
  auto gate =
      ConnectionGate::listen(configuration.listen_address, connection_limits(configuration));
  if (!gate) return fail_at(gate.error(), "listen.address");
  parts->gate = std::move(*gate);
  parts->service = serve(
      configuration, parts->access,
      {&parts->verification, &parts->decision, &parts->manifest, &parts->audit, &parts->privacy},
      parts->acceptor);
  if (!parts->service) return base::fail(ErrorCode::kInternal, "the service cannot be started");
  if (!configuration.admin_address.empty()) {
    parts->admin = listen_for_operators(
        configuration,
        {&parts->described_verification, &parts->described_decision, &parts->described_manifest,
         &parts->described_audit, &parts->described_privacy},
        &parts->admin_port);
    if (!parts->admin) {
      return base::fail(ErrorCode::kFailedPrecondition, "cannot listen there; is the port in use?",
                        "listen.admin_address");
    }
  }
  if (!configuration.metrics_address.empty()) {
    auto metrics = MetricsEndpoint::listen(configuration.metrics_address,
                                           parts->metric_sources(configuration));
    if (!metrics) return fail_at(metrics.error(), "listen.metrics_address");
    parts->metrics = std::move(*metrics);
  }
  parts->announce();
  if (anchor_places(configuration).any()) parts->set_serving(kAnchorName, true);
  parts->gate->start([acceptor = parts->acceptor.get()](int connection) {
    Acceptor::NewConnectionParameters accepted;
    accepted.fd = connection;
    acceptor->HandleNewConnection(&accepted);
  });
  return std::unique_ptr<Server>(new Server(std::move(parts)));
}

int Server::port() const { return parts_->gate->port(); }
int Server::admin_port() const { return parts_->admin_port; }
int Server::metrics_port() const { return parts_->metrics ? parts_->metrics->port() : 0; }
bool Server::healthy() const { return parts_->store->healthy(); }

void Server::tend() {
  Parts& parts = *parts_;
  parts.watch();
  parts.flights.drop_departed();
  tend_outside();
  if (!parts.retention.due() || parts.retaining.exchange(true)) return;
  const bool queued = parts.officer.run([&parts] {
    const auto pruned = parts.retention.step();
    if (!pruned) {
      parts.log.write(LogLevel::kError, "retention_failed",
                      {{LogKey::kCode, base::name_of(pruned.error().code)}});
    } else if (*pruned > 0) {
      parts.log.write(LogLevel::kInfo, "retention",
                      {{LogKey::kCount, static_cast<std::int64_t>(*pruned)}});
    }
    parts.retaining = false;
  });
  if (!queued) parts.retaining = false;
}

void Server::tend_outside() {
  Parts& parts = *parts_;
  if (parts.outside.exchange(true)) return;
  const bool prune = parts.clock.unix_microseconds() >= parts.next_api_prune;
  const bool queued = (prune || parts.anchor.due()) && parts.messenger.run([&parts, prune] {
    if (prune) parts.prune_api_log();
    if (parts.anchor.due()) parts.take_outside();
    parts.outside = false;
  });
  if (!queued) parts.outside = false;
}

base::Result<std::size_t> Server::reload_policies() { return parts_->policies.reload(); }
base::Result<std::size_t> Server::reload_deny_list() { return parts_->revocations.reload(); }
void Server::accept_clock() { parts_->clock_watch.accept(std::chrono::steady_clock::now()); }

void Server::stop() {
  std::call_once(parts_->stopped, [this] {
    Parts& parts = *parts_;
    parts.end_serving();
    std::this_thread::sleep_for(parts.drain_delay);
    parts.gate->close();
    // Shutdown waits for connections as well as for calls, and a client without a call may be
    // slow to close its own: when the last call has ended the connections are ended here.
    std::atomic<bool> ended = false;
    std::thread closer([&parts, &ended] {
      auto idle_since = std::chrono::steady_clock::now();
      while (!ended) {
        const auto now = std::chrono::steady_clock::now();
        if (parts.calls.under_way() > 0) idle_since = now;
        if (now - idle_since > kLastAnswers) {
          return grpc_server_cancel_all_calls(parts.service->c_server());
        }
        std::this_thread::sleep_for(kDrainPoll);
      }
    });
    parts.service->Shutdown(std::chrono::system_clock::now() + parts.drain_time);
    ended = true;
    closer.join();
    if (parts.admin) parts.admin->Shutdown(std::chrono::system_clock::now());
    parts.store->close();
  });
}

void Server::close_store() {
  parts_->end_serving();
  parts_->store->close();
}

}  // namespace paxid::server
