// The short way of reading against the long one: wherever it answers, it answers the same.
#include "mrz/plain.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <string>

#include "mrz/line_scan.h"
#include "mrz/writer.h"
#include "tests/mrz/vectors.h"

namespace paxid::mrz {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<";

// True when the short way answers; fails the test when the answer is not the long way's.
bool agree(std::string_view raw) {
  bool answered = false;
  for (const bool strict : {false, true}) {
    const ReadOptions options{reference_date(), strict};
    Reading reading;
    if (!read_plain(raw, options, reading)) continue;
    answered = true;
    EXPECT_EQ(reading, read_by_stages(raw, options)) << raw;
  }
  return answered;
}

TEST(Plain, AnswersTheSpecimensOfTheStandard) {
  for (std::string_view raw : {kTd3Specimen, kTd2Specimen, kTd1Specimen, kMrvBSpecimen}) {
    EXPECT_TRUE(agree(raw));
    EXPECT_TRUE(agree(raw.substr(0, raw.size() - 1))) << "without the last line end";
  }
}

TEST(Plain, AgreesOnEveryRowOfTheData) {
  std::size_t answered = 0;
  std::size_t rows = 0;
  for (const char* file : {"cases.jsonl", "malformed.jsonl"}) {
    for (const auto& row : rows_of(file)) {
      ++rows;
      answered += agree(raw_of(row)) ? 1 : 0;
    }
  }
  EXPECT_GT(answered * 3, rows);
}

TEST(Plain, AgreesOnEverySingleSubstitution) {
  std::size_t answered = 0;
  for (std::string_view specimen : {kTd3Specimen, kTd2Specimen, kTd1Specimen, kMrvBSpecimen}) {
    std::string raw(specimen);
    for (char& byte : raw) {
      const char printed = byte;
      for (int other = 0; other < 256; ++other) {
        byte = static_cast<char>(other);
        answered += agree(raw) ? 1 : 0;
      }
      byte = printed;
    }
  }
  EXPECT_GT(answered, 2000u);  // the names are under no digit
}

TEST(Plain, AgreesOnEverySubstitutionOfTheCases) {
  std::mt19937 random(9303);
  for (const auto& row : rows_of("cases.jsonl")) {
    std::string raw = raw_of(row);
    for (char& byte : raw) {
      const char printed = byte;
      byte = kAlphabet[random() % kAlphabet.size()];
      agree(raw);
      byte = printed;
    }
    for (std::size_t i = 0; i < raw.size(); ++i) {
      agree(raw.substr(0, i) + raw.substr(i + 1));
      agree(raw.substr(0, i) + "\r" + raw.substr(i));
      agree(raw.substr(0, i) + "<" + raw.substr(i));
    }
  }
}

std::string random_text(std::mt19937& random, std::size_t most, std::string_view letters) {
  std::string text;
  for (std::size_t n = random() % (most + 1); n > 0; --n) {
    text.push_back(letters[random() % letters.size()]);
  }
  return text;
}

// Documents that could be issued, with names in which every shape of a field occurs.
TEST(Plain, AgreesOnRandomZones) {
  std::mt19937 random(44);
  constexpr std::string_view kNameLetters = "AAABCEGIKKKLMNORSSTVX   ";
  std::size_t answered = 0;
  for (int i = 0; i < 40000; ++i) {
    constexpr std::array<Format, 5> kFormats{Format::kTd1, Format::kTd2, Format::kTd3,
                                             Format::kMrvA, Format::kMrvB};
    ZoneContent content;
    content.format = kFormats[random() % kFormats.size()];
    const std::string primary = random_text(random, 24, kNameLetters);
    const std::string secondary = random_text(random, 24, kNameLetters);
    const std::string number = random_text(random, 10, "0123456789ABKLSG ");
    const std::string optional = random_text(random, 7, "0123456789ABKKK  ");
    const bool visa = content.format == Format::kMrvA || content.format == Format::kMrvB;
    content.document_code = visa ? "V" : content.format == Format::kTd3 ? "PP" : "I";
    content.issuer = random() % 2 == 0 ? "UTO" : "D";
    content.primary = primary;
    content.secondary = secondary;
    content.document_number = number;
    content.nationality = random() % 2 == 0 ? "UTO" : "ZZZ";
    content.birth_date = random() % 2 == 0 ? "960229" : "7408<<";
    content.sex = random() % 2 == 0 ? "F" : "";
    content.expiry_date = "310101";
    content.optional1 = optional;
    const auto zone = write(content);
    if (zone) answered += agree(zone->text()) ? 1 : 0;
  }
  EXPECT_GT(answered, 5000u);
}

TEST(Plain, LeavesToTheStagesWhatIsNotPlain) {
  const auto refused = [](std::string_view raw) {
    Reading reading;
    return !read_plain(raw, {reference_date(), false}, reading);
  };
  EXPECT_TRUE(refused(""));
  EXPECT_TRUE(refused(std::string(kTd3Specimen) + "\n"));
  EXPECT_TRUE(refused(" " + std::string(kTd3Specimen)));
  EXPECT_TRUE(refused(with_cell(kTd3Specimen, 2, 10, '7')));
  EXPECT_TRUE(refused(with_cell(kTd3Specimen, 2, 21, 'X')));
  EXPECT_TRUE(refused(with_cell(kTd3Specimen, 1, 8, '1')));
}

template <std::size_t kWidth>
void expect_sorted() {
  for (int offset = 0; offset < 256; ++offset) {
    std::array<char, kWidth> cells{};
    for (std::size_t i = 0; i < kWidth; ++i) {
      cells[i] = static_cast<char>(offset + static_cast<int>(i / 2));
    }
    LineScan scan;
    scan_line<true, kWidth>(cells.data(), scan);
    for (std::size_t i = 0; i < LineScan::kBytes; ++i) {
      const char cell = i < kWidth ? cells[i] : '\0';
      const auto has = [i](std::uint64_t set) { return (set >> i & 1) != 0; };
      ASSERT_EQ(has(scan.fillers), cell == '<');
      ASSERT_EQ(has(scan.digits), is_digit(cell));
      ASSERT_EQ(has(scan.letters), is_letter(cell));
      if (i + 1 < kWidth) {
        ASSERT_EQ(has(scan.twins), cell == cells[i + 1]);
      }
      ASSERT_EQ(scan.text[i], cell == '<' ? ' ' : cell);
      ASSERT_EQ(scan.values[i], is_zone_cell(cell) ? cell_value(cell) : 0);
    }
  }
}

TEST(LineScan, SortsEveryByteAtEveryPlace) {
  expect_sorted<30>();
  expect_sorted<36>();
  expect_sorted<44>();
}

}  // namespace
}  // namespace paxid::mrz
