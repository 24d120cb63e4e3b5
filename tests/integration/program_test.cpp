// The program `paxid` beside a real server, as the pages of docs/ show it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/date.h"
#include "tests/integration/server_process.h"
#include "verification/station.h"

namespace paxid::integration {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::StartsWith;

// Exit statuses of paxid.
constexpr int kOk = 0;
constexpr int kFailed = 1;
constexpr int kUsage = 2;
constexpr int kReview = 3;
constexpr int kMismatch = 4;

constexpr const char* kList =
    "name,locator,seat,sequence,birth_date\n"
    "MUELLER/HANS MR,ABC123,14B,25,1964-08-12\n"
    "NOVAK/EVA MRS,DEF456,14C,26,1990-01-31\n"
    "ROSSI/MARIO MR,GHI789,15A,27,1981-03-04\n";

class Program : public testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& text) const {
    std::ofstream(site_.path(name)) << text;
    return site_.path(name);
  }

  static Finished paxid(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), PAXID_PROGRAM);
    return run(arguments);
  }

  Site site_;
};

class ProgramWithServer : public Program {
 protected:
  Finished as(const std::string& principal, std::vector<std::string> arguments) const {
    for (const auto& [option, value] :
         std::vector<std::pair<std::string, std::string>>{{"--server", server_.address()},
                                                          {"--ca", site_.tls("ca.pem")},
                                                          {"--cert", site_.tls(principal + ".pem")},
                                                          {"--key", site_.tls(principal + ".key")},
                                                          {"--deadline-ms", "60000"}}) {
      arguments.push_back(option);
      arguments.push_back(value);
    }
    return paxid(std::move(arguments));
  }

  // Verifies a passenger at the gate of the flight; the answer as JSON.
  json verify(const std::string& locator, const std::string& surname, const std::string& given,
              int status) const {
    const Finished asked =
        as("g1", {"verify",          "--json",    "--channel",        "gate",  "--carrier", "XX",
                  "--flight-number", "123",       "--departure-date", today_,  "--from",    "FRA",
                  "--locator",       locator,     "--surname",        surname, "--given",   given,
                  "--number",        "C01X00T47", "--issuer",         "D"});
    EXPECT_EQ(asked.status, status) << asked.output;
    return json::parse(asked.output, nullptr, /*allow_exceptions=*/false);
  }

  ServerProcess server_{site_};
  const std::string today_ =
      base::to_iso(verification::station_date(base::SystemClock().unix_microseconds(), "FRA"));
  const std::string flight_ = "XX123/" + today_ + "/FRA";
};

TEST_F(ProgramWithServer, BoardsAFlight) {
  const Finished loaded =
      as("l1", {"flight", "load", file("list.csv", kList), "--flight", flight_});
  EXPECT_EQ(loaded.status, kOk) << loaded.output;
  EXPECT_THAT(loaded.output, HasSubstr("3 added, 0 changed, 0 removed"));
  EXPECT_THAT(as("o1", {"flight", "list"}).output, StartsWith(flight_));
  const Finished shown = as("g1", {"flight", "show", flight_});
  EXPECT_EQ(shown.status, kOk);
  EXPECT_THAT(shown.output, HasSubstr("NOVAK/EVA MRS"));

  const json hans = verify("ABC123", "MÜLLER", "HANS", kOk);
  EXPECT_EQ(hans["verdict"], "MATCH");
  EXPECT_EQ(hans["decided_by"], "automatic_suggestion");
  EXPECT_EQ(hans["passenger"]["seat"], "14B");
  const Finished boarded = as("g1", {"decide", "confirm", hans["request_id"], "--operator", "4711",
                                     "--face-checked", "--json"});
  EXPECT_EQ(boarded.status, kOk) << boarded.output;
  const json decision = json::parse(boarded.output, nullptr, false);
  EXPECT_EQ(decision["boarded"], true);
  EXPECT_THAT(as("g1", {"flight", "show", flight_}).output, HasSubstr("1 of 3"));
  EXPECT_EQ(verify("ABC123", "MÜLLER", "HANS", kReview)["passenger"]["boarded"], true);
  const Finished undone =
      as("g1", {"decide", "undo", decision["request_id"], "--operator", "4711"});
  EXPECT_EQ(undone.status, kOk) << undone.output;
  EXPECT_THAT(as("g1", {"flight", "show", flight_}).output, HasSubstr("0 of 3"));

  // The document of somebody else on board.
  const json swapped = verify("DEF456", "ROSSI", "MARIO", kMismatch);
  EXPECT_THAT(swapped["sentence"].get<std::string>(), HasSubstr("ROSSI/MARIO MR, seat 15A"));
  const std::string id = swapped["request_id"];
  const Finished alone = as("g1", {"decide", "accept", id, "--operator", "4711", "--face-checked",
                                   "--reason", "misread"});
  EXPECT_EQ(alone.status, kFailed);
  EXPECT_THAT(alone.output, HasSubstr("SECOND_PERSON_NEEDED"));
  EXPECT_EQ(as("g1", {"decide", "hand-over", id, "--operator", "4711"}).status, kOk);

  EXPECT_EQ(as("l1", {"flight", "drop", flight_}).status, kOk);
  EXPECT_EQ(as("g1", {"flight", "show", flight_}).status, kFailed);
}

