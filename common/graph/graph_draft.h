#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "common/graph/graph.h"

namespace tacit {

/// What a file says of a graph. It may repeat edges, and join nodes to themselves.
struct GraphDraft {
  struct Edge {
    std::size_t from;
    std::size_t to;
    bool is_directed;
    std::size_t line;  ///< where it stands
  };
  std::vector<std::string> names;  ///< [N] what the file calls the nodes
  std::vector<Edge> edges;         ///< of nodes 0..N-1
};

/// What becomes of several edges between the same two nodes.
enum class ParallelEdges { merge, refuse };

/// An undirected simple graph, and what its file calls the nodes.
struct NamedGraph {
  Graph graph;
  std::vector<std::string> names = {};  ///< [N], or none if they are the agents' numbers
  std::vector<std::string> notes = {};  ///< what was left out of the file, a sentence each
};

/// No file has more.
inline constexpr std::size_t kNodesMost = 1'000'000;
inline constexpr std::size_t kEdgesMost = 10'000'000;

/// Reads edges without their direction; two arcs in opposite directions are one edge. Edges from a
/// node to itself are left out.
/// @param origin  the file's name in messages
/// @throws InputError (config) with file and line, for parallel edges that are to be refused
NamedGraph simple_graph(GraphDraft draft, ParallelEdges parallel, const std::string& origin);

/// The agents that nodes become: if the ids are the numbers 0..N-1 in some order, each perhaps
/// after one letter n, those; otherwise the order of the ids.
/// @param ids  [N], none of which comes twice
/// @return [N] the agent of each
std::vector<std::size_t> agents_of(const std::vector<std::string>& ids);

/// Of the graphs in a file, which is wanted.
/// @param names   [graphs] what the file calls them; a graph may have no name
/// @param wanted  a name, or a number from 0; empty if none was chosen
/// @param line    where the second graph, or else the first, stands
/// @return its index
/// @throws InputError (config) with the graphs that there are, unless exactly one is meant
std::size_t choose_graph(const std::vector<std::string>& names, const std::string& wanted,
                         const std::string& origin, std::size_t line);

/// A name of somebody else as it may stand in a message: one short line of UTF-8.
std::string plain_name(std::string_view text);

/// @throws InputError (config) naming file and line
[[noreturn]] void refuse_graph(const std::string& origin, std::size_t line,
                               const std::string& message);

}  // namespace tacit
