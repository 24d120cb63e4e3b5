#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/bytes.h"
#include "base/error.h"
#include "clients/sdk/export.h"
#include "clients/sdk/flight.h"
#include "clients/sdk/privacy.h"
#include "clients/sdk/record.h"
#include "verification/claim.h"
#include "verification/engine.h"
#include "verification/verdict.h"

// What a C++ program needs to use a paxid server. No generated code is visible here.
namespace paxid::sdk {

// How to reach the server. All files are PEM.
struct ClientOptions {
  std::string server;            // HOST:PORT; the host is checked against the certificate
  std::string ca_file;           // whom to trust
  std::string certificate_file;  // who we are
  std::string key_file;
  // For one attempt. A call makes at most two, so it may take twice as long.
  std::chrono::milliseconds deadline{800};
  // Asked in turn, from the one that answered last, when a server does not answer. All of them
  // must write into one log: a request id is unique in a log.
  std::vector<std::string> further_servers = {};
};

// Where the passenger is served.
enum class Channel { kKiosk, kGate, kDesk, kWeb, kApp, kBagDrop };
// "kiosk", "gate", "desk", "web", "app", "bag_drop"; nothing for another word.
std::optional<Channel> channel_from(std::string_view word);
// Why the data are processed.
enum class Purpose { kBoardingCheck, kApiAccuracy };

// One passenger to be verified.
struct Request {
  // A UUID, required: new_request_id() makes one. The caller keeps it and gives the same one
  // when he repeats a request after an error: there is never more than one record for it.
  std::string request_id;
  std::vector<verification::Claim> claims;
  verification::Flight flight;
  std::string station;  // IATA airport code, or empty
  Channel channel = Channel::kKiosk;
  Purpose purpose = Purpose::kBoardingCheck;
  BookingReference booking;  // on the loaded flight, where no pass says it
};

// The answer for one passenger.
struct Answer {
  std::string request_id;
  verification::VerdictReport report;
  RecordReference record;
  std::string policy_id;
  audit::Hash policy_sha256{};
  std::string engine_version;
  bool replayed = false;
  std::optional<JudgedPassenger> passenger;  // nothing: on no loaded flight
  std::optional<Resolution> resolution;      // nothing: nothing was resolved before
  // What the codes and keys inside `report` point to; shared, so that an answer can be copied.
  std::shared_ptr<const void> codes;
};

// What another device was answered (DecisionService.GetSuggestion).
struct SuggestionLook {
  std::string request_id;             // a UUID, required; keep it to repeat the look
  std::string suggestion_request_id;  // of the verification
  std::string operator_id;            // who looks
  Purpose purpose = Purpose::kBoardingCheck;
};
struct Suggestion {
  Answer answer;  // without findings, counterfactuals and resolution
  std::int64_t unix_seconds = 0;
  std::string station;
  FlightKey flight;                // empty texts are not known
  base::PersonalText booked_name;  // on the loaded flight; empty: on none
  RecordReference look;
};

// The newest signed state of the log.
struct Checkpoint {
  std::string note;  // C2SP checkpoint
  std::uint64_t tree_size = 0;
  audit::Hash root{};
  // Said by the server: to trust it would be to let the log vouch for itself.
  std::string claimed_verifier_key;
};

struct InclusionProof {
  std::uint64_t leaf_index = 0;
  std::uint64_t tree_size = 0;
  std::vector<audit::Hash> hashes;
  std::string checkpoint;
  audit::Bytes leaf_data;
  std::string tlog_proof;  // the same as one file, C2SP tlog-proof
};

struct ConsistencyProof {
  std::uint64_t first_size = 0;
  std::uint64_t second_size = 0;
  std::vector<audit::Hash> hashes;
  std::string checkpoint;  // of the second tree when it is the newest, else empty
};

// A connection to one server, or to several that write into one log. Thread-safe; every call blocks
// until its answer or deadline.
//
// Errors carry the server's code and its reason ("NAME_TOO_LONG: ..."); `field` is the first
// violated field of the request. kUnavailable: no answer came within the deadline or at all,
// also after a second attempt with the same request id; whether a record exists is not known.
class Client {
 public:
  // Reads the files; connects with the first call. NOT_FOUND, INVALID_ARGUMENT (empty) and
  // RESOURCE_EXHAUSTED (larger than 1 MiB) name the file.
  static base::Result<Client> connect(const ClientOptions& options);
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;
  ~Client();

