// A flight is boarded at the gate's window, without a mouse: the real server over mutual TLS, a
// scanner that types, and afterwards what the log says of it.

#include <gtest/gtest.h>
#include <signal.h>

#include "tests/gate/flight_bench.h"

namespace paxid::gate {
namespace {

using verification::Verdict;

const std::vector<Traveller> kTravellers{
    {"MUELLER/HANSMR", "ABC123", "1A", "1974-08-12", 'M', "MUELLER", "HANS", "C01X00T47"},
    {"NOVAK/EVAMRS", "DEF456", "1B", "1981-03-02", 'F', "NOVAK", "EVA", "C01X00T48"},
    {"ROSSI/MARIOMR", "GHI789", "2A", "1990-01-15", 'M', "ROSSI", "MARIO", "C01X00T49"},
    {"HOFMANM/CARLAMS", "JKL012", "2B", "1966-06-30", 'F', "HOFMANN", "CARLA", "C01X00T50"},
    {"SMITH/BILLMR", "MNO345", "3A", "1979-11-05", 'M', "SMITH", "WILLIAM", "C01X00T51"},
    {"DOE/JANEMS", "PQR678", "3B", "1988-09-21", 'F', "BAKER", "JANE", "C01X00T52"},
    {"WEBER/UDOMR", "STU901", "4A", "1970-02-28", 'M', "WEBER", "UDO", "C01X00T53"},
};
enum Who { kHans, kEva, kMario, kCarla, kBill, kJane, kUdo };

class Boarding : public FlightBench {
 protected:
  Boarding() : FlightBench(kTravellers) {}
  void SetUp() override { start(); }

  // Pass of one, passport of another.
  static Verdict present(GateBench& gate, Who pass, Who document) {
    gate.scan(pass_of(kTravellers[pass]));
    EXPECT_EQ(gate.session().stage(), Stage::kHalf);
    gate.scan_document(passport_of(kTravellers[document]));
    EXPECT_TRUE(gate.wait_for(Stage::kVerdict));
    return gate.session().verdict()->report.verdict;
  }

