// `paxid audit export` dies before each call that brings something to disk; the same command, given
// again, ends it, and what it ends is proven.

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "tests/faults/interposer.h"
#include "tests/integration/fixture.h"

namespace paxid::faults {
namespace {

using namespace integration;
namespace fs = std::filesystem;

class Exports : public testing::Test {
 protected:
  Exports() {
    const sdk::Client kiosk = client_for(site_, server_, "k1");
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(kiosk.verify(matching_request()));
  }
  Finished write_export(const Environment& environment) const {
    return run({PAXID_PROGRAM, "audit", "export", directory_, "--reference", "AUD-1", "--server",
                server_.address(), "--ca", site_.tls("ca.pem"), "--cert", site_.tls("a1.pem"),
                "--key", site_.tls("a1.key"), "--deadline-ms", "60000"},
               environment);
  }
  Finished verify() const {
    return run({PAXID_AUDIT_VERIFY, directory_, "--vkey", site_.path("store/demo.vkey")});
  }

  Site site_;
  ServerProcess server_{site_};
  const std::string directory_ = site_.path("export");
};

TEST_F(Exports, OneThatIsKilledGoesOn) {
  const FaultCounter counter(site_.path("counter"));
  for (const char* call : {"write", "rename"}) {
    std::uint64_t number = 1;
    for (;; ++number) {
      const std::string fault = std::string(call) + " " + std::to_string(number);
      fs::remove_all(directory_);
      fs::create_directory(directory_);
      counter.begin_anew();
      const Finished killed = write_export(counter.environment(directory_, call, number, "KILL"));
      if (counter.counted().failed == 0) {
        EXPECT_EQ(killed.status, 0) << fault << killed.output;
        break;
      }
      EXPECT_NE(killed.status, 0) << fault;
      EXPECT_NE(verify().status, 0) << fault;
      const Finished ended = write_export({});
      ASSERT_EQ(ended.status, 0) << fault << ended.output;
      const Finished proven = verify();
      ASSERT_EQ(proven.status, 0) << fault << proven.output;
    }
    EXPECT_GT(number, 10u) << call;
  }
}

}  // namespace
}  // namespace paxid::faults
