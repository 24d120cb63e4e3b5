#include "mrz/aamva.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace paxid::mrz {
namespace {

using enum LicenceFindingCode;

const base::Date kToday = *base::parse_iso_date("2024-06-01");

// The elements of the example of CDS 2020 Annex D.
const std::string kVersion10 =
    "@\n\x1e\rANSI 636000100102DL00410278ZV03190008DLDAQT64235789\nDCSSAMPLE\nDDEN\nDACMICHAEL\n"
    "DDFN\nDADJOHN\nDDGN\nDCUJR\nDCAD\nDCBK\nDCDPH\nDBD06062019\nDBB06061986\nDBA12102024\nDBC1\n"
    "DAU068 in\nDAYBRO\nDAG2300 WEST BROAD STREET\nDAIRICHMOND\nDAJVA\nDAK232690000  \n"
    "DCF2424244747474786102204\nDCGUSA\nDCK123456789\nDDAF\nDDB06062018\nDDC06062020\nDDD1\r"
    "ZVZVA01\r";

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  return text.replace(text.find(from), from.size(), to);
}

bool has(const Licence& licence, LicenceFindingCode code, std::string_view element = {}) {
  for (const LicenceFinding& finding : licence.findings) {
    if (finding == LicenceFinding{code, std::string(element)}) return true;
  }
  return false;
}

TEST(Aamva, ReadsTheExampleOfTheStandard) {
  ASSERT_TRUE(is_licence_text(kVersion10));
  const Licence licence = read_licence(kVersion10, kToday);
  EXPECT_TRUE(licence.ok);
  EXPECT_TRUE(licence.findings.empty());
  EXPECT_EQ(licence.issuer, "636000");
  EXPECT_EQ(licence.version, 10);
  EXPECT_EQ(licence.document, "DL");
  EXPECT_EQ(licence.surname, "SAMPLE");
  EXPECT_EQ(licence.given_names, "MICHAEL JOHN");
  EXPECT_EQ(licence.suffix, "JR");
  EXPECT_FALSE(licence.maybe_truncated);
  EXPECT_EQ(licence.number, "T64235789");
  EXPECT_EQ(licence.birth_date, base::parse_iso_date("1986-06-06"));
  EXPECT_EQ(licence.expiry_date, base::parse_iso_date("2024-12-10"));
  EXPECT_EQ(licence.sex, 'M');
  EXPECT_EQ(licence.country, "USA");
  EXPECT_EQ(licence.region, "VA");
}

TEST(Aamva, ReadsVersionOne) {
  const Licence licence = read_licence(
      "@\n\x1e\rANSI 6360050101DL00300201DLDAQ102245737\nDAASAMPLE,DRIVER,CREDENTIAL,\n"
      "DAJSC\nDBA20290928\nDBB19780928\nDBC2\r",
      kToday);
  EXPECT_TRUE(licence.ok);
  EXPECT_TRUE(licence.findings.empty());
  EXPECT_EQ(licence.version, 1);
  EXPECT_EQ(licence.surname, "SAMPLE");
  EXPECT_EQ(licence.given_names, "DRIVER CREDENTIAL");
  EXPECT_EQ(licence.birth_date, base::parse_iso_date("1978-09-28"));
  EXPECT_EQ(licence.sex, 'F');
}

TEST(Aamva, ReadsGivenNamesOfVersionsTwoAndThree) {
  std::string text = replaced(kVersion10, "636000100102", "636000030102");
  text = replaced(replaced(text, "DACMICHAEL", "DCTMICHAEL,JOHN"), "DADJOHN\n", "");
  const Licence licence = read_licence(text, kToday);
  EXPECT_TRUE(licence.ok);
  EXPECT_EQ(licence.given_names, "MICHAEL JOHN");
}

