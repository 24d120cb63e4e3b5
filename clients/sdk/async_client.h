#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "base/error.h"
#include "clients/sdk/client.h"

// The calls of a person at a screen, none of which waits.
namespace paxid::sdk {

// A connection to one server, or to several that write into one log. Thread-safe.
//
// Every call returns at once, and `then` is called exactly once, on a thread of the library, with
// what the same call of Client returns: after at most two attempts with the same request id. It
// must not block, and must not destroy the client; a window posts it to its own loop.
class AsyncClient {
 public:
  template <class Value>
  using Then = std::function<void(base::Result<Value>)>;
  // Whether some server answers and says that it serves. Called with every change, first when it
  // is known.
  using HealthWatcher = std::function<void(bool answers)>;

  // Reads the files, and connects in the background. Errors as Client::connect.
  static base::Result<AsyncClient> connect(const ClientOptions& options, HealthWatcher on_health);
  AsyncClient(AsyncClient&&) noexcept;
  AsyncClient& operator=(AsyncClient&&) = delete;
  // Cancels what is under way, whose `then` is not called, and waits for callbacks that run.
  ~AsyncClient();

  void verify(const Request& request, Then<Answer> then) const;
  void decide(const Decision& decision, Then<DecisionOutcome> then) const;
  void suggestion(const SuggestionLook& look, Then<Suggestion> then) const;
  void flights(Then<std::vector<FlightSummary>> then) const;
  void flight(const FlightKey& key, Then<FlightManifest> then) const;

  // Ends the watch that it came from; nothing when that is over.
  using Cancel = std::function<void()>;
  // `watcher` is called with every change until it says false, the flight is dropped, the watch
  // is cancelled or the connection ends; then `then`, but not after a cancel.
  [[nodiscard]] Cancel watch_flight(const FlightKey& key, FlightWatcher watcher,
                                    Then<void> then) const;

  struct Core;

 private:
  explicit AsyncClient(std::unique_ptr<Core> core);
  std::unique_ptr<Core> core_;
};

}  // namespace paxid::sdk
