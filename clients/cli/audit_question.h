#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "audit/absence.h"
#include "audit/leaf.h"
#include "audit/merkle.h"
#include "audit/note.h"
#include "base/error.h"
#include "clients/sdk/client.h"

// `paxid audit overrides|accepted|looks|decisions|errors|flight|whole`: what an auditor asks a log.
// Every leaf of the period comes from the server, with what names nobody of the bodies that are
// asked for; the answer is made here, in memory that does not grow with the log but where it says
// so.
namespace paxid::cli {

// One record on its way past a question.
struct AskedRecord {
  std::uint64_t index = 0;
  audit::Leaf leaf;
  std::string body_state;
  nlohmann::json body;  // an object; empty when there is none to see
};

// A question. Rows of an answer are objects with `leaf_index` and `time`, or figures.
class AuditAnswer {
 public:
  using Emit = std::function<void(const nlohmann::json& row)>;

  virtual ~AuditAnswer() = default;
  // Records come in their order.
  virtual void see(const AskedRecord& record, const Emit& emit) = 0;
  virtual void finish(const Emit& /*emit*/) {}
};

// Suggestions of this verdict that people overrode: an accept of a REVIEW or MISMATCH, a refusal of
// a MATCH; and what of it was undone. Empty: of every verdict.
std::unique_ptr<AuditAnswer> overrides_answer(const std::string& verdict);
// What people accepted for this reason at this station; empty: any.
std::unique_ptr<AuditAnswer> accepted_answer(const std::string& reason, const std::string& station);
// Who looked at, or changed the state of, this person's records, and the exports with names that
// may hold them, by their filters. Keeps a few bytes for each record of the person.
std::unique_ptr<AuditAnswer> looks_answer(const audit::Id16& subject);
// What was judged by a policy, and what people decided on that: by id, or by the beginning of its
// SHA-256 of at least 8 hexadecimal digits.
std::unique_ptr<AuditAnswer> policy_answer(const std::string& policy);
// For each State that issued documents: suggestions, shares of verdicts, and how often a person
// decided otherwise. Keeps 4 bytes for each leaf.
std::unique_ptr<AuditAnswer> errors_answer();
// Every record that the server has selected, in the order of time.
std::unique_ptr<AuditAnswer> everything_answer();

// A row as a line for eyes.
std::string row_line(const nlohmann::json& row);

// Whether the leaves of a range stand in the signed log, one behind the other.
class WholeCheck {
 public:
  // False with a reason: the leaf is not what it must be.
  base::Result<void> see(const sdk::ExportPage& page);
  // `head` is the text of a checkpoint that a trusted key has signed, `proof` leads to its tree.
  base::Result<void> finish(const sdk::ExportPage& last,
                            std::span<const audit::VerifierKey> trusted, const std::string& note,
                            const std::vector<audit::Hash>& proof);

  std::uint64_t gone() const { return absences_.count(); }
  // Bodies that no leaf of the range erases or prunes.
  std::vector<std::uint64_t> unexplained() const { return absences_.unexplained(10); }

 private:
  bool begun_ = false;
  std::uint64_t next_ = 0;
  std::uint64_t last_time_ = 0;
  audit::Frontier tree_;
  audit::Absences absences_;
};

}  // namespace paxid::cli
