#include "clients/cli/verdict_card.h"

#include <algorithm>
#include <cstdio>
#include <string_view>

#include "clients/cli/terminal.h"

namespace paxid::cli {
namespace {

namespace ver = verification;
using nlohmann::json;

constexpr std::size_t kShownReasons = 5;
constexpr std::string_view kReset = "\033[0m";
constexpr std::string_view kDifference = "\033[1;4m";

std::string_view colour_of(ver::Verdict verdict) {
  switch (verdict) {
    case ver::Verdict::kMatch:
      return "\033[1;32m";
    case ver::Verdict::kReview:
      return "\033[1;33m";
    case ver::Verdict::kMismatch:
      return "\033[1;31m";
  }
  return "";
}

// The verdict differs in its shape as well: colour is never the only signal.
std::string_view shape_of(ver::Verdict verdict) {
  switch (verdict) {
    case ver::Verdict::kMatch:
      return "●";
    case ver::Verdict::kReview:
      return "▲";
    case ver::Verdict::kMismatch:
      return "■";
  }
  return "";
}

std::string percent(double confidence) {
  if (confidence > 0.999) return "> 99.9 %";
  if (confidence < 0.001) return "< 0.1 %";
  char text[16];
  std::snprintf(text, sizeof text, "%.1f %%", confidence * 100);
  return text;
}

std::string signed_bits(double bits) {
  char text[32];
  std::snprintf(text, sizeof text, "%+7.1f", bits);
  return text;
}

// One of the two names, part by part in columns, and the marks under or over it.
struct NameRow {
  std::string text;
  std::string marks;
  bool marked = false;

