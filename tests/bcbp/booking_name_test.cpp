#include "bcbp/booking_name.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/bcbp/case_file.h"

namespace paxid::bcbp {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

constexpr base::Date kToday{2026y / 11 / 22};

std::string show(const Passenger& passenger) {
  std::string text = passenger.surname + "|" + passenger.given + "|" + passenger.title;
  if (!passenger.ptc.empty()) text += "|" + passenger.ptc;
  if (passenger.birth_date) text += "|" + base::to_iso(*passenger.birth_date);
  if (passenger.age_years) text += "|" + std::to_string(*passenger.age_years) + "y";
  if (passenger.age_months) text += "|" + std::to_string(*passenger.age_months) + "m";
  return text;
}

TEST(BookingNameCases, ReadEveryNameElement) {
  int elements = 0;
  for (const json& row : load_cases("booking_name_cases.jsonl")) {
    if (row["kind"] != "pnr_name") continue;
    ++elements;
    const auto reading = read_name_element(row["raw"].get<std::string>(), kToday);
    const json& wanted = row["expected"]["pax"];
    EXPECT_TRUE(reading.ok) << row["id"];
    ASSERT_EQ(reading.passengers.size(), wanted.size()) << row["id"];
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const Passenger& passenger = reading.passengers[i];
      EXPECT_EQ(passenger.surname, wanted[i].value("surname", "")) << row["id"];
      EXPECT_EQ(passenger.given, wanted[i].value("given", "")) << row["id"];
      EXPECT_EQ(passenger.title, wanted[i].value("title", "")) << row["id"];
      EXPECT_EQ(passenger.ptc, wanted[i].value("ptc", "")) << row["id"];
      EXPECT_EQ(passenger.id, wanted[i].value("id", "")) << row["id"];
      EXPECT_EQ(passenger.birth_date ? base::to_iso(*passenger.birth_date) : "",
                wanted[i].value("dob", ""))
          << row["id"];
      EXPECT_EQ(passenger.infant_of.value_or(0), wanted[i].value("infant_of", 0u)) << row["id"];
      if (wanted[i].contains("age")) {
        EXPECT_EQ(passenger.age_years, wanted[i]["age"].get<int>());
      }
      if (wanted[i].contains("age_months")) {
        EXPECT_EQ(passenger.age_months, wanted[i]["age_months"].get<int>());
      }
    }
  }
  EXPECT_GE(elements, 19);
}

struct ElementCase {
  std::string raw;
  std::vector<std::string> passengers;
};

TEST(BookingName, ReadsTheFormsOfReservationSystems) {
  const ElementCase cases[] = {
      {"NM1SMITH/JOHN MR", {"SMITH|JOHN|MR"}},
      {"NM3LEE/SAM MR/JOAN MRS/TOM MR", {"LEE|SAM|MR", "LEE|JOAN|MRS", "LEE|TOM|MR"}},
      {"NM1LEE/KIM MRS(INF//10SEP08)", {"LEE|KIM|MRS", "LEE|||INF|2008-09-10"}},
      {"NM1LEE/KIM(INFANT/BO)", {"LEE|KIM|", "LEE|BO||INF"}},
      {"NM1LEE/KIM(INFANT)", {"LEE|KIM|", "LEE|||INF"}},
      {"NM1LEE/KIM(INFANTON/BO)", {"LEE|KIM|", "ANTON|BO||INF"}},
      {"NM1LEE/KIM MRS(INF/BO MSTR/10SEP25)", {"LEE|KIM|MRS", "LEE|BO|MSTR|INF|2025-09-10"}},
      {"NM2LEE/KIM MRS(INF/BO)/SAM MR", {"LEE|KIM|MRS", "LEE|BO||INF", "LEE|SAM|MR"}},
      {"NM1ROE/ANN(C08/05JAN18)", {"ROE|ANN||C08|2018-01-05"}},
      {"nm1smith/john mr", {"SMITH|JOHN|MR"}},
      {"N.3MAJA/RAJ MR/ANA MRS/PYUSH MR", {"MAJA|RAJ|MR", "MAJA|ANA|MRS", "MAJA|PYUSH|MR"}},
      {"N.ROE/ANN+N.DOE/BOB MR", {"ROE|ANN|", "DOE|BOB|MR"}},
      {"N.2JONES/ALANMR/LISAMRS", {"JONES|ALAN|MR", "JONES|LISA|MRS"}},
      {"N.EK/BO CHD*11YR", {"EK|BO||CHD|11y"}},
      {"N.2ROE/TIM MSTR*P-C09/ANN MRS", {"ROE|TIM|MSTR|C09", "ROE|ANN|MRS"}},
      {"-2SMITH/JOHN MR/JANE MRS", {"SMITH|JOHN|MR", "SMITH|JANE|MRS"}},
      {"-SMITH/BOB*C05", {"SMITH|BOB||C05|5y"}},
      {"-I/SMITH/BABY*I06", {"SMITH|BABY||INF|6m"}},
      {"1.1SMITH/JOHN MR", {"SMITH|JOHN|MR"}},
      {"SMITH/JOHN MR", {"SMITH|JOHN|MR"}},
  };
  for (const ElementCase& c : cases) {
    const auto reading = read_name_element(c.raw, kToday);
    EXPECT_TRUE(reading.ok) << c.raw;
    std::vector<std::string> shown;
    for (const Passenger& passenger : reading.passengers) {
      std::string text = show(passenger);
      // C09 says an age by itself.
      if (passenger.ptc == "C09") text = text.substr(0, text.rfind('|'));
      shown.push_back(text);
    }
    EXPECT_EQ(shown, c.passengers) << c.raw;
  }
}

