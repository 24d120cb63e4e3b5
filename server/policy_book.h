#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/bytes.h"
#include "audit/store.h"
#include "base/date.h"
#include "base/error.h"
#include "verification/engine.h"

namespace paxid::server {

inline constexpr std::size_t kMaxPolicies = 256;

// A policy that may judge, and the engine that applies it.
struct ApprovedPolicy {
  verification::Engine engine;
  std::vector<std::string> approved_by;  // ascending; empty: compiled in
  // Names the first use of this policy out of this book: the request id of its record.
  audit::Id16 use{};

  const verification::Policy& policy() const { return engine.policy(); }
};

// All policies of one reading of the directory. Immutable.
class PolicyBook {
 public:
  // The compiled-in policy, and every NAME.toml of `directory` (empty: none) with its NAME.toml.sig
  // that `approvers_file` approves. Anything wrong refuses the whole book, and `field` names the
  // file: a server must not run on half of what its operators think it has. Two policies that take
  // effect on one day are refused.
  static base::Result<std::shared_ptr<const PolicyBook>> load(const std::string& directory,
                                                              const std::string& approvers_file);

  // The latest policy in effect on `day`; the compiled-in one before the first.
  const std::shared_ptr<const ApprovedPolicy>& on(base::Date day) const;
  std::size_t size() const { return by_date_.size() + 1; }

 private:
  PolicyBook() = default;
  std::shared_ptr<const ApprovedPolicy> built_in_;
  std::map<base::Date, std::shared_ptr<const ApprovedPolicy>> by_date_;
};

// The book in force. Thread-safe; a call that has taken a policy keeps it to its end, so a
// reload loses no call and every answer names the one policy that made it.
class Policies {
 public:
  Policies(std::shared_ptr<const PolicyBook> book, std::string directory, std::string approvers)
      : book_(std::move(book)),
        directory_(std::move(directory)),
        approvers_(std::move(approvers)) {}

  std::shared_ptr<const ApprovedPolicy> on(base::Date day) const { return book_.load()->on(day); }
  // Reads the directory again. On an error the book stays as it is.
  base::Result<std::size_t> reload();

 private:
  std::atomic<std::shared_ptr<const PolicyBook>> book_;
  const std::string directory_;
  const std::string approvers_;
};

// Sees to it that a log holds a record of a policy before the first record that it judged.
class PolicyUses {
 public:
  explicit PolicyUses(audit::Store& store) : store_(store) {}

  // Appends `record`, after the record of the policy's first use where that is missing. `done` as
  // for Store::append.
  void append(const ApprovedPolicy& policy, audit::Record record, audit::Completion done);

 private:
  audit::Store& store_;
  std::mutex mutex_;
  std::set<std::pair<std::string, audit::Id16>> recorded_;  // tenant, use
};

// The record of the first use of a policy in a tenant's log (docs/record_format.md 3.3).
audit::Record first_use_record(const std::string& tenant, const ApprovedPolicy& policy);

}  // namespace paxid::server
