// What may not leave the process: names in logs, errors and files, and a dump of its memory.

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <set>
#include <thread>

#include "base/base64.h"
#include "base/hex.h"
#include "tests/faults/sound.h"
#include "tests/integration/fixture.h"

namespace paxid::faults {
namespace {

using namespace integration;
namespace fs = std::filesystem;

// Letters that no text of the program has in this order.
constexpr std::string_view kSurname = "QUOXWZYBRANTIK";
constexpr std::string_view kGiven = "VJALQETHWIN";
constexpr std::string_view kNumber = "X8QZ74KJ1";
constexpr std::array kCanaries{kSurname, kGiven, kNumber};
constexpr int kClients = 32;

int requests_in_all() {
  const char* asked = std::getenv("PAXID_CANARY_REQUESTS");
  return asked == nullptr ? 10'000 : std::atoi(asked);
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : static_cast<char>(c);
  });
  return text;
}

// Every way a name could stand in a text: in either case, as hexadecimal digits, in base64 at each
// of its three places. All but the first from its middle, which no neighbour changes.
std::vector<std::string> forms_of(std::string_view canary) {
  std::vector<std::string> forms{lower(std::string(canary))};
  const auto bytes = [](std::string_view text) {
    return std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  };
  forms.push_back(base::to_hex(bytes(canary)));
  for (std::size_t skip = 0; skip < 3; ++skip) {
    std::string_view part = canary.substr(skip);
    part = part.substr(0, part.size() / 3 * 3);
    forms.push_back(lower(base::to_base64(bytes(part))));
  }
  return forms;
}

std::string found_in(const std::string& content) {
  const std::string text = lower(content);
  for (const std::string_view canary : kCanaries) {
    for (const std::string& form : forms_of(canary)) {
      if (text.find(form) != std::string::npos) return form;
    }
  }
  return {};
}

verification::Claim typed(verification::ClaimValue value) {
  return {verification::Source::kVisual, verification::CaptureMethod::kTyped,
          verification::Assurance::kAsserted, std::move(value)};
}

// A passenger with the names, sometimes with something wrong that holds them.
sdk::Request passenger(int number) {
  const std::string surname(kSurname), given(kGiven);
  sdk::Request request = request_of(surname + "/" + given + " MR", surname, given);
  request.claims.push_back(
      typed(verification::DocumentNumberClaim{base::PersonalText(std::string(kNumber))}));
  request.claims.push_back(typed(verification::IssuerClaim{"UTO"}));
  switch (number % 10) {
    case 1:
      request.claims.push_back(typed(verification::ZoneClaim{base::PersonalText(
          "P<UTO" + surname + "<<" + given + "<<<<<<\n" + std::string(kNumber))}));
      break;
    case 2:
      request.claims.push_back(
          {verification::Source::kBoardingPass, verification::CaptureMethod::kScanned,
           verification::Assurance::kAsserted,
           verification::PassClaim{base::PersonalText("M1" + surname + "/" + given)}});
      break;
    case 3:
      request.claims.push_back(typed(verification::NationalityClaim{surname}));
      break;
    case 4: {
      verification::PersonName name;
      name.surname = base::PersonalText(std::string(5000, 'A') + surname);
      request.claims.push_back(typed(verification::NameClaim{std::move(name)}));
      break;
    }
    case 5:
      request.request_id = surname;
      break;
    case 6:
      request.station = surname;
      break;
    case 7:
      request.claims.push_back(typed(verification::BookingNameClaim{
          base::PersonalText(std::string("\xff\xfe\x01") + surname)}));
      break;
    default:
      break;
  }
  return request;
}

// The page of figures, without TLS on this machine.
std::string metrics_page(const Site& site) {
  const std::string log = read_text(site.path("server.log"));
  const std::string key = "\"metrics_port\":";
  const std::size_t at = log.find(key);
  if (at == std::string::npos) return {};
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(log.substr(at + key.size()))));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  std::string page;
  const std::string request =
      "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
      ::send(fd, request.data(), request.size(), 0) == static_cast<ssize_t>(request.size())) {
    char buffer[4096];
    for (ssize_t got; (got = ::recv(fd, buffer, sizeof buffer, 0)) > 0;) {
      page.append(buffer, static_cast<std::size_t>(got));
    }
  }
  ::close(fd);
  return page;
}

void publish_metrics(const Site& site) {
  std::string text = read_text(site.configuration());
  const std::string section = "[listen]\n";
  text.replace(text.find(section), section.size(), section + "metrics_address = \"127.0.0.1:0\"\n");
  std::ofstream(site.configuration()) << text;
}

