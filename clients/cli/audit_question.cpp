#include "clients/cli/audit_question.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "audit/checkpoint.h"
#include "base/date.h"
#include "base/hex.h"
#include "base/json_member.h"
#include "clients/cli/flight_command.h"
#include "clients/cli/terminal.h"

namespace paxid::cli {
namespace {

using audit::RecordType;
using nlohmann::json;

constexpr std::size_t kMinDigestDigits = 8;

std::string flight_text(const json& body) {
  const json flight = base::member(body, "flight");
  const std::string carrier = base::text_at(flight, "carrier");
  if (carrier.empty()) return {};
  return carrier + base::text_at(flight, "flight_number") + "/" +
         base::text_at(flight, "departure_date") + "/" + base::text_at(flight, "from");
}

std::string reasons_text(const json& body) {
  std::string codes;
  const json reasons = base::member(base::member(body, "answer"), "reasons");
  if (!reasons.is_array()) return codes;
  for (const json& reason : reasons)
    codes += (codes.empty() ? "" : " ") + base::text_at(reason, "code");
  return codes;
}

std::string_view word_of(RecordType type) {
  constexpr std::array<std::string_view, 9> kWords{"suggestion", "decision",  "erasure",
                                                   "retention",  "key_event", "configuration",
                                                   "look",       "event",     "refused"};
  return kWords[static_cast<std::size_t>(type) - 1];
}

void put(json& to, const char* key, const std::string& value) {
  if (!value.empty()) to[key] = value;
}

json row_of(const AskedRecord& record) {
  const json& body = record.body;
  json row{
      {"leaf_index", record.index},
      {"time", base::utc_text(static_cast<std::int64_t>(record.leaf.time_unix_us / 1'000'000))},
      {"type", word_of(record.leaf.type)},
      {"request_id", base::to_hex(record.leaf.request_id)},
      {"actor", base::to_hex(record.leaf.actor)}};
  if (record.leaf.subject_ref != audit::Id16{}) {
    row["subject_ref"] = base::to_hex(record.leaf.subject_ref);
  }
  put(row, "event", base::text_at(body, "event"));
  put(row, "verdict", base::text_at(base::member(body, "answer"), "verdict"));
  put(row, "verdict", base::text_at(base::member(body, "decided"), "verdict"));
  for (const char* key : {"action", "reason", "evidence", "operator", "second_operator", "role",
                          "station", "purpose", "reference", "recipient", "question", "ground"}) {
    put(row, key, base::text_at(body, key));
  }
  put(row, "reasons", reasons_text(body));
  put(row, "flight", flight_text(body));
  put(row, "policy", base::text_at(base::member(body, "policy"), "id"));
  if (record.body_state == "gone" || record.body_state == "restricted") {
    row["body_state"] = record.body_state;
  }
  return row;
}

bool is_override(const json& body) {
  const std::string action = base::text_at(body, "action");
  const std::string verdict = base::text_at(base::member(body, "decided"), "verdict");
  return (action == "accept" && verdict != "MATCH") || (action == "refuse" && verdict == "MATCH");
}

// Decisions of people that are of a kind, and what of it was undone.
class Decisions : public AuditAnswer {
 public:
  void see(const AskedRecord& record, const Emit& emit) override {
    if (record.leaf.type != RecordType::kManualReview || record.body.empty()) return;
    if (base::text_at(record.body, "action") == "undo") {
      if (shown_.contains(base::text_at(base::member(record.body, "decided"), "request_id"))) {
        emit(row_of(record));
      }
    } else if (fits(record.body)) {
      shown_.insert(base::to_hex(record.leaf.request_id));
      emit(row_of(record));
    }
  }

 private:
  virtual bool fits(const json& body) const = 0;
  std::set<std::string> shown_;
};

class Overrides final : public Decisions {
 public:
  explicit Overrides(std::string verdict) : verdict_(std::move(verdict)) {}

 private:
  bool fits(const json& body) const override {
    return is_override(body) && (verdict_.empty() || base::text_at(base::member(body, "decided"),
                                                                   "verdict") == verdict_);
  }
  const std::string verdict_;
};

class Accepted final : public Decisions {
 public:
  Accepted(std::string reason, std::string station)
      : reason_(std::move(reason)), station_(std::move(station)) {}

 private:
  bool fits(const json& body) const override {
    return base::text_at(body, "action") == "accept" &&
           (reason_.empty() || base::text_at(body, "reason") == reason_) &&
           (station_.empty() || base::text_at(body, "station") == station_);
  }
  const std::string reason_;
  const std::string station_;
};

class Looks final : public AuditAnswer {
 public:
  explicit Looks(const audit::Id16& subject) : subject_(subject) {}

  void see(const AskedRecord& record, const Emit& emit) override {
    const RecordType type = record.leaf.type;
    if (record.leaf.subject_ref == subject_) {
      if (type == RecordType::kDecision || type == RecordType::kManualReview) {
        own_.push_back({record.leaf.time_unix_us, record.body});
      } else {
        emit(row_of(record));
      }
    } else if (type == RecordType::kAuditRead && may_hold(record.body)) {
      json row = row_of(record);
      row["filter"] = base::member(record.body, "filter").dump();
      emit(row);
    }
  }

