// Compiles the table of airports into C++.
//   paxid_verification_generator OUTPUT AIRPORTS
#include <map>
#include <ostream>
#include <string>

#include "tables/generation.h"

int main(int argc, char** argv) {
  using namespace paxid::tables;
  Generation generation(argc, argv, 1);
  std::map<std::string, Row> airports;
  for (const Row& row : generation.rows(0, 3)) {
    if (row[0].size() != 3 || !is_latin_capitals(row[0])) stop("no airport code: " + row[0]);
    if (row[1].size() != 3 || !is_latin_capitals(row[1])) stop("no state: " + row[1]);
    if (row[2].find('/') == std::string::npos) stop("no time zone: " + row[2]);
    if (!airports.emplace(row[0], row).second) stop("an airport twice: " + row[0]);
  }
  // Zones and States repeat: the table holds their numbers.
  std::map<std::string, std::size_t> zones;
  for (const auto& [code, row] : airports) zones.emplace(row[2], 0);
  generation.out() << "constexpr std::string_view kZones[] = {\n";
  std::size_t number = 0;
  for (auto& [zone, index] : zones) {
    index = number++;
    generation.out() << "    \"" << zone << "\",\n";
  }
  generation.out() << "};\n\nconstexpr Airport kAirports[] = {\n";
  for (const auto& [code, row] : airports) {
    generation.out() << "    {\"" << code << "\", \"" << row[1] << "\", " << zones[row[2]]
                     << "},\n";
  }
  generation.out() << "};\n\n";
  return generation.finish();
}
