#include "verification/policy.h"

#include <openssl/sha.h>

#include <toml++/toml.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "verification/station.h"

namespace paxid::verification {
namespace {

using base::ErrorCode;
using base::fail;

constexpr int kMostMonths = 120;

std::optional<Trust> trust_from(std::string_view name) {
  for (Trust trust : {Trust::kPrimary, Trust::kSecondary, Trust::kKnown, Trust::kDerived}) {
    if (name_of(trust) == name) return trust;
  }
  return std::nullopt;
}

bool is_state(std::string_view text) {
  return text.size() == 3 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool is_carrier(std::string_view text) {
  return (text.size() == 2 || text.size() == 3) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

int line_of(const toml::node& node) { return static_cast<int>(node.source().begin.line); }

using Groups = std::map<std::string, std::vector<std::string>, std::less<>>;

// Reads the keys of one table and keeps everything that is wrong with them, so that the reader
// of a policy is a list of keys and not a ladder of checks.
class TableReader {
 public:
  TableReader(const toml::table& table, std::string prefix, std::vector<PolicyProblem>& problems)
      : table_(table), prefix_(std::move(prefix)), problems_(problems) {}

  bool has(std::string_view key) const { return static_cast<bool>(table_.at_path(key)); }
  int line() const { return line_of(table_); }

  std::string text(std::string_view key) {
    const auto value = at(key).value_exact<std::string>();
    if (!value || value->empty()) complain(key, "must be a text that is not empty");
    return value.value_or("");
  }

  std::string text_or_nothing(std::string_view key) { return has(key) ? text(key) : ""; }

  double fraction(std::string_view key) {
    const auto value = at(key).value<double>();
    if (!value || !(*value > 0 && *value < 1)) complain(key, "must be a number between 0 and 1");
    return value.value_or(0.5);
  }

  int integer(std::string_view key, int lowest, int highest) {
    const auto value = at(key).value_exact<std::int64_t>();
    if (!value || *value < lowest || *value > highest) {
      complain(key, "must be a whole number from " + std::to_string(lowest) + " to " +
                        std::to_string(highest));
      return lowest;
    }
    return static_cast<int>(*value);
  }

  bool flag_or(std::string_view key, bool otherwise) {
    if (!has(key)) return otherwise;
    const auto value = at(key).value_exact<bool>();
    if (!value) complain(key, "must be true or false");
    return value.value_or(otherwise);
  }

  base::Date date(std::string_view key) {
    const auto value = at(key).value<toml::date>();
    const base::Date date =
        value ? base::Date{std::chrono::year{static_cast<int>(value->year)},
                           std::chrono::month{value->month}, std::chrono::day{value->day}}
              : base::Date{};
    if (!value || !date.ok()) complain(key, "must be a date without quotes, e.g. 2026-11-22");
    return date;
  }

  std::optional<base::Date> date_or_nothing(std::string_view key) {
    return has(key) ? std::optional(date(key)) : std::nullopt;
  }

  // A list of words, each of which `fits`; nothing when the key is missing.
  template <class Fits>
  std::vector<std::string> words(std::string_view key, Fits fits, const std::string& must) {
    std::vector<std::string> words;
    if (!has(key)) return words;
    const auto node = at(key);
    const toml::array* list = node.as_array();
    if (list == nullptr || list->empty()) {
      complain(key, "must be a list of " + must);
      return words;
    }
    for (const toml::node& item : *list) {
      const auto word = item.value_exact<std::string>();
      if (word && fits(*word)) {
        words.push_back(*word);
      } else {
        complain(key, "must be a list of " + must);
      }
    }
    return words;
  }

  // Codes of States; "@name" stands for a group.
  std::vector<std::string> states(std::string_view key, const Groups& groups) {
    const auto known = [&groups](const std::string& word) {
      return is_state(word) || (word.starts_with('@') && groups.contains(word.substr(1)));
    };
    std::vector<std::string> states;
    for (const std::string& word :
         words(key, known, "ISO 3166-1 alpha-3 codes and names of groups with @")) {
      if (!word.starts_with('@')) {
        states.push_back(word);
        continue;
      }
      const auto& members = groups.find(word.substr(1))->second;
      states.insert(states.end(), members.begin(), members.end());
    }
    return states;
  }

  // A key of Rules. Any kind of TOML value is a text to it, so that the key says what is wrong.
  std::optional<RuleValue> rule(const RuleKey& key, Rules& scratch) {
    const auto node = at(key.name);
    RuleValue value;
    if (const auto text = node.value_exact<std::string>()) {
      value = *text;
    } else if (const auto number = node.value_exact<std::int64_t>()) {
      value = std::to_string(*number);
    } else if (const auto flag = node.value_exact<bool>()) {
      value = *flag ? "true" : "false";
    } else if (const toml::array* list = node.as_array()) {
      for (const toml::node& item : *list) {
        value += (value.empty() ? "" : " ") + item.value_or(std::string("?"));
      }
    } else {
      value = "?";
    }
    // A number in quotes is no number.
    const bool number_asked = std::holds_alternative<IntegerField>(key.field);
    const bool of_kind = number_asked == node.is_integer();
    if (auto problem = set_value(scratch, key, of_kind ? value : "?")) {
      complain(key.name, std::move(*problem));
      return std::nullopt;
    }
    return value;
  }

  // A key that another reader reads.
  void skip(std::string_view key) { asked_.insert(std::string(key)); }

  // A key nobody asked for is a spelling error that would silently change nothing.
  void refuse_unknown_keys() { visit(table_, ""); }

  void complain(std::string_view key, std::string message) {
    const auto node = table_.at_path(key);
    const int line = node ? line_of(*node.node()) : this->line();
    problems_.push_back({line, prefix_ + std::string(key), std::move(message)});
  }

 private:
  toml::node_view<const toml::node> at(std::string_view key) {
    asked_.insert(std::string(key));
    return table_.at_path(key);
  }

  void visit(const toml::table& table, const std::string& prefix) {
    for (const auto& [key, node] : table) {
      const std::string path = prefix + std::string(key.str());
      if (asked_.contains(path)) continue;
      if (const auto* inner = node.as_table()) {
        visit(*inner, path + ".");
      } else {
        problems_.push_back({line_of(node), prefix_ + path, "is no key of a policy"});
      }
    }
  }

  const toml::table& table_;
  std::string prefix_;
  std::vector<PolicyProblem>& problems_;
  std::set<std::string, std::less<>> asked_;
};

class PolicyReader {
 public:
  explicit PolicyReader(const toml::table& root) : root_(root) {}

  Policy read() {
    TableReader reader(root_, "", problems);
    Policy policy{};
    policy.id = reader.text("id");
    policy.effective_from = reader.date("effective_from");
    policy.source = reader.text("source");
    policy.prior = reader.fraction("prior");
    for (const RuleKey& key : rule_keys()) {
      if (const auto value = reader.rule(key, policy.rules)) set_value(policy.rules, key, *value);
    }
    read_groups();
    for (const char* kind : {"airline", "route"}) {
      each_row(kind, [&](TableReader& row) {
        policy.overrides.push_back(read_override(kind, row, policy.rules));
      });
    }
    each_row("validity", [&](TableReader& row) { policy.validity.push_back(read_validity(row)); });
    asked_rows(reader);
    reader.refuse_unknown_keys();
    return policy;
  }

  std::vector<PolicyProblem> problems;

 private:
  void read_groups() {
    const toml::table* table = root_["groups"].as_table();
    if (table == nullptr) return;
    TableReader reader(*table, "groups.", problems);
    for (const auto& [name, node] : *table) {
      groups_[std::string(name.str())] = reader.states(name.str(), {});
    }
  }

  // The tables that have readers of their own.
  static void asked_rows(TableReader& reader) {
    for (const char* key : {"groups", "airline", "route", "validity"}) reader.skip(key);
  }

  template <class Read>
  void each_row(const char* kind, Read read) {
    const auto node = root_[kind];
    if (!node) return;
    const toml::array* rows = node.as_array();
    if (rows == nullptr || !rows->is_homogeneous(toml::node_type::table)) {
      problems.push_back(
          {line_of(*node.node()), kind, "must be tables, [[" + std::string(kind) + "]]"});
      return;
    }
    if (rows->size() > kMaxPolicyRows) {
      problems.push_back({line_of(*node.node()), kind,
                          "must be at most " + std::to_string(kMaxPolicyRows) + " tables"});
      return;
    }
    for (std::size_t i = 0; i < rows->size(); ++i) {
      TableReader row(*rows->get(i)->as_table(), std::string(kind) + "[" + std::to_string(i) + "].",
                      problems);
      read(row);
      row.refuse_unknown_keys();
    }
  }

  Provenance read_provenance(TableReader& row) {
    Provenance provenance{};
    provenance.source = row.text("source");
    provenance.read = row.date("read");
    const auto trust = trust_from(row.text("trust"));
    if (!trust) row.complain("trust", "must be \"P\", \"S\", \"K\" or \"D\"");
    provenance.trust = trust.value_or(Trust::kDerived);
    provenance.note = row.text_or_nothing("note");
    provenance.line = row.line();
    return provenance;
  }

  Selector read_selector(TableReader& row) {
    Selector selector;
    selector.carriers = row.words(
        "carriers", [](const std::string& word) { return is_carrier(word); },
        "airline designators of 2 or 3 letters and digits");
    selector.within = row.states("within", groups_);
    selector.from = row.states("from", groups_);
    selector.to = row.states("to", groups_);
    selector.since = row.date_or_nothing("since");
    selector.until = row.date_or_nothing("until");
    selector.active = row.flag_or("active", true);
    return selector;
  }

  Override read_override(const char* kind, TableReader& row, const Rules& base) {
    Override made{kind, read_selector(row), read_provenance(row), {}};
    if (std::string_view(kind) == "airline" && !row.has("carriers")) {
      row.complain("carriers", "is required");
    }
    if (std::string_view(kind) == "route" && !row.has("within") && !row.has("from") &&
        !row.has("to")) {
      row.complain("within", "one of within, from and to is required");
    }
    Rules scratch = base;
    for (const RuleKey& key : rule_keys()) {
      if (!row.has(key.name)) continue;
      if (auto value = row.rule(key, scratch)) made.values.emplace_back(&key, std::move(*value));
    }
    if (made.values.empty()) row.complain("", "changes nothing");
    return made;
  }

  ValidityRule read_validity(TableReader& row) {
    ValidityRule rule;
    rule.selector = read_selector(row);
    rule.provenance = read_provenance(row);
    rule.except_nationals = row.states("except_nationals", groups_);
    rule.months_after_arrival = row.integer("months_after_arrival", 0, kMostMonths);
    rule.name = row.text("name");
    if (!row.has("to")) row.complain("to", "is required");
    return rule;
  }

  const toml::table& root_;
  Groups groups_;
};

// Lists of States are long and asked at every verdict: their first letters tell most apart.
bool holds(const std::vector<std::string>& list, std::string_view value) {
  return !value.empty() && std::any_of(list.begin(), list.end(), [value](const std::string& entry) {
    return entry[0] == value[0] && entry == value;
  });
}

bool selects(const Selector& selector, const Occasion& occasion, std::string_view from,
             std::string_view to) {
  if (!selector.active) return false;
  if (selector.since && occasion.day() < *selector.since) return false;
  if (selector.until && *selector.until < occasion.day()) return false;
  if (!selector.carriers.empty() && !holds(selector.carriers, occasion.carrier)) return false;
  if (!selector.within.empty() && !(holds(selector.within, from) && holds(selector.within, to)))
    return false;
  if (!selector.from.empty() && !holds(selector.from, from)) return false;
  return selector.to.empty() || holds(selector.to, to);
}

// Doc 9303-3 writes D for Germany and several codes for British nationals; ISO 3166-1 does not.
std::string_view iso_state(std::string_view code) {
  if (code == "D") return "DEU";
  for (const char* british : {"GBD", "GBN", "GBO", "GBP", "GBS"}) {
    if (code == british) return "";  // no citizens, who other rules are made for
  }
  return code;
}

struct Reading {
  Policy policy;
  std::vector<PolicyProblem> problems;
};

Reading read_policy(std::string_view toml) {
  Reading reading{};
  if (toml.size() > kMaxPolicyBytes) {
    reading.problems.push_back(
        {0, "", "a policy has at most " + std::to_string(kMaxPolicyBytes) + " bytes"});
    return reading;
  }
  toml::table root;
  try {
    root = toml::parse(toml);
  } catch (const toml::parse_error& error) {
    reading.problems.push_back({static_cast<int>(error.source().begin.line), "",
                                "not TOML: " + std::string(error.description())});
    return reading;
  }
  PolicyReader reader(root);
  reading.policy = reader.read();
  reading.problems = std::move(reader.problems);
  std::stable_sort(reading.problems.begin(), reading.problems.end(),
                   [](const PolicyProblem& a, const PolicyProblem& b) { return a.line < b.line; });
  SHA256(reinterpret_cast<const unsigned char*>(toml.data()), toml.size(),
         reading.policy.sha256.data());
  return reading;
}

}  // namespace

std::string_view name_of(Trust trust) {
  switch (trust) {
    case Trust::kPrimary:
      return "P";
    case Trust::kSecondary:
      return "S";
    case Trust::kKnown:
      return "K";
    case Trust::kDerived:
      return "D";
  }
  return "";
}

base::Result<Policy> Policy::parse(std::string_view toml) {
  Reading reading = read_policy(toml);
  if (reading.problems.empty()) return std::move(reading.policy);
  const PolicyProblem& first = reading.problems.front();
  const std::string at = first.line > 0 ? "line " + std::to_string(first.line) + ": " : "";
  return fail(ErrorCode::kInvalidArgument, at + first.message, first.key);
}

std::vector<PolicyProblem> Policy::check(std::string_view toml) {
  return read_policy(toml).problems;
}

std::string Policy::reference() const { return id + " " + base::to_iso(effective_from); }

Rules Policy::rules_for(const Occasion& occasion, std::vector<const Override*>* applied) const {
  Rules resolved = rules;
  const std::string_view from = state_of_airport(occasion.from);
  const std::string_view to = state_of_airport(occasion.to);
  for (const Override& override : overrides) {
    if (!selects(override.selector, occasion, from, to)) continue;
    for (const auto& [key, value] : override.values) set_value(resolved, *key, value);
    if (applied != nullptr) applied->push_back(&override);
  }
  return resolved;
}

std::vector<const ValidityRule*> Policy::validity_for(const Occasion& occasion,
                                                      std::string_view nationality) const {
  std::vector<const ValidityRule*> applying;
  const std::string_view national = iso_state(nationality);
  if (national.empty()) return applying;
  const std::string_view from = state_of_airport(occasion.from);
  const std::string_view to = state_of_airport(occasion.to);
  for (const ValidityRule& rule : validity) {
    // Who comes from inside has entered before.
    if (holds(rule.selector.to, from) || holds(rule.except_nationals, national)) continue;
    if (selects(rule.selector, occasion, from, to)) applying.push_back(&rule);
  }
  return applying;
}

}  // namespace paxid::verification
