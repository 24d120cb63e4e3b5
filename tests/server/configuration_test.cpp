#include "server/configuration.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <set>
#include <string>

namespace paxid::server {
namespace {

const DefaultDirectories kDefaults{"/etc/paxid", "/var/lib/paxid"};

tl::expected<Configuration, Problems> parse(const std::string& toml) {
  return parse_configuration(toml, "/etc/paxid", kDefaults);
}

TEST(Configuration, AnEmptyFileMeansTheDefaults) {
  const auto configuration = parse("");
  ASSERT_TRUE(configuration.has_value());
  EXPECT_EQ(configuration->listen_address, "127.0.0.1:7443");
  EXPECT_EQ(configuration->admin_address, "");
  EXPECT_EQ(configuration->tls_certificate, "/etc/paxid/tls/server.pem");
  EXPECT_EQ(configuration->store_directory, "/var/lib/paxid/store");
  EXPECT_EQ(configuration->policy_directory, "");
  EXPECT_EQ(configuration->log_level, "info");
  EXPECT_EQ(configuration->concurrent_streams, 128);
}

TEST(Configuration, TheDocumentedFileIsTheDefaults) {
  const std::string documented = documented_configuration(kDefaults);
  const auto from_document = parse(documented);
  ASSERT_TRUE(from_document.has_value()) << from_document.error().front().field;
  const auto from_nothing = parse("");
  EXPECT_EQ(from_document->listen_address, from_nothing->listen_address);
  EXPECT_EQ(from_document->store_kek, from_nothing->store_kek);
  EXPECT_EQ(from_document->drain_seconds, from_nothing->drain_seconds);
  // Every key stands under a comment.
  std::string previous;
  std::size_t begin = 0;
  int keys = 0;
  for (std::size_t end; (end = documented.find('\n', begin)) != std::string::npos;
       begin = end + 1) {
    const std::string line = documented.substr(begin, end - begin);
    if (line.find(" = ") != std::string::npos && line.front() != '#') {
      ++keys;
      EXPECT_TRUE(previous.starts_with("# ")) << line;
    }
    previous = line;
  }
  EXPECT_EQ(keys, 46);
}

TEST(Configuration, RelativePathsStartAtTheFile) {
  const auto configuration =
      parse("[tls]\ncertificate = \"../x/s.pem\"\n[policy]\ndirectory = \"p\"\n");
  ASSERT_TRUE(configuration.has_value());
  EXPECT_EQ(configuration->tls_certificate, "/etc/x/s.pem");
  EXPECT_EQ(configuration->policy_directory, "/etc/paxid/p");
}

struct Broken {
  const char* name;
  const char* toml;
  const char* field;
};
void PrintTo(const Broken& test, std::ostream* out) { *out << test.name; }

class ConfigurationRefuses : public testing::TestWithParam<Broken> {};

TEST_P(ConfigurationRefuses, AndNamesTheKey) {
  const auto configuration = parse(GetParam().toml);
  ASSERT_FALSE(configuration.has_value());
  ASSERT_EQ(configuration.error().size(), 1U);
  EXPECT_EQ(configuration.error().front().field, GetParam().field);
  EXPECT_FALSE(configuration.error().front().message.empty());
}

INSTANTIATE_TEST_SUITE_P(
    All, ConfigurationRefuses,
    testing::Values(
        Broken{"UnknownSection", "[liste]\naddress = \"a:1\"", "liste"},
        Broken{"UnknownKey", "[listen]\naddres = \"a:1\"", "listen.addres"},
        Broken{"TopLevelKey", "address = \"a:1\"", "address"},
        Broken{"NoPort", "[listen]\naddress = \"localhost\"", "listen.address"},
        Broken{"PortTooLarge", "[listen]\naddress = \"localhost:65536\"", "listen.address"},
        Broken{"PortNotDigits", "[listen]\naddress = \"localhost:http\"", "listen.address"},
        Broken{"BareIpv6", "[listen]\naddress = \"::1:7443\"", "listen.address"},
        Broken{"AddressNotText", "[listen]\naddress = 7443", "listen.address"},
        Broken{"AdminNotLoopback", "[listen]\nadmin_address = \"0.0.0.0:9\"",
               "listen.admin_address"},
        Broken{"LogLevel", "[log]\nlevel = \"verbose\"", "log.level"},
        Broken{"OriginWithBlank", "[store]\norigin_prefix = \"a b\"", "store.origin_prefix"},
        Broken{"EmptyPath", "[tls]\ncertificate = \"\"", "tls.certificate"},
        Broken{"StreamsZero", "[limits]\nconcurrent_streams = 0", "limits.concurrent_streams"},
        Broken{"StreamsText", "[limits]\nconcurrent_streams = \"8\"", "limits.concurrent_streams"},
        Broken{"DrainNegative", "[limits]\ndrain_seconds = -1", "limits.drain_seconds"},
        Broken{"NotToml", "[listen\n", "line 1"}),
    [](const auto& test) { return test.param.name; });

TEST(Configuration, ReportsEveryProblem) {
  const auto configuration =
      parse("[listen]\naddress = 1\n[log]\nlevel = \"x\"\n[limits]\nx = 1\ndrain_seconds = 1.5\n");
  ASSERT_FALSE(configuration.has_value());
  std::set<std::string> fields;
  for (const auto& problem : configuration.error()) fields.insert(problem.field);
  EXPECT_EQ(fields, (std::set<std::string>{"listen.address", "log.level", "limits.x",
                                           "limits.drain_seconds"}));
}

TEST(Configuration, AdminMayListenOnEveryLoopbackAddress) {
  for (const char* address : {"localhost:0", "127.0.0.1:9001", "127.255.255.254:9001", "[::1]:9001",
                              "[0:0:0:0:0:0:0:1]:9001"}) {
    EXPECT_TRUE(parse("[listen]\nadmin_address = \"" + std::string(address) + "\"").has_value())
        << address;
  }
}

TEST(Configuration, AdminListensNowhereElse) {
  for (const char* address :
       {"127.example.org:9001", "127.0.0.1.example.org:9001", "127.1:9001", "localhost.:9001",
        "LOCALHOST.example:9001", "126.0.0.1:9001", "128.0.0.1:9001", "0.0.0.0:9001", "[::]:9001",
        "[::2]:9001", "[fe80::1]:9001"}) {
    const auto configuration = parse("[listen]\nadmin_address = \"" + std::string(address) + "\"");
    ASSERT_FALSE(configuration.has_value()) << address;
    EXPECT_EQ(configuration.error().front().field, "listen.admin_address");
  }
}

// A directory with certificates as ops/make-certificates makes them.
class Files : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/paxid-configuration-XXXXXX";
    ASSERT_NE(::mkdtemp(name), nullptr);
    directory_ = name;
    const std::string command = std::string(PAXID_MAKE_CERTIFICATES) + " " + directory_;
    ASSERT_EQ(std::system(command.c_str()), 0);
    configuration_ = *parse("");
    configuration_.tls_certificate = file("server.pem");
    configuration_.tls_private_key = file("server.key");
    configuration_.tls_client_ca = file("ca.pem");
    configuration_.access_registry = file("principals.toml");
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::string file(const std::string& name) const { return directory_ + "/" + name; }
  // Runs a shell command in the directory.
  void run(const std::string& command) const {
    ASSERT_EQ(std::system(("cd " + directory_ + " && { " + command + "; } >out 2>&1").c_str()), 0)
        << command;
  }
  std::string only_problem() const {
    const Problems problems = check_files(configuration_);
    return problems.size() == 1 ? problems.front().field : std::to_string(problems.size());
  }

