#include "clients/verifier/verify_export.h"

#include <gtest/gtest.h>
#include <paxid/v1/audit_service.pb.h>

#include <array>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <random>

#include "audit/checkpoint.h"
#include "audit/cosignature.h"
#include "audit/tlog_proof.h"
#include "clients/cli/export_command.h"
#include "server/export_flow.h"
#include "tests/temporary_store.h"

namespace paxid::verifier {
namespace {

using nlohmann::json;

constexpr std::uint64_t kNoon = 1'795'348'800'000'000;  // 2026-11-22T12:00:00Z
constexpr std::uint8_t kRecords = 16;

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}
void write(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}
audit::Bytes bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

// An export as the program writes it from the pages that the server makes.
class Export : public testing::Test {
 protected:
  Export() {
    caller_.tenant = "demo";
    caller_.role = server::Role::kPrivacyOfficer;
    caller_.actor.fill(7);
    for (std::uint8_t i = 0; i < kRecords; ++i) {
      clock_.set(kNoon + i * 1'000'000ull);
      audit::Record made;
      made.tenant = "demo";
      made.request_id = {1};
      made.request_id[15] = i;
      made.decision = static_cast<std::uint16_t>(1 + i % 3);
      made.actor.fill(1);
      made.subject = audit::SubjectLookup{1, {i}};
      const std::string body =
          json{{"station", i % 2 == 0 ? "FRA" : "HEL"},
               {"claims", {{{"full", "=ERIKSSON ANNA"}}}},
               {"answer", {{"verdict", "MATCH"}, {"confidence", 1.0}, {"sentence", "CANARY"}}}}
              .dump();
      made.body = bytes_of(body);
      EXPECT_TRUE(store_.append(made));
    }
  }

  static void fill(v1::PrivacyContext* to, const sdk::PrivacyContext& from) {
    to->set_request_id(from.request_id);
    to->set_purpose(v1::LOOK_PURPOSE_AUDIT);
    to->set_reference(from.reference);
  }

  sdk::ExportPage page(const cli::ExportFiles& files, v1::ExportProfile profile) {
    v1::ExportRecordsRequest request;
    fill(request.mutable_context(), files.context());
    request.set_profile(profile);
    request.mutable_from()->set_seconds(static_cast<std::int64_t>(kNoon / 1'000'000 + 3));
    request.set_page_leaf(static_cast<std::int64_t>(files.next_leaf()));
    request.set_end_leaf(static_cast<std::int64_t>(files.end_leaf()));
    auto answer = flow_.page(caller_, request);
    if (!answer && answer.error().reason == "RELEASE_NEEDED") {
      release(files.context());
      answer = flow_.page(caller_, request);
    }
    EXPECT_TRUE(answer) << answer.error().message;
    sdk::ExportPage to;
    to.first_leaf = static_cast<std::uint64_t>(answer->first_leaf());
    to.end_leaf = static_cast<std::uint64_t>(answer->end_leaf());
    to.next_leaf = static_cast<std::uint64_t>(answer->next_leaf());
    for (const std::string& hash : answer->left_subtrees()) {
      std::copy(hash.begin(), hash.end(), to.left_subtrees.emplace_back().begin());
    }
    constexpr std::array kStates{"",         "none", "open",       "pseudonymous",
                                 "withheld", "gone", "restricted", "redacted"};
    for (const v1::ExportedRecord& from : answer->records()) {
      to.records.push_back({static_cast<std::uint64_t>(from.leaf_index()),
                            bytes_of(from.leaf_data()),
                            kStates[static_cast<std::size_t>(from.body_state())], from.body_json(),
                            bytes_of(from.sealed_body()), bytes_of(from.body_key())});
    }
    return to;
  }

  // The second person.
  void release(const sdk::PrivacyContext& exporting) {
    server::Principal second = caller_;
    second.actor.fill(8);
    sdk::PrivacyContext context = exporting;
    context.request_id = "01890a5d-ac96-774b-bcce-b30209900007";
    v1::ReleaseExportRequest request;
    fill(request.mutable_context(), context);
    request.set_export_request_id(exporting.request_id);
    request.set_confirm(true);
    const auto released = flow_.release(second, request);
    ASSERT_TRUE(released) << released.error().message;
  }

