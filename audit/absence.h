#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "audit/bytes.h"
#include "audit/leaf.h"
#include "audit/retention.h"

namespace paxid::audit {

// Which missing bodies are in order: those that a later leaf of type 3 erases by subject, and
// those that a leaf of type 4 prunes by class and index (docs/record_format.md section 3.6). See
// every leaf, in any order; not thread-safe.
class Absences {
 public:
  void see(std::uint64_t index, const Leaf& leaf);
  // The body of this leaf, which has one, is not there or cannot be opened any more.
  void missing(std::uint64_t index, const Leaf& leaf);

  std::uint64_t count() const { return missing_.size(); }
  // The missing bodies that nothing explains, at most `limit`.
  std::vector<std::uint64_t> unexplained(std::size_t limit) const;

 private:
  struct Missing {
    std::uint64_t index;
    Id16 subject_ref;
    std::uint8_t retention_class;  // 0: none
  };
  std::vector<Missing> missing_;
  std::map<Id16, std::uint64_t> erased_by_;             // the last erasure of the subject
  std::map<std::uint8_t, std::uint64_t> pruned_below_;  // by class
};

}  // namespace paxid::audit
