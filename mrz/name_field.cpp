#include "mrz/name_field.h"

#include <algorithm>
#include <optional>

#include "mrz/check_digit.h"
#include "mrz/glyph.h"

namespace paxid::mrz {
namespace {

// A shorter run of one letter is found in names.
constexpr std::size_t kSuspectRun = 4;
// So many runs are suggested as fillers.
constexpr std::size_t kMaxCandidates = 4;

bool is_one_of(std::string_view set, char cell) { return set.find(cell) != std::string_view::npos; }

// Cells [begin, end) of a field, all alike.
struct Run {
  std::size_t begin;
  std::size_t end;
  std::size_t size() const { return end - begin; }
};

Run run_at(std::string_view cells, std::size_t begin) {
  const std::size_t end = cells.find_first_not_of(cells[begin], begin);
  return {begin, std::min(end, cells.size())};
}

// A run of one filler-like letter, long enough or up to the end of the field, or a whole part
// of such letters after the name has ended.
bool is_suspect(const Run& run, std::string_view cells, std::size_t name_end) {
  // Brackets belong in no name: one is enough.
  if (is_one_of(kFillerLikeBrackets, cells[run.begin])) return true;
  if (!is_one_of(kFillerLikeLetters, cells[run.begin])) return false;
  const bool at_end = run.end == cells.size();
  const bool whole_part =
      run.begin > 0 && cells[run.begin - 1] == '<' && (at_end || cells[run.end] == '<');
  return run.size() >= kSuspectRun || (at_end && run.size() + 1 >= kSuspectRun) ||
         (whole_part && run.begin > name_end);
}

// The only pair of `letter` before `end`, where the separator may have stood.
std::optional<Run> only_pair(std::string_view cells, std::size_t end, char letter) {
  std::optional<Run> found;
  for (Run run = run_at(cells, 0); run.begin < end; run = run_at(cells, run.end)) {
    if (cells[run.begin] == letter && run.size() == 2) {
      if (found) return std::nullopt;
      found = run;
    }
    if (run.end == cells.size()) break;
  }
  return found;
}

// Where fillers may have been misread: the first such run is reported, and the first few are
// suggested. Without a separator in front, the one pair of the same letter is suggested as it.
void report_filler_misreads(std::string_view cells, const Span& place, Report& report) {
  const std::size_t name_end = cells.find("<<<");
  const auto suggest = [&](FindingCode code, const Run& run) {
    report.at(code, Field::kName, place.line, place.column + run.begin, "<",
              cells.substr(run.begin, 1));
  };
  std::size_t suggested = 0;
  for (std::size_t at = 0; at < cells.size() && suggested < kMaxCandidates;) {
    const Run run = run_at(cells, at);
    at = run.end;
    if (!is_suspect(run, cells, name_end)) continue;
    if (suggested++ == 0) {
      suggest(FindingCode::kSuspectFiller, run);
      const bool separated = cells.substr(0, run.begin).find("<<") != std::string_view::npos;
      const auto pair = only_pair(cells, run.begin, cells[run.begin]);
      if (!separated && pair) suggest(FindingCode::kRepairCandidate, *pair);
    }
    suggest(FindingCode::kRepairCandidate, run);
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

// The parts of an identifier with one blank between them, without fillers around them.
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

}  // namespace

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

NameField names_of_two_fields(std::string_view primary, const Span& primary_place,
                              std::string_view secondary, const Span& secondary_place,
                              Report& report) {
  NameField result;
  result.primary = join_parts(primary);
  result.secondary = join_parts(secondary);
  result.maybe_truncated = primary.back() != '<' || secondary.back() != '<';
  const std::string_view name = without_trailing_fillers(primary);
  if (name.empty()) {
    report.at(FindingCode::kEmptyName, Field::kName, primary_place);
  } else if (name.front() == '<') {
    report.at(FindingCode::kExtraSeparator, Field::kName, primary_place);
  } else {
    report_extra_separators(name, 0, primary_place, report);
  }
  report_filler_misreads(primary, primary_place, report);
  report_filler_misreads(secondary, secondary_place, report);
  return result;
}

}  // namespace paxid::mrz
