#include "clients/reader/live_wedge.h"

#include <utility>

namespace paxid::reader {

LiveWedge::LiveWedge(WedgeOptions options, std::function<base::Date()> today,
                     std::function<void(const std::vector<Arrival>&)> deliver)
    : wedge_(std::move(options)), today_(std::move(today)), deliver_(std::move(deliver)) {
  clock_.start();
  pause_.setSingleShot(true);
  pause_.setTimerType(Qt::PreciseTimer);
  QObject::connect(&pause_, &QTimer::timeout, this, [this] {
    // Keys that wait in the queue came before the pause was over: they go first.
    QTimer::singleShot(0, this, [this] {
      if (!pause_.isActive()) after_pause();
    });
  });
}

void LiveWedge::key(char32_t character, std::optional<Milliseconds> at) {
  last_key_ = at.value_or(Milliseconds(clock_.elapsed()));
  const auto arrivals = wedge_.key(character, last_key_, today_());
  if (const auto patience = wedge_.patience()) {
    pause_.start(*patience);
  } else {
    pause_.stop();
  }
  deliver_(arrivals);
}

void LiveWedge::after_pause() {
  const auto patience = wedge_.patience();
  if (!patience) return;
  const auto arrivals = wedge_.pause(last_key_ + *patience, today_());
  if (const auto more = wedge_.patience()) pause_.start(*more);
  deliver_(arrivals);
}

void LiveWedge::clear() {
  pause_.stop();
  wedge_.clear();
}

}  // namespace paxid::reader