  static void board_match(GateBench& gate, Who who) {
    EXPECT_EQ(present(gate, who, who), Verdict::kMatch);
    gate.press(7);
    gate.press(9);
    EXPECT_TRUE(gate.wait_for(Stage::kDone));
  }
};

TEST_F(Boarding, AFlightIsBoardedWithoutAMouse) {
  auto gate = open_gate();
  Session const& session = gate->session();

  // Two who are who they say. The face comes first, and a key that is held down counts once.
  EXPECT_EQ(present(*gate, kHans, kHans), Verdict::kMatch);
  gate->press(9);
  EXPECT_EQ(session.stage(), Stage::kVerdict);
  EXPECT_EQ(session.notice().key, "GATE_FACE_FIRST");
  gate->press(7);
  EXPECT_TRUE(session.face_checked());
  gate->press(7, true);
  EXPECT_TRUE(session.face_checked());
  gate->press(9);
  ASSERT_TRUE(gate->wait_for(Stage::kDone));
  EXPECT_EQ(gate->notice(), "On board: MUELLER/HANSMR");
  board_match(*gate, kEva);
  ASSERT_TRUE(gate->wait_for([&] { return session.flight()->boarded == 2; }));
  EXPECT_TRUE(session.rows()[kEva].boarded);

  // A slip in the booking, a nickname, and a name after a marriage.
  EXPECT_EQ(present(*gate, kCarla, kCarla), Verdict::kReview);
  gate->press(7);
  gate->press(2);
  ASSERT_TRUE(gate->wait_for(Stage::kDone));
  EXPECT_EQ(present(*gate, kBill, kBill), Verdict::kReview);
  gate->press(7);
  gate->press(3);
  ASSERT_TRUE(gate->wait_for(Stage::kDone));
  EXPECT_EQ(present(*gate, kJane, kJane), Verdict::kReview);
  gate->press(7);
  gate->press(4);
  EXPECT_EQ(session.stage(), Stage::kEvidence);
  gate->press(1);
  ASSERT_TRUE(gate->wait_for(Stage::kDone));
  ASSERT_TRUE(gate->wait_for([&] { return session.flight()->boarded == 5; }));

  // Mario holds Udo's passport: F6 puts that on record and opens Udo.
  EXPECT_EQ(present(*gate, kMario, kUdo), Verdict::kMismatch);
  // Of the other one it says name and seat, and nothing else.
  gate->press(1);
  const std::string words = gate->words();
  EXPECT_NE(words.find("WEBER/UDO"), std::string::npos) << words;
  EXPECT_NE(words.find("4A"), std::string::npos) << words;
  for (const char* datum : {"STU901", "C01X00T53", "1970", "700228", "28 Feb"}) {
    EXPECT_EQ(words.find(datum), std::string::npos) << datum << " in " << words;
  }
  gate->press(6);
  ASSERT_TRUE(
      gate->wait_for([&] { return session.stage() == Stage::kVerdict && session.seat() == "4A"; }));
  EXPECT_EQ(session.verdict()->report.verdict, Verdict::kMatch);
  gate->press(7);
  gate->press(9);
  ASSERT_TRUE(gate->wait_for(Stage::kDone));

  // A pass that was used before goes to the desk.
  EXPECT_EQ(present(*gate, kHans, kHans), Verdict::kReview);
  gate->press(5);
  ASSERT_TRUE(gate->wait_for(Stage::kDone));

  // Two accept what one must not.
  EXPECT_EQ(present(*gate, kMario, kHans), Verdict::kMismatch);
  gate->press(7);
  gate->press(2);
  EXPECT_EQ(session.notice().key, "GATE_SECOND_PERSON_NEEDED");
  gate->press(10);
  gate->type("4711\r");
  EXPECT_EQ(session.notice().key, "GATE_SECOND_PERSON_OTHER");
  gate->type("4712\r");
  EXPECT_EQ(session.second_operator_id(), "4712");
  gate->press(5);
  ASSERT_TRUE(gate->wait_for(Stage::kDone));

  // The last one is boarded, taken back, and boarded again.
  board_match(*gate, kMario);
  ASSERT_TRUE(gate->wait_for([&] { return session.flight()->boarded == 7; }));
  gate->press(8);
  ASSERT_TRUE(gate->wait_for(Stage::kReady));
  EXPECT_EQ(session.notice().key, "GATE_UNDONE");
  board_match(*gate, kMario);
  ASSERT_TRUE(gate->wait_for([&] { return session.flight()->boarded == 7; }));

  gate.reset();
  expect_log({"suggestions 11", "decisions 12", "confirm 5", "accept 3", "refuse 1", "hand_over 2",
              "undo 1", "boarded 7", "loads 1"});
}

TEST_F(Boarding, AServerThatDiesIsSaidAndAskedAgain) {
  auto gate = open_gate();
  const Session& session = gate->session();
  gate->scan(pass_of(kTravellers[kHans]));
  server_->send(SIGKILL);
  server_->wait();
  gate->scan_document(passport_of(kTravellers[kHans]));
  ASSERT_TRUE(gate->wait_for(Stage::kSilent));
  EXPECT_FALSE(session.answers());
  EXPECT_EQ(session.verdict(), nullptr);
  EXPECT_EQ(gate->tones().back(), Tone::kSilent);

  // It comes back: the flight is loaded again, and the gate asks by itself.
  restart();
  ASSERT_TRUE(gate->wait_for(Stage::kVerdict));
  EXPECT_TRUE(session.answers());
  ASSERT_TRUE(gate->wait_for([&] { return session.flight()->passengers == 7; }));
  gate->press(7);
  gate->press(9);
  ASSERT_TRUE(gate->wait_for([&] { return session.stage() != Stage::kDeciding; }));
  gate.reset();
  expect_log({"suggestions 1"});
}

TEST_F(Boarding, ADecisionThatWasNotHeardIsOneRecord) {
  auto gate = open_gate(std::chrono::seconds(2));
  const Session& session = gate->session();
  EXPECT_EQ(present(*gate, kHans, kHans), Verdict::kMatch);
  gate->press(7);
  server_->send(SIGSTOP);  // it hears nothing, or hears and cannot answer
  gate->press(9);
  ASSERT_TRUE(gate->wait_for(Stage::kSilent));
  EXPECT_EQ(session.instruction().key, "GATE_SILENT_DECISION");
  server_->send(SIGCONT);
  gate->press(1);
  ASSERT_TRUE(gate->wait_for([&] {
    if (session.stage() == Stage::kSilent) gate->press(1);
    return session.stage() == Stage::kDone;
  }));
  EXPECT_EQ(session.notice().key, "GATE_BOARDED");
  ASSERT_TRUE(gate->wait_for([&] { return session.flight()->boarded == 1; }));
  gate.reset();
  expect_log({"suggestions 1", "decisions 1", "confirm 1", "boarded 1"});
}

}  // namespace
}  // namespace paxid::gate

int main(int argc, char** argv) {
  qputenv("QT_QPA_PLATFORM", "offscreen");
  QApplication application(argc, argv);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
