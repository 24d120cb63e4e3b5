#include "clients/cli/subcommands.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <optional>
#include <string>

#include "base/hex.h"
#include "base/progress_line.h"
#include "clients/cli/command_line.h"
#include "clients/cli/export_command.h"
#include "clients/cli/flight_command.h"
#include "clients/cli/privacy_command.h"
#include "clients/sdk/client.h"
#include "messages/catalogue.h"

namespace paxid::cli {
namespace {

using nlohmann::json;

struct Export {
  CLI::App* command = nullptr;
  ServerOptions server;
  PrivacyArguments arguments;
  std::string directory;
  std::string profile = "internal";
  std::string from;
  std::string until;
  std::string flight;
  std::string departure_date;
  std::string verdict;
  std::string station;
  std::string subject;
  std::string language = "en";

  void add_to(CLI::App& audit) {
    command = audit.add_subcommand("export", "Write a part of the log for a recipient outside");
    command->add_option("DIRECTORY", directory, "New, or of an export that was interrupted")
        ->required();
    command->add_option("--profile", profile,
                        "border, data_protection, civil_aviation, internal or data_subject\n"
                        "[internal]; names need the role privacy_officer");
    command->add_option("--from", from, "First day, YYYY-MM-DD in UTC");
    command->add_option("--until", until, "Day after the last one");
    command->add_option("--flight", flight, "Bodies of this flight only, such as LH400 or DLH400");
    command->add_option("--departure-date", departure_date, "Of the flight, YYYY-MM-DD");
    command->add_option("--verdict", verdict, "Bodies of MATCH, REVIEW or MISMATCH only");
    command->add_option("--station", station, "Bodies of this airport only");
    command->add_option("--subject", subject, "Bodies of this person only, 32 hex digits");
    command->add_option("--language", language,
                        "Of README and report: en, de, fr, es, pt, it, tr, ar, zh or ja [en]");
    add_reference(command, arguments.reference);
    add_audit_purpose(command, arguments.purpose);
    server.add_to(command);
    command->footer(
        "Every leaf of the period is in it, so that nobody can leave one out; filters choose "
        "bodies.\n"
        "The export is on record, before its first page and with its manifest. One with names is\n"
        "released by a second privacy officer (paxid audit release). Examples:\n"
        "  paxid audit export november --from 2026-11-01 --until 2026-12-01 --reference AUD-3\n"
        "  paxid audit export case --profile border --flight LH400 --departure-date 2026-11-22 \\\n"
        "      --purpose fine_defence --reference FINE-7\n"
        "  paxid-audit-verify november --vkey demo.vkey");
  }

  std::optional<sdk::ExportSelection> selection() const {
    sdk::ExportSelection wanted;
    const auto known = sdk::export_profile_from(profile);
    if (!known) return std::nullopt;
    wanted.profile = *known;
    if (!read_day(from, wanted.from_unix_seconds) || !read_day(until, wanted.until_unix_seconds) ||
        !read_flight(flight, wanted.carrier, wanted.flight_number)) {
      return std::nullopt;
    }
    wanted.departure_date = departure_date;
    wanted.verdict = verdict;
    wanted.station = station;
    if (!subject.empty()) {
      const auto bytes = base::from_hex(subject);
      if (!bytes || bytes->size() != 16) return std::nullopt;
      wanted.subject_ref.emplace();
      std::copy(bytes->begin(), bytes->end(), wanted.subject_ref->begin());
    }
    return wanted;
  }

  bool parsed() const { return command->parsed(); }

  int run() const {
    const auto wanted = selection();
    const auto context = privacy_context_from(arguments);
    const auto known_language = messages::language_from(language);
    if (!wanted || !context || !known_language) {
      return fail_usage(
          *command,
          "a profile, day, flight, subject, purpose or language is none of the known ones");
    }
    const auto client = server.connect();
    if (!client) return fail(client.error());
    auto files = ExportFiles::open(directory, {*context, *wanted});
    if (!files) return fail(files.error());
    std::optional<base::ProgressLine> line(std::in_place);
    do {
      const auto page =
          client->export_page(files->context(), *wanted, files->next_leaf(), files->end_leaf());
      if (!page) {
        if (page.error().message.starts_with("RELEASE_NEEDED")) {
          std::cerr << "Another privacy officer has to release it:\n  paxid audit release "
                    << files->context().request_id << " --reference " << arguments.reference
                    << "\nThen give the same command again.\n";
        }
        return fail(page.error());
      }
      if (auto added = files->add(*page); !added) return fail(added.error());
      line->show(files->next_leaf(), files->end_leaf(), "leaves");
    } while (files->next_leaf() < files->end_leaf());
    line.reset();
    const auto head = client->checkpoint();
    if (!head) return fail(head.error());
    const std::string origin = head->note.substr(0, head->note.find('\n'));
    const auto hash = files->finish(origin, *known_language);
    if (!hash) return fail(hash.error());
    sdk::PrivacyContext sealing = *context;
    sealing.request_id = sdk::new_request_id();
    const auto sealed =
        client->seal_export(sealing, files->context().request_id, *hash, files->end_leaf());
    if (!sealed) return fail(sealed.error());
    if (auto written = files->seal(*sealed); !written) return fail(written.error());
    std::cout << directory << ": leaves " << files->first_leaf() << " to " << files->end_leaf()
              << " of " << origin << "\n";
    return kOk;
  }
};

}  // namespace

Run add_audit_export(CLI::App& audit) { return run_of<Export>(audit); }

}  // namespace paxid::cli
