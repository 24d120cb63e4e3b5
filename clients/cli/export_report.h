#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "messages/catalogue.h"

// What people read of an export: the page with its figures and the README.
namespace paxid::cli {

// What the report counts.
struct ExportNumbers {
  // "2026-11-22" -> "MATCH" -> how often
  std::map<std::string, std::map<std::string, std::uint64_t>> verdicts_by_day;
  // Decisions of people, and those against the suggestion among them.
  std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> overrides_by_station;
  // Suggestions, and REVIEW among them, by the State that issued the document.
  std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> reviews_by_issuer;
};

// What an export is, for the heads of its texts. Plain text; it is escaped.
struct ExportTitle {
  std::string log_origin;
  std::uint64_t first_leaf = 0;
  std::uint64_t end_leaf = 0;  // one behind the last
  std::string profile;         // "border", ...
  std::string reference;
  std::vector<std::pair<std::string, std::string>> filter;
};

// The most columns of the chart over time: more days are taken together.
inline constexpr std::size_t kMaxChartColumns = 62;

// A page with tables and charts, without scripts and without anything from elsewhere, light or
// dark as the reader's system is, for a screen reader and for paper.
std::string export_report(const ExportNumbers& numbers, const ExportTitle& title,
                          messages::Language language);

// README.txt, UTF-8.
std::string export_readme(const std::string& profile, messages::Language language);

}  // namespace paxid::cli
