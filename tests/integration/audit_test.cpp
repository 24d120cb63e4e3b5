// What an auditor and a privacy officer do with the program, beside a real server: the seven
// questions of docs/export.md, exports by two persons, witnesses, the API-processing log.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "audit/cosignature.h"
#include "base/clock.h"
#include "base/date.h"
#include "messages/catalogue.h"
#include "tests/integration/server_process.h"
#include "verification/station.h"

namespace paxid::integration {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

constexpr int kOk = 0;
constexpr int kFailed = 1;
constexpr int kReview = 3;
constexpr int kMismatch = 4;

constexpr const char* kList =
    "name,locator,seat,sequence,birth_date\n"
    "MUELLER/HANS MR,ABC123,14B,25,1964-08-12\n"
    "NOVAK/EVA MRS,DEF456,14C,26,1990-01-31\n"
    "SMITH/BILL MR,GHI789,15A,27,1981-03-04\n";

audit::SigningKey witness_signer() { return *audit::SigningKey::from_seed(audit::Bytes(32, 5)); }

// A site with witnesses and a place for checkpoints.
class AuditSite : public Site {
 public:
  AuditSite() {
    std::filesystem::create_directory(path("outside"));
    std::ofstream(path("witnesses.vkeys"))
        << audit::to_vkey(audit::witness_key("w1.example", witness_signer().public_key())) << "\n";
    std::ofstream(configuration(), std::ios::app) << "[witness]\n"
                                                     "keys = \"witnesses.vkeys\"\n"
                                                     "[anchor]\n"
                                                     "directory = \"outside\"\n"
                                                     "interval_seconds = 1\n";
  }
};

class AuditProgram : public testing::Test {
 protected:
  // A flight on which an agent confirms one passenger, accepts a nickname and, with a second
  // person, a stranger's document.
  AuditProgram() {
    std::ofstream(site_.path("list.csv")) << kList;
    EXPECT_EQ(as("l1", {"flight", "load", site_.path("list.csv"), "--flight", flight_}).status,
              kOk);
    matched_ = verify("ABC123", "MÜLLER", "HANS", "C01X00T47", kOk);
    decide({"confirm", matched_});
    nickname_ = verify("GHI789", "SMITH", "WILLIAM", "C01X00T48", kReview);
    decide({"accept", nickname_, "--reason", "nickname"});
    stranger_ = verify("DEF456", "OKAFOR", "CHIDI", "C01X00T49", kMismatch);
    decide({"accept", stranger_, "--reason", "data_correction", "--second-operator", "4712"});
  }

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
    arguments.insert(arguments.begin(), PAXID_PROGRAM);
    return run(arguments);
  }

  // The request id of the verification.
  std::string verify(const std::string& locator, const std::string& surname,
                     const std::string& given, const std::string& number, int status) const {
    const Finished asked =
        as("g1", {"verify",          "--json", "--channel",        "gate",  "--carrier", "XX",
                  "--flight-number", "123",    "--departure-date", today_,  "--from",    "FRA",
                  "--locator",       locator,  "--surname",        surname, "--given",   given,
                  "--number",        number,   "--issuer",         "D",     "--station", "FRA"});
    EXPECT_EQ(asked.status, status) << asked.output;
    return json::parse(asked.output, nullptr, false).value("request_id", "");
  }

