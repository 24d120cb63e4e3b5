#include "clients/cli/verdict_card.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace paxid::cli {
namespace {

namespace ver = verification;
using base::PersonalText;
using testing::HasSubstr;
using testing::Not;

ver::VerdictReport report() {
  ver::VerdictReport report;
  report.verdict = ver::Verdict::kReview;
  report.confidence = 0.5;
  report.sentence = base::literal_message("A few letters differ.");
  report.alignment.push_back({PersonalText("MÜLLER"), PersonalText("MUELLER"), {1}, {1, 2}});
  report.alignment.push_back({PersonalText(""), PersonalText("HANS"), {}, {}});
  report.reasons.push_back(
      {"SLIP", PersonalText("A"), PersonalText("B"), -2.25, base::literal_message("Why.")});
  return report;
}

TEST(VerdictCard, SetsTheNamesAboveEachOtherAndMarksTheLetters) {
  EXPECT_EQ(verdict_card(report(), {{"record", "record 3 of log"}}, false),
            "▲ REVIEW  one person: 50.0 %  (automatic suggestion)\n"
            "A few letters differ.\n"
            "\n"
            "             v\n"
            "  booking   MÜLLER   ----\n"
            "  document  MUELLER  HANS\n"
            "             ^^\n"
            "\n"
            "   -2.2 bits  SLIP: Why.\n"
            "\n"
            "  record    record 3 of log\n");
}

TEST(VerdictCard, ColourAddsNothingButColour) {
  std::string coloured = verdict_card(report(), {}, true);
  EXPECT_THAT(coloured, HasSubstr("\033["));
  for (std::size_t at; (at = coloured.find('\033')) != std::string::npos;) {
    coloured.erase(at, coloured.find('m', at) - at + 1);
  }
  EXPECT_EQ(coloured, verdict_card(report(), {}, false));
}

TEST(VerdictCard, ClaimsNoCertainty) {
  ver::VerdictReport sure = report();
  sure.confidence = 0.999999;
  EXPECT_THAT(verdict_card(sure, {}, false), HasSubstr("> 99.9 %"));
  sure.confidence = 0.000001;
  EXPECT_THAT(verdict_card(sure, {}, false), HasSubstr("< 0.1 %"));
}

TEST(VerdictCard, InputCannotSteerTheTerminal) {
  ver::VerdictReport hostile = report();
  hostile.sentence = base::literal_message("\033[2J\r\n\x07");
  hostile.alignment[0].booking_part = PersonalText("A\u202EB\u009B\xFF");
  const std::string card = verdict_card(hostile, {{"record", "\033[1m"}}, false);
  EXPECT_THAT(card, Not(HasSubstr("\033")));
  EXPECT_THAT(card, Not(HasSubstr("\r")));
  EXPECT_THAT(card, Not(HasSubstr("\u202E")));
  EXPECT_THAT(card, HasSubstr("A\uFFFDB\uFFFD\uFFFD"));
}

TEST(VerdictCard, ExitStatusOfEveryVerdict) {
  EXPECT_EQ(exit_status_of(ver::Verdict::kMatch), 0);
  EXPECT_EQ(exit_status_of(ver::Verdict::kReview), 3);
  EXPECT_EQ(exit_status_of(ver::Verdict::kMismatch), 4);
}

}  // namespace
}  // namespace paxid::cli
