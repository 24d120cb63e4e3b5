#pragma once

#include <string>
#include <string_view>

// A PostgreSQL cluster of a test program's own; see tests/postgres/cluster.
namespace paxid::tests {

class PostgresCluster {
 public:
  // `script`: the path of tests/postgres/cluster. `temporary`: where the data go;
  // empty: the memory, where there is enough of it, else TMPDIR.
  enum class Network { kNone, kTls };
  explicit PostgresCluster(const std::string& script, Network network = Network::kNone,
                           const std::string& temporary = {});
  ~PostgresCluster();
  PostgresCluster(const PostgresCluster&) = delete;
  PostgresCluster& operator=(const PostgresCluster&) = delete;

  // The connection string of a database, which is made when it does not exist.
  std::string database(const std::string& name);
  // The connection string of one that exists.
  std::string connection(const std::string& name) const;
  // The same through TLS, from what the server takes for another host.
  std::string tls_connection(const std::string& name) const;
  // The certificate of the authority that the cluster's is signed by.
  std::string root_certificate() const { return directory_ + "/root.crt"; }
  // The first column of the first row, as text; empty when there is none. Fails the test otherwise.
  std::string execute(const std::string& database, const std::string& sql);
  void kill() { command("kill", "killed"); }
  void start() { command("start", "started"); }

 private:
  void command(std::string_view word, std::string_view answer);
  std::string line();

  int to_ = -1;
  int from_ = -1;
  int process_ = -1;
  std::string directory_;
  std::string port_;
};

}  // namespace paxid::tests
