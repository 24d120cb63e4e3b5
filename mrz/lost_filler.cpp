#include "mrz/lost_filler.h"

#include <algorithm>
#include <array>

#include "mrz/plain.h"

namespace paxid::mrz {
namespace {

// Where a filler can go into a line or out of it: the first cell of each run, from 0.
struct Places {
  std::array<std::uint8_t, kMaxWidth> at{};
  std::size_t count = 0;
};

// The ways to give the lines their lengths, and the one that is being tried.
struct Trial {
  const Shape* shape = nullptr;
  std::span<const RawLine> lines;
  std::array<Places, kMaxLines> places;
  std::array<std::size_t, kMaxLines> chosen{};

  bool is_changed(std::size_t line) const { return lines[line].width != shape->widths[line]; }

  // Goes on to the next combination; false after the last.
  bool advance() {
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (!is_changed(i)) continue;
      if (++chosen[i] < places[i].count) return true;
      chosen[i] = 0;
    }
    return false;
  }

  FixedText<kMaxLines*(kMaxWidth + 1)> text() const {
    FixedText<kMaxLines*(kMaxWidth + 1)> text;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const bool doubled = lines[i].width > shape->widths[i];
      for (std::size_t k = 0; k < lines[i].text.size(); ++k) {
        const bool here = is_changed(i) && k == places[i].at[chosen[i]];
        if (here && doubled) continue;
        if (here) text.push_back('<');
        text.push_back(lines[i].text[k]);
      }
      text.push_back('\n');
    }
    return text;
  }
};

// The line of names alone: the last of TD1, the first of the others.
bool is_name_line(const Shape& shape, std::size_t line) {
  return line == (shape.lines == 3 ? 2 : 0);
}

Places places_in(std::string_view cells, bool only_the_end) {
  Places places;
  for (std::size_t i = 0; i < cells.size() && places.count < kMaxWidth; ++i) {
    const bool starts = cells[i] == '<' && (i == 0 || cells[i - 1] != '<');
    const bool at_end = cells.find_first_not_of('<', i) == std::string_view::npos;
    if (starts && (at_end || !only_the_end)) {
      places.at[places.count++] = static_cast<std::uint8_t>(i);
    }
  }
  return places;
}

bool prepare(const Shape& shape, std::span<const RawLine> lines, Trial& trial) {
  trial.shape = &shape;
  trial.lines = lines;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::size_t width = lines[i].width;
    if (!lines[i].clean || width + 1 < shape.widths[i] || width > shape.widths[i] + 1) return false;
    if (!trial.is_changed(i)) continue;
    trial.places[i] = places_in(lines[i].text, is_name_line(shape, i));
    if (trial.places[i].count == 0) return false;
  }
  return true;
}

void report_trial(const Trial& trial, Report& report) {
  for (std::size_t i = 0; i < trial.lines.size(); ++i) {
    if (!trial.is_changed(i)) continue;
    const bool doubled = trial.lines[i].width > trial.shape->widths[i];
    // The cell too many at the end of a line has no column in the zone.
    const std::size_t column =
        std::min<std::size_t>(trial.places[i].at[trial.chosen[i]] + 1u, trial.shape->widths[i]);
    report.at(FindingCode::kRepairCandidate, Field::kNone, i + 1, column, doubled ? "" : "<",
              doubled ? "<" : "");
  }
}

}  // namespace

void suggest_fillers(const Shape& shape, std::span<const RawLine> lines, Report& report) {
  Trial trial;
  if (lines.size() != shape.lines || !prepare(shape, lines, trial)) return;
  Trial found;
  std::size_t agreeing = 0;
  std::size_t tried = 0;
  do {
    if (++tried > kMaxTrials) return report.add(FindingCode::kRepairAmbiguous);
    // The lines have the lengths of the shape now, so this does not come here again.
    if (!read_by_stages(trial.text(), ReadOptions{}).ok) continue;
    ++agreeing;
    found = trial;
  } while (trial.advance());
  if (agreeing == 1) report_trial(found, report);
  if (agreeing > 1) report.add(FindingCode::kRepairAmbiguous);
}

}  // namespace paxid::mrz
