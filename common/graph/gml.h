#pragma once

#include <string>
#include <string_view>

#include "common/graph/graph_draft.h"

namespace tacit {

/// Reads the graph of a GML file, as networkx, igraph, Gephi or the Internet Topology Zoo write it:
///   graph [ directed 0  node [ id 3 label "Wien" ]  edge [ source 3 target 4 ] ]
/// Nodes become agents as agents_of says; their names are label or name, or else their ids. Other
/// keys are ignored. The name of a graph is its label or name.
/// @param origin  the file's name in messages
/// @param wanted  the name or number of the graph, as for choose_graph()
/// @throws InputError (config) with file, line and remedy, also for more than a million nodes or
/// ten million edges
/// Source: Himsolt, "GML: a portable graph file format", University of Passau, 1997.
GraphDraft read_gml(std::string_view text, const std::string& origin,
                    const std::string& wanted = {});

}  // namespace tacit