  std::string directory_;
  Configuration configuration_;
};

TEST_F(Files, OfTheDevelopmentAuthorityAreRight) {
  const Problems problems = check_files(configuration_);
  EXPECT_TRUE(problems.empty()) << problems.front().field << " " << problems.front().message;
}

TEST_F(Files, MissingCertificate) {
  configuration_.tls_certificate = file("none.pem");
  EXPECT_EQ(only_problem(), "tls.certificate");
}

TEST_F(Files, KeyOfAnotherCertificate) {
  configuration_.tls_private_key = file("k1.key");
  EXPECT_EQ(only_problem(), "tls.private_key");
}

TEST_F(Files, KeyWhereACertificateBelongs) {
  configuration_.tls_certificate = file("server.key");
  EXPECT_EQ(only_problem(), "tls.certificate");
}

TEST_F(Files, CertificateWhereAKeyBelongs) {
  configuration_.tls_private_key = file("server.pem");
  EXPECT_EQ(only_problem(), "tls.private_key");
}

TEST_F(Files, CertificateThatIsNotValidYet) {
  run(R"(printf '[ca]\ndefault_ca=d\n[d]\ndatabase=index\nnew_certs_dir=.\nrand_serial=yes\n'\
'default_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n' >ca.cnf
    : >index
    openssl req -new -key server.key -subj /CN=server -out later.csr &&
    openssl ca -config ca.cnf -batch -notext -selfsign -keyfile server.key -in later.csr \
      -startdate 20980101000000Z -enddate 20990101000000Z -out later.pem)");
  configuration_.tls_certificate = file("later.pem");
  EXPECT_EQ(only_problem(), "tls.certificate");
  EXPECT_EQ(check_files(configuration_).front().message, "has not begun to be valid");
}

// The curve, not the size of the key, decides.
TEST_F(Files, KeysOnOtherCurves) {
  for (const char* curve : {"secp256k1", "P-521", "brainpoolP256r1"}) {
    run("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:" + std::string(curve) +
        " -out other.key && chmod 600 other.key && openssl req -x509 -key other.key -days 2 "
        "-subj /CN=other -out other.pem");
    configuration_.tls_private_key = file("other.key");
    configuration_.tls_certificate = file("other.pem");
    EXPECT_EQ(only_problem(), "tls.private_key") << curve;
  }
}

TEST_F(Files, KeysOnThePermittedCurves) {
  for (const char* curve : {"P-256", "P-384"}) {
    run("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:" + std::string(curve) +
        " -out other.key && chmod 600 other.key && openssl req -x509 -key other.key -days 2 "
        "-subj /CN=other -out other.pem");
    configuration_.tls_private_key = file("other.key");
    configuration_.tls_certificate = file("other.pem");
    EXPECT_TRUE(check_files(configuration_).empty()) << curve;
  }
}

TEST_F(Files, SecretsThatOthersMayUse) {
  configuration_.store_signing_key = file("signing.key");
  configuration_.store_kek = file("kek.bin");
  run("cp server.key signing.key && head -c 32 server.key >kek.bin && chmod 600 *.key kek.bin");
  EXPECT_TRUE(check_files(configuration_).empty());
  for (const auto& [name, field] :
       {std::pair{"server.key", "tls.private_key"}, std::pair{"signing.key", "store.signing_key"},
        std::pair{"kek.bin", "store.kek"}}) {
    for (const char* mode : {"640", "604", "620"}) {
      run("chmod " + std::string(mode) + " " + name);
      EXPECT_EQ(only_problem(), field) << mode;
    }
    run("chmod 600 " + std::string(name));
  }
}

TEST_F(Files, SecretsOfTheWrongSize) {
  configuration_.store_signing_key = file("signing.key");
  configuration_.store_kek = file("kek.bin");
  run("head -c 31 server.key >kek.bin && chmod 600 kek.bin");
  EXPECT_EQ(only_problem(), "store.kek");
  run("head -c 33 server.key >kek.bin");
  EXPECT_EQ(only_problem(), "store.kek");
  run("rm kek.bin && : >signing.key && chmod 600 signing.key");
  EXPECT_EQ(only_problem(), "store.signing_key");
}

TEST(Configuration, AKeyEncryptionKeyNeedNotBeAFile) {
  for (const char* source : {"env:PAXID_KEK", "credential:kek", "/elsewhere/kek.bin"}) {
    const auto configuration = parse("[store]\nkek = \"" + std::string(source) + "\"\n");
    ASSERT_TRUE(configuration.has_value());
    EXPECT_EQ(configuration->store_kek, source);
  }
}

TEST_F(Files, AKeyEncryptionKeyInAVariable) {
  configuration_.store_kek = "env:PAXID_TEST_KEK";
  EXPECT_EQ(only_problem(), "store.kek");
  ::setenv("PAXID_TEST_KEK", "AAAA", 1);
  EXPECT_EQ(only_problem(), "store.kek");
  ::setenv("PAXID_TEST_KEK", (std::string(43, 'A') + "=").c_str(), 1);
  EXPECT_TRUE(check_files(configuration_).empty());
  ::unsetenv("PAXID_TEST_KEK");
  // Only the service is handed a credential; who checks the configuration is not.
  configuration_.store_kek = "credential:kek";
  configuration_.store_previous_kek = "credential:kek-previous";
  EXPECT_TRUE(check_files(configuration_).empty());
}

TEST_F(Files, EmptyAuthority) {
  std::ofstream(file("empty.pem")).close();
  configuration_.tls_client_ca = file("empty.pem");
  EXPECT_EQ(only_problem(), "tls.client_ca");
}

TEST_F(Files, RegistryThatIsNone) {
  configuration_.access_registry = file("ca.pem");
  EXPECT_EQ(only_problem(), "access.registry");
}

TEST_F(Files, PolicyThatIsNone) {
  configuration_.policy_directory = directory_;
  configuration_.policy_approvers = file("principals.toml");
  EXPECT_EQ(only_problem(), "policy.directory");
}

TEST_F(Files, PassKeysThatAreNone) {
  configuration_.passes_keys = file("principals.toml");
  EXPECT_EQ(only_problem(), "passes.keys");
}

TEST_F(Files, DirectoryIsNoFile) {
  configuration_.access_registry = directory_;
  EXPECT_EQ(only_problem(), "access.registry");
}

TEST_F(Files, EndlessFilesEndAtTheirLimits) {
  for (const auto member : {&Configuration::tls_certificate, &Configuration::tls_client_ca,
                            &Configuration::access_registry, &Configuration::policy_approvers}) {
    Configuration configuration = configuration_;
    configuration.policy_directory =
        member == &Configuration::policy_approvers ? directory_ : std::string();
    configuration.*member = "/dev/zero";
    const auto problems = check_files(configuration);
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(problems.front().code, base::ErrorCode::kResourceExhausted);
  }
}

}  // namespace
}  // namespace paxid::server
