#include "clients/cli/comparison_card.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string_view>
#include <vector>

#include "clients/cli/spelling_rules.h"

namespace paxid::cli {
namespace {

using matcher::Comparison;
using matcher::Reason;
using matcher::ReasonCode;

constexpr std::string_view kReset = "\033[0m";
constexpr std::string_view kDifference = "\033[1;4m";
constexpr std::string_view kFor = "\033[32m";
constexpr std::string_view kAgainst = "\033[31m";
constexpr std::string_view kIndent = "  ";
constexpr std::size_t kGap = 2;  // columns between two parts

// With as many decimals as it takes to tell it from 0 and from 1.
std::string probability(double confidence) {
  if (confidence > 0.9999) return "> 99.99 %";
  if (confidence < 0.0001) return "< 0.01 %";
  const bool extreme = confidence > 0.99 || confidence < 0.01;
  char text[16];
  std::snprintf(text, sizeof text, "%.*f %%", extreme ? 2 : 1, confidence * 100);
  return text;
}

std::string padded(std::string text, std::size_t width) {
  const std::size_t columns = columns_of(text);
  if (columns < width) text.append(width - columns, ' ');
  return text;
}

std::string end_of_line(std::string text) {
  text.erase(text.find_last_not_of(' ') + 1);
  return text + '\n';
}

// One aligned piece of the two names, as it is printed.
struct Column {
  std::string number;
  std::string a;
  std::string b;
  std::string marks;
  std::size_t width = 0;
};

bool share_a_letter(const std::string& a, const std::string& b) {
  const auto letters = printable_characters(a);
  return std::any_of(letters.begin(), letters.end(), [&b](const std::string& letter) {
    return b.find(letter) != std::string::npos;
  });
}

// Fills in the letters of two texts, one above the other, with marks where they differ.
void align(const Reason& reason, bool colour, Column& column) {
  const matcher::AlignedLetters aligned = matcher::align_letters(reason.a, reason.b);
  const auto a = printable_characters(aligned.a);
  const auto b = printable_characters(aligned.b);
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
    const bool differs = i < aligned.marks.size() && aligned.marks[i] == '^';
    const std::size_t width = std::max(columns_of(a[i]), columns_of(b[i]));
    const auto put = [&](std::string& row, const std::string& letter) {
      row += differs && colour ? std::string(kDifference) + letter + std::string(kReset) : letter;
      row.append(width - columns_of(letter), ' ');
    };
    put(column.a, a[i]);
    put(column.b, b[i]);
    column.marks.append(width, differs ? '^' : ' ');
    column.width += width;
  }
}

Column column_of(const Reason& reason, std::size_t number, bool colour) {
  Column column;
  column.number = std::to_string(number);
  if (share_a_letter(reason.a, reason.b)) {
    align(reason, colour, column);
  } else {
    // Nothing to align, as between two scripts. The side that lacks a part shows dashes.
    column.a = printable(reason.a);
    column.b = printable(reason.b);
    column.width = std::max(columns_of(column.a), columns_of(column.b));
    if (column.a.empty()) column.a.assign(column.width, '-');
    if (column.b.empty()) column.b.assign(column.width, '-');
    column.a = padded(column.a, column.width);
    column.b = padded(column.b, column.width);
  }
  // Here, since colour is text that takes no columns.
  const std::size_t width = std::max(column.width, column.number.size());
  column.a.append(width - column.width, ' ');
  column.b.append(width - column.width, ' ');
  column.width = width;
  column.marks = padded(column.marks, width);
  return column;
}

std::string block_of(const std::vector<Column>& columns, std::size_t first, std::size_t last) {
  std::string numbers(kIndent);
  std::string a(kIndent);
  std::string b(kIndent);
  std::string marks(kIndent);
  numbers += "   ";
  a += "A  ";
  b += "B  ";
  marks += "   ";
  const std::string gap(kGap, ' ');
  for (std::size_t i = first; i < last; ++i) {
    numbers += padded(columns[i].number, columns[i].width) + gap;
    a += columns[i].a + gap;
    b += columns[i].b + gap;
    marks += columns[i].marks + gap;
  }
  std::string block = end_of_line(numbers) + end_of_line(a) + end_of_line(b);
  if (marks.find('^') != std::string::npos) block += end_of_line(marks);
  return block;
}

std::string alignment(const Comparison& comparison, const TextStyle& style) {
  std::vector<Column> columns;
  for (std::size_t i = 0; i < comparison.reasons.size(); ++i) {
    const Reason& reason = comparison.reasons[i];
    if (reason.a.empty() && reason.b.empty()) continue;
    columns.push_back(column_of(reason, i + 1, style.colour));
  }
  const std::size_t room = style.width - kIndent.size() - 3;
  std::string text;
  for (std::size_t first = 0; first < columns.size();) {
    std::size_t last = first + 1;
    std::size_t used = columns[first].width;
    while (last < columns.size() && used + kGap + columns[last].width <= room) {
      used += kGap + columns[last++].width;
    }
    text += "\n" + block_of(columns, first, last);
    first = last;
  }
  return text;
}

// One addend of the waterfall.
struct Step {
  std::string number;
  std::string label;
  double bits = 0;
  double sum = 0;  // after it
};

double bits_of(double probability) { return std::log2(probability / (1 - probability)); }

// With the field a piece stands in, where there is room for it.
std::string label_of(const Reason& reason, bool with_role) {
  std::string label(name_of(reason.code));
  if (!with_role || reason.role == matcher::Role::kUnknown) return label;
  std::string role(name_of(reason.role));
  for (char& c : role) c = c == '_' ? ' ' : static_cast<char>(c - 'A' + 'a');
  return label + ", " + role;
}

std::vector<Step> steps_of(const Comparison& comparison, double prior, bool with_roles) {
  std::vector<Step> steps;
  double sum = 0;
  const auto add = [&](std::string number, std::string label, double bits) {
    sum += bits;
    steps.push_back({std::move(number), std::move(label), bits, sum});
  };
  for (std::size_t i = 0; i < comparison.reasons.size(); ++i) {
    const Reason& reason = comparison.reasons[i];
    add(std::to_string(i + 1), label_of(reason, with_roles), reason.bits);
  }
  // At even odds only the calibration moves the sum.
  const double calibrated = bits_of(matcher::confidence(comparison, 0.5));
  if (std::isfinite(calibrated)) add("", "calibration", calibrated - comparison.log_odds);
  const double posterior = bits_of(matcher::confidence(comparison, prior));
  if (std::isfinite(posterior) && prior != 0.5) add("", "prior", posterior - calibrated);
  return steps;
}

// The bar of a step in `width` columns that stand for the sums from `low` to `high`.
std::string bar(const Step& step, double low, double high, std::size_t width, bool colour) {
  const auto place = [&](double sum) {
    const double share = high > low ? (sum - low) / (high - low) : 0;
    return static_cast<std::size_t>(std::lround(share * static_cast<double>(width - 1)));
  };
  const double before = step.sum - step.bits;
  const std::size_t zero = place(0);
  std::string cells(width, ' ');
  cells[zero] = '|';
  const auto [left, right] = std::minmax({place(before), place(step.sum)});
  if (step.bits != 0) {
    for (std::size_t i = left; i <= right; ++i) {
      if (i != zero || left == right) cells[i] = step.bits > 0 ? '+' : '-';
    }
  }
  std::string text;
  for (const char cell : cells) {
    const bool coloured = colour && (cell == '+' || cell == '-');
    if (coloured) text += cell == '+' ? kFor : kAgainst;
    text += cell;
    if (coloured) text += kReset;
  }
  return text;
}

std::string waterfall(const std::vector<Step>& steps, const TextStyle& style) {
  constexpr std::size_t kLeastBar = 10;
  constexpr std::size_t kFiguresWidth = 22;  // number, bits, sum and the gaps behind them
  std::size_t label_width = 0;
  double low = 0;
  double high = 0;
  for (const Step& step : steps) {
    label_width = std::max(label_width, step.label.size());
    low = std::min(low, step.sum);
    high = std::max(high, step.sum);
  }
  const std::size_t used = kFiguresWidth + label_width + kGap;
  const bool bars = used + kLeastBar <= style.width;
  std::string text = "\n      bits      sum\n";
  for (const Step& step : steps) {
    char figures[64];
    std::snprintf(figures, sizeof figures, "%3s%+7.2f  %+7.2f   ", step.number.c_str(), step.bits,
                  step.sum);
    text += end_of_line(
        figures + padded(step.label, label_width) +
        (bars ? "  " + bar(step, low, high, style.width - used, style.colour) : std::string()));
  }
  return text;
}

std::string what_of(const Reason& reason) {
  const std::string a = printable(reason.a);
  const std::string b = printable(reason.b);
  if (!a.empty() && !b.empty()) return a == b ? a : a + " and " + b;
  return a + b;
}

// What would be true if the reason did not speak against, as the end of "if ...".
std::string wish_of(const Reason& reason) {
  const std::string what = what_of(reason);
  if (!reason.a.empty() && !reason.b.empty()) return what + " were the same name";
  if (!what.empty()) return "both names had " + what;
  return "surname and given name stood in the same fields";
}

std::string counterfactual(const Comparison& comparison, const std::optional<Lever>& lever) {
  if (!lever) return {};
  const Reason& reason = comparison.reasons[lever->reason];
  const std::string then = probability(lever->confidence_without);
  if (reason.bits < 0) {
    return lever->decides ? "It would be " + then + " or more if " + wish_of(reason) + ".\n"
                          : "No single difference decides: even if " + wish_of(reason) +
                                ", it would be " + then + ".\n";
  }
  return lever->decides
             ? "It rests on " + what_of(reason) + ": without, it would be " + then + ".\n"
             : "It rests on no single part: without " + what_of(reason) + " it would still be " +
                   then + ".\n";
}

std::string mixed_scripts(const CardContext& context) {
  if (!context.a_mixes_scripts && !context.b_mixes_scripts) return {};
  const std::string who = !context.b_mixes_scripts   ? "A word of A mixes"
                          : !context.a_mixes_scripts ? "A word of B mixes"
                                                     : "Words of A and of B mix";
  return "MIXED_SCRIPTS: " + who +
         " letters of several scripts and may be made to look like another.\n";
}

std::string no_opinion(const Comparison& comparison) {
  std::string why = "one side holds no name";
  for (const Reason& reason : comparison.reasons) {
    if (reason.code == ReasonCode::kUnsupportedScript) {
      why = "there is no table for the script " + what_of(reason);
    }
  }
  return "No opinion: " + why + ". The probability is the prior.\n";
}

// `text` with line breaks between words so that no line is wider than `width`.
std::string wrapped(const std::string& text, std::size_t width) {
  std::string lines;
  std::size_t used = 0;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = std::min(text.find_first_of(" \n", at), text.size());
    if (text.compare(end, 2, " %") == 0)
      end = std::min(text.find_first_of(" \n", end + 1), text.size());
    const std::string word = text.substr(at, end - at);
    const std::size_t columns = columns_of(word);
    if (used > 0 && used + 1 + columns > width) {
      lines += '\n';
      used = 0;
    }
    if (used > 0) lines += ' ';
    lines += word;
    used += columns + (used > 0 ? 1 : 0);
    if (end < text.size() && text[end] == '\n') {
      lines += '\n';
      used = 0;
    }
    at = end + 1;
  }
  return lines;
}

