#include "clients/cli/command_line.h"

#include "base/clock.h"
#include "clients/cli/policy_command.h"
#include "clients/cli/terminal.h"
#include "verification/station.h"

namespace paxid::cli {

using nlohmann::json;

void Output::add_to(CLI::App* command) {
  auto* one = command->add_flag("--json", json, "Print the answer as JSON");
  command
      ->add_flag("--jsonl", jsonl,
                 "Answer one JSON object a line from standard input (docs/line_protocol.md),\n"
                 "which other users of the machine cannot see, unlike arguments")
      ->excludes(one);
}

void print_json(const json& answer) {
  std::cout << answer.dump(2, ' ', false, json::error_handler_t::replace) << "\n";
}

void print_answer(bool as_json, const json& answer, const std::string& card) {
  if (as_json) {
    print_json(answer);
  } else {
    std::cout << card;
  }
}

base::Result<void> write_text(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  if (file.flush()) return {};
  return base::fail(base::ErrorCode::kUnavailable, "cannot write " + path);
}

int fail(const base::Error& error) {
  std::cerr << "error: " << (error.field.empty() ? "" : error.field + ": ")
            << printable(error.message) << "\n";
  const bool usage = error.field.starts_with("--");
  return usage ? kUsage : kFailed;
}

int fail_usage(const CLI::App& command, const std::string& message) {
  const CLI::App* group = command.get_parent();
  const bool is_part = group != nullptr && group->get_parent() != nullptr;
  std::cerr << "error: " << message << "\nSee: paxid "
            << (is_part ? group->get_name() + " " : std::string()) << command.get_name()
            << " --help\n";
  return kUsage;
}

int fail_usage(const CLI::App& command, const base::Error& error) {
  return fail_usage(command, error.field + " " + error.message);
}

int fail_unanswered(base::Error error, const std::string& request_id) {
  if (error.code == base::ErrorCode::kUnavailable) {
    error.message += "; repeat with --request-id " + request_id;
  }
  return fail(error);
}

base::Date today() { return base::SystemClock().utc_date(); }

base::Date today_at(const std::string& station) {
  return verification::station_date(base::SystemClock().unix_microseconds(), station);
}

std::string in_lines(const std::vector<std::string>& arguments) {
  std::string text;
  for (const std::string& line : arguments) text += (text.empty() ? "" : "\n") + line;
  return text;
}

base::Result<verification::Engine> engine_with(const std::string& policy_file) {
  return load_policy(policy_file).map([](verification::Policy policy) {
    return verification::Engine(std::move(policy));
  });
}

void add_reference(CLI::App* command, std::string& reference) {
  command->add_option("--reference", reference, "Number of the case, no name")->required();
}

void add_audit_purpose(CLI::App* command, std::string& purpose) {
  purpose = "audit";
  command->add_option("--purpose", purpose,
                      "audit, supervision, fine_defence, claim_defence or subject_request "
                      "[audit]");
}

void ServerOptions::add_to(CLI::App* command) {
  const char* group = "Server";
  command->add_option("--server", connection.server, "HOST:PORT [$PAXID_SERVER, client.toml]")
      ->group(group);
  command->add_option("--ca", connection.ca, "Whom to trust, PEM [$PAXID_CA]")->group(group);
  command->add_option("--cert", connection.certificate, "Who we are, PEM [$PAXID_CERT]")
      ->group(group);
  command->add_option("--key", connection.key, "Our private key, PEM [$PAXID_KEY]")->group(group);
  command
      ->add_option("--deadline-ms", connection.deadline_ms,
                   "For one attempt; a second one follows when no answer came")
      ->check(CLI::Range(1, 60'000))
      ->capture_default_str()
      ->group(group);
}

base::Result<sdk::Client> ServerOptions::connect() const {
  auto options = resolve(connection);
  if (!options) return tl::unexpected(options.error());
  return sdk::Client::connect(*options);
}

}  // namespace paxid::cli
