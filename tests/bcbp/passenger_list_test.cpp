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
  EXPECT_EQ(list.passengers[1].party, "A");
  EXPECT_EQ(list.passengers[1].party_size, 2);
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

std::string pnl_of(const std::string& items, const std::string& total = "-JFK002Y") {
  return "PNL\nXX0123/23NOV FRA PART1\n" + total + "\n" + items + "ENDPNL\n";
}

TEST(PassengerList, BindsAnInfantToItsAdult) {
  const PassengerList list =
      read_passenger_list(pnl_of("2TURING/ALANMR/JOANMRS-B2 .L/GHI789\n"
                                 ".R/INFT HK1 TURING/BABY 01MAR26-1TURING/JOANMRS\n"
                                 ".R/DOCS HK1/P/UTO/Z1/UTO/01MAR26/FI/01JAN31/TURING/BABY\n"),
                          kToday);
  EXPECT_TRUE(list.ok);
  EXPECT_TRUE(list.findings.empty());
  ASSERT_EQ(list.passengers.size(), 3u);
  const ListedPassenger& baby = list.passengers[2];
  EXPECT_EQ(baby.type, TravellerType::kInfant);
  EXPECT_EQ(baby.adult, 1u);
  EXPECT_EQ(baby.passenger.surname + "/" + baby.passenger.given, "TURING/BABY");
  EXPECT_EQ(base::to_iso(baby.passenger.birth_date.value()), "2026-03-01");
  EXPECT_EQ(baby.locator, "GHI789");
  ASSERT_EQ(baby.documents.size(), 1u);
  EXPECT_TRUE(list.passengers[1].documents.empty());
}

TEST(PassengerList, AnInfantIsListedOnceHoweverOftenItIsNamed) {
  for (const std::string items :
       {"1DOE/JANEMRS(INF/BABY) .L/A\n.R/INFT HK1 DOE/BABY 01MAR26\n",
        "1DOE/JANEMRS .L/A .R/INFT XX HK1 DOE/BABY 01MAR26\n",
        "1DOE/JANEMRS .L/A .R/INFT HK1/DOE/BABY/01MAR26-1DOE/JANEMRS\n"}) {
    const PassengerList list = read_passenger_list(pnl_of(items, "-JFK001Y"), kToday);
    ASSERT_EQ(list.passengers.size(), 2u) << items;
    EXPECT_TRUE(list.findings.empty()) << items;
    EXPECT_EQ(list.passengers[1].adult, 0u) << items;
    EXPECT_EQ(list.passengers[1].passenger.given, "BABY") << items;
    EXPECT_EQ(list.passengers[1].passenger.birth_date, 2026y / 3 / 1) << items;
  }
  const PassengerList unnamed =
      read_passenger_list(pnl_of("1DOE/JANEMRS .R/INFT HK1\n", "-JFK001Y"), kToday);
  ASSERT_EQ(unnamed.passengers.size(), 2u);
  EXPECT_EQ(unnamed.passengers[1].passenger.kind, NameKind::kUnnamedInfant);
}

TEST(PassengerList, ADocumentOfNobodyInThePartyIsGivenToNobody) {
  const std::string docs = ".R/DOCS HK1/P/UTO/Y1/UTO/23JUN72/F/01JAN31/ROE/RICHARD\n";
  const PassengerList two =
      read_passenger_list(pnl_of("2TURING/ALANMR/JOANMRS .L/A " + docs), kToday);
  ASSERT_EQ(two.passengers.size(), 2u);
  EXPECT_TRUE(has(two, ListFindingCode::kOwnerUnknown, 4));
  for (const ListedPassenger& listed : two.passengers) {
    EXPECT_TRUE(listed.documents.empty());
    EXPECT_EQ(listed.remarks.size(), 1u);
  }
  // A nickname in the booking: there is nobody else whose it could be.
  const PassengerList one =
      read_passenger_list(pnl_of("1TURING/ALANMR .L/A " + docs, "-JFK001Y"), kToday);
  ASSERT_EQ(one.passengers.size(), 1u);
  EXPECT_EQ(one.passengers[0].documents.size(), 1u);
}

