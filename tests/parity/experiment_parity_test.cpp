// Goal: every experiment file that we ship, shortened to at most 12 agents and 60 rounds, ends
// with the same digest as real processes, in one process, and there on one or two threads.
// Method: the programs themselves, 20 seeds (2 under a sanitizer); graphs of degree >= 3 where
// agents talk to each other, with links failing.
#include <gtest/gtest.h>

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

std::string run(const Shortened& shortened, std::uint64_t seed,
                const std::vector<std::string>& options) {
  const TemporaryFolder folder;
  std::vector<std::string> words{testing::program("tacit"),
                                 "run",
                                 TACIT_EXPERIMENTS "/" + shortened.file,
                                 "--no-report",
                                 "--json",
                                 "--out",
                                 folder.path("run"),
                                 "--seed",
                                 std::to_string(seed)};
  for (const std::string& value : shortened.overrides) {
    words.insert(words.end(), {"-s", value});
  }
  words.insert(words.end(), options.begin(), options.end());
  Child child(words, folder.path());
  const int code = child.wait();
  EXPECT_TRUE(code == 0 || code == 1) << "exit code " << code << "\n" << child.output();
  return testing::digest_in(child.output());
}

class ExperimentParity : public ::testing::TestWithParam<Shortened> {};

TEST_P(ExperimentParity, ProcessesEqualOneProcess) {
  std::string previous;
  for (std::uint64_t seed = 1; seed <= TACIT_PARITY_SEEDS; ++seed) {
    SCOPED_TRACE(::testing::Message() << GetParam().file << " seed=" << seed);
    const std::string processes = run(GetParam(), seed, {});
    EXPECT_EQ(run(GetParam(), seed, {"--in-process", "--threads", "1"}), processes);
    EXPECT_EQ(run(GetParam(), seed, {"--in-process", "--threads", "2"}), processes);
    EXPECT_NE(processes, previous) << "the digest must depend on the seed";
    EXPECT_EQ(processes.size(), 16u);
    previous = processes;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Files, ExperimentParity,
    ::testing::Values(dcc("offload.toml"), dcc("offload-finite-differences.toml"),
                      dcc("offload-heterogeneous.toml", {"run.agents=8"}),
                      dcc("offload-50.toml", {"run.agents=12"}),
                      dcc("offload-1000.toml", {"run.agents=12"}),
                      dcc("offload.toml", {"offload.staleness=3"}),
                      dcc("offload-no-coordinator.toml",
                          {"run.agents=8", "graph.chords=8", "offload.phase_rounds=10"}),
                      Shortened{"offload-iql.toml", {"offload.slots=30"}},
                      Shortened{"offload-iql.toml",
                                {"offload.slots=30", "offload.reward=\"common\""}}));

}  // namespace
}  // namespace tacit
