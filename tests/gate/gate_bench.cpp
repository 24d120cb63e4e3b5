#include "tests/gate/gate_bench.h"

#include <gtest/gtest.h>

#include <QLabel>
#include <QStyleFactory>
#include <QTest>
#include <cstdio>

#include "base/clock.h"
#include "mrz/writer.h"
#include "verification/station.h"

namespace paxid::gate {
namespace {

constexpr int kPersonGap = 200;

std::string padded(std::string text, std::size_t size) {
  text.resize(size, ' ');
  return text;
}

// "740812"
std::string zone_date(const std::string& iso) {
  return iso.substr(2, 2) + iso.substr(5, 2) + iso.substr(8, 2);
}

std::int64_t departure_unix_seconds() {
  static const auto kDeparture =
      static_cast<std::int64_t>(base::SystemClock().unix_microseconds() / 1'000'000) + 7'200;
  return kDeparture;
}

DeviceFace device_of(const sdk::ClientOptions& client) {
  const auto certificate = sdk::read_device_certificate(client.certificate_file);
  EXPECT_TRUE(certificate.has_value());
  const auto now = base::SystemClock().unix_microseconds() / 1'000'000;
  return certificate ? face_of(*certificate, static_cast<std::int64_t>(now)) : DeviceFace{};
}

}  // namespace

base::Date flight_day() {
  static const base::Date kDay = verification::station_date(
      static_cast<std::uint64_t>(departure_unix_seconds()) * 1'000'000, "FRA");
  return kDay;
}

void load_flight(const integration::Site& site, const integration::ServerProcess& server,
                 const std::vector<Traveller>& travellers) {
  sdk::FlightLoad load;
  load.request_id = sdk::new_request_id();
  load.flight = sdk::FlightKey{"XX", "123", base::to_iso(flight_day()), "FRA"};
  load.departure_unix_seconds = departure_unix_seconds();
  std::vector<sdk::FlightPassenger> passengers;
  for (const Traveller& one : travellers) {
    sdk::FlightPassenger& passenger = passengers.emplace_back();
    passenger.booking_name = base::PersonalText(one.booked);
    passenger.locator = one.locator;
    passenger.seat = one.seat;
    passenger.birth_date = one.birth_date;
    passenger.sex = one.sex == 'M' ? verification::Sex::kMale : verification::Sex::kFemale;
  }
  const auto loader = integration::client_for(site, server, "l1");
  const auto loaded = loader.load_flight(load, passengers);
  ASSERT_TRUE(loaded.has_value()) << loaded.error().message << " " << loaded.error().field;
}

std::string pass_of(const Traveller& traveller) {
  const base::Date day_of_flight = flight_day();
  const base::Date new_year{day_of_flight.year(), std::chrono::January, std::chrono::day(1)};
  char day[16];
  std::snprintf(day, sizeof day, "%03d", base::days_between(new_year, day_of_flight) + 1);
  std::string seat = traveller.seat;
  seat.insert(0, 4 - seat.size(), '0');
  return "M1" + padded(traveller.booked, 20) + "E" + padded(traveller.locator, 7) + "FRAJFKXX " +
         "0123 " + day + "Y" + seat + "0001 100";
}

std::vector<std::string> passport_of(const Traveller& traveller) {
  const std::string birth = zone_date(traveller.birth_date);
  mrz::ZoneContent content;
  content.format = mrz::Format::kTd3;
  content.document_code = "P";
  content.issuer = "D";
  content.primary = traveller.surname;
  content.secondary = traveller.given;
  content.document_number = traveller.number;
  content.nationality = "D";
  content.birth_date = birth;
  content.sex = traveller.sex == 'M' ? "M" : "F";
  content.expiry_date = "340415";
  const auto zone = mrz::write(content);
  EXPECT_TRUE(zone.has_value());
  std::vector<std::string> lines;
  for (std::size_t i = 0; zone && i < zone->line_count; ++i) {
    lines.emplace_back(zone->lines[i].view());
  }
  return lines;
}

std::string ended_certificate(const integration::Site& site, const std::string& role,
                              const std::string& name) {
  const std::string key = site.tls(name + ".key");
  const std::string uri = "spiffe://paxid.dev/tenant/demo/" + role + "/" + name;
  const std::string configuration =
      R"([ca]\ndefault_ca=d\n[d]\ndatabase=index\nnew_certs_dir=.\nrand_serial=yes\n)"
      R"(default_md=sha256\npolicy=p\nx509_extensions=x\n[p]\ncommonName=supplied\n[x]\n)"
      R"(extendedKeyUsage=clientAuth\nsubjectAltName=URI:)" +
      uri + "\\n";
  const std::string command =
      "cd " + site.tls("") + " && printf '" + configuration + "' >old.cnf && : >index && " +
      "openssl req -new -key " + key + " -subj /CN=" + name + " -out old.csr && " +
      "openssl ca -config old.cnf -batch -notext -cert ca.pem -keyfile ca.key -in old.csr " +
      "-startdate 20200101000000Z -enddate 20210131000000Z -out old.pem";
  const integration::Finished made = integration::run({"/bin/sh", "-c", command});
  EXPECT_EQ(made.status, 0) << made.output;
  return site.tls("old.pem");
}

GateBench::GateBench(const sdk::ClientOptions& client, messages::Language language,
                     const Look& look, SessionOptions session) {
  QApplication::setStyle(QStyleFactory::create("Fusion"));
  QApplication::setPalette(look.palette());
  DeskOptions options;
  options.client = client;
  options.session = std::move(session);
  desk_ = std::make_unique<Desk>(
      options,
      [this] {
        if (window_) window_->show_session(desk_->session(), desk_->pending());
      },
      [this] {
        if (window_) window_->show_pending(desk_->session(), desk_->pending());
      },
      [this](Tone tone) { tones_.push_back(tone); });
  window_ = std::make_unique<Window>(
      look, language, device_of(client),
      WindowInput{[this](char32_t character, auto at) { desk_->key(character, at); },
                  [this](int function) { desk_->press(function); },
                  [this](int rows) { desk_->move_selection(rows); }});
  window_->resize(look.text_scale > 1.5 ? QSize(1920, 1080) : QSize(1366, 768));
  window_->show_session(desk_->session(), {});
  window_->show();
  const auto connected = desk_->connect();
  EXPECT_TRUE(connected.has_value());
}

void GateBench::key(int code, const QString& text, int gap, bool auto_repeat) {
  clock_ += static_cast<quint64>(gap);
  QWidget* focus = window_->focusWidget();
  ASSERT_NE(focus, nullptr);
  QKeyEvent press(QEvent::KeyPress, code, Qt::NoModifier, text, auto_repeat);
  press.setTimestamp(clock_);
  QApplication::sendEvent(focus, &press);
  QKeyEvent release(QEvent::KeyRelease, code, Qt::NoModifier, text, auto_repeat);
  release.setTimestamp(clock_ + 1);
  QApplication::sendEvent(focus, &release);
}

void GateBench::scan(const std::string& line, int milliseconds,
                     const std::function<void()>& before_last) {
  clock_ += kPersonGap;
  for (const char c : line) key(0, QString(QLatin1Char(c)), milliseconds);
  if (before_last) before_last();
  key(Qt::Key_Return, "\r", milliseconds);
}

void GateBench::scan_document(const std::vector<std::string>& lines) {
  for (const std::string& line : lines) scan(line);
}

void GateBench::type(const std::string& text) {
  for (const char c : text) {
    if (c == '\r') {
      key(Qt::Key_Return, "\r", kPersonGap);
    } else {
      key(0, QString(QLatin1Char(c)), kPersonGap);
    }
    pause(40);  // the wedge waits whether more keys come
  }
}

void GateBench::press(int function, bool auto_repeat) {
  key(Qt::Key_F1 + function - 1, QString(), kPersonGap, auto_repeat);
}

void GateBench::press_escape() { key(Qt::Key_Escape, QString(), kPersonGap); }

void GateBench::press_arrow(Qt::Key code) { key(code, QString(), kPersonGap); }

bool GateBench::wait_for(const std::function<bool()>& condition) {
  return QTest::qWaitFor(condition, static_cast<int>(integration::kPatience.count()) * 1'000);
}

bool GateBench::wait_for(Stage stage) {
  return wait_for([this, stage] { return session().stage() == stage; });
}

void GateBench::pause(int milliseconds) { QTest::qWait(milliseconds); }

std::string GateBench::words() const {
  std::string words;
  for (const QWidget* part : window_->findChildren<QWidget*>()) {
    if (!part->isVisibleTo(window_.get())) continue;
    const auto* label = qobject_cast<const QLabel*>(part);
    words += (label != nullptr ? label->text() : part->accessibleName()).toStdString() + "\n";
  }
  return words;
}

std::string GateBench::notice() const {
  return messages::render(session().notice(), messages::Language::kEnglish);
}

}  // namespace paxid::gate
