#pragma once

#include <cstddef>
#include <vector>

#include "common/graph/graph.h"

namespace tacit {

/// Hops from `source` to every node by breadth-first search; node_count() for an unreachable one.
std::vector<std::size_t> hop_counts(const Graph& graph, ProcessId source);

/// The nodes that no path joins to node 0, ascending; empty exactly if the graph is connected.
std::vector<ProcessId> unreachable_nodes(const Graph& graph);

/// The longest shortest path, in hops, exactly. A breadth-first search from a node bounds the
/// greatest distance from all others, so that most graphs need few searches; if all nodes are
/// alike, as in a ring, it takes one per node: O(N (N + |E|)).
/// @pre the graph is connected
/// Source: Takes & Kosters, "Determining the diameter of small world networks", CIKM 2011.
std::size_t diameter(const Graph& graph);

struct DegreeSummary {
  std::size_t least;
  double mean;
  std::size_t most;
};
/// @pre at least one node
DegreeSummary degrees(const Graph& graph);

}  // namespace tacit
