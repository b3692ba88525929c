#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "common/base/ids.h"

namespace tacit {

/// [N] what the file of a run's graph calls the agents; none where they have only numbers.
using AgentNames = std::shared_ptr<const std::vector<std::string>>;

/// How messages call a process of a run of N = `agent_count` agents, which may have names.
inline std::string process_name(ProcessId id, std::size_t agent_count, const AgentNames& names) {
  const std::string name = process_name(id, agent_count);
  const std::size_t index = index_of(id);
  return names && index < names->size() ? name + " (" + (*names)[index] + ")" : name;
}

}  // namespace tacit
