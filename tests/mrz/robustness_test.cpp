// Whatever bytes come: an answer that keeps its own contract. Every truncation and every
// one-byte change of every zone of the data.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

#include "tests/mrz/contract.h"
#include "tests/mrz/vectors.h"

namespace paxid::mrz {
namespace {

void expect_contract(const std::string& raw) { ASSERT_EQ(broken_promise(raw), ""); }

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

// What fuzzing once found worth keeping (tests/fuzz).
TEST(Robustness, EveryFileOfTheFuzzersCorpus) {
  std::size_t files = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(PAXID_TEST_DATA "/../fuzz/corpus/mrz_zone")) {
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string raw(std::istreambuf_iterator<char>(in), {});
    ASSERT_NO_FATAL_FAILURE(expect_contract(raw)) << entry.path().filename();
    ++files;
  }
  EXPECT_GT(files, 50u);
}

}  // namespace
}  // namespace paxid::mrz