  base::Result<Answer> verify(const Request& request) const;
  // `witnessed`: the newest one that witnesses have signed, and proofs against it.
  base::Result<Checkpoint> checkpoint(bool witnessed = false) const;
  base::Result<InclusionProof> inclusion_proof(std::uint64_t leaf_index,
                                               bool witnessed = false) const;
  // `second` 0: the newest checkpoint's size.
  base::Result<ConsistencyProof> consistency_proof(std::uint64_t first,
                                                   std::uint64_t second = 0) const;

  // Loads a passenger list, or passengers one by one, in one call.
  base::Result<LoadOutcome> load_flight(const FlightLoad& load, ListFormat format,
                                        std::string_view list) const;
  base::Result<LoadOutcome> load_flight(const FlightLoad& load,
                                        const std::vector<FlightPassenger>& passengers) const;
  base::Result<FlightManifest> flight(const FlightKey& key) const;
  base::Result<std::vector<FlightSummary>> flights() const;
  // Blocks, without a deadline, until the flight is dropped, the watcher says false, or the
  // connection ends.
  base::Result<void> watch_flight(const FlightKey& key, const FlightWatcher& watcher) const;
  base::Result<RecordReference> drop_flight(const std::string& request_id,
                                            const FlightKey& key) const;
  base::Result<DecisionOutcome> decide(const Decision& decision) const;
  base::Result<Suggestion> suggestion(const SuggestionLook& look) const;

  // The rights of persons. A retry with the same request id is the same call.
  // Whom a selector means; on record, without a look at any of the records.
  base::Result<audit::Id16> subject_ref(const PrivacyContext& context,
                                        const SubjectSelector& subject) const;
  // One page of a search: the first with 0 and 0, each further one with what the page before said.
  base::Result<SubjectPage> find_subjects(const PrivacyContext& context,
                                          const SubjectSearch& search, std::uint64_t page_leaf,
                                          std::uint64_t end_leaf) const;
  base::Result<AccessReport> access(const PrivacyContext& context,
                                    const SubjectSelector& subject) const;
  base::Result<ErasureReceipt> erase(const PrivacyContext& context, const SubjectSelector& subject,
                                     ErasureGround ground) const;
  base::Result<SubjectChange> rectify(const PrivacyContext& context, const SubjectSelector& subject,
                                      const std::string& note) const;
  base::Result<SubjectChange> restrict(const PrivacyContext& context,
                                       const SubjectSelector& subject, bool restricted) const;
  base::Result<SubjectChange> hold(const PrivacyContext& context, const SubjectSelector& subject,
                                   HoldAction action) const;
  base::Result<OpenedDeadline> open_deadline(const PrivacyContext& context,
                                             const RightsRequest& request) const;
  base::Result<std::vector<RightsDeadline>> deadlines(bool include_closed) const;

  // One page of an export: the first with 0 and 0, each further one with what the page before
  // said. The same context for all of them.
  base::Result<ExportPage> export_page(const PrivacyContext& context,
                                       const ExportSelection& selection, std::uint64_t page_leaf,
                                       std::uint64_t end_leaf) const;
  // Lets names leave: the second person's part of an export. Without `confirm` only says what it
  // is.
  base::Result<ReleasedExport> release_export(const PrivacyContext& context,
                                              const std::string& export_request_id,
                                              bool confirm) const;
  // Hands in a checkpoint that witnesses have signed.
  base::Result<CosignedTree> add_cosignatures(const std::string& checkpoint) const;
  // A page of the API-processing log; `after` 0, then what the page before said.
  base::Result<ApiPage> api_entries(std::optional<std::int64_t> from_unix_seconds,
                                    std::optional<std::int64_t> until_unix_seconds,
                                    std::int64_t after) const;
  // Puts the manifest's hash on record; the proof of that is the export's signature.
  base::Result<SealedExport> seal_export(const PrivacyContext& context,
                                         const std::string& export_request_id,
                                         const audit::Hash& manifest_sha256,
                                         std::uint64_t end_leaf) const;

  struct Connection;

 private:
  explicit Client(std::unique_ptr<Connection> connection);
  std::unique_ptr<Connection> connection_;
};

// A new UUID version 7 (RFC 9562 section 5.7): ordered by time, 74 random bits.
std::string new_request_id();

}  // namespace paxid::sdk
