#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "messages/catalogue.h"
#include "verification/verdict.h"

namespace paxid::cli {

// Lines under the verdict that say where it comes from ("record", "policy", ...).
struct CardLine {
  std::string label;
  std::string text;
};

// A verdict for eyes: the word, the confidence, one sentence, the two names one above the
// other with every differing letter marked, the reasons that count most, and `lines`. With
// `colour` the word and the differing letters are coloured too; colour never says anything
// that the text does not. Control characters of the input are replaced. Ends with a line feed.
std::string verdict_card(const verification::VerdictReport& report,
                         const std::vector<CardLine>& lines, bool colour,
                         messages::Language language = messages::Language::kEnglish);

// The same for programs: verdict, confidence, log_odds, sentence, reasons, findings,
// counterfactuals, alignment.
nlohmann::json verdict_json(const verification::VerdictReport& report,
                            messages::Language language = messages::Language::kEnglish);

// 0 MATCH, 3 REVIEW, 4 MISMATCH.
int exit_status_of(verification::Verdict verdict);

}  // namespace paxid::cli
