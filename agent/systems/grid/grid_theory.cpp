#include "agent/systems/grid/grid_theory.h"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

#include "common/base/check.h"
#include "common/graph/weights.h"

namespace tacit::grid {

namespace {

/// |dev(x)|_w of the agents' values in one hour.
double deviation(const std::vector<std::vector<double>>& values, std::size_t hour,
                 const std::vector<double>& w) {
  double mean = 0, square = 0;
  for (std::size_t i = 0; i < w.size(); ++i) mean += w[i] * values[i][hour];
  for (std::size_t i = 0; i < w.size(); ++i) {
    const double difference = values[i][hour] - mean;
    square += w[i] * difference * difference;
  }
  return std::sqrt(square);
}

/// P_{k,l}: the weight of a failed link is added to the diagonal at both its ends.
Eigen::MatrixXd realised_matrix(const Graph& graph, const WeightRows& weights,
                                const LinkModel& links, Round round) {
  const auto size = static_cast<Eigen::Index>(graph.node_count());
  Eigen::MatrixXd P = Eigen::MatrixXd::Zero(size, size);
  for (std::size_t i = 0; i < graph.node_count(); ++i) {
    const auto neighbours = graph.neighbours(process_id(i));
    const auto row = static_cast<Eigen::Index>(i);
    P(row, row) += weights[i].self;
    for (std::size_t n = 0; n < neighbours.size(); ++n) {
      const bool up = links.sends({process_id(i), neighbours[n]}, round);
      const auto column = up ? static_cast<Eigen::Index>(index_of(neighbours[n])) : row;
      P(row, column) += weights[i].neighbours[n];
    }
  }
  return P;
}

/// rho_k = |prod_l P_{k,l} - 1 w^T|_2 with w = 1/N. The product need not be symmetric.
double realised_factor(const Graph& graph, const WeightRows& weights, const LinkModel& links,
                       std::size_t hour, int iterations) {
  const auto size = static_cast<Eigen::Index>(graph.node_count());
  Eigen::MatrixXd M = Eigen::MatrixXd::Identity(size, size);
  for (int l = 0; l < iterations; ++l) {
    const Round round = static_cast<Round>(hour) * iterations + l;
    M = (realised_matrix(graph, weights, links, round) * M).eval();
  }
  M.array() -= 1.0 / static_cast<double>(size);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> squares(M.transpose() * M,
                                                               Eigen::EigenvaluesOnly);
  TACIT_CHECK(squares.info() == Eigen::Success, "a small symmetric matrix has its eigenvalues");
  return std::sqrt(std::max(squares.eigenvalues().maxCoeff(), 0.0));
}

}  // namespace

ConsensusCheck check_consensus(Method method, const DualConfig& dual, const Graph& graph,
                               const LinkModel& links, const LinkTraits& traits,
                               const DualTrace& trace) {
  const std::vector<double> w = perron_vector(dual.weights, graph);
  const std::size_t hours = trace.grid_kwh.front().size();
  ConsensusCheck check;
  for (std::size_t k = 0; k <= hours; ++k) check.error.push_back(deviation(trace.lambda, k, w));

  const bool fixed = !traits.ever_down;
  const bool realised = dual.weights == Weights::metropolis && !traits.one_way &&
                        graph.node_count() <= kRealisedAgentsMost;
  if (method != Method::consensus || !(fixed || realised)) return check;

  const WeightRows weights = mixing_weights(graph, dual);
  const double factor =
      fixed ? std::pow(second_eigenvalue_modulus(graph, weights), dual.iterations) : 0.0;
  double sigma = 0;
  check.step_bound.push_back(check.error.front());
  for (std::size_t k = 0; k < hours; ++k) {
    const double push = deviation(trace.grid_kwh, k, w);
    const double rho = fixed ? factor : realised_factor(graph, weights, links, k, dual.iterations);
    check.step_bound.push_back(rho * (check.error[k] + dual.alpha * push));
    sigma = std::max(sigma, push);
  }
  if (fixed) check.error_bound = factor * dual.alpha * sigma / (1 - factor);
  return check;
}

std::vector<Bound> consensus_bounds(const ConsensusCheck& check) {
  std::vector<Bound> bounds;
  if (check.step_bound.size() > 1) {
    // Above 1 exactly where the bound is violated; an hour without disagreement is no test.
    const auto share_used = [&](std::size_t k) {
      const double scale = std::max({1.0, check.error[k], check.step_bound[k]});
      return check.error[k] / (check.step_bound[k] + kBoundTolerance * scale);
    };
    std::size_t tightest = 1;
    for (std::size_t k = 2; k < check.step_bound.size(); ++k) {
      if (share_used(k) > share_used(tightest)) tightest = k;
    }
    bounds.push_back({"consensus_step", check.error[tightest], check.step_bound[tightest]});
  }
  if (check.error_bound) {
    bounds.push_back({"consensus_error", std::ranges::max(check.error), *check.error_bound});
  }
  return bounds;
}

}  // namespace tacit::grid
