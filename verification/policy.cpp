#include "verification/policy.h"

#include <openssl/sha.h>

#include <toml++/toml.h>

#include <set>
#include <string>

namespace paxid::verification {
namespace {

using base::ErrorCode;
using base::fail;

// Reads keys out of a table and remembers the first thing that is wrong, so that the reader
// of a policy is a list of keys and not a ladder of checks.
class PolicyReader {
 public:
  explicit PolicyReader(const toml::table& root) : root_(root) {}

  std::string text(std::string_view key) {
    const auto value = at(key).value<std::string>();
    if (!value || value->empty()) complain(key, "must be a text that is not empty");
    return value.value_or("");
  }

  double fraction(std::string_view key) {
    const auto value = at(key).value<double>();
    if (!value || !(*value > 0 && *value < 1)) complain(key, "must be a number between 0 and 1");
    return value.value_or(0.5);
  }

  int integer(std::string_view key, int lowest, int highest) {
    const auto value = at(key).value<std::int64_t>();
    if (!value || *value < lowest || *value > highest) {
      complain(key, "must be a whole number from " + std::to_string(lowest) + " to " +
                        std::to_string(highest));
      return lowest;
    }
    return static_cast<int>(*value);
  }

  base::Date date(std::string_view key) {
    const auto value = at(key).value<toml::date>();
    if (!value) {
      complain(key, "must be a date without quotes, e.g. 2026-11-22");
      return {};
    }
    return base::Date{std::chrono::year{static_cast<int>(value->year)},
                      std::chrono::month{value->month}, std::chrono::day{value->day}};
  }

  // `match_allowed` false: MATCH would be below the safety floor.
  Verdict verdict(std::string_view key, bool match_allowed) {
    const auto value = verdict_from(at(key).value<std::string>().value_or(""));
    if (!value) {
      complain(key, "must be \"MATCH\", \"REVIEW\" or \"MISMATCH\"");
      return Verdict::kMismatch;
    }
    if (*value == Verdict::kMatch && !match_allowed) {
      complain(key, "must not be \"MATCH\": that is looser than the safety floor");
    }
    return *value;
  }

  // A key nobody asked for is a spelling error that would silently change nothing.
  void refuse_unknown_keys() { visit(root_, ""); }

  const std::optional<base::Error>& error() const { return error_; }

 private:
  toml::node_view<const toml::node> at(std::string_view key) {
    asked_.insert(std::string(key));
    return root_.at_path(key);
  }

  void complain(std::string_view key, std::string message) {
    if (!error_)
      error_ = base::Error{ErrorCode::kInvalidArgument, std::move(message), std::string(key)};
  }

  void visit(const toml::table& table, const std::string& prefix) {
    for (const auto& [key, node] : table) {
      const std::string path = prefix + std::string(key.str());
      if (const auto* inner = node.as_table()) {
        visit(*inner, path + ".");
      } else if (!asked_.contains(path)) {
        complain(path, "is no key of a policy");
      }
    }
  }

  const toml::table& root_;
  std::set<std::string> asked_;
  std::optional<base::Error> error_;
};

NameRules read_name_rules(PolicyReader& reader) {
  NameRules rules{};
  // One changed letter can be another person's name: at least a person looks at it.
  rules.letter_change = reader.verdict("names.letter_change", /*match_allowed=*/false);
  rules.max_letter_changes = reader.integer("names.max_letter_changes", 0, 5);
  rules.nickname = reader.verdict("names.nickname", /*match_allowed=*/false);
  rules.initial_for_first = reader.verdict("names.initial_for_first", /*match_allowed=*/false);
  rules.fields_swapped = reader.verdict("names.fields_swapped", /*match_allowed=*/true);
  rules.further_name_missing = reader.verdict("names.further_name_missing", /*match_allowed=*/true);
  rules.surname_part_missing =
      reader.verdict("names.surname_part_missing", /*match_allowed=*/false);
  return rules;
}

}  // namespace

base::Result<Policy> Policy::parse(std::string_view toml) {
  if (toml.size() > kMaxPolicyBytes) {
    return fail(ErrorCode::kInvalidArgument,
                "a policy has at most " + std::to_string(kMaxPolicyBytes) + " bytes");
  }
  toml::table root;
  try {
    root = toml::parse(toml);
  } catch (const toml::parse_error& error) {
    return fail(ErrorCode::kInvalidArgument, "not TOML: " + std::string(error.description()),
                "line " + std::to_string(error.source().begin.line));
  }
  PolicyReader reader(root);
  Policy policy{};
  policy.id = reader.text("id");
  policy.effective_from = reader.date("effective_from");
  policy.source = reader.text("source");
  policy.prior = reader.fraction("prior");
  policy.names = read_name_rules(reader);
  policy.expired_document = reader.verdict("document.expired", /*match_allowed=*/true);
  policy.specimen_document = reader.verdict("document.specimen", /*match_allowed=*/true);
  reader.refuse_unknown_keys();
  if (reader.error()) return tl::unexpected(*reader.error());
  SHA256(reinterpret_cast<const unsigned char*>(toml.data()), toml.size(), policy.sha256.data());
  return policy;
}

std::string Policy::reference() const { return id + " " + base::to_iso(effective_from); }

}  // namespace paxid::verification
