#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>
#include <string>

#include "bcbp/boarding_pass.h"
#include "bcbp/text.h"
#include "tests/bcbp/case_file.h"

namespace paxid::bcbp {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

constexpr base::Date kToday{2026y / 11 / 22};

base::Date reference_of(const json& row) {
  std::string text = row.value("ref_date", row["expected"].value("ref_date", ""));
  if (text.size() == 4) text += "-12-31";
  return base::parse_iso_date(text).value_or(kToday);
}

Reading read_row(const json& row, const std::string& raw, bool strict) {
  return read(raw, {.reference_date = reference_of(row), .strict = strict});
}

std::string verdict_of(const json& row) {
  const json& expected = row["expected"];
  return expected.value("verdict", expected.value("lenient", ""));
}

bool is_readable(const json& row) { return verdict_of(row).starts_with("accept"); }

class BoardingPassCases : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { rows_ = load_cases("boarding_pass_cases.jsonl"); }
  static std::vector<json> rows_;
};
std::vector<json> BoardingPassCases::rows_;

TEST_F(BoardingPassCases, AreReadOrRefused) {
  int read_rows = 0;
  for (const json& row : rows_) {
    const std::string verdict = verdict_of(row);
    if (verdict == "reject_or_review") continue;
    const std::string raw = row["raw"];
    EXPECT_EQ(read_row(row, raw, false).ok, verdict != "reject") << row["id"];
    ++read_rows;
  }
  EXPECT_GT(read_rows, 200);
}

TEST_F(BoardingPassCases, StrictReadingRefusesWhatDeparts) {
  // The check-in sequence of five digits is printed for infants; the row's source knows four.
  static const std::set<std::string> kOurReading{"up-059"};
  for (const json& row : rows_) {
    const std::string raw = row["raw"];
    const bool ok = read_row(row, raw, true).ok;
    if (row["expected"].contains("strict")) {
      EXPECT_EQ(ok, row["expected"]["strict"] != "reject") << row["id"];
    }
    if (row["valid"].is_boolean() && !kOurReading.contains(row["id"]) &&
        row["expected"].value("warnings", json::array()) != json{"name_no_slash"}) {
      EXPECT_EQ(ok, row["valid"].get<bool>()) << row["id"];
    }
  }
}

std::string text_or_empty(const Field& field) { return field ? std::string(trim(*field)) : ""; }

template <class Part, class Specs>
void expect_fields(const json& id, const Part& part, const Specs& specs, const json& expected) {
  for (const ItemSpec& spec : specs) {
    const std::string key(spec.key);
    if (!expected.contains(key) || !expected[key].is_string()) continue;
    EXPECT_EQ(text_or_empty(part.field(spec.item)), trim(expected[key].get<std::string>()))
        << id << " " << key;
  }
}

TEST_F(BoardingPassCases, FieldsAreWhatThePassPrints) {
  // Rows whose masking moved the airline code out of the raw text.
  static const std::set<std::string> kMaskedCode{"up-198", "up-199"};
  for (const json& row : rows_) {
    if (!is_readable(row) || kMaskedCode.contains(row["id"])) continue;
    const std::string raw = row["raw"];
    const Reading reading = read_row(row, raw, false);
    const json& expected = row["expected"];
    expect_fields(row["id"], reading.pass, kMandatoryUniqueItems, expected);
    expect_fields(row["id"], reading.pass, kUniqueItems, expected);
    if (expected.contains("version")) {
      EXPECT_EQ(reading.pass.text(Item::kVersionNumber), expected["version"]) << row["id"];
    }
    if (expected.contains("sec_data")) {
      EXPECT_EQ(reading.pass.security.data, expected["sec_data"].get<std::string>()) << row["id"];
    }
    if (expected.contains("surname") && expected["surname"].is_string()) {
      EXPECT_EQ(reading.surname(), expected["surname"]) << row["id"];
    }
    const json legs = expected.value("leg", json::array());
    for (std::size_t i = 0; i < legs.size(); ++i) {
      ASSERT_LT(i, reading.pass.legs.size()) << row["id"];
      const Leg& leg = reading.pass.legs[i];
      expect_fields(row["id"], leg, kMandatoryRepeatedItems, legs[i]);
      expect_fields(row["id"], leg, kRepeatedItems, legs[i]);
      if (!legs[i].contains("airline_use")) continue;
      EXPECT_EQ(leg.text(Item::kAirlineUse), trim(legs[i]["airline_use"].get<std::string>()))
          << row["id"];
    }
  }
}

