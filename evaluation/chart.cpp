#include "evaluation/chart.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace paxid::evaluation {
namespace {

constexpr double kWidth = 440;
constexpr double kRocHeight = 308;
constexpr double kReliabilityHeight = 342;
constexpr double kLeft = 56;
constexpr double kRight = 412;
constexpr double kTop = 14;
constexpr double kBottom = 262;
constexpr double kLeastFpr = 1e-4;  // left end of the logarithmic axis

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

double x_of(double share) { return kLeft + (kRight - kLeft) * share; }
double y_of(double share) { return kBottom - (kBottom - kTop) * share; }
double x_of_fpr(double fpr) {
  const double decades = -std::log10(kLeastFpr);
  return x_of(1 + std::log10(std::max(fpr, kLeastFpr)) / decades);
}

std::string line(double x1, double y1, double x2, double y2, const char* kind) {
  return "<line class=\"" + std::string(kind) + "\" x1=\"" + number(x1) + "\" y1=\"" + number(y1) +
         "\" x2=\"" + number(x2) + "\" y2=\"" + number(y2) + "\"/>";
}

std::string label(double x, double y, const char* anchor, std::string_view text) {
  return "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" text-anchor=\"" + anchor + "\">" +
         escaped(text) + "</text>";
}

std::string dot(double x, double y, double radius, const char* kind) {
  return "<circle class=\"" + std::string(kind) + "\" cx=\"" + number(x) + "\" cy=\"" + number(y) +
         "\" r=\"" + number(radius) + "\"/>";
}

std::string open(const std::string& id, double height, const std::string& title,
                 const std::string& description) {
  return "<svg viewBox=\"0 0 " + number(kWidth) + " " + number(height) +
         "\" role=\"img\" aria-labelledby=\"" + id + "-t " + id + "-d\"><title id=\"" + id +
         "-t\">" + escaped(title) + "</title><desc id=\"" + id + "-d\">" + escaped(description) +
         "</desc>";
}

// Grid lines and labels of the vertical axis, a share.
std::string vertical_axis(std::string_view name) {
  std::string svg;
  for (int tenths = 0; tenths <= 10; tenths += 2) {
    const double share = tenths / 10.0;
    svg += line(kLeft, y_of(share), kRight, y_of(share), "grid");
    svg += label(kLeft - 6, y_of(share) + 4, "end", percent(share, 0));
  }
  const std::string middle = number((kTop + kBottom) / 2);
  svg += "<text text-anchor=\"middle\" transform=\"translate(12 " + middle + ") rotate(-90)\">" +
         escaped(name) + "</text>";
  return svg;
}

// The corners that are further apart than the eye sees; always the last one.
std::string staircase(const std::vector<RocPoint>& points) {
  constexpr double kSeen = 0.25;  // of a unit of the drawing
  std::string d = "M" + number(x_of_fpr(0)) + " " + number(y_of(0));
  double last_x = x_of_fpr(0);
  double last_y = y_of(0);
  for (const RocPoint& point : points) {
    const double x = x_of_fpr(point.fpr);
    const double y = y_of(point.tpr);
    if (&point != &points.back() && std::abs(x - last_x) < kSeen && std::abs(y - last_y) < kSeen) {
      continue;
    }
    if (x != last_x) d += "H" + number(x);
    if (y != last_y) d += "V" + number(y);
    last_x = x;
    last_y = y;
  }
  return "<path class=\"curve\" d=\"" + d + "\"/>";
}

// What guessing would do: as many true as false accepts.
std::string chance_curve() {
  std::string points;
  constexpr int kSteps = 48;
  for (int i = 0; i <= kSteps; ++i) {
    const double fpr = std::pow(kLeastFpr, 1 - static_cast<double>(i) / kSteps);
    points += number(x_of_fpr(fpr)) + "," + number(y_of(fpr)) + " ";
  }
  return "<polyline class=\"reference\" points=\"" + points + "\"/>";
}

std::string operating_point(double fpr, const std::optional<double>& tpr) {
  if (!tpr) return {};
  const double x = x_of_fpr(fpr);
  const double y = y_of(*tpr);
  // Below the dot where there is room: above it the curve goes on.
  const double text_y = *tpr > 0.12 ? y + 16 : y - 8;
  return line(x, y, x, kBottom, "drop") + dot(x, y, 4, "mark") +
         label(x + 7, text_y, "start", percent(*tpr, 1));
}

double largest_bin(const Slice& slice) {
  std::size_t most = 0;
  for (const Bin& bin : slice.bins) most = std::max(most, bin.pairs);
  return static_cast<double>(most);
}

// One bin: the interval, the dot and the column of its size.
std::string bin_marks(const Bin& bin, std::size_t place, double most) {
  constexpr double kColumnTop = 300;
  constexpr double kColumnHeight = 22;
  const double width = (kRight - kLeft) / static_cast<double>(kBins);
  const double share = static_cast<double>(bin.pairs) / most;
  const double height = std::max(1.0, kColumnHeight * share);
  std::string svg = "<rect class=\"column\" x=\"" +
                    number(kLeft + width * static_cast<double>(place) + 1) + "\" y=\"" +
                    number(kColumnTop + kColumnHeight - height) + "\" width=\"" +
                    number(width - 2) + "\" height=\"" + number(height) + "\"><title>" +
                    std::to_string(bin.pairs) + " pairs</title></rect>";
  const Interval interval = wilson_interval(bin.same, bin.pairs);
  const double x = x_of(bin.mean_confidence());
  svg += line(x, y_of(interval.low), x, y_of(interval.high), "interval");
  svg += dot(x, y_of(bin.share_same()), 3 + 3 * std::sqrt(share), "mark");
  return svg;
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string percent(double share, int decimals) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*f %%", decimals, share * 100);
  return text;
}

std::string percent(const std::optional<double>& share, int decimals) {
  return share ? percent(*share, decimals) : "-";
}

std::string roc_chart(const Slice& slice, const std::string& id) {
  if (slice.roc.empty()) return {};
  std::string svg = open(id, kRocHeight, "ROC curve, " + slice.name,
                         "True accepts against false accepts. At 0.1 % false accepts " +
                             percent(slice.tpr_at_fpr_1_per_mille, 1) +
                             " of the pairs of one person pass, at 1 % " +
                             percent(slice.tpr_at_fpr_1_percent, 1) + ".");
  svg += vertical_axis("one person, accepted");
  constexpr struct {
    double fpr;
    const char* text;
  } kTicks[] = {
      {1e-4, "\u2264 0.01 %"}, {1e-3, "0.1 %"}, {1e-2, "1 %"}, {1e-1, "10 %"}, {1, "100 %"}};
  for (const auto& tick : kTicks) {
    svg += line(x_of_fpr(tick.fpr), kTop, x_of_fpr(tick.fpr), kBottom, "grid");
    svg += label(x_of_fpr(tick.fpr), kBottom + 17, "middle", tick.text);
  }
  svg += label((kLeft + kRight) / 2, kBottom + 38, "middle",
               "two persons, accepted (logarithmic scale)");
  svg += chance_curve() + staircase(slice.roc);
  svg += operating_point(1e-3, slice.tpr_at_fpr_1_per_mille);
  svg += operating_point(1e-2, slice.tpr_at_fpr_1_percent);
  return svg + "</svg>";
}

std::string reliability_chart(const Slice& slice, const std::string& id) {
  std::string svg =
      open(id, kReliabilityHeight, "Reliability, " + slice.name,
           "For each of " + std::to_string(kBins) +
               " bins of claimed probability, the share of pairs that are one person; on the "
               "diagonal a claim is honest. Expected calibration error " +
               percent(slice.ece, 2) + ".");
  svg += vertical_axis("share that is one person");
  for (int tenths = 0; tenths <= 10; tenths += 2) {
    const double share = tenths / 10.0;
    svg += line(x_of(share), kTop, x_of(share), kBottom, "grid");
    svg += label(x_of(share), kBottom + 17, "middle", percent(share, 0));
  }
  svg += label((kLeft + kRight) / 2, kBottom + 33, "middle", "probability claimed");
  svg += line(x_of(0), y_of(0), x_of(1), y_of(1), "reference");
  for (std::size_t i = 0; i < slice.bins.size(); ++i) {
    if (slice.bins[i].pairs > 0) svg += bin_marks(slice.bins[i], i, largest_bin(slice));
  }
  svg += label((kLeft + kRight) / 2, 336, "middle", "pairs per bin");
  return svg + "</svg>";
}

}  // namespace paxid::evaluation
