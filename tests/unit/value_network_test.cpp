#include "agent/learning/ppo/value_network.h"

#include <gtest/gtest.h>

#include <cmath>

namespace tacit {
namespace {

constexpr Purpose kTest = purpose("test.value_network");

Eigen::MatrixXd drawn(Eigen::Index rows, Eigen::Index columns, RandomStream& stream) {
  Eigen::MatrixXd matrix(rows, columns);
  for (double& x : matrix.reshaped()) x = 2 * to_unit(stream()) - 1;
  return matrix;
}

// Goal: merged moments are those of all samples at once, whatever the sizes of the blocks; offset
// far from 0, where naive sums lose their digits.
TEST(RunningNormaliser, HasTheMomentsOfAllSamples) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed=" << seed);
    RandomStream stream(seed, process_id(0), kTest, 0);
    Eigen::MatrixXd all = drawn(3, 60, stream);
    all.row(1).array() += 1e6;
    RunningNormaliser<double> normaliser(3);
    for (Eigen::Index first = 0, size = 1; first < 60; first += size, ++size) {
      size = std::min<Eigen::Index>(size, 60 - first);
      normaliser.absorb(all.middleCols(first, size));
    }
    for (Eigen::Index row = 0; row < 3; ++row) {
      const double mean = all.row(row).mean();
      const double variance = (all.row(row).array() - mean).square().mean();
      const auto feature = static_cast<std::size_t>(row);
      EXPECT_NEAR(normaliser.mean(feature), mean, 1e-9 * (1 + std::abs(mean)));
      EXPECT_NEAR(normaliser.deviation(feature), std::sqrt(variance + 1e-4), 1e-8);
    }
  }
}

TEST(RunningNormaliser, ScalesAndClips) {
  RunningNormaliser<double> normaliser(1);
  Eigen::MatrixXd x{{-30, 0.5, 4}};
  normaliser.apply(x);
  EXPECT_EQ(x, (Eigen::MatrixXd{{-10, 0.5, 4}}));
  normaliser.absorb(Eigen::MatrixXd{{1, 3}});
  x << 2, 4, 1e3;
  normaliser.apply(x);
  EXPECT_NEAR(x(0, 0), 0, 1e-12);
  EXPECT_NEAR(x(0, 1), 2 / std::sqrt(1 + 1e-4), 1e-12);
  EXPECT_EQ(x(0, 2), 10);
}

double huber(double error, double width) {
  const double size = std::abs(error);
  return size <= width ? error * error / 2 : width * size - width * width / 2;
}

// Goal: the gradient is that of the loss as its definition says it: errors on both sides of the
// width, predictions on both sides of the clip.
TEST(ValueNetwork, GradientIsThatOfTheLoss) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed=" << seed);
    RandomStream stream(seed, process_id(0), kTest, 1);
    ValueConfig config;
    config.hidden_sizes = {5, 4};
    config.huber_width = 0.7;
    config.value_clip = 0.2;
    ValueNetwork<double> critic(3, config, stream);
    const Eigen::MatrixXd observations = drawn(3, 40, stream);
    std::vector<double> targets, before = critic.values(observations);
    for (double& value : before) {
      targets.push_back(value + 4 * (2 * to_unit(stream()) - 1));
      value += 1.5 * (2 * to_unit(stream()) - 1);
    }
    critic.set_targets(targets, before);
    double mean = 0, square = 0;
    for (const double y : targets) mean += y / 40;
    for (const double y : targets) square += (y - mean) * (y - mean) / 40;
    const double deviation = std::sqrt(square + 1e-4);
    const std::vector<std::uint32_t> samples{3, 1, 7, 20, 39, 12, 13, 14, 15, 16, 17, 18};
    Eigen::MatrixXd chosen(3, 12);
    for (Eigen::Index i = 0; i < 12; ++i) chosen.col(i) = observations.col(samples[i]);
    const auto loss = [&] {
      const std::vector<double> values = critic.values(chosen);
      double sum = 0;
      for (std::size_t i = 0; i < values.size(); ++i) {
        const double f = (values[i] - mean) / deviation;
        const double old = (before[samples[i]] - mean) / deviation;
        const double y = (targets[samples[i]] - mean) / deviation;
        const double clipped = old + std::clamp(f - old, -0.2, 0.2);
        sum += std::max(huber(f - y, 0.7), huber(clipped - y, 0.7));
      }
      return sum / 12;
    };
    critic.add_gradient(chosen, samples, 1.0 / 12);
    auto& parameters = critic.parameters();
    for (Eigen::Index k = 0; k < parameters.values.size(); ++k) {
      const double middle = parameters.values[k];
      parameters.values[k] = middle + 1e-6;
      const double above = loss();
      parameters.values[k] = middle - 1e-6;
      const double slope = (above - loss()) / 2e-6;
      parameters.values[k] = middle;
      ASSERT_NEAR(parameters.gradient[k], slope, 1e-6) << "parameter " << k;
    }
  }
}

// Goal: values come out in the unit of the targets, far from 0 and 1.
TEST(ValueNetwork, LearnsInTheUnitOfItsTargets) {
  RandomStream stream(1, process_id(0), kTest, 2);
  ValueNetwork<float> critic(1, {}, stream);
  const Eigen::MatrixXf observations{{-1, 0, 1}};
  const std::vector<double> targets{1000, 1100, 900};
  const std::vector<std::uint32_t> samples{0, 1, 2};
  for (int k = 0; k < 400; ++k) {
    critic.set_targets(targets, critic.values(observations));
    critic.add_gradient(observations, samples, 1.0 / 3);
    critic.step();
  }
  const std::vector<double> values = critic.values(observations);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(values[i], targets[i], 1);
}

}  // namespace
}  // namespace tacit
