#pragma once

// Private to tests and benches.

#include <stdlib.h>

#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <utility>

#include "audit/sqlite_store.h"
#include "base/check.h"
#include "base/clock.h"

namespace paxid {

// A directory of its own, gone afterwards.
class TemporaryDirectory {
 public:
  explicit TemporaryDirectory(
      const std::string& in = std::filesystem::temp_directory_path().string())
      : path_(in + "/paxid_XXXXXX") {
    PAXID_CHECK(::mkdtemp(path_.data()) != nullptr);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// Of a store in this directory that makes its own keys.
inline audit::SqliteStoreOptions store_in(const std::string& directory) {
  audit::SqliteStoreOptions options;
  options.directory = directory + "/store";
  options.origin_prefix = "test.example";
  options.signing_key_file = directory + "/signing.pem";
  options.kek = directory + "/kek";
  options.create_keys = true;
  return options;
}

// An open store with SQLite in a directory of its own. The clock outlives it.
class TemporaryStore {
 public:
  explicit TemporaryStore(const base::Clock& clock) : clock_(clock) { open(); }

  audit::Store& operator*() const { return *store_; }
  audit::Store* operator->() const { return store_.get(); }
  const std::string& directory() const { return directory_.path(); }

  void close() { store_.reset(); }
  void open() {
    auto opened = audit::open_sqlite_store(store_in(directory()), clock_);
    PAXID_CHECK(opened.has_value());
    store_ = *std::move(opened);
  }

  base::Result<audit::Receipt> append(audit::Record record) const {
    std::promise<base::Result<audit::Receipt>> promise;
    store_->append(std::move(record), [&promise](base::Result<audit::Receipt> receipt) {
      promise.set_value(std::move(receipt));
    });
    return promise.get_future().get();
  }

 private:
  const base::Clock& clock_;
  TemporaryDirectory directory_;
  std::unique_ptr<audit::Store> store_;
};

}  // namespace paxid
