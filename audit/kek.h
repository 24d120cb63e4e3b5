#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "base/secret.h"

// The key-encryption key: 32 bytes under which keys.db keeps every other key. Whoever has it and a
// copy of keys.db opens the bodies of that copy, so it lies apart from the store and is replaced
// now and then (KeyStore::open, `previous_kek`).
//
// Its source is a text:
//   PATH              a file of 32 bytes, mode 0600
//   env:NAME          an environment variable, the 32 bytes in base64
//   credential:NAME   a file of 32 bytes that the service manager hands over in
//                     $CREDENTIALS_DIRECTORY (systemd.exec(5), LoadCredential=)
namespace paxid::audit {

// Whether the source is a file's path, the only one that can be made here.
bool is_kek_file(std::string_view source);

// The path that a file or a credential is read from; empty for a variable, and for a credential
// outside the service manager.
std::string kek_path(std::string_view source);

// FAILED_PRECONDITION with the reason when there is none of 32 bytes, or others may read the file.
// NOT_FOUND when there is none at all: no file, no variable, or an empty one.
base::Result<base::SecretBytes> load_kek(std::string_view source);

// The same for a store's own: FAILED_PRECONDITION with the field "kek" whatever is wrong. With
// `create` a file that is not there is made.
base::Result<base::SecretBytes> open_kek(const std::string& source, bool create);

// A new random one in a new file; ALREADY_EXISTS when there is a file.
base::Result<void> create_kek(const std::string& path);

// Where a new key lies until it has taken the place of the one in the file `path`.
std::string next_kek_path(const std::string& path);

// Overwrites the file's content on disk, then removes it. What a journal or a flash memory kept of
// it stays there.
base::Result<void> destroy_kek(const std::string& path);

}  // namespace paxid::audit
