#include "agent/learning/ppo/action_distribution.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

namespace tacit {
namespace {

constexpr Purpose kTest = purpose("test.action_distribution");

Eigen::VectorXf deviations(std::initializer_list<float> logarithms) {
  Eigen::VectorXf values(logarithms.size());
  std::ranges::copy(logarithms, values.begin());
  return values;
}

// Goal: drawn choices have their probabilities and numbers their mean and deviation, and heads are
// independent of each other. 40,000 draws: a frequency's standard error is 0.0025, 5 of them
// allowed.
TEST(ActionDistribution, DrawsWhatItSays) {
  ActionDistribution<float> distribution({{2, 3}, 2});
  Eigen::MatrixXf outputs(7, 2);
  outputs.col(0).setZero();  // Another sample, not to be mixed up with.
  outputs.col(1) << 0.0F, std::log(3.0F), 100.0F + std::log(0.5F), 100.0F + std::log(0.3F),
      100.0F + std::log(0.2F), 1.5F, -4.0F;
  distribution.set(outputs, deviations({std::log(2.0F), std::log(0.1F)}));
  RandomStream stream(1, process_id(0), kTest, 0);
  constexpr int kDraws = 40'000;
  std::array<std::array<double, 3>, 2> counts{};
  std::array<double, 2> sum{};
  std::array<double, 2> sum_of_squares{};
  std::array<double, 4> action{};
  for (int draw = 0; draw < kDraws; ++draw) {
    distribution.draw(1, stream, action);
    ++counts.at(static_cast<std::size_t>(action[0])).at(static_cast<std::size_t>(action[1]));
    for (std::size_t d = 0; d < 2; ++d) {
      sum[d] += action[2 + d];
      sum_of_squares[d] += action[2 + d] * action[2 + d];
    }
  }
  const std::array first{0.25, 0.75};
  const std::array second{0.5, 0.3, 0.2};
  for (std::size_t i = 0; i < 2; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      EXPECT_NEAR(counts[i][j] / kDraws, first[i] * second[j], 0.0125);
    }
  }
  const std::array means{1.5, -4.0};
  const std::array sigmas{2.0, 0.1};
  for (std::size_t d = 0; d < 2; ++d) {
    const double mean = sum[d] / kDraws;
    EXPECT_NEAR(mean, means[d], 5 * sigmas[d] / 200);
    EXPECT_NEAR(std::sqrt(sum_of_squares[d] / kDraws - mean * mean), sigmas[d], sigmas[d] / 50);
  }
}

TEST(ActionDistribution, GreedyIsTheLikeliestAndTheFirstOfEquals) {
  ActionDistribution<float> distribution({{2, 3}, 1});
  Eigen::MatrixXf outputs(6, 1);
  outputs << 1.0F, 1.0F, -2.0F, 3.0F, 2.0F, 0.25F;
  distribution.set(outputs, deviations({0.0F}));
  std::array<double, 3> action{};
  distribution.greedy(0, action);
  EXPECT_EQ(action, (std::array{0.0, 1.0, 0.25}));
}

// Goal: outputs so far apart that exp() alone would overflow or vanish still give finite numbers.
TEST(ActionDistribution, BearsExtremeOutputs) {
  ActionDistribution<float> distribution({{3}, 0});
  Eigen::MatrixXf outputs(3, 2);
  outputs.col(0) << 0.0F, 1000.0F, -1000.0F;
  outputs.col(1).setConstant(-1000.0F);
  distribution.set(outputs, deviations({}));
  const Eigen::MatrixXf actions = Eigen::MatrixXf::Constant(1, 2, 2.0F);
  const Eigen::VectorXf log_probabilities = distribution.log_probabilities(actions);
  EXPECT_NEAR(log_probabilities[0], -2000.0F, 1e-3F);
  EXPECT_NEAR(log_probabilities[1], -std::log(3.0F), 1e-6F);
  Eigen::MatrixXf gradient;
  Eigen::VectorXf no_deviations;
  distribution.gradient(actions, Eigen::Vector2f::Ones(), 1.0F, gradient, no_deviations);
  EXPECT_TRUE(gradient.allFinite());
}

}  // namespace
}  // namespace tacit
