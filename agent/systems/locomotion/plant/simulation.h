#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "agent/systems/locomotion/plant/body.h"

namespace tacit {

/// Whether this build has MuJoCo and the library is found at run time.
bool has_mujoco();

/// The program's interface to MuJoCo (Todorov et al., IROS 2012): one compiled model and one
/// workspace, shared by the states of any number of copies. A step is a function of the state and
/// the controls alone, so copies cannot affect each other's bits.
class Simulation {
 public:
  /// @throws InputError (config) if there is no MuJoCo, saying what to install
  explicit Simulation(const std::string& mjcf);
  ~Simulation();

  std::size_t position_count() const;  ///< nq
  std::size_t velocity_count() const;  ///< nv
  std::size_t actuator_count() const;  ///< nu
  double total_mass() const;           ///< kg

  /// The model's zero pose at rest, with empty memory.
  BodyState zero_pose() const;

  /// Advances a state by substep_count physics steps under constant controls.
  /// @param control  [nu]
  /// @return the sum over bodies of the contact wrench in the last physics step, each component
  /// clipped to [-1, 1] and squared; nothing if the state is no longer finite or MuJoCo gave it up:
  /// then `state` is unchanged
  std::optional<double> advance(std::span<const double> control, int substep_count,
                                BodyState& state);

 private:
  struct Engine;
  std::unique_ptr<Engine> engine_;
};

}  // namespace tacit
