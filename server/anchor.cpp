#include "server/anchor.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <thread>
#include <utility>
#include <vector>

#include "audit/checkpoint.h"
#include "audit/crypto.h"
#include "audit/file.h"

namespace paxid::server {
namespace {

using base::ErrorCode;

constexpr std::chrono::milliseconds kPoll{20};

tl::unexpected<base::Error> failed(std::string message) {
  return base::fail(ErrorCode::kUnavailable, std::move(message), "anchor");
}

// A temporary file without a name that holds `text`, read from its beginning; -1 when there is no
// room for one. A file, not a pipe: a program that does not read cannot block the server.
int input_of(const std::string& text) {
  std::FILE* file = std::tmpfile();
  if (file == nullptr) return -1;
  const bool whole =
      std::fwrite(text.data(), 1, text.size(), file) == text.size() && std::fflush(file) == 0;
  const int input = whole ? ::dup(::fileno(file)) : -1;
  std::fclose(file);
  if (input >= 0) ::lseek(input, 0, SEEK_SET);
  return input;
}

// Exit status, or -1 when the program was ended by a signal or by us.
int wait_for(pid_t pid) {
  const auto give_up = std::chrono::steady_clock::now() + kAnchorTimeout;
  for (;;) {
    int status = 0;
    const pid_t ended = ::waitpid(pid, &status, WNOHANG);
    if (ended == pid) return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    if (ended < 0) return -1;
    if (std::chrono::steady_clock::now() > give_up) {
      ::kill(pid, SIGKILL);
      ::waitpid(pid, &status, 0);
      return -1;
    }
    std::this_thread::sleep_for(kPoll);
  }
}

}  // namespace

Anchor::Anchor(audit::Store& store, const base::Clock& clock, AnchorPlaces places)
    : store_(store), clock_(clock), places_(std::move(places)) {}

base::Result<void> Anchor::run_command(const std::string& tenant, std::uint64_t size,
                                       const std::string& note) const {
  const int input = input_of(note);
  if (input < 0) return failed("the checkpoint cannot be handed to the hook");
  const std::string tenant_variable = "PAXID_TENANT=" + tenant;
  const std::string size_variable = "PAXID_TREE_SIZE=" + std::to_string(size);
  const std::string path = "PATH=/usr/local/bin:/usr/bin:/bin";
  // Nothing of the server's own environment: a hook needs none of its secrets.
  std::array<char*, 4> environment{const_cast<char*>(tenant_variable.c_str()),
                                   const_cast<char*>(size_variable.c_str()),
                                   const_cast<char*>(path.c_str()), nullptr};
  std::array<char*, 2> arguments{const_cast<char*>(places_.command.c_str()), nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  // The server blocks the signals it waits for; a hook starts with none blocked.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  pid_t pid = -1;
  const int error = ::posix_spawn(&pid, places_.command.c_str(), &actions, &attributes,
                                  arguments.data(), environment.data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  ::close(input);
  if (error != 0) return failed("the hook cannot be started");
  const int status = wait_for(pid);
  if (status != 0) {
    return failed(status < 0 ? "the hook did not end by itself"
                             : "the hook ended with status " + std::to_string(status));
  }
  return {};
}

base::Result<void> Anchor::anchor(const std::string& tenant) {
  const auto note = store_.checkpoint(tenant);
  if (!note) return tl::unexpected(note.error());
  std::string& last = last_[tenant];
  if (last == *note) return {};
  const auto parsed = audit::parse_note(*note);
  if (!parsed) return tl::unexpected(parsed.error());
  const auto head = audit::parse_checkpoint(parsed->text);
  if (!head) return tl::unexpected(head.error());
  if (!places_.directory.empty()) {
    const std::string file =
        places_.directory + "/" + tenant + "." + std::to_string(head->size) + ".checkpoint";
    const auto written = audit::create_private_file(file, audit::bytes_of(*note));
    // After a restart the same one is anchored again.
    if (!written && written.error().code != ErrorCode::kAlreadyExists) return written;
  }
  if (!places_.command.empty()) {
    if (auto ran = run_command(tenant, head->size, *note); !ran) return ran;
  }
  last = *note;
  std::lock_guard lock(mutex_);
  ++status_.anchored;
  return {};
}

base::Result<void> Anchor::step() {
  const std::chrono::microseconds interval = places_.interval;
  next_ = clock_.unix_microseconds() + static_cast<std::uint64_t>(interval.count());
  const auto tenants = store_.tenants();
  base::Result<void> outcome;
  if (!tenants) {
    outcome = tl::unexpected(tenants.error());
  } else {
    for (const std::string& tenant : *tenants) {
      if (auto anchored = anchor(tenant); !anchored && outcome) outcome = std::move(anchored);
    }
  }
  std::lock_guard lock(mutex_);
  status_.failing = !outcome;
  if (!outcome) ++status_.failed;
  return outcome;
}

AnchorStatus Anchor::status() const {
  std::lock_guard lock(mutex_);
  return status_;
}

}  // namespace paxid::server
