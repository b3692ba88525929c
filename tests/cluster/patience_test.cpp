// Goal: who is gone is waited for without losing a bit, or gone on without, and then the result
// says that it cannot be repeated; by the clock, runs last as long as their ticks. Method: real
// processes, SIGSTOP of one of them until the others have noticed.
#include <gtest/gtest.h>
#include <signal.h>

#include <fstream>

#include "tests/support/child.h"

namespace tacit {
namespace {

using testing::Child;
using testing::TemporaryFolder;

const std::string kGrid =
    "system = 'grid'\n[run]\nagents = 4\n[graph]\nkind = 'complete'\n"
    "[grid]\npolicy = 'threshold'\nbenchmark = false\nweights = 'random_walk'\n";

std::vector<std::string> run_words(std::vector<std::string> options) {
  options.insert(options.begin(),
                 {testing::program("tacit"), "run", "experiment.toml", "--no-report", "--json"});
  return options;
}

class Patience : public ::testing::Test {
 protected:
  void write(const std::string& text) { std::ofstream(folder.path("experiment.toml")) << text; }

  /// Until the log of an agent holds `text`; the run itself ends before it could be for ever.
  ::testing::AssertionResult logs(const std::string& agent, const std::string& text, Child& run) {
    while (testing::text_of(folder.path("run/agents/" + agent + "/log")).find(text) ==
           std::string::npos) {
      Child reader({"/usr/bin/tail", "-n", "+1", "run/agents/" + agent + "/log"}, folder.path());
      reader.wait();
      if (kill(run.pid(), 0) != 0) return ::testing::AssertionFailure() << run.output();
    }
    return ::testing::AssertionSuccess();
  }

  /// Stops agent 1 until agent 0 has said `text`. @return summary.json
  std::string run_with_a_stop(const std::string& on_overdue, const std::string& text) {
    Child run(run_words({"-s", "grid.hours=15000", "-s", "time.gone_deadline_s=1", "-s",
                         "time.on_overdue=" + on_overdue, "--out", "run"}),
              folder.path());
    EXPECT_TRUE(run.wait_for("4 of 4 processes past the start barrier")) << run.output();
    pid_t agent = 0;
    std::ifstream(folder.path("run/agents/001/lock")) >> agent;
    kill(agent, SIGSTOP);
    EXPECT_TRUE(logs("000", text, run));
    kill(agent, SIGCONT);
    EXPECT_LE(run.wait(), 1) << run.output();
    return testing::text_of(folder.path("run/summary.json"));
  }

  TemporaryFolder folder;
};

TEST_F(Patience, WaitingLosesNothing) {
  write(kGrid);
  Child whole(run_words({"-s", "grid.hours=15000", "--in-process", "--out", "whole"}),
              folder.path());
  ASSERT_LE(whole.wait(), 1) << whole.output();
  const std::string summary = run_with_a_stop("wait", "has waited for agent 1");
  EXPECT_EQ(testing::digest_in(summary), testing::digest_in(whole.output()));
  EXPECT_NE(summary.find("\"reproducible\": true"), std::string::npos);
}

TEST_F(Patience, GoingOnWithoutIsSaid) {
  write(kGrid);
  const std::string summary = run_with_a_stop("close", "agent 1 is gone");
  EXPECT_NE(summary.find("\"reproducible\": false"), std::string::npos) << summary;
}

TEST_F(Patience, TheClockPacesRounds) {
  const std::string offload =
      "system = 'offload'\n[run]\nagents = 4\n[offload]\nq_steps = 2000\n"
      "evaluation_slots = 200\nlambda_updates = 2\nslow_steps = 5\n";
  const std::string realtime = "[time]\nmode = 'realtime'\ntick_ms = 5\nstaleness_rounds = 3\n";
  const std::string patrol =
      "system = 'patrol'\n[run]\nagents = 3\n[graph]\nkind = 'complete'\n"
      "[links]\nmodel = 'line_of_sight'\n[patrol]\n"
      "code = 'list'\nrollouts = 3\nrollout_steps = 30\ntraining = {steps_per_block = 1, "
      "rounds = 0, quality_runs = 1, quality_steps = 30, attempts_most = 1}\n";
  for (const std::string& text :
       {kGrid + "hours = 100\n", offload, offload + "sums = 'graph'\n", patrol}) {
    SCOPED_TRACE(text);
    write(text + realtime);
    const auto start = std::chrono::steady_clock::now();
    Child run(run_words({"--out", "run"}), folder.path());
    EXPECT_LE(run.wait(), 1) << run.output();
    const auto passed = std::chrono::steady_clock::now() - start;
    const std::string summary = testing::text_of(folder.path("run/summary.json"));
    const auto at = summary.find("\"rounds\": ");
    ASSERT_NE(at, std::string::npos) << run.output();
    EXPECT_GE(passed, std::stol(summary.substr(at + 10)) * std::chrono::milliseconds(5));
    EXPECT_NE(summary.find("\"reproducible\": false"), std::string::npos);
    std::filesystem::remove_all(folder.path("run"));
  }
}

TEST_F(Patience, WhatNeedsEveryFrameRefusesToGoOnWithout) {
  for (const std::string& text :
       {std::string("system = 'patrol'\n[time]\non_overdue = 'close'\n"),
        std::string("system = 'grid'\n[grid]\nweights = 'metropolis'\n[time]\n"
                    "mode = 'realtime'\ntick_ms = 5\n")}) {
    write(text);
    Child run(run_words({"--out", "run"}), folder.path());
    EXPECT_EQ(run.wait(), 78) << run.output();
  }
}

}  // namespace
}  // namespace tacit
