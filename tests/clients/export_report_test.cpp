#include "clients/cli/export_report.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include "clients/cli/naming_region.h"

namespace paxid::cli {
namespace {

std::size_t times(const std::string& text, const std::string& what) {
  std::size_t found = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) {
    ++found;
  }
  return found;
}

ExportNumbers numbers_of(int days) {
  ExportNumbers numbers;
  for (int day = 0; day < days; ++day) {
    char name[32];
    std::snprintf(name, sizeof name, "2026-%02d-%02d", day / 28 % 12 + 1, day % 28 + 1);
    numbers.verdicts_by_day[name] = {{"MATCH", 90}, {"REVIEW", 8}, {"MISMATCH", 2}};
  }
  numbers.overrides_by_station = {{"FRA", {10, 4}}, {"HEL", {5, 0}}};
  numbers.reviews_by_issuer = {{"D", {100, 5}}, {"AUT", {100, 15}}, {"VNM", {10, 3}}};
  return numbers;
}

const ExportTitle kTitle{"log.example/<demo>", 3, 12, "border", "FINE-7", {{"station", "FRA"}}};

// Every element that opens closes, in the right order.
void expect_balanced(const std::string& html) {
  const std::set<std::string> empty{"meta", "rect", "line", "!DOCTYPE"};
  std::vector<std::string> open;
  for (std::size_t at = html.find('<'); at != std::string::npos; at = html.find('<', at + 1)) {
    const std::size_t end = html.find_first_of(" >/", at + 2);
    ASSERT_NE(end, std::string::npos);
    if (html[at + 1] == '/') {
      const std::string name = html.substr(at + 2, html.find('>', at) - at - 2);
      ASSERT_FALSE(open.empty());
      EXPECT_EQ(open.back(), name);
      open.pop_back();
    } else if (const std::string name = html.substr(at + 1, end - at - 1); !empty.contains(name)) {
      open.push_back(name);
    }
  }
  EXPECT_TRUE(open.empty());
}

TEST(ExportReport, IsOneWholePageInEveryLanguage) {
  std::set<std::string> texts;
  for (const messages::Language language : messages::languages()) {
    const std::string html = export_report(numbers_of(9), kTitle, language);
    expect_balanced(html);
    // Nothing runs, and nothing comes from elsewhere.
    for (const char* never :
         {"<script", "http:", "https:", "url(", "@import", "<img", "<link", "onload"}) {
      EXPECT_EQ(times(html, never), 0u) << never;
    }
    EXPECT_EQ(times(html, "default-src 'none'"), 1u);
    EXPECT_EQ(times(html, "log.example/&lt;demo&gt;"), 1u);
    EXPECT_EQ(times(html, "dir=\"rtl\""), messages::is_right_to_left(language) ? 1u : 0u);
    for (const char* key : {"REPORT_VERDICTS", "REPORT_OVERRIDES", "REPORT_ABOUT_REGIONS"}) {
      EXPECT_NE(html.find(messages::text_of(key, language)), std::string::npos) << key;
    }
    EXPECT_TRUE(texts.insert(html).second);
  }
}

TEST(ExportReport, DrawsWhatItCounts) {
  const std::string html = export_report(numbers_of(9), kTitle, messages::Language::kEnglish);
  EXPECT_EQ(times(html, "<rect class=\"MATCH\""), 9u);
  EXPECT_EQ(times(html, "<rect class=\"MISMATCH\""), 9u);
  EXPECT_NE(html.find("810 (90.0 %)"), std::string::npos);
  // Overrides of each station: 4 of 10 fill two fifths of the bar.
  EXPECT_NE(html.find("<rect class=\"bar\" width=\"40.00\""), std::string::npos);
  EXPECT_NE(html.find("<rect class=\"bar\" width=\"0.00\""), std::string::npos);
  // Germany and Austria are one region: 20 of 200.
  EXPECT_NE(html.find("Western and Northern Europe</th><td>200</td><td>20</td><td>10.0 %</td>"),
            std::string::npos);
  EXPECT_NE(html.find("South-East Asia</th><td>10</td><td>3</td><td>30.0 %</td>"),
            std::string::npos);
  EXPECT_EQ(html.find("North America"), std::string::npos);
}

TEST(ExportReport, ManyDaysShareColumns) {
  const std::string html = export_report(numbers_of(300), kTitle, messages::Language::kEnglish);
  EXPECT_EQ(times(html, "<rect class=\"MATCH\""), 60u);  // five days each
  EXPECT_EQ(times(html, "<tr><th scope=\"row\">2026-"), 300u);
}

TEST(ExportReport, SaysSoWhenThereIsNothing) {
  const std::string html = export_report({}, kTitle, messages::Language::kEnglish);
  expect_balanced(html);
  EXPECT_EQ(times(html, "The selection holds nothing of this kind."), 3u);
}

TEST(ExportReadme, IsInTheLanguageOfTheRecipient) {
  std::set<std::string> texts;
  for (const messages::Language language : messages::languages()) {
    for (const char* profile :
         {"border", "civil_aviation", "data_protection", "internal", "data_subject"}) {
      const std::string text = export_readme(profile, language);
      EXPECT_TRUE(texts.insert(text).second);
      for (const char* named : {"records.jsonl", "records.csv", "access.jsonl", "report.html",
                                "manifest.json", "seal.tlog-proof", "paxid-audit-verify"}) {
        EXPECT_NE(text.find(named), std::string::npos) << named;
      }
      const bool names = std::string(profile) != "internal" && profile[5] != 'p';
      EXPECT_NE(text.find(messages::text_of(names ? "README_PERSONAL" : "README_WITHOUT_NAMES",
                                            language)),
                std::string::npos)
          << profile;
    }
  }
}

// The codes of Doc 9303-3 section 5, as the reader of zones knows them.
TEST(NamingRegion, EveryStateHasExactlyOne) {
  std::ifstream in(PAXID_STATE_CODES);
  ASSERT_TRUE(in);
  std::map<NamingRegion, int> counts;
  std::set<std::string> other;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    const std::string code = line.substr(0, line.find('\t'));
    const NamingRegion region = naming_region_of(code);
    ++counts[region];
    if (region == NamingRegion::kOther) other.insert(code);
  }
  EXPECT_EQ(counts.size(), kNamingRegions);
  // Organisations, stateless persons, Antarctica, the specimen.
  EXPECT_EQ(other, (std::set<std::string>{"ATA", "EUE", "IAO", "UNA", "UNK", "UNO", "UTO", "XBA",
                                          "XCC", "XCE", "XCO", "XDC", "XEC", "XES", "XIM", "XMP",
                                          "XOM", "XPO", "XXA", "XXB", "XXC", "XXX"}));
  EXPECT_EQ(naming_region_of("D"), NamingRegion::kWestEurope);
  EXPECT_EQ(naming_region_of("DE"), NamingRegion::kOther);
  EXPECT_EQ(naming_region_of(""), NamingRegion::kOther);
  EXPECT_EQ(naming_region_of("USA CAN"), NamingRegion::kOther);
}

}  // namespace
}  // namespace paxid::cli
