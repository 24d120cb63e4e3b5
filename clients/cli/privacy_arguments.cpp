#include "clients/cli/subcommands.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "base/date.h"
#include "base/file.h"
#include "base/progress_line.h"
#include "clients/cli/command_line.h"
#include "clients/cli/flight_command.h"
#include "clients/cli/privacy_command.h"
#include "clients/sdk/client.h"
#include "messages/catalogue.h"

namespace paxid::cli {
namespace {

using nlohmann::json;

struct Privacy {
  CLI::App* find = nullptr;
  CLI::App* access = nullptr;
  CLI::App* erase = nullptr;
  CLI::App* rectify = nullptr;
  CLI::App* restrict_use = nullptr;
  CLI::App* hold = nullptr;
  CLI::App* received = nullptr;
  CLI::App* deadlines = nullptr;
  ServerOptions server;
  PrivacyArguments arguments;
  std::string html;
  std::string out;
  std::string ground;
  std::string note;
  std::string action;
  std::string kind;
  std::string day;
  std::string language = "en";
  std::string name;
  std::string locator;
  std::string flight;
  std::string departure_date;
  std::string from;
  std::string until;
  bool lift = false;
  bool extended = false;
  bool all = false;
  CLI::App* group = nullptr;

  void add_to(CLI::App& app) {
    CLI::App* privacy = group = app.add_subcommand(
        "privacy", "What a person may ask for: access, erasure, correction, restriction; holds");
    privacy->require_subcommand(1);
    privacy->footer(
        "Needs the role privacy_officer. Every call is itself on record. Examples:\n"
        "  paxid privacy received access --on 2026-11-20 --reference DSAR-17\n"
        "  paxid privacy access --issuer UTO --document-number L898902C3 --reference DSAR-17 \\\n"
        "      --answers 0198... --html person.html\n"
        "  paxid privacy erase --record 0198... --ground subject_request --reference DSAR-18\n"
        "  paxid privacy deadlines");
    find = privacy->add_subcommand("find", "Who may be meant, by name or booking");
    find->add_option("--name", name, "Every word of it must occur in a booking or a document");
    find->add_option("--locator", locator, "Record locator of the booking");
    find->add_option("--flight", flight, "On this flight only, such as LH400 or DLH400");
    find->add_option("--departure-date", departure_date, "Of the flight, YYYY-MM-DD");
    find->add_option("--from", from, "Records from this day on, YYYY-MM-DD in UTC");
    find->add_option("--until", until, "Records before this day");
    find->footer(
        "Prints who may be meant; choose, after the requester has proved who he is, and give the\n"
        "reference to the other commands with --subject. Example:\n"
        "  paxid privacy find --name 'Müller Eva' --flight LH400 --departure-date 2026-11-22 \\\n"
        "      --reference DSAR-19");
    access = privacy->add_subcommand("access", "Everything on record about a person");
    access->add_option("--language", language,
                       "Of the page: en, de, fr, es, pt, it, tr, ar, zh or ja [en]");
    access->add_option("--html", html, "Write a page for the person to this file as well");
    access->add_option("--out", out, "Write the JSON to this file [standard output]");
    erase = privacy->add_subcommand("erase", "Make a person's data unreadable for ever");
    erase
        ->add_option("--ground", ground,
                     "subject_request, objection, unlawful, legal_obligation or controller")
        ->required();
    erase->add_option("--out", out, "Write the receipt, a proof file, to this file");
    rectify = privacy->add_subcommand("rectify", "Note what a person says is wrong");
    rectify->add_option("--note-file", note, "File with the note, UTF-8, at most 2,000 characters")
        ->required();
    restrict_use = privacy->add_subcommand("restrict", "Stop the use of a person's data");
    restrict_use->add_flag("--lift", lift, "Allow it again");
    hold = privacy->add_subcommand("hold", "Keep a person's data for a legal claim");
    hold->add_option("ACTION", action, "place, propose-release or release (another person)")
        ->required();
    received = privacy->add_subcommand("received", "Enter a person's request into the register");
    received->add_option("KIND", kind, "access, erasure, rectification, restriction or objection")
        ->required();
    received->add_option("--on", day, "The day it came, YYYY-MM-DD")->required();
    received->add_flag("--extended", extended, "Two months more; the person has been told");
    deadlines = privacy->add_subcommand("deadlines", "What is to be answered, and until when");
    deadlines->add_flag("--all", all, "What was answered too");
    for (CLI::App* command : {access, erase, rectify, restrict_use, hold}) {
      command->add_option("--issuer", arguments.issuer, "Of the document: ICAO code");
      command->add_option("--document-number", arguments.number, "As printed in the zone");
      command->add_option("--record", arguments.record, "Request id of one of the records");
      command->add_option("--subject", arguments.subject, "Reference in the log, 32 hex digits");
    }
    for (CLI::App* command : {find, access, erase, rectify, restrict_use, hold, received}) {
      add_reference(command, arguments.reference);
      command->add_option("--purpose", arguments.purpose,
                          "subject_request, supervision, fine_defence, claim_defence or audit "
                          "[subject_request]");
      command->add_option("--request-id", arguments.request_id,
                          "UUID; give the same one to repeat a call [a new one]");
    }
    for (CLI::App* command : {access, erase, rectify, restrict_use}) {
      command->add_option("--answers", arguments.answers, "Request id that `received` has printed");
    }
    for (CLI::App* command :
         {find, access, erase, rectify, restrict_use, hold, received, deadlines}) {
      server.add_to(command);
    }
  }

