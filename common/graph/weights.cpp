#include "common/graph/weights.h"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace tacit {

namespace {

void require_step(double step, const char* whose) {
  if (step > 0 && step <= 1) return;
  throw std::invalid_argument(std::string(whose) + ": step must lie in (0, 1]");
}

/// P_ij = step / (offset + max(deg_i, deg_j)) on edges.
WeightRows max_degree_weights(const Graph& graph, double step, double offset) {
  WeightRows rows(graph.node_count());
  for (std::size_t node = 0; node < rows.size(); ++node) {
    const ProcessId id = process_id(node);
    double given = 0;
    for (const ProcessId neighbour : graph.neighbours(id)) {
      const std::size_t degree = std::max(graph.degree(id), graph.degree(neighbour));
      rows[node].neighbours.push_back(step / (offset + static_cast<double>(degree)));
      given += rows[node].neighbours.back();
    }
    rows[node].self = 1 - given;
  }
  return rows;
}

}  // namespace

WeightRows metropolis_weights(const Graph& graph) { return max_degree_weights(graph, 1, 1); }

WeightRows metropolis_hastings_weights(const Graph& graph, double step) {
  require_step(step, "metropolis_hastings_weights");
  return max_degree_weights(graph, step, 0);
}

WeightRows random_walk_weights(const Graph& graph, double step) {
  require_step(step, "random_walk_weights");
  WeightRows rows(graph.node_count());
  for (std::size_t node = 0; node < rows.size(); ++node) {
    const std::size_t degree = graph.degree(process_id(node));
    rows[node].self = degree == 0 ? 1 : 1 - step;
    rows[node].neighbours.assign(degree, step / static_cast<double>(degree));
  }
  return rows;
}

}  // namespace tacit
