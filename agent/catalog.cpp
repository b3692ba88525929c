#include "agent/catalog.h"

#include "agent/systems/offload/offload_system.h"

namespace tacit {

const std::vector<SystemEntry>& systems() {
  static const std::vector<SystemEntry> entries{
      {"offload", "edge devices that learn when to offload, agreeing on congestion budgets",
       offload::make_offload_system},
  };
  return entries;
}

}  // namespace tacit
