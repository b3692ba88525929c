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

/// A name that an experiment may use, and one line about it and its keys for --help.
struct NetworkName {
  std::string_view name;
  std::string_view summary;
};

/// Values of graph.kind.
const std::vector<NetworkName>& graph_kinds();

/// Values of links.model.
const std::vector<NetworkName>& link_models();

/// The graph over the agents that a [graph] table describes; "ring" if `kind` is absent. Keys of
/// other kinds are unknown.
///
/// @param table  [graph]
/// @param seed   of the run: random kinds draw from it
/// @return for a file, with the agents' names and notes on everything that was left out
/// @throws InputError (config) if the graph does not fit agent_count or is not connected, naming
/// the agents that agent 0 cannot reach; unreadable_input for a file that cannot be read
NamedGraph read_graph(const ConfigView& table, std::size_t agent_count, std::uint64_t seed);

struct Links {
  std::unique_ptr<LinkModel> model;  ///< of all processes
  LinkTraits traits;                 ///< of the links between agents
};

/// The model of failing links that a [links] table describes; "always_up" if `model` is absent. A
/// link is up if neither the model nor a planned failure takes it down. The links of the
/// coordinator, process agent_count, are up unless [links.coordinator] or the plan says otherwise.
///
/// @param table  [links]
/// @throws InputError (config)
Links read_links(const ConfigView& table, const LinkFaults& faults, const Graph& graph,
                 std::uint64_t seed);

}  // namespace tacit
