#pragma once

#include <string>

#include "matcher/compare.h"

namespace paxid::matcher {

// A name as typed, prepared.
inline PreparedName named(const std::string& full) {
  NameText name;
  name.full = full;
  return prepare(name);
}

}  // namespace paxid::matcher
