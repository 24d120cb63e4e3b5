#include "clients/cli/privacy_command.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "base/date.h"
#include "base/hex.h"
#include "clients/cli/flight_command.h"
#include "clients/cli/page.h"
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

constexpr std::string_view kStyle = R"(
section { margin-top: 2.5rem; border-top: 1px solid var(--edge); }
section h2 { margin-top: 1rem; }
article { margin: 0 0 .8rem; padding: .8rem 1rem; background: var(--card);
  border: 1px solid var(--edge); border-radius: .5rem; }
h3 { font-size: 1rem; margin: 0 0 .3rem; }
h3 time { font-weight: 400; color: var(--soft); margin-inline-end: .6rem; white-space: nowrap; }
ul { margin: .2rem 0 .6rem; padding-inline-start: 1.3rem; }
.verdict { display: inline-block; margin: .2rem 0; padding: .1rem .6rem; border-radius: 1rem;
  border: 2px solid var(--c, var(--edge)); color: var(--ink); font-weight: 600; }
.MATCH { --c: var(--match); } .REVIEW { --c: var(--review); } .MISMATCH { --c: var(--mismatch); }
.facts { grid-template-columns: minmax(0, max-content) minmax(4rem, 1fr); }
.data { margin-top: .5rem; font-size: .9rem; }
.data dl { grid-template-columns: minmax(6rem, 15rem) minmax(0, 1fr); gap: .15rem 1rem; }
.data dt.group { grid-column: 1 / -1; color: var(--ink); font-weight: 600; margin-top: .4rem; }
.data dd.group { grid-column: 1 / -1; padding-inline-start: .8rem;
  border-inline-start: 3px solid var(--grid); }
.data .one + .one { margin-top: .4rem; padding-top: .4rem; border-top: 1px dashed var(--edge); }
@media (max-width: 40rem) { .data dl { display: block; }
  .data dd { margin-bottom: .3rem; padding-inline-start: .8rem; } }
@media print { article, h2, h3 { break-inside: avoid; break-after: avoid; } }
)";

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

// Fields of which the values are words of the catalogues.
constexpr std::array kWordFields =
    std::to_array<std::pair<std::string_view, std::string_view>>({{"action", "ACTION_"},
                                                                  {"assurance", "ASSURANCE_"},
                                                                  {"body_state", "BODY_"},
                                                                  {"capture_method", "CAPTURE_"},
                                                                  {"channel", "CHANNEL_"},
                                                                  {"decided_by", "DECIDED_BY_"},
                                                                  {"event", "EVENT_"},
                                                                  {"evidence", "EVIDENCE_"},
                                                                  {"ground", "GROUND_"},
                                                                  {"kind", "RIGHT_"},
                                                                  {"purpose", "PURPOSE_"},
                                                                  {"reason", "ACCEPTED_FOR_"},
                                                                  {"recipient", "RECIPIENT_"},
                                                                  {"retention_class", "RETENTION_"},
                                                                  {"role", "ROLE_"},
                                                                  {"severity", "SEVERITY_"},
                                                                  {"source", "SOURCE_"},
                                                                  {"type", "TYPE_"},
                                                                  {"verdict", "VERDICT_"}});

