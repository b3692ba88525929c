// Two planar runners side by side on a spring, and a plate that chases them: task 12x1.
#include <algorithm>
#include <cmath>

#include "agent/systems/locomotion/plant/body.h"
#include "agent/systems/locomotion/plant/draws.h"
#include "agent/systems/locomotion/plant/mjcf.h"

namespace tacit {

namespace {

constexpr std::size_t kRunnerCount = 2;
constexpr std::size_t kJointsPerRunner = 6;
constexpr std::size_t kRunnerSize = 3 + kJointsPerRunner;  // slides x and z, pitch, the joints
constexpr std::size_t kChaser = kRunnerCount * kRunnerSize;
constexpr double kSecondsPerStep = 0.05;
constexpr double kControlPenalty = 0.1;
constexpr double kRunnerGap = 2;      // between the torsos at rest, along y, m
constexpr double kChaserStart = -34;  // x, m
constexpr double kChaserReach = 5;    // nearer than this to a runner costs, m
// Before all masses are scaled to 14 kg, kg; chosen so that resting runners are caught after 133
// steps and pay 545, as measured on the original.
constexpr double kChaserMass = 0.32;

// One joint of a runner with the limb behind it. Lengths in m, angles in rad, about y.
struct Limb {
  const char* name;
  double place_x, place_z;  // of the joint, on the parent
  double tip_x, tip_z;      // the capsule's ends, from the joint
  double least, most;       // of the angle
  double stiffness, damping;
  double gear;
};

// The proportions, springs and gears of the planar runner of Wawrzynski, "Learning to control a
// 6-degree-of-freedom walking robot", EUROCON 2007, as the benchmarks use it; limbs are straight
// capsules from joint to joint here.
constexpr Limb kLimbs[kJointsPerRunner] = {
    {"back_thigh", -0.5, 0, 0.16, -0.25, -0.52, 1.05, 240, 6, 120},
    {"back_shin", 0.16, -0.25, -0.28, -0.14, -0.785, 0.785, 180, 4.5, 90},
    {"back_foot", -0.28, -0.14, 0.06, -0.19, -0.4, 0.785, 120, 3, 60},
    {"front_thigh", 0.5, 0, -0.14, -0.24, -1, 0.7, 180, 4.5, 120},
    {"front_shin", -0.14, -0.24, 0.13, -0.18, -1.2, 0.87, 120, 3, 60},
    {"front_foot", 0.13, -0.18, 0.09, -0.14, -0.5, 0.5, 60, 1.5, 30},
};
constexpr double kRunnerRadius = 0.046;  // m

class PairBody final : public Body {
 public:
  explicit PairBody(const PlantSettings& settings)
      : is_local_(settings.cost_scope == CostScope::local) {}

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

