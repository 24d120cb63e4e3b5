#include "matcher/ceiling.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <span>

#include "matcher/evidence.h"
#include "matcher/name_hash.h"

namespace paxid::matcher {
namespace {

using transliteration::LatticeOutline;
using PartSet = std::uint32_t;

enum Kind : std::uint16_t {
  kNative = 1U << 0,
  kSmall = 1U << 1,
  kOptional = 1U << 2,
  kStandsAlone = 1U << 3,
  kFolded = 1U << 4,  // may have other forms
  kHasShortForms = 1U << 5,
  kKnown = 1U << 6,
  kHasOrigins = 1U << 7,
  kHasCuts = 1U << 8,
  kIsGiven = 1U << 9,
  kIsFamily = 1U << 10,
};

// All the parts of a name cannot be rarer; / 10 bits.
constexpr double kRarest = 3.1 * kMaxParts;

// Of a sum of bits in another order.
constexpr double kRounding = 1e-9;

double positive(double weight) { return std::max(0.0, weight); }
double weight(ReasonCode code, std::size_t feature) { return weights_of(code)[feature]; }

// What one feature adds at most, when it lies between the two.
double most(ReasonCode code, std::size_t feature, double low, double high) {
  const double w = weight(code, feature);
  return std::max(w * low, w * high);
}

// The most that a spelling says which is no likelier than its features tell.
struct SpellingLimit {
  double constant = 0;
  double gain = 0;
  double loss = 0;
  double loss_of_all = 0;  // where a loss would speak for one person
  double strange = 0;
  double strange_at_most = 0;

  SpellingLimit(ReasonCode code, std::size_t first, std::array<std::size_t, 3> features)
      : constant(weight(code, first)),
        gain(positive(weight(code, features[0]))),
        loss(positive(weight(code, features[1]))),
        loss_of_all(positive(weight(code, features[1]) * kLeastLikelihood / 10)),
        strange(std::min(0.0, weight(code, features[2]))),
        strange_at_most(positive(weight(code, features[2]))) {}

  double of(const SpeltFeatures& f) const {
    return constant + gain * f.speaks_for + loss * f.speaks_against + loss_of_all +
           strange * f.strangeness + strange_at_most;
  }
};

// What evidence of a kind is worth at most, whatever is not known yet of its features.
struct Limits {
  std::array<std::array<double, 2>, 5> agreement;  // constant and slope by rarity
  double small = 0;
  double initial = 0;
  double missing = 0;
  double missing_in_all = 0;  // where nothing agrees
  double leftover = 0;        // a small word that only one side has
  double once = 0;            // swap, order, suffix
  // Of contradictions: the constant in one script, what any may get beside its letters, and
  // what their likeness adds.
  double letters_differ = 0;
  double contradiction = 0;
  double alike = 0;
  double alike_no_given = 0;
  double alike_family = 0;
  double very_alike = 0;
  double same_head = 0;
  double same_tail = 0;
  double same_letters = 0;
  double has_initial = 0;
  double both_known = 0;
  double taken_back = 0;  // by a contradiction, of each rarity that agrees
  SpellingLimit spelt{ReasonCode::kTransliteration, 0, {1, 2, 3}};
  SpellingLimit misspelt{ReasonCode::kContradiction, 2, {3, 6, 7}};
  double nothing_shared = weight(ReasonCode::kNothingShared, 0);
  double of_two_scripts = weight(ReasonCode::kNothingShared, 1);

  Limits() {
    limit_agreement();
    limit_lack();
    limit_contradiction();
  }

  // Of two spellings of one native name.
  double origin_of(double rarity) const {
    return spelt.constant + spelt.gain * std::min(1.0, rarity) + spelt.loss_of_all +
           spelt.strange_at_most;
  }

  double agreement_of(double rarity) const {
    double bits = agreement[0][0] + agreement[0][1] * rarity;
    for (const auto& [constant, slope] : agreement)
      bits = std::max(bits, constant + slope * rarity);
    return bits;
  }

