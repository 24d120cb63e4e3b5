#include "evaluation/page.h"

#include <cstdio>

#include "evaluation/chart.h"

namespace paxid::evaluation {
namespace {

constexpr std::string_view kStyle = R"(
:root { color-scheme: light dark; --paper: #fbfbf9; --card: #fff; --ink: #1b1f24; --soft: #59626d;
  --grid: #e3e5e8; --edge: #d3d7dc; --curve: #1858b8; --mark: #b4460f; --column: #9db4d6;
  --warn: #fff3d6; }
@media (prefers-color-scheme: dark) { :root { --paper: #14171b; --card: #1c2026; --ink: #e8eaed;
  --soft: #a3acb8; --grid: #2e343c; --edge: #3a414a; --curve: #86b3ff; --mark: #ffa06b;
  --column: #4a6088; --warn: #3d3216; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
main { max-width: 76rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .75rem; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .5rem; }
p, dl { max-width: 46rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: 0 0 1rem; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
.warnings { background: var(--warn); border-radius: .5rem; padding: .6rem 1rem .6rem 2rem;
  margin: 1rem 0; }
.scroll { overflow-x: auto; border: 1px solid var(--edge); border-radius: .5rem;
  background: var(--card); }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums;
  font-size: .9rem; }
th, td { padding: .35rem .6rem; text-align: right; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; position: sticky; left: 0;
  background: var(--card); }
thead th { color: var(--soft); font-weight: 600; font-size: .8rem; vertical-align: bottom; }
tbody tr { border-top: 1px solid var(--grid); }
tbody th { font-weight: 500; }
td small, th small { display: block; color: var(--soft); font-weight: 400; }
a { color: var(--curve); }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr));
  gap: 1rem; }
figure { margin: 0; padding: .75rem; background: var(--card); border: 1px solid var(--edge);
  border-radius: .5rem; }
figcaption { font-weight: 600; margin-bottom: .25rem; }
figcaption span { font-weight: 400; color: var(--soft); }
svg { display: block; width: 100%; height: auto; font-size: 12px; }
svg text { fill: var(--soft); }
.grid { stroke: var(--grid); }
.reference { stroke: var(--soft); stroke-dasharray: 4 4; fill: none; }
.curve { stroke: var(--curve); stroke-width: 2; fill: none; }
.drop { stroke: var(--mark); stroke-dasharray: 2 3; }
.mark { fill: var(--mark); stroke: var(--card); stroke-width: 1.5; }
.interval { stroke: var(--mark); stroke-width: 1.5; opacity: .6; }
.column { fill: var(--column); }
details { margin: .75rem 0 0; } summary { cursor: pointer; color: var(--soft); }
details .scroll { margin-top: .5rem; max-width: 34rem; }
@media print { body { background: none; } figure, tr { break-inside: avoid; } details { display: none; } }
)";

std::string fixed(double value, int decimals) {
  char text[48];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

std::string fixed(const std::optional<double>& value, int decimals) {
  return value ? fixed(*value, decimals) : "-";
}

std::string cell(const std::string& text) { return "<td>" + escaped(text) + "</td>"; }

std::string ece_cell(const Slice& slice) {
  std::string text = "<td>" + fixed(slice.ece, 4);
  if (slice.ece_interval) {
    text += "<small>" + fixed(slice.ece_interval->low, 4) + "\u2013" +
            fixed(slice.ece_interval->high, 4) + "</small>";
  }
  return text + "</td>";
}

std::string opinion_cell(const Slice& slice) {
  return cell(
      percent(static_cast<double>(slice.with_opinion) / static_cast<double>(slice.pairs), 1));
}

std::string row(const Slice& slice, std::size_t index) {
  const auto& look_alikes = slice.look_alikes_at_95_percent_of_slips;
  return "<tr><th scope=\"row\"><a href=\"#slice-" + std::to_string(index) + "\">" +
         escaped(slice.name) + "</a></th>" + cell(std::to_string(slice.pairs)) +
         cell(std::to_string(slice.same)) + opinion_cell(slice) + cell(fixed(slice.auc, 4)) +
         cell(fixed(slice.tpr_at_fpr_1_percent, 3)) + cell(fixed(slice.tpr_at_fpr_1_per_mille, 3)) +
         cell(slice.best_f1 ? fixed(slice.best_f1->f1, 4) : "-") + ece_cell(slice) +
         cell(fixed(slice.brier, 4)) + cell(look_alikes ? fixed(look_alikes->accepted, 3) : "-") +
         "</tr>\n";
}

std::string one_label_row(const Slice& slice) {
  return "<tr><th scope=\"row\">" + escaped(slice.name) + "</th>" +
         cell(std::to_string(slice.pairs)) + cell(slice.same > 0 ? "one person" : "two persons") +
         opinion_cell(slice) + cell(fixed(slice.mean_confidence, 3)) + cell(fixed(slice.brier, 4)) +
         "</tr>\n";
}

// A table that scrolls by itself where it is too wide.
std::string scrolling_table(const char* name, const std::string& head, const std::string& rows) {
  return "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"" + std::string(name) +
         "\"><table><thead><tr>" + head + "</tr></thead><tbody>\n" + rows +
         "</tbody></table></div>\n";
}

std::string heads(const std::vector<const char*>& names) {
  std::string html;
  for (const char* name : names) html += "<th scope=\"col\">" + std::string(name) + "</th>";
  return html;
}

std::string tables(const Report& report) {
  std::string rows;
  std::string one_label_rows;
  for (std::size_t i = 0; i < report.slices.size(); ++i) {
    const Slice& slice = report.slices[i];
    if (slice.has_both_labels()) {
      rows += row(slice, i);
    } else if (slice.pairs > 0) {
      one_label_rows += one_label_row(slice);
    }
  }
  std::string html;
  if (!rows.empty()) {
    html += scrolling_table(
        "Figures by slice",
        heads({"Slice", "Pairs", "One<br>person", "With<br>opinion", "AUC", "TPR at<br>1 % FPR",
               "TPR at<br>0.1 % FPR", "Best F1", "ECE<small>95 % interval</small>", "Brier",
               "Look-alikes at<br>95 % of slips"}),
        rows);
  }
  if (!one_label_rows.empty()) {
    html +=
        "<h2>Slices of one label</h2>\n" +
        scrolling_table("Slices of one label",
                        heads({"Slice", "Pairs", "Label", "With opinion", "Mean claim", "Brier"}),
                        one_label_rows);
  }
  return html;
}

std::string bins_table(const Slice& slice) {
  std::string html =
      "<details><summary>Reliability as a table</summary><div class=\"scroll\"><table><thead><tr>"
      "<th scope=\"col\">Claimed</th><th scope=\"col\">Pairs</th><th scope=\"col\">Mean claim</th>"
      "<th scope=\"col\">One person</th></tr></thead><tbody>";
  for (std::size_t i = 0; i < kBins; ++i) {
    const Bin& bin = slice.bins[i];
    if (bin.pairs == 0) continue;
    const auto edge = [](std::size_t of) {
      return percent(static_cast<double>(of) / static_cast<double>(kBins), 0);
    };
    html += "<tr><th scope=\"row\">" + edge(i) + "\u2013" + edge(i + 1) + "</th>" +
            cell(std::to_string(bin.pairs)) + cell(percent(bin.mean_confidence(), 1)) +
            cell(percent(bin.share_same(), 1)) + "</tr>";
  }
  return html + "</tbody></table></div></details>\n";
}

std::string figure(const char* caption, const std::string& figure_text, const std::string& chart) {
  return "<figure><figcaption>" + std::string(caption) + " <span>" + escaped(figure_text) +
         "</span></figcaption>" + chart + "</figure>\n";
}

// The curves of a slice; a slice of one label has none.
std::string section(const Slice& slice, std::size_t index) {
  if (!slice.has_both_labels()) return {};
  const std::string id = "slice-" + std::to_string(index);
  return "<section aria-labelledby=\"" + id + "\"><h2 id=\"" + id + "\">" + escaped(slice.name) +
         "</h2>\n<div class=\"charts\">\n" +
         figure("ROC", "AUC " + fixed(slice.auc, 4), roc_chart(slice, id + "-roc")) +
         figure("Reliability", "ECE " + fixed(slice.ece, 4),
                reliability_chart(slice, id + "-reliability")) +
         "</div>\n" + bins_table(slice) + "</section>\n";
}

std::string reading_guide() {
  return "<h2>How to read this</h2>\n"
         "<p>TPR at 1 % FPR is the share of pairs of one person that pass at the threshold where "
         "1 % of the pairs of two persons do. ECE is how far claimed probabilities are from what "
         "happened, on average; on the reliability chart, dots on the dashed diagonal are honest, "
         "dots below it claim too much. The Brier score is the mean squared error. Look-alikes at "
         "95 % of slips is the share of pairs of two persons a few letters apart that pass where "
         "95 % of the mistyped names do. Probabilities are given at the prior named above: another "
         "share of true pairs than that prior shows as calibration error. A slice of one label, "
         "such as one kind of slip, has no curves: its mean claim and Brier score say how it "
         "fares.</p>\n";
}

}  // namespace

std::string page(const Report& report, const PageContext& context) {
  std::string html =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
      "style-src 'unsafe-inline'\">\n<title>";
  html += escaped(context.title) + "</title>\n<style>" + std::string(kStyle) + "</style></head>\n";
  html += "<body><main>\n<h1>" + escaped(context.title) + "</h1>\n<dl>";
  for (const auto& [label, text] : context.facts) {
    html += "<dt>" + escaped(label) + "</dt><dd>" + escaped(text) + "</dd>";
  }
  html += "</dl>\n";
  if (!context.warnings.empty()) {
    html += "<ul class=\"warnings\">";
    for (const std::string& warning : context.warnings) html += "<li>" + escaped(warning) + "</li>";
    html += "</ul>\n";
  }
  html += tables(report) + reading_guide();
  for (std::size_t i = 0; i < report.slices.size(); ++i) html += section(report.slices[i], i);
  return html + "</main></body></html>\n";
}

}  // namespace paxid::evaluation