TEST(PassengerList, AttachesVisasAddressesSeatsAndTypes) {
  const PassengerList list =
      read_passenger_list(pnl_of("2TURING/ALANMR/JOANMISS-B3 .L/GHI789 .C/TOUR CLUB\n"
                                 ".R/DOCO HK1/BERLIN UTO/V/V123/UTO/01JAN25/USA-1TURING/ALANMR\n"
                                 ".R/DOCA HK1/D/USA/1 MAIN ST/TOWN/VA/10053-1TURING/JOANMISS\n"
                                 ".R/CHLD HK1 10OCT18-1TURING/JOANMISS .R/RQST HK2 24F24G\n"),
                          kToday);
  EXPECT_TRUE(list.findings.empty());
  ASSERT_EQ(list.passengers.size(), 2u);
  const ListedPassenger& alan = list.passengers[0];
  const ListedPassenger& joan = list.passengers[1];
  ASSERT_EQ(alan.visas.size(), 1u);
  EXPECT_EQ(alan.visas[0].number, "V123");
  EXPECT_EQ(alan.visas[0].applicable, "USA");
  EXPECT_TRUE(alan.addresses.empty());
  ASSERT_EQ(joan.addresses.size(), 1u);
  EXPECT_EQ(joan.addresses[0].city, "TOWN");
  EXPECT_EQ(joan.addresses[0].zip, "10053");
  EXPECT_EQ(alan.type, TravellerType::kAdult);
  EXPECT_EQ(joan.type, TravellerType::kChild);
  EXPECT_EQ(base::to_iso(joan.passenger.birth_date.value()), "2018-10-10");
  EXPECT_EQ(alan.seat, "24F");
  EXPECT_EQ(joan.seat, "24G");
  EXPECT_EQ(joan.group, "TOUR CLUB");
  EXPECT_EQ(joan.party_size, 3);
}

TEST(PassengerList, SaysWhenItIsNotKnownWhoTheChildIs) {
  const PassengerList list =
      read_passenger_list(pnl_of("2TURING/ALANMR/JOANMISS .R/CHLD HK1\n"), kToday);
  EXPECT_TRUE(has(list, ListFindingCode::kOwnerUnknown, 4));
  for (const ListedPassenger& listed : list.passengers) {
    EXPECT_EQ(listed.type, TravellerType::kAdult);
  }
  const PassengerList both =
      read_passenger_list(pnl_of("2TURING/ALANMR/JOANMISS .R/2CHD HK2\n"), kToday);
  for (const ListedPassenger& listed : both.passengers) {
    EXPECT_EQ(listed.type, TravellerType::kChild);
  }
}

TEST(PassengerList, JoinsTheParts) {
  const std::string one = "PNL\nXX0123/23NOV FRA PART1\n-JFK003Y\n1DOE/JANEMRS .L/A\nENDPART1\n";
  const std::string two =
      "QU JFKKMXX\nPNL\nXX0123/23NOV FRA PART2\n-JFK003Y\n1ROE/ANNMS .L/B\nENDPART2\n";
  const std::string three =
      "PNL\nXX0123/23NOV FRA PART3\n-JFK003Y\n1POE/EDMR .L/C\nENDPNL\n\nNNNN\n";
  const PassengerList whole = read_passenger_list(one + two + three, kToday);
  EXPECT_TRUE(whole.ok);
  EXPECT_TRUE(whole.is_whole());
  EXPECT_TRUE(whole.findings.empty());
  EXPECT_EQ(whole.parts, 3);
  ASSERT_EQ(whole.passengers.size(), 3u);
  EXPECT_EQ(whole.passengers[2].booking_class, "Y");
  EXPECT_EQ(whole.totals.size(), 1u);

  const PassengerList gap = read_passenger_list(one + three, kToday);
  EXPECT_FALSE(gap.ok);
  EXPECT_FALSE(gap.is_whole());
  EXPECT_TRUE(has(gap, ListFindingCode::kPartMissing, 7));
  EXPECT_EQ(gap.passengers.size(), 2u);
  EXPECT_FALSE(read_passenger_list(one, kToday).is_whole());
  EXPECT_TRUE(read_passenger_list(one, kToday).ok);
  EXPECT_FALSE(read_passenger_list(three, kToday).is_whole());

  const PassengerList other = read_passenger_list(one + replaced(two, "XX0123", "XX0124"), kToday);
  EXPECT_TRUE(has(other, ListFindingCode::kOtherFlight, 8));
  EXPECT_EQ(other.passengers.size(), 1u);
  EXPECT_FALSE(other.ok);
}

TEST(PassengerList, GoesOnBehindALineThatItCannotRead) {
  const PassengerList list = read_passenger_list(
      pnl_of("1DOE/JANEMRS\n?? NOISE ??\n.R/VGML HK1\n7\n1ROE/ANNMS\n"), kToday);
  EXPECT_FALSE(list.ok);
  EXPECT_EQ(list.passengers.size(), 2u);
  EXPECT_TRUE(has(list, ListFindingCode::kUnknownLine, 5));
  const PassengerList behind = read_passenger_list(kPnl + "1LATE/COMERMR\n", kToday);
  EXPECT_TRUE(has(behind, ListFindingCode::kUnknownLine, 16));
}

