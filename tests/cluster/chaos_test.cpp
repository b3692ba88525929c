// Goal: whatever fails in a run, in one process or in many, it ends with the bits, the metrics and
// the messages of the undisturbed one. Method: `tacit chaos` on shortened runs of the systems until
// 10^5 faults were simulated; one plan per system with real processes; runs whose packets come
// twice and damaged.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/support/child.h"

namespace tacit {
namespace {

using testing::Child;
using testing::TemporaryFolder;

struct Experiment {
  std::string name;
  std::string text;
  std::uint64_t seed_count;
};

void PrintTo(const Experiment& experiment, std::ostream* out) { *out << experiment.name; }

const std::string kTime = "[time]\ncheckpoint_rounds = 20\n";
const std::string kBernoulli = "[links]\nmodel = 'bernoulli'\nup_probability = 0.7\n";

std::vector<Experiment> experiments() {
  return {
      {"offload_iql",
       "system = 'offload'\n[run]\nagents = 4\n" + kTime +
           "[offload]\nmethod = 'iql'\nslots = 300\nrecord_slots = 7\n",
       20},
      {"grid",
       "system = 'grid'\n[run]\nagents = 7\n[graph]\nkind = 'small_world'\n" + kBernoulli + kTime +
           "[grid]\npolicy = 'threshold'\nhours = 300\nbenchmark = false\n",
       20},
      {"grid_from_the_start",  // who is killed has no checkpoint: longer ways back than the window
       "system = 'grid'\n[run]\nagents = 7\n[graph]\nkind = 'small_world'\n"
       "[grid]\npolicy = 'threshold'\nhours = 100\nbenchmark = false\n",
       20},
      {"patrol",
       "system = 'patrol'\n[run]\nagents = 5\n[graph]\nkind = 'complete'\n[links]\n"
       "model = 'line_of_sight'\n" +
           kTime +
           "[patrol]\nrollouts = 4\nrollout_steps = 60\n[patrol.training]\nsteps_per_block = 1\n"
           "rounds = 0\nquality_runs = 1\nquality_steps = 60\nattempts_most = 1\n",
       20},
  };
}

class ChaosTest : public ::testing::TestWithParam<Experiment> {
 protected:
  ChaosTest() { std::ofstream(file) << GetParam().text; }

  nlohmann::json chaos(const std::vector<std::string>& options) {
    std::vector<std::string> words{
        testing::program("tacit"), "chaos", file, "--json", "--policies", "policies"};
    words.insert(words.end(), options.begin(), options.end());
    Child child(words, folder.path());
    const int code = child.wait();
    EXPECT_EQ(code, 0) << child.output();
    const auto begin = child.output().find("{\n");
    if (begin == std::string::npos) return {};
    return nlohmann::json::parse(child.output().substr(begin), nullptr, false);
  }

  std::string digest(const std::vector<std::string>& options) {
    std::vector<std::string> words{
        testing::program("tacit"), "run", file, "--json", "--no-report", "--policies", "policies"};
    words.insert(words.end(), options.begin(), options.end());
    Child child(words, folder.path());
    const int code = child.wait();
    EXPECT_TRUE(code == 0 || code == 1) << child.output();
    return testing::digest_in(child.output());
  }

  const TemporaryFolder folder;
  const std::string file = folder.path("experiment.toml");
};

TEST_P(ChaosTest, NothingIsLostInOneProcess) {
  const auto outcome = chaos({"--seeds", std::to_string(GetParam().seed_count)});
  ASSERT_TRUE(outcome.is_object());
  EXPECT_EQ(outcome["seeds"], GetParam().seed_count);
  EXPECT_GT(outcome["faults"], 100'000 / 3) << outcome.dump(2);
  for (const char* const kind :
       {"kill.handshake", "kill.exchange", "kill.training", "kill.checkpoint", "kill.end",
        "pause.exchange", "delay", "duplicate", "corrupt", "break", "partition",
        "whole_cluster_death"}) {
    EXPECT_TRUE(outcome["counts"].contains(kind)) << kind;
  }
}

TEST_P(ChaosTest, NothingIsLostByProcesses) {
  const auto outcome = chaos({"--seeds", "1", "--faults", "6", "--processes"});
  ASSERT_TRUE(outcome.is_object());
  EXPECT_GT(outcome["faults"], 1);
}

TEST_P(ChaosTest, PlannedFaultsAreTheSameVocabularyForBoth) {
  const std::string expected = digest({"--in-process", "--out", "calm"});
  const std::string faults =
      "faults=[{kind=\"duplicate\",probability=0.2},{kind=\"corrupt\",probability=0.01},"
      "{kind=\"kill\",process=1,round=40,restart_after_ms=200},"
      "{kind=\"kill\",process=1,phase=\"training\",round=45},"
      "{kind=\"pause\",process=2,from=30,to=35,length_ms=5},"
      "{kind=\"pause\",process=2,phase=\"checkpoint\",round=20,length_ms=20},"
      "{kind=\"pause\",process=0,phase=\"handshake\",length_ms=20}]";
  for (const bool in_process : {true, false}) {
    const std::string run = in_process ? "one" : "many";
    SCOPED_TRACE(run);
    std::vector<std::string> options{"-s", faults, "--out", run};
    if (in_process) options.emplace_back("--in-process");
    EXPECT_EQ(digest(options), expected);
    const std::string happened = testing::text_of(folder.path(run + "/agents/001/faults.csv"));
    for (const char* const line : {"kill,exchange,1,40,40,1\n", "duplicate,,1,,", "corrupt,,1,,"}) {
      EXPECT_NE(happened.find(line), std::string::npos) << happened;
    }
    const std::string all = testing::text_of(folder.path(run + "/faults.csv"));
    for (const char* const line :
         {"kill,exchange,1,40,40,1\n", "kill,training,1,45,45,1\n", "pause,exchange,2,30,30,1\n",
          "pause,checkpoint,2,20,", "pause,handshake,0,0,0,1\n"}) {
      EXPECT_NE(all.find(line), std::string::npos) << all;
    }
    EXPECT_EQ(all.find(",,1\n"), std::string::npos) << "planned and never done\n" << all;
    EXPECT_EQ(testing::text_of(folder.path(run + "/agents/001/metrics.csv")),
              testing::text_of(folder.path("calm/agents/001/metrics.csv")));
  }
}

INSTANTIATE_TEST_SUITE_P(Systems, ChaosTest, ::testing::ValuesIn(experiments()),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace tacit
