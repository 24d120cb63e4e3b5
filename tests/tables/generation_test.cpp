#include "tables/generation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

namespace paxid::tables {
namespace {

using testing::ElementsAre;
using testing::ExitedWithCode;
using testing::HasSubstr;

class GenerationTest : public testing::Test {
 protected:
  void TearDown() override {
    std::remove(table_.c_str());
    std::remove(output_.c_str());
  }
  void write_table(const std::string& text) { std::ofstream(table_, std::ios::binary) << text; }
  Generation generation(std::size_t tables = 1) {
    std::string program = "generator";
    char* arguments[] = {program.data(), output_.data(), table_.data()};
    return Generation(3, arguments, tables);
  }
  std::string output() const {
    std::ifstream in(output_, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  const std::string stem_ = testing::TempDir() + "tables_test_" + std::to_string(getpid());
  std::string table_ = stem_ + ".tsv";
  std::string output_ = stem_ + ".inc";
};

TEST_F(GenerationTest, ReadsRowsBelowTheHeader) {
  EXPECT_THAT(rows_of("a\tb\nx\t1\n\n\t2\n", 2), ElementsAre(Row{"x", "1"}, Row{"", "2"}));
  EXPECT_THAT(rows_of("a\tb\n", 1), ElementsAre());
}

TEST_F(GenerationTest, StopsOnATableThatIsNotRectangular) {
  EXPECT_EXIT(rows_of("a\tb\nx\n", 2), ExitedWithCode(1), "not as many columns");
  EXPECT_EXIT(rows_of("a\n", 2), ExitedWithCode(1), "too few columns");
  EXPECT_EXIT(code_points("\xFF"), ExitedWithCode(1), "broken UTF-8");
}

TEST_F(GenerationTest, EndsWithTheDigestOfTheTables) {
  write_table("abc");
  Generation run = generation();
  run.out() << "constexpr int kRows = 0;\n";
  EXPECT_EQ(run.finish(), 0);
  EXPECT_THAT(output(), HasSubstr("constexpr int kRows = 0;"));
  // printf '3\nabc' | sha256sum
  EXPECT_THAT(output(),
              HasSubstr("b00c078ef550998002854805b6d1fac35a8601ebe3d9a9b32bf6f6157038e1b9"));
}

TEST_F(GenerationTest, StopsWithoutItsTables) {
  EXPECT_EXIT(generation(), ExitedWithCode(1), "cannot read");
  write_table("a\n");
  EXPECT_EXIT(generation(2), ExitedWithCode(1), "usage");
}

TEST(LatinCapitals, AreAToZ) {
  EXPECT_TRUE(is_latin_capitals(""));
  EXPECT_TRUE(is_latin_capitals("AZ"));
  EXPECT_FALSE(is_latin_capitals("Az"));
}

}  // namespace
}  // namespace paxid::tables
