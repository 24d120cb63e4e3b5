// Three hundred passengers board without a mouse, as they come: spellings, nicknames, changed
// names, swapped passports, a pass that was used before, a MISMATCH that two people accept.
// Afterwards the log, as AuditService gives it, says exactly what happened, in its order.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>

#include "tests/gate/flight_bench.h"

namespace paxid::gate {
namespace {

using nlohmann::json;
using verification::Verdict;

constexpr std::size_t kPassengers = 300;
// Reasons that a flight of 300 is watched for.
constexpr std::array<std::string_view, 3> kAlarms{"DOCUMENT_OF_PEER", "DOCUMENT_ALREADY_USED",
                                                  "ALREADY_BOARDED"};
constexpr std::size_t kSeatsOfARow = 6;

// What becomes of a passenger at the gate.
enum class Course {
  kPlain,           // MATCH, the face, on board
  kSpelling,        // REVIEW: a letter of the booking is wrong
  kNickname,        // REVIEW: the booking has a short form
  kNameChange,      // REVIEW: married since
  kSwapped,         // MISMATCH: holds the passport of the next one, which opens that one
  kOwnerOfSwapped,  // came on board with the one before
  kUsedAgain,       // after boarding the same pass once more: to the desk
  kTwoAccept,       // MISMATCH that two people accept
  kUndone,          // boarded, taken back, boarded
};

struct Passenger {
  Traveller traveller;
  Course course = Course::kPlain;
};

// Invented: fifteen beginnings and twenty ends make 300 surnames.
std::vector<Passenger> make_flight() {
  const std::vector<std::string> beginnings{"BRAND",  "STEIN", "LIND",   "WALD",   "KAUF",
                                            "GRUEN",  "ROSEN", "SCHILD", "KRONEN", "EICHEN",
                                            "FALKEN", "GOLD",  "HIRSCH", "LICHT",  "MORGEN"};
  const std::vector<std::string> ends{"MANN",   "BERGER", "HUBER", "FELD",   "BACHER",
                                      "THALER", "HOFER",  "STROM", "BRUNN",  "KAMP",
                                      "VOGT",   "RIEDER", "ZWEIG", "GARTEN", "WEILER",
                                      "BURGER", "DORFER", "QUELL", "PFORTE", "LEUTHNER"};
  const std::vector<std::string> men{"HANS", "UDO", "MARIO", "PETER", "OTTO", "KARL", "JONAS"};
  const std::vector<std::string> women{"EVA", "CARLA", "JANE", "PETRA", "OLGA", "KLARA", "JUDITH"};
  const auto two_digits = [](std::size_t number) {
    return std::string(number < 10 ? "0" : "") + std::to_string(number);
  };
  std::vector<Passenger> flight;
  for (std::size_t i = 0; i < kPassengers; ++i) {
    Passenger one;
    Traveller& to = one.traveller;
    const bool woman = i % 2 == 1;
    to.surname = beginnings[i % beginnings.size()] + ends[i / beginnings.size()];
    to.given = woman ? women[i / 2 % women.size()] : men[i / 2 % men.size()];
    to.sex = woman ? 'F' : 'M';
    to.booked = to.surname + "/" + to.given + (woman ? "MRS" : "MR");
    const std::string number = std::to_string(1'000 + i);
    to.locator = "PX" + number;
    to.seat =
        std::to_string(1 + i / kSeatsOfARow) + std::string("ABCDEF").substr(i % kSeatsOfARow, 1);
    to.birth_date = "19" + std::to_string(50 + i % 49) + "-" + two_digits(1 + i % 12) + "-" +
                    two_digits(1 + i % 28);
    to.number = "C01X" + number + "K";
    flight.push_back(one);
  }
  return flight;
}

void give_courses(std::vector<Passenger>& flight) {
  for (std::size_t i = 0; i < flight.size(); ++i) {
    Traveller& one = flight[i].traveller;
    const std::string title = one.sex == 'M' ? "MR" : "MRS";
    if (i % 25 == 3) {
      flight[i].course = Course::kSpelling;
      std::string slip = one.surname;
      slip.back() = slip.back() == 'N' ? 'M' : 'N';
      one.booked = slip + "/" + one.given + title;
    } else if (i % 50 == 10) {
      flight[i].course = Course::kNickname;
      one.given = "WILLIAM";
      one.booked = one.surname + "/BILL" + title;
    } else if (i % 60 == 21) {
      flight[i].course = Course::kNameChange;
      one.booked = "BAKER/" + one.given + title;
    } else if (i % 70 == 30) {
      flight[i].course = Course::kSwapped;
      flight[i + 1].course = Course::kOwnerOfSwapped;
    } else if (i % 75 == 40) {
      flight[i].course = Course::kUsedAgain;
    } else if (i % 80 == 52) {
      flight[i].course = Course::kTwoAccept;
      one.surname = "ODUYA";
      one.given = "CHIDI";
    } else if (i % 90 == 66) {
      flight[i].course = Course::kUndone;
    }
  }
}

class FullFlight : public FlightBench {
 protected:
  FullFlight() : FlightBench({}) {
    give_courses(flight_);
    for (const Passenger& one : flight_) travellers_.push_back(one.traveller);
  }

  void SetUp() override {
    start();
    gate_ = open_gate();
    happened_.push_back("flight_loaded");
  }

  const Session& session() const { return gate_->session(); }

  void present(const Traveller& pass, const Traveller& document, Verdict expected,
               const std::string& alarm = "") {
    gate_->scan(pass_of(pass));
    gate_->scan_document(passport_of(document));
    ASSERT_TRUE(gate_->wait_for(Stage::kVerdict));
    ASSERT_EQ(session().verdict()->report.verdict, expected) << pass.seat;
    ASSERT_EQ(session().seat(), pass.seat);
    suggested(expected, pass.seat, alarm);
  }
  // `alarm`: which of kAlarms is among the reasons.
  void suggested(Verdict verdict, const std::string& seat, const std::string& alarm = "") {
    if (happened_.size() == 1) happened_.push_back("policy_in_use");
    happened_.push_back("suggest " + std::string(verification::name_of(verdict)) + " " + seat +
                        alarm);
  }
  void decide(std::initializer_list<int> keys, const std::string& record) {
    for (const int key : keys) gate_->press(key);
    ASSERT_TRUE(gate_->wait_for(Stage::kDone));
    decided(record);
  }
  void decided(const std::string& what, const std::string& by = "4711") {
    happened_.push_back(what + " by " + by);
  }

  void board(std::size_t place);
  void board_plain(const Traveller& one) {
    ASSERT_NO_FATAL_FAILURE(present(one, one, Verdict::kMatch));
    ASSERT_NO_FATAL_FAILURE(decide({7, 9}, "confirm " + one.seat + " boards"));
  }

  // What the log says, as AuditService gives it to an officer when another one has agreed, each
  // record in words. The server's own records of these looks are the last, and left out.
  std::vector<std::string> read_records() {
    const sdk::Client officer = integration::client_for(site_, *server_, "p1");
    const sdk::Client second = integration::client_for(site_, *server_, "p2");
    for (const char* id : {"4711", "4712"}) {
      sdk::ExportSelection by;
      by.operator_id = id;
      const auto page = officer.export_page(context(), by, 0, 0);
      EXPECT_TRUE(page.has_value());
      if (page) operators_[page->operator_pseudonym] = id;
    }
    sdk::ExportSelection whole;
    whole.profile = sdk::ExportProfile::kBorder;
    const sdk::PrivacyContext wish = context();
    EXPECT_FALSE(officer.export_page(wish, whole, 0, 0).has_value());  // names leave by two
    EXPECT_TRUE(second.release_export(context(), wish.request_id, true).has_value());
    std::vector<std::string> records;
    std::uint64_t next = 0;
    std::uint64_t end = 0;
    do {
      const auto page = officer.export_page(wish, whole, next, end);
      EXPECT_TRUE(page.has_value()) << (page ? "" : page.error().message);
      if (!page) break;
      for (const sdk::ExportedRecord& one : page->records) {
        EXPECT_EQ(one.leaf_index, next++);
        EXPECT_EQ(one.body_state, "open") << one.leaf_index;
        records.push_back(in_words(json::parse(one.body_json)));
      }
      end = page->end_leaf;
    } while (next < end);
    const auto looks = std::find(records.begin(), records.end(), "export_begun");
    EXPECT_NE(looks, records.end());
    records.erase(looks, records.end());
    return records;
  }

  static sdk::PrivacyContext context() {
    return {sdk::new_request_id(), sdk::LookPurpose::kAudit, "XX-123", ""};
  }

  std::string in_words(const json& body) {
    if (body.contains("event")) return body["event"];
    if (body.contains("answer")) {
      std::string words = "suggest " + body["answer"]["verdict"].get<std::string>() + " " +
                          body["flight_passenger"]["seat"].get<std::string>();
      for (const json& reason : body["answer"]["reasons"]) {
        const std::string code = reason["code"];
        const bool alarms = std::find(kAlarms.begin(), kAlarms.end(), code) != kAlarms.end();
        if (alarms) words += " " + code;
      }
      return words;
    }
    std::string words = body["action"];
    for (const char* key : {"reason", "evidence"}) {
      if (body.contains(key)) words += " " + body[key].get<std::string>();
    }
    words += " " + body["passenger"]["seat"].get<std::string>();
    if (body["boards"]) words += " boards";
    words += " by " + operators_[body["operator"].get<std::string>()];
    if (body.contains("second_operator")) {
      words += " and " + operators_[body["second_operator"].get<std::string>()];
    }
    return words;
  }

  std::vector<Passenger> flight_ = make_flight();
  std::vector<std::string> happened_;
  std::map<std::string, std::string> operators_;  // by pseudonym
  std::unique_ptr<GateBench> gate_;
};

void FullFlight::board(std::size_t place) {
  const Traveller& one = flight_[place].traveller;
  switch (flight_[place].course) {
    case Course::kPlain:
      return board_plain(one);
    case Course::kSpelling:
      ASSERT_NO_FATAL_FAILURE(present(one, one, Verdict::kReview));
      return decide({7, 2}, "accept minor_spelling " + one.seat + " boards");
    case Course::kNickname:
      ASSERT_NO_FATAL_FAILURE(present(one, one, Verdict::kReview));
      return decide({7, 3}, "accept nickname " + one.seat + " boards");
    case Course::kNameChange:
      ASSERT_NO_FATAL_FAILURE(present(one, one, Verdict::kReview));
      return decide({7, 4, 1},
                    "accept name_change civil_status_certificate " + one.seat + " boards");
    case Course::kSwapped: {
      const Traveller& owner = flight_[place + 1].traveller;
      ASSERT_NO_FATAL_FAILURE(present(one, owner, Verdict::kMismatch, " DOCUMENT_OF_PEER"));
      gate_->press(6);
      ASSERT_TRUE(gate_->wait_for(
          [&] { return session().stage() == Stage::kVerdict && session().seat() == owner.seat; }));
      decided("refuse " + one.seat);
      suggested(Verdict::kMatch, owner.seat);
      ASSERT_NO_FATAL_FAILURE(decide({7, 9}, "confirm " + owner.seat + " boards"));
      return board_plain(one);
    }
    case Course::kOwnerOfSwapped:
      return;
    case Course::kUsedAgain:
      ASSERT_NO_FATAL_FAILURE(board_plain(one));
      ASSERT_NO_FATAL_FAILURE(present(one, one, Verdict::kReview, " ALREADY_BOARDED"));
      return decide({5}, "hand_over " + one.seat);
    case Course::kTwoAccept:
      ASSERT_NO_FATAL_FAILURE(present(one, one, Verdict::kMismatch));
      gate_->press(7);
      gate_->press(10);
      gate_->type("4712\r");
      ASSERT_EQ(session().second_operator_id(), "4712");
      gate_->press(4);
      gate_->press(2);
      ASSERT_TRUE(gate_->wait_for(Stage::kDone));
      return decided("accept name_change name_change_deed " + one.seat + " boards",
                     "4711 and 4712");
    case Course::kUndone:
      ASSERT_NO_FATAL_FAILURE(board_plain(one));
      gate_->press(8);
      ASSERT_TRUE(gate_->wait_for(Stage::kReady));
      decided("undo " + one.seat);
      return board_plain(one);
  }
}

TEST_F(FullFlight, BoardsAndTheLogSaysExactlyWhatHappened) {
  for (std::size_t i = 0; i < flight_.size(); ++i) {
    SCOPED_TRACE(flight_[i].traveller.seat);
    ASSERT_NO_FATAL_FAILURE(board(i));
  }
  ASSERT_TRUE(gate_->wait_for([&] { return session().flight()->boarded == kPassengers; }));
  for (const ListRow& row : session().rows()) EXPECT_TRUE(row.boarded) << row.seat;
  gate_.reset();
  EXPECT_EQ(read_records(), happened_);
  expect_log({"boarded " + std::to_string(kPassengers), "export_released 1"});
}

}  // namespace
}  // namespace paxid::gate
