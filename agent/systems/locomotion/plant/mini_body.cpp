// The mini corridor: a planar spine with pods that steer and push, in a winding corridor.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "agent/systems/locomotion/plant/body.h"
#include "agent/systems/locomotion/plant/draws.h"
#include "agent/systems/locomotion/plant/mjcf.h"

namespace tacit {

namespace {

constexpr double kPodSpacing = 0.5;  // m
constexpr double kSecondsPerStep = 0.05;
constexpr double kPenalty = 0.01;                    // reward per squared action
constexpr double kAmplitude = 0.8;                   // of the corridor, m
constexpr double kWave = 2 * std::numbers::pi / 12;  // of the corridor, rad/m
constexpr double kHalfWidth = 0.4;                   // m
constexpr double kLookAhead = 1.5;                   // m

// position: x, y, yaw, then the pods' angles; memory: the corridor's phase, then the last thrusts.
class MiniBody final : public Body {
 public:
  MiniBody(const Task& task, const PlantSettings& settings)
      : pod_count_(task.agent_count()), is_local_(settings.cost_scope == CostScope::local) {}

  std::string mjcf() const override;
  int substep_count() const override { return 5; }
  void reset(RandomStream& stream, BodyState& state) const override;
  void command(std::span<const double> actions, BodyState& state,
               std::span<double> control) const override;
  double reward(const BodyStep& step) const override;
  void cost(const BodyState& state, std::span<double> costs) const override;
  void observe(std::size_t agent, const BodyState& state, std::span<float> own,
               std::span<float> info) const override;
  Point head(const BodyState& state) const override {
    return {state.position[0], state.position[1]};
  }
  double free_half_width() const override { return kHalfWidth; }
  double corridor_centre(const BodyState& state) const override {
    return centre(state, state.position[0]);
  }

 private:
  // Along the spine, from its middle.
  double pod_place(std::size_t pod) const {
    return kPodSpacing * ((static_cast<double>(pod_count_) - 1) / 2 - static_cast<double>(pod));
  }
  static double centre(const BodyState& state, double x) {
    const double phase = state.memory[0];
    return kAmplitude * (std::sin(kWave * x + phase) - std::sin(phase));
  }
  static double slope(const BodyState& state, double x) {
    return kAmplitude * kWave * std::cos(kWave * x + state.memory[0]);
  }

  std::size_t pod_count_;
  bool is_local_;
};

std::string MiniBody::mjcf() const {
  const double end = pod_place(0);
  std::string pods, actuators;
  for (std::size_t pod = 0; pod < pod_count_; ++pod) {
    const std::string name = "pod" + std::to_string(pod);
    pods += body(name, {pod_place(pod), 0, 0},
                 hinge(name, {0, 0, 1}, {-75, 75}, "armature='0.02' damping='0.05'") +
                     capsule({-0.15, 0, 0}, {0.15, 0, 0}, 0.04, "mass='0.3'") + "<site name='" +
                     name + "'/>\n");
    actuators += "<position joint='" + name + "' kp='1' ctrllimited='true' ctrlrange='-1 1'/>\n" +
                 "<motor site='" + name +
                 "' gear='3 0 0 0 0 0' ctrllimited='true' ctrlrange='-1 1'/>\n";
  }
  const std::string spine =
      "<joint name='x' type='slide' axis='1 0 0' damping='6'/>\n"
      "<joint name='y' type='slide' axis='0 1 0' damping='6'/>\n"
      "<joint name='yaw' type='hinge' axis='0 0 1' stiffness='12' damping='6'/>\n" +
      capsule({-end, 0, 0}, {end, 0, 0}, 0.05, "mass='4'");
  return "<mujoco model='mini'>\n<compiler angle='degree'/>\n"
         "<option timestep='0.01' integrator='Euler' gravity='0 0 0'>\n"
         "<flag contact='disable'/></option>\n<worldbody>\n" +
         body("spine", {0, 0, 0}, spine + pods) + "</worldbody>\n<actuator>\n" + actuators +
         "</actuator>\n</mujoco>\n";
}

void MiniBody::reset(RandomStream& stream, BodyState& state) const {
  state.memory.assign(1 + pod_count_, 0.0);
  state.memory[0] = draw_uniform(stream, std::numbers::pi);
  state.position[1] = draw_uniform(stream, 0.1);
  for (std::size_t pod = 0; pod < pod_count_; ++pod) {
    state.position[3 + pod] = draw_uniform(stream, 0.1);
  }
}

void MiniBody::command(std::span<const double> actions, BodyState& state,
                       std::span<double> control) const {
  std::ranges::copy(actions, control.begin());
  for (std::size_t pod = 0; pod < pod_count_; ++pod) {
    state.memory[1 + pod] = std::clamp(actions[2 * pod + 1], -1.0, 1.0);
  }
}

double MiniBody::reward(const BodyStep& step) const {
  double square = 0;
  for (const double action : step.actions) square += action * action;
  return (step.after.position[0] - step.before.position[0]) / kSecondsPerStep - kPenalty * square;
}

void MiniBody::cost(const BodyState& state, std::span<double> costs) const {
  const double x = state.position[0], y = state.position[1], yaw = state.position[2];
  for (std::size_t pod = 0; pod < pod_count_; ++pod) {
    const double along = is_local_ ? pod_place(pod) : 0.0;
    const double offset = y + along * std::sin(yaw) - centre(state, x + along * std::cos(yaw));
    costs[pod] = std::abs(offset) > kHalfWidth ? 1.0 : 0.0;
  }
}

void MiniBody::observe(std::size_t agent, const BodyState& state, std::span<float> own,
                       std::span<float> info) const {
  own[0] = static_cast<float>(state.position[3 + agent]);
  own[1] = static_cast<float>(0.2 * state.velocity[3 + agent]);
  own[2] = static_cast<float>(state.memory[1 + agent]);
  if (info.empty()) return;
  const double x = state.position[0];
  const std::array<double, 7> numbers = {state.velocity[0] / 2,
                                         state.velocity[1],
                                         state.position[2],
                                         state.velocity[2],
                                         2 * (state.position[1] - centre(state, x)),
                                         2 * slope(state, x),
                                         2 * slope(state, x + kLookAhead)};
  for (std::size_t k = 0; k < numbers.size(); ++k) info[k] = static_cast<float>(numbers[k]);
}

}  // namespace

std::unique_ptr<Body> make_mini(const Task& task, const PlantSettings& settings) {
  return std::make_unique<MiniBody>(task, settings);
}

}  // namespace tacit
