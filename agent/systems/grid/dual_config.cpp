#include "agent/systems/grid/dual_config.h"

namespace tacit::grid {

WeightRows mixing_weights(const Graph& graph, const DualConfig& dual) {
  return dual.weights == Weights::metropolis
             ? metropolis_hastings_weights(graph, dual.consensus_step)
             : random_walk_weights(graph, dual.consensus_step);
}

std::vector<double> perron_vector(Weights weights, const Graph& graph) {
  const std::size_t size = graph.node_count();
  std::vector<double> w(size, 1.0 / static_cast<double>(size));
  const std::size_t ends = 2 * graph.edges().size();
  if (weights == Weights::metropolis || ends == 0) return w;
  for (std::size_t i = 0; i < size; ++i) {
    w[i] = static_cast<double>(graph.degree(process_id(i))) / static_cast<double>(ends);
  }
  return w;
}

}  // namespace tacit::grid
