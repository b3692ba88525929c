#include "common/protocol/push_sum.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>

#include "common/base/error.h"
#include "common/base/payload.h"
#include "common/graph/generators.h"
#include "common/protocol/graph_sum.h"
#include "tests/support/push_sum_cluster.h"

namespace tacit {
namespace {

const std::vector<ProcessId> kTwoNeighbours{process_id(1), process_id(4)};
constexpr Accepted kBudgets{"sum of theta", 0.0, 3.0};

// Goal: the arithmetic, by hand: a node of degree 2 that starts with 6, twice, one neighbour heard
// only the second time, with everything the first frame would have brought.
TEST(PushSum, SplitsEvenlyAndCatchesUp) {
  PushSum node(kTwoNeighbours, 1);
  node.start(std::array{6.0});
  EXPECT_DOUBLE_EQ(node.share()[0], 2.0);
  EXPECT_DOUBLE_EQ(node.held()[0], 2.0);
  EXPECT_DOUBLE_EQ(node.held()[1], 1.0 / 3);
  const auto first = pack<2>({3.0, 0.5});
  node.absorb(std::array{Received{process_id(4), 0, first}});
  EXPECT_DOUBLE_EQ(node.held()[0], 5.0);
  EXPECT_DOUBLE_EQ(node.share()[0], 2.0 + 5.0 / 3);
  const auto second = pack<2>({4.0, 0.75});
  const auto late = pack<2>({1.0, 1.0});
  node.absorb(std::array{Received{process_id(1), 1, late}, Received{process_id(4), 1, second}});
  EXPECT_DOUBLE_EQ(node.held()[0], 5.0 / 3 + 1.0 + 1.0);
}

TEST(PushSum, StartForgetsTheLastPhase) {
  PushSum node(kTwoNeighbours, 1);
  node.start(std::array{6.0});
  node.share();
  node.start(std::array{9.0});
  EXPECT_DOUBLE_EQ(node.share()[0], 3.0);
  EXPECT_DOUBLE_EQ(node.share()[1], 1.0 / 3 + 1.0 / 9);
}

TEST(PushSum, RefusesWhatIsNotARunningSumAndNamesTheSender) {
  const double infinity = std::numeric_limits<double>::infinity();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto refuses = [](ProcessId from, std::span<const std::byte> payload) {
    PushSum node(kTwoNeighbours, 1);
    node.start(std::array{1.0});
    try {
      node.absorb(std::array{Received{from, 7, payload}});
    } catch (const InputError& error) {
      const std::string message = error.what();
      return error.code() == ExitCode::mismatch &&
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
      PushSum restored(node.neighbours(), 2);
      CheckpointReader reader(writer.bytes());
      restored.restore(reader);
      node = restored;
    }
  }
  for (std::size_t v : {0, 1}) EXPECT_EQ(whole.error(v), stopped.error(v));
}

// Goal: a frame that a delaying link brings from the phase before adds nothing to this one.
TEST(GraphSum, DropsFramesOfAnotherPhase) {
  GraphSum sum(kTwoNeighbours, 3, 4, 0.0, 0.0);
  sum.start(1.0);
  RoundOutput output;
  sum.send(4, output);
  const auto stale = pack<2>({100.0, 50.0});
  sum.absorb({5, std::array{Received{process_id(4), 3, stale}}}, kBudgets);
  EXPECT_DOUBLE_EQ(sum.push_sum().held()[0], 1.0 / 3);
  const auto current = pack<2>({0.25, 0.5});
  sum.absorb({5, std::array{Received{process_id(4), 4, current}}}, kBudgets);
  EXPECT_DOUBLE_EQ(sum.push_sum().held()[0], 1.0 / 3 + 0.25);
}

TEST(GraphSum, RefusesASumNobodyCouldHaveReached) {
  GraphSum sum(kTwoNeighbours, 3, 4, 0.0, 0.0);
  sum.start(1.0);
  const auto huge = pack<2>({100.0, 0.5});
  EXPECT_THROW(sum.absorb({4, std::array{Received{process_id(4), 3, huge}}}, kBudgets), InputError);
}

}  // namespace
}  // namespace tacit
