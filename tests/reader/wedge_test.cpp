#include "clients/reader/wedge.h"

#include <gtest/gtest.h>

#include "clients/reader/keyboard_layout.h"
#include "mrz/writer.h"

namespace paxid::reader {
namespace {

const base::Date kToday{std::chrono::year(2026), std::chrono::month(11), std::chrono::day(22)};
constexpr Milliseconds kFast{4};
constexpr Milliseconds kSlow{160};

std::vector<std::string> lines_of(const mrz::WrittenZone& zone) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < zone.line_count; ++i) lines.emplace_back(zone.lines[i].view());
  return lines;
}

// Of invented persons.
mrz::ZoneContent content_of(mrz::Format format, std::string_view code, std::string_view surname,
                            std::string_view given, std::string_view number) {
  return {.format = format,
          .document_code = code,
          .issuer = "UTO",
          .primary = surname,
          .secondary = given,
          .document_number = number,
          .nationality = "UTO",
          .birth_date = "740812",
          .sex = "F",
          .expiry_date = "320415",
          .optional1 = "",
          .optional2 = ""};
}

std::vector<std::string> passport() {
  return lines_of(*mrz::write(content_of(mrz::Format::kTd3, "P", "LYNDZY", "ZOYA", "LYY3Z47")));
}

std::vector<std::string> card() {
  return lines_of(
      *mrz::write(content_of(mrz::Format::kTd1, "I", "ERIKSSON", "ANNA MARIA", "D23145890")));
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : "\n") + line;
  return text;
}

const std::string kPass = "M1ERIKSSON/ANNA MARIA EABC123 FRAJFKXX 0123 326Y014B0025 100";

// Types texts at a wedge, and collects what it says.
class Typist {
 public:
  explicit Typist(WedgeOptions options = {}) : wedge_(std::move(options)) {}

  void type(const std::string& text, Milliseconds gap = kFast) {
    for (const char32_t c : std::u32string(text.begin(), text.end())) key(c, gap);
  }
  void key(char32_t c, Milliseconds gap = kFast) {
    wait(gap, false);
    keep(wedge_.key(c, now_, kToday));
  }
  // As the window does it: told when patience is over.
  void wait(Milliseconds time, bool told = true) {
    const Milliseconds end = now_ + time;
    while (told) {
      const auto patience = wedge_.patience();
      if (!patience || last_ + *patience > end) break;
      keep(wedge_.pause(last_ + *patience, kToday));
    }
    now_ = end;
    if (!told) last_ = now_;
  }

  bool is_blank() const { return wedge_.is_blank(); }

  std::vector<Scan> scans;
  std::string typed;

 private:
  void keep(const std::vector<Arrival>& arrivals) {
    for (const Arrival& arrival : arrivals) {
      if (arrival.scan) scans.push_back(*arrival.scan);
      if (arrival.typed) typed += arrival.typed->text;
    }
  }

