#include "clients/cli/evaluate_command.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <utility>

namespace paxid::cli {
namespace {

using evaluation::Slice;
using nlohmann::json;

bool has(const LabelledPair& pair, const std::vector<KeyValue>& wanted) {
  return std::any_of(wanted.begin(), wanted.end(), [&](const KeyValue& want) {
    return std::any_of(pair.keys.begin(), pair.keys.end(), [&](const auto& key) {
      return key.first == want.key && key.second == want.value;
    });
  });
}

std::vector<std::string> slices_of(const LabelledPair& pair, const matcher::Comparison& comparison,
                                   const std::vector<std::string>& by) {
  std::vector<std::string> slices;
  for (const std::string& key : by) {
    if (key == "family") {
      std::string slice = "family=";
      slice += comparison.opinion ? matcher::name_of(comparison.family) : "none";
      slices.push_back(std::move(slice));
      continue;
    }
    for (const auto& [name, value] : pair.keys) {
      if (name == key) slices.push_back(name + "=" + value);
    }
  }
  return slices;
}

evaluation::PairRole role_of(const LabelledPair& pair, const EvaluateOptions& options) {
  if (pair.same && has(pair, options.slips)) return evaluation::PairRole::kSlip;
  if (!pair.same && has(pair, options.look_alikes)) return evaluation::PairRole::kLookAlike;
  return evaluation::PairRole::kPlain;
}

// False when no further pair is taken.
bool judge(const LabelledPair& pair, const EvaluateOptions& options, evaluation::Sample& sample) {
  const matcher::Comparison comparison =
      matcher::compare(matcher::prepare(pair.a), matcher::prepare(pair.b));
  return sample.add({matcher::confidence(comparison, options.prior), pair.same, comparison.opinion,
                     role_of(pair, options)},
                    slices_of(pair, comparison, options.by));
}

void note_broken(const BrokenLine& line, Evaluation& to) {
  ++to.broken;
  ++to.broken_by_code[std::string(line.code)];
  if (to.broken_lines.size() < kMaxBrokenListed) to.broken_lines.push_back(line);
}

std::string with_thousands(std::size_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

std::string counted(std::size_t count, const char* one, const char* many) {
  return with_thousands(count) + " " + (count == 1 ? one : many);
}

std::string fixed(const std::optional<double>& value, int decimals) {
  if (!value) return "-";
  char text[48];
  std::snprintf(text, sizeof text, "%.*f", decimals, *value);
  return text;
}

std::string prior_text(double prior) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", prior);
  return text;
}

std::optional<double> f1_of(const Slice& slice) {
  if (!slice.best_f1) return std::nullopt;
  return slice.best_f1->f1;
}

std::optional<double> accepted_of(const Slice& slice) {
  if (!slice.look_alikes_at_95_percent_of_slips) return std::nullopt;
  return slice.look_alikes_at_95_percent_of_slips->accepted;
}

std::string interval_of(const Slice& slice) {
  if (!slice.ece_interval) return "-";
  return fixed(slice.ece_interval->low, 4) + "-" + fixed(slice.ece_interval->high, 4);
}

template <class T>
json or_null(const std::optional<T>& value) {
  return value ? json(*value) : json();
}

json bins_json(const Slice& slice) {
  json bins = json::array();
  for (const evaluation::Bin& bin : slice.bins) {
    json to = {{"pairs", bin.pairs}, {"same", bin.same}};
    to["mean_confidence"] = bin.pairs == 0 ? json() : json(bin.mean_confidence());
    bins.push_back(std::move(to));
  }
  return bins;
}

json slice_json(const Slice& slice) {
  json to = {{"name", slice.name},
             {"pairs", slice.pairs},
             {"same", slice.same},
             {"with_opinion", slice.with_opinion},
             {"mean_confidence", slice.pairs == 0 ? json() : json(slice.mean_confidence)},
             {"auc", or_null(slice.auc)},
             {"tpr_at_fpr_1_percent", or_null(slice.tpr_at_fpr_1_percent)},
             {"tpr_at_fpr_0_1_percent", or_null(slice.tpr_at_fpr_1_per_mille)},
             {"ece", or_null(slice.ece)},
             {"brier", or_null(slice.brier)},
             {"slips", slice.slips},
             {"look_alikes", slice.look_alikes},
             {"reliability", bins_json(slice)}};
  to["best_f1"] = or_null(f1_of(slice));
  to["best_f1_threshold"] = slice.best_f1 ? json(slice.best_f1->threshold) : json();
  to["ece_interval"] = slice.ece_interval
                           ? json::array({slice.ece_interval->low, slice.ece_interval->high})
                           : json();
  to["look_alikes_accepted_at_95_percent_of_slips"] = or_null(accepted_of(slice));
  return to;
}

struct Heading {
  const char* above;
  const char* name;
  std::size_t width;
};
// What does not fit on the terminal goes from the end.
constexpr std::array<Heading, 10> kHeadings = {{{"", "pairs", 10},
                                                {"", "AUC", 8},
                                                {"TPR at", "1 %", 8},
                                                {"FPR of", "0.1 %", 8},
                                                {"", "ECE", 8},
                                                {"", "Brier", 8},
                                                {"mean", "claim", 8},
                                                {"look-alikes at", "95 % of slips", 16},
                                                {"best", "F1", 8},
                                                {"95 % interval", "of the ECE", 15}}};
using Cells = std::array<std::string, kHeadings.size()>;

Cells cells_of(const Slice& slice) {
  return {with_thousands(slice.pairs),
          fixed(slice.auc, 4),
          fixed(slice.tpr_at_fpr_1_percent, 3),
          fixed(slice.tpr_at_fpr_1_per_mille, 3),
          fixed(slice.ece, 4),
          fixed(slice.brier, 4),
          fixed(slice.mean_confidence, 3),
          fixed(accepted_of(slice), 3),
          fixed(f1_of(slice), 4),
          interval_of(slice)};
}

std::string right_aligned(const std::string& text, std::size_t width) {
  return std::string(width - std::min(width, text.size()), ' ') + text;
}

}  // namespace

std::optional<KeyValue> key_value_from(std::string_view text) {
  const auto at = text.find('=');
  if (at == std::string_view::npos || at == 0) return std::nullopt;
  return KeyValue{std::string(text.substr(0, at)), std::string(text.substr(at + 1))};
}

base::Result<Evaluation> evaluate(std::istream& in, const EvaluateOptions& options) {
  Evaluation evaluation;
  evaluation.prior = options.prior;
  evaluation::Sample sample;
  LabelledPairReader reader(in);
  if (!reader.problem().empty()) {
    return base::fail(base::ErrorCode::kInvalidArgument,
                      std::string(reader.problem()) +
                          ": neither JSONL with a, b and same nor CSV with these columns");
  }
  while (auto row = reader.next()) {
    if (!*row) {
      note_broken(row->error(), evaluation);
    } else if (has(**row, options.leave_out)) {
      ++evaluation.left_out;
    } else if (!judge(**row, options, sample)) {
      evaluation.limit_reached = true;
      break;
    }
    if (options.progress) {
      const auto bytes = static_cast<double>(reader.bytes_read());
      options.progress("comparing", sample.size(),
                       options.file_bytes == 0
                           ? 0
                           : std::min(1.0, bytes / static_cast<double>(options.file_bytes)));
    }
  }
  evaluation.pairs = sample.size();
  if (sample.size() == 0) {
    std::string codes;
    for (const auto& [code, count] : evaluation.broken_by_code) {
      codes += (codes.empty() ? ": " : ", ") + std::to_string(count) + " " + code;
    }
    return base::fail(base::ErrorCode::kInvalidArgument, "no line holds a usable pair" + codes);
  }
  evaluation::ReportOptions how{options.resamples, options.seed, {}};
  if (options.progress) {
    how.progress = [&](double share) { options.progress("measuring", sample.size(), share); };
  }
  evaluation.report = evaluation::make_report(sample, how);
  return evaluation;
}

std::vector<std::string> warnings_of(const Evaluation& evaluation) {
  constexpr std::size_t kNamedLines = 5;
  std::vector<std::string> warnings;
  for (const auto& [code, count] : evaluation.broken_by_code) {
    std::string text = counted(count, "line", "lines") + " left out, " + code + ": ";
    std::size_t named = 0;
    for (const BrokenLine& line : evaluation.broken_lines) {
      if (line.code != code || named == kNamedLines) continue;
      text += (named++ == 0 ? "line " : ", ") + std::to_string(line.line);
    }
    if (named < count) text += ", ...";
    warnings.push_back(std::move(text));
  }
  if (evaluation.limit_reached) {
    warnings.push_back("Only the first " + with_thousands(evaluation::kMaxPairs) +
                       " pairs were read.");
  }
  if (evaluation.report.slices_not_shown > 0) {
    warnings.push_back(
        counted(evaluation.report.slices_not_shown, "smaller slice is", "smaller slices are") +
        " not shown; choose keys with --by.");
  }
  if (evaluation.report.pairs_with_unseen_slices > 0) {
    warnings.push_back(
        counted(evaluation.report.pairs_with_unseen_slices, "pair counts", "pairs count") +
        " only among all pairs: there are more than " + with_thousands(evaluation::kMaxSlicesSeen) +
        " slices.");
  }
  return warnings;
}

std::string evaluation_table(const Evaluation& evaluation, const TextStyle& style) {
  const std::vector<Slice>& slices = evaluation.report.slices;
  std::size_t name_width = 0;
  for (const Slice& slice : slices) {
    name_width = std::max(name_width, columns_of(printable(slice.name)));
  }
  std::size_t shown = 0;
  for (std::size_t used = name_width; shown < kHeadings.size(); ++shown) {
    used += kHeadings[shown].width;
    if (used > style.width) break;
  }
  std::string above(name_width, ' ');
  std::string heading = "slice" + std::string(name_width > 5 ? name_width - 5 : 0, ' ');
  for (std::size_t i = 0; i < shown; ++i) {
    above += right_aligned(kHeadings[i].above, kHeadings[i].width);
    heading += right_aligned(kHeadings[i].name, kHeadings[i].width);
  }
  above.erase(above.find_last_not_of(' ') + 1);
  std::string table = above + "\n" + heading + "\n";
  for (const Slice& slice : slices) {
    const std::string name = printable(slice.name);
    table += name + std::string(name_width - columns_of(name), ' ');
    const Cells cells = cells_of(slice);
    for (std::size_t i = 0; i < shown; ++i) table += right_aligned(cells[i], kHeadings[i].width);
    table += "\n";
  }
  table += "\n" + counted(evaluation.pairs, "pair", "pairs") + ", " +
           with_thousands(slices.front().same) + " of one person, " +
           with_thousands(slices.front().with_opinion) + " with an opinion; prior " +
           prior_text(evaluation.prior) + "\n";
  if (evaluation.left_out > 0) {
    table += counted(evaluation.left_out, "pair", "pairs") + " left out as asked\n";
  }
  if (shown < kHeadings.size()) table += "A wider terminal, --json or --html shows more figures.\n";
  return table;
}

json evaluation_json(const Evaluation& evaluation) {
  json slices = json::array();
  for (const Slice& slice : evaluation.report.slices) slices.push_back(slice_json(slice));
  json lines = json::array();
  for (const BrokenLine& line : evaluation.broken_lines) {
    lines.push_back({{"line", line.line}, {"code", line.code}});
  }
  return {{"pairs", evaluation.pairs},
          {"prior", evaluation.prior},
          {"left_out", evaluation.left_out},
          {"broken", evaluation.broken},
          {"broken_lines", std::move(lines)},
          {"limit_reached", evaluation.limit_reached},
          {"slices_not_shown", evaluation.report.slices_not_shown},
          {"pairs_with_unseen_slices", evaluation.report.pairs_with_unseen_slices},
          {"resamples", evaluation.report.resamples},
          {"seed", evaluation.report.seed},
          {"slices", std::move(slices)}};
}

std::string evaluation_page(const Evaluation& evaluation, const std::string& source,
                            const std::string& engine) {
  const Slice& all = evaluation.report.slices.front();
  evaluation::PageContext context;
  context.title = "Name matching, measured";
  context.facts = {
      {"Pairs from", printable(source)},
      {"Pairs",
       with_thousands(evaluation.pairs) + ", " + with_thousands(all.same) + " of one person"},
      {"Prior", prior_text(evaluation.prior)},
      {"Engine", engine},
      {"Intervals", evaluation.report.resamples == 0 ? "none"
                                                     : with_thousands(evaluation.report.resamples) +
                                                           " bootstrap samples, seed " +
                                                           std::to_string(evaluation.report.seed)}};
  if (evaluation.left_out > 0) {
    context.facts.emplace_back("Left out as asked", with_thousands(evaluation.left_out));
  }
  context.warnings = warnings_of(evaluation);
  return evaluation::page(evaluation.report, context);
}

}  // namespace paxid::cli
