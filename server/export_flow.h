#pragma once

#include <string>

#include <tl/expected.hpp>

#include "audit/store.h"
#include "server/access.h"
#include "server/refusal.h"

namespace paxid::v1 {
class ExportRecordsRequest;
class ExportRecordsResponse;
class ReleaseExportRequest;
class ReleaseExportResponse;
class SealExportRequest;
class SealExportResponse;
}  // namespace paxid::v1

namespace paxid::server {

// What one page holds at most; the last record may go beyond the bytes.
inline constexpr std::size_t kMaxPageRecords = 2048;
inline constexpr std::size_t kMaxPageBytes = 512 * 1024;

// Exports of a log, page by page, each page from the log alone: the server keeps nothing of an
// export but its two records. Calls block until those are on disk. Thread-safe.
class ExportFlow {
 public:
  template <class T>
  using Result = tl::expected<T, Refusal>;

  explicit ExportFlow(audit::Store& store) : store_(store) {}

  Result<v1::ExportRecordsResponse> page(const Principal& caller,
                                         const v1::ExportRecordsRequest& request);
  // Names leave only when two persons want it: `caller` is the second one.
  Result<v1::ReleaseExportResponse> release(const Principal& caller,
                                            const v1::ReleaseExportRequest& request);
  Result<v1::SealExportResponse> seal(const Principal& caller,
                                      const v1::SealExportRequest& request);

 private:
  // The record of an export that began.
  struct Begun {
    audit::Receipt place;
    audit::Id16 actor{};
    std::string json;  // what it is, without names
  };
  Result<Begun> begun(const Principal& caller, const audit::Id16& export_id);
  // Whether another person than `caller` has released it.
  base::Result<bool> is_released(const Principal& caller, const audit::Id16& export_id);

  audit::Store& store_;
};

}  // namespace paxid::server
