#include "messages/catalogue.h"

#include <unicode/locid.h>
#include <unicode/messagepattern.h>
#include <unicode/msgfmt.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "base/check.h"
#include "base/utf8.h"

namespace paxid::messages {
namespace {

#include "messages_table.inc"

constexpr std::array<Language, 10> kLanguages{
    Language::kEnglish,    Language::kGerman,  Language::kFrench,  Language::kSpanish,
    Language::kPortuguese, Language::kItalian, Language::kTurkish, Language::kArabic,
    Language::kChinese,    Language::kJapanese};
constexpr std::array<std::string_view, 10> kTags{"en", "de", "fr", "es", "pt",
                                                 "it", "tr", "ar", "zh", "ja"};

static_assert(std::size(kPatterns) == kLanguages.size());

// Where the keys stand, by a hash of their letters (FNV-1a), each in the first free place from its
// own on: a verdict asks for dozens of keys.
constexpr std::size_t kPlaces = 2048;
static_assert(2 * std::size(kKeys) <= kPlaces);

constexpr std::size_t place_of(std::string_view key) {
  std::uint32_t hash = 0x811C9DC5U;
  for (const char c : key) hash = (hash ^ static_cast<unsigned char>(c)) * 0x01000193U;
  return (hash ^ hash >> 16) % kPlaces;
}

// The number of a key from 1, 0 in a place that is free.
constexpr auto kKeyNumbers = [] {
  std::array<std::uint16_t, kPlaces> numbers{};
  for (std::size_t i = 0; i < std::size(kKeys); ++i) {
    std::size_t place = place_of(kKeys[i]);
    while (numbers[place] != 0) place = (place + 1) % kPlaces;
    numbers[place] = static_cast<std::uint16_t>(i + 1);
  }
  return numbers;
}();

constexpr std::string_view kIsolate = "\u2068";     // FIRST STRONG ISOLATE
constexpr std::string_view kIsolateEnd = "\u2069";  // POP DIRECTIONAL ISOLATE

bool is_control(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x061C || (c >= 0x200E && c <= 0x200F) ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

// Letters of Hebrew, Arabic and their neighbours.
bool runs_right_to_left(char32_t c) {
  return (c >= 0x0590 && c <= 0x08FF) || (c >= 0xFB1D && c <= 0xFDFF) ||
         (c >= 0xFE70 && c <= 0xFEFF);
}

// An argument as it stands in a text of `language`.
std::string as_argument(std::string_view text, Language language) {
  std::string kept;
  kept.reserve(text.size());
  bool isolate = is_right_to_left(language);
  while (!text.empty()) {
    const base::Utf8Step step = base::decode_utf8(text);
    if (!step.valid) {
      kept += "\uFFFD";
    } else if (!is_control(step.code_point)) {
      kept += text.substr(0, step.length);
      isolate = isolate || runs_right_to_left(step.code_point);
    }
    text.remove_prefix(step.length);
  }
  if (!isolate || kept.empty()) return kept;
  return std::string(kIsolate) + kept + std::string(kIsolateEnd);
}

const base::Argument& argument_of(const base::Message& message, std::string_view name) {
  const auto found =
      std::find_if(message.arguments.begin(), message.arguments.end(),
                   [name](const base::Argument& argument) { return argument.name == name; });
  PAXID_CHECK(found != message.arguments.end());
  return *found;
}

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

// Only names in braces, and nothing that ICU quotes: put together without ICU, which would take
// longer than the verdict.
bool is_plain(std::string_view pattern) {
  if (pattern.find('\'') != std::string_view::npos) return false;
  for (std::size_t open = 0; (open = pattern.find('{', open)) != std::string_view::npos; ++open) {
    const std::size_t close = pattern.find('}', open);
    if (close == std::string_view::npos || !is_name(pattern.substr(open + 1, close - open - 1)))
      return false;
  }
  return true;
}

// A plain pattern with `value_of(name)` for each name.
template <class ValueOf>
std::string substitute(std::string_view pattern, ValueOf value_of) {
  std::string text;
  while (!pattern.empty()) {
    const std::size_t open = pattern.find('{');
    text += pattern.substr(0, open);
    if (open == std::string_view::npos) break;
    const std::size_t close = pattern.find('}', open);
    PAXID_CHECK(close != std::string_view::npos);
    text += value_of(pattern.substr(open + 1, close - open - 1));
    pattern.remove_prefix(close + 1);
  }
  return text;
}

std::string render_plain(std::string_view pattern, const base::Message& message,
                         Language language) {
  return substitute(pattern, [&](std::string_view name) {
    const auto& value = argument_of(message, name).value;
    if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
    return as_argument(std::get<base::PersonalText>(value).reveal(), language);
  });
}

icu::UnicodeString unicode(std::string_view text) {
  return icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
}

std::string render_with_icu(std::string_view pattern, const base::Message& message,
                            Language language) {
  UErrorCode error = U_ZERO_ERROR;
  const std::string tag(tag_of(language));
  const icu::MessageFormat format(unicode(pattern), icu::Locale(tag.c_str()), error);
  std::vector<icu::UnicodeString> names;
  std::vector<icu::Formattable> values;
  for (const base::Argument& argument : message.arguments) {
    names.push_back(unicode(argument.name));
    if (const auto* number = std::get_if<std::int64_t>(&argument.value)) {
      values.emplace_back(*number);
    } else {
      values.emplace_back(
          unicode(as_argument(std::get<base::PersonalText>(argument.value).reveal(), language)));
    }
  }
  icu::UnicodeString text;
  format.format(names.data(), values.data(), static_cast<int32_t>(names.size()), text, error);
  PAXID_CHECK(U_SUCCESS(error));  // every pattern is formatted in a test
  std::string utf8;
  return text.toUTF8String(utf8);
}

}  // namespace

std::span<const Language> languages() { return std::span(kLanguages).first(std::size(kPatterns)); }

std::string_view tag_of(Language language) { return kTags[static_cast<std::size_t>(language)]; }

std::optional<Language> language_from(std::string_view tag) {
  const std::string_view primary = tag.substr(0, tag.find_first_of("-_.@"));
  for (Language language : kLanguages) {
    const std::string_view known = tag_of(language);
    if (std::equal(primary.begin(), primary.end(), known.begin(), known.end(), [](char a, char b) {
          return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
        })) {
      return language;
    }
  }
  return std::nullopt;
}

bool is_right_to_left(Language language) { return language == Language::kArabic; }

std::span<const std::string_view> keys() { return kKeys; }

std::string_view pattern_of(std::string_view key, Language language) {
  for (std::size_t place = place_of(key); kKeyNumbers[place] != 0; place = (place + 1) % kPlaces) {
    const std::size_t number = kKeyNumbers[place] - 1U;
    if (kKeys[number] == key) return kPatterns[static_cast<std::size_t>(language)][number];
  }
  return {};
}

bool can_render(const base::Message& message) {
  const std::string_view text = pattern_of(message.key, Language::kEnglish);
  if (text.empty()) return false;
  UErrorCode error = U_ZERO_ERROR;
  const icu::MessagePattern pattern(unicode(text), nullptr, error);
  PAXID_CHECK(U_SUCCESS(error));  // every pattern is parsed in a test
  for (int32_t i = 0; i + 1 < pattern.countParts(); ++i) {
    const icu::MessagePattern::Part& part = pattern.getPart(i);
    if (part.getType() != UMSGPAT_PART_TYPE_ARG_START) continue;
    std::string name;
    pattern.getSubstring(pattern.getPart(i + 1)).toUTF8String(name);
    const bool fits = std::any_of(
        message.arguments.begin(), message.arguments.end(), [&](const base::Argument& argument) {
          return argument.name == name && (part.getArgType() != UMSGPAT_ARG_TYPE_PLURAL ||
                                           std::holds_alternative<std::int64_t>(argument.value));
        });
    if (!fits) return false;
  }
  return true;
}

std::string render(const base::Message& message, Language language) {
  if (message.key.empty() || (!message.literal.empty() && !can_render(message))) {
    return message.literal.reveal();
  }
  const std::string_view pattern = pattern_of(message.key, language);
  PAXID_CHECK(!pattern.empty());
  return is_plain(pattern) ? render_plain(pattern, message, language)
                           : render_with_icu(pattern, message, language);
}

std::string text_of(std::string_view key, Language language) {
  return render({key, {}, {}}, language);
}

std::string render_counterfactual(std::string_view verdict,
                                  const std::vector<base::Message>& wishes, Language language) {
  PAXID_CHECK(!wishes.empty());
  // What is rendered already is a text of this language: it is not isolated again.
  std::string wish = render(wishes.front(), language);
  for (std::size_t i = 1; i < wishes.size(); ++i) {
    const std::string next = render(wishes[i], language);
    wish = substitute(pattern_of("WISH_AND", language),
                      [&](std::string_view name) { return name == "first" ? wish : next; });
  }
  const std::string word = text_of("VERDICT_" + std::string(verdict), language);
  return substitute(pattern_of("WOULD_BE", language),
                    [&](std::string_view name) { return name == "wish" ? wish : word; });
}

std::string_view catalogues_digest() { return kTablesDigest; }

}  // namespace paxid::messages
