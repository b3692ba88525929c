// Goal: every experiment file that we ship, shortened to at most 12 agents and 60 rounds, ends
// with the same digest as real processes, in one process, and there on one or two threads; and on
// processors of other makers.
// Method: the programs themselves, 20 seeds (2 under a sanitizer); graphs of degree >= 3 where
// agents talk to each other, with links failing.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "agent/systems/locomotion/plant/simulation.h"
#include "tests/support/child.h"

namespace tacit {
namespace {

using testing::Child;
using testing::TemporaryFolder;

struct Shortened {
  std::string file;
  std::vector<std::string> overrides;
};

void PrintTo(const Shortened& shortened, std::ostream* out) { *out << shortened.file; }

const std::vector<std::string> kFewSteps{"offload.q_steps=200", "offload.evaluation_slots=200",
                                         "offload.lambda_updates=4", "offload.slow_steps=3"};

Shortened dcc(const std::string& file, std::vector<std::string> more = {}) {
  more.insert(more.end(), kFewSteps.begin(), kFewSteps.end());
  return {file, more};
}

/// Sampled actions of hardly trained policies, prices that move within two days, failing links.
Shortened grid(const std::string& file, std::vector<std::string> more = {}) {
  for (const char* setting : {"grid.hours=50", "grid.eta=1.0", "grid.cap_fraction=0.1",
                              "grid.training.iterations=1", "grid.training.attempts_most=1",
                              "grid.training.epochs=1", "grid.training.quality_episodes=1",
                              "links.model=\"bernoulli\"", "links.up_probability=0.7"}) {
    more.emplace_back(setting);
  }
  return {file, more};
}

/// Robots that were hardly trained, and so move at random.
Shortened patrol(const std::string& file, std::vector<std::string> more = {}) {
  for (const char* setting :
       {"patrol.rollouts=2", "patrol.rollout_steps=30", "patrol.training.steps_per_block=1",
        "patrol.training.rounds=0", "patrol.training.quality_runs=1",
        "patrol.training.quality_steps=30", "patrol.training.attempts_most=1"}) {
    more.emplace_back(setting);
  }
  return {file, more};
}

/// Bodies that learn twice, over failing links.
Shortened locomotion(const std::string& file, std::vector<std::string> more = {}) {
  for (const char* setting :
       {"locomotion.copies=2", "locomotion.rollout_steps=4", "locomotion.iterations=2",
        "locomotion.learning.epochs=1", "locomotion.learning.minibatches=2",
        "links.model=\"bernoulli\"", "links.up_probability=0.7"}) {
    more.emplace_back(setting);
  }
  return {file, more};
}

/// What all tests share: policies, which are trained once, and measured data of two buildings.
class SharedFolder {
 public:
  static const SharedFolder& get() {
    static const SharedFolder folder;
    return folder;
  }
  std::string policies() const { return folder_.path("policies"); }
  std::string district() const { return folder_.path("district.csv"); }

