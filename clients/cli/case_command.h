#pragma once

#include <cstddef>
#include <iosfwd>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "base/date.h"
#include "base/error.h"
#include "verification/engine.h"

namespace paxid::cli {

// Files of cases: gate scenarios (clients/cli/scenario.h), one JSON object a line. A case that
// names its `station_date` is judged as on that day, every other one as on `today`.

// Judges every case with `next` and says which verdicts are others than before: those the case
// itself records under `verdict` (as an export does), else those of `before`. Lines that hold
// no scenario are counted. Reads until the end of `in`.
//   {"before", "after", "cases", "unreadable", "changed", "transitions": {"REVIEW MATCH": n},
//    "changes": [{"id", "from", "to", "because": [codes]}]}
nlohmann::json replay(std::istream& in, const verification::Engine& before,
                      const verification::Engine& next, base::Date today);
std::string replay_card(const nlohmann::json& answer);

// Judges every case that names its `expected` verdict and, where it has them, `also_ok` (as
// good), `must_not` (harmful) and `region`. False pass: MATCH where it must not be; false denial:
// MISMATCH where it must not be.
//   {"policy", "engine", "unreadable", "all": figures, "by_region": {region: figures}}
//   figures: {"cases", "acceptable", "exact", "false_pass", "may_not_pass", "false_denial",
//             "may_not_be_denied", "review"}, all counts
nlohmann::json evaluate_gate(std::istream& in, const verification::Engine& engine,
                             base::Date today);
std::string gate_card(const nlohmann::json& answer);

}  // namespace paxid::cli
