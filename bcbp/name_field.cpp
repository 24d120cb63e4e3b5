#include "bcbp/name_field.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "bcbp/name_reader.h"
#include "bcbp/text.h"

namespace paxid::bcbp {
namespace {

// The first 20 bytes of a name as an airline prints it, and whether more would follow.
struct Print {
  std::array<char, kNameFieldBytes> bytes{};
  std::size_t length = 0;  // of the whole name, may exceed the field

  void add(char c) {
    if (length < bytes.size()) bytes[length] = c;
    ++length;
  }
  void add(std::string_view text) {
    for (const char c : text) add(c);
  }
  std::string_view field() const { return {bytes.data(), std::min(length, bytes.size())}; }
};

// How a system writes a blank, hyphen or apostrophe inside a name.
enum class Separators : std::uint8_t { kKept, kBlanked, kHyphensRemoved, kRemoved };
constexpr std::array kAllSeparators{Separators::kKept, Separators::kBlanked,
                                    Separators::kHyphensRemoved, Separators::kRemoved};

std::string spell(std::string_view name, Separators separators) {
  std::string out;
  for (const char c : trim(name)) {
    const bool mark = c == '-' || c == '\'';
    if (!mark && c != ' ') {
      out += to_upper(c);
    } else if (separators == Separators::kKept) {
      out += c;
    } else if (separators == Separators::kBlanked ||
               (separators == Separators::kHyphensRemoved && !mark)) {
      if (!out.empty() && out.back() != ' ') out += ' ';
    }
  }
  return out;
}

std::vector<std::string> spellings(std::string_view name) {
  std::vector<std::string> all;
  if (name.find_first_of(" -'") == std::string_view::npos) {
    all.push_back(upper(name));
    return all;
  }
  for (const Separators separators : kAllSeparators) {
    std::string spelling = spell(name, separators);
    if (std::find(all.begin(), all.end(), spelling) == all.end())
      all.push_back(std::move(spelling));
  }
  return all;
}

// Visits the name with a word behind it: without it, spaced, glued. A visit that returns false is
// the last one, and is told.
template <class Visit>
bool with_tail(const std::string& name, const std::string& tail, Visit visit) {
  if (!visit(name)) return false;
  if (tail.empty()) return true;
  if (name.empty()) return visit(tail);
  return visit(name + " " + tail) && visit(name + tail);
}

// What stands in a slot that has no name: nothing, or the word that says so (IATA AIRIMP).
std::vector<std::string> slot_spellings(std::string_view name) {
  if (has_letter(name)) return spellings(name);
  return {"", "FNU", "LNU"};
}

std::vector<std::string> tails_of(const BookedName& booking) {
  std::vector<std::string> tails;
  const std::string title = spell(booking.title, Separators::kBlanked);
  const std::string type = spell(booking.ptc, Separators::kBlanked);
  with_tail(title, type, [&tails](const std::string& tail) {
    if (!tail.empty()) tails.push_back(tail);
    std::string glued = spell(tail, Separators::kRemoved);
    if (!glued.empty() && glued != tail) tails.push_back(std::move(glued));
    return true;
  });
  if (!type.empty()) tails.push_back(type);
  return tails;
}

struct GivenPrint {
  const std::string& text;  // given names, title
  bool whole;               // no given name was dropped
};

// Everything an airline may print behind the slash: all given names or the first few, a suffix, a
// title. Put together one by one, as most fields show the first of them.
class GivenPrints {
 public:
  explicit GivenPrints(const BookedName& booking)
      : booking_(booking), words_(words_of(spell(booking.given, Separators::kKept))) {}

  // As with_tail().
  template <class Visit>
  bool with_suffix(const std::string& suffix, Visit visit) {
    for (std::size_t count = words_.size();; --count) {
      const bool whole = count == words_.size();
      const auto end = words_.begin() + static_cast<std::ptrdiff_t>(count);
      for (const std::string& given : slot_spellings(join({words_.begin(), end}))) {
        const bool more = with_tail(given, suffix, [&](const std::string& name) {
          return visit(GivenPrint{name, whole}) && titled(name, whole, visit);
        });
        if (!more) return false;
      }
      if (count <= 1) return true;
    }
  }

 private:
  template <class Visit>
  bool titled(const std::string& name, bool whole, Visit visit) {
    if (!tails_) tails_ = tails_of(booking_);
    return std::all_of(tails_->begin(), tails_->end(), [&](const std::string& tail) {
      return with_tail(name, tail, [&](const std::string& text) {
        return visit(GivenPrint{text, whole});
      });
    });
  }

  const BookedName& booking_;
  const std::vector<std::string> words_;
  std::optional<std::vector<std::string>> tails_;
};

// Padded to the field's size.
struct FieldText {
  std::array<char, kNameFieldBytes> bytes{};

