#include "clients/cli/subcommands.h"

#include <CLI/CLI.hpp>
#include <array>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "base/progress_line.h"
#include "clients/cli/audit_command.h"
#include "clients/cli/audit_question.h"
#include "clients/cli/command_line.h"
#include "clients/cli/flight_command.h"
#include "clients/cli/privacy_command.h"
#include "clients/cli/terminal.h"
#include "clients/sdk/client.h"

namespace paxid::cli {
namespace {

using nlohmann::json;

// What an auditor asks: docs/export.md lists the questions.
struct Questions {
  CLI::App* overrides = nullptr;
  CLI::App* accepted = nullptr;
  CLI::App* looks = nullptr;
  CLI::App* decisions = nullptr;
  CLI::App* errors = nullptr;
  CLI::App* flight = nullptr;
  CLI::App* whole = nullptr;
  ServerOptions server;
  PrivacyArguments arguments;
  std::string from;
  std::string until;
  std::string verdict = "MISMATCH";
  std::string operator_id;
  std::string reason;
  std::string station;
  std::string policy;
  std::string flight_name;
  std::string departure_date;
  std::string vkey;
  bool as_json = false;

  void add_to(CLI::App& audit) {
    overrides = audit.add_subcommand("overrides", "What people decided against the suggestion");
    overrides->add_option("--operator", operator_id, "Of this person only: operator id");
    overrides->add_option("--verdict", verdict,
                          "Of suggestions with this verdict, or `any` [MISMATCH]");
    accepted = audit.add_subcommand("accepted", "What people accepted");
    accepted->add_option("--reason", reason,
                         "minor_spelling, nickname, name_change, transliteration,\n"
                         "data_correction, misread or reboarding [any]");
    accepted->add_option("--station", station, "At this airport [any]");
    looks = audit.add_subcommand("looks", "Who looked at a person's records, or exported them");
    looks->add_option("--issuer", arguments.issuer, "Of the document: ICAO code");
    looks->add_option("--document-number", arguments.number,
                      "As printed in the zone; needs the role privacy_officer");
    looks->add_option("--record", arguments.record,
                      "Request id of one of the records; needs the role privacy_officer");
    looks->add_option("--subject", arguments.subject, "Reference in the log, 32 hex digits");
    decisions = audit.add_subcommand("decisions", "What was decided under a policy");
    decisions->add_option("--policy", policy, "Its name and date, or the beginning of its SHA-256")
        ->required();
    errors = audit.add_subcommand("errors", "How often suggestions were wrong, by issuing State");
    flight = audit.add_subcommand("flight", "Everything on record about a flight, in order");
    flight->add_option("FLIGHT", flight_name, "Such as LH400 or DLH400")->required();
    flight->add_option("--departure-date", departure_date, "YYYY-MM-DD");
    whole = audit.add_subcommand("whole", "Whether the log is whole between two dates");
    whole->add_option("--vkey", vkey, "The log's verifier key, or a file with it")->required();
    for (CLI::App* command : all()) {
      command->add_option("--from", from, "First day, YYYY-MM-DD in UTC");
      command->add_option("--until", until, "Day after the last one");
      add_reference(command, arguments.reference);
      command->add_flag("--json", as_json, "Print a JSON object a line");
      server.add_to(command);
    }
    arguments.purpose = "audit";
    overrides->footer("Example:\n  paxid audit overrides --operator 4711 --reference AUD-4");
    accepted->footer(
        "Example:\n  paxid audit accepted --reason nickname --station FRA --reference AUD-4");
    looks->footer(
        "Exports with names are listed when their filter fits a record of the person. Example:\n"
        "  paxid audit looks --issuer UTO --document-number L898902C3 --reference DSAR-17");
    decisions->footer("Example:\n  paxid audit decisions --policy 5f3a09c1 --reference AUD-5");
    errors->footer("Example:\n  paxid audit errors --from 2026-11-01 --reference AUD-6");
    flight->footer(
        "Example:\n  paxid audit flight LH400 --departure-date 2026-11-22 --reference AUD-7");
    whole->footer(
        "Exit status: 0 whole, 1 not. Example:\n"
        "  paxid audit whole --from 2026-11-01 --until 2026-12-01 --vkey demo.vkey "
        "--reference AUD-8");
  }

  std::array<CLI::App*, 7> all() const {
    return {overrides, accepted, looks, decisions, errors, flight, whole};
  }
  CLI::App* asked() const {
    for (CLI::App* command : all()) {
      if (command->parsed()) return command;
    }
    return nullptr;
  }

  bool parsed() const { return asked() != nullptr; }

  // The question, and the answer that is looked for; nothing when an argument is none of the known.
  std::unique_ptr<AuditAnswer> answer(sdk::ExportSelection& wanted) const {
    if (overrides->parsed()) {
      wanted.question = sdk::AuditQuestion::kOverrides;
      wanted.operator_id = operator_id;
      return overrides_answer(verdict == "any" ? "" : verdict);
    }
    if (accepted->parsed()) {
      wanted.question = sdk::AuditQuestion::kAccepted;
      wanted.station = station;
      return accepted_answer(reason, station);
    }
    if (decisions->parsed()) {
      wanted.question = sdk::AuditQuestion::kPolicy;
      return policy_answer(policy);
    }
    if (errors->parsed()) {
      wanted.question = sdk::AuditQuestion::kErrors;
      return errors_answer();
    }
    wanted.question = sdk::AuditQuestion::kFlight;
    wanted.departure_date = departure_date;
    if (!read_flight(flight_name, wanted.carrier, wanted.flight_number)) return nullptr;
    return everything_answer();
  }