// What joins different spellings, by the numbers of the reasons.
std::string rules(const Comparison& comparison, const TextStyle& style, std::string_view language) {
  std::string text;
  for (std::size_t i = 0; i < comparison.reasons.size(); ++i) {
    const std::string line = rule_line(comparison.reasons[i], language);
    if (line.empty()) continue;
    text += wrapped(std::to_string(i + 1) + "  " + line + "\n", style.width);
  }
  return text.empty() ? text : "\n" + text;
}

}  // namespace

std::string comparison_card(const Comparison& comparison, const CardContext& context,
                            const TextStyle& style) {
  const double prior = context.prior;
  std::string card = "one person: " + probability(matcher::confidence(comparison, prior)) +
                     "  (at prior " + probability(prior) + ")\n";
  const std::string warning = wrapped(mixed_scripts(context), style.width);
  if (!comparison.opinion) return card + wrapped(no_opinion(comparison), style.width) + warning;
  card += alignment(comparison, style);
  constexpr std::size_t kRoomForRoles = 60;
  card += waterfall(steps_of(comparison, prior, style.width >= kRoomForRoles), style);
  card += rules(comparison, style, context.language);
  if (!warning.empty()) card += "\n" + warning;
  const std::string last = counterfactual(comparison, context.lever);
  return last.empty() ? card : card + "\n" + wrapped(last, style.width);
}

}  // namespace paxid::cli
