#include "mrz/zone.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "tests/mrz/vectors.h"

namespace paxid::mrz {
namespace {

using enum FindingCode;

const std::string kLine1 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<";
const std::string kLine2 = "L898902C36UTO7408122F1204159ZE184226B<<<<<10";

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  return text.replace(text.find(from), from.size(), to);
}

void expect_specimen(const Reading& reading) {
  EXPECT_TRUE(reading.ok);
  EXPECT_EQ(reading.document, read_tolerant(kTd3Specimen).document);
}

// A TD3 zone with another name field, filled up.
std::string td3_named(std::string name) {
  name.resize(39, '<');
  return "P<UTO" + name + "\n" + kLine2;
}

// Reading a conforming zone.

TEST(Zone, ReadsTheSpecimenWithoutComplaint) {
  const Reading reading = read_strict(kTd3Specimen);
  EXPECT_TRUE(reading.ok);
  EXPECT_FALSE(reading.ok_repaired);
  EXPECT_EQ(reading.format, Format::kTd3);
  EXPECT_EQ(reading.document.document_code, "P");
  EXPECT_EQ(reading.document.surname, "ERIKSSON");
  EXPECT_EQ(reading.document.given_names, "ANNA MARIA");
  EXPECT_FALSE(reading.maybe_truncated);
  EXPECT_EQ(reading.birth.date, base::parse_iso_date("1974-08-12"));
  EXPECT_EQ(reading.expiry.date, base::parse_iso_date("2012-04-15"));
  EXPECT_TRUE(reading.findings.has(kExpired));
  EXPECT_TRUE(reading.findings.has(kSpecimenState));
}

TEST(Zone, UsesTheReferenceDateAndNoClock) {
  const Reading before = read(kTd3Specimen, {*base::parse_iso_date("2010-01-01"), false});
  EXPECT_FALSE(before.findings.has(kExpired));
  const Reading none = read(kTd3Specimen, {base::Date{}, false});
  EXPECT_TRUE(none.ok);
  EXPECT_FALSE(none.birth.date || none.expiry.date);
}

// Framing.

TEST(Framing, EmptyAndOverlongInput) {
  EXPECT_TRUE(read_tolerant("").findings.has(kEmptyInput));
  EXPECT_TRUE(read_tolerant(" \n \r\n").findings.has(kEmptyInput));
  EXPECT_TRUE(read_tolerant(std::string(kMaxRawBytes + 1, '<')).findings.has(kTooLong));
  EXPECT_FALSE(read_tolerant(std::string(kMaxRawBytes, '<')).findings.has(kTooLong));
}

TEST(Framing, LineEndsOfEveryKind) {
  for (const char* end : {"\n", "\r", "\r\n", "\n\n", "\f", "\v", " \n ", "\r\n\r\n   "}) {
    const Reading reading = read_strict(kLine1 + end + kLine2 + end);
    EXPECT_TRUE(reading.ok) << std::string(end).size();
  }
}

TEST(Framing, UnicodeSeparatorsAndTabsAreTolerated) {
  for (const char* end : {"\t", "\u0085", "\u2028", "\u2029"}) {
    expect_specimen(read_tolerant(kLine1 + end + kLine2));
    EXPECT_TRUE(read_tolerant(kLine1 + end + kLine2).findings.has(kSeparator));
    EXPECT_FALSE(read_strict(kLine1 + end + kLine2).ok);
  }
  // After the zone a tab is white space, as a keyboard wedge sends it.
  EXPECT_TRUE(read_strict(std::string(kTd3Specimen) + "\t").ok);
}

TEST(Framing, AByteOrderMarkInFrontIsNoCharacter) {
  EXPECT_TRUE(read_strict("\xEF\xBB\xBF" + std::string(kTd3Specimen)).ok);
}

TEST(Framing, JoinedLinesOfEverySize) {
  for (std::string raw : {std::string(kTd3Specimen), std::string(kTd2Specimen),
                          std::string(kTd1Specimen), std::string(kMrvBSpecimen),
                          std::string("I<SVKNOVAK<<JAN<<<<<<<<<<<<<<<<<<<\n"
                                      "123456<AA5SVK8110251M1801020749313\n"),
                          std::string("AAA001D<<\nFACHE305142128097<<800126<<<<<\n"
                                      "MARCHAND<<FABIENNE<<<<<<<<<<<<\n")}) {
    const Reading apart = read_tolerant(raw);
    EXPECT_TRUE(apart.ok);
    std::string joined;
    std::string spaced;
    for (char c : raw) {
      if (c != '\n') joined.push_back(c);
      spaced.push_back(c == '\n' ? ' ' : c);
    }
    for (const std::string& one_line : {joined, spaced}) {
      const Reading reading = read_tolerant(one_line);
      EXPECT_TRUE(reading.ok);
      EXPECT_EQ(reading.format, apart.format);
      EXPECT_EQ(reading.document, apart.document);
      EXPECT_TRUE(reading.findings.has(kJoinedLines));
      EXPECT_FALSE(read_strict(one_line).ok);
    }
  }
}

TEST(Framing, ThreeLinesOf44AreNoZone) {
  const Reading reading = read_tolerant(kLine1 + "\n" + kLine2 + "\n" + kLine2);
  EXPECT_FALSE(reading.ok);
  const auto count = find(reading, kLineCount);
  ASSERT_TRUE(count.has_value());
  EXPECT_EQ(count->expected, "2");
  EXPECT_EQ(count->found, "3");
}

TEST(Framing, TwoLinesOf30LackTheThird) {
  const Reading reading = read_tolerant(kTd1Specimen.substr(0, 62));
  ASSERT_TRUE(find(reading, kLineCount).has_value());
  EXPECT_EQ(find(reading, kLineCount)->expected, "3");
}

TEST(Framing, ALostCellIsALineLength) {
  const Reading reading = read_tolerant(kLine1 + "\n" + replaced(kLine2, "<<<<<", "<<<<"));
  const auto length = find(reading, kLineLength);
  ASSERT_TRUE(length.has_value());
  EXPECT_EQ(length->line, 2);
  EXPECT_EQ(length->expected, "44");
  EXPECT_EQ(length->found, "43");
}

TEST(Framing, ALostFillerIsSuggestedWhenItIsTheOnlyOne) {
  const Reading lost = read_tolerant(kLine1 + "\n" + replaced(kLine2, "<<<<<", "<<<<"));
  const auto candidate = find(lost, kRepairCandidate);
  ASSERT_TRUE(candidate.has_value());
  EXPECT_EQ(candidate->line, 2);
  EXPECT_EQ(candidate->column, 38);
  EXPECT_EQ(candidate->expected, "<");
  EXPECT_EQ(lost.format, Format::kNone);
  EXPECT_FALSE(lost.ok || lost.ok_repaired);
  // Nothing is suggested where the digits do not agree afterwards, or a letter was lost.
  const std::string wrong = replaced(replaced(kLine2, "<<<<<", "<<<<"), "7408122", "7408123");
  EXPECT_FALSE(read_tolerant(kLine1 + "\n" + wrong).findings.has(kRepairCandidate));
  const std::string letter = replaced(kLine2, "ZE184226B", "ZE18422B");
  EXPECT_FALSE(read_tolerant(kLine1 + "\n" + letter).findings.has(kRepairCandidate));
}

TEST(Framing, ALostFillerThatCouldStandInTwoPlacesIsAmbiguous) {
  // Both runs of optional data: cells of the same weight on both sides.
  const std::string raw =
      "I<UTOD231458907<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\n"
      "ERIKSSON<<ANNA<MARIA<<<<<<<<<<";
  EXPECT_TRUE(read_tolerant(raw).findings.has(kRepairCandidate));
  const std::string two =
      "I<UTOD231458907000<<000<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\n"
      "ERIKSSON<<ANNA<MARIA<<<<<<<<<<";
  ASSERT_TRUE(read_tolerant(two).ok);
  EXPECT_TRUE(read_tolerant(replaced(two, "000<<000", "000<000")).findings.has(kRepairAmbiguous));
}

TEST(Framing, LinesInAnotherOrderAreReadButNotInOrder) {
  const Reading swapped = read_tolerant(kLine2 + "\n" + kLine1);
  EXPECT_FALSE(swapped.ok);
  EXPECT_TRUE(swapped.findings.has(kLineOrder));
  EXPECT_EQ(swapped.document, read_tolerant(kTd3Specimen).document);

  const std::string a(kTd1Specimen.substr(0, 31));
  const std::string b(kTd1Specimen.substr(31, 31));
  const std::string c(kTd1Specimen.substr(62));
  for (const std::string& raw : {a + c + b, b + a + c, b + c + a, c + a + b, c + b + a}) {
    const Reading reading = read_tolerant(raw);
    EXPECT_FALSE(reading.ok);
    EXPECT_TRUE(reading.findings.has(kLineOrder));
    EXPECT_EQ(reading.document, read_tolerant(kTd1Specimen).document);
  }
}

TEST(Framing, AVisaWithSwappedLinesIsStillAVisa) {
  const std::string raw(kMrvBSpecimen);
  const Reading reading = read_tolerant(raw.substr(37) + raw.substr(0, 37));
  EXPECT_EQ(reading.format, Format::kMrvB);
  EXPECT_TRUE(reading.findings.has(kLineOrder));
}

TEST(Framing, FindsTheOnlyZoneAmidOtherText) {
  const std::string text = "REPUBLIC OF UTOPIA\nPassport No. L898902C3\n" +
                           std::string(kTd3Specimen) + "scanned at desk 4\n";
  expect_specimen(read_tolerant(text));
  EXPECT_TRUE(read_tolerant(text).findings.has(kExtraText));
  EXPECT_FALSE(read_strict(text).ok);
  EXPECT_TRUE(read_strict(text).findings.has(kLineCount));
}

TEST(Framing, TwoZonesInOneTextAreNone) {
  const std::string both = std::string(kTd3Specimen) + "and\n" + std::string(kTd3Specimen);
  EXPECT_FALSE(read_tolerant(both).ok);
  EXPECT_TRUE(read_tolerant(both).findings.has(kLineCount));
}

TEST(Framing, ThousandsOfLinesAreNoZone) {
  std::string text;
  for (int i = 0; i < 1400; ++i) text += kLine1 + "\n";
  EXPECT_TRUE(read_tolerant(text).findings.has(kLineCount));
}

TEST(Framing, BlanksAtBothEndsMayBeFillersOrWhiteSpace) {
  // No surname: the name field of TD1's third line begins and ends with fillers.
  const std::string third = "<<ANNA<MARIA<<<<<<<<<<<<<<<<<<";
  std::string blank = third;
  for (char& c : blank) c = c == '<' ? ' ' : c;
  const std::string start(kTd1Specimen.substr(0, 62));
  const Reading reading = read_tolerant(start + blank);
  EXPECT_TRUE(reading.ok);
  EXPECT_EQ(reading.document, read_tolerant(start + third).document);
  EXPECT_EQ(reading.document.surname, "");
}

TEST(Framing, NationalSizesNeedTheirIssuer) {
  // A TD2 zone that lost two cells a line is no Slovak card.
  const Reading td2 =
      read_tolerant("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<6");
  EXPECT_EQ(td2.format, Format::kNone);
  EXPECT_TRUE(td2.findings.has(kLineLength));
  // One line of 30 is TD1 short of two lines, unless it is the French licence.
  EXPECT_TRUE(read_tolerant("I<UTOD231458907<<<<<<<<<<<<<<<").findings.has(kLineCount));
  EXPECT_EQ(read_tolerant("D1FRA13AA000026181231MARTIN<<9").format, Format::kFraDl);
}

// Characters.

TEST(Characters, LowerCaseIsFolded) {
  std::string lower(kTd3Specimen);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  expect_specimen(read_tolerant(lower));
  EXPECT_TRUE(read_tolerant(lower).findings.has(kCaseFolded));
  EXPECT_TRUE(read_strict(lower).findings.has(kBadCharacter));
  EXPECT_FALSE(read_strict(lower).ok);
}

TEST(Characters, FullWidthFormsAreFolded) {
  std::string wide;
  for (char c : kTd3Specimen) {
    if (c == '\n') {
      wide.push_back(c);
      continue;
    }
    const unsigned code = 0xFF00u + static_cast<unsigned>(c) - 0x20u;
    wide += static_cast<char>(0xE0 | (code >> 12));
    wide += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    wide += static_cast<char>(0x80 | (code & 0x3F));
  }
  expect_specimen(read_tolerant(wide));
  EXPECT_TRUE(read_tolerant(wide).findings.has(kWidthFolded));
  EXPECT_FALSE(read_strict(wide).ok);
}

TEST(Characters, ForeignCharactersAreNamedAndNeverDropped) {
  struct Case {
    const char* what;
    std::string in;
    std::string found;
  };
  const std::vector<Case> cases{{"a byte that is no UTF-8", "\xFF", "0xFF"},
                                {"a lone continuation byte", "\x80", "0x80"},
                                {"a hyphen", "-", "-"},
                                {"a bar", "|", "|"},
                                {"a Greek capital", "\u0391", "U+0391"},
                                {"an accented letter", "\u00C4", "U+00C4"},
                                {"a control character", "\x01", "U+0001"},
                                {"a character beyond the basic plane", "\U0001F600", "U+1F600"}};
  for (const Case& test : cases) {
    std::string raw(kTd3Specimen);
    raw.replace(10, 1, test.in);
    const Reading reading = read_tolerant(raw);
    EXPECT_FALSE(reading.ok) << test.what;
    EXPECT_EQ(reading.format, Format::kTd3) << test.what;
    const auto bad = find(reading, kBadCharacter);
    ASSERT_TRUE(bad.has_value()) << test.what;
    EXPECT_EQ(bad->line, 1) << test.what;
    EXPECT_EQ(bad->column, 11) << test.what;
    EXPECT_EQ(bad->found, test.found) << test.what;
  }
}

TEST(Characters, InvisibleCharactersTakeNoCellAndAreErrors) {
  for (const char* invisible : {"\u200B", "\uFEFF", "\u00AD", "\u2060"}) {
    std::string raw(kTd3Specimen);
    raw.insert(10, invisible);
    const Reading reading = read_tolerant(raw);
    EXPECT_FALSE(reading.ok);
    EXPECT_TRUE(reading.findings.has(kBadCharacter));
    EXPECT_EQ(reading.document, read_tolerant(kTd3Specimen).document);
  }
}

TEST(Characters, AnInvisibleCharacterBehindTheLastCellIsAtThatCell) {
  std::string raw(kTd3Specimen);
  raw.insert(raw.size() - 1, "\u200B");
  const auto bad = find(read_tolerant(raw), kBadCharacter);
  ASSERT_TRUE(bad.has_value());
  EXPECT_EQ(bad->line, 2);
  EXPECT_EQ(bad->column, 44);
}

TEST(Characters, ADamagedCellInADigitsRangeNeverAgrees) {
  const Reading reading = read_tolerant(with_cell(kTd3Specimen, 2, 3, '?'));
  EXPECT_EQ(reading.checks.document_number, Check::kContradicted);
  EXPECT_EQ(reading.checks.composite, Check::kContradicted);
}

// Alphabets.

TEST(Alphabets, LettersAndDigitsInTheWrongFields) {
  struct Case {
    unsigned line;
    unsigned column;
    char cell;
    FindingCode code;
    Field field;
  };
  const std::vector<Case> cases{{1, 1, '8', kWrongClass, Field::kDocumentCode},
                                {1, 2, '1', kWrongClass, Field::kDocumentCode},
                                {1, 4, '0', kWrongClass, Field::kIssuer},
                                {1, 8, '1', kDigitInName, Field::kName},
                                {2, 10, 'G', kWrongClass, Field::kDocumentNumber},
                                {2, 12, '7', kWrongClass, Field::kNationality},
                                {2, 15, 'A', kWrongClass, Field::kBirthDate},
                                {2, 21, 'R', kInvalidSex, Field::kSex},
                                {2, 23, 'Z', kWrongClass, Field::kExpiryDate},
                                {2, 43, 'I', kWrongClass, Field::kOptional1},
                                {2, 44, 'O', kWrongClass, Field::kComposite}};
  for (const Case& test : cases) {
    const Reading reading =
        read_tolerant(with_cell(kTd3Specimen, test.line, test.column, test.cell));
    EXPECT_FALSE(reading.ok) << test.column;
    const auto finding = find(reading, test.code);
    ASSERT_TRUE(finding.has_value()) << test.column;
    EXPECT_EQ(finding->field, test.field);
    EXPECT_EQ(finding->line, test.line);
    EXPECT_EQ(finding->column, test.column);
    EXPECT_EQ(finding->found, std::string_view(&test.cell, 1));
  }
}

TEST(Alphabets, TheWWhoseDigitsAgreeIsFound) {
  // W (32) has the residue of the 2 that it stands for: no digit sees it.
  const Reading reading = read_tolerant(with_cell(kTd3Specimen, 2, 19, 'W'));
  EXPECT_TRUE(reading.findings.has(kWrongClass));
  EXPECT_FALSE(reading.ok_repaired);
  ASSERT_TRUE(find(reading, kRepairCandidate).has_value());
  EXPECT_EQ(find(reading, kRepairCandidate)->expected, "2");
}

TEST(Alphabets, RussianInternalPassportsCodeLettersWithDigits) {
  const Reading coded = read_tolerant(
      "PNRUSZDRIL7K<<SERGEQ<ANATOL9EVI3<<<<<<<<<<<<\n"
      "3919353498RUS7207233M<<<<<<<4151218910003<50");
  EXPECT_FALSE(coded.findings.has(kDigitInName));
  EXPECT_TRUE(coded.findings.has(kCodedName));
  EXPECT_EQ(coded.document.given_names, "SERGEQ ANATOL9EVI3");
  EXPECT_TRUE(coded.findings.has(kNoExpiry));
  const Reading other = read_tolerant(
      "P<RUSZDRIL7K<<SERGEQ<ANATOL9EVI3<<<<<<<<<<<<\n"
      "3919353498RUS7207233M<<<<<<<4151218910003<50");
  EXPECT_TRUE(other.findings.has(kDigitInName));
}

TEST(Alphabets, DigitsThatCodeNoRussianLetterAreErrors) {
  const auto named = [](char digit) {
    std::string line = std::string("PNRUSIVANOV<<ANAT") + digit + "L";
    line.resize(44, '<');
    return read_tolerant(line + "\n3919353498RUS7207233M<<<<<<<4151218910003<50");
  };
  for (const char digit : std::string_view("2346789")) {
    EXPECT_TRUE(named(digit).ok && named(digit).findings.has(kCodedName)) << digit;
  }
  for (const char digit : std::string_view("015")) {
    EXPECT_FALSE(named(digit).ok || named(digit).findings.has(kCodedName)) << digit;
    ASSERT_TRUE(find(named(digit), kDigitInName).has_value()) << digit;
    EXPECT_EQ(find(named(digit), kDigitInName)->column, 18) << digit;
  }
}

TEST(Alphabets, SexXIsToleratedAndRefusedWhenStrict) {
  const std::string raw = with_cell(kTd3Specimen, 2, 21, 'X');
  EXPECT_TRUE(read_tolerant(raw).ok);
  EXPECT_EQ(read_tolerant(raw).document.sex, "X");
  EXPECT_TRUE(read_tolerant(raw).findings.has(kSexX));
  EXPECT_FALSE(read_strict(raw).ok);
}

// Another keyboard layout.

// As it arrives when QWERTY is taken for QWERTZ, or the reverse.
std::string exchanged(std::string text, char filler) {
  for (char& c : text) c = c == 'Y' ? 'Z' : c == 'Z' ? 'Y' : c == '<' ? filler : c;
  return text;
}

TEST(Keyboard, TheFillersOtherKeysAreTolerated) {
  for (const char key : {';', '>'}) {
    // Without a letter that another layout exchanges.
    const std::string zone = kLine1 + "\nL898902C36UTO7408122F3404159<<<<<<<<<<<<<<04";
    const std::string raw = exchanged(zone, key);
    const Reading reading = read_tolerant(raw);
    EXPECT_TRUE(reading.ok);
    EXPECT_EQ(reading.document, read_tolerant(zone).document);
    EXPECT_TRUE(reading.findings.has(kFillerKey));
    EXPECT_FALSE(reading.findings.has(kKeyboardUncertain));
    EXPECT_FALSE(read_strict(raw).ok);
    EXPECT_TRUE(read_strict(raw).findings.has(kBadCharacter));
  }
}

TEST(Keyboard, YAndZArePutBackWhenTwoWitnessesSpeakForIt) {
  // The filler's key, and the digit of the optional data ZE184226B.
  const Reading reading = read_tolerant(exchanged(std::string(kTd3Specimen), ';'));
  expect_specimen(reading);
  const auto layout = find(reading, kKeyboardLayout);
  ASSERT_TRUE(layout.has_value());
  EXPECT_EQ(layout->line, 2);
  EXPECT_EQ(layout->column, 29);
  EXPECT_EQ(layout->expected, "Z");
  EXPECT_EQ(layout->found, "Y");
  EXPECT_FALSE(read_strict(exchanged(std::string(kTd3Specimen), '<')).ok);
  // Issuer and nationality alone, all digits agree: the names are put back with them.
  const std::string card =
      "I<NZLD231458907<<<<<<<<<<<<<<<\n7408122F1204159NZL<<<<<<<<<<<6\n"
      "LAZARY<<ZOE<<<<<<<<<<<<<<<<<<<";
  const Reading codes = read_tolerant(exchanged(card, '<'));
  EXPECT_TRUE(codes.findings.has(kKeyboardLayout));
  EXPECT_TRUE(codes.ok);
  EXPECT_EQ(codes.document, read_tolerant(card).document);
}

TEST(Keyboard, OneWitnessIsNotEnough) {
  for (const std::string& raw : {exchanged(std::string(kTd3Specimen), '<'),
                                 replaced(td3_named("ZOE<<YVES"), "ZE184226B", "YE184226B")}) {
    const Reading reading = read_tolerant(raw);
    EXPECT_TRUE(reading.findings.has(kKeyboardUncertain));
    EXPECT_FALSE(reading.findings.has(kKeyboardLayout));
    EXPECT_FALSE(reading.ok);
    EXPECT_EQ(reading.document.optional1, "YE184226B");
  }
}

TEST(Keyboard, NothingIsExchangedAgainstAWitness) {
  // The digit of ZE184226B agrees as printed; that an issuer is unknown does not outweigh it.
  const std::string raw =
      replaced(replaced(std::string(kTd3Specimen), "P<UTO", "P<NYL"), "6UTO", "6NYL");
  EXPECT_FALSE(read_tolerant(raw).findings.has(kKeyboardLayout));
  EXPECT_FALSE(read_tolerant(raw).findings.has(kKeyboardUncertain));
  EXPECT_FALSE(read_tolerant(td3_named("ZOE<<YVES")).findings.has(kKeyboardUncertain));
}

// Check digits and mends.

TEST(Digits, ACompositeIsNeverAFiller) {
  // The composite of these cells is 0, which the filler's value would match.
  const std::string raw = kLine1 + "\nL898903C33UTO7408122F3404159<<<<<<<<<<<<<<<0";
  EXPECT_TRUE(read_strict(raw).ok);
  const Reading filler = read_tolerant(with_cell(raw, 2, 44, '<'));
  EXPECT_EQ(filler.checks.composite, Check::kContradicted);
  EXPECT_FALSE(filler.ok);
  // Nor where all that it covers is blank: a lower line that was not read at all.
  const Reading blank = read_tolerant(kLine1 + "\n" + std::string(44, '<'));
  EXPECT_EQ(blank.checks.composite, Check::kContradicted);
  EXPECT_FALSE(blank.ok);
}

TEST(Digits, TheDigitOfBlankOptionalDataMayBeZeroOrFiller) {
  const std::string zero = "L898902C36UTO7408122F3404159<<<<<<<<<<<<<<04";
  const std::string filler = "L898902C36UTO7408122F3404159<<<<<<<<<<<<<<<4";
  for (const std::string& line : {zero, filler}) {
    const Reading reading = read_strict(kLine1 + "\n" + line);
    EXPECT_TRUE(reading.ok);
    EXPECT_EQ(reading.checks.optional, Check::kConsistent);
    EXPECT_FALSE(reading.findings.has(kCheckDigitFiller));
  }
}

TEST(Digits, ABlankExpiryMayHaveAZeroOrAFiller) {
  for (const char* digit : {"0", "<"}) {
    const std::string raw = std::string("I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F<<<<<<") + digit +
                            "UTO<<<<<<<<<<<8\nERIKSSON<<ANNA<MARIA<<<<<<<<<<";
    const Reading reading = read_tolerant(raw);
    EXPECT_EQ(reading.checks.expiry_date, Check::kConsistent);
    EXPECT_TRUE(reading.findings.has(kNoExpiry));
    EXPECT_EQ(reading.expiry.state, DateState::kBlank);
    EXPECT_EQ(reading.document.expiry_date, "<<<<<<");
    EXPECT_FALSE(read_strict(raw).ok);
  }
}

TEST(Digits, APartlyUnknownExpiryIsNoDate) {
  const Reading reading = read_tolerant(replaced(std::string(kTd3Specimen), "120415", "1204<<"));
  ASSERT_TRUE(find(reading, kInvalidDate).has_value());
  EXPECT_EQ(find(reading, kInvalidDate)->column, 26);
}

TEST(Digits, AMendNeedsTwoWitnesses) {
  // The number was misread too, so its digit demands a 6 where a 1 was printed as I. Its own
  // digit and the composite weigh the number alike: one witness, and 6 does not look like I.
  const Reading reading = read_tolerant(
      "P<D<<MUSTERMANN<<ERIKA<<<<<<<<<<<<<<<<<<<<<<\n"
      "C0IX00O6HID<<<6408125F1710319<<<<<<<<<<<<<<0");
  EXPECT_FALSE(reading.findings.has(kRepairedCell));
  EXPECT_FALSE(reading.ok_repaired);
}

TEST(Digits, TheCompositesOwnCellIsMendedByLookAlikeOnly) {
  EXPECT_TRUE(read_tolerant(with_cell(kTd3Specimen, 2, 44, 'O')).ok_repaired);
  EXPECT_FALSE(read_tolerant(with_cell(kTd3Specimen, 2, 44, 'Z')).ok_repaired);
}

TEST(Digits, TwoDamagedCellsAreNotMended) {
  const std::string once = with_cell(kTd3Specimen, 2, 15, 'A');
  EXPECT_TRUE(read_tolerant(once).ok_repaired);
  EXPECT_FALSE(read_tolerant(with_cell(once, 2, 24, 'O')).ok_repaired);
  // Another error elsewhere keeps the whole from being in order after the mend.
  const Reading other = read_tolerant(with_cell(once, 1, 8, '1'));
  EXPECT_TRUE(other.findings.has(kRepairedCell));
  EXPECT_FALSE(other.ok_repaired);
}

TEST(Digits, VisasHaveNoSecondWitness) {
  EXPECT_FALSE(read_tolerant(with_cell(kMrvBSpecimen, 2, 15, 'A')).findings.has(kRepairedCell));
}

TEST(Digits, AMisreadNumberGetsOneCandidateOrNone) {
  const Reading one = read_tolerant(with_cell(kTd3Specimen, 2, 6, 'O'));
  const auto candidate = find(one, kRepairCandidate);
  ASSERT_TRUE(candidate.has_value());
  EXPECT_EQ(candidate->expected, "0");
  EXPECT_EQ(candidate->column, 6);
  EXPECT_EQ(one.document.document_number, "L8989O2C3");
  const std::string many = replaced(std::string(kTd3Specimen), "L898902C36", "OOOOOOOOO7");
  EXPECT_FALSE(read_tolerant(many).ok);
  EXPECT_FALSE(read_tolerant(many).findings.has(kRepairedCell));
  EXPECT_FALSE(read_tolerant(many).findings.has(kRepairCandidate));
  EXPECT_TRUE(read_tolerant(many).findings.has(kRepairAmbiguous));
}

// Names.

TEST(Names, AFloodOfKForFillersIsSuspect) {
  const Reading reading = read_tolerant(
      "P<UTOERIKSSONKKANNAKMARIAKKKKKKKKKKKKKKKKKKK\n"
      "L898902C36UTO7408122F1204159ZE184226BKKKKK10");
  EXPECT_EQ(reading.checks.composite, Check::kConsistent);
  std::size_t suspect = 0;
  for (const Finding& finding : reading.findings) suspect += finding.code == kSuspectFiller ? 1 : 0;
  EXPECT_EQ(suspect, 2u);
  EXPECT_FALSE(read_strict("P<UTOERIKSSONKKANNAKMARIAKKKKKKKKKKKKKKKKKKK\n" + kLine2).ok);
}

std::vector<Finding> candidates(const Reading& reading) {
  std::vector<Finding> found;
  for (const Finding& finding : reading.findings) {
    if (finding.code == kRepairCandidate) found.push_back(finding);
  }
  return found;
}

TEST(Names, MisreadFillersAreSuggestedAndNeverPutIn) {
  const Reading flood = read_tolerant(td3_named("ERIKSSONKKANNAKMARIAKKKKKKKKKKKKKKKKKKK"));
  const auto suggested = candidates(flood);
  ASSERT_EQ(suggested.size(), 2u);
  EXPECT_EQ(suggested[0].column, 14);  // the only pair: the separator
  EXPECT_EQ(suggested[1].column, 26);  // the rest of the field
  EXPECT_EQ(suggested[1].expected, "<");
  EXPECT_EQ(suggested[1].found, "K");
  EXPECT_EQ(flood.document.surname, "ERIKSSONKKANNAKMARIAKKKKKKKKKKKKKKKKKKK");
  // Two pairs: which is the separator cannot be told.
  const Reading two = read_tolerant(td3_named("BAKKENKKANNAKMARIAKKKKKKKKKKKKKKKKKKKKK"));
  ASSERT_EQ(candidates(two).size(), 1u);
  EXPECT_EQ(candidates(two)[0].column, 24);
}

TEST(Names, BracketsAreSuggestedAsFillers) {
  const Reading reading = read_tolerant(td3_named("ERIKSSON<(ANNA<MARIA<<<<<<<<[<<<<<<<<<<"));
  EXPECT_FALSE(reading.ok);
  ASSERT_EQ(candidates(reading).size(), 2u);
  EXPECT_EQ(candidates(reading)[0].column, 15);
  EXPECT_EQ(candidates(reading)[0].found, "(");
  EXPECT_EQ(candidates(reading)[1].column, 34);
}

TEST(Names, TheSuggestionsAreCapped) {
  std::string name = "A<<B<<<";
  while (name.size() < 38) name += "K<";
  EXPECT_EQ(candidates(read_tolerant(td3_named(name))).size(), 4u);
}

TEST(Names, MisreadFillersOfOptionalDataAreSuggested) {
  const auto with_optional = [](const char* run) {
    return read_tolerant(kLine1 + "\n" + replaced(kLine2, "<<<<<", run));
  };
  const Reading blind = with_optional("KKKKK");
  EXPECT_TRUE(blind.findings.has(kSuspectFiller));
  ASSERT_EQ(candidates(blind).size(), 1u);
  EXPECT_EQ(candidates(blind)[0].field, Field::kOptional1);
  EXPECT_EQ(candidates(blind)[0].column, 38);
  // The digit sees a C, and agrees with fillers in its place.
  ASSERT_EQ(candidates(with_optional("CCCCC")).size(), 1u);
  EXPECT_EQ(candidates(with_optional("CCCCC"))[0].found, "C");
  // Real data that ends alike.
  EXPECT_TRUE(
      candidates(read_tolerant(kLine1 + "\nL898902C36UTO7408122F1204159AAAAAAAAAAACCC20")).empty());
}

TEST(Names, LettersAmongTheTrailingFillersAreSuspect) {
  EXPECT_TRUE(
      read_tolerant(td3_named("ERIKSSON<<ANNA<MARIA<<<<<<K<<<<<")).findings.has(kSuspectFiller));
  EXPECT_TRUE(
      read_tolerant(td3_named("ERIKSSON<<ANNA<MARIA<<<<<<LL<<<C")).findings.has(kSuspectFiller));
}

TEST(Names, OrdinaryNamesAreNotSuspect) {
  for (const char* name : {"BAKK<<ERIKK", "KRASUANG<<K", "XXX<<KIM", "LEE<<S<E<X", "KUMAR<<KK"}) {
    const Reading reading = read_tolerant(td3_named(name));
    EXPECT_FALSE(reading.findings.has(kSuspectFiller)) << name;
    EXPECT_FALSE(reading.findings.has(kNameUncertain)) << name;
  }
}

TEST(Names, SeparatorsBeyondTheOneAreNoted) {
  for (const char* name : {"A<<B<<C", "A<<<B", "A<<B<<<C", "<A<<B"}) {
    EXPECT_TRUE(read_tolerant(td3_named(name)).findings.has(kExtraSeparator)) << name;
    EXPECT_TRUE(read_tolerant(td3_named(name)).ok) << name;
  }
  EXPECT_FALSE(read_tolerant(td3_named("A<B<<C<D")).findings.has(kExtraSeparator));
  EXPECT_EQ(read_tolerant(td3_named("<A<<B")).document.surname, "A");
}

TEST(Names, ATrailingFillerProvesThatNothingWasCut) {
  EXPECT_FALSE(read_tolerant(td3_named(std::string(38, 'A'))).maybe_truncated);
  EXPECT_TRUE(read_tolerant(td3_named(std::string(39, 'A'))).maybe_truncated);
}

// The French card: a field for each identifier.

std::string french_card(std::string primary, std::string secondary, const char* last) {
  primary.resize(25, '<');
  secondary.resize(14, '<');
  return "IDFRA" + primary + "<<<<<<\n8806923102858" + secondary + "6512068F" + last;
}

TEST(Names, NothingOfASurnameWithItsOwnFieldIsLost) {
  for (const auto& [primary, last, surname] :
       {std::array{"BERTHIER<<DUPONT", "8", "BERTHIER DUPONT"},
        std::array{"<<BERTHIER", "6", "BERTHIER"}}) {
    const Reading reading = read_tolerant(french_card(primary, "CORINNE", last));
    EXPECT_EQ(reading.format, Format::kFraId);
    EXPECT_EQ(reading.checks.composite, Check::kConsistent);
    EXPECT_EQ(reading.document.surname, surname);
    EXPECT_EQ(reading.document.given_names, "CORINNE");
    EXPECT_TRUE(reading.findings.has(kExtraSeparator)) << primary;
  }
  EXPECT_TRUE(read_tolerant(french_card("", "CORINNE", "0")).findings.has(kEmptyName));
}

TEST(Names, AFloodOfKBehindGivenNamesWithTheirOwnFieldIsSuspect) {
  const Reading flood = read_tolerant(french_card("BERTHIER", "CORINNEKKKKKKK", "6"));
  const auto suspect = find(flood, kSuspectFiller);
  ASSERT_TRUE(suspect.has_value());
  EXPECT_EQ(suspect->line, 2);
  EXPECT_EQ(suspect->column, 21);
  const Reading two = read_tolerant(french_card("BERTHIER", "CORINNE<<MARIE", "6"));
  EXPECT_EQ(two.document.given_names, "CORINNE MARIE");
  EXPECT_FALSE(two.findings.has(kExtraSeparator) || two.findings.has(kSuspectFiller));
  EXPECT_TRUE(two.maybe_truncated);
}

// Codes.

TEST(Codes, AFillerInsideACodeOrBeforeItMakesItUnknown) {
  for (const char* code : {"U<O", "<TO", "<<D", "<D<", "U<<"}) {
    for (const std::string_view place : {"P<", "36"}) {
      const std::string other = std::string(place) + code;
      const std::string raw =
          replaced(std::string(kTd3Specimen), std::string(place) + "UTO", other);
      EXPECT_TRUE(read_tolerant(raw).findings.has(kUnknownState)) << other;
      EXPECT_FALSE(read_strict(raw).ok) << other;
    }
  }
  const std::string german = replaced(std::string(kTd3Specimen), "36UTO", "36D<<");
  EXPECT_FALSE(read_tolerant(german).findings.has(kUnknownState));
}

TEST(Codes, SizeDecidesBeforeTheLetter) {
  const Reading wide = read_tolerant(replaced(std::string(kTd3Specimen), "P<", "I<"));
  EXPECT_EQ(wide.format, Format::kTd3);
  EXPECT_TRUE(wide.ok);
  EXPECT_TRUE(wide.findings.has(kDocumentCodeForSize));
  const Reading small = read_tolerant(replaced(std::string(kTd2Specimen), "I<", "P<"));
  EXPECT_EQ(small.format, Format::kTd2);
  EXPECT_FALSE(small.findings.has(kDocumentCodeForSize));
}

TEST(Codes, HarmonisedPassportLettersPassWithoutANote) {
  for (char letter : std::string_view("PEDORTSLM<")) {
    const Reading reading = read_tolerant(with_cell(kTd3Specimen, 1, 2, letter));
    EXPECT_FALSE(reading.findings.has(kUnregisteredDocumentCode)) << letter;
  }
  EXPECT_TRUE(read_tolerant(with_cell(kTd3Specimen, 1, 2, 'U')).findings.has(kDocumentCodeForSize));
}

TEST(Codes, APassportWithoutAHarmonisedCodeExpiresBefore2038) {
  const auto with = [](const char* code, const char* expiry) {
    const std::string zone =
        replaced(replaced(std::string(kTd3Specimen), "P<", code), "120415", expiry);
    return read_tolerant(zone).findings.has(kUnharmonisedDocumentCode);
  };
  EXPECT_FALSE(with("P<", "371231"));
  EXPECT_TRUE(with("P<", "380101"));
  EXPECT_TRUE(with("PN", "380101"));
  EXPECT_FALSE(with("PP", "380101"));
  EXPECT_FALSE(with("I<", "380101"));
}

TEST(Codes, TheTimelineIsNotedByTheYearThatHasBegun) {
  struct Case {
    const char* code;
    const char* expiry;
    const char* today;
    std::optional<FindingCode> note;
    const char* year;
  };
  const std::vector<Case> cases{{"PN", "300101", "2025-12-31", kUnregisteredDocumentCode, ""},
                                {"PN", "300101", "2026-01-01", kUnregisteredDocumentCode, "2026"},
                                {"P<", "300101", "2027-12-31", std::nullopt, ""},
                                {"P<", "300101", "2028-01-01", kUnharmonisedDocumentCode, "2028"},
                                {"P<", "380101", "2028-01-01", kUnharmonisedDocumentCode, "2038"},
                                {"PN", "380101", "2026-01-01", kUnharmonisedDocumentCode, "2038"},
                                {"PP", "380101", "2030-01-01", std::nullopt, ""}};
  for (const Case& test : cases) {
    const std::string zone =
        replaced(replaced(std::string(kTd3Specimen), "P<", test.code), "120415", test.expiry);
    const Reading reading = read(zone, {*base::parse_iso_date(test.today), false});
    for (const auto code : {kUnregisteredDocumentCode, kUnharmonisedDocumentCode}) {
      if (test.note == code) {
        ASSERT_TRUE(find(reading, code).has_value()) << test.code << test.today;
        EXPECT_EQ(find(reading, code)->expected, test.year) << test.code << test.today;
        EXPECT_EQ(find(reading, code)->severity, Severity::kInfo);
      } else if (!test.note) {
        EXPECT_FALSE(reading.findings.has(code)) << test.code << test.today;
      }
    }
  }
}

TEST(Codes, AiIsForbiddenOnTd1AndAcIsNot) {
  EXPECT_TRUE(read_tolerant(replaced(std::string(kTd1Specimen), "I<", "AI"))
                  .findings.has(kForbiddenDocumentCode));
  EXPECT_FALSE(read_tolerant(replaced(std::string(kTd1Specimen), "I<", "AC"))
                   .findings.has(kForbiddenDocumentCode));
}

TEST(Codes, StatelessAndAliensHaveNoNationalityOfTheIssuer) {
  const std::string alien =
      replaced(replaced(std::string(kTd3Specimen), "P<", "PT"), "36UTO", "36USA");
  EXPECT_FALSE(read_tolerant(alien).findings.has(kNationalityDiffers));
  const std::string stateless = replaced(std::string(kTd3Specimen), "36UTO", "36XXA");
  EXPECT_FALSE(read_tolerant(stateless).findings.has(kNationalityDiffers));
}

TEST(Codes, BlindPairsAreListedBothWays) {
  const Reading g = read_tolerant(replaced(std::string(kTd3Specimen), "L898902C3", "AB12345G7"));
  ASSERT_TRUE(find(g, kBlindPair).has_value());
  EXPECT_EQ(find(g, kBlindPair)->expected, "6");
  EXPECT_EQ(find(g, kBlindPair)->column, 8);
  const Reading l = read_tolerant(replaced(std::string(kTd3Specimen), "L898902C3", "AB12L4567"));
  ASSERT_TRUE(find(l, kBlindPair).has_value());
  EXPECT_EQ(find(l, kBlindPair)->expected, "1");
}

TEST(Codes, KAndFillersAtTheEndsOfANumberCannotBeToldApart) {
  struct Case {
    const char* line;
    unsigned column;  // 0: nothing to tell
    const char* expected;
  };
  for (const Case& test : {Case{"12345678K8UTO7408122F3404159<<<<<<<<<<<<<<<0", 9, "<"},
                           Case{"12345KKK<9UTO7408122F3404159<<<<<<<<<<<<<<<8", 6, "<"},
                           Case{"<123456784UTO7408122F3404159<<<<<<<<<<<<<<<8", 1, "K"},
                           Case{"K2345678<1UTO7408122F3404159<<<<<<<<<<<<<<<4", 0, ""}}) {
    const Reading reading = read_tolerant(kLine1 + "\n" + test.line);
    EXPECT_TRUE(reading.ok) << test.line;
    const auto pair = find(reading, kBlindPair);
    ASSERT_EQ(pair.has_value(), test.column != 0) << test.line;
    if (!pair) continue;
    EXPECT_EQ(pair->column, test.column) << test.line;
    EXPECT_EQ(pair->expected, test.expected) << test.line;
  }
}

// The list of findings.

TEST(FindingList, SaysWhenItIsFull) {
  Findings findings;
  Finding info;
  info.code = kExpired;
  for (std::size_t i = 0; i < Findings::kMax; ++i) findings.add(info);
  EXPECT_FALSE(findings.has(kTooManyFindings));
  Finding error;
  error.severity = Severity::kError;
  findings.add(error);
  findings.add(info);
  EXPECT_EQ(findings.size(), Findings::kMax);
  EXPECT_TRUE(findings.has(kTooManyFindings));
  EXPECT_TRUE(findings.has_error());
}

TEST(FindingList, NeverQuotesMoreThanACodeOrACell) {
  // Personal text must not leave through findings: three cells at most, or a named character.
  for (const auto& row : rows_of("cases.jsonl")) {
    if (is_name_line(row)) continue;
    const Reading reading = read_tolerant(raw_of(row));
    for (const Finding& finding : reading.findings) {
      EXPECT_LE(finding.found.size(), 3u) << name_of(finding.code);
    }
  }
}

}  // namespace
}  // namespace paxid::mrz
