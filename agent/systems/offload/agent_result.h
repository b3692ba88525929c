#pragma once

#include <span>

#include "agent/systems/offload/environment.h"
#include "agent/systems/offload/evaluation.h"
#include "common/base/machine.h"

namespace tacit::offload {

/// Describes an agent's final policies, one of which is drawn at every restart:
///   frequency, local_cost        exact K and U
///   offload_probability          [horizon] exact P(offload in slot t after a start)
///   policy                       [S] the action most of the policies take in each state
Result describe_policies(const Environment& environment, std::span<const Policy> mixture);

/// K, U and the probabilities back from a result. @throws InputError (run_folder) if one is missing
PolicyValue read_policy_value(const Result& result);

}  // namespace tacit::offload
