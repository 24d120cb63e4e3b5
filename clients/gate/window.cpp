#include "clients/gate/window.h"

#include <QAccessible>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>
#include <array>
#include <ctime>
#include <utility>

namespace paxid::gate {
namespace {

using base::PersonalText;
using verification::Verdict;

constexpr int kKeyColumns = 6;
// What is chosen from has longer names.
constexpr int kChoiceColumns = 3;
constexpr int kSpacing = 4;
constexpr std::size_t kShownReasons = 6;
constexpr int kListWidth = 380;

Sign sign_of(const Session& session) {
  if (session.stage() == Stage::kSilent) return Sign::kSilent;
  const sdk::Answer* answer = session.verdict();
  if (answer == nullptr) return Sign::kNone;
  switch (answer->report.verdict) {
    case Verdict::kMatch:
      return Sign::kMatch;
    case Verdict::kReview:
      return Sign::kReview;
    case Verdict::kMismatch:
      return Sign::kMismatch;
  }
  return Sign::kNone;
}

std::string_view word_key(Sign sign) {
  switch (sign) {
    case Sign::kNone:
      return "";
    case Sign::kMatch:
      return "VERDICT_MATCH";
    case Sign::kReview:
      return "VERDICT_REVIEW";
    case Sign::kMismatch:
      return "VERDICT_MISMATCH";
    case Sign::kSilent:
      return "GATE_WORD_SILENT";
  }
  return "";
}

struct AgreementWord {
  const char* mark;
  std::string_view key;
};
AgreementWord word_of(Agreement agreement) {
  switch (agreement) {
    case Agreement::kAgrees:
      return {"\u2713", "GATE_AGREES"};
    case Agreement::kUnclear:
      return {"!", "GATE_UNCLEAR"};
    case Agreement::kDiffers:
      return {"\u2717", "GATE_DIFFERS"};
    case Agreement::kNotKnown:
      break;
  }
  return {"\u2013", "GATE_NOT_KNOWN"};
}

QString flight_text(const sdk::FlightKey& key) {
  return QString::fromStdString(key.carrier + " " + key.flight_number + "  " + key.from + "  " +
                                key.departure_date);
}

// With places where a long name may be broken: a line of the list does not hold every name.
QString breakable(const std::string& name) {
  constexpr int kRun = 10;
  QString text;
  int run = 0;
  for (const QChar letter : QString::fromStdString(name)) {
    text += letter;
    run = letter == ' ' ? 0 : run + 1;
    if (letter == '/' || run == kRun) {
      text += QChar(0x200B);
      run = 0;
    }
  }
  return text;
}

// Of the device's own clock and zone, as people beside it read it.
QString clock_text(std::int64_t unix_seconds) {
  const std::time_t time = unix_seconds;
  std::tm local{};
  localtime_r(&time, &local);
  char text[8];
  return std::strftime(text, sizeof text, "%H:%M", &local) > 0 ? QString(text) : QString();
}

}  // namespace

// --- badge

Badge::Badge(const Look& look) : look_(look) {
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void Badge::show_sign(Sign sign, const QString& word) {
  sign_ = sign;
  word_ = word;
  setAccessibleName(word);
  setVisible(sign != Sign::kNone);
  updateGeometry();
  update();
}

QSize Badge::sizeHint() const {
  const QFontMetrics metrics(look_.font(1.9, true));
  const int height = metrics.height() * 2;
  return {height + metrics.horizontalAdvance(word_) + height / 2, height};
}

void Badge::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const SignColours colours = look_.sign(sign_);
  painter.fillRect(rect(), colours.ground);
  const int margin = height() / 6;
  const int side = height() - 2 * margin;
  const bool mirrored = layoutDirection() == Qt::RightToLeft;
  const int shape_left = mirrored ? width() - margin - side : margin;
  paint_shape(painter, QRectF(shape_left, margin, side, side), sign_, colours);
  painter.setFont(look_.font(1.9, true));
  painter.setPen(colours.ink);
  const QRect room = mirrored ? rect().adjusted(margin, 0, -side - 2 * margin, 0)
                              : rect().adjusted(side + 2 * margin, 0, -margin, 0);
  painter.drawText(room, Qt::AlignCenter, word_);
}

// --- list

void ListModel::show(const Session& session) {
  std::vector<Row> rows;
  std::vector<QString> header;
  const auto word = [this](std::string_view key) {
    return QString::fromStdString(messages::text_of(key, language_));
  };
  if (session.stage() == Stage::kFlights) {
    header = {word("GATE_COLUMN_FLIGHT"), word("GATE_COLUMN_BOARDED")};
    for (const std::size_t place : session.shown_rows()) {
      const sdk::FlightSummary& flight = session.known_flights()[place];
      rows.push_back({flight_text(flight.flight),
                      QString("%1/%2").arg(flight.boarded).arg(flight.passengers)});
    }
  } else {
    header = {word("GATE_COLUMN_NAME"), word("GATE_COLUMN_SEAT"), word("GATE_COLUMN_BOARDED")};
    for (const std::size_t place : session.shown_rows()) {
      const ListRow& row = session.rows()[place];
      rows.push_back({breakable(row.name.reveal()), QString::fromStdString(row.seat),
                      row.boarded ? QString("\u2713") : QString()});
    }
  }
  if (rows == rows_ && header == header_) return;
  beginResetModel();
  rows_ = std::move(rows);
  header_ = std::move(header);
  endResetModel();
}

int ListModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int ListModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(header_.size());
}