  Wedge wedge_;
  Milliseconds now_{1'000};
  Milliseconds last_{1'000};
};

TEST(Wedge, TellsPassesFromDocumentsAndFromTyping) {
  Typist at;
  at.type(kPass + "\r");
  at.wait(kSlow);
  for (const char c : std::string("eva\r")) {
    at.key(static_cast<char32_t>(c), kSlow);
    at.wait(kSlow);
  }
  for (const std::string& line : passport()) at.type(line + "\r");
  ASSERT_EQ(at.scans.size(), 2U);
  EXPECT_EQ(at.scans[0].kind, ScanKind::kPass);
  EXPECT_EQ(at.scans[0].text.reveal(), kPass);
  EXPECT_EQ(at.typed, "eva\r");
  EXPECT_EQ(at.scans[1].kind, ScanKind::kDocument);
  EXPECT_EQ(at.scans[1].text.reveal(), joined(passport()));
}

TEST(Wedge, LinesOfAZoneMayComeInAnyOrderWithAnyEnd) {
  for (const auto& zone : {passport(), card()}) {
    std::vector<std::string> order = zone;
    std::sort(order.begin(), order.end());
    do {
      for (const char* end : {"\r", "\n", "\t", "\r\n"}) {
        Typist at;
        for (const std::string& line : order) {
          at.type(line + end);
          at.wait(Milliseconds(200));
        }
        at.wait(Milliseconds(1'000));
        ASSERT_EQ(at.scans.size(), 1U);
        EXPECT_EQ(at.scans[0].text.reveal(), joined(zone));
        EXPECT_EQ(at.typed, "");
      }
    } while (std::next_permutation(order.begin(), order.end()));
  }
}

// What a host of a layout makes of what the scanner sends.
std::u32string as_typed(const std::string& sent, const KeyboardLayout& layout) {
  std::u32string typed;
  for (const char c : sent) {
    const auto place = layout.sent.find(c);
    typed += place == std::string_view::npos ? static_cast<char32_t>(c) : layout.typed[place];
  }
  return typed;
}

TEST(Wedge, RepairsEveryKeyboardLayoutForZonesAndPasses) {
  for (const KeyboardLayout& layout : keyboard_layouts()) {
    Typist at;
    for (const std::string& line : passport()) {
      for (const char32_t c : as_typed(line + "\r", layout)) at.key(c);
    }
    for (const char32_t c : as_typed(kPass + "\r", layout)) at.key(c);
    ASSERT_EQ(at.scans.size(), 2U) << layout.name;
    EXPECT_EQ(at.scans[0].kind, ScanKind::kDocument) << layout.name;
    EXPECT_EQ(at.scans[1].kind, ScanKind::kPass) << layout.name;
    EXPECT_EQ(at.scans[0].text.reveal(), joined(passport())) << layout.name;
    EXPECT_EQ(at.scans[1].text.reveal(), kPass) << layout.name;
  }
}

TEST(Wedge, APassThatTwoLayoutsReadDifferentlyIsNotGuessed) {
  const auto& german = keyboard_layouts()[0];
  ASSERT_EQ(german.name, "de");
  Typist unknown;
  for (const char32_t c : as_typed(kPass + "\r", german)) unknown.key(c);
  unknown.wait(Milliseconds(1'000));
  ASSERT_EQ(unknown.scans.size(), 1U);
  EXPECT_FALSE(unknown.scans[0].whole);
  EXPECT_TRUE(unknown.scans[0].layouts.none());

  WedgeOptions options;
  options.layouts = LayoutSet().set(0);
  Typist known(options);
  for (const char32_t c : as_typed(kPass + "\r", german)) known.key(c);
  ASSERT_EQ(known.scans.size(), 1U);
  EXPECT_EQ(known.scans[0].text.reveal(), kPass);
}

TEST(Wedge, UndoesCapsLock) {
  std::string lower;
  for (const char c : kPass) lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  Typist at;
  at.type(lower + "\r");
  ASSERT_EQ(at.scans.size(), 1U);
  EXPECT_EQ(at.scans[0].text.reveal(), kPass);
}

TEST(Wedge, DropsTheSameScanAgainWithinTwoSeconds) {
  Typist at;
  at.type(kPass + "\r");
  at.wait(Milliseconds(1'500));
  at.type(kPass + "\r");
  EXPECT_EQ(at.scans.size(), 1U);
  at.wait(Milliseconds(3'000));
  at.type(kPass + "\r");
  EXPECT_EQ(at.scans.size(), 2U);
}

// What was scanned is known again for two seconds, and then nothing of it is kept.
TEST(Wedge, KeepsNothingOfAScanForLonger) {
  Typist at;
  EXPECT_TRUE(at.is_blank());
  at.type(kPass + "\r");
  EXPECT_FALSE(at.is_blank());
  at.wait(Milliseconds(1'900));
  EXPECT_FALSE(at.is_blank());
  at.wait(Milliseconds(200));
  EXPECT_TRUE(at.is_blank());
  // A person who types meanwhile changes nothing of that.
  at.wait(Milliseconds(1'000));
  at.type(kPass + "\r");
  for (int i = 0; i < 6; ++i) {
    EXPECT_FALSE(at.is_blank()) << i;
    at.key(U'a', kSlow);
    at.wait(kSlow);
  }
  at.key(U'\r', kSlow);
  at.wait(kSlow);
  EXPECT_TRUE(at.is_blank());
}

TEST(ScanMark, KnowsAScanAgainAndNoOther) {
  const Scan pass{ScanKind::kPass, base::PersonalText(kPass), true, {}};
  const Scan other{ScanKind::kPass, base::PersonalText(kPass + "0"), true, {}};
  const Scan document{ScanKind::kDocument, base::PersonalText(kPass), true, {}};
  const ScanMark mark(pass);
  EXPECT_TRUE(mark.is_of(pass));
  EXPECT_FALSE(mark.is_of(other));
  EXPECT_FALSE(mark.is_of(document));
  EXPECT_FALSE(mark.empty());
  EXPECT_TRUE(ScanMark().empty());
  EXPECT_FALSE(ScanMark().is_of(pass));
}

// Some devices send the line end when their pause has ended the scan already.
TEST(Wedge, ALateLineEndIsTheScannersAndALaterOneAPersons) {
  for (const char32_t end : {U'\r', U'\n', U'\t'}) {
    Typist at;
    at.type(kPass);
    at.wait(Milliseconds(100));
    at.key(end, Milliseconds(1));
    EXPECT_EQ(at.scans.size(), 1U);
    EXPECT_EQ(at.typed, "");
    at.wait(Milliseconds(500));
    at.key(end, Milliseconds(1));
    EXPECT_EQ(at.typed, end == U'\t' ? "\t" : "\r");
  }
}

TEST(Wedge, PrefixAndSuffixOfADeviceAreNoPartOfTheText) {
  WedgeOptions options;
  options.scanners = {*scanner_from("\\x02|\\x03"), *scanner_from("~P|")};
  Typist at(options);
  std::string zone = "\x02";
  for (const std::string& line : passport()) zone += line + "\r\n";
  at.type(zone + "\x03");
  at.type("~P" + kPass + "\r");
  ASSERT_EQ(at.scans.size(), 2U);
  EXPECT_EQ(at.scans[0].text.reveal(), joined(passport()));
  EXPECT_EQ(at.scans[1].text.reveal(), kPass);
}

TEST(Wedge, AScannerWithoutAnEndIsEndedByThePause) {
  Typist at;
  at.type(kPass);
  EXPECT_TRUE(at.scans.empty());
  at.wait(Milliseconds(1'000));
  ASSERT_EQ(at.scans.size(), 1U);
  EXPECT_EQ(at.scans[0].kind, ScanKind::kPass);
}

TEST(Wedge, DamageGoesToTheServerAsItArrived) {
  auto zone = passport();
  zone[1][9] = zone[1][9] == '1' ? '2' : '1';  // the check digit of the number
  Typist at;
  for (const std::string& line : zone) at.type(line + "\r");
  at.wait(Milliseconds(1'000));
  ASSERT_EQ(at.scans.size(), 1U);
  EXPECT_EQ(at.scans[0].kind, ScanKind::kDocument);
  EXPECT_FALSE(at.scans[0].whole);
  EXPECT_EQ(at.scans[0].text.reveal(), joined(zone));
}

TEST(Wedge, HalfAZoneAndABagTagAreNeither) {
  Typist at;
  at.type(passport()[0] + "\r");
  at.wait(Milliseconds(1'000));
  at.type("0220123456\r");
  at.wait(Milliseconds(1'000));
  ASSERT_EQ(at.scans.size(), 2U);
  EXPECT_EQ(at.scans[0].kind, ScanKind::kOther);
  EXPECT_EQ(at.scans[1].kind, ScanKind::kOther);
}

TEST(Wedge, ALateTimerDoesNotTearAScanApart) {
  // Keys carry the time at which they were pressed; the window may be slow to hear of them.
  Wedge wedge({});
  Milliseconds now{500};
  std::vector<Arrival> all;
  for (const char c : kPass + "\r") {
    now += kFast;
    for (auto& arrival : wedge.key(static_cast<char32_t>(c), now, kToday)) all.push_back(arrival);
  }
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].scan->kind, ScanKind::kPass);
}

TEST(Wedge, EndlessInputIsDropped) {
  Typist at;
  at.type(std::string(3 * kMaxScanBytes, 'A'));
  at.wait(Milliseconds(1'000));
  ASSERT_LE(at.scans.size(), 1U);
  for (const Scan& scan : at.scans) EXPECT_LE(scan.text.reveal().size(), kMaxScanBytes);
}

TEST(Wedge, RefusesWhatDescribesNoScanner) {
  for (const char* text : {"", "|", "abc", "\\q|", "\\x0|", "a|\\"}) {
    EXPECT_FALSE(scanner_from(text).has_value()) << text;
  }
  EXPECT_EQ(*scanner_from("\\x02\\\\\\||\\r\\n\\t"), (Scanner{"\x02\\|", "\r\n\t"}));
}

TEST(HeldKeys, AreNoScanner) {
  HeldKeys held;
  EXPECT_FALSE(held.is_held(false, Milliseconds(1'000)));
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(held.is_held(true, Milliseconds(1'001 + i)));
  EXPECT_FALSE(held.is_held(true, Milliseconds(1'005)));  // within the same millisecond
  EXPECT_TRUE(held.is_held(true, Milliseconds(1'505)));
  for (int i = 1; i < 5; ++i) EXPECT_TRUE(held.is_held(true, Milliseconds(1'505 + 10 * i)));
  EXPECT_FALSE(held.is_held(false, Milliseconds(1'600)));
  EXPECT_TRUE(held.is_held(true, std::nullopt));
}

}  // namespace
}  // namespace paxid::reader