  // Asks for the leaves, page by page.
  template <class Use>
  static base::Result<sdk::ExportPage> walk(const sdk::Client& client,
                                            const sdk::PrivacyContext& context,
                                            const sdk::ExportSelection& wanted, Use use) {
    base::ProgressLine line;
    std::uint64_t next = 0;
    std::uint64_t end = 0;
    for (;;) {
      auto page = client.export_page(context, wanted, next, end);
      if (!page) return page;
      if (auto used = use(*page); !used) return tl::unexpected(used.error());
      next = page->next_leaf;
      end = page->end_leaf;
      line.show(next, end, "leaves");
      if (next >= end) return page;
    }
  }

  int print_rows(const sdk::Client& client, const sdk::PrivacyContext& context,
                 const sdk::ExportSelection& wanted, AuditAnswer& answer) const {
    std::uint64_t rows = 0;
    const auto emit = [&](const json& row) {
      ++rows;
      std::cout << (as_json ? row.dump(-1, ' ', false, json::error_handler_t::replace) + "\n"
                            : row_line(row));
    };
    const auto last =
        walk(client, context, wanted, [&](const sdk::ExportPage& page) -> base::Result<void> {
          for (const sdk::ExportedRecord& record : page.records) {
            auto leaf = audit::decode_leaf(record.leaf_data);
            if (!leaf) return tl::unexpected(leaf.error());
            json body = json::parse(record.body_json, nullptr, /*allow_exceptions=*/false);
            if (!body.is_object()) body = json::object();
            answer.see({record.leaf_index, *leaf, record.body_state, std::move(body)}, emit);
          }
          return {};
        });
    if (!last) return fail(last.error());
    answer.finish(emit);
    if (!as_json && rows == 0) std::cout << "nothing on record\n";
    return kOk;
  }

  int run_whole(const sdk::Client& client, const sdk::PrivacyContext& context,
                sdk::ExportSelection wanted) const {
    const auto keys = trusted_keys(vkey);
    if (!keys) return fail_usage(*whole, keys.error());
    wanted.question = sdk::AuditQuestion::kWhole;
    WholeCheck check;
    const auto last =
        walk(client, context, wanted, [&](const sdk::ExportPage& page) { return check.see(page); });
    base::Result<void> outcome = last ? base::Result<void>() : tl::unexpected(last.error());
    if (!last && last.error().code != base::ErrorCode::kDataLoss) return fail(last.error());
    if (last) {
      const auto head = client.checkpoint();
      if (!head) return fail(head.error());
      const auto proof = client.consistency_proof(last->end_leaf, head->tree_size);
      if (!proof) return fail(proof.error());
      outcome = check.finish(*last, *keys, head->note, proof->hashes);
    }
    const auto unexplained = check.unexplained();
    // A body may be erased after the last leaf that was asked for.
    if (outcome && wanted.until_unix_seconds == std::nullopt && !unexplained.empty()) {
      outcome =
          base::fail(base::ErrorCode::kDataLoss, "leaf " + std::to_string(unexplained.front()) +
                                                     ": its body is missing and nothing erased it");
    }
    if (as_json) {
      json answer{{"whole", outcome.has_value()}, {"bodies_gone", check.gone()}};
      if (last) answer["first_leaf"] = last->first_leaf;
      if (last) answer["end_leaf"] = last->end_leaf;
      if (!outcome) answer["message"] = outcome.error().message;
      print_json(answer);
    } else if (outcome) {
      std::cout << "WHOLE  leaves " << last->first_leaf << " to " << last->end_leaf - 1
                << " stand in the signed log, one behind the other; " << check.gone()
                << " bodies were erased or pruned\n";
    } else {
      std::cout << "NOT WHOLE  " << printable(outcome.error().message) << "\n";
    }
    return outcome ? kOk : kFailed;
  }

  int run() const {
    CLI::App* command = asked();
    sdk::ExportSelection wanted;
    const auto context = privacy_context_from(arguments);
    if (!context || !read_day(from, wanted.from_unix_seconds) ||
        !read_day(until, wanted.until_unix_seconds)) {
      return fail_usage(*command, "a day is none");
    }
    const auto client = server.connect();
    if (!client) return fail(client.error());
    if (whole->parsed()) return run_whole(*client, *context, wanted);
    if (looks->parsed()) {
      const auto subject = subject_from(arguments);
      if (!subject) return fail_usage(*looks, subject.error());
      audit::Id16 ref{};
      if (const auto* given = std::get_if<audit::Id16>(&*subject)) {
        ref = *given;
      } else {
        sdk::PrivacyContext finding = *context;
        finding.request_id = sdk::new_request_id();
        const auto found = client->subject_ref(finding, *subject);
        if (!found) return fail(found.error());
        ref = *found;
      }
      wanted.question = sdk::AuditQuestion::kLooks;
      wanted.subject_ref = ref;
      return print_rows(*client, *context, wanted, *looks_answer(ref));
    }
    const auto answering = answer(wanted);
    if (!answering) return fail_usage(*command, "FLIGHT must be such as LH400 or DLH400");
    return print_rows(*client, *context, wanted, *answering);
  }
};

}  // namespace

Run add_audit_questions(CLI::App& audit) { return run_of<Questions>(audit); }

}  // namespace paxid::cli