QVariant ListModel::data(const QModelIndex& index, int role) const {
  if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole) return {};
  const Row& row = rows_[static_cast<std::size_t>(index.row())];
  const QString& cell = row[static_cast<std::size_t>(index.column())];
  if (role == Qt::AccessibleTextRole && cell == "\u2713") {
    return QString::fromStdString(messages::text_of("GATE_COLUMN_BOARDED", language_));
  }
  return cell;
}

QVariant ListModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (role != Qt::DisplayRole || orientation != Qt::Horizontal) return {};
  return header_[static_cast<std::size_t>(section)];
}

// --- window

DeviceFace face_of(const sdk::DeviceCertificate& certificate, std::int64_t now_unix_seconds) {
  constexpr std::string_view kBeforeName = "/tenant/";
  DeviceFace face;
  const auto at = certificate.uri.find(kBeforeName);
  face.name =
      at == std::string::npos ? certificate.uri : certificate.uri.substr(at + kBeforeName.size());
  const auto end =
      std::chrono::sys_seconds(std::chrono::seconds(certificate.not_after_unix_seconds));
  face.certificate_ends = base::to_iso(base::Date(std::chrono::floor<std::chrono::days>(end)));
  face.certificate_ended = now_unix_seconds > certificate.not_after_unix_seconds;
  return face;
}

Window::Window(const Look& look, messages::Language language, DeviceFace device, WindowInput input)
    : look_(look), language_(language), device_(std::move(device)), input_(std::move(input)) {
  setPalette(look_.palette());
  setFont(look_.font());
  setLayoutDirection(messages::is_right_to_left(language_) ? Qt::RightToLeft : Qt::LeftToRight);
  setWindowTitle(text("GATE_TITLE"));
  setAccessibleName(windowTitle());
  auto* page = new QVBoxLayout(this);
  page->setSpacing(kSpacing);
  page->addWidget(build_top());
  auto* middle = new QHBoxLayout;
  middle->addWidget(build_passenger(), 3);
  middle->addWidget(build_list(), 1);
  page->addLayout(middle, 1);
  page->addWidget(build_bottom());
  field_->installEventFilter(this);
  field_->setFocus();
}

QString Window::text(std::string_view key) const {
  return QString::fromStdString(messages::text_of(key, language_));
}

QString Window::text(const base::Message& message) const {
  return message.empty() ? QString() : QString::fromStdString(messages::render(message, language_));
}

QLabel* Window::label(double times, bool bold) {
  auto* made = new QLabel(this);
  made->setFont(look_.font(times, bold));
  made->setWordWrap(true);
  made->setTextFormat(Qt::PlainText);
  made->setAlignment((layoutDirection() == Qt::RightToLeft ? Qt::AlignRight : Qt::AlignLeft) |
                     Qt::AlignAbsolute | Qt::AlignVCenter);
  // Qt rounds the height of a line down where it lays out, and up where it draws.
  made->setContentsMargins(0, 1, 0, 1);
  return made;
}

// The direction is that of the language, whatever letters a paragraph begins with.
QString Window::directed(const QString& text) const {
  if (layoutDirection() != Qt::RightToLeft || text.isEmpty()) return text;
  const QChar mark(0x200F);
  return mark + QString(text).replace('\n', QString('\n') + mark);
}

void Window::set(QLabel* label, const QString& text) {
  const QString shown = directed(text);
  if (label->text() != shown) label->setText(shown);
  label->setAccessibleName(text);
  label->setVisible(!text.isEmpty());
}

