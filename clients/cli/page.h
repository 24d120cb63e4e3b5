#pragma once

#include <string>
#include <string_view>

#include "messages/catalogue.h"

// What the pages for people have in common: one file without scripts and without anything from
// elsewhere, light or dark as the reader's system is, for a telephone, a screen reader and paper.
namespace paxid::cli {

// Plain text, for between tags and in quoted attributes.
std::string html_text(std::string_view text);

// The text of a message without arguments, as html_text() makes it.
std::string said(std::string_view key, messages::Language language);

// A whole page. `title` and `content` are HTML, `style` is CSS that comes after the common one.
std::string html_page(const std::string& title, std::string_view style, const std::string& content,
                      messages::Language language);

}  // namespace paxid::cli
