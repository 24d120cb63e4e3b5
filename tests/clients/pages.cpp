// Writes the pages that people get, in every language, for the test that opens them in a browser:
//   cli_pages DIRECTORY REPORT.json
#include <cmath>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "clients/cli/export_report.h"
#include "clients/cli/privacy_command.h"
#include "messages/catalogue.h"

namespace paxid::cli {
namespace {

// Three months at five airports, with passengers of many States.
ExportNumbers quarter() {
  ExportNumbers numbers;
  for (int day = 0; day < 90; ++day) {
    char name[32];
    std::snprintf(name, sizeof name, "2026-%02d-%02d", 9 + day / 30, day % 30 + 1);
    const auto wave = static_cast<std::uint64_t>(40 * (1 + std::sin(day / 7.0)));
    numbers.verdicts_by_day[name] = {
        {"MATCH", 900 + 5 * wave}, {"REVIEW", 60 + wave}, {"MISMATCH", 4 + wave / 8}};
  }
  numbers.overrides_by_station = {
      {"", {7, 1}}, {"CDG", {911, 4}}, {"FRA", {1203, 80}}, {"HEL", {310, 0}}, {"SGN", {87, 31}}};
  std::uint64_t count = 3;
  for (const char* issuer : {"D",   "AUT", "FRA", "ESP", "BRA", "USA", "AUS", "POL", "RUS",
                             "EGY", "SAU", "TUR", "IND", "VNM", "IDN", "CHN", "JPN", "NGA",
                             "ETH", "UNO", "XXA", "MEX", "ITA", "PRT", "GRC", "KAZ", "THA"}) {
    numbers.reviews_by_issuer[issuer] = {200 * count, 7 * count % 90};
    ++count;
  }
  return numbers;
}

bool write(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  return static_cast<bool>(file.flush());
}

int run(const std::string& directory, const std::string& report_file) {
  std::ifstream in(report_file, std::ios::binary);
  const std::string report{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  const ExportTitle title{"audit.example/log/demo",
                          120'345,
                          1'204'110,
                          "data_protection",
                          "A-2026/117",
                          {{"from", "2026-09-01"}, {"station", "FRA"}, {"until", "2026-12-01"}}};
  for (const messages::Language language : messages::languages()) {
    const auto page = access_page(report, language);
    if (!page) {
      std::cerr << page.error().message << "\n";
      return 1;
    }
    const std::string tag(messages::tag_of(language));
    if (!write(directory + "/access." + tag + ".html", *page) ||
        !write(directory + "/export." + tag + ".html", export_report(quarter(), title, language)) ||
        !write(directory + "/nothing." + tag + ".html", export_report({}, title, language))) {
      std::cerr << "cannot write below " << directory << "\n";
      return 1;
    }
  }
  return 0;
}

}  // namespace
}  // namespace paxid::cli

int main(int argc, char** argv) { return argc == 3 ? paxid::cli::run(argv[1], argv[2]) : 2; }
