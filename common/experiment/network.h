#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "common/config/config.h"
#include "common/experiment/link_faults.h"
#include "common/graph/graph_draft.h"
#include "common/link/link_model.h"

namespace tacit {

/// A name an experiment may use, and one line about it and its keys for --help.
struct NetworkName {
  std::string_view name;
  std::string_view summary;
};

/// Values of graph.kind.
const std::vector<NetworkName>& graph_kinds();

/// Values of links.model.
const std::vector<NetworkName>& link_models();

/// The graph over the agents that a [graph] table describes; "ring" if it says nothing. Only the
/// keys of the chosen kind are known.
///
/// @param table  [graph]
/// @param seed   of the run: random kinds draw from it
/// @return with names if they come from a file, and notes on what was left out of it
/// @throws InputError (config) if it does not fit agent_count or is not connected, naming the
/// agents that agent 0 cannot reach; unreadable_input for a file
NamedGraph read_graph(const ConfigView& table, std::size_t agent_count, std::uint64_t seed);

struct Links {
  std::unique_ptr<LinkModel> model;  ///< of all processes
  LinkTraits traits;                 ///< of those between agents
};

/// How the links fail that a [links] table describes; "always_up" if it says nothing. Planned
/// failures come on top of the random ones. The links of the coordinator, process agent_count, are
/// up unless [links.coordinator] or the plan says otherwise.
///
/// @param table  [links]
/// @throws InputError (config)
Links read_links(const ConfigView& table, const LinkFaults& faults, const Graph& graph,
                 std::uint64_t seed);

}  // namespace tacit
