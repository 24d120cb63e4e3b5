#include "clients/cli/names_command.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <sstream>

#include "clients/cli/jsonl.h"
#include "transliteration/likelihood.h"
#include "transliteration/spacing.h"
#include "transliteration/standards.h"
#include "transliteration/word.h"

namespace paxid::cli {
namespace {

using nlohmann::json;
using transliteration::Script;
using transliteration::StandardSpelling;
using transliteration::Word;
using transliteration::WrittenForm;

constexpr std::string_view kSection6 = "ICAO-9303";

double tenths(double bits) { return std::round(bits * 10) / 10; }

// What the lattice asks for one way of writing.
float bits_of(const Word& word, std::string_view letters) {
  return std::max(0.0F, transliteration::chance_bits(word.lattice.background, letters) -
                            transliteration::likelihood_ratio(word.lattice, letters));
}

std::vector<WrittenForm> forms_of(const Word& word, std::size_t limit,
                                  const std::vector<StandardSpelling>& standards) {
  if (word.script == Script::kLatin) {
    std::vector<WrittenForm> forms = {{word.letters, 0}};
    forms.insert(forms.end(), word.other_forms.begin(), word.other_forms.end());
    if (forms.size() > limit) forms.resize(limit);
    return forms;
  }
  std::vector<WrittenForm> forms = cheapest_forms(word.lattice, limit);
  // What a standard prints is always listed, however unusual it is.
  for (const StandardSpelling& by : standards) {
    const bool listed = std::any_of(forms.begin(), forms.end(), [&](const WrittenForm& form) {
      return form.letters == by.letters;
    });
    if (!listed) forms.push_back({by.letters, bits_of(word, by.letters)});
  }
  std::stable_sort(forms.begin(), forms.end(),
                   [](const WrittenForm& x, const WrittenForm& y) { return x.bits < y.bits; });
  return forms;
}

json to_json(const transliteration::Standard& standard) {
  return {{"id", standard.id},     {"title", standard.title}, {"issuer", standard.issuer},
          {"from", standard.from}, {"to", standard.to},       {"reference", standard.reference}};
}

// Adds the standards it names to `used`.
json to_json(const Word& word, std::string_view language, std::size_t limit,
             std::set<const transliteration::Standard*>& used) {
  const auto standards = transliteration::standard_spellings(word.written, language);
  json spellings = json::array();
  for (const WrittenForm& form : forms_of(word, limit, standards)) {
    json ids = json::array();
    for (const StandardSpelling& by : standards) {
      if (by.letters != form.letters) continue;
      ids.push_back(by.standard->id);
      used.insert(by.standard);
    }
    if (word.script == Script::kLatin && form.letters == word.letters) ids.push_back(kSection6);
    spellings.push_back(
        {{"letters", form.letters}, {"bits", tenths(form.bits)}, {"standards", std::move(ids)}});
  }
  return {{"written", word.written},
          {"script", transliteration::name_of(word.script)},
          {"spellings", std::move(spellings)}};
}

}  // namespace

json answer_names_spell(const json& request) {
  const auto name = text_at(request, "name");
  if (!name) return refusal("MISSING_NAME");
  std::size_t limit = kUsualSpellings;
  if (const auto at = request.find("limit"); at != request.end()) {
    if (!at->is_number_unsigned()) return refusal("BAD_LIMIT");
    limit = at->get<std::size_t>();
    if (limit == 0 || limit > kMaxSpellings) return refusal("BAD_LIMIT");
  }
  const std::string language = text_at(request, "language").value_or("");
  const auto read =
      transliteration::read_words(transliteration::with_name_space(*name, language), language);
  json words = json::array();
  json findings = json::array();
  std::set<const transliteration::Standard*> used;
  for (const Word& word : read.words) {
    words.push_back(to_json(word, language, limit, used));
    if (word.mixed_scripts) {
      findings.push_back(
          {{"code", "MIXED_SCRIPTS"}, {"severity", "warning"}, {"word", word.written}});
    }
  }
  if (read.unsupported != Script::kNone) {
    findings.push_back({{"code", "UNSUPPORTED_SCRIPT"},
                        {"severity", "warning"},
                        {"script", transliteration::name_of(read.unsupported)}});
  }
  json standards = json::array();
  for (const auto& standard : transliteration::standards()) {
    if (used.contains(&standard)) standards.push_back(to_json(standard));
  }
  return {{"ok", true},
          {"words", std::move(words)},
          {"standards", std::move(standards)},
          {"findings", std::move(findings)}};
}

std::string spelling_card(const json& answer, const TextStyle& style) {
  std::ostringstream out;
  const char* bold = style.colour ? "\x1b[1m" : "";
  const char* plain = style.colour ? "\x1b[0m" : "";
  for (const json& word : answer.at("words")) {
    out << bold << printable(word.at("written").get<std::string>()) << plain << "  ("
        << word.at("script").get<std::string>() << ")\n";
    for (const json& spelling : word.at("spellings")) {
      std::string letters = spelling.at("letters").get<std::string>();
      constexpr std::size_t kColumn = 24;
      letters.resize(std::max(letters.size() + 1, kColumn), ' ');
      std::ostringstream bits;
      bits.setf(std::ios::fixed);
      bits.precision(1);
      bits << spelling.at("bits").get<double>();
      out << "  " << letters << std::string(bits.str().size() < 5 ? 5 - bits.str().size() : 0, ' ')
          << bits.str() << " bits";
      const char* separator = "  ";
      for (const json& id : spelling.at("standards")) {
        out << separator << id.get<std::string>();
        separator = ", ";
      }
      out << '\n';
    }
  }
  for (const json& standard : answer.at("standards")) {
    out << standard.at("id").get<std::string>() << ": " << standard.at("title").get<std::string>()
        << " (" << standard.at("reference").get<std::string>() << ")\n";
  }
  for (const json& finding : answer.at("findings")) {
    const bool mixed = finding.at("code") == "MIXED_SCRIPTS";
    out << (mixed ? "letters of several scripts in one word: "
                  : "no table for the script, no opinion: ")
        << printable(finding.at(mixed ? "word" : "script").get<std::string>()) << '\n';
  }
  return out.str();
}

std::vector<std::string_view> standards_between(std::string_view a, std::string_view b,
                                                std::string_view language) {
  const auto words_a = transliteration::read_words(a, language);
  const auto words_b = transliteration::read_words(b, language);
  const auto is_native = [](const transliteration::Words& words) {
    return !words.words.empty() && words.words.front().script != Script::kLatin;
  };
  if (is_native(words_a) == is_native(words_b)) return {};
  const auto& native = is_native(words_a) ? words_a : words_b;
  const auto& latin = is_native(words_a) ? words_b : words_a;
  std::string letters;
  for (const Word& word : latin.words) letters += word.letters;
  std::vector<std::vector<StandardSpelling>> spellings;
  for (const Word& word : native.words) {
    spellings.push_back(transliteration::standard_spellings(word.written, language));
  }
  std::vector<std::string_view> ids;
  for (const auto& standard : transliteration::standards()) {
    std::string written;
    for (const auto& of_word : spellings) {
      for (const StandardSpelling& by : of_word) {
        if (by.standard == &standard) written += by.letters;
      }
    }
    if (!written.empty() && written == letters) ids.push_back(standard.id);
  }
  return ids;
}

}  // namespace paxid::cli
