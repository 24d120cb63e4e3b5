#include "matcher/flight.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace paxid::matcher {
namespace {

PreparedName named(const std::string& full) {
  NameText name;
  name.full = full;
  return prepare(name);
}

const std::vector<std::string>& passengers() {
  static const std::vector<std::string> all = {"SMITH/JOHN MR",
                                               "SMITH/JANE MRS",
                                               "SMYTHE/JOHN MR",
                                               "ROSSI/MARIO MR",
                                               "ROSSI/MARIA MRS",
                                               "KIM/MINJI",
                                               "習近平",
                                               "",
                                               "SMITH/JOHN MSTR",
                                               "MUELLER/HANS",
                                               "MÜLLER/HANS",
                                               "AL RASHID/OMAR",
                                               "NOVAKOVA/EVA",
                                               "LOPEZ/CARLOS",
                                               "TBA"};
  return all;
}

TEST(FlightNames, FindsWhatComparingWithEachPassengerFinds) {
  FlightNames flight;
  for (const auto& name : passengers()) flight.add(named(name));
  for (const auto& asked : passengers()) {
    std::vector<std::pair<double, std::size_t>> order;
    for (std::size_t i = 0; i < passengers().size(); ++i) {
      const Comparison c = compare(named(asked), named(passengers()[i]));
      if (c.opinion) order.emplace_back(-c.log_odds, i);
    }
    std::sort(order.begin(), order.end());
    const auto found = flight.find(named(asked));
    ASSERT_EQ(found.best.has_value(), !order.empty()) << asked;
    ASSERT_EQ(found.runner_up.has_value(), order.size() > 1) << asked;
    if (order.empty()) continue;
    EXPECT_EQ(found.best->passenger, order[0].second) << asked;
    EXPECT_EQ(found.best->log_odds, -order[0].first) << asked;
    EXPECT_EQ(found.runner_up->passenger, order[1].second) << asked;
    EXPECT_EQ(found.runner_up->log_odds, -order[1].first) << asked;
  }
}

TEST(FlightNames, IsFullAtItsLimit) {
  FlightNames flight;
  const PreparedName name = named("SMITH/JOHN");
  for (std::size_t i = 0; i < FlightNames::kMaxPassengers; ++i) EXPECT_EQ(flight.add(name), i);
  EXPECT_FALSE(flight.add(name));
  EXPECT_EQ(flight.size(), FlightNames::kMaxPassengers);
  EXPECT_EQ(flight.find(name).best->passenger, 0U);
  EXPECT_EQ(flight.find(name).runner_up->passenger, 1U);
}

}  // namespace
}  // namespace paxid::matcher
