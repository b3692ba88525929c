#pragma once

#include <cstddef>
#include <vector>

#include "common/graph/graph.h"

namespace tacit {

/// One row of a weight matrix P over a graph: the weights of a node for itself and its neighbours.
struct WeightRow {
  double self;
  std::vector<double> neighbours;  ///< [degree], in the order of Graph::neighbours
};

/// [N] rows of a matrix that is zero between nodes that are not neighbours.
using WeightRows = std::vector<WeightRow>;

/// Metropolis weights: P_ij = 1 / (1 + max(deg_i, deg_j)) on edges, P_ii = 1 - sum_j P_ij.
/// Symmetric and doubly stochastic: iterating converges to the plain average.
/// Source: Xiao, Boyd & Lall, "A scheme for robust distributed sensor fusion", IPSN 2005.
WeightRows metropolis_weights(const Graph& graph);

/// The lazy random walk: P = (1 - step) I + step D^-1 A, that is P_ij = step / deg_i on edges.
/// Row-stochastic: iterating converges to the average weighted by deg_i / sum deg. A node
/// without neighbours keeps its value.
/// @throws std::invalid_argument unless 0 < step <= 1
/// Source: Levin, Peres & Wilmer, Markov Chains and Mixing Times, sections 1.4 and 1.3 (lazy).
WeightRows random_walk_weights(const Graph& graph, double step);

/// The lazy Metropolis-Hastings walk towards the uniform distribution:
/// P_ij = step / max(deg_i, deg_j) on edges, P_ii = 1 - sum_j P_ij. Symmetric and doubly
/// stochastic. With step = 1 it need not converge: on a ring of even length it never does.
/// @throws std::invalid_argument unless 0 < step <= 1
/// Source: Boyd, Diaconis & Xiao, "Fastest mixing Markov chain on a graph", SIAM Rev. 46(4), 2004,
/// section 1.2.2 (step = 1).
WeightRows metropolis_hastings_weights(const Graph& graph, double step);

/// rho: the second largest modulus of an eigenvalue of P, the factor by which disagreement shrinks
/// per round. 0 for a single node.
///
/// P must be reversible (pi_i P_ij = pi_j P_ji for some pi > 0), as the matrices above are; then
/// S_ij = sqrt(P_ij P_ji) is symmetric with the same eigenvalues, and its eigenvector for 1 is
/// sqrt(pi). Up to 400 nodes by a dense solver; above by Lanczos iterations orthogonal to
/// sqrt(pi), of S and, where these converge slowly (long rings), of the inverses of
/// (1 + 1e-8) I -+ S. The error is about 1e-10 on the graphs of generators.h.
/// @pre the graph is connected
/// Source: Golub & Van Loan, Matrix Computations, 4th ed., sections 8.2 and 10.1.
double second_eigenvalue_modulus(const Graph& graph, const WeightRows& weights);

}  // namespace tacit
