// Whatever bytes come: an answer that keeps its own contract. Every truncation and every
// one-byte change of every zone of the data.
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "mrz/check_digit.h"
#include "mrz/layout.h"
#include "tests/mrz/vectors.h"

namespace paxid::mrz {
namespace {

void expect_plain(std::string_view text) {
  ASSERT_EQ(text.find('<'), std::string_view::npos);
  if (text.empty()) return;
  ASSERT_NE(text.front(), ' ');
  ASSERT_NE(text.back(), ' ');
}

void expect_contract(std::string_view raw) {
  const Reading reading = read_tolerant(raw);
  ASSERT_EQ(reading.ok, !reading.findings.has_error());
  ASSERT_FALSE(reading.ok && reading.ok_repaired);
  ASSERT_EQ(reading.ok_repaired && !reading.findings.has(FindingCode::kRepairedCell), false);
  if (reading.ok) {
    ASSERT_NE(reading.format, Format::kNone);
  }
  for (const Finding& finding : reading.findings) {
    ASSERT_LE(finding.line, kMaxLines);
    ASSERT_LE(finding.column, kMaxWidth);
    for (char c : finding.found.view()) ASSERT_TRUE(c > ' ' && c <= '~');
  }
  const Document& document = reading.document;
  for (std::string_view text :
       {document.document_code.view(), document.issuer.view(), document.surname.view(),
        document.given_names.view(), document.document_number.view(), document.nationality.view(),
        document.optional1.view(), document.optional2.view()}) {
    ASSERT_NO_FATAL_FAILURE(expect_plain(text));
  }
  const Reading strict = read_strict(raw);
  ASSERT_FALSE(strict.ok && !reading.ok);
  if (strict.ok) {
    ASSERT_EQ(strict.document, reading.document);
  }
}

TEST(Robustness, EveryTruncation) {
  for (const auto& row : rows_of("cases.jsonl")) {
    const std::string raw = raw_of(row);
    for (std::size_t size = 0; size <= raw.size(); ++size) {
      ASSERT_NO_FATAL_FAILURE(expect_contract(raw.substr(0, size))) << row["id"] << size;
      ASSERT_NO_FATAL_FAILURE(expect_contract(raw.substr(size))) << row["id"] << size;
    }
  }
}

// One byte of each kind: ends of ranges, fillers, white space, UTF-8 leads and tails, NUL.
constexpr std::string_view kBytes("09AKZ<az \t\n\r-|\x00\x7f\x80\xab\xc2\xd0\xe2\xef\xf0\xff", 24);

TEST(Robustness, EveryOneByteChange) {
  for (const auto& row : rows_of("cases.jsonl")) {
    if (is_name_line(row)) continue;
    std::string raw = raw_of(row);
    for (char& byte : raw) {
      const char printed = byte;
      for (char other : kBytes) {
        byte = other;
        ASSERT_NO_FATAL_FAILURE(expect_contract(raw)) << row["id"];
      }
      byte = printed;
    }
  }
}

TEST(Robustness, EveryRowOfTheMalformedSet) {
  for (const auto& row : rows_of("malformed.jsonl")) {
    const std::string raw = raw_of(row);
    for (std::size_t size = 0; size <= raw.size(); ++size) {
      ASSERT_NO_FATAL_FAILURE(expect_contract(raw.substr(0, size))) << row["id"];
    }
  }
}

TEST(Robustness, RandomTextsFromAZonesNeighbourhood) {
  std::mt19937 random(4711);
  const std::vector<std::string> pieces{"<",
                                        "<<",
                                        "A",
                                        "K",
                                        "7",
                                        " ",
                                        "  ",
                                        "\n",
                                        "\r\n",
                                        "\t",
                                        "\xC2\xAB",
                                        "\xD0\x90",
                                        "\xE2\x80\xA8",
                                        "\xE3\x80\x80",
                                        "\xEF\xBC\xA1",
                                        "\xEF\xBC\x9C",
                                        "\xFF",
                                        "\xE2",
                                        "-",
                                        "UTO",
                                        "7408122",
                                        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
                                        "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
                                        "I<UTOD231458907<<<<<<<<<<<<<<<",
                                        "7408122F1204159UTO<<<<<<<<<<<6",
                                        "IDFRA"};
  for (int i = 0; i < 30000; ++i) {
    std::string raw;
    const std::size_t count = random() % 12;
    for (std::size_t k = 0; k < count; ++k) raw += pieces[random() % pieces.size()];
    ASSERT_NO_FATAL_FAILURE(expect_contract(raw));
  }
}

TEST(Robustness, LongTextsOfOneKind) {
  for (const std::string unit : {"<", "A\n", " ", "\t", "\xFF", "\xE2\x80\xA8", "\xC2\xAB", "<\n\n",
                                 "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"}) {
    std::string raw;
    while (raw.size() + unit.size() <= kMaxRawBytes) raw += unit;
    ASSERT_NO_FATAL_FAILURE(expect_contract(raw));
  }
}

}  // namespace
}  // namespace paxid::mrz
