// A round torso on four legs, with one agent for each of the eight joints: task 8x1.
#include <cmath>

#include "agent/systems/locomotion/plant/draws.h"
#include "agent/systems/locomotion/plant/legged_body.h"

namespace tacit {

namespace {

constexpr double kHalfWidth = 5;  // of the corridor, m
constexpr double kSecondsPerStep = 0.05;

class QuadrupedBody final : public LeggedBody {
 public:
  QuadrupedBody(const Task& task, const PlantSettings& settings)
      : LeggedBody({kHalfWidth, settings.corridor_cost}, kSecondsPerStep),
        integrator_(task.config.integrator) {}

  std::string mjcf() const override;
  int substep_count() const override { return 5; }
  void reset(RandomStream& stream, BodyState& state) const override;
  void observe(std::size_t agent, const BodyState& state, std::span<float> own,
               std::span<float> info) const override;

 private:
  Integrator integrator_;
};

std::string QuadrupedBody::mjcf() const {
  std::string robot = "<geom type='sphere' size='0.25'/>\n";
  std::string motors;
  const double sides[4][2] = {{1, 1}, {-1, 1}, {-1, -1}, {1, -1}};
  for (int k = 0; k < 4; ++k) {
    const std::string hip = "hip" + std::to_string(k + 1);
    const std::string ankle = "ankle" + std::to_string(k + 1);
    const double x = sides[k][0], y = sides[k][1];
    robot += leg({hip, ankle, {0.2 * x, 0.2 * y, 0}, {x, y, 0}});
    motors += motor(hip, 150) + motor(ankle, 150);
  }
  return legged_mjcf({"quadruped", 0.01, integrator_, robot, motors});
}

void QuadrupedBody::reset(RandomStream& stream, BodyState& state) const {
  add_uniform(stream, 0.1, state.position);
  add_normal(stream, 0.1, state.velocity);
  auto& q = state.position;
  const double norm = std::sqrt(q[3] * q[3] + q[4] * q[4] + q[5] * q[5] + q[6] * q[6]);
  for (std::size_t k = 3; k < kRootPositions; ++k) q[k] /= norm;
}

void QuadrupedBody::observe(std::size_t agent, const BodyState& state, std::span<float> own,
                            std::span<float> info) const {
  own[0] = static_cast<float>(state.position[kRootPositions + agent]);
  own[1] = static_cast<float>(state.velocity[kRootVelocities + agent]);
  if (!info.empty()) observe_root(state, info);
}

}  // namespace

std::unique_ptr<Body> make_quadruped(const Task& task, const PlantSettings& settings) {
  return std::make_unique<QuadrupedBody>(task, settings);
}

}  // namespace tacit
