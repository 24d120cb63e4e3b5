#include "verification/claim.h"

#include "base/check.h"

namespace paxid::verification {

std::string_view name_of(Source source) {
  switch (source) {
    case Source::kBooking:
      return "booking";
    case Source::kBoardingPass:
      return "boarding_pass";
    case Source::kMrz:
      return "mrz";
    case Source::kVisual:
      return "visual";
    case Source::kChip:
      return "chip";
    case Source::kTyped:
      return "typed";
  }
  PAXID_CHECK(false);
  return {};
}

std::optional<Source> source_from(std::string_view name) {
  for (Source source : {Source::kBooking, Source::kBoardingPass, Source::kMrz, Source::kVisual,
                        Source::kChip, Source::kTyped}) {
    if (name_of(source) == name) return source;
  }
  return std::nullopt;
}

bool is_travel_side(Source source) {
  return source == Source::kBooking || source == Source::kBoardingPass;
}

}  // namespace paxid::verification
