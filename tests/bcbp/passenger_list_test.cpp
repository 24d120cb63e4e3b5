// Invented passengers throughout.
#include "bcbp/passenger_list.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace paxid::bcbp {
namespace {

using namespace std::chrono_literals;

constexpr base::Date kToday{2026y / 11 / 22};

const std::string kPnl =
    "QU JFKKMXX\r\n"
    ".FRARMXX 221200\r\n"
    "PNL\r\n"
    "XX0123/23NOV FRA PART1\r\n"
    "CFG/008C126Y\r\n"
    "-JFK002C\r\n"
    "1LOVELACE/ADAMRS .L/ABC123 .R/DOCS HK1/P/UTO/X1234567/UTO/10DEC80/F/01JAN30\r\n"
    ".RN//LOVELACE/ADA\r\n"
    "1HOPPER/GRACEDR-A2 .L/DEF456/1A .R/VGML HK1\r\n"
    "-JFK004Y\r\n"
    "2TURING/ALANMR/JOANMRS-B2 .L/GHI789 .O/XX0900Y24BOSHK\r\n"
    ".R/DOCS HK1/P/UTO/Y7654321/UTO/23JUN72/F/01JAN31/TURING/JOAN\r\n"
    "1NOETHER/EMMYMISS .L/JKL012 .R/CHLD HK1\r\n"
    "1SUHARTO/FNU .L/MNO345\r\n"
    "ENDPNL\r\n";

bool has(const PassengerList& list, ListFindingCode code, std::size_t line) {
  return std::find(list.findings.begin(), list.findings.end(), ListFinding{code, line}) !=
         list.findings.end();
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  return text.replace(text.find(what), what.size(), by);
}

TEST(PassengerList, ReadsAPnl) {
  const PassengerList list = read_passenger_list(kPnl, kToday);
  ASSERT_TRUE(list.ok) << name_of(list.findings.at(0).code) << " " << list.findings.at(0).line;
  EXPECT_TRUE(list.findings.empty());
  EXPECT_EQ(list.kind, ListKind::kPnl);
  EXPECT_EQ(list.carrier + list.flight_number, "XX0123");
  EXPECT_EQ(base::to_iso(*list.departure), "2026-11-23");
  EXPECT_EQ(list.board, "FRA");
  EXPECT_TRUE(list.last_part);
  ASSERT_EQ(list.passengers.size(), 6u);
  const ListedPassenger& first = list.passengers[0];
  EXPECT_EQ(first.passenger.surname + "/" + first.passenger.given, "LOVELACE/ADA");
  EXPECT_EQ(first.passenger.title, "MRS");
  EXPECT_EQ(first.locator, "ABC123");
  EXPECT_EQ(first.booking_class, "C");
  EXPECT_EQ(first.destination, "JFK");
  EXPECT_EQ(first.line, 7u);
  ASSERT_EQ(first.documents.size(), 1u);
  EXPECT_EQ(first.documents[0].number, "X1234567");
  EXPECT_EQ(first.documents[0].given, "ADA");
  EXPECT_EQ(list.passengers[1].party, "A2");
  EXPECT_EQ(list.passengers[1].locator, "DEF456");
  EXPECT_EQ(list.passengers[1].remarks, std::vector<std::string>{".R/VGML HK1"});
}

TEST(PassengerList, SharesAndDividesWhatAPartyHas) {
  const PassengerList list = read_passenger_list(kPnl, kToday);
  ASSERT_EQ(list.passengers.size(), 6u);
  const ListedPassenger& alan = list.passengers[2];
  const ListedPassenger& joan = list.passengers[3];
  EXPECT_EQ(alan.passenger.given, "ALAN");
  EXPECT_EQ(joan.passenger.given, "JOAN");
  EXPECT_EQ(alan.locator, joan.locator);
  EXPECT_EQ(alan.remarks, std::vector<std::string>{".O/XX0900Y24BOSHK"});
  EXPECT_TRUE(alan.documents.empty());
  ASSERT_EQ(joan.documents.size(), 1u);
  EXPECT_EQ(list.passengers[4].passenger.ptc, "CHD");
  EXPECT_EQ(list.passengers[5].passenger.given, "");
}

TEST(PassengerList, ReadsWhatAnAdlChanges) {
  const PassengerList list = read_passenger_list(
      "ADL\nXX12A/01JAN FRA PART1\n-JFK003Y\nADD\n1DOE/JANEMRS .L/AAAAAA\nDEL\n"
      "1ROE/RICHARDMR .L/BBBBBB\nCHG\n1POE/EDGARMR .L/CCCCCC .R/SPML HK1\nENDADL\n",
      kToday);
  EXPECT_TRUE(list.ok);
  EXPECT_EQ(list.kind, ListKind::kAdl);
  EXPECT_EQ(list.flight_number, "12A");
  EXPECT_EQ(base::to_iso(*list.departure), "2027-01-01");
  ASSERT_EQ(list.passengers.size(), 3u);
  EXPECT_EQ(list.passengers[0].change, ListChange::kAdded);
  EXPECT_EQ(list.passengers[1].change, ListChange::kDeleted);
  EXPECT_EQ(list.passengers[2].change, ListChange::kChanged);
}

TEST(PassengerList, APartSaysThatItIsNoWholeList) {
  const std::string part = replaced(replaced(kPnl, "ENDPNL", "ENDPART2"), "PART1", "PART2");
  const PassengerList list = read_passenger_list(part, kToday);
  EXPECT_TRUE(list.ok);
  EXPECT_EQ(list.part, 2);
  EXPECT_FALSE(list.last_part);
  EXPECT_EQ(list.passengers.size(), 6u);
}

struct Broken {
  std::string what, text;
  ListFindingCode code;
  std::size_t line;
};

TEST(PassengerList, SaysWhatItCannotReadAndKeepsIt) {
  using enum ListFindingCode;
  const Broken cases[] = {
      {"no end", replaced(kPnl, "ENDPNL\r\n", ""), kEndMissing, 15},
      {"total", replaced(kPnl, "-JFK004Y", "-JFK005Y"), kTotalMismatch, 10},
      {"count", replaced(kPnl, "2TURING", "3TURING"), kCountMismatch, 11},
      {"no flight", replaced(kPnl, "XX0123/23NOV", "XX0123"), kNoHeader, 1},
      {"line", replaced(kPnl, "CFG/008C126Y", "WHAT IS THIS"), kUnknownLine, 5},
      {"element", replaced(kPnl, ".O/XX", ".Q/XX"), kUnknownElement, 11},
      {"control byte",
       replaced(kPnl, "HOPPER",
                "HOP\x01"
                "ER"),
       kIllegalByte, 9},
      {"no UTF-8", replaced(kPnl, "HOPPER", "HOPP\xFFR"), kIllegalByte, 1},
      {"too long", std::string(kMaxListBytes + 1, 'A'), kTooLong, 1},
      {"empty", "", kNoHeader, 1},
  };
  for (const Broken& c : cases) {
    const PassengerList list = read_passenger_list(c.text, kToday);
    if (c.code == kIllegalByte) {
      EXPECT_EQ(list.findings.at(0).code, c.code) << c.what;
      continue;
    }
    EXPECT_TRUE(has(list, c.code, c.line)) << c.what;
  }
  const PassengerList list = read_passenger_list(cases[4].text, kToday);
  EXPECT_FALSE(list.ok);
  EXPECT_EQ(list.passengers.size(), 6u);
  EXPECT_TRUE(std::any_of(list.other_lines.begin(), list.other_lines.end(),
                          [](const OtherLine& other) { return other.text == "WHAT IS THIS"; }));
}

TEST(PassengerList, StopsAtItsLimit) {
  std::string text = "PNL\nXX1/23NOV FRA PART1\n-JFK999Y\n";
  for (std::size_t i = 0; i <= kMaxListedPassengers; ++i) text += "1DOE/JANE .L/AAAAAA\n";
  const PassengerList list = read_passenger_list(text + "ENDPNL\n", kToday);
  EXPECT_EQ(list.passengers.size(), kMaxListedPassengers);
  EXPECT_FALSE(list.ok);
}

TEST(PassengerList, ReadsACsv) {
  const PassengerList list = read_passenger_list(
      "Surname,Given,Title,Locator,Class,Birth_Date,Meal\r\n"
      "Lovelace,Ada,MRS,ABC123,C,1980-12-10,\r\n"
      "\"Turing, Baron\",\"Alan \"\"Al\"\"\",MR,GHI789,Y,,VGML\r\n"
      "M\xC3\xBCller,J\xC3\xB6rg,,JKL012,Y,01.02.1990,\"two\r\nlines\"\r\n",
      kToday);
  EXPECT_EQ(list.kind, ListKind::kCsv);
  EXPECT_TRUE(list.ok);
  ASSERT_EQ(list.passengers.size(), 3u);
  EXPECT_EQ(list.passengers[0].passenger.given, "ADA");
  EXPECT_EQ(list.passengers[0].passenger.title, "MRS");
  EXPECT_EQ(base::to_iso(*list.passengers[0].passenger.birth_date), "1980-12-10");
  EXPECT_EQ(list.passengers[1].name, "Turing, Baron/Alan \"Al\" MR");
  EXPECT_EQ(list.passengers[1].remarks, std::vector<std::string>{"MEAL=VGML"});
  EXPECT_EQ(list.passengers[2].passenger.surname, "M\xC3\xBCller");
  EXPECT_EQ(list.passengers[2].passenger.given, "J\xC3\xB6rg");
  EXPECT_TRUE(has(list, ListFindingCode::kDateUnreadable, 4));
  EXPECT_EQ(list.passengers[2].remarks,
            (std::vector<std::string>{"BIRTH_DATE=01.02.1990", "MEAL=two\r\nlines"}));
}

TEST(PassengerList, SaysWhatIsWrongWithACsv) {
  EXPECT_TRUE(
      has(read_passenger_list("Locator,Class\nABC123,Y\n", kToday), ListFindingCode::kNoHeader, 1));
  const PassengerList list = read_passenger_list("Name,Class\nDOE/JANE\n,Y\nROE/JO,\"Y\n", kToday);
  EXPECT_TRUE(has(list, ListFindingCode::kRowLength, 2));
  EXPECT_TRUE(has(list, ListFindingCode::kNameUnreadable, 3));
  EXPECT_TRUE(has(list, ListFindingCode::kQuoteOpen, 4));
  EXPECT_EQ(list.passengers.size(), 2u);
}

TEST(PassengerList, SurvivesEveryTruncationAndMutation) {
  for (std::size_t length = 0; length + 2 < kPnl.size(); ++length) {
    const PassengerList list = read_passenger_list(kPnl.substr(0, length), kToday);
    EXPECT_FALSE(list.ok) << length;
  }
  static constexpr std::string_view kBytes("\n ./-1A\xC3,\"", 10);
  for (std::size_t i = 0; i < kPnl.size(); ++i) {
    for (const char byte : kBytes) {
      std::string mutated = kPnl;
      mutated[i] = byte;
      const PassengerList list = read_passenger_list(mutated, kToday);
      for (const ListedPassenger& listed : list.passengers) {
        EXPECT_FALSE(listed.passenger.candidates.empty());
        EXPECT_LE(listed.line, 17u);
      }
    }
  }
}

}  // namespace
}  // namespace paxid::bcbp
