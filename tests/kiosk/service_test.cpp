// The kiosk beside the real server over mutual TLS, and the gate to which it sends people:
// scanners that type, touches, time that passes, and afterwards what the log says of it.

#include <gtest/gtest.h>
#include <signal.h>

#include <ZXing/ReadBarcode.h>
#include <QApplication>
#include <QFile>
#include <QImage>
#include <QMetaProperty>
#include <QTemporaryDir>
#include <QTest>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>

#include "clients/kiosk/script.h"
#include "clients/kiosk/speech.h"
#include "tests/gate/flight_bench.h"
#include "tests/kiosk/kiosk_bench.h"

namespace paxid::kiosk {
namespace {

using gate::pass_of;
using gate::passport_of;
using gate::Stage;
using gate::Traveller;
using integration::Finished;
using nlohmann::json;
using verification::Verdict;

const std::vector<Traveller> kTravellers{
    {"MUELLER/HANSMR", "ABC123", "1A", "1974-08-12", 'M', "MUELLER", "HANS", "C01X00T47"},
    {"NOVAK/EVAMRS", "DEF456", "1B", "1981-03-02", 'F', "NOVAK", "EVA", "C01X00T48"},
    {"HOFMANM/CARLAMS", "JKL012", "2B", "1966-06-30", 'F', "HOFMANN", "CARLA", "C01X00T50"},
};
enum Who { kHans, kEva, kCarla };

// A deadline that is over soon, and yet is kept on a busy machine by a server that answers.
constexpr std::chrono::seconds kSlow{5};

// Everything that the window's objects hold in words, of those that are not shown, too.
void collect_texts(const QObject& object, std::string& texts) {
  const QMetaObject* meta = object.metaObject();
  for (int i = 0; i < meta->propertyCount(); ++i) {
    const QMetaProperty property = meta->property(i);
    if (property.typeId() != QMetaType::QString && property.typeId() != QMetaType::QUrl) continue;
    texts += property.read(&object).toString().toStdString() + "\n";
  }
}
void collect_texts(const QQuickItem& item, std::string& texts) {
  collect_texts(static_cast<const QObject&>(item), texts);
  for (const QQuickItem* child : item.childItems()) collect_texts(*child, texts);
}
std::string all_texts(Window& window) {
  std::string texts;
  collect_texts(static_cast<const QObject&>(window), texts);
  collect_texts(*window.contentItem(), texts);
  const QVariantMap view = window.face().view();
  for (const QVariant& value : view) texts += value.toString().toStdString() + "\n";
  return texts;
}

class KioskService : public gate::FlightBench {
 protected:
  KioskService() : FlightBench(kTravellers) {}
  void SetUp() override { start(); }

  std::unique_ptr<KioskBench> open_kiosk(
      std::chrono::milliseconds deadline = integration::kPatience) {
    auto kiosk = std::make_unique<KioskBench>(options(deadline, "k1"));
    EXPECT_TRUE(kiosk->wait_for([&] { return kiosk->terminal().session().view().notice.empty(); }));
    return kiosk;
  }

