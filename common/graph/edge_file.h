#pragma once

#include <string>
#include <string_view>

#include "common/graph/graph_draft.h"

namespace tacit {

/// Reads a text file with an edge per line: two nodes, separated by a comma, a semicolon or blanks.
/// What follows them (a weight) is ignored, and so are empty lines, lines that begin with # or %,
/// and a first line of the words source and target or from and to.
/// Nodes become agents as agents_of says, by the order in which they are named first.
/// @param origin  the file's name in messages
/// @throws InputError (config) with file, line and remedy; for more than a million nodes or ten
/// million edges too
GraphDraft read_edge_file(std::string_view text, const std::string& origin);

}  // namespace tacit
