// Compiles the message catalogues into C++. The first catalogue says which keys there are.
//   paxid_messages_generator OUTPUT CATALOGUE...
#include <map>
#include <ostream>
#include <string>

#include "tables/generation.h"

namespace {

using namespace paxid::tables;

using Catalogue = std::map<std::string, std::string>;

Catalogue read(const Generation& generation, std::size_t table) {
  Catalogue catalogue;
  for (const Row& row : generation.rows(table, 2)) {
    if (!catalogue.emplace(row[0], row[1]).second) stop("a key twice: " + row[0]);
    code_points(row[1]);  // stops on broken UTF-8
    if (row[1].find_first_of("\"\\") != std::string::npos)
      stop("use typographic quotes: " + row[0]);
  }
  return catalogue;
}

}  // namespace

int main(int argc, char** argv) {
  Generation generation(argc, argv, 1);
  const Catalogue first = read(generation, 0);
  generation.out() << "constexpr std::string_view kKeys[] = {\n";
  for (const auto& [key, pattern] : first) generation.out() << "    \"" << key << "\",\n";
  generation.out() << "};\n\nconstexpr std::string_view kPatterns[][" << first.size() << "] = {\n";
  for (std::size_t table = 0; table < generation.count(); ++table) {
    const Catalogue catalogue = read(generation, table);
    generation.out() << "    {\n";
    for (const auto& [key, pattern] : first) {
      const auto found = catalogue.find(key);
      if (found == catalogue.end()) {
        stop("catalogue " + std::to_string(table) + " lacks " + key);
      }
      generation.out() << "        \"" << found->second << "\",\n";
    }
    if (catalogue.size() != first.size()) {
      stop("catalogue " + std::to_string(table) + " has a key that the first one lacks");
    }
    generation.out() << "    },\n";
  }
  generation.out() << "};\n\n";
  return generation.finish();
}
