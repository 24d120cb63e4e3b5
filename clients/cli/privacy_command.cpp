#include "clients/cli/privacy_command.h"

#include <algorithm>
#include <utility>

#include "base/date.h"
#include "base/hex.h"
#include "clients/cli/flight_command.h"
#include "clients/cli/record_reference.h"

namespace paxid::cli {
namespace {

using nlohmann::json;

tl::unexpected<base::Error> wrong(std::string message, std::string option) {
  return base::fail(base::ErrorCode::kInvalidArgument, std::move(message), std::move(option));
}

// A value without its JSON dress.
std::string plain(const json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string plain_at(const json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() ? std::string() : plain(*found);
}

// "birth_date" as "Birth date".
std::string title_of(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  if (!name.empty() && name[0] >= 'a' && name[0] <= 'z') name[0] = static_cast<char>(name[0] - 32);
  return name;
}

// Any JSON as nested tables; the depth is that of the bodies, which this program's server wrote.
constexpr int kMaxDepth = 12;
std::string value_html(const json& value, int depth = 0) {
  if (depth > kMaxDepth || value.is_primitive()) return html_text(plain(value));
  std::string html;
  if (value.is_array()) {
    if (value.empty()) return "<i>none</i>";
    html = "<ol>";
    for (const json& one : value) html += "<li>" + value_html(one, depth + 1) + "</li>";
    return html + "</ol>";
  }
  html = "<table>";
  for (const auto& [key, one] : value.items()) {
    html += "<tr><th scope=\"row\">" + html_text(title_of(key)) + "</th><td>" +
            value_html(one, depth + 1) + "</td></tr>";
  }
  return html + "</table>";
}

constexpr std::string_view kStyle =
    "body{font:16px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#111}"
    "table{border-collapse:collapse;margin:.3em 0}th,td{border:1px solid #bbb;padding:.2em .6em;"
    "text-align:start;vertical-align:top}th{background:#f2f2f2;font-weight:600}"
    "section{border-top:2px solid #444;margin-top:2em}ol,ul{margin:.2em "
    "0;padding-inline-start:1.5em}";

std::string said(std::string_view key, messages::Language language) {
  return html_text(messages::text_of(key, language));
}

std::string section(std::string_view key, const std::string& content, messages::Language language) {
  return "<section><h2>" + said(key, language) + "</h2>" + content + "</section>\n";
}

// A word of the report, such as `boarding_check`, in the reader's language; as it is when the
// catalogues do not know it.
std::string word_html(std::string_view prefix, const std::string& word,
                      messages::Language language) {
  std::string key(prefix);
  for (const char c : word) key += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return messages::pattern_of(key, language).empty() ? html_text(word) : said(key, language);
}

std::string or_none(const std::string& html, messages::Language language) {
  return html.empty() ? "<i>" + said("ACCESS_NONE", language) + "</i>" : html;
}

// A list of words.
std::string words_section(const json& report, const char* part, std::string_view prefix,
                          std::string_view key, messages::Language language) {
  std::string html;
  for (const json& word : report.value(part, json::array())) {
    html += "<li>" + word_html(prefix, plain(word), language) + "</li>";
  }
  if (!html.empty()) html = "<ul>" + html + "</ul>";
  return section(key, or_none(html, language), language);
}

// A table of words and of what `value` makes of what stands there.
template <class Value>
std::string table_section(const json& report, const char* part, std::string_view prefix,
                          std::string_view key, messages::Language language, Value value) {
  std::string html;
  const json table = report.value(part, json::object());
  for (const auto& [word, one] : table.items()) {
    html += "<tr><th scope=\"row\">" + word_html(prefix, word, language) + "</th><td>" +
            value(one) + "</td></tr>";
  }
  if (!html.empty()) html = "<table>" + html + "</table>";
  return section(key, or_none(html, language), language);
}

std::string looks_section(const json& report, messages::Language language) {
  std::string html;
  for (const json& look : report.value("looks", json::array())) {
    html += "<li>" + html_text(plain_at(look, "time")) + " &#8211; " +
            word_html("PURPOSE_", plain_at(look, "purpose"), language) + " (" +
            html_text(plain_at(look, "reference")) + ", " + html_text(plain_at(look, "role")) +
            ")</li>";
  }
  if (!html.empty()) html = "<ul>" + html + "</ul>";
  return section("ACCESS_LOOKS", or_none(html, language), language);
}

// "72 hours" as days; what is none of that form as it stands.
std::string days_html(const json& period) {
  const std::string text = plain(period);
  const std::size_t end = text.find(" hours");
  if (end == std::string::npos || end == 0 || end > 9 ||
      text.find_first_not_of("0123456789") != end) {
    return html_text(text);
  }
  const int hours = std::stoi(text.substr(0, end));
  return hours % 24 == 0 ? std::to_string(hours / 24) : html_text(text);
}

// A verdict and its sentence; reasons stand by their code, so that they can be said in any
// language, while the stored sentence is English.
std::string answer_html(const json& answer, messages::Language language) {
  std::string html =
      "<p><b>" + said("VERDICT_" + plain_at(answer, "verdict"), language) + "</b></p><ul>";
  for (const json& reason : answer.value("reasons", json::array())) {
    const std::string code = plain_at(reason, "code");
    const std::string_view pattern = messages::pattern_of(code, language);
    const bool plain = !pattern.empty() && pattern.find('{') == std::string_view::npos;
    const std::string text = plain ? messages::text_of(code, language) : plain_at(reason, "text");
    if (!text.empty()) html += "<li><bdi>" + html_text(text) + "</bdi></li>";
  }
  return html + "</ul>";
}

std::string records_html(const json& records, messages::Language language) {
  std::string html;
  for (const json& record : records) {
    if (!record.is_object()) continue;
    html += "<h3>" + html_text(plain_at(record, "time")) + " &#8211; " +
            word_html("TYPE_", plain_at(record, "type"), language) + "</h3>";
    const json body = record.value("body", json::object());
    const json answer = body.is_object() ? body.value("answer", json::object()) : json::object();
    if (answer.is_object() &&
        !messages::pattern_of("VERDICT_" + plain_at(answer, "verdict"), language).empty()) {
      html += answer_html(answer, language);
    }
    const std::string state = plain_at(record, "body_state");
    for (const auto& [known, key] :
         {std::pair<std::string_view, std::string_view>{"gone", "ACCESS_GONE"},
          {"unreadable", "ACCESS_UNREADABLE"},
          {"redacted", "ACCESS_REDACTED"}}) {
      if (state == known) html += "<p>" + said(key, language) + "</p>";
    }
    html += "<details><summary>" + said("ACCESS_ALL_DATA", language) + "</summary>" +
            value_html(record) + "</details>";
  }
  return html.empty() ? "<i>" + said("ACCESS_NONE", language) + "</i>" : html;
}

}  // namespace

std::string html_text(std::string_view text) {
  std::string html;
  for (const char c : text) {
    switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      case '\'':
        html += "&#39;";
        break;
      default:
        html += c;
    }
  }
  return html;
}

base::Result<sdk::PrivacyContext> privacy_context_from(const PrivacyArguments& arguments) {
  sdk::PrivacyContext context;
  context.request_id = arguments.request_id.empty() ? sdk::new_request_id() : arguments.request_id;
  const auto purpose = sdk::look_purpose_from(arguments.purpose);
  if (!purpose) {
    return wrong("must be subject_request, supervision, fine_defence, claim_defence or audit",
                 "--purpose");
  }
  context.purpose = *purpose;
  context.reference = arguments.reference;
  context.answers_request_id = arguments.answers;
  return context;
}

base::Result<sdk::SubjectSelector> subject_from(const PrivacyArguments& arguments) {
  const int ways = static_cast<int>(!arguments.number.empty()) +
                   static_cast<int>(!arguments.record.empty()) +
                   static_cast<int>(!arguments.subject.empty());
  if (ways != 1) return wrong("give one of --document-number, --record, --subject", "--subject");
  if (!arguments.number.empty()) {
    return sdk::DocumentSelector{arguments.issuer, arguments.number};
  }
  if (!arguments.record.empty()) return sdk::RecordSelector{arguments.record};
  const auto bytes = base::from_hex(arguments.subject);
  audit::Id16 ref{};
  if (!bytes || bytes->size() != ref.size())
    return wrong("is no 32 hexadecimal digits", "--subject");
  std::copy(bytes->begin(), bytes->end(), ref.begin());
  return ref;
}

json receipt_json(const sdk::ErasureReceipt& receipt) {
  return {{"record", record_json(receipt.record)},
          {"subject_ref", base::to_hex(receipt.subject_ref)},
          {"erased_records", receipt.erased_records},
          {"receipt", receipt.proof}};
}

json change_json(const sdk::SubjectChange& change) {
  return {{"record", record_json(change.record)},
          {"subject_ref", base::to_hex(change.subject_ref)}};
}

json deadlines_json(const std::vector<sdk::RightsDeadline>& deadlines) {
  json list = json::array();
  for (const sdk::RightsDeadline& one : deadlines) {
    json row{{"request_id", one.request_id},
             {"received", base::utc_text(one.received_unix_seconds)},
             {"due", base::utc_text(one.due_unix_seconds)},
             {"warning", one.warning}};
    if (one.closed_by_leaf) row["closed_by_leaf"] = *one.closed_by_leaf;
    list.push_back(std::move(row));
  }
  return list;
}

std::string deadlines_card(const std::vector<sdk::RightsDeadline>& deadlines) {
  if (deadlines.empty()) return "no open requests\n";
  std::string card;
  for (const sdk::RightsDeadline& one : deadlines) {
    card += one.request_id + "  due " + base::utc_text(one.due_unix_seconds) +
            (one.closed_by_leaf ? "  answered"
             : one.warning      ? "  DUE SOON"
                                : "") +
            "\n";
  }
  return card;
}

json candidate_json(const sdk::SubjectCandidate& candidate) {
  return {{"subject_ref", base::to_hex(candidate.subject_ref)},
          {"record", candidate.record_request_id},
          {"time", base::utc_text(candidate.unix_seconds)},
          {"flight", candidate.flight},
          {"booked_name", candidate.booked_name},
          {"document_name", candidate.document_name},
          {"locator", candidate.locator},
          {"birth_date", candidate.birth_date}};
}

base::Result<std::string> access_page(const std::string& report_json, messages::Language language) {
  const json report = json::parse(report_json, nullptr, /*allow_exceptions=*/false);
  if (!report.is_object() || !report.contains("records")) {
    return base::fail(base::ErrorCode::kInvalidArgument, "is no report about a person");
  }
  const std::string title = said("ACCESS_TITLE", language);
  const base::Message written{"ACCESS_WRITTEN",
                              {{"time", base::PersonalText(plain_at(report, "written"))},
                               {"log", base::PersonalText(plain_at(report, "log_origin"))}},
                              {}};
  std::string html = "<!DOCTYPE html>\n<html lang=\"" + std::string(messages::tag_of(language)) +
                     "\" dir=\"" + (messages::is_right_to_left(language) ? "rtl" : "ltr") +
                     "\"><head><meta charset=\"utf-8\">"
                     "<meta name=\"viewport\" content=\"width=device-width\">"
                     "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                     "style-src 'unsafe-inline'\"><title>" +
                     title + "</title><style>" + std::string(kStyle) + "</style></head><body><h1>" +
                     title + "</h1><p>" + html_text(messages::render(written, language)) +
                     "</p><p>" + said("ACCESS_AUTOMATED", language) + "</p>\n";
  html += table_section(report, "state", "STATE_", "ACCESS_STATE", language, [&](const json& is) {
    return is.is_boolean() ? said(is.get<bool>() ? "WORD_YES" : "WORD_NO", language)
                           : html_text(plain(is));
  });
  html += section("ACCESS_RECORDS", records_html(report.at("records"), language), language);
  html += words_section(report, "purposes", "PURPOSE_", "ACCESS_PURPOSES", language);
  html += words_section(report, "recipients", "RECIPIENT_", "ACCESS_RECIPIENTS", language);
  html += words_section(report, "sources", "SOURCE_", "ACCESS_SOURCES", language);
  html += table_section(report, "retention", "RETENTION_", "ACCESS_RETENTION", language, days_html);
  html += looks_section(report, language);
  html += section("ACCESS_RIGHTS", "<p>" + said("ACCESS_RIGHTS_TEXT", language) + "</p>", language);
  return html + "</body></html>\n";
}

}  // namespace paxid::cli
