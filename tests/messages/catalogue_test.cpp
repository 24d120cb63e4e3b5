#include "messages/catalogue.h"

#include <gtest/gtest.h>

namespace paxid::messages {
namespace {

TEST(Catalogue, KnowsLanguagesByTagAndLocale) {
  EXPECT_EQ(language_from("en"), Language::kEnglish);
  EXPECT_EQ(language_from("EN_US.UTF-8"), Language::kEnglish);
  EXPECT_FALSE(language_from("xx").has_value());
  EXPECT_FALSE(language_from("").has_value());
}

}  // namespace
}  // namespace paxid::messages
