#pragma once

#include <sqlite3.h>

#include <string>

namespace paxid::audit {

// A virtual file system of SQLite over another one that writes the write-ahead log in few calls.
// SQLite writes every frame with two, of 24 bytes and of a page, which costs more than copying it.
// Here the frames of a transaction are held until its last one, which says so, is complete, and are
// written together then.
//
// * When the write of a commit frame returns, nothing is held: everything is in the file before
//   SQLite shows the transaction to other connections. What is held belongs to a transaction that
//   is not committed, and is lost with the process as that is.
// * An error of the write is the error of the call that has caused it, and nothing stays held.
// * Only writes that begin where the last one has ended are held. Every other one, and reading,
//   truncating, syncing and asking for the size, first writes what is held.
//
// It needs a single writing connection: what a transaction has spilled before it was rolled back stays
// held and is written behind the end of the log with the next write, where another writer could have
// written meanwhile. It needs a writer that rolls back after any error, and a file system below whose
// writes harm no bytes beside them (powersafe overwrite, SQLite's default).
//
// A file belongs to the thread that uses its connection. All other files are those of the file
// system below.

// The name of the file system over the one named `below`, "" for the default one, for
// sqlite3_open_v2. Made with the first call; empty when there is no such one. Thread-safe.
std::string gathering_vfs(const std::string& below);

// The file below, which may be synced by any thread; `file` itself if it is none of these.
sqlite3_file* file_below(sqlite3_file* file);

}  // namespace paxid::audit
