#pragma once

#include <nlohmann/json.hpp>

// What a record says of somebody else than the person it is about.
namespace paxid::server {

// A record is filed under the document that was read. Where the verdict is MISMATCH, or the
// document was found to be another passenger's, the booking beside it may be a stranger's: takes
// the booking's side out of a body (docs/record_format.md sections 3.1 and 3.2), and the texts that
// quote it. True when something was taken out; the body is marked with `redacted` then.
bool take_out_third_parties(nlohmann::json& body);

}  // namespace paxid::server
