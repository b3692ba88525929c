#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "agent/systems/locomotion/plant/plant.h"
#include "agent/systems/locomotion/plant/task.h"
#include "common/base/geometry.h"
#include "common/base/random.h"

namespace tacit {

/// All that one copy of a body is in: what the physics goes on from, and what the task remembers.
struct BodyState {
  std::vector<double> position;    ///< [nq] m, rad, quaternions
  std::vector<double> velocity;    ///< [nv] m/s, rad/s
  std::vector<double> warm_start;  ///< [nv] accelerations from which the solver starts
  std::vector<double> memory;      ///< what the task keeps beside the physics
  double time = 0;                 ///< since the reset, s
};

/// One step of a body.
struct BodyStep {
  const BodyState& before;
  const BodyState& after;
  std::span<const double> actions;  ///< of all agents in their order, as asked for
  double contact_square;            ///< sum over bodies of the clipped contact wrench, squared
};

/// What a task makes of a simulated body: its model, and what is seen, earned and paid. Pure; knows
/// nothing of the simulator.
class Body {
 public:
  virtual ~Body() = default;

  /// The model in MuJoCo's language.
  virtual std::string mjcf() const = 0;
  /// Physics steps per step of the task.
  virtual int substep_count() const = 0;

  /// @param state  in the model's zero pose at rest, memory empty; overwritten with a first state
  virtual void reset(RandomStream& stream, BodyState& state) const = 0;
  /// What the actuators get, and what of the actions is remembered.
  virtual void command(std::span<const double> actions, BodyState& state,
                       std::span<double> control) const = 0;

  virtual double reward(const BodyStep& step) const = 0;
  /// Whether the state ends the episode; then everybody pays 1.
  virtual bool has_fallen(const BodyState&) const { return false; }
  /// @param costs  [N] overwritten, each 0 or 1
  virtual void cost(const BodyState& state, std::span<double> costs) const = 0;

  /// @param own   [own_count] overwritten
  /// @param info  [info_count] overwritten; empty for who gets none
  virtual void observe(std::size_t agent, const BodyState& state, std::span<float> own,
                       std::span<float> info) const = 0;

  virtual Point head(const BodyState& state) const = 0;
  /// Half the width around the centre in which nothing is paid; 0 if there is no corridor.
  virtual double free_half_width() const { return 0; }
  virtual double corridor_centre(const BodyState&) const { return 0; }
};

std::unique_ptr<Body> make_mini(const Task& task, const PlantSettings& settings);
std::unique_ptr<Body> make_chain(const Task& task, const PlantSettings& settings);
std::unique_ptr<Body> make_quadruped(const Task& task, const PlantSettings& settings);
std::unique_ptr<Body> make_runner_pair(const Task& task, const PlantSettings& settings);

}  // namespace tacit
