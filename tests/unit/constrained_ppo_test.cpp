#include "agent/learning/ppo/constrained_ppo.h"

#include <gtest/gtest.h>

#include <boost/random/normal_distribution.hpp>
#include <cmath>
#include <functional>
#include <numbers>
#include <numeric>

namespace tacit {
namespace {

constexpr Purpose kTest = purpose("test.constrained_ppo");

/// One state, seen as 1, and one number as action; every step is an episode unless said otherwise.
/// Truncated episodes alternate with those of a state -1 without reward.
class Bandit {
 public:
  using Outcome = std::function<double(double action)>;

  Bandit(const ConstrainedPpoConfig& config, Outcome reward, Outcome cost)
      : reward_(std::move(reward)),
        cost_(std::move(cost)),
        weights_(1, process_id(0), kTest, 0),
        learner(1, 1, 1, config, weights_),
        buffer(RolloutBuffer<float>::Shape{kCopies, kSteps, 1, 1, 1}) {}

  /// @return mean cost of a step
  double iterate(Round iteration, Ending ending = Ending::terminated) {
    RandomStream stream(1, process_id(0), kTest, 1 + iteration);
    double paid = 0;
    buffer.clear();
    for (std::size_t step = 0; step < kSteps; ++step) {
      const Eigen::MatrixXf seen =
          Eigen::MatrixXf::Constant(1, kCopies, ending == Ending::truncated && step % 2 ? -1 : 1);
      auto& policy = learner.act(seen);
      Eigen::MatrixXf actions(1, kCopies);
      for (std::size_t copy = 0; copy < kCopies; ++copy) {
        double action = 0;
        policy.draw(copy, stream, {&action, 1});
        actions(0, static_cast<Eigen::Index>(copy)) = static_cast<float>(action);
        const double reward = seen(0, 0) > 0 ? reward_(action) : 0;
        buffer.record_outcome(copy, step, reward, cost_(action), ending);
        paid += cost_(action);
        const bool goes_on = ending == Ending::none && step + 1 == kSteps;
        if (ending == Ending::truncated || goes_on) buffer.bootstrap(copy, step, seen.col(0));
      }
      buffer.record(step, seen, seen, actions, policy.log_probabilities(actions));
    }
    paid /= kCopies * kSteps;
    RandomStream order(2, process_id(0), kTest, 1 + iteration);
    learner.update(buffer, {}, paid, order);
    return paid;
  }

  double mean_action() {
    Eigen::MatrixXf seen = Eigen::MatrixXf::Ones(1, 1);
    double action = 0;
    learner.act(seen).greedy(0, {&action, 1});
    return action;
  }

 private:
  static constexpr std::size_t kCopies = 16;
  static constexpr std::size_t kSteps = 16;
  Outcome reward_, cost_;
  RandomStream weights_;

 public:
  ConstrainedPpo<float> learner;
  RolloutBuffer<float> buffer;
};

double zero(double) { return 0; }

// Goal: maximise -(a - 2)^2 while E a <= 1: the answer is E a = 1, and the multiplier the slope of
// the reward there, 2, in reward per cost.
TEST(ConstrainedPpo, MultiplierIsThePriceOfTheConstraint) {
  ConstrainedPpoConfig config;
  config.first_deviation = 0.3;
  config.cost_limit = 1;
  config.multiplier.rate = 0.05;
  config.discount = 0;
  Bandit bandit(
      config, [](double a) { return -(a - 2) * (a - 2); }, [](double a) { return a; });
  double action = 0, multiplier = 0;
  for (Round k = 0; k < 600; ++k) {
    bandit.iterate(k);
    if (k < 400) continue;
    action += bandit.mean_action() / 200;
    multiplier += bandit.learner.multiplier() / 200;
  }
  EXPECT_NEAR(action, 1, 0.1);
  EXPECT_NEAR(multiplier, 2, 0.3);

  config.constrained = false;
  Bandit free(
      config, [](double a) { return -(a - 2) * (a - 2); }, [](double a) { return a; });
  for (Round k = 0; k < 300; ++k) free.iterate(k);
  EXPECT_NEAR(free.mean_action(), 2, 0.1);
  EXPECT_EQ(free.learner.multiplier(), 0);
}

// Goal: with reward 1 in every step, episodes that go on or are truncated are worth 1/(1 - gamma),
// terminated ones 1.
TEST(ConstrainedPpo, BootstrapsWhatWouldHaveGoneOn) {
  for (const auto& [ending, worth] :
       {std::pair{Ending::none, 5.0}, std::pair{Ending::truncated, 5.0},
        std::pair{Ending::terminated, 1.0}}) {
    ConstrainedPpoConfig config;
    config.discount = 0.8;
    Bandit bandit(
        config, [](double) { return 1.0; }, zero);
    for (Round k = 0; k < 150; ++k) bandit.iterate(k, ending);
    EXPECT_NEAR(bandit.learner.reward_critic().values(Eigen::MatrixXf::Ones(1, 1))[0], worth, 0.2)
        << static_cast<int>(ending);
  }
}

RolloutBuffer<double> random_buffer(RandomStream& stream) {
  RolloutBuffer<double> buffer({8, 25, 3, 2, 2});
  const auto fill = [&](auto& entries) {
    for (double& x : entries) x = 2 * to_unit(stream()) - 1;
  };
  fill(buffer.rewards);
  fill(buffer.costs);
  auto all = {buffer.observations.reshaped(), buffer.critic_observations.reshaped(),
              buffer.actions.reshaped()};
  for (auto matrix : all) fill(matrix);
  for (double& x : buffer.log_probabilities) x = -2 - to_unit(stream());
  for (Ending& ending : buffer.endings) {
    ending = to_unit(stream()) < 0.2 ? Ending::terminated : Ending::none;
  }
  for (std::size_t copy = 0; copy < 8; ++copy) {
    if (buffer.endings[buffer.sample(copy, 24)] != Ending::none) continue;
    buffer.bootstrap(copy, 24, buffer.critic_observations.col(0));
  }
  return buffer;
}

// Goal: the policy's gradient is that of the clipped, weighted loss, parameter by parameter, with
// ratios beyond the clip on both sides, and entropy.
TEST(ConstrainedPpo, PolicyGradientIsThatOfTheLoss) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed=" << seed);
    RandomStream stream(seed, process_id(0), kTest, 1000);
    ConstrainedPpoConfig config;
    config.hidden_sizes = {4, 3};
    config.entropy_coefficient = 0.1;
    config.multiplier.first = 0.7;
    ConstrainedPpo<double> learner(3, 2, 2, config, stream);
    const RolloutBuffer<double> buffer = random_buffer(stream);
    std::vector<double> weights(200);
    for (double& weight : weights) weight = 2 * to_unit(stream());
    learner.update(buffer, weights, 5, stream);
    EXPECT_NEAR(learner.advantages().mean(), 0, 1e-12);
    EXPECT_NEAR(learner.advantages().squaredNorm() / 200, 1, 1e-6);

