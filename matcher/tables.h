#pragma once

// Private to this library: what the generator wrote, and the look-ups in it.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "matcher/compare.h"

namespace paxid::matcher {

// What the lexicon knows about a single name.
struct Attestation {
  int level = 0;         // 0 unknown, 1 in a list without kinds, 2 rare surname, 3 well known
  int given_bits = 0;    // rarity as a given name, 0 = not known as one
  int surname_bits = 0;  // likewise
  bool male = false;
  bool female = false;
  bool has_short_forms = false;  // stands in the table of nicknames, on either side

  bool known() const { return level >= 2; }
  // -log2 of how often one meets the name, whichever kind it is more common as.
  double rarity() const;
};

enum class WordClass : std::uint8_t {
  kName,
  kTitle,        // MR, also glued
  kSuffix,       // JR
  kHonorific,    // HAJI
  kPlaceholder,  // FNU
  kParticle,     // VAN, AL: may be left out
  kPrefix,       // MC, ABDUL: belongs to the next part, may be joined, not left out freely
  // A particle of some and a name of others (BEN, VAN, AN), an honorific likewise (SYED). Where it
  // stands tells which; a prepared part is one or the other.
  kParticleOrName,
  kHonorificOrName,
};

enum class Where : std::uint8_t { kAny, kStart, kEnd, kWhole };

// Two spellings of one sound: `a` and `b` (which may be empty) at `where` of a part, with a
// cost on the scale on which another letter costs 1.
struct VariantRule {
  std::string_view scope;
  std::string_view a;
  std::string_view b;
  Where where = Where::kAny;
  float cost = 0;
};

// Measured properties of one piece of evidence; what each is: data/weights.tsv.
inline constexpr std::size_t kFeatures = 16;
using Features = std::array<double, kFeatures>;

struct CalibrationPoint {
  std::string_view curve;
  double log_odds = 0;    // bits, as compare() sums them
  double calibrated = 0;  // bits, at even prior odds
};

Attestation look_up(std::uint64_t hash_of_name);
WordClass class_of(std::string_view letters);
// The same, sooner; `hash` is hash_of_name(letters).
WordClass class_of(std::string_view letters, std::uint64_t hash);
bool is_nickname_pair(std::uint64_t x, std::uint64_t y);  // hash_of_name() of both
std::span<const VariantRule> variant_rules();
// Bits per unit of each feature of a reason.
const Features& weights_of(ReasonCode code);
// Which curve of data/calibration.tsv is read for such evidence. Static lifetime.
std::string_view curve_of(Family family, bool one_of_two);
// The points of a curve, by rising log_odds; at least two.
std::span<const CalibrationPoint> calibration_of(std::string_view curve);

}  // namespace paxid::matcher
