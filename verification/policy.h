#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/date.h"
#include "base/error.h"
#include "verification/rules.h"

namespace paxid::verification {

inline constexpr std::size_t kMaxPolicyBytes = 64 * 1024;
inline constexpr std::size_t kMaxPolicyRows = 500;

// How a row of a policy is known (docs/policy.md): the primary text was read, a secondary
// source was read, known but not checked, or derived from the others.
enum class Trust { kPrimary, kSecondary, kKnown, kDerived };
std::string_view name_of(Trust trust);  // "P", "S", "K", "D"

// Whence a row is.
struct Provenance {
  std::string source;
  base::Date read;  // when the source was read
  Trust trust;
  std::string note;  // may be empty
  int line = 0;      // of the policy's text
};

// Where and when a row applies. An empty list excludes nobody. Places are ISO 3166-1 alpha-3
// codes of States; groups are resolved.
struct Selector {
  std::vector<std::string> carriers;
  std::vector<std::string> within;  // both ends of the flight
  std::vector<std::string> from;
  std::vector<std::string> to;
  std::optional<base::Date> since;  // first day of the flight that it applies to
  std::optional<base::Date> until;  // last day
  bool active = true;
};

// An airline's or a route's rules: what differs from the rules above it.
struct Override {
  std::string kind;  // "airline" or "route"
  Selector selector;
  Provenance provenance;
  std::vector<std::pair<const RuleKey*, RuleValue>> values;
};

// How long beyond the day of the flight a document must be valid at a destination.
struct ValidityRule {
  Selector selector;
  Provenance provenance;
  std::vector<std::string> except_nationals;  // ISO 3166-1 alpha-3
  int months_after_arrival = 0;
  std::string name;  // what an agent is told the rule is of: "Schengen"
};

// What a policy is asked for. Empty texts and no date: not known; a row that asks for what is
// not known does not apply, save that an unknown day counts as `today`.
struct Occasion {
  std::string_view carrier;
  std::string_view from;  // IATA airport codes
  std::string_view to;
  std::optional<base::Date> departure_date;
  base::Date today;

  base::Date day() const { return departure_date.value_or(today); }
};

// One thing wrong with a policy text.
struct PolicyProblem {
  int line = 0;     // from 1; 0: of the whole text
  std::string key;  // "airline[2].names.nickname"; empty: of the whole text
  std::string message;
};

// Dated data: how differences are treated, in general, by an airline and on a route. Valid by
// construction: parse() is the only source, and refuses whatever is looser than the safety
// floor of docs/policy.md.
struct Policy {
  std::string id;  // e.g. "default"
  base::Date effective_from;
  std::string source;               // where the rules stand
  double prior;                     // P(one person) before the evidence, 0 < prior < 1
  Rules rules;                      // where no row says otherwise
  std::vector<Override> overrides;  // airlines before routes; the last that applies wins
  std::vector<ValidityRule> validity;
  std::array<std::uint8_t, 32> sha256;  // of the TOML text

  // "default 2026-11-22".
  std::string reference() const;

  // The rules of an occasion; into `applied`, when given, the overrides they come from.
  Rules rules_for(const Occasion& occasion, std::vector<const Override*>* applied = nullptr) const;

  // The validity rules of an occasion for a national (Doc 9303-3 or ISO code; empty: unknown,
  // for whom none applies).
  std::vector<const ValidityRule*> validity_for(const Occasion& occasion,
                                                std::string_view nationality) const;

  // Reads a policy file. INVALID_ARGUMENT names the first problem: its key in `field`, its
  // line in the message.
  static base::Result<Policy> parse(std::string_view toml);

  // Every problem of a policy text, in the order of its lines; empty when parse() takes it.
  static std::vector<PolicyProblem> check(std::string_view toml);
};

// The text of ops/policies/default.toml as compiled in. Static lifetime.
std::string_view default_policy_toml();

}  // namespace paxid::verification
