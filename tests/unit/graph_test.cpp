#include "common/graph/graph.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "common/base/error.h"
#include "common/graph/generators.h"
#include "common/graph/metrics.h"
#include "common/graph/weights.h"

namespace tacit {
namespace {

using Pairs = std::vector<std::pair<std::size_t, std::size_t>>;

Pairs pairs_of(const Graph& graph) {
  Pairs pairs;
  for (const Link& link : graph.edges()) pairs.emplace_back(index_of(link.a), index_of(link.b));
  return pairs;
}

std::string refusal(std::size_t node_count, const Pairs& edges) {
  try {
    Graph(node_count, edges);
  } catch (const InputError& error) {
    EXPECT_EQ(error.code(), ExitCode::config);
    return error.what();
  }
  return "";
}

TEST(Graph, SortsNeighboursAndEdges) {
  const Graph graph(4, {{3, 1}, {0, 3}, {1, 0}});
  EXPECT_EQ(pairs_of(graph), (Pairs{{0, 1}, {0, 3}, {1, 3}}));
  const auto of_three = graph.neighbours(process_id(3));
  EXPECT_EQ(std::vector(of_three.begin(), of_three.end()),
            (std::vector{process_id(0), process_id(1)}));
  EXPECT_EQ(graph.degree(process_id(2)), 0u);
}

TEST(Graph, RefusesWhatIsNoSimpleGraph) {
  EXPECT_EQ(refusal(3, {{2, 2}}), "edge (2, 2): joins a node to itself; remove it");
  EXPECT_EQ(refusal(3, {{1, 3}}),
            "edge (1, 3): node 3 does not exist; there are 3 nodes, counted from 0");
  EXPECT_EQ(refusal(3, {{1, 2}, {0, 1}, {2, 1}}).substr(0, 24), "edge (1, 2): given twice");
}

TEST(Generators, SmallCasesByHand) {
  EXPECT_TRUE(ring_graph(1).edges().empty());
  EXPECT_EQ(pairs_of(ring_graph(2)), (Pairs{{0, 1}}));
  EXPECT_EQ(pairs_of(ring_graph(4)), (Pairs{{0, 1}, {0, 3}, {1, 2}, {2, 3}}));
  EXPECT_EQ(pairs_of(line_graph(3)), (Pairs{{0, 1}, {1, 2}}));
  EXPECT_EQ(pairs_of(star_graph(4)), (Pairs{{0, 1}, {0, 2}, {0, 3}}));
  EXPECT_EQ(pairs_of(grid_graph(2, 3)),
            (Pairs{{0, 1}, {0, 3}, {1, 2}, {1, 4}, {2, 5}, {3, 4}, {4, 5}}));
  EXPECT_EQ(pairs_of(two_clusters_graph(5, 3)), (Pairs{{0, 1}, {0, 2}, {1, 2}, {2, 3}, {3, 4}}));
  EXPECT_EQ(complete_graph(6).edges().size(), 15u);
  EXPECT_THROW(two_clusters_graph(5, 5), InputError);
  EXPECT_THROW(small_world_graph(6, 10, 1), InputError);
  EXPECT_EQ(pairs_of(small_world_graph(6, 9, 1)), pairs_of(complete_graph(6)));
  EXPECT_EQ(pairs_of(erdos_renyi_graph(6, 1.0, 1)), pairs_of(complete_graph(6)));
  EXPECT_THROW(erdos_renyi_graph(60, 0.001, 1), InputError);
}

TEST(Metrics, KnownDiametersAndDegrees) {
  EXPECT_EQ(diameter(ring_graph(10)), 5u);
  EXPECT_EQ(diameter(line_graph(10)), 9u);
  EXPECT_EQ(diameter(star_graph(10)), 2u);
  EXPECT_EQ(diameter(grid_graph(3, 4)), 5u);
  EXPECT_EQ(diameter(two_clusters_graph(8, 4)), 3u);
  EXPECT_EQ(diameter(ring_graph(1)), 0u);
  const DegreeSummary star = degrees(star_graph(5));
  EXPECT_EQ(star.least, 1u);
  EXPECT_EQ(star.most, 4u);
  EXPECT_DOUBLE_EQ(star.mean, 1.6);
}

TEST(Metrics, NamesTheUnreachable) {
  EXPECT_TRUE(unreachable_nodes(ring_graph(5)).empty());
  EXPECT_EQ(unreachable_nodes(Graph(5, {{0, 2}, {1, 4}})),
            (std::vector{process_id(1), process_id(3), process_id(4)}));
}

double cosine_degrees(double degrees) { return std::cos(degrees * std::numbers::pi / 180); }

// Metropolis on a ring is the circulant (1/3, 1/3, 1/3): eigenvalues (1 + 2 cos(2 pi k / N)) / 3.
TEST(Spectrum, MetropolisOnTheRingOfTen) {
  const Graph ring = ring_graph(10);
  EXPECT_NEAR(second_eigenvalue_modulus(ring, metropolis_weights(ring)),
              1 - 2.0 / 3 * (1 - cosine_degrees(36)), 1e-12);
}

TEST(Spectrum, RandomWalkValuesOfKnownGraphs) {
  const auto walk = [](const Graph& graph, double step) {
    return second_eigenvalue_modulus(graph, random_walk_weights(graph, step));
  };
  // A complete graph's walk has the eigenvalues 1 and -1 / (N - 1); a bipartite one has -1.
  EXPECT_NEAR(walk(complete_graph(8), 1), 1.0 / 7, 1e-12);
  EXPECT_NEAR(walk(star_graph(8), 1), 1, 1e-12);
  EXPECT_NEAR(walk(star_graph(8), 0.5), 0.5, 1e-12);
  // Seven buildings, as printed for them to four digits at steps .1 .25 .5 .9.
  const Graph clusters(
      7, {{0, 2}, {0, 3}, {0, 4}, {2, 3}, {2, 4}, {3, 4}, {1, 5}, {1, 6}, {5, 6}, {4, 5}});
  EXPECT_NEAR(walk(clusters, 0.1), 0.9840, 5e-5);
  EXPECT_NEAR(walk(clusters, 0.9), 0.8563, 5e-5);
  EXPECT_NEAR(walk(ring_graph(7), 0.25), 0.9059, 5e-5);
  EXPECT_NEAR(walk(line_graph(7), 0.5), 0.9330, 5e-5);
}

// Large graphs take another path through the code than small ones; the answers must agree with
// the formulas there too, also where the eigenvalues next to 1 lie close together (long rings).
TEST(Spectrum, LargeGraphs) {
  for (const std::size_t node_count : {399, 401, 1000, 10000}) {
    const Graph ring = ring_graph(node_count);
    const double angle = 360.0 / static_cast<double>(node_count);
    EXPECT_NEAR(second_eigenvalue_modulus(ring, metropolis_weights(ring)),
                1 - 2.0 / 3 * (1 - cosine_degrees(angle)), 1e-10)
        << node_count;
  }
  const Graph star = star_graph(1000);
  EXPECT_NEAR(second_eigenvalue_modulus(star, random_walk_weights(star, 1)), 1, 1e-10);
  EXPECT_NEAR(second_eigenvalue_modulus(star, random_walk_weights(star, 0.25)), 0.75, 1e-10);
  const Graph complete = complete_graph(1000);
  EXPECT_NEAR(second_eigenvalue_modulus(complete, metropolis_weights(complete)), 0, 1e-10);
}

TEST(Weights, RefuseAnImpossibleStep) {
  EXPECT_THROW(random_walk_weights(ring_graph(4), 0), std::invalid_argument);
  EXPECT_THROW(random_walk_weights(ring_graph(4), 1.5), std::invalid_argument);
}

}  // namespace
}  // namespace tacit
