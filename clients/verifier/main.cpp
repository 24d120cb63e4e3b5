// paxid-audit-verify: says whether an export or a proof is what it says. No network, no
// configuration.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "audit/file.h"
#include "audit/note.h"
#include "clients/verifier/verify_export.h"
#include "manual/manual.h"

namespace {

using namespace paxid;
using nlohmann::json;

constexpr int kOk = 0;
constexpr int kUsage = 2;
constexpr std::size_t kMaxKeyFile = 64 * 1024;

constexpr const char* kFooter =
    "Proven when the status is 0: the leaves are those of the signed log between the first and\n"
    "the last one, none left out, changed or reordered; every body in the clear is the one that\n"
    "was recorded; the files are those that were sealed.\n"
    "Not proven: texts without names or without other persons (no hash covers a part of a body),\n"
    "the selection of bodies by fields that are sealed, what happened and was never recorded, and\n"
    "that nobody was shown another log under the same key: for that keep checkpoints\n"
    "(--checkpoint) or ask for witnesses (--witness).\n"
    "\n"
    "Exit status: 0 proven, 2 wrong usage, or the number of the first defect:\n"
    "10 MANIFEST_UNREADABLE   11 FILE_CHANGED      12 SEAL_UNREADABLE   13 KEY_UNKNOWN\n"
    "14 SEAL_NOT_IN_LOG       15 MANIFEST_CHANGED  16 RECORD_UNREADABLE 17 RECORD_MISSING\n"
    "18 TIME_BACKWARDS        19 LEAVES_NOT_IN_LOG 20 BODY_CHANGED      21 BODY_TEXT_CHANGED\n"
    "22 BODY_MISSING          23 BODY_CONTRADICTS_LEAF                  24 FORKED\n"
    "25 NOT_WITNESSED         26 COSIGNATURE_WRONG 27 CHECKPOINT_UNUSABLE\n"
    "\n"
    "Examples:\n"
    "  paxid-audit-verify november --vkey demo.vkey\n"
    "  paxid-audit-verify november --vkey demo.vkey --checkpoint october.checkpoint\n"
    "  paxid-audit-verify record-0.proof --vkey demo.vkey --witness w1.vkey --witness w2.vkey";

struct Arguments {
  std::string subject;
  std::string vkey;
  std::string checkpoint;
  std::vector<std::string> witnesses;
  std::optional<std::size_t> needed;
  bool as_json = false;
};

// The text of a file of that name, else the argument itself.
std::string file_or_text(const std::string& given) {
  const auto file = audit::read_file(given, kMaxKeyFile);
  return file ? *file : given;
}

base::Result<verifier::Trust> trust_from(const Arguments& arguments) {
  verifier::Trust trust;
  std::string text = file_or_text(arguments.vkey);
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  auto key = audit::parse_vkey(text);
  if (!key) return tl::unexpected(key.error());
  trust.log_keys.push_back(*std::move(key));
  for (const std::string& given : arguments.witnesses) {
    auto keys = audit::parse_witness_vkeys(file_or_text(given));
    if (!keys) return tl::unexpected(keys.error());
    trust.witnesses.insert(trust.witnesses.end(), keys->begin(), keys->end());
  }
  trust.witnesses_needed = arguments.needed.value_or(trust.witnesses.size());
  if (!arguments.checkpoint.empty()) {
    auto note = audit::read_file(arguments.checkpoint, audit::kMaxNoteBytes);
    if (!note) return tl::unexpected(note.error());
    trust.earlier_checkpoint = *std::move(note);
  }
  return trust;
}

json report_json(const verifier::ExportReport& report) {
  json to{{"proven", !report.finding},
          {"log_origin", report.origin},
          {"profile", report.profile},
          {"first_leaf", report.first_leaf},
          {"end_leaf", report.end_leaf},
          {"tree_size", report.tree_size},
          {"witnesses", report.witnesses},
          {"earlier_checkpoint_agrees", report.earlier_agrees},
          {"bodies_proven", report.bodies_proven},
          {"bodies_without_names", report.bodies_unproven},
          {"bodies_redacted", report.bodies_redacted},
          {"bodies_withheld", report.bodies_withheld},
          {"bodies_gone", report.bodies_gone},
          {"bodies_gone_unexplained", report.bodies_gone_unexplained}};
  if (report.finding) {
    to["defect"] = verifier::name_of(report.finding->defect);
    to["status"] = static_cast<int>(report.finding->defect);
    to["file"] = report.finding->file;
    to["message"] = report.finding->message;
    if (report.finding->leaf) to["leaf"] = *report.finding->leaf;
  }
  return to;
}

void print(const verifier::ExportReport& report, bool is_export) {
  std::cout << "log        " << report.origin << "\n";
  if (is_export) std::cout << "profile    " << report.profile << "\n";
  std::cout << "leaves     " << report.first_leaf << " to " << report.end_leaf << " of "
            << report.tree_size << "\n";
  if (report.finding) {
    std::cout << "NOT PROVEN " << verifier::name_of(report.finding->defect) << ": "
              << report.finding->file;
    if (report.finding->leaf) std::cout << ", leaf " << *report.finding->leaf;
    std::cout << ": " << report.finding->message << "\n";
    return;
  }
  if (report.witnesses > 0) {
    std::cout << "witnesses  " << report.witnesses << " have signed this tree\n";
  }
  if (report.earlier_agrees) std::cout << "earlier    the log grew from the checkpoint given\n";
  if (!is_export) {
    std::cout << "PROVEN     the leaf stands in the signed log\n";
    return;
  }
  std::cout << "PROVEN     every leaf of the range stands in the signed log, and the files are "
               "those that were sealed\n"
            << "proven     " << report.bodies_proven << " bodies\n"
            << "not proven " << report.bodies_unproven << " bodies without names, "
            << report.bodies_redacted << " without other persons, " << report.bodies_withheld
            << " withheld, " << report.bodies_gone << " gone (" << report.bodies_gone_unexplained
            << " of them without an erasure in this export)\n";
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Checks an export of a log, or a proof of one of its records, offline.",
               "paxid-audit-verify"};
  Arguments arguments;
  app.add_option("EXPORT", arguments.subject, "Directory of an export, or a proof file")
      ->required();
  app.add_option("--vkey", arguments.vkey,
                 "The log's verifier key, or a file with it; it must come from the log's operator\n"
                 "by another way than the export")
      ->required();
  app.add_option("--checkpoint", arguments.checkpoint,
                 "A checkpoint kept from before: the leaves must lead to it");
  app.add_option("--witness", arguments.witnesses,
                 "A witness's verifier key, or a file with some; may be given several times");
  app.add_option("--witnesses-needed", arguments.needed, "How many must have signed [all given]");
  app.add_flag("--json", arguments.as_json, "Print the report as JSON");
  app.set_version_flag("--version", PAXID_VERSION);
  manual::add_to(app, PAXID_VERSION, manual::Section::kUserCommands);
  app.footer(kFooter);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kOk : kUsage;
  }
  const auto trust = trust_from(arguments);
  if (!trust) {
    std::cerr << "error: a key, witness or checkpoint is none: " << trust.error().message
              << "\nSee: paxid-audit-verify --help\n";
    return kUsage;
  }
  std::error_code ignored;
  const bool is_proof = std::filesystem::is_regular_file(arguments.subject, ignored);
  const verifier::ExportReport report = is_proof
                                            ? verifier::verify_proof(arguments.subject, *trust)
                                            : verifier::verify_export(arguments.subject, *trust);
  if (arguments.as_json) {
    std::cout << report_json(report).dump(2) << "\n";
  } else {
    print(report, !is_proof);
  }
  return report.finding ? static_cast<int>(report.finding->defect) : kOk;
}
