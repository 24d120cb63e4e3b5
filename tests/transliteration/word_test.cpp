#include "transliteration/word.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace paxid::transliteration {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

std::vector<std::string> letters(std::string_view text, std::string_view language = "") {
  std::vector<std::string> out;
  for (const Word& word : read_words(text, language).words) out.push_back(word.letters);
  return out;
}

std::vector<std::string> forms(std::string_view text) {
  std::vector<std::string> out;
  const Words words = read_words(text, "");
  for (const Word& word : words.words) {
    out.push_back(word.letters);
    for (const WrittenForm& form : word.other_forms) out.push_back(form.letters);
    for (const WrittenForm& form : cheapest_forms(word.lattice, 64)) out.push_back(form.letters);
  }
  return out;
}

TEST(ReadWords, SeparatesAndJoinsAsNamesDo) {
  EXPECT_THAT(letters("O'Connor"), ElementsAre("OCONNOR"));
  EXPECT_THAT(letters("O’Connor"), ElementsAre("OCONNOR"));
  EXPECT_THAT(letters("Jean-Pierre"), ElementsAre("JEAN", "PIERRE"));
  EXPECT_THAT(letters("SMITH<<JOHN<PAUL<<<"), ElementsAre("SMITH", "JOHN", "PAUL"));
  EXPECT_THAT(letters("J.R. Smith"), ElementsAre("J", "R", "SMITH"));
  EXPECT_THAT(letters("Dr. Smith"), ElementsAre("DR", "SMITH"));
  EXPECT_THAT(letters("ARIN(ALENE)"), ElementsAre("ARIN", "ALENE"));
  EXPECT_THAT(letters(" \t 12 -- "), IsEmpty());
}

TEST(ReadWords, WritesNoCharacterThatSteersATerminalOrADirection) {
  for (const char* text : {"A\x07NNA", "AN\x7FNA", "\u202EANNA", "AN\u200ENA", "ANN\u2066A",
                           "\uFEFFANNA", "AN\u00ADNA", "AN\u0085NA"}) {
    std::string written;
    for (const Word& word : read_words(text, "").words) written += word.written;
    EXPECT_EQ(written, "ANNA");
  }
  EXPECT_THAT(letters("ANNA\vMARIA\fLUISA\u0085EVA"), ElementsAre("ANNA", "MARIA", "LUISA", "EVA"));
}

TEST(ReadWords, RemembersTheHyphen) {
  const Words words = read_words("Anne Marie-Claire", "");
  ASSERT_EQ(words.words.size(), 3U);
  EXPECT_FALSE(words.words[1].hyphen_before);
  EXPECT_TRUE(words.words[2].hyphen_before);
}

TEST(ReadWords, KeepsEveryAllowedLatinForm) {
  EXPECT_THAT(forms("Müller"), testing::IsSupersetOf({"MUELLER", "MULLER", "MUXXLLER"}));
  EXPECT_THAT(forms("Åse"), testing::IsSupersetOf({"AASE", "ASE"}));
  EXPECT_THAT(forms("Bjørn"), testing::IsSupersetOf({"BJOERN", "BJORN"}));
  EXPECT_THAT(forms("Đorđe"), testing::IsSupersetOf({"DORDE", "DJORDJE"}));
  EXPECT_THAT(forms("Əliyev"), testing::IsSupersetOf({"ALIYEV", "ELIYEV"}));
  EXPECT_THAT(forms("Groß"), Contains("GROSS"));
  EXPECT_THAT(forms("Nguyễn"), Contains("NGUYEN"));
}

TEST(ReadWords, DoesNotDependOnCaseOrNormalForm) {
  const std::vector<std::pair<std::string, std::string>> same = {
      {"müller", "MÜLLER"},
      {"mu\xCC\x88ller", "Müller"},      // u + combining diaeresis
      {"Iş\xC4\xB1k", "IŞIK"},           // dotless i
      {"İnce", "I\xCC\x87nce"},          // dotted capital I, composed and not
      {"Mare\xC8\x99", "Mare\xC5\x9F"},  // s with comma below, s with cedilla
      {"Сергей", "Серге\xD0\xB8\xCC\x86"},
      {"ΓΙΏΡΓΟΣ", "γιώργος"},
      {"ｊｏｈｎ", "JOHN"},  // full-width letters
  };
  for (const auto& [x, y] : same) {
    EXPECT_EQ(letters(x), letters(y)) << x;
    EXPECT_EQ(forms(x), forms(y)) << x;
  }
}

