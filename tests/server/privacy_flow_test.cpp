#include "server/privacy_flow.h"

#include <gtest/gtest.h>
#include <paxid/v1/privacy_service.pb.h>

#include <future>
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "audit/sqlite.h"
#include "audit/tlog_proof.h"
#include "audit/verify_log.h"
#include "server/record_body.h"
#include "server/retention.h"
#include "tests/temporary_store.h"

namespace paxid::server {
namespace {

using base::ErrorCode;
using nlohmann::json;

constexpr std::uint64_t kNoon = 1'795'348'800'000'000;  // 2026-11-22T12:00:00Z
constexpr std::uint64_t kHour = 3'600'000'000;

constexpr RetentionPeriods kPeriods{std::chrono::hours(72), std::chrono::hours(24 * 365),
                                    std::chrono::hours(24 * 1095), std::chrono::hours(24 * 730),
                                    std::chrono::hours(24 * 1095)};

class Privacy : public testing::Test {
 protected:
  Privacy() {
    officer_.tenant = "demo";
    officer_.role = Role::kPrivacyOfficer;
    officer_.actor.fill(7);
    second_ = officer_;
    second_.actor.fill(8);
  }

  // A record of a document, as the verification makes it.
  void record(std::uint8_t number, const std::string& document, std::uint16_t verdict = 1) {
    audit::Record made;
    made.tenant = "demo";
    made.request_id = {0x01, 0x93};
    made.request_id[15] = number;
    made.decision = verdict;
    made.actor.fill(1);
    const std::string value = "UTO|" + document;
    made.subject = audit::SubjectLookup{static_cast<std::uint8_t>(SubjectKind::kDocument),
                                        audit::Bytes(value.begin(), value.end())};
    const std::string body =
        json{{"purpose", "boarding_check"},
             {"claims", {{{"source", "mrz"}, {"full", "ERIKSSON ANNA"}}}},
             {"answer", {{"verdict", "MATCH"}, {"sentence", "The names agree."}}}}
            .dump();
    made.body.assign(body.begin(), body.end());
    ASSERT_TRUE(store_.append(made));
  }
  void fill(v1::PrivacyContext* context, int number) {
    context->set_request_id("01890a5d-ac96-774b-bcce-b3020000" + std::to_string(1000 + number));
    context->set_purpose(v1::LOOK_PURPOSE_SUBJECT_REQUEST);
    context->set_reference("DSAR-" + std::to_string(number));
  }
  template <class Request>
  Request about(const std::string& document, int number) {
    Request request;
    fill(request.mutable_context(), number);
    request.mutable_subject()->mutable_document()->set_issuer("UTO");
    request.mutable_subject()->mutable_document()->set_number(document);
    return request;
  }
  json report_on(const std::string& document, int number) {
    const auto answer = flow_.access(officer_, about<v1::GetAccessRequest>(document, number));
    EXPECT_TRUE(answer) << answer.error().message;
    return answer ? json::parse(answer->report_json()) : json();
  }
  void expect_sound() {
    const auto report = audit::verify_log(*store_, "demo");
    ASSERT_TRUE(report);
    EXPECT_TRUE(report->problems.empty());
  }