  void add(const std::string& part, const std::vector<int>& differences, std::size_t width,
           bool colour) {
    const auto letters = printable_characters(part);
    for (std::size_t i = 0; i < letters.size(); ++i) {
      const bool differs = std::find(differences.begin(), differences.end(), static_cast<int>(i)) !=
                           differences.end();
      if (differs && colour) text += kDifference;
      text += letters[i];
      if (differs && colour) text += kReset;
      marks += differs ? '^' : ' ';
      marked = marked || differs;
    }
    text.append(width - letters.size() + 2, ' ');
    marks.append(width - letters.size() + 2, ' ');
  }
};

std::string trimmed(std::string text) {
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

std::string alignment_lines(const std::vector<ver::AlignedPart>& alignment, bool colour) {
  if (alignment.empty()) return "";
  NameRow booking;
  NameRow document;
  for (const ver::AlignedPart& part : alignment) {
    const std::string& a = part.booking_part.reveal();
    const std::string& b = part.document_part.reveal();
    // A part that the other side lacks stands over dashes of its length.
    const std::size_t width =
        std::max(printable_characters(a).size(), printable_characters(b).size());
    booking.add(a.empty() ? std::string(width, '-') : a, part.booking_differences, width, colour);
    document.add(b.empty() ? std::string(width, '-') : b, part.document_differences, width, colour);
  }
  std::string lines = "\n";
  const std::string indent(12, ' ');
  if (booking.marked) {
    std::replace(booking.marks.begin(), booking.marks.end(), '^', 'v');
    lines += trimmed(indent + booking.marks) + "\n";
  }
  lines += trimmed("  booking   " + booking.text) + "\n";
  lines += trimmed("  document  " + document.text) + "\n";
  if (document.marked) lines += trimmed(indent + document.marks) + "\n";
  return lines;
}

std::string confidence_line(double confidence, messages::Language language) {
  return messages::render(
             {"ONE_PERSON", {{"probability", base::PersonalText(percent(confidence))}}, {}},
             language) +
         "  (" + messages::text_of("AUTOMATIC_SUGGESTION", language) + ")";
}

// A server of another version may wish for what these catalogues have no sentence for.
bool can_render(const ver::Counterfactual& counterfactual) {
  return !counterfactual.wishes.empty() &&
         std::all_of(counterfactual.wishes.begin(), counterfactual.wishes.end(),
                     messages::can_render);
}

std::string text_of(const ver::Counterfactual& counterfactual, messages::Language language) {
  if (!can_render(counterfactual)) return messages::render(counterfactual.text, language);
  return messages::render_counterfactual(ver::name_of(counterfactual.verdict),
                                         counterfactual.wishes, language);
}

// Fit to be printed: what a catalogue rendered is, and keeps the marks that set a name apart
// from a text of the other direction.
std::string shown(const base::Message& message, messages::Language language) {
  const std::string text = messages::render(message, language);
  return messages::can_render(message) ? text : printable(text);
}

std::string shown(const ver::Counterfactual& counterfactual, messages::Language language) {
  const std::string text = text_of(counterfactual, language);
  return can_render(counterfactual) ? text : printable(text);
}

std::string reason_lines(const std::vector<ver::Reason>& reasons, messages::Language language) {
  std::string lines;
  for (std::size_t i = 0; i < reasons.size() && i < kShownReasons; ++i) {
    const ver::Reason& reason = reasons[i];
    // A rule has no bits of its own: it limits the verdict.
    lines += (reason.bits == 0 ? std::string(12, ' ') : signed_bits(reason.bits) + " bits") + "  " +
             printable(std::string(reason.code)) + ": " + shown(reason.text, language) + "\n";
  }
  if (reasons.size() > kShownReasons) {
    lines += "              and " + std::to_string(reasons.size() - kShownReasons) + " more\n";
  }
  return lines.empty() ? "" : "\n" + lines;
}

}  // namespace

int exit_status_of(ver::Verdict verdict) {
  switch (verdict) {
    case ver::Verdict::kMatch:
      return 0;
    case ver::Verdict::kReview:
      return 3;
    case ver::Verdict::kMismatch:
      return 4;
  }
  return 1;
}

std::string verdict_card(const ver::VerdictReport& report, const std::vector<CardLine>& lines,
                         bool colour, messages::Language language) {
  const std::string word =
      std::string(shape_of(report.verdict)) + " " + std::string(ver::name_of(report.verdict));
  std::string card =
      colour ? std::string(colour_of(report.verdict)) + word + std::string(kReset) : word;
  card += "  " + confidence_line(report.confidence, language) + "\n";
  if (!report.sentence.empty()) card += shown(report.sentence, language) + "\n";
  card += alignment_lines(report.alignment, colour);
  card += reason_lines(report.reasons, language);
  for (const ver::Counterfactual& counterfactual : report.counterfactuals) {
    card += "  " + shown(counterfactual, language) + "\n";
  }
  if (!lines.empty()) card += "\n";
  for (const CardLine& line : lines) {
    card += "  " + line.label +
            std::string(line.label.size() < 10 ? 10 - line.label.size() : 1, ' ') +
            printable(line.text) + "\n";
  }
  return card;
}

json verdict_json(const ver::VerdictReport& report, messages::Language language) {
  const auto severity = [](ver::Severity s) {
    return s == ver::Severity::kInfo ? "info" : s == ver::Severity::kWarning ? "warning" : "error";
  };
  json reasons = json::array();
  for (const ver::Reason& reason : report.reasons) {
    reasons.push_back({{"code", reason.code},
                       {"booking_part", reason.booking_part.reveal()},
                       {"document_part", reason.document_part.reveal()},
                       {"bits", reason.bits},
                       {"text", messages::render(reason.text, language)}});
  }
  json findings = json::array();
  for (const ver::Finding& finding : report.findings) {
    findings.push_back({{"code", finding.code},
                        {"severity", severity(finding.severity)},
                        {"claim_index", finding.claim_index},
                        {"place", finding.place}});
  }
  json counterfactuals = json::array();
  for (const ver::Counterfactual& counterfactual : report.counterfactuals) {
    counterfactuals.push_back({{"code", counterfactual.code},
                               {"verdict", ver::name_of(counterfactual.verdict)},
                               {"text", text_of(counterfactual, language)}});
  }
  json alignment = json::array();
  for (const ver::AlignedPart& part : report.alignment) {
    alignment.push_back({{"booking_part", part.booking_part.reveal()},
                         {"document_part", part.document_part.reveal()},
                         {"booking_differences", part.booking_differences},
                         {"document_differences", part.document_differences}});
  }
  return {{"verdict", ver::name_of(report.verdict)},
          {"confidence", report.confidence},
          {"log_odds", report.log_odds},
          {"sentence", messages::render(report.sentence, language)},
          {"reasons", std::move(reasons)},
          {"findings", std::move(findings)},
          {"counterfactuals", std::move(counterfactuals)},
          {"alignment", std::move(alignment)}};
}

}  // namespace paxid::cli