  void make(v1::ExportProfile profile) {
    sdk::PrivacyContext context;
    context.request_id = "01890a5d-ac96-774b-bcce-b30209900001";
    context.reference = "AUD-1";
    sdk::ExportSelection selection;
    selection.profile = static_cast<sdk::ExportProfile>(profile);
    auto files = cli::ExportFiles::open(directory_, {context, selection});
    ASSERT_TRUE(files) << files.error().message;
    ASSERT_TRUE(files->add(page(*files, profile)));
    ASSERT_EQ(files->next_leaf(), files->end_leaf());
    const auto hash = files->finish(*store_->origin("demo"), messages::Language::kEnglish);
    ASSERT_TRUE(hash);
    v1::SealExportRequest seal;
    context.request_id = "01890a5d-ac96-774b-bcce-b30209900002";
    fill(seal.mutable_context(), context);
    seal.set_export_request_id("01890a5d-ac96-774b-bcce-b30209900001");
    seal.set_manifest_sha256(std::string(hash->begin(), hash->end()));
    seal.set_end_leaf(static_cast<std::int64_t>(files->end_leaf()));
    const auto sealed = flow_.seal(caller_, seal);
    ASSERT_TRUE(sealed) << sealed.error().message;
    sdk::SealedExport to{sealed->tlog_proof(), {}};
    for (const std::string& one : sealed->consistency()) {
      std::copy(one.begin(), one.end(), to.consistency.emplace_back().begin());
    }
    ASSERT_TRUE(files->seal(to));
  }

  Trust trust() { return {{*audit::parse_vkey(*store_->vkey("demo"))}, {}, 0, {}}; }
  ExportReport verify() { return verify_export(directory_, trust()); }

