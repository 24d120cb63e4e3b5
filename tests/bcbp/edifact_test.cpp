#include "bcbp/edifact.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>

#include "tests/bcbp/case_file.h"

namespace paxid::bcbp {
namespace {

using nlohmann::json;

bool has(const NameSegmentReading& reading, NameSegmentFinding finding) {
  return std::find(reading.findings.begin(), reading.findings.end(), finding) !=
         reading.findings.end();
}

TEST(EdifactCases, ReadEveryNameSegment) {
  int segments = 0;
  for (const json& row : load_cases("booking_name_cases.jsonl")) {
    if (row["kind"] != "edifact") continue;
    ++segments;
    const NameSegmentReading reading = read_name_segment(row["raw"].get<std::string>());
    const json& expected = row["expected"];
    EXPECT_EQ(reading.ok, !expected.contains("error")) << row["id"];
    if (!reading.ok) continue;
    const std::map<std::string, std::string> values{
        {"role", reading.role},       {"surname", reading.surname}, {"given", reading.given},
        {"given2", reading.given2},   {"title", reading.title},     {"suffix", reading.suffix},
        {"ptc", reading.ptc},         {"group", reading.group},     {"street", reading.street},
        {"city", reading.city},       {"state", reading.state},     {"zip", reading.zip},
        {"country", reading.country},
    };
    for (const auto& [key, wanted] : expected.items()) {
      EXPECT_EQ(values.at(key), wanted.get<std::string>()) << row["id"] << " " << key;
    }
  }
  EXPECT_GE(segments, 8);
}

TEST(Edifact, UndoesTheReleaseCharacterBeforeItSplits) {
  const Segment segment = split_segment("NAD+FL?+MC?:MD+A??B+O?'CONNOR:ANN'");
  EXPECT_EQ(segment.tag, "NAD");
  ASSERT_EQ(segment.elements.size(), 3u);
  EXPECT_EQ(segment.at(0), "FL+MC:MD");
  EXPECT_EQ(segment.at(1), "A?B");
  EXPECT_EQ(segment.at(2, 0), "O'CONNOR");
  EXPECT_EQ(segment.at(2, 1), "ANN");
  EXPECT_EQ(segment.at(2, 2), "");
  EXPECT_EQ(segment.at(9), "");
}

TEST(Edifact, KnowsTheRolesOfAPassengerList) {
  const std::pair<std::string, std::string> cases[] = {{"FL", "passenger"},
                                                       {"FM", "crew"},
                                                       {"DDU", "transit_passenger"},
                                                       {"DDT", "transit_crew"},
                                                       {"MS", "reporting_party"}};
  for (const auto& [qualifier, role] : cases) {
    EXPECT_EQ(read_name_segment("NAD+" + qualifier + "+++DOE:JOHN").role, role);
  }
  EXPECT_TRUE(has(read_name_segment("NAD+ZZ+++DOE:JOHN"), NameSegmentFinding::kUnknownRole));
}

TEST(Edifact, ReadsTravellerInformation) {
  const auto kim = read_name_segment("TIF+KIM:I+KONG CHUN MRS:A:3'");
  EXPECT_TRUE(kim.ok);
  EXPECT_EQ(kim.surname, "KIM");
  EXPECT_EQ(kim.given, "KONG CHUN");
  EXPECT_EQ(kim.title, "MRS");
  EXPECT_EQ(kim.ptc, "ADT");
  EXPECT_EQ(kim.traveller_ref, "3");
  const auto merged = read_name_segment("TIF+ATUYETMAIVAN+MISS:A");
  EXPECT_EQ(merged.surname, "ATUYETMAIVAN");
  EXPECT_EQ(merged.given, "");
  EXPECT_EQ(merged.candidates.back().given, "TUYETMAIVAN");
  EXPECT_EQ(read_name_segment("TIF+ROE+TIM:C:2").ptc, "CHD");
}

TEST(Edifact, ReadsEveryTravellerOfASegment) {
  const auto family = read_name_segment("TIF+ROE:I+RICHARDMR:A:1+JANEMRS:A:2+TIM:C:3'");
  EXPECT_TRUE(family.ok);
  EXPECT_EQ(family.given, "RICHARD");
  ASSERT_EQ(family.further_travellers.size(), 2u);
  EXPECT_EQ(family.further_travellers[0].surname, "ROE");
  EXPECT_EQ(family.further_travellers[0].given, "JANE");
  EXPECT_EQ(family.further_travellers[0].title, "MRS");
  EXPECT_EQ(family.further_travellers[0].traveller_ref, "2");
  EXPECT_EQ(family.further_travellers[1].ptc, "CHD");
}

TEST(Edifact, TakesATitleOffTheLastGivenNameOfAPassengerList) {
  const auto one = read_name_segment("NAD+FL+++ROE:RICHARDMR");
  EXPECT_EQ(one.given, "RICHARD");
  EXPECT_EQ(one.title, "MR");
  const auto two = read_name_segment("NAD+FL+++ROE:JANE:ANNMRS");
  EXPECT_EQ(two.given, "JANE");
  EXPECT_EQ(two.given2, "ANN");
  EXPECT_EQ(two.title, "MRS");
  EXPECT_EQ(read_name_segment("NAD+FL+++KHAN:NASIR").given, "NASIR");
  const auto junior = read_name_segment("NAD+FL+++ROE:RICHARD JR");
  EXPECT_EQ(junior.given, "RICHARD");
  EXPECT_EQ(junior.suffix, "JR");
  EXPECT_EQ(junior.title, "");
}

TEST(Edifact, SaysWhatItCannotRead) {
  EXPECT_TRUE(has(read_name_segment(""), NameSegmentFinding::kNotANameSegment));
  EXPECT_TRUE(has(read_name_segment("DTM+329:720907"), NameSegmentFinding::kNotANameSegment));
  EXPECT_TRUE(has(read_name_segment("NAD+FL"), NameSegmentFinding::kNameMissing));
  EXPECT_TRUE(has(read_name_segment("TIF++"), NameSegmentFinding::kNameMissing));
  EXPECT_TRUE(has(read_name_segment("TIF+A\xFF"), NameSegmentFinding::kIllegalByte));
  EXPECT_TRUE(
      has(read_name_segment(std::string(kMaxSegmentBytes + 1, 'A')), NameSegmentFinding::kTooLong));
}

TEST(Edifact, SurvivesEveryTruncationAndMutation) {
  static constexpr std::string_view kBytes = "+:?' A";
  for (const json& row : load_cases("booking_name_cases.jsonl")) {
    const std::string raw = row["raw"];
    for (std::size_t i = 0; i <= raw.size(); ++i) {
      EXPECT_NO_FATAL_FAILURE(read_name_segment(raw.substr(0, i)));
      for (const char byte : kBytes) {
        std::string mutated = raw;
        if (i < raw.size()) mutated[i] = byte;
        const auto reading = read_name_segment(mutated);
        EXPECT_TRUE(!reading.ok || !reading.candidates.empty() || !reading.group.empty());
      }
    }
  }
}

}  // namespace
}  // namespace paxid::bcbp