TEST(Secrecy, NamesAreInNoLogNoErrorNoFigureAndNoFileInTheClear) {
  const Site site;
  publish_metrics(site);
  std::mutex mutex;
  std::set<std::string> errors;
  std::atomic<int> next = 0, answered = 0, refused = 0;
  {
    ServerProcess server(site);
    std::vector<std::thread> clients;
    for (int c = 0; c < kClients; ++c) {
      clients.emplace_back([&] {
        const auto client = sdk::Client::connect(options_for(site, server, "k1"));
        for (int number = next++; number < requests_in_all(); number = next++) {
          sdk::Request request = passenger(number);
          auto answer = client->verify(request);
          if (answer && number % 10 == 8) {
            // Another request under the same id.
            request.station = "FRA";
            answer = client->verify(request);
          }
          if (answer) {
            ++answered;
            continue;
          }
          ++refused;
          const std::lock_guard lock(mutex);
          errors.insert(answer.error().message + " " + answer.error().field);
        }
      });
    }
    for (std::thread& client : clients) client.join();
    const std::string figures = metrics_page(site);
    EXPECT_NE(figures.find("paxid_records_total"), std::string::npos) << figures.substr(0, 200);
    EXPECT_EQ(found_in(figures), "") << "the figures";
    EXPECT_EQ(server.stop(), 0);
  }
  EXPECT_GT(answered, requests_in_all() / 5);
  EXPECT_GT(refused, requests_in_all() / 10);
  EXPECT_GE(errors.size(), 3U);
  for (const std::string& error : errors) EXPECT_EQ(found_in(error), "") << "an error text";
  const std::string log = read_text(site.path("server.log"));
  EXPECT_GT(log.size(), static_cast<std::size_t>(requests_in_all()));  // a line for each call
  EXPECT_EQ(found_in(log), "") << "the log";
  int files = 0;
  for (const char* directory : {"store", "keys"}) {
    for (const auto& file : fs::recursive_directory_iterator(site.path(directory))) {
      if (!file.is_regular_file()) continue;
      ++files;
      EXPECT_EQ(found_in(read_text(file.path().string())), "") << file.path().filename();
    }
  }
  EXPECT_GE(files, 6);
  expect_sound(site);
}

TEST(Secrecy, TheSearchFindsWhatItLooksFor) {
  for (const std::string_view canary : kCanaries) {
    const std::string text = "{\"name\":\"" + std::string(canary) + "\"}";
    const std::span<const std::uint8_t> bytes(reinterpret_cast<const std::uint8_t*>(text.data()),
                                              text.size());
    EXPECT_NE(found_in(text), "");
    EXPECT_NE(found_in(lower(text)), "");
    EXPECT_NE(found_in(base::to_hex(bytes)), "");
    for (std::size_t shift = 0; shift < 3; ++shift) {
      EXPECT_NE(found_in(base::to_base64(bytes.subspan(shift))), "") << shift;
    }
  }
  EXPECT_EQ(found_in("nobody"), "");
}

// Ends a process of this program's own kind by SIGSEGV, with every limit on dumps lifted, in an
// empty directory. What is left there, and whether the kernel says that it wrote a dump.
struct Crash {
  bool dumped = false;
  int files = 0;
};
Crash crash(const std::vector<std::string>& command, const std::string& directory,
            const std::string& port_file) {
  fs::create_directory(directory);
  const pid_t pid = ::fork();
  if (pid == 0) {
    rlimit limit{};
    ::getrlimit(RLIMIT_CORE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_CORE, &limit);
    if (::chdir(directory.c_str()) != 0) ::_exit(126);
    std::vector<char*> arguments;
    for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    // The sanitizer would catch the signal.
    ::setenv("ASAN_OPTIONS", "handle_segv=0:disable_coredump=0:use_sigaltstack=0", 1);
    ::execv(arguments[0], arguments.data());
    ::_exit(127);
  }
  if (!port_file.empty()) {
    while (!fs::exists(port_file)) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  } else {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
  ::kill(pid, SIGSEGV);
  int status = 0;
  ::waitpid(pid, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV) << status;
  Crash result;
  result.dumped = WCOREDUMP(status);
  for ([[maybe_unused]] const auto& file : fs::directory_iterator(directory)) ++result.files;
  return result;
}

TEST(Secrecy, ACrashLeavesNoDump) {
  const Site site;
  const Crash server =
      crash({PAXID_SERVER, "--config", site.configuration(), "--port-file", site.path("port")},
            site.path("server_crash"), site.path("port"));
  EXPECT_FALSE(server.dumped);
  EXPECT_EQ(server.files, 0);
  // A program without this protection is dumped here, unless the machine writes no dumps at all.
  rlimit permitted{};
  ASSERT_EQ(::getrlimit(RLIMIT_CORE, &permitted), 0);
  std::ifstream pattern("/proc/sys/kernel/core_pattern");
  std::string where;
  std::getline(pattern, where);
  const Crash other = crash({"/usr/bin/sleep", "60"}, site.path("other_crash"), "");
  EXPECT_EQ(other.dumped, !where.empty() && permitted.rlim_max > 0);
}

}  // namespace
}  // namespace paxid::faults
