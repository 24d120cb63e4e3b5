// What is known of where a name was read: each row of the tables that prepare() keeps.
#include <gtest/gtest.h>

#include <algorithm>

#include <string>
#include <utility>
#include <vector>

#include "matcher/compare.h"
#include "matcher/part.h"

namespace paxid::matcher {
namespace {

PreparedName fields(const std::string& surname, const std::string& given, Source source) {
  NameText name;
  name.surname = surname;
  name.given = given;
  name.source = source;
  return prepare(name);
}

bool is_cut(const PreparedName& name) { return name.content()->cut; }

// Letters of a name of that length that is no word of the vocabulary.
std::string of_length(std::size_t length) {
  return std::string("KRISTOFFERSON").substr(0, std::min<std::size_t>(length, 13)) +
         std::string(length > 13 ? length - 13 : 0, 'A');
}

TEST(GluedTitles, AreTakenOffWhereBookingsGlueThem) {
  const PreparedName document = fields("KRISTOFFERSON", "JOHN", Source::kVisual);
  for (const char* title :
       {"MSTR", "MISS", "MRS", "CHD", "INF", "PROF", "MR", "MS", "DR", "MX", "MME"}) {
    const std::string given = std::string("JOHN") + title;
    for (const Source source : {Source::kBooking, Source::kBoardingPass, Source::kTyped}) {
      const Comparison c = compare(fields("KRISTOFFERSON", given, source), document);
      EXPECT_EQ(c.first_given.relation, Relation::kEqualAfterNormalisation) << given;
      EXPECT_TRUE(c.transformations & kTitleRemoved) << given;
    }
    // A document has no titles glued to names, and a surname has none anywhere.
    for (const Source source : {Source::kMrz, Source::kVisual, Source::kChip}) {
      const Comparison c = compare(fields("KRISTOFFERSON", given, source), document);
      EXPECT_FALSE(c.transformations & kTitleRemoved) << given;
    }
    const Comparison surname =
        compare(fields("KRISTOFFERSON" + std::string(title), "JOHN", Source::kBooking), document);
    EXPECT_FALSE(surname.transformations & kTitleRemoved) << title;
  }
}

// Doc 9303-4, -6, -5: the name field of TD3 and MRV-A, MRV-B, TD1 with the two fillers between.
TEST(Zones, ThatAreFullMayBeCut) {
  for (std::size_t length = 20; length <= 44; ++length) {
    const std::size_t given = length - 10 - 2;
    const bool full = length == 39 || length == 31 || length == 30;
    EXPECT_EQ(is_cut(fields(of_length(10), of_length(given), Source::kMrz)), full) << length;
    for (const Source source : {Source::kBooking, Source::kVisual, Source::kChip}) {
      EXPECT_FALSE(is_cut(fields(of_length(10), of_length(given), source))) << length;
    }
    // Typed from a zone, where one blank stands for the two fillers.
    NameText typed;
    typed.full = of_length(10) + ' ' + of_length(given);
    EXPECT_EQ(is_cut(prepare(typed)), full) << length;
    typed.full[0] = '.';
    EXPECT_FALSE(is_cut(prepare(typed))) << length;
  }
}

// IATA Resolution 792 item 11: 20 characters with the slash.
TEST(BoardingPasses, ThatAreFullMayBeCut) {
  for (std::size_t length = 12; length <= 30; ++length) {
    const std::size_t given = length - 10 - 1;
    EXPECT_EQ(is_cut(fields(of_length(10), of_length(given), Source::kBoardingPass)), length >= 20)
        << length;
    NameText whole;
    whole.full = of_length(10) + '/' + of_length(given);
    whole.source = Source::kBoardingPass;
    EXPECT_EQ(is_cut(prepare(whole)), length >= 20) << length;
  }
}

TEST(FullFields, CutTheirLastPartAlone) {
  const Comparison cut = compare(fields("PAPANDR", "JONATHON ALE", Source::kBoardingPass),
                                 fields("PAPANDREOU", "JONATHON ALEXANDER", Source::kVisual));
  EXPECT_EQ(cut.further_given.relation, Relation::kTruncated);
  EXPECT_NE(cut.surname.relation, Relation::kTruncated);
}

TEST(Issuers, TellTheLanguageOfNames) {
  const std::vector<std::pair<const char*, const char*>> languages = {
      {"ARM", "hy"}, {"AZE", "az"}, {"BGR", "bg"}, {"BLR", "be"}, {"CHN", "zh"}, {"EGY", "ar"},
      {"GEO", "ka"}, {"GRC", "el"}, {"IRN", "fa"}, {"IRQ", "ar"}, {"ISR", "he"}, {"JPN", "ja"},
      {"KAZ", "kk"}, {"KOR", "ko"}, {"MKD", "mk"}, {"MNG", "mn"}, {"NPL", "ne"}, {"PRK", "ko"},
      {"RUS", "ru"}, {"SAU", "ar"}, {"SRB", "sr"}, {"SYR", "ar"}, {"THA", "th"}, {"TWN", "zh"},
      {"UKR", "uk"}, {"VNM", "vi"}};
  NameText name;
  name.full = "ANNA";
  for (const auto& [issuer, language] : languages) {
    name.issuer = issuer;
    EXPECT_EQ(prepare(name).content()->language, language) << issuer;
  }
  // Issuers of several languages, and what the name itself says.
  for (const char* issuer : {"CHE", "BEL", "CAN", "IND", "", "rus", "XXX"}) {
    name.issuer = issuer;
    EXPECT_EQ(prepare(name).content()->language, "") << issuer;
  }
  name.issuer = "RUS";
  name.language = "tt";
  EXPECT_EQ(prepare(name).content()->language, "tt");
}

}  // namespace
}  // namespace paxid::matcher
