#include "clients/gate/name_lines.h"

#include <QFontMetrics>
#include <QPainter>
#include <algorithm>

namespace paxid::gate {
namespace {

constexpr int kGap = 12;
constexpr int kMinColumns = 14;

std::vector<QString> letters_of(const base::PersonalText& text) {
  std::vector<QString> letters;
  for (const char32_t letter : QString::fromStdString(text.reveal()).toStdU32String()) {
    letters.push_back(QString::fromUcs4(&letter, 1));
  }
  return letters;
}

std::vector<bool> marks_of(const std::vector<int>& places, std::size_t letters, bool all) {
  std::vector<bool> marks(letters, all);
  for (const int place : places) {
    if (place >= 0 && static_cast<std::size_t>(place) < letters) {
      marks[static_cast<std::size_t>(place)] = true;
    }
  }
  return marks;
}

QString joined(const std::vector<QString>& letters) {
  QString text;
  for (const QString& letter : letters) text += letter;
  return text;
}

}  // namespace

NameLines::NameLines(const Look& look) : look_(look) {
  QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
  policy.setHeightForWidth(true);
  setSizePolicy(policy);
}

void NameLines::show_names(const std::vector<verification::AlignedPart>& parts,
                           const QString& booking, const QString& document) {
  booking_label_ = booking;
  document_label_ = document;
  parts_.clear();
  QString booking_text;
  QString document_text;
  for (const verification::AlignedPart& from : parts) {
    Part part{letters_of(from.booking_part), letters_of(from.document_part), {}, {}};
    // What stands on one side only is not marked letter by letter: the gap shows it.
    part.booking_differs = marks_of(from.booking_differences, part.booking.size(), false);
    part.document_differs = marks_of(from.document_differences, part.document.size(), false);
    booking_text += joined(part.booking) + " ";
    document_text += joined(part.document) + " ";
    parts_.push_back(std::move(part));
  }
  setAccessibleName(booking_label_ + ": " + booking_text + ". " + document_label_ + ": " +
                    document_text);
  setVisible(!parts_.empty());
  updateGeometry();
  update();
}

int NameLines::cell_width() const {
  return QFontMetrics(look_.name_font()).horizontalAdvance('M') + 2;
}

int NameLines::line_height() const { return QFontMetrics(look_.name_font()).height() + 6; }

int NameLines::label_width() const {
  const QFontMetrics metrics(look_.font(0.85));
  return std::max(metrics.horizontalAdvance(booking_label_),
                  metrics.horizontalAdvance(document_label_)) +
         kGap;
}

std::size_t NameLines::columns(int width) const {
  const int fit = (width - label_width()) / cell_width();
  return std::max<std::size_t>(fit < 0 ? 0 : static_cast<std::size_t>(fit), 1);
}

// A part goes into the next line where it does not fit, and is broken where it fits in none.
std::vector<NameLines::Piece> NameLines::pieces(int width) const {
  const std::size_t room = columns(width);
  std::vector<Piece> pieces;
  std::size_t line = 0;
  std::size_t column = 0;
  for (std::size_t part = 0; part < parts_.size(); ++part) {
    const std::size_t letters = parts_[part].width();
    if (column > 0 && column + letters > room) ++line, column = 0;
    for (std::size_t from = 0; from < letters; from += room) {
      if (from > 0) ++line;
      const std::size_t count = std::min(room, letters - from);
      pieces.push_back({part, from, count, line, column});
      column = from + count < letters ? 0 : column + count + 1;
    }
  }
  return pieces;
}

std::vector<NameLines::Rows> NameLines::rows(const std::vector<Piece>& all, int& end) const {
  std::vector<Rows> rows(all.empty() ? 0 : all.back().line + 1);
  for (const Piece& piece : all) {
    if (piece.from < parts_[piece.part].booking.size()) rows[piece.line].booking = 0;
    if (piece.from < parts_[piece.part].document.size()) rows[piece.line].document = 0;
  }
  end = 0;
  for (Rows& line : rows) {
    for (std::optional<int>* row : {&line.booking, &line.document}) {
      if (!*row) continue;
      *row = end;
      end += line_height();
    }
    end += kGap;
  }
  return rows;
}

int NameLines::heightForWidth(int width) const {
  int end = 0;
  rows(pieces(width), end);
  return end;
}

QSize NameLines::sizeHint() const {
  const int width = label_width() + cell_width() * 24;
  return {width, heightForWidth(width)};
}

QSize NameLines::minimumSizeHint() const {
  return {label_width() + cell_width() * kMinColumns, 2 * line_height() + kGap};
}

void NameLines::paint_letters(QPainter& painter, const Piece& piece,
                              const std::vector<QString>& letters, const std::vector<bool>& differs,
                              int x, int y) const {
  const SignColours difference = look_.difference();
  const std::size_t end = std::min(piece.from + piece.count, letters.size());
  for (std::size_t i = piece.from; i < end; ++i) {
    const auto place = static_cast<int>(i - piece.from);
    const QRect cell(x + place * cell_width(), y, cell_width(), line_height());
    painter.setPen(palette().color(QPalette::Text));
    if (differs[i]) {
      painter.fillRect(cell.adjusted(1, 1, -1, -1), difference.ground);
      painter.setPen(difference.ink);
      painter.drawLine(cell.left() + 3, cell.bottom() - 3, cell.right() - 3, cell.bottom() - 3);
    }
    painter.drawText(cell, Qt::AlignCenter, letters[i]);
  }
}

void NameLines::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const std::vector<Piece> all = pieces(width());
  int end = 0;
  const std::vector<Rows> lines = rows(all, end);
  // Names of zones and passes run from left to right in every language; only the labels change
  // sides.
  const bool mirrored = layoutDirection() == Qt::RightToLeft;
  std::size_t longest = 0;
  for (const Piece& piece : all) longest = std::max(longest, piece.column + piece.count);
  const int left =
      mirrored
          ? std::max(0, width() - label_width() - static_cast<int>(longest) * cell_width() - kGap)
          : label_width();
  const int label_left = mirrored ? width() - label_width() : 0;
  painter.setFont(look_.font(0.85));
  painter.setPen(palette().color(QPalette::Text));
  const int flags = Qt::AlignVCenter | (mirrored ? Qt::AlignRight : Qt::AlignLeft);
  for (const Rows& line : lines) {
    const QRect at(label_left, 0, label_width(), line_height());
    if (line.booking) painter.drawText(at.translated(0, *line.booking), flags, booking_label_);
    if (line.document) painter.drawText(at.translated(0, *line.document), flags, document_label_);
  }
  painter.setFont(look_.name_font());
  for (const Piece& piece : all) {
    const Part& part = parts_[piece.part];
    const int x = left + static_cast<int>(piece.column) * cell_width();
    const Rows& line = lines[piece.line];
    if (line.booking) {
      paint_letters(painter, piece, part.booking, part.booking_differs, x, *line.booking);
    }
    if (line.document) {
      paint_letters(painter, piece, part.document, part.document_differs, x, *line.document);
    }
  }
}

}  // namespace paxid::gate
