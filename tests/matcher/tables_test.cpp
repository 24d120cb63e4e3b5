#include "matcher/tables.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "matcher/compare.h"
#include "matcher/hash_index.h"
#include "matcher/letters.h"
#include "matcher/name_hash.h"

namespace paxid::matcher {
namespace {

using Row = std::vector<std::string>;

std::vector<Row> rows_of(const std::string& file) {
  std::ifstream in(std::string(PAXID_TEST_DATA) + "/../../matcher/data/" + file);
  std::vector<Row> rows;
  std::string line;
  std::getline(in, line);  // the header
  while (std::getline(in, line)) {
    std::istringstream columns(line);
    Row row;
    for (std::string cell; std::getline(columns, cell, '\t');) row.push_back(cell);
    rows.push_back(row);
  }
  return rows;
}

// Letters that no rule begins or ends with, to stand around a rule.
std::string around(const std::string& middle, Where where) {
  const bool before = where == Where::kAny || where == Where::kEnd;
  const bool after = where == Where::kAny || where == Where::kStart;
  return (before ? "BQ" : "") + middle + (after ? "QB" : "");
}

constexpr double kRounding = 1e-5;  // the distance adds floats

// A rule of all languages is read in one that has none of its own.
std::string language_of(const VariantRule& rule) {
  return std::string(rule.scope == "ALL" ? "xx" : rule.scope);
}

// Exactly for its cost: a row that other rows undercut would say nothing.
TEST(VariantRules, EachJoinsItsTwoTextsBothWaysForItsCost) {
  ASSERT_GT(variant_rules().size(), 400U);
  for (const VariantRule& rule : variant_rules()) {
    const std::string language = language_of(rule);
    const std::string x = around(std::string(rule.a), rule.where);
    const std::string y = around(std::string(rule.b), rule.where);
    EXPECT_NEAR(variant_distance(x, y, language), rule.cost, kRounding)
        << rule.scope << ' ' << rule.a << ' ' << rule.b;
    EXPECT_EQ(variant_distance(x, y, language), variant_distance(y, x, language));
    // Nobody's habits make it dearer, never free.
    EXPECT_GE(variant_distance(x, y, "xx"), variant_distance(x, y, language) - kRounding);
    EXPECT_GT(rule.cost, 0);
  }
}

TEST(VariantRules, OfStartAndEndHoldNowhereElse) {
  std::size_t placed = 0;
  for (const VariantRule& rule : variant_rules()) {
    if (rule.where == Where::kAny) continue;
    ++placed;
    const std::string language = language_of(rule);
    const auto moved = [&](const char* before, const char* after) {
      return variant_distance(before + std::string(rule.a) + after,
                              before + std::string(rule.b) + after, language);
    };
    if (rule.where != Where::kStart) {
      EXPECT_GT(moved("", "QB"), rule.cost + kRounding) << rule.scope << ' ' << rule.a;
    }
    if (rule.where != Where::kEnd) {
      EXPECT_GT(moved("BQ", ""), rule.cost + kRounding) << rule.scope << ' ' << rule.a;
    }
    EXPECT_GT(moved("BQ", "QB"), rule.cost + kRounding) << rule.scope << ' ' << rule.a;
  }
  EXPECT_GT(placed, 50U);
}

TEST(Nicknames, EachRowJoinsEveryNameWithEveryShortForm) {
  const auto rows = rows_of("nicknames.tsv");
  ASSERT_GT(rows.size(), 1000U);
  for (const Row& row : rows) {
    ASSERT_EQ(row.size(), 2U);
    std::istringstream names(row[0]);
    for (std::string name; names >> name;) {
      std::istringstream shorts(row[1]);
      for (std::string one; shorts >> one;) {
        const auto x = hash_of_name(name);
        const auto y = hash_of_name(one);
        EXPECT_TRUE(is_nickname_pair(x, y) && is_nickname_pair(y, x)) << name << ' ' << one;
        EXPECT_TRUE(look_up(x).has_short_forms) << name;
        EXPECT_TRUE(look_up(y).has_short_forms) << one;
      }
    }
  }
  EXPECT_FALSE(is_nickname_pair(hash_of_name("ROBERT"), hash_of_name("WILLIAM")));
  EXPECT_FALSE(is_nickname_pair(hash_of_name("BOB"), hash_of_name("BILL")));
}

TEST(Lexicon, FindsEachRowAsItStands) {
  const auto rows = rows_of("lexicon.tsv");
  ASSERT_GT(rows.size(), 300000U);
  constexpr int kRarestOfASex = 17;  // the few bearers of a rarer one make it nobody's
  for (const Row& row : rows) {
    const Attestation found = look_up(hash_of_name(row[0]));
    ASSERT_EQ(found.level, std::stoi(row[4])) << row[0];
    ASSERT_EQ(found.given_bits, std::min(31, std::stoi(row[1]))) << row[0];
    ASSERT_EQ(found.surname_bits, std::min(31, std::stoi(row[2]))) << row[0];
    const char* sex = found.male ? (found.female ? "b" : "m") : found.female ? "f" : "-";
    const bool sexed = found.given_bits != 0 && found.given_bits <= kRarestOfASex;
    ASSERT_EQ(sexed ? row[3] : "-", sex) << row[0];
  }
  EXPECT_EQ(look_up(hash_of_name("QQXQZ")).level, 0);
}

// Usual pet forms by language (BCP 47), of which a language that the table knows has all.
struct PetForms {
  const char* language;
  std::vector<std::pair<const char*, const char*>> pairs;
};
const std::vector<PetForms>& pet_forms() {
  static const std::vector<PetForms> all = {
      {"ar", {{"MUHAMMAD", "HAMADA"}, {"IBRAHIM", "BRAHIM"}, {"ABDULLAH", "ABDO"}}},
      {"bg", {{"GEORGI", "GOSHO"}, {"DIMITAR", "MITKO"}, {"PETAR", "PESHO"}, {"HRISTO", "ITSO"}}},
      {"cs", {{"JOSEF", "PEPA"}, {"JAN", "HONZA"}, {"JIRI", "JIRKA"}, {"KATERINA", "KACA"}}},
      {"da", {{"CHRISTIAN", "CHRIS"}, {"ANDERS", "ANDY"}}},
      {"de", {{"JOHANNES", "HANNES"}, {"FRIEDRICH", "FRITZ"}, {"JOSEF", "SEPP"}}},
      {"el", {{"DIMITRIOS", "MITSOS"}, {"GEORGIOS", "GIORGOS"}, {"KONSTANTINOS", "KOSTAS"}}},
      {"en", {{"ROBERT", "BOB"}, {"WILLIAM", "BILL"}, {"ELIZABETH", "LIZ"}, {"MARGARET", "PEGGY"}}},
      {"es", {{"FRANCISCO", "PACO"}, {"JOSE", "PEPE"}, {"IGNACIO", "NACHO"}, {"DOLORES", "LOLA"}}},
      {"fi", {{"JOHANNES", "JUSSI"}, {"KATARIINA", "KATI"}}},
      {"fr", {{"ALEXANDRE", "ALEX"}, {"MADELEINE", "MADO"}}},
      {"ga", {{"PADRAIG", "PADDY"}, {"DIARMUID", "DERRY"}}},
      {"he", {{"YITZHAK", "ITZIK"}, {"YOSEF", "YOSSI"}, {"ZEEV", "VELVEL"}}},
      {"hr", {{"STJEPAN", "STIPE"}, {"TOMISLAV", "TOMO"}, {"ANTE", "TONCI"}, {"JOSIP", "JOZO"}}},
      {"hu", {{"ZOLTAN", "ZOLI"}, {"KATALIN", "KATI"}, {"ISTVAN", "PISTA"}}},
      {"hy",
       {{"GEVORG", "GEVO"}, {"HOVHANNES", "HOVO"}, {"HARUTYUN", "HARUT"}, {"TIGRAN", "TIKO"}}},
      {"it", {{"GIUSEPPE", "PEPPE"}, {"FRANCESCO", "CICCIO"}, {"GIOVANNI", "GIANNI"}}},
      {"ka",
       {{"GIORGI", "GOGI"}, {"DAVIT", "DATO"}, {"ALEKSANDRE", "SANDRO"}, {"KETEVAN", "KETI"}}},
      {"nl", {{"JOHANNES", "JAN"}, {"WILLEM", "WIM"}, {"CORNELIS", "KEES"}}},
      {"no", {{"KRISTIAN", "KRIS"}, {"OLAV", "OLA"}}},
      {"pl", {{"ALEKSANDER", "OLEK"}, {"ZBIGNIEW", "ZBYSZEK"}, {"KATARZYNA", "KASIA"}}},
      {"pt", {{"FRANCISCO", "CHICO"}, {"ANTONIO", "TONINHO"}, {"JOSE", "ZE"}}},
      {"ro", {{"GHEORGHE", "GHITA"}, {"CONSTANTIN", "COSTEL"}}},
      {"ru", {{"ALEKSANDR", "SASHA"}, {"YEKATERINA", "KATYA"}, {"MIKHAIL", "MISHA"}}},
      {"sk", {{"JOZEF", "JOZO"}, {"FRANTISEK", "FERO"}, {"LADISLAV", "LACO"}, {"PAVOL", "PALO"}}},
      {"sr", {{"ALEKSANDAR", "SASA"}, {"ZIVORAD", "ZIKA"}, {"ZORAN", "ZOKI"}}},
      {"sv", {{"KARL", "KALLE"}, {"SVEN", "SVENNE"}, {"KARIN", "KAJSA"}}},
      {"tr", {{"ZEYNEP", "ZEYNO"}, {"MEHMET", "MEMO"}, {"MUSTAFA", "MUSTI"}}},
      {"uk", {{"OLEKSANDR", "SASHKO"}, {"YEHOR", "YEGORKA"}}},
  };
  return all;
}

TEST(Nicknames, KnowThePetFormsOfManyLanguages) {
  EXPECT_GE(pet_forms().size(), 20U);
  for (const auto& [language, pairs] : pet_forms()) {
    for (const auto& [name, pet] : pairs) {
      EXPECT_TRUE(is_nickname_pair(hash_of_name(name), hash_of_name(pet)))
          << language << ' ' << name << ' ' << pet;
    }
  }
}

TEST(HashIndex, FindsWhatASearchOfTheWholeTableFinds) {
  std::vector<std::uint64_t> sorted;
  for (std::uint64_t i = 0; i < 5000; ++i) sorted.push_back(hash_of_name(std::to_string(i)));
  std::sort(sorted.begin(), sorted.end());
  const HashIndex<6> index(sorted);
  for (std::uint64_t i = 0; i < 10000; ++i) {
    const std::uint64_t hash = hash_of_name(std::to_string(i));
    const auto around = index.around(hash);
    EXPECT_EQ(std::binary_search(around.begin(), around.end(), hash), i < 5000) << i;
    for (const std::uint64_t other : around) EXPECT_EQ(other >> 58, hash >> 58);
  }
  EXPECT_TRUE(HashIndex<6>({}).around(~0ULL).empty());
}

TEST(Vocabulary, GivesEachWordItsClass) {
  const auto rows = rows_of("vocabulary.tsv");
  const std::vector<std::string> classes = {
      "name",     "title",  "suffix",           "honorific",        "placeholder",
      "particle", "prefix", "particle_or_name", "honorific_or_name"};
  for (const Row& row : rows) {
    const auto at = std::find(classes.begin(), classes.end(), row[1]);
    ASSERT_NE(at, classes.end());
    EXPECT_EQ(static_cast<std::size_t>(class_of(row[0])),
              static_cast<std::size_t>(at - classes.begin()))
        << row[0];
    EXPECT_EQ(class_of(row[0], hash_of_name(row[0])), class_of(row[0])) << row[0];
  }
  for (const Row& row : rows_of("nicknames.tsv")) {
    const std::string name = row[0].substr(0, row[0].find(' '));
    EXPECT_EQ(class_of(name, hash_of_name(name)), class_of(name)) << name;
  }
  EXPECT_EQ(class_of("ROSSI"), WordClass::kName);
}

TEST(Weights, NoLikenessIsWorthMoreThanEqualLetters) {
  const auto bits = [](const std::string& a, const std::string& b) {
    NameText x;
    NameText y;
    x.full = a;
    y.full = b;
    return compare(prepare(x), prepare(y)).log_odds;
  };
  for (const std::string other : {"MARIP", "MARIOO", "MARIUS", "MARIA", "MAIRO", "M", "MAR"}) {
    EXPECT_LT(bits("MARIO", other), bits("MARIO", "MARIO")) << other;
  }
}

TEST(Weights, EachReasonHasARowOfItsOwn) {
  for (const Row& row : rows_of("weights.tsv")) {
    bool known = false;
    for (int i = 0; i <= static_cast<int>(ReasonCode::kTooLong); ++i) {
      const auto code = static_cast<ReasonCode>(i);
      if (row[0] != name_of(code)) continue;
      known = true;
      for (std::size_t k = 0; k < kFeatures; ++k) {
        EXPECT_NEAR(weights_of(code)[k], std::stod(row[k + 1]), 1e-9) << row[0] << ' ' << k;
      }
    }
    EXPECT_TRUE(known) << row[0];
  }
}

TEST(Calibration, HasEachRowAsItStands) {
  std::map<std::string, std::size_t> seen;
  for (const Row& row : rows_of("calibration.tsv")) {
    const auto points = calibration_of(row[0]);
    const std::size_t at = seen[row[0]]++;
    ASSERT_LT(at, points.size()) << row[0];
    EXPECT_NEAR(points[at].log_odds, std::stod(row[1]), 1e-9);
    EXPECT_NEAR(points[at].calibrated, std::stod(row[2]), 1e-9);
  }
  for (const auto& [curve, count] : seen) EXPECT_EQ(calibration_of(curve).size(), count) << curve;
  // Every kind of evidence has its curve.
  for (const Family family : {Family::kLatin, Family::kCrossScript, Family::kSameNativeScript}) {
    for (const bool one_of_two : {false, true}) {
      EXPECT_TRUE(seen.contains(std::string(curve_of(family, one_of_two))));
    }
  }
  EXPECT_NE(curve_of(Family::kLatin, true), curve_of(Family::kLatin, false));
}

TEST(Calibration, RisesInEveryCurve) {
  for (const std::string_view curve :
       {"latin", "latin_one_of_two", "cross_script", "same_native_script"}) {
    const auto points = calibration_of(curve);
    ASSERT_GE(points.size(), 2U) << curve;
    for (std::size_t i = 1; i < points.size(); ++i) {
      EXPECT_LT(points[i - 1].log_odds, points[i].log_odds);
      EXPECT_LT(points[i - 1].calibrated, points[i].calibrated);
    }
  }
}

}  // namespace
}  // namespace paxid::matcher
