#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "clients/cli/compare_command.h"
#include "clients/cli/labelled_pairs.h"
#include "clients/cli/terminal.h"
#include "evaluation/page.h"
#include "evaluation/report.h"

namespace paxid::cli {

// A condition on a key of a pair, "kind=typo".
struct KeyValue {
  std::string key;
  std::string value;
};
// Nothing without '=' or without a key.
std::optional<KeyValue> key_value_from(std::string_view text);

struct EvaluateOptions {
  double prior = kDefaultPrior;
  // Keys by whose values slices are made. `family` is the matcher's own: which kind of
  // evidence the pair is; "none" without an opinion.
  std::vector<std::string> by = {"family", "kind", "source"};
  std::vector<KeyValue> leave_out = {};  // pairs that are not counted
  // Pairs of one person that are slips, and of two that look alike.
  std::vector<KeyValue> slips = {{"kind", "slip"}, {"kind", "typo"}};
  std::vector<KeyValue> look_alikes = {{"kind", "look_alike"}, {"kind", "different_gender_pair"}};
  std::size_t resamples = 1000;
  std::uint64_t seed = 1;
  // Told what is being done and how far it is.
  std::function<void(std::string_view doing, std::size_t pairs, double share)> progress = {};
  std::size_t file_bytes = 0;  // for `share` while reading; 0: not known
};

inline constexpr std::size_t kMaxBrokenListed = 1000;

struct Evaluation {
  evaluation::Report report;
  double prior = kDefaultPrior;
  std::size_t pairs = 0;     // that the figures are about
  std::size_t left_out = 0;  // by EvaluateOptions::leave_out
  std::size_t broken = 0;
  std::map<std::string, std::size_t, std::less<>> broken_by_code;
  std::vector<BrokenLine> broken_lines;  // the first kMaxBrokenListed
  bool limit_reached = false;            // further pairs were not read
};

// Judges every pair of `in` and measures. INVALID_ARGUMENT for a file that cannot be read as
// labelled pairs or has no usable one.
base::Result<Evaluation> evaluate(std::istream& in, const EvaluateOptions& options);

// What the figures do not cover, one sentence each: lines left out, slices not shown, limits.
std::vector<std::string> warnings_of(const Evaluation& evaluation);

// The figures for eyes, a table with a line for each slice. Ends with a line feed.
std::string evaluation_table(const Evaluation& evaluation, const TextStyle& style);

// The same for programs, with the bins of the reliability curves.
nlohmann::json evaluation_json(const Evaluation& evaluation);

// The same as an HTML page. `source` and `engine` are shown as they are.
std::string evaluation_page(const Evaluation& evaluation, const std::string& source,
                            const std::string& engine);

}  // namespace paxid::cli
