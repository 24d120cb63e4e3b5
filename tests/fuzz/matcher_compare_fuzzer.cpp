// Any two names, compared both ways. What must hold for every pair is checked here.
//
// Input: three bytes that pick sources, languages and the prior, then the two names, separated
// by the first line feed; a '|' in a name stands between surname and given names.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/utf8.h"
#include "matcher/ceiling.h"
#include "matcher/compare.h"
#include "matcher/flight.h"
#include "matcher/part.h"

namespace {

using namespace paxid::matcher;

// Each part of both names may give one reason, and each name order, suffix and a few more.
constexpr std::size_t kMostReasons = 2 * kMaxParts + 8;

NameText name_of_text(std::string_view text, unsigned source, unsigned language) {
  constexpr std::array<const char*, 10> kLanguages = {"",   "ru", "uk", "ar", "el",
                                                      "zh", "ja", "ko", "he", "th"};
  NameText name;
  name.source = static_cast<Source>(source % 6);
  name.language = kLanguages[language % kLanguages.size()];
  const auto bar = text.find('|');
  if (bar == std::string_view::npos) {
    name.full = text;
  } else {
    name.surname = text.substr(0, bar);
    name.given = text.substr(bar + 1);
  }
  return name;
}

void check_reason(const Reason& reason, bool opinion) {
  PAXID_CHECK(!name_of(reason.code).empty());
  PAXID_CHECK(reason.letter_edits >= 0);
  for (const std::string* text : {&reason.a, &reason.b}) {
    PAXID_CHECK(paxid::base::is_valid_utf8(*text));
    for (const char c : *text) {
      const auto byte = static_cast<unsigned char>(c);
      PAXID_CHECK(byte >= 0x20 && byte != 0x7F);
      // Without an opinion only the name of a script is said, no letter of the name.
      PAXID_CHECK(opinion || byte < 0x80);
    }
  }
}

void check_sum(const Comparison& comparison) {
  double sum = 0;
  for (const Reason& reason : comparison.reasons) {
    sum += reason.bits;
    check_reason(reason, comparison.opinion);
  }
  PAXID_CHECK(sum == comparison.log_odds);
  PAXID_CHECK(comparison.reasons.size() <= kMostReasons);
  if (comparison.opinion) return;
  PAXID_CHECK(comparison.log_odds == 0);
  PAXID_CHECK(comparison.reasons.size() == 1);
}

void check_mirrored(const Comparison& there, const Comparison& back) {
  PAXID_CHECK(there.log_odds == back.log_odds);
  PAXID_CHECK(there.opinion == back.opinion && there.family == back.family);
  PAXID_CHECK(there.transformations == back.transformations);
  PAXID_CHECK(there.fields_swapped == back.fields_swapped);
  PAXID_CHECK(there.reasons.size() == back.reasons.size());
  for (std::size_t i = 0; i < there.reasons.size(); ++i) {
    const Reason& x = there.reasons[i];
    const Reason& y = back.reasons[i];
    PAXID_CHECK(x.code == y.code && x.bits == y.bits && x.role == y.role);
    PAXID_CHECK(x.a == y.b && x.b == y.a && x.letter_edits == y.letter_edits);
  }
  PAXID_CHECK(there.whole.relation == back.whole.relation);
  PAXID_CHECK(there.whole.missing_a == back.whole.missing_b);
}

void check_same(const Comparison& one, const Comparison& other) {
  PAXID_CHECK(one.log_odds == other.log_odds && one.reasons.size() == other.reasons.size());
  for (std::size_t i = 0; i < one.reasons.size(); ++i) {
    PAXID_CHECK(one.reasons[i].code == other.reasons[i].code);
    PAXID_CHECK(one.reasons[i].a == other.reasons[i].a && one.reasons[i].b == other.reasons[i].b);
    PAXID_CHECK(one.reasons[i].bits == other.reasons[i].bits);
  }
}

void check_confidence(const Comparison& comparison, double prior) {
  const double here = confidence(comparison, prior);
  PAXID_CHECK(here >= 0 && here <= 1);
  PAXID_CHECK(confidence(comparison, prior / 2) <= here);
  if (!comparison.opinion) {
    PAXID_CHECK(here == prior);
    return;
  }
  Comparison more = comparison;
  for (const double bits : {1e-9, 0.5, 3.0, 40.0}) {
    more.log_odds = comparison.log_odds + bits;
    PAXID_CHECK(confidence(more, prior) >= here);
  }
}

void check_ceiling(const PreparedName& asked, const PreparedName& other,
                   const Comparison& comparison) {
  if (!comparison.opinion) return;
  std::vector<PartOutline> parts;
  for (const Part& part : other.content()->parts) parts.push_back(outline_of(part));
  PAXID_CHECK(AskedName(*asked.content()).ceiling({other.content(), parts.data()}) >=
              comparison.log_odds);
}

void check_flight(const PreparedName& asked, const PreparedName& other,
                  const Comparison& with_other, const Comparison& with_itself) {
  FlightNames flight;
  flight.add(other);
  flight.add(asked);
  const auto found = flight.find(asked);
  PAXID_CHECK(found.best.has_value() == (with_other.opinion || with_itself.opinion));
  if (!found.best) return;
  const Comparison& best = found.best->passenger == 0 ? with_other : with_itself;
  PAXID_CHECK(best.opinion && found.best->log_odds == best.log_odds);
  if (found.runner_up) PAXID_CHECK(found.runner_up->log_odds <= found.best->log_odds);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data + 3), size - 3);
  const auto end = std::min(text.find('\n'), text.size());
  const std::string_view rest = text.substr(std::min(end + 1, text.size()));
  const PreparedName a = prepare(name_of_text(text.substr(0, end), data[0], data[1]));
  const PreparedName b = prepare(name_of_text(rest, data[0] / 6U, data[1] / 10U));
  const double prior = (1 + data[2] % 99) / 100.0;

  const Comparison comparison = compare(a, b);
  check_sum(comparison);
  check_mirrored(comparison, compare(b, a));
  check_confidence(comparison, prior);

  const Comparison itself = compare(a, a);
  check_sum(itself);
  if (itself.opinion) {
    PAXID_CHECK(itself.whole.relation == Relation::kEqual);
    for (const Reason& reason : itself.reasons) {
      PAXID_CHECK(reason.code == ReasonCode::kEqual && reason.bits >= 0);
    }
    PAXID_CHECK(confidence(itself, prior) >= prior);
  }
  check_ceiling(a, b, comparison);
  check_flight(a, b, comparison, itself);

  // Memory that an earlier comparison left must not be seen.
  Comparison used = itself;
  compare(a, b, used);
  check_same(used, comparison);
  return 0;
}
