#pragma once

#include <utility>
#include <vector>

#include "common/graph/graph.h"

namespace tacit::testing {

/// Two neighbourhoods, {0, 2, 3, 4} and {1, 5, 6}, and the bridge 4 - 5: the graph of grid.toml.
inline Graph neighbourhoods() {
  const std::vector<std::pair<std::size_t, std::size_t>> edges{
      {0, 2}, {0, 3}, {0, 4}, {2, 3}, {2, 4}, {3, 4}, {1, 5}, {1, 6}, {5, 6}, {4, 5}};
  return Graph(7, edges);
}

}  // namespace tacit::testing
