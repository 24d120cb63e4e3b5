#include "server/subject_search.h"

#include <paxid/v1/privacy_service.pb.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "base/json_member.h"
#include "server/decision_words.h"
#include "transliteration/icao.h"

namespace paxid::server {
namespace {

using nlohmann::json;

// "Müller-Lüdenscheidt, Eva" has MUELLER, LUEDENSCHEIDT and EVA.
void add_words(std::string_view name, std::set<std::string>& words) {
  const std::string zone = transliteration::to_zone_text(name, "").text;
  for (std::size_t at = 0; at < zone.size();) {
    const std::size_t end = std::min(zone.find('<', at), zone.size());
    if (end > at) words.insert(zone.substr(at, end - at));
    at = end + 1;
  }
}

void add_names(const json& list, std::set<std::string>& words) {
  if (!list.is_array()) return;
  for (const json& name : list) {
    for (const char* part : {"full", "surname", "given"})
      add_words(base::text_at(name, part), words);
  }
}

std::set<std::string> words_of(const json& body) {
  std::set<std::string> words;
  const json travel = base::member(base::member(body, "read"), "travel");
  const json identity = base::member(base::member(body, "read"), "identity");
  add_names(base::member(travel, "booking_names"), words);
  add_names(base::member(travel, "pass_names"), words);
  add_names(base::member(identity, "names"), words);
  add_names(base::member(identity, "usage_names"), words);
  add_words(base::text_at(base::member(body, "flight_passenger"), "booked_name"), words);
  return words;
}

// The first name of a list in one line.
std::string first_name(const json& list) {
  if (!list.is_array() || list.empty()) return {};
  const std::string full = base::text_at(list[0], "full");
  const std::string surname = base::text_at(list[0], "surname");
  const std::string given = base::text_at(list[0], "given");
  return !full.empty() ? full : surname + (surname.empty() || given.empty() ? "" : ", ") + given;
}

class Search {
 public:
  explicit Search(const v1::FindSubjectsRequest& request) : request_(request) {
    add_words(request.name(), wanted_);
  }

  // A name that leaves no word of a zone, such as one of punctuation, finds nobody.
  bool fits(const json& body) const {
    const json flight = base::member(body, "flight");
    const auto agrees = [&](const std::string& wanted, const char* key) {
      return wanted.empty() || base::text_at(flight, key) == wanted;
    };
    const v1::FlightKey& on = request_.flight();
    if (!agrees(on.carrier(), "carrier") || !agrees(on.flight_number(), "flight_number") ||
        !agrees(on.departure_date(), "departure_date") || !agrees(on.from(), "from")) {
      return false;
    }
    if (!request_.locator().empty() &&
        base::text_at(base::member(body, "flight_passenger"), "locator") != request_.locator()) {
      return false;
    }
    if (request_.name().empty()) return true;
    const std::set<std::string> words = words_of(body);
    return !wanted_.empty() &&
           std::includes(words.begin(), words.end(), wanted_.begin(), wanted_.end());
  }

 private:
  const v1::FindSubjectsRequest& request_;
  std::set<std::string> wanted_;
};

void write_candidate(const audit::Leaf& leaf, const json& body, v1::SubjectCandidate* to) {
  to->set_subject_ref(std::string(leaf.subject_ref.begin(), leaf.subject_ref.end()));
  to->set_record_request_id(uuid_text(leaf.request_id));
  to->mutable_time()->set_seconds(static_cast<std::int64_t>(leaf.time_unix_us / 1'000'000));
  const json flight = base::member(body, "flight");
  to->mutable_flight()->set_carrier(base::text_at(flight, "carrier"));
  to->mutable_flight()->set_flight_number(base::text_at(flight, "flight_number"));
  to->mutable_flight()->set_departure_date(base::text_at(flight, "departure_date"));
  to->mutable_flight()->set_from(base::text_at(flight, "from"));
  const json passenger = base::member(body, "flight_passenger");
  const json identity = base::member(base::member(body, "read"), "identity");
  const std::string booked = base::text_at(passenger, "booked_name");
  to->set_booked_name(
      booked.empty() ? first_name(base::member(base::member(base::member(body, "read"), "travel"),
                                               "booking_names"))
                     : booked);
  to->set_document_name(first_name(base::member(identity, "names")));
  to->set_locator(base::text_at(passenger, "locator"));
  to->set_birth_date(base::text_at(identity, "birth_date"));
}

}  // namespace

base::Result<void> search_subjects(audit::Store& store, const std::string& tenant,
                                   const v1::FindSubjectsRequest& request, std::uint64_t begin,
                                   std::uint64_t end, v1::FindSubjectsResponse* response) {
  const Search search(request);
  std::map<audit::Id16, v1::SubjectCandidate*> found;
  std::uint64_t index = begin;
  const std::uint64_t last = std::min(end, begin + kMaxSearchedLeaves);
  for (; index < last && response->candidates_size() < kMaxCandidates; ++index) {
    const auto stored = store.leaf(tenant, index);
    if (!stored) return tl::unexpected(stored.error());
    const auto leaf = audit::decode_leaf(stored->leaf_data);
    if (!leaf) return tl::unexpected(leaf.error());
    if (leaf->type != audit::RecordType::kDecision || !stored->sealed_body) continue;
    const auto opened = store.open_body(tenant, index);
    if (!opened && opened.error().code == base::ErrorCode::kFailedPrecondition) continue;
    if (!opened) return tl::unexpected(opened.error());
    const json body = json::parse(opened->begin(), opened->end(), nullptr, false);
    if (!body.is_object() || !search.fits(body)) continue;
    v1::SubjectCandidate*& candidate = found[leaf->subject_ref];
    if (candidate == nullptr) candidate = response->add_candidates();
    write_candidate(*leaf, body, candidate);
  }
  response->set_next_leaf(static_cast<std::int64_t>(index));
  return {};
}

}  // namespace paxid::server
