#pragma once

#include <gtest/gtest.h>

#include "audit/signer.h"
#include "audit/store_check.h"
#include "tests/integration/server_process.h"

namespace paxid::faults {

// Every leaf, body, tile, checkpoint and key of the site's store, which no server has open.
inline void expect_sound(const integration::Site& site) {
  const auto key = audit::SigningKey::load(site.path("keys/signing.key"));
  ASSERT_TRUE(key.has_value()) << key.error().message;
  audit::StoreCheckOptions options;
  options.directory = site.path("store");
  options.origin_prefix = "test.example/log";
  options.public_key = key->public_key();
  options.kek = site.path("keys/kek.bin");
  const auto report = audit::check_store(options);
  ASSERT_TRUE(report.has_value()) << report.error().message;
  for (const audit::StoreDefect& defect : report->defects) {
    ADD_FAILURE() << audit::name_of(defect.kind) << " " << defect.origin << " " << defect.index
                  << ": " << defect.message;
  }
}

}  // namespace paxid::faults
