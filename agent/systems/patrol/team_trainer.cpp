#include "agent/systems/patrol/team_trainer.h"

#include <xmmintrin.h>

#include <algorithm>
#include <cmath>

#include "agent/systems/patrol/fixed_weights.h"
#include "agent/systems/patrol/multipliers.h"
#include "agent/systems/patrol/team_training.h"

namespace tacit::patrol {
namespace {

constexpr double kAdamEpsilon = 1e-8;
constexpr double kSteadyPart = 0.7;  // fraction of a block before the rate falls
constexpr double kLastRate = 0.1;    // relative to the first
constexpr Purpose kInitial = purpose("patrol.initial");
constexpr Purpose kWeights = purpose("patrol.weights");
constexpr Purpose kEpisodes = purpose("patrol.episodes");

/// Step sizes of the optimiser, restarted in each block, and the entropy bonus, which falls over
/// all blocks.
struct Schedule {
  double rate;
  double entropy_first;
  double entropy_last;
};
constexpr Schedule kExact{3e-3, 0.02, 0.002};
constexpr Schedule kSampled{2e-3, 0.05, 0.003};

/// While an object exists, its thread treats denormal numbers as 0: the probability of places where
/// a robot hardly ever is falls through that range, where arithmetic is many times slower.
class TinyIsZero {
 public:
  TinyIsZero() : before_(_mm_getcsr()) { _mm_setcsr(before_ | kFlushToZero | kDenormalsAreZero); }
  ~TinyIsZero() { _mm_setcsr(before_); }
  TinyIsZero(const TinyIsZero&) = delete;
  TinyIsZero& operator=(const TinyIsZero&) = delete;

 private:
  static constexpr unsigned kFlushToZero = 0x8000;
  static constexpr unsigned kDenormalsAreZero = 0x0040;
  unsigned before_;
};

// Gradient of coefficient times the mean entropy over rows: d/d logit_a = -pi_a (log pi_a +
// entropy).
void add_entropy(const Eigen::MatrixXf& probabilities, double coefficient,
                 Eigen::MatrixXf& logit_gradient) {
  const Eigen::ArrayXXf pi = probabilities.array();
  const Eigen::ArrayXXf logs = pi.max(1e-30F).log();
  const Eigen::ArrayXf entropy = -(pi * logs).rowwise().sum();
  const auto scale = static_cast<float>(coefficient / static_cast<double>(pi.rows()));
  logit_gradient.array() -= scale * pi * (logs.colwise() + entropy);
}

}  // namespace

TeamTrainer::TeamTrainer(const Lattice& lattice, std::size_t robot_count, std::size_t rollout_steps,
                         std::span<const double> required, const TrainingConfig& config,
                         std::uint64_t seed)
    : lattice_(lattice),
      robot_count_(robot_count),
      config_(config),
      fixed_(fixed_weights(config.weights, required)),
      seed_(seed),
      exact_(lattice, rollout_steps),
      sampled_(lattice, rollout_steps, config.reward),
      passes_(robot_count) {}

TeamPolicies TeamTrainer::train(const std::function<void(double done, double objective)>& report) {
  const TinyIsZero arithmetic;
  const PolicyShape shape = policy_shape(lattice_);
  RandomStream stream(seed_, process_id(0), kInitial, 0);
  const auto make = [&](const PatrolPolicy& policy) {
    return Robot{policy, Adam<float>(shape.parameter_count(), kAdamEpsilon)};
  };
  std::vector<Robot> alone{make(PatrolPolicy::initial(shape, stream))};
  block(alone, 0, report);
  std::vector<Robot> team(robot_count_, make(alone[0].policy));
  for (std::size_t round = 0; round < config_.round_count; ++round) {
    for (std::size_t active = 0; active < robot_count_; ++active) block(team, active, report);
  }
  TeamPolicies policies{alone[0].policy, {}};
  for (const Robot& robot : team) policies.robots.push_back(robot.policy);
  return policies;
}

void TeamTrainer::block(std::vector<Robot>& team, std::size_t active,
                        const std::function<void(double done, double objective)>& report) {
  const std::size_t steps = config_.steps_per_block;
  const std::size_t last = std::max<std::size_t>(1, steps / 10);
  sampled_.restart();
  objective_ = 0;
  for (std::size_t k = 0; k < steps; ++k) {
    const double objective =
        step(team, active, static_cast<double>(k) / static_cast<double>(steps));
    if (k + last >= steps) objective_ += objective / static_cast<double>(last);
    if (k % last == 0) report(done(), objective);
  }
}

double TeamTrainer::done() const {
  const std::size_t all = config_.steps_per_block * (1 + config_.round_count * robot_count_);
  return static_cast<double>(step_count_) / static_cast<double>(all);
}

double TeamTrainer::step(std::vector<Robot>& team, std::size_t active, double progress) {
  const bool is_exact = config_.method == TrainingMethod::exact;
  const Schedule& schedule = is_exact ? kExact : kSampled;
  const ProcessId robot = process_id(active);
  const double entropy =
      schedule.entropy_first * std::pow(schedule.entropy_last / schedule.entropy_first, done());
  const auto step_index = static_cast<Round>(step_count_++);
  RandomStream weights_stream(seed_, robot, kWeights, step_index);
  const Eigen::MatrixXf weights = draw_weights(weights_stream);
  for (std::size_t n = 0; n < team.size(); ++n) {
    passes_[n].weights = weights;
    team[n].policy.forward(passes_[n]);
  }
  const std::span<const PatrolPolicy::Pass> passes(passes_.data(), team.size());
  double objective = 0;
  if (is_exact) {
    objective = exact_.evaluate(passes, active, logit_gradient_);
  } else {
    RandomStream stream(seed_, robot, kEpisodes, step_index);
    objective = sampled_.evaluate(passes, active, stream, logit_gradient_);
  }
  add_entropy(passes_[active].probabilities, entropy, logit_gradient_);
  PatrolPolicy& policy = team[active].policy;
  gradient_.setZero(policy.parameters().size());
  policy.backward(passes_[active], logit_gradient_, gradient_);
  gradient_ = -gradient_;  // Adam descends
  const double falling = std::max(0.0, progress - kSteadyPart) / (1 - kSteadyPart);
  team[active].adam.step(schedule.rate * (1 - (1 - kLastRate) * falling), gradient_,
                         policy.parameters());
  return objective;
}

Eigen::MatrixXf TeamTrainer::draw_weights(RandomStream& stream) const {
  const std::size_t zones = lattice_.zone_count();
  Eigen::MatrixXf weights(static_cast<Eigen::Index>(zones), ExactGradient::kBatch);
  for (auto column : weights.colwise()) {
    std::vector<double> drawn(zones);
    // An all-zero draw gives no weights; single zeros occur in projected multipliers too.
    while (!fixed_ && std::ranges::max(drawn) <= 0) {
      for (double& weight : drawn) {
        weight = to_unit(stream()) < config_.zero_probability ? 0.0 : to_unit(stream());
      }
    }
    const std::vector<double> scaled = fixed_ ? *fixed_ : normalised(drawn);
    column = Eigen::Map<const Eigen::VectorXd>(scaled.data(), column.size()).cast<float>();
  }
  return weights;
}

}  // namespace tacit::patrol