 private:
  struct Own {
    std::uint64_t time_unix_us;
    json body;  // empty: nothing to see, so it fits every filter
  };

  bool may_hold(const json& look) const {
    const std::string profile = base::text_at(look, "profile");
    if (base::text_at(look, "event") != "export_begun" || profile == "internal" ||
        profile == "data_protection") {
      return false;
    }
    const json filter = base::member(look, "filter");
    const std::string subject = base::text_at(filter, "subject_ref");
    if (!subject.empty() && subject != base::to_hex(subject_)) return false;
    return std::any_of(own_.begin(), own_.end(), [&](const Own& own) { return fits(filter, own); });
  }

  static bool fits(const json& filter, const Own& own) {
    const auto number = [&](const char* key, std::uint64_t otherwise) {
      const json value = filter.value(key, json());
      return value.is_number_unsigned() ? value.get<std::uint64_t>() : otherwise;
    };
    if (own.time_unix_us < number("from_unix_us", 0) ||
        own.time_unix_us >= number("until_unix_us", ~std::uint64_t{0})) {
      return false;
    }
    if (own.body.empty()) return true;
    const json flight = base::member(own.body, "flight");
    const auto agrees = [&](const char* key, const std::string& value) {
      const std::string wanted = base::text_at(filter, key);
      return wanted.empty() || wanted == value;
    };
    std::string verdict = base::text_at(base::member(own.body, "answer"), "verdict");
    if (verdict.empty()) verdict = base::text_at(base::member(own.body, "decided"), "verdict");
    return agrees("verdict", verdict) && agrees("station", base::text_at(own.body, "station")) &&
           agrees("carrier", base::text_at(flight, "carrier")) &&
           agrees("flight_number", base::text_at(flight, "flight_number")) &&
           agrees("departure_date", base::text_at(flight, "departure_date")) &&
           agrees("from", base::text_at(flight, "from"));
  }

  const audit::Id16 subject_;
  std::vector<Own> own_;
};

class OfPolicy final : public AuditAnswer {
 public:
  explicit OfPolicy(std::string policy) : policy_(std::move(policy)) {}

  void see(const AskedRecord& record, const Emit& emit) override {
    const std::string id = base::text_at(base::member(record.body, "policy"), "id");
    if (!id.empty() && id == policy_) rulesets_.insert(record.leaf.ruleset);
    const RecordType type = record.leaf.type;
    if (type != RecordType::kDecision && type != RecordType::kManualReview) return;
    if (rulesets_.contains(record.leaf.ruleset) || begins(record.leaf.ruleset)) {
      emit(row_of(record));
    }
  }

 private:
  bool begins(const audit::Hash& ruleset) const {
    return policy_.size() >= kMinDigestDigits && base::to_hex(ruleset).starts_with(policy_);
  }

  const std::string policy_;
  std::set<audit::Hash> rulesets_;
};

class Errors final : public AuditAnswer {
 public:
  void see(const AskedRecord& record, const Emit&) override {
    const json& body = record.body;
    if (places_.empty()) first_ = record.index;
    places_.resize(record.index - first_ + 1);
    if (body.empty()) return;
    if (record.leaf.type == RecordType::kDecision) {
      const std::uint16_t issuer = number_of(base::text_at(body, "issuer"));
      places_.back() = {issuer, 0};
      Figures& figures = figures_[issuer];
      ++figures.suggestions;
      figures.reviews += record.leaf.decision == 2 ? 1 : 0;
      figures.mismatches += record.leaf.decision == 3 ? 1 : 0;
    } else if (record.leaf.type == RecordType::kManualReview) {
      decided(body);
    }
  }

  void finish(const Emit& emit) override {
    for (std::size_t i = 0; i < issuers_.size(); ++i) {
      const Figures& figures = figures_[i];
      const auto share = [&](std::int64_t part, std::int64_t whole) {
        return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
      };
      emit({{"issuer", issuers_[i].empty() ? "(none)" : issuers_[i]},
            {"suggestions", figures.suggestions},
            {"review_share", share(figures.reviews, figures.suggestions)},
            {"mismatch_share", share(figures.mismatches, figures.suggestions)},
            {"decided_by_people", figures.decided},
            {"overridden", figures.overridden},
            {"error_rate", share(figures.overridden, figures.decided)}});
    }
  }

 private:
  struct Figures {
    std::int64_t suggestions = 0;
    std::int64_t reviews = 0;
    std::int64_t mismatches = 0;
    std::int64_t decided = 0;
    std::int64_t overridden = 0;
  };
  // What is known of a leaf: the State, and of a decision what it was.
  struct Place {
    std::uint16_t issuer = 0xFFFF;
    std::uint8_t decided = 0;  // 1: as suggested, 2: otherwise
  };

