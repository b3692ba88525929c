// Goal: a run in one process that is stopped, or killed, goes on with `tacit resume`, and leaves
// the digest, the metrics and the messages of the undisturbed run; whoever stops a run is told how
// it goes on.
// Method: shortened runs are cut off after one of their checkpoints, several times each.
#include <gtest/gtest.h>

#include "tests/support/checkpoint_watch.h"
#include "tests/support/child.h"

namespace tacit {
namespace {

using testing::CheckpointWatch;
using testing::Child;
using testing::TemporaryFolder;

struct Cut {
  std::string name;
  std::string text;  ///< of the experiment
  std::size_t agent_count;
};

void PrintTo(const Cut& cut, std::ostream* out) { *out << cut.name; }

const std::string kTime = "[time]\ncheckpoint_rounds = 40\n";

std::vector<Cut> cases() {
  return {
      {"grid",
       "system = 'grid'\n[run]\nagents = 7\n[graph]\nkind = 'small_world'\n[links]\n"
       "model = 'bernoulli'\nup_probability = 0.7\n" +
           kTime + "[grid]\npolicy = 'threshold'\nhours = 100000\nbenchmark = false\n",
       7},
      {"offload_coordinator",
       "system = 'offload'\n[run]\nagents = 4\n" + kTime +
           "[offload]\nmethod = 'iql'\nslots = 300000\nrecord_slots = 700\n",
       4},
      {"patrol",
       "system = 'patrol'\n[run]\nagents = 5\n[graph]\nkind = 'complete'\n[links]\n"
       "model = 'line_of_sight'\n" +
           kTime +
           "[patrol]\nrollouts = 1000\nrollout_steps = 60\n[patrol.training]\n"
           "steps_per_block = 1\nrounds = 0\nquality_runs = 1\nquality_steps = 60\n"
           "attempts_most = 1\n",
       5},
  };
}

class ResumeInProcess : public ::testing::TestWithParam<Cut> {
 protected:
  std::unique_ptr<Child> tacit(std::vector<std::string> words) {
    words.insert(words.begin(), testing::program("tacit"));
    return std::make_unique<Child>(words, folder.path());
  }
  std::unique_ptr<Child> start(const std::string& out) {
    const std::string file = folder.write("experiment.toml", GetParam().text);
    return tacit({"run", file, "--in-process", "--threads", "2", "--no-report", "--json", "--out",
                  out, "--policies", folder.path("policies")});
  }
  std::unique_ptr<Child> resume() { return tacit({"resume", "run", "--no-report", "--json"}); }

  /// Ends a run after so many more checkpoints. @return the exit code
  int cut_off(Child& run, int signal, std::uint64_t checkpoint_count = 1) {
    const CheckpointWatch watch(folder.path("run"));
    EXPECT_TRUE(watch.wait_for(checkpoint_count)) << run.output();
    run.send_signal(signal);
    return run.wait();
  }

  TemporaryFolder folder;
};

TEST_P(ResumeInProcess, EndsAsIfNothingHadHappened) {
  const auto whole = start("whole");
  ASSERT_LE(whole->wait(), 1) << whole->output();

  const auto first = start("run");
  ASSERT_TRUE(first->wait_for("run folder: ")) << first->output();
  ASSERT_EQ(cut_off(*first, SIGTERM), 143) << first->output();
  EXPECT_NE(first->output().find("'tacit resume run' goes on"), std::string::npos);
  const auto report = tacit({"report", "run"});
  EXPECT_EQ(report->wait(), 66) << report->output();
  EXPECT_NE(report->output().find("'tacit resume run'"), std::string::npos) << report->output();
  const auto second = resume();
  ASSERT_TRUE(second->wait_for("run folder: ")) << second->output();
  ASSERT_EQ(cut_off(*second, SIGKILL), 128 + SIGKILL) << second->output();
  const auto third = resume();
  ASSERT_LE(third->wait(), 1) << third->output();

  EXPECT_EQ(testing::digest_in(third->output()), testing::digest_in(whole->output()));
  const auto expect_same = [&](const std::string& file) {
    EXPECT_TRUE(testing::text_of(folder.path("run/" + file)) ==
                testing::text_of(folder.path("whole/" + file)))
        << file << " differs";
  };
  expect_same("messages.csv");
  for (std::size_t agent = 0; agent < GetParam().agent_count; ++agent) {
    for (const char* file : {"metrics.csv", "result.json", "messages.csv"}) {
      expect_same("agents/00" + std::to_string(agent) + "/" + file);
    }
  }
}

// What was written before a checkpoint is what the summary is made of.
TEST_P(ResumeInProcess, TakesMetricsOnlyAsItLeftThem) {
  if (GetParam().name != "grid") return;  // has a row in every round
  const auto whole = start("whole");
  ASSERT_LE(whole->wait(), 1) << whole->output();
  const auto run = start("run");
  ASSERT_TRUE(run->wait_for("run folder: ")) << run->output();
  ASSERT_EQ(cut_off(*run, SIGTERM, 2), 143) << run->output();
  std::filesystem::copy(folder.path("run"), folder.path("cut"),
                        std::filesystem::copy_options::recursive);

  const std::string file = "run/agents/003/metrics.csv";
  const std::string metrics = testing::text_of(folder.path(file));
  std::filesystem::resize_file(folder.path(file), metrics.size() - 1);
  const auto second = resume();
  ASSERT_LE(second->wait(), 1) << second->output();
  EXPECT_EQ(testing::digest_in(second->output()), testing::digest_in(whole->output()));
  EXPECT_TRUE(testing::text_of(folder.path(file)) ==
              testing::text_of(folder.path("whole/agents/003/metrics.csv")));

  std::filesystem::remove_all(folder.path("run"));
  std::filesystem::rename(folder.path("cut"), folder.path("run"));
  std::string wrong = metrics;
  wrong[wrong.find('\n') + 1] ^= 1;
  folder.write(file, wrong);
  const auto third = resume();
  EXPECT_EQ(third->wait(), 74) << third->output();
  EXPECT_NE(third->output().find("003/metrics.csv: is not what"), std::string::npos)
      << third->output();
}

INSTANTIATE_TEST_SUITE_P(Systems, ResumeInProcess, ::testing::ValuesIn(cases()),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace tacit
