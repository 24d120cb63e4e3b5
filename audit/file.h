#pragma once

#include <string>

#include "audit/bytes.h"
#include "base/error.h"
#include "base/secret.h"

// The few things that the log asks of files: privacy, and to be on disk when told so.
namespace paxid::audit {

inline constexpr std::size_t kMaxKeyFileBytes = 16 << 10;

bool file_exists(const std::string& path);

// NOT_FOUND; FAILED_PRECONDITION when it is no regular file, larger than `limit`, or (for a
// private file) group or others may read or write it; UNAVAILABLE when it cannot be read.
base::Result<std::string> read_file(const std::string& path, std::size_t limit);
base::Result<base::SecretBytes> read_private_file(const std::string& path, std::size_t limit);

// A new file with mode 0600; it and its name are on disk when this returns. ALREADY_EXISTS
// when there is a file.
base::Result<void> create_private_file(const std::string& path, ByteView content);

// Puts `content` in the place of the file at once: a reader, and a restart at any moment,
// finds the old content or the new one. On disk when this returns.
base::Result<void> replace_file(const std::string& path, ByteView content);

// Adds `content` at the end of the file, which is made with mode 0600 when there is none. On disk
// when this returns; after an error a part of it may be there.
base::Result<void> append_synced(const std::string& path, ByteView content);

}  // namespace paxid::audit
