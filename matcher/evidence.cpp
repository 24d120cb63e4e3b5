#include "matcher/evidence.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <limits>

#include "matcher/align.h"

namespace paxid::matcher {
namespace {

// What pairing parts of different fields costs the alignment.
constexpr double kOtherField = 1.5;
constexpr std::size_t kNoPart = std::numeric_limits<std::size_t>::max();
constexpr double kNoContradiction = std::numeric_limits<double>::lowest();
// Every pair of parts, and every run of 2 to kMaxRun parts against one, from both sides.
static_assert(kMaxAligned >= kMaxParts);
static_assert(kMostCandidates >= kMaxParts * kMaxParts * (1 + 2 * (kMaxRun - 1)));

using Places = Bounded<std::size_t, kMaxParts>;
using Used = std::bitset<kMaxParts>;

struct Pair {
  Candidate run;
  PartMatch match;
};

bool is_optional(const Part& part) { return part.optional(); }

Relation relation_of(ReasonCode code) {
  switch (code) {
    case ReasonCode::kEqual:
      return Relation::kEqual;
    case ReasonCode::kDoc9303Spelling:
    case ReasonCode::kSpacing:
    case ReasonCode::kTitle:
    case ReasonCode::kParticle:
    case ReasonCode::kPlaceholder:
    case ReasonCode::kSuffix:
      return Relation::kEqualAfterNormalisation;
    case ReasonCode::kTransliteration:
    case ReasonCode::kSpellingVariant:
      return Relation::kSpellingVariant;
    case ReasonCode::kTruncated:
      return Relation::kTruncated;
    case ReasonCode::kInitial:
      return Relation::kInitial;
    case ReasonCode::kGenderedEnding:
      return Relation::kGenderedEnding;
    case ReasonCode::kNickname:
      return Relation::kNickname;
    case ReasonCode::kPrefix:
      return Relation::kPrefix;
    case ReasonCode::kSlip:
      return Relation::kSlip;
    case ReasonCode::kOtherName:
      return Relation::kOtherName;
    case ReasonCode::kContradiction:
    case ReasonCode::kSuffixConflict:
      return Relation::kContradicting;
    case ReasonCode::kMissing:
      return Relation::kMissing;
    default:
      return Relation::kAbsent;
  }
}

// At least a hint that two parts are one name.
bool is_related(ReasonCode code) {
  const Relation relation = relation_of(code);
  return relation != Relation::kAbsent && relation != Relation::kMissing &&
         relation <= Relation::kSlip;
}

bool agrees(ReasonCode code) {
  const Relation relation = relation_of(code);
  return relation != Relation::kAbsent && relation <= Relation::kInitial;
}

Role role_of(const Part& part) {
  switch (part.field) {
    case Field::kSurname:
      return Role::kSurname;
    case Field::kGiven:
      return part.first_given ? Role::kFirstGiven : Role::kFurtherGiven;
    case Field::kUnknown:
      break;
  }
  return Role::kUnknown;
}

class Gathering {
 public:
  Gathering(const Prepared& x, const Prepared& y, Evidence& evidence)
      : x_(x), y_(y), evidence_(evidence) {
    both_fields_ = x.has_fields && y.has_fields;
    language_ = common_language(x, y);
    cross_script_ = x.native != y.native;
    evidence_.fields_known = x.has_fields || y.has_fields;
    evidence_.family = cross_script_ ? Family::kCrossScript
                       : x.native    ? Family::kSameNativeScript
                                     : Family::kLatin;
  }

  void run() {
    if (is_same_name()) {
      pair_alike();
    } else {
      find_anchors();
      align_the_rest();
    }
    std::sort(pairs_.begin(), pairs_.end(),
              [](const Pair& a, const Pair& b) { return a.run.x < b.run.x; });
    decide_swap();
    for (const Pair& pair : pairs_) add_pair(pair);
    add_order();
    add_leftovers();
    summarise();
  }

 private:
  Likeness& likeness(std::size_t i, std::size_t j) { return likeness_[i * kMaxParts + j]; }

  // A name beside itself needs no search. The best alignment could be another one where parts
  // repeat each other or spell another joined (DO E / DO E).
  bool is_same_name() const {
    return std::equal(x_.parts.begin(), x_.parts.end(), y_.parts.begin(), y_.parts.end(),
                      [&](const Part& x, const Part& y) {
                        return x.hash == y.hash && x.word.written == y.word.written &&
                               x.letters() == y.letters() && x.native() == y.native() &&
                               (!both_fields_ || x.field == y.field);
                      });
  }