  static void present(KioskBench& kiosk, Who pass, Who document) {
    kiosk.scan(pass_of(kTravellers[pass]));
    ASSERT_EQ(kiosk.screen(), Screen::kDocument);
    kiosk.scan_document(passport_of(kTravellers[document]));
  }
};

TEST_F(KioskService, WhoMatchesGoesOn) {
  auto kiosk = open_kiosk();
  kiosk->touch("language:de");
  EXPECT_EQ(kiosk->screen(), Screen::kPass);
  ASSERT_NO_FATAL_FAILURE(present(*kiosk, kHans, kHans));
  ASSERT_TRUE(kiosk->wait_for(Screen::kGoOn));
  EXPECT_EQ(item_named(kiosk->window(), "title")->property("text").toString(),
            QString("Vielen Dank. Sie können weitergehen."));
  kiosk->touch("finish");
  EXPECT_TRUE(kiosk->terminal().is_blank());
  kiosk.reset();
  expect_log({"suggestions 1"});
}

// The barcode on the screen is the code, and the gate's agent sees by it what the kiosk was
// answered; what he accepts there is no alarm at the gate.
TEST_F(KioskService, TheCodeLeadsTheAgentToTheRecord) {
  auto kiosk = open_kiosk();
  ASSERT_NO_FATAL_FAILURE(present(*kiosk, kCarla, kCarla));
  ASSERT_TRUE(kiosk->wait_for(Screen::kColleague));
  const std::string code = kiosk->terminal().session().view().code;
  EXPECT_EQ(all_texts(kiosk->window()).find("HOFMAN"), std::string::npos);
  const QImage picture = kiosk->window().grabWindow().convertToFormat(QImage::Format_Grayscale8);
  const auto barcode =
      ZXing::ReadBarcode({picture.constBits(), picture.width(), picture.height(),
                          ZXing::ImageFormat::Lum, static_cast<int>(picture.bytesPerLine())});
  ASSERT_TRUE(barcode.isValid());
  const std::wstring wide = barcode.text();
  EXPECT_EQ(std::string(wide.begin(), wide.end()), code);

  auto gate = open_gate();
  gate->scan(code);
  ASSERT_TRUE(gate->wait_for(Stage::kVerdict));
  const gate::Session& session = gate->session();
  EXPECT_EQ(session.verdict()->report.verdict, Verdict::kReview);
  EXPECT_EQ(session.passenger().reveal(), "HOFMANM/CARLAMS");
  EXPECT_EQ(session.seat(), "2B");
  EXPECT_FALSE(session.verdict()->report.alignment.empty());
  EXPECT_EQ(session.notice().key, "GATE_REFERRED");
  gate->press(7);
  gate->press(2);
  ASSERT_TRUE(gate->wait_for(Stage::kDone));
  EXPECT_EQ(session.notice().key, "GATE_RECORDED");  // the kiosk boards nobody

  gate->scan(pass_of(kTravellers[kCarla]));
  gate->scan_document(passport_of(kTravellers[kCarla]));
  ASSERT_TRUE(gate->wait_for(Stage::kVerdict));
  EXPECT_EQ(session.verdict()->report.verdict, Verdict::kMatch);
  ASSERT_TRUE(session.verdict()->resolution.has_value());
  gate->press(7);
  gate->press(9);
  ASSERT_TRUE(gate->wait_for(Stage::kDone));
  gate.reset();
  kiosk.reset();
  expect_log({"suggestions 2", "looks 1", "decisions 2", "accept 1", "confirm 1", "boarded 1"});
}

// The same code by hand, of somebody with another's passport; and a code that nobody has given.
TEST_F(KioskService, TheCodeCanBeTyped) {
  auto kiosk = open_kiosk();
  ASSERT_NO_FATAL_FAILURE(present(*kiosk, kEva, kHans));
  ASSERT_TRUE(kiosk->wait_for(Screen::kColleague));
  const std::string code = kiosk->terminal().session().view().code;

  auto gate = open_gate();
  std::string typed = sdk::shown_referral_code(code);
  for (char& c : typed) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  gate->type(typed + "\r");
  ASSERT_TRUE(gate->wait_for(Stage::kVerdict));
  EXPECT_EQ(gate->session().verdict()->report.verdict, Verdict::kMismatch);
  gate->press(5);
  ASSERT_TRUE(gate->wait_for(Stage::kDone));

  gate->type("bbb bbb bbb\r");
  ASSERT_TRUE(gate->wait_for([&] { return gate->session().notice().key == "GATE_CODE_UNKNOWN"; }));
  EXPECT_EQ(gate->session().stage(), Stage::kReady);
  gate.reset();
  kiosk.reset();
  expect_log({"suggestions 1", "looks 1", "decisions 1", "hand_over 1"});
}

// No object holds anything of a passenger when the kiosk has waited long enough.
TEST_F(KioskService, IdleTimeWipesEverything) {
  auto kiosk = open_kiosk();
  kiosk->touch("language:fr");
  ASSERT_NO_FATAL_FAILURE(present(*kiosk, kCarla, kCarla));
  ASSERT_TRUE(kiosk->wait_for(Screen::kColleague));
  const std::string code = kiosk->terminal().session().view().code;
  const std::string shown = sdk::shown_referral_code(code);
  EXPECT_NE(all_texts(kiosk->window()).find(shown), std::string::npos);
  kiosk->terminal().pass_time(Milliseconds(46'000));
  EXPECT_EQ(item_named(kiosk->window(), "title")->property("text").toString(),
            QString("Avez-vous besoin de plus de temps ?"));
  EXPECT_NE(kiosk->said().back().find("19"), std::string::npos);
  kiosk->touch("more_time");
  EXPECT_EQ(kiosk->screen(), Screen::kColleague);
  // The pass once more: it changes nothing, and the reader would know it again.
  const std::size_t said = kiosk->said().size();
  kiosk->scan(pass_of(kTravellers[kCarla]));
  EXPECT_EQ(kiosk->terminal().session().view().code, code);
  EXPECT_EQ(kiosk->said().size(), said);
  kiosk->terminal().pass_time(Milliseconds(66'000));
  EXPECT_EQ(kiosk->screen(), Screen::kWelcome);
  EXPECT_TRUE(kiosk->terminal().is_blank());
  kiosk->pause(50);
  const std::string texts = all_texts(kiosk->window());
  for (const std::string& part :
       {code, shown, std::string("HOFMAN"), std::string("C01X00T50"), std::string("JKL012")}) {
    EXPECT_EQ(texts.find(part), std::string::npos) << part;
  }
}

// The half of a scan is in the reader, and nothing else has come for as long as one may wait.
TEST_F(KioskService, AScanThatArrivesHoldsOffTheIdleTime) {
  auto kiosk = open_kiosk();
  kiosk->touch("language:fr");
  for (const char32_t c : std::u32string(U"M1MUELLER")) kiosk->terminal().key(c, Milliseconds(9));
  kiosk->terminal().pass_time(Milliseconds(66'000));
  EXPECT_EQ(kiosk->screen(), Screen::kPass);
  EXPECT_FALSE(kiosk->terminal().session().view().seconds.has_value());
  EXPECT_FALSE(kiosk->terminal().is_blank());
  // It never became whole: no scan, and after the same time nothing of it is left.
  ASSERT_TRUE(kiosk->wait_for(
      [&] { return kiosk->terminal().session().view().notice.key == "KIOSK_NOT_READ"; }));
  kiosk->terminal().pass_time(Milliseconds(66'000));
  EXPECT_TRUE(kiosk->terminal().is_blank());
}

// Who does not see the frame hears where it is, in the language of the button.
TEST_F(KioskService, TheFocusIsSpoken) {
  auto kiosk = open_kiosk();
  kiosk->press_key(Qt::Key_Down);
  EXPECT_EQ(kiosk->said().back(), "Deutsch");
  kiosk->press_key(Qt::Key_Tab, "\t");
  ASSERT_TRUE(kiosk->wait_for([&] { return kiosk->said().back() == "Français"; }));
  kiosk->press_key(Qt::Key_Backtab);
  EXPECT_EQ(kiosk->said().back(), "Deutsch");
}

// The program that speaks gets the text and its language, and is ended by the next text.
TEST(Speech, GivesEachTextToAProgramAndEndsTheOneBefore) {
  const QTemporaryDir directory;
  const auto path = [&](const char* name) { return directory.filePath(name).toStdString(); };
  std::ofstream(path("speak")) << "echo $$ >\"$1.pid\"; cat >\"$1.part\"; mv \"$1.part\" \"$1\"\n"
                                  "exec sleep 600\n";
  const auto wait_for = [](const std::function<bool()>& condition) {
    return QTest::qWaitFor(condition, 1'000 * static_cast<int>(integration::kPatience.count()));
  };
  {
    Speech speech(QString::fromStdString("sh " + path("speak") + " " + path("said.%l")));
    ASSERT_TRUE(speech.speaks());
    speech.say("Willkommen\nBordkarte", messages::Language::kGerman);
    ASSERT_TRUE(wait_for([&] { return QFile::exists(directory.filePath("said.de")); }));
    EXPECT_EQ(integration::read_text(path("said.de")), "Willkommen\nBordkarte");
    const pid_t first = std::stoi(integration::read_text(path("said.de.pid")));
    EXPECT_EQ(::kill(first, 0), 0);
    speech.say("أهلا", messages::Language::kArabic);
    EXPECT_EQ(::kill(first, 0), -1);
    ASSERT_TRUE(wait_for([&] { return QFile::exists(directory.filePath("said.ar")); }));
    EXPECT_EQ(integration::read_text(path("said.ar")), "أهلا");
  }
  EXPECT_EQ(::kill(std::stoi(integration::read_text(path("said.ar.pid"))), 0), -1);

  Speech silent("");
  EXPECT_FALSE(silent.speaks());
  Speech missing(directory.filePath("no-such-program"));
  missing.say("x", messages::Language::kEnglish);  // a kiosk without speech goes on
  QTest::qWait(50);
}

TEST_F(KioskService, ArrowsAndEnterDoWhatATouchDoes) {
  auto kiosk = open_kiosk();
  kiosk->press_key(Qt::Key_Down);
  kiosk->press_key(Qt::Key_Return, "\r");
  ASSERT_TRUE(kiosk->wait_for(Screen::kPass));
  EXPECT_EQ(kiosk->terminal().session().view().language, messages::Language::kGerman);
  EXPECT_EQ(kiosk->screen(), Screen::kPass);
  // The enter key at the end of a scan is no choice.
  ASSERT_NO_FATAL_FAILURE(present(*kiosk, kEva, kEva));
  ASSERT_TRUE(kiosk->wait_for(Screen::kGoOn));
}

TEST_F(KioskService, ADeadServerSendsToAPerson) {
  auto kiosk = open_kiosk(kSlow);
  kiosk->scan(pass_of(kTravellers[kHans]));
  server_->send(SIGKILL);
  server_->wait();
  kiosk->scan_document(passport_of(kTravellers[kHans]));
  ASSERT_TRUE(kiosk->wait_for(Screen::kColleague));
  EXPECT_FALSE(kiosk->terminal().session().view().code.empty());
  kiosk->touch("finish");
  ASSERT_TRUE(kiosk->wait_for(
      [&] { return kiosk->terminal().session().view().notice.key == "KIOSK_CLOSED"; }));
}

// The connection stands, and nothing comes: nobody waits longer than two attempts.
TEST_F(KioskService, ASlowServerSendsToAPersonAndIsRecordedOnceAtMost) {
  auto slow = open_kiosk(kSlow);
  slow->scan(pass_of(kTravellers[kHans]));
  server_->send(SIGSTOP);
  slow->scan_document(passport_of(kTravellers[kHans]));
  ASSERT_TRUE(slow->wait_for(Screen::kColleague));
  EXPECT_FALSE(slow->terminal().session().view().code.empty());
  slow.reset();
  server_->send(SIGCONT);
  auto kiosk = open_kiosk();
  ASSERT_NO_FATAL_FAILURE(present(*kiosk, kEva, kEva));
  ASSERT_TRUE(kiosk->wait_for(Screen::kGoOn));
  kiosk.reset();
  const std::string log = read_log();
  const bool once_or_not = log.find("suggestions 1\n") != std::string::npos ||
                           log.find("suggestions 2\n") != std::string::npos;
  EXPECT_TRUE(once_or_not) << log;
}

// A kiosk whose certificate has ended says so before anybody scans, and helps nobody the less. One
// beside it, whose certificate is good, works.
TEST_F(KioskService, AnEndedCertificateSendsToAPersonAndLeavesNoRecord) {
  sdk::ClientOptions ended = options(kSlow, "k1");
  ended.certificate_file = gate::ended_certificate(site_, "kiosk", "k1");
  KioskBench kiosk(ended);
  ASSERT_NO_FATAL_FAILURE(present(kiosk, kHans, kHans));
  ASSERT_TRUE(kiosk.wait_for(Screen::kColleague));
  kiosk.touch("finish");
  auto good = open_kiosk();
  EXPECT_EQ(kiosk.screen(), Screen::kWelcome);
  EXPECT_EQ(kiosk.terminal().session().view().notice.key, "KIOSK_CLOSED");
  EXPECT_NE(all_texts(kiosk.window()).find("This kiosk cannot answer just now."),
            std::string::npos);
  good.reset();
  EXPECT_EQ(("\n" + read_log()).find("\nsuggestions "), std::string::npos);
}

// Ten minutes off: dates are the server's, so that nobody is sent away for it; a passenger can do
// nothing about a clock and reads nothing of it. The record says it.
TEST_F(KioskService, AWrongClockIsNobodysFaultAndIsOnRecord) {
  server_.reset();
  start(gate::clock_that_is_wrong());
  auto kiosk = open_kiosk();
  ASSERT_NO_FATAL_FAILURE(present(*kiosk, kHans, kHans));
  ASSERT_TRUE(kiosk->wait_for(Screen::kGoOn));
  EXPECT_TRUE(kiosk->terminal().session().view().notice.empty());
  EXPECT_EQ(all_texts(kiosk->window()).find("clock"), std::string::npos);
  kiosk->touch("finish");
  ASSERT_NO_FATAL_FAILURE(present(*kiosk, kCarla, kCarla));
  ASSERT_TRUE(kiosk->wait_for(Screen::kColleague));
  EXPECT_FALSE(kiosk->terminal().session().view().code.empty());
  kiosk.reset();
  expect_log({"suggestions 2"});
  std::vector<std::string> verdicts;
  for (const json& body : bodies()) {
    if (!body.contains("answer")) continue;
    verdicts.push_back(body["answer"]["verdict"]);
    EXPECT_NE(body["answer"].dump().find("CLOCK_SKEW"), std::string::npos) << body["answer"];
  }
  EXPECT_EQ(verdicts, (std::vector<std::string>{"MATCH", "REVIEW"}));
}

// What vendors' tests do: a program without a display, lines in and lines out.
class KioskProgram : public KioskService {
 protected:
  Finished run_script(const std::string& script, const std::string& options = " --station FRA") {
    std::ofstream(site_.path("script")) << script;
    const std::string command = std::string("env -u DISPLAY -u QT_QPA_PLATFORM ") + PAXID_KIOSK +
                                " --headless --server " + server_->address() + " --ca " +
                                site_.tls("ca.pem") + " --cert " + site_.tls("k1.pem") + " --key " +
                                site_.tls("k1.key") + options + " < " + site_.path("script");
    return integration::run({"/bin/sh", "-c", command});
  }
  static std::vector<json> lines_of(const Finished& done) {
    EXPECT_EQ(done.status, 0) << done.output;
    std::vector<json> lines;
    std::istringstream output(done.output);
    for (std::string line; std::getline(output, line);) {
      lines.push_back(json::parse(line, nullptr, false));
      EXPECT_TRUE(lines.back().is_object()) << line;
    }
    return lines;
  }
};

TEST_F(KioskProgram, RunsWithoutAScreen) {
  std::string script = "{\"press\":\"finish\"}\nnonsense\n{\"press\":\"language:de\"}\n";
  script += json{{"scan", pass_of(kTravellers[kHans])}}.dump() + "\n";
  // More than a line may have is refused like every other wrong line, and the next one is read.
  script += json{{"scan", std::string(2 * kMaxScriptLineBytes, 'A')}}.dump() + "\n";
  script += json{{"scan", passport_of(kTravellers[kHans])}}.dump();  // without a line end
  std::vector<std::string> screens;
  std::vector<std::string> errors;
  const std::vector<json> lines = lines_of(run_script(script));
  for (const json& line : lines) {
    if (line.contains("error")) {
      errors.push_back(line["error"]);
    } else if (screens.empty() || screens.back() != line["screen"]) {
      screens.push_back(line["screen"]);
    }
  }
  ASSERT_EQ(errors.size(), 3U);
  EXPECT_EQ(errors[2], "a line has at most 65536 bytes");
  EXPECT_EQ(screens,
            (std::vector<std::string>{"welcome", "pass", "document", "checking", "go_on"}));
  EXPECT_EQ(lines.back()["title"], "Vielen Dank. Sie können weitergehen.");
  EXPECT_EQ(lines.back()["buttons"][0]["press"], "finish");
}

// Its date is the station's: without one, or with one that nobody knows, there is no right date.
TEST_F(KioskProgram, WantsItsStation) {
  const Finished none = run_script("", "");
  EXPECT_EQ(none.status, 2);
  EXPECT_NE(none.output.find("--station is required"), std::string::npos) << none.output;
  const Finished unknown = run_script("", " --station QQQ");
  EXPECT_EQ(unknown.status, 1);
  EXPECT_NE(unknown.output.find("--station: no airport"), std::string::npos) << unknown.output;
}

TEST(ScriptLines, ComeWholeHoweverTheInputIsCut) {
  const std::string script = "one\n\ntwo\nthree";
  for (std::size_t cut = 0; cut <= script.size(); ++cut) {
    ScriptLines lines;
    std::vector<std::string> read;
    const auto each = [&](std::string_view line) { read.emplace_back(line); };
    lines.add(script.substr(0, cut), each);
    lines.add(script.substr(cut), each);
    lines.end(each);
    EXPECT_EQ(read, (std::vector<std::string>{"one", "", "two", "three"})) << cut;
    lines.end(each);
    EXPECT_EQ(read.size(), 4U);
  }
}

TEST(ScriptLines, AnEndlessLineIsOneThatIsTooLong) {
  ScriptLines lines;
  std::vector<std::size_t> sizes;
  const auto each = [&](std::string_view line) { sizes.push_back(line.size()); };
  for (int i = 0; i < 100; ++i) lines.add(std::string(4'096, 'A'), each);
  lines.add("\nB\n", each);
  EXPECT_EQ(sizes, (std::vector<std::size_t>{kMaxScriptLineBytes + 1, 1}));
}

}  // namespace
}  // namespace paxid::kiosk

int main(int argc, char** argv) {
  qputenv("QT_QPA_PLATFORM", "offscreen");
  paxid::kiosk::draw_in_software();
  QApplication application(argc, argv);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