TEST(ReadWords, SpellsNativeScriptsAsPassportsDo) {
  struct Case {
    const char* native;
    const char* language;
    const char* latin;
  };
  const std::vector<Case> cases = {
      {"Юлия", "ru", "IULIIA"},
      {"Юлия", "ru", "YULIA"},
      {"Щербаков", "ru", "SHCHERBAKOV"},
      {"Сергій", "uk", "SERHII"},
      {"Георги", "bg", "GEORGI"},
      {"محمد", "ar", "MOHAMED"},
      {"박", "ko", "PARK"},
      {"김", "ko", "KIM"},
      {"Γιώργος", "el", "GIORGOS"},
      {"Μπουτάρης", "el", "BOUTARIS"},
      {"დავით", "ka", "DAVIT"},
      {"אברהם", "he", "AVRAHAM"},
      {"अमिताभ", "hi", "AMITABH"},
      {"サトウ", "ja", "SATO"},
      {"Պետրոսյան", "hy", "PETROSYAN"},
  };
  for (const Case& c : cases) {
    const Words words = read_words(c.native, c.language);
    ASSERT_EQ(words.words.size(), 1U) << c.native;
    std::vector<std::string> spelt;
    for (const WrittenForm& f : cheapest_forms(words.words[0].lattice, 512))
      spelt.push_back(f.letters);
    EXPECT_THAT(spelt, Contains(c.latin)) << c.native;
  }
}

TEST(ReadWords, NamesTheScriptItCannotReadAndLeaksNothing) {
  for (const auto& [text, script] : std::vector<std::pair<std::string, Script>>{
           {"ប៉ុល ពត", Script::kOther}, {"ཚེ་རིང", Script::kOther}}) {
    const Words words = read_words(text, "");
    EXPECT_EQ(words.unsupported, script) << text;
    EXPECT_THAT(words.words, IsEmpty()) << text;
  }
}

TEST(ReadWords, ReadsLookAlikesAsTheScriptOfTheWordAndSaysSo) {
  const Words latin = read_words("\u0410NN\u0410 SMITH", "");  // two Cyrillic letters
  ASSERT_EQ(latin.words.size(), 2U);
  EXPECT_TRUE(latin.words[0].mixed_scripts);
  EXPECT_EQ(latin.words[0].script, Script::kLatin);
  EXPECT_EQ(latin.words[0].letters, "ANNA");
  EXPECT_FALSE(latin.words[1].mixed_scripts);
  const Words cyrillic = read_words("Юлия Cоколов", "ru");  // a Latin C
  ASSERT_EQ(cyrillic.words.size(), 2U);
  EXPECT_FALSE(cyrillic.words[0].mixed_scripts);
  EXPECT_TRUE(cyrillic.words[1].mixed_scripts);
  EXPECT_EQ(cyrillic.words[1].script, Script::kCyrillic);
  EXPECT_EQ(cyrillic.words[1].letters, read_words("Соколов", "ru").words[0].letters);
  EXPECT_FALSE(read_words("髙橋タロウ", "ja").words.at(0).mixed_scripts);
}

TEST(ReadWords, DoesNotDependOnHowNativeTextIsEncoded) {
  const std::vector<std::pair<std::string, std::string>> same = {
      {"\uFEE3\uFEA4\uFEE4\uFEAA", "محمد"},  // presentation forms
      {"محـــمد", "محمد"},                   // tatweel
      {"مُحَمَّد", "محمد"},                      // vowel signs
      {"علي\u200Cرضا", "عليرضا"},            // zero width non-joiner
      {"پرویز", "پرويز"},                    // Farsi and Arabic yeh
      {"خانه\u0654", "خانه"},                // ezafe
      {"\u1100\u1175\u11B7", "김"},          // conjoining jamo
      {"ｻﾄｳ", "サトウ"},                     // half-width kana
      {"さとう", "サトウ"},                  // hiragana
      {"ガ", "カ\u3099"},                    // kana and its voicing mark
      {"क\u093C", "\u0958"},                 // nukta, composed and not
      {"Серге\u0438\u0306", "Сергей"},
      {"დავით", "ᲓᲐᲕᲘᲗ"},  // Mtavruli capitals
      {"ดำรง", "ด\u0E4D\u0E32รง"},   // Thai AM taken apart
      {"שָׁלוֹם", "שלום"},              // points
  };
  for (const auto& [x, y] : same) {
    EXPECT_EQ(letters(x), letters(y)) << x;
    EXPECT_EQ(forms(x), forms(y)) << x;
  }
}