  void pair_alike() {
    for (std::size_t i = 0; i < x_.parts.size(); ++i) {
      const auto at = static_cast<std::uint8_t>(i);
      add_candidate_pair({at, 1, at, 1, 1}, match_equal(x_.parts[i], y_.parts[i]));
    }
  }

  // Parts of the same letters that occur once on each side need no search.
  void find_anchors() {
    for (std::size_t i = 0; i < x_.parts.size(); ++i) {
      const Part& part = x_.parts[i];
      if (is_optional(part) || part.native()) continue;
      const std::size_t j = only_equal(y_, part);
      if (j == kNoPart || only_equal(x_, part) != i) continue;
      if (both_fields_ && part.field != y_.parts[j].field) continue;
      add_candidate_pair({static_cast<std::uint8_t>(i), 1, static_cast<std::uint8_t>(j), 1, 1},
                         match_equal(part, y_.parts[j]));
    }
  }

  static std::size_t only_equal(const Prepared& name, const Part& part) {
    std::size_t found = kNoPart;
    for (std::size_t j = 0; j < name.parts.size(); ++j) {
      if (name.parts[j].hash != part.hash || name.parts[j].letters() != part.letters() ||
          name.parts[j].native()) {
        continue;
      }
      if (found != kNoPart) return kNoPart;
      found = j;
    }
    return found;
  }

  void add_candidate_pair(const Candidate& run, const PartMatch& match) {
    for (std::size_t k = 0; k < run.x_count; ++k) x_used_[run.x + k] = true;
    for (std::size_t k = 0; k < run.y_count; ++k) y_used_[run.y + k] = true;
    pairs_.push_back({run, match});
  }

  void align_the_rest() {
    const Places xs = unused(x_.parts.size(), x_used_);
    const Places ys = unused(y_.parts.size(), y_used_);
    if (xs.empty() || ys.empty()) return;
    Bounded<Candidate, kMostCandidates> candidates;  // in places of xs and ys
    const auto offer = [&](std::size_t i, std::size_t ni, std::size_t j, std::size_t nj,
                           double affinity) {
      if (both_fields_ && fields_differ(xs[i], ys[j])) affinity -= kOtherField;
      if (affinity <= 0) return;
      const auto narrow = [](std::size_t n) { return static_cast<std::uint8_t>(n); };
      candidates.push_back({narrow(i), narrow(ni), narrow(j), narrow(nj), affinity});
    };
    for (std::size_t i = 0; i < xs.size(); ++i) {
      for (std::size_t j = 0; j < ys.size(); ++j) {
        likeness(xs[i], ys[j]) = likeness_of(x_.parts[xs[i]], y_.parts[ys[j]]);
        offer(i, 1, j, 1, match(xs[i], 1, ys[j], 1).affinity);
        for (std::size_t n = 2; n <= kMaxRun; ++n) {
          if (in_a_row(xs, i, n) && may_be_joined(run_of(x_, xs[i], n), y_.parts[ys[j]])) {
            offer(i, n, j, 1, match(xs[i], n, ys[j], 1).affinity);
          }
          if (in_a_row(ys, j, n) && may_be_joined(run_of(y_, ys[j], n), x_.parts[xs[i]])) {
            offer(i, 1, j, n, match(xs[i], 1, ys[j], n).affinity);
          }
        }
      }
    }
    for (const std::size_t c : best_alignment(xs.size(), ys.size(), candidates)) {
      Candidate run = candidates[c];
      run.x = static_cast<std::uint8_t>(xs[run.x]);
      run.y = static_cast<std::uint8_t>(ys[run.y]);
      add_candidate_pair(run, match(run.x, run.x_count, run.y, run.y_count));
    }
  }

  PartMatch match(std::size_t i, std::size_t ni, std::size_t j, std::size_t nj) {
    if (ni > 1) {
      return match_joined(run_of(x_, i, ni), y_.parts[j], language_);
    }
    if (nj > 1) {
      return match_joined(run_of(y_, j, nj), x_.parts[i], language_);
    }
    return match_parts(x_.parts[i], y_.parts[j], language_, likeness(i, j));
  }

  static std::span<const Part> run_of(const Prepared& name, std::size_t first, std::size_t count) {
    return std::span(name.parts).subspan(first, count);
  }

  static Places unused(std::size_t parts, const Used& used) {
    Places places;
    for (std::size_t i = 0; i < parts; ++i) {
      if (!used[i]) places.push_back(i);
    }
    return places;
  }

