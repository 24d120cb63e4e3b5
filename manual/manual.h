#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>

// The manual page and the shell completion of a program, made from the command line that it
// parses: an option is described once. Pure but for add_to(); thread-safe for different programs.
namespace paxid::manual {

// Sections of the manual, man-pages(7).
enum class Section { kUserCommands = 1, kAdministration = 8 };

// A page for man(1): roff with the macros of man(7), UTF-8, with a section for every subcommand
// that is not hidden (CLI11 hides what has an empty group). The same for the same program, whatever
// the day. Requires a name of the program.
std::string man_page(const CLI::App& program, std::string_view version, Section section);

// A script for bash-completion: subcommands and options of the subcommand that stands before the
// cursor, else files. Requires a name of the program.
std::string bash_completion(const CLI::App& program);

// Adds the hidden options --print-man-page and --print-completion, which print the above and end
// with status 0. `program` must outlive its parse.
void add_to(CLI::App& program, std::string version, Section section);

}  // namespace paxid::manual
