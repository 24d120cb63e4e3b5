#pragma once

#include <QAbstractTableModel>
#include <QLabel>
#include <QLineEdit>
#include <QTableView>
#include <QWidget>
#include <functional>
#include <string>
#include <vector>

#include "clients/gate/look.h"
#include "clients/gate/name_lines.h"
#include "clients/gate/session.h"
#include "clients/sdk/device.h"
#include "messages/catalogue.h"

class QGridLayout;

namespace paxid::gate {

// The word of the verdict on its colour, with its shape.
class Badge final : public QWidget {
 public:
  explicit Badge(const Look& look);

  void show_sign(Sign sign, const QString& word);
  Sign sign() const { return sign_; }
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override { return sizeHint(); }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  Look look_;
  Sign sign_ = Sign::kNone;
  QString word_;
};

// The rows that the session shows: flights, or passengers with name, seat and whether on board.
class ListModel final : public QAbstractTableModel {
 public:
  explicit ListModel(messages::Language language) : language_(language) {}

  void show(const Session& session);

  int rowCount(const QModelIndex& parent) const override;
  int columnCount(const QModelIndex& parent) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  using Row = std::vector<QString>;
  messages::Language language_;
  std::vector<QString> header_;
  std::vector<Row> rows_;
};

// Who the device is, from its certificate.
struct DeviceFace {
  std::string name;              // "demo/agent/g1"
  std::string certificate_ends;  // "2026-12-22"; empty: not known
  bool certificate_ended = false;
};

// `now` decides whether the certificate has ended. "demo/agent/g1" of
// spiffe://.../tenant/demo/agent/g1: what the people at the device know it by.
DeviceFace face_of(const sdk::DeviceCertificate& certificate, std::int64_t now_unix_seconds);

// What the window passes on; see Desk.
struct WindowInput {
  std::function<void(char32_t, std::optional<Milliseconds>)> key;
  std::function<void(int)> press;
  std::function<void(int)> move_selection;
};

// The one window. It has one place for keys, and shows what the session says.
class Window final : public QWidget {
 public:
  Window(const Look& look, messages::Language language, DeviceFace device, WindowInput input);

  // `pending` is what has arrived of a scan.
  void show_session(const Session& session, const std::string& pending);
  // The scan field alone.
  void show_pending(const Session& session, const std::string& pending);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  QString text(std::string_view key) const;
  QString text(const base::Message& message) const;
  QString directed(const QString& text) const;
  QLabel* label(double times, bool bold = false);
  void show_top(const Session& session);
  void show_verdict(const Session& session);
  void show_ticks(const Session& session);
  void show_list(const Session& session);
  void show_keys(const std::vector<KeyCap>& keys);
  void set(QLabel* label, const QString& text);
  QWidget* build_top();
  QWidget* build_passenger();
  QWidget* build_list();
  QWidget* build_bottom();

  Look look_;
  messages::Language language_;
  DeviceFace device_;
  WindowInput input_;
  reader::HeldKeys held_;

  QLabel* flight_ = nullptr;
  QLabel* operator_ = nullptr;
  QLabel* server_ = nullptr;
  Badge* badge_ = nullptr;
  QLabel* instruction_ = nullptr;
  QLabel* passenger_ = nullptr;
  NameLines* names_ = nullptr;
  QWidget* ticks_ = nullptr;
  std::vector<QLabel*> tick_labels_;
  QLabel* face_ = nullptr;
  QLabel* warnings_ = nullptr;
  QLabel* resolved_ = nullptr;
  QLabel* second_ = nullptr;
  QLabel* notice_ = nullptr;
  QLabel* details_ = nullptr;
  QWidget* list_panel_ = nullptr;
  QLabel* list_title_ = nullptr;
  QLabel* counts_ = nullptr;
  QTableView* list_ = nullptr;
  ListModel* model_ = nullptr;
  QLabel* field_label_ = nullptr;
  QLineEdit* field_ = nullptr;
  QWidget* keys_ = nullptr;
  QGridLayout* key_grid_ = nullptr;
  std::vector<KeyCap> shown_keys_;
  Stage told_ = Stage::kLogIn;
};

}  // namespace paxid::gate
