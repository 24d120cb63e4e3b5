#include "clients/cli/export_report.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <string_view>

#include "clients/cli/naming_region.h"
#include "clients/cli/page.h"

namespace paxid::cli {
namespace {

using messages::Language;

constexpr std::string_view kStyle = R"(
:root { --bar: #1858b8; --track: #e8ecf2; }
@media (prefers-color-scheme: dark) { :root { --bar: #86b3ff; --track: #2a3038; } }
figure { margin: 0 0 1rem; padding: 1rem; background: var(--card); border: 1px solid var(--edge);
  border-radius: .5rem; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; margin: 0 0 .6rem; font-size: .9rem; }
.legend span::before { content: ""; display: inline-block; width: .8em; height: .8em;
  margin-inline-end: .4em; border-radius: .15em; background: var(--c); }
.MATCH { --c: var(--match); fill: var(--match); }
.REVIEW { --c: var(--review); fill: var(--review); }
.MISMATCH { --c: var(--mismatch); fill: var(--mismatch); }
svg { display: block; }
.time { width: 100%; min-width: 44rem; height: auto; font-size: 12px; direction: ltr; }
.time text { fill: var(--soft); } .time line { stroke: var(--grid); }
.bar { fill: var(--bar); } .track { fill: var(--track); }
.scroll { overflow-x: auto; }
.table { border: 1px solid var(--edge); border-radius: .5rem; background: var(--card); }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums;
  font-size: .95rem; }
th, td { padding: .35rem .7rem; text-align: end; white-space: nowrap; vertical-align: middle; }
th:first-child { text-align: start; white-space: normal; }
thead th { color: var(--soft); font-weight: 600; font-size: .85rem; }
tbody tr { border-top: 1px solid var(--grid); }
tbody th { font-weight: 500; }
td.chart { width: 30%; min-width: 8rem; } td.chart svg { width: 100%; height: 1rem; }
[dir=rtl] td.chart svg { transform: scaleX(-1); }
tbody th:first-child { min-width: 9rem; }
td.states { white-space: normal; color: var(--soft); font-size: .85rem; text-align: start; }
details { margin: .75rem 0 0; } details .scroll { margin-top: .5rem; max-width: 34rem; }
@media print { figure, tr { break-inside: avoid; } .time { min-width: 0; } }
)";

constexpr std::array<const char*, 3> kVerdicts{"MATCH", "REVIEW", "MISMATCH"};
using Counts = std::array<std::uint64_t, kVerdicts.size()>;

std::uint64_t sum(const Counts& counts) { return counts[0] + counts[1] + counts[2]; }

std::string verdict_word(std::string_view verdict, Language language) {
  return said("VERDICT_" + std::string(verdict), language);
}

std::string percent(std::uint64_t part, std::uint64_t whole) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f %%",
                whole == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole));
  return text;
}

struct Day {
  std::string name;
  Counts counts{};
};

std::vector<Day> days_of(const ExportNumbers& numbers) {
  std::vector<Day> days;
  for (const auto& [name, verdicts] : numbers.verdicts_by_day) {
    Day& day = days.emplace_back(Day{name, {}});
    for (std::size_t i = 0; i < kVerdicts.size(); ++i) {
      const auto found = verdicts.find(kVerdicts[i]);
      if (found != verdicts.end()) day.counts[i] = found->second;
    }
  }
  return days;
}

// The same with so few entries that each gets a column; an entry has the name of its first day.
std::vector<Day> columns_of(const std::vector<Day>& days) {
  const std::size_t together = (days.size() + kMaxChartColumns - 1) / kMaxChartColumns;
  std::vector<Day> columns;
  for (std::size_t i = 0; i < days.size(); ++i) {
    if (i % together == 0) columns.push_back({days[i].name, {}});
    for (std::size_t v = 0; v < kVerdicts.size(); ++v)
      columns.back().counts[v] += days[i].counts[v];
  }
  return columns;
}

// The least of 1, 2, 5, 10, 20, 50, ... that four steps of reach `most`.
std::uint64_t step_for(std::uint64_t most) {
  std::uint64_t step = 1;
  for (int i = 0; step * 4 < most; ++i) step = i % 3 == 1 ? step / 2 * 5 : step * 2;
  return step;
}

