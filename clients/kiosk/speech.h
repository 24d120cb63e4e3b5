#pragma once

#include <QObject>
#include <QProcess>
#include <QString>
#include <string>

#include "messages/catalogue.h"

namespace paxid::kiosk {

// Gives each text to a program that speaks. A new text ends the one before.
class Speech final : public QObject {
 public:
  // The command and its arguments, parted by spaces; %l stands for the language ("de"). The text
  // comes on its standard input. Empty: nothing is spoken.
  explicit Speech(const QString& command) : command_(command) {}
  ~Speech() override;

  bool speaks() const { return !command_.isEmpty(); }
  void say(const std::string& text, messages::Language language);

 private:
  void stop();

  QString command_;
  QProcess* running_ = nullptr;  // its own parent's child
};

}  // namespace paxid::kiosk