  explicit FieldText(std::string_view text) {
    bytes.fill(' ');
    std::transform(text.begin(), text.end(), bytes.begin(), to_upper);
  }
  bool equals(const Print& print) const {
    const std::string_view field = print.field();
    return std::equal(field.begin(), field.end(), bytes.begin()) &&
           std::all_of(bytes.begin() + static_cast<std::ptrdiff_t>(field.size()), bytes.end(),
                       [](char c) { return c == ' '; });
  }
};

// Weighs one way of printing against the field, and keeps the better verdict.
void weigh(const FieldText& field, std::string_view pass_text, std::string_view surname,
           const GivenPrint& given, CutVerdict& best) {
  Print print;
  print.add(surname);
  if (!given.text.empty()) {
    print.add('/');
    print.add(given.text);
  }
  if (field.equals(print)) {
    const bool entire = print.length <= kNameFieldBytes;
    const CutReason reason = !entire       ? CutReason::kCutAtFieldEnd
                             : given.whole ? CutReason::kWhole
                                           : CutReason::kNamesDropped;
    if (!best.legal || reason < best.reason) best = {true, reason};
    return;
  }
  const std::string_view start = print.field().substr(0, pass_text.size());
  if (!best.legal && print.length > pass_text.size() && start == pass_text) {
    best.reason = CutReason::kNotFull;
  }
}

// A surname that leaves no room is cut to 18 bytes, so that the slash and one letter fit; or
// the given names are not printed at all.
CutVerdict weigh_long_surname(std::string_view pass_text, std::string_view surname,
                              const std::string& given) {
  constexpr std::size_t kLongestSurname = kNameFieldBytes - 2;
  if (surname.size() <= kLongestSurname) return {};
  if (pass_text == surname) return {true, CutReason::kGivenNameDropped};
  if (given.empty()) return {};
  const std::string initial = std::string(surname.substr(0, kLongestSurname)) + "/" + given[0];
  if (pass_text == initial) return {true, CutReason::kCutWithInitials};
  return {};
}

// Whether a print that begins with the surname can be the field, or go on behind it.
bool may_begin_with(std::string_view pass_text, std::string_view surname) {
  const std::size_t both = std::min(pass_text.size(), surname.size());
  return pass_text.substr(0, both) == surname.substr(0, both);
}

CutVerdict compare_with_prints(const std::string& pass_text, const BookedName& booking) {
  const FieldText field(pass_text);
  const std::string suffix = spell(booking.suffix, Separators::kRemoved);
  const std::string joined_given = spell(booking.given, Separators::kRemoved);
  GivenPrints givens(booking);
  CutVerdict best;
  for (const std::string& spelling : slot_spellings(booking.surname)) {
    const bool more = with_tail(spelling, suffix, [&](const std::string& surname) {
      if (may_begin_with(pass_text, surname)) {
        // A suffix is printed once.
        const bool has_suffix = surname.size() > spelling.size();
        givens.with_suffix(has_suffix ? std::string() : suffix, [&](const GivenPrint& given) {
          weigh(field, pass_text, surname, given, best);
          return best.reason != CutReason::kWhole;
        });
      }
      const CutVerdict cut = weigh_long_surname(pass_text, surname, joined_given);
      if (cut.legal && !best.legal) best = cut;
      return best.reason != CutReason::kWhole;  // there is no better one
    });
    if (!more) break;
  }
  return best;
}

}  // namespace

bool is_full_name_field(std::string_view field) {
  return field.size() >= kNameFieldBytes && field.back() != ' ';
}

std::vector<NameCandidate> name_field_candidates(std::string_view field) {
  return read_name(trim(field), is_full_name_field(field));
}

BookedName to_booked_name(const NameCandidate& candidate) {
  return {candidate.surname, candidate.given, candidate.title, candidate.suffix, candidate.ptc};
}

CutVerdict is_legal_cut(std::string_view pass_name, const BookedName& booking) {
  const bool too_long = booking.surname.size() + booking.given.size() > kMaxBookingNameBytes;
  if (pass_name.size() > kNameFieldBytes || too_long) return {};
  if (!has_letter(pass_name) || !(has_letter(booking.surname) || has_letter(booking.given))) {
    return {false, CutReason::kNoName};
  }
  const std::string text = upper(trim_end(pass_name));
  CutVerdict best = compare_with_prints(text, booking);
  // A slash with nothing behind it says no more than no slash.
  if (!best.legal && text.ends_with('/') && !text.ends_with(" /")) {
    best = compare_with_prints(text.substr(0, text.size() - 1), booking);
  }
  return best;
}

CutVerdict is_legal_cut(std::string_view pass_name, std::string_view booking_text) {
  CutVerdict best;
  for (const NameCandidate& candidate : booking_name_candidates(booking_text)) {
    const CutVerdict verdict = is_legal_cut(pass_name, to_booked_name(candidate));
    const bool better = verdict.legal ? !best.legal || verdict.reason < best.reason
                                      : !best.legal && best.reason == CutReason::kDifferent;
    if (better) best = verdict;
  }
  return best;
}

std::string_view name_of(CutReason reason) {
  switch (reason) {
    case CutReason::kWhole:
      return "WHOLE";
    case CutReason::kNamesDropped:
      return "NAMES_DROPPED";
    case CutReason::kGivenNameDropped:
      return "GIVEN_NAME_DROPPED";
    case CutReason::kCutAtFieldEnd:
      return "CUT_AT_FIELD_END";
    case CutReason::kCutWithInitials:
      return "CUT_WITH_INITIALS";
    case CutReason::kNotFull:
      return "NOT_FULL";
    case CutReason::kDifferent:
      return "DIFFERENT";
    case CutReason::kNoName:
      return "NO_NAME";
  }
  return "";
}

}  // namespace paxid::bcbp
