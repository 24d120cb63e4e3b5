#include "base/personal.h"

#include <gtest/gtest.h>

#include <sstream>
#include <type_traits>

#include "base/secret.h"

namespace paxid::base {
namespace {

template <class T>
concept Streamable = requires(std::ostream& out, const T& value) { out << value; };

static_assert(!Streamable<PersonalText>);
static_assert(!Streamable<SecretBytes>);
static_assert(!std::is_convertible_v<PersonalText, std::string>);
static_assert(!std::is_convertible_v<std::string, PersonalText>);
static_assert(!std::is_copy_constructible_v<SecretBytes>);

TEST(PersonalText, TestOutputDoesNotShowIt) {
  const std::string shown = testing::PrintToString(PersonalText{"ERIKSSON"});
  EXPECT_EQ(shown, "<personal>");
}

TEST(SecretBytes, MovingEmptiesTheSource) {
  SecretBytes a(std::size_t{4});
  SecretBytes b(std::move(a));
  EXPECT_EQ(b.size(), 4u);
  EXPECT_TRUE(a.empty());  // NOLINT(bugprone-use-after-move): the point of the test
}

}  // namespace
}  // namespace paxid::base
