#include "base/personal.h"

#include <ostream>

namespace paxid::base {

void PrintTo(const PersonalText&, std::ostream* out) { *out << "<personal>"; }

}  // namespace paxid::base
