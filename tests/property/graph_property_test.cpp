#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "common/base/error.h"
#include "common/base/random.h"
#include "common/graph/generators.h"
#include "common/graph/graphml.h"
#include "common/graph/metrics.h"
#include "common/graph/weights.h"

namespace tacit {
namespace {

/// A connected graph of 4..43 nodes: sparse, dense or in between.
Graph random_graph(std::uint64_t seed) {
  const std::size_t node_count = 4 + seed % 40;
  if (seed % 2 == 0) {
    return small_world_graph(node_count, seed % (1 + chord_count_most(node_count)), seed);
  }
  return erdos_renyi_graph(node_count, 0.35 + 0.1 * static_cast<double>(seed % 6), seed);
}

bool has_edge(const Graph& graph, std::size_t a, std::size_t b) {
  const auto neighbours = graph.neighbours(process_id(a));
  return std::binary_search(neighbours.begin(), neighbours.end(), process_id(b));
}

TEST(GraphProperty, SmallWorldsAreRingsPlusThatManyChords) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed=" << seed);
    const std::size_t node_count = 5 + seed % 30;
    const std::size_t chords = (seed * 7) % (1 + chord_count_most(node_count));
    const Graph graph = small_world_graph(node_count, chords, seed);
    EXPECT_EQ(graph.edges().size(), node_count + chords);
    for (std::size_t node = 0; node < node_count; ++node) {
      EXPECT_TRUE(has_edge(graph, node, (node + 1) % node_count));
    }
    EXPECT_EQ(small_world_graph(node_count, chords, seed).edges(), graph.edges());
  }
}

// At p = 0.5 and 60 nodes nearly every draw is connected, so drawing again does not bend the odds.
TEST(GraphProperty, ErdosRenyiGraphsAreConnectedAndHaveTheirDensity) {
  double edges = 0;
  const int graph_count = 200;
  for (std::uint64_t seed = 0; seed < graph_count; ++seed) {
    const Graph graph = erdos_renyi_graph(60, 0.5, seed);
    EXPECT_TRUE(unreachable_nodes(graph).empty()) << "seed=" << seed;
    edges += static_cast<double>(graph.edges().size());
    const Graph sparse = erdos_renyi_graph(12, 0.2, seed);
    EXPECT_TRUE(unreachable_nodes(sparse).empty()) << "seed=" << seed;
  }
  const double pairs = graph_count * 60 * 59 / 2.0;
  EXPECT_NEAR(edges, pairs * 0.5, 5 * std::sqrt(pairs * 0.25));
}

// Referee: Floyd and Warshall's algorithm.
TEST(GraphProperty, HopCountsAndDiameterAreShortestPaths) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed=" << seed);
    const Graph graph = random_graph(seed);
    const std::size_t n = graph.node_count();
    std::vector<std::vector<std::size_t>> hops(n, std::vector<std::size_t>(n, n));
    for (std::size_t a = 0; a < n; ++a) hops[a][a] = 0;
    for (const Link& link : graph.edges()) {
      hops[index_of(link.a)][index_of(link.b)] = hops[index_of(link.b)][index_of(link.a)] = 1;
    }
    std::size_t longest = 0;
    for (std::size_t via = 0; via < n; ++via) {
      for (std::size_t a = 0; a < n; ++a) {
        for (std::size_t b = 0; b < n; ++b) {
          hops[a][b] = std::min(hops[a][b], hops[a][via] + hops[via][b]);
        }
      }
    }
    for (std::size_t a = 0; a < n; ++a) {
      EXPECT_EQ(hop_counts(graph, process_id(a)), hops[a]);
      longest = std::max(longest, *std::max_element(hops[a].begin(), hops[a].end()));
    }
    EXPECT_EQ(diameter(graph), longest);
  }
}