QWidget* Window::build_top() {
  auto* top = new QWidget(this);
  auto* row = new QHBoxLayout(top);
  row->setContentsMargins(0, 0, 0, 0);
  flight_ = label(1.2, true);
  operator_ = label(1.0);
  server_ = label(1.0);
  row->addWidget(flight_, 2);
  row->addWidget(operator_, 1);
  row->addWidget(server_, 1);
  return top;
}

QWidget* Window::build_passenger() {
  auto* panel = new QWidget(this);
  panel->setAutoFillBackground(true);
  panel->setBackgroundRole(QPalette::Base);
  auto* column = new QVBoxLayout(panel);
  column->setSpacing(kSpacing);
  badge_ = new Badge(look_);
  instruction_ = label(1.3, true);
  auto* head = new QHBoxLayout;
  head->setSpacing(3 * kSpacing);
  head->addWidget(badge_);
  head->addWidget(instruction_, 1);
  column->addLayout(head);
  passenger_ = label(1.1);
  column->addWidget(passenger_);
  names_ = new NameLines(look_);
  column->addWidget(names_);
  ticks_ = new QWidget(panel);
  auto* ticks = new QGridLayout(ticks_);
  ticks->setContentsMargins(0, 0, 0, 0);
  for (int i = 0; i < 4; ++i) {
    tick_labels_.push_back(label(1.0));
    ticks->addWidget(tick_labels_.back(), 0, i);
  }
  column->addWidget(ticks_);
  face_ = label(1.1, true);
  warnings_ = label(1.0, true);
  resolved_ = label(1.0);
  second_ = label(1.0);
  notice_ = label(1.1, true);
  details_ = label(0.9);
  for (QLabel* line : {face_, warnings_, resolved_, second_, notice_, details_}) {
    column->addWidget(line);
  }
  column->addStretch(1);
  return panel;
}

QWidget* Window::build_list() {
  auto* panel = new QWidget(this);
  list_panel_ = panel;
  auto* column = new QVBoxLayout(panel);
  column->setContentsMargins(0, 0, 0, 0);
  list_title_ = label(1.0, true);
  counts_ = label(1.3, true);
  model_ = new ListModel(language_);
  model_->setParent(panel);
  list_ = new QTableView(panel);
  list_->setModel(model_);
  list_->setFont(look_.font(0.9));
  list_->setFocusPolicy(Qt::NoFocus);
  list_->setSelectionBehavior(QAbstractItemView::SelectRows);
  list_->setSelectionMode(QAbstractItemView::SingleSelection);
  list_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  list_->setShowGrid(false);
  list_->setWordWrap(true);
  list_->setTextElideMode(Qt::ElideNone);
  list_->verticalHeader()->hide();
  list_->verticalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
  list_->horizontalHeader()->setFont(look_.font(0.9));
  list_->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
  list_->horizontalHeader()->setFocusPolicy(Qt::NoFocus);
  list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  list_->setMinimumWidth(static_cast<int>(kListWidth * (0.6 + 0.4 * look_.text_scale)));
  column->addWidget(list_title_);
  column->addWidget(counts_);
  column->addWidget(list_, 1);
  return panel;
}

QWidget* Window::build_bottom() {
  auto* bottom = new QWidget(this);
  auto* column = new QVBoxLayout(bottom);
  column->setContentsMargins(0, 0, 0, 0);
  auto* row = new QHBoxLayout;
  field_label_ = label(1.0);
  field_label_->setWordWrap(false);
  field_ = new QLineEdit(bottom);
  field_->setFont(look_.font(1.1));
  field_label_->setBuddy(field_);
  row->addWidget(field_label_);
  row->addWidget(field_, 1);
  column->addLayout(row);
  keys_ = new QWidget(bottom);
  key_grid_ = new QGridLayout(keys_);
  key_grid_->setContentsMargins(0, 0, 0, 0);
  column->addWidget(keys_);
  return bottom;
}

void Window::show_session(const Session& session, const std::string& pending) {
  show_top(session);
  show_verdict(session);
  show_ticks(session);
  show_list(session);
  const bool names_operator =
      session.stage() == Stage::kLogIn || session.stage() == Stage::kSupervisor;
  set(field_label_, text(names_operator ? "GATE_FIELD_OPERATOR" : "GATE_FIELD_SCAN"));
  field_->setAccessibleName(field_label_->text());
  show_pending(session, pending);
  show_keys(session.keys());
  if (std::exchange(told_, session.stage()) != session.stage()) {
    QAccessibleEvent told(instruction_, QAccessible::Alert);
    QAccessible::updateAccessibility(&told);
  }
}