 private:
  void limit_agreement() {
    using enum ReasonCode;
    constexpr std::array kAgreements = {kEqual, kDoc9303Spelling, kTitle, kPlaceholder, kParticle};
    for (std::size_t i = 0; i < kAgreements.size(); ++i) {
      agreement[i] = {weight(kAgreements[i], 0), weight(kAgreements[i], 1)};
      small = std::max(small, weight(kAgreements[i], 2));
    }
    initial = weight(kInitial, 0) + most(kInitial, 1, 0, 1);
  }

  void limit_lack() {
    using enum ReasonCode;
    double rest = 0;
    for (std::size_t k = 2; k < kFeatures; ++k) rest += most(kMissing, k, 0, 1);
    missing = weight(kMissing, 0) + most(kMissing, 1, 0, 1) + rest;
    missing_in_all = weight(kMissing, 0) + weight(kMissing, 1) + rest;
    leftover = std::max({0.0, weight(kTitle, 3), weight(kParticle, 3), weight(kPlaceholder, 3)});
    once = positive(weight(kFieldsSwapped, 0)) + positive(weight(kOrder, 0)) +
           positive(weight(kSuffix, 0)) + positive(weight(kSuffixConflict, 0));
  }

  void limit_contradiction() {
    const Features& w = weights_of(ReasonCode::kContradiction);
    contradiction = 3 * positive(w[12]) + kRarest * positive(w[15]);
    letters_differ = w[0] + contradiction;
    alike = w[1];
    alike_no_given = w[13];
    alike_family = w[14];
    very_alike = positive(w[8]);
    same_head = positive(w[9]);
    same_tail = positive(w[10]);
    same_letters = positive(w[11]);
    taken_back = std::min(0.0, std::max(w[15], weight(ReasonCode::kOtherName, 14)));
    has_initial = w[4];
    both_known = w[5];
  }
};

const Limits& limits() {
  static const Limits all;
  return all;
}

std::uint64_t letter_counts(std::string_view letters) {
  std::uint64_t once = 0;
  std::uint64_t again = 0;
  for (const char c : letters) {
    const std::uint64_t bit = std::uint64_t{1} << (c - 'A');
    again |= once & bit;
    once |= bit;
  }
  return once | again << 32;
}

std::uint64_t form_bit(std::uint64_t hash) { return std::uint64_t{1} << (hash >> 58); }

// Three letters, the outermost one lowest; fewer when there are no more.
std::uint32_t three(auto first, auto last) {
  std::uint32_t code = 0;
  for (unsigned shift = 0; first != last && shift < 15; ++first, shift += 5) {
    code |= static_cast<std::uint32_t>(*first - 'A' + 1) << shift;
  }
  return code;
}
constexpr std::uint32_t kOneLetter = (1U << 5) - 1;
constexpr std::uint32_t kTwoLetters = (1U << 10) - 1;

// As std::popcount, without a call where the processor is not known to count.
int count_of(std::uint64_t bits) {
  bits -= bits >> 1 & 0x5555555555555555U;
  bits = (bits & 0x3333333333333333U) + (bits >> 2 & 0x3333333333333333U);
  return static_cast<int>(((bits + (bits >> 4)) & 0x0F0F0F0F0F0F0F0FU) * 0x0101010101010101U >> 56);
}

// No more than letter_edits(): a letter changed puts two right of which one side has more, a
// letter added one and the length.
int least_edits(const PartOutline& x, const PartOutline& y) {
  const int lengths = std::abs(int{x.size} - int{y.size});
  return std::max(lengths, (count_of(x.letters ^ y.letters) + lengths + 1) / 2);
}

// What two parts may say to each other.
struct Chance {
  bool agrees = false;  // there may be a piece of evidence that is no contradiction
  double bits = 0;      // of that piece at most
  double beside = 0;    // the same where another name contradicts
  double against = 0;   // of a contradiction at most
};

bool is_initial(const PartOutline& part) { return part.size == 1 && (part.kinds & kNative) == 0; }

bool have_common_form(const PartOutline& x, const PartOutline& y) {
  if (x.hash == y.hash || (x.stem != 0 && x.stem == y.hash) || (y.stem != 0 && y.stem == x.hash)) {
    return true;
  }
  return ((x.kinds | y.kinds) & kFolded) != 0 && (x.forms & y.forms) != 0;
}

// Relations of names that many letters tell apart.
bool may_be_short_for(const PartOutline& x, const PartOutline& y) {
  if (((x.head ^ y.head) & kTwoLetters) == 0) {
    const std::string& a = x.part->letters();
    const std::string& b = y.part->letters();
    if (a.starts_with(b) || b.starts_with(a)) return true;
    if (x.head == y.head && is_gendered_pair(a, b)) return true;
  }
  return (x.kinds & y.kinds & kHasShortForms) != 0 && is_nickname_pair(x.hash, y.hash);
}

// Two parts of one script; `letters` of x.
class LettersHeld {
 public:
  LettersHeld(const Limits& limits, const PartOutline& x, const AskedLetters& letters,
              const PartOutline& y, std::string_view language)
      : limits_(limits), x_(x), y_(y), longer_(std::max(x.size, y.size)), language_(language) {
    if (longer_ > kMaxPartLetters || have_common_form(x, y)) {
      agrees_ = true;
      return;
    }
    edits_ = least_edits(x, y);
    far_ = are_far(edits_, longer_);
    agrees_ = may_agree(letters);
  }