TEST_F(BoardingPassCases, DatesOfFlightAndIssueAreResolved) {
  int dated = 0;
  for (const json& row : rows_) {
    const std::string raw = row["raw"];
    const Reading reading = read_row(row, raw, false);
    const json& expected = row["expected"];
    if (expected.contains("flight_date")) {
      ASSERT_TRUE(reading.pass.legs[0].flight_date) << row["id"];
      EXPECT_EQ(base::to_iso(*reading.pass.legs[0].flight_date), expected["flight_date"])
          << row["id"];
      ++dated;
    }
    if (expected.contains("issue_date_resolved")) {
      ASSERT_TRUE(reading.pass.issue_date) << row["id"];
      EXPECT_EQ(base::to_iso(*reading.pass.issue_date), expected["issue_date_resolved"])
          << row["id"];
    }
  }
  EXPECT_GE(dated, 4);
}

// The rows name a deviation by field ("leg1.seat"), by field alone ("issuer") or by kind.
TEST_F(BoardingPassCases, EveryExpectedDeviationHasAFinding) {
  static const std::map<std::string, FindingCode> kKinds{
      {"size_overrun", FindingCode::kSizeOverrun},
      {"trailing_data", FindingCode::kTrailingData},
      {"no_version_marker", FindingCode::kNoVersionMarker},
      {"version_unknown", FindingCode::kVersionUnknown},
      {"lowercase_hex", FindingCode::kLowercaseHex},
      {"aim_prefix", FindingCode::kScannerPrefix},
      {"trailing_line_end", FindingCode::kLineEnd},
      {"name_no_slash", FindingCode::kNameWithoutSlash},
      {"mandatory_truncated", FindingCode::kMandatoryTruncated},
      {"zero_size_with_conditional", FindingCode::kConditionalBehindZeroSize},
      {"field_split", FindingCode::kFieldSplit},
      {"extra_in_section", FindingCode::kExtraInSection},
      {"unframed_security_data", FindingCode::kUnframedSecurityData},
      {"eticket_indicator", FindingCode::kTicketIndicator},
      {"same_airport", FindingCode::kSameAirport},
      {"serial_zero", FindingCode::kSerialZero},
      {"date_impossible", FindingCode::kDateImpossible},
      {"leg1.status_reserved", FindingCode::kReservedValue},
  };
  const auto item_of = [](std::string key) {
    key = key.substr(key.find('.') == std::string::npos ? 0 : key.find('.') + 1);
    if (key == "name") return Item::kPassengerName;
    const auto find_in = [&](const auto& specs) {
      for (const ItemSpec& spec : specs) {
        if (spec.key == key) return spec.item;
      }
      return Item::kNone;
    };
    Item item = find_in(kMandatoryRepeatedItems);
    if (item == Item::kNone) item = find_in(kRepeatedItems);
    if (item == Item::kNone) item = find_in(kUniqueItems);
    return item;
  };
  int checked = 0;
  for (const json& row : rows_) {
    if (!is_readable(row)) continue;
    const std::string raw = row["raw"];
    const Reading reading = read_row(row, raw, false);
    for (const std::string warning : row["expected"].value("warnings", json::array())) {
      const auto kind = kKinds.find(warning.substr(0, warning.find(':')));
      if (kind != kKinds.end()) {
        const bool missing =
            kind->first == "size_overrun" && reading.has(FindingCode::kSectionSizeMissing);
        EXPECT_TRUE(reading.has(kind->second) || missing) << row["id"] << " " << warning;
      } else {
        const Item item = item_of(warning);
        ASSERT_NE(item, Item::kNone) << warning;
        EXPECT_TRUE(std::any_of(reading.findings.begin(), reading.findings.end(),
                                [&](const Finding& finding) { return finding.item == item; }))
            << row["id"] << " " << warning;
      }
      ++checked;
    }
  }
  EXPECT_GT(checked, 100);
}

