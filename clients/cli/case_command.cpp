#include "clients/cli/case_command.h"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <optional>
#include <utility>

#include "clients/cli/jsonl.h"
#include "clients/cli/terminal.h"
#include "clients/cli/verify_command.h"

namespace paxid::cli {
namespace {

namespace ver = verification;
using nlohmann::json;

// Calls `judge` for each object; the number of lines that gave none, or that it could not use.
std::size_t each_case(std::istream& in, const std::function<bool(const json&)>& judge) {
  std::size_t unreadable = 0;
  Line line;
  while (next_line(in, line)) {
    if (line.blank()) continue;
    const auto one = object_of(line);
    if (!one || !judge(*one)) ++unreadable;
  }
  return unreadable;
}

std::optional<ver::Verdict> verdict_at(const json& one, const char* key) {
  const auto text = text_at(one, key);
  return text ? ver::verdict_from(*text) : std::nullopt;
}

bool lists(const json& one, const char* key, ver::Verdict verdict) {
  const auto list = one.find(key);
  if (list == one.end() || !list->is_array()) return false;
  return std::find(list->begin(), list->end(), json(ver::name_of(verdict))) != list->end();
}

json id_of(const json& one) {
  const auto id = one.find("id");
  return id == one.end() ? json() : *id;
}

struct Figures {
  std::size_t cases = 0;
  std::size_t acceptable = 0;
  std::size_t exact = 0;
  std::size_t false_pass = 0;
  std::size_t may_not_pass = 0;
  std::size_t false_denial = 0;
  std::size_t may_not_be_denied = 0;
  std::size_t review = 0;

  void count(const json& one, ver::Verdict expected, ver::Verdict verdict) {
    const bool no_pass = lists(one, "must_not", ver::Verdict::kMatch);
    const bool no_denial = lists(one, "must_not", ver::Verdict::kMismatch);
    ++cases;
    exact += verdict == expected;
    acceptable += verdict == expected || lists(one, "also_ok", verdict);
    may_not_pass += no_pass;
    may_not_be_denied += no_denial;
    false_pass += no_pass && verdict == ver::Verdict::kMatch;
    false_denial += no_denial && verdict == ver::Verdict::kMismatch;
    review += verdict == ver::Verdict::kReview;
  }

  json to_json() const {
    return {{"cases", cases},
            {"acceptable", acceptable},
            {"exact", exact},
            {"false_pass", false_pass},
            {"may_not_pass", may_not_pass},
            {"false_denial", false_denial},
            {"may_not_be_denied", may_not_be_denied},
            {"review", review}};
  }
};

std::string ratio(const json& figures, const char* part, const char* whole) {
  return std::to_string(figures.value(part, 0)) + "/" + std::to_string(figures.value(whole, 0));
}

std::string figures_row(const std::string& name, const json& figures) {
  const int cases = figures.value("cases", 0);
  char text[160];
  std::snprintf(text, sizeof text, "%-24.24s %10s %10s %11s %13s %8.3f\n", name.c_str(),
                ratio(figures, "acceptable", "cases").c_str(),
                ratio(figures, "exact", "cases").c_str(),
                ratio(figures, "false_pass", "may_not_pass").c_str(),
                ratio(figures, "false_denial", "may_not_be_denied").c_str(),
                cases == 0 ? 0.0 : static_cast<double>(figures.value("review", 0)) / cases);
  return text;
}

// The rules that stand where the verdict is decided.
json deciding_codes(const ver::VerdictReport& report) {
  json codes = json::array();
  for (const ver::Counterfactual& counterfactual : report.counterfactuals) {
    codes.push_back(counterfactual.code);
  }
  if (codes.empty()) codes.push_back(report.sentence.key);
  return codes;
}

std::string line_count(const json& answer) {
  const int unreadable = answer.value("unreadable", 0);
  return unreadable == 0 ? "" : std::to_string(unreadable) + " lines could not be used\n";
}

}  // namespace

json replay(std::istream& in, const ver::Engine& before, const ver::Engine& next,
            base::Date today) {
  std::size_t cases = 0;
  std::map<std::string, std::size_t> transitions;
  json changes = json::array();
  const std::size_t unreadable = each_case(in, [&](const json& one) {
    const auto now = judge_local(one, Origin::kDevices, today, next);
    if (!now) return false;
    auto then = verdict_at(one, "verdict");
    if (!then) then = judge_local(one, Origin::kDevices, today, before)->verdict;
    ++cases;
    if (*then == now->verdict) return true;
    const std::string from(ver::name_of(*then));
    const std::string to(ver::name_of(now->verdict));
    ++transitions[from + " " + to];
    changes.push_back(
        {{"id", id_of(one)}, {"from", from}, {"to", to}, {"because", deciding_codes(*now)}});
    return true;
  });
  return {{"before", before.policy().reference()},
          {"after", next.policy().reference()},
          {"engine", ver::Engine::version()},
          {"cases", cases},
          {"unreadable", unreadable},
          {"changed", changes.size()},
          {"transitions", transitions},
          {"changes", std::move(changes)}};
}

std::string replay_card(const json& answer) {
  std::string card = answer.value("before", "") + " → " + answer.value("after", "") + "\n" +
                     std::to_string(answer.value("changed", 0)) + " of " +
                     std::to_string(answer.value("cases", 0)) + " cases change\n" +
                     line_count(answer);
  for (const auto& [transition, count] : answer["transitions"].items()) {
    const std::size_t space = transition.find(' ');
    card += "  " + transition.substr(0, space) + " → " + transition.substr(space + 1) + "  " +
            count.dump() + "\n";
  }
  for (const json& change : answer["changes"]) {
    card += printable(change["id"].is_string() ? change["id"].get<std::string>()
                                               : change["id"].dump()) +
            "  " + change.value("from", "") + " → " + change.value("to", "");
    for (const json& code : change["because"]) card += "  " + code.get<std::string>();
    card += "\n";
  }
  return card;
}

json evaluate_gate(std::istream& in, const ver::Engine& engine, base::Date today) {
  Figures all;
  std::map<std::string, Figures> by_region;
  const std::size_t unreadable = each_case(in, [&](const json& one) {
    const auto expected = verdict_at(one, "expected");
    if (!expected) return false;
    const auto report = judge_local(one, Origin::kDevices, today, engine);
    if (!report) return false;
    all.count(one, *expected, report->verdict);
    by_region[text_at(one, "region").value_or("not stated")].count(one, *expected, report->verdict);
    return true;
  });
  json regions = json::object();
  for (const auto& [region, figures] : by_region) regions[region] = figures.to_json();
  return {{"policy", engine.policy().reference()},
          {"engine", ver::Engine::version()},
          {"unreadable", unreadable},
          {"all", all.to_json()},
          {"by_region", std::move(regions)}};
}

std::string gate_card(const json& answer) {
  std::string card = answer.value("policy", "") + ", engine " + answer.value("engine", "") + "\n" +
                     line_count(answer) +
                     "                         acceptable      exact  false pass  false denial   "
                     "review\n" +
                     figures_row("all", answer["all"]);
  for (const auto& [region, figures] : answer["by_region"].items()) {
    card += figures_row(printable(region), figures);
  }
  return card;
}

}  // namespace paxid::cli