TEST_F(ProgramWithServer, SaysWhatWasAskedWrongly) {
  const auto refused = [&](std::vector<std::string> arguments, int status, const char* says) {
    const Finished finished = as("l1", std::move(arguments));
    EXPECT_EQ(finished.status, status) << says;
    EXPECT_THAT(finished.output, HasSubstr(says));
  };
  refused({"flight", "show", "LH400"}, kUsage, "See: paxid flight show --help");
  refused({"flight", "drop", "LH400"}, kUsage, "See: paxid flight drop --help");
  refused({"flight", "load", file("no.list", "no list\n")}, kFailed, "LIST_UNREADABLE");
  refused({"flight", "load", site_.path("missing.pnl")}, kFailed, "missing.pnl");
  refused({"flight", "load", file("list.csv", kList), "--departs", "noon"}, kUsage, "--departs");
  refused({"decide", "accept", "x", "--operator", "4711"}, kUsage, "--reason");
  refused({"decide", "confirm", "x", "--operator", "4711"}, kFailed,
          "the caller's role may not call this method");
}

TEST_F(Program, ChecksExplainsAndComparesPolicies) {
  const std::string strict = file("strict.toml", [] {
    std::string text = read_text(PAXID_DEFAULT_POLICY);
    const std::string from = "nickname = \"REVIEW\"";
    return text.replace(text.find(from), from.size(), "nickname = \"MISMATCH\"");
  }());
  EXPECT_EQ(paxid({"policy", "check", PAXID_DEFAULT_POLICY}).status, kOk);
  const Finished broken =
      paxid({"policy", "check", file("broken.toml", "id = \"x\"\nnames.nicknames = 3\n")});
  EXPECT_EQ(broken.status, kFailed);
  EXPECT_THAT(broken.output, HasSubstr("broken.toml:2: names.nicknames is no key of a policy"));
  const Finished explained =
      paxid({"policy", "explain", "--carrier", "LA", "--from", "SCL", "--to", "FRA"});
  EXPECT_EQ(explained.status, kOk);
  EXPECT_THAT(explained.output, HasSubstr("positional"));
  const Finished compared = paxid({"policy", "diff", PAXID_DEFAULT_POLICY, strict});
  EXPECT_EQ(compared.status, kOk);
  EXPECT_THAT(compared.output, HasSubstr("REVIEW → MISMATCH"));

  const std::string cases =
      file("cases.jsonl",
           R"({"id":"bob","booking":"SMITH/BOB MR","doc_surname":"SMITH","doc_given":"ROBERT",)"
           R"("expected":"REVIEW","also_ok":[],"must_not":["MATCH"],"region":"UK"})"
           "\n");
  const Finished replayed = paxid({"replay", "--policy", strict, cases});
  EXPECT_EQ(replayed.status, kOk);
  EXPECT_THAT(replayed.output, HasSubstr("1 of 1 cases change"));
  EXPECT_THAT(replayed.output, HasSubstr("bob  REVIEW → MISMATCH  NICKNAME"));
  EXPECT_EQ(paxid({"replay", "--policy", strict, site_.path("missing")}).status, kFailed);
  const Finished measured = paxid({"evaluate", "--gate", cases, "--json"});
  EXPECT_EQ(measured.status, kOk);
  const json figures = json::parse(measured.output, nullptr, false);
  EXPECT_EQ(figures["by_region"]["UK"]["acceptable"], 1);
  EXPECT_EQ(figures["all"]["false_pass"], 0);
}

}  // namespace
}  // namespace paxid::integration