  void decide(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "decide");
    for (const char* more : {"--operator", "4711", "--face-checked"}) arguments.push_back(more);
    const Finished decided = as("g1", arguments);
    EXPECT_EQ(decided.status, kOk) << decided.output;
  }

  // An answer of `paxid audit ...`, a row a line.
  std::vector<json> asked(const std::string& principal, std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "audit");
    for (const char* more : {"--reference", "AUD-1", "--json"}) arguments.push_back(more);
    const Finished finished = as(principal, arguments);
    EXPECT_EQ(finished.status, kOk) << finished.output;
    std::vector<json> rows;
    std::istringstream lines(finished.output);
    for (std::string line; std::getline(lines, line);) {
      rows.push_back(json::parse(line, nullptr, false));
      EXPECT_TRUE(rows.back().is_object()) << line;
    }
    // Nobody's name is in an answer.
    for (const char* name : {"MUELLER", "MÜLLER", "OKAFOR", "SMITH", "NOVAK"}) {
      EXPECT_THAT(finished.output, Not(HasSubstr(name)));
    }
    return rows;
  }

  std::string subject_of(const std::string& record) const {
    const Finished report =
        as("p1", {"privacy", "access", "--record", record, "--reference", "D-1"});
    EXPECT_EQ(report.status, kOk) << report.output;
    return json::parse(report.output, nullptr, false).value("subject_ref", "");
  }

  // With the release of a second officer.
  void export_names(const std::string& directory) const {
    const std::vector<std::string> command{
        "audit",        "export",      directory,          "--profile",  "border",
        "--flight",     "XX123",       "--departure-date", today_,       "--purpose",
        "fine_defence", "--reference", "FINE-7",           "--language", "fr"};
    const Finished first = as("p1", command);
    EXPECT_EQ(first.status, kFailed) << first.output;
    EXPECT_THAT(first.output, HasSubstr("RELEASE_NEEDED"));
    const std::string said = "paxid audit release ";
    const std::string id = first.output.substr(first.output.find(said) + said.size(), 36);
    EXPECT_EQ(as("p1", {"audit", "release", id, "--reference", "FINE-7"}).status, kFailed);
    EXPECT_EQ(as("a1", {"audit", "release", id, "--reference", "FINE-7"}).status, kFailed);
    const Finished shown = as("p2", {"audit", "release", id, "--reference", "FINE-7", "--show"});
    EXPECT_THAT(shown.output, HasSubstr("\"profile\":\"border\""));
    EXPECT_EQ(as("p2", {"audit", "release", id, "--reference", "FINE-7"}).status, kOk);
    const Finished second = as("p1", command);
    EXPECT_EQ(second.status, kOk) << second.output;
  }

  Finished audit_verify(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), PAXID_AUDIT_VERIFY);
    arguments.push_back("--vkey");
    arguments.push_back(site_.path("store/demo.vkey"));
    return run(arguments);
  }

  AuditSite site_;
  ServerProcess server_{site_};
  const std::string today_ =
      base::to_iso(verification::station_date(base::SystemClock().unix_microseconds(), "FRA"));
  const std::string flight_ = "XX123/" + today_ + "/FRA";
  std::string matched_;
  std::string nickname_;
  std::string stranger_;
};

