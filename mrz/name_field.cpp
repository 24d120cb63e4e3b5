#include "mrz/name_field.h"

#include <algorithm>

#include "mrz/check_digit.h"

namespace paxid::mrz {
namespace {

// What reading makes of a filler, by its shape.
constexpr std::string_view kFillerLike = "KCLESXVGR";
// A shorter run of one letter is found in names.
constexpr std::size_t kSuspectRun = 4;

bool is_filler_like(char cell) { return kFillerLike.find(cell) != std::string_view::npos; }

void suspect(std::size_t index, std::string_view cells, const Span& place, Report& report) {
  report.at(FindingCode::kSuspectFiller, Field::kName, place.line, place.column + index, "<",
            cells.substr(index, 1));
}

// A run of one filler-like letter, long enough or up to the end of the field, or a whole part
// of such letters after the name has ended.
void report_filler_misreads(std::string_view cells, const Span& place, Report& report) {
  const std::size_t name_end = cells.find("<<<");
  for (std::size_t i = 0; i < cells.size();) {
    std::size_t end = i + 1;
    while (end < cells.size() && cells[end] == cells[i]) ++end;
    const bool at_end = end == cells.size();
    const bool whole_part = i > 0 && cells[i - 1] == '<' && (at_end || cells[end] == '<');
    const bool after_name = name_end != std::string_view::npos && i > name_end;
    if (is_filler_like(cells[i]) &&
        (end - i >= kSuspectRun || (at_end && end - i + 1 >= kSuspectRun) ||
         (whole_part && after_name))) {
      return suspect(i, cells, place, report);
    }
    i = end;
  }
}

// `PRIMARY<KSECONDARY` or `PRIMARYK<SECONDARY`: one filler of the separator read as K. No digit
// covers the name, so this stays a question.
void report_uncertain_separator(std::string_view name, std::size_t offset, const Span& place,
                                Report& report) {
  for (std::size_t i = 1; i + 1 < name.size(); ++i) {
    if (name[i] != '<') continue;
    const std::size_t k = name[i + 1] == 'K'   ? i + 1
                          : name[i - 1] == 'K' ? i - 1
                                               : std::string_view::npos;
    if (k == std::string_view::npos || k == 0 || k + 1 == name.size()) continue;
    return report.at(FindingCode::kNameUncertain, Field::kName, place.line,
                     place.column + offset + k, "<", "K");
  }
}

void report_extra_separators(std::string_view cells, std::size_t from, const Span& place,
                             Report& report) {
  std::size_t run = 0;
  for (std::size_t i = from; i < cells.size(); ++i) {
    if (cells[i] == '<') {
      ++run;
      continue;
    }
    if (run > 1) {
      return report.at(FindingCode::kExtraSeparator, Field::kName, place.line,
                       place.column + i - run);
    }
    run = 0;
  }
}

std::string_view without_trailing_fillers(std::string_view cells) {
  const std::size_t last = cells.find_last_not_of('<');
  return cells.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

}  // namespace

FixedText<39> join_parts(std::string_view cells) {
  FixedText<39> text;
  bool gap = false;
  for (char cell : cells) {
    if (cell == '<') {
      gap = !text.empty();
      continue;
    }
    if (gap) text.push_back(' ');
    gap = false;
    text.push_back(cell);
  }
  return text;
}

NameField split_name(std::string_view cells, const Span& place, Report& report) {
  NameField result;
  result.maybe_truncated = cells.back() != '<';
  const std::string_view name = without_trailing_fillers(cells);
  if (name.empty()) {
    report.at(FindingCode::kEmptyName, Field::kName, place);
    return result;
  }
  const std::size_t start = name.find_first_not_of('<');
  if (start >= 2) {
    report.at(FindingCode::kNoPrimary, Field::kName, place);
    result.secondary = join_parts(name);
    report_extra_separators(name, start, place, report);
    report_filler_misreads(cells, place, report);
    return result;
  }
  if (start == 1) report.at(FindingCode::kExtraSeparator, Field::kName, place);
  const std::size_t separator = name.find("<<", start);
  result.primary = join_parts(name.substr(0, separator));
  if (separator == std::string_view::npos) {
    report_uncertain_separator(name.substr(start), start, place, report);
  } else {
    result.secondary = join_parts(name.substr(separator));
    if (name.substr(separator, 3) == "<<<") {
      report.at(FindingCode::kExtraSeparator, Field::kName, place.line, place.column + separator);
    }
    report_extra_separators(name, name.find_first_not_of('<', separator), place, report);
  }
  report_filler_misreads(cells, place, report);
  return result;
}

}  // namespace paxid::mrz
