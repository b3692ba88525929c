// Goal: processes that are killed at any moment, alone or together, and come back from one of their
// last two checkpoints over a network that delays, doubles, damages and loses packets, end with the
// bits, the account of messages and the metrics of a run without faults; nobody keeps more frames
// than agreed, and nobody waits for ever.
// Method: a simulated cluster of machines whose state is a hash of all they ever got, against the
// same machines in lockstep; 30 planned kills of all phases for each of 40 seeds, some of all
// processes at once, half of them within a few rounds of each other.
#include <gtest/gtest.h>

#include "common/simulation/simulated_cluster.h"
#include "tests/support/folding_machine.h"
#include "tests/support/node_cluster.h"
#include "tests/support/test_links.h"

namespace tacit {
namespace {

constexpr std::size_t kCount = 5;
constexpr Round kRounds = 1500;
constexpr Round kCheckpointRounds = 40;
constexpr int kKills = 30;

const Graph kComplete(
    kCount, {{0, 1}, {0, 2}, {0, 3}, {0, 4}, {1, 2}, {1, 3}, {1, 4}, {2, 3}, {2, 4}, {3, 4}});
/// Where links fail, processes wait for each other in circles.
const Graph kSparse(kCount, {{0, 1}, {0, 3}, {0, 4}, {1, 2}, {2, 3}, {3, 4}});
const Graph& graph_of(std::uint64_t seed) { return seed <= 20 ? kComplete : kSparse; }

class Rows final : public RowLog {
 public:
  void append(ProcessId process, Round round, std::span<const Sample> row) override {
    of[index_of(process)].emplace_back(round, row.front().value);
  }
  std::uint64_t mark(ProcessId process) override { return of[index_of(process)].size(); }
  void go_back(ProcessId process, std::uint64_t mark) override {
    of[index_of(process)].resize(mark);
  }
  std::vector<std::vector<std::pair<Round, double>>> of{kCount};
};

constexpr std::chrono::milliseconds kPause{500};

FaultPlan plan_of(RandomStream& stream, double corrupt_probability) {
  const auto draw = [&](std::uint64_t n) {
    std::uint64_t word = stream();
    return split_off(word, n);
  };
  const auto centre = draw(kRounds - 30);
  const bool together = draw(2) == 0;
  FaultPlan plan;
  for (int k = 0; k < kKills; ++k) {
    constexpr FaultPhase kPhases[] = {FaultPhase::exchange,  FaultPhase::exchange,
                                      FaultPhase::training,  FaultPhase::checkpoint,
                                      FaultPhase::handshake, FaultPhase::end};
    const FaultPhase phase = kPhases[draw(std::size(kPhases))];
    const auto round = static_cast<Round>(together ? centre + draw(30) : draw(kRounds + 1));
    plan.kills.push_back({process_id(draw(kCount)), phase, has_rounds(phase) ? round : 0,
                          std::chrono::milliseconds(draw(2) == 0 ? 0 : draw(300))});
    if (k % 10 == 0) plan.kills.push_back({std::nullopt, FaultPhase::exchange, round, {}});
    if (k % 10 == 5) {
      const RoundInterval rounds =
          has_rounds(phase) ? RoundInterval{round, round + 1} : RoundInterval{0, 1};
      plan.pauses.push_back({process_id(draw(kCount)), phase, rounds, kPause});
    }
  }
  plan.packets.push_back({std::nullopt, {0.1, corrupt_probability}});
  return plan;
}

class RestartTest : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(RestartTest, KilledProcessesEndWithTheSameBits) {
  const std::uint64_t seed = GetParam();
  const bool sparse = &graph_of(seed) == &kSparse;
  const testing::CoinLinks links(sparse ? 0.4 : 0.7, seed, seed % 2 == 0 ? 6.0 : 0.0);
  const auto make_machine = [seed](ProcessId self) -> std::unique_ptr<Machine> {
    return std::make_unique<testing::FoldingMachine>(graph_of(seed), self, kRounds);
  };
  std::vector<std::unique_ptr<Machine>> machines;
  std::vector<Machine*> pointers;
  for (std::size_t i = 0; i < kCount; ++i) {
    machines.push_back(make_machine(process_id(i)));
    pointers.push_back(machines.back().get());
  }
  Rows expected;
  Lockstep lockstep(pointers, links, [&](ProcessId i, Round round, std::span<const Sample> row) {
    expected.append(i, round, row);
  });
  lockstep.run(0, kRounds, 1);