  std::uint16_t number_of(const std::string& issuer) {
    const auto [found, made] =
        numbers_.emplace(issuer, static_cast<std::uint16_t>(issuers_.size()));
    if (made) {
      issuers_.push_back(issuer);
      figures_.emplace_back();
    }
    return found->second;
  }

  void decided(const json& body) {
    const json on = base::member(body, "decided");
    const json place = on.value("leaf_index", json());
    // What was suggested before the period is not counted.
    if (!place.is_number_unsigned() || place.get<std::uint64_t>() < first_) return;
    const std::uint64_t at = place.get<std::uint64_t>() - first_;
    if (at >= places_.size() || places_[at].issuer == 0xFFFF) return;
    Figures& figures = figures_[places_[at].issuer];
    const std::string action = base::text_at(body, "action");
    if (action == "undo") {
      figures.decided -= places_[at].decided != 0 ? 1 : 0;
      figures.overridden -= places_[at].decided == 2 ? 1 : 0;
      places_[at].decided = 0;
    } else if (action != "hand_over") {
      const bool otherwise = is_override(body);
      places_.back() = {places_[at].issuer, static_cast<std::uint8_t>(otherwise ? 2 : 1)};
      ++figures.decided;
      figures.overridden += otherwise ? 1 : 0;
    }
  }

  std::uint64_t first_ = 0;
  std::vector<Place> places_;
  std::map<std::string, std::uint16_t> numbers_;
  std::vector<std::string> issuers_;
  std::vector<Figures> figures_;
};

class Everything final : public AuditAnswer {
 public:
  void see(const AskedRecord& record, const Emit& emit) override {
    if (!record.body.empty() && record.leaf.type != RecordType::kAuditRead) emit(row_of(record));
  }
};

tl::unexpected<base::Error> broken(std::uint64_t index, const std::string& what) {
  return base::fail(base::ErrorCode::kDataLoss, "leaf " + std::to_string(index) + ": " + what);
}

}  // namespace

std::unique_ptr<AuditAnswer> overrides_answer(const std::string& verdict) {
  return std::make_unique<Overrides>(verdict);
}
std::unique_ptr<AuditAnswer> accepted_answer(const std::string& reason,
                                             const std::string& station) {
  return std::make_unique<Accepted>(reason, station);
}
std::unique_ptr<AuditAnswer> looks_answer(const audit::Id16& subject) {
  return std::make_unique<Looks>(subject);
}
std::unique_ptr<AuditAnswer> policy_answer(const std::string& policy) {
  return std::make_unique<OfPolicy>(policy);
}
std::unique_ptr<AuditAnswer> errors_answer() { return std::make_unique<Errors>(); }
std::unique_ptr<AuditAnswer> everything_answer() { return std::make_unique<Everything>(); }

std::string row_line(const json& row) {
  std::string line;
  if (row.contains("leaf_index")) {
    line = base::text_at(row, "time") + "  #" + row["leaf_index"].dump() + "  " +
           base::text_at(row, "type");
  } else {
    line = base::text_at(row, "issuer");
  }
  for (const auto& [key, value] : row.items()) {
    if (key == "leaf_index" || key == "time" || key == "type" || key == "issuer") continue;
    line += "  " + key + "=" + (value.is_string() ? value.get<std::string>() : value.dump());
  }
  return printable(line) + "\n";
}

base::Result<void> WholeCheck::see(const sdk::ExportPage& page) {
  if (!begun_) {
    begun_ = true;
    next_ = page.first_leaf;
    std::size_t bits = 0;
    for (std::uint64_t rest = next_; rest != 0; rest &= rest - 1) ++bits;
    if (bits != page.left_subtrees.size()) return broken(next_, "the tree before it is missing");
    tree_ = audit::Frontier(next_, page.left_subtrees);
  }
  for (const sdk::ExportedRecord& record : page.records) {
    if (record.leaf_index != next_) return broken(next_, "is missing");
    const auto leaf = audit::decode_leaf(record.leaf_data);
    if (!leaf) return broken(next_, leaf.error().message);
    if (leaf->time_unix_us < last_time_) return broken(next_, "is earlier than the one before");
    last_time_ = leaf->time_unix_us;
    absences_.see(next_, *leaf);
    if (record.body_state == "gone") absences_.missing(next_, *leaf);
    tree_.append(audit::leaf_hash(record.leaf_data));
    ++next_;
  }
  return {};
}

base::Result<void> WholeCheck::finish(const sdk::ExportPage& last,
                                      std::span<const audit::VerifierKey> trusted,
                                      const std::string& note,
                                      const std::vector<audit::Hash>& proof) {
  if (next_ != last.end_leaf) return broken(next_, "the last leaves are missing");
  const auto head = audit::open_checkpoint(note, trusted, trusted.front().name);
  if (!head) return tl::unexpected(head.error());
  return audit::verify_consistency(next_, head->size, tree_.root(), head->root, proof);
}

}  // namespace paxid::cli
