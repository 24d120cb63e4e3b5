#include "clients/kiosk/speech.h"

#include <utility>

namespace paxid::kiosk {

Speech::~Speech() { stop(); }

void Speech::stop() {
  QProcess* process = std::exchange(running_, nullptr);
  if (process == nullptr) return;
  process->disconnect(this);
  process->kill();
  process->waitForFinished();
  delete process;
}

void Speech::say(const std::string& text, messages::Language language) {
  if (!speaks()) return;
  stop();
  const std::string_view tag = messages::tag_of(language);
  QStringList parts = QProcess::splitCommand(command_);
  for (QString& part : parts) {
    part.replace("%l", QString::fromUtf8(tag.data(), static_cast<qsizetype>(tag.size())));
  }
  if (parts.isEmpty()) return;
  running_ = new QProcess(this);
  running_->setStandardOutputFile(QProcess::nullDevice());
  running_->setStandardErrorFile(QProcess::nullDevice());
  const QString program = parts.takeFirst();
  // A program that does not start leaves the kiosk silent, as one without speech is.
  QObject::connect(running_, &QProcess::started, this, [this, text] {
    running_->write(text.data(), static_cast<qint64>(text.size()));
    running_->closeWriteChannel();
  });
  running_->start(program, parts);
}

}  // namespace paxid::kiosk
