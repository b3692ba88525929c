#pragma once

#include <string>
#include <string_view>

#include "common/graph/graph.h"

namespace tacit {

/// Reads the first graph of a GraphML document, as networkx, igraph, yEd or write_graphml give it.
///
/// Nodes: if the ids are the numbers 0..N-1 in some order, each perhaps after one letter n, they
/// are the agents; otherwise the agents are the nodes in the order of their appearance.
/// Edges: a directed graph is read as undirected, and its two arcs between the same nodes are
/// one edge; apart from that a repeated edge is an error, as is a self-loop. Data, ports and
/// names are ignored; nested graphs and hyperedges are refused.
///
/// @param origin  the file's name in messages
/// @throws InputError (config) with file, line and remedy; for more than a million nodes or ten
/// million edges too
/// Source: Brandes et al., "GraphML progress report", GD 2001; http://graphml.graphdrawing.org
Graph read_graphml(std::string_view text, const std::string& origin);

/// An undirected GraphML document with node ids 0..N-1; read_graphml gives the same graph back.
std::string write_graphml(const Graph& graph);

}  // namespace tacit
