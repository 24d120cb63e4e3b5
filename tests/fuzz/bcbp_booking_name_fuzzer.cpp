// Reads any bytes as a name element, an SSR line, a name segment and a name field. What must
// hold for every input is checked here.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "bcbp/booking_name.h"
#include "bcbp/edifact.h"
#include "bcbp/name_field.h"
#include "bcbp/ssr.h"

namespace {

using namespace paxid::bcbp;
using namespace std::chrono_literals;

constexpr paxid::base::Date kToday{2026y / 11 / 22};

void check_candidates(const std::vector<NameCandidate>& names) {
  PAXID_CHECK(!names.empty() && names.size() <= kMaxNameCandidates);
  for (const NameCandidate& name : names) {
    const bool empty = name.surname.empty() && name.given.empty();
    PAXID_CHECK(name.kind != NameKind::kPerson || !empty || !name.title.empty());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view raw(reinterpret_cast<const char*>(data), size);
  const NameElementReading element = read_name_element(raw, kToday);
  PAXID_CHECK(element.passengers.size() <= 2 * kMaxPassengers);
  PAXID_CHECK(!element.ok || !element.passengers.empty());
  for (const Passenger& passenger : element.passengers) check_candidates(passenger.candidates);
  const SsrReading ssr = read_ssr(raw, kToday);
  PAXID_CHECK(!ssr.ok || ssr.docs || ssr.doco || ssr.doca);
  const NameSegmentReading segment = read_name_segment(raw);
  PAXID_CHECK(!segment.ok || !segment.candidates.empty() || !segment.group.empty());
  check_candidates(booking_name_candidates(raw));
  const std::string_view field = raw.substr(0, kNameFieldBytes);
  check_candidates(name_field_candidates(field));
  if (size > field.size()) is_legal_cut(field, raw.substr(field.size()));
  return 0;
}
