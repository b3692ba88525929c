#pragma once

#include "agent/systems/locomotion/plant/bent_corridor.h"
#include "agent/systems/locomotion/plant/body.h"
#include "agent/systems/locomotion/plant/mjcf.h"

namespace tacit {

/// A leg of three capsules: one fixed, one behind a hip about z, one behind an ankle about a
/// horizontal axis.
struct LegShape {
  std::string hip, ankle;  ///< names of the joints
  Vector3 fixed;           ///< the fixed capsule's end
  Vector3 direction;       ///< (+-1, +-1, 0): upper leg 0.2, lower leg 0.4 times this, m
};

/// The MJCF of a leg; its zero pose is level, and outside of the ankle's limits.
std::string leg(const LegShape& shape);

/// The MJCF around a legged robot whose root is 0.75 m above the floor.
struct LeggedModel {
  std::string name;
  double timestep;  ///< s
  Integrator integrator;
  std::string robot;  ///< content of its root body
  std::string motors;
};
std::string legged_mjcf(const LeggedModel& model);

/// The common part of the segmented robot and the quadruped: a free root, hinges with motors of
/// gear 150, the bent corridor, reward, falling, and the environment's block of observations.
///   reward = dx/dt - 0.5 sum a^2 - 0.0005 (squared clipped contact wrenches) + 1
class LeggedBody : public Body {
 public:
  LeggedBody(const BentCorridor& corridor, double seconds_per_step)
      : corridor_(corridor), seconds_per_step_(seconds_per_step) {}

  void command(std::span<const double> actions, BodyState& state,
               std::span<double> control) const override;
  double reward(const BodyStep& step) const override;
  bool has_fallen(const BodyState& state) const override;
  void cost(const BodyState& state, std::span<double> costs) const override;
  Point head(const BodyState& state) const override {
    return {state.position[0], state.position[1]};
  }
  double free_half_width() const override { return corridor_.free_half_width(); }
  double corridor_centre(const BodyState& state) const override {
    return BentCorridor::centre(state.position[0]);
  }

 protected:
  static constexpr std::size_t kRootPositions = 7;
  static constexpr std::size_t kRootVelocities = 6;
  /// z, quaternion, velocities, x / 5, distance from the centre line.
  static void observe_root(const BodyState& state, std::span<float> info);
  const BentCorridor& corridor() const { return corridor_; }

 private:
  BentCorridor corridor_;
  double seconds_per_step_;
};

}  // namespace tacit
