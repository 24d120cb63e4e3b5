#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "matcher/name.h"
#include "transliteration/script.h"

namespace paxid::matcher {

// A closed list: what one aligned piece of two names says.
enum class ReasonCode : std::uint8_t {
  kEqual,              // the same letters
  kDoc9303Spelling,    // one is a Doc 9303-3 section 6 form of the other (MUELLER, MÜLLER)
  kSpacing,            // the same letters, joined on one side (JOHNPAUL, JOHN PAUL)
  kTransliteration,    // two spellings of one native word (IULIIA, YULIA; Юлия, YULIA)
  kSpellingVariant,    // one sound, two usual spellings (PHILIP, PHILLIP; LUKAS, LUCAS)
  kGenderedEnding,     // the same family, the other sex's ending (NOVAK, NOVAKOVA)
  kNickname,           // a usual short or pet form (LIZ, ELIZABETH)
  kInitial,            // a single letter that stands for the part (J, JOHN)
  kTruncated,          // the head of the part, where the field was full
  kPrefix,             // the head of the part, without a reason to cut (ANN, ANNABEL)
  kSlip,               // few letters differ and one side is no known name (MARIO, MARIP)
  kOtherName,          // few letters differ and both are known names (MARIO, MARIA)
  kContradiction,      // two parts that have nothing to do with each other
  kMissing,            // one side lacks the part
  kParticle,           // one side lacks an article or particle (DE, VAN DER, AL, BIN)
  kTitle,              // a title or passenger type, also glued (JOHNMR)
  kSuffix,             // one side lacks a generation suffix (JR, III)
  kSuffixConflict,     // two different generation suffixes
  kPlaceholder,        // FNU, LNU, XXX, a doubled single name: stands for no name
  kFieldsSwapped,      // surname and given name change places
  kOrder,              // the parts of one field stand in another order
  kNothingShared,      // no part of the two names agrees
  kUnsupportedScript,  // no table for the script: no opinion
  kNoName,             // one side holds no name: no opinion
  kTooLong,            // one side has more parts or letters than are compared: no opinion
};
// Upper snake case, e.g. "DOC9303_SPELLING". Static lifetime.
std::string_view name_of(ReasonCode code);

enum class Role : std::uint8_t { kUnknown, kSurname, kFirstGiven, kFurtherGiven };
std::string_view name_of(Role role);

struct Reason {
  ReasonCode code = ReasonCode::kEqual;
  std::string a;  // the aligned part of a name as compared, upper case; "" when it has none
  std::string b;
  double bits = 0;  // > 0 speaks for one person, < 0 against
  Role role = Role::kUnknown;
  // Letters that would have to change (Damerau-Levenshtein, restricted), for kSlip,
  // kOtherName, kContradiction; else 0.
  int letter_edits = 0;
  // The native name that two Latin texts are spellings of (赵 of ZHAO and CHAO), or "".
  std::string origin{};
};

// How two fields relate: the weakest relation among their aligned parts. Ordered from the
// best to the worst, so std::max is the weaker one; kAbsent and kMissing stand apart.
enum class Relation : std::uint8_t {
  kAbsent,                   // neither side has it
  kEqual,                    // the same letters
  kEqualAfterNormalisation,  // Doc 9303 spelling, spacing, hyphen, apostrophe, title, particle
  kSpellingVariant,          // transliteration or usual spelling variant
  kTruncated,                // legal cut of a full field
  kInitial,                  // an initial stands for a part
  kMissing,                  // one side has no such part at all
  kGenderedEnding,
  kNickname,
  kPrefix,     // the head of the other part, no reason to cut
  kSlip,       // letter_edits letters differ, not both known names
  kOtherName,  // letter_edits letters differ, both known names
  kContradicting,
};
std::string_view name_of(Relation relation);

// Documented transformations seen in the comparison; a set of bits.
enum Transformation : std::uint32_t {
  kNoTransformation = 0,
  kTitleRemoved = 1U << 0,
  kSpacingChanged = 1U << 1,   // also hyphen
  kDiacriticFolded = 1U << 2,  // a Doc 9303 spelling other than the preferred one, too
  kTransliterated = 1U << 3,
  kTruncation = 1U << 4,
  kSuffixOmitted = 1U << 5,
  kPlaceholderUsed = 1U << 6,  // FNU, LNU, mononym in both fields, doubled single letter
  kParticleOmitted = 1U << 7,
  kInitialForGiven = 1U << 8,
  kFurtherGivenOmitted = 1U << 9,  // further given names missing on one side
  kFirstGivenOmitted = 1U << 10,   // the first given name missing, a further one agrees
  kSurnamePartOmitted = 1U << 11,  // one of several surnames missing
  kFieldsExchanged = 1U << 12,     // surname and given name swapped
  kOrderChanged = 1U << 13,        // order of the parts within one field
  kSurnamePartMoved = 1U << 14,    // a part stands in the other field (GARCIA/CARLOS LOPEZ)
  kNicknameUsed = 1U << 15,
};

struct FieldRelation {
  Relation relation = Relation::kAbsent;
  int letter_edits = 0;  // sum over the field's kSlip, kOtherName, kContradicting parts
  int agreeing = 0;      // aligned parts that are kInitial or better
  int missing_a = 0;     // parts that only b has (particles, titles not counted)
  int missing_b = 0;     // parts that only a has
  friend bool operator==(const FieldRelation&, const FieldRelation&) = default;
};

// Which kind of evidence a comparison is; each kind has its own calibration.
enum class Family : std::uint8_t { kLatin, kCrossScript, kSameNativeScript };
std::string_view name_of(Family family);

struct Comparison {
  bool opinion = false;  // false: script or name unknown; log_odds is 0
  transliteration::Script unsupported = transliteration::Script::kNone;
  Family family = Family::kLatin;
  // One name agrees, one contradicts, and no other is left: half of a short name is another
  // one. Calibrated by itself, since forms filled in wrong look like that as well as relatives.
  bool one_of_two = false;
  double log_odds = 0;  // bits; exactly the sum of reasons[].bits in that order
  std::vector<Reason> reasons;

