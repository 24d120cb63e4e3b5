#pragma once

#include "clients/cli/command_line.h"

// The subcommands of paxid with their options and help. Each adds itself to its parent.
namespace paxid::cli {

Run add_mrz(CLI::App& app);
Run add_boarding_pass(CLI::App& app);
Run add_booking_name(CLI::App& app);
Run add_passenger_list(CLI::App& app);
Run add_compare(CLI::App& app);
Run add_names(CLI::App& app);
Run add_evaluate(CLI::App& app);
Run add_verify(CLI::App& app);
Run add_policy(CLI::App& app);
Run add_replay(CLI::App& app);
Run add_flight(CLI::App& app);
Run add_decide(CLI::App& app);
Run add_bench(CLI::App& app);
Run add_top(CLI::App& app);
Run add_privacy(CLI::App& app);
Run add_audit(CLI::App& app);

// Parts of `paxid audit`.
Run add_audit_export(CLI::App& audit);
Run add_audit_questions(CLI::App& audit);

}  // namespace paxid::cli
