#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "common/base/ids.h"

namespace tacit {

/// [N] names that the graph's file gives to the agents; none if agents have only numbers.
using AgentNames = std::shared_ptr<const std::vector<std::string>>;

/// Empty if the process is an agent without a name, or the coordinator.
inline std::string agent_name(ProcessId id, const AgentNames& names) {
  const std::size_t index = index_of(id);
  return names && index < names->size() ? (*names)[index] : "";
}

/// The name of a process in messages, for a run of N = `agent_count` agents, which may have names.
inline std::string process_name(ProcessId id, std::size_t agent_count, const AgentNames& names) {
  const std::string own = agent_name(id, names);
  return process_name(id, agent_count) + (own.empty() ? "" : " (" + own + ")");
}

}  // namespace tacit