TEST(PassengerList, CarriesOutAnAdl) {
  PassengerList list = read_passenger_list(
      pnl_of("1DOE/JANEMRS .L/AAAAAA .R/INFT HK1 DOE/BABY 01MAR26\n1ROE/RICHARDMR .L/BBBBBB\n"),
      kToday);
  ASSERT_TRUE(list.ok);
  const std::string head = "ADL\nXX0123/23NOV FRA PART1\n-JFK002Y\n";
  // The name is corrected: out with the wrong one, in with the right one.
  const PassengerList changes = read_passenger_list(
      head +
          "DEL\n1ROE/RICHARDMR .L/BBBBBB\nADD\n1ROWE/RICHARDMR .L/BBBBBB "
          ".R/INFT HK1 ROWE/TIM 01MAY26\nCHG\n1DOE/JANEMRS .L/AAAAAA .R/SPML HK1\nENDADL\n",
      kToday);
  ASSERT_TRUE(changes.ok);
  EXPECT_TRUE(apply_changes(list, changes).empty());
  ASSERT_EQ(list.passengers.size(), 4u);
  EXPECT_EQ(list.passengers[0].remarks, std::vector<std::string>{".R/SPML HK1"});
  EXPECT_EQ(list.passengers[1].adult, 0u);
  EXPECT_EQ(list.passengers[2].passenger.surname, "ROWE");
  EXPECT_EQ(list.passengers[2].change, ListChange::kListed);
  EXPECT_EQ(list.passengers[3].adult, 2u);

  using enum ListFindingCode;
  EXPECT_EQ(apply_changes(list, changes),
            (std::vector<ListFinding>{{kNotListed, 5}, {kAlreadyListed, 7}, {kAlreadyListed, 7}}));
  // Mother and child leave together.
  const PassengerList gone = read_passenger_list(head + "DEL\n1DOE/JANEMRS\nENDADL\n", kToday);
  EXPECT_TRUE(apply_changes(list, gone).empty());
  ASSERT_EQ(list.passengers.size(), 2u);
  EXPECT_EQ(list.passengers[1].adult, 0u);
  PassengerList other = list;
  other.flight_number = "9";
  EXPECT_EQ(apply_changes(other, gone), (std::vector<ListFinding>{{kOtherFlight, 1}}));
}

TEST(PassengerList, AnAdlNeverTakesAnotherOfTheSameName) {
  const PassengerList namesakes =
      read_passenger_list(pnl_of("1ROE/RICHARDMR\n1ROE/RICHARDMR .L/BBBBBB\n"
                                 "1ROE/RICHARDMR .L/CCCCCC\n",
                                 "-JFK003Y"),
                          kToday);
  ASSERT_TRUE(namesakes.ok);
  const auto deleting = [](const std::string& item) {
    return read_passenger_list("ADL\nXX0123/23NOV FRA PART1\n-JFK002Y\nDEL\n" + item + "\nENDADL\n",
                               kToday);
  };
  PassengerList list = namesakes;
  EXPECT_TRUE(apply_changes(list, deleting("1ROE/RICHARDMR .L/CCCCCC")).empty());
  ASSERT_EQ(list.passengers.size(), 2u);
  EXPECT_EQ(list.passengers[0].locator, "");
  EXPECT_EQ(list.passengers[1].locator, "BBBBBB");
  EXPECT_TRUE(apply_changes(list, deleting("1ROE/RICHARDMR")).empty());
  ASSERT_EQ(list.passengers.size(), 1u);
  EXPECT_EQ(list.passengers[0].locator, "BBBBBB");
  // Two bear the name, and nothing says which of them is meant.
  list = namesakes;
  list.passengers.erase(list.passengers.begin());
  EXPECT_EQ(apply_changes(list, deleting("1ROE/RICHARDMR")),
            (std::vector<ListFinding>{{ListFindingCode::kNotListed, 5}}));
  EXPECT_EQ(list.passengers.size(), 2u);
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

TEST(PassengerList, ACsvMayNameFlightSeatAndType) {
  const PassengerList list = read_passenger_list(
      "Flight,Date,Board,Destination,Name,Type,Seat,Sequence\n"
      "XX0123,2026-11-23,FRA,JFK,DOE/JANE MRS,ADT,12A,025\n"
      "XX0123,2026-11-23,FRA,JFK,DOE/TIM,CHD,12B,026\n"
      "XX0999,2026-11-23,FRA,JFK,ROE/ANN,ADT,1A,001\n"
      "XX0123,2026-11-23,FRA,JFK,DOE/BABY,inf,,\n",
      kToday);
  EXPECT_EQ(list.carrier + list.flight_number, "XX0123");
  EXPECT_EQ(list.departure, 2026y / 11 / 23);
  EXPECT_EQ(list.board, "FRA");
  EXPECT_TRUE(has(list, ListFindingCode::kOtherFlight, 4));
  ASSERT_EQ(list.passengers.size(), 3u);
  EXPECT_EQ(list.passengers[0].seat, "12A");
  EXPECT_EQ(list.passengers[0].sequence, "025");
  EXPECT_EQ(list.passengers[0].type, TravellerType::kAdult);
  EXPECT_EQ(list.passengers[1].type, TravellerType::kChild);
  EXPECT_EQ(list.passengers[2].type, TravellerType::kInfant);
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
