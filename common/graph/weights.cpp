#include "common/graph/weights.h"

#include <algorithm>
#include <stdexcept>

namespace tacit {

WeightRows metropolis_weights(const Graph& graph) {
  WeightRows rows(graph.node_count());
  for (std::size_t node = 0; node < rows.size(); ++node) {
    const ProcessId id = process_id(node);
    double given = 0;
    for (const ProcessId neighbour : graph.neighbours(id)) {
      const std::size_t degree = std::max(graph.degree(id), graph.degree(neighbour));
      rows[node].neighbours.push_back(1.0 / (1.0 + static_cast<double>(degree)));
      given += rows[node].neighbours.back();
    }
    rows[node].self = 1 - given;
  }
  return rows;
}

WeightRows random_walk_weights(const Graph& graph, double step) {
  if (!(step > 0 && step <= 1)) {
    throw std::invalid_argument("random_walk_weights: step must lie in (0, 1]");
  }
  WeightRows rows(graph.node_count());
  for (std::size_t node = 0; node < rows.size(); ++node) {
    const std::size_t degree = graph.degree(process_id(node));
    rows[node].self = degree == 0 ? 1 : 1 - step;
    rows[node].neighbours.assign(degree, step / static_cast<double>(degree));
  }
  return rows;
}

}  // namespace tacit
