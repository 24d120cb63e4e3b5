#pragma once

// Private to this library: which languages' spellings a word may have.

#include <array>
#include <cstddef>
#include <string_view>

#include "transliteration/script.h"
#include "transliteration/tables.h"

namespace paxid::transliteration {

// A table and what taking a spelling from it costs more, in bits.
struct Candidate {
  LanguageIndex table = 0;
  float extra_bits = 0;
};

// At most kMost candidates, the likeliest first.
class Candidates {
 public:
  static constexpr std::size_t kMost = 6;

  void add(std::string_view language, float extra_bits);
  void add(LanguageIndex table, float extra_bits);
  bool empty() const { return size_ == 0; }
  const Candidate& front() const { return items_[0]; }
  Candidate* begin() { return items_.data(); }
  Candidate* end() { return items_.data() + size_; }
  const Candidate* begin() const { return items_.data(); }
  const Candidate* end() const { return items_.data() + size_; }

 private:
  std::array<Candidate, kMost> items_{};
  std::size_t size_ = 0;
};

// The tables for a word of a script. `language` is a BCP 47 tag in lower case, or "". With a
// language of the script: its table and those it borrows from. Otherwise every language that
// the letters of the word allow, by how common it is among travellers.
Candidates languages_for(std::u32string_view word, Script script, std::string_view language);

bool has_languages(Script script);

}  // namespace paxid::transliteration
