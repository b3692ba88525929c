#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "common/base/ids.h"

namespace tacit {

/// An undirected edge, a < b.
struct Link {
  ProcessId a;
  ProcessId b;
  auto operator<=>(const Link&) const = default;
};

/// An undirected simple graph over the agents 0..N-1. Immutable.
class Graph {
 public:
  /// @param edges  in any order and orientation
  /// @throws InputError (config) naming the edge: a self-loop, a duplicate, or a node >= node_count
  Graph(std::size_t node_count, const std::vector<std::pair<std::size_t, std::size_t>>& edges);

  std::size_t node_count() const { return offsets_.size() - 1; }
  /// Ascending.
  std::span<const ProcessId> neighbours(ProcessId node) const;
  std::size_t degree(ProcessId node) const { return neighbours(node).size(); }
  /// Ascending by (a, b).
  const std::vector<Link>& edges() const { return edges_; }

 private:
  std::vector<Link> edges_;
  std::vector<ProcessId> targets_;    ///< all neighbour lists, one after the other
  std::vector<std::size_t> offsets_;  ///< [N + 1] where each list begins
};

}  // namespace tacit
