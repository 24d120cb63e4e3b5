#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace paxid::bcbp {

// The rows of a file of tests/data/bcbp, one JSON object a line.
inline std::vector<nlohmann::json> load_cases(const std::string& name) {
  const std::string path = std::string(PAXID_TEST_DATA) + "/bcbp/" + name;
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot open " + path);
  std::vector<nlohmann::json> rows;
  for (std::string line; std::getline(file, line);) rows.push_back(nlohmann::json::parse(line));
  return rows;
}

}  // namespace paxid::bcbp
