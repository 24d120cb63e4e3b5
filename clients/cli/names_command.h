#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "clients/cli/terminal.h"

namespace paxid::cli {

// Spellings of one word that are listed when a request does not say how many, and at most.
inline constexpr std::size_t kUsualSpellings = 10;
inline constexpr std::size_t kMaxSpellings = 100;

// One request of `paxid names spell --jsonl` (docs/line_protocol.md): {"name"} and, if known,
// "language" and "limit". Answers with the likely Latin spellings of each word, their bits
// and the standards that write them so. Refused with MISSING_NAME or BAD_LIMIT.
nlohmann::json answer_names_spell(const nlohmann::json& request);

// The answer for a person to read.
std::string spelling_card(const nlohmann::json& answer, const TextStyle& style);

// The ids of the standards that write a native word, or run of words, as `latin`; empty when
// neither text is native or no standard does. The order of the two does not matter.
std::vector<std::string_view> standards_between(std::string_view a, std::string_view b,
                                                std::string_view language);

}  // namespace paxid::cli
