#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "matcher/compare.h"
#include "matcher/tables.h"
#include "transliteration/word.h"

namespace paxid::matcher {

enum class Field : std::uint8_t { kUnknown, kSurname, kGiven };

// One word of a name with everything that comparing it needs.
struct Part {
  transliteration::Word word;
  std::string stem;  // `letters` without a title that may be glued to them, or ""
  Attestation attestation;
  WordClass word_class = WordClass::kName;
  Field field = Field::kUnknown;
  bool first_given = false;
  bool may_be_cut = false;

  const std::string& letters() const { return word.letters; }
  bool native() const { return word.lattice.length > 0; }
  bool initial() const { return word.letters.size() == 1 && !native(); }
};

// At most this many parts of a name are compared.
inline constexpr std::size_t kMaxParts = 12;

struct Prepared {
  std::vector<Part> parts;
  Source source = Source::kTyped;
  std::string language;
  bool has_fields = false;  // surname and given name are both there
  bool cut = false;         // the name may go on where it ends
  transliteration::Script unsupported = transliteration::Script::kNone;
  std::string key;  // everything above as text; orders two names, so that order cannot matter
};

// What two parts, or a run of parts on one side, say about each other.
struct PartMatch {
  ReasonCode code = ReasonCode::kContradiction;
  Features features{};
  int edits = 0;
  double rarity = -1;  // see Piece
  std::uint32_t transformations = kNoTransformation;
  double affinity = 0;  // how much the alignment wants the pair; 0: it does not fit
};

// `language` is the language both names agree on, or "".
PartMatch match_parts(const Part& x, const Part& y, std::string_view language);

// Several consecutive parts against one (JOHN PAUL, JOHNPAUL). Affinity 0 when they do not
// spell the same.
PartMatch match_joined(const std::vector<const Part*>& run, const Part& whole,
                       std::string_view language);

// What two parts say that have nothing to do with each other, or all but nothing.
PartMatch contradiction(const Part& x, const Part& y);

}  // namespace paxid::matcher
