// The kiosk beside the real server over mutual TLS, and the gate to which it sends people:
// scanners that type, touches, time that passes, and afterwards what the log says of it.

#include <gtest/gtest.h>
#include <signal.h>

#include <ZXing/ReadBarcode.h>
#include <QApplication>
#include <QImage>
#include <QMetaProperty>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>

#include "tests/gate/gate_bench.h"
#include "tests/integration/export_log.h"
#include "tests/kiosk/kiosk_bench.h"

namespace paxid::kiosk {
namespace {

using gate::GateBench;
using gate::pass_of;
using gate::passport_of;
using gate::Stage;
using gate::Traveller;
using integration::Finished;
using integration::ServerProcess;
using integration::Site;
using nlohmann::json;
using verification::Verdict;

const std::vector<Traveller> kTravellers{
    {"MUELLER/HANSMR", "ABC123", "1A", "1974-08-12", 'M', "MUELLER", "HANS", "C01X00T47"},
    {"NOVAK/EVAMRS", "DEF456", "1B", "1981-03-02", 'F', "NOVAK", "EVA", "C01X00T48"},
    {"HOFMANM/CARLAMS", "JKL012", "2B", "1966-06-30", 'F', "HOFMANN", "CARLA", "C01X00T50"},
};
enum Who { kHans, kEva, kCarla };

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

class KioskService : public testing::Test {
 protected:
  void SetUp() override { gate::load_flight(site_, *server_, kTravellers); }

  std::unique_ptr<KioskBench> open_kiosk(
      SessionOptions session = {}, std::chrono::milliseconds deadline = integration::kPatience) {
    sdk::ClientOptions options = options_for(site_, *server_, "k1");
    options.deadline = deadline;
    auto kiosk = std::make_unique<KioskBench>(options, std::move(session));
    EXPECT_TRUE(kiosk->wait_for([&] { return kiosk->terminal().session().view().notice.empty(); }));
    return kiosk;
  }

  static void present(KioskBench& kiosk, Who pass, Who document) {
    kiosk.scan(pass_of(kTravellers[pass]));
    ASSERT_EQ(kiosk.screen(), Screen::kDocument);
    kiosk.scan_document(passport_of(kTravellers[document]));
  }

  std::unique_ptr<GateBench> open_gate() {
    auto gate = std::make_unique<GateBench>(options_for(site_, *server_, "g1"),
                                            messages::Language::kEnglish);
    gate->type("4711\r");
    EXPECT_TRUE(gate->wait_for([&] { return !gate->session().known_flights().empty(); }));
    gate->type("\r");
    EXPECT_TRUE(
        gate->wait_for([&] { return gate->session().rows().size() == kTravellers.size(); }));
    return gate;
  }

  std::string read_log() {
    EXPECT_EQ(server_->stop(), 0);
    const std::string exported = integration::export_log(site_, "demo");
    const Finished read =
        integration::run({PAXID_PYTHON, PAXID_VERIFY_FROM_DOCUMENT, "--read", exported});
    EXPECT_EQ(read.status, 0) << read.output;
    return read.output;
  }
  static void expect_lines(const std::string& log, const std::vector<std::string>& lines) {
    for (const std::string& line : lines) {
      EXPECT_NE(log.find(line + "\n"), std::string::npos) << line << " not in\n" << log;
    }
  }

  Site site_;
  std::optional<ServerProcess> server_{site_};
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
  expect_lines(read_log(), {"suggestions 1"});
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
  expect_lines(read_log(),
               {"suggestions 2", "looks 1", "decisions 2", "accept 1", "confirm 1", "boarded 1"});
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
  expect_lines(read_log(), {"suggestions 1", "looks 1", "decisions 1", "hand_over 1"});
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
  kiosk->scan("0220123456");  // and something is left in the reader
  kiosk->terminal().key(U'X', std::nullopt);
  EXPECT_FALSE(kiosk->terminal().is_blank());

