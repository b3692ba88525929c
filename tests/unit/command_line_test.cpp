// Goal: what people type is taken as it stands or refused with the remedy, and what is printed of
// it cannot move a terminal's cursor or pass for a line of its own.
#include "common/process/command_line.h"

#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <csignal>
#include <limits>
#include <system_error>

#include "common/base/printable.h"
#include "common/base/seconds.h"
#include "common/base/system_limits.h"
#include "common/base/whole_number.h"
#include "common/process/host_lookup.h"
#include "common/process/number_option.h"
#include "common/transport/endpoint.h"
#include "deploy/cli/private_folder.h"
#include "tests/support/temporary_folder.h"

namespace tacit {
namespace {

using testing::TemporaryFolder;

TEST(WholeNumber, IsDecimalDigitsAndNothingElse) {
  EXPECT_EQ(whole_number("0"), 0);
  EXPECT_EQ(whole_number("10"), 10);
  EXPECT_EQ(whole_number("-10"), -10);
  EXPECT_EQ(whole_number("9223372036854775807"), std::numeric_limits<std::int64_t>::max());
  for (const char* text : {"", "-", "010", "00", "-0", "-01", "0x10", "0b1", "+1", " 1", "1 ",
                           "1.0", "1e3", "1'000", "9223372036854775808", "ten", "1\n"}) {
    EXPECT_EQ(whole_number(text), std::nullopt) << "'" << text << "'";
  }
}

/// The value of --n after these words; nothing if they are refused.
template <typename Value>
std::optional<Value> parsed(std::vector<std::string> words, WholeRange range) {
  CLI::App app;
  Value value{};
  add_number(app, "--n", value, range, "");
  refuse_empty_values(app);
  std::ranges::reverse(words);  // as CLI11 takes them
  try {
    app.parse(words);
  } catch (const CLI::ParseError& error) {
    EXPECT_NE(std::string(error.what()).find("--n"), std::string::npos) << error.what();
    return std::nullopt;
  }
  return value;
}

TEST(NumberOption, TakesWhatItsRangeHolds) {
  EXPECT_EQ(parsed<std::size_t>({"--n", "10"}, {1, 10}), 10u);
  EXPECT_EQ(parsed<int>({"--n", "-1"}, {-1, 10}), -1);
  EXPECT_EQ(parsed<std::optional<std::uint64_t>>({"--n=9007199254740992"}, {0, kExactMost}),
            std::uint64_t{1} << 53);
  EXPECT_EQ(parsed<std::optional<std::uint64_t>>({}, {0, kExactMost})->has_value(), false);
  for (const char* text : {"0", "11", "-1", "010", "", "0x1", "1.0"}) {
    EXPECT_EQ(parsed<std::size_t>({"--n", text}, {1, 10}), std::nullopt) << text;
  }
  EXPECT_EQ(parsed<std::uint64_t>({"--n", "9007199254740993"}, {0, kExactMost}), std::nullopt);
}

TEST(CommandLine, NoOptionTakesEmptyText) {
  CLI::App app;
  std::string text;
  std::vector<std::string> texts;
  std::string place;
  bool flag = false;
  CLI::App* command = app.add_subcommand("run", "");
  command->add_option("--out", text, "");
  command->add_option("-s", texts, "")->allow_extra_args(false);
  command->add_option("file", place, "");
  command->add_flag("--json", flag, "");
  refuse_empty_values(app);
  const auto parse = [&](std::vector<std::string> words) {
    std::ranges::reverse(words);
    app.parse(words);
  };
  EXPECT_NO_THROW(parse({"run", "--out", "a", "-s", "b", "--json", ""}));
  EXPECT_THROW(parse({"run", "--out", ""}), CLI::ParseError);
  EXPECT_THROW(parse({"run", "-s", "a", "-s", ""}), CLI::ParseError);
}

TEST(Endpoint, HasAHostAndAPortThatExist) {
  const auto tcp = [](const std::string& text, std::uint16_t least = 0) {
    return parse_endpoint(text, least).value();
  };
  EXPECT_EQ(tcp("tcp://127.0.0.1:5555").host, "127.0.0.1");
  EXPECT_EQ(tcp("tcp://127.0.0.1:65535").port, 65535);
  EXPECT_EQ(tcp("tcp://[2001:db8::1]:0").host, "2001:db8::1");
  EXPECT_EQ(tcp("tcp://*:0").host, "*");
  EXPECT_EQ(parse_endpoint("ipc:///tmp/x", 0), std::nullopt);
  for (const char* text :
       {"tcp://127.0.0.1:65536", "tcp://127.0.0.1:99999", "tcp://127.0.0.1:-1",
        "tcp://127.0.0.1:010", "tcp://127.0.0.1:", "tcp://127.0.0.1", "tcp://:5555",
        "tcp://2001:db8::1:5555", "tcp://[]:5555", "tcp://a b:5555", "tcp://a\n:5555",
        "tcp://a/b:5555", "tcp://a\x1b[1m:5555", "udp://a:1", "a:5555", "", "ipc://"}) {
    EXPECT_THROW(parse_endpoint(text, 0), InputError) << text;
  }
  EXPECT_THROW(parse_endpoint("tcp://127.0.0.1:0", 1), InputError) << "nobody receives at 0";
  EXPECT_THROW(parse_endpoint("ipc://" + std::string(108, 'p'), 0), InputError);
}

TEST(HostLookup, KnowsThisMachineAndRefusesWhatIsNone) {
  EXPECT_EQ(look_up("127.0.0.1"), "");
  EXPECT_EQ(look_up("::1"), "");
  // No name service is asked for a label of more than 63 letters.
  EXPECT_THROW(look_up(std::string(70, 'a') + ".example"), InputError);
}

TEST(Printable, LettersStayAndCommandsDoNot) {
  for (const char* text : {"run 7", "naïve", "東京", "µ", "a\\b", "😀"}) {
    EXPECT_TRUE(is_printable(text)) << text;
    EXPECT_EQ(printable(text), text);
  }
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"\x1b[2J", "\\x1b[2J"},                       // ESC
      {"a\rb", "a\\x0db"},                           // to the line's beginning
      {"\xc2\x9b", "\\xc2\\x9b"},                    // the one-letter form of ESC [
      {"\x7f", "\\x7f"},                             // delete
      {"a\nb", "a\\x0ab"},                           // a forged line
      {"\xe2\x80\xae", "\\xe2\\x80\\xae"},           // from right to left
      {"\xff", "\\xff"},                             // not UTF-8
      {"\xc0\x8a", "\\xc0\\x8a"},                    // a line break in two bytes
      {"\xed\xa0\x80", "\\xed\\xa0\\x80"},           // half of a pair
      {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},  // beyond Unicode
      {"\xe6\x9d", "\\xe6\\x9d"},                    // cut off
      {std::string("\0", 1), "\\x00"},
  };
  for (const auto& [text, shown] : cases) {
    EXPECT_FALSE(is_printable(text)) << shown;
    EXPECT_EQ(printable(text), shown);
  }
  EXPECT_EQ(printable("failed:\n  one\n  two"), "failed:\n  one\n  two") << "a message's own lines";
  EXPECT_EQ(printable("a\n b"), "a\\x0a b");
}

