// Goal: the claims about the disagreement of the multipliers hold on whatever graph, gradient and
// step, clipped or not, and are as sharp as they are stated.
// Method: a second implementation of dual ascent and mixing with dense matrices makes the traces;
// random gradients look for a violation, gradients along the slowest mode must reach the bounds.
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/random/uniform_real_distribution.hpp>
#include <cmath>

#include "agent/systems/grid/grid_theory.h"
#include "common/base/random.h"
#include "common/graph/generators.h"
#include "tests/support/test_links.h"

namespace tacit::grid {
namespace {

using tacit::testing::CoinLinks;
using Vector = std::vector<double>;
using Matrix = std::vector<Vector>;

/// A connected graph of 2..21 nodes, most of them irregular.
Graph random_graph(std::uint64_t seed) {
  const std::size_t node_count = 2 + seed % 20;
  switch (seed % 4) {
    case 0:
      return line_graph(node_count);
    case 1:
      return star_graph(node_count);
    case 2:
      return erdos_renyi_graph(node_count, 0.4, seed);
    default:
      return two_clusters_graph(node_count, 1 + node_count / 3);
  }
}

DualConfig random_dual(std::uint64_t seed, Weights weights) {
  DualConfig dual;
  dual.weights = weights;
  dual.iterations = 1 + static_cast<int>(seed % 3);
  dual.consensus_step = 0.1 + 0.2 * static_cast<double>(seed % 5);
  dual.alpha = 0.01 * std::pow(4.0, static_cast<double>(seed % 6));
  return dual;
}

/// P of one round by its definition; a link that is down leaves its weight with both ends.
Matrix mixing_matrix(const Graph& graph, const DualConfig& dual, const LinkModel& links,
                     Round round) {
  const std::size_t size = graph.node_count();
  Matrix P(size, Vector(size, 0.0));
  for (std::size_t i = 0; i < size; ++i) P[i][i] = 1;
  for (const Link& link : graph.edges()) {
    if (!links.sends({link.a, link.b}, round)) continue;
    const auto degree_a = static_cast<double>(graph.degree(link.a));
    const auto degree_b = static_cast<double>(graph.degree(link.b));
    const bool metropolis = dual.weights == Weights::metropolis;
    const double most = std::max(degree_a, degree_b);
    const std::size_t a = index_of(link.a), b = index_of(link.b);
    const double from_b = dual.consensus_step / (metropolis ? most : degree_a);
    const double from_a = dual.consensus_step / (metropolis ? most : degree_b);
    P[a][b] += from_b, P[a][a] -= from_b;
    P[b][a] += from_a, P[b][b] -= from_a;
  }
  return P;
}

Vector times(const Matrix& P, const Vector& x) {
  Vector y(x.size(), 0.0);
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (std::size_t j = 0; j < x.size(); ++j) y[i] += P[i][j] * x[j];
  }
  return y;
}

/// Dual ascent on [0, most] with the gradients that `gradient(k)` names, then L rounds of mixing.
template <typename Gradient>
DualTrace simulate(const Graph& graph, const DualConfig& dual, const LinkModel& links,
                   std::size_t hours, double share, double most, Gradient gradient) {
  const std::size_t size = graph.node_count();
  DualTrace trace{Matrix(size, Vector{0.0}), Matrix(size)};
  Vector lambda(size, 0.0);
  for (std::size_t k = 0; k < hours; ++k) {
    const Vector g = gradient(k);
    for (std::size_t i = 0; i < size; ++i) {
      lambda[i] = std::clamp(lambda[i] + dual.alpha * (g[i] - share), 0.0, most);
      trace.grid_kwh[i].push_back(g[i]);
    }
    for (int l = 0; l < dual.iterations; ++l) {
      const Round round = static_cast<Round>(k) * dual.iterations + l;
      lambda = times(mixing_matrix(graph, dual, links, round), lambda);
    }
    for (std::size_t i = 0; i < size; ++i) trace.lambda[i].push_back(lambda[i]);
  }
  return trace;
}

/// Purchases whose level wanders, so that lambda spends time at both of its ends.
DualTrace random_trace(const Graph& graph, const DualConfig& dual, const LinkModel& links,
                       std::uint64_t seed) {
  RandomStream stream(seed, process_id(0), purpose("test.grid_theory"), 0);
  boost::random::uniform_real_distribution<double> uniform(0, 1);
  const auto gradient = [&](std::size_t k) {
    Vector g(graph.node_count());
    for (double& one : g) one = (k / 40 % 2 == 0 ? 6 : 1) * std::pow(uniform(stream), 3.0);
    return g;
  };
  return simulate(graph, dual, links, 240, 1.0, 4.0, gradient);
}

std::size_t violation_count(const ConsensusCheck& check) {
  std::size_t count = 0;
  for (std::size_t k = 1; k < check.step_bound.size(); ++k) {
    count += Bound{"", check.error[k], check.step_bound[k]}.held() ? 0u : 1u;
  }
  return count;
}

TEST(GridTheory, BothBoundsHoldOnAnyFixedGraph) {
  const CoinLinks links(1.0);
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    for (const Weights weights : {Weights::metropolis, Weights::random_walk}) {
      SCOPED_TRACE(::testing::Message() << "seed=" << seed);
      const Graph graph = random_graph(seed);
      const DualConfig dual = random_dual(seed, weights);
      const DualTrace trace = random_trace(graph, dual, links, seed);
      const auto check = check_consensus(Method::consensus, dual, graph, links, {}, trace);
      const auto bounds = consensus_bounds(check);
      ASSERT_EQ(bounds.size(), 2u);
      for (const Bound& bound : bounds) {
        EXPECT_TRUE(bound.held()) << bound.name << ' ' << bound.measured << " > " << bound.bound;
      }
      EXPECT_EQ(violation_count(check), 0u);
    }
  }
}

