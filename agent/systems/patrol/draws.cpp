#include "agent/systems/patrol/draws.h"

#include "common/base/random.h"

namespace tacit::patrol {

Place start_place(const Lattice& lattice, std::uint64_t seed, ProcessId robot) {
  std::uint64_t word = RandomStream(seed, robot, purpose("patrol.start"), 0)();
  return lattice.centre(split_off(word, lattice.zone_count()));
}

void action_draws(std::uint64_t seed, ProcessId robot, std::size_t rollout,
                  std::span<double> uniforms) {
  RandomStream stream(seed, robot, purpose("patrol.actions"), static_cast<Round>(rollout));
  for (double& uniform : uniforms) uniform = to_unit(stream());
}

}  // namespace tacit::patrol
