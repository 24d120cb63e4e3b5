#pragma once

#include <string>

#include "base/error.h"

// What operators do with policies, away from the running server: `paxid-server policy ...`.
namespace paxid::server {

// Makes a signing key in a new file and gives its verifier key, which goes into the file of
// approvers. ALREADY_EXISTS when there is a file.
base::Result<std::string> make_policy_key(const std::string& name, const std::string& key_file);

// Adds a signature to FILE.sig, which is made when it does not exist. How many have signed.
base::Result<std::size_t> sign_policy_file(const std::string& file, const std::string& name,
                                           const std::string& key_file);

// What FILE and FILE.sig are: reference, digest and approvers, for people. PERMISSION_DENIED when
// the signatures do not approve it.
base::Result<std::string> verify_policy_file(const std::string& file,
                                             const std::string& approvers_file);

}  // namespace paxid::server
