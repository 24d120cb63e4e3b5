#include "tests/integration/export_log.h"

#include <gtest/gtest.h>

#include <fstream>

#include "audit/crypto.h"
#include "audit/sqlite_store.h"
#include "audit/verify_log.h"
#include "base/clock.h"
#include "base/hex.h"

namespace paxid::integration {

std::string export_log(const Site& site, const std::string& tenant) {
  audit::SqliteStoreOptions options;
  options.directory = site.path("store");
  options.origin_prefix = "test.example/log";
  options.signing_key_file = site.path("keys/signing.key");
  options.kek = site.path("keys/kek.bin");
  const base::SystemClock clock;
  const auto store = audit::open_sqlite_store(options, clock);
  EXPECT_TRUE(store.has_value()) << store.error().message;
  if (!store) return "";
  const auto report = audit::verify_log(**store, tenant);
  EXPECT_TRUE(report.has_value() && report->problems.empty());

  const std::string path = site.path("exported.txt");
  std::ofstream out(path);
  const auto write = [&out](const char* name, audit::ByteView value) {
    out << name << "=" << base::to_hex(value) << "\n";
  };
  write("origin", audit::bytes_of(*(*store)->origin(tenant)));
  write("vkey", audit::bytes_of(*(*store)->vkey(tenant)));
  write("checkpoint", audit::bytes_of(*(*store)->checkpoint(tenant)));
  for (std::uint64_t i = 0; i < *(*store)->tree_size(tenant); ++i) {
    const auto stored = (*store)->leaf(tenant, i);
    const auto key = (*store)->body_key(tenant, i);
    const auto body = (*store)->open_body(tenant, i);
    EXPECT_TRUE(key.has_value() && body.has_value()) << "record " << i;
    write("leaf", stored->leaf_data);
    write("sealed", *stored->sealed_body);
    write("body_key", key->reveal());
    write("body", *body);
  }
  return path;
}

}  // namespace paxid::integration
