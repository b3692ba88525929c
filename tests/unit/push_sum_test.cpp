#include "agent/systems/offload/push_sum.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <string>

#include "agent/systems/offload/graph_sum.h"
#include "common/base/error.h"
#include "common/base/payload.h"
#include "common/graph/generators.h"
#include "tests/support/push_sum_cluster.h"

namespace tacit {
namespace {

const std::vector<ProcessId> kTwoNeighbours{process_id(1), process_id(4)};
constexpr Accepted kBudget{"theta", 0.0, 1.0};
constexpr Accepted kNumber{"number", -10.0, 10.0};
constexpr double kWeightMost = 100;

// Goal: the arithmetic, by hand: a node of degree 2 that starts with 6, twice, one neighbour heard
// only the second time, with everything the first frame would have brought.
TEST(PushSum, SplitsEvenlyAndCatchesUp) {
  PushSum node(kTwoNeighbours, 1, kWeightMost);
  node.start(std::array{6.0});
  EXPECT_DOUBLE_EQ(node.share(kNumber)[0], 2.0);
  EXPECT_DOUBLE_EQ(node.held()[0], 2.0);
  EXPECT_DOUBLE_EQ(node.held()[1], 1.0 / 3);
  const auto first = pack<2>({3.0, 0.5});
  node.absorb(std::array{Received{process_id(4), 0, first}}, kNumber);
  EXPECT_DOUBLE_EQ(node.held()[0], 5.0);
  EXPECT_DOUBLE_EQ(node.share(kNumber)[0], 2.0 + 5.0 / 3);
  const auto second = pack<2>({4.0, 0.75});
  const auto late = pack<2>({1.0, 1.0});
  node.absorb(std::array{Received{process_id(1), 1, late}, Received{process_id(4), 1, second}},
              kNumber);
  EXPECT_DOUBLE_EQ(node.held()[0], 5.0 / 3 + 1.0 + 1.0);
}

TEST(PushSum, StartForgetsTheLastPhase) {
  PushSum node(kTwoNeighbours, 1, kWeightMost);
  node.start(std::array{6.0});
  node.share(kNumber);
  node.start(std::array{9.0});
  EXPECT_DOUBLE_EQ(node.share(kNumber)[0], 3.0);
  EXPECT_DOUBLE_EQ(node.share(kNumber)[1], 1.0 / 3 + 1.0 / 9);
}

TEST(PushSum, RefusesWhatIsNotARunningSumAndNamesTheSender) {
  const double infinity = std::numeric_limits<double>::infinity();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto refuses = [](ProcessId from, std::span<const std::byte> payload) {
    PushSum node(kTwoNeighbours, 1, kWeightMost);
    node.start(std::array{1.0});
    try {
      node.absorb(std::array{Received{from, 7, payload}}, kNumber);
    } catch (const InputError& error) {
      const std::string message = error.what();
      return error.code() == ExitCode::peer_lost &&
             message.find("process " + to_string(from)) != std::string::npos;
    }
    return false;
  };
  const ProcessId peer = process_id(4);
  EXPECT_FALSE(refuses(peer, pack<2>({1.0, 1.0})));
  EXPECT_TRUE(refuses(peer, pack<1>({1.0})));
  EXPECT_TRUE(refuses(peer, {}));
  EXPECT_TRUE(refuses(peer, pack<2>({nan, 1.0})));
  EXPECT_TRUE(refuses(peer, pack<2>({1.0, infinity})));
  EXPECT_TRUE(refuses(peer, pack<2>({1.0, -1.0})));
  EXPECT_TRUE(refuses(peer, pack<2>({1.0, kWeightMost + 1})));
  EXPECT_FALSE(refuses(peer, pack<2>({-5.0, 0.5})));
  EXPECT_TRUE(refuses(peer, pack<2>({-5.1, 0.5})));
  EXPECT_TRUE(refuses(peer, pack<2>({5.1, 0.5})));
  EXPECT_TRUE(refuses(peer, pack<2>({1e308, 1.0})));
  EXPECT_TRUE(refuses(process_id(3), pack<2>({1.0, 1.0})));
}

TEST(PushSum, ContinuesFromACheckpointWithTheSameBits) {
  const Graph graph = small_world_graph(10, 10, 1);
  testing::PushSumCluster whole(graph, testing::random_values(10, 2, 1), {0.5, true, 3});
  testing::PushSumCluster stopped = whole;
  for (int round = 0; round < 40; ++round) {
    whole.round();
    stopped.round();
    for (PushSum& node : stopped.nodes()) {
      CheckpointWriter writer;
      node.save(writer);
      PushSum restored(node.neighbours(), 2, testing::PushSumCluster::kWeightMost);
      CheckpointReader reader(writer.bytes());
      restored.restore(reader);
      node = restored;
    }
  }
  for (std::size_t v : {0, 1}) EXPECT_EQ(whole.error(v), stopped.error(v));
}

// Goal: a frame that a delaying link brings from the phase before adds nothing to this one.
TEST(GraphSum, DropsFramesOfAnotherPhase) {
  GraphSum sum(kTwoNeighbours, 3, 4, {kBudget, kBudget}, 0.0, 0.0);
  sum.start(1.0);
  RoundOutput output;
  sum.send(4, output);
  const auto stale = pack<2>({100.0, 50.0});
  sum.absorb({5, std::array{Received{process_id(4), 3, stale}}});
  EXPECT_DOUBLE_EQ(sum.push_sum().held()[0], 1.0 / 3);
  const auto current = pack<2>({0.25, 0.5});
  sum.absorb({5, std::array{Received{process_id(4), 4, current}}});
  EXPECT_DOUBLE_EQ(sum.push_sum().held()[0], 1.0 / 3 + 0.25);
}

// Goal: a node that is told running sums at the edge of what can be, one after the other, gives
// none that is beyond it, and its own estimate stays a sum of budgets.
TEST(GraphSum, PassesNoLieOnThatOthersWouldRefuse) {
  GraphSum sum(kTwoNeighbours, 3, 400, {kBudget, kBudget}, 0.0, 0.0);
  PushSum neighbour(std::array{process_id(0)}, 1, 3 * 400);
  neighbour.start(std::array{1.0});
  sum.start(1.0);
  double lies[][2]{{0, 1200}, {1200, 1200}};
  for (Round round = 0; round < 400; ++round) {
    RoundOutput output;
    sum.send(round, output);
    const auto share = neighbour.share(kBudget);
    const std::array answer{share[0], share[1]};
    const auto given = output.payload_for(process_id(1));
    neighbour.absorb(std::array{Received{process_id(0), round, given}}, kBudget);
    const auto told = std::as_bytes(std::span(answer));
    const auto lie = std::as_bytes(std::span(lies[std::min<Round>(round, 1)]));
    sum.absorb({round + 1, std::array{Received{process_id(1), round, told},
                                      Received{process_id(4), round, lie}}});
  }
  EXPECT_EQ(sum.sum(0), 3.0);
  EXPECT_EQ(neighbour.heard(0)[1], 1200);
}

TEST(GraphSum, KeepsTheLastSumWithoutAnyWeight) {
  GraphSum sum(kTwoNeighbours, 3, 800, {kBudget, kBudget}, 0.75, 0.0);
  sum.start(0.0);
  for (Round round = 0; round < 800; ++round) {
    RoundOutput output;
    sum.send(round, output);
    sum.absorb({round + 1, {}});
  }
  EXPECT_EQ(sum.sum(0), 0.75);
}

}  // namespace
}  // namespace tacit