TEST(GraphProperty, WeightsAreStochasticAndReversible) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed=" << seed);
    const Graph graph = random_graph(seed);
    const WeightRows metropolis = metropolis_weights(graph);
    const WeightRows walk = random_walk_weights(graph, 0.7);
    const auto weight = [&](const WeightRows& rows, ProcessId from, ProcessId to) {
      const auto neighbours = graph.neighbours(from);
      const auto at = std::lower_bound(neighbours.begin(), neighbours.end(), to);
      return rows[index_of(from)].neighbours[static_cast<std::size_t>(at - neighbours.begin())];
    };
    for (const WeightRows* rows : {&metropolis, &walk}) {
      for (const WeightRow& row : *rows) {
        double sum = row.self;
        for (const double value : row.neighbours) sum += value;
        EXPECT_NEAR(sum, 1, 1e-14);
        EXPECT_GT(row.self, 0);
      }
    }
    for (const Link& link : graph.edges()) {
      EXPECT_EQ(weight(metropolis, link.a, link.b), weight(metropolis, link.b, link.a));
      EXPECT_NEAR(weight(walk, link.a, link.b) * static_cast<double>(graph.degree(link.a)),
                  weight(walk, link.b, link.a) * static_cast<double>(graph.degree(link.b)), 1e-14);
    }
  }
}

/// One round of averaging, x <- P x.
std::vector<double> averaged(const Graph& graph, const WeightRows& rows,
                             const std::vector<double>& x) {
  std::vector<double> next(x.size());
  for (std::size_t node = 0; node < x.size(); ++node) {
    next[node] = rows[node].self * x[node];
    const auto neighbours = graph.neighbours(process_id(node));
    for (std::size_t k = 0; k < neighbours.size(); ++k) {
      next[node] += rows[node].neighbours[k] * x[index_of(neighbours[k])];
    }
  }
  return next;
}

double deviation(const std::vector<double>& x) {
  double mean = 0;
  for (const double value : x) mean += value / static_cast<double>(x.size());
  double square = 0;
  for (const double value : x) square += (value - mean) * (value - mean);
  return std::sqrt(square);
}

// rho by what it means: disagreement never shrinks slower than rho per round, and in the long run
// exactly that fast. Graphs on both sides of where the solver changes.
TEST(GraphProperty, DisagreementShrinksByRhoPerRound) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed=" << seed);
    const Graph graph = seed < 34 ? random_graph(seed) : small_world_graph(450, 100 * seed, seed);
    const WeightRows rows = metropolis_weights(graph);
    const double rho = second_eigenvalue_modulus(graph, rows);
    ASSERT_LT(rho, 1);
    RandomStream stream(seed, process_id(0), purpose("test.average"), 0);
    std::vector<double> x(graph.node_count());
    for (double& value : x) value = to_unit(stream());
    double shrunk = 0;
    for (int round = 0; round < 2000; ++round) {
      const double before = deviation(x);
      x = averaged(graph, rows, x);
      shrunk = deviation(x) / before;
      ASSERT_LE(shrunk, rho + 1e-9) << "round " << round;
      for (double& value : x) value /= before;  // away from the smallest numbers
      double mean = 0;
      for (const double value : x) mean += value / static_cast<double>(x.size());
      for (double& value : x) value -= mean;
      if (rho < 1e-6) break;
    }
    EXPECT_NEAR(shrunk, rho, 2e-3);
  }
}

TEST(GraphProperty, GraphmlKeepsEveryGraph) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Graph graph = random_graph(seed);
    const Graph again =
        simple_graph(read_graphml(write_graphml(graph), "own"), ParallelEdges::refuse, "own").graph;
    EXPECT_EQ(again.node_count(), graph.node_count()) << "seed=" << seed;
    EXPECT_EQ(again.edges(), graph.edges()) << "seed=" << seed;
  }
}

// Damaged files end in an InputError or in a graph, never otherwise.
TEST(GraphProperty, DamagedGraphmlIsRefusedOrRead) {
  const std::string whole = write_graphml(small_world_graph(8, 4, 1));
  int refused = 0;
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed=" << seed);
    RandomStream stream(seed, process_id(0), purpose("test.damage"), 0);
    std::string text = whole;
    for (std::uint64_t k = 0; k <= seed % 4; ++k) {
      std::uint64_t word = stream();
      const std::size_t at = split_off(word, text.size());
      const std::uint64_t how = split_off(word, 3);
      if (how == 0) text[at] = static_cast<char>(split_off(word, 256));
      if (how == 1) text.erase(at, 1 + split_off(word, 30));
      if (how == 2) text.insert(at, text.substr(split_off(word, text.size()), 20));
    }
    try {
      simple_graph(read_graphml(text, "damaged"), ParallelEdges::refuse, "damaged");
    } catch (const InputError& error) {
      EXPECT_EQ(error.code(), ExitCode::config);
      ++refused;
    }
  }
  EXPECT_GT(refused, 300);
}

}  // namespace
}  // namespace tacit
