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

/// The state of one copy of a body: that of the physics and that of the task.
struct BodyState {
  std::vector<double> position;    ///< [nq] m, rad, quaternions
  std::vector<double> velocity;    ///< [nv] m/s, rad/s
  std::vector<double> warm_start;  ///< [nv] accelerations from which the solver starts
  std::vector<double> memory;      ///< the task's state outside the physics
  double time = 0;                 ///< since the reset, s
};

/// One step of a body.
struct BodyStep {
  const BodyState& before;
  const BodyState& after;
  std::span<const double> actions;  ///< of all agents in ascending order, as requested
  double contact_square;            ///< sum over bodies of the clipped contact wrench, squared
};

/// The task on a simulated body: its model, observations, rewards and costs. Pure; knows nothing of
/// the simulator.
class Body {
 public:
  virtual ~Body() = default;

  /// The model in MuJoCo's language.
  virtual std::string mjcf() const = 0;
  /// Physics steps per step of the task.
  virtual int substep_count() const = 0;

  /// @param state  in the model's zero pose at rest, memory empty; overwritten with the first state
  virtual void reset(RandomStream& stream, BodyState& state) const = 0;
  /// Sets the actuators' controls from the actions, and stores what the task remembers of them.
  virtual void command(std::span<const double> actions, BodyState& state,
                       std::span<double> control) const = 0;

  virtual double reward(const BodyStep& step) const = 0;
  /// Whether the state ends the episode; every agent then has cost 1.
  virtual bool has_fallen(const BodyState&) const { return false; }
  /// @param costs  [N] overwritten, each 0 or 1
  virtual void cost(const BodyState& state, std::span<double> costs) const = 0;

  /// @param own   [own_count] overwritten
  /// @param info  [info_count] overwritten; empty for an agent without this block
  virtual void observe(std::size_t agent, const BodyState& state, std::span<float> own,
                       std::span<float> info) const = 0;

  virtual Point head(const BodyState& state) const = 0;
  /// Half the width around the centre without cost; 0 if there is no corridor.
  virtual double free_half_width() const { return 0; }
  virtual double corridor_centre(const BodyState&) const { return 0; }
};

std::unique_ptr<Body> make_mini(const Task& task, const PlantSettings& settings);
std::unique_ptr<Body> make_chain(const Task& task, const PlantSettings& settings);
std::unique_ptr<Body> make_quadruped(const Task& task, const PlantSettings& settings);
std::unique_ptr<Body> make_runner_pair(const Task& task, const PlantSettings& settings);

}  // namespace tacit
