#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <string>

namespace paxid::audit {

// The libraries below the store. The test programs are linked so that its calls into them come by
// here first (tests/audit/CMakeLists.txt).
enum class Below { kSqlite, kFiles, kCrypto, kPostgres, kPostgresValues };

// A value of kPostgresValues, of those with a size of their own, arrives a byte short.
//
// For Below::kPostgres: what the server answers (PostgreSQL, appendix A), or that it is gone.
enum PostgresFailure { kServerFull, kServerIoError, kServerDamaged, kServerBusy, kConnectionLost };

// Makes one call into a library fail while it lives. One at a time in the process.
class FailingCall {
 public:
  // The call after `successes` further ones fails with `code`: one of SQLite's, an errno, one of
  // PostgresFailure. `everywhere`: the calls of every thread count, not only those of this one.
  FailingCall(Below below, std::uint64_t successes, int code, bool everywhere);
  ~FailingCall() { stop(); }
  FailingCall(const FailingCall&) = delete;
  FailingCall& operator=(const FailingCall&) = delete;

  // Whether it has failed.
  bool happened() const;
  // From now on nothing fails. Whether it has failed.
  bool stop();
};

// Whether this call is the one to fail, and how. For the functions that stand before a library's.
bool fails_now(Below below);
int failure_code();

struct Sweep {
  Below below;
  int code = 0;
  bool everywhere = true;
  // Every how manieth call fails, of work that makes very many.
  std::uint64_t stride = 1;
};

// Does `work` with its first call into the library failing, then with its second, and so on until
// none is left to fail, each time after `prepare`, whose calls do not fail. `work` is given the
// FailingCall, to end it before it looks at what it did. How many calls have failed.
template <class Work>
std::uint64_t sweep(const Sweep& how, Work work, const std::function<void()>& prepare = {}) {
  constexpr std::uint64_t kMost = 20'000;
  for (std::uint64_t failures = 0; failures < kMost; ++failures) {
    const std::uint64_t successes = failures * how.stride;
    const testing::ScopedTrace trace(__FILE__, __LINE__, "call " + std::to_string(successes));
    if (prepare) prepare();
    FailingCall failing(how.below, successes, how.code, how.everywhere);
    work(failing);
    if (!failing.stop() || testing::Test::HasFailure()) return failures;
  }
  ADD_FAILURE() << "no end";
  return kMost;
}

}  // namespace paxid::audit