  RandomStream stream(seed, process_id(0), purpose("test.kills"), 0);
  NodeConfig config = testing::node_config(0, kCount, kRounds);
  config.checkpoint_rounds = kCheckpointRounds;
  Rows rows;
  const FaultPlan plan = plan_of(stream, sparse ? 0.05 : 0.01);
  SimulatedCluster cluster({.process_count = kCount,
                            .make_machine = make_machine,
                            .links = links,
                            .node = config,
                            .faults = plan,
                            .seed = seed,
                            .delays = {.probability = 0.2, .longest_ms = 30},
                            .break_probability = 0.001,
                            .rows = rows});
  ASSERT_EQ(cluster.run(false), "");
  const auto count = [&](const std::string& kind) {
    const auto found = cluster.counts().find(kind);
    return found == cluster.counts().end() ? 0 : found->second;
  };
  for (const PlannedKill& kill : plan.kills) {
    if (!kill.process) continue;
    EXPECT_TRUE(std::ranges::any_of(cluster.applied(),
                                    [&](const FaultRecord& fault) {
                                      return fault == record_of(kill, *kill.process, fault.applied);
                                    }))
        << name_of(kill.phase) << " of " << to_string(*kill.process) << " in " << kill.round;
  }
  EXPECT_GE(count("whole_cluster_death"), 3u);
  EXPECT_GT(std::min({count("delay"), count("duplicate"), count("corrupt"), count("break")}), 0u);
  for (std::size_t i = 0; i < kCount; ++i) {
    const ProcessId self = process_id(i);
    EXPECT_EQ(cluster.node(self).digest(), lockstep.digest(self)) << "process " << i;
    EXPECT_EQ(rows.of[i], expected.of[i]) << "process " << i;
    for (const auto& [to, sent] : cluster.node(self).traffic()) {
      EXPECT_EQ(sent.data, lockstep.traffic().at({self, to})) << i << " to " << to_string(to);
    }
  }
}

// It repeats rounds that the others have left behind, and they say nothing while they wait for it.
TEST(Restart, WhoTellsMoreThanItHearsComesBack) {
  const Graph star(kCount, {{0, 1}, {0, 2}, {0, 3}, {0, 4}});
  const testing::CoinLinks links(1.0, 1, 0.0);
  const auto make_machine = [&](ProcessId self) -> std::unique_ptr<Machine> {
    return std::make_unique<testing::FoldingMachine>(star, self, kRounds, 3);
  };
  std::vector<std::unique_ptr<Machine>> machines;
  std::vector<Machine*> pointers;
  for (std::size_t i = 0; i < kCount; ++i) {
    machines.push_back(make_machine(process_id(i)));
    pointers.push_back(machines.back().get());
  }
  Lockstep lockstep(pointers, links, [](ProcessId, Round, std::span<const Sample>) {});
  lockstep.run(0, kRounds, 1);
  for (Round round = 100; round < 1500; round += 100) {
    SCOPED_TRACE(::testing::Message() << "killed in round " << round);
    NodeConfig config = testing::node_config(0, kCount, kRounds);
    config.checkpoint_rounds = 400;
    FaultPlan plan;
    plan.kills.push_back({process_id(0), FaultPhase::exchange, round, {}});
    Rows rows;
    SimulatedCluster cluster({.process_count = kCount,
                              .make_machine = make_machine,
                              .links = links,
                              .node = config,
                              .faults = plan,
                              .seed = 1,
                              .delays = {},
                              .break_probability = 0,
                              .rows = rows});
    ASSERT_EQ(cluster.run(false), "");
    for (std::size_t i = 0; i < kCount; ++i) {
      EXPECT_EQ(cluster.node(process_id(i)).digest(), lockstep.digest(process_id(i)))
          << "process " << i;
    }
  }
}

// All go back at once, each with all the frames that it keeps for the others: as many again must
// find room before anybody's second checkpoint.
TEST(Restart, AllComeBackWithFullBuffersAndGoOn) {
  constexpr Round kLong = 4 * static_cast<Round>(kResendMost) / 3 + kCheckpointRoundsMost;
  const testing::CoinLinks links(1.0, 1, 0.0);
  const auto make_machine = [&](ProcessId self) -> std::unique_ptr<Machine> {
    return std::make_unique<testing::FoldingMachine>(kComplete, self, kLong);
  };
  std::vector<std::unique_ptr<Machine>> machines;
  for (std::size_t i = 0; i < kCount; ++i) machines.push_back(make_machine(process_id(i)));
  const auto whole = testing::lockstep_end(std::move(machines), links, kLong, 1);
  for (const Round round : {2 * kCheckpointRoundsMost + 1, 3 * kCheckpointRoundsMost - 1}) {
    SCOPED_TRACE(::testing::Message() << "killed in round " << round);
    FaultPlan plan;
    plan.kills.push_back({{}, FaultPhase::exchange, round, {}});
    Rows rows;
    SimulatedCluster cluster({.process_count = kCount,
                              .make_machine = make_machine,
                              .links = links,
                              .node = testing::node_config(0, kCount, kLong),
                              .faults = plan,
                              .seed = 1,
                              .delays = {},
                              .break_probability = 0,
                              .rows = rows});
    ASSERT_EQ(cluster.run(false), "");
    for (std::size_t i = 0; i < kCount; ++i) {
      EXPECT_EQ(cluster.node(process_id(i)).digest(), whole.digests[i]) << "process " << i;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RestartTest, ::testing::Range<std::uint64_t>(1, 41));

}  // namespace
}  // namespace tacit
