#include "mrz/rendering.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/check.h"
#include "mrz/check_digit.h"
#include "transliteration/word.h"

namespace paxid::mrz {
namespace {

using Forms = std::vector<std::string>;  // the ways in which a zone may print one word

struct Identifiers {
  std::vector<std::string_view> primary;
  std::vector<std::string_view> secondary;
};

// The parts of an identifier; nothing when two fillers follow each other.
std::optional<std::vector<std::string_view>> parts_of(std::string_view cells) {
  std::vector<std::string_view> parts;
  while (!cells.empty()) {
    const std::size_t size = std::min(cells.find('<'), cells.size());
    if (size == 0 || size + 1 == cells.size()) return std::nullopt;
    parts.push_back(cells.substr(0, size));
    cells.remove_prefix(std::min(size + 1, cells.size()));
  }
  return parts;
}

std::optional<Identifiers> identifiers_of(std::string_view cells) {
  const auto is_name_cell = [](char cell) { return is_letter(cell) || cell == '<'; };
  if (!std::all_of(cells.begin(), cells.end(), is_name_cell)) return std::nullopt;
  const std::string_view name = cells.substr(0, cells.find_last_not_of('<') + 1);
  const std::size_t separator = name.find("<<");
  auto primary = parts_of(name.substr(0, separator));
  auto secondary = parts_of(separator == std::string_view::npos ? std::string_view()
                                                                : name.substr(separator + 2));
  if (!primary || !secondary) return std::nullopt;
  return Identifiers{std::move(*primary), std::move(*secondary)};
}

std::optional<std::vector<Forms>> words_of(std::string_view text, std::string_view language) {
  const auto read = transliteration::read_words(text, language);
  if (read.unsupported != transliteration::Script::kNone) return std::nullopt;
  std::vector<Forms> words;
  for (const auto& word : read.words) {
    Forms forms{word.letters};
    for (const auto& other : word.other_forms) forms.push_back(other.letters);
    if (!word.lattice.edges.empty()) {
      for (auto& other : cheapest_forms(word.lattice, transliteration::kMaxForms)) {
        forms.push_back(std::move(other.letters));
      }
    }
    words.push_back(std::move(forms));
  }
  return words;
}

// What one identifier makes of the parts in the field.
struct Match {
  Rendering rendering = Rendering::kWhole;
  std::size_t longest = 0;  // cells that the whole identifier may take
};

std::size_t longest_of(const Forms& forms, std::string_view beginning) {
  std::size_t longest = 0;
  for (const std::string& form : forms) {
    if (form.starts_with(beginning)) longest = std::max(longest, form.size());
  }
  return longest;
}

Match match(const std::vector<std::string_view>& parts, const std::vector<Forms>& words) {
  if (parts.size() > words.size()) return {Rendering::kExtraPart, 0};
  Match result;
  if (parts.size() < words.size()) result.rendering = Rendering::kCut;
  result.longest = words.empty() ? 0 : words.size() - 1;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view part = i < parts.size() ? parts[i] : std::string_view();
    const std::size_t longest = longest_of(words[i], part);
    if (longest == 0) return {Rendering::kPartDiffers, 0};
    result.longest += longest;
    if (std::find(words[i].begin(), words[i].end(), part) == words[i].end()) {
      result.rendering = Rendering::kCut;
    }
  }
  return result;
}

Rendering judge_cut(std::string_view cells, const Identifiers& field, const Match& primary,
                    const Match& secondary, std::size_t all_parts) {
  const bool parts_missing = field.primary.size() + field.secondary.size() < all_parts;
  const bool no_secondary = field.secondary.empty() && secondary.longest != 0;
  if (no_secondary || (field.primary.empty() && primary.longest != 0)) {
    return Rendering::kPartMissing;
  }
  if (cells.back() == '<') {
    return parts_missing ? Rendering::kPartMissing : Rendering::kCutBeforeTheEnd;
  }
  const std::size_t separator = secondary.longest == 0 ? 0 : 2;
  const bool fits = primary.longest + separator + secondary.longest <= cells.size();
  return fits ? Rendering::kCutWithoutNeed : Rendering::kCut;
}

}  // namespace

Rendering rendering_of(std::string_view cells, const VisualName& name) {
  const auto primary_words = words_of(name.primary, name.language);
  const auto secondary_words = words_of(name.secondary, name.language);
  if (!primary_words || !secondary_words) return Rendering::kNoName;
  if (primary_words->empty() && secondary_words->empty()) return Rendering::kNoName;
  const auto field = identifiers_of(cells);
  if (!field) return Rendering::kMalformedField;
  const Match primary = match(field->primary, *primary_words);
  const Match secondary = match(field->secondary, *secondary_words);
  for (const Match& one : {primary, secondary}) {
    if (!is_legal(one.rendering)) return one.rendering;
  }
  if (primary.rendering == Rendering::kWhole && secondary.rendering == Rendering::kWhole) {
    return Rendering::kWhole;
  }
  return judge_cut(cells, *field, primary, secondary,
                   primary_words->size() + secondary_words->size());
}

std::string_view name_of(Rendering rendering) {
  switch (rendering) {
    case Rendering::kWhole:
      return "WHOLE";
    case Rendering::kCut:
      return "CUT";
    case Rendering::kNoName:
      return "NO_NAME";
    case Rendering::kMalformedField:
      return "MALFORMED_FIELD";
    case Rendering::kPartDiffers:
      return "PART_DIFFERS";
    case Rendering::kExtraPart:
      return "EXTRA_PART";
    case Rendering::kPartMissing:
      return "PART_MISSING";
    case Rendering::kCutWithoutNeed:
      return "CUT_WITHOUT_NEED";
    case Rendering::kCutBeforeTheEnd:
      return "CUT_BEFORE_THE_END";
  }
  PAXID_CHECK(false);
}

}  // namespace paxid::mrz
