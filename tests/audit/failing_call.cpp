#include "tests/audit/failing_call.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstring>
#include <thread>
#include <utility>

namespace paxid::audit {
namespace {

// C libraries are called without a context of ours, hence these globals of the tests.
struct Plan {
  std::atomic<bool> active = false;
  std::atomic<bool> failed = false;
  std::atomic<std::int64_t> successes = 0;
  std::atomic<Below> below = Below::kSqlite;
  std::atomic<int> code = 0;
  std::atomic<std::thread::id> thread{};  // none: every one
};
Plan plan;
// What SQLite is to tell of the call of this thread that failed.
thread_local int told = SQLITE_OK;

int sqlite_failure() {
  told = failure_code();
  return told;
}

template <class Value>
Value with_errno(Value value) {
  errno = failure_code();
  return value;
}

}  // namespace

FailingCall::FailingCall(Below below, std::uint64_t successes, int code, bool everywhere) {
  plan.below = below;
  plan.code = code;
  plan.thread = everywhere ? std::thread::id{} : std::this_thread::get_id();
  plan.successes = static_cast<std::int64_t>(successes);
  plan.failed = false;
  plan.active = true;
}

bool FailingCall::happened() const { return plan.failed; }

bool FailingCall::stop() {
  plan.active = false;
  return happened();
}

bool fails_now(Below below) {
  if (!plan.active || plan.below != below) return false;
  const std::thread::id only = plan.thread;
  if (only != std::thread::id{} && only != std::this_thread::get_id()) return false;
  if (plan.successes-- != 0) return false;
  plan.failed = true;
  return true;
}

int failure_code() { return plan.code; }

}  // namespace paxid::audit

using paxid::audit::Below;
using paxid::audit::fails_now;

// `type name(parameters)` that fails with `failure`, else calls the library with `arguments`.
#define PAXID_WRAP(below, type, name, parameters, arguments, failure) \
  type __real_##name parameters;                                      \
  type __wrap_##name parameters {                                     \
    if (fails_now(below)) return failure;                             \
    return __real_##name arguments;                                   \
  }

