#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "audit/store.h"
#include "base/clock.h"
#include "base/error.h"

namespace paxid::server {

// A hook that takes longer is ended, and the anchoring has failed.
inline constexpr std::chrono::seconds kAnchorTimeout{30};

// Where checkpoints go outside.
struct AnchorPlaces {
  std::string directory;  // a file for each checkpoint: TENANT.SIZE.checkpoint; empty: none
  std::string command;    // a program that gets the checkpoint on standard input; empty: none
  std::chrono::seconds interval{60};

  bool any() const { return !directory.empty() || !command.empty(); }
};

struct AnchorStatus {
  std::uint64_t anchored = 0;  // checkpoints since the start
  std::uint64_t failed = 0;
  bool failing = false;  // the last attempt of some log failed
};

// Copies each log's newest checkpoint to a place outside, so that a log that is rolled back or
// forked later shows. Answers never wait for it. step() is for one thread at a time; the rest is
// thread-safe.
class Anchor {
 public:
  Anchor(audit::Store& store, const base::Clock& clock, AnchorPlaces places);

  bool due() const { return places_.any() && clock_.unix_microseconds() >= next_; }
  // Anchors what has grown. Goes on with the other logs when one fails; the first error then.
  base::Result<void> step();
  AnchorStatus status() const;

 private:
  base::Result<void> anchor(const std::string& tenant);
  base::Result<void> run_command(const std::string& tenant, std::uint64_t size,
                                 const std::string& note) const;

  audit::Store& store_;
  const base::Clock& clock_;
  const AnchorPlaces places_;
  std::uint64_t next_ = 0;
  std::map<std::string, std::string> last_;  // tenant -> the note that is anchored
  mutable std::mutex mutex_;
  AnchorStatus status_;
};

}  // namespace paxid::server