  base::ManualClock clock_{kNoon};
  TemporaryStore store_{clock_};
  PrivacyFlow flow_{*store_, clock_, kPeriods};
  Principal officer_;
  Principal second_;
};

TEST_F(Privacy, AccessSaysEverythingAndIsItselfOnRecord) {
  record(1, "L898902C3");
  record(2, "OTHER");
  record(3, "L898902C3", 2);
  const json report = report_on("L898902C3", 1);
  ASSERT_EQ(report.at("records").size(), 3u);  // two of the person, and this look
  EXPECT_EQ(report["records"][0]["body"]["claims"][0]["full"], "ERIKSSON ANNA");
  EXPECT_EQ(report["records"][0]["retention_class"], "match");
  EXPECT_EQ(report["records"][0]["kept_until"], "2026-11-25T12:00:00Z");
  EXPECT_EQ(report["records"][1]["kept_until"], "2027-11-22T12:00:00Z");
  EXPECT_EQ(report["purposes"], (json{"boarding_check", "subject_request"}));
  EXPECT_EQ(report["sources"], json{"mrz"});
  EXPECT_EQ(report["looks"][0]["reference"], "DSAR-1");
  EXPECT_EQ(report_on("L898902C3", 2).at("looks").size(), 2u);
  // The same call again is the same look.
  EXPECT_EQ(report_on("L898902C3", 2).at("looks").size(), 2u);
  expect_sound();
}

TEST_F(Privacy, AnUnknownPersonIsNotFoundAndLeavesNoRecord) {
  const auto nobody = flow_.access(officer_, about<v1::GetAccessRequest>("L898902C3", 1));
  ASSERT_FALSE(nobody);
  EXPECT_EQ(nobody.error().code, ErrorCode::kNotFound);
  record(1, "OTHER");
  EXPECT_EQ(flow_.access(officer_, about<v1::GetAccessRequest>("L898902C3", 1)).error().reason,
            "SUBJECT_UNKNOWN");
  EXPECT_EQ(*store_->tree_size("demo"), 1u);
}

TEST_F(Privacy, WithoutPurposeOrReferenceNobodyLooks) {
  record(1, "L898902C3");
  auto request = about<v1::GetAccessRequest>("L898902C3", 1);
  request.mutable_context()->set_purpose(v1::LOOK_PURPOSE_UNSPECIFIED);
  EXPECT_EQ(flow_.access(officer_, request).error().reason, "PURPOSE_MISSING");
  request.mutable_context()->set_purpose(static_cast<v1::LookPurpose>(77));
  EXPECT_EQ(flow_.access(officer_, request).error().reason, "PURPOSE_MISSING");
  request = about<v1::GetAccessRequest>("L898902C3", 1);
  request.mutable_context()->set_reference("Anna Eriksson");
  EXPECT_EQ(flow_.access(officer_, request).error().reason, "REFERENCE_MALFORMED");
  request = about<v1::GetAccessRequest>("L898902C3", 1);
  request.clear_subject();
  EXPECT_EQ(flow_.access(officer_, request).error().reason, "SUBJECT_MISSING");
  EXPECT_EQ(*store_->tree_size("demo"), 1u);
}

TEST_F(Privacy, ErasureGivesAReceiptThatProvesItself) {
  record(1, "L898902C3");
  record(2, "OTHER");
  auto request = about<v1::EraseSubjectRequest>("L898902C3", 1);
  EXPECT_EQ(flow_.erase(officer_, request).error().reason, "GROUND_MISSING");
  request.set_ground(v1::ERASURE_GROUND_SUBJECT_REQUEST);
  const auto erased = flow_.erase(officer_, request);
  ASSERT_TRUE(erased) << erased.error().message;
  EXPECT_EQ(erased->erased_records(), 1);
  const auto proof = audit::parse_tlog_proof(erased->receipt());
  ASSERT_TRUE(proof && proof->extra);
  const auto key = audit::parse_vkey(*store_->vkey("demo"));
  const auto checked =
      audit::check_record(erased->receipt(), *proof->extra, {&*key, 1}, *store_->origin("demo"));
  ASSERT_TRUE(checked) << checked.error().message;
  EXPECT_EQ(checked->leaf.type, audit::RecordType::kErasure);
  EXPECT_EQ(checked->leaf.decision, 1);
  // A retry gives the same receipt although the document leads to nobody any more.
  const auto again = flow_.erase(officer_, request);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->record().placed().leaf_index(), erased->record().placed().leaf_index());
  EXPECT_EQ(again->erased_records(), 1);
  EXPECT_FALSE(flow_.access(officer_, about<v1::GetAccessRequest>("L898902C3", 2)));
  // By the reference alone: that it was erased is all that is left.
  v1::GetAccessRequest by_reference;
  fill(by_reference.mutable_context(), 3);
  by_reference.mutable_subject()->set_subject_ref(erased->subject_ref());
  const auto rest = flow_.access(officer_, by_reference);
  ASSERT_TRUE(rest) << rest.error().message;
  const json report = json::parse(rest->report_json());
  EXPECT_EQ(report["state"]["erased"], true);
  EXPECT_EQ(report["records"][0]["body_state"], "gone");
  EXPECT_EQ(rest->report_json().find("ERIKSSON"), std::string::npos);
  expect_sound();
}

// Who is told to repeat his request is told what stands in its way.
TEST_F(Privacy, AnErasureWaitsForWhoReadsTheKeys) {
  record(1, "L898902C3");
  auto request = about<v1::EraseSubjectRequest>("L898902C3", 1);
  request.set_ground(v1::ERASURE_GROUND_SUBJECT_REQUEST);
  auto reader = audit::Database::open(store_.directory() + "/store/keys.db",
                                      audit::Database::Access::kReadOnly);
  ASSERT_TRUE(reader && reader->execute("BEGIN") &&
              reader->integer_of("SELECT count(*) FROM data_key"));
  const auto refused = flow_.erase(officer_, request);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "KEYS_IN_USE");
  ASSERT_TRUE(reader->execute("COMMIT"));
  EXPECT_TRUE(flow_.erase(officer_, request));
  expect_sound();
}

