#include "clients/cli/policy_command.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/hex.h"
#include "clients/cli/terminal.h"

namespace paxid::cli {
namespace {

namespace ver = verification;
using nlohmann::json;

constexpr std::size_t kWordsShown = 6;

std::string words_of(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size() && i < kWordsShown; ++i) text += " " + words[i];
  if (words.size() > kWordsShown) {
    text += " and " + std::to_string(words.size() - kWordsShown) + " more";
  }
  return text;
}

// "airline LH LX OS", "route from ITA to AUT BEL ... ".
std::string title_of(const std::string& kind, const ver::Selector& selector) {
  std::string title = kind + words_of(selector.carriers);
  if (!selector.within.empty()) title += " within" + words_of(selector.within);
  if (!selector.from.empty()) title += " from" + words_of(selector.from);
  if (!selector.to.empty()) title += " to" + words_of(selector.to);
  return title;
}

json provenance_json(const ver::Selector& selector, const ver::Provenance& provenance) {
  json to{{"source", provenance.source},
          {"read", base::to_iso(provenance.read)},
          {"trust", ver::name_of(provenance.trust)},
          {"line", provenance.line},
          {"active", selector.active}};
  if (!provenance.note.empty()) to["note"] = provenance.note;
  if (selector.since) to["since"] = base::to_iso(*selector.since);
  if (selector.until) to["until"] = base::to_iso(*selector.until);
  return to;
}

json row_json(const ver::Override& row) {
  json to = provenance_json(row.selector, row.provenance);
  to["row"] = title_of(row.kind, row.selector);
  to["values"] = json::object();
  for (const auto& [key, value] : row.values) to["values"][std::string(key->name)] = value;
  return to;
}

json validity_json(const ver::ValidityRule& rule) {
  json to = provenance_json(rule.selector, rule.provenance);
  to["name"] = rule.name;
  to["months_after_arrival"] = rule.months_after_arrival;
  return to;
}

std::string dated(const json& row) {
  std::string text = "line " + std::to_string(row.value("line", 0)) + ", trust " +
                     row.value("trust", "") + ", read " + row.value("read", "");
  if (row.contains("since")) text += ", since " + row.value("since", "");
  if (row.contains("until")) text += ", until " + row.value("until", "");
  return text;
}

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

// What identifies a row in two policies, and what it says. The values, not the line.
std::map<std::string, json> rows_of(const ver::Policy& policy) {
  std::map<std::string, json> rows;
  const auto keep = [&rows](const std::string& title, json row) {
    row.erase("line");
    std::string name = title;
    for (int i = 2; rows.contains(name); ++i) name = title + " (" + std::to_string(i) + ")";
    rows.emplace(name, std::move(row));
  };
  for (const ver::Override& row : policy.overrides) {
    json to = row_json(row);
    to["selector"] = {row.selector.within, row.selector.from, row.selector.to};
    keep(title_of(row.kind, row.selector), std::move(to));
  }
  for (const ver::ValidityRule& rule : policy.validity) {
    json to = validity_json(rule);
    to["selector"] = {rule.selector.to, rule.except_nationals};
    keep("validity " + rule.name, std::move(to));
  }
  return rows;
}

}  // namespace

base::Result<ver::Policy> load_policy(const std::string& file) {
  if (file.empty()) return ver::Policy::parse(ver::default_policy_toml());
  const auto text = base::read_file(file, ver::kMaxPolicyBytes);
  if (!text) return base::fail(text.error().code, text.error().message, file);
  auto policy = ver::Policy::parse(*text);
  if (policy) return policy;
  const std::string key = policy.error().field;
  return base::fail(policy.error().code, (key.empty() ? "" : key + ": ") + policy.error().message,
                    file);
}

json check_policy(std::string_view toml) {
  json problems = json::array();
  for (const ver::PolicyProblem& problem : ver::Policy::check(toml)) {
    problems.push_back(
        {{"line", problem.line}, {"key", problem.key}, {"message", problem.message}});
  }
  json answer{{"ok", problems.empty()}, {"problems", std::move(problems)}};
  if (const auto policy = ver::Policy::parse(toml)) {
    answer["policy"] = policy->reference();
    answer["sha256"] = base::to_hex(policy->sha256);
    answer["rows"] = policy->overrides.size() + policy->validity.size();
  }
  return answer;
}

std::string check_card(const std::string& file, const json& answer) {
  if (answer.value("ok", false)) {
    return file + ": " + answer.value("policy", "") + " is valid, with " +
           std::to_string(answer.value("rows", 0)) + " rows of airlines, routes and destinations\n";
  }
  std::string card;
  for (const json& problem : answer["problems"]) {
    const int line = problem.value("line", 0);
    const std::string key = problem.value("key", "");
    card += file + (line > 0 ? ":" + std::to_string(line) : "") + ": " +
            (key.empty() ? "" : printable(key) + " ") + printable(problem.value("message", "")) +
            "\n";
  }
  return card;
}

