#include "matcher/flight.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "matcher/ceiling.h"
#include "matcher/evidence.h"
#include "tests/matcher/named.h"

namespace paxid::matcher {
namespace {

// A prepared name as it was written.
std::string text_of(const PreparedName& name) {
  std::string text;
  for (const Part& part : name.content()->parts) text += part.word.written + ' ';
  return text;
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

struct Invented {
  std::vector<PreparedName> a;
  std::vector<PreparedName> b;
};

// Invented names in many kinds of damage and scripts, every `stride`th pair.
Invented invented_names(std::size_t stride) {
  Invented names;
  std::ifstream file(PAXID_TEST_DATA "/matcher/name_pairs.jsonl");
  std::size_t at = 0;
  for (std::string line; std::getline(file, line); ++at) {
    if (at % stride != 0) continue;
    const auto row = nlohmann::json::parse(line);
    names.a.push_back(named(row["a"]));
    names.b.push_back(named(row["b"]));
  }
  return names;
}

void expect_hit(const std::optional<FlightNames::Hit>& hit,
                std::optional<FlightNames::Hit> wanted) {
  ASSERT_EQ(hit.has_value(), wanted.has_value());
  if (!hit) return;
  EXPECT_EQ(hit->passenger, wanted->passenger);
  EXPECT_EQ(hit->log_odds, wanted->log_odds);
}

// Every passenger compared: slow, obvious.
FlightNames::Found by_comparing(const PreparedName& asked, const std::vector<PreparedName>& all) {
  std::vector<FlightNames::Hit> hits;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (const auto log_odds = score(asked, all[i])) hits.push_back({i, *log_odds});
  }
  std::stable_sort(hits.begin(), hits.end(),
                   [](const auto& x, const auto& y) { return x.log_odds > y.log_odds; });
  FlightNames::Found found;
  if (!hits.empty()) found.best = hits[0];
  if (hits.size() > 1) found.runner_up = hits[1];
  return found;
}

TEST(FlightNames, LeaveOutNobodyWhoIsBestOrRunnerUp) {
  const Invented names = invented_names(41);
  FlightNames flight;
  for (const PreparedName& name : names.b) flight.add(name);
  for (std::size_t i = 0; i < names.a.size(); ++i) {
    for (const PreparedName& asked : {names.a[i], names.b[i]}) {
      const auto found = flight.find(asked);
      const auto wanted = by_comparing(asked, names.b);
      expect_hit(found.best, wanted.best);
      expect_hit(found.runner_up, wanted.runner_up);
    }
  }
}

TEST(Ceiling, IsNoLessThanTheScore) {
  const Invented names = invented_names(23);
  for (const PreparedName& a : names.a) {
    const AskedName asked(*a.content());
    for (const PreparedName& b : names.b) {
      const auto log_odds = score(a, b);
      if (!log_odds) continue;
      std::vector<PartOutline> parts;
      for (const Part& part : b.content()->parts) parts.push_back(outline_of(part));
      ASSERT_GE(asked.ceiling({b.content(), parts.data()}), *log_odds)
          << text_of(a) << " | " << text_of(b);
    }
  }
}

// Every name of one to three of these parts: what agrees, joins, repeats, leads and is left out.
TEST(Ceiling, HoldsInASmallWorld) {
  const std::vector<std::string> words = {"ROSSI", "MARIO", "MARIA",   "DE",  "J",   "JOHNMR",
                                          "MR",    "LIZ",   "DEROSSI", "FNU", "SKY", "Мария"};
  std::vector<PreparedName> names;
  for (const auto& a : words) {
    names.push_back(named(a));
    for (const auto& b : words) {
      names.push_back(named(a + ' ' + b));
      names.push_back(named(a + '/' + b));
      names.push_back(named(a + " MARIO " + b));
    }
  }
  for (const PreparedName& a : names) {
    if (!has_opinion(a.content())) continue;
    const AskedName asked(*a.content());
    for (const PreparedName& b : names) {
      if (!has_opinion(b.content())) continue;
      std::vector<PartOutline> parts;
      for (const Part& part : b.content()->parts) parts.push_back(outline_of(part));
      ASSERT_GE(asked.ceiling({b.content(), parts.data()}), *score(a, b))
          << text_of(a) << " | " << text_of(b);
    }
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
