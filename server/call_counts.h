#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace paxid::server {

// Upper bounds of the classes of durations, in seconds; a last one has none.
inline constexpr std::array kDurationBounds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                            0.05,   0.1,   0.25,   0.5,   1.0,  2.5};

// OK and every code an answer can have.
inline constexpr std::array<std::optional<base::ErrorCode>, 10> kOutcomes{
    std::nullopt,
    base::ErrorCode::kInvalidArgument,
    base::ErrorCode::kNotFound,
    base::ErrorCode::kAlreadyExists,
    base::ErrorCode::kPermissionDenied,
    base::ErrorCode::kResourceExhausted,
    base::ErrorCode::kFailedPrecondition,
    base::ErrorCode::kUnavailable,
    base::ErrorCode::kDataLoss,
    base::ErrorCode::kInternal,
};

// Why a call was refused before it had a handler.
enum class Denial : std::uint8_t { kPrincipalUnknown, kRoleMayNot, kCertificateRevoked };
inline constexpr std::array kAllDenials{Denial::kPrincipalUnknown, Denial::kRoleMayNot,
                                        Denial::kCertificateRevoked};
std::string_view name_of(Denial denial);  // "PRINCIPAL_UNKNOWN", "ROLE_MAY_NOT", ...

// How calls have ended, by the place of their method in the access table. Thread-safe, and cheap
// enough for every call: a few counters of its own for each method.
class CallCounts {
 public:
  CallCounts();

  void count(std::size_t method, std::optional<base::ErrorCode> error,
             std::chrono::nanoseconds elapsed);
  void count(Denial denial) { ++denials_[static_cast<std::size_t>(denial)]; }

  struct OfMethod {
    std::array<std::uint64_t, kOutcomes.size()> by_outcome{};
    std::array<std::uint64_t, kDurationBounds.size() + 1> by_duration{};
    std::chrono::nanoseconds total{};
  };
  OfMethod of(std::size_t method) const;
  std::uint64_t of(Denial denial) const { return denials_[static_cast<std::size_t>(denial)]; }

 private:
  struct alignas(64) Counters {
    std::array<std::atomic<std::uint64_t>, kOutcomes.size()> by_outcome{};
    std::array<std::atomic<std::uint64_t>, kDurationBounds.size() + 1> by_duration{};
    std::atomic<std::int64_t> nanoseconds{0};
  };
  std::vector<Counters> methods_;
  std::array<std::atomic<std::uint64_t>, kAllDenials.size()> denials_{};
};

}  // namespace paxid::server
