// Many threads read the same prepared names: what one finds in a name when it first asks, the
// others may be asking for. ops/test --full runs this with ThreadSanitizer.
#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <latch>
#include <string>
#include <thread>
#include <vector>

#include "matcher/compare.h"
#include "matcher/flight.h"

namespace paxid::matcher {
namespace {

constexpr std::size_t kThreads = 4;

// Spellings of one native name, rules of many habits, syllables and three scripts: all that a part
// finds of itself when it is first asked.
constexpr std::array kNames = {"MOHAMED HUSSEIN",
                               "MUHAMMAD HUSAIN",
                               "ZHAO JIANGUO",
                               "CHAO CHIENKUO",
                               "IULIIA SHCHERBAKOVA",
                               "YULIYA SCHERBAKOVA",
                               "Юлия Щербакова",
                               "محمد حسين",
                               "赵建国",
                               "MARIO ROSSI",
                               "ROSSI/MARIA MRS",
                               "JOHNPAUL DELACRUZ",
                               "JOHN PAUL DE LA CRUZ",
                               "Ana Bela Carla Dora Eva Fatima Gina Helga Ida Jana Kira Lea"};

std::vector<PreparedName> prepared_names() {
  std::vector<PreparedName> prepared;
  for (const char* full : kNames) {
    NameText name;
    name.full = full;
    prepared.push_back(prepare(name));
  }
  return prepared;
}

// All that is said of each pair and of each name among all, one text a line.
std::vector<std::string> all_answers(const std::vector<PreparedName>& names,
                                     const FlightNames& flight) {
  std::vector<std::string> answers;
  Comparison comparison;
  for (const PreparedName& a : names) {
    for (const PreparedName& b : names) {
      compare(a, b, comparison);
      std::string answer = std::to_string(comparison.log_odds);
      for (const Reason& reason : comparison.reasons) {
        answer.append(" ").append(name_of(reason.code)).append(reason.origin);
      }
      answers.push_back(answer);
    }
    const auto found = flight.find(a);
    answers.push_back(found.best ? std::to_string(found.best->passenger) + ' ' +
                                       std::to_string(found.best->log_odds)
                                 : "none");
  }
  return answers;
}

FlightNames flight_of(const std::vector<PreparedName>& names) {
  FlightNames flight;
  for (const PreparedName& name : names) flight.add(name);
  return flight;
}

TEST(Threads, FindTheSameInNamesThatNobodyAskedBefore) {
  for (int round = 0; round < 10; ++round) {
    const std::vector<PreparedName> names = prepared_names();
    const FlightNames flight = flight_of(names);
    std::array<std::vector<std::string>, kThreads> answers;
    std::latch start(kThreads);
    std::vector<std::thread> threads;
    for (auto& own : answers) {
      threads.emplace_back([&] {
        start.arrive_and_wait();
        own = all_answers(names, flight);
      });
    }
    for (std::thread& thread : threads) thread.join();
    // Of names that one thread alone has asked; after the others, which so meet unfilled tables.
    const std::vector<PreparedName> fresh = prepared_names();
    const std::vector<std::string> expected = all_answers(fresh, flight_of(fresh));
    for (const auto& own : answers) ASSERT_EQ(own, expected) << "round " << round;
  }
}

// Preparing reads the same tables.
TEST(Threads, MayPrepareWhileOthersCompare) {
  const std::vector<PreparedName> names = prepared_names();
  const FlightNames flight = flight_of(names);
  std::array<std::vector<std::string>, kThreads> answers;
  std::latch start(kThreads);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      start.arrive_and_wait();
      if (i % 2 == 0) {
        answers[i] = all_answers(names, flight);
      } else {
        const std::vector<PreparedName> own = prepared_names();
        answers[i] = all_answers(own, flight_of(own));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const auto& own : answers) EXPECT_EQ(own, answers[0]);
}

}  // namespace
}  // namespace paxid::matcher