  // `n` parts that stand side by side, from place `at` of `places`.
  static bool in_a_row(const Places& places, std::size_t at, std::size_t n) {
    return at + n <= places.size() && places[at + n - 1] == places[at] + n - 1;
  }

  bool fields_differ(std::size_t i, std::size_t j) const {
    return x_.parts[i].field != y_.parts[j].field;
  }

  // Every name that agrees stands in the other field.
  void decide_swap() {
    if (!both_fields_) return;
    int crossed = 0;
    int straight = 0;
    bool surname_to_given = false;
    bool given_to_surname = false;
    for (const Pair& pair : pairs_) {
      if (is_optional(x_.parts[pair.run.x])) continue;
      if (!fields_differ(pair.run.x, pair.run.y)) {
        ++straight;
        continue;
      }
      ++crossed;
      (x_.parts[pair.run.x].field == Field::kSurname ? surname_to_given : given_to_surname) = true;
    }
    evidence_.fields_swapped = surname_to_given && given_to_surname && straight == 0;
    if (evidence_.fields_swapped) {
      evidence_.transformations |= kFieldsExchanged;
      add({ReasonCode::kFieldsSwapped, {1}, {}, {}, Role::kUnknown, 0});
    } else if (crossed > 0) {
      evidence_.transformations |= kSurnamePartMoved;
    }
  }

  void add(const Piece& piece) { evidence_.pieces.push_back(piece); }

  static PartRun one(std::size_t at) { return {static_cast<std::uint8_t>(at), 1}; }

  // A field counts where one side knows it; of two given names the further one wins, so that
  // a first name that only one side has stays visible as missing.
  Role role_of_pair(const Part& x, const Part& y) const {
    const Role rx = role_of(x);
    const Role ry = role_of(y);
    if (rx == Role::kUnknown) return ry;
    if (ry == Role::kUnknown || evidence_.fields_swapped) return rx;
    return std::max(rx, ry);
  }

  void add_pair(const Pair& pair) {
    const Part& x = x_.parts[pair.run.x];
    const Part& y = y_.parts[pair.run.y];
    evidence_.transformations |= pair.match.transformations;
    if (both_fields_ && !evidence_.fields_swapped && fields_differ(pair.run.x, pair.run.y)) {
      evidence_.transformations |= kSurnamePartMoved;
    }
    Features features = pair.match.features;
    if (pair.match.code == ReasonCode::kOtherName) {
      features[12] = shared_family();
      features[14] = shared_rarity();
    }
    if (pair.match.code == ReasonCode::kInitial && x.field == y.field) {
      const bool x_first = first_name_of(x_) == pair.run.x;
      features[1] = x_first == (first_name_of(y_) == pair.run.y) ? 0 : 1;
    }
    add({pair.match.code,
         features,
         {pair.run.x, pair.run.x_count},
         {pair.run.y, pair.run.y_count},
         role_of_pair(x, y),
         pair.match.edits,
         pair.match.rarity,
         pair.match.origin});
  }

  // Parts of one field whose order is turned around.
  void add_order() {
    if (!both_fields_) return;
    for (std::size_t i = 0; i + 1 < pairs_.size(); ++i) {
      const Part& x = x_.parts[pairs_[i].run.x];
      const Part& next = x_.parts[pairs_[i + 1].run.x];
      if (x.field != next.field || is_optional(x) || is_optional(next)) continue;
      if (y_.parts[pairs_[i].run.y].field != y_.parts[pairs_[i + 1].run.y].field) continue;
      if (pairs_[i].run.y < pairs_[i + 1].run.y) continue;
      evidence_.transformations |= kOrderChanged;
      add({ReasonCode::kOrder, {1}, {}, {}, role_of(x), 0});
      return;
    }
  }

  void add_leftovers() {
    Places xs;
    Places ys;
    add_small_leftovers(x_, x_used_, xs, true);
    add_small_leftovers(y_, y_used_, ys, false);
    add_suffix_conflict();
    set_aside_uncertain(x_, xs);
    set_aside_uncertain(y_, ys);
    if (x_.native && !y_.native) add_second_namings(x_, xs, y_, ys);
    if (y_.native && !x_.native) add_second_namings(y_, ys, x_, xs);
    add_contradictions(xs, ys);
    const bool both_lack = !xs.empty() && !ys.empty();
    for (const std::size_t i : xs) add_missing(x_, i, true, both_lack);
    for (const std::size_t j : ys) add_missing(y_, j, false, both_lack);
    const bool shared = std::any_of(
        evidence_.pieces.begin(), evidence_.pieces.end(),
        [](const Piece& p) { return !p.x.empty() && !p.y.empty() && is_related(p.code); });
    if (!shared) {
      add({ReasonCode::kNothingShared, {1, cross_script_ ? 1.0 : 0.0}, {}, {}, Role::kUnknown, 0});
    }
  }

