#include "transliteration/spacing.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include "base/utf8.h"
#include "transliteration/script.h"
#include "transliteration/tables.h"

namespace paxid::transliteration {
namespace {

constexpr std::size_t kLongestJapaneseSurname = 4;
constexpr std::size_t kLongestJapaneseName = 8;
constexpr auto kKoreanSurnames = std::to_array<std::u32string_view>(
    {U"남궁", U"황보", U"제갈", U"사공", U"선우", U"서문", U"독고", U"동방"});
constexpr auto kChineseSurnames = std::to_array<std::u32string_view>(
    {U"歐陽", U"欧阳", U"司徒", U"司馬", U"司马", U"上官", U"諸葛", U"诸葛", U"皇甫", U"尉遲",
     U"尉迟", U"令狐", U"公孫", U"公孙", U"慕容", U"夏侯", U"端木", U"東方", U"东方", U"西門",
     U"西门", U"南宮", U"南宫", U"長孫", U"长孙", U"宇文", U"鮮于", U"鲜于", U"獨孤", U"独孤",
     U"拓跋", U"呼延", U"澹臺", U"澹台", U"軒轅", U"轩辕", U"申屠", U"太史", U"聞人", U"闻人"});

bool starts_with_one_of(std::u32string_view text, std::span<const std::u32string_view> heads) {
  return std::any_of(heads.begin(), heads.end(),
                     [&](std::u32string_view head) { return text.starts_with(head); });
}

// Where the dictionary of readings knows a surname and a given name side by side, the longer
// surname of two.
std::optional<std::size_t> japanese_surname_length(std::u32string_view text) {
  if (find_japanese_name(text)) return std::nullopt;
  for (std::size_t at = std::min(text.size() - 1, kLongestJapaneseSurname); at > 0; --at) {
    const auto surname = find_japanese_name(text.substr(0, at));
    const auto given = find_japanese_name(text.substr(at));
    if (surname && surname->surname && given && given->given) return at;
  }
  return text.size() == 4 ? std::optional<std::size_t>(2) : std::nullopt;
}

// The characters of the surname, or nothing where the script does not tell.
std::optional<std::size_t> surname_length(std::u32string_view text, std::string_view language) {
  const auto all_of_script = [&](Script script) {
    return std::all_of(text.begin(), text.end(),
                       [&](char32_t c) { return script_of(c) == script; });
  };
  if (text.size() < 2 || text.size() > kLongestJapaneseName) return std::nullopt;
  const bool japanese = std::all_of(text.begin(), text.end(), [](char32_t c) {
    return script_of(c) == Script::kHan || script_of(c) == Script::kKana;
  });
  if (language == "ja" && japanese && script_of(text[0]) == Script::kHan) {
    return japanese_surname_length(text);
  }
  if (text.size() > 4) return std::nullopt;
  if (all_of_script(Script::kHangul)) {
    return text.size() >= 3 && starts_with_one_of(text, kKoreanSurnames) ? 2 : 1;
  }
  if (!all_of_script(Script::kHan)) return std::nullopt;
  if (text.size() >= 3 && starts_with_one_of(text, kChineseSurnames)) return 2;
  // A Chinese name of four characters mostly has a married woman's two surnames; without a
  // language it is more likely Japanese.
  return language.empty() && text.size() == 4 ? 2 : 1;
}

}  // namespace

std::string with_name_space(std::string_view text, std::string_view language) {
  // No name in Hangul or Han opens with ASCII.
  if (text.empty() || static_cast<unsigned char>(text[0]) < 0x80) return std::string(text);
  const auto points = base::to_code_points(text);
  const auto length = points ? surname_length(*points, language) : std::nullopt;
  if (!length) return std::string(text);
  std::string spaced;
  for (std::size_t i = 0; i < points->size(); ++i) {
    if (i == *length) spaced += ' ';
    base::append_utf8(spaced, (*points)[i]);
  }
  return spaced;
}

}  // namespace paxid::transliteration
