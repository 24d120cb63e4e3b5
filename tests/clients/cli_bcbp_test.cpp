#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "base/base64.h"
#include "clients/cli/boarding_pass_command.h"
#include "clients/cli/booking_name_command.h"
#include "clients/cli/jsonl.h"
#include "clients/cli/passenger_list_command.h"

namespace paxid::cli {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

constexpr base::Date kToday{2026y / 11 / 22};
const std::string kPass =
    "M1GRANDMAIREX/MELANIEMEABC123 GVACDGAF 0123 228C002F0025 11D>6181WW622BBAF 0057123456003"
    "00";
const std::string kPlainPass = "M1DESMARAIS/LUC       EABC123 YULFRAAC 0834 326J001A0025 100";

TEST(BoardingPassCommand, AnswersTheLineProtocol) {
  const json answer = answer_boarding_pass({{"raw", kPlainPass}}, kToday);
  EXPECT_EQ(answer["ok"], true);
  EXPECT_EQ(answer["format"], "M");
  EXPECT_EQ(answer["surname"], "DESMARAIS");
  EXPECT_EQ(answer["given_raw"], "LUC");
  EXPECT_EQ(answer["name_field_full"], false);
  EXPECT_EQ(answer["eticket"], "E");
  EXPECT_FALSE(answer.contains("version"));
  ASSERT_EQ(answer["legs"].size(), 1u);
  const json& leg = answer["legs"][0];
  EXPECT_EQ(leg["pnr"], "ABC123");
  EXPECT_EQ(leg["from"], "YUL");
  EXPECT_EQ(leg["flight"], "0834");
  EXPECT_EQ(leg["seq"], "0025");
  EXPECT_EQ(leg["flight_date"], "2026-11-22");
  EXPECT_FALSE(leg.contains("selectee"));
  EXPECT_EQ(answer["signature"], "unsigned");
  EXPECT_EQ(answer["name_candidates"][0]["given"], "LUC");
}

TEST(BoardingPassCommand, SaysWhichDeviationItFoundWhere) {
  const json answer = answer_boarding_pass({{"raw", kPass}}, kToday);
  EXPECT_EQ(answer["name_field_full"], true);
  EXPECT_EQ(answer["name_candidates"][1]["title"], "M?");
  bool found = false;
  for (const json& finding : answer["findings"]) {
    EXPECT_TRUE(finding["code"].is_string() && finding["severity"].is_string());
    found |= finding["item"] == 22 && finding["offset"] == 67;
  }
  EXPECT_TRUE(found) << answer["findings"];
  EXPECT_EQ(answer_boarding_pass({{"raw", kPass}, {"strict", true}}, kToday)["ok"], false);
}

TEST(BoardingPassCommand, TakesBytesAsBase64) {
  const std::vector<std::uint8_t> bytes(kPlainPass.begin(), kPlainPass.end());
  const json answer = answer_boarding_pass({{"raw_base64", base::to_base64(bytes)}}, kToday);
  EXPECT_EQ(answer["surname"], "DESMARAIS");
}

TEST(BoardingPassCommand, TakesAYearOrADayAsReference) {
  const auto flight_date = [](const json& reference) {
    const json answer =
        answer_boarding_pass({{"raw", kPlainPass}, {"reference_date", reference}}, kToday);
    return answer["legs"][0]["flight_date"];
  };
  EXPECT_EQ(flight_date("2019"), "2019-11-22");
  EXPECT_EQ(flight_date(2024), "2024-11-21");
  EXPECT_EQ(flight_date("2020-01-05"), "2019-11-22");
  // Every day of a year that is given alone falls in that year.
  for (const std::string year : {"2023", "2024"}) {
    for (const std::string day : {"001", "002", "183", "364", "365"}) {
      std::string raw = kPlainPass;
      raw.replace(44, 3, day);
      const json answer = answer_boarding_pass({{"raw", raw}, {"reference_date", year}}, kToday);
      EXPECT_EQ(answer["legs"][0]["flight_date"].get<std::string>().substr(0, 4), year) << day;
    }
  }
  for (const json& bad : {json("20"), json("2024-13-01"), json("0001"), json("9999"), json(7)}) {
    const json answer =
        answer_boarding_pass({{"raw", kPlainPass}, {"reference_date", bad}}, kToday);
    EXPECT_EQ(answer["ok"], false) << bad;
  }
}

TEST(BookingNameCommand, TellsTheThreeKindsOfLinesApart) {
  const auto ask = [](const std::string& raw) {
    return answer_booking_name({{"raw", raw}}, kToday);
  };
  EXPECT_EQ(ask("NM1SMITH/JOHN MR")["passengers"][0]["title"], "MR");
  EXPECT_EQ(ask("DOCSON/ANN MS")["passengers"][0]["surname"], "DOCSON");
  EXPECT_EQ(ask("SRIRAM/ANN MS")["passengers"][0]["surname"], "SRIRAM");
  EXPECT_EQ(ask("TIFFANY/ANN MS")["passengers"][0]["surname"], "TIFFANY");
  EXPECT_EQ(ask("DOCS P/GB/S12345678/GB/12JUN63/M/23OCT24/SMITH/JOHN")["type"], "DOCS");
  EXPECT_EQ(ask("SRDOCAUAHK1-R-US-1 MAIN ST-TOWN-VA-10053")["type"], "DOCA");
  EXPECT_EQ(ask("NAD+FL+++DOE:JOHN")["role"], "passenger");
  EXPECT_EQ(ask("TIF+TOUR CLUB:G")["group"], "TOUR CLUB");
  EXPECT_FALSE(ask("TIF+TOUR CLUB:G").contains("surname"));
  EXPECT_EQ(ask("docs p/gb/s12345678/gb/12jun63/m/23oct24/smith/john")["type"], "DOCS");
  EXPECT_EQ(ask("nad+fl+++Doe:John")["role"], "passenger");
  EXPECT_EQ(ask("nad+fl+++Doe:John")["surname"], "Doe");
}

TEST(BookingNameCommand, TellsNotesFromWhatRefuses) {
  const json answer =
      answer_booking_name({{"raw", "DOCS P/GB/S12345678/GB/99XXX63/M/23OCT24//JOHN"}}, kToday);
  EXPECT_EQ(answer["ok"], false);
  EXPECT_EQ(answer["findings"], json::array({{{"code", "DATE_UNREADABLE"}, {"severity", "note"}},
                                             {{"code", "FIELD_MISSING"}, {"severity", "error"}}}));
}

const json& odd_values() {
  static const json values = json::array(
      {json(), json(true), json(-1), json(1e300), json(""), json("\xEF\xBF\xBD"), json::array(),
       json::object(), json(std::string(5000, 'M')), json("M1"), json("////"), json("SSR+"),
       json("SSR+DOCS"), json("NAD+"), json("(*"), json("NM9"), json("I/"), json("-")});
  return values;
}

// Any object has an answer that can be written as a line and shown as a card.
TEST(Commands, NeverThrow) {
  for (const json& a : odd_values()) {
    for (const json& b : odd_values()) {
      const json request{
          {"raw", a},    {"raw_base64", b}, {"reference_date", b}, {"public_key_pem", b},
          {"strict", a}, {"system", b}};
      for (const json& asked : {request, json{{"raw_base64", a}}, json{{"raw", a}}}) {
        const json pass = answer_boarding_pass(asked, kToday);
        const json name = answer_booking_name(asked, kToday);
        EXPECT_TRUE(pass["ok"].is_boolean());
        EXPECT_TRUE(name["ok"].is_boolean());
        const json list = answer_passenger_list(asked, kToday);
        EXPECT_TRUE(list["ok"].is_boolean());
        EXPECT_FALSE(passenger_list_table(list).empty());
        EXPECT_FALSE(passenger_list_table(asked).empty());
        EXPECT_FALSE(boarding_pass_card(pass).empty());
        EXPECT_FALSE(booking_name_card(name).empty());
        EXPECT_FALSE(boarding_pass_card(asked).empty());
        EXPECT_FALSE(booking_name_card(asked).empty());
      }
    }
  }
}

std::string code_of(const json& answer) {
  return answer["findings"].empty() ? "" : answer["findings"][0]["code"].get<std::string>();
}

// What is asked for and cannot be understood is refused, never left out.
TEST(Commands, RefuseValuesOfTheWrongKind) {
  using Command = json (*)(const json&, base::Date);
  const Command commands[] = {answer_boarding_pass, answer_booking_name, answer_passenger_list};
  for (const Command answer : commands) {
    for (const json& bad : {json(7), json(true), json(), json::array(), json::object()}) {
      EXPECT_EQ(code_of(answer({{"raw", bad}}, kToday)), "BAD_RAW") << bad;
      EXPECT_EQ(code_of(answer({{"raw_base64", bad}}, kToday)), "BAD_BASE64") << bad;
    }
    EXPECT_EQ(code_of(answer({{"raw_base64", "!"}}, kToday)), "BAD_BASE64");
    EXPECT_EQ(code_of(answer(json::object(), kToday)), "RAW_MISSING");
    EXPECT_EQ(code_of(answer({{"raw", "A"}, {"raw_base64", "QQ=="}}, kToday)), "RAW_MISSING");
  }
  const auto pass_code = [](const std::string& key, const json& value) {
    return code_of(answer_boarding_pass({{"raw", kPlainPass}, {key, value}}, kToday));
  };
  for (const json& bad : {json(7.5), json(true), json::array(), json::object()}) {
    EXPECT_EQ(pass_code("reference_date", bad), "BAD_REFERENCE_DATE");
    EXPECT_EQ(pass_code("public_key_pem", bad), "BAD_PUBLIC_KEY");
    EXPECT_EQ(pass_code("keys", bad), "BAD_KEYS");
    EXPECT_EQ(code_of(answer_booking_name({{"raw", "A/B"}, {"system", bad}}, kToday)),
              "BAD_SYSTEM");
    EXPECT_EQ(code_of(answer_passenger_list({{"raw", "A"}, {"reference_date", bad}}, kToday)),
              "BAD_REFERENCE_DATE");
  }
  EXPECT_EQ(pass_code("strict", "yes"), "BAD_STRICT");
  EXPECT_EQ(pass_code("public_key_pem", "no key"), "BAD_PUBLIC_KEY");
  EXPECT_EQ(pass_code("keys", "[[key]]"), "BAD_KEYS");
  // A key that is null is not asked.
  for (const char* key : {"reference_date", "public_key_pem", "keys", "strict"}) {
    EXPECT_EQ(answer_boarding_pass({{"raw", kPlainPass}, {key, nullptr}}, kToday)["ok"], true);
  }
}

const std::string kPnl =
    "PNL\nXX0123/23NOV FRA PART1\n-JFK002Y\n2DOE/JANEMRS/TIMMSTR-A2 .L/ABC123 .R/RQST HK2 12A12B\n"
    ".R/INFT HK1 DOE/BABY 01MAR26-1DOE/JANEMRS\n"
    ".R/DOCS HK1/P/UTO/X1/UTO/10DEC80/F/01JAN30/DOE/JANE\nWHAT IS THIS\nENDPNL\n";

TEST(PassengerListCommand, AnswersWithEveryPassengerAndFinding) {
  const json answer = answer_passenger_list({{"raw", kPnl}}, kToday);
  EXPECT_EQ(answer["kind"], "PNL");
  EXPECT_EQ(answer["flight"], "XX0123");
  EXPECT_EQ(answer["departure"], "2026-11-23");
  EXPECT_EQ(answer["whole"], true);
  ASSERT_EQ(answer["passengers"].size(), 3u);
  const json& jane = answer["passengers"][0];
  EXPECT_EQ(jane["surname"], "DOE");
  EXPECT_EQ(jane["given"], "JANE");
  EXPECT_EQ(jane["type"], "adult");
  EXPECT_EQ(jane["seat"], "12A");
  EXPECT_EQ(jane["party"], "A");
  EXPECT_EQ(jane["party_size"], 2);
  EXPECT_EQ(jane["documents"][0]["number"], "X1");
  EXPECT_EQ(answer["passengers"][2]["adult"], 0);
  EXPECT_EQ(answer["ok"], false);
  EXPECT_EQ(answer["findings"],
            json::array({{{"code", "UNKNOWN_LINE"}, {"severity", "error"}, {"line", 7}}}));
}

TEST(PassengerListCommand, ShowsATableForPeople) {
  const std::string table = passenger_list_table(answer_passenger_list({{"raw", kPnl}}, kToday));
  EXPECT_EQ(table,
            "PNL  XX0123  2026-11-23  FRA  passengers: 2, infants: 1\n"
            "     name        title  type         locator  class  to   seat  documents\n"
            "  1  DOE / JANE  MRS    adult        ABC123   Y      JFK  12A   P/UTO\n"
            "  2  DOE / TIM   MSTR   adult        ABC123   Y      JFK  12B\n"
            "  3  DOE / BABY         infant of 1  ABC123   Y      JFK\n"
            "line 7: UNKNOWN_LINE (error)\n")
      << table;
  const std::string refused = passenger_list_table(answer_passenger_list({{"raw", 1}}, kToday));
  EXPECT_EQ(refused, "passenger list: refused\nBAD_RAW (error)\n");
}

PassArguments luc() {
  PassArguments pass;
  pass.name = "Desmarais/Luc";
  pass.locator = "abc123";
  pass.from = "YUL";
  pass.to = "FRA";
  pass.carrier = "AC";
  pass.flight = "834";
  pass.date = "2026-11-22";
  pass.booking_class = "J";
  pass.seat = "1A";
  pass.sequence = "25";
  pass.status = "1";
  return pass;
}

TEST(WrittenBoardingPass, IsWhatTheFieldsSay) {
  EXPECT_EQ(written_boarding_pass(luc()).value(), kPlainPass);
  PassArguments long_name = luc();
  long_name.name = "MUSTERMANN/ERIKA JANINA";
  EXPECT_EQ(written_boarding_pass(long_name).value().substr(2, 21), "MUSTERMANN/ERIKA JANE");
}

TEST(WrittenBoardingPass, RefusesWhatAnItemCannotHold) {
  const std::pair<std::string PassArguments::*, std::string> cases[] = {
      {&PassArguments::from, "Y1L"},     {&PassArguments::to, "FRAN"},
      {&PassArguments::carrier, "A"},    {&PassArguments::locator, ""},
      {&PassArguments::flight, "12345"}, {&PassArguments::date, "22 November"},
      {&PassArguments::seat, "A1"},      {&PassArguments::sequence, "123456"},
      {&PassArguments::name, ""},
  };
  for (const auto& [member, text] : cases) {
    PassArguments pass = luc();
    pass.*member = text;
    const auto written = written_boarding_pass(pass);
    ASSERT_FALSE(written) << text;
    EXPECT_TRUE(written.error().field.starts_with("--")) << text;
  }
}

TEST(Commands, FindingsNeverEchoTheInput) {
  const json pass = answer_boarding_pass({{"raw", "M1ROEWORTH/ANN!      "}}, kToday);
  EXPECT_EQ(pass.dump().find("ROEWORTH"), std::string::npos);
  const json name = answer_booking_name({{"raw", "ROEWORTH\x01/ANN"}}, kToday);
  EXPECT_EQ(name.dump().find("ROEWORTH"), std::string::npos);
}

TEST(Cards, ShowWhatAPersonLooksFor) {
  const std::string pass = boarding_pass_card(answer_boarding_pass({{"raw", kPlainPass}}, kToday));
  for (const std::string text :
       {"readable", "DESMARAIS / LUC", "YUL-FRA", "2026-11-22", "001A", "signature: unsigned"}) {
    EXPECT_NE(pass.find(text), std::string::npos) << text << "\n" << pass;
  }
  const std::string name =
      booking_name_card(answer_booking_name({{"raw", "NM1LEE/KIM MRS(INF/BO/10SEP25)"}}, kToday));
  EXPECT_NE(name.find("LEE / KIM  MRS"), std::string::npos) << name;
  EXPECT_NE(name.find("INF  2025-09-10"), std::string::npos) << name;
}

}  // namespace
}  // namespace paxid::cli