  // Titles, particles, suffixes and stand-ins that only one side has; the names that are
  // left go to `names`.
  void add_small_leftovers(const Prepared& name, const Used& used, Places& names, bool is_x) {
    for (const std::size_t i : unused(name.parts.size(), used)) {
      const Part& part = name.parts[i];
      const auto note = [&](ReasonCode code, std::uint32_t transformation) {
        evidence_.transformations |= transformation;
        // A lone title says nothing about the field it stands in; a particle belongs to it.
        const Role role = code == ReasonCode::kParticle ? role_of(part) : Role::kUnknown;
        add({code, {0, 0, 0, 1}, is_x ? one(i) : PartRun{}, is_x ? PartRun{} : one(i), role, 0});
      };
      switch (part.word_class) {
        case WordClass::kTitle:
        case WordClass::kHonorific:
          note(ReasonCode::kTitle, kTitleRemoved);
          break;
        case WordClass::kParticle:
          note(ReasonCode::kParticle, kParticleOmitted);
          break;
        case WordClass::kPlaceholder:
          note(ReasonCode::kPlaceholder, kPlaceholderUsed);
          break;
        case WordClass::kSuffix:
          (is_x ? x_suffix_ : y_suffix_) = i;
          break;
        case WordClass::kName:
        case WordClass::kPrefix:
        case WordClass::kParticleOrName:
        case WordClass::kHonorificOrName:
          // A single name written twice to fill both fields.
          if (is_repeated(name, i) && (is_x ? y_ : x_).parts.size() == 1) {
            note(ReasonCode::kPlaceholder, kPlaceholderUsed);
          } else {
            names.push_back(i);
          }
          break;
      }
    }
  }

  static bool is_repeated(const Prepared& name, std::size_t at) {
    for (std::size_t i = 0; i < name.parts.size(); ++i) {
      if (i != at && name.parts[i].letters() == name.parts[at].letters()) return true;
    }
    return false;
  }

  void add_suffix_conflict() {
    if (x_suffix_ == kNoPart && y_suffix_ == kNoPart) return;
    const bool conflict = x_suffix_ != kNoPart && y_suffix_ != kNoPart;
    if (!conflict) evidence_.transformations |= kSuffixOmitted;
    add({conflict ? ReasonCode::kSuffixConflict : ReasonCode::kSuffix,
         {1},
         x_suffix_ == kNoPart ? PartRun{} : one(x_suffix_),
         y_suffix_ == kNoPart ? PartRun{} : one(y_suffix_),
         Role::kUnknown,
         0});
  }

  // A native name without a certain reading contradicts nothing that does not fit it.
  void set_aside_uncertain(const Prepared& name, Places& places) {
    if (!cross_script_) return;
    for (std::size_t i = 0; i < places.size();) {
      if (name.parts[places[i]].word.lattice.certain) {
        ++i;
        continue;
      }
      add_missing(name, places[i], &name == &x_, false);
      places.erase(i);
    }
  }

  // Many Chinese have a Western given name beside the native one (陳大文, CHAN PETER). It is no
  // reading of the native one, so neither speaks against the other: each is missing on one side.
  void add_second_namings(const Prepared& native, Places& natives, const Prepared& latin,
                          Places& latins) {
    if (natives.empty() || !is_chinese(native, native.parts[natives[0]])) return;
    bool found = false;
    for (std::size_t i = 0; i < latins.size();) {
      if (!is_western_given(latin.parts[latins[i]])) {
        ++i;
        continue;
      }
      add_missing(latin, latins[i], &latin == &x_, false);
      latins.erase(i);
      found = true;
    }
    // Another Latin name that is left may be a reading, right or wrong.
    if (!found || !latins.empty()) return;
    for (std::size_t i = 0; i < natives.size();) {
      const std::size_t at = natives[i];
      if (at == first_name_of(native) || native.parts[at].field == Field::kSurname) {
        ++i;
        continue;
      }
      add_missing(native, at, &native == &x_, false);
      natives.erase(i);
    }
  }

