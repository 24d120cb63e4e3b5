#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "clients/sdk/connection.h"
#include "clients/sdk/privacy_wire.h"

namespace paxid::sdk {
namespace {

constexpr std::array<std::string_view, 5> kProfiles{"border", "data_protection", "civil_aviation",
                                                    "internal", "data_subject"};
constexpr std::array<std::string_view, 7> kBodyStates{
    "", "none", "open", "pseudonymous", "withheld", "gone", "restricted"};
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