  // With a field known on either side. When neither side has fields, `surname` and the
  // given names are kAbsent and only `whole` speaks.
  FieldRelation surname;
  FieldRelation first_given;
  FieldRelation further_given;
  FieldRelation whole;  // all parts together
  bool fields_known = false;
  bool fields_swapped = false;
  std::uint32_t transformations = kNoTransformation;  // of Transformation

  // Reasons of an earlier comparison, kept for their memory; says nothing.
  std::vector<Reason> spare;
};

// A name ready to be compared: words split and folded, fields found, tables looked up.
// Immutable; copies are cheap (shared); any number of threads may read one.
struct Prepared;
class PreparedName {
 public:
  PreparedName() = default;  // a name without text
  explicit PreparedName(std::shared_ptr<const Prepared> content) : content_(std::move(content)) {}
  const Prepared* content() const { return content_.get(); }

 private:
  std::shared_ptr<const Prepared> content_;
};

// Never fails: text that is no name prepares to a name without an opinion.
PreparedName prepare(const NameText& name);

// Whether two names are the same person's, as evidence. compare(b, a) gives bit-identical
// log_odds and the mirrored reasons. Deterministic; takes no lock.
Comparison compare(const PreparedName& a, const PreparedName& b);

// The same into a comparison of the caller's, whose memory is used again: after some pairs
// nothing is allocated any more.
void compare(const PreparedName& a, const PreparedName& b, Comparison& comparison);

// The calibrated probability that both names are one person's, when `prior` is the
// probability before the names were seen. Monotone in log_odds within a family (and one_of_two).
// Exactly `prior` without an opinion. Requires 0 < prior < 1; values outside are moved inside.
double confidence(const Comparison& comparison, double prior);

// Two texts of one reason set one above the other, for display: three strings of equal
// count of characters; '_' is a gap, `marks` has '^' where the letters differ, else ' '.
struct AlignedLetters {
  std::string a;
  std::string b;
  std::string marks;
};
AlignedLetters align_letters(std::string_view a, std::string_view b);

// SHA-256 of all tables a comparison depends on as lower-case hex: the transliteration's, then
// the matcher's own (weights, lexicon, nicknames, calibration) and origins; 192 digits. Part of the
// engine version. Static lifetime.
std::string_view tables_digest();

// How much memory the matcher's own tables take.
std::size_t tables_bytes();

}  // namespace paxid::matcher
