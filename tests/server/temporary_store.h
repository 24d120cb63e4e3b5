#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <future>
#include <memory>
#include <string>

#include "audit/sqlite_store.h"
#include "base/clock.h"

namespace paxid::server {

// A directory of its own with a store in it; gone afterwards.
class TemporaryStore {
 public:
  explicit TemporaryStore(const base::Clock& clock) : clock_(clock) {
    std::string pattern = testing::TempDir() + "/paxid_server_XXXXXX";
    EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
    open();
  }
  ~TemporaryStore() {
    store_.reset();
    std::filesystem::remove_all(directory_);
  }
  TemporaryStore(const TemporaryStore&) = delete;
  TemporaryStore& operator=(const TemporaryStore&) = delete;

  audit::Store& operator*() const { return *store_; }
  audit::Store* operator->() const { return store_.get(); }
  const std::string& directory() const { return directory_; }

  base::Result<audit::Receipt> append(audit::Record record) const {
    std::promise<base::Result<audit::Receipt>> promise;
    store_->append(std::move(record), [&promise](base::Result<audit::Receipt> receipt) {
      promise.set_value(std::move(receipt));
    });
    return promise.get_future().get();
  }

 private:
  void open() {
    audit::SqliteStoreOptions options;
    options.directory = directory_ + "/store";
    options.origin_prefix = "test.example";
    options.signing_key_file = directory_ + "/signing.pem";
    options.kek = directory_ + "/kek";
    options.create_keys = true;
    auto opened = audit::open_sqlite_store(options, clock_);
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
    store_ = std::move(*opened);
  }

  const base::Clock& clock_;
  std::string directory_;
  std::unique_ptr<audit::Store> store_;
};

}  // namespace paxid::server