// "birth_date" as "Date of birth"; a name that the catalogues do not know, without its dress.
std::string label_html(const std::string& field, messages::Language language) {
  const std::string label = word_html("FIELD_", field, language);
  if (label != field) return label;
  std::string words = html_text(field);
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

// "2026-11-22T12:00:00Z" as "2026-11-22 12:00:00 UTC"; every other text as it is.
std::string readable_time(std::string text) {
  constexpr std::string_view kForm = "0000-00-00T00:00:00Z";
  const auto same = [](char form, char c) {
    return form == '0' ? c >= '0' && c <= '9' : form == c;
  };
  if (!std::ranges::equal(kForm, text, same)) return text;
  text[10] = ' ';
  return text.substr(0, 19) + " UTC";
}

// A number, a text, a yes or no, found under `field`.
std::string scalar_html(const json& value, std::string_view field, messages::Language language) {
  if (value.is_boolean()) return said(value.get<bool>() ? "WORD_YES" : "WORD_NO", language);
  const std::string text = plain(value);
  const auto words =
      std::ranges::find(kWordFields, field, [](const auto& one) { return one.first; });
  if (words != kWordFields.end()) return word_html(words->second, text, language);
  return "<bdi>" + html_text(readable_time(text)) + "</bdi>";
}

// The sentence of a reason in the reader's language. Records hold the English one: that of a rule
// has the code as its key, that of two parts of names the code behind "NAME_". One with arguments
// stays.
std::string reason_html(const json& reason, messages::Language language) {
  const std::string text = plain_at(reason, "text");
  const std::string code = plain_at(reason, "code");
  if (text.empty()) return {};  // left out
  for (const std::string& key : {code, "NAME_" + code}) {
    if (messages::pattern_of(key, messages::Language::kEnglish) == text) return said(key, language);
  }
  // The sentence of another release.
  const std::string_view pattern = messages::pattern_of(code, language);
  const bool is_plain = !pattern.empty() && pattern.find('{') == std::string_view::npos;
  return is_plain ? said(code, language) : html_text(text);
}

// Any JSON, found under `field`, as lists of labels and values; the depth is that of the bodies,
// which this program's server wrote.
constexpr int kMaxDepth = 12;
std::string object_html(const json& object, messages::Language language, int depth);

std::string value_html(const json& value, std::string_view field, messages::Language language,
                       int depth) {
  if (value.is_primitive()) return scalar_html(value, field, language);
  if (value.empty()) return "<i>" + said("ACCESS_NONE", language) + "</i>";
  if (depth > kMaxDepth) return "<bdi>" + html_text(plain(value)) + "</bdi>";
  if (value.is_object()) return object_html(value, language, depth);
  std::string html;
  const bool is_short =
      std::ranges::all_of(value, [](const json& one) { return one.is_primitive(); });
  for (const json& one : value) {
    const std::string shown = value_html(one, field, language, depth + 1);
    html +=
        is_short ? (html.empty() ? "" : ", ") + shown : "<div class=\"one\">" + shown + "</div>";
  }
  return html;
}

std::string object_html(const json& object, messages::Language language, int depth) {
  std::string html;
  for (const auto& [key, value] : object.items()) {
    // What has labels of its own stands below its label, not beside it.
    const bool is_group =
        !value.empty() &&
        (value.is_object() || (value.is_array() && std::ranges::any_of(value, [](const json& one) {
                                 return one.is_structured();
                               })));
    const char* kind = is_group ? " class=\"group\"" : "";
    const bool is_sentence = key == "text" && object.contains("code");
    html += "<dt" + std::string(kind) + ">" + label_html(key, language) + "</dt><dd" + kind + ">" +
            (is_sentence ? "<bdi>" + reason_html(object, language) + "</bdi>"
                         : value_html(value, key, language, depth + 1)) +
            "</dd>";
  }
  return "<dl>" + html + "</dl>";
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
    html += "<dt>" + word_html(prefix, word, language) + "</dt><dd>" + value(one) + "</dd>";
  }
  if (!html.empty()) html = "<dl class=\"facts\">" + html + "</dl>";
  return section(key, or_none(html, language), language);
}

std::string looks_section(const json& report, messages::Language language) {
  std::string html;
  for (const json& look : report.value("looks", json::array())) {
    html += "<li><bdi>" + html_text(readable_time(plain_at(look, "time"))) + "</bdi> &#8211; " +
            word_html("PURPOSE_", plain_at(look, "purpose"), language) + " (" +
            html_text(plain_at(look, "reference")) + ", " +
            word_html("ROLE_", plain_at(look, "role"), language) + ")</li>";
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

// A verdict and why.
std::string answer_html(const json& answer, messages::Language language) {
  const std::string verdict = plain_at(answer, "verdict");
  std::string html = "<span class=\"verdict " + html_text(verdict) + "\">" +
                     said("VERDICT_" + verdict, language) + "</span><ul>";
  std::set<std::string> shown;
  for (const json& reason : answer.value("reasons", json::array())) {
    const std::string text = reason_html(reason, language);
    if (text.empty() || !shown.insert(text).second) continue;
    html += "<li><bdi>" + text + "</bdi></li>";
  }
  return html + "</ul>";
}

std::string records_html(const json& records, messages::Language language) {
  std::string html;
  for (const json& record : records) {
    if (!record.is_object()) continue;
    html += "<article><h3><time><bdi>" + html_text(readable_time(plain_at(record, "time"))) +
            "</bdi></time> " + word_html("TYPE_", plain_at(record, "type"), language) + "</h3>";
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
    html += "<details><summary>" + said("ACCESS_ALL_DATA", language) +
            "</summary><div class=\"data\">" + object_html(record, language, 0) +
            "</div></details></article>";
  }
  return html.empty() ? "<i>" + said("ACCESS_NONE", language) + "</i>" : html;
}

}  // namespace

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
  const base::Message written{
      "ACCESS_WRITTEN",
      {{"time", base::PersonalText(readable_time(plain_at(report, "written")))},
       {"log", base::PersonalText(plain_at(report, "log_origin"))}},
      {}};
  std::string html = "<p>" + html_text(messages::render(written, language)) + "</p><p>" +
                     said("ACCESS_AUTOMATED", language) + "</p>\n";
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
  return html_page(said("ACCESS_TITLE", language), kStyle, html, language);
}

}  // namespace paxid::cli
