#pragma once

#include <string>

// The programmes of matcher/letters.h as their definitions, slow and obvious. They share with
// the fast ones the spelling rules and nothing else; a cost that changes there is changed here.
namespace paxid::matcher::reference {

int letter_edits(const std::string& x, const std::string& y);

// Requires letter_edits(x, y) == 1.
bool is_finger_slip(const std::string& x, const std::string& y);

double variant_distance(const std::string& x, const std::string& y, const std::string& language);

}  // namespace paxid::matcher::reference