  int run_access(const sdk::Client& client, const sdk::PrivacyContext& context,
                 const sdk::SubjectSelector& subject) const {
    const auto known = messages::language_from(language);
    if (!known) return fail_usage(*access, "--language is none of the known ones");
    const auto report = client.access(context, subject);
    if (!report) return fail_unanswered(report.error(), context.request_id);
    if (!html.empty()) {
      const auto page = access_page(report->json, *known);
      if (!page) return fail(page.error());
      if (auto written = write_text(html, *page); !written) return fail(written.error());
    }
    if (out.empty()) {
      std::cout << report->json << "\n";
    } else if (auto written = write_text(out, report->json + "\n"); !written) {
      return fail(written.error());
    }
    return kOk;
  }

  int run_erase(const sdk::Client& client, const sdk::PrivacyContext& context,
                const sdk::SubjectSelector& subject) const {
    const auto known = sdk::erasure_ground_from(ground);
    if (!known) return fail_usage(*erase, "--ground is none of the known ones");
    const auto receipt = client.erase(context, subject, *known);
    if (!receipt) return fail_unanswered(receipt.error(), context.request_id);
    if (!out.empty()) {
      if (auto written = write_text(out, receipt->proof); !written) return fail(written.error());
    }
    print_json(receipt_json(*receipt));
    return kOk;
  }

  static int print_change(const sdk::PrivacyContext& context,
                          const base::Result<sdk::SubjectChange>& change) {
    if (!change) return fail_unanswered(change.error(), context.request_id);
    print_json(change_json(*change));
    return kOk;
  }

  int run_received(const sdk::Client& client, const sdk::PrivacyContext& context) const {
    const auto known = sdk::rights_request_kind_from(kind);
    if (!known) return fail_usage(*received, "KIND is none of the known ones");
    const auto opened = client.open_deadline(context, {*known, day, extended});
    if (!opened) return fail_unanswered(opened.error(), context.request_id);
    print_json(
        {{"request_id", context.request_id}, {"due", base::utc_text(opened->due_unix_seconds)}});
    return kOk;
  }

  int run_find(const sdk::Client& client, const sdk::PrivacyContext& context) const {
    sdk::SubjectSearch search{name, locator, {}, {}, departure_date, {}, {}};
    if (!read_flight(flight, search.carrier, search.flight_number) ||
        !read_day(from, search.from_unix_seconds) || !read_day(until, search.until_unix_seconds)) {
      return fail_usage(*find, "--flight, --from or --until is none");
    }
    base::ProgressLine line;
    std::uint64_t next = 0;
    std::uint64_t end = 0;
    do {
      const auto page = client.find_subjects(context, search, next, end);
      if (!page) return fail(page.error());
      for (const sdk::SubjectCandidate& one : page->candidates) {
        std::cout << candidate_json(one).dump(-1, ' ', false, json::error_handler_t::replace)
                  << "\n";
      }
      next = page->next_leaf;
      end = page->end_leaf;
      line.show(next, end, "leaves");
    } while (next < end);
    return kOk;
  }

  int run_deadlines(const sdk::Client& client) const {
    const auto list = client.deadlines(all);
    if (!list) return fail(list.error());
    std::cout << deadlines_card(*list);
    return kOk;
  }

  bool parsed() const { return group->parsed(); }

  int run() const {
    const auto context = privacy_context_from(arguments);
    if (!context) return fail_usage(*access, context.error());
    const auto client = server.connect();
    if (!client) return fail(client.error());
    if (deadlines->parsed()) return run_deadlines(*client);
    if (received->parsed()) return run_received(*client, *context);
    if (find->parsed()) return run_find(*client, *context);
    const auto subject = subject_from(arguments);
    if (!subject) return fail_usage(*access, subject.error());
    if (access->parsed()) return run_access(*client, *context, *subject);
    if (erase->parsed()) return run_erase(*client, *context, *subject);
    if (restrict_use->parsed())
      return print_change(*context, client->restrict(*context, *subject, !lift));
    if (hold->parsed()) {
      const auto known = sdk::hold_action_from(action);
      if (!known) return fail_usage(*hold, "ACTION is place, propose-release or release");
      return print_change(*context, client->hold(*context, *subject, *known));
    }
    const auto text = base::read_file(note, kMaxInputBytes);
    if (!text) return fail(text.error());
    return print_change(*context, client->rectify(*context, *subject, *text));
  }
};

}  // namespace

Run add_privacy(CLI::App& app) { return run_of<Privacy>(app); }

}  // namespace paxid::cli