TEST_F(Privacy, AHoldNeedsTwoPersonsToEnd) {
  record(1, "L898902C3");
  auto request = about<v1::ChangeHoldRequest>("L898902C3", 1);
  EXPECT_EQ(flow_.hold(officer_, request).error().reason, "ACTION_MISSING");
  request.set_action(v1::HOLD_ACTION_PLACE);
  ASSERT_TRUE(flow_.hold(officer_, request));
  auto erasure = about<v1::EraseSubjectRequest>("L898902C3", 2);
  erasure.set_ground(v1::ERASURE_GROUND_SUBJECT_REQUEST);
  EXPECT_EQ(flow_.erase(officer_, erasure).error().reason, "STATE_FORBIDS");
  request = about<v1::ChangeHoldRequest>("L898902C3", 3);
  request.set_action(v1::HOLD_ACTION_PROPOSE_RELEASE);
  ASSERT_TRUE(flow_.hold(officer_, request));
  request = about<v1::ChangeHoldRequest>("L898902C3", 4);
  request.set_action(v1::HOLD_ACTION_RELEASE);
  EXPECT_EQ(flow_.hold(officer_, request).error().reason, "SECOND_PERSON_NEEDED");
  request.mutable_context()->set_request_id("01890a5d-ac96-774b-bcce-b30200001005");
  ASSERT_TRUE(flow_.hold(second_, request));
  erasure.mutable_context()->set_request_id("01890a5d-ac96-774b-bcce-b30200001006");
  EXPECT_TRUE(flow_.erase(officer_, erasure));
}

TEST_F(Privacy, ANoteStandsBesideTheRecord) {
  record(1, "L898902C3");
  auto request = about<v1::AddRectificationRequest>("L898902C3", 1);
  EXPECT_EQ(flow_.rectify(officer_, request).error().reason, "NOTE_MALFORMED");
  request.set_note(std::string(2001, 'x'));
  EXPECT_EQ(flow_.rectify(officer_, request).error().reason, "NOTE_MALFORMED");
  request.set_note("My name is written ERIKSON.");
  ASSERT_TRUE(flow_.rectify(officer_, request));
  const json report = report_on("L898902C3", 2);
  EXPECT_EQ(report["records"][0]["body"]["claims"][0]["full"], "ERIKSSON ANNA");
  EXPECT_EQ(report["records"][1]["body"]["note"], "My name is written ERIKSON.");
}

TEST_F(Privacy, ARestrictionShowsInTheReport) {
  record(1, "L898902C3");
  auto request = about<v1::SetRestrictionRequest>("L898902C3", 1);
  request.set_restricted(true);
  ASSERT_TRUE(flow_.restrict(officer_, request));
  EXPECT_EQ(report_on("L898902C3", 2)["state"]["restricted"], true);
  request = about<v1::SetRestrictionRequest>("L898902C3", 3);
  ASSERT_TRUE(flow_.restrict(officer_, request));
  EXPECT_EQ(report_on("L898902C3", 4)["state"]["restricted"], false);
}