  Chance chance() const {
    const double distance = far_ ? edits_ : distance_;
    const double alike = 1 - distance / static_cast<double>(longer_);
    const double bits = agrees_ ? agreement() : 0;
    const double beside =
        is_equal() ? bits + limits_.taken_back * std::min(x_.rarity, y_.rarity) : bits;
    return {agrees_, bits, beside, contradiction(positive(alike))};
  }

 private:
  // Names of the same letters: their piece is no likeness.
  bool is_equal() const {
    return x_.hash == y_.hash && ((x_.kinds | y_.kinds) & kSmall) == 0 &&
           x_.part->word.digits_for_letters == y_.part->word.digits_for_letters &&
           x_.part->letters() == y_.part->letters();
  }

  bool has_common_origin() const {
    return (x_.kinds & y_.kinds & (kHasOrigins | kHasCuts)) != 0 &&
           common_origin(*x_.part, *y_.part).has_value();
  }

  bool may_agree(const AskedLetters& letters) {
    const unsigned either = x_.kinds | y_.kinds;
    if ((either & kStandsAlone) != 0) return false;
    if ((x_.kinds & y_.kinds & kSmall) != 0) return !far_;
    if (is_initial(x_) || is_initial(y_)) {
      return ((x_.head ^ y_.head) & kOneLetter) == 0 || (either & kFolded) != 0;
    }
    if (may_be_short_for(x_, y_)) return true;
    if (has_common_origin() || is_glued_particle(*x_.part, *y_.part)) return true;
    if (far_ || std::min(x_.size, y_.size) * 2U < longer_) return false;
    edits_ = letter_edits(letters.places, y_.part->letters());
    far_ = are_far(edits_, longer_);
    if (far_) return false;
    const int limit = slip_limit(longer_);
    if (edits_ <= limit || (either & kFolded) != 0) return true;
    if (edits_ == limit + 1 && is_scan_slip(x_.part->letters(), y_.part->letters())) return true;
    // With more letters changed than slips have, only habits of spelling bring them together.
    if (edits_ > limit + 1 && !letters.edges.allow(y_.part->letters())) return false;
    distance_ = variant_distance(x_.part->letters(), x_.part->sides(), y_.part->letters(),
                                 y_.part->sides(), language_);
    return distance_ <= kVariantLimit ||
           (edits_ == limit + 1 && distance_ <= kSlipDistance * static_cast<double>(longer_));
  }

  double agreement() const {
    if ((x_.kinds & y_.kinds & kSmall) != 0) return limits_.small;
    const bool initial = is_initial(x_) || is_initial(y_);
    if (initial && longer_ > 2) return limits_.initial;
    const double rarity = std::min(x_.rarity, y_.rarity);
    const double one_small = ((x_.kinds | y_.kinds) & kSmall) != 0 ? limits_.small : 0;
    const double bits =
        std::max({limits_.agreement_of(rarity), limits_.origin_of(rarity), one_small});
    return initial ? std::max(bits, limits_.initial) : bits;
  }