TEST_F(AuditProgram, AnswersTheSevenQuestions) {
  // 1. Everything red that one agent overrode.
  auto rows = asked("a1", {"overrides", "--operator", "4711"});
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0]["verdict"], "MISMATCH");
  EXPECT_EQ(rows[0]["reason"], "data_correction");
  EXPECT_EQ(asked("a1", {"overrides", "--operator", "4712"}).size(), 1u);  // as the second person
  EXPECT_TRUE(asked("a1", {"overrides", "--operator", "4713"}).empty());
  EXPECT_EQ(asked("a1", {"overrides", "--operator", "4711", "--verdict", "any"}).size(), 2u);

  // 2. All acceptances of a nickname at a station.
  rows = asked("a1", {"accepted", "--reason", "nickname", "--station", "FRA"});
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0]["flight"], flight_);
  EXPECT_TRUE(asked("a1", {"accepted", "--reason", "nickname", "--station", "MUC"}).empty());

  // 3. Who looked up a passenger: one look, and one export that holds him.
  const std::string subject = subject_of(nickname_);
  export_names(site_.path("case"));
  rows = asked("a1", {"looks", "--subject", subject});
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0]["event"], "subject_access");
  EXPECT_EQ(rows[1]["event"], "export_begun");
  EXPECT_EQ(rows[1]["purpose"], "fine_defence");
  // An officer may name the document.
  EXPECT_EQ(asked("p1", {"looks", "--issuer", "D", "--document-number", "C01X00T48"}).size(), 2u);

  // 4. Which decisions used a policy.
  const json flight_row = asked("a1", {"flight", "XX123"}).at(1);
  rows = asked("a1", {"decisions", "--policy", flight_row["policy"]});
  EXPECT_EQ(rows.size(), 6u);  // three suggestions, three decisions
  EXPECT_TRUE(asked("a1", {"decisions", "--policy", "v12"}).empty());

  // 5. The error rate by issuing State.
  rows = asked("a1", {"errors"});
  const auto germany =
      std::find_if(rows.begin(), rows.end(), [](const json& row) { return row["issuer"] == "D"; });
  ASSERT_NE(germany, rows.end());
  EXPECT_EQ((*germany)["suggestions"], 3);
  EXPECT_EQ((*germany)["decided_by_people"], 3);
  EXPECT_EQ((*germany)["overridden"], 2);

  // 6. Everything on a flight, in the order of time.
  rows = asked("a1", {"flight", "XX123", "--departure-date", today_});
  ASSERT_EQ(rows.size(), 7u);  // loaded, then three times suggested and decided
  EXPECT_EQ(rows[0]["event"], "flight_loaded");
  for (std::size_t i = 1; i < rows.size(); ++i) {
    EXPECT_GT(rows[i]["leaf_index"], rows[i - 1]["leaf_index"]);
    EXPECT_GE(rows[i]["time"], rows[i - 1]["time"]);
  }
  EXPECT_TRUE(asked("a1", {"flight", "XXX123"}).empty());

  // 7. Whether the log is whole between two dates.
  const Finished whole =
      as("a1", {"audit", "whole", "--from", "2026-01-01", "--until", "2100-01-01", "--vkey",
                site_.path("store/demo.vkey"), "--reference", "AUD-1"});
  EXPECT_EQ(whole.status, kOk);
  EXPECT_THAT(whole.output, HasSubstr("WHOLE  leaves 0 to"));

  // Each question is itself on record, with its name.
  rows = asked("a1", {"overrides"});
  const Finished exported =
      as("a1", {"audit", "export", site_.path("own"), "--reference", "AUD-2"});
  ASSERT_EQ(exported.status, kOk) << exported.output;
  const std::string looks = read_text(site_.path("own/access.jsonl"));
  for (const char* question :
       {"overrides", "accepted", "looks", "policy", "errors", "flight", "whole"}) {
    EXPECT_THAT(looks, HasSubstr("\"question\":\"" + std::string(question) + "\""));
  }
}

void collect_fields(const json& value, std::set<std::string>& fields) {
  if (!value.is_structured()) return;
  for (const auto& [key, one] : value.items()) {
    if (value.is_object()) fields.insert(key);
    collect_fields(one, fields);
  }
}

TEST_F(AuditProgram, EveryFieldOfAReportHasALabel) {
  std::ofstream(site_.path("note")) << "born in May";
  EXPECT_EQ(
      as("p1", {"privacy", "received", "access", "--on", today_, "--reference", "D-1"}).status,
      kOk);
  for (std::vector<std::string> act :
       {std::vector<std::string>{"rectify", "--note-file", site_.path("note")},
        {"restrict"},
        {"restrict", "--lift"},
        {"hold", "place"}}) {
    act.insert(act.begin(), "privacy");
    for (const char* more : {"--reference", "D-1", "--record"}) act.push_back(more);
    act.push_back(stranger_);
    const Finished done = as("p1", act);
    EXPECT_EQ(done.status, kOk) << done.output;
  }
  std::set<std::string> fields;
  for (const std::string& record : {matched_, nickname_, stranger_}) {
    const Finished report =
        as("p1", {"privacy", "access", "--record", record, "--reference", "D-1"});
    ASSERT_EQ(report.status, kOk) << report.output;
    collect_fields(json::parse(report.output, nullptr, false).at("records"), fields);
  }
  EXPECT_GT(fields.size(), 80u);
  // Nor is any of their words left in a page in Japanese, which has no letter in common with them.
  const Finished page = as("p1", {"privacy", "access", "--record", stranger_, "--reference", "D-1",
                                  "--language", "ja", "--html", site_.path("page.html")});
  ASSERT_EQ(page.status, kOk) << page.output;
  const std::string html = read_text(site_.path("page.html"));
  EXPECT_THAT(html, HasSubstr("<dd>"));
  for (std::size_t at = html.find("<dd>"); at != html.npos; at = html.find("<dd>", at + 1)) {
    const std::string value = html.substr(at + 4, html.find_first_of("<,", at + 4) - at - 4);
    const bool is_word = !value.empty() && std::ranges::all_of(value, [](unsigned char c) {
      return std::isalpha(c) != 0 || c == '_';
    });
    EXPECT_FALSE(is_word) << value;
  }
  for (const std::string& field : fields) {
    std::string key = "FIELD_";
    for (const char c : field) key += static_cast<char>(std::toupper(c));
    EXPECT_FALSE(messages::pattern_of(key, messages::Language::kEnglish).empty()) << field;
  }
}

