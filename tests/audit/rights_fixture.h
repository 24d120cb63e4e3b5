#pragma once

#include <gtest/gtest.h>

#include <string>

#include "audit/verify_log.h"
#include "tests/audit/store_fixture.h"

namespace paxid::audit {

// What a person may ask of the record, and what time does to it. Record n is of subject n % 7.
class Rights : public StoreTest {
 protected:
  static constexpr std::uint32_t kRecords = 70;

  void SetUp() override {
    open();
    std::vector<std::future<base::Result<Receipt>>> waiting;
    for (std::uint32_t i = 0; i < kRecords; ++i) {
      clock_.set(kTestTime + i);
      Record one = record(i);
      one.decision = static_cast<std::uint16_t>(1 + i % 3);
      ASSERT_TRUE(append(*store_, one));
    }
  }
  bool has_body(std::uint64_t index) { return store_->leaf("qf", index)->sealed_body.has_value(); }
  std::uint64_t keys_of_subjects() { return stored_subject_keys(options_); }
  void expect_sound() {
    const auto report = verify_log(*store_, "qf");
    ASSERT_TRUE(report) << report.error().message;
    for (const LogProblem& problem : report->problems) {
      ADD_FAILURE() << name_of(problem.kind) << " at " << problem.index;
    }
  }
};

}  // namespace paxid::audit
