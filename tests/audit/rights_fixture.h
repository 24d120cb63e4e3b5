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
  Id16 subject(std::uint32_t number) { return **store_->subject_of("qf", *record(number).subject); }
  Record effect_on(std::uint32_t id, RecordEffect effect, const Id16& ref) {
    Record made;
    made.tenant = "qf";
    made.request_id = request_id(id);
    made.type = effect == RecordEffect::kErase ? RecordType::kErasure : RecordType::kServiceEvent;
    made.effect = effect;
    made.subject_ref = ref;
    made.actor = id16(0xA0);
    made.body = bytes("CANARYRIGHT " + std::to_string(id));
    return made;
  }
  Record prune(std::uint32_t id, RetentionClass retention_class, std::uint64_t bound) {
    Record made;
    made.tenant = "qf";
    made.request_id = request_id(id);
    made.type = RecordType::kRetentionPrune;
    made.effect = RecordEffect::kPrune;
    made.decision = static_cast<std::uint16_t>(retention_class);
    made.reason_bits = bound;
    return made;
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
