#pragma once

#include <QString>
#include <QWidget>
#include <optional>
#include <vector>

#include "clients/gate/look.h"
#include "verification/verdict.h"

namespace paxid::gate {

// The name of the booking above that of the document, part above part; letters that differ stand
// on another ground and are underlined. What does not fit into a line goes into the next pair.
class NameLines final : public QWidget {
 public:
  explicit NameLines(const Look& look);

  void show_names(const std::vector<verification::AlignedPart>& parts, const QString& booking,
                  const QString& document);

  bool hasHeightForWidth() const override { return true; }
  int heightForWidth(int width) const override;
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  struct Part {
    std::vector<QString> booking;  // one letter each
    std::vector<QString> document;
    std::vector<bool> booking_differs;
    std::vector<bool> document_differs;
    std::size_t width() const { return std::max(booking.size(), document.size()); }
  };
  // Letters of a part that stand together.
  struct Piece {
    std::size_t part;
    std::size_t from;
    std::size_t count;
    std::size_t line;
    std::size_t column;
  };

  int cell_width() const;
  int line_height() const;
  int label_width() const;
  std::size_t columns(int width) const;
  std::vector<Piece> pieces(int width) const;
  // Where the two rows of each line begin; nothing for a row that is empty. The last is the end.
  struct Rows {
    std::optional<int> booking;
    std::optional<int> document;
  };
  std::vector<Rows> rows(const std::vector<Piece>& all, int& end) const;
  void paint_letters(QPainter& painter, const Piece& piece, const std::vector<QString>& letters,
                     const std::vector<bool>& differs, int x, int y) const;

  Look look_;
  std::vector<Part> parts_;
  QString booking_label_;
  QString document_label_;
};

}  // namespace paxid::gate