  double contradiction(double alike) const {
    double slope = limits_.alike;
    if ((x_.kinds & y_.kinds & kIsGiven) == 0) slope += limits_.alike_no_given;
    if ((x_.kinds & y_.kinds & kIsFamily) != 0) slope += limits_.alike_family;
    // Convex in the likeness, so the most is where it is greatest or 0.
    const double likeness = slope * alike + limits_.very_alike * positive(alike - kVeryAlike);
    double bits = limits_.letters_differ + positive(likeness);
    bits += limits_.same_letters * positive(1 - edits_ / static_cast<double>(longer_));
    if (x_.head == y_.head) bits += limits_.same_head;
    if (x_.tail == y_.tail) bits += limits_.same_tail;
    if (is_initial(x_) || is_initial(y_)) bits += limits_.has_initial;
    if ((x_.kinds & y_.kinds & kKnown) != 0) bits += limits_.both_known;
    return bits;
  }

  const Limits& limits_;
  const PartOutline& x_;
  const PartOutline& y_;
  unsigned longer_;
  std::string_view language_;
  int edits_ = 0;
  double distance_ = 0;  // no more than it is
  bool far_ = false;
  bool agrees_ = false;
};

// At most so well does a Latin part as a spelling.
Spelt best_spelling(const LatticeOutline& lattice, std::string_view latin) {
  constexpr float kUnlikely = -14;
  const double bits = std::max<double>(kLeastLikelihood, transliteration::most_likelihood(
                                                             lattice, latin, kUnlikely)) +
                      kLikelihoodRounding;
  return {bits, bits / std::max(2.0, static_cast<double>(latin.size()))};
}

Chance chance_of_spelling(const Limits& limits, const LatticeOutline& native,
                          const PartOutline& latin) {
  Spelt best = best_spelling(native, latin.part->letters());
  for (const auto& form : latin.part->word.other_forms) {
    const Spelt other = best_spelling(native, form.letters);
    best.likelihood = std::max(best.likelihood, other.likelihood);
    best.a_letter = std::max(best.a_letter, other.a_letter);
  }
  Chance chance;
  const SpeltFeatures f = features_of(best);
  chance.against = limits.misspelt.of(f) + limits.contradiction;
  if (best.likelihood >= 0) {
    chance.agrees = true;
    chance.bits = limits.spelt.of(f);
  }
  if (is_initial(latin)) {
    chance.against += limits.has_initial;
    chance.agrees = true;
    chance.bits = std::max(chance.bits, limits.initial);
  }
  chance.beside = chance.bits;
  return chance;
}

// Everything two names may say, part by part.
class Holding {
 public:
  Holding(const NameOutline& x, const Bounded<AskedLetters, kMaxParts>& letters,
          const NameOutline& y)
      : x_(x),
        y_(y),
        letters_(letters),
        limits_(limits()),
        language_(common_language(*x.name, *y.name)) {
    std::fill_n(agree_x_.begin(), x.name->parts.size(), 0);
    std::fill_n(agree_y_.begin(), y.name->parts.size(), 0);
    std::fill_n(beside_x_.begin(), x.name->parts.size(), 0);
    std::fill_n(beside_y_.begin(), y.name->parts.size(), 0);
    std::fill_n(against_x_.begin(), x.name->parts.size(), kNever);
    std::fill_n(against_y_.begin(), y.name->parts.size(), kNever);
  }

  double ceiling() {
    for (std::size_t i = 0; i < x_.name->parts.size(); ++i) {
      for (std::size_t j = 0; j < y_.name->parts.size(); ++j) {
        hold_parts(i, j);
        hold_runs(i, j);
      }
    }
    const double against = contradictions();
    // Where one name certainly contradicts, it takes back what the rarity of others says.
    const double agreements = against < 0 && x_.name->native == y_.name->native
                                  ? least_sum(beside_x_, beside_y_)
                                  : least_sum(agree_x_, agree_y_);
    return agreements + against + rest() + kRounding;
  }

 private:
  static constexpr double kNever = -std::numeric_limits<double>::infinity();
  using Bits = std::array<double, kMaxParts>;

