// The check digits of whole specimens against the law of blind pairs: a substitution in a
// covered cell goes unnoticed exactly when the two values are equal modulo 10.
#include <gtest/gtest.h>

#include <functional>

#include "mrz/check_digit.h"
#include "mrz/layout.h"
#include "tests/mrz/vectors.h"

namespace paxid::mrz {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<";

char cell_at(std::string_view text, std::size_t line, std::size_t column) {
  for (std::size_t i = 1; i < line; ++i) text.remove_prefix(text.find('\n') + 1);
  return text[column - 1];
}

void expect_law(std::string_view specimen, const Span& span,
                const std::function<Check(const Checks&)>& check) {
  for (std::size_t i = 0; i < span.length; ++i) {
    const std::size_t column = span.column + i;
    const char printed = cell_at(specimen, span.line, column);
    for (char other : kAlphabet) {
      if (other == printed) continue;
      const Reading reading = read_tolerant(with_cell(specimen, span.line, column, other));
      const bool missed = is_blind_pair(printed, other);
      ASSERT_EQ(check(reading.checks), missed ? Check::kConsistent : Check::kContradicted)
          << printed << other << " at " << column;
      if (!missed) {
        ASSERT_FALSE(reading.ok);
      }
    }
  }
}

Check number_check(const Checks& checks) { return checks.document_number; }
Check composite_check(const Checks& checks) { return checks.composite; }

TEST(Law, DocumentNumberOfTd3) {
  expect_law(kTd3Specimen, kTd3.document_number, number_check);
  expect_law(kTd3Specimen, kTd3.document_number, composite_check);
}

TEST(Law, OptionalDataOfTd3) {
  expect_law(kTd3Specimen, kTd3.optional1, [](const Checks& checks) { return checks.optional; });
  expect_law(kTd3Specimen, kTd3.optional1, composite_check);
}

TEST(Law, DocumentNumberAndOptionalDataOfTd1) {
  expect_law(kTd1Specimen, kTd1.document_number, number_check);
  expect_law(kTd1Specimen, kTd1.optional1, composite_check);
  expect_law(kTd1Specimen, kTd1.optional2, composite_check);
}

TEST(Law, DocumentNumberAndOptionalDataOfTd2) {
  expect_law(kTd2Specimen, kTd2.document_number, number_check);
  expect_law(kTd2Specimen, kTd2.optional1, composite_check);
}

TEST(Law, DocumentNumberOfAVisa) { expect_law(kMrvBSpecimen, kMrvB.document_number, number_check); }

// No digit pair is blind, so no wrong digit in a date or a check digit passes.
TEST(Law, NoWrongDigitPasses) {
  for (std::string_view specimen : {kTd3Specimen, kTd2Specimen}) {
    for (std::size_t column :
         {14u, 15u, 16u, 17u, 18u, 19u, 20u, 22u, 23u, 24u, 25u, 26u, 27u, 28u}) {
      for (char digit = '0'; digit <= '9'; ++digit) {
        if (digit == cell_at(specimen, 2, column)) continue;
        EXPECT_FALSE(read_tolerant(with_cell(specimen, 2, column, digit)).ok) << column << digit;
      }
    }
  }
}

// One letter in a date: the digit that was printed is found every time. It is put in when the
// letter looks like it, and suggested otherwise.
TEST(Law, OneLetterInADateLeadsBackToThePrintedDigit) {
  std::size_t mended = 0;
  std::size_t suggested = 0;
  for (std::string_view specimen : {kTd3Specimen, kTd2Specimen, kTd1Specimen}) {
    const Layout& layout = layout_of(read_tolerant(specimen).format);
    const Document whole = read_tolerant(specimen).document;
    for (const Span& date : {layout.birth_date, layout.expiry_date}) {
      for (std::size_t column = date.column; column <= date.column + 6u; ++column) {
        const char printed = cell_at(specimen, date.line, column);
        for (char letter = 'A'; letter <= 'Z'; ++letter) {
          const Reading reading = read_tolerant(with_cell(specimen, date.line, column, letter));
          const bool alike = look_alikes(letter).find(printed) != std::string_view::npos;
          const auto repair =
              find(reading, alike ? FindingCode::kRepairedCell : FindingCode::kRepairCandidate);
          ASSERT_FALSE(reading.ok);
          ASSERT_EQ(reading.ok_repaired, alike) << column << letter;
          ASSERT_TRUE(repair.has_value()) << column << letter;
          EXPECT_EQ(repair->expected, std::string_view(&printed, 1));
          EXPECT_EQ(repair->found, std::string_view(&letter, 1));
          if (alike) {
            EXPECT_EQ(reading.document, whole);
          }
          ++(alike ? mended : suggested);
        }
      }
    }
  }
  EXPECT_EQ(mended + suggested, 3u * 2 * 7 * 26);
  EXPECT_GT(mended, 30u);
}

// A wrong digit beside a letter could lead a mend astray. Exhaustive over the specimen: every
// letter in place of every cell of the birth date, and every wrong digit in either date.
TEST(Law, AWrongDigitBesideALetterIsSeldomMendedWrongly) {
  std::size_t tried = 0;
  std::size_t wrong = 0;
  const Document whole = read_tolerant(kTd3Specimen).document;
  for (std::size_t letter_at = 14; letter_at <= 20; ++letter_at) {
    for (char letter = 'A'; letter <= 'Z'; ++letter) {
      const std::string damaged = with_cell(kTd3Specimen, 2, letter_at, letter);
      for (std::size_t digit_at = 14; digit_at <= 28; ++digit_at) {
        if (digit_at == 21 || digit_at == letter_at) continue;
        for (char digit = '0'; digit <= '9'; ++digit) {
          if (digit == cell_at(kTd3Specimen, 2, digit_at)) continue;
          const Reading reading = read_tolerant(with_cell(damaged, 2, digit_at, digit));
          ++tried;
          wrong += reading.ok_repaired && !(reading.document == whole) ? 1 : 0;
          ASSERT_FALSE(reading.ok);
        }
      }
    }
  }
  EXPECT_EQ(tried, 26u * 7 * 13 * 9);
  // Fewer than one in a hundred; nearly all of them three cells apart, where both digits weigh
  // the two cells alike.
  EXPECT_LT(wrong * 100, tried) << wrong << " of " << tried;
}

}  // namespace
}  // namespace paxid::mrz
