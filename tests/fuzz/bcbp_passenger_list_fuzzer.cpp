// Reads any bytes as a passenger list. What must hold for every input is checked here.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "bcbp/passenger_list.h"

namespace {

using namespace paxid::bcbp;
using namespace std::chrono_literals;

constexpr paxid::base::Date kToday{2026y / 11 / 22};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view message(reinterpret_cast<const char*>(data), size);
  const auto lines = static_cast<std::size_t>(std::count(message.begin(), message.end(), '\n')) + 1;
  const PassengerList list = read_passenger_list(message, kToday);
  PAXID_CHECK(list.passengers.size() <= kMaxListedPassengers);
  PAXID_CHECK(list.findings.size() <= kMaxListFindings);
  PAXID_CHECK(list.ok || !list.findings.empty());
  for (const ListFinding& finding : list.findings) {
    PAXID_CHECK(finding.line >= 1 && finding.line <= lines);
  }
  for (const ListedPassenger& listed : list.passengers) {
    PAXID_CHECK(listed.line >= 1 && listed.line <= lines);
    PAXID_CHECK(!listed.passenger.candidates.empty());
    PAXID_CHECK(!listed.adult || *listed.adult < list.passengers.size());
  }
  // The list's own operations, whatever they are, leave a list that holds together.
  PassengerList changed = list;
  apply_changes(changed, list);
  PAXID_CHECK(changed.passengers.size() <= kMaxListedPassengers);
  for (const ListedPassenger& listed : changed.passengers) {
    PAXID_CHECK(!listed.adult || *listed.adult < changed.passengers.size());
  }
  return 0;
}