 private:
  bool is_local_;
};

// The chaser's control, as a fraction of its gear, `time` seconds after the reset.
double chaser_control(double time) {
  const double wave = std::sin(time / 3);
  return 0.02 * wave * wave - 0.004;
}

double chaser_x(const BodyState& state) { return kChaserStart + state.position[kChaser]; }

// Three limbs, each attached to the one before.
std::string limbs(const std::string& runner, std::size_t first) {
  std::string inside;
  for (std::size_t k = first + 3; k-- > first;) {
    const Limb& limb = kLimbs[k];
    const std::string name = runner + limb.name;
    const std::string spring = "stiffness='" + number_list({limb.stiffness}) + "' damping='" +
                               number_list({limb.damping}) + "'";
    inside = body(name, {limb.place_x, 0, limb.place_z},
                  hinge(name, {0, 1, 0}, {limb.least, limb.most}, spring) +
                      capsule({0, 0, 0}, {limb.tip_x, 0, limb.tip_z}, kRunnerRadius) + inside);
  }
  return inside;
}

std::string free_slide(const std::string& name, const char* type, Vector3 axis) {
  return "<joint name='" + name + "' type='" + type + "' axis='" + number_list(axis) +
         "' armature='0' damping='0'/>\n";
}

std::string runner_model(const std::string& runner, double y) {
  return body(runner, {0, y, 0.7},
              free_slide(runner + "x", "slide", {1, 0, 0}) +
                  free_slide(runner + "z", "slide", {0, 0, 1}) +
                  free_slide(runner + "pitch", "hinge", {0, 1, 0}) +
                  capsule({-0.5, 0, 0}, {0.5, 0, 0}, kRunnerRadius) +
                  capsule({0.49, 0, -0.01}, {0.71, 0, 0.21}, kRunnerRadius) + "<site name='" +
                  runner + "'/>\n" + limbs(runner, 0) + limbs(runner, 3));
}

std::string PairBody::mjcf() const {
  std::string motors;
  for (const std::string runner : {"a_", "b_"}) {
    for (const Limb& limb : kLimbs) motors += motor(runner + limb.name, limb.gear);
  }
  const std::string chaser =
      body("chaser", {kChaserStart, 0, 0.7},
           "<joint name='chaser' type='slide' axis='1 0 0' limited='true' range='-30 30' "
           "armature='0' damping='0.2'/>\n"
           "<geom type='box' size='0.02 3 0.5' mass='" +
               number_list({kChaserMass}) + "' contype='0' conaffinity='0'/>\n");
  return "<mujoco model='pair'>\n<compiler angle='radian' settotalmass='14'/>\n"
         "<option timestep='0.01' integrator='Euler'/>\n<default>\n"
         "<joint armature='0.1' damping='0.01'/>\n"
         "<geom contype='1' conaffinity='0' condim='3' friction='0.4 0.1 0.1' "
         "solref='0.02 1' solimp='0 0.8 0.01'/>\n</default>\n<worldbody>\n"
         "<geom name='floor' type='plane' size='100 100 40' conaffinity='1'/>\n" +
         runner_model("a_", -kRunnerGap / 2) + runner_model("b_", kRunnerGap / 2) + chaser +
         "</worldbody>\n<tendon>\n"
         "<spatial limited='true' range='1.5 3.5' stiffness='0.1'>"
         "<site site='a_'/><site site='b_'/></spatial>\n</tendon>\n<actuator>\n" +
         motors + motor("chaser", 120) + "</actuator>\n</mujoco>\n";
}

void PairBody::reset(RandomStream& stream, BodyState& state) const {
  add_uniform(stream, 0.1, std::span(state.position).first(kChaser));
  add_normal(stream, 0.1, std::span(state.velocity).first(kChaser));
}

void PairBody::command(std::span<const double> actions, BodyState& state,
                       std::span<double> control) const {
  std::ranges::copy(actions, control.begin());
  control[actions.size()] = chaser_control(state.time);
}

double PairBody::reward(const BodyStep& step) const {
  double sum = 0;
  for (std::size_t runner = 0; runner < kRunnerCount; ++runner) {
    const std::size_t x = runner * kRunnerSize;
    sum += (step.after.position[x] - step.before.position[x]) / kSecondsPerStep;
  }
  for (const double action : step.actions) sum -= kControlPenalty * action * action;
  return sum / static_cast<double>(kRunnerCount);
}

void PairBody::cost(const BodyState& state, std::span<double> costs) const {
  std::array<bool, kRunnerCount> is_caught{};
  for (std::size_t runner = 0; runner < kRunnerCount; ++runner) {
    const double x = state.position[runner * kRunnerSize];
    is_caught[runner] = std::abs(chaser_x(state) - x) < kChaserReach;
  }
  for (std::size_t agent = 0; agent < costs.size(); ++agent) {
    const bool pays =
        is_local_ ? is_caught[agent / kJointsPerRunner] : is_caught[0] || is_caught[1];
    costs[agent] = pays ? 1.0 : 0.0;
  }
}

void PairBody::observe(std::size_t agent, const BodyState& state, std::span<float> own,
                       std::span<float> info) const {
  const auto& q = state.position;
  const auto& v = state.velocity;
  const std::size_t root = agent / kJointsPerRunner * kRunnerSize;
  const std::size_t joint = agent % kJointsPerRunner;
  own[0] = static_cast<float>(q[root + 3 + joint]);
  own[1] = static_cast<float>(v[root + 3 + joint]);
  if (joint == 0) {
    const double dx = q[kRunnerSize] - q[0], dz = q[kRunnerSize + 1] - q[1];
    const double length = std::sqrt(dx * dx + dz * dz + kRunnerGap * kRunnerGap);
    const double growth = dx * (v[kRunnerSize] - v[0]) + dz * (v[kRunnerSize + 1] - v[1]);
    own[2] = static_cast<float>(length);
    own[3] = static_cast<float>(growth / length);
  }
  if (info.empty()) return;
  const std::array<double, 8> numbers = {
      q[root + 1], q[root + 2],
      v[root],     v[root + 1],
      v[root + 2], std::clamp((chaser_x(state) - q[root]) / 10, -5.0, 5.0),
      v[kChaser],  chaser_control(state.time)};
  for (std::size_t k = 0; k < numbers.size(); ++k) info[k] = static_cast<float>(numbers[k]);
}

}  // namespace

std::unique_ptr<Body> make_runner_pair(const Task&, const PlantSettings& settings) {
  return std::make_unique<PairBody>(settings);
}

}  // namespace tacit