 private:
  SharedFolder() {
    std::ofstream file(district());
    file << "t,hour,price_per_kwh,demand_kwh_1,demand_kwh_2,solar_kwh_1,solar_kwh_2\n";
    for (int t = 0; t < 120; ++t) {
      const int hour = t % 24 + 1;
      file << t << ',' << hour << ',' << (hour >= 16 && hour <= 20 ? 0.5 : 0.2) << ',' << 1 + t % 7
           << ',' << 2 + t % 5 << ',' << (hour > 8 && hour < 16 ? t % 3 : 0) << ",0\n";
    }
  }
  TemporaryFolder folder_;
};

/// @param emulator  the command line of a program that runs programs; nothing: this processor does
std::string run(const Shortened& shortened, std::uint64_t seed, const std::string& policies,
                const std::vector<std::string>& options,
                const std::vector<std::string>& emulator = {}) {
  const TemporaryFolder folder;
  std::vector<std::string> words = emulator;
  words.insert(words.end(),
               {testing::program("tacit"), "run", TACIT_EXPERIMENTS "/" + shortened.file,
                "--no-report", "--json", "--out", folder.path("run"), "--policies", policies,
                "--seed", std::to_string(seed)});
  for (const std::string& value : shortened.overrides) {
    words.insert(words.end(), {"-s", value});
  }
  if (shortened.file == "grid-citylearn.toml") {
    words.insert(words.end(), {"-s", "grid.data=\"" + SharedFolder::get().district() + "\""});
  }
  words.insert(words.end(), options.begin(), options.end());
  Child child(words, folder.path());
  const int code = child.wait();
  EXPECT_TRUE(code == 0 || code == 1) << "exit code " << code << "\n" << child.output();
  return testing::digest_in(child.output());
}

class ExperimentParity : public ::testing::TestWithParam<Shortened> {};

TEST_P(ExperimentParity, ProcessesEqualOneProcess) {
  if (GetParam().file.starts_with("locomotion") && !has_mujoco()) {
    GTEST_SKIP() << "this build has no MuJoCo: install libmujoco-dev";
  }
  std::string previous;
  for (std::uint64_t seed = 1; seed <= TACIT_PARITY_SEEDS; ++seed) {
    SCOPED_TRACE(::testing::Message() << GetParam().file << " seed=" << seed);
    const std::string policies = SharedFolder::get().policies();
    const std::string processes = run(GetParam(), seed, policies, {});
    for (const char* threads : {"1", "2"}) {
      EXPECT_EQ(run(GetParam(), seed, policies, {"--in-process", "--threads", threads}), processes);
    }
    EXPECT_NE(processes, previous) << "the digest must depend on the seed";
    EXPECT_EQ(processes.size(), 16u);
    previous = processes;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Files, ExperimentParity,
    ::testing::Values(
        dcc("offload.toml"), dcc("offload-finite-differences.toml"),
        dcc("offload-heterogeneous.toml", {"run.agents=8"}),
        dcc("offload-50.toml", {"run.agents=12"}), dcc("offload-1000.toml", {"run.agents=12"}),
        dcc("offload.toml", {"offload.staleness=3"}),
        dcc("offload-no-coordinator.toml",
            {"run.agents=8", "graph.chords=8", "offload.phase_rounds=10"}),
        Shortened{"offload-iql.toml", {"offload.slots=30"}},
        Shortened{"offload-iql.toml", {"offload.slots=30", "offload.reward=\"common\""}},
        grid("grid.toml"), grid("grid-no-consensus.toml"), grid("grid-star.toml"),
        grid("grid-links.toml", {"grid.iterations=3"}),
        grid("grid.toml",
             {"grid.weights=\"random_walk\"", "faults=[{kind=\"delay\",rounds=2,process=0}]"}),
        grid("grid-1000.toml", {"run.agents=12"}), grid("grid-citylearn.toml"),
        grid("grid-fixed.toml", {"grid.fixed_nu=-16.0"}), patrol("patrol.toml"),
        patrol("patrol.toml", {"patrol.code=\"run_lengths\""}),
        patrol("patrol-range.toml", {"patrol.code=\"list\""}),
        patrol("patrol-bernoulli.toml", {"graph.kind=\"complete\"", "links.up_probability=0.4"}),
        patrol("patrol-bernoulli.toml", {"graph.kind=\"ring\"", "links.up_probability=0.5",
                                         "links.one_way=true", "patrol.code=\"list\""}),
        patrol("patrol-no-communication.toml"),
        patrol("patrol-no-communication.toml", {"patrol.method=\"broadcast\""}),
        locomotion("locomotion-mini.toml"),
        locomotion("locomotion-mini.toml", {"locomotion.method=\"mappo_l\""}),
        locomotion("locomotion-mini.toml", {"locomotion.coordination.comm_delay=true"}),
        locomotion("locomotion-mini-kappa.toml",
                   {"locomotion.coordination.kappa=9", "locomotion.learning.sequential=\"khop\""}),
        locomotion("locomotion-6x1.toml"), locomotion("locomotion-8x1.toml"),
        locomotion("locomotion-12x1.toml")));

#ifdef TACIT_QEMU
// Goal: what is learned has the same bits on processors of other makers, where an approximate
// instruction looks its guess up in another table and the C library takes other functions.
const std::vector<std::vector<std::string>> kProcessors{{TACIT_QEMU, "-cpu", "Haswell"},
                                                        {TACIT_QEMU, "-cpu", "EPYC"}};

/// The output of a program under an emulator, without what the emulator says about itself.
std::string output_of(std::vector<std::string> emulator, const std::vector<std::string>& words) {
  emulator.insert(emulator.end(), words.begin(), words.end());
  Child child(emulator);
  EXPECT_EQ(child.wait(), 0) << child.output();
  std::istringstream lines(child.output());
  std::string kept;
  for (std::string line; std::getline(lines, line);) {
    if (line.find("TCG doesn't support") == std::string::npos) kept += line + '\n';
  }
  return kept;
}

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

TEST(ProcessorParity, ProximalPolicyOptimisation) {
  const std::vector<std::string> words{testing::program("ppo_bits")};
  const std::string here = output_of({}, words);
  EXPECT_EQ(here.size(), 17u);
  for (const auto& processor : kProcessors) EXPECT_EQ(output_of(processor, words), here);
}

// A training is a process of its own, which an emulator of one process does not follow: asked for
// by its key, it happens in the process that is asked.
TEST(ProcessorParity, TrainingOfATeam) {
  const TemporaryFolder folder;
  std::vector<std::string> words{testing::program("tacit"), "train",
                                 TACIT_EXPERIMENTS "/patrol.toml", "--policies"};
  const auto with = [&](const std::string& policies, std::vector<std::string> more) {
    std::vector<std::string> all = words;
    all.push_back(folder.path(policies));
    for (const std::string& value : patrol("").overrides) more.insert(more.end(), {"-s", value});
    all.insert(all.end(), more.begin(), more.end());
    return all;
  };
  output_of({}, with("here", {}));
  const auto file = std::filesystem::directory_iterator(folder.path("here"))->path();
  const std::string name = file.stem().string();
  const std::string key = name.substr(name.rfind('-') + 1);
  for (const auto& processor : kProcessors) {
    output_of(processor, with(processor.back(), {"--only", key}));
    EXPECT_EQ(bytes_of(std::filesystem::path(folder.path(processor.back())) / file.filename()),
              bytes_of(file))
        << processor.back();
  }
}

const std::vector<std::string> kSmallDevices{"offload.team=\"devices\"",
                                             "offload.devices=[{count=10,M=4,B=4}]"};

class ProcessorParityRuns : public ::testing::TestWithParam<Shortened> {};

TEST_P(ProcessorParityRuns, RunsThatLearn) {
  if (GetParam().file.starts_with("locomotion") && !has_mujoco()) {
    GTEST_SKIP() << "this build has no MuJoCo: install libmujoco-dev";
  }
  const std::string policies = SharedFolder::get().policies();
  const std::string here = run(GetParam(), 1, policies, {"--in-process"});
  EXPECT_EQ(here.size(), 16u);
  for (const auto& processor : kProcessors) {
    EXPECT_EQ(run(GetParam(), 1, policies, {"--in-process"}, processor), here) << processor.back();
  }
}

INSTANTIATE_TEST_SUITE_P(Learners, ProcessorParityRuns,
                         ::testing::Values(dcc("offload.toml", kSmallDevices), grid("grid.toml"),
                                           patrol("patrol.toml"),
                                           locomotion("locomotion-mini.toml")));
#else
TEST(ProcessorParity, OtherProcessorsLearnTheSameBits) {
  GTEST_SKIP() << "no qemu-x86_64: install qemu-user, and configure again";
}
#endif

}  // namespace
}  // namespace tacit