TEST(Aamva, CanadaPutsTheYearFirst) {
  std::string text = replaced(kVersion10, "DCGUSA", "DCGCAN");
  text = replaced(replaced(text, "DBB06061986", "DBB19860606"), "DBA12102024", "DBA20241210");
  const Licence canadian = read_licence(text, kToday);
  EXPECT_TRUE(canadian.findings.empty());
  EXPECT_EQ(canadian.birth_date, base::parse_iso_date("1986-06-06"));
  const Licence mixed = read_licence(replaced(text, "DCGCAN", "DCGUSA"), kToday);
  EXPECT_TRUE(mixed.ok);
  EXPECT_TRUE(has(mixed, kDateOrder, "DBB"));
  EXPECT_EQ(mixed.birth_date, canadian.birth_date);
}

TEST(Aamva, SaysWhatIsWrong) {
  struct Case {
    const char* from;
    const char* to;
    LicenceFindingCode code;
    const char* element;
    bool ok;
  };
  const std::vector<Case> cases{
      {"DBB06061986", "DBB02301986", kInvalidDate, "DBB", false},
      {"DBB06061986", "DBB0606198", kInvalidDate, "DBB", false},
      {"DBB06061986\n", "", kMissing, "DBB", false},
      {"DAQT64235789", "DAQ", kMissing, "DAQ", false},
      {"DCSSAMPLE\n", "DCSSAMPLE\nDCSOTHER\n", kRepeatedElement, "DCS", false},
      {"DLDAQ", "XXDAQ", kNoSubfile, "", false},
      {"DBC1", "DBC7", kInvalidSex, "DBC", true},
      {"DDEN", "DDET", kNameCut, "DDE", true},
      {"DDFN", "DDFU", kNameMayBeCut, "DDF", true},
      {"DADJOHN", "DADNONE", kPlaceholder, "DAD", true},
      {"DCGUSA", "DCGMEX", kUnknownCountry, "DCG", true},
      {"636000100102", "636000110102", kUnknownVersion, "", true},
      {"DBA12102024", "DBA12102020", kExpired, "DBA", true},
      {"@\n\x1e\r", "@\n\r", kHeaderDamaged, "", true}};
  for (const Case& test : cases) {
    const Licence licence = read_licence(replaced(kVersion10, test.from, test.to), kToday);
    EXPECT_TRUE(has(licence, test.code, test.element)) << test.to;
    EXPECT_EQ(licence.ok, test.ok) << test.to;
  }
  EXPECT_TRUE(read_licence(replaced(kVersion10, "DDEN", "DDET"), kToday).maybe_truncated);
  EXPECT_EQ(read_licence(replaced(kVersion10, "DADJOHN", "DADNONE"), kToday).given_names,
            "MICHAEL");
}

TEST(Aamva, BytesThatAreNoUtf8AreLatin1) {
  const Licence licence = read_licence(replaced(kVersion10, "SAMPLE", "C\xD4T\xC9"), kToday);
  EXPECT_EQ(licence.surname, "CÔTÉ");
}

TEST(Aamva, AZoneIsNoLicence) {
  EXPECT_FALSE(is_licence_text("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"));
  EXPECT_FALSE(is_licence_text("IDANSI 636000"));
  EXPECT_FALSE(is_licence_text(""));
}

TEST(Aamva, AnyBytesGetAnAnswer) {
  for (std::size_t size = 0; size <= kVersion10.size(); ++size) {
    const Licence licence = read_licence(kVersion10.substr(0, size), kToday);
    EXPECT_EQ(licence.ok && licence.number.empty(), false);
  }
  std::mt19937 random(7);
  for (int i = 0; i < 20000; ++i) {
    std::string text = kVersion10;
    for (int k = 0; k < 6; ++k) text[random() % text.size()] = static_cast<char>(random() % 256);
    const Licence licence = read_licence(text, kToday);
    if (!licence.ok) {
      EXPECT_FALSE(licence.findings.empty());
    }
  }
  EXPECT_TRUE(has(read_licence(std::string(kMaxLicenceBytes + 1, 'A'), kToday), kTooLong));
}

}  // namespace
}  // namespace paxid::mrz
