#include "mrz/keyboard.h"

#include <string_view>

#include "mrz/checks.h"
#include "mrz/state_code.h"

namespace paxid::mrz {
namespace {

char exchanged(char cell) { return cell == 'Y' ? 'Z' : cell == 'Z' ? 'Y' : cell; }

// The first cell that changes; absent when there is none.
Span exchange_all(const Layout& layout, Cells& cells) {
  Span first;
  for (std::size_t line = layout.lines; line-- > 0;) {
    for (std::size_t i = layout.widths[line]; i-- > 0;) {
      char& cell = cells[line][i];
      if (exchanged(cell) == cell) continue;
      cell = exchanged(cell);
      first = {static_cast<std::uint8_t>(line + 1), static_cast<std::uint8_t>(i + 1), 1};
    }
  }
  return first;
}

Checks checks_of(const Layout& layout, const Cells& cells) {
  Reading reading;
  Report unread(reading.findings, false);
  check_digits(layout, cells, number_parts(layout, cells), reading, unread);
  return reading.checks;
}

struct Witnesses {
  int in_favour = 0;
  bool against = false;

  void hear(bool right_before, bool right_after) {
    if (right_after && !right_before) ++in_favour;
    if (right_before && !right_after) against = true;
  }
};

void hear_digits(const Checks& before, const Checks& after, Witnesses& witnesses) {
  const auto agrees = [](Check check) { return check != Check::kContradicted; };
  witnesses.hear(agrees(before.document_number), agrees(after.document_number));
  witnesses.hear(agrees(before.optional), agrees(after.optional));
  // The composite digit repeats what these two say, and is a witness of its own only to optional
  // data without a digit.
  if (witnesses.in_favour == 0) witnesses.hear(agrees(before.composite), agrees(after.composite));
  for (const Check check : {after.document_number, after.birth_date, after.expiry_date,
                            after.optional, after.composite}) {
    witnesses.against = witnesses.against || !agrees(check);
  }
}

void hear_code(const Span& place, const Cells& before, const Cells& after, Witnesses& witnesses) {
  const auto is_known = [&place](const Cells& cells) {
    const std::string_view code = place.in(cells);
    return state_code(code.substr(0, code.find_last_not_of('<') + 1)) != StateCode::kUnknown;
  };
  if (place.present()) witnesses.hear(is_known(before), is_known(after));
}

}  // namespace

void exchange_keys(const Layout& layout, bool filler_key, Cells& cells, Report& report) {
  if (report.strict()) return;
  Cells after = cells;
  const Span first = exchange_all(layout, after);
  if (!first.present()) return;
  Witnesses witnesses;
  hear_digits(checks_of(layout, cells), checks_of(layout, after), witnesses);
  hear_code(layout.issuer, cells, after, witnesses);
  hear_code(layout.nationality, cells, after, witnesses);
  if (filler_key) ++witnesses.in_favour;
  if (witnesses.against || witnesses.in_favour == 0) return;
  constexpr int kEnough = 2;
  const bool sure = witnesses.in_favour >= kEnough;
  report.at(sure ? FindingCode::kKeyboardLayout : FindingCode::kKeyboardUncertain, Field::kNone,
            first, first.in(after), first.in(cells));
  if (sure) cells = after;
}

}  // namespace paxid::mrz
