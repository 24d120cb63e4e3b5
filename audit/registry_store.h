#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/key_cipher.h"
#include "audit/log_registry.h"
#include "audit/merkle.h"
#include "audit/store.h"
#include "audit/submission.h"
#include "base/error.h"

namespace paxid::audit {

// What every store does in the same way, wherever its tables are: it takes records in, and proves
// by the trees of its registry.
class RegistryStore : public Store {
 public:
  void append(Record record, Completion done) final;
  base::Result<std::vector<Hash>> inclusion_proof(std::string_view tenant, std::uint64_t index,
                                                  std::uint64_t size) final;
  base::Result<std::vector<Hash>> consistency_proof(std::string_view tenant, std::uint64_t first,
                                                    std::uint64_t second) final;
  base::Result<std::vector<Hash>> left_subtrees(std::string_view tenant, std::uint64_t size) final;
  base::Result<std::string> tlog_proof(std::string_view tenant, std::uint64_t index) final;
  Id16 blind_index(std::string_view tenant, const SubjectLookup& lookup) const final;
  base::Result<std::string> vkey(std::string_view tenant) final;
  base::Result<std::string> origin(std::string_view tenant) final;

 protected:
  using Prove = std::function<base::Result<std::vector<Hash>>(const NodeReader&)>;

  virtual const KeyCipher& cipher() const = 0;
  virtual const LogRegistry& registry() const = 0;
  // Of a record in its limits.
  virtual void submit(Submission submission, Completion done) = 0;
  // What `prove` makes of the nodes of the tenant's tree, which has at least `size` leaves.
  virtual base::Result<std::vector<Hash>> with_nodes(std::string_view tenant, std::uint64_t size,
                                                     const Prove& prove) = 0;
  // A checkpoint that covers the leaf. NOT_FOUND when there is none.
  virtual base::Result<LogRegistry::Issued> issue_over(std::string_view tenant,
                                                       std::uint64_t index) = 0;
};

// What a store reads of one leaf and of one subject, from whichever tables.

// DATA_LOSS when the leaf is not there.
base::Result<StoredRecord> read_record(ReadTables& tables, std::int64_t log, std::uint64_t index);
// The record with a body that is there: NOT_FOUND when the leaf has none, FAILED_PRECONDITION when
// it was erased.
base::Result<StoredRecord> with_body(StoredRecord record);
// The key of that body.
base::Result<base::SecretBytes> key_of_body(DataKeys& keys, const Log& log,
                                            const StoredRecord& record);
// Of the first `size` leaves. NOT_FOUND when none of them names the subject.
base::Result<SubjectState> read_subject(ReadTables& tables, std::int64_t log, const Id16& ref,
                                        std::uint64_t size);

}  // namespace paxid::audit
