// Reads any bytes as a boarding pass. What must hold for every input is checked here.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "bcbp/boarding_pass.h"

namespace {

using namespace paxid::bcbp;
using namespace std::chrono_literals;

constexpr paxid::base::Date kToday{2026y / 11 / 22};

void check_findings(const Reading& reading, std::string_view raw) {
  std::uint16_t before = 0;
  bool error = false;
  for (const Finding& finding : reading.findings) {
    PAXID_CHECK(finding.offset <= raw.size() && finding.offset >= before);
    before = finding.offset;
    error |= finding.severity == Severity::kError;
  }
  PAXID_CHECK(reading.ok != error);
}

void check_names(const Reading& reading) {
  const auto names = reading.name_candidates();
  PAXID_CHECK(names.size() <= kMaxNameCandidates);
  for (const NameCandidate& name : names) {
    PAXID_CHECK(name.maybe_cut == reading.name_field_full || name.kind != NameKind::kPerson);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view raw(reinterpret_cast<const char*>(data), size);
  const Reading lenient = read(raw, {.reference_date = kToday});
  check_findings(lenient, raw);
  const Reading strict = read(raw, {.reference_date = kToday, .strict = true});
  check_findings(strict, raw);
  PAXID_CHECK(!strict.ok || lenient.ok);
  PAXID_CHECK(strict.findings.size() == lenient.findings.size());
  if (!lenient.ok) return 0;
  PAXID_CHECK(write(lenient.pass) == raw);
  check_names(lenient);
  return 0;
}