  static bool has(const PartOutline& part, Kind kind) { return (part.kinds & kind) != 0; }

  void agree(std::size_t i, std::size_t ni, std::size_t j, std::size_t nj, double bits,
             double beside) {
    agree_x_[i] = std::max(agree_x_[i], bits);
    agree_y_[j] = std::max(agree_y_[j], bits);
    beside_x_[i] = std::max(beside_x_[i], beside);
    beside_y_[j] = std::max(beside_y_[j], beside);
    related_x_ |= ((PartSet{1} << ni) - 1) << i;
    related_y_ |= ((PartSet{1} << nj) - 1) << j;
  }

  void hold_parts(std::size_t i, std::size_t j) {
    const PartOutline& x = x_.parts[i];
    const PartOutline& y = y_.parts[j];
    const Chance chance = has(x, kNative) == has(y, kNative)
                              ? LettersHeld(limits_, x, letters_[i], y, language_).chance()
                          : has(x, kNative) ? chance_of_spelling(limits_, *x.part->outline, y)
                                            : chance_of_spelling(limits_, *y.part->outline, x);
    if (chance.agrees) agree(i, 1, j, 1, chance.bits, chance.beside);
    against_x_[i] = std::max(against_x_[i], chance.against);
    against_y_[j] = std::max(against_y_[j], chance.against);
  }

  void hold_runs(std::size_t i, std::size_t j) {
    if (may_start(x_, i, y_.parts[j])) {
      for (std::size_t n = 2; n <= kMaxRun && i + n <= x_.name->parts.size(); ++n) {
        if (const auto bits = run_limit(x_, i, n, y_.parts[j])) agree(i, n, j, 1, *bits, *bits);
      }
    }
    if (may_start(y_, j, x_.parts[i])) {
      for (std::size_t n = 2; n <= kMaxRun && j + n <= y_.name->parts.size(); ++n) {
        if (const auto bits = run_limit(y_, j, n, x_.parts[i])) agree(i, 1, j, n, *bits, *bits);
      }
    }
  }

  // A quick no to most runs from part `at` on.
  static bool may_start(const NameOutline& name, std::size_t at, const PartOutline& whole) {
    return name.name->native || has(whole, kNative) || has(whole, kFolded) ||
           ((name.parts[at].head ^ whole.head) & kOneLetter) == 0;
  }

  // What parts may be worth that are written as one.
  std::optional<double> run_limit(const NameOutline& name, std::size_t at, std::size_t count,
                                  const PartOutline& whole) const {
    const std::span run = std::span(name.name->parts).subspan(at, count);
    const PartMatch match = match_joined(run, *whole.part, language_);
    if (match.affinity <= 0) return std::nullopt;
    Piece piece;
    piece.code = match.code;
    piece.features = match.features;
    return weigh(piece);
  }

  // Every piece stands at the first part it has of either name.
  double least_sum(const Bits& of_x, const Bits& of_y) const {
    double x = 0;
    double y = 0;
    for (std::size_t i = 0; i < x_.name->parts.size(); ++i) x += of_x[i];
    for (std::size_t j = 0; j < y_.name->parts.size(); ++j) y += of_y[j];
    return std::min(x, y);
  }

  bool both_fields() const { return x_.name->has_fields && y_.name->has_fields; }

  // Names that agree with nothing are left over. Where both sides, or both sides of a field,
  // have names left, those of the side with fewer all contradict.
  double contradictions() const {
    if (x_.name->parts.size() == 1 || y_.name->parts.size() == 1) {
      if (repeats(x_) || repeats(y_)) return 0;  // may be stand-ins
    }
    if (x_.name->native != y_.name->native && (may_lack(x_, y_) || may_lack(y_, x_))) return 0;
    if (!both_fields()) return contradictions_of(std::nullopt);
    return contradictions_of(Field::kSurname) + contradictions_of(Field::kGiven);
  }
  double contradictions_of(std::optional<Field> field) const {
    return std::max(left_over(x_, related_x_, against_x_, field),
                    left_over(y_, related_y_, against_y_, field));
  }
  static double left_over(const NameOutline& name, PartSet related, const Bits& against,
                          std::optional<Field> field) {
    double bits = 0;
    for (std::size_t i = 0; i < name.name->parts.size(); ++i) {
      const PartOutline& part = name.parts[i];
      if (has(part, kOptional) || (related >> i & 1U) != 0) continue;
      if (field && part.part->field != *field) continue;
      bits += against[i];
    }
    return bits;
  }

