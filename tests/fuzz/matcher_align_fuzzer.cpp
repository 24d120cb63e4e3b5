// Any candidates through the alignment and through its definition.
//
// Input: a byte each for the parts of both names, then four bytes for each candidate: its place
// in x, its place in y, how many parts on which side, its affinity.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/check.h"
#include "matcher/align.h"
#include "tests/matcher/reference/align_reference.h"

namespace {

using namespace paxid::matcher;

// The definition is slow; what names of twelve parts have more of is covered by a test.
constexpr std::size_t kMostParts = 8;
constexpr std::size_t kLongestRun = 4;

Candidate candidate_from(const std::uint8_t* bytes, std::size_t x_parts, std::size_t y_parts) {
  Candidate candidate;
  candidate.x = static_cast<std::uint8_t>(bytes[0] % x_parts);
  candidate.y = static_cast<std::uint8_t>(bytes[1] % y_parts);
  const auto run = [&](std::size_t room) {
    const std::size_t length = 1 + bytes[2] / 2U % kLongestRun;
    return static_cast<std::uint8_t>(std::min(length, room));
  };
  if (bytes[2] % 2 == 0) {
    candidate.x_count = run(x_parts - candidate.x);
  } else {
    candidate.y_count = run(y_parts - candidate.y);
  }
  candidate.affinity = (1 + bytes[3]) / 16.0;
  return candidate;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::size_t x_parts = 1 + data[0] % kMostParts;
  const std::size_t y_parts = 1 + data[1] % kMostParts;
  std::vector<Candidate> candidates;
  for (std::size_t at = 2; at + 4 <= size && candidates.size() < kMostCandidates; at += 4) {
    candidates.push_back(candidate_from(data + at, x_parts, y_parts));
  }
  PAXID_CHECK(reference::is_best(x_parts, y_parts, candidates,
                                 best_alignment(x_parts, y_parts, candidates)));
  return 0;
}
