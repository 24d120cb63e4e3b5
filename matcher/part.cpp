#include "matcher/part.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "matcher/letters.h"
#include "transliteration/likelihood.h"

namespace paxid::matcher {
namespace {

// The same between two known names, where a habit of spelling must be all the difference.
constexpr double kKnownVariantLimit = 0.16;
// Bits by which a text must be likelier than chance to be a spelling of the native word.
constexpr double kTransliterationLimit = 0;
// What the strangest spelling loses against the most usual one.
constexpr double kWantPlainest = 3;

// How much the alignment prefers a kind of agreement over another. Only the order matters.
constexpr double kWantEqual = 10;
constexpr double kWantSpelling = 9.5;
constexpr double kWantTitle = 9;
constexpr double kWantVariant = 8.5;
constexpr double kWantTransliteration = 8.5;
constexpr double kWantGendered = 7;
constexpr double kWantNickname = 6.5;
constexpr double kWantSlip = 6.5;
constexpr double kWantTruncated = 6;
constexpr double kWantInitial = 4;
constexpr double kWantOtherName = 4;
constexpr double kWantPrefix = 3.5;
constexpr double kWantParticle = 3;

// Difference of rarity (/ 10 bits) from which on a slip explains the rare form.
constexpr double kMistypedGap = 0.6;

double rarity_of(const Part& x, const Part& y) { return std::min(x.rarity(), y.rarity()) / 10; }

bool is_small_word(const Part& part) { return part.word_class != WordClass::kName; }

PartMatch agreement(ReasonCode code, const Part& x, const Part& y, double want,
                    std::uint32_t transformations = kNoTransformation) {
  PartMatch match;
  match.code = code;
  // A word that is a particle on one side alone is no rare name that agrees.
  const bool small = is_small_word(x) || is_small_word(y);
  match.features = {small ? 0.0 : 1.0, small ? 0.0 : rarity_of(x, y), small ? 1.0 : 0.0};
  match.transformations = transformations;
  match.affinity = small ? kWantParticle : want;
  return match;
}

// Whether one of x's allowed forms is one of y's.
bool share_a_form(const transliteration::Word& x, const transliteration::Word& y) {
  const auto has = [](const transliteration::Word& word, const std::string& letters) {
    return word.letters == letters ||
           std::any_of(word.other_forms.begin(), word.other_forms.end(),
                       [&](const auto& form) { return form.letters == letters; });
  };
  return has(x, y.letters) || std::any_of(y.other_forms.begin(), y.other_forms.end(),
                                          [&](const auto& form) { return has(x, form.letters); });
}

struct Endings {
  std::string_view male;
  std::string_view female;
};
constexpr std::array<Endings, 27> kGenderedEndings = {{
    {"OV", "OVA"},   {"EV", "EVA"},  {"IN", "INA"},    {"YN", "YNA"},     {"SKI", "SKA"},
    {"CKI", "CKA"},  {"SKY", "SKA"}, {"SKY", "SKAYA"}, {"SKII", "SKAIA"}, {"SKIY", "SKAYA"},
    {"SKYI", "SKA"}, {"OS", "OU"},   {"NY", "NA"},     {"", "OVA"},       {"AS", "OU"},
    {"IS", "I"},     {"IS", "OU"},   {"Y", "A"},       {"ZKI", "ZKA"},    {"AS", "IENE"},
    {"IS", "IENE"},  {"US", "IENE"}, {"AS", "AITE"},   {"IS", "YTE"},     {"US", "UTE"},
    {"S", "A"},      {"IS", "E"},
}};

bool may_be_surname(const Part& part) {
  return part.field == Field::kSurname ||
         (part.field == Field::kUnknown && part.attestation.given_bits == 0);
}

bool may_be_given(const Part& part) {
  return part.field != Field::kSurname || part.attestation.given_bits != 0;
}

bool is_rather_surname(const Part& part) {
  const Attestation& a = part.attestation;
  return part.field == Field::kSurname ||
         (part.field == Field::kUnknown && a.surname_bits != 0 && a.surname_bits < a.given_bits);
}

// Where the first letter that differs stands: 1 the first, 0 inside, -1 the last of the longer.
int place_of_change(std::string_view x, std::string_view y) {
  std::size_t at = 0;
  while (at < x.size() && at < y.size() && x[at] == y[at]) ++at;
  return at == 0 ? 1 : at + 1 >= std::max(x.size(), y.size()) ? -1 : 0;
}

// One is the other with a vowel more at its end, as women's given names often are of men's
// (DENIS, DENISE; GAURANG, GAURANGI).
bool has_vowel_more(std::string_view x, std::string_view y) {
  if (x.size() < y.size()) std::swap(x, y);
  return x.size() == y.size() + 1 && x.starts_with(y) &&
         std::string_view("AEI").find(x.back()) != std::string_view::npos;
}

PartMatch changed_letters(const Part& x, const Part& y, const Likeness& likeness) {
  const std::string& a = x.letters();
  const std::string& b = y.letters();
  const std::size_t longer = std::max(a.size(), b.size());
  PartMatch match;
  match.edits = likeness.edits;
  const double distance = likeness.distance;
  const double share = static_cast<double>(match.edits) / static_cast<double>(longer);
  const int limit = slip_limit(longer);
  const bool scanned = is_scan_slip(a, b);
  if (!scanned && match.edits > limit + 1) return {};
  if (!scanned && match.edits > limit && distance > kSlipDistance * static_cast<double>(longer)) {
    return {};
  }
  const bool fingers = scanned || (match.edits == 1 && is_finger_slip(a, b));
  const double rare = std::max(x.rarity(), y.rarity()) / 10;
  const double common = std::min(x.rarity(), y.rarity()) / 10;
  // A very rare surname one key away from a common name is most often that name mistyped.
  const bool mistyped = fingers && rare - common >= kMistypedGap;
  const bool both_known = x.attestation.known() && y.attestation.known() && !mistyped;
  const bool both_unknown = x.attestation.level == 0 && y.attestation.level == 0;
  match.code = both_known ? ReasonCode::kOtherName : ReasonCode::kSlip;
  const int place = place_of_change(a, b);
  match.features = {1,
                    share,
                    distance / static_cast<double>(longer),
                    fingers ? 1.0 : 0.0,
                    rare,
                    common,
                    are_of_other_sex(x, y) ? 1.0 : 0.0,
                    place > 0 ? 1.0 : 0.0,
                    place < 0 ? 1.0 : 0.0,
                    match.edits > 1 ? 1.0 : 0.0,
                    match.edits > 2 ? 1.0 : 0.0,
                    std::max(0.0, rare - 1.5),
                    0,
                    has_vowel_more(a, b) ? 1.0 : 0.0,
                    0,
                    both_unknown ? 1.0 : 0.0};
  match.affinity = (both_known ? kWantOtherName : kWantSlip) - 0.5 * match.edits - share;
  return match;
}

// `head` may stand for `whole` as its first letters.
bool is_head(const Part& head, const Part& whole) {
  return head.letters().size() >= 2 && head.letters().size() < whole.letters().size() &&
         whole.letters().starts_with(head.letters());
}

PartMatch match_initial(const Part& initial, const Part& name) {
  const char letter = initial.letters()[0];
  const bool fits = name.letters()[0] == letter ||
                    std::any_of(name.word.other_forms.begin(), name.word.other_forms.end(),
                                [&](const auto& form) { return form.letters.starts_with(letter); });
  if (!fits) return {};
  PartMatch match;
  match.code = ReasonCode::kInitial;
  // A letter that is a particle elsewhere (E, Y), or a particle's, is worth no more than itself.
  match.features = {is_small_word(initial) || is_small_word(name) ? 0.5 : 1.0};
  match.transformations = kInitialForGiven;
  if (initial.may_be_cut) match.transformations |= kTruncation;
  match.affinity = kWantInitial;
  return match;
}

// A surname of one letter is doubled where a form asks for two (airline naming rules).
bool is_doubled_letter(const Part& x, const Part& y) {
  return x.letters().size() == 2 && y.letters().size() == 1 && x.letters()[0] == y.letters()[0] &&
         x.letters()[1] == y.letters()[0];
}

transliteration::RunWord run_word(const Part& native) {
  return {&native.word.lattice, native.outline.get()};
}

Spelt spell(std::span<const transliteration::RunWord> run, std::string_view latin) {
  const double bits =
      std::max<double>(kLeastLikelihood, transliteration::likelihood_ratio(run, latin));
  return {bits, bits / std::max(2.0, static_cast<double>(latin.size()))};
}

Spelt spell_best(const Part& native, const transliteration::Word& latin) {
  const transliteration::RunWord word = run_word(native);
  Spelt best = spell({&word, 1}, latin.letters);
  for (const auto& form : latin.other_forms) {
    const Spelt other = spell({&word, 1}, form.letters);
    if (other.likelihood > best.likelihood) best = other;
  }
  return best;
}

PartMatch transliterated(const Spelt& spelt) {
  PartMatch match;
  if (spelt.likelihood < kTransliterationLimit) return match;
  match.code = ReasonCode::kTransliteration;
  const SpeltFeatures f = features_of(spelt);
  match.features = {1, f.speaks_for, f.speaks_against, f.strangeness};
  match.transformations = kTransliterated;
  match.affinity = kWantTransliteration - kWantPlainest * f.strangeness;
  return match;
}

PartMatch match_native(const Part& native, const Part& latin, const Likeness& likeness) {
  PartMatch spelt = transliterated(likeness.spelt);
  // A native word may be the name of the letter (எஸ், S) or a name of one letter.
  if (latin.initial() && spelt.affinity <= 0) return match_initial(latin, native);
  return spelt;
}

// A quick no for most.
bool may_be_exact(const Part& x, const Part& y) {
  return x.hash == y.hash || x.word.folded || y.word.folded || !x.stem().empty() ||
         !y.stem().empty();
}

PartMatch match_exact(const Part& x, const Part& y) {
  if (x.hash == y.hash && x.letters() == y.letters()) return match_equal(x, y);
  if ((x.word.folded || y.word.folded) && share_a_form(x.word, y.word)) {
    return agreement(ReasonCode::kDoc9303Spelling, x, y, kWantSpelling, kDiacriticFolded);
  }
  if ((!x.stem().empty() && x.stem() == y.letters()) ||
      (!y.stem().empty() && y.stem() == x.letters())) {
    return agreement(ReasonCode::kTitle, x, y, kWantTitle, kTitleRemoved);
  }
  return {};
}

// Two syllables of Chinese or Korean that no character is read as both ways (WANG, WENG).
bool are_other_syllables(const Part& x, const Part& y) {
  const Origins of_x = x.origins();
  if ((of_x.cuts() & kOneSyllable) == 0) return false;
  const Origins of_y = y.origins();
  const OriginSpellings a = of_x.spellings();
  const OriginSpellings b = of_y.spellings();
  return (of_y.cuts() & kOneSyllable) != 0 && !a.empty() && !b.empty() && !shared_origin(a, b);
}

// One side is a well-known name and the other a name of nobody, one key away.
bool looks_mistyped(const Part& x, const Part& y, const Likeness& likeness) {
  const int low = std::min(x.attestation.level, y.attestation.level);
  const int high = std::max(x.attestation.level, y.attestation.level);
  return low == 0 && high == 3 && likeness.edits == 1 && is_finger_slip(x.letters(), y.letters());
}

void measure_distance(const Part& x, const Part& y, std::string_view language, Likeness& likeness) {
  if (likeness.distance >= 0) return;
  double distance = variant_distance(x.letters(), x.sides(), y.letters(), y.sides(), language);
  for (const auto& form : x.word.other_forms) {
    distance = std::min(distance, variant_distance(form.letters, y.letters(), language));
  }
  for (const auto& form : y.word.other_forms) {
    distance = std::min(distance, variant_distance(x.letters(), form.letters, language));
  }
  likeness.distance = distance;
}

PartMatch match_spelling(const Part& x, const Part& y, std::string_view language,
                         Likeness& likeness) {
  const std::string& a = x.letters();
  const std::string& b = y.letters();
  const std::size_t longer = std::max(a.size(), b.size());
  const std::size_t shorter = std::min(a.size(), b.size());
  if (shorter * 2 < longer || are_far(likeness.edits, longer)) return {};
  measure_distance(x, y, language, likeness);
  const double distance = likeness.distance;
  // A male and a female name are two names, however alike (MARIO, MARIA).
  if (are_of_other_sex(x, y) || are_other_syllables(x, y)) return changed_letters(x, y, likeness);
  // Many small rules add up to another name.
  const bool both_known = x.attestation.known() && y.attestation.known();
  const double limit = both_known && language.empty() ? kKnownVariantLimit : kVariantLimit;
  if (distance <= limit && distance <= 0.12 * static_cast<double>(longer) &&
      !looks_mistyped(x, y, likeness)) {
    PartMatch match = agreement(ReasonCode::kSpellingVariant, x, y, kWantVariant - distance);
    match.transformations = kTransliterated;
    if (is_small_word(x) && is_small_word(y)) return match;  // says as little as the same word
    match.features[0] = 1;
    match.features[1] = rarity_of(x, y);
    match.features[2] = distance;
    match.features[3] = both_known ? 1.0 : 0.0;
    match.features[4] = distance / static_cast<double>(longer);
    match.features[5] = std::max(x.rarity(), y.rarity()) / 10;
    match.features[6] = likeness.edits > 1 ? 1.0 : 0.0;
    match.features[7] = has_vowel_more(a, b) ? 1.0 : 0.0;
    return match;
  }
  return changed_letters(x, y, likeness);
}

// Letters that two texts begin or end with alike, as a share of the shorter, from three on:
// what is left of a pet form (FREDDY, FREDERICA; TINA, MARTINA).
double shared_head(std::string_view x, std::string_view y) {
  const auto [a, b] = std::mismatch(x.begin(), x.end(), y.begin(), y.end());
  const auto length = static_cast<double>(a - x.begin());
  return length < 3 ? 0 : length / static_cast<double>(std::min(x.size(), y.size()));
}
double shared_tail(std::string_view x, std::string_view y) {
  const auto [a, b] = std::mismatch(x.rbegin(), x.rend(), y.rbegin(), y.rend());
  const auto length = static_cast<double>(a - x.rbegin());
  return length < 3 ? 0 : length / static_cast<double>(std::min(x.size(), y.size()));
}

// How much less two spellings of one native name are worth when they are unusual ones.
constexpr float kUsualOriginBits = 1;
constexpr float kMaxOriginBits = 5;

// Two Latin spellings that a name of another script explains (ZHAO, CHAO; MOHAMED, MUHAMMAD).
PartMatch match_by_origin(const Part& x, const Part& y) {
  PartMatch match;
  if (is_small_word(x) || is_small_word(y)) return match;
  const auto shared = common_origin(x, y);
  if (!shared || shared->bits > kMaxOriginBits || are_of_other_sex(x, y)) return match;
  const double strange =
      std::max(0.0F, shared->bits - kUsualOriginBits) / (kMaxOriginBits - kUsualOriginBits);
  match.code = ReasonCode::kTransliteration;
  match.features = {1, std::min(1.0, rarity_of(x, y)), -0.1 * strange, strange};
  match.transformations = kTransliterated;
  match.affinity = kWantTransliteration - kWantPlainest * strange;
  match.origin = shared->text;
  return match;
}

// The same letters, one of them written as the digit that looks like it (R0SSI).
PartMatch match_digits(const Part& x, const Part& y) {
  PartMatch match;
  match.code = ReasonCode::kSlip;
  match.edits = 1;
  match.features = {1, 1 / static_cast<double>(x.letters().size()), 0, 1};
  match.features[4] = match.features[5] = match.rarity = rarity_of(x, y);
  match.affinity = kWantSpelling;
  return match;
}

// Both are somebody's given names, so that one may be a pet form of the other.
bool are_given_names(const Part& x, const Part& y) {
  return x.attestation.given_bits != 0 && y.attestation.given_bits != 0;
}

}  // namespace

std::optional<SharedOrigin> common_origin(const Part& x, const Part& y) {
  const Origins of_x = x.origins();
  const Origins of_y = y.origins();
  const auto shared = shared_origin(of_x.spellings(), of_y.spellings());
  if (shared || of_x.cuts() == 0 || of_y.cuts() == 0) return shared;
  return shared_origins(x.letters(), of_x.cuts(), y.letters(), of_y.cuts());
}

std::array<std::uint64_t, 1> Part::find_origins(const Part& part) {
  const bool latin = part.word.script == transliteration::Script::kLatin;
  return {(latin ? Origins::of(part.letters(), part.hash) : Origins::none()).packed()};
}

bool is_family_name(const Part& part) {
  const Attestation& a = part.attestation;
  return a.surname_bits != 0 && (a.given_bits == 0 || a.surname_bits < a.given_bits);
}

bool is_western_given(const Part& part) {
  constexpr std::size_t kShortest = 3;
  constexpr int kWellKnown = 3;
  constexpr int kKnownBits = 12;
  // What may be read as two syllables (KAREN, TINA) must be a very usual given name.
  constexpr int kUsualBits = 9;
  const Attestation& a = part.attestation;
  if (part.native() || part.field == Field::kSurname || part.letters().size() < kShortest ||
      part.word_class != WordClass::kName) {
    return false;
  }
  if (a.level < kWellKnown || a.given_bits == 0 || a.male == a.female) return false;
  const SyllableCuts cuts = part.origins().cuts();
  if ((cuts & kOneSyllable) != 0) return false;
  return a.given_bits <= (cuts == 0 ? kKnownBits : kUsualBits);
}

bool is_glued_particle(const Part& x, const Part& y) {
  constexpr std::size_t kShortestParticle = 3;
  constexpr std::size_t kShortestName = 4;
  const bool x_longer = x.letters().size() > y.letters().size();
  const std::string& longer = x_longer ? x.letters() : y.letters();
  const std::string& shorter = x_longer ? y.letters() : x.letters();
  if (shorter.size() < kShortestName || longer.size() < shorter.size() + kShortestParticle ||
      !longer.ends_with(shorter) || is_small_word(x) || is_small_word(y) || !may_be_surname(x) ||
      !may_be_surname(y) || !(x_longer ? y : x).attestation.known()) {
    return false;
  }
  const std::string_view head = std::string_view(longer).substr(0, longer.size() - shorter.size());
  const auto is_particle = [](std::string_view word) {
    return class_of(word) == WordClass::kParticle || class_of(word) == WordClass::kParticleOrName;
  };
  for (std::size_t at = 1; at < head.size(); ++at) {
    if (is_particle(head.substr(0, at)) && is_particle(head.substr(at))) return true;
  }
  return is_particle(head);
}

bool is_gendered_pair(std::string_view x, std::string_view y) {
  constexpr std::size_t kShortestStem = 3;
  for (const Endings& endings : kGenderedEndings) {
    const auto fits = [&](std::string_view male, std::string_view female) {
      if (!male.ends_with(endings.male) || !female.ends_with(endings.female)) return false;
      male.remove_suffix(endings.male.size());
      female.remove_suffix(endings.female.size());
      return male.size() >= kShortestStem + (endings.male.empty() ? 1 : 0) && male == female;
    };
    if (fits(x, y) || fits(y, x)) return true;
  }
  return false;
}

int slip_limit(std::size_t length) {
  return length <= 2 ? 0 : length <= 5 ? 1 : length <= 10 ? 2 : 3;
}

bool are_of_other_sex(const Part& x, const Part& y) {
  if (is_rather_surname(x) && is_rather_surname(y)) return false;
  const Attestation& a = x.attestation;
  const Attestation& b = y.attestation;
  return a.male != a.female && b.male != b.female && a.male != b.male;
}

std::string_view common_language(const Prepared& x, const Prepared& y) {
  if (x.language == y.language || y.language.empty()) return x.language;
  return x.language.empty() ? y.language : std::string_view{};
}

bool stands_alone(const Part& part) {
  return part.word_class == WordClass::kTitle || part.word_class == WordClass::kSuffix ||
         part.word_class == WordClass::kPlaceholder;
}

SpeltFeatures features_of(const Spelt& spelt) {
  constexpr double kHalfWay = 10;        // bits
  constexpr double kUsualGain = 2.5;     // bits a letter
  constexpr double kUnrelatedGain = -2;  // likewise
  const double gain = std::max(0.0, spelt.likelihood);
  return {gain / (gain + kHalfWay), std::min(0.0, spelt.likelihood) / 10,
          std::clamp((kUsualGain - spelt.a_letter) / (kUsualGain - kUnrelatedGain), 0.0, 1.0)};
}

PartMatch match_equal(const Part& x, const Part& y) {
  if (x.word.digits_for_letters != y.word.digits_for_letters) return match_digits(x, y);
  const bool as_written = x.word.written == y.word.written;
  return agreement(as_written ? ReasonCode::kEqual : ReasonCode::kDoc9303Spelling, x, y,
                   as_written ? kWantEqual : kWantSpelling,
                   as_written ? kNoTransformation : kDiacriticFolded);
}

Likeness likeness_of(const Part& x, const Part& y) {
  if (x.native() == y.native()) return {letter_edits(x.letters(), y.letters()), -1, {}};
  const Spelt spelt = x.native() ? spell_best(x, y.word) : spell_best(y, x.word);
  return {0, -1, spelt};
}

PartMatch contradiction(const Part& x, const Part& y, std::string_view language,
                        Likeness& likeness) {
  PartMatch match;
  match.code = ReasonCode::kContradiction;
  const bool initial = x.initial() || y.initial();
  const bool both_known = x.attestation.known() && y.attestation.known();
  if (x.native() != y.native()) {
    // The same measure goes on where kTransliteration ends; only the name of the reason jumps.
    const SpeltFeatures f = features_of(likeness.spelt);
    match.features = {
        0, 0, 1, f.speaks_for, initial ? 1.0 : 0.0, 0, f.speaks_against, f.strangeness};
    return match;
  }
  match.edits = likeness.edits;
  const std::size_t longer = std::max(x.letters().size(), y.letters().size());
  const bool far = are_far(match.edits, longer);
  if (!far) measure_distance(x, y, language, likeness);
  const double distance = far ? match.edits : likeness.distance;
  const double alike = std::max(0.0, 1 - distance / static_cast<double>(longer));
  match.features = {1,
                    alike,
                    0,
                    0,
                    initial ? 1.0 : 0.0,
                    both_known ? 1.0 : 0.0,
                    0,
                    0,
                    std::max(0.0, alike - kVeryAlike),
                    shared_head(x.letters(), y.letters()),
                    shared_tail(x.letters(), y.letters()),
                    std::max(0.0, 1 - match.edits / static_cast<double>(longer)),
                    0,
                    are_given_names(x, y) ? 0.0 : alike,
                    is_family_name(x) && is_family_name(y) ? alike : 0.0};
  return match;
}

namespace {

PartMatch match_kinds(const Part& x, const Part& y, std::string_view language, Likeness& likeness) {
  if (x.native() != y.native()) {
    return x.native() ? match_native(x, y, likeness) : match_native(y, x, likeness);
  }
  if (may_be_exact(x, y)) {
    if (PartMatch exact = match_exact(x, y); exact.affinity > 0) return exact;
  }
  // A title or suffix is itself or nothing.
  if (stands_alone(x) || stands_alone(y)) return {};
  if (is_small_word(x) && is_small_word(y)) {
    // Two particles agree only as spellings of one (AL, EL), never as slips.
    PartMatch match = match_spelling(x, y, language, likeness);
    return match.code == ReasonCode::kSpellingVariant ? match : PartMatch{};
  }
  if (is_doubled_letter(x, y) || is_doubled_letter(y, x)) {
    return agreement(ReasonCode::kPlaceholder, x, y, kWantTitle, kPlaceholderUsed);
  }
  if (x.initial() || y.initial()) return x.initial() ? match_initial(x, y) : match_initial(y, x);
  if (is_head(x, y) ? x.may_be_cut : is_head(y, x) && y.may_be_cut) {
    PartMatch cut = agreement(ReasonCode::kTruncated, x, y, kWantTruncated, kTruncation);
    return cut;
  }
  if (is_glued_particle(x, y)) {
    PartMatch glued =
        agreement(ReasonCode::kParticle, x, y, kWantVariant, kParticleOmitted | kSpacingChanged);
    glued.features[2] = 1;
    return glued;
  }
  if (may_be_surname(x) && may_be_surname(y) && is_gendered_pair(x.letters(), y.letters())) {
    return agreement(ReasonCode::kGenderedEnding, x, y, kWantGendered);
  }
  PartMatch spelling = match_spelling(x, y, language, likeness);
  if (spelling.code == ReasonCode::kSpellingVariant) return spelling;
  const bool other_sex = are_of_other_sex(x, y) && likeness.edits <= 2;
  if (may_be_given(x) && may_be_given(y) && !other_sex && x.attestation.has_short_forms &&
      y.attestation.has_short_forms && is_nickname_pair(x.hash, y.hash)) {
    return agreement(ReasonCode::kNickname, x, y, kWantNickname, kNicknameUsed);
  }
  // One letter of a name that nobody has is rather a slip.
  const bool slip = spelling.code == ReasonCode::kSlip && spelling.edits == 1;
  if (!slip) {
    if (PartMatch shared = match_by_origin(x, y); shared.affinity > 0) return shared;
  }
  if (spelling.affinity > 0) return spelling;
  if (is_head(x, y) || is_head(y, x)) {
    PartMatch prefix = agreement(ReasonCode::kPrefix, x, y, kWantPrefix);
    prefix.features[2] = x.attestation.known() && y.attestation.known() ? 1.0 : 0.0;
    return prefix;
  }
  return {};
}

// Something less than the same letters.
bool is_likeness(ReasonCode code) {
  using enum ReasonCode;
  return code == kSpellingVariant || code == kGenderedEnding || code == kNickname ||
         code == kTruncated || code == kPrefix || code == kSlip || code == kOtherName;
}

}  // namespace

PartMatch match_parts(const Part& x, const Part& y, std::string_view language, Likeness& likeness) {
  PartMatch match = match_kinds(x, y, language, likeness);
  if (match.code == ReasonCode::kInitial) {
    match.rarity = kInitialBits / 10;
  } else if (is_likeness(match.code) && x.native() == y.native() &&
             !(is_small_word(x) && is_small_word(y))) {
    match.rarity = rarity_of(x, y);
  }
  return match;
}

namespace {

// A quick no for most runs: as many letters as the whole, give or take a glued title or, in
// another script, what a native letter can become.
bool lengths_can_fit(std::size_t length, bool cut, const Part& whole) {
  if (whole.native()) {
    return 2 * length >= whole.word.lattice.length && length <= 3U * whole.word.lattice.length + 2;
  }
  constexpr std::size_t kRoom = 4;
  return (length <= whole.letters().size() + kRoom || whole.may_be_cut) &&
         (whole.letters().size() <= length + kRoom || cut);
}

// Runs that are longer are not looked at as one word.
constexpr std::size_t kMaxJoinedLetters = 128;

// A quick no where the likelihood is below 0.
bool may_be_spelling(std::span<const transliteration::RunWord> run, std::string_view latin) {
  return transliteration::most_likelihood(run, latin, 0) >=
         kTransliterationLimit - kLikelihoodRounding;
}

// Native words written as one Latin word (عبد الرحمن, ABDULRAHMAN).
PartMatch match_native_run(std::span<const Part> run, const Part& latin) {
  if (latin.native() || latin.initial()) return {};
  std::array<transliteration::RunWord, kMaxRun> words;
  std::size_t length = 0;
  for (std::size_t k = 0; k < run.size(); ++k) {
    if (!run[k].native()) return {};
    length += run[k].word.lattice.length;
    words[k] = run_word(run[k]);
  }
  if (length > transliteration::kMaxLatticeLetters) return {};
  const std::span whole(words.data(), run.size());
  if (!may_be_spelling(whole, latin.letters())) return {};
  PartMatch match = transliterated(spell(whole, latin.letters()));
  if (match.affinity > 0) match.affinity += static_cast<double>(run.size() - 1);
  return match;
}

// Written as one and cut at the end of the field, inside or behind the last part (JOHN PAUL
// GEORGE, JOHNPAULGEO).
bool are_cut(std::span<const Part> run, std::string_view joined, const Part& whole) {
  const std::string& letters = whole.letters();
  const std::size_t before_last = joined.size() - run.back().letters().size();
  if (whole.may_be_cut && joined.starts_with(letters)) return letters.size() > before_last;
  return run.back().may_be_cut && joined.size() >= 4 && letters.starts_with(joined);
}

}  // namespace

bool may_be_joined(std::span<const Part> run, const Part& whole) {
  std::size_t length = 0;
  bool native = false;
  for (const Part& part : run) {
    length += part.letters().size();
    native = native || part.native();
  }
  if (!lengths_can_fit(length, run.back().may_be_cut, whole)) return false;
  return native || whole.native() || !whole.word.other_forms.empty() ||
         run[0].letters()[0] == whole.letters()[0];
}

PartMatch match_joined(std::span<const Part> run, const Part& whole, std::string_view language) {
  if (!may_be_joined(run, whole)) return {};
  std::size_t length = 0;
  bool native = false;
  for (const Part& part : run) {
    length += part.letters().size();
    native = native || part.native();
  }
  if (length > kMaxJoinedLetters) return {};
  std::array<char, kMaxJoinedLetters> joined;
  double rarity = 0;
  std::size_t end = 0;
  for (const Part& part : run) {
    std::copy(part.letters().begin(), part.letters().end(),
              joined.begin() + static_cast<std::ptrdiff_t>(end));
    end += part.letters().size();
    rarity += part.rarity();
  }
  const std::string_view letters(joined.data(), end);
  rarity = std::min(rarity, whole.rarity());
  if (native) return match_native_run(run, whole);
  const auto extra = static_cast<double>(run.size() - 1);
  if (whole.native()) {
    const transliteration::RunWord word = run_word(whole);
    if (!may_be_spelling({&word, 1}, letters)) return {};
    PartMatch match = transliterated(spell({&word, 1}, letters));
    if (match.affinity > 0) match.affinity += extra;
    return match;
  }
  const bool equal = letters == whole.letters() || letters == whole.stem() ||
                     std::any_of(whole.word.other_forms.begin(), whole.word.other_forms.end(),
                                 [&](const auto& form) { return form.letters == letters; });
  if (!equal && are_cut(run, letters, whole)) {
    PartMatch cut;
    cut.code = ReasonCode::kTruncated;
    cut.features = {1, rarity / 10};
    cut.rarity = rarity / 10;
    cut.transformations = kSpacingChanged | kTruncation;
    cut.affinity = kWantTruncated + extra;
    return cut;
  }
  double distance = 0;
  if (!equal) {
    const std::size_t longer = std::max(letters.size(), whole.letters().size());
    if (std::min(letters.size(), whole.letters().size()) + 2 < longer || longer < 4) return {};
    if (letters[0] != whole.letters()[0]) return {};
    distance = variant_distance(letters, whole.letters(), language);
    if (distance > 0.1 * static_cast<double>(longer)) return {};
  }
  PartMatch match;
  match.code = ReasonCode::kSpacing;
  match.features = {1, rarity / 10, distance};
  match.transformations = kSpacingChanged | (equal ? kNoTransformation : kTransliterated) |
                          (letters == whole.stem() ? kTitleRemoved : kNoTransformation);
  match.affinity = kWantEqual + extra - distance;
  return match;
}

}  // namespace paxid::matcher
