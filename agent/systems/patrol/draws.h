#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "common/base/ids.h"
#include "common/proximity/lattice.h"

namespace tacit::patrol {

/// The random numbers of a robot in a run depend on the run's seed, the robot and the rollout
/// alone: a robot among others over failing links draws the same numbers as one that receives all
/// messages.

/// The place at which a robot begins: the centre of a zone, all zones equally likely.
Place start_place(const Lattice& lattice, std::uint64_t seed, ProcessId robot);

/// The uniform draws that choose the robot's actions in one rollout.
/// @param uniforms  [T0] overwritten, in [0, 1)
void action_draws(std::uint64_t seed, ProcessId robot, std::size_t rollout,
                  std::span<double> uniforms);

}  // namespace tacit::patrol
