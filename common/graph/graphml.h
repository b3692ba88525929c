#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/graph/graph_draft.h"

namespace tacit {

/// Reads the graph of a GraphML document, as networkx, igraph, yEd, the Internet Topology Zoo or
/// write_graphml write it, in any encoding that XML knows.
/// agents_of() maps nodes to agents. Their names are the data whose key is called label or name, or
/// yEd's labels, or else their ids. Other data and ports are ignored; nested graphs and hyperedges
/// are refused. The name of a graph is its id.
///
/// @param origin  the file's name in messages
/// @param wanted  the name or number of the graph, as for choose_graph()
/// @throws InputError (config) with file, line and remedy, also for more than a million nodes or
/// ten million edges
/// Source: Brandes et al., "GraphML progress report", GD 2001; http://graphml.graphdrawing.org
GraphDraft read_graphml(std::string_view text, const std::string& origin,
                        const std::string& wanted = {});

/// An undirected GraphML document with node ids 0..N-1; read_graphml gives the same graph back.
/// @param names  [N] of the nodes, or empty
std::string write_graphml(const Graph& graph, const std::vector<std::string>& names = {});

}  // namespace tacit