/// The eigenvector of P's second eigenvalue by iteration; lazy matrices (step <= 1/2) have none
/// that is negative.
Vector slowest_mode(const Graph& graph, const DualConfig& dual, const Vector& w,
                    const LinkModel& links) {
  const Matrix P = mixing_matrix(graph, dual, links, 0);
  Vector x(graph.node_count());
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::cos(static_cast<double>(i * i) + 0.3);
  for (int n = 0; n < 5000; ++n) {
    x = times(P, x);
    double mean = 0, most = 0;
    for (std::size_t i = 0; i < x.size(); ++i) mean += w[i] * x[i];
    for (double& one : x) most = std::max(most, std::abs(one -= mean));
    for (double& one : x) one /= most;
  }
  return x;
}

TEST(GridTheory, PurchasesAlongTheSlowestModeReachBothBounds) {
  const CoinLinks links(1.0);
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    for (const Weights weights : {Weights::metropolis, Weights::random_walk}) {
      SCOPED_TRACE(::testing::Message() << "seed=" << seed);
      const Graph graph = random_graph(seed);
      DualConfig dual = random_dual(seed, weights);
      dual.consensus_step = 0.1 + 0.1 * static_cast<double>(seed % 5);
      dual.alpha = 0.05;
      Vector w(graph.node_count());
      for (std::size_t i = 0; i < w.size(); ++i) {
        w[i] = weights == Weights::metropolis ? 1.0 / static_cast<double>(w.size())
                                              : static_cast<double>(graph.degree(process_id(i))) /
                                                    static_cast<double>(2 * graph.edges().size());
      }
      const Vector mode = slowest_mode(graph, dual, w, links);
      // The first hour lifts lambda off zero, and the share leaves its mean there: never clipped.
      const auto gradient = [&](std::size_t k) {
        Vector g = mode;
        for (double& one : g) one += k == 0 ? 1e5 : 2;
        return g;
      };
      const DualTrace trace = simulate(graph, dual, links, 4000, 2.0, 1e9, gradient);
      const auto check = check_consensus(Method::consensus, dual, graph, links, {}, trace);
      ASSERT_TRUE(check.error_bound);
      EXPECT_NEAR(check.error.back() / check.step_bound.back(), 1, 1e-3);
      EXPECT_NEAR(check.error.back() / *check.error_bound, 1, 1e-3);
      for (const Bound& bound : consensus_bounds(check)) EXPECT_TRUE(bound.held()) << bound.name;
    }
  }
}

TEST(GridTheory, RealisedMatricesBoundEveryStepWhateverFails) {
  std::size_t violated_with_full_graph = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed=" << seed);
    const Graph graph = random_graph(seed);
    const DualConfig dual = random_dual(seed, Weights::metropolis);
    const double up_probability = 0.1 + 0.2 * static_cast<double>(seed % 5);
    const CoinLinks links(up_probability, seed);
    const DualTrace trace = random_trace(graph, dual, links, seed);
    const LinkTraits failing{up_probability, true, false};
    const auto check = check_consensus(Method::consensus, dual, graph, links, failing, trace);
    EXPECT_EQ(check.step_bound.size(), 241u);
    EXPECT_EQ(violation_count(check), 0u);
    EXPECT_EQ(consensus_bounds(check).size(), 1u);
    // As if nothing had failed: the factor of the whole graph claims too much.
    violated_with_full_graph += violation_count(
        check_consensus(Method::consensus, dual, graph, links, LinkTraits{}, trace));
  }
  EXPECT_GT(violated_with_full_graph, 1000u);
}

}  // namespace
}  // namespace tacit::grid
