#include "server/store_command.h"

#include <iostream>
#include <nlohmann/json.hpp>

#include "audit/backup.h"
#include "audit/note.h"
#include "audit/postgres_migration.h"
#include "audit/sqlite_store.h"
#include "audit/tile_files.h"
#include "base/base64.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/progress_line.h"
#include "server/server.h"
#include "server/witnesses.h"

namespace paxid::server {
namespace {

using nlohmann::json;

constexpr int kOk = 0;
constexpr int kFailed = 1;

int fail(const base::Error& error) {
  std::cerr << "error: " << error.message << "\n";
  return kFailed;
}

std::string defects_for_people() {
  std::string text;
  for (const audit::StoreDefectKind kind : audit::kAllStoreDefectKinds) {
    const std::string name(audit::name_of(kind));
    text += "  " + std::to_string(static_cast<int>(kind)) + "  " + name +
            std::string(name.size() < 23 ? 23 - name.size() : 1, ' ') +
            std::string(audit::meaning_of(kind)) + "\n";
  }
  return text;
}

// How many of what are done, after two seconds, on a terminal.
class Steps {
 public:
  explicit Steps(std::string what) : what_(std::move(what)) {}
  audit::Progress progress() {
    return [this](std::uint64_t done, std::uint64_t total) { line_.show(done, total, what_); };
  }