TEST_F(BoardingPassCases, ConformingPassesHaveNoWarning) {
  for (const json& row : rows_) {
    if (verdict_of(row) != "accept") continue;
    const std::string raw = row["raw"];
    for (const Finding& finding : read_row(row, raw, false).findings) {
      EXPECT_EQ(finding.severity, Severity::kNote) << row["id"] << " " << name_of(finding.code);
    }
  }
}

TEST_F(BoardingPassCases, EveryReadablePassIsWrittenBackByteForByte) {
  for (const json& row : rows_) {
    if (!is_readable(row)) continue;
    const std::string raw = row["raw"];
    EXPECT_EQ(write(read_row(row, raw, false).pass), raw) << row["id"];
  }
}

TEST_F(BoardingPassCases, SignaturesVerifyAsLabelled) {
  int verified = 0;
  for (const json& row : rows_) {
    if (!row["expected"].contains("signature")) continue;
    const json& signature = row["expected"]["signature"];
    const auto key = PublicKey::from_pem(signature["pubkey_pem"].get<std::string>());
    ASSERT_TRUE(key) << row["id"];
    const std::string raw = row["raw"];
    const Reading reading = read(raw, {.reference_date = kToday, .public_key = &*key});
    EXPECT_EQ(reading.signature == SignatureState::kValid, signature["verify"].get<bool>())
        << row["id"] << " " << name_of(reading.signature);
    verified += reading.signature == SignatureState::kValid;
  }
  EXPECT_GE(verified, 2);
}

// A reading of a damaged pass may say anything but must stay within the bytes, say why it
// refuses, and lose nothing that it accepts.
void expect_sound(const std::string& raw, const json& id) {
  const Reading reading = read(raw, {.reference_date = kToday});
  bool error = false;
  for (const Finding& finding : reading.findings) {
    EXPECT_LE(finding.offset, raw.size()) << id;
    error |= finding.severity == Severity::kError;
  }
  EXPECT_EQ(reading.ok, !error) << id;
  if (reading.ok) {
    EXPECT_EQ(write(reading.pass), raw) << id;
    const auto names = reading.name_candidates();
    EXPECT_LE(names.size(), kMaxNameCandidates);
  }
}

TEST_F(BoardingPassCases, EveryTruncationIsSound) {
  for (const json& row : rows_) {
    const std::string raw = row["raw"];
    for (std::size_t length = 0; length < raw.size(); ++length) {
      expect_sound(raw.substr(0, length), row["id"]);
    }
  }
}

// One of each class that a rule looks at, and the borders of the printable range; with
// PAXID_ALL_BYTES set, every byte there is.
std::string mutations() {
  if (std::getenv("PAXID_ALL_BYTES") == nullptr) {
    return std::string("\0\x1F 0179AFGMZ^>/~\x7F\xFF", 18);
  }
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
  return bytes;
}

TEST_F(BoardingPassCases, EveryOneByteMutationIsSound) {
  const std::string bytes = mutations();
  for (const json& row : rows_) {
    const std::string raw = row["raw"];
    for (std::size_t i = 0; i < raw.size(); ++i) {
      for (const char byte : bytes) {
        std::string mutated = raw;
        mutated[i] = byte;
        expect_sound(mutated, row["id"]);
      }
    }
  }
}

}  // namespace
}  // namespace paxid::bcbp
