#include "agent/systems/locomotion/plant/legged_body.h"

#include <algorithm>
#include <cmath>

namespace tacit {

namespace {

constexpr double kLegRadius = 0.08;  // m
constexpr double kControlPenalty = 0.5;
constexpr double kContactPenalty = 0.0005;
constexpr double kAliveReward = 1;
constexpr double kLeastHeight = 0.2;  // of the root, m
constexpr double kMostHeight = 1.0;
constexpr double kLeastUpright = -0.7;  // cosine of the root's tilt

Vector3 times(double factor, const Vector3& v) {
  return {factor * v[0], factor * v[1], factor * v[2]};
}

}  // namespace

std::string leg(const LegShape& shape) {
  const Vector3& along = shape.direction;
  // Turning about this axis by a positive angle lowers a leg that points forward.
  const Vector3 axis = along[0] * along[1] > 0 ? Vector3{-1, 1, 0} : Vector3{1, 1, 0};
  const bool points_forward = along[0] > 0;
  const std::array<double, 2> range =
      points_forward ? std::array<double, 2>{30, 70} : std::array<double, 2>{-70, -30};
  const std::string lower =
      hinge(shape.ankle, axis, range) + capsule({0, 0, 0}, times(0.4, along), kLegRadius);
  const std::string upper = hinge(shape.hip, {0, 0, 1}, {-30, 30}) +
                            capsule({0, 0, 0}, times(0.2, along), kLegRadius) +
                            body(shape.ankle + "_leg", times(0.2, along), lower);
  return capsule({0, 0, 0}, shape.fixed, kLegRadius) + body(shape.hip + "_leg", shape.fixed, upper);
}

std::string legged_mjcf(const LeggedModel& model) {
  const std::string integrator = model.integrator == Integrator::euler ? "Euler" : "RK4";
  return "<mujoco model='" + model.name + "'>\n<compiler angle='degree'/>\n<option timestep='" +
         number_list({model.timestep}) + "' integrator='" + integrator +
         "'/>\n<default>\n"
         "<joint armature='1' damping='1'/>\n"
         // Robots collide with the floor only, never with themselves.
         "<geom contype='1' conaffinity='0' condim='3' density='5' friction='1 0.5 0.5' "
         "margin='0.01'/>\n</default>\n<worldbody>\n"
         "<geom name='floor' type='plane' size='40 40 40' conaffinity='1'/>\n" +
         body("root", {0, 0, 0.75}, "<freejoint name='root'/>\n" + model.robot) +
         "</worldbody>\n<actuator>\n" + model.motors + "</actuator>\n</mujoco>\n";
}

void LeggedBody::command(std::span<const double> actions, BodyState&,
                         std::span<double> control) const {
  std::ranges::copy(actions, control.begin());
}

double LeggedBody::reward(const BodyStep& step) const {
  double square = 0;
  for (const double action : step.actions) square += action * action;
  const double speed = (step.after.position[0] - step.before.position[0]) / seconds_per_step_;
  return speed - kControlPenalty * square - kContactPenalty * step.contact_square + kAliveReward;
}

bool LeggedBody::has_fallen(const BodyState& state) const {
  const double z = state.position[2];
  const double qx = state.position[4], qy = state.position[5];
  return z < kLeastHeight || z > kMostHeight || 1 - 2 * (qx * qx + qy * qy) < kLeastUpright;
}

void LeggedBody::cost(const BodyState& state, std::span<double> costs) const {
  const bool pays = corridor_.costs(state.position[0], state.position[1]);
  std::ranges::fill(costs, pays ? 1.0 : 0.0);
}

void LeggedBody::observe_root(const BodyState& state, std::span<float> info) {
  const double x = state.position[0], y = state.position[1];
  std::size_t k = 0;
  for (; k < 5; ++k) info[k] = static_cast<float>(state.position[2 + k]);
  for (std::size_t v = 0; v < kRootVelocities; ++v) {
    info[k++] = static_cast<float>(state.velocity[v]);
  }
  info[k++] = static_cast<float>(x / 5);
  info[k] = static_cast<float>(y - BentCorridor::centre(x));
}

}  // namespace tacit