  // Has two witnesses sign the checkpoint of the seal; what is trusted then.
  Trust witnessed() {
    const std::string path = directory_ + "/seal.tlog-proof";
    auto proof = *audit::parse_tlog_proof(read(path));
    auto note = *audit::parse_note(proof.checkpoint);
    Trust wanted = trust();
    for (const std::uint8_t number : {1, 2}) {
      const auto key = *audit::SigningKey::from_seed(audit::Bytes(32, number));
      const std::string name = "w" + std::to_string(number) + ".example";
      note.signatures.push_back(*audit::cosign(note.text, name, key, 1'795'348'859 + number));
      wanted.witnesses.push_back(audit::witness_key(name, key.public_key()));
    }
    wanted.witnesses_needed = 2;
    proof.checkpoint = audit::to_text(note);
    write(path, audit::to_text(proof));
    return wanted;
  }

  base::ManualClock clock_{kNoon};
  TemporaryStore store_{clock_};
  server::ExportFlow flow_{*store_};
  server::Principal caller_;
  const std::string directory_ = store_.directory() + "/export";
};

TEST_F(Export, OfNamesProvesEveryBody) {
  make(v1::EXPORT_PROFILE_BORDER);
  const ExportReport report = verify();
  ASSERT_FALSE(report.finding) << name_of(report.finding->defect) << report.finding->message;
  EXPECT_EQ(report.first_leaf, 3u);
  EXPECT_EQ(report.end_leaf, kRecords + 2u);  // begun and released
  EXPECT_EQ(report.bodies_proven, kRecords + 2u - 3u);
  EXPECT_EQ(report.tree_size, kRecords + 3u);  // and sealed
  EXPECT_NE(read(directory_ + "/records.jsonl").find("CANARY"), std::string::npos);
}

TEST_F(Export, WithoutNamesHoldsNone) {
  make(v1::EXPORT_PROFILE_INTERNAL);
  const ExportReport report = verify();
  ASSERT_FALSE(report.finding) << name_of(report.finding->defect) << report.finding->message;
  EXPECT_EQ(report.bodies_unproven, kRecords - 3u);
  for (const char* file : {"records.jsonl", "records.csv", "report.html", "manifest.json"}) {
    const std::string text = read(directory_ + "/" + file);
    EXPECT_EQ(text.find("ERIKSSON"), std::string::npos) << file;
    EXPECT_EQ(text.find("CANARY"), std::string::npos) << file;
  }
}

TEST_F(Export, OfNamesNeedsThePrivacyOfficer) {
  caller_.role = server::Role::kAuditor;
  v1::ExportRecordsRequest request;
  request.mutable_context()->set_request_id("01890a5d-ac96-774b-bcce-b30209900001");
  request.mutable_context()->set_purpose(v1::LOOK_PURPOSE_AUDIT);
  request.mutable_context()->set_reference("AUD-1");
  request.set_profile(v1::EXPORT_PROFILE_BORDER);
  EXPECT_EQ(flow_.page(caller_, request).error().reason, "NAMES_NEED_PRIVACY_OFFICER");
  request.set_question(v1::AUDIT_QUESTION_FLIGHT);
  EXPECT_EQ(flow_.page(caller_, request).error().reason, "QUESTION_MALFORMED");
  request.clear_question();
  request.set_profile(v1::EXPORT_PROFILE_INTERNAL);
  EXPECT_TRUE(flow_.page(caller_, request));
}

TEST_F(Export, ByAnotherKeyIsNotProven) {
  make(v1::EXPORT_PROFILE_INTERNAL);
  auto key = *audit::parse_vkey(*store_->vkey("demo"));
  key.public_key[0] ^= 1;
  const Trust other{{audit::verifier_key(key.name, key.public_key)}, {}, 0, {}};
  EXPECT_EQ(verify_export(directory_, other).finding->defect, Defect::kKeyUnknown);
}

TEST_F(Export, EachDefectHasItsName) {
  make(v1::EXPORT_PROFILE_BORDER);
  const std::string lines = read(directory_ + "/records.jsonl");
  const std::size_t second = lines.find('\n') + 1;
  const auto expect = [&](const std::string& text, Defect defect) {
    write(directory_ + "/records.jsonl", text);
    const auto finding = verify().finding;
    ASSERT_TRUE(finding);
    EXPECT_EQ(name_of(finding->defect), name_of(defect));
    write(directory_ + "/records.jsonl", lines);
  };
  expect(lines.substr(second), Defect::kRecordMissing);
  expect(lines.substr(0, second), Defect::kRecordMissing);
  expect("x" + lines, Defect::kRecordUnreadable);
  std::string text = lines;
  text.replace(text.find("ERIKSSON"), 8, "ERIKSSAN");
  expect(text, Defect::kBodyTextChanged);
  text = lines;
  const std::size_t sealed = text.find("\"sealed\":\"") + 60;
  text[sealed] = text[sealed] == 'A' ? 'B' : 'A';
  expect(text, Defect::kBodyChanged);
  text = lines;
  text.replace(text.find("\"open\""), 6, "\"none\"");
  expect(text, Defect::kBodyContradictsLeaf);
  std::filesystem::remove(directory_ + "/records.csv");
  EXPECT_EQ(verify().finding->defect, Defect::kFileChanged);
}

std::string changed_at_random(const std::string& text, std::mt19937& random) {
  std::string changed = text;
  if (changed.empty()) return "x";
  const std::size_t at = random() % changed.size();
  switch (random() % 4) {
    case 0:
      changed[at] = static_cast<char>(changed[at] ^ (1 << random() % 8));
      break;
    case 1:
      changed.erase(at, 1 + random() % 40);
      break;
    case 2:
      changed.insert(at, changed.substr(random() % changed.size(), 1 + random() % 40));
      break;
    default:
      changed.resize(at);
  }
  return changed;
}

// Any change of any byte of any file is noticed.
TEST_F(Export, TenThousandChangesAreDetected) {
  make(v1::EXPORT_PROFILE_BORDER);
  ASSERT_FALSE(verify().finding);
  std::mt19937 random(20261122);
  constexpr std::array kFiles{"records.jsonl",   "records.csv",     "access.jsonl",
                              "manifest.json",   "README.txt",      "report.html",
                              "seal.tlog-proof", "consistency.json"};
  for (int i = 0; i < 10'000; ++i) {
    const std::string path = directory_ + "/" + kFiles[static_cast<std::size_t>(i) % kFiles.size()];
    const std::string text = read(path);
    const std::string changed = changed_at_random(text, random);
    if (changed == text) continue;
    write(path, changed);
    EXPECT_TRUE(verify().finding) << path;
    write(path, text);
  }
}

// A proof alone, with two witnesses: no byte of it can change, and the defect is one of those of
// proofs.
TEST_F(Export, ChangesOfAProofAreDetected) {
  make(v1::EXPORT_PROFILE_INTERNAL);
  const Trust wanted = witnessed();
  const std::string path = directory_ + "/proof";
  const std::string text = read(directory_ + "/seal.tlog-proof");
  write(path, text);
  ASSERT_FALSE(verify_proof(path, wanted).finding);
  std::mt19937 random(20261123);
  std::map<Defect, int> named;
  for (int i = 0; i < 3'000; ++i) {
    const std::string changed = changed_at_random(text, random);
    if (changed == text) continue;
    write(path, changed);
    const auto finding = verify_proof(path, wanted).finding;
    ASSERT_TRUE(finding) << changed;
    ++named[finding->defect];
  }
  for (const auto& [defect, times] : named) {
    EXPECT_TRUE(defect == Defect::kSealUnreadable || defect == Defect::kKeyUnknown ||
                defect == Defect::kSealNotInLog || defect == Defect::kNotWitnessed ||
                defect == Defect::kCosignatureWrong)
        << name_of(defect);
  }
  EXPECT_EQ(named.size(), 5u);
}

// The checkpoint that was kept from before.
TEST_F(Export, TenThousandChangesOfACheckpointAreDetected) {
  const std::string kept = *store_->checkpoint("demo");
  make(v1::EXPORT_PROFILE_INTERNAL);
  Trust wanted = trust();
  wanted.earlier_checkpoint = kept;
  const ExportReport report = verify_export(directory_, wanted);
  ASSERT_FALSE(report.finding) << report.finding->message;
  EXPECT_TRUE(report.earlier_agrees);
  std::mt19937 random(20261124);
  for (int i = 0; i < 10'000; ++i) {
    wanted.earlier_checkpoint = changed_at_random(kept, random);
    if (wanted.earlier_checkpoint == kept) continue;
    const auto finding = verify_export(directory_, wanted).finding;
    ASSERT_TRUE(finding) << *wanted.earlier_checkpoint;
    EXPECT_TRUE(finding->defect == Defect::kKeyUnknown ||
                finding->defect == Defect::kCheckpointUnusable)
        << name_of(finding->defect);
  }
}

// Proofs of consistency, as lists of hashes: a hash changed, left out, doubled or moved, a size
// that is another.
TEST_F(Export, ChangesOfConsistencyProofsAreDetected) {
  make(v1::EXPORT_PROFILE_INTERNAL);
  const std::string path = directory_ + "/consistency.json";
  const auto list = json::parse(read(path));
  std::mt19937 random(20261125);
  for (int i = 0; i < 3'000; ++i) {
    json changed = list;
    const std::size_t at = random() % changed.size();
    switch (random() % 4) {
      case 0: {
        std::string hash = changed[at];
        const std::size_t digit = random() % hash.size();
        hash[digit] = "0123456789abcdef"[random() % 16];
        changed[at] = hash;
        break;
      }
      case 1:
        changed.erase(at);
        break;
      case 2:
        changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(at),
                       list[random() % list.size()]);
        break;
      default:
        std::swap(changed[at], changed[random() % changed.size()]);
    }
    if (changed == list) continue;
    write(path, changed.dump() + "\n");
    const auto finding = verify().finding;
    ASSERT_TRUE(finding) << changed.dump();
    EXPECT_EQ(name_of(finding->defect), name_of(Defect::kLeavesNotInLog));
  }
}

TEST_F(Export, AForkIsNoticed) {
  make(v1::EXPORT_PROFILE_INTERNAL);
  const auto key = *audit::SigningKey::load(store_.directory() + "/signing.pem");
  audit::Checkpoint other{*store_->origin("demo"), 9, {}, {}};
  other.root.fill(9);
  Trust wanted = trust();
  wanted.earlier_checkpoint = *audit::sign_checkpoint(other, key);
  EXPECT_EQ(verify_export(directory_, wanted).finding->defect, Defect::kForked);
  other.size = 2;
  wanted.earlier_checkpoint = *audit::sign_checkpoint(other, key);
  EXPECT_EQ(verify_export(directory_, wanted).finding->defect, Defect::kCheckpointUnusable);
}

TEST_F(Export, AsManyWitnessesAsAreAskedForMustHaveSigned) {
  make(v1::EXPORT_PROFILE_INTERNAL);
  Trust wanted = witnessed();
  EXPECT_FALSE(verify_export(directory_, wanted).finding);
  EXPECT_EQ(verify_export(directory_, wanted).witnesses, 2u);
  EXPECT_EQ(verify_export(directory_, wanted).last_cosigned, 1'795'348'861u);
  wanted.witnesses.push_back(audit::witness_key("w3.example", wanted.witnesses[0].public_key));
  EXPECT_FALSE(verify_export(directory_, wanted).finding);
  wanted.witnesses_needed = 3;
  EXPECT_EQ(verify_export(directory_, wanted).finding->defect, Defect::kNotWitnessed);
}

TEST_F(Export, NamesNeedASecondPerson) {
  v1::ExportRecordsRequest request;
  request.mutable_context()->set_request_id("01890a5d-ac96-774b-bcce-b30209900001");
  request.mutable_context()->set_purpose(v1::LOOK_PURPOSE_FINE_DEFENCE);
  request.mutable_context()->set_reference("FINE-1");
  request.set_profile(v1::EXPORT_PROFILE_BORDER);
  request.set_station("FRA");
  EXPECT_EQ(flow_.page(caller_, request).error().reason, "RELEASE_NEEDED");
  v1::ReleaseExportRequest release;
  *release.mutable_context() = request.context();
  release.mutable_context()->set_request_id("01890a5d-ac96-774b-bcce-b30209900002");
  release.set_export_request_id("01890a5d-ac96-774b-bcce-b30209900005");
  EXPECT_EQ(flow_.release(caller_, release).error().reason, "EXPORT_UNKNOWN");
  release.set_export_request_id(request.context().request_id());
  // Only looked at: nothing is released.
  EXPECT_NE(flow_.release(caller_, release)->export_json().find("FRA"), std::string::npos);
  EXPECT_EQ(flow_.page(caller_, request).error().reason, "RELEASE_NEEDED");
  release.set_confirm(true);
  EXPECT_EQ(flow_.release(caller_, release).error().reason, "SECOND_PERSON_NEEDED");
  server::Principal second = caller_;
  second.actor.fill(8);
  EXPECT_TRUE(flow_.release(second, release));
  EXPECT_TRUE(flow_.release(second, release));  // again is the same
  EXPECT_TRUE(flow_.page(caller_, request));
  // What was released is this export, and no other under the same id.
  request.set_station("HEL");
  EXPECT_EQ(flow_.page(caller_, request).error().code, base::ErrorCode::kAlreadyExists);
}

TEST_F(Export, OfAPersonLeavesOutThirdPersons) {
  audit::Record made;
  made.tenant = "demo";
  made.request_id = {2};
  made.decision = 3;
  made.actor.fill(1);
  made.subject = audit::SubjectLookup{1, {99}};
  made.body = bytes_of(json{
      {"claims",
       {{{"source", "booking"}, {"booking_name", "STRANGER/SAM"}},
        {{"source", "mrz"}, {"full", "ERIKSSON ANNA"}}}},
      {"read", {{"travel", {{"booking_names", {"STRANGER"}}}}, {"identity", {{"issuer", "UTO"}}}}},
      {"flight_passenger", {{"booked_name", "STRANGER/SAM"}}},
      {"answer",
       {{"verdict", "MISMATCH"},
        {"sentence", "STRANGER"},
        {"alignment", {{{"booking_part", "STRANGER"}, {"document_part", "ERIKSSON"}}}},
        {"reasons",
         {{{"code", "NAMES_DIFFER"}, {"booking_part", "STRANGER"}, {"text", "STRANGER"}}}}}}}
                           .dump());
  const auto receipt = store_.append(made);
  ASSERT_TRUE(receipt);
  const auto leaf = *audit::decode_leaf(store_->leaf("demo", receipt->index)->leaf_data);
  v1::ExportRecordsRequest request;
  request.mutable_context()->set_request_id("01890a5d-ac96-774b-bcce-b30209900001");
  request.mutable_context()->set_purpose(v1::LOOK_PURPOSE_SUBJECT_REQUEST);
  request.mutable_context()->set_reference("DSAR-1");
  request.set_profile(v1::EXPORT_PROFILE_DATA_SUBJECT);
  request.set_subject_ref(std::string(leaf.subject_ref.begin(), leaf.subject_ref.end()));
  EXPECT_EQ(flow_.page(caller_, request).error().reason, "RELEASE_NEEDED");
  release({request.context().request_id(), sdk::LookPurpose::kAudit, "DSAR-1", {}});
  const auto page = flow_.page(caller_, request);
  ASSERT_TRUE(page) << page.error().message;
  const auto& record = page->records(static_cast<int>(receipt->index));
  EXPECT_EQ(record.body_state(), v1::EXPORTED_BODY_STATE_REDACTED);
  EXPECT_TRUE(record.body_key().empty() && record.sealed_body().empty());
  EXPECT_NE(record.body_json().find("ERIKSSON"), std::string::npos);
  EXPECT_EQ(record.body_json().find("STRANGER"), std::string::npos) << record.body_json();
}

TEST_F(Export, ContinuesWhereAPageEnded) {
  sdk::PrivacyContext context;
  context.request_id = "01890a5d-ac96-774b-bcce-b30209900001";
  context.reference = "AUD-1";
  sdk::ExportSelection selection;
  selection.profile = sdk::ExportProfile::kBorder;
  auto files = cli::ExportFiles::open(directory_, {context, selection});
  sdk::ExportPage whole = page(*files, v1::EXPORT_PROFILE_BORDER);
  sdk::ExportPage half = whole;
  half.records.resize(10);
  half.next_leaf = half.first_leaf + 10;
  ASSERT_TRUE(files->add(half));
  // A page that was cut short.
  std::ofstream(directory_ + "/records.jsonl", std::ios::app) << "{\"leaf";
  context.request_id = "01890a5d-ac96-774b-bcce-b30209900009";
  auto again = cli::ExportFiles::open(directory_, {context, selection});
  ASSERT_TRUE(again);
  EXPECT_EQ(again->context().request_id, "01890a5d-ac96-774b-bcce-b30209900001");
  EXPECT_EQ(again->next_leaf(), half.next_leaf);
  whole.records.erase(whole.records.begin(), whole.records.begin() + 10);
  ASSERT_TRUE(again->add(whole));
  const std::string lines = read(directory_ + "/records.jsonl");
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), kRecords + 2 - 3);
  // Pages that did not outlive the machine.
  std::filesystem::resize_file(directory_ + "/records.csv", 40);
  EXPECT_EQ(cli::ExportFiles::open(directory_, {context, selection}).error().code,
            base::ErrorCode::kFailedPrecondition);
  selection.station = "FRA";
  EXPECT_EQ(cli::ExportFiles::open(directory_, {context, selection}).error().code,
            base::ErrorCode::kFailedPrecondition);
}

// RFC 8785 section 3.2.2 and appendix B.
TEST(CanonicalJson, IsThatOfTheStandard) {
  const json value = json::parse(
      R"({"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],)"
      R"("string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]})");
  EXPECT_EQ(cli::canonical_json(value),
            "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
            "\"string\":\"\xE2\x82\xAC$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
  EXPECT_EQ(cli::canonical_json(json::parse(R"({"\ufb33":1,"\ud83d\ude00":2,"1":3,"\r":4})")),
            "{\"\\r\":4,\"1\":3,\"\xF0\x9F\x98\x80\":2,\"\xEF\xAC\xB3\":1}");
  EXPECT_EQ(cli::canonical_json(json(-0.0)), "0");
  EXPECT_EQ(cli::canonical_json(json(9007199254740994.0)), "9007199254740994");
  EXPECT_EQ(cli::canonical_json(json(1e21)), "1e+21");
  EXPECT_EQ(cli::canonical_json(json(295147905179352830000.0)), "295147905179352830000");
}

TEST(CsvCell, EscapesAsTheStandardDoesAndNoFormulaRuns) {
  EXPECT_EQ(cli::csv_cell("plain"), "plain");
  EXPECT_EQ(cli::csv_cell("a,b"), "\"a,b\"");
  EXPECT_EQ(cli::csv_cell("a\"b"), "\"a\"\"b\"");
  for (const char* formula : {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1"}) {
    EXPECT_EQ(cli::csv_cell(formula), std::string("'") + formula);
  }
  EXPECT_EQ(cli::csv_cell("=HYPERLINK(\"x\",\"y\")"), "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"");
}

}  // namespace
}  // namespace paxid::verifier
