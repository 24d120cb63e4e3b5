#pragma once

#include <QMetaObject>
#include <QObject>
#include <functional>
#include <optional>
#include <utility>

#include "base/error.h"
#include "clients/sdk/async_client.h"

namespace paxid::device {

// A client in an event loop: what the server answers is heard on the thread that this lives on,
// by nobody once this is gone.
class LiveClient final : public QObject {
 public:
  // `health` hears whether the server answers; `after` is called after everything that was heard.
  LiveClient(std::function<void(bool answers)> health, std::function<void()> after)
      : health_(std::move(health)), after_(std::move(after)) {}
  ~LiveClient() override { client_.reset(); }

  // Reads the certificates and connects in the background. Errors as sdk::AsyncClient::connect.
  base::Result<void> connect(const sdk::ClientOptions& options);
  // Null before connect().
  const sdk::AsyncClient* get() const { return client_ ? &*client_ : nullptr; }

  // The `then` of a call: `hear` gets what it gets, on our thread.
  template <class Hear>
  auto heard(Hear hear) {
    return [this, hear = std::move(hear)](auto answer) {
      const auto tell = [this, hear, answer = std::move(answer)] {
        hear(answer);
        after_();
      };
      QMetaObject::invokeMethod(this, tell, Qt::QueuedConnection);
    };
  }

 private:
  std::function<void(bool)> health_;
  std::function<void()> after_;
  std::optional<sdk::AsyncClient> client_;
};

}  // namespace paxid::device