TEST(InSeconds, KeepsWhatIsBehindThePoint) {
  using std::chrono::milliseconds;
  EXPECT_EQ(in_seconds(milliseconds(100)), "0.1 s");
  EXPECT_EQ(in_seconds(milliseconds(2500)), "2.5 s");
  EXPECT_EQ(in_seconds(milliseconds(3000)), "3 s");
  EXPECT_EQ(in_seconds(milliseconds(59'900)), "59 s");
  EXPECT_EQ(in_seconds(std::chrono::hours(1)), "3600 s");
}

TEST(SystemLimits, AreNamedAndNoBugOfOurs) {
  const auto said = [](const auto& error) {
    return as_input_error(std::make_exception_ptr(error));
  };
  const auto refused = [](int number) { return std::system_error(number, std::system_category()); };
  EXPECT_EQ(said(refused(EAGAIN)).code(), ExitCode::run_folder);
  EXPECT_NE(std::string(said(refused(EAGAIN)).what()).find("ulimit -u"), std::string::npos);
  EXPECT_EQ(said(refused(EMFILE)).code(), ExitCode::run_folder);
  EXPECT_NE(std::string(said(refused(EMFILE)).what()).find("ulimit -n"), std::string::npos);
  EXPECT_EQ(said(std::system_error(EMFILE, std::generic_category())).code(), ExitCode::run_folder);
  EXPECT_EQ(said(std::bad_alloc()).code(), ExitCode::run_folder);
  EXPECT_EQ(said(refused(EDOM)).code(), ExitCode::internal);
  EXPECT_EQ(said(std::runtime_error("x")).code(), ExitCode::internal);
  EXPECT_EQ(said(InputError(ExitCode::usage, "x")).code(), ExitCode::usage);
  EXPECT_EQ(said("no exception").code(), ExitCode::internal);
}

class PrivateFolders : public ::testing::Test {
 protected:
  PrivateFolders() { setenv("TMPDIR", parent_.path().c_str(), 1); }
  ~PrivateFolders() override {
    before_.empty() ? unsetenv("TMPDIR") : setenv("TMPDIR", before_.c_str(), 1);
  }
  bool has(const std::string& name) const { return std::filesystem::exists(parent_.path(name)); }

  std::string before_ = std::getenv("TMPDIR") == nullptr ? "" : std::getenv("TMPDIR");
  TemporaryFolder parent_;
};

TEST_F(PrivateFolders, ThoseOfKilledProgramsGoWithTheNextOne) {
  const std::vector<std::string> left{".tacit-private-a1B2c3", ".tacit-private-open12",
                                      "tacit-output", "elsewhere"};
  for (const std::string& name : left) {
    std::filesystem::create_directories(parent_.path(name + "/sub"));
    chmod(parent_.path(name).c_str(), name == ".tacit-private-open12" ? 0755 : 0700);
  }
  parent_.write(".tacit-private-a1B2c3/sub/secret", "x");
  parent_.write(".tacit-private-a1B2c4", "a file");
  std::filesystem::create_directory_symlink(parent_.path("elsewhere"),
                                            parent_.path(".tacit-private-a1B2c5"));
  const PrivateFolder first;
  EXPECT_FALSE(has(".tacit-private-a1B2c3"));
  for (const char* name : {".tacit-private-open12", "tacit-output/sub", ".tacit-private-a1B2c4",
                           ".tacit-private-a1B2c5", "elsewhere/sub"}) {
    EXPECT_TRUE(has(name)) << name;
  }
  std::filesystem::path place;
  {
    const PrivateFolder second;
    place = second.path();
    EXPECT_NE(place, first.path());
    EXPECT_TRUE(std::filesystem::exists(first.path())) << "it is in use";
    EXPECT_TRUE(std::filesystem::exists(place));
  }
  EXPECT_FALSE(std::filesystem::exists(place));
}

}  // namespace
}  // namespace tacit
