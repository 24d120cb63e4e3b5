#include "verification/rules.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace paxid::verification {
namespace {

constexpr Verdict kMatch = Verdict::kMatch;
constexpr Verdict kReview = Verdict::kReview;

// The floor: one changed letter can be another person's name, a nickname or an initial
// somebody else's, an unreadable State nobody's. At least a person looks at it.
constexpr RuleKey kKeys[] = {
    {"names.letter_change", VerdictField{&Rules::letter_change, kReview}},
    {"names.max_letter_changes", IntegerField{&Rules::max_letter_changes, 0, 5}},
    {"names.nickname", VerdictField{&Rules::nickname, kReview}},
    {"names.initial_for_first", VerdictField{&Rules::initial_for_first, kReview}},
    {"names.fields_swapped", VerdictField{&Rules::fields_swapped, kMatch}},
    {"names.further_name_missing", VerdictField{&Rules::further_name_missing, kMatch}},
    {"names.surname_part_missing", VerdictField{&Rules::surname_part_missing, kReview}},
    {"names.refused_form", VerdictField{&Rules::refused_form, kReview}},
    {"names.refused_forms", FormsField{&Rules::refused_forms}},
    {"correction.metric", MetricField{&Rules::correction_metric}},
    {"correction.scope", ScopeField{&Rules::correction_scope}},
    {"correction.surname_letters", IntegerField{&Rules::correction_surname_letters, 0, 5}},
    {"correction.given_letters", IntegerField{&Rules::correction_given_letters, 0, 5}},
    {"correction.must_sound_alike", FlagField{&Rules::correction_must_sound_alike}},
    {"correction.days_after_booking",
     IntegerField{&Rules::correction_days_after_booking, 0, kNoLimit}},
    {"correction.minutes_before_departure",
     IntegerField{&Rules::correction_minutes_before_departure, 0, kNoLimit}},
    {"correction.after_check_in", FlagField{&Rules::correction_after_check_in}},
    {"correction.on_partner_flights", FlagField{&Rules::correction_on_partner_flights}},
    {"correction.not_covered", VerdictField{&Rules::correction_not_covered, kReview}},
    {"document.mode", ModeField{&Rules::document_mode}},
    {"document.expired", VerdictField{&Rules::expired, kMatch}},
    {"document.expired_name_only", VerdictField{&Rules::expired_name_only, kMatch}},
    {"document.specimen", VerdictField{&Rules::specimen, kMatch}},
    {"document.unknown_state", VerdictField{&Rules::unknown_state, kReview}},
    {"document.typed_only", VerdictField{&Rules::typed_only, kMatch}},
    {"document.short_validity", VerdictField{&Rules::short_validity, kMatch}},
    {"passenger.infant_below", IntegerField{&Rules::infant_below, 1, 5}},
    {"passenger.child_below", IntegerField{&Rules::child_below, 5, 21}},
    {"passenger.unaccompanied_below", IntegerField{&Rules::unaccompanied_below, 5, 21}},
    {"passenger.age_not_of_type", VerdictField{&Rules::age_not_of_type, kMatch}},
    {"clock.max_skew_seconds", IntegerField{&Rules::max_skew_seconds, 1, 86'400}},
};

constexpr std::array<std::string_view, 3> kMetrics{"positional", "levenshtein", "damerau"};
constexpr std::array<std::string_view, 2> kScopes{"per_field", "total"};
constexpr std::array<std::string_view, 3> kModes{"NONE", "NAME_ONLY", "DOCUMENT"};

struct FormWord {
  std::string_view word;
  bcbp::NameConvention convention;
};
constexpr FormWord kForms[] = {
    {"FNU", bcbp::NameConvention::kNoGivenName},
    {"LNU", bcbp::NameConvention::kNoSurname},
    {"NAME_DOUBLED", bcbp::NameConvention::kNameDoubled},
    {"TITLE_AS_GIVEN", bcbp::NameConvention::kTitleAsGivenName},
    {"LETTER_DOUBLED", bcbp::NameConvention::kLetterDoubled},
    {"LETTER_MERGED", bcbp::NameConvention::kLetterMerged},
};

std::uint32_t bit_of(bcbp::NameConvention convention) {
  return std::uint32_t{1} << static_cast<unsigned>(convention);
}

template <std::size_t N>
std::string one_of(const std::array<std::string_view, N>& words) {
  std::string text = "must be";
  for (std::size_t i = 0; i < N; ++i) {
    text += (i == 0 ? " \"" : i + 1 == N ? " or \"" : ", \"") + std::string(words[i]) + "\"";
  }
  return text;
}

template <class T, std::size_t N>
std::optional<std::string> choose(T& member, std::string_view value,
                                  const std::array<std::string_view, N>& words) {
  const auto found = std::find(words.begin(), words.end(), value);
  if (found == words.end()) return one_of(words);
  member = static_cast<T>(found - words.begin());
  return std::nullopt;
}

struct Writer {
  const Rules& rules;

  std::string operator()(const VerdictField& f) const {
    return std::string(name_of(rules.*f.member));
  }
  std::string operator()(const IntegerField& f) const { return std::to_string(rules.*f.member); }
  std::string operator()(const FlagField& f) const { return rules.*f.member ? "true" : "false"; }
  std::string operator()(const MetricField& f) const {
    return std::string(kMetrics[static_cast<std::size_t>(rules.*f.member)]);
  }
  std::string operator()(const ScopeField& f) const {
    return std::string(kScopes[static_cast<std::size_t>(rules.*f.member)]);
  }
  std::string operator()(const ModeField& f) const {
    return std::string(kModes[static_cast<std::size_t>(rules.*f.member)]);
  }
  std::string operator()(const FormsField& f) const {
    std::string words;
    for (const FormWord& form : kForms) {
      if ((rules.*f.member & bit_of(form.convention)) == 0) continue;
      words += (words.empty() ? "" : " ") + std::string(form.word);
    }
    return words;
  }
};

struct Reader {
  Rules& rules;
  std::string_view value;

  std::optional<std::string> operator()(const VerdictField& f) const {
    const auto verdict = verdict_from(value);
    if (!verdict) return "must be \"MATCH\", \"REVIEW\" or \"MISMATCH\"";
    if (*verdict < f.loosest) {
      return "must not be \"" + std::string(value) + "\": that is looser than the safety floor";
    }
    rules.*f.member = *verdict;
    return std::nullopt;
  }
  std::optional<std::string> operator()(const IntegerField& f) const {
    int number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc() || end != value.data() + value.size() || number < f.lowest ||
        number > f.highest) {
      return "must be a whole number from " + std::to_string(f.lowest) + " to " +
             std::to_string(f.highest);
    }
    rules.*f.member = number;
    return std::nullopt;
  }
  std::optional<std::string> operator()(const FlagField& f) const {
    if (value != "true" && value != "false") return "must be true or false";
    rules.*f.member = value == "true";
    return std::nullopt;
  }
  std::optional<std::string> operator()(const MetricField& f) const {
    return choose(rules.*f.member, value, kMetrics);
  }
  std::optional<std::string> operator()(const ScopeField& f) const {
    return choose(rules.*f.member, value, kScopes);
  }
  std::optional<std::string> operator()(const ModeField& f) const {
    return choose(rules.*f.member, value, kModes);
  }
  std::optional<std::string> operator()(const FormsField& f) const {
    std::uint32_t bits = 0;
    std::string_view rest = value;
    while (!rest.empty()) {
      const std::string_view word = rest.substr(0, rest.find(' '));
      rest.remove_prefix(std::min(rest.size(), word.size() + 1));
      const auto* form = std::find_if(std::begin(kForms), std::end(kForms),
                                      [word](const FormWord& f2) { return f2.word == word; });
      if (form == std::end(kForms)) {
        return "must be a list of \"FNU\", \"LNU\", \"NAME_DOUBLED\", \"TITLE_AS_GIVEN\", "
               "\"LETTER_DOUBLED\", \"LETTER_MERGED\"";
      }
      bits |= bit_of(form->convention);
    }
    rules.*f.member = bits;
    return std::nullopt;
  }
};

}  // namespace

std::span<const RuleKey> rule_keys() { return kKeys; }

const RuleKey* rule_key(std::string_view name) {
  const auto* found = std::find_if(std::begin(kKeys), std::end(kKeys),
                                   [name](const RuleKey& key) { return key.name == name; });
  return found == std::end(kKeys) ? nullptr : found;
}

RuleValue value_of(const Rules& rules, const RuleKey& key) {
  return std::visit(Writer{rules}, key.field);
}

std::optional<std::string> set_value(Rules& rules, const RuleKey& key, std::string_view value) {
  return std::visit(Reader{rules, value}, key.field);
}

}  // namespace paxid::verification