TEST_F(AuditProgram, ExportsNamesWithTwoPersonsAndWitnesses) {
  const std::string directory = site_.path("case");
  export_names(directory);
  const Finished proven = audit_verify({directory});
  EXPECT_EQ(proven.status, 0) << proven.output;
  EXPECT_THAT(read_text(directory + "/records.jsonl"), HasSubstr("OKAFOR"));
  EXPECT_THAT(read_text(directory + "/README.txt"), HasSubstr("Extrait d’un journal"));
  EXPECT_THAT(read_text(directory + "/report.html"), HasSubstr("<html lang=\"fr\""));

  // A witness signs; the export is sealed anew with that.
  const std::vector<std::string> witness{
      "--witness", audit::to_vkey(audit::witness_key("w1.example", witness_signer().public_key()))};
  EXPECT_EQ(audit_verify({directory, witness[0], witness[1]}).status, 25);
  EXPECT_EQ(as("a1", {"audit", "witness-export", directory}).status, kFailed);
  const Finished head = as("a1", {"audit", "checkpoint"});
  auto note = *audit::parse_note(head.output);
  note.signatures.push_back(
      *audit::cosign(note.text, "w1.example", witness_signer(), 1'800'000'000));
  std::ofstream(site_.path("cosigned")) << audit::to_text(note);
  const Finished handed_in = as("o1", {"audit", "cosign", site_.path("cosigned")});
  EXPECT_EQ(handed_in.status, kOk) << handed_in.output;
  const Finished sealed = as("a1", {"audit", "witness-export", directory});
  EXPECT_EQ(sealed.status, kOk) << sealed.output;
  const Finished again = audit_verify({directory, witness[0], witness[1]});
  EXPECT_EQ(again.status, 0) << again.output;
  // So says a reader that is none of ours, written from the documents.
  const Finished read = run({PAXID_PYTHON, PAXID_VERIFY_FROM_DOCUMENT, "--export", directory,
                             site_.path("store/demo.vkey"), witness[1]});
  EXPECT_EQ(read.status, 0) << read.output;
  EXPECT_THAT(read.output, HasSubstr("cosigned at 1800000000"));
  EXPECT_THAT(read.output, HasSubstr("open "));
  // A proof file carries it too.
  EXPECT_EQ(as("a1", {"audit", "prove", "0", "--witnessed", "--out", site_.path("p")}).status, kOk);
  EXPECT_EQ(audit_verify({site_.path("p"), witness[0], witness[1]}).status, 0);

  // The checkpoints went outside meanwhile; one of them is an anchor of the export.
  std::vector<std::string> anchors;
  for (int i = 0; i < 300 && anchors.empty(); ++i) {
    for (const auto& file : std::filesystem::directory_iterator(site_.path("outside"))) {
      anchors.push_back(file.path());
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  ASSERT_FALSE(anchors.empty());
  const Finished anchored = audit_verify({directory, "--checkpoint", anchors.front()});
  EXPECT_THAT(anchored.output, testing::AnyOf(HasSubstr("the log grew from the checkpoint"),
                                              HasSubstr("CHECKPOINT_UNUSABLE")));
}

TEST_F(AuditProgram, FindsAPersonWithoutADocument) {
  const auto found = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"privacy", "find", "--reference", "D-1"});
    const Finished finished = as("p1", arguments);
    EXPECT_EQ(finished.status, kOk) << finished.output;
    std::vector<json> rows;
    std::istringstream lines(finished.output);
    for (std::string line; std::getline(lines, line);) rows.push_back(json::parse(line));
    return rows;
  };
  // As a zone prints the name, in any order and case, with or without the umlaut.
  for (const char* name : {"Müller Hans", "hans mueller", "MUELLER"}) {
    const auto rows = found({"--name", name});
    ASSERT_EQ(rows.size(), 1u) << name;
    EXPECT_EQ(rows[0]["booked_name"], "MUELLER/HANS MR");
    EXPECT_EQ(rows[0]["locator"], "ABC123");
  }
  EXPECT_EQ(found({"--locator", "ABC123"}).size(), 1u);
  EXPECT_EQ(found({"--name", "William", "--flight", "XX123"}).size(), 1u);
  EXPECT_TRUE(found({"--name", "William", "--flight", "XX124"}).empty());
  EXPECT_TRUE(found({"--name", "Hans Smith"}).empty());
  // The reference leads on.
  const std::string subject = found({"--locator", "GHI789"})[0]["subject_ref"];
  EXPECT_EQ(as("p1", {"privacy", "erase", "--subject", subject, "--ground", "subject_request",
                      "--reference", "D-1"})
                .status,
            kOk);
  EXPECT_TRUE(found({"--locator", "GHI789"}).empty());
  // What is gone is explained by the leaf of the erasure: to the verifier and to a stranger's
  // reader.
  const std::string directory = site_.path("own");
  EXPECT_EQ(as("a1", {"audit", "export", directory, "--reference", "AUD-1"}).status, kOk);
  EXPECT_THAT(audit_verify({directory}).output, HasSubstr("2 gone (0 of them"));
  const Finished read = run({PAXID_PYTHON, PAXID_VERIFY_FROM_DOCUMENT, "--export", directory,
                             site_.path("store/demo.vkey")});
  EXPECT_EQ(read.status, 0) << read.output;
  EXPECT_THAT(read.output, HasSubstr("gone 2"));
  EXPECT_EQ(as("a1", {"privacy", "find", "--name", "Hans", "--reference", "D-1"}).status, kFailed);
  EXPECT_EQ(as("p1", {"privacy", "find", "--reference", "D-1"}).status, kFailed);
}

TEST_F(AuditProgram, KeepsTheApiLogApart) {
  EXPECT_EQ(
      as("g1", {"verify", "--channel", "desk", "--purpose", "api_accuracy", "--station", "HEL",
                "--booking", "ALVAREZ/PEDRO MR", "--surname", "ALVAREZ", "--given", "PEDRO"})
          .status,
      kOk);
  const Finished listed = as("a1", {"audit", "api-log"});
  EXPECT_EQ(listed.status, kOk) << listed.output;
  const json entry = json::parse(listed.output, nullptr, false);  // one line: boarding has none
  ASSERT_TRUE(entry.is_object()) << listed.output;
  EXPECT_EQ(entry.size(), 5u);
  EXPECT_EQ(entry["station"], "HEL");
  EXPECT_EQ(entry["channel"], "desk");
  EXPECT_EQ(entry["operation"], "compared");
  EXPECT_EQ(as("g1", {"audit", "api-log"}).status, kFailed);
  for (const char* file : {"store/api.db", "store/api.db-wal"}) {
    EXPECT_THAT(read_text(site_.path(file)), Not(HasSubstr("ALVAREZ"))) << file;
  }
}

}  // namespace
}  // namespace paxid::integration