 private:
  base::ProgressLine line_;
  std::string what_;
};

base::Result<audit::PublicKey> public_key_of(const Configuration& configuration,
                                             const std::string& vkey_file) {
  if (!vkey_file.empty()) {
    const auto text = base::read_file(vkey_file, audit::kMaxNoteBytes);
    if (!text) return tl::unexpected(text.error());
    const auto key = audit::parse_vkey(text->substr(0, text->find('\n')));
    if (!key) return tl::unexpected(key.error());
    return key->public_key;
  }
  const auto key = audit::SigningKey::load(configuration.store_signing_key);
  if (!key) return tl::unexpected(key.error());
  return key->public_key();
}

// What a store, or a copy of one, is held to.
base::Result<audit::StoreCheckOptions> check_options(const Configuration& configuration,
                                                     const std::string& directory,
                                                     const std::string& vkey_file) {
  const auto key = public_key_of(configuration, vkey_file);
  if (!key) return tl::unexpected(key.error());
  auto witnesses = load_witness_keys(configuration.witness_keys);
  if (!witnesses) return tl::unexpected(witnesses.error());
  audit::StoreCheckOptions options;
  options.directory = directory;
  options.origin_prefix = configuration.store_origin_prefix;
  options.public_key = *key;
  options.witnesses = *std::move(witnesses);
  return options;
}

json as_json(const audit::StoreReport& report) {
  json logs = json::array(), defects = json::array();
  for (const audit::CheckedLog& log : report.logs) {
    logs.push_back({{"origin", log.origin},
                    {"leaves", log.size},
                    {"root", base::to_base64(log.root)},
                    {"signed", log.signed_size},
                    {"checkpoints", log.checkpoints},
                    {"witnessed", log.witnessed_size},
                    {"bodies_opened", log.bodies_opened},
                    {"bodies_gone", log.bodies_gone}});
  }
  for (const audit::StoreDefect& defect : report.defects) {
    defects.push_back({{"kind", audit::name_of(defect.kind)},
                       {"origin", defect.origin},
                       {"index", defect.index},
                       {"message", defect.message}});
  }
  return {{"sound", report.defects.empty()},
          {"keys_checked", report.keys_checked},
          {"logs", logs},
          {"defects", defects}};
}

void print(const audit::StoreReport& report) {
  for (const audit::CheckedLog& log : report.logs) {
    std::cout << log.origin << ": " << log.size << " leaves, " << log.signed_size << " signed by "
              << log.checkpoints << " checkpoints, " << log.witnessed_size << " witnessed, "
              << log.bodies_opened << " bodies opened, " << log.bodies_gone
              << " erased or pruned\n  root " << base::to_base64(log.root) << "\n";
  }
  for (const audit::StoreDefect& defect : report.defects) {
    std::cout << audit::name_of(defect.kind) << " " << defect.origin << " " << defect.index << ": "
              << defect.message << "\n";
  }
  if (report.defects.empty()) {
    std::cout << (report.keys_checked ? "sound\n" : "sound; keys and seals were not looked at\n");
  } else if (report.defects.size() >= audit::kMaxStoreDefects) {
    std::cout << "and perhaps more\n";
  }
}

}  // namespace

void StoreCommands::add_to(CLI::App& app) {
  CLI::App* store = app.add_subcommand("store", "Check, copy and restore the records");
  store->require_subcommand(1);
  verify_ = store->add_subcommand(
      "verify", "Check every leaf, body, tile, checkpoint and key against the others");
  verify_->footer(
      "Reads the files as they lie there, also beside the running server, and a backup:\n"
      "  paxid-server store verify\n"
      "  paxid-server store verify --directory /backup/monday --without-keys\n"
      "  paxid-server store verify --checkpoint kept-elsewhere.checkpoint\n"
      "The last one shows a log that was rolled back. Status 0: sound; 1: nothing can be said; 2:\n"
      "wrong usage; else the first defect:\n" +
      defects_for_people());
  backup_ =
      store->add_subcommand("backup", "Copy the logs into a new directory, without their keys");
  backup_->footer(
      "Copies what is recorded, signed and witnessed, the API-processing log and the list of\n"
      "erasures. Runs beside the server, and checks the copy before it says that it is done:\n"
      "  paxid-server store backup /backup/monday\n"
      "  paxid-server keys backup /elsewhere/monday.keys\n"
      "In this order: the keys must not be older than the log. Keep the two apart, and both apart\n"
      "from the key-encryption key and the signing key.");
  restore_ = store->add_subcommand("restore", "Put a copy in the place of a lost store");
  restore_->footer(
      "Stop the server, move what is left aside, restore, start:\n"
      "  mv /var/lib/paxid/store /var/lib/paxid/store.lost\n"
      "  paxid-server store restore /backup/monday --remains /var/lib/paxid/store.lost\n"
      "or, when nothing is left,\n"
      "  paxid-server store restore /backup/monday --keys /elsewhere/monday.keys \\\n"
      "    --erasures /elsewhere/erasures --checkpoint /elsewhere/demo.checkpoint\n"
      "Whoever is on a list of erasures, or has no key any more, is erased again. A copy that is\n"
      "shorter than a known checkpoint is refused, unless the loss is accepted; then each log "
      "says\n"
      "in a record which leaves are lost.");
  tiles_ = store->add_subcommand("tiles", "Write a log as the files of C2SP tlog-tiles");
  tiles_->footer(
      "Leaves and tree up to the last checkpoint, without bodies, for a web server that gives "
      "them\n"
      "out as they are and for anybody's monitor. Runs beside the server; the tree is computed "
      "anew\n"
      "and must lead to the checkpoint:\n"
      "  paxid-server store tiles /srv/log/demo --tenant demo");
  migrate_ = store->add_subcommand("migrate", "Take the records into PostgreSQL");
  migrate_->footer(
      "Stop the server, name an empty database in the configuration as store.postgresql, migrate,\n"
      "start:\n"
      "  paxid-server store migrate\n"
      "Every record keeps its index, every log its root: all of it is hashed again in the "
      "database\n"
      "before the old files are set aside as log.db.migrated and keys.db.migrated. Destroy those\n"
      "when the server runs: they keep who is erased from now on.");
  CLI::App* keys = app.add_subcommand("keys", "Replace the key-encryption key, copy the keys");
  keys->require_subcommand(1);
  rotate_ = keys->add_subcommand("rotate", "Replace the key-encryption key by a new one");
  rotate_->footer(
      "Stop the server first. Every key is wrapped anew, each log gets a record of it, the old\n"
      "key-encryption key is overwritten. What was interrupted goes on with the same command.\n"
      "Backups of the keys from before open no more, so make one afterwards:\n"
      "  paxid-server keys rotate\n"
      "  paxid-server keys backup /elsewhere/tuesday.keys\n"
      "Under systemd, as root: --kek /etc/paxid/kek.bin\n"
      "A key in a variable is replaced by giving the service the new one as store.kek and the one\n"
      "of before as store.previous_kek for one start.");
  keys_backup_ = keys->add_subcommand(
      "backup", "Copy the passengers' keys into a new file, sealed under the key-encryption key");
  keys_backup_->footer("  paxid-server keys backup /elsewhere/monday.keys");
  for (CLI::App* command : {verify_, backup_, restore_, tiles_, rotate_, keys_backup_, migrate_}) {
    command->fallthrough();
    command->add_option("--directory", directory_, "The store's [store.directory]");
  }
  for (CLI::App* command : {verify_, restore_, rotate_, keys_backup_, migrate_}) {
    command->add_option("--kek", kek_, "Where the key-encryption key is [store.kek]");
  }
  for (CLI::App* command : {verify_, backup_, restore_, tiles_}) {
    command->add_flag("--json", json_, "The result as JSON");
  }
  for (CLI::App* command : {verify_, restore_}) {
    command
        ->add_option("--checkpoint", checkpoints_,
                     "A checkpoint that was kept elsewhere; may be given again")
        ->allow_extra_args(false);
  }
  for (CLI::App* command : {verify_, backup_, tiles_}) {
    command->add_option("--vkey", vkey_,
                        "Verifier key of a log, instead of the signing key [store.signing_key]");
  }
  verify_->add_flag("--without-keys", without_keys_,
                    "Open no body; that each is the one its leaf commits to is seen all the same");
  migrate_->add_option("--postgresql", postgresql_,
                       "The database's connection string [store.postgresql]");
  backup_->add_option("TARGET", target_, "A new directory")->required();
  keys_backup_->add_option("TARGET", target_, "A new file")->required();
  tiles_->add_option("TARGET", target_, "A new directory")->required();
  tiles_->add_option("--tenant", tenant_, "Whose log")->required();
  restore_->add_option("BACKUP", source_, "A directory that `store backup` has made")->required();
  restore_->add_option("--keys", keys_, "A file that `keys backup` has made");
  restore_->add_option("--remains", remains_, "What is left of the old store's directory");
  restore_->add_option("--erasures", erasures_, "A copy of the file `erasures`; may be given again")
      ->allow_extra_args(false);
  restore_->add_flag("--accept-loss", accept_loss_,
                     "Restore although records are lost that were acknowledged");
}

bool StoreCommands::parsed() const {
  return verify_->parsed() || backup_->parsed() || restore_->parsed() || tiles_->parsed() ||
         rotate_->parsed() || keys_backup_->parsed() || migrate_->parsed();
}

Configuration StoreCommands::adjusted(Configuration configuration) const {
  if (!directory_.empty()) configuration.store_directory = directory_;
  if (!kek_.empty()) configuration.store_kek = kek_;
  return configuration;
}

int StoreCommands::run(const Configuration& given) const {
  const Configuration configuration = adjusted(given);
  if (migrate_->parsed()) return migrate(configuration);
  // A copy in a directory of its own can be looked at all the same.
  if (!configuration.store_postgresql.empty() && directory_.empty()) {
    return fail({base::ErrorCode::kFailedPrecondition,
                 "the records are in PostgreSQL, whose own tools check and copy them: see "
                 "docs/operation.md",
                 "store.postgresql"});
  }
  if (verify_->parsed()) return verify(configuration);
  if (backup_->parsed()) return back_up(configuration);
  if (restore_->parsed()) return restore(configuration);
  if (tiles_->parsed()) return write_tiles(configuration);
  return rotate_->parsed() ? rotate(configuration) : back_up_keys(configuration);
}

int StoreCommands::verify(const Configuration& configuration) const {
  auto how = check_options(configuration, configuration.store_directory, vkey_);
  if (!how) return fail(how.error());
  audit::StoreCheckOptions& options = *how;
  if (!without_keys_) options.kek = configuration.store_kek;
  for (const std::string& file : checkpoints_) {
    auto note = base::read_file(file, audit::kMaxNoteBytes);
    if (!note) return fail(note.error());
    options.checkpoints.push_back(*std::move(note));
  }
  return check(*std::move(how), "leaves");
}

int StoreCommands::check(audit::StoreCheckOptions options, const char* what) const {
  base::Result<audit::StoreReport> report;
  {
    Steps steps(what);
    options.progress = steps.progress();
    report = audit::check_store(options);
  }
  if (!report) return fail(report.error());
  if (json_) {
    std::cout << as_json(*report).dump() << "\n";
  } else {
    print(*report);
  }
  return report->defects.empty() ? kOk : static_cast<int>(report->defects.front().kind);
}

int StoreCommands::back_up(const Configuration& configuration) const {
  auto how = check_options(configuration, target_, vkey_);
  if (!how) return fail(how.error());
  {
    Steps steps("pages copied");
    const auto copied =
        audit::back_up_log(configuration.store_directory, target_, steps.progress());
    if (!copied) return fail(copied.error());
  }
  return check(*std::move(how), "leaves checked");
}

int StoreCommands::restore(const Configuration& configuration) const {
  audit::RestoreOptions options;
  options.store = store_options(configuration);
  options.backup = source_;
  options.keys = keys_;
  options.remains = remains_;
  options.checkpoints = checkpoints_;
  options.erasures = erasures_;
  options.accept_loss = accept_loss_;
  base::Result<audit::RestoreReport> report;
  {
    Steps steps("leaves checked");
    options.progress = steps.progress();
    const base::SystemClock clock;
    report = audit::restore_store(options, clock);
  }
  if (!report) return fail(report.error());
  json logs = json::array();
  for (const audit::RestoredLog& log : report->logs) {
    logs.push_back({{"origin", log.origin},
                    {"leaves", log.size},
                    {"lost_until", std::max(log.lost_until, log.size)},
                    {"leaves_now", log.size_now}});
    if (json_) continue;
    std::cout << log.origin << ": " << log.size << " leaves restored";
    if (log.lost_until > log.size) std::cout << ", those up to " << log.lost_until << " are lost";
    std::cout << "; " << log.size_now - log.size << " added for what has happened since\n";
  }
  if (json_) std::cout << json{{"logs", logs}}.dump() << "\n";
  return kOk;
}

int StoreCommands::write_tiles(const Configuration& configuration) const {
  const auto key = public_key_of(configuration, vkey_);
  if (!key) return fail(key.error());
  Steps steps("leaves");
  const auto written = audit::write_tile_files(configuration.store_directory, tenant_, *key,
                                               target_, steps.progress());
  if (!written) return fail(written.error());
  if (json_) {
    std::cout << json{{"origin", written->origin},
                      {"leaves", written->size},
                      {"files", written->files}}
                     .dump()
              << "\n";
  } else {
    std::cout << written->origin << ": " << written->size << " leaves in " << written->files
              << " files\n";
  }
  return kOk;
}

int StoreCommands::rotate(const Configuration& configuration) const {
  audit::SqliteStoreOptions options = store_options(configuration);
  const base::SystemClock clock;
  const auto epoch = audit::replace_kek(options, clock);
  if (!epoch) return fail(epoch.error());
  std::cout << "the key-encryption key is new (epoch " << *epoch
            << "); make a backup of the keys: those from before open no more\n";
  return kOk;
}

int StoreCommands::back_up_keys(const Configuration& configuration) const {
  const base::SystemClock clock;
  const auto made =
      audit::back_up_keys(configuration.store_directory, configuration.store_kek, target_, clock);
  if (!made) return fail(made.error());
  std::cout << "the keys are in " << target_ << "; it opens only under this key-encryption key\n";
  return kOk;
}

int StoreCommands::migrate(const Configuration& configuration) const {
  const std::string& target = postgresql_.empty() ? configuration.store_postgresql : postgresql_;
  if (target.empty()) {
    return fail({base::ErrorCode::kInvalidArgument,
                 "store.postgresql, or --postgresql, must name the database", "store.postgresql"});
  }
  const base::SystemClock clock;
  const auto logs = audit::migrate_to_postgres(store_options(configuration), target, clock);
  if (!logs) return fail(logs.error());
  for (const audit::MigratedLog& log : *logs) {
    std::cout << log.origin << ": " << log.size << " leaves\n  root " << base::to_base64(log.root)
              << "\n";
  }
  std::cout << "the records are in the database; destroy log.db.migrated and keys.db.migrated\n";
  return kOk;
}

}  // namespace paxid::server
