// The check digits of whole specimens against the law of blind pairs: a substitution in a
// covered cell goes unnoticed exactly when the two values are equal modulo 10.
#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "mrz/check_digit.h"
#include "mrz/layout.h"
#include "mrz/writer.h"
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

// The digits that a letter may have been.
std::string digits_like(char letter) {
  std::string digits;
  for (char candidate : look_alikes(letter)) {
    if (is_digit(candidate)) digits.push_back(candidate);
  }
  return digits;
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
          const bool alike = digits_like(letter) == std::string(1, printed);
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

// Documents that could be issued, of the formats of Doc 9303, numbers of at most nine characters.

class Documents {
 public:
  explicit Documents(unsigned seed) : random_(seed) {}

  std::string next(Format format) {
    const std::string number = text(5 + below(5), kAlphabet.substr(0, 36));
    const std::string optional = text(below(7), kAlphabet.substr(0, 36));
    const std::string birth = date(30, 99);
    const std::string expiry = date(27, 36);
    ZoneContent content;
    content.format = format;
    content.document_code = format == Format::kTd3 ? "PP" : format == Format::kMrvA ? "V" : "I";
    content.issuer = "UTO";
    content.primary = "ERIKSSON";
    content.secondary = "ANNA MARIA";
    content.document_number = number;
    content.nationality = "UTO";
    content.birth_date = birth;
    content.sex = "F";
    content.expiry_date = expiry;
    content.optional1 = optional;
    return write(content).value().text();
  }

  std::size_t below(std::size_t limit) { return random_() % limit; }

 private:
  std::string text(std::size_t size, std::string_view letters) {
    std::string result;
    while (result.size() < size) result.push_back(letters[below(letters.size())]);
    return result;
  }
  std::string date(std::size_t first_year, std::size_t last_year) {
    const std::size_t all = (first_year + below(last_year - first_year + 1)) * 10000 +
                            (1 + below(12)) * 100 + 1 + below(28);
    std::string digits = std::to_string(all);
    return std::string(6 - digits.size(), '0') + digits;
  }

  std::mt19937 random_;
};

struct CoveredCells {
  Span span;
  std::string_view alphabet;
  Check Checks::*own;
};

std::vector<CoveredCells> covered_cells(const Layout& layout) {
  const std::string_view digits = kAlphabet.substr(0, 10);
  std::vector<CoveredCells> cells{{layout.document_number, kAlphabet, &Checks::document_number},
                                  {layout.birth_date, digits, &Checks::birth_date},
                                  {layout.expiry_date, digits, &Checks::expiry_date}};
  if (layout.optional_digit.present()) {
    cells.push_back({layout.optional1, kAlphabet, &Checks::optional});
  } else if (layout.composite_digit.present()) {
    cells.push_back({layout.optional1, kAlphabet, &Checks::composite});
  }
  return cells;
}

void expect_verdicts(const std::string& raw, const Layout& layout, Check Checks::*own,
                     bool unseen) {
  const Reading reading = read_tolerant(raw);
  const Check wanted = unseen ? Check::kConsistent : Check::kContradicted;
  ASSERT_EQ(reading.checks.*own, wanted) << raw;
  ASSERT_EQ(reading.checks.composite, layout.composite_digit.present() ? wanted : Check::kUncovered)
      << raw;
  ASSERT_FALSE(!unseen && reading.ok) << raw;
}

constexpr std::array<Format, 4> kLawFormats{Format::kTd1, Format::kTd2, Format::kTd3,
                                            Format::kMrvA};

// Exhaustive: every cell of every field under a digit, every other character of its alphabet.
TEST(Law, EverySubstitutionInAThousandDocuments) {
  Documents documents(1);
  std::size_t tried = 0;
  for (int i = 0; i < 1000; ++i) {
    const Format format = kLawFormats[static_cast<std::size_t>(i) % kLawFormats.size()];
    const std::string raw = documents.next(format);
    const Layout& layout = layout_of(format);
    for (const CoveredCells& cells : covered_cells(layout)) {
      for (std::size_t k = 0; k < cells.span.length; ++k) {
        const std::size_t column = cells.span.column + k;
        const char printed = cell_at(raw, cells.span.line, column);
        for (char other : cells.alphabet) {
          if (other == printed) continue;
          ++tried;
          ASSERT_NO_FATAL_FAILURE(
              expect_verdicts(with_cell(raw, cells.span.line, column, other), layout, cells.own,
                              cell_value(printed) % 10 == cell_value(other) % 10));
        }
      }
    }
  }
  EXPECT_GT(tried, 700000u);
}

// Neighbouring weights differ by 4, 2 or 6: a swap is unseen exactly when the values are equal
// modulo 5.
TEST(Law, EveryAdjacentSwapInAThousandDocuments) {
  Documents documents(2);
  std::size_t tried = 0;
  for (int i = 0; i < 1000; ++i) {
    const Format format = kLawFormats[static_cast<std::size_t>(i) % kLawFormats.size()];
    const std::string raw = documents.next(format);
    const Layout& layout = layout_of(format);
    for (const CoveredCells& cells : covered_cells(layout)) {
      for (std::size_t k = 0; k + 1 < cells.span.length; ++k) {
        const std::size_t column = cells.span.column + k;
        const char a = cell_at(raw, cells.span.line, column);
        const char b = cell_at(raw, cells.span.line, column + 1);
        if (a == b) continue;
        ++tried;
        const std::string swapped =
            with_cell(with_cell(raw, cells.span.line, column, b), cells.span.line, column + 1, a);
        ASSERT_NO_FATAL_FAILURE(
            expect_verdicts(swapped, layout, cells.own, cell_value(a) % 5 == cell_value(b) % 5));
      }
    }
  }
  EXPECT_GT(tried, 10000u);
}

// What reading takes for a character: letters for digits and the reverse, and digits for digits.
std::string_view misreads(char cell) {
  switch (cell) {
    case '0':
      return "ODQU68";
    case '1':
      return "ILT7";
    case '2':
      return "Z7";
    case '3':
      return "89";
    case '4':
      return "A9";
    case '5':
      return "S6";
    case '6':
      return "G8";
    case '7':
      return "T1";
    case '8':
      return "BS3";
    case '9':
      return "4";
    default:
      return look_alikes(cell);
  }
}

struct Mends {
  std::size_t zones = 0;
  std::size_t mended = 0;
  std::size_t wrong = 0;
};

Mends mends_of(std::size_t errors, unsigned seed) {
  Documents documents(seed);
  Mends mends;
  for (int i = 0; i < 50000; ++i) {
    const Format format = kLawFormats[static_cast<std::size_t>(i) % 3];
    const std::string printed = documents.next(format);
    std::string raw = printed;
    for (std::size_t made = 0; made < errors;) {
      const std::size_t place = documents.below(raw.size());
      const std::string_view others = misreads(raw[place]);
      if (raw[place] == '\n' || raw[place] != printed[place] || others.empty()) continue;
      raw[place] = others[documents.below(others.size())];
      ++made;
    }
    const Reading reading = read_tolerant(raw);
    ++mends.zones;
    const auto mend = find(reading, FindingCode::kRepairedCell);
    if (!mend) continue;
    ++mends.mended;
    const char truth = cell_at(printed, mend->line, mend->column);
    mends.wrong += mend->expected == std::string_view(&truth, 1) ? 0 : 1;
  }
  return mends;
}

TEST(Law, NoMendIsWrongInAHundredThousandDamagedZones) {
  for (const std::size_t errors : {1u, 2u}) {
    const Mends mends = mends_of(errors, 77 + static_cast<unsigned>(errors));
    EXPECT_EQ(mends.wrong, 0u) << errors;
    EXPECT_GT(mends.mended, 500u) << errors;
    RecordProperty("mended_of_50000_with_" + std::to_string(errors),
                   static_cast<int>(mends.mended));
  }
}

}  // namespace
}  // namespace paxid::mrz
