#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/date.h"
#include "clients/reader/wedge.h"

namespace paxid::reader {

// A wedge in an event loop: it is told when the keys pause. Lives on one thread.
class LiveWedge final : public QObject {
 public:
  // `today` decides centuries; `deliver` gets what has arrived, nothing after most keys.
  LiveWedge(WedgeOptions options, std::function<base::Date()> today,
            std::function<void(const std::vector<Arrival>&)> deliver);

  // A character was typed at `at` by the clock of the window system, which may be another than
  // ours; nothing when it is not known.
  void key(char32_t character, std::optional<Milliseconds> at);
  std::string pending() const { return wedge_.pending(); }
  bool is_blank() const { return wedge_.is_blank(); }
  // Forgets all that arrived, the last scan too.
  void clear();

 private:
  void after_pause();

  Wedge wedge_;
  std::function<base::Date()> today_;
  std::function<void(const std::vector<Arrival>&)> deliver_;
  QElapsedTimer clock_;
  QTimer pause_;
  Milliseconds last_key_{0};
};

}  // namespace paxid::reader
