#pragma once

#include <cstddef>
#include <cstdint>

#include "matcher/bounded.h"
#include "matcher/letters.h"
#include "matcher/part.h"

namespace paxid::matcher {

// What of a part a quick look needs, so that a flight of them is read in a row.
struct PartOutline {
  std::uint64_t hash = 0;     // of the letters
  std::uint64_t stem = 0;     // likewise of the stem, or 0
  std::uint64_t forms = 0;    // a bit for each allowed form: no common bit, no common form
  std::uint64_t letters = 0;  // bit k: holds letter k; bit 32 + k: more than once
  double rarity = 0;          // / 10 bits
  const Part* part = nullptr;
  std::uint32_t head = 0;   // the first three letters
  std::uint32_t tail = 0;   // the last three
  std::uint8_t size = 0;    // letters; of a part longer than kMaxPartLetters one more than that
  std::uint16_t kinds = 0;  // see ceiling.cpp
};

// A prepared name, seen quickly.
struct NameOutline {
  const Prepared* name = nullptr;
  const PartOutline* parts = nullptr;
};
PartOutline outline_of(const Part& part);

// What of the letters of a part is found once for all parts it is held against.
struct AskedLetters {
  LetterPlaces places;
  EdgeLetters edges;
};

// A name that many are held against.
class AskedName {
 public:
  explicit AskedName(const Prepared& name);
  AskedName(const AskedName&) = delete;
  AskedName& operator=(const AskedName&) = delete;

  // No less than score() of the two names, and mostly a few bits more, in a small part of its
  // time: a part agrees for as much as its quickest marks allow, and what can agree with nothing
  // must contradict. Allocates nothing. Both names have an opinion.
  double ceiling(const NameOutline& other) const;

 private:
  NameOutline outline_;
  Bounded<AskedLetters, kMaxParts> letters_;
  Bounded<PartOutline, kMaxParts> parts_;
};

}  // namespace paxid::matcher
