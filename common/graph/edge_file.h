#pragma once

#include <string>
#include <string_view>

#include "common/graph/graph_draft.h"

namespace tacit {

/// Reads a text file with an edge per line: two nodes, separated by a comma, a semicolon or blanks.
/// Further text on a line (a weight) is ignored, and so are empty lines, lines that begin with # or
/// %, and a first line with the words source and target or from and to. agents_of() maps nodes to
/// agents, from the ids in the order of their first appearance.
/// @param origin  the file's name in messages
/// @throws InputError (config) with file, line and remedy, also for more than a million nodes or
/// ten million edges
GraphDraft read_edge_file(std::string_view text, const std::string& origin);

}  // namespace tacit
