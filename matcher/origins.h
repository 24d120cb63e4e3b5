#pragma once

// Private to this library: names of other scripts, of which two Latin texts may both be
// spellings (ZHAO and CHAO of 赵, MOHAMED and MUHAMMAD of محمد).

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace paxid::matcher {

// The native names that a Latin text is a usual spelling of. Static lifetime.
using OriginSpellings = std::span<const std::uint64_t>;
OriginSpellings origins_of(std::uint64_t hash_of_name);

// Where a Latin text may be cut into two syllables of Chinese or Korean, a bit for each place;
// the lowest bit where it may be one. 0 for most texts.
using SyllableCuts = std::uint16_t;
inline constexpr SyllableCuts kOneSyllable = 1;
SyllableCuts syllable_cuts(std::string_view letters);

// All that a text says of its origins, in one word that is not 0.
class Origins {
 public:
  static Origins of(std::string_view letters, std::uint64_t hash_of_name);
  static Origins none() { return Origins(kFound); }

  explicit Origins(std::uint64_t packed) : packed_(packed) {}
  std::uint64_t packed() const { return packed_; }

  OriginSpellings spellings() const;
  SyllableCuts cuts() const { return static_cast<SyllableCuts>(packed_); }

 private:
  // From low to high: the cuts (16 bits), how many spellings (15), where the first stands (32).
  static constexpr std::uint64_t kFound = std::uint64_t{1} << 63;
  static constexpr unsigned kCountAt = 16;
  static constexpr unsigned kFirstAt = 31;

  std::uint64_t packed_;
};

// A native name in its own script, UTF-8, static lifetime; of one found syllable by syllable
// `second` is the second syllable. Both "" for none.
struct OriginText {
  std::string_view word{};
  std::string_view second{};
};

struct SharedOrigin {
  std::string_view language;  // BCP 47 tag
  OriginText text;
  // How unusual both spellings are, in bits over the most usual ones; >= 0.
  float bits = 0;
};

// The native name that explains both texts best, or nothing. Symmetric.
std::optional<SharedOrigin> shared_origin(OriginSpellings x, OriginSpellings y);

// The same for two texts of two syllables each (JIANGUO and CHIENKUO, of 建国).
std::optional<SharedOrigin> shared_origins(std::string_view x, SyllableCuts x_cuts,
                                           std::string_view y, SyllableCuts y_cuts);

std::string_view origins_digest();
std::size_t origins_bytes();

}  // namespace paxid::matcher