void Window::show_pending(const Session& session, const std::string& pending) {
  // A zone or a pass on the screen could be read by the queue: it is shown as that it arrives.
  const QString arriving(static_cast<qsizetype>(std::min<std::size_t>(pending.size(), 48)),
                         QChar(0x2022));
  const QString shown =
      pending.size() >= reader::kMinScanKeys ? arriving : QString::fromStdString(session.entry());
  if (field_->text() != shown) field_->setText(shown);
}

void Window::show_top(const Session& session) {
  set(flight_, session.flight() && session.stage() != Stage::kFlights
                   ? flight_text(session.flight()->flight)
                   : QString::fromStdString(device_.name));
  set(operator_,
      session.operator_id().empty()
          ? QString()
          : text({"GATE_OPERATOR", {{"operator", PersonalText(session.operator_id())}}, {}}));
  set(server_, (session.answers() ? QString("\u25CF ") : QString("\u25A0 ")) +
                   text(session.answers() ? "GATE_SERVER_ANSWERS" : "GATE_SERVER_SILENT"));
}

void Window::show_verdict(const Session& session) {
  const Sign sign = sign_of(session);
  badge_->show_sign(sign, sign == Sign::kNone ? QString() : text(word_key(sign)));
  set(instruction_, text(session.instruction()));
  const bool has_passenger = !session.passenger().empty() && session.stage() != Stage::kDone;
  QString who = has_passenger ? QString::fromStdString(session.passenger().reveal()) : QString();
  if (has_passenger && !session.seat().empty()) {
    who += "   " + text({"GATE_SEAT", {{"seat", PersonalText(session.seat())}}, {}});
  }
  set(passenger_, who);
  const sdk::Answer* answer = session.verdict();
  names_->show_names(
      answer != nullptr ? answer->report.alignment : std::vector<verification::AlignedPart>(),
      text("GATE_BOOKING"), text("GATE_DOCUMENT"));
  set(face_,
      answer == nullptr
          ? QString()
          : (session.face_checked() ? QString("\u2611 ") : QString("\u2610 ")) + text("GATE_FACE"));
  QStringList warnings;
  if (!session.details()) {  // which name them, too
    for (const base::Message& warning : session.warnings()) warnings << "\u25B2 " + text(warning);
  }
  set(warnings_, warnings.join('\n'));
  QString resolved;
  if (answer != nullptr && answer->resolution && !session.details()) {
    const sdk::Resolution& before = *answer->resolution;
    resolved = text({"GATE_RESOLVED",
                     {{"time", PersonalText(clock_text(before.unix_seconds).toStdString())},
                      {"operator", PersonalText(before.operator_pseudonym)}},
                     {}});
  }
  set(resolved_, resolved);
  set(second_, session.second_operator_id().empty()
                   ? QString()
                   : text({"GATE_SECOND_PERSON",
                           {{"operator", PersonalText(session.second_operator_id())}},
                           {}}));
  QString notice = text(session.notice());
  if (session.stage() == Stage::kLogIn && !device_.certificate_ends.empty()) {
    notice += (notice.isEmpty() ? "" : "\n") +
              text({device_.certificate_ended ? "GATE_CERTIFICATE_ENDED" : "GATE_CERTIFICATE_ENDS",
                    {{"date", PersonalText(device_.certificate_ends)}},
                    {}});
  }
  set(notice_, notice);
  QStringList details;
  if (answer != nullptr && session.details()) {
    for (const verification::Reason& reason : answer->report.reasons) {
      if (static_cast<std::size_t>(details.size()) == kShownReasons) break;
      details << "\u2022 " + text(reason.text);
    }
  }
  set(details_, details.join('\n'));
}

void Window::show_ticks(const Session& session) {
  ticks_->setVisible(session.verdict() != nullptr && !session.details());
  const Ticks ticks = session.ticks();
  const std::array rows{
      std::pair{"GATE_BIRTH_DATE", ticks.birth_date}, std::pair{"GATE_SEX", ticks.sex},
      std::pair{"GATE_NATIONALITY", ticks.nationality}, std::pair{"GATE_EXPIRY", ticks.expiry}};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const AgreementWord word = word_of(rows[i].second);
    QLabel* label = tick_labels_[i];
    label->setText(directed(QString(word.mark) + "  " + text(rows[i].first)));
    label->setAccessibleName(text(rows[i].first) + ": " + text(word.key));
  }
}