// Columns of verdicts on top of each other.
std::string chart_over_time(const std::vector<Day>& days, const std::string& label) {
  constexpr int kWidth = 860;
  constexpr int kHeight = 240;
  constexpr int kLeft = 56;
  constexpr int kBottom = 24;
  constexpr int kTop = 8;
  constexpr double kLabel = 72;  // width of the name of a day
  const std::vector<Day> columns = columns_of(days);
  std::uint64_t most = 1;
  for (const Day& column : columns) most = std::max(most, sum(column.counts));
  const std::uint64_t step = step_for(most);
  const std::uint64_t top = (most + step - 1) / step * step;
  const double scale = static_cast<double>(kHeight - kBottom - kTop) / static_cast<double>(top);
  const auto y_of = [&](std::uint64_t value) {
    return static_cast<double>(kHeight - kBottom) - scale * static_cast<double>(value);
  };
  std::string svg = "<svg class=\"time\" role=\"img\" aria-label=\"" + label + "\" viewBox=\"0 0 " +
                    std::to_string(kWidth) + " " + std::to_string(kHeight) + "\">";
  char line[256];
  for (std::uint64_t value = 0; value <= top; value += step) {
    std::snprintf(line, sizeof line,
                  "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/><text x=\"%d\" y=\"%.1f\" "
                  "text-anchor=\"end\">%llu</text>",
                  kLeft, kWidth, y_of(value), y_of(value), kLeft - 8, y_of(value) + 4,
                  static_cast<unsigned long long>(value));
    svg += line;
  }
  const double pitch = static_cast<double>(kWidth - kLeft) / static_cast<double>(columns.size());
  const double width = std::min(pitch * 0.72, 48.0);
  const auto every = static_cast<std::size_t>((kLabel + 12) / pitch) + 1;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const double middle = kLeft + pitch * (static_cast<double>(i) + 0.5);
    std::uint64_t below = 0;
    for (std::size_t v = 0; v < kVerdicts.size(); ++v) {
      const std::uint64_t count = columns[i].counts[v];
      if (count == 0) continue;
      std::snprintf(line, sizeof line,
                    "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
                    kVerdicts[v], middle - width / 2, y_of(below + count), width,
                    scale * static_cast<double>(count));
      svg += line;
      below += count;
    }
    if (i % every == 0 && middle + kLabel / 2 <= kWidth) {
      std::snprintf(line, sizeof line, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
                    middle, kHeight - 6, html_text(columns[i].name).substr(0, 10).c_str());
      svg += line;
    }
  }
  return svg + "</svg>";
}

std::string bar_cell(double share) {
  char text[200];
  std::snprintf(text, sizeof text,
                "<td class=\"chart\"><svg aria-hidden=\"true\" viewBox=\"0 0 100 8\" "
                "preserveAspectRatio=\"none\"><rect class=\"track\" width=\"100\" height=\"8\"/>"
                "<rect class=\"bar\" width=\"%.2f\" height=\"8\"/></svg></td>",
                100 * share);
  return text;
}

std::string cell(const std::string& text) { return "<td>" + text + "</td>"; }

std::string table(const std::vector<std::string>& head, const std::string& rows) {
  std::string html = "<div class=\"scroll table\" tabindex=\"0\"><table><thead><tr>";
  for (const std::string& name : head) html += "<th scope=\"col\">" + name + "</th>";
  return html + "</tr></thead><tbody>" + rows + "</tbody></table></div>";
}

std::string verdicts_section(const ExportNumbers& numbers, Language language) {
  const std::string heading = said("REPORT_VERDICTS", language);
  std::string html = "<h2>" + heading + "</h2>";
  const std::vector<Day> days = days_of(numbers);
  if (days.empty()) return html + "<p>" + said("REPORT_NOTHING", language) + "</p>";
  Counts all{};
  std::string rows;
  for (auto day = days.rbegin(); day != days.rend(); ++day) {
    rows += "<tr><th scope=\"row\">" + html_text(day->name) + "</th>";
    for (std::size_t i = 0; i < kVerdicts.size(); ++i) {
      rows += cell(std::to_string(day->counts[i]));
      all[i] += day->counts[i];
    }
    rows += "</tr>";
  }
  html += "<figure><div class=\"legend\">";
  for (std::size_t i = 0; i < kVerdicts.size(); ++i) {
    html += "<span class=\"" + std::string(kVerdicts[i]) + "\">" +
            verdict_word(kVerdicts[i], language) + " " + std::to_string(all[i]) + " (" +
            percent(all[i], sum(all)) + ")</span>";
  }
  html += "</div><div class=\"scroll\" tabindex=\"0\">" + chart_over_time(days, heading) +
          "</div></figure>";
  std::vector<std::string> head{said("REPORT_DAY", language)};
  for (const auto verdict : kVerdicts) head.push_back(verdict_word(verdict, language));
  return html + "<details><summary>" + head[0] + "</summary>" + table(head, rows) + "</details>";
}

std::string overrides_section(const ExportNumbers& numbers, Language language) {
  std::string html = "<h2>" + said("REPORT_OVERRIDES", language) + "</h2>";
  if (numbers.overrides_by_station.empty()) {
    return html + "<p>" + said("REPORT_NOTHING", language) + "</p>";
  }
  std::string rows;
  for (const auto& [station, counts] : numbers.overrides_by_station) {
    const auto [all, overridden] = counts;
    rows += "<tr><th scope=\"row\">" + (station.empty() ? "\u2013" : html_text(station)) + "</th>" +
            cell(std::to_string(all)) + cell(std::to_string(overridden)) +
            cell(percent(overridden, all)) +
            bar_cell(all == 0 ? 0 : static_cast<double>(overridden) / static_cast<double>(all)) +
            "</tr>";
  }
  return html + table({said("REPORT_AIRPORT", language), said("REPORT_DECISIONS", language),
                       said("REPORT_OVERRIDDEN", language), said("REPORT_SHARE", language), ""},
                      rows);
}

