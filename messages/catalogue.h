#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/message.h"

// Messages in the languages of the people who read them. A record and an answer hold keys and
// arguments, so that each of them can be rendered in any language, later too.
namespace paxid::messages {

// In the order of the catalogues of messages/data.
enum class Language : std::uint8_t {
  kEnglish,
  kGerman,
  kFrench,
  kSpanish,
  kPortuguese,
  kItalian,
  kTurkish,
  kArabic,
  kChinese,
  kJapanese,
};

std::span<const Language> languages();
std::string_view tag_of(Language language);  // BCP 47: "en", "de", ... Static lifetime.

// The language of a BCP 47 tag or a POSIX locale in any letter case: "de", "de-CH", "pt_BR.UTF-8".
// Nothing for a language that has no catalogue.
std::optional<Language> language_from(std::string_view tag);

bool is_right_to_left(Language language);

// The text of a message. Control characters and characters that change the direction are taken
// out of the arguments; a name that runs against the text around it is isolated (UAX 9). A
// literal message is its text, untouched. A message that cannot be rendered is its literal, when it
// has one; else that is our own bug. Thread-safe; takes no lock.
std::string render(const base::Message& message, Language language);

// Whether the key is in the catalogues and every argument of its pattern is there. To be asked of
// what comes from a program of another version.
bool can_render(const base::Message& message);

// "It would be MATCH if the booking had MARIA instead of MARIO."; `verdict` is "MATCH", "REVIEW"
// or "MISMATCH". Requires a wish.
std::string render_counterfactual(std::string_view verdict,
                                  const std::vector<base::Message>& wishes, Language language);

// A message without arguments: the word for a verdict, a label.
std::string text_of(std::string_view key, Language language);

// What there is: every key in ascending order, and its ICU MessageFormat pattern; empty for no
// key. Static lifetime.
std::span<const std::string_view> keys();
std::string_view pattern_of(std::string_view key, Language language);

// SHA-256 of the catalogues as lower-case hex. Static lifetime.
std::string_view catalogues_digest();

}  // namespace paxid::messages