  static bool is_chinese(const Prepared& name, const Part& part) {
    return part.word.script == transliteration::Script::kHan && name.language != "ja";
  }

  bool may_contradict(const Part& x, const Part& y) const {
    if (!both_fields_ || x.field == y.field) return true;
    return evidence_.fields_swapped;
  }

  // Names left on both sides contradict each other, the two most alike first, as long as both
  // sides have some; takes them out of the lists.
  void add_contradictions(Places& xs, Places& ys) {
    std::array<double, kMaxParts * kMaxParts> alike;
    for (const std::size_t i : xs) {
      for (const std::size_t j : ys) alike[i * kMaxParts + j] = likeness_left(i, j);
    }
    while (true) {
      double best = kNoContradiction;
      std::size_t at_x = 0;
      std::size_t at_y = 0;
      for (std::size_t i = 0; i < xs.size(); ++i) {
        for (std::size_t j = 0; j < ys.size(); ++j) {
          if (alike[xs[i] * kMaxParts + ys[j]] <= best) continue;
          best = alike[xs[i] * kMaxParts + ys[j]];
          at_x = i;
          at_y = j;
        }
      }
      if (best == kNoContradiction) return;
      add_contradiction(xs[at_x], ys[at_y]);
      xs.erase(at_x);
      ys.erase(at_y);
    }
  }

  double likeness_left(std::size_t i, std::size_t j) {
    if (!may_contradict(x_.parts[i], y_.parts[j])) return kNoContradiction;
    const Features features = contradiction_of(i, j).features;
    return features[1] + features[3] + features[6];
  }

  PartMatch contradiction_of(std::size_t i, std::size_t j) {
    return contradiction(x_.parts[i], y_.parts[j], language_, likeness(i, j));
  }

  void add_contradiction(std::size_t i, std::size_t j) {
    PartMatch against = contradiction_of(i, j);
    against.features[12] = shared_family();
    against.features[15] = shared_rarity();
    add({against.code, against.features, one(i), one(j), role_of_pair(x_.parts[i], y_.parts[j]),
         against.edits, against.rarity});
  }

  // Names that agree beside the one that does not: relatives share surname, father's and
  // grandfather's name, so the third one that agrees says less than the first.
  double shared_family() const { return std::clamp(names_agreeing() - 1, 0, 3); }

  // How rare the names are that agree. Relatives share a rare name as surely as one person
  // keeps it, so the first name that differs takes back what its rarity said.
  double shared_rarity() {
    if (cross_script_ || rarity_told_) return 0;
    rarity_told_ = true;
    double rarity = 0;
    for (const Pair& pair : pairs_) {
      if (agrees(pair.match.code) && pair.match.code != ReasonCode::kInitial) {
        rarity += pair.match.features[1];
      }
    }
    return rarity;
  }
  static std::size_t first_name_of(const Prepared& name) {
    std::size_t i = 0;
    while (i < name.parts.size() && is_optional(name.parts[i])) ++i;
    return i;
  }

  int names_agreeing() const {
    int count = 0;
    for (const Pair& pair : pairs_) {
      if (agrees(pair.match.code) && !is_optional(x_.parts[pair.run.x])) {
        count += std::max(pair.run.x_count, pair.run.y_count);
      }
    }
    return count;
  }

  void add_missing(const Prepared& name, std::size_t at, bool is_x, bool both_lack) {
    const Part& part = name.parts[at];
    const Prepared& other = is_x ? y_ : x_;
    const Role role = role_of(part);
    if (role == Role::kSurname) evidence_.transformations |= kSurnamePartOmitted;
    if (role == Role::kFirstGiven) evidence_.transformations |= kFirstGivenOmitted;
    if (role == Role::kFurtherGiven) evidence_.transformations |= kFurtherGivenOmitted;
    if (other.cut) evidence_.transformations |= kTruncation;
    const Features features = {1,
                               names_agreeing() < 2 ? 1.0 : 0.0,
                               both_lack ? 1.0 : 0.0,
                               other.cut && behind_all_pairs(at, is_x) ? 1.0 : 0.0,
                               cross_script_ ? 1.0 : 0.0,
                               role == Role::kFirstGiven ? 1.0 : 0.0};
    add({ReasonCode::kMissing, features, is_x ? one(at) : PartRun{}, is_x ? PartRun{} : one(at),
         role, 0});
  }