void Window::show_list(const Session& session) {
  const bool flights = session.stage() == Stage::kFlights;
  set(list_title_,
      session.stage() == Stage::kLogIn ? QString() : text(flights ? "GATE_FLIGHTS" : "GATE_LIST"));
  set(counts_, session.flight() && !flights && session.stage() != Stage::kLogIn
                   ? text({"GATE_COUNTS",
                           {{"boarded", std::int64_t{session.flight()->boarded}},
                            {"passengers", std::int64_t{session.flight()->passengers}}},
                           {}})
                   : QString());
  // While somebody is decided on, the screen is his alone.
  list_panel_->setVisible(session.stage() != Stage::kLogIn && session.stage() != Stage::kSilent &&
                          session.verdict() == nullptr);
  list_->setAccessibleName(list_title_->text());
  model_->show(session);
  list_->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
  const bool chooses = flights || !session.entry().empty();
  if (chooses && static_cast<int>(session.selected()) < model_->rowCount({})) {
    // selectRow() selects nothing from right to left.
    list_->setCurrentIndex(model_->index(static_cast<int>(session.selected()), 0));
  } else {
    list_->clearSelection();
  }
}

void Window::show_keys(const std::vector<KeyCap>& keys) {
  const auto same = [](const KeyCap& a, const KeyCap& b) {
    return a.function == b.function && a.label == b.label;
  };
  if (std::equal(keys.begin(), keys.end(), shown_keys_.begin(), shown_keys_.end(), same)) return;
  shown_keys_ = keys;
  while (QLayoutItem* item = key_grid_->takeAt(0)) {
    delete item->widget();
    delete item;
  }
  const bool chooses = std::any_of(keys.begin(), keys.end(),
                                   [](const KeyCap& cap) { return cap.action == Action::kChoose; });
  const int columns = chooses ? kChoiceColumns : kKeyColumns;
  int place = 0;
  for (const KeyCap& cap : keys) {
    auto* key = new QWidget(keys_);
    auto* row = new QHBoxLayout(key);
    row->setContentsMargins(0, 0, 0, 0);
    auto* head = new QLabel(
        cap.function == kEscapeKey ? QString("Esc") : QString("F%1").arg(cap.function), key);
    head->setFont(look_.font(1.0, true));
    head->setAlignment(Qt::AlignCenter);
    head->setAutoFillBackground(true);
    head->setMargin(4);
    QPalette colours = head->palette();
    colours.setColor(QPalette::Window, look_.key().ground);
    colours.setColor(QPalette::WindowText, look_.key().ink);
    head->setPalette(colours);
    auto* name = label(1.0);
    name->setParent(key);
    name->setText(text(cap.label));
    key->setAccessibleName(head->text() + ": " + name->text());
    row->addWidget(head);
    row->addWidget(name, 1);
    key_grid_->addWidget(key, place / columns, place % columns);
    ++place;
  }
  for (int column = 0; column < kKeyColumns; ++column) {
    key_grid_->setColumnStretch(column, column < columns ? 1 : 0);
  }
}

bool Window::eventFilter(QObject* watched, QEvent* event) {
  // Tab ends a scan; it must not carry the focus away.
  if (event->type() == QEvent::ShortcutOverride) {
    event->accept();
    return true;
  }
  if (event->type() != QEvent::KeyPress) return QWidget::eventFilter(watched, event);
  const auto* key = static_cast<QKeyEvent*>(event);
  const int code = key->key();
  const auto time = key->timestamp();
  const std::optional<Milliseconds> at =
      time == 0 ? std::nullopt : std::optional(Milliseconds(static_cast<std::int64_t>(time)));
  const bool held = held_.is_held(key->isAutoRepeat(), at);
  const bool is_function = code >= Qt::Key_F1 && code <= Qt::Key_F12;
  if (code == Qt::Key_Up || code == Qt::Key_Down) {
    input_.move_selection(code == Qt::Key_Up ? -1 : 1);
  } else if (held || (is_function && key->isAutoRepeat())) {
    // A key that is held down decides once, and is no scanner.
  } else if (is_function || code == Qt::Key_Escape) {
    input_.press(is_function ? code - Qt::Key_F1 + 1 : kEscapeKey);
  } else if (code == Qt::Key_Return || code == Qt::Key_Enter) {
    input_.key(U'\r', at);
  } else if (code == Qt::Key_Tab || code == Qt::Key_Backtab) {
    input_.key(U'\t', at);
  } else if (code == Qt::Key_Backspace) {
    input_.key(U'\b', at);
  } else {
    for (const char32_t character : key->text().toStdU32String()) input_.key(character, at);
  }
  return true;
}

}  // namespace paxid::gate
