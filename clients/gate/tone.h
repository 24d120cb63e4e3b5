#pragma once

#include <QByteArray>
#include <QString>

#include "clients/gate/session.h"

// What a verdict sounds like: high once, middle twice, low and long, two falling.
namespace paxid::gate {

inline constexpr int kToneSamplesPerSecond = 22'050;

// A WAV file: one channel, 16 bits.
QByteArray wave_of(Tone tone);

// Gives the tone to a program that plays WAV on its standard input ("aplay -q"), and does not
// wait. Nothing for an empty command.
void play(Tone tone, const QString& command);

}  // namespace paxid::gate