  // Where the other name goes on after its cut.
  bool behind_all_pairs(std::size_t at, bool is_x) const {
    return std::all_of(pairs_.begin(), pairs_.end(), [&](const Pair& pair) {
      return static_cast<std::size_t>(is_x ? pair.run.x : pair.run.y) < at;
    });
  }

  FieldRelation& field_of(Role role) {
    switch (role) {
      case Role::kSurname:
        return evidence_.surname;
      case Role::kFirstGiven:
        return evidence_.first_given;
      case Role::kFurtherGiven:
        return evidence_.further_given;
      case Role::kUnknown:
        break;
    }
    return evidence_.whole;
  }

  static void count(FieldRelation& field, const Piece& piece) {
    const Relation relation = relation_of(piece.code);
    if (relation == Relation::kMissing) {
      ++(piece.x.empty() ? field.missing_a : field.missing_b);
      return;
    }
    field.relation = std::max(field.relation, relation);
    field.letter_edits += piece.edits;
    if (agrees(piece.code)) ++field.agreeing;
  }

  // A field whose parts all lack on one side is missing; one of several is not.
  static void settle(FieldRelation& field) {
    const bool lacks = field.missing_a + field.missing_b > 0;
    if (lacks && (field.relation == Relation::kAbsent)) field.relation = Relation::kMissing;
  }

  void summarise() {
    for (const Piece& piece : evidence_.pieces) {
      count(evidence_.whole, piece);
      if (piece.role != Role::kUnknown) count(field_of(piece.role), piece);
    }
    settle(evidence_.surname);
    settle(evidence_.first_given);
    settle(evidence_.further_given);
    settle(evidence_.whole);
    evidence_.one_of_two = is_one_of_two();
  }

  // Small words count for nothing.
  bool is_one_of_two() const {
    int agreeing = 0;
    int contradicting = 0;
    for (const Piece& piece : evidence_.pieces) {
      const bool optional = (!piece.x.empty() && is_optional(x_.parts[piece.x.first])) ||
                            (!piece.y.empty() && is_optional(y_.parts[piece.y.first]));
      if (optional || (piece.x.empty() && piece.y.empty())) continue;
      if (agrees(piece.code)) {
        ++agreeing;
      } else if (piece.code == ReasonCode::kContradiction) {
        ++contradicting;
      } else {
        return false;
      }
    }
    return agreeing == 1 && contradicting == 1;
  }

  const Prepared& x_;
  const Prepared& y_;
  Used x_used_;
  Used y_used_;
  std::string_view language_;
  bool both_fields_ = false;
  bool cross_script_ = false;
  bool rarity_told_ = false;
  std::size_t x_suffix_ = kNoPart;
  std::size_t y_suffix_ = kNoPart;
  std::array<Likeness, kMaxParts * kMaxParts> likeness_;  // set for the parts aligned last
  Bounded<Pair, kMaxParts> pairs_;
  Evidence& evidence_;
};

}  // namespace

void gather(const Prepared& x, const Prepared& y, Evidence& evidence) {
  Gathering(x, y, evidence).run();
}

double weigh(const Piece& piece) {
  // By how much equal letters are worth more than any likeness of them, and what two names of one
  // script that contradict each other cost at least, however alike.
  constexpr double kLeastLoss = 0.1;
  // What two attested names cost that few letters tell apart. The pairs hold hardly any relatives
  // or fellow travellers with such names (KALIM and HALIM of one family).
  constexpr double kLeastLossOfNames = 0.5;
  // What a slip between two names of nobody says at most: most of the world's names are in no
  // list, so they may as well be two. More letters than one say nothing for one person.
  constexpr double kMostOfNobodys = 1;
  const Features& weights = weights_of(piece.code);
  double bits = 0;
  for (std::size_t i = 0; i < kFeatures; ++i) bits += weights[i] * piece.features[i];
  if (piece.code == ReasonCode::kContradiction && piece.features[0] != 0) {
    return std::min(bits, -kLeastLoss);
  }
  if (piece.code == ReasonCode::kOtherName) return std::min(bits, -kLeastLossOfNames);
  if (piece.code == ReasonCode::kSlip && piece.features[15] != 0) {
    bits = std::min(bits, piece.features[9] != 0 ? 0.0 : kMostOfNobodys);
  }
  if (piece.rarity < 0) return bits;
  const Features& equal = weights_of(ReasonCode::kEqual);
  return std::min(bits, equal[0] + equal[1] * piece.rarity - kLeastLoss);
}

}  // namespace paxid::matcher
