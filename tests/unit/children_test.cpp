// Goal: programs that start leave each other room, and one that is killed while it gets further is
// always started again. Method: shell scripts that write down what they see.
#include "deploy/cli/children.h"

#include <gtest/gtest.h>

#include <sstream>

#include "agent/catalog.h"
#include "deploy/cli/run_status.h"
#include "tests/support/child.h"

namespace tacit {
namespace {

class ChildrenTest : public ::testing::Test {
 protected:
  ChildProgram script(const std::string& name, const std::string& text) const {
    return {name, {"/bin/sh", folder.write(name, text), folder.path()}, folder.path(name + ".log")};
  }

  /// A line is "ready PROGRAM" or "further PROGRAM"; the programs see that one was read.
  std::optional<ChildSign> sign_of(const std::string& line) {
    folder.write("heard", line);
    std::istringstream words(line);
    std::string event;
    ChildSign sign{};
    words >> event >> sign.program;
    sign.kind = event == "ready" ? ChildSign::Kind::ready : ChildSign::Kind::further;
    return sign;
  }

  void run(std::vector<ChildProgram> programs, std::size_t most_starting) {
    const StopSignals signals;
    const std::size_t count = programs.size();
    run_children({std::move(programs), count, [](const std::string&) {}, "stopped",
                  [&](const std::string& words) { restarts.push_back(words); },
                  [&](const std::string& line) { return sign_of(line); }, most_starting},
                 signals);
  }

  testing::TemporaryFolder folder;
  std::vector<std::string> restarts;
};

TEST_F(ChildrenTest, NobodyIsStartedBeforeThoseBeforeItAreReady) {
  // A word of the first is read when all are started that need not wait: each has a log from then
  // on. It lives until the second is there.
  const std::string first =
      "cd $1\necho 'further 0' >&3\nuntil [ -e heard ]; do /bin/ls / >/dev/null; done\n"
      "[ -e second.log ] && touch too-soon\necho 'ready 0' >&3\n"
      "until [ -e second-came ]; do /bin/ls / >/dev/null; done\n";
  run({script("first", first), script("second", "touch $1/second-came\n")}, 1);
  EXPECT_FALSE(std::filesystem::exists(folder.path("too-soon")));
}

TEST_F(ChildrenTest, WhoGetsFurtherBetweenItsDeathsIsAlwaysStartedAgain) {
  run({script("mortal",
              "echo >>$1/lives\necho 'further 0' >&3\n"
              "[ $(wc -l <$1/lives) -gt 30 ] && exit 0\nkill -KILL $$\n")},
      1);
  EXPECT_EQ(restarts.size(), 30u);
  // Its last line may be read after its death.
  for (const std::string& words : restarts) {
    EXPECT_EQ(words.find("(3 of 10)"), std::string::npos) << words;
  }
}

TEST(RunStatusSigns, OnlyARoundThatItNeverReachedIsFurther) {
  const testing::TemporaryFolder folder;
  RunStatus status(Experiment::load(folder.write("a.toml", "system = 'offload'\n"), {}, systems()));
  const auto sign_of = [&](const std::string& line) {
    const auto sign = status.sign_of(line);
    status.on_line(line);
    return sign;
  };
  EXPECT_EQ(sign_of("here 3 0")->kind, ChildSign::Kind::ready);
  EXPECT_EQ(sign_of("here 3 0")->program, 3u);
  EXPECT_EQ(sign_of("round 3 7")->kind, ChildSign::Kind::further);
  EXPECT_FALSE(sign_of("round 3 5").has_value()) << "it was killed, and goes on from a checkpoint";
  EXPECT_FALSE(sign_of("round 3 7").has_value());
  EXPECT_EQ(sign_of("round 3 8")->kind, ChildSign::Kind::further);
  EXPECT_FALSE(sign_of("start 3 0").has_value());
  EXPECT_FALSE(sign_of("here 4711 0").has_value());
}

}  // namespace
}  // namespace tacit
