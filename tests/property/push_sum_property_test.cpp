#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "agent/systems/offload/sum_rounds.h"
#include "common/graph/generators.h"
#include "tests/support/push_sum_cluster.h"

namespace tacit {
namespace {

using testing::PushSumCluster;
using testing::random_values;

constexpr double kAccuracy = 1e-9;

int rounds_to(double accuracy, const Graph& graph, PushSumCluster::Links links) {
  PushSumCluster cluster(graph, random_values(graph.node_count(), 1, links.seed), links);
  for (int round = 1;; ++round) {
    cluster.round();
    if (cluster.error(0) <= accuracy) return round;
    if (round > 100000) return round;
  }
}

// Goal: frames lost in both directions or in one alone never create or destroy mass.
// Method: 300 seeds of random graphs, values and losses; held plus in flight after every round.
TEST(PushSumProperty, MassIsHeldOrInFlightWhateverIsLost) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed=" << seed);
    const std::size_t node_count = 4 + seed % 9;
    const Graph graph = erdos_renyi_graph(node_count, 0.6, seed);
    const double up_probability = 0.1 + 0.1 * static_cast<double>(seed % 10);
    PushSumCluster cluster(graph, random_values(node_count, 2, seed),
                           {up_probability, seed % 2 == 0, seed});
    const std::array initial{cluster.mass(0), cluster.mass(1), cluster.mass(2)};
    for (int round = 0; round < 60; ++round) {
      cluster.round();
      for (std::size_t v = 0; v < 3; ++v) {
        ASSERT_NEAR(cluster.mass(v), initial[v], 1e-12 * initial[v]) << "round " << round;
      }
    }
  }
}

// Goal: the rehearsed number of rounds is enough for any numbers, on every graph, without loss.
TEST(PushSumProperty, RehearsedRoundsReachTheSumWithoutLoss) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed=" << seed);
    const std::size_t node_count = 3 + seed % 20;
    const std::array<Graph, 5> graphs{ring_graph(node_count), star_graph(node_count),
                                      complete_graph(node_count), grid_graph(2, node_count),
                                      small_world_graph(12, 6, seed)};
    for (const Graph& graph : graphs) {
      const Round rounds = offload::rehearse_sum_rounds(graph, 1.0, kAccuracy);
      PushSumCluster cluster(graph, random_values(graph.node_count(), 1, seed), {});
      for (Round round = 0; round < rounds; ++round) cluster.round();
      EXPECT_LE(cluster.error(0), kAccuracy) << graph.node_count() << " nodes";
    }
  }
}

// Goal: with half of the frames lost, one way or both, sums are as accurate within three times the
// rounds, and within the rounds rehearsed for that loss.
TEST(PushSumProperty, HalfTheFramesLostCostAtMostThreeTimesTheRounds) {
  for (const std::size_t node_count : {10, 20, 50}) {
    const Graph graph = small_world_graph(node_count, node_count, 1);
    const Round planned = offload::rehearse_sum_rounds(graph, 0.5, kAccuracy);
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
      SCOPED_TRACE(::testing::Message() << "N=" << node_count << " seed=" << seed);
      const int lossless = rounds_to(kAccuracy, graph, {1.0, false, seed});
      const int lossy = rounds_to(kAccuracy, graph, {0.5, seed % 2 == 0, seed});
      EXPECT_LE(lossy, 3 * lossless);
      EXPECT_LE(lossy, planned);
    }
  }
}

// Goal: the median error over seeds falls geometrically: a straight line in the logarithm.
TEST(PushSumProperty, MedianErrorFallsGeometricallyUnderLoss) {
  const Graph graph = small_world_graph(10, 10, 1);
  std::vector<PushSumCluster> clusters;
  for (std::uint64_t seed = 1; seed <= 51; ++seed) {
    clusters.emplace_back(graph, random_values(10, 1, seed),
                          PushSumCluster::Links{0.5, seed % 2 == 0, seed});
  }
  std::vector<double> logs;
  for (;;) {
    std::vector<double> errors;
    for (PushSumCluster& cluster : clusters) {
      cluster.round();
      errors.push_back(cluster.error(0));
    }
    std::ranges::nth_element(errors, errors.begin() + 25);
    if (errors[25] < 1e-12) break;
    logs.push_back(std::log(errors[25]));
    ASSERT_LT(logs.size(), 1000u);
  }
  const double count = static_cast<double>(logs.size());
  double sk = 0, sl = 0, skk = 0, skl = 0, sll = 0;
  for (std::size_t k = 0; k < logs.size(); ++k) {
    const double x = static_cast<double>(k);
    sk += x, sl += logs[k], skk += x * x, skl += x * logs[k], sll += logs[k] * logs[k];
  }
  const double covariance = skl - sk * sl / count;
  const double slope = covariance / (skk - sk * sk / count);
  const double r_squared =
      covariance * covariance / ((skk - sk * sk / count) * (sll - sl * sl / count));
  RecordProperty("factor_per_round", std::to_string(std::exp(slope)));
  RecordProperty("r_squared", std::to_string(r_squared));
  std::printf("median error falls by %.4f a round over %zu rounds, R^2 = %.5f\n", std::exp(slope),
              logs.size(), r_squared);
  EXPECT_GT(r_squared, 0.95);
  EXPECT_LT(std::exp(slope), 0.9);
}

}  // namespace
}  // namespace tacit
