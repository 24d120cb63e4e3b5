#include "server/decision_words.h"

#include <array>
#include <utility>

#include "base/hex.h"

namespace paxid::server {
namespace {

template <class Value>
using Word = std::pair<Value, std::string_view>;

constexpr std::array kReasons{
    Word<v1::AcceptReason>{v1::ACCEPT_REASON_MINOR_SPELLING, "minor_spelling"},
    Word<v1::AcceptReason>{v1::ACCEPT_REASON_NICKNAME, "nickname"},
    Word<v1::AcceptReason>{v1::ACCEPT_REASON_NAME_CHANGE, "name_change"},
    Word<v1::AcceptReason>{v1::ACCEPT_REASON_TRANSLITERATION, "transliteration"},
    Word<v1::AcceptReason>{v1::ACCEPT_REASON_DATA_CORRECTION, "data_correction"},
    Word<v1::AcceptReason>{v1::ACCEPT_REASON_MISREAD, "misread"},
    Word<v1::AcceptReason>{v1::ACCEPT_REASON_REBOARDING, "reboarding"},
};

constexpr std::array kEvidence{
    Word<v1::EvidenceType>{v1::EVIDENCE_TYPE_CIVIL_STATUS_CERTIFICATE, "civil_status_certificate"},
    Word<v1::EvidenceType>{v1::EVIDENCE_TYPE_NAME_CHANGE_DEED, "name_change_deed"},
    Word<v1::EvidenceType>{v1::EVIDENCE_TYPE_USAGE_NAME_LINE, "usage_name_line"},
    Word<v1::EvidenceType>{v1::EVIDENCE_TYPE_SECOND_DOCUMENT, "second_document"},
    Word<v1::EvidenceType>{v1::EVIDENCE_TYPE_EARLIER_DOCUMENT, "earlier_document"},
    Word<v1::EvidenceType>{v1::EVIDENCE_TYPE_CARRIER_CONFIRMATION, "carrier_confirmation"},
};

constexpr std::array kActions{
    Word<v1::DecisionAction>{v1::DECISION_ACTION_CONFIRM, "confirm"},
    Word<v1::DecisionAction>{v1::DECISION_ACTION_ACCEPT, "accept"},
    Word<v1::DecisionAction>{v1::DECISION_ACTION_REFUSE, "refuse"},
    Word<v1::DecisionAction>{v1::DECISION_ACTION_HAND_OVER, "hand_over"},
    Word<v1::DecisionAction>{v1::DECISION_ACTION_UNDO, "undo"},
};

constexpr std::array kChannels{
    Word<v1::Channel>{v1::CHANNEL_KIOSK, "kiosk"},
    Word<v1::Channel>{v1::CHANNEL_GATE, "gate"},
    Word<v1::Channel>{v1::CHANNEL_DESK, "desk"},
    Word<v1::Channel>{v1::CHANNEL_WEB, "web"},
    Word<v1::Channel>{v1::CHANNEL_APP, "app"},
    Word<v1::Channel>{v1::CHANNEL_BAG_DROP, "bag_drop"},
};

template <class Words, class Value>
std::string_view find_word(const Words& words, Value value) {
  for (const auto& [known, word] : words) {
    if (known == value) return word;
  }
  return "";
}

template <class Value, class Words>
Value find_value(const Words& words, std::string_view wanted) {
  for (const auto& [value, word] : words) {
    if (word == wanted) return value;
  }
  return Value{};
}

}  // namespace

std::string_view word_of(v1::AcceptReason reason) { return find_word(kReasons, reason); }
std::string_view word_of(v1::EvidenceType evidence) { return find_word(kEvidence, evidence); }
std::string_view word_of(v1::DecisionAction action) { return find_word(kActions, action); }

v1::AcceptReason accept_reason_from(std::string_view word) {
  return find_value<v1::AcceptReason>(kReasons, word);
}
v1::EvidenceType evidence_type_from(std::string_view word) {
  return find_value<v1::EvidenceType>(kEvidence, word);
}
std::string_view word_of(v1::Channel channel) { return find_word(kChannels, channel); }
v1::Channel channel_from(std::string_view word) { return find_value<v1::Channel>(kChannels, word); }

std::string_view word_of(v1::Purpose purpose) {
  switch (purpose) {
    case v1::PURPOSE_BOARDING_CHECK:
      return "boarding_check";
    case v1::PURPOSE_API_ACCURACY:
      return "api_accuracy";
    default:
      return "";
  }
}

std::string uuid_text(const audit::Id16& id) {
  std::string text = base::to_hex(id);
  for (const std::size_t at : {8U, 13U, 18U, 23U}) text.insert(at, 1, '-');
  return text;
}

}  // namespace paxid::server
