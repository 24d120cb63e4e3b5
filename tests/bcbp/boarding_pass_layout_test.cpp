#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "bcbp/boarding_pass.h"
#include "bcbp/field_alphabet.h"

namespace paxid::bcbp {
namespace {

using namespace std::chrono_literals;

constexpr base::Date kToday{2026y / 11 / 22};
const std::string kName = "DESMARAIS/LUC       ";
const std::string kLeg = "ABC123 YULFRAAC 0834 326J001A0025 1";
const std::string kHeader = "M1" + kName + "E" + kLeg;

std::string hex(std::size_t value) {
  char text[3];
  std::snprintf(text, sizeof text, "%02X", static_cast<unsigned>(value & 0xFF));
  return text;
}

Reading read_text(const std::string& raw) {
  return read(std::string_view(raw), {.reference_date = kToday});
}

bool has(const Reading& reading, FindingCode code, Item item, std::size_t offset) {
  for (const Finding& finding : reading.findings) {
    if (finding.code == code && finding.item == item && finding.offset == offset) return true;
  }
  return false;
}

// A slow, obvious account of where the sizes put things in a pass of one leg.
struct Expected {
  std::string unique, repeated, airline_use, trailing;
};
Expected cut(const std::string& block_and_rest, std::size_t block, std::size_t unique,
             std::size_t repeated) {
  Expected out;
  const std::string inside = block_and_rest.substr(0, block);
  out.trailing = block_and_rest.size() > block ? block_and_rest.substr(block) : "";
  std::string rest = inside.substr(4);
  out.unique = rest.substr(0, unique);
  rest = rest.substr(out.unique.size());
  if (rest.size() < 2) return out;
  rest = rest.substr(2);
  out.repeated = rest.substr(0, repeated);
  out.airline_use = rest.substr(out.repeated.size());
  return out;
}

template <std::size_t N>
std::string text_of(const FixedList<std::string_view, N>& fields, const Field& extra) {
  std::string text;
  for (const std::string_view field : fields) text += field;
  return text + std::string(extra.value_or(""));
}

// All sizes of the unique and the repeated section, against outer sizes that hold both, cut
// one of them, or cut through a size. Inner sizes never reach beyond the outer block.
TEST(BoardingPassLayout, SizesAreNestedAndClamped) {
  for (std::size_t unique = 0; unique < 256; unique += 3) {
    for (std::size_t repeated = 0; repeated < 256; repeated += 5) {
      const std::string content = ">6" + hex(unique) + std::string(unique, '1') + hex(repeated) +
                                  std::string(repeated, '2') + "USE";
      for (const std::size_t shorter :
           {std::size_t{0}, std::size_t{4}, repeated + 3, repeated + 6}) {
        if (shorter + 4 > content.size() || content.size() - shorter > 255) continue;
        const std::size_t block = content.size() - shorter;
        const std::string raw = kHeader + hex(block) + content;
        const Reading reading = read_text(raw);
        if (block == 4 + unique + 1) {  // ends inside the size of the repeated section
          EXPECT_TRUE(has(reading, FindingCode::kSizeNotHex, Item::kRepeatedSize,
                          kHeader.size() + 2 + 4 + unique));
          continue;
        }
        ASSERT_TRUE(reading.ok) << unique << " " << repeated << " " << shorter;
        const Expected expected = cut(content, block, unique, repeated);
        const Pass& pass = reading.pass;
        EXPECT_EQ(text_of(pass.unique, pass.unique_extra), expected.unique);
        EXPECT_EQ(text_of(pass.legs[0].repeated, pass.legs[0].repeated_extra), expected.repeated);
        EXPECT_EQ(pass.legs[0].airline_use.value_or(""), expected.airline_use);
        EXPECT_EQ(pass.trailing, expected.trailing);
        EXPECT_EQ(reading.has(FindingCode::kSizeOverrun),
                  expected.unique.size() < unique ||
                      (block > 4 + unique && expected.repeated.size() < repeated));
        EXPECT_EQ(write(pass), raw);
      }
    }
  }
}

TEST(BoardingPassLayout, OnlyTwoHexadecimalDigitsAreASize) {
  for (int high = 0x20; high < 0x7F; ++high) {
    for (int low = 0x20; low < 0x7F; ++low) {
      const std::string digits{static_cast<char>(high), static_cast<char>(low)};
      const std::string raw = kHeader + digits + std::string(255, 'x');
      const Reading reading = read_text(raw);
      const bool hexadecimal =
          digits.find_first_not_of("0123456789ABCDEFabcdef") == std::string::npos;
      EXPECT_EQ(reading.ok, hexadecimal) << digits;
      EXPECT_EQ(has(reading, FindingCode::kSizeNotHex, Item::kVariableSize, kHeader.size()),
                !hexadecimal);
      EXPECT_EQ(reading.has(FindingCode::kLowercaseHex),
                hexadecimal && digits.find_first_of("abcdef") != std::string::npos);
      if (hexadecimal) {
        const auto size = std::stoul(digits, nullptr, 16);
        EXPECT_EQ(reading.pass.legs[0].airline_use.value_or("").size(), size);
      }
    }
  }
}

TEST(BoardingPassLayout, SizeBeforeTheLastLegMustLeaveTheNextLegWhole) {
  for (std::size_t size = 0; size < 256; ++size) {
    for (std::size_t block = 0; block < 64; block += 7) {
      const std::string raw =
          "M2" + kName + "E" + kLeg + hex(size) + std::string(block, 'x') + kLeg + "00";
      const Reading reading = read_text(raw);
      EXPECT_EQ(reading.pass.legs.size(), size <= block ? 2u : 1u) << size << " " << block;
      EXPECT_TRUE(size <= block || !reading.ok);
    }
  }
}

TEST(BoardingPassLayout, FourLegsWithAllSectionsAreReadAndTheFifthIsRefused) {
  const std::string repeated = "0141234567890 1AC AC 1234567890123    20KY";
  const std::string first =
      ">6181WW6225BAC 0014123456003"
      "2A" +
      repeated + "LX58Z";
  std::string raw = "M4" + kName + "E" + kLeg + hex(first.size()) + first;
  for (int i = 0; i < 3; ++i) raw += kLeg + hex(2 + repeated.size()) + "2A" + repeated;
  raw += "^104SIGN";
  const Reading reading = read_text(raw);
  EXPECT_TRUE(reading.ok);
  EXPECT_EQ(reading.pass.legs.size(), 4u);
  EXPECT_EQ(reading.pass.legs[3].text(Item::kFrequentFlyerNumber), "1234567890123");
  EXPECT_EQ(reading.pass.security.data, "SIGN");
  EXPECT_EQ(reading.covered.size(), raw.size() - 8);
  raw[1] = '5';
  EXPECT_TRUE(has(read_text(raw), FindingCode::kNumberOfLegs, Item::kNumberOfLegs, 1));
}

TEST(BoardingPassLayout, AbsentDiffersFromBlank) {
  const std::string absent = kHeader + "06>60000";
  const std::string blank = kHeader + "0E>608        00";
  const Reading none = read_text(absent);
  const Reading blanks = read_text(blank);
  EXPECT_FALSE(none.pass.field(Item::kDateOfIssue));
  ASSERT_TRUE(blanks.pass.field(Item::kDateOfIssue));
  EXPECT_EQ(*blanks.pass.field(Item::kDateOfIssue), "    ");
  EXPECT_EQ(blanks.pass.text(Item::kDateOfIssue), "");
  EXPECT_FALSE(blanks.pass.field(Item::kIssuerAirline));
}

TEST(BoardingPassLayout, MarkersCountOnlyWhereTheSizesPutThem) {
  // Both marker bytes stand in the name, in the airline's own field and behind the block.
  const std::string raw = "M1DESMARAIS>2/L^      E" + kLeg +
                          "0D>60000^160>600"
                          "^104ABCD";
  const Reading reading = read_text(raw);
  EXPECT_TRUE(reading.ok);
  EXPECT_EQ(reading.pass.legs[0].airline_use, "^160>60");
  EXPECT_FALSE(reading.pass.security.marked);
  EXPECT_EQ(reading.pass.trailing, "0^104ABCD");
}

TEST(BoardingPassLayout, TheLongestPassIsReadAndOneByteMoreIsRefused) {
  const std::string block(255, 'x');
  std::string raw = "M4" + kName + "E";
  raw += kLeg + "FF" + block;
  for (int i = 0; i < 3; ++i)
    raw += kLeg +
           "FF"
           "00" +
           std::string(253, 'x');
  raw += "^1FF" + std::string(255, 'A');
  ASSERT_EQ(raw.size(), kMaxPassBytes);
  EXPECT_TRUE(read_text(raw).ok);
  const Reading longer = read_text(raw + "x");
  EXPECT_FALSE(longer.ok);
  EXPECT_TRUE(has(longer, FindingCode::kTooLong, Item::kNone, kMaxPassBytes));
  EXPECT_EQ(longer.findings.size(), 1u);
}

TEST(BoardingPassLayout, HeaderThatIsShiftedByABlankIsRefused) {
  for (const std::string& name : {std::string("DESMARAIS/LUC      "), kName + " "}) {
    const Reading reading = read_text("M1" + name + "E" + kLeg + "00");
    EXPECT_FALSE(reading.ok);
    EXPECT_TRUE(reading.has(FindingCode::kMisaligned));
  }
}

// A leg that is shifted by a byte could be taken for another flight.
TEST(BoardingPassLayout, LaterLegThatIsShiftedIsRefused) {
  const std::string before = "M2" + kName + "E" + kLeg + "01 ";
  EXPECT_TRUE(read_text(before + kLeg + "00").ok);
  for (const std::string& leg : {" " + kLeg, kLeg.substr(1) + " "}) {
    const Reading reading = read_text(before + leg + "00");
    EXPECT_FALSE(reading.ok) << leg;
    EXPECT_TRUE(has(reading, FindingCode::kMisaligned, Item::kNone, before.size())) << leg;
  }
}

TEST(BoardingPassLayout, ReservedAndBlankCodesDoNotBlock) {
  const std::string raw = "M1" + kName + " " + kLeg.substr(0, 34) + "B00";
  const Reading reading = read(std::string_view(raw), {.reference_date = kToday, .strict = true});
  EXPECT_TRUE(reading.ok);
  EXPECT_TRUE(has(reading, FindingCode::kTicketIndicator, Item::kTicketIndicator, 22));
  EXPECT_TRUE(has(reading, FindingCode::kReservedValue, Item::kPassengerStatus, 57));
}

TEST(BoardingPassLayout, FindingsKeepTheOffsetOfTheGivenText) {
  const std::string raw = "]L0" + kHeader + "G0";
  EXPECT_TRUE(
      has(read_text(raw), FindingCode::kSizeNotHex, Item::kVariableSize, 3 + kHeader.size()));
}

TEST(BoardingPassLayout, ReadsWithoutEndWithinTheLimits) {
  EXPECT_TRUE(has(read_text(""), FindingCode::kTooShort, Item::kFormatCode, 0));
  EXPECT_FALSE(read_text(std::string(1 << 20, 'A')).ok);
  EXPECT_FALSE(read_text(std::string(1 << 20, '\n')).ok);
  // Of a text that is refused unread, its line end is not spoken of: it is beyond every offset.
  const Reading longest = read_text(std::string(1 << 20, 'M') + "\r\n");
  ASSERT_EQ(longest.findings.size(), 1u);
  EXPECT_TRUE(has(longest, FindingCode::kTooLong, Item::kNone, kMaxPassBytes));
}

TEST(BoardingPassWriter, SetsTheSizesThatTheFieldsAddUpTo) {
  const std::string raw = "M2" + kName + "E" + kLeg +
                          "4D>6181WW6225BAC 0014123456003"
                          "2A0141234567890 1AC AC 1234567890123    20KYLX58Z" +
                          kLeg + "2E2A0140987654321 1AC AC 1234567890123    2PCNWQ^104SIGN";
  Reading reading = read_text(raw);
  ASSERT_TRUE(reading.ok);
  Pass pass = reading.pass;
  pass.legs[0].variable_size = pass.legs[1].variable_size = {};
  pass.unique_size = pass.security.size = {};
  ASSERT_TRUE(set_sizes(pass));
  EXPECT_EQ(write(pass), raw);
  pass.legs[1].airline_use = std::nullopt;
  ASSERT_TRUE(set_sizes(pass));
  EXPECT_EQ(pass.legs[1].variable_size.text(), "2C");
  pass.version_marker = pass.version = std::nullopt;
  pass.unique.resize(0);
  pass.legs[0].repeated.resize(0);
  ASSERT_TRUE(set_sizes(pass));
  EXPECT_FALSE(pass.unique_size.present());  // there is no item 10 without item 8
  EXPECT_EQ(pass.legs[0].variable_size.text(), "05");
  const std::string longer(256, 'x');
  pass.legs[1].airline_use = longer;
  EXPECT_FALSE(set_sizes(pass));
}

struct AlphabetCase {
  Alphabet alphabet;
  std::string field;
  FieldVerdict verdict;
};

TEST(FieldAlphabet, FollowsTheStandard) {
  using enum FieldVerdict;
  const AlphabetCase cases[] = {
      {Alphabet::kFlightNumber, "0834 ", kConforms},
      {Alphabet::kFlightNumber, "0834D", kConforms},
      {Alphabet::kFlightNumber, "834  ", kDeparts},
      {Alphabet::kFlightNumber, "08340", kDeparts},
      {Alphabet::kFlightNumber, "0834d", kLowercase},
      {Alphabet::kDayOfYear, "001", kConforms},
      {Alphabet::kDayOfYear, "366", kConforms},
      {Alphabet::kDayOfYear, "000", kDeparts},
      {Alphabet::kDayOfYear, "367", kDeparts},
      {Alphabet::kDayOfYear, " 99", kDeparts},
      {Alphabet::kSeat, "001A", kConforms},
      {Alphabet::kSeat, "INF ", kConforms},
      {Alphabet::kSeat, "GATE", kConforms},
      {Alphabet::kSeat, "STBY", kConforms},
      {Alphabet::kSeat, "    ", kConforms},
      {Alphabet::kSeat, "28C ", kDeparts},
      {Alphabet::kSeat, "I   ", kDeparts},
      {Alphabet::kSequence, "0025 ", kConforms},
      {Alphabet::kSequence, "0025A", kConforms},
      {Alphabet::kSequence, "25   ", kDeparts},
      {Alphabet::kCarrier, "AC ", kConforms},
      {Alphabet::kCarrier, "EZY", kConforms},
      {Alphabet::kCarrier, " AC", kDeparts},
      {Alphabet::kCarrier, "A C", kDeparts},
      {Alphabet::kCarrier, "   ", kDeparts},
      {Alphabet::kCarrierOrBlank, "   ", kConforms},
      {Alphabet::kAirport, "YUL", kConforms},
      {Alphabet::kAirport, "B1S", kDeparts},
      {Alphabet::kAirport, "Yul", kLowercase},
      {Alphabet::kStatus, "A", kConforms},
      {Alphabet::kStatus, "B", kReserved},
      {Alphabet::kStatus, " ", kDeparts},
      {Alphabet::kDateOfIssue, "6225", kConforms},
      {Alphabet::kDateOfIssue, "6367", kDeparts},
      {Alphabet::kDateOfIssue, "    ", kConforms},
      {Alphabet::kDateOfIssue, "6000", kDeparts},
      {Alphabet::kFreeBaggage, "2PC", kConforms},
      {Alphabet::kFreeBaggage, "20K", kConforms},
      {Alphabet::kFreeBaggage, "40L", kConforms},
      {Alphabet::kFreeBaggage, "01M", kDeparts},
      {Alphabet::kFreeBaggage, " 2K", kDeparts},
      {Alphabet::kBagTag, "0014123456003", kConforms},
      {Alphabet::kBagTag, "0014123456 03", kDeparts},
      {Alphabet::kSelectee, "3", kConforms},
      {Alphabet::kSelectee, "5", kReserved},
      {Alphabet::kFastTrack, "z", kDeparts},
      {Alphabet::kTicketIndicator, "L", kConforms},
      {Alphabet::kName, "DOE/JOHN  ", kConforms},
      {Alphabet::kName, "DOE/J/MR  ", kDeparts},
      {Alphabet::kName, " DOE/JOHN ", kDeparts},
      {Alphabet::kName, "D3E/JOHN  ", kDeparts},
      {Alphabet::kName, "Doe/John  ", kLowercase},
  };
  for (const AlphabetCase& c : cases) {
    EXPECT_EQ(check_field(c.alphabet, c.field), c.verdict) << c.field;
  }
}

// The fast look at a whole leg may only say yes where each field would.
TEST(FieldAlphabet, WhatLooksUsualConforms) {
  static constexpr std::string_view kBytes = "AZ09 -a";
  for (const ItemSpec& spec : kMandatoryRepeatedItems) {
    const std::string_view shape = usual_shape(spec.alphabet);
    ASSERT_EQ(shape.size(), spec.length);
    if (shape[0] == '.') continue;
    std::size_t texts = 1;
    for (std::size_t i = 0; i < spec.length; ++i) texts *= kBytes.size();
    for (std::size_t number = 0; number < texts; ++number) {
      std::string field;
      bool usual = true;
      for (std::size_t rest = number; field.size() < spec.length; rest /= kBytes.size()) {
        const char kind = shape[field.size()];
        const char c = kBytes[rest % kBytes.size()];
        field += c;
        usual &= (kind != 'N' && c >= 'A' && c <= 'Z') ||
                 ((kind == 'N' || kind == 'X' || kind == 'x') && c >= '0' && c <= '9') ||
                 ((kind == 'a' || kind == 'x') && c == ' ');
      }
      if (usual) {
        ASSERT_EQ(check_field(spec.alphabet, field), FieldVerdict::kConforms) << field;
      }
    }
  }
}

// The items of a leg that depart, each checked by itself, and their offsets in the pass.
std::vector<std::pair<Item, std::size_t>> departures_of(const std::string& leg) {
  std::vector<std::pair<Item, std::size_t>> departures;
  std::size_t start = 0;
  for (const ItemSpec& spec : kMandatoryRepeatedItems) {
    if (check_field(spec.alphabet, leg.substr(start, spec.length)) != FieldVerdict::kConforms) {
      departures.emplace_back(spec.item, 23 + start);
    }
    start += spec.length;
  }
  return departures;
}

TEST(FieldAlphabet, AUsualLegIsKnownByEveryByte) {
  ASSERT_TRUE(is_usual<kMandatoryRepeatedItems>(kLeg));
  for (std::size_t at = 0; at < kLeg.size(); ++at) {
    for (int byte = 0x20; byte < 0x7F; ++byte) {
      std::string leg = kLeg;
      leg[at] = static_cast<char>(byte);
      const auto departures = departures_of(leg);
      // One field at a time, or all together: the findings are the same.
      const Reading whole = read_text("M1" + kName + "E" + leg + "00");
      std::vector<std::pair<Item, std::size_t>> found;
      for (const Finding& finding : whole.findings) {
        const bool departs = finding.code == FindingCode::kFieldFormat ||
                             finding.code == FindingCode::kFieldLowercase ||
                             finding.code == FindingCode::kReservedValue;
        if (departs) found.emplace_back(finding.item, finding.offset);
      }
      EXPECT_EQ(found, departures) << leg;
      const bool only_the_day =
          departures.size() == 1 && departures[0].first == Item::kDateOfFlight;
      EXPECT_TRUE(departures.empty() || only_the_day || !is_usual<kMandatoryRepeatedItems>(leg))
          << leg;
    }
  }
}

}  // namespace
}  // namespace paxid::bcbp
