#include "clients/cli/page.h"

namespace paxid::cli {
namespace {

constexpr std::string_view kStyle = R"(
:root { color-scheme: light dark; --paper: #fbfbf9; --card: #fff; --ink: #1b1f24; --soft: #59626d;
  --grid: #e3e5e8; --edge: #d3d7dc; --match: #3b7f5c; --review: #d99a1c; --mismatch: #b3402e; }
@media (prefers-color-scheme: dark) { :root { --paper: #14171b; --card: #1c2026; --ink: #e8eaed;
  --soft: #a3acb8; --grid: #2e343c; --edge: #3a414a; --match: #6cbd93; --review: #e8b64c;
  --mismatch: #ef8272; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .75rem; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .6rem; }
p { max-width: 46rem; color: var(--soft); margin: .3rem 0 .8rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
summary { cursor: pointer; color: var(--soft); }
@media print { body { background: none; } }
)";

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

std::string said(std::string_view key, messages::Language language) {
  return html_text(messages::text_of(key, language));
}

std::string html_page(const std::string& title, std::string_view style, const std::string& content,
                      messages::Language language) {
  return "<!DOCTYPE html>\n<html lang=\"" + std::string(messages::tag_of(language)) + "\" dir=\"" +
         (messages::is_right_to_left(language) ? "rtl" : "ltr") +
         "\"><head><meta charset=\"utf-8\">"
         "<meta name=\"viewport\" content=\"width=device-width\">"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
         "'unsafe-inline'\"><title>" +
         title + "</title><style>" + std::string(kStyle) + std::string(style) +
         "</style></head><body><main><h1>" + title + "</h1>\n" + content +
         "\n</main></body></html>\n";
}

}  // namespace paxid::cli
