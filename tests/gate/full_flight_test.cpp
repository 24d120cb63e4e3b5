// Three hundred passengers board without a mouse, as they come: spellings, nicknames, changed
// names, swapped passports, a pass that was used before, a MISMATCH that two people accept.
// Afterwards the log says exactly what happened, in its order.

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/hex.h"
#include "tests/gate/gate_bench.h"
#include "tests/integration/export_log.h"

namespace paxid::gate {
namespace {

using integration::Finished;
using integration::ServerProcess;
using integration::Site;
using nlohmann::json;
using verification::Verdict;

constexpr std::size_t kPassengers = 300;
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

class FullFlight : public testing::Test {
 protected:
  FullFlight() { give_courses(flight_); }

  void SetUp() override {
    std::vector<Traveller> travellers;
    for (const Passenger& one : flight_) travellers.push_back(one.traveller);
    load_flight(site_, *server_, travellers);
    gate_ = std::make_unique<GateBench>(options_for(site_, *server_, "g1"),
                                        messages::Language::kEnglish);
    gate_->type("4711\r");
    ASSERT_TRUE(gate_->wait_for([&] { return !session().known_flights().empty(); }));
    gate_->type("\r");
    ASSERT_TRUE(gate_->wait_for([&] { return session().rows().size() == kPassengers; }));
    happened_.push_back("flight_loaded");
  }

  const Session& session() const { return gate_->session(); }

  void present(const Traveller& pass, const Traveller& document, Verdict expected) {
    gate_->scan(pass_of(pass));
    gate_->scan_document(passport_of(document));
    ASSERT_TRUE(gate_->wait_for(Stage::kVerdict));
    ASSERT_EQ(session().verdict()->report.verdict, expected) << pass.seat;
    ASSERT_EQ(session().seat(), pass.seat);
    suggested(expected, pass.seat);
  }
  void suggested(Verdict verdict, const std::string& seat) {
    if (happened_.size() == 1) happened_.push_back("policy_in_use");
    happened_.push_back("suggest " + std::string(verification::name_of(verdict)) + " " + seat);
  }
  void decide(std::initializer_list<int> keys, const std::string& record) {
    for (const int key : keys) gate_->press(key);
    ASSERT_TRUE(gate_->wait_for(Stage::kDone));
    happened_.push_back(record);
  }

  void board(std::size_t place);
  void board_plain(const Traveller& one) {
    ASSERT_NO_FATAL_FAILURE(present(one, one, Verdict::kMatch));
    ASSERT_NO_FATAL_FAILURE(decide({7, 9}, "confirm " + one.seat + " boards"));
  }

  // What the log says, each record in words.
  std::vector<std::string> read_records() {
    EXPECT_EQ(server_->stop(), 0);
    const std::string exported = integration::export_log(site_, "demo");
    const Finished read =
        integration::run({PAXID_PYTHON, PAXID_VERIFY_FROM_DOCUMENT, "--read", exported});
    EXPECT_EQ(read.status, 0) << read.output;
    EXPECT_NE(read.output.find("boarded " + std::to_string(kPassengers) + "\n"), std::string::npos)
        << read.output;
    std::vector<std::string> records;
    std::ifstream file(exported);
    for (std::string line; std::getline(file, line);) {
      if (!line.starts_with("body=")) continue;
      const auto bytes = base::from_hex(line.substr(5));
      records.push_back(in_words(json::parse(bytes->begin(), bytes->end())));
    }
    return records;
  }

  std::string in_words(const json& body) {
    if (body.contains("event")) return body["event"];
    if (body.contains("answer")) {
      return "suggest " + body["answer"]["verdict"].get<std::string>() + " " +
             body["flight_passenger"]["seat"].get<std::string>();
    }
    std::string words = body["action"];
    for (const char* key : {"reason", "evidence"}) {
      if (body.contains(key)) words += " " + body[key].get<std::string>();
    }
    words += " " + body["passenger"]["seat"].get<std::string>();
    if (body["boards"]) words += " boards";
    if (body.contains("second_operator")) words += " two";
    operators_.insert(body["operator"].get<std::string>());
    return words;
  }

  std::vector<Passenger> flight_ = make_flight();
  std::vector<std::string> happened_;
  std::set<std::string> operators_;
  Site site_;
  std::optional<ServerProcess> server_{site_};
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
      ASSERT_NO_FATAL_FAILURE(present(one, owner, Verdict::kMismatch));
      gate_->press(6);
      ASSERT_TRUE(gate_->wait_for(
          [&] { return session().stage() == Stage::kVerdict && session().seat() == owner.seat; }));
      happened_.push_back("refuse " + one.seat);
      suggested(Verdict::kMatch, owner.seat);
      ASSERT_NO_FATAL_FAILURE(decide({7, 9}, "confirm " + owner.seat + " boards"));
      return board_plain(one);
    }
    case Course::kOwnerOfSwapped:
      return;
    case Course::kUsedAgain:
      ASSERT_NO_FATAL_FAILURE(board_plain(one));
      gate_->pause(2'100);  // the wedge takes the same pass for a double scan before
      ASSERT_NO_FATAL_FAILURE(present(one, one, Verdict::kReview));
      return decide({5}, "hand_over " + one.seat);
    case Course::kTwoAccept:
      ASSERT_NO_FATAL_FAILURE(present(one, one, Verdict::kMismatch));
      gate_->press(7);
      gate_->press(10);
      gate_->type("4712\r");
      ASSERT_EQ(session().second_operator_id(), "4712");
      return decide({4, 2}, "accept name_change name_change_deed " + one.seat + " boards two");
    case Course::kUndone:
      ASSERT_NO_FATAL_FAILURE(board_plain(one));
      gate_->press(8);
      ASSERT_TRUE(gate_->wait_for(Stage::kReady));
      happened_.push_back("undo " + one.seat);
      gate_->pause(2'100);
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
  EXPECT_EQ(operators_.size(), 1U);
}

}  // namespace
}  // namespace paxid::gate
