#include "tests/postgres/cluster.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <libpq-fe.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace paxid::tests {
namespace {

// Every test has a database of three hundred files, all of which are synced after a kill: on a slow
// disk that takes minutes and shows nothing, for a process that ends loses nothing it has written.
std::string memory() {
  constexpr std::uintmax_t kEnough = std::uintmax_t{4} << 30;
  const std::string path = "/dev/shm";
  std::error_code error;
  const auto space = std::filesystem::space(path, error);
  return !error && space.available >= kEnough ? path : "";
}

}  // namespace

PostgresCluster::PostgresCluster(const std::string& script, Network network,
                                 const std::string& temporary) {
  const std::string directory = temporary.empty() ? memory() : temporary;
  std::array<int, 2> in{}, out{};
  if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0) {
    ADD_FAILURE() << "no pipes";
    return;
  }
  process_ = ::fork();
  if (process_ == 0) {
    ::dup2(in[0], STDIN_FILENO);
    ::dup2(out[1], STDOUT_FILENO);
    if (!directory.empty()) ::setenv("TMPDIR", directory.c_str(), 1);
    ::execl(script.c_str(), script.c_str(), network == Network::kTls ? "tls" : "none", nullptr);
    ::_exit(127);
  }
  ::close(in[0]);
  ::close(out[1]);
  to_ = in[1];
  from_ = out[0];
  directory_ = line();
  EXPECT_FALSE(directory_.empty()) << "no PostgreSQL cluster";
  if (network == Network::kTls) std::getline(std::ifstream(directory_ + "/port"), port_);
}

PostgresCluster::~PostgresCluster() {
  ::close(to_);
  if (process_ > 0) ::waitpid(process_, nullptr, 0);
  ::close(from_);
}

std::string PostgresCluster::line() {
  std::string text;
  char letter = 0;
  while (::read(from_, &letter, 1) == 1 && letter != '\n') text.push_back(letter);
  return text;
}

void PostgresCluster::command(std::string_view word, std::string_view answer) {
  const std::string sent = std::string(word) + "\n";
  EXPECT_EQ(::write(to_, sent.data(), sent.size()), static_cast<ssize_t>(sent.size()));
  EXPECT_EQ(line(), answer);
}

std::string PostgresCluster::connection(const std::string& name) const {
  const std::string port = port_.empty() ? "" : " port=" + port_;
  return "host=" + directory_ + port + " user=paxid dbname=" + name;
}

std::string PostgresCluster::tls_connection(const std::string& name) const {
  // 0.0.0.0 leads to this machine and is not one of its own addresses.
  return "hostaddr=0.0.0.0 port=" + port_ + " user=paxid dbname=" + name;
}

std::string PostgresCluster::database(const std::string& name) {
  if (execute("postgres", "SELECT 1 FROM pg_database WHERE datname = '" + name + "'").empty()) {
    execute("postgres", "CREATE DATABASE " + name);
  }
  return connection(name);
}

std::string PostgresCluster::execute(const std::string& database, const std::string& sql) {
  PGconn* connected = PQconnectdb(connection(database).c_str());
  PGresult* result = PQexec(connected, sql.c_str());
  const ExecStatusType status = PQresultStatus(result);
  EXPECT_TRUE(status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) << PQerrorMessage(connected);
  std::string first = PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "";
  PQclear(result);
  PQfinish(connected);
  return first;
}

}  // namespace paxid::tests
