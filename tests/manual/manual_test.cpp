#include "manual/manual.h"

#include <gtest/gtest.h>

#include <string>

namespace paxid::manual {
namespace {

// One of each: flag, option with a default, positional, nested command, hidden command and option.
struct Program {
  CLI::App app{"Reads things.", "reader"};
  int count = 3;
  std::string file;
  bool flag = false;
  bool secret = false;

  Program() {
    app.add_option("-n,--count", count, "How many")->capture_default_str();
    app.add_flag("--secret", secret, "Nobody's business")->group("");
    CLI::App* page = app.add_subcommand("page", "Reads one page");
    page->add_option("FILE", file, "Which\\one")->required();
    page->footer("Example:\n.start\n  reader page a.txt");
    page->add_subcommand("turn", "Turns it")->add_flag("--fast", flag, "Quickly");
    app.add_subcommand("hidden", "Not to be seen")->group("");
  }
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(ManPage, DescribesEveryCommandAndOptionThatIsShown) {
  Program program;
  const std::string page = man_page(program.app, "1.2.3", Section::kUserCommands);
  EXPECT_TRUE(page.starts_with(".TH READER 1 \"\" \"paxid 1.2.3\" \"User Commands\"\n"));
  EXPECT_TRUE(has(page, "reader \\- Reads things."));
  EXPECT_TRUE(has(page, "\\-\\-count"));
  EXPECT_TRUE(has(page, "How many [3]"));
  EXPECT_TRUE(has(page, ".SS reader page\n"));
  EXPECT_TRUE(has(page, ".SS reader page turn\n"));
  EXPECT_TRUE(has(page, "\\-\\-fast"));
  EXPECT_FALSE(has(page, "secret"));
  EXPECT_FALSE(has(page, "hidden"));
}

TEST(ManPage, TextCannotBecomeARequest) {
  Program program;
  const std::string page = man_page(program.app, "1", Section::kAdministration);
  EXPECT_TRUE(has(page, "\n\\&.start\n"));
  EXPECT_TRUE(has(page, "Which\\eone"));
  EXPECT_TRUE(has(page, "READER 8"));
}

TEST(Completion, KnowsWhatMayFollowEachCommand) {
  Program program;
  const std::string script = bash_completion(program.app);
  EXPECT_TRUE(has(script, "'reader') words='page --help --count'"));
  EXPECT_TRUE(has(script, "'reader page turn') words='--help --fast'"));
  EXPECT_TRUE(has(script, "'reader page'|'reader page turn')"));
  EXPECT_FALSE(has(script, "hidden"));
}

TEST(Manual, HiddenOptionsPrintAndEnd) {
  Program program;
  add_to(program.app, "1.2.3", Section::kUserCommands);
  program.app.require_subcommand(1);
  testing::internal::CaptureStdout();
  EXPECT_THROW(program.app.parse("--print-man-page", false), CLI::Success);
  EXPECT_TRUE(testing::internal::GetCapturedStdout().starts_with(".TH READER"));
  testing::internal::CaptureStdout();
  EXPECT_THROW(program.app.parse("--print-completion", false), CLI::Success);
  EXPECT_TRUE(has(testing::internal::GetCapturedStdout(), "complete -o default -F _reader reader"));
}

}  // namespace
}  // namespace paxid::manual