TEST(BookingName, TellsGroupsAndUnnamedInfants) {
  const auto infant = read_name_element("NM1LEE/KIM MRS(INF)", kToday);
  ASSERT_EQ(infant.passengers.size(), 2u);
  EXPECT_EQ(infant.passengers[1].kind, NameKind::kUnnamedInfant);
  EXPECT_EQ(infant.passengers[1].infant_of, 1u);
  for (const std::string raw : {"NG25TOUR CLUB", "N.G/25TOUR CLUB", "-C/25TOUR CLUB"}) {
    const auto group = read_name_element(raw, kToday);
    ASSERT_EQ(group.passengers.size(), 1u) << raw;
    EXPECT_EQ(group.passengers[0].kind, NameKind::kGroup);
    EXPECT_EQ(group.passengers[0].surname, "TOUR CLUB");
  }
}

struct RefusedCase {
  std::string raw;
  NameElementFinding finding;
};

TEST(BookingName, NeverGivesAGivenNameToThePassengerInFront) {
  const auto counted = read_name_element("NM2SMITH1LEE/SAM", kToday);
  EXPECT_FALSE(counted.ok);
  EXPECT_EQ(counted.findings, std::vector{NameElementFinding::kCountMismatch});
  ASSERT_EQ(counted.passengers.size(), 1u);
  EXPECT_EQ(show(counted.passengers[0]), "SMITH1LEE|SAM|");
  const auto typed_wrong = read_name_element("NM1SM1TH/JOHN MR", kToday);
  EXPECT_TRUE(typed_wrong.ok);
  ASSERT_EQ(typed_wrong.passengers.size(), 1u);
  EXPECT_EQ(show(typed_wrong.passengers[0]), "SM1TH|JOHN|MR");
}

TEST(BookingName, SaysWhyItRefuses) {
  const RefusedCase cases[] = {
      {"", NameElementFinding::kEmpty},
      {"   ", NameElementFinding::kEmpty},
      {"NM2SMITH/JOHN MR", NameElementFinding::kCountMismatch},
      {"-1SMITH/JOHN MR/JANE MRS", NameElementFinding::kCountMismatch},
      {"HELLO WORLD", NameElementFinding::kNotANameElement},
      {"1234/5678", NameElementFinding::kNotANameElement},
      {"NM1SMITH/1234", NameElementFinding::kNotANameElement},
      {"NM1/JOHN", NameElementFinding::kNotANameElement},
      {"SMITH/JOHN//MR", NameElementFinding::kNotANameElement},
      {"NM2SMITH/JOHN MR/ ", NameElementFinding::kNotANameElement},
      {"NM2LEE/KIM/(INF/BO)", NameElementFinding::kNotANameElement},
      {"SMITH/JO\x01HN", NameElementFinding::kIllegalByte},
      {"SMITH/J\xC3\x96RG", NameElementFinding::kIllegalByte},
      {std::string(kMaxNameElementBytes + 1, 'A'), NameElementFinding::kTooLong},
      {"NM1ROE/ANN(CHD/31FEB06)", NameElementFinding::kDateImpossible},
  };
  for (const RefusedCase& c : cases) {
    const auto reading = read_name_element(c.raw, kToday);
    EXPECT_FALSE(reading.ok) << c.raw;
    EXPECT_NE(std::find(reading.findings.begin(), reading.findings.end(), c.finding),
              reading.findings.end())
        << c.raw;
  }
  std::string crowd = "NM";
  for (std::size_t i = 0; i <= kMaxPassengers; ++i) crowd += "1ROE/ANN";
  const auto crowded = read_name_element(crowd, kToday);
  EXPECT_FALSE(crowded.ok);
  EXPECT_EQ(crowded.passengers.size(), kMaxPassengers);
}

TEST(BookingName, BirthsAreNeverInTheFuture) {
  EXPECT_EQ(read_name_element("N.ROE/ANN*22NOV26", kToday).passengers[0].birth_date,
            base::Date{2026y / 11 / 22});
  EXPECT_EQ(read_name_element("N.ROE/ANN*23NOV26", kToday).passengers[0].birth_date,
            base::Date{1926y / 11 / 23});
  EXPECT_EQ(read_name_element("N.ROE/ANN*29FEB24", kToday).passengers[0].birth_date,
            base::Date{2024y / 2 / 29});
}

TEST(BookingName, SurvivesEveryTruncationAndMutation) {
  static constexpr std::string_view kBytes = "/(*)+-.0I ";
  for (const json& row : load_cases("booking_name_cases.jsonl")) {
    const std::string raw = row["raw"];
    for (std::size_t i = 0; i <= raw.size(); ++i) {
      const auto cut = read_name_element(raw.substr(0, i), kToday);
      EXPECT_TRUE(!cut.ok || !cut.passengers.empty());
      for (const char byte : kBytes) {
        std::string mutated = raw;
        if (i < raw.size()) mutated[i] = byte;
        const auto reading = read_name_element(mutated, kToday);
        EXPECT_TRUE(!reading.ok || !reading.passengers.empty());
        for (const Passenger& passenger : reading.passengers) {
          EXPECT_FALSE(passenger.candidates.empty());
        }
      }
    }
  }
}

}  // namespace
}  // namespace paxid::bcbp
