#include "clients/gate/tone.h"

#include <QDataStream>
#include <QIODevice>
#include <QProcess>
#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace paxid::gate {
namespace {

struct Note {
  double hertz;  // 0: a rest
  double seconds;
};

std::vector<Note> notes_of(Tone tone) {
  switch (tone) {
    case Tone::kMatch:
      return {{1320, 0.12}};
    case Tone::kReview:
      return {{740, 0.12}, {0, 0.08}, {740, 0.12}};
    case Tone::kMismatch:
      return {{220, 0.45}};
    case Tone::kSilent:
      return {{440, 0.15}, {330, 0.25}};
  }
  return {};
}

std::vector<qint16> samples_of(Tone tone) {
  constexpr double kLoudness = 0.6 * 32767;
  constexpr double kFade = 0.008;  // seconds; without it the loudspeaker clicks
  std::vector<qint16> samples;
  for (const Note& note : notes_of(tone)) {
    const auto count = static_cast<int>(note.seconds * kToneSamplesPerSecond);
    for (int i = 0; i < count; ++i) {
      const double at = static_cast<double>(i) / kToneSamplesPerSecond;
      const double edge = std::min({1.0, at / kFade, (note.seconds - at) / kFade});
      samples.push_back(
          static_cast<qint16>(kLoudness * edge * std::sin(2 * std::numbers::pi * note.hertz * at)));
    }
  }
  return samples;
}

}  // namespace

QByteArray wave_of(Tone tone) {
  const std::vector<qint16> samples = samples_of(tone);
  const auto bytes = static_cast<quint32>(samples.size() * sizeof(qint16));
  QByteArray wave;
  QDataStream out(&wave, QIODevice::WriteOnly);
  out.setByteOrder(QDataStream::LittleEndian);
  out.writeRawData("RIFF", 4);
  out << quint32(36 + bytes);
  out.writeRawData("WAVEfmt ", 8);
  out << quint32(16) << quint16(1) << quint16(1) << quint32(kToneSamplesPerSecond)
      << quint32(kToneSamplesPerSecond * 2) << quint16(2) << quint16(16);
  out.writeRawData("data", 4);
  out << bytes;
  for (const qint16 sample : samples) out << sample;
  return wave;
}

void play(Tone tone, const QString& command) {
  QStringList words = QProcess::splitCommand(command);
  if (words.isEmpty()) return;
  auto* player = new QProcess;  // deletes itself
  QObject::connect(player, &QProcess::finished, player, &QObject::deleteLater);
  QObject::connect(player, &QProcess::errorOccurred, player, &QObject::deleteLater);
  const QString program = words.takeFirst();
  player->start(program, words);
  player->write(wave_of(tone));
  player->closeWriteChannel();
}

}  // namespace paxid::gate
