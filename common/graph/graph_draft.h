#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "common/graph/graph.h"

namespace tacit {

/// A graph as its file describes it: it may have repeated edges and self-loops.
struct GraphDraft {
  struct Edge {
    std::size_t from;
    std::size_t to;
    bool is_directed;
    std::size_t line;  ///< of the file
  };
  std::vector<std::string> names;  ///< [N] of the nodes in the file
  std::vector<Edge> edges;         ///< of nodes 0..N-1
};

/// Whether several edges between the same two nodes are merged or refused.
enum class ParallelEdges { merge, refuse };

/// An undirected simple graph, and the names of its nodes in the file.
struct NamedGraph {
  Graph graph;
  std::vector<std::string> names = {};  ///< [N], or none if they are the agents' numbers
  std::vector<std::string> notes = {};  ///< a sentence for each thing in the file that was left out
};

/// Files with more nodes or edges are refused.
inline constexpr std::size_t kNodesMost = 1'000'000;
inline constexpr std::size_t kEdgesMost = 10'000'000;

/// Ignores the direction of edges, joins two arcs in opposite directions into one edge, and leaves
/// out self-loops.
/// @param origin  the file's name in messages
/// @throws InputError (config) with file and line, if parallel edges are to be refused and there
///         are some
NamedGraph simple_graph(GraphDraft draft, ParallelEdges parallel, const std::string& origin);

/// Maps nodes to agents. If the ids are the numbers 0..N-1 in some order, each perhaps after one
/// letter n, the number is the agent; otherwise agents are numbered in the order of the ids.
/// @param ids  [N], all different
/// @return [N] the agent of each node
std::vector<std::size_t> agents_of(const std::vector<std::string>& ids);

/// Chooses one of the graphs in a file.
/// @param names   [graphs] their names in the file; a graph may have no name
/// @param wanted  a name, or a number from 0; empty if none was chosen
/// @param line    of the second graph, or of the first if there is only one
/// @return its index
/// @throws InputError (config) listing the graphs of the file, unless `wanted` fits exactly one
std::size_t choose_graph(const std::vector<std::string>& names, const std::string& wanted,
                         const std::string& origin, std::size_t line);

/// Makes a name from a file fit for a message: one short line of UTF-8.
std::string plain_name(std::string_view text);

/// @throws InputError (config) naming file and line
[[noreturn]] void refuse_graph(const std::string& origin, std::size_t line,
                               const std::string& message);

}  // namespace tacit
