#include <algorithm>

#include "clients/sdk/connection.h"
#include "clients/sdk/wire.h"

namespace paxid::sdk {
namespace {

using base::ErrorCode;

// Below the 64 KiB that a server takes in one message.
constexpr std::size_t kPieceBytes = 32 * 1024;
// A load reads a list, prepares every name and looks into the log; the deadline of a
// verification does not fit it.
constexpr std::chrono::seconds kLoadDeadline{60};

tl::unexpected<base::Error> no_request_id() {
  return base::fail(ErrorCode::kInvalidArgument, "is required", "request_id");
}

// Sends a start and what `write_rest(stream)` adds; repeats it once with the same request id.
template <class WriteRest>
base::Result<LoadOutcome> load(const Client::Connection& connection,
                               const v1::LoadFlightRequest& start, WriteRest write_rest) {
  v1::LoadFlightResponse response;
  const grpc::Status status = connection.attempt([&](const Server& server,
                                                     grpc::ClientContext* context) {
    context->set_deadline(std::chrono::system_clock::now() +
                          std::max<std::chrono::milliseconds>(connection.deadline, kLoadDeadline));
    response.Clear();
    const auto stream = server.manifest->LoadFlight(context, &response);
    // A write fails when the server has refused already; Finish() says why.
    if (stream->Write(start)) write_rest(*stream);
    stream->WritesDone();
    return stream->Finish();
  });
  if (!status.ok()) return error_from(status);
  return from_wire(response);
}

}  // namespace

base::Result<LoadOutcome> Client::load_flight(const FlightLoad& wanted, ListFormat format,
                                              std::string_view list) const {
  if (wanted.request_id.empty()) return no_request_id();
  v1::LoadFlightRequest start;
  write_start(wanted, start.mutable_start());
  start.mutable_start()->set_format(format == ListFormat::kCsv ? v1::LIST_FORMAT_CSV
                                                               : v1::LIST_FORMAT_PNL_ADL);
  return load(*connection_, start, [list](auto& stream) {
    for (std::size_t at = 0; at < list.size(); at += kPieceBytes) {
      v1::LoadFlightRequest piece;
      piece.set_list(std::string(list.substr(at, kPieceBytes)));
      if (!stream.Write(piece)) return;
    }
  });
}

base::Result<LoadOutcome> Client::load_flight(
    const FlightLoad& wanted, const std::vector<FlightPassenger>& passengers) const {
  if (wanted.request_id.empty()) return no_request_id();
  v1::LoadFlightRequest start;
  write_start(wanted, start.mutable_start());
  start.mutable_start()->set_format(v1::LIST_FORMAT_PASSENGERS);
  return load(*connection_, start, [&passengers](auto& stream) {
    for (const FlightPassenger& passenger : passengers) {
      v1::LoadFlightRequest piece;
      write_passenger(passenger, piece.mutable_passenger());
      if (!stream.Write(piece)) return;
    }
  });
}

base::Result<FlightManifest> Client::flight(const FlightKey& key) const {
  v1::GetFlightRequest request;
  write_key(key, request.mutable_flight());
  v1::GetFlightResponse response;
  const grpc::Status status =
      connection_->attempt([&](const Server& server, grpc::ClientContext* context) {
        return server.manifest->GetFlight(context, request, &response);
      });
  if (!status.ok()) return error_from(status);
  return from_wire(response);
}

base::Result<std::vector<FlightSummary>> Client::flights() const {
  v1::ListFlightsResponse response;
  const grpc::Status status =
      connection_->attempt([&](const Server& server, grpc::ClientContext* context) {
        return server.manifest->ListFlights(context, {}, &response);
      });
  if (!status.ok()) return error_from(status);
  std::vector<FlightSummary> flights;
  for (const v1::FlightSummary& flight : response.flights()) flights.push_back(from_wire(flight));
  return flights;
}

base::Result<void> Client::watch_flight(const FlightKey& key, const FlightWatcher& watcher) const {
  v1::WatchFlightRequest request;
  write_key(key, request.mutable_flight());
  grpc::ClientContext context;
  const auto stream = connection_->preferred().manifest->WatchFlight(&context, request);
  v1::WatchFlightResponse response;
  bool wanted = true;
  while (wanted && stream->Read(&response)) wanted = watcher(from_wire(response));
  if (!wanted) context.TryCancel();
  const grpc::Status status = stream->Finish();
  if (!status.ok() && wanted) return error_from(status);
  return {};
}

base::Result<RecordReference> Client::drop_flight(const std::string& request_id,
                                                  const FlightKey& key) const {
  if (request_id.empty()) return no_request_id();
  v1::DropFlightRequest request;
  request.set_request_id(request_id);
  write_key(key, request.mutable_flight());
  v1::DropFlightResponse response;
  const grpc::Status status =
      connection_->attempt([&](const Server& server, grpc::ClientContext* context) {
        return server.manifest->DropFlight(context, request, &response);
      });
  if (!status.ok()) return error_from(status);
  RecordReference record;
  if (!read_record(response.record(), record)) return malformed("record");
  return record;
}

base::Result<DecisionOutcome> Client::decide(const Decision& decision) const {
  if (decision.request_id.empty()) return no_request_id();
  v1::RecordDecisionRequest request = to_wire(decision);
  v1::RecordDecisionResponse response;
  const grpc::Status status =
      connection_->attempt([&](const Server& server, grpc::ClientContext* context) {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        request.mutable_client_time()->set_seconds(
            std::chrono::duration_cast<std::chrono::seconds>(now).count());
        return server.decision->RecordDecision(context, request, &response);
      });
  if (!status.ok()) return error_from(status);
  return from_wire(response);
}

base::Result<Suggestion> Client::suggestion(const SuggestionLook& look) const {
  if (look.request_id.empty()) return no_request_id();
  const v1::GetSuggestionRequest request = to_wire(look);
  v1::GetSuggestionResponse response;
  const grpc::Status status =
      connection_->attempt([&](const Server& server, grpc::ClientContext* context) {
        return server.decision->GetSuggestion(context, request, &response);
      });
  if (!status.ok()) return error_from(status);
  return from_wire(response);
}

}  // namespace paxid::sdk
