#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "matcher/compare.h"
#include "matcher/found_once.h"
#include "matcher/letters.h"
#include "matcher/origins.h"
#include "matcher/tables.h"
#include "transliteration/likelihood.h"
#include "transliteration/word.h"

namespace paxid::matcher {

enum class Field : std::uint8_t { kUnknown, kSurname, kGiven };

inline constexpr double kInitialBits = 4.7;

// Parts that may be written as one.
inline constexpr std::size_t kMaxRun = 4;

// One word of a name with everything that comparing it needs.
struct Part {
  transliteration::Word word;
  std::uint64_t hash = 0;                                          // of the letters
  std::unique_ptr<const transliteration::LatticeOutline> outline;  // of a native part's lattice
  Attestation attestation;
  WordClass word_class = WordClass::kName;
  Field field = Field::kUnknown;
  bool first_given = false;
  bool may_be_cut = false;
  std::uint16_t stem_length = 0;  // of `letters`; 0: no title can be glued to them

  const std::string& letters() const { return word.letters; }
  // `letters` without a title that may be glued to them, or "".
  std::string_view stem() const { return std::string_view(word.letters).substr(0, stem_length); }
  bool native() const { return word.lattice.length > 0; }
  bool optional() const {
    return word_class != WordClass::kName && word_class != WordClass::kPrefix;
  }
  bool initial() const { return word.letters.size() == 1 && !native(); }
  // -log2 of how often one meets the part; a letter is one of twenty-six.
  double rarity() const { return initial() ? kInitialBits : attestation.rarity(); }

  // Of the letters.
  RuleSides sides() const {
    return sides_.get([&] { return rule_sides_of(word.letters); });
  }
  // Of a Latin part: the native names it may be a spelling of.
  Origins origins() const {
    return Origins(origins_.get([&] { return find_origins(*this); })[0]);
  }

 private:
  static std::array<std::uint64_t, 1> find_origins(const Part& part);

  FoundOnce<kMaxRuleSides / 64> sides_;
  FoundOnce<1> origins_;
};

// At most this many parts of a name are compared.
inline constexpr std::size_t kMaxParts = 12;

struct Prepared {
  std::vector<Part> parts;
  Source source = Source::kTyped;
  std::string language;
  bool has_fields = false;  // surname and given name are both there
  bool cut = false;         // the name may go on where it ends
  bool native = false;      // a part is of another script than Latin
  bool holds_name = false;  // a part is a name, not a title or particle
  bool too_long = false;    // more parts, letters or bytes than are compared
  std::uint64_t order = 0;  // a number of all that tells the name apart; see comes_before()
  transliteration::Script unsupported = transliteration::Script::kNone;
};

// An order of names by all that tells them apart, so that it cannot matter which is asked first.
bool comes_before(const Prepared& a, const Prepared& b);

// What two parts, or a run of parts on one side, say about each other.
struct PartMatch {
  ReasonCode code = ReasonCode::kContradiction;
  Features features{};
  int edits = 0;
  double rarity = -1;  // see Piece
  std::uint32_t transformations = kNoTransformation;
  double affinity = 0;  // how much the alignment wants the pair; 0: it does not fit
  OriginText origin{};  // of two Latin texts: the native name that both are spellings of
};

// How a Latin word does as a spelling of a native one: by how many bits it is likelier than a
// word by chance, in all and a letter.
struct Spelt {
  double likelihood;
  double a_letter;
};

// What a spelling says for the native word (saturating: a second long word counts), against
// it, and how far its letters are from usual ones.
struct SpeltFeatures {
  double speaks_for = 0;
  double speaks_against = 0;
  double strangeness = 0;
};

SpeltFeatures features_of(const Spelt& spelt);
inline constexpr double kLeastLikelihood = -40;  // bits; what is less counts as this
// By how much most_likelihood() may be too low, since it adds floats in another order.
inline constexpr double kLikelihoodRounding = 1e-3;

// What the letters of two parts are to each other, measured once for all who ask. `distance` is
// negative as long as nobody needed it.
struct Likeness {
  int edits;
  double distance;
  Spelt spelt;  // of parts of two scripts
};
Likeness likeness_of(const Part& x, const Part& y);

// The language both names agree on, or "".
std::string_view common_language(const Prepared& x, const Prepared& y);

// A title or suffix is itself or nothing.
bool stands_alone(const Part& part);
// Rule cost below which two texts are spellings of one name, not a slip: less than the
// cheapest single letter that no rule explains.
inline constexpr double kVariantLimit = 0.30;
// Cost by letter of the longer text below which one letter more than slip_limit() may differ.
inline constexpr double kSlipDistance = 0.2;
// Two different names that are alike by more count as very alike.
inline constexpr double kVeryAlike = 0.4;

// So many letters differ that no habit of spelling explains them.
constexpr bool are_far(int edits, std::size_t longer) {
  return edits > 2 && 5 * edits > 3 * static_cast<int>(longer);
}
// Letters that may differ in a slip: one in a short name, one more for every four letters.
int slip_limit(std::size_t length);
// One is a surname in the form of the other sex. Short stems would meet too many other names.
bool is_gendered_pair(std::string_view x, std::string_view y);
// One is a surname with the particle written to it that the other has left out (DELACRUZ, CRUZ).
bool is_glued_particle(const Part& x, const Part& y);
// Given names, one of men and one of women.
bool are_of_other_sex(const Part& x, const Part& y);

// Two parts of the same letters.
PartMatch match_equal(const Part& x, const Part& y);

// `language` is the language both names agree on, or "". `likeness` is likeness_of(x, y).
PartMatch match_parts(const Part& x, const Part& y, std::string_view language, Likeness& likeness);

// A quick no for most runs: false when match_joined() has affinity 0 by lengths and first letters
// alone.
bool may_be_joined(std::span<const Part> run, const Part& whole);
// Several consecutive parts against one (JOHN PAUL, JOHNPAUL). Affinity 0 when they do not
// spell the same.
PartMatch match_joined(std::span<const Part> run, const Part& whole, std::string_view language);

// The native name that two Latin parts are both spellings of.
std::optional<SharedOrigin> common_origin(const Part& x, const Part& y);

// Rather of families. Many family names are made from the same stems (HOWELL, HOWARD; LUNDBERG,
// LUNDQVIST).
bool is_family_name(const Part& part);

// A Latin part that is a Western given name and no reading of Chinese characters.
bool is_western_given(const Part& part);

// What two parts say that have nothing to do with each other, or all but nothing.
PartMatch contradiction(const Part& x, const Part& y, std::string_view language,
                        Likeness& likeness);

}  // namespace paxid::matcher
