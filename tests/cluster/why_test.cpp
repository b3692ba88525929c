// Goal: in a run where one process stands still, `tacit why` names it, from what the live processes
// say, and says so no more once it goes on. Method: SIGSTOP and SIGCONT of one agent.
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <fstream>

#include "tests/support/child.h"

namespace tacit {
namespace {

using testing::Child;

constexpr std::chrono::seconds kPatience{60};

/// Asks until the answer holds `text`, or does not any more.
::testing::AssertionResult why_says(const std::string& text, bool wanted,
                                    const std::string& folder) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  std::string last;
  while (std::chrono::steady_clock::now() < deadline) {
    Child why({testing::program("tacit"), "why", "run"}, folder);
    if (why.wait() != 0) return ::testing::AssertionFailure() << why.output();
    last = why.output();
    if ((last.find(text) != std::string::npos) == wanted) return ::testing::AssertionSuccess();
  }
  return ::testing::AssertionFailure() << last;
}

TEST(Why, NamesWhoStandsStill) {
  const testing::TemporaryFolder folder;
  std::ofstream(folder.path("experiment.toml"))
      << "system = 'grid'\n[run]\nagents = 4\n[graph]\nkind = 'complete'\n"
         "[grid]\npolicy = 'threshold'\nhours = 1000000\nbenchmark = false\n";
  Child run({testing::program("tacit"), "run", "experiment.toml", "--no-report", "--out", "run"},
            folder.path());
  ASSERT_TRUE(run.wait_for("4 of 4 processes past the start barrier")) << run.output();
  pid_t agent = 0;
  std::ifstream(folder.path("run/agents/001/lock")) >> agent;
  ASSERT_GT(agent, 0);

  kill(agent, SIGSTOP);
  EXPECT_TRUE(why_says("because of agent 1, which is stopped", true, folder.path()));
  EXPECT_TRUE(why_says("agent 0  waiting  running round ", true, folder.path()));
  kill(agent, SIGCONT);
  EXPECT_TRUE(why_says("waiting", false, folder.path()));

  run.send_signal(SIGTERM);
  EXPECT_EQ(run.wait(), 143) << run.output();
  EXPECT_TRUE(why_says("agent 1  absent", true, folder.path()));
}

}  // namespace
}  // namespace tacit
