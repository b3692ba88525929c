// Goal: a limit of the system is an error that names it, not a crash; nothing that could not be
// written passes for done; and closed standard streams change no file.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/support/child.h"

namespace tacit {
namespace {

using testing::Child;
using testing::TemporaryFolder;

class Limits : public ::testing::Test {
 protected:
  /// Runs a line of shell in which $T is the folder of the programs and $E an experiment.
  void expect(const std::string& line, int code, const std::vector<std::string>& words,
              std::vector<std::string> before = {}) {
    const std::string programs =
        std::filesystem::path(testing::program("tacit")).parent_path().string();
    before.insert(before.end(), {"/bin/sh", "-c", "T=" + programs + "; E=" + file_ + "\n" + line});
    Child child(before, folder_.path());
    EXPECT_EQ(child.wait(), code) << line << '\n' << child.output();
    for (const std::string& word : words) {
      EXPECT_NE(child.output().find(word), std::string::npos)
          << line << ": '" << word << "' is missing in:\n"
          << child.output();
    }
    EXPECT_EQ(child.output().find("internal error"), std::string::npos) << child.output();
  }

  TemporaryFolder folder_;
  std::string file_ = folder_.write(
      "small.toml", "system = \"offload\"\n[run]\nagents = 2\n[offload]\nslow_steps = 1\n");
};

TEST_F(Limits, WhatStandardOutputDoesNotTakeIsNotDone) {
  folder_.write("i.json", R"({"agents":[{"M":15,"B":15,"minH":0,"maxH":2,"minC":1,"maxC":7,
      "gamma":0.95,"deficit_rule":"wait_or_offload","beta":"uniform"}],"alpha":1,"theta":[0.1]})");
  folder_.write("d.csv", "t,hour,price_per_kwh,demand_kwh_1,solar_kwh_1\n0,24,0.2,1,0\n");
  const std::string lost = "standard output cannot be written";
  for (const std::string command :
       {"$T/tacit config show $E", "$T/tacit config check $E", "$T/tacit graph $E",
        "$T/tacit graph $E --json", "$T/tacit graph $E --graphml", "$T/tacit solve i.json",
        "$T/tacit data check d.csv", "$T/tacit --help", "$T/tacit version", "$T/tacit -V",
        "$T/tacit launch --on slurm --render $E", "$T/tacit chaos $E --seeds 1 --faults 1",
        "$T/tacit sweep $E --out swept", "$T/tacit-agent --help", "$T/tacit-coordinator -V",
        "$T/tacit run $E --in-process --no-report --json --out run", "$T/tacit report run"}) {
    expect(command + " >/dev/full", 74, {lost});
  }
  expect("$T/tacit config show $E >&-", 74, {lost});
}

TEST_F(Limits, ClosedStreamsGetNoFilesNumbers) {
  const std::string lines =
      "exec <&- 2>&-\n"
      "$T/tacit-coordinator --experiment $E --rendezvous met & c=$!\n"
      "$T/tacit-agent --id 0 --experiment $E --rendezvous met & a=$!\n"
      "$T/tacit-agent --id 1 --experiment $E --rendezvous met -s run.agents=2 || exit 1\n"
      "wait $a && wait $c";
  expect(lines, 0, {});
  std::size_t locks = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path("met"))) {
    if (!entry.path().string().ends_with("lock")) continue;
    const std::string text = testing::text_of(entry.path().string());
    EXPECT_EQ(std::ranges::count(text, '\n'), 1) << entry.path() << ":\n" << text;
    ++locks;
  }
  EXPECT_GE(locks, 3u);
  expect("exec <&- 2>&-; $T/tacit run $E --out run", 0, {});
}

TEST_F(Limits, FilesThatMayNotGrow) {
  expect("ulimit -f 1; $T/tacit run $E --in-process --out one", 74,
         {"File too large", "ulimit -f"});
  expect("ulimit -f 1; $T/tacit run $E --out two", 74, {"File too large"});
  expect("ulimit -f 0; $T/tacit-agent --id 0 --experiment $E --rendezvous met", 74,
         {"File too large"});
}

TEST_F(Limits, TooFewDescriptors) {
  const std::string alone = "exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-; ";  // of whoever runs tests
  for (int limit = 4; limit < 24; ++limit) {  // each fails at another place
    const std::string most = std::to_string(limit);
    expect(alone + "ulimit -n " + most + "; $T/tacit run $E --out n" + most, 74, {"ulimit"});
  }
  expect(alone + "ulimit -n 12; $T/tacit-agent --id 0 --experiment $E --rendezvous met", 74,
         {"ulimit"});
}

TEST_F(Limits, NoThreadsAndProcesses) {
  if (!std::filesystem::exists("/usr/bin/prlimit")) GTEST_SKIP() << "no prlimit";
  std::vector<std::string> before;
  if (geteuid() == 0) {  // who may do everything has no such limit
    if (!std::filesystem::exists("/usr/bin/setpriv")) GTEST_SKIP() << "no setpriv";
    before = {"/usr/bin/setpriv", "--reuid=54321", "--regid=54321", "--clear-groups"};
    chmod(folder_.path().c_str(), 0777);
  }
  before.insert(before.end(), {"/usr/bin/prlimit", "--nproc=1"});
  for (const std::string command :
       {"tacit run $E --in-process --out one", "tacit run $E --out two",
        "tacit sweep $E --out three", "tacit-coordinator --experiment $E --out four"}) {
    expect("exec $T/" + command, 74, {"ulimit -u"}, before);
  }
}

}  // namespace
}  // namespace tacit
