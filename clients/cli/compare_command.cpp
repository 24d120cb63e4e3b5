#include "clients/cli/compare_command.h"

#include <cstdio>
#include <optional>
#include <string_view>

#include "clients/cli/jsonl.h"

namespace paxid::cli {
namespace {

struct NameRequest {
  std::optional<matcher::NameText> name;
  std::string_view refusal;  // why there is none
};

NameRequest name_at(const nlohmann::json& request, std::string_view key) {
  const auto object = request.find(key);
  if (object == request.end() || !object->is_object()) return {std::nullopt, "MISSING_NAME"};
  matcher::NameText name;
  const auto full = text_at(*object, "full");
  const auto surname = text_at(*object, "surname");
  const auto given = text_at(*object, "given");
  if (!full && !surname && !given) return {std::nullopt, "MISSING_NAME"};
  name.full = full.value_or("");
  name.surname = surname.value_or("");
  name.given = given.value_or("");
  name.language = text_at(*object, "language").value_or("");
  name.issuer = text_at(*object, "issuer").value_or("");
  if (const auto source = text_at(*object, "source")) {
    const auto known = matcher::source_from(*source);
    if (!known) return {std::nullopt, "UNKNOWN_SOURCE"};
    name.source = *known;
  }
  if (const auto cut = object->find("maybe_truncated"); cut != object->end() && cut->is_boolean()) {
    name.maybe_truncated = cut->get<bool>();
  }
  return {std::move(name), {}};
}

nlohmann::json to_json(const matcher::FieldRelation& field) {
  return {{"relation", matcher::name_of(field.relation)}, {"letter_edits", field.letter_edits}};
}

nlohmann::json to_json(const matcher::Reason& reason) {
  nlohmann::json out = {{"code", matcher::name_of(reason.code)},
                        {"a", reason.a},
                        {"b", reason.b},
                        {"bits", reason.bits}};
  if (reason.role != matcher::Role::kUnknown) out["role"] = matcher::name_of(reason.role);
  return out;
}

std::string line(std::string_view label, std::string_view text) {
  std::string out(label);
  out += text;
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out + '\n';
}

std::string reason_head(const matcher::Reason& reason) {
  char bits[32];
  std::snprintf(bits, sizeof bits, "%+7.2f  ", reason.bits);
  std::string head = bits + std::string(matcher::name_of(reason.code));
  if (reason.role != matcher::Role::kUnknown) {
    head += " (" + std::string(matcher::name_of(reason.role)) + ")";
  }
  return head + '\n';
}

}  // namespace

nlohmann::json answer_compare(const nlohmann::json& request) {
  const NameRequest a = name_at(request, "a");
  if (!a.name) return refusal(a.refusal);
  const NameRequest b = name_at(request, "b");
  if (!b.name) return refusal(b.refusal);
  double prior = kDefaultPrior;
  if (const auto value = request.find("prior"); value != request.end() && !value->is_null()) {
    if (!value->is_number()) return refusal("BAD_PRIOR");
    prior = value->get<double>();
    if (!(prior >= 0 && prior <= 1)) return refusal("BAD_PRIOR");
  }
  const matcher::Comparison comparison =
      matcher::compare(matcher::prepare(*a.name), matcher::prepare(*b.name));
  nlohmann::json reply = {{"ok", true},
                          {"log_odds", comparison.log_odds},
                          {"confidence", matcher::confidence(comparison, prior)},
                          {"family", matcher::name_of(comparison.family)}};
  nlohmann::json& reasons = reply["reasons"] = nlohmann::json::array();
  for (const matcher::Reason& reason : comparison.reasons) reasons.push_back(to_json(reason));
  if (!comparison.opinion) {
    reply["no_opinion"] = true;
    return reply;
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

std::string comparison_card(const matcher::Comparison& comparison, double prior) {
  constexpr std::string_view kIndent = "           ";
  std::string card;
  for (const matcher::Reason& reason : comparison.reasons) {
    card += reason_head(reason);
    if (!reason.a.empty() && !reason.b.empty()) {
      const matcher::AlignedLetters aligned = matcher::align_letters(reason.a, reason.b);
      card += line(kIndent, aligned.a);
      card += line(kIndent, aligned.b);
      if (aligned.marks.find('^') != std::string::npos) card += line(kIndent, aligned.marks);
    } else if (!reason.a.empty() || !reason.b.empty()) {
      card += line(kIndent, reason.a.empty() ? "-" : reason.a);
      card += line(kIndent, reason.b.empty() ? "-" : reason.b);
    }
  }
  char sum[96];
  std::snprintf(sum, sizeof sum, "%+7.2f  log-odds in bits; confidence %.4f at prior %.4f\n",
                comparison.log_odds, matcher::confidence(comparison, prior), prior);
  return card + (comparison.opinion ? "" : "         no opinion\n") + sum;
}

}  // namespace paxid::cli
