#pragma once

#include <paxid/v1/verification_service.pb.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "audit/bytes.h"

// The words of decisions: as the contract numbers them and as the record spells them.
namespace paxid::server {

// Of a pseudonym, on a screen: enough to tell the people of one gate apart.
inline constexpr std::size_t kShownPseudonymDigits = 8;

// "minor_spelling", "name_change", ...; empty for the unspecified value and for none of the list.
std::string_view word_of(v1::AcceptReason reason);
std::string_view word_of(v1::EvidenceType evidence);
// "confirm", "accept", "refuse", "hand_over", "undo"; empty likewise.
std::string_view word_of(v1::DecisionAction action);

// The unspecified value for a word that is none of the list.
v1::AcceptReason accept_reason_from(std::string_view word);
v1::EvidenceType evidence_type_from(std::string_view word);
// "gate", "desk", ...
std::string_view word_of(v1::Channel channel);
v1::Channel channel_from(std::string_view word);
// "boarding_check", "api_accuracy"; empty likewise.
std::string_view word_of(v1::Purpose purpose);

// 36 characters, lower case.
std::string uuid_text(const audit::Id16& id);

}  // namespace paxid::server
