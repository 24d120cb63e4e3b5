#include "clients/cli/spelling_rules.h"

#include <algorithm>
#include <array>
#include <utility>

#include "clients/cli/names_command.h"
#include "clients/cli/terminal.h"
#include "matcher/letters.h"
#include "transliteration/word.h"

namespace paxid::cli {
namespace {

using matcher::Reason;
using matcher::ReasonCode;

// The scopes of matcher/data/variants.tsv.
constexpr auto kHabits = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"ALL", "Doc 9303-3 section 6 spellings"},
    {"ar", "Arabic names, English and French style"},
    {"az", "Azerbaijani spellings, old and new"},
    {"be", "Belarusian and Russian forms"},
    {"bg", "Bulgarian documents by era"},
    {"bn", "Bengali spellings"},
    {"de", "German umlauts"},
    {"el", "Greek passports and usual spellings"},
    {"en", "English sounds"},
    {"es", "Spanish spellings"},
    {"fa", "Persian spellings"},
    {"he", "Hebrew spellings"},
    {"hi", "Hindi spellings"},
    {"hu", "Hungarian long vowels"},
    {"hy", "Armenian spellings, Eastern and Western"},
    {"is", "Icelandic letters"},
    {"ja", "Japanese passports and long vowels"},
    {"ka", "Georgian spellings"},
    {"kk", "Kazakh spellings"},
    {"ko", "Korean passports and usual spellings"},
    {"ky", "Kyrgyz spellings"},
    {"mk", "Macedonian documents by era"},
    {"mn", "Mongolian spellings"},
    {"ne", "Nepali spellings"},
    {"nordic", "Nordic letters"},
    {"pl", "Polish letters"},
    {"ro", "Romanian letters"},
    {"ru", "Russian passports by era"},
    {"si", "Sinhala spellings"},
    {"sr", "Serbian documents by era"},
    {"ta", "Tamil spellings"},
    {"tg", "Tajik spellings"},
    {"th", "Thai spellings, by sound and by origin"},
    {"tr", "Turkish letters"},
    {"uk", "Ukrainian passports by era"},
    {"ur", "Urdu spellings"},
    {"uz", "Uzbek spellings, old and new"},
    {"vi", "Vietnamese letters"},
    {"yue", "Hong Kong usage"},
    {"zh", "Pinyin and older systems"},
});

std::string letters_of(std::string_view text, std::string_view language) {
  std::string letters;
  for (const auto& word : transliteration::read_words(text, language).words) {
    letters += word.letters;
  }
  return letters;
}

std::string joined(const std::vector<std::string_view>& ids) {
  std::string text;
  for (const std::string_view id : ids) text += (text.empty() ? "" : ", ") + std::string(id);
  return text;
}

// "ZHAO (CHN-2012)"
std::string with_standards(const std::string& text, const std::vector<std::string_view>& ids) {
  return printable(text) + (ids.empty() ? "" : " (" + joined(ids) + ")");
}

}  // namespace

std::string_view title_of_habit(std::string_view scope) {
  const auto* known =
      std::find_if(kHabits.begin(), kHabits.end(), [&](const auto& h) { return h.first == scope; });
  return known == kHabits.end() ? std::string_view() : known->second;
}

std::vector<SpellingRule> rules_between(const Reason& reason, std::string_view language) {
  std::vector<SpellingRule> rules;
  if (reason.code != ReasonCode::kSpellingVariant) return rules;
  const std::string a = letters_of(reason.a, language);
  const std::string b = letters_of(reason.b, language);
  for (const matcher::SpellingStep& step : matcher::spelling_steps(a, b, language)) {
    rules.push_back({std::string(step.a), std::string(step.b),
                     std::string(step.scope.empty() ? "letter" : title_of_habit(step.scope))});
  }
  return rules;
}

ReasonStandards standards_of(const Reason& reason, std::string_view language) {
  ReasonStandards standards;
  if (reason.code != ReasonCode::kTransliteration) return standards;
  standards.origin = reason.origin;
  if (reason.origin.empty()) {
    standards.a = standards_between(reason.a, reason.b, language);
  } else {
    standards.a = standards_between(reason.origin, reason.a, language);
    standards.b = standards_between(reason.origin, reason.b, language);
  }
  return standards;
}

void add_rules(const Reason& reason, std::string_view language, nlohmann::json& out) {
  const auto put = [&](const char* key, const auto& value) {
    if (!value.empty()) out[key] = value;
  };
  const ReasonStandards standards = standards_of(reason, language);
  put("origin", standards.origin);
  put(standards.origin.empty() ? "standards" : "standards_a", standards.a);
  put("standards_b", standards.b);
  for (const SpellingRule& rule : rules_between(reason, language)) {
    out["rules"].push_back({{"a", rule.a}, {"b", rule.b}, {"rule", rule.rule}});
  }
}

std::string rule_line(const Reason& reason, std::string_view language) {
  const ReasonStandards standards = standards_of(reason, language);
  if (!standards.origin.empty()) {
    return with_standards(reason.a, standards.a) + " and " + with_standards(reason.b, standards.b) +
           ": both " + printable(standards.origin);
  }
  if (!standards.a.empty()) {
    return printable(reason.a) + " and " + printable(reason.b) + ": " + joined(standards.a);
  }
  std::string line;
  for (const SpellingRule& rule : rules_between(reason, language)) {
    const auto shown = [](const std::string& text) { return text.empty() ? "-" : text; };
    line += (line.empty() ? "" : "; ") + std::string(shown(rule.a)) + "~" + shown(rule.b) + ", " +
            rule.rule;
  }
  return line;
}

}  // namespace paxid::cli
