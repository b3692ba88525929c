#pragma once

#include <memory>

#include "agent/systems/offload/tabular_environment.h"

namespace tacit::offload {

/// A type of device as its agents use it; immutable, shared by the agents of one process.
struct Device {
  explicit Device(const AgentType& type)
      : environment(type), model(make_tabular_model(environment)) {}

  Environment environment;                    ///< exact evaluation
  std::shared_ptr<const TabularModel> model;  ///< simulation
};

}  // namespace tacit::offload