TEST(ReadWords, WeighsEveryLanguageThatTheLettersAllow) {
  const auto spelt = [](const char* native, const char* language) {
    std::vector<std::string> out;
    const Words words = read_words(native, language);
    for (const auto& f : cheapest_forms(words.words.at(0).lattice, 200)) out.push_back(f.letters);
    return out;
  };
  EXPECT_THAT(spelt("Христо", ""), testing::IsSupersetOf({"KHRISTO", "HRISTO"}));
  EXPECT_THAT(spelt("王", ""), testing::IsSupersetOf({"WANG", "WONG", "ONG", "O"}));
  EXPECT_THAT(spelt("佐藤", "ja"), testing::IsSupersetOf({"SATO", "SATOU", "SATOH"}));
  EXPECT_THAT(spelt("佐藤", "ja"), Not(Contains("ZUOTENG")));
  // The language of a name in another script says nothing.
  EXPECT_EQ(spelt("Γιώργος", "ru"), spelt("Γιώργος", ""));
}

TEST(ReadWords, WritesNothingButLatinLetters) {
  for (const char* text :
       {"Ünal Щукин محمد 김정은 O'Brien-Łukasz Þórður Ǆ", "a\xFF\xC3(b)\xE2\x82"}) {
    for (const std::string& form : forms(text)) {
      EXPECT_EQ(form.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), std::string::npos) << form;
    }
  }
}

TEST(ReadWords, HoldsItsLimits) {
  EXPECT_LE(read_words(std::string(5000, 'A'), "").words.at(0).letters.size(), kMaxTextBytes);
  std::string many;
  for (int i = 0; i < 200; ++i) many += "A ";
  EXPECT_EQ(read_words(many, "").words.size(), kMaxWords);
  std::string native;
  for (int i = 0; i < 200; ++i) native += "Щ";
  EXPECT_EQ(read_words(native, "").words.at(0).lattice.length, kMaxLatticeLetters);
}

TEST(ScriptOf, KnowsTheScriptsOfNames) {
  EXPECT_EQ(script_of(U'a'), Script::kLatin);
  EXPECT_EQ(script_of(U'Ж'), Script::kCyrillic);
  EXPECT_EQ(script_of(U'7'), Script::kNone);
  EXPECT_EQ(script_of(U'ー'), Script::kKana);
  EXPECT_EQ(script_of(U'த'), Script::kTamil);
  EXPECT_EQ(name_of(Script::kHan), "Hani");
}

TEST(Words, ReadADigitAsTheLetterItLooksLike) {
  const std::vector<std::array<std::string_view, 2>> read = {{"R0SSI", "ROSSI"},
                                                             {"MARI0", "MARIO"},
                                                             {"5MITH", "SMITH"},
                                                             {"A1ME", "AIME"},
                                                             {"8ERG", "BERG"}};
  for (const auto& [written, letters] : read) {
    const Words words = read_words(written, "");
    ASSERT_EQ(words.words.size(), 1U) << written;
    EXPECT_EQ(words.words[0].letters, letters);
    EXPECT_EQ(words.words[0].written, written);
    EXPECT_TRUE(words.words[0].digits_for_letters) << written;
  }
  // A 1 at an edge counts passengers; what is mostly digits is no name.
  for (const auto& [written, letters] : std::vector<std::array<std::string_view, 2>>{
           {"1SMITH", "SMITH"}, {"SMITH1", "SMITH"}, {"A50", "A"}, {"K7B", "KB"}}) {
    const Words words = read_words(written, "");
    ASSERT_EQ(words.words.size(), 1U) << written;
    EXPECT_EQ(words.words[0].letters, letters);
    EXPECT_FALSE(words.words[0].digits_for_letters) << written;
  }
}

TEST(Words, DropWhatHasNoWidth) {
  EXPECT_EQ(read_words("JO\xE2\x80\x8BHN", "").words.at(0).letters, "JOHN");
  EXPECT_EQ(read_words("JO\xE2\x80\x8BHN", "").words.at(0).written, "JOHN");
}

}  // namespace
}  // namespace paxid::transliteration
