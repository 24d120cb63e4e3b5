// How fast a verdict is made, with its reasons and counterfactuals, inside a flight of 400.
#include <benchmark/benchmark.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "messages/catalogue.h"
#include "mrz/writer.h"
#include "verification/engine.h"

namespace paxid::verification {
namespace {

constexpr std::array kSurnames{"MUELLER", "GARCIA LOPEZ", "NGUYEN", "SMITH", "ROSSI",
                               "YILMAZ",  "KOWALSKI",     "TANAKA", "AHMED", "IVANOVA",
                               "OCONNOR", "VAN DER BERG", "SILVA",  "KIM",   "HANSEN",
                               "DUBOIS",  "PAPADOPOULOS", "SINGH",  "COHEN", "NOVAKOVA"};
constexpr std::array kGivenNames{"HANS",    "MARIA JOSE", "VAN AN",   "JOHN",   "GIULIA",
                                 "MEHMET",  "ADAM",       "YUKI",     "HASAN",  "ELENA",
                                 "SIOBHAN", "PIETER",     "JOAO",     "MINJUN", "INGRID",
                                 "CHLOE",   "GEORGIOS",   "HARPREET", "DAVID",  "JANA"};

const base::Date kToday = *base::parse_iso_date("2026-11-22");

std::string number_of(std::size_t i) { return "C01X" + std::to_string(10000 + i * 37); }

enum class Crowd { kMixed, kOneSurname };

std::vector<Passenger> passengers(Crowd crowd) {
  std::vector<Passenger> all;
  for (std::size_t i = 0; i < 400; ++i) {
    Passenger& one = all.emplace_back();
    const std::string surname = crowd == Crowd::kMixed ? kSurnames[i % 20] : "NGUYEN";
    one.booked_name = base::PersonalText(surname + "/" + kGivenNames[(i / 20 + i) % 20] + " MR");
    one.locator = "L" + std::to_string(10000 + i / 3);
    one.sequence = std::to_string(i + 1);
    one.seat = std::to_string(i / 6 + 1) + static_cast<char>('A' + i % 6);
    one.birth_date = kToday - std::chrono::years(20 + static_cast<int>(i % 50));
    if (!one.birth_date->ok()) one.birth_date = kToday;
    one.documents.emplace_back().number = number_of(i);
  }
  return all;
}

std::string zone_of(const char* surname, const char* given, std::size_t i) {
  mrz::ZoneContent content;
  content.format = mrz::Format::kTd3;
  content.document_code = "P";
  content.issuer = "D";
  content.primary = surname;
  content.secondary = given;
  const std::string number = number_of(i);
  content.document_number = number;
  content.nationality = "D";
  content.birth_date = "640812";
  content.sex = "M";
  content.expiry_date = "341031";
  return mrz::write(content).value().text();
}

const PreparedFlight& flight_of(Crowd crowd) {
  static const PreparedFlight mixed = *PreparedFlight::prepare(passengers(Crowd::kMixed));
  static const PreparedFlight one_surname =
      *PreparedFlight::prepare(passengers(Crowd::kOneSurname));
  return crowd == Crowd::kMixed ? mixed : one_surname;
}

Evidence evidence_of(std::size_t self, const char* surname, const char* given, std::size_t number,
                     Crowd crowd = Crowd::kMixed) {
  const PreparedFlight& flight = flight_of(crowd);
  Evidence evidence;
  evidence.station_date = kToday;
  evidence.flight = {"LH", "400", kToday, "FRA", "JFK"};
  evidence.context.flight = flight;
  evidence.context.passenger = self;
  evidence.claims.push_back({Source::kMrz, CaptureMethod::kScanned, Assurance::kAsserted,
                             ZoneClaim{base::PersonalText(zone_of(surname, given, number))}});
  evidence.claims.push_back(
      {Source::kBoardingPass, CaptureMethod::kScanned, Assurance::kAsserted,
       PassNameClaim{base::PersonalText(flight.passenger(self).booked_name)}});
  return evidence;
}

const Engine& engine() {
  static const Engine made = [] {
    auto policy = Policy::parse(default_policy_toml());
    PAXID_CHECK(policy.has_value());
    return Engine(std::move(*policy));
  }();
  return made;
}

void judge(benchmark::State& state, const Evidence& evidence) {
  for (auto _ : state) {
    VerdictReport report = engine().verify(evidence);
    benchmark::DoNotOptimize(report);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}

void verdict_same_name(benchmark::State& state) {
  judge(state, evidence_of(3, "SMITH", "JOHN", 3));
}
BENCHMARK(verdict_same_name)->Name("verdict, same name, 400 on board");

void verdict_letters_differ(benchmark::State& state) {
  judge(state, evidence_of(3, "SMITHE", "JON", 500));
}
BENCHMARK(verdict_letters_differ)->Name("verdict, letters differ, 400 on board");

void verdict_of_peer(benchmark::State& state) {
  judge(state, evidence_of(3, "KOWALSKI", "ADAM", 501));
}
BENCHMARK(verdict_of_peer)->Name("verdict, another's document, 400 on board");

void verdict_one_surname(benchmark::State& state) {
  judge(state, evidence_of(3, "NGUYEN", "JOHN", 3, Crowd::kOneSurname));
}
BENCHMARK(verdict_one_surname)->Name("verdict, same name, 400 of one surname on board");

// A chip's name in its own script and no zone: no letters in common with any booking.
void verdict_native_script(benchmark::State& state) {
  Evidence evidence = evidence_of(9, "IVANOVA", "ELENA", 9);
  PersonName name;
  name.surname = base::PersonalText("ИВАНОВА");
  name.given = base::PersonalText("ЕЛЕНА");
  evidence.claims[0] = {Source::kChip, CaptureMethod::kChipRead, Assurance::kAuthenticated,
                        NameClaim{std::move(name)}};
  judge(state, evidence);
}
BENCHMARK(verdict_native_script)->Name("verdict, document in another script, 400 on board");

void verdict_told(benchmark::State& state) {
  const Evidence evidence = evidence_of(3, "SMITHE", "JON", 500);
  const VerdictReport report = engine().verify(evidence);
  for (auto _ : state) {
    std::string text = messages::render(report.sentence, messages::Language::kEnglish);
    for (const Reason& reason : report.reasons)
      text += messages::render(reason.text, messages::Language::kEnglish);
    for (const Counterfactual& one : report.counterfactuals) {
      text += messages::render_counterfactual(name_of(one.verdict), one.wishes,
                                              messages::Language::kEnglish);
    }
    benchmark::DoNotOptimize(text);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(verdict_told)->Name("texts of a verdict");

}  // namespace
}  // namespace paxid::verification
