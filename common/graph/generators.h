#pragma once

#include <cstddef>
#include <cstdint>

#include "common/graph/graph.h"

namespace tacit {

/// Edges i - (i + 1) mod N; one edge for two nodes, none for a single node.
Graph ring_graph(std::size_t node_count);

/// Edges i - (i + 1).
Graph line_graph(std::size_t node_count);

/// Node 0 joined to every other.
Graph star_graph(std::size_t node_count);

Graph complete_graph(std::size_t node_count);

/// Node row * columns + column, joined to the next node in its row and in its column.
Graph grid_graph(std::size_t rows, std::size_t columns);

/// Complete graphs over 0..first_size-1 and first_size..N-1, and the bridge
/// (first_size - 1) - first_size.
/// @throws InputError (config) unless 1 <= first_size < node_count
Graph two_clusters_graph(std::size_t node_count, std::size_t first_size);

/// G(N, p): every pair is an edge with probability p, independently; drawn anew from the seeded
/// stream until the graph is connected, at most 100 times.
/// @throws InputError (config) if no draw was connected
/// Source: Gilbert, "Random graphs", Ann. Math. Statist. 30(4), 1959.
Graph erdos_renyi_graph(std::size_t node_count, double edge_probability, std::uint64_t seed);

/// The number of pairs that are not neighbours on the ring: the greatest possible number of chords.
std::size_t chord_count_most(std::size_t node_count);

/// The ring plus `chord_count` different random chords. Differs from Watts and Strogatz' model in
/// that the ring stays whole, so the graph is always connected.
/// @throws InputError (config) if there are fewer pairs than chords
/// Source: Newman & Watts, Phys. Lett. A 263, 1999.
Graph small_world_graph(std::size_t node_count, std::size_t chord_count, std::uint64_t seed);

}  // namespace tacit
