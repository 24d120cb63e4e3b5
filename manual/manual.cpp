#include "manual/manual.h"

#include <algorithm>
#include <cctype>
#include <iostream>
#include <utility>
#include <vector>

namespace paxid::manual {
namespace {

std::vector<const CLI::App*> shown_commands(const CLI::App& command) {
  return command.get_subcommands([](const CLI::App* one) { return !one->get_group().empty(); });
}

std::vector<const CLI::Option*> shown_options(const CLI::App& command) {
  return command.get_options([](const CLI::Option* one) { return !one->get_group().empty(); });
}

bool is_positional(const CLI::Option& option) {
  return option.get_snames().empty() && option.get_lnames().empty();
}

// A backslash is roff's escape, a hyphen its soft one.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return out;
}

// Lines of text; one that begins like a request is kept from being one.
std::string lines(std::string_view text) {
  std::string out;
  bool starts = true;
  for (const char c : escaped(text)) {
    if (starts && (c == '.' || c == '\'')) out += "\\&";
    out += c;
    starts = c == '\n';
  }
  if (!out.empty() && out.back() != '\n') out += '\n';
  return out;
}

// As it was laid out, with its examples in columns.
std::string verbatim(std::string_view text) {
  return text.empty() ? std::string() : ".PP\n.nf\n" + lines(text) + ".fi\n";
}

std::string value_of(const CLI::Option& option) {
  if (option.get_items_expected_max() == 0 || is_positional(option)) return {};
  return option.get_type_name().empty() ? "VALUE" : option.get_type_name();
}

std::string described(const CLI::Option& option) {
  std::string tag = option.get_name(is_positional(option), true);
  std::replace(tag.begin(), tag.end(), ',', ' ');
  std::string entry = ".TP\n.B " + escaped(tag);
  if (const std::string value = value_of(option); !value.empty()) {
    entry += " \\fI" + escaped(value) + "\\fR";
  }
  std::string text = option.get_description();
  if (option.get_required()) text += text.empty() ? "Required." : " (required)";
  if (!option.get_default_str().empty()) text += " [" + option.get_default_str() + "]";
  return entry + "\n" + (text.empty() ? "\\&\n" : lines(text));
}

std::string options_of(const CLI::App& command) {
  std::string text;
  for (const CLI::Option* option : shown_options(command)) text += described(*option);
  return text;
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

void add_commands(std::string& page, const CLI::App& parent, const std::string& path) {
  for (const CLI::App* command : shown_commands(parent)) {
    const std::string name = path + " " + command->get_name();
    page += ".SS " + escaped(name) + "\n" + lines(command->get_description());
    page += options_of(*command) + verbatim(command->get_footer());
    add_commands(page, *command, name);
  }
}

std::string_view title_of(Section section) {
  return section == Section::kUserCommands ? "User Commands" : "System Administration";
}

// `case` branches of the completion: what may follow the words of `path`.
void add_branches(std::string& script, const CLI::App& command, const std::string& path) {
  std::string words;
  for (const CLI::App* one : shown_commands(command)) words += one->get_name() + " ";
  for (const CLI::Option* option : shown_options(command)) {
    for (const std::string& name : option->get_lnames()) words += "--" + name + " ";
  }
  if (!words.empty()) words.pop_back();
  script += "    '" + path + "') words='" + words + "' ;;\n";
  for (const CLI::App* one : shown_commands(command)) {
    add_branches(script, *one, path + " " + one->get_name());
  }
}

void add_paths(std::string& paths, const CLI::App& command, const std::string& path) {
  for (const CLI::App* one : shown_commands(command)) {
    const std::string name = path + " " + one->get_name();
    paths += "'" + name + "'|";
    add_paths(paths, *one, name);
  }
}

}  // namespace

std::string man_page(const CLI::App& program, std::string_view version, Section section) {
  const std::string& name = program.get_name();
  std::string page = ".TH " + upper(escaped(name)) + " " +
                     std::to_string(static_cast<int>(section)) + " \"\" \"paxid " +
                     escaped(version) + "\" \"" + std::string(title_of(section)) + "\"\n";
  page += ".SH NAME\n" + escaped(name) + " \\- " + escaped(program.get_description()) + "\n";
  page += ".SH SYNOPSIS\n.B " + escaped(name) + "\n[\\fIOPTIONS\\fR]";
  page += shown_commands(program).empty() ? "\n" : " [\\fISUBCOMMAND\\fR ...]\n";
  page += ".SH OPTIONS\n" + options_of(program);
  if (!shown_commands(program).empty()) {
    page += ".SH SUBCOMMANDS\n";
    add_commands(page, program, name);
  }
  if (!program.get_footer().empty()) page += ".SH NOTES\n" + verbatim(program.get_footer());
  return page;
}

std::string bash_completion(const CLI::App& program) {
  const std::string& name = program.get_name();
  std::string function = "_" + name;
  std::replace(function.begin(), function.end(), '-', '_');
  std::string paths;
  add_paths(paths, program, name);
  if (!paths.empty()) paths.pop_back();
  std::string script = "# bash completion of " + name + "\n" + function + "() {\n" +
                       "  local cur=${COMP_WORDS[COMP_CWORD]} path='" + name +
                       "' words='' i\n"
                       "  for ((i = 1; i < COMP_CWORD; i++)); do\n";
  if (!paths.empty()) {
    script += "    case \"$path ${COMP_WORDS[i]}\" in\n      " + paths +
              ") path=\"$path ${COMP_WORDS[i]}\" ;;\n    esac\n";
  } else {
    script += "    :\n";
  }
  script += "  done\n  case \"$path\" in\n";
  add_branches(script, program, name);
  script +=
      "  esac\n"
      "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
      "}\n"
      "complete -o default -F " +
      function + " " + name + "\n";
  return script;
}

void add_to(CLI::App& program, std::string version, Section section) {
  program
      .add_flag_callback(
          "--print-man-page",
          [&program, version = std::move(version), section] {
            std::cout << man_page(program, version, section);
            throw CLI::Success();
          },
          "Print the manual page, and end")
      ->group("");
  program
      .add_flag_callback(
          "--print-completion",
          [&program] {
            std::cout << bash_completion(program);
            throw CLI::Success();
          },
          "Print the completion for bash, and end")
      ->group("");
}

}  // namespace paxid::manual
