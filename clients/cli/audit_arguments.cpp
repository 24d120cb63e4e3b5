#include "clients/cli/subcommands.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "base/date.h"
#include "base/file.h"
#include "base/hex.h"
#include "clients/cli/audit_command.h"
#include "clients/cli/command_line.h"
#include "clients/cli/export_command.h"
#include "clients/cli/flight_command.h"
#include "clients/cli/privacy_command.h"
#include "clients/cli/terminal.h"

namespace paxid::cli {
namespace {

using nlohmann::json;

struct Audit {
  CLI::App* group = nullptr;
  Run exporting;
  Run questions;
  CLI::App* release = nullptr;
  CLI::App* cosignatures = nullptr;
  CLI::App* witness_export = nullptr;
  CLI::App* api_log = nullptr;
  PrivacyArguments arguments;
  std::string export_id;
  std::string given;
  std::string from;
  std::string until;
  bool show = false;
  bool witnessed = false;
  CLI::App* checkpoint = nullptr;
  CLI::App* prove = nullptr;
  CLI::App* check = nullptr;
  ServerOptions server;
  std::uint64_t index = 0;
  std::string out;
  std::string proof;
  std::string vkey;
  bool as_json = false;

  void add_to(CLI::App& app) {
    CLI::App* audit = group =
        app.add_subcommand("audit", "Fetch and check the proof of a record; export records");
    audit->require_subcommand(1);
    exporting = add_audit_export(*audit);
    questions = add_audit_questions(*audit);
    release = audit->add_subcommand("release", "Let an export with names leave: the second person");
    release->add_option("EXPORT-ID", export_id, "What `paxid audit export` has printed")
        ->required();
    release->add_flag("--show", show, "Only say what would be released");
    add_reference(release, arguments.reference);
    add_audit_purpose(release, arguments.purpose);
    server.add_to(release);
    release->footer(
        "Needs the role privacy_officer, and another certificate than the export's. Example:\n"
        "  paxid audit release 0199... --reference FINE-7");
    cosignatures =
        audit->add_subcommand("cosign", "Hand in a checkpoint that witnesses have signed");
    cosignatures->add_option("FILE", given, "The checkpoint with the witnesses' lines")->required();
    server.add_to(cosignatures);
    cosignatures->footer(
        "Witnesses are those of the server's configuration. Example:\n"
        "  paxid audit checkpoint > demo.checkpoint    # to the witnesses, and back\n"
        "  paxid audit cosign demo.cosigned");
    witness_export = audit->add_subcommand(
        "witness-export", "Seal an export anew with a checkpoint that witnesses have signed");
    witness_export->add_option("DIRECTORY", given, "A finished export")->required();
    server.add_to(witness_export);
    witness_export->footer("Example:\n  paxid audit witness-export november");
    api_log = audit->add_subcommand("api-log", "When and where advance passenger data were used");
    api_log->add_option("--from", from, "First day, YYYY-MM-DD in UTC");
    api_log->add_option("--until", until, "Day after the last one");
    server.add_to(api_log);
    api_log->footer(
        "One JSON object a line, without passenger data; entries are kept for one year. Example:\n"
        "  paxid audit api-log --from 2026-11-01 > november.jsonl");
    checkpoint = audit->add_subcommand("checkpoint", "Print the log's newest signed checkpoint");
    server.add_to(checkpoint);
    checkpoint->add_flag("--json", as_json, "Print the answer as JSON");
    checkpoint->add_flag("--witnessed", witnessed, "The newest one that witnesses have signed");
    checkpoint->footer("Example:\n  paxid audit checkpoint > demo.checkpoint");
    prove = audit->add_subcommand("prove", "Fetch the proof that a record stands in the log");
    prove->add_option("INDEX", index, "Number of the record")->required();
    prove->add_option("--out", out, "File to write [standard output]");
    prove->add_flag("--witnessed", witnessed, "Against a checkpoint that witnesses have signed");
    server.add_to(prove);
    prove->footer(
        "The file is a C2SP tlog-proof with the leaf in its extra line; it holds no personal\n"
        "data. Example:\n  paxid audit prove 0 --out record-0.proof");
    check = audit->add_subcommand("check", "Check a proof without any server");
    check->add_option("PROOF", proof, "File that `paxid audit prove` wrote")->required();
    check->add_option("--vkey", vkey, "The log's verifier key, or a file with it")->required();
    check->add_flag("--json", as_json, "Print the answer as JSON");
    check->footer(
        "Exit status: 0 proven, 1 not proven, 2 wrong usage. The key must come from the log's\n"
        "operator; a key out of the proof would let the log vouch for itself. Example:\n"
        "  paxid audit check record-0.proof --vkey demo.vkey");
  }