    std::vector<std::uint32_t> chosen(100);
    std::iota(chosen.begin(), chosen.end(), 50u);
    const auto loss = [&] {
      double sum = 0;
      auto& values = learner.policy().values;
      for (const std::uint32_t i : chosen) {
        const Eigen::MatrixXd action = buffer.actions.col(i);
        const double now = learner.act(buffer.observations.col(i)).log_probabilities(action)[0];
        const double ratio = std::exp(now - buffer.log_probabilities[i]);
        const double advantage = learner.advantages()[i];
        sum -= weights[i] * std::min(ratio * advantage, std::clamp(ratio, 0.8, 1.2) * advantage);
        const double log_deviations = values[values.size() - 1] + values[values.size() - 2];
        sum -= 0.1 * (log_deviations + std::log(2 * std::numbers::pi * std::numbers::e));
      }
      return sum / 100;
    };
    const Eigen::VectorXd gradient = learner.policy_gradient(buffer, weights, chosen);
    auto& values = learner.policy().values;
    for (Eigen::Index k = 0; k < values.size(); ++k) {
      const double middle = values[k];
      values[k] = middle + 1e-6;
      const double above = loss();
      values[k] = middle - 1e-6;
      const double slope = (above - loss()) / 2e-6;
      values[k] = middle;
      ASSERT_NEAR(gradient[k], slope, 1e-6) << "parameter " << k;
    }
  }
}

// Goal: a learner that is restored between updates goes on with the same bits, with both rules for
// the multiplier.
TEST(ConstrainedPpo, ContinuesFromACheckpointBitForBit) {
  for (const MultiplierRule rule : {MultiplierRule::adaptive, MultiplierRule::published}) {
    ConstrainedPpoConfig config;
    config.multiplier = {rule, AdvantageScale::each, 0.5, 0.1, 10};
    const auto make = [&] {
      RandomStream weights(3, process_id(0), kTest, 2000);
      return ConstrainedPpo<double>(3, 2, 2, config, weights);
    };
    const auto update = [](ConstrainedPpo<double>& learner, Round k) {
      RandomStream stream(3, process_id(0), kTest, 3000 + k);
      const RolloutBuffer<double> buffer = random_buffer(stream);
      learner.update(buffer, {}, 7, stream);
    };
    const auto bytes = [](const ConstrainedPpo<double>& learner) {
      CheckpointWriter writer;
      learner.save(writer);
      return std::vector<std::byte>(writer.bytes().begin(), writer.bytes().end());
    };
    ConstrainedPpo<double> whole = make(), restored = make();
    update(whole, 1);
    const std::vector<std::byte> saved = bytes(whole);
    CheckpointReader reader(saved);
    restored.restore(reader);
    EXPECT_TRUE(reader.at_end());
    update(whole, 2);
    update(restored, 2);
    EXPECT_EQ(bytes(whole), bytes(restored));
    EXPECT_NE(whole.multiplier(), 0.5);
    EXPECT_EQ(whole.advantages(), restored.advantages());
  }
}

// Goal: the published rule, as it is written: nearly a constant price.
TEST(ConstrainedPpo, PublishedMultiplierHardlyMoves) {
  ConstrainedPpoConfig config;
  config.multiplier = {MultiplierRule::published, AdvantageScale::each, 0.78, 1e-7, 1e6};
  config.discount = 0.99;
  config.cost_limit = 1;
  Bandit bandit(config, zero, [](double) { return 1001.0; });
  for (Round k = 0; k < 10; ++k) bandit.iterate(k);
  // 1e-7 (1001 - 1) 0.01 in each of 10 updates of 5 epochs of 4 minibatches.
  EXPECT_NEAR(bandit.learner.multiplier(), 0.78 + 1e-6 * 200, 1e-6);
}

}  // namespace
}  // namespace tacit
