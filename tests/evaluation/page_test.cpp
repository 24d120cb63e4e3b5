#include "evaluation/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "evaluation/chart.h"

namespace paxid::evaluation {
namespace {

using testing::HasSubstr;
using testing::Not;

Report report_of_two_slices(const std::string& name) {
  Sample sample;
  for (int i = 0; i < 100; ++i) {
    const std::vector<std::string> slices = {i % 3 == 0 ? name : "kind=one sided"};
    sample.add({i / 99.0, i > 40 || i % 3 != 0}, slices);
  }
  return make_report(sample, {.resamples = 20, .seed = 1});
}

// The elements of a page in their order; fails where one is closed that is not open. Enough
// of a parser for pages that write every attribute in double quotes.
bool is_well_formed(const std::string& html, std::vector<std::string>& open) {
  const std::set<std::string> empty = {"meta", "!doctype", "br"};
  for (std::size_t at = html.find('<'); at != std::string::npos; at = html.find('<', at)) {
    std::size_t end = at + 1;
    for (bool quoted = false; end < html.size() && (quoted || html[end] != '>'); ++end) {
      if (html[end] == '"') quoted = !quoted;
      if (html[end] == '<') return false;
    }
    const std::string tag = html.substr(at + 1, end - at - 1);
    const bool closing = tag.starts_with('/');
    const std::string name =
        tag.substr(closing ? 1 : 0, tag.find_first_of(" /", 1) - (closing ? 1 : 0));
    if (closing) {
      if (open.empty() || open.back() != name) return false;
      open.pop_back();
    } else if (!tag.ends_with('/') && !empty.contains(name)) {
      open.push_back(name);
    }
    at = end;
  }
  return true;
}

TEST(Page, ClosesEveryElementItOpens) {
  std::vector<std::string> open;
  const std::string html =
      page(report_of_two_slices("kind=<b>\"x\"&'"), {"T", {{"File", "f"}}, {"w"}});
  EXPECT_TRUE(is_well_formed(html, open)) << (open.empty() ? "" : open.back());
  EXPECT_TRUE(open.empty());
  EXPECT_FALSE(is_well_formed("<p><b></p>", open));
}

TEST(Page, EscapesWhatComesFromOutside) {
  const std::string html =
      page(report_of_two_slices("kind=<script>x</script>"), {"<t>", {{"File", "a&b"}}, {"<w>"}});
  EXPECT_THAT(html, Not(HasSubstr("<script>")));
  EXPECT_THAT(html, HasSubstr("kind=&lt;script&gt;"));
  EXPECT_THAT(html, HasSubstr("&lt;t&gt;"));
  EXPECT_THAT(html, HasSubstr("a&amp;b"));
  EXPECT_THAT(html, HasSubstr("&lt;w&gt;"));
}

TEST(Page, AsksForNothingFromOutside) {
  const std::string html = page(report_of_two_slices("kind=x"), {"T", {}, {}});
  EXPECT_THAT(html, HasSubstr("default-src 'none'"));
  for (const char* request : {"http:", "https:", "src=\"", "url(", "@import", "<link", "<script"}) {
    EXPECT_THAT(html, Not(HasSubstr(request)));
  }
}

TEST(Page, GivesEveryChartATitleAndADescriptionOfItsOwn) {
  const std::string html = page(report_of_two_slices("kind=x"), {"T", {}, {}});
  std::set<std::string> ids;
  for (std::size_t at = html.find(" id=\""); at != std::string::npos;
       at = html.find(" id=\"", at)) {
    at += 5;
    EXPECT_TRUE(ids.insert(html.substr(at, html.find('"', at) - at)).second);
  }
  int charts = 0;
  for (std::size_t at = html.find("aria-labelledby=\""); at != std::string::npos;
       at = html.find("aria-labelledby=\"", at)) {
    at += 17;
    const std::string named = html.substr(at, html.find('"', at) - at);
    const auto space = named.find(' ');
    EXPECT_TRUE(ids.contains(named.substr(0, space))) << named;
    if (space == std::string::npos) continue;
    EXPECT_TRUE(ids.contains(named.substr(space + 1))) << named;
    ++charts;
  }
  // All pairs and kind=x; the other slice holds one label only.
  EXPECT_EQ(charts, 4);
}

TEST(RocChart, StaysSmallForManyPoints) {
  Slice slice;
  slice.name = "many";
  for (int i = 0; i <= 200'000; ++i) slice.roc.push_back({i / 200'000.0, i / 200'000.0});
  slice.tpr_at_fpr_1_percent = 0.01;
  EXPECT_LT(roc_chart(slice, "id").size(), 60'000U);
  EXPECT_TRUE(roc_chart(Slice(), "id").empty());
}

TEST(Percent, IsADashForNothing) {
  EXPECT_EQ(percent(std::optional<double>(), 1), "-");
  EXPECT_EQ(percent(std::optional<double>(0.1234), 1), "12.3 %");
}

}  // namespace
}  // namespace paxid::evaluation
