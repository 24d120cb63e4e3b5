// paxid-audit-verify: says whether an export is what it says. No network, no configuration.
#include <cstdio>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "audit/file.h"
#include "audit/note.h"
#include "clients/verifier/verify_export.h"

namespace {

using namespace paxid;

constexpr int kOk = 0;
constexpr int kUsage = 2;
constexpr std::size_t kMaxKeyFile = 64 * 1024;

constexpr const char* kHelp =
    "usage: paxid-audit-verify DIRECTORY --vkey KEY\n"
    "\n"
    "Checks an export of a log, offline. KEY is the log's verifier key, or a file with one; it "
    "must\n"
    "come from the log's operator by another way than the export.\n"
    "\n"
    "Proven when the status is 0: the leaves are those of the signed log between the first and\n"
    "the last one, none left out, changed or reordered; every body in the clear is the one that "
    "was\n"
    "recorded; the files are those that were sealed.\n"
    "Not proven: pseudonymous texts (no hash covers a part of a body), the selection of bodies by\n"
    "fields that are sealed, what happened and was never recorded, and that nobody was shown "
    "another\n"
    "log under the same key.\n"
    "\n"
    "Status 0: all right; 2: wrong usage;\n"
    "10 MANIFEST_UNREADABLE   11 FILE_CHANGED      12 SEAL_UNREADABLE   13 KEY_UNKNOWN\n"
    "14 SEAL_NOT_IN_LOG       15 MANIFEST_CHANGED  16 RECORD_UNREADABLE 17 RECORD_MISSING\n"
    "18 TIME_BACKWARDS        19 LEAVES_NOT_IN_LOG 20 BODY_CHANGED      21 BODY_TEXT_CHANGED\n"
    "22 BODY_MISSING          23 BODY_CONTRADICTS_LEAF\n";

std::vector<audit::VerifierKey> keys_from(const std::string& given) {
  std::string text = given;
  if (const auto file = audit::read_file(given, kMaxKeyFile)) text = *file;
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  std::vector<audit::VerifierKey> keys;
  if (auto key = audit::parse_vkey(text)) keys.push_back(*std::move(key));
  return keys;
}

void print(const verifier::ExportReport& report) {
  std::cout << "log        " << report.origin << "\n"
            << "profile    " << report.profile << "\n"
            << "leaves     " << report.first_leaf << " to " << report.end_leaf << " of "
            << report.tree_size << "\n";
  if (report.finding) {
    std::cout << "NOT PROVEN " << verifier::name_of(report.finding->defect) << ": "
              << report.finding->file;
    if (report.finding->leaf) std::cout << ", leaf " << *report.finding->leaf;
    std::cout << ": " << report.finding->message << "\n";
    return;
  }
  std::cout << "PROVEN     every leaf of the range stands in the signed log, and the files are "
               "those that were sealed\n"
            << "proven     " << report.bodies_proven << " bodies\n"
            << "not proven " << report.bodies_unproven << " pseudonymous bodies, "
            << report.bodies_withheld << " withheld, " << report.bodies_gone << " gone ("
            << report.bodies_gone_unexplained << " of them without an erasure in this export)\n";
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.size() == 1 && (arguments[0] == "--help" || arguments[0] == "-h")) {
    std::cout << kHelp;
    return kOk;
  }
  if (arguments.size() != 3 || arguments[1] != "--vkey") {
    std::cerr << kHelp;
    return kUsage;
  }
  const auto keys = keys_from(arguments[2]);
  if (keys.empty()) {
    std::cerr << "--vkey is neither a verifier key nor a file with one\n";
    return kUsage;
  }
  const verifier::ExportReport report = verifier::verify_export(arguments[0], keys);
  print(report);
  return report.finding ? static_cast<int>(report.finding->defect) : kOk;
}
