#include "clients/cli/bench_command.h"

#include <array>
#include <cstdio>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "clients/cli/scenario.h"
#include "mrz/writer.h"

namespace paxid::cli {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 16> kSurnames{
    "ALMBERG",  "BRANDOVIC", "CASTELMAR", "DUNWELL",  "ESTERHOLT", "FAIRBOURNE",
    "GRUNEAU",  "HALVORDEN", "ISTRATOV",  "JAROMIRA", "KOLLANDER", "LINDQVARN",
    "MORAVETZ", "NORDHAGEN", "OSTROVAN",  "PELLERINE"};
constexpr std::array<std::string_view, 16> kGivenNames{
    "ANNA",  "BORIS", "CLARA", "DAVID", "ELENA", "FELIX", "GRETA",  "HUGO",
    "IRENE", "JONAS", "KAREN", "LUKAS", "MARTA", "NILS",  "OLIVIA", "PAUL"};

std::string numbered(std::string_view letters, std::size_t number, int digits) {
  char text[24];
  std::snprintf(text, sizeof text, "%0*zu", digits, number);
  return std::string(letters) + text;
}

std::string padded(std::string text, std::size_t width) {
  text.resize(width, ' ');
  return text;
}

json scenario_of(std::size_t i) {
  const std::string surname(kSurnames[i % kSurnames.size()]);
  const std::string given(kGivenNames[i / kSurnames.size() % kGivenNames.size()]);
  const bool female = i / kSurnames.size() % 2 == 0;
  std::string booked = surname;
  if (i % 8 == 7) std::swap(booked[2], booked[3]);
  const std::string year = numbered("", 50 + i % 50, 2);
  const std::string month = numbered("", 1 + i % 12, 2);
  const std::string day = numbered("", 1 + i % 28, 2);
  const std::string number = numbered("P", 1'000'000 + i, 7);
  const std::string birth_date = year + month + day;
  mrz::ZoneContent content;
  content.format = mrz::Format::kTd3;
  content.document_code = "P";
  content.issuer = "NLD";
  content.primary = surname;
  content.secondary = given;
  content.document_number = number;
  content.nationality = "NLD";
  content.birth_date = birth_date;
  content.sex = female ? "F" : "M";
  content.expiry_date = "391231";
  const auto zone = mrz::write(content);
  PAXID_CHECK(zone);
  const std::string pass = "M1" + padded(booked + "/" + given, 20) + "E" +
                           padded(numbered("B", 10'000 + i, 5), 7) + "FRAJFKXX 0400 226Y" +
                           numbered("", 1 + i % 60, 3) + "C" + numbered("", 1 + i, 4) + " 100";
  return {{"booking", booked + "/" + given + (female ? " MRS" : " MR")},
          {"pass", pass},
          {"zone", zone->text()},
          {"carrier", "XX"},
          {"flight_number", "400"},
          {"from", "FRA"},
          {"to", "JFK"},
          {"station", "FRA"},
          {"context", {{"booking_birth_date", "19" + year + "-" + month + "-" + day}}}};
}

std::string row(std::string_view label, const std::string& value) {
  std::string line = "  " + std::string(label);
  line.resize(26, ' ');
  return line + value + "\n";
}

std::string in_words(const sdk::LoadReport::Times& times) {
  char text[120];
  std::snprintf(text, sizeof text, "p50 %.0f  p90 %.0f  p99 %.0f  p99.9 %.0f  most %.0f us",
                times.p50, times.p90, times.p99, times.p999, times.max);
  return text;
}

json times_json(const sdk::LoadReport::Times& times) {
  return {{"p50", times.p50},
          {"p90", times.p90},
          {"p99", times.p99},
          {"p999", times.p999},
          {"max", times.max}};
}

}  // namespace

std::vector<sdk::Request> invented_passengers(std::size_t count) {
  PAXID_CHECK(count <= 10'000);
  std::vector<sdk::Request> passengers;
  for (std::size_t i = 0; i < count; ++i) {
    auto scenario = read_scenario(scenario_of(i));
    PAXID_CHECK(scenario);
    sdk::Request request;
    request.claims = std::move(scenario->claims);
    request.flight = std::move(scenario->flight);
    request.station = std::move(scenario->station);
    passengers.push_back(std::move(request));
  }
  return passengers;
}

json load_json(const sdk::LoadReport& report) {
  json refused = json::object();
  for (const auto& [code, count] : report.refused) refused[code] = count;
  return {{"answered", report.answered},
          {"seconds", report.seconds},
          {"per_second", report.per_second()},
          {"microseconds", times_json(report.times)},
          {"refused", std::move(refused)},
          {"refusal_microseconds", times_json(report.refusal_times)},
          {"not_begun", report.not_begun},
          {"most_in_flight", report.most_in_flight}};
}

std::string load_table(const sdk::LoadReport& report) {
  char rate[64];
  std::snprintf(rate, sizeof rate, "%.0f a second (%llu in %.1f s)", report.per_second(),
                static_cast<unsigned long long>(report.answered), report.seconds);
  std::string table = row("passengers answered", rate) + row("answers", in_words(report.times));
  for (const auto& [code, count] : report.refused) table += row(code, std::to_string(count));
  if (!report.refused.empty()) table += row("refusals", in_words(report.refusal_times));
  if (report.not_begun > 0) table += row("not begun", std::to_string(report.not_begun));
  return table + row("under way at most", std::to_string(report.most_in_flight));
}

}  // namespace paxid::cli
