// Goal: what mixing of prices conserves and where it stays, on any graph, with links failing.
// Method: small worlds of 3 to 14 agents, random prices, 200 seeds; every failure prints its seed.

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "common/base/random.h"
#include "common/graph/generators.h"
#include "tests/support/consensus_cluster.h"

namespace tacit {
namespace {

constexpr std::uint64_t kSeeds = 200;
constexpr double kUp = 0.6;

struct World {
  explicit World(std::uint64_t seed, grid::Weights weights)
      : stream(seed, process_id(0), purpose("test.dual_consensus"), 0),
        graph(small_world_graph(3 + seed % 12, seed % 12 < 2 ? 0 : seed % 3, seed)) {
    dual.weights = weights;
    dual.consensus_step = 0.05 + 0.9 * to_unit(stream());
    for (std::size_t i = 0; i < graph.node_count(); ++i) {
      first.push_back(15 * to_unit(stream()));
    }
  }
  RandomStream stream;
  Graph graph;
  grid::DualConfig dual;
  std::vector<double> first;
};

double weighted(const std::vector<double>& weights, const std::vector<double>& values) {
  return std::inner_product(weights.begin(), weights.end(), values.begin(), 0.0);
}

bool always(std::size_t, std::size_t) { return true; }

TEST(DualConsensusProperty, MixingConservesTheMeanWithItsWeights) {
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed=" << seed);
    for (const auto weights : {grid::Weights::metropolis, grid::Weights::random_walk}) {
      const World world(seed, weights);
      testing::ConsensusCluster cluster(world.graph, world.dual, world.first);
      const auto w = grid::perron_vector(weights, world.graph);
      const double before = weighted(w, cluster.duals());
      for (int round = 0; round < 30; ++round) cluster.mix(always);
      EXPECT_NEAR(weighted(w, cluster.duals()), before, 1e-12);
    }
  }
}

// Both ends of a link lose it in the same round.
TEST(DualConsensusProperty, MetropolisConservesTheMeanWhileLinksFail) {
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed=" << seed);
    const World world(seed, grid::Weights::metropolis);
    testing::ConsensusCluster cluster(world.graph, world.dual, world.first);
    const auto w = grid::perron_vector(grid::Weights::metropolis, world.graph);
    const double before = weighted(w, cluster.duals());
    for (Round round = 0; round < 30; ++round) {
      cluster.mix([&](std::size_t from, std::size_t to) {
        const Edge edge{process_id(std::min(from, to)), process_id(std::max(from, to))};
        return coin(seed, purpose("test.links"), edge, round, kUp);
      });
    }
    EXPECT_NEAR(weighted(w, cluster.duals()), before, 1e-12);
  }
}

TEST(DualConsensusProperty, StaysBetweenTheExtremesWhateverIsLost) {
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed=" << seed);
    for (const auto weights : {grid::Weights::metropolis, grid::Weights::random_walk}) {
      const World world(seed, weights);
      testing::ConsensusCluster cluster(world.graph, world.dual, world.first);
      auto [least, most] = std::ranges::minmax(cluster.duals());
      for (Round round = 0; round < 30; ++round) {
        cluster.mix([&](std::size_t from, std::size_t to) {
          return coin(seed, purpose("test.links"), {process_id(from), process_id(to)}, round, kUp);
        });
        const auto [least_now, most_now] = std::ranges::minmax(cluster.duals());
        EXPECT_GE(least_now, least - 1e-12);
        EXPECT_LE(most_now, most + 1e-12);
        least = least_now;
        most = most_now;
      }
      EXPECT_LT(most - least, *std::ranges::max_element(world.first));
    }
  }
}

}  // namespace
}  // namespace tacit