json explain_policy(const ver::Policy& policy, const ver::Occasion& occasion) {
  std::vector<const ver::Override*> applied;
  const ver::Rules rules = policy.rules_for(occasion, &applied);
  json values = json::array();
  for (const ver::RuleKey& key : ver::rule_keys()) {
    std::string from = policy.reference();
    for (const ver::Override* row : applied) {
      for (const auto& [name, value] : row->values) {
        if (name->name == key.name) from = title_of(row->kind, row->selector);
      }
    }
    values.push_back(
        {{"key", key.name}, {"value", ver::value_of(rules, key)}, {"from", std::move(from)}});
  }
  json rows = json::array();
  for (const ver::Override* row : applied) rows.push_back(row_json(*row));
  json validity = json::array();
  for (const ver::ValidityRule& rule : policy.validity) validity.push_back(validity_json(rule));
  return {{"policy", policy.reference()},
          {"source", policy.source},
          {"day", base::to_iso(occasion.day())},
          {"rules", std::move(values)},
          {"rows", std::move(rows)},
          {"validity", std::move(validity)}};
}

std::string explain_card(const json& answer) {
  const std::string policy = answer.value("policy", "");
  std::string card = policy + " on " + answer.value("day", "") + "\n" +
                     printable(answer.value("source", "")) + "\n\n";
  for (const json& rule : answer["rules"]) {
    const std::string value = rule.value("value", "");
    const std::string from = rule.value("from", "");
    card += "  " + padded(rule.value("key", ""), 38) +
            (from == policy ? (value.empty() ? "-" : value)
                            : padded(value.empty() ? "-" : value, 14) + from) +
            "\n";
  }
  for (const json& row : answer["rows"]) {
    card += "\n" + row.value("row", "") + "\n  " + printable(row.value("source", "")) + "\n  " +
            dated(row) + "\n";
    if (row.contains("note")) card += "  " + printable(row.value("note", "")) + "\n";
  }
  for (const json& rule : answer["validity"]) {
    card += "\nvalidity " + printable(rule.value("name", "")) + ": " +
            std::to_string(rule.value("months_after_arrival", 0)) + " months after arrival\n  " +
            printable(rule.value("source", "")) + "\n  " + dated(rule) + "\n";
  }
  return card;
}

json diff_policies(const ver::Policy& a, const ver::Policy& b) {
  json rules = json::array();
  const auto compare = [&rules](std::string_view key, const json& x, const json& y) {
    if (x != y) rules.push_back({{"key", key}, {"a", x}, {"b", y}});
  };
  compare("prior", a.prior, b.prior);
  for (const ver::RuleKey& key : ver::rule_keys()) {
    compare(key.name, ver::value_of(a.rules, key), ver::value_of(b.rules, key));
  }
  json changes = json::array();
  const auto of_a = rows_of(a);
  const auto of_b = rows_of(b);
  for (const auto& [title, row] : of_a) {
    const auto other = of_b.find(title);
    if (other == of_b.end()) {
      changes.push_back({{"row", title}, {"change", "removed"}, {"a", row}});
    } else if (row != other->second) {
      changes.push_back({{"row", title}, {"change", "changed"}, {"a", row}, {"b", other->second}});
    }
  }
  for (const auto& [title, row] : of_b) {
    if (!of_a.contains(title)) changes.push_back({{"row", title}, {"change", "added"}, {"b", row}});
  }
  return {{"a", a.reference()},
          {"b", b.reference()},
          {"rules", std::move(rules)},
          {"rows", std::move(changes)}};
}

std::string diff_card(const json& answer) {
  std::string card = answer.value("a", "") + " → " + answer.value("b", "") + "\n";
  if (answer["rules"].empty() && answer["rows"].empty()) return card + "No rule differs.\n";
  const auto plain = [](const json& value) {
    return value.is_string() ? value.get<std::string>() : value.dump();
  };
  for (const json& rule : answer["rules"]) {
    card += "  " + padded(rule.value("key", ""), 38) + plain(rule["a"]) + " → " + plain(rule["b"]) +
            "\n";
  }
  for (const json& row : answer["rows"]) {
    card += "  " + printable(row.value("row", "")) + ": " + row.value("change", "") + "\n";
    for (const char* side : {"a", "b"}) {
      if (!row.contains(side)) continue;
      card += std::string("    ") + side + "  " + printable(row[side].dump()) + "\n";
    }
  }
  return card;
}

}  // namespace paxid::cli
