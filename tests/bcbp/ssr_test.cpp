#include "bcbp/ssr.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/bcbp/case_file.h"

namespace paxid::bcbp {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

constexpr base::Date kToday{2026y / 11 / 22};

bool has(const SsrReading& reading, SsrFinding finding) {
  return std::find(reading.findings.begin(), reading.findings.end(), finding) !=
         reading.findings.end();
}

std::string iso(const std::optional<base::Date>& date) {
  return date ? base::to_iso(*date) : std::string();
}

// What a reading says under the keys of the case file.
std::map<std::string, std::string> values_of(const SsrReading& reading) {
  std::map<std::string, std::string> out{{"type", std::string(name_of(reading.type))},
                                         {"carrier", reading.carrier},
                                         {"board", reading.board},
                                         {"off", reading.off},
                                         {"traveller_ref", reading.traveller_ref}};
  if (const auto& docs = reading.docs) {
    out.insert({{"doc_type", docs->document_type},
                {"issuer", docs->issuer},
                {"number", docs->number},
                {"nationality", docs->nationality},
                {"dob", iso(docs->birth_date)},
                {"gender", docs->gender},
                {"expiry", iso(docs->expiry_date)},
                {"surname", docs->surname},
                {"surname_raw", docs->surname_raw},
                {"given", docs->given},
                {"title", docs->title}});
  }
  if (const auto& doco = reading.doco) {
    out.insert({{"place_of_birth", doco->place_of_birth},
                {"doc_type", doco->document_type},
                {"number", doco->number},
                {"place_of_issue", doco->place_of_issue},
                {"issue_date", iso(doco->issue_date)},
                {"applicable", doco->applicable}});
  }
  if (const auto& doca = reading.doca) {
    out.insert({{"kind", doca->kind},
                {"country", doca->country},
                {"street", doca->street},
                {"city", doca->city},
                {"state", doca->state},
                {"zip", doca->zip}});
  }
  return out;
}

TEST(SsrCases, ReadEveryElement) {
  int fields = 0;
  for (const json& row : load_cases("booking_name_cases.jsonl")) {
    if (row["kind"] != "ssr") continue;
    const SsrReading reading = read_ssr(row["raw"].get<std::string>(), kToday);
    EXPECT_TRUE(reading.ok) << row["id"];
    auto values = values_of(reading);
    for (const auto& [key, wanted] : row["expected"].items()) {
      EXPECT_EQ(values[key], wanted.get<std::string>()) << row["id"] << " " << key;
      ++fields;
    }
  }
  EXPECT_GT(fields, 30);
}

constexpr std::string_view kFields = "P/GBR/012345678/GBR/12JUL64/M/23AUG29/SMITH/JOHN";

TEST(Ssr, ReadsThePlainForms) {
  for (const std::string head :
       {"SSR DOCS BA HK1/", "SSR DOCS HK1/", "DOCS ", "DOCS/", "SRDOCSBAHK1/", "SR DOCS BA HK1/",
        "3DOCS/", "SI.P1/SSRDOCSBAHK1/", "ssr docs ba hk1/"}) {
    const SsrReading reading = read_ssr(head + std::string(kFields), kToday);
    ASSERT_TRUE(reading.ok) << head;
    EXPECT_EQ(reading.docs->document_type, "P") << head;
    EXPECT_EQ(reading.docs->number, "012345678");
    EXPECT_EQ(iso(reading.docs->birth_date), "1964-07-12");
    EXPECT_EQ(iso(reading.docs->expiry_date), "2029-08-23");
    EXPECT_EQ(reading.docs->surname, "SMITH");
    EXPECT_EQ(reading.docs->given, "JOHN");
    EXPECT_FALSE(has(reading, SsrFinding::kShiftedByOne)) << head;
  }
  EXPECT_EQ(read_ssr("SSR DOCS BA HK1/" + std::string(kFields), kToday).carrier, "BA");
}

TEST(Ssr, ReadsTheHyphenFormWithItsPassenger) {
  for (const std::string raw : {"SRDOCSUAHK1-P-US-512345678-US-12JUL64-M-23AUG29-SMITH-JOHN/P2",
                                "SRDOCSUAHK1-P-US-512345678-US-12JUL64-M-23AUG29-SMITH/JOHN/P2"}) {
    const SsrReading reading = read_ssr(raw, kToday);
    ASSERT_TRUE(reading.ok) << raw;
    EXPECT_EQ(reading.carrier, "UA");
    EXPECT_EQ(reading.docs->surname, "SMITH");
    EXPECT_EQ(reading.docs->given, "JOHN");
    EXPECT_EQ(reading.traveller_ref, "2");
  }
}

TEST(Ssr, TakesTheNameAssociationOff) {
  const std::string head = "SSR DOCS BA HK1/";
  for (const std::string tail : {"-1SMITH/JOHN", "/H-1SMITH/JOHN", "-1.1", "/P1", "/H"}) {
    const SsrReading reading = read_ssr(head + std::string(kFields) + tail, kToday);
    ASSERT_TRUE(reading.ok) << tail;
    EXPECT_EQ(reading.docs->given, "JOHN") << tail;
    EXPECT_EQ(reading.docs->second_given, "") << tail;
    EXPECT_EQ(reading.docs->multi_passenger_holder, tail.starts_with("/H")) << tail;
  }
  const SsrReading second = read_ssr(head + std::string(kFields) + "/PAUL/H-1SMITH/JOHN", kToday);
  EXPECT_EQ(second.docs->second_given, "PAUL");
  EXPECT_TRUE(second.docs->multi_passenger_holder);
  EXPECT_EQ(second.traveller_ref, "1");
}

TEST(Ssr, MendsFieldsThatAreShiftedByOne) {
  for (const std::string slashes : {"//", ""}) {
    const std::string fields =
        slashes.empty() ? "GBR/012345678/GBR/12JUL64/M/23AUG29/SMITH/JOHN" : std::string(kFields);
    const SsrReading reading =
        read_ssr("SSR DOCS BA HK1/" + slashes.substr(slashes.empty() ? 0 : 1) + fields, kToday);
    ASSERT_TRUE(reading.ok);
    EXPECT_TRUE(has(reading, SsrFinding::kShiftedByOne));
    EXPECT_EQ(reading.docs->issuer, "GBR");
    EXPECT_EQ(iso(reading.docs->birth_date), "1964-07-12");
    EXPECT_EQ(reading.docs->surname, "SMITH");
    EXPECT_EQ(reading.docs->given, "JOHN");
  }
}

TEST(Ssr, KeepsEmptyFieldsInTheirPlaces) {
  const SsrReading reading =
      read_ssr("SSR DOCS BA HK1////GBR/12JUL64/M//JONES/WILLIAMNEVELL", kToday);
  ASSERT_TRUE(reading.ok);
  EXPECT_TRUE(reading.docs->document_type.empty());
  EXPECT_TRUE(reading.docs->number.empty());
  EXPECT_EQ(reading.docs->nationality, "GBR");
  EXPECT_EQ(reading.docs->surname, "JONES");
  EXPECT_FALSE(reading.docs->expiry_date);
}

TEST(Ssr, ReadsNamesWithTitlesFoldsAndSuffixes) {
  const std::string head = "SSR+DOCS:HK:1:AV:::FLL:BOG:/P/GBR/1/GBR/12JUL64/F/23AUG29/";
  const SsrReading glued = read_ssr(head + "SMITH/MOLLYMRS/ZARA+::2", kToday);
  EXPECT_EQ(glued.docs->given, "MOLLY");
  EXPECT_EQ(glued.docs->title, "MRS");
  EXPECT_EQ(glued.docs->second_given, "ZARA");
  const SsrReading fold = read_ssr(head + "GRAND MAIRE/MELANIE+::2", kToday);
  EXPECT_EQ(fold.docs->surname, "GRANDMAIRE");
  EXPECT_EQ(fold.docs->surname_raw, "GRAND MAIRE");
  EXPECT_TRUE(has(fold, SsrFinding::kFoldMended));
  EXPECT_EQ(read_ssr(head + "DE LA CRUZ/ANA+::2", kToday).docs->surname, "DE LA CRUZ");
  EXPECT_EQ(read_ssr(head + "SMITHJR/ANA+::2", kToday).docs->suffix, "JR");
}

TEST(Ssr, KnowsInfants) {
  const SsrReading docs = read_ssr("DOCS P/GBR/1/GBR/12JUL25/FI/23AUG29/SMITH/ANN", kToday);
  EXPECT_TRUE(docs.docs->infant);
  EXPECT_EQ(docs.docs->gender, "FI");
  EXPECT_TRUE(read_ssr("SSR DOCO BA HK1/PARIS/V/12345/LONDON/22DEC06/USA/I", kToday).doco->infant);
  EXPECT_TRUE(read_ssr("SSR DOCA BA HK1/R/USA/1 MAIN ST/TOWN/VA/10053/I", kToday).doca->infant);
}

TEST(Ssr, SaysWhatItCannotRead) {
  EXPECT_TRUE(has(read_ssr("", kToday), SsrFinding::kNotAnSsr));
  EXPECT_TRUE(has(read_ssr("SSR WCHR BA HK1", kToday), SsrFinding::kNotAnSsr));
  EXPECT_TRUE(has(read_ssr("SSR+VGML:HK:1", kToday), SsrFinding::kNotAnSsr));
  EXPECT_TRUE(has(read_ssr("DOCS \x7F", kToday), SsrFinding::kIllegalByte));
  EXPECT_TRUE(has(read_ssr(std::string(kMaxSsrBytes + 1, 'A'), kToday), SsrFinding::kTooLong));
  const SsrReading date = read_ssr("DOCS P/GBR/1/GBR/31FEB64/M/23AUG29/SMITH/JOHN", kToday);
  EXPECT_TRUE(has(date, SsrFinding::kDateUnreadable));
  EXPECT_FALSE(date.docs->birth_date);
  const SsrReading nameless = read_ssr("DOCS P/GBR/1/GBR/12JUL64/M/23AUG29", kToday);
  EXPECT_FALSE(nameless.ok);
  EXPECT_TRUE(has(nameless, SsrFinding::kFieldMissing));
}

TEST(Ssr, SurvivesEveryTruncationAndMutation) {
  static constexpr std::string_view kBytes = "/-+:?1. ";
  for (const json& row : load_cases("booking_name_cases.jsonl")) {
    const std::string raw = row["raw"];
    for (std::size_t i = 0; i <= raw.size(); ++i) {
      const SsrReading cut = read_ssr(raw.substr(0, i), kToday);
      EXPECT_TRUE(!cut.ok || cut.docs || cut.doco || cut.doca);
      for (const char byte : kBytes) {
        std::string mutated = raw;
        if (i < raw.size()) mutated[i] = byte;
        const SsrReading reading = read_ssr(mutated, kToday);
        EXPECT_TRUE(!reading.ok || reading.docs || reading.doco || reading.doca);
      }
    }
  }
}

}  // namespace
}  // namespace paxid::bcbp
