#pragma once

#include <vector>

#include "common/graph/graph.h"
#include "common/graph/weights.h"

namespace tacit::grid {

/// How the agents update their dual variables.
enum class Method {
  consensus,     ///< dual ascent, then mixing with the neighbours
  no_consensus,  ///< dual ascent alone: every agent has its own share of the cap
  fixed,         ///< the same constant lambda and nu on all agents
};

/// Mixing weights: metropolis_hastings_weights or random_walk_weights, with step eps.
enum class Weights { metropolis, random_walk };

/// Steps and bounds of the dual variables. lambda prices the cap of the grid, nu the balance of the
/// backlog; both have the unit of scaled $/kWh.
struct DualConfig {
  double alpha = 0.05;      ///< step of lambda per kWh, > 0
  double eta = 0.1;         ///< step of nu per kWh, > 0
  double lambda_most = 15;  ///< lambda is clipped to [0, lambda_most]
  double nu_least = -20;    ///< nu to [nu_least, nu_most]
  double nu_most = 20;
  Weights weights = Weights::metropolis;
  double consensus_step = 0.5;  ///< eps, in (0, 1)
  int iterations = 1;           ///< L >= 1, consensus rounds per hour
  double fixed_lambda = 8;      ///< of the method fixed, as is the next
  double fixed_nu = -16;
};

/// The matrix P of the consensus, on the whole graph.
WeightRows mixing_weights(const Graph& graph, const DualConfig& dual);

/// [N] w, the left eigenvector of P for the eigenvalue 1, which sums to 1: mixing tends to the mean
/// with these weights. 1/N for Metropolis, deg_i / sum deg for the random walk.
std::vector<double> perron_vector(Weights weights, const Graph& graph);

}  // namespace tacit::grid
