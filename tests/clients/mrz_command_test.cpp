#include "clients/cli/mrz_command.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "base/base64.h"
#include "clients/cli/jsonl.h"

namespace paxid::cli {
namespace {

using nlohmann::json;

const std::string kLine1 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<";
const std::string kLine2 = "L898902C36UTO7408122F1204159ZE184226B<<<<<10";

base::Date today() { return *base::parse_iso_date("2026-11-22"); }

json answer(const json& request) { return answer_mrz(request, today()); }

std::string code_of(const json& reply) { return reply["findings"][0]["code"]; }

TEST(MrzCommand, AnswersTheWholeReply) {
  const json reply = answer({{"lines", {kLine1, kLine2}}});
  EXPECT_EQ(reply["ok"], true);
  EXPECT_EQ(reply["format"], "TD3");
  EXPECT_EQ(reply["document"], json({{"document_code", "P"},
                                     {"issuer", "UTO"},
                                     {"surname", "ERIKSSON"},
                                     {"given_names", "ANNA MARIA"},
                                     {"document_number", "L898902C3"},
                                     {"nationality", "UTO"},
                                     {"birth_date", "740812"},
                                     {"sex", "F"},
                                     {"expiry_date", "120415"},
                                     {"optional1", "ZE184226B"},
                                     {"optional2", ""}}));
  EXPECT_EQ(reply["checks"], json({{"document_number", "consistent"},
                                   {"birth_date", "consistent"},
                                   {"expiry_date", "consistent"},
                                   {"optional", "consistent"},
                                   {"composite", "consistent"}}));
  EXPECT_EQ(reply["maybe_truncated"], false);
  EXPECT_EQ(reply["birth"]["date"], "1974-08-12");
}

TEST(MrzCommand, AnswersAlikeForLinesRawAndBytes) {
  const std::string raw = kLine1 + "\n" + kLine2;
  const json lines = answer({{"lines", {kLine1, kLine2}}});
  EXPECT_EQ(answer({{"raw", raw}}), lines);
  const std::vector<std::uint8_t> bytes(raw.begin(), raw.end());
  EXPECT_EQ(answer({{"raw_base64", base::to_base64(bytes)}}), lines);
}

TEST(MrzCommand, FindingsNamePlaceAndCells) {
  const json reply = answer({{"lines", {kLine1, "L898902C37" + kLine2.substr(10)}}});
  EXPECT_EQ(reply["ok"], false);
  EXPECT_EQ(reply["findings"][0], json({{"code", "CHECK_DIGIT"},
                                        {"severity", "error"},
                                        {"field", "document_number"},
                                        {"line", 2},
                                        {"column", 10},
                                        {"expected", "6"},
                                        {"found", "7"}}));
}

TEST(MrzCommand, TakesReferenceDateAndStrict) {
  const json request = {{"lines", {kLine1, kLine2}}, {"reference_date", "2075-01-01"}};
  EXPECT_EQ(answer(request)["birth"]["date"], "2074-08-12");
  const std::string joined = kLine1 + kLine2;
  EXPECT_EQ(answer({{"raw", joined}})["ok"], true);
  EXPECT_EQ(answer({{"raw", joined}, {"strict", true}})["ok"], false);
}

TEST(MrzCommand, RefusesWhatIsNoRequest) {
  EXPECT_EQ(code_of(answer(json::object())), "NO_ZONE");
  EXPECT_EQ(code_of(answer({{"raw", "A"}, {"lines", {"A"}}})), "NO_ZONE");
  EXPECT_EQ(code_of(answer({{"lines", "A"}})), "BAD_LINES");
  EXPECT_EQ(code_of(answer({{"lines", {kLine1, 7}}})), "BAD_LINES");
  EXPECT_EQ(code_of(answer({{"raw", 7}})), "BAD_RAW");
  EXPECT_EQ(code_of(answer({{"raw", nullptr}})), "BAD_RAW");
  EXPECT_EQ(code_of(answer({{"raw_base64", "!"}})), "BAD_BASE64");
  EXPECT_EQ(code_of(answer({{"raw_base64", json::array()}})), "BAD_BASE64");
  EXPECT_EQ(code_of(answer({{"raw", "A"}, {"reference_date", "2026"}})), "BAD_REFERENCE_DATE");
  EXPECT_EQ(code_of(answer({{"raw", "A"}, {"reference_date", 2026}})), "BAD_REFERENCE_DATE");
  EXPECT_EQ(code_of(answer({{"raw", "A"}, {"strict", "yes"}})), "BAD_STRICT");
  EXPECT_EQ(code_of(answer({{"lines", json::array()}})), "EMPTY_INPUT");
}

TEST(MrzCommand, NeverThrowsForAnyValueUnderAnyKey) {
  const std::vector<json> values{
      nullptr,       true,           -1,           1e300, "", "\xFF\xFE", "2026-02-30",
      json::array(), json::object(), {1, {2, "x"}}};
  for (const char* key : {"lines", "raw", "raw_base64", "reference_date", "strict", "id"}) {
    for (const json& value : values) {
      for (const json& base :
           {json::object(), json({{"raw", kLine1}}), json({{"lines", {kLine1}}})}) {
        json request = base;
        request[key] = value;
        const json reply = answer(request);
        EXPECT_EQ(reply["ok"], false);
        EXPECT_FALSE(reply["findings"].empty());
      }
    }
  }
}

TEST(MrzCommand, RunsOverTheLineProtocol) {
  std::istringstream in(json({{"id", 7}, {"lines", {kLine1, kLine2}}}).dump() + "\n[]\n" +
                        json({{"id", "b"}, {"raw_base64", "/////w=="}}).dump() + "\n");
  std::ostringstream out;
  EXPECT_EQ(run_jsonl(in, out, answer), 0);
  std::istringstream replies(out.str());
  std::string line;
  std::getline(replies, line);
  EXPECT_EQ(json::parse(line)["id"], 7);
  EXPECT_EQ(json::parse(line)["ok"], true);
  std::getline(replies, line);
  std::getline(replies, line);
  EXPECT_EQ(json::parse(line)["id"], "b");
  EXPECT_EQ(json::parse(line)["ok"], false);
}

const std::string kLicence =
    "@\n\x1e\rANSI 636000100102DL00410278ZV03190008DLDAQT64235789\nDCSSAMPLE\nDACMICHAEL\n"
    "DADJOHN\nDBB06061986\nDBA12102030\nDBC1\nDCGUSA\r";

TEST(MrzCommand, TellsALicenceFromAZoneByItsHeader) {
  const json reply = answer({{"raw", kLicence}});
  EXPECT_EQ(reply["ok"], true);
  EXPECT_EQ(reply["format"], "AAMVA");
  EXPECT_EQ(reply["licence"]["surname"], "SAMPLE");
  EXPECT_EQ(reply["licence"]["given_names"], "MICHAEL JOHN");
  EXPECT_EQ(reply["licence"]["birth_date"], "1986-06-06");
  EXPECT_TRUE(reply["findings"].empty());
  const std::string card = mrz_card(json{{"raw", kLicence}}, reply, today());
  EXPECT_NE(card.find("nothing in it is proven"), std::string::npos);
  EXPECT_NE(card.find("SAMPLE"), std::string::npos);
}

TEST(MrzCommand, NothingInALicenceSteersATerminal) {
  std::string raw = kLicence;
  raw.replace(raw.find("SAMPLE"), 6, "SAMPLE\x1b[2J\x07");
  const json request{{"raw", raw}};
  const std::string card = mrz_card(request, answer(request), today());
  EXPECT_NE(card.find("SAMPLE"), std::string::npos);
  EXPECT_EQ(card.find('\x1b'), std::string::npos);
  EXPECT_EQ(card.find('\x07'), std::string::npos);
}

TEST(MrzCommand, WritesAZoneFromOptions) {
  ZoneArguments arguments;
  arguments.issuer = arguments.nationality = "UTO";
  arguments.primary = "Eriksson";
  arguments.secondary = "Anna Maria";
  arguments.document_number = "L898902C3";
  arguments.birth_date = "1974-08-12";
  arguments.expiry_date = "120415";
  arguments.sex = "F";
  arguments.optional1 = "ZE184226B";
  const auto zone = written_zone(arguments);
  ASSERT_TRUE(zone.has_value());
  EXPECT_EQ(*zone, kLine1 + "\n" + kLine2 + "\n");
  arguments.document_number = "L898902C3L898902C3";
  ASSERT_FALSE(written_zone(arguments).has_value());
  EXPECT_EQ(written_zone(arguments).error().field, "--document-number");
  arguments.format = "TD4";
  EXPECT_EQ(written_zone(arguments).error().field, "--format");
}

TEST(MrzCard, ShowsFieldsAndAMarkForEachDigit) {
  const auto reading = mrz::read(kLine1 + "\n" + kLine2, {today(), false});
  const std::string card = mrz_card(reading);
  EXPECT_NE(card.find("TD3: in order\n"), std::string::npos);
  EXPECT_NE(card.find("ERIKSSON"), std::string::npos);
  EXPECT_NE(card.find("1974-08-12"), std::string::npos);
  for (const char* name :
       {"document_number", "birth_date", "expiry_date", "optional", "composite"}) {
    EXPECT_NE(card.find("\u2713 " + std::string(name)), std::string::npos) << name;
  }
}

TEST(MrzCard, ShowsWhatIsWrong) {
  const auto wrong = mrz::read(kLine1 + "\nL898902C37" + kLine2.substr(10), {today(), false});
  const std::string card = mrz_card(wrong);
  EXPECT_NE(card.find("NOT in order"), std::string::npos);
  EXPECT_NE(card.find("\u2717 document_number"), std::string::npos);
  EXPECT_NE(card.find("CHECK_DIGIT line 2 column 10, expected 6, found 7"), std::string::npos);
  EXPECT_NE(mrz_card(mrz::read("", {today(), false})).find("no zone: NOT in order"),
            std::string::npos);
}

}  // namespace
}  // namespace paxid::cli
