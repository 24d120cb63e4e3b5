#include "clients/cli/compare_command.h"

#include <string>
#include <string_view>
#include <utility>

#include "clients/cli/jsonl.h"
#include "clients/cli/spelling_rules.h"
#include "matcher/supposition.h"
#include "transliteration/word.h"

namespace paxid::cli {
namespace {

nlohmann::json to_json(const matcher::FieldRelation& field) {
  return {{"relation", matcher::name_of(field.relation)}, {"letter_edits", field.letter_edits}};
}

// `language` is that of the names, "" when unknown.
nlohmann::json to_json(const matcher::Reason& reason, std::string_view language) {
  nlohmann::json out = {{"code", matcher::name_of(reason.code)},
                        {"a", reason.a},
                        {"b", reason.b},
                        {"bits", reason.bits}};
  if (reason.role != matcher::Role::kUnknown) out["role"] = matcher::name_of(reason.role);
  add_rules(reason, language, out);
  return out;
}

nlohmann::json findings_of(const matcher::NameText& a, const matcher::NameText& b) {
  nlohmann::json findings = nlohmann::json::array();
  for (const auto& [side, name] : {std::pair{"a", &a}, std::pair{"b", &b}}) {
    if (has_mixed_scripts(*name)) {
      findings.push_back({{"code", "MIXED_SCRIPTS"}, {"severity", "warning"}, {"name", side}});
    }
  }
  return findings;
}

constexpr double kEvenOdds = 0.5;

tl::expected<matcher::NameText, std::string_view> name_at(const nlohmann::json& request,
                                                          std::string_view key) {
  const auto object = request.find(key);
  if (object == request.end()) return tl::unexpected<std::string_view>("MISSING_NAME");
  return name_from(*object);
}

}  // namespace

tl::expected<matcher::NameText, std::string_view> name_from(const nlohmann::json& object) {
  if (!object.is_object()) return tl::unexpected<std::string_view>("MISSING_NAME");
  matcher::NameText name;
  std::string source;
  bool any = false;
  for (const auto& [key, text] : {std::pair{"full", &name.full},
                                  {"surname", &name.surname},
                                  {"given", &name.given},
                                  {"language", &name.language},
                                  {"issuer", &name.issuer},
                                  {"source", &source}}) {
    const auto value = object.find(key);
    if (value == object.end() || value->is_null()) continue;
    if (!value->is_string()) return tl::unexpected<std::string_view>("BAD_NAME");
    *text = value->get<std::string>();
    any = any || text == &name.full || text == &name.surname || text == &name.given;
  }
  if (!any) return tl::unexpected<std::string_view>("MISSING_NAME");
  if (object.contains("source") && !object.at("source").is_null()) {
    const auto known = matcher::source_from(source);
    if (!known) return tl::unexpected<std::string_view>("UNKNOWN_SOURCE");
    name.source = *known;
  }
  if (const auto cut = object.find("maybe_truncated"); cut != object.end() && !cut->is_null()) {
    if (!cut->is_boolean()) return tl::unexpected<std::string_view>("BAD_NAME");
    name.maybe_truncated = cut->get<bool>();
  }
  return name;
}

nlohmann::json answer_compare(const nlohmann::json& request) {
  const auto a = name_at(request, "a");
  if (!a) return refusal(a.error());
  const auto b = name_at(request, "b");
  if (!b) return refusal(b.error());
  double prior = kDefaultPrior;
  if (const auto value = request.find("prior"); value != request.end() && !value->is_null()) {
    if (!value->is_number()) return refusal("BAD_PRIOR");
    prior = value->get<double>();
    if (!(prior >= 0 && prior <= 1)) return refusal("BAD_PRIOR");
  }
  const matcher::PreparedName prepared_a = matcher::prepare(*a);
  const matcher::PreparedName prepared_b = matcher::prepare(*b);
  const matcher::Comparison comparison = matcher::compare(prepared_a, prepared_b);
  nlohmann::json reply = {{"ok", true},
                          {"log_odds", comparison.log_odds},
                          {"confidence", matcher::confidence(comparison, prior)},
                          {"family", matcher::name_of(comparison.family)}};
  nlohmann::json& reasons = reply["reasons"] = nlohmann::json::array();
  const std::string& language = a->language.empty() ? b->language : a->language;
  for (const matcher::Reason& reason : comparison.reasons) {
    reasons.push_back(to_json(reason, language));
  }
  if (nlohmann::json findings = findings_of(*a, *b); !findings.empty()) {
    reply["findings"] = std::move(findings);
  }
  if (!comparison.opinion) {
    reply["no_opinion"] = true;
    return reply;
  }
  if (const auto lever = lever_of(prepared_a, prepared_b, comparison, prior)) {
    reply["counterfactual"] = {{"reason", lever->reason},
                               {"confidence_without", lever->confidence_without},
                               {"decides", lever->decides}};
  }
  reply["whole"] = to_json(comparison.whole);
  if (comparison.fields_known) {
    reply["surname"] = to_json(comparison.surname);
    reply["first_given"] = to_json(comparison.first_given);
    reply["further_given"] = to_json(comparison.further_given);
    reply["fields_swapped"] = comparison.fields_swapped;
  }
  return reply;
}

bool has_mixed_scripts(const matcher::NameText& name) {
  for (const std::string* text : {&name.full, &name.surname, &name.given}) {
    for (const auto& word : transliteration::read_words(*text, name.language).words) {
      if (word.mixed_scripts) return true;
    }
  }
  return false;
}

std::optional<Lever> lever_of(const matcher::PreparedName& a, const matcher::PreparedName& b,
                              const matcher::Comparison& comparison, double prior) {
  if (!comparison.opinion) return std::nullopt;
  const bool against = matcher::confidence(comparison, prior) < kEvenOdds;
  std::optional<Lever> lever;
  for (std::size_t i = 0; i < comparison.reasons.size(); ++i) {
    const matcher::Reason& reason = comparison.reasons[i];
    if (against ? reason.bits >= 0 : reason.bits <= 0) continue;
    const bool has_parts = !reason.a.empty() || !reason.b.empty();
    if (!has_parts && reason.code != matcher::ReasonCode::kFieldsSwapped) continue;
    const matcher::Comparison then =
        against ? matcher::compare_if_same(a, b, i) : matcher::compare_without(a, b, i);
    if (against && !then.opinion) continue;  // a part more would be one too many
    const double confidence = matcher::confidence(then, prior);
    const bool further = !lever || (against ? confidence > lever->confidence_without
                                            : confidence < lever->confidence_without);
    if (further) lever = Lever{i, confidence, against != (confidence < kEvenOdds)};
  }
  return lever;
}

}  // namespace paxid::cli
