#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "clients/sdk/connection.h"
#include "clients/sdk/privacy_wire.h"
#include "clients/sdk/wire.h"

namespace paxid::sdk {
namespace {

constexpr std::array<std::string_view, 5> kProfiles{"border", "data_protection", "civil_aviation",
                                                    "internal", "data_subject"};
constexpr std::array<std::string_view, 8> kBodyStates{
    "", "none", "open", "pseudonymous", "withheld", "gone", "restricted", "redacted"};
// A page opens up to 2,048 bodies.
constexpr std::chrono::seconds kPageDeadline{60};

template <class Call>
grpc::Status attempt(const Client::Connection& connection, Call call) {
  return connection.attempt([&](const Server& server, grpc::ClientContext* context) {
    context->set_deadline(std::chrono::system_clock::now() +
                          std::max<std::chrono::milliseconds>(connection.deadline, kPageDeadline));
    return call(server, context);
  });
}

audit::Bytes bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

std::optional<std::vector<audit::Hash>> hashes_from(
    const google::protobuf::RepeatedPtrField<std::string>& from) {
  std::vector<audit::Hash> hashes;
  for (const std::string& bytes : from) {
    audit::Hash& hash = hashes.emplace_back();
    if (bytes.size() != hash.size()) return std::nullopt;
    std::copy(bytes.begin(), bytes.end(), hash.begin());
  }
  return hashes;
}

v1::ExportRecordsRequest to_wire(const PrivacyContext& context, const ExportSelection& selection) {
  v1::ExportRecordsRequest request;
  write_context(context, request.mutable_context());
  request.set_profile(static_cast<v1::ExportProfile>(selection.profile));
  if (selection.from_unix_seconds) {
    request.mutable_from()->set_seconds(*selection.from_unix_seconds);
  }
  if (selection.until_unix_seconds) {
    request.mutable_until()->set_seconds(*selection.until_unix_seconds);
  }
  request.mutable_flight()->set_carrier(selection.carrier);
  request.mutable_flight()->set_flight_number(selection.flight_number);
  request.mutable_flight()->set_departure_date(selection.departure_date);
  request.mutable_flight()->set_from(selection.from_airport);
  request.set_question(static_cast<v1::AuditQuestion>(selection.question));
  request.set_operator_id(selection.operator_id);
  request.set_verdict(selection.verdict);
  request.set_station(selection.station);
  if (selection.subject_ref) {
    request.set_subject_ref(
        std::string(selection.subject_ref->begin(), selection.subject_ref->end()));
  }
  return request;
}

}  // namespace

std::string_view name_of(ExportProfile profile) {
  return kProfiles[static_cast<std::size_t>(profile) - 1];
}

std::optional<ExportProfile> export_profile_from(std::string_view word) {
  const auto found = std::find(kProfiles.begin(), kProfiles.end(), word);
  if (found == kProfiles.end()) return std::nullopt;
  return static_cast<ExportProfile>(found - kProfiles.begin() + 1);
}

base::Result<ExportPage> Client::export_page(const PrivacyContext& context,
                                             const ExportSelection& selection,
                                             std::uint64_t page_leaf,
                                             std::uint64_t end_leaf) const {
  v1::ExportRecordsRequest request = to_wire(context, selection);
  request.set_page_leaf(static_cast<std::int64_t>(page_leaf));
  request.set_end_leaf(static_cast<std::int64_t>(end_leaf));
  v1::ExportRecordsResponse response;
  const grpc::Status status =
      attempt(*connection_, [&](const Server& server, grpc::ClientContext* call) {
        return server.audit->ExportRecords(call, request, &response);
      });
  if (!status.ok()) return error_from(status);
  ExportPage page;
  page.first_leaf = static_cast<std::uint64_t>(response.first_leaf());
  page.end_leaf = static_cast<std::uint64_t>(response.end_leaf());
  page.next_leaf = static_cast<std::uint64_t>(response.next_leaf());
  auto left = hashes_from(response.left_subtrees());
  if (!left) return malformed("left_subtrees");
  page.left_subtrees = *std::move(left);
  page.operator_pseudonym = response.operator_pseudonym();
  for (v1::ExportedRecord& from : *response.mutable_records()) {
    if (!v1::ExportedBodyState_IsValid(from.body_state())) return malformed("body_state");
    ExportedRecord& to = page.records.emplace_back();
    to.leaf_index = static_cast<std::uint64_t>(from.leaf_index());
    to.leaf_data = bytes_of(from.leaf_data());
    to.body_state = kBodyStates[static_cast<std::size_t>(from.body_state())];
    to.body_json = std::move(*from.mutable_body_json());
    to.sealed_body = bytes_of(from.sealed_body());
    to.body_key = bytes_of(from.body_key());
  }
  return page;
}

base::Result<ReleasedExport> Client::release_export(const PrivacyContext& context,
                                                    const std::string& export_request_id,
                                                    bool confirm) const {
  v1::ReleaseExportRequest request;
  write_context(context, request.mutable_context());
  request.set_export_request_id(export_request_id);
  request.set_confirm(confirm);
  v1::ReleaseExportResponse response;
  const grpc::Status status =
      attempt(*connection_, [&](const Server& server, grpc::ClientContext* call) {
        return server.audit->ReleaseExport(call, request, &response);
      });
  if (!status.ok()) return error_from(status);
  ReleasedExport released;
  if (!read_record(response.record(), released.record)) return malformed("record");
  released.json = std::move(*response.mutable_export_json());
  return released;
}

base::Result<CosignedTree> Client::add_cosignatures(const std::string& checkpoint) const {
  v1::AddCosignaturesRequest request;
  request.set_checkpoint(checkpoint);
  v1::AddCosignaturesResponse response;
  const grpc::Status status =
      attempt(*connection_, [&](const Server& server, grpc::ClientContext* call) {
        return server.audit->AddCosignatures(call, request, &response);
      });
  if (!status.ok()) return error_from(status);
  return CosignedTree{static_cast<std::uint64_t>(response.tree_size()), response.witnesses()};
}

base::Result<ApiPage> Client::api_entries(std::optional<std::int64_t> from_unix_seconds,
                                          std::optional<std::int64_t> until_unix_seconds,
                                          std::int64_t after) const {
  v1::ListApiEntriesRequest request;
  if (from_unix_seconds) request.mutable_from()->set_seconds(*from_unix_seconds);
  if (until_unix_seconds) request.mutable_until()->set_seconds(*until_unix_seconds);
  request.set_after(after);
  v1::ListApiEntriesResponse response;
  const grpc::Status status =
      attempt(*connection_, [&](const Server& server, grpc::ClientContext* call) {
        return server.audit->ListApiEntries(call, request, &response);
      });
  if (!status.ok()) return error_from(status);
  ApiPage page{{}, response.next()};
  for (const v1::ApiEntry& from : response.entries()) {
    ApiEntry& to = page.entries.emplace_back();
    if (from.actor().size() != to.actor.size()) return malformed("actor");
    std::copy(from.actor().begin(), from.actor().end(), to.actor.begin());
    to.unix_microseconds = from.time().seconds() * 1'000'000 + from.time().nanos() / 1000;
    to.station = from.station();
    to.channel = from.channel();
    to.operation = from.operation();
  }
  return page;
}

base::Result<SealedExport> Client::seal_export(const PrivacyContext& context,
                                               const std::string& export_request_id,
                                               const audit::Hash& manifest_sha256,
                                               std::uint64_t end_leaf) const {
  v1::SealExportRequest request;
  write_context(context, request.mutable_context());
  request.set_export_request_id(export_request_id);
  request.set_manifest_sha256(std::string(manifest_sha256.begin(), manifest_sha256.end()));
  request.set_end_leaf(static_cast<std::int64_t>(end_leaf));
  v1::SealExportResponse response;
  const grpc::Status status =
      attempt(*connection_, [&](const Server& server, grpc::ClientContext* call) {
        return server.audit->SealExport(call, request, &response);
      });
  if (!status.ok()) return error_from(status);
  auto hashes = hashes_from(response.consistency());
  if (!hashes) return malformed("consistency");
  return SealedExport{response.tlog_proof(), *std::move(hashes)};
}

}  // namespace paxid::sdk
