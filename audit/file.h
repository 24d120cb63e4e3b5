#pragma once

#include <string>

#include "audit/bytes.h"
#include "base/error.h"
#include "base/secret.h"

// The few things that the log asks of files: privacy, and to be on disk when told so. What root
// makes belongs to the owner of the directory it is in, so that a service without root's rights
// can go on with it.
namespace paxid::audit {

inline constexpr std::size_t kMaxKeyFileBytes = 16 << 10;

bool file_exists(const std::string& path);

// NOT_FOUND; FAILED_PRECONDITION when it is no regular file, larger than `limit`, or (for a
// private file) group or others may read or write it; UNAVAILABLE when it cannot be read.
base::Result<std::string> read_file(const std::string& path, std::size_t limit);
base::Result<base::SecretBytes> read_private_file(const std::string& path, std::size_t limit);
// The same for a file whose mode says nothing.
base::Result<base::SecretBytes> read_secret_file(const std::string& path, std::size_t limit);

// A new file with mode 0600; it and its name are on disk when this returns. It appears whole or
// not at all. ALREADY_EXISTS when there is a file.
base::Result<void> create_private_file(const std::string& path, ByteView content);

// Puts `content` in the place of the file at once: a reader, and a restart at any moment,
// finds the old content or the new one. On disk when this returns.
base::Result<void> replace_file(const std::string& path, ByteView content);
// The same with mode 0644, for what is public by definition.
base::Result<void> replace_public_file(const std::string& path, ByteView content);

// Adds `content` at the end of the file, which is made with mode 0600 when there is none. On disk
// when this returns; after an error a part of it may be there.
base::Result<void> append_synced(const std::string& path, ByteView content);

// Overwrites the content with zeros, which are on disk before the file is removed. No error when
// there is no file.
base::Result<void> destroy_file(const std::string& path);

// Puts the file in the place of another at once; on disk when this returns.
base::Result<void> rename_file(const std::string& from, const std::string& to);

// A directory that only its owner may enter, new or with that mode already. FAILED_PRECONDITION
// when others may.
base::Result<void> make_private_directory(const std::string& path);

// A directory with mode 0755, and what is missing above it; their names are on disk when this
// returns. One that is there stays as it is.
base::Result<void> make_public_directories(const std::string& path);

// A new directory with mode 0700, or one that is empty already; its name is on disk when this
// returns. ALREADY_EXISTS when there is something in it.
base::Result<void> make_empty_directory(const std::string& path);

}  // namespace paxid::audit
