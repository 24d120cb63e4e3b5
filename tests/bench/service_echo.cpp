// An empty service on the same library, credentials and message sizes as paxid-server: what it
// costs is not ours, what paxid-server costs beyond it is. Answers every Verify and every message
// of VerifyStream with the same response under the request's id, and keeps nothing.
//
// With a FILE, what any service pays for an answer that is on disk before it leaves: another thread
// takes the calls that wait, writes 4 KiB for each, waits for the disk once and answers them all.
//
//   service_echo CERTIFICATES PORT-FILE [FILE]     the folder of ops/make-certificates

#include <grpcpp/grpcpp.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>
#include <paxid/v1/verification_service.grpc.pb.h>

#include <fcntl.h>
#include <unistd.h>

#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace paxid;

// About as long as an answer with four reasons, an alignment and a record.
v1::VerifyResponse usual_response() {
  v1::VerifyResponse response;
  response.set_request_id("00000000-0000-0000-0000-000000000000");
  response.set_verdict(v1::VERDICT_MATCH);
  response.set_confidence(0.999);
  response.set_log_odds(20.5);
  response.set_sentence("Booking and document belong to one person.");
  for (int i = 0; i < 6; ++i) {
    auto* reason = response.add_reasons();
    reason->set_code("BIRTH_DATE_EQUAL");
    reason->set_bits(3.25);
    reason->set_text("The birth dates agree on both sides.");
  }
  for (int i = 0; i < 2; ++i) {
    auto* part = response.add_alignment();
    part->set_booking_part("ALMBERG");
    part->set_document_part("ALMBERG");
  }
  response.mutable_record()->mutable_placed()->set_log_origin("paxid.example/log/demo");
  response.mutable_record()->mutable_placed()->set_leaf_hash(std::string(32, 'h'));
  response.mutable_policy()->set_policy_id("default");
  response.mutable_policy()->set_sha256(std::string(32, 'p'));
  response.set_engine_version("0.1.0+00000000");
  return response;
}

class EchoStream final
    : public grpc::ServerBidiReactor<v1::VerifyStreamRequest, v1::VerifyStreamResponse> {
 public:
  explicit EchoStream(const v1::VerifyResponse& usual) {
    *response_.mutable_response() = usual;
    StartRead(&request_);
  }
  void OnReadDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::OK);
    response_.set_request_id(request_.request().request_id());
    response_.mutable_response()->set_request_id(request_.request().request_id());
    StartWrite(&response_);
  }
  void OnWriteDone(bool ok) override {
    if (ok) StartRead(&request_);
  }
  void OnDone() override { delete this; }

 private:
  v1::VerifyStreamRequest request_;
  v1::VerifyStreamResponse response_;
};

// Answers calls after a sync that began when they had come. Ends with the process.
class Disk {
 public:
  explicit Disk(const char* path) : file_(::open(path, O_CREAT | O_TRUNC | O_RDWR, 0600)) {
    if (file_ < 0) std::abort();
    std::thread([this] { run(); }).detach();
  }

  void wait(grpc::ServerUnaryReactor* call) {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(call);
    if (waiting_.size() == 1) wake_.notify_one();
  }

 private:
  static constexpr std::size_t kRecordBytes = 4096;
  // Then it is written over, as a write-ahead log is.
  static constexpr off_t kMaxFileBytes = 64 << 20;

  void run() {
    std::string records;
    off_t end = 0;
    for (;;) {
      std::vector<grpc::ServerUnaryReactor*> calls;
      {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [this] { return !waiting_.empty(); });
        calls.swap(waiting_);
      }
      records.resize(calls.size() * kRecordBytes, 'r');
      if (end > kMaxFileBytes) end = 0;
      const auto written = ::pwrite(file_, records.data(), records.size(), end);
      if (written != static_cast<ssize_t>(records.size()) || ::fdatasync(file_) != 0) std::abort();
      end += written;
      for (grpc::ServerUnaryReactor* call : calls) call->Finish(grpc::Status::OK);
    }
  }

  const int file_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<grpc::ServerUnaryReactor*> waiting_;
};

class Echo final : public v1::VerificationService::CallbackService {
 public:
  explicit Echo(Disk* disk) : disk_(disk) {}

  grpc::ServerUnaryReactor* Verify(grpc::CallbackServerContext* context,
                                   const v1::VerifyRequest* request,
                                   v1::VerifyResponse* response) override {
    *response = usual_;
    response->set_request_id(request->request_id());
    auto* reactor = context->DefaultReactor();
    if (disk_ == nullptr) {
      reactor->Finish(grpc::Status::OK);
    } else {
      disk_->wait(reactor);
    }
    return reactor;
  }
  grpc::ServerBidiReactor<v1::VerifyStreamRequest, v1::VerifyStreamResponse>* VerifyStream(
      grpc::CallbackServerContext*) override {
    return new EchoStream(usual_);
  }

 private:
  Disk* const disk_;
  const v1::VerifyResponse usual_ = usual_response();
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3 && argc != 4) {
    std::cerr << "usage: service_echo CERTIFICATES PORT-FILE [FILE]\n";
    return 2;
  }
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  const std::string folder = argv[1];
  auto files = std::make_shared<grpc::experimental::FileWatcherCertificateProvider>(
      folder + "/server.key", folder + "/server.pem", folder + "/ca.pem", 3'600);
  grpc::experimental::TlsServerCredentialsOptions options(files);
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  // Its thread waits to the end of the process.
  Disk* const disk = argc == 4 ? new Disk(argv[3]) : nullptr;
  Echo echo(disk);
  grpc::ServerBuilder builder;
  int port = 0;
  builder.RegisterService(&echo);
  builder.AddListeningPort("127.0.0.1:0", grpc::experimental::TlsServerCredentials(options), &port);
  const auto server = builder.BuildAndStart();
  if (!server || port == 0) return 1;
  const std::string unfinished = std::string(argv[2]) + ".tmp";
  std::ofstream(unfinished) << port << "\n";
  if (std::rename(unfinished.c_str(), argv[2]) != 0) return 1;
  int signal = 0;
  sigwait(&signals, &signal);
  server->Shutdown(std::chrono::system_clock::now());
  return 0;
}
