// What the server does of its own between a parsed request and its answer and record, on the
// passengers that `paxid bench` sends: everything but gRPC, the lock, the sealing and the disk.
#include <benchmark/benchmark.h>
#include <paxid/v1/verification_service.pb.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/clock.h"
#include "clients/cli/bench_command.h"
#include "clients/sdk/wire.h"
#include "server/verification_flow.h"
#include "tests/bench/counting_new.h"
#include "tests/temporary_store.h"

namespace paxid::server {
namespace {

constexpr std::uint64_t kNoon = 1'795'348'800'000'000;  // 2026-11-22T12:00:00Z
constexpr std::string_view kRequestId = "01890a5d-ac96-774b-bcce-b302099a8057";
constexpr std::size_t kPassengers = 256;  // as many as `paxid bench` has

// What a flow needs of its server.
class Server {
 public:
  Server() {
    caller_.tenant = "demo";
    caller_.actor.fill(7);
  }

  void judge(const v1::VerifyRequest& request) const {
    v1::VerifyResponse response;
    const auto judged = flow_.judge(caller_, request, response);
    PAXID_CHECK(judged.has_value());
    benchmark::DoNotOptimize(judged->record.body.data());
    benchmark::DoNotOptimize(response);
  }

 private:
  base::ManualClock clock_{kNoon};
  TemporaryStore store_{clock_};
  Flights flights_{FlightLimits{}, clock_};
  Policies policies_{*PolicyBook::load("", ""), "", ""};
  bcbp::KeyTable pass_keys_;
  VerificationFlow flow_{policies_, pass_keys_, flights_, *store_, clock_};
  Principal caller_;
};

// Of the invented passengers, every eighth of whom is booked with a slip.
enum class Booked { kAsDocument, kWithASlip };

std::vector<v1::VerifyRequest> requests(Booked booked) {
  std::vector<v1::VerifyRequest> chosen;
  const auto passengers = cli::invented_passengers(kPassengers);
  for (std::size_t i = 0; i < passengers.size(); ++i) {
    if ((i % 8 == 7) != (booked == Booked::kWithASlip)) continue;
    chosen.push_back(sdk::to_wire(passengers[i]));
    chosen.back().set_request_id(std::string(kRequestId));
  }
  return chosen;
}

void judge_all(benchmark::State& state, const std::vector<v1::VerifyRequest>& all) {
  const Server server;
  server.judge(all.front());  // makes what is made once
  std::size_t next = 0;
  const std::size_t before = bench::allocations_of_this_thread();
  for (auto _ : state) {
    server.judge(all[next]);
    next = (next + 1) % all.size();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
  state.counters["allocations_per_call"] =
      static_cast<double>(bench::allocations_of_this_thread() - before) /
      static_cast<double>(state.iterations());
}

void judge_same_name(benchmark::State& state) { judge_all(state, requests(Booked::kAsDocument)); }
BENCHMARK(judge_same_name)->Name("request judged, same name");

void judge_slip(benchmark::State& state) { judge_all(state, requests(Booked::kWithASlip)); }
BENCHMARK(judge_slip)->Name("request judged, a slip in the booking");

}  // namespace
}  // namespace paxid::server
