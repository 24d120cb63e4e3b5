#include "tests/mrz/contract.h"

#include "base/date.h"
#include "mrz/layout.h"
#include "mrz/plain.h"
#include "mrz/writer.h"
#include "mrz/zone.h"

namespace paxid::mrz {
namespace {

constexpr base::Date kReference{std::chrono::year{2026}, std::chrono::November,
                                std::chrono::day{22}};

bool is_plain(std::string_view text) {
  return text.find('<') == std::string_view::npos &&
         (text.empty() || (text.front() != ' ' && text.back() != ' '));
}

std::string broken_finding(const Finding& finding) {
  if (finding.line > kMaxLines || finding.column > kMaxWidth) return "a finding lies outside";
  for (std::string_view text : {finding.expected.view(), finding.found.view()}) {
    for (char c : text) {
      if (c < ' ' || c > '~') return "a finding quotes what is not printable";
    }
  }
  return "";
}

std::string broken_document(const Document& document) {
  for (std::string_view text :
       {document.document_code.view(), document.issuer.view(), document.surname.view(),
        document.given_names.view(), document.document_number.view(), document.nationality.view(),
        document.optional1.view(), document.optional2.view()}) {
    if (!is_plain(text)) return "a field keeps fillers or outer blanks";
  }
  return "";
}

// What can be written from a reading in order is read back in order.
std::string broken_writing(const Reading& reading) {
  const auto written = write(content_of(reading.format, reading.document));
  if (!written) return "";
  const Reading again = read(written->text(), {kReference, false});
  if (!again.ok || again.format != reading.format) return "what is written is not in order";
  if (!(again.document.document_number == reading.document.document_number)) {
    return "writing changes the number";
  }
  return "";
}

// The short way of reading answers as the long one does.
std::string broken_short_way(std::string_view raw, bool strict) {
  const ReadOptions options{kReference, strict};
  Reading reading;
  if (!read_plain(raw, options, reading) || reading == read_by_stages(raw, options)) return "";
  return "the short way differs";
}

}  // namespace

std::string broken_promise(std::string_view raw) {
  const Reading reading = read(raw, {kReference, false});
  if (reading.ok == reading.findings.has_error()) return "ok is not the absence of errors";
  if (reading.ok && reading.ok_repaired) return "in order and mended at once";
  if (reading.ok_repaired && !reading.findings.has(FindingCode::kRepairedCell)) {
    return "mended without saying so";
  }
  if (reading.ok && reading.format == Format::kNone) return "in order without a format";
  for (const Finding& finding : reading.findings) {
    if (auto broken = broken_finding(finding); !broken.empty()) return broken;
  }
  if (auto broken = broken_document(reading.document); !broken.empty()) return broken;
  for (const bool strict : {false, true}) {
    if (auto broken = broken_short_way(raw, strict); !broken.empty()) return broken;
  }
  const Reading strict = read(raw, {kReference, true});
  if (strict.ok && !reading.ok) return "strict is laxer";
  if (strict.ok && !(strict.document == reading.document)) return "strict reads other fields";
  return reading.ok ? broken_writing(reading) : "";
}

}  // namespace paxid::mrz