  // A Chinese name may lack a Western given name and one without a certain reading anything:
  // neither contradicts.
  static bool may_lack(const NameOutline& native, const NameOutline& latin) {
    const auto is = [](const NameOutline& name, auto which) {
      return std::any_of(name.name->parts.begin(), name.name->parts.end(), which);
    };
    if (is(native, [](const Part& part) { return !part.word.lattice.certain; })) return true;
    return is(native,
              [](const Part& part) { return part.word.script == transliteration::Script::kHan; }) &&
           is(latin, is_western_given);
  }

  static bool repeats(const NameOutline& name) {
    const auto& parts = name.name->parts;
    for (std::size_t i = 1; i < parts.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (name.parts[i].hash == name.parts[j].hash) return true;
      }
    }
    return false;
  }

  double rest() const {
    const auto x = static_cast<double>(x_.name->parts.size());
    const auto y = static_cast<double>(y_.name->parts.size());
    double bits = limits_.once + limits_.leftover * (x + y);
    if (related_x_ != 0) return bits + positive(limits_.missing) * (x + y);
    bits += positive(limits_.missing_in_all) * (x + y);
    const bool two_scripts = x_.name->native != y_.name->native;
    return bits + limits_.nothing_shared + (two_scripts ? limits_.of_two_scripts : 0);
  }

  const NameOutline& x_;
  const NameOutline& y_;
  const Bounded<AskedLetters, kMaxParts>& letters_;
  const Limits& limits_;
  std::string_view language_;
  PartSet related_x_ = 0;
  PartSet related_y_ = 0;
  Bits agree_x_;
  Bits agree_y_;
  Bits beside_x_;
  Bits beside_y_;
  Bits against_x_;
  Bits against_y_;
};

}  // namespace

PartOutline outline_of(const Part& part) {
  const std::string& letters = part.letters();
  PartOutline outline;
  outline.hash = part.hash;
  outline.stem = part.stem_length == 0 ? 0 : hash_of_name(part.stem());
  outline.forms = form_bit(part.hash);
  for (const auto& form : part.word.other_forms) {
    outline.forms |= form_bit(hash_of_name(form.letters));
  }
  outline.letters = letter_counts(std::string_view(letters).substr(0, kMaxPartLetters));
  outline.rarity = part.rarity() / 10;
  outline.part = &part;
  outline.head = three(letters.begin(), letters.end());
  outline.tail = three(letters.rbegin(), letters.rend());
  outline.size = static_cast<std::uint8_t>(std::min(letters.size(), kMaxPartLetters + 1));
  const auto set = [&](Kind kind, bool is) {
    if (is) outline.kinds = static_cast<std::uint16_t>(outline.kinds | kind);
  };
  set(kNative, part.native());
  set(kSmall, part.word_class != WordClass::kName);
  set(kOptional, part.optional());
  set(kStandsAlone, stands_alone(part));
  set(kFolded, part.word.folded || !part.word.other_forms.empty());
  set(kHasShortForms, part.attestation.has_short_forms);
  set(kKnown, part.attestation.known());
  set(kIsGiven, part.attestation.given_bits != 0);
  set(kIsFamily, is_family_name(part));
  set(kHasOrigins, !part.origins().spellings().empty());
  set(kHasCuts, part.origins().cuts() != 0);
  return outline;
}

AskedName::AskedName(const Prepared& name) {
  for (const Part& part : name.parts) {
    parts_.push_back(outline_of(part));
    letters_.push_back({letter_places(part.letters()), edge_letters_by_rules(part.letters())});
  }
  outline_ = {&name, parts_.begin()};
}

double AskedName::ceiling(const NameOutline& other) const {
  return Holding(outline_, letters_, other).ceiling();
}

}  // namespace paxid::matcher
