// Goal: a process whose memory is older than what its peers still have ends the wait at once, and
// so do its peers, naming it; from either of its last two checkpoints it goes on, with the same
// bits. Method: nodes on mailboxes; one of them is killed and begins again from nothing, or from
// any checkpoint that it ever made.
#include <gtest/gtest.h>

#include "common/base/error.h"
#include "tests/support/driven_nodes.h"
#include "tests/support/test_links.h"

namespace tacit {
namespace {

using testing::kComplete;

constexpr Round kRounds = 1000;

class Forgotten : public ::testing::Test {
 protected:
  void run_to_round_500(Overdue on_overdue) {
    overdue = on_overdue;
    cluster.emplace(graph, links, kRounds, PacketFaults{}, 0, [&](NodeConfig& config) {
      config.checkpoint_rounds = 50;
      config.on_overdue = on_overdue;
    });
    while (cluster->nodes[0]->round() < 500) {
      for (std::size_t i = 0; i < 4; ++i) cluster->step(i);
      auto& kept = checkpoints;
      const auto newest = cluster->checkpoints.find(0);
      if (newest == cluster->checkpoints.end()) continue;
      if (kept.empty() || kept.back() != newest->second) kept.push_back(newest->second);
    }
  }

  /// Node 0 begins another life.
  void begin_again(const std::vector<std::byte>& checkpoint) {
    cluster->nodes[0].reset();
    cluster->machines[0] = std::make_unique<testing::FoldingMachine>(graph, process_id(0), kRounds);
    NodeConfig config = testing::node_config(0, 4, kRounds);
    config.checkpoint_rounds = 50;
    config.on_overdue = overdue;
    config.greeting.incarnation = 1;
    cluster->nodes[0] = std::make_unique<Node>(
        config, *cluster->machines[0], links, *cluster->transports[0],
        NodeEvents{[](ProcessId, Round, std::span<const Sample>) {}, [](const std::string&) {},
                   [](std::span<const std::byte>) {}},
        checkpoint);
  }

  /// What a node ends with in its next step; nothing if it goes on.
  std::string end_of(std::size_t node) {
    try {
      cluster->step(node);
    } catch (const InputError& error) {
      EXPECT_EQ(error.code(), ExitCode::peer_lost);
      return error.what();
    }
    return "";
  }

  void expect_the_same_bits() {
    for (int k = 0; k < 5000 && !cluster->finished(); ++k) {
      for (std::size_t i = 0; i < 4; ++i) cluster->step(i);
    }
    EXPECT_EQ(cluster->digests(), testing::expected_digests(links, kRounds));
  }

  const testing::CoinLinks links{1.0};
  Overdue overdue = Overdue::fail;
  Graph graph = kComplete;
  std::optional<testing::DrivenNodes> cluster;
  std::vector<std::vector<std::byte>> checkpoints;  ///< of node 0, all that it made
};

TEST_F(Forgotten, WhoGoesOnFromNothingIsNamedByAllAtOnce) {
  for (const Overdue on_overdue : {Overdue::fail, Overdue::wait}) {
    run_to_round_500(on_overdue);
    begin_again({});
    const std::string expected = "agent 0 goes on from round 0, but frames of agent ";
    for (const std::size_t peer : {1, 2, 3}) EXPECT_TRUE(end_of(peer).starts_with(expected));
    EXPECT_TRUE(end_of(0).starts_with(expected)) << "its peers told it before they ended";
  }
}

// Node 3 is no peer of node 0, and would wait for node 2 without a deadline.
TEST_F(Forgotten, ThoseFartherOffHearOfIt) {
  graph = Graph(4, {{0, 1}, {1, 2}, {2, 3}});
  run_to_round_500(Overdue::wait);
  begin_again({});
  for (const std::size_t node : {1, 2, 3}) {
    EXPECT_TRUE(end_of(node).starts_with("agent 0 goes on from round 0, but frames of agent 1 "));
  }
}

TEST_F(Forgotten, EitherOfTheLastTwoCheckpointsIsEnough) {
  run_to_round_500(Overdue::fail);
  ASSERT_GT(checkpoints.size(), 8u);
  begin_again(checkpoints[checkpoints.size() - 2]);
  expect_the_same_bits();
}

TEST_F(Forgotten, AnOlderCheckpointIsNot) {
  run_to_round_500(Overdue::fail);
  begin_again(checkpoints[checkpoints.size() - 4]);
  const std::string expected = "agent 0 goes on from round ";
  EXPECT_TRUE(end_of(1).starts_with(expected));
  EXPECT_TRUE(end_of(0).starts_with(expected + std::to_string(cluster->nodes[0]->round()) + ","));
}

// A node that comes back itself still knows what it has forgotten.
TEST_F(Forgotten, ACheckpointRemembersWhatIsForgotten) {
  run_to_round_500(Overdue::fail);
  begin_again(checkpoints.back());
  cluster->nodes[1].reset();
  cluster->machines[1] = std::make_unique<testing::FoldingMachine>(graph, process_id(1), kRounds);
  NodeConfig config = testing::node_config(1, 4, kRounds);
  config.greeting.incarnation = 1;
  cluster->nodes[1] = std::make_unique<Node>(
      config, *cluster->machines[1], links, *cluster->transports[1],
      NodeEvents{[](ProcessId, Round, std::span<const Sample>) {}, [](const std::string&) {}});
  EXPECT_TRUE(end_of(0).starts_with("agent 1 goes on from round 0, but frames of agent 0 up to "));
}

TEST_F(Forgotten, WhereNobodyIsWaitedForItGoesOnWithoutThem) {
  run_to_round_500(Overdue::close);
  begin_again({});
  for (int k = 0; k < 5000 && !cluster->finished(); ++k) {
    for (std::size_t i = 0; i < 4; ++i) cluster->step(i);
  }
  EXPECT_TRUE(cluster->finished());
  EXPECT_FALSE(cluster->nodes[0]->reproducible());
}

}  // namespace
}  // namespace tacit
