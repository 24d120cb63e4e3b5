#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "audit/note.h"
#include "audit/tlog_proof.h"
#include "base/error.h"
#include "clients/sdk/client.h"

namespace paxid::cli {

inline constexpr std::size_t kMaxKeyFileBytes = 64 * 1024;

// One file that proves one record without any server: a C2SP tlog-proof whose extra line is
// the leaf.
base::Result<std::string> proof_file(const sdk::InclusionProof& proof);

// `given` is a verifier key, or the name of a file with one on each line ('#' begins a
// comment). The keys must come from the log's operator by another way than the proof.
base::Result<std::vector<audit::VerifierKey>> trusted_keys(const std::string& given);

// Checks a proof file with nothing but the trusted keys. The errors of audit::check_record;
// also INVALID_ARGUMENT when the file holds no leaf, or the keys are of several logs.
base::Result<audit::CheckedRecord> check_proof(const std::string& proof_text,
                                               const std::vector<audit::VerifierKey>& trusted);

// A checked record for programs and for eyes.
nlohmann::json checked_json(const audit::CheckedRecord& record);
std::string checked_card(const audit::CheckedRecord& record);

}  // namespace paxid::cli
