#include "verification/flight.h"

#include <gtest/gtest.h>

#include <string>

namespace paxid::verification {
namespace {

using base::PersonalText;

Passenger passenger(const char* name, const char* locator, const char* sequence) {
  Passenger made;
  made.booked_name = PersonalText(name);
  made.locator = locator;
  made.sequence = sequence;
  return made;
}

TEST(PreparedFlight, NobodyIsKnownAtFirst) {
  const PreparedFlight flight;
  EXPECT_EQ(flight.size(), 0U);
  EXPECT_EQ(flight.content(), nullptr);
  EXPECT_FALSE(flight.find_booking("ABC123", "25").has_value());
}

TEST(PreparedFlight, FindsTheBookingOfAPass) {
  const auto flight = PreparedFlight::prepare(
      {passenger("SMITH/JOHN MR", "ABC123", "0025"), passenger("SMITH/ANN MRS", "ABC123", "26"),
       passenger("DOE/JANE", "XYZ999", ""), passenger("ROE/RICHARD", "QQQ777", "31")});
  ASSERT_TRUE(flight.has_value());
  EXPECT_EQ(flight->find_booking("ABC123", "0026"), 1U);
  EXPECT_EQ(flight->find_booking("ABC123", "25"), 0U);
  EXPECT_FALSE(flight->find_booking("ABC123", "27").has_value());
  EXPECT_FALSE(flight->find_booking("ABC123", "").has_value());  // two travel together
  EXPECT_EQ(flight->find_booking("XYZ999", "0004"), 2U);  // not checked in when it was loaded
  EXPECT_EQ(flight->find_booking("QQQ777", ""), 3U);      // the request says the locator alone
  EXPECT_FALSE(flight->find_booking("QQQ777", "32").has_value());
  EXPECT_FALSE(flight->find_booking("", "0025").has_value());
}

TEST(PreparedFlight, AChangeKeepsWhatWasPrepared) {
  const auto before = PreparedFlight::prepare({passenger("SMITH/JOHN MR", "ABC123", "1")});
  const auto after = PreparedFlight::prepare(
      {passenger("DOE/JANE", "XYZ999", "2"), passenger("SMITH/JOHN MR", "ABC123", "1")}, *before);
  ASSERT_TRUE(after.has_value());
  EXPECT_EQ(before->size(), 1U);  // a snapshot does not change
  EXPECT_EQ(after->size(), 2U);
  EXPECT_EQ(after->find_booking("ABC123", "1"), 1U);
}

// A keeper's passengers are read where they are, and stay as long as the flight.
TEST(PreparedFlight, KeepsThePassengersOfAKeeper) {
  auto kept = std::make_shared<std::vector<Passenger>>();
  kept->push_back(passenger("SMITH/JOHN MR", "ABC123", "1"));
  kept->push_back(passenger("DOE/JANE", "ABC123", "2"));
  const Passenger* const first = kept->data();
  auto flight = *PreparedFlight::prepare({first, first + 1}, kept, {});
  EXPECT_EQ(&flight.passenger(0), first);
  const std::weak_ptr<const std::vector<Passenger>> watched = kept;
  kept.reset();
  EXPECT_EQ(flight.find_booking("ABC123", "2"), 1u);
  EXPECT_EQ(flight.passenger(1).booked_name.reveal(), "DOE/JANE");
  flight = {};
  EXPECT_TRUE(watched.expired());
}

TEST(PreparedFlight, HasLimits) {
  EXPECT_FALSE(PreparedFlight::prepare(std::vector<Passenger>(kMaxFlightPassengers + 1)));
  EXPECT_TRUE(PreparedFlight::prepare(std::vector<Passenger>(kMaxFlightPassengers)));
  Passenger often = passenger("SMITH/JOHN", "A", "1");
  often.earlier_names.resize(kMaxEarlierNames + 1);
  EXPECT_FALSE(PreparedFlight::prepare({often}));
}

}  // namespace
}  // namespace paxid::verification
