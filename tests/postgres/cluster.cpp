#include "tests/postgres/cluster.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <libpq-fe.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

namespace paxid::tests {

PostgresCluster::PostgresCluster(const std::string& script) {
  std::array<int, 2> in{}, out{};
  if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0) {
    ADD_FAILURE() << "no pipes";
    return;
  }
  process_ = ::fork();
  if (process_ == 0) {
    ::dup2(in[0], STDIN_FILENO);
    ::dup2(out[1], STDOUT_FILENO);
    ::execl(script.c_str(), script.c_str(), nullptr);
    ::_exit(127);
  }
  ::close(in[0]);
  ::close(out[1]);
  to_ = in[1];
  from_ = out[0];
  directory_ = line();
  EXPECT_FALSE(directory_.empty()) << "no PostgreSQL cluster";
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
  return "host=" + directory_ + " user=paxid dbname=" + name;
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