TEST_F(Privacy, ARequestIsDueInAMonthAndWarns) {
  record(1, "L898902C3");
  v1::OpenDeadlineRequest entry;
  fill(entry.mutable_context(), 1);
  entry.set_kind(v1::RIGHTS_REQUEST_KIND_ACCESS);
  entry.set_received_on("2026-12-01");
  EXPECT_EQ(flow_.open_deadline(officer_, entry).error().reason, "DATE_MALFORMED");
  entry.set_received_on("2026-11-10");
  const auto opened = flow_.open_deadline(officer_, entry);
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(opened->due().seconds(), 1796947199);  // 2026-12-10T23:59:59Z
  auto list = flow_.deadlines(officer_, {});
  ASSERT_EQ(list->deadlines_size(), 1);
  EXPECT_FALSE(list->deadlines(0).warning());
  clock_.set(kNoon + 24 * 12 * kHour);
  EXPECT_TRUE(flow_.deadlines(officer_, {})->deadlines(0).warning());
  auto request = about<v1::GetAccessRequest>("L898902C3", 2);
  request.mutable_context()->set_answers_request_id(entry.context().request_id());
  ASSERT_TRUE(flow_.access(officer_, request));
  EXPECT_EQ(flow_.deadlines(officer_, {})->deadlines_size(), 0);
  ASSERT_TRUE(flow_.access(officer_, request)) << "a retry";
  v1::ListDeadlinesRequest all;
  all.set_include_closed(true);
  EXPECT_GE(flow_.deadlines(officer_, all)->deadlines(0).closed_by_leaf(), 0);
  request = about<v1::GetAccessRequest>("L898902C3", 3);
  request.mutable_context()->set_answers_request_id("01890a5d-ac96-774b-bcce-b30200009999");
  EXPECT_EQ(flow_.access(officer_, request).error().reason, "DEADLINE_UNKNOWN");
}

TEST(DueDate, IsTheSameDayOfTheNextMonthOrItsLast) {
  const auto due = [](const char* date, bool extended) {
    return due_unix_us(*base::parse_iso_date(date), extended) / 1'000'000;
  };
  EXPECT_EQ(due("2026-01-31", false), 1772323199u);  // 2026-02-28T23:59:59Z
  EXPECT_EQ(due("2028-01-31", false), 1835481599u);  // 2028-02-29T23:59:59Z
  EXPECT_EQ(due("2026-11-30", true), 1803859199u);   // 2027-02-28T23:59:59Z
}

TEST_F(Privacy, RetentionTakesWhatIsDueAndNothingElse) {
  record(1, "L898902C3", 1);
  record(2, "L898902C3", 2);
  Retention retention(*store_, clock_, kPeriods);
  EXPECT_TRUE(retention.due());
  EXPECT_EQ(*retention.step(), 0u);
  EXPECT_FALSE(retention.due());
  clock_.set(kNoon + 73 * kHour);
  record(3, "L898902C3", 1);
  EXPECT_TRUE(retention.due());
  EXPECT_EQ(*retention.step(), 1u);
  EXPECT_EQ(*retention.step(), 0u);
  EXPECT_FALSE(store_->leaf("demo", 0)->sealed_body);
  EXPECT_TRUE(store_->leaf("demo", 1)->sealed_body);
  EXPECT_TRUE(store_->leaf("demo", 2)->sealed_body);
  expect_sound();
  // Its own records do not keep it busy for ever.
  for (int hour = 0; hour < 24; ++hour) {
    clock_.set(kNoon + (200 + static_cast<std::uint64_t>(hour)) * kHour);
    while (*retention.step() > 0) {
    }
  }
  EXPECT_EQ(*store_->tree_size("demo"), 5u);
}

// As the servers of one store do: one is first, and that is nobody's error.
TEST_F(Privacy, RetentionOfSeveralServersIsDoneOnce) {
  constexpr std::uint64_t kRecords = 40;
  for (std::uint64_t hour = 0; hour < kRecords; ++hour) {
    clock_.set(kNoon + hour * kHour);
    record(static_cast<std::uint8_t>(hour + 1), "L898902C3", 1);
  }
  std::vector<std::unique_ptr<Retention>> servers;
  for (int i = 0; i < 3; ++i) {
    servers.push_back(std::make_unique<Retention>(*store_, clock_, kPeriods));
  }
  for (std::uint64_t hour = 0; hour < kRecords; ++hour) {
    clock_.set(kNoon + (hour + 72) * kHour + 1);
    std::vector<std::future<base::Result<std::uint64_t>>> steps;
    for (const auto& server : servers) {
      steps.push_back(std::async(std::launch::async, [&] { return server->step(); }));
    }
    std::uint64_t written = 0;
    for (auto& one : steps) {
      const auto step = one.get();
      ASSERT_TRUE(step) << step.error().message;
      written += *step;
    }
    EXPECT_EQ(written, 1u);
    EXPECT_FALSE(store_->leaf("demo", hour)->sealed_body);
  }
  EXPECT_EQ(*store_->tree_size("demo"), 2 * kRecords);
  expect_sound();
}

}  // namespace
}  // namespace paxid::server
