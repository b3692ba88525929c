// Goal: an agent that meets the others at the coordinator's endpoint and receives at a port that
// the system chose can be killed and started again by hand, with the same command line: it comes
// back at another port, all learn where, and the run ends with the bits of the run in which nobody
// was killed. Whoever takes the id of an agent that is there does not get in. Method: the real
// programs over tcp, with planned kills, so that each dies in its own round.
#include <gtest/gtest.h>

#include <memory>
#include <thread>

#include "tests/support/child.h"

namespace tacit {
namespace {

using testing::Child;
using testing::TemporaryFolder;

struct Comeback {
  std::string name;
  std::string text;  ///< of the experiment, without agents
  std::size_t agent_count;
  bool keys;
};

void PrintTo(const Comeback& comeback, std::ostream* out) { *out << comeback.name; }

const std::string kOffload =
    "system = 'offload'\n[time]\ncheckpoint_rounds = 40\n"
    "[offload]\nmethod = 'iql'\nslots = 200\n";
const std::string kGrid =  // its coordinator takes no part in the run
    "system = 'grid'\n[time]\ncheckpoint_rounds = 40\n[graph]\nkind = 'line'\n"
    "[grid]\npolicy = 'threshold'\nhours = 200\nbenchmark = false\n";
const std::string kLocomotion =
    "system = 'locomotion'\n[time]\ncheckpoint_rounds = 4\n[graph]\nkind = 'line'\n"
    "[locomotion]\ntask = 'mini'\ncopies = 2\nrollout_steps = 4\niterations = 2\n"
    "[locomotion.coordination]\nkappa = 3\n[locomotion.learning]\nepochs = 1\nminibatches = 2\n";

std::string kill_of(std::size_t process, const std::string& phase, int round) {
  return "[[faults]]\nkind = 'kill'\nprocess = " + std::to_string(process) + "\nphase = '" + phase +
         "'\nround = " + std::to_string(round) + "\n";
}

class ComebackTest : public ::testing::TestWithParam<Comeback> {
 protected:
  void SetUp() override {
    write_experiment("");
    if (!GetParam().keys) return;
    Child keys({testing::program("tacit"), "keys", experiment, "--out", folder.path("keys")});
    ASSERT_EQ(keys.wait(), 0) << keys.output();
  }

  void write_experiment(const std::string& faults) {
    experiment =
        folder.write("experiment.toml", GetParam().text + "[run]\nagents = " +
                                            std::to_string(GetParam().agent_count) + "\n" + faults);
  }

  std::unique_ptr<Child> start(const std::string& program, std::vector<std::string> words) {
    words.insert(words.begin(), {testing::program(program), "--experiment", experiment, "--bind",
                                 "tcp://127.0.0.1:0", "--out", folder.path("run")});
    if (GetParam().keys) {
      words.insert(words.end(), {"--keys", folder.path("keys")});
    } else {
      words.push_back("--insecure");
    }
    return std::make_unique<Child>(words, folder.path());
  }

  void start_coordinator() {
    coordinator = start("tacit-coordinator", {});
    ASSERT_TRUE(coordinator->wait_for("--rendezvous tcp://")) << coordinator->output();
    const auto begin = coordinator->output().find("tcp://");
    ASSERT_TRUE(coordinator->wait_for("\n", begin));
    endpoint = coordinator->output().substr(begin, coordinator->output().find('\n', begin) - begin);
  }

  std::unique_ptr<Child> start_agent(std::size_t id) {
    return start("tacit-agent", {"--id", std::to_string(id), "--rendezvous", endpoint});
  }

  void start_agents_from(std::size_t first) {
    for (std::size_t id = first; id < GetParam().agent_count; ++id) {
      agents.push_back(start_agent(id));
    }
  }

  void expect_killed_and_start_again(std::size_t id) {
    EXPECT_EQ(agents[id]->wait(), 137) << agents[id]->output();
    agents[id] = start_agent(id);
  }

  void expect_the_same_bits_in_the_end() {
    for (const auto& agent : agents) EXPECT_EQ(agent->wait(), 0) << agent->output();
    EXPECT_EQ(coordinator->wait(), 0) << coordinator->output();
    Child report(
        {testing::program("tacit"), "report", folder.path("run"), "--experiment", experiment});
    EXPECT_LE(report.wait(), 1) << report.output();
    write_experiment("");
    Child reference({testing::program("tacit"), "run", experiment, "--in-process", "--no-report",
                     "--json", "--out", folder.path("reference")});
    EXPECT_LE(reference.wait(), 1) << reference.output();
    EXPECT_EQ(testing::digest_in(testing::text_of(folder.path("run/summary.json"))),
              testing::digest_in(reference.output()));
  }

  TemporaryFolder folder;
  std::string experiment;
  std::string endpoint;
  std::unique_ptr<Child> coordinator;
  std::vector<std::unique_ptr<Child>> agents;
};

TEST_P(ComebackTest, AtAnotherPortInTheMiddleOfTheRun) {
  write_experiment(kill_of(1, "exchange", 9) + kill_of(2, "training", 9) +
                   kill_of(1, "exchange", 13));
  start_coordinator();
  start_agents_from(0);
  {
    // Neighbours: what one has not sent when it is killed keeps the other from its own kill until
    // the first is back, so neither is waited for before the other.
    const std::jthread other([&] { expect_killed_and_start_again(2); });
    expect_killed_and_start_again(1);
  }
  expect_killed_and_start_again(1);
  expect_the_same_bits_in_the_end();
  EXPECT_NE(coordinator->output().find("agent 1 is back (incarnation 2)"), std::string::npos)
      << coordinator->output();
}

TEST_P(ComebackTest, AtAnotherPortBeforeAllAreThere) {
  start_coordinator();
  agents.push_back(start_agent(0));
  ASSERT_TRUE(agents[0]->wait_for("registering")) << agents[0]->output();
  agents[0]->send_signal(SIGKILL);
  expect_killed_and_start_again(0);
  start_agents_from(1);
  expect_the_same_bits_in_the_end();
}

INSTANTIATE_TEST_SUITE_P(Everybody, ComebackTest,
                         ::testing::Values(Comeback{"offload", kOffload, 3, false},
                                           Comeback{"offload_with_keys", kOffload, 3, true},
                                           Comeback{"grid", kGrid, 4, false},
                                           Comeback{"grid_with_keys", kGrid, 4, true},
                                           Comeback{"locomotion", kLocomotion, 6, false},
                                           Comeback{"locomotion_with_keys", kLocomotion, 6, true}),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace tacit
