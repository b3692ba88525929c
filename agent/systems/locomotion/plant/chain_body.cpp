// Six segments in a row, rigidly joined, two legs each: the robot of tasks 2x3, 3x2 and 6x1.
#include <algorithm>

#include "agent/systems/locomotion/plant/draws.h"
#include "agent/systems/locomotion/plant/legged_body.h"

namespace tacit {

namespace {

constexpr std::size_t kSegmentCount = 6;
constexpr std::size_t kJointsPerSegment = 4;  // hip and ankle of the left leg, of the right leg
constexpr double kHalfWidth = 4.5;            // of the corridor, m
constexpr double kSecondsPerStep = 0.02;

class ChainBody final : public LeggedBody {
 public:
  ChainBody(const Task& task, const PlantSettings& settings)
      : LeggedBody({kHalfWidth, settings.corridor_cost}, kSecondsPerStep),
        integrator_(task.config.integrator),
        segments_per_agent_(kSegmentCount / task.agent_count()),
        is_local_(settings.cost_scope == CostScope::local) {}

  std::string mjcf() const override;
  int substep_count() const override { return integrator_ == Integrator::euler ? 2 : 4; }
  void reset(RandomStream& stream, BodyState& state) const override;
  void cost(const BodyState& state, std::span<double> costs) const override;
  void observe(std::size_t agent, const BodyState& state, std::span<float> own,
               std::span<float> info) const override;

 private:
  Integrator integrator_;
  std::size_t segments_per_agent_;
  bool is_local_;
};

// The head's legs point forward from its sides, all other legs backward.
std::string legs_of(std::size_t segment) {
  const std::string number = std::to_string(segment);
  const double forward = segment == 0 ? 1 : -1;
  const double fixed_x = segment == 0 ? 0.2 : 0;
  return leg({"hip_l" + number, "ankle_l" + number, {fixed_x, 0.2, 0}, {forward, 1, 0}}) +
         leg({"hip_r" + number, "ankle_r" + number, {fixed_x, -0.2, 0}, {forward, -1, 0}});
}

std::string ChainBody::mjcf() const {
  std::string robot, motors;
  for (std::size_t segment = kSegmentCount; segment-- > 0;) {
    const std::string inside = legs_of(segment) + robot;
    const std::string spine = capsule({1, 0, 0}, {0, 0, 0}, 0.1, "density='100'");
    robot = segment == 0 ? inside
                         : body("segment" + std::to_string(segment), {-1, 0, 0}, spine + inside);
  }
  for (std::size_t segment = 0; segment < kSegmentCount; ++segment) {
    for (const char* joint : {"hip_l", "ankle_l", "hip_r", "ankle_r"}) {
      motors += motor(joint + std::to_string(segment), 150);
    }
  }
  const double timestep = integrator_ == Integrator::euler ? 0.01 : 0.005;
  return legged_mjcf({"chain", timestep, integrator_, robot, motors});
}

void ChainBody::reset(RandomStream& stream, BodyState& state) const {
  add_uniform(stream, 0.1, std::span(state.position).first(3));
  add_uniform(stream, 0.1, std::span(state.position).subspan(kRootPositions));
  add_normal(stream, 0.1, state.velocity);
}

void ChainBody::cost(const BodyState& state, std::span<double> costs) const {
  if (!is_local_) return LeggedBody::cost(state, costs);
  const auto& q = state.position;
  // The root's forward direction, from its quaternion (w, x, y, z) = q[3..6].
  const double forward_x = 1 - 2 * (q[5] * q[5] + q[6] * q[6]);
  const double forward_y = 2 * (q[4] * q[5] + q[3] * q[6]);
  std::ranges::fill(costs, 0.0);
  for (std::size_t segment = 0; segment < kSegmentCount; ++segment) {
    const auto behind = static_cast<double>(segment);
    const double x = q[0] - behind * forward_x, y = q[1] - behind * forward_y;
    if (corridor().costs(x, y)) costs[segment / segments_per_agent_] = 1.0;
  }
}

void ChainBody::observe(std::size_t agent, const BodyState& state, std::span<float> own,
                        std::span<float> info) const {
  std::size_t k = 0;
  for (std::size_t s = 0; s < segments_per_agent_; ++s) {
    const std::size_t joint = (agent * segments_per_agent_ + s) * kJointsPerSegment;
    for (std::size_t j = joint; j < joint + kJointsPerSegment; ++j) {
      own[k++] = static_cast<float>(state.position[kRootPositions + j]);
    }
    for (std::size_t j = joint; j < joint + kJointsPerSegment; ++j) {
      own[k++] = static_cast<float>(state.velocity[kRootVelocities + j]);
    }
  }
  if (!info.empty()) observe_root(state, info);
}

}  // namespace

std::unique_ptr<Body> make_chain(const Task& task, const PlantSettings& settings) {
  return std::make_unique<ChainBody>(task, settings);
}

}  // namespace tacit