std::string regions_section(const ExportNumbers& numbers, Language language) {
  const std::string review = verdict_word("REVIEW", language);
  const base::Message heading{
      "REPORT_REVIEW_SHARE",
      {{"verdict", base::PersonalText(messages::text_of("VERDICT_REVIEW", language))}},
      {}};
  std::string html = "<h2>" + html_text(messages::render(heading, language)) + "</h2>";
  if (numbers.reviews_by_issuer.empty()) {
    return html + "<p>" + said("REPORT_NOTHING", language) + "</p>";
  }
  struct Region {
    std::uint64_t all = 0;
    std::uint64_t reviews = 0;
    std::string states;
  };
  std::array<Region, kNamingRegions> regions;
  for (const auto& [issuer, counts] : numbers.reviews_by_issuer) {
    Region& region = regions[static_cast<std::size_t>(naming_region_of(issuer))];
    region.all += counts.first;
    region.reviews += counts.second;
    region.states += (region.states.empty() ? "" : " ") + html_text(issuer);
  }
  std::string rows;
  for (std::size_t i = 0; i < regions.size(); ++i) {
    const Region& region = regions[i];
    if (region.all == 0) continue;
    rows += "<tr><th scope=\"row\">" +
            said(message_key_of(static_cast<NamingRegion>(i)), language) + "</th>" +
            cell(std::to_string(region.all)) + cell(std::to_string(region.reviews)) +
            cell(percent(region.reviews, region.all)) +
            bar_cell(static_cast<double>(region.reviews) / static_cast<double>(region.all)) +
            "<td class=\"states\">" + region.states + "</td></tr>";
  }
  html += table({said("REPORT_REGION", language), said("REPORT_SUGGESTIONS", language), review,
                 said("REPORT_SHARE", language), "", said("REPORT_STATES", language)},
                rows);
  return html + "<p>" + said("REPORT_ABOUT_REGIONS", language) + "</p>";
}

std::string upper_case(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

// "station" as the airport's label.
std::string filter_label(const std::string& key, Language language) {
  for (const char* prefix : {"FILTER_", "FIELD_"}) {
    const std::string label = prefix + upper_case(key);
    if (!messages::pattern_of(label, language).empty()) return said(label, language);
  }
  return html_text(key);
}

std::string facts(const ExportTitle& title, Language language) {
  std::string filter;
  for (const auto& [key, value] : title.filter) {
    filter += (filter.empty() ? "" : ", ") + filter_label(key, language) + " = <bdi>" +
              (key == "verdict" ? verdict_word(value, language) : html_text(value)) + "</bdi>";
  }
  if (filter.empty()) filter = said("REPORT_EVERYTHING", language);
  std::string html = "<dl>";
  for (const auto& [key, value] :
       {std::pair<std::string_view, std::string>{"REPORT_LOG", html_text(title.log_origin)},
        {"REPORT_LEAVES",
         std::to_string(title.first_leaf) + "\u2013" + std::to_string(title.end_leaf - 1)},
        {"REPORT_PROFILE", said("README_FOR_" + upper_case(title.profile), language)},
        {"REPORT_REFERENCE", html_text(title.reference)},
        {"REPORT_FILTER", filter}}) {
    html += "<dt>" + said(key, language) + "</dt><dd><bdi>" + value + "</bdi></dd>";
  }
  return html + "</dl>";
}

}  // namespace

std::string export_report(const ExportNumbers& numbers, const ExportTitle& title,
                          Language language) {
  const std::string heading = said("REPORT_TITLE", language);
  return html_page(heading, kStyle,
                   facts(title, language) + "\n" + verdicts_section(numbers, language) + "\n" +
                       overrides_section(numbers, language) + "\n" +
                       regions_section(numbers, language),
                   language);
}

std::string export_readme(const std::string& profile, Language language) {
  const auto text = [&](std::string_view key) { return messages::text_of(key, language); };
  const bool names = profile != "data_protection" && profile != "internal";
  std::string readme = text("README_TITLE") + "\n" + text("README_FOR_" + upper_case(profile)) +
                       "\n" + text(names ? "README_PERSONAL" : "README_WITHOUT_NAMES") + "\n\n";
  for (const auto& [file, key] :
       {std::pair<std::string_view, std::string_view>{"records.jsonl", "README_RECORDS"},
        {"records.csv", "README_CSV"},
        {"access.jsonl", "README_ACCESS"},
        {"report.html", "README_REPORT"},
        {"manifest.json", "README_MANIFEST"},
        {"seal.tlog-proof, consistency.json", "README_SEAL"}}) {
    readme += std::string(file) + "\n    " + text(key) + "\n";
  }
  return readme + "\n" + text("README_CHECK") + "\n    paxid-audit-verify . --vkey KEY\n" +
         text("README_KEY") + "\n\n" + text("README_PROVEN") + "\n" + text("README_NOT_PROVEN") +
         "\n";
}

}  // namespace paxid::cli
