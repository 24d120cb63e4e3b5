#include "transliteration/language.h"

#include <algorithm>
#include <span>
#include <vector>

namespace paxid::transliteration {
namespace {

struct Choice {
  Script script;
  std::string_view language;
  float extra_bits;  // when the language is not known
};

// The languages of each script that have tables, the commonest first. A language of the
// script without a table takes the first one's.
constexpr std::array kChoices = std::to_array<Choice>({
    {Script::kCyrillic, "ru", 0},    {Script::kCyrillic, "bg", 1.5F},
    {Script::kCyrillic, "uk", 1.5F}, {Script::kCyrillic, "sr", 2},
    {Script::kCyrillic, "kk", 2.5F}, {Script::kCyrillic, "mn", 2.5F},
    {Script::kGreek, "el", 0},       {Script::kArabic, "ar", 0},
    {Script::kArabic, "fa", 0.7F},   {Script::kArabic, "ur", 1.5F},
    {Script::kHebrew, "he", 0},      {Script::kArmenian, "hy", 0},
    {Script::kGeorgian, "ka", 0},    {Script::kDevanagari, "hi", 0},
    {Script::kDevanagari, "ne", 1},  {Script::kDevanagari, "mr", 1},
    {Script::kBengali, "bn", 0},     {Script::kBengali, "hi", 1},
    {Script::kGurmukhi, "pa", 0},    {Script::kGurmukhi, "hi", 0},
    {Script::kGujarati, "gu", 0},    {Script::kGujarati, "hi", 0},
    {Script::kOriya, "or", 0},       {Script::kOriya, "hi", 0.7F},
    {Script::kTamil, "ta", 0},       {Script::kTamil, "hi", 1.5F},
    {Script::kTelugu, "te", 0},      {Script::kTelugu, "hi", 1},
    {Script::kKannada, "kn", 0},     {Script::kKannada, "hi", 1},
    {Script::kMalayalam, "ml", 0},   {Script::kMalayalam, "hi", 1},
    {Script::kSinhala, "si", 0},     {Script::kSinhala, "hi", 1},
    {Script::kThai, "th", 0},        {Script::kEthiopic, "am", 0},
    {Script::kHangul, "ko", 0},      {Script::kKana, "ja", 0},
    {Script::kHan, "zh", 0},         {Script::kHan, "zh-tw", 1},
    {Script::kHan, "yue", 1},        {Script::kHan, "ja", 1},
    {Script::kHan, "nan", 2},        {Script::kHan, "ko", 2},
});

// What else the names of a language are written by: a neighbour's spelling, the other
// readings of the same characters, an older state's language.
struct Kin {
  std::string_view language;
  std::string_view other;
  float extra_bits;
};
constexpr std::array kKin = std::to_array<Kin>({
    {"uk", "ru", 3},        {"be", "ru", 2},        {"kk", "ru", 2},       {"ky", "ru", 2},
    {"uz", "ru", 2},        {"tg", "ru", 2},        {"az", "ru", 2},       {"tk", "ru", 2},
    {"mk", "sr", 1},        {"cnr", "sr", 0},       {"bs", "sr", 0},       {"sr", "ru", 4},
    {"mk", "ru", 4},        {"bg", "ru", 4},        {"mn", "ru", 3},       {"fa", "ar", 3},
    {"ur", "ar", 0.3F},     {"ur", "fa", 0.3F},     {"ps", "fa", 0.5F},    {"ps", "ar", 1},
    {"prs", "fa", 0},       {"prs", "ar", 2},       {"ckb", "fa", 2},      {"ckb", "ar", 2},
    {"ku", "ckb", 0},       {"ku", "ar", 2},        {"ug", "ar", 3},       {"sd", "ur", 0},
    {"sd", "ar", 1},        {"ms", "ar", 0.5F},     {"so", "ar", 1},       {"yi", "he", 1},
    {"mr", "hi", 0},        {"ne", "hi", 1},        {"bn", "hi", 1.5F},    {"as", "bn", 0},
    {"as", "hi", 1.5F},     {"pa", "hi", 0},        {"gu", "hi", 0},       {"or", "hi", 1},
    {"ta", "hi", 2.5F},     {"te", "hi", 1.5F},     {"kn", "hi", 1.5F},    {"ml", "hi", 1.5F},
    {"si", "hi", 1.5F},     {"ti", "am", 0},        {"zh", "zh-tw", 1.5F}, {"zh", "yue", 1.5F},
    {"zh", "nan", 1.5F},    {"zh-cn", "zh", 0},     {"zh-cn", "yue", 3},   {"zh-tw", "zh", 1},
    {"zh-tw", "yue", 2.5F}, {"zh-tw", "nan", 2},    {"zh-hk", "yue", 0},   {"zh-hk", "zh", 2},
    {"zh-hk", "zh-tw", 2},  {"zh-hk", "nan", 3},    {"yue", "zh", 2},      {"yue", "zh-tw", 2},
    {"yue", "nan", 3},      {"zh-mo", "yue", 0},    {"zh-mo", "zh", 2},    {"zh-sg", "nan", 0},
    {"zh-sg", "zh", 0.5F},  {"zh-sg", "yue", 0.5F}, {"nan", "zh", 1.5F},   {"nan", "yue", 1.5F},
    {"hak", "nan", 0},      {"hak", "zh-tw", 1},
});

// Letters that only some languages of a script have, the rarest letters first.
struct Sign {
  Script script;
  std::u32string_view letters;
  std::array<std::string_view, 2> languages;
};
constexpr std::array kSigns = std::to_array<Sign>({
    {Script::kCyrillic, U"ҐЄЇ", {"uk", ""}},
    {Script::kCyrillic, U"Ў", {"be", "uz"}},
    {Script::kCyrillic, U"ЃЌЅ", {"mk", ""}},
    {Script::kCyrillic, U"ЂЋЉЊЏЈ", {"sr", "mk"}},
    {Script::kCyrillic, U"ҲҶӢӮ", {"tg", "uz"}},
    {Script::kCyrillic, U"ҚҒҰҺӘ", {"kk", "ky"}},
    {Script::kCyrillic, U"ӨҮҢ", {"mn", "ky"}},
    {Script::kCyrillic, U"І", {"uk", "be"}},
    {Script::kCyrillic, U"ЫЭЁ", {"ru", "be"}},
    {Script::kArabic, U"ٹڈڑںے", {"ur", ""}},
    {Script::kArabic, U"ټډړږښۍې", {"ps", ""}},
    {Script::kArabic, U"ڕڵێۆ", {"ckb", ""}},
    {Script::kArabic, U"ۇۈۋ", {"ug", ""}},
    {Script::kArabic, U"پچژگکی", {"fa", "ur"}},
});

bool is_of_script(std::string_view language, Script script) {
  return std::any_of(kChoices.begin(), kChoices.end(), [&](const Choice& choice) {
    return choice.script == script && choice.language == language;
  });
}

// The choices that have a table, found once.
struct ScriptTable {
  Script script;
  LanguageIndex table;
  float extra_bits;
};
const std::vector<ScriptTable>& script_tables() {
  static const std::vector<ScriptTable> all = [] {
    std::vector<ScriptTable> found;
    for (const Choice& choice : kChoices) {
      if (const auto table = find_language(choice.language)) {
        found.push_back({choice.script, *table, choice.extra_bits});
      }
    }
    return found;
  }();
  return all;
}

Candidates by_letters(std::u32string_view word, Script script) {
  Candidates found;
  for (const Sign& sign : kSigns) {
    if (sign.script != script) continue;
    if (word.find_first_of(sign.letters) == std::u32string_view::npos) continue;
    for (const std::string_view language : sign.languages) found.add(language, 0);
    break;
  }
  const float more = found.empty() ? 0 : 2;
  for (const ScriptTable& choice : script_tables()) {
    if (choice.script == script) found.add(choice.table, choice.extra_bits + more);
  }
  return found;
}

}  // namespace

void Candidates::add(std::string_view language, float extra_bits) {
  if (const auto table = find_language(language)) add(*table, extra_bits);
}

void Candidates::add(LanguageIndex table, float extra_bits) {
  if (size_ == kMost) return;
  const bool known =
      std::any_of(begin(), end(), [&](const Candidate& c) { return c.table == table; });
  if (!known) items_[size_++] = {table, extra_bits};
}

Candidates languages_for(std::u32string_view word, Script script, std::string_view language) {
  if (language.empty()) return by_letters(word, script);
  const std::string_view primary = language.substr(0, language.find('-'));
  Candidates found;
  for (const std::string_view tag : {language, primary}) {
    // A table of another script (a Russian who lives where names are Greek) says nothing.
    const bool foreign =
        std::any_of(kChoices.begin(), kChoices.end(),
                    [&](const Choice& c) { return c.language == tag && c.script != script; }) &&
        !is_of_script(tag, script);
    if (foreign) break;
    found.add(tag, 0);
    for (const Kin& kin : kKin) {
      if (kin.language == tag) found.add(kin.other, kin.extra_bits);
    }
    if (!found.empty()) break;
  }
  if (found.empty()) return by_letters(word, script);
  // Another language's reading of a character is another word.
  if (script == Script::kHan) return found;
  // A letter of a language with a table may still be missing in it.
  constexpr float kBorrowedBits = 4;
  for (const Choice& choice : kChoices) {
    if (choice.script != script) continue;
    found.add(choice.language, kBorrowedBits);
    break;
  }
  return found;
}

bool has_languages(Script script) {
  return std::any_of(script_tables().begin(), script_tables().end(),
                     [&](const ScriptTable& choice) { return choice.script == script; });
}

}  // namespace paxid::transliteration