  kiosk->terminal().pass_time(Milliseconds(46'000));
  EXPECT_EQ(item_named(kiosk->window(), "title")->property("text").toString(),
            QString("Avez-vous besoin de plus de temps ?"));
  EXPECT_NE(kiosk->said().back().find("19"), std::string::npos);
  kiosk->touch("more_time");
  EXPECT_EQ(kiosk->screen(), Screen::kColleague);
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

TEST_F(KioskService, ArrowsAndEnterDoWhatATouchDoes) {
  auto kiosk = open_kiosk();
  kiosk->press_key(Qt::Key_Down);
  kiosk->press_key(Qt::Key_Return, "\r");
  EXPECT_EQ(kiosk->terminal().session().view().language, messages::Language::kGerman);
  EXPECT_EQ(kiosk->screen(), Screen::kPass);
  // The enter key at the end of a scan is no choice.
  ASSERT_NO_FATAL_FAILURE(present(*kiosk, kEva, kEva));
  ASSERT_TRUE(kiosk->wait_for(Screen::kGoOn));
}

TEST_F(KioskService, ADeadServerSendsToAPerson) {
  auto kiosk = open_kiosk({}, std::chrono::seconds(2));
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
  auto kiosk = open_kiosk({}, std::chrono::seconds(1));
  kiosk->scan(pass_of(kTravellers[kHans]));
  server_->send(SIGSTOP);
  kiosk->scan_document(passport_of(kTravellers[kHans]));
  ASSERT_TRUE(kiosk->wait_for(Screen::kColleague));
  EXPECT_FALSE(kiosk->terminal().session().view().code.empty());
  server_->send(SIGCONT);
  kiosk->touch("finish");
  ASSERT_NO_FATAL_FAILURE(present(*kiosk, kEva, kEva));
  ASSERT_TRUE(kiosk->wait_for(Screen::kGoOn));
  kiosk.reset();
  const std::string log = read_log();
  const bool once_or_not = log.find("suggestions 1\n") != std::string::npos ||
                           log.find("suggestions 2\n") != std::string::npos;
  EXPECT_TRUE(once_or_not) << log;
}

// A kiosk whose certificate has ended says so before anybody scans, and helps nobody the less.
TEST_F(KioskService, AnEndedCertificateSendsToAPersonAndLeavesNoRecord) {
  sdk::ClientOptions options = options_for(site_, *server_, "k1");
  options.deadline = std::chrono::seconds(1);
  options.certificate_file = gate::ended_certificate(site_, "kiosk", "k1");
  KioskBench kiosk(options);
  kiosk.pause(1'000);
  EXPECT_EQ(kiosk.terminal().session().view().notice.key, "KIOSK_CLOSED");
  ASSERT_NO_FATAL_FAILURE(present(kiosk, kHans, kHans));
  ASSERT_TRUE(kiosk.wait_for(Screen::kColleague));
  EXPECT_EQ(read_log().find("suggestions"), std::string::npos);
}

// What vendors' tests do: a program without a display, lines in and lines out.
TEST_F(KioskService, TheProgramRunsWithoutAScreen) {
  std::string script = "{\"press\":\"language:de\"}\n";
  script += json{{"scan", pass_of(kTravellers[kHans])}}.dump() + "\n";
  script += json{{"scan", passport_of(kTravellers[kHans])}}.dump() + "\n";
  std::ofstream(site_.path("script")) << "{\"press\":\"finish\"}\nnonsense\n" << script;
  const std::string command = std::string("env -u DISPLAY -u QT_QPA_PLATFORM ") + PAXID_KIOSK +
                              " --headless --server " + server_->address() + " --ca " +
                              site_.tls("ca.pem") + " --cert " + site_.tls("k1.pem") + " --key " +
                              site_.tls("k1.key") + " < " + site_.path("script");
  const Finished done = integration::run({"/bin/sh", "-c", command});
  EXPECT_EQ(done.status, 0) << done.output;
  std::vector<json> lines;
  std::istringstream output(done.output);
  for (std::string line; std::getline(output, line);) {
    lines.push_back(json::parse(line, nullptr, false));
    ASSERT_TRUE(lines.back().is_object()) << line;
  }
  std::vector<std::string> screens;
  int errors = 0;
  for (const json& line : lines) {
    if (line.contains("error")) {
      ++errors;
      continue;
    }
    if (screens.empty() || screens.back() != line["screen"]) screens.push_back(line["screen"]);
  }
  EXPECT_EQ(errors, 2);
  EXPECT_EQ(screens,
            (std::vector<std::string>{"welcome", "pass", "document", "checking", "go_on"}));
  EXPECT_EQ(lines.back()["title"], "Vielen Dank. Sie können weitergehen.");
  EXPECT_EQ(lines.back()["buttons"][0]["press"], "finish");
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
