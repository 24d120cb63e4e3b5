#include "messages/catalogue.h"

#include <gtest/gtest.h>
#include <unicode/messagepattern.h>
#include <unicode/msgfmt.h>
#include <unicode/plurrule.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>

namespace paxid::messages {
namespace {

using base::PersonalText;

icu::UnicodeString unicode(std::string_view text) {
  return icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
}

std::string utf8(const icu::UnicodeString& text) {
  std::string bytes;
  return text.toUTF8String(bytes);
}

icu::Locale locale_of(Language language) { return icu::Locale(tag_of(language).data()); }

// What a pattern puts in: name of the argument, and whether it chooses a plural form.
using Arguments = std::map<std::string, bool>;

Arguments arguments_of(std::string_view text) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::MessagePattern pattern(unicode(text), nullptr, error);
  EXPECT_TRUE(U_SUCCESS(error)) << text;
  Arguments arguments;
  for (int32_t i = 0; i + 1 < pattern.countParts(); ++i) {
    const icu::MessagePattern::Part& part = pattern.getPart(i);
    if (part.getType() != UMSGPAT_PART_TYPE_ARG_START) continue;
    const std::string name = utf8(pattern.getSubstring(pattern.getPart(i + 1)));
    arguments[name] = arguments[name] || part.getArgType() == UMSGPAT_ARG_TYPE_PLURAL;
  }
  return arguments;
}

// A message of a key with a value for every argument of its English pattern.
base::Message sample(std::string_view key, std::int64_t number = 3,
                     const std::string& text = "ROSSI") {
  base::Message message{key, {}, {}};
  static const std::set<std::string> names = [] {
    std::set<std::string> all;
    for (std::string_view each : keys()) {
      for (const auto& [name, plural] : arguments_of(pattern_of(each, Language::kEnglish)))
        all.insert(name);
    }
    return all;
  }();
  for (const auto& [name, plural] : arguments_of(pattern_of(key, Language::kEnglish))) {
    const std::string_view kept = *names.find(name);
    if (plural) {
      message.arguments.push_back({kept, number});
    } else {
      message.arguments.push_back({kept, PersonalText(text)});
    }
  }
  return message;
}

TEST(Catalogue, KnowsLanguagesByTagAndLocale) {
  EXPECT_EQ(languages().size(), 10U);
  for (Language language : languages()) EXPECT_EQ(language_from(tag_of(language)), language);
  EXPECT_EQ(language_from("EN_US.UTF-8"), Language::kEnglish);
  EXPECT_EQ(language_from("pt-BR"), Language::kPortuguese);
  EXPECT_EQ(language_from("zh-Hans-CN"), Language::kChinese);
  for (const char* unknown : {"", "xx", "e", "eng", "C", "-en"}) {
    EXPECT_FALSE(language_from(unknown).has_value()) << unknown;
  }
}

TEST(Catalogue, EveryLanguagePutsTheSameArgumentsIn) {
  for (std::string_view key : keys()) {
    const Arguments english = arguments_of(pattern_of(key, Language::kEnglish));
    for (Language language : languages()) {
      EXPECT_EQ(arguments_of(pattern_of(key, language)), english) << key << tag_of(language);
    }
  }
}

TEST(Catalogue, EveryMessageRendersAsIcuDoes) {
  for (Language language : languages()) {
    if (is_right_to_left(language)) continue;  // there arguments are isolated
    for (std::string_view key : keys()) {
      const base::Message message = sample(key);
      UErrorCode error = U_ZERO_ERROR;
      icu::MessageFormat format(unicode(pattern_of(key, language)), locale_of(language), error);
      std::vector<icu::UnicodeString> names;
      std::vector<icu::Formattable> values;
      for (const base::Argument& argument : message.arguments) {
        names.push_back(unicode(argument.name));
        const auto* number = std::get_if<std::int64_t>(&argument.value);
        values.push_back(number != nullptr ? icu::Formattable(*number)
                                           : icu::Formattable(unicode("ROSSI")));
      }
      icu::UnicodeString expected;
      format.format(names.data(), values.data(), static_cast<int32_t>(names.size()), expected,
                    error);
      ASSERT_TRUE(U_SUCCESS(error)) << key << tag_of(language);
      EXPECT_EQ(render(message, language), utf8(expected)) << key << tag_of(language);
    }
  }
}

TEST(Catalogue, WhatCannotBeRenderedIsItsLiteral) {
  const PersonalText english("The seat 1B is taken.");
  for (const base::Message& message :
       {base::Message{"A_KEY_OF_TOMORROW", {}, english},
        base::Message{"DOCUMENT_OF_PEER_AT_SEAT", {{"peer", PersonalText("X")}}, english},
        base::Message{"SURNAME_SHARED", {{"count", PersonalText("many")}}, english}}) {
    EXPECT_FALSE(can_render(message)) << message.key;
    EXPECT_EQ(render(message, Language::kGerman), english.reveal());
  }
  for (std::string_view key : keys()) {
    base::Message message = sample(key);
    EXPECT_TRUE(can_render(message)) << key;
    const std::string german = render(message, Language::kGerman);
    message.literal = english;
    EXPECT_EQ(render(message, Language::kGerman), german) << key;
  }
}

TEST(Catalogue, SentencesEndAndTranslationsAreNotEnglish) {
  for (Language language : languages()) {
    std::size_t as_in_english = 0;
    for (std::string_view key : keys()) {
      const std::string text = render(sample(key), language);
      EXPECT_FALSE(text.empty()) << key << tag_of(language);
      EXPECT_EQ(text.find_first_of("{}"), std::string::npos) << text;
      const std::string english(pattern_of(key, Language::kEnglish));
      if (english.ends_with('.')) {
        EXPECT_TRUE(text.ends_with('.') || text.ends_with("。")) << text;
      }
      // Single words may be the same in two languages (Text, Note).
      const bool sentence = english.find(' ') != std::string::npos;
      if (language != Language::kEnglish && sentence && pattern_of(key, language) == english) {
        ++as_in_english;
      }
    }
    // A window's title is the same in Turkish.
    EXPECT_LE(as_in_english, 1U) << tag_of(language);
  }
}

TEST(Catalogue, HasEveryPluralFormOfTheLanguage) {
  for (Language language : languages()) {
    UErrorCode error = U_ZERO_ERROR;
    const std::unique_ptr<icu::PluralRules> rules(
        icu::PluralRules::forLocale(locale_of(language), error));
    ASSERT_TRUE(U_SUCCESS(error));
    for (std::string_view key : keys()) {
      const std::string pattern(pattern_of(key, language));
      if (pattern.find(", plural,") == std::string::npos) continue;
      for (std::int64_t number = 0; number <= 120; ++number) {
        const std::string form = utf8(rules->select(static_cast<int32_t>(number)));
        EXPECT_NE(pattern.find(form + " {"), std::string::npos) << pattern << " " << form;
        EXPECT_FALSE(render(sample(key, number), language).empty());
      }
    }
  }
}

TEST(Catalogue, NamesAreIsolatedWhereDirectionsMeet) {
  const base::Message expired{"DOCUMENT_EXPIRED", {{"date", PersonalText("2026-11-22")}}, {}};
  EXPECT_EQ(render(expired, Language::kGerman), "Das Dokument ist am 2026-11-22 abgelaufen.");
  EXPECT_NE(render(expired, Language::kArabic).find("\u20682026-11-22\u2069"), std::string::npos);
  const base::Message peer{"DOCUMENT_OF_PEER", {{"peer", PersonalText("محمد")}}, {}};
  EXPECT_NE(render(peer, Language::kEnglish).find("\u2068محمد\u2069"), std::string::npos);
}

TEST(Catalogue, AnArgumentCannotSteerTheText) {
  const std::string hostile = "A\033[2J\u202Eb\u2069\n{peer}'{C\xFF";
  for (Language language : languages()) {
    const std::string text = render(sample("DOCUMENT_OF_PEER", 0, hostile), language);
    EXPECT_EQ(text.find('\033'), std::string::npos);
    EXPECT_EQ(text.find('\n'), std::string::npos);
    EXPECT_EQ(text.find("\u202E"), std::string::npos);
    EXPECT_NE(text.find("A[2Jb{peer}'{C\uFFFD"), std::string::npos) << text;
    const std::size_t ends = is_right_to_left(language) ? 1 : 0;
    std::size_t found = 0;
    for (std::size_t at = 0; (at = text.find("\u2069", at)) != std::string::npos; ++at) ++found;
    EXPECT_EQ(found, ends);
  }
}

TEST(Catalogue, ALiteralIsItself) {
  EXPECT_EQ(render(base::literal_message("a {b} 'c'"), Language::kJapanese), "a {b} 'c'");
  EXPECT_TRUE(render({}, Language::kEnglish).empty());
}

TEST(Counterfactual, JoinsItsWishes) {
  const base::Message instead{
      "WISH_BOOKED_INSTEAD",
      {{"document", PersonalText("MARIA {wish}")}, {"booking", PersonalText("MARIO")}},
      {}};
  const base::Message sex{"WISH_SEX_AGREED", {}, {}};
  EXPECT_EQ(render_counterfactual("MATCH", {instead}, Language::kEnglish),
            "It would be MATCH if the booking had MARIA {wish} instead of MARIO.");
  EXPECT_EQ(render_counterfactual("REVIEW", {instead, sex}, Language::kEnglish),
            "It would be REVIEW if the booking had MARIA {wish} instead of MARIO and the sex "
            "agreed.");
  for (Language language : languages()) {
    for (const char* verdict : {"MATCH", "REVIEW", "MISMATCH"}) {
      const std::string text = render_counterfactual(verdict, {instead, sex}, language);
      EXPECT_NE(text.find("MARIA {wish}"), std::string::npos) << text;
      EXPECT_NE(text.find("MARIO"), std::string::npos) << text;
      EXPECT_NE(text.find(text_of("WISH_SEX_AGREED", language)), std::string::npos) << text;
    }
  }
}

}  // namespace
}  // namespace paxid::messages
