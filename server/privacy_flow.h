#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "audit/store.h"
#include "base/clock.h"
#include "server/access.h"
#include "server/refusal.h"

namespace paxid::v1 {
class AddRectificationRequest;
class AddRectificationResponse;
class ChangeHoldRequest;
class ChangeHoldResponse;
class EraseSubjectRequest;
class EraseSubjectResponse;
class FindSubjectsRequest;
class FindSubjectsResponse;
class GetAccessRequest;
class GetAccessResponse;
class ListDeadlinesRequest;
class ListDeadlinesResponse;
class OpenDeadlineRequest;
class OpenDeadlineResponse;
class PrivacyContext;
class SetRestrictionRequest;
class SetRestrictionResponse;
class SubjectSelector;
}  // namespace paxid::v1

namespace paxid::server {

inline constexpr std::size_t kMaxRectificationCharacters = 2000;
// The most records of one report.
inline constexpr std::size_t kMaxReportedRecords = 2000;
// An open request is pointed at so long before it is due.
inline constexpr std::chrono::days kDeadlineWarning{7};

// How long bodies of each class are kept, by audit::RetentionClass - 1.
using RetentionPeriods = std::array<std::chrono::hours, audit::kAllRetentionClasses.size()>;

// The rights of persons (docs/privacy.md). Each call makes its record first and answers then. Every
// call blocks until its record is on disk: not for a gRPC callback. Thread-safe.
class PrivacyFlow {
 public:
  template <class T>
  using Result = tl::expected<T, Refusal>;

  PrivacyFlow(audit::Store& store, const base::Clock& clock, const RetentionPeriods& periods)
      : store_(store), clock_(clock), periods_(periods) {}

  Result<v1::FindSubjectsResponse> find_subjects(const Principal& caller,
                                                 const v1::FindSubjectsRequest& request);
  Result<v1::GetAccessResponse> access(const Principal& caller,
                                       const v1::GetAccessRequest& request);
  Result<v1::EraseSubjectResponse> erase(const Principal& caller,
                                         const v1::EraseSubjectRequest& request);
  Result<v1::AddRectificationResponse> rectify(const Principal& caller,
                                               const v1::AddRectificationRequest& request);
  Result<v1::SetRestrictionResponse> restrict(const Principal& caller,
                                              const v1::SetRestrictionRequest& request);
  Result<v1::ChangeHoldResponse> hold(const Principal& caller,
                                      const v1::ChangeHoldRequest& request);
  Result<v1::OpenDeadlineResponse> open_deadline(const Principal& caller,
                                                 const v1::OpenDeadlineRequest& request);
  Result<v1::ListDeadlinesResponse> deadlines(const Principal& caller,
                                              const v1::ListDeadlinesRequest& request);

 private:
  Result<audit::Id16> find(const Principal& caller, const v1::SubjectSelector& subject);
  Result<audit::Receipt> append(audit::Record record);
  // The request that the call answers, if it names one, is closed by a record of its own.
  Result<void> close_deadline(const Principal& caller, const v1::PrivacyContext& context);

  audit::Store& store_;
  const base::Clock& clock_;
  const RetentionPeriods periods_;
};

// When a request that came on that day is due: the same day of the next month, or three months on,
// or the last day there is; the end of it.
std::uint64_t due_unix_us(base::Date received, bool extended);

}  // namespace paxid::server