// NOLINTBEGIN(bugprone-reserved-identifier): the linker's names
extern "C" {

PAXID_WRAP(Below::kSqlite, int, sqlite3_prepare_v3,
           (sqlite3 * database, const char* sql, int size, unsigned flags, sqlite3_stmt** made,
            const char** tail),
           (database, sql, size, flags, made, tail), paxid::audit::sqlite_failure())
PAXID_WRAP(Below::kSqlite, int, sqlite3_wal_checkpoint_v2,
           (sqlite3 * database, const char* name, int mode, int* pages, int* done),
           (database, name, mode, pages, done), paxid::audit::sqlite_failure())
PAXID_WRAP(Below::kSqlite, int, sqlite3_backup_step, (sqlite3_backup * backup, int pages),
           (backup, pages), paxid::audit::sqlite_failure())
PAXID_WRAP(Below::kSqlite, sqlite3_backup*, sqlite3_backup_init,
           (sqlite3 * to, const char* to_name, sqlite3* from, const char* from_name),
           (to, to_name, from, from_name), (paxid::audit::sqlite_failure(), nullptr))
PAXID_WRAP(Below::kSqlite, unsigned char*, sqlite3_serialize,
           (sqlite3 * database, const char* name, sqlite3_int64* size, unsigned flags),
           (database, name, size, flags), nullptr)
PAXID_WRAP(Below::kSqlite, int, sqlite3_open_v2,
           (const char* path, sqlite3** made, int flags, const char* vfs), (path, made, flags, vfs),
           (*made = nullptr, paxid::audit::sqlite_failure()))

int __real_sqlite3_exec(sqlite3*, const char*, int (*)(void*, int, char**, char**), void*, char**);
int __wrap_sqlite3_exec(sqlite3* database, const char* sql, int (*row)(void*, int, char**, char**),
                        void* context, char** message) {
  // A transaction that cannot be rolled back has ended all the same.
  const bool fails = fails_now(Below::kSqlite);
  const bool done = !fails || std::strcmp(sql, "ROLLBACK") == 0;
  const int code = done ? __real_sqlite3_exec(database, sql, row, context, message) : SQLITE_OK;
  return fails ? paxid::audit::sqlite_failure() : code;
}

int __real_sqlite3_step(sqlite3_stmt*);
int __wrap_sqlite3_step(sqlite3_stmt* statement) {
  // The end of a transaction that has only read cannot fail.
  const bool ends = std::strcmp(sqlite3_sql(statement), "COMMIT") == 0 &&
                    sqlite3_txn_state(sqlite3_db_handle(statement), nullptr) != SQLITE_TXN_WRITE;
  if (!ends && fails_now(Below::kSqlite)) return paxid::audit::sqlite_failure();
  return __real_sqlite3_step(statement);
}

int __real_sqlite3_extended_errcode(sqlite3*);
int __wrap_sqlite3_extended_errcode(sqlite3* database) {
  const int told = std::exchange(paxid::audit::told, SQLITE_OK);
  return told != SQLITE_OK ? told : __real_sqlite3_extended_errcode(database);
}

int __real_open(const char*, int, ...);
int __wrap_open(const char* path, int flags, ...) {
  if (fails_now(Below::kFiles)) return paxid::audit::with_errno(-1);
  va_list more;
  va_start(more, flags);
  const auto mode = (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : mode_t{0};
  va_end(more);
  return __real_open(path, flags, mode);
}
PAXID_WRAP(Below::kFiles, ssize_t, read, (int file, void* to, size_t size), (file, to, size),
           paxid::audit::with_errno(ssize_t{-1}))
PAXID_WRAP(Below::kFiles, ssize_t, write, (int file, const void* from, size_t size),
           (file, from, size), paxid::audit::with_errno(ssize_t{-1}))
PAXID_WRAP(Below::kFiles, int, fsync, (int file), (file), paxid::audit::with_errno(-1))
PAXID_WRAP(Below::kFiles, int, fstat, (int file, struct stat* status), (file, status),
           paxid::audit::with_errno(-1))
PAXID_WRAP(Below::kFiles, int, fchmod, (int file, mode_t mode), (file, mode),
           paxid::audit::with_errno(-1))
PAXID_WRAP(Below::kFiles, int, chmod, (const char* path, mode_t mode), (path, mode),
           paxid::audit::with_errno(-1))
PAXID_WRAP(Below::kFiles, int, mkdir, (const char* path, mode_t mode), (path, mode),
           paxid::audit::with_errno(-1))
PAXID_WRAP(Below::kFiles, int, rename, (const char* from, const char* to), (from, to),
           paxid::audit::with_errno(-1))
PAXID_WRAP(Below::kFiles, int, unlink, (const char* path), (path), paxid::audit::with_errno(-1))
PAXID_WRAP(Below::kFiles, int, flock, (int file, int operation), (file, operation),
           paxid::audit::with_errno(-1))

PAXID_WRAP(Below::kCrypto, int, RAND_bytes, (unsigned char* to, int size), (to, size), 0)
PAXID_WRAP(Below::kCrypto, EVP_MD_CTX*, EVP_MD_CTX_new, (void), (), nullptr)
PAXID_WRAP(Below::kCrypto, int, EVP_DigestSign,
           (EVP_MD_CTX * context, unsigned char* signature, size_t* size, const unsigned char* text,
            size_t text_size),
           (context, signature, size, text, text_size), 0)
PAXID_WRAP(Below::kCrypto, int, PEM_write_bio_PKCS8PrivateKey,
           (BIO * to, const EVP_PKEY* key, const EVP_CIPHER* cipher, const char* phrase, int size,
            pem_password_cb* ask, void* context),
           (to, key, cipher, phrase, size, ask, context), 0)

EVP_PKEY* __real_EVP_PKEY_Q_keygen(OSSL_LIB_CTX*, const char*, const char*, ...);
EVP_PKEY* __wrap_EVP_PKEY_Q_keygen(OSSL_LIB_CTX* library, const char* query, const char* type,
                                   ...) {
  // Ed25519 has no further arguments.
  return fails_now(Below::kCrypto) ? nullptr : __real_EVP_PKEY_Q_keygen(library, query, type);
}

}  // extern "C"
// NOLINTEND(bugprone-reserved-identifier)