  int run_checkpoint() const {
    const auto client = server.connect();
    if (!client) return fail(client.error());
    const auto answer = client->checkpoint(witnessed);
    if (!answer) return fail(answer.error());
    print_answer(as_json,
                 {{"checkpoint", answer->note},
                  {"tree_size", answer->tree_size},
                  {"claimed_verifier_key", answer->claimed_verifier_key}},
                 answer->note);
    return kOk;
  }

  int run_prove() const {
    const auto client = server.connect();
    if (!client) return fail(client.error());
    const auto answer = client->inclusion_proof(index, witnessed);
    if (!answer) return fail(answer.error());
    const auto text = proof_file(*answer);
    if (!text) return fail(text.error());
    if (out.empty()) {
      std::cout << *text;
      return kOk;
    }
    const auto written = write_text(out, *text);
    return written ? kOk : fail(written.error());
  }

  int run_check() const {
    const auto keys = trusted_keys(vkey);
    if (!keys) return fail(keys.error());
    const auto text = base::read_file(proof, kMaxInputBytes);
    if (!text) return fail({text.error().code, text.error().message, {}});
    const auto record = check_proof(*text, *keys);
    if (!record) {
      print_answer(as_json,
                   {{"ok", false},
                    {"code", base::name_of(record.error().code)},
                    {"message", record.error().message}},
                   "NOT PROVEN  " + printable(record.error().message) + "\n");
      return record.error().field.starts_with("--") ? kUsage : kFailed;
    }
    print_answer(as_json, checked_json(*record), checked_card(*record));
    return kOk;
  }

  int run_release() const {
    const auto context = privacy_context_from(arguments);
    if (!context) return fail_usage(*release, context.error());
    const auto client = server.connect();
    if (!client) return fail(client.error());
    const auto released = client->release_export(*context, export_id, !show);
    if (!released) return fail(released.error());
    std::cout << (show ? "would release " : "released ") << printable(released->json) << "\n";
    return kOk;
  }

  int run_cosignatures() const {
    const auto text = base::read_file(given, kMaxInputBytes);
    if (!text) return fail(text.error());
    const auto client = server.connect();
    if (!client) return fail(client.error());
    const auto added = client->add_cosignatures(*text);
    if (!added) return fail(added.error());
    std::cout << added->witnesses << " witnesses have signed " << added->tree_size << " leaves\n";
    return kOk;
  }

  int run_witness_export() const {
    const auto client = server.connect();
    if (!client) return fail(client.error());
    const auto sealed = export_seal_of(given);
    if (!sealed) return fail(sealed.error());
    const auto inclusion = client->inclusion_proof(sealed->leaf_index, true);
    if (!inclusion) return fail(inclusion.error());
    const auto text = proof_file(*inclusion);
    if (!text) return fail(text.error());
    const auto consistency = client->consistency_proof(sealed->end_leaf, inclusion->tree_size);
    if (!consistency) return fail(consistency.error());
    const auto written = replace_export_seal(given, {*text, consistency->hashes});
    if (!written) return fail(written.error());
    std::cout << given << ": sealed with " << inclusion->tree_size << " leaves\n";
    return kOk;
  }

  int run_api_log() const {
    std::optional<std::int64_t> first;
    std::optional<std::int64_t> end;
    if (!read_day(from, first) || !read_day(until, end)) {
      return fail_usage(*api_log, "a day is none");
    }
    const auto client = server.connect();
    if (!client) return fail(client.error());
    std::int64_t after = 0;
    do {
      const auto page = client->api_entries(first, end, after);
      if (!page) return fail(page.error());
      for (const sdk::ApiEntry& entry : page->entries) {
        std::cout << json{{"time", base::utc_text(entry.unix_microseconds / 1'000'000)},
                          {"station", entry.station},
                          {"channel", entry.channel},
                          {"actor", base::to_hex(entry.actor)},
                          {"operation", entry.operation}}
                         .dump()
                  << "\n";
      }
      after = page->next;
    } while (after != 0);
    return kOk;
  }

  bool parsed() const { return group->parsed(); }

  int run() const {
    if (const auto status = exporting()) return *status;
    if (const auto status = questions()) return *status;
    if (release->parsed()) return run_release();
    if (cosignatures->parsed()) return run_cosignatures();
    if (witness_export->parsed()) return run_witness_export();
    if (api_log->parsed()) return run_api_log();
    if (checkpoint->parsed()) return run_checkpoint();
    if (prove->parsed()) return run_prove();
    return run_check();
  }
};

}  // namespace

Run add_audit(CLI::App& app) { return run_of<Audit>(app); }

}  // namespace paxid::cli
