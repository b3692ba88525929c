#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "agent/systems/locomotion/plant/body.h"

namespace tacit {

/// Whether this build has MuJoCo and finds it where it runs.
bool has_mujoco();

/// All that is known of MuJoCo (Todorov et al., IROS 2012) outside: one compiled model and one
/// workspace, through which the states of any number of copies go. A step is a function of the
/// state and the controls alone, so copies cannot reach each other's bits.
class Simulation {
 public:
  /// @throws InputError (config) if there is no MuJoCo, saying what to install
  explicit Simulation(const std::string& mjcf);
  ~Simulation();

  std::size_t position_count() const;  ///< nq
  std::size_t velocity_count() const;  ///< nv
  std::size_t actuator_count() const;  ///< nu
  double total_mass() const;           ///< kg

  /// The model's zero pose at rest, nothing remembered.
  BodyState zero_pose() const;

  /// Advances a state by that many physics steps under constant controls.
  /// @param control  [nu]
  /// @return the sum over bodies of the contact wrench in the last of them, each component clipped
  ///         to [-1, 1] and squared; nothing if the state is not finite any more, or was given up
  ///         by MuJoCo: then `state` is as before
  std::optional<double> advance(std::span<const double> control, int substep_count,
                                BodyState& state);

 private:
  struct Engine;
  std::unique_ptr<Engine> engine_;
};

}  // namespace tacit
