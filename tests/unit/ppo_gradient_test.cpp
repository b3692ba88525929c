#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <vector>

#include "agent/learning/ppo/ppo_learner.h"
#include "agent/learning/ppo/rollout.h"

namespace tacit {
namespace {

constexpr Purpose kTest = purpose("test.ppo_gradient");

using Numbers = std::vector<double>;

/// The loss of ppo and its gradient, written with loops in double and without any code of the
/// learner: the derivative by a network's outputs is a central difference of the loss of one
/// sample, the way back through the layers is the chain rule.
class PlainPpo {
 public:
  PlainPpo(std::size_t observation_size, ActionSpace space, const PpoConfig& config)
      : space_(std::move(space)), config_(config) {
    std::size_t output_size = space_.continuous_size;
    for (const std::size_t count : space_.choice_counts) output_size += count;
    actor_.push_back(observation_size);
    actor_.insert(actor_.end(), config.hidden_sizes.begin(), config.hidden_sizes.end());
    critic_ = actor_;
    actor_.push_back(output_size);
    critic_.push_back(1);
  }

  std::size_t actor_count() const { return count(actor_) + space_.continuous_size; }

  double log_probability(const Numbers& outputs, const double* deviations,
                         const double* action) const {
    double sum = 0;
    for_each_head(outputs, [&](const Numbers& chances) {
      sum += std::log(chances[static_cast<std::size_t>(*action++)]);
    });
    for (std::size_t d = 0; d < space_.continuous_size; ++d) {
      const double sigma = std::exp(deviations[d]);
      const double x = action[d] - outputs[outputs.size() - space_.continuous_size + d];
      sum += std::log(std::exp(-x * x / (2 * sigma * sigma)) /
                      std::sqrt(2 * std::numbers::pi * sigma * sigma));
    }
    return sum;
  }

  double entropy(const Numbers& outputs, const double* deviations) const {
    double sum = 0;
    for_each_head(outputs, [&](const Numbers& chances) {
      for (const double p : chances) sum -= p * std::log(p);
    });
    for (std::size_t d = 0; d < space_.continuous_size; ++d) {
      const double sigma = std::exp(deviations[d]);
      sum += 0.5 * std::log(2 * std::numbers::pi * std::numbers::e * sigma * sigma);
    }
    return sum;
  }

  Numbers actor_outputs(const Numbers& parameters, const double* observation) const {
    return forward(actor_, parameters.data(), observation).back();
  }

  /// Mean over `samples`, in the order of the learner's parameters.
  Numbers gradient(const Numbers& parameters, const PpoBatch<double>& batch,
                   const std::vector<std::uint32_t>& samples) const {
    const double weight = 1.0 / static_cast<double>(samples.size());
    const std::size_t first_deviation = count(actor_);
    Numbers gradient(parameters.size(), 0.0);
    for (const std::uint32_t i : samples) {
      const double* const observation = batch.observations.col(i).data();
      const auto states = forward(actor_, parameters.data(), observation);
      Numbers inputs = states.back();  // The network's outputs, then the deviations.
      inputs.insert(inputs.end(), parameters.begin() + first_deviation,
                    parameters.begin() + actor_count());
      Numbers slopes = differences(inputs, [&](const Numbers& at) {
        const Numbers outputs(at.begin(), at.begin() + states.back().size());
        return weight * policy_loss(outputs, at.data() + outputs.size(), batch, i);
      });
      for (std::size_t d = 0; d < space_.continuous_size; ++d) {
        gradient[first_deviation + d] += slopes[states.back().size() + d];
      }
      slopes.resize(states.back().size());
      backward(actor_, parameters.data(), observation, states, slopes, gradient.data());

      const double* const critic_parameters = parameters.data() + actor_count();
      const auto values = forward(critic_, critic_parameters, observation);
      slopes = differences(values.back(), [&](const Numbers& at) {
        return weight * config_.value_coefficient * std::pow(at[0] - batch.value_targets[i], 2);
      });
      backward(critic_, critic_parameters, observation, values, slopes,
               gradient.data() + actor_count());
    }
    return gradient;
  }

 private:
  static std::size_t count(const std::vector<std::size_t>& sizes) {
    std::size_t sum = 0;
    for (std::size_t l = 0; l + 1 < sizes.size(); ++l) sum += (sizes[l] + 1) * sizes[l + 1];
    return sum;
  }

  template <typename Visit>
  void for_each_head(const Numbers& outputs, const Visit& visit) const {
    std::size_t first = 0;
    for (const std::size_t size : space_.choice_counts) {
      Numbers chances;
      for (std::size_t j = 0; j < size; ++j) chances.push_back(std::exp(outputs[first + j]));
      const double sum = std::accumulate(chances.begin(), chances.end(), 0.0);
      for (double& p : chances) p /= sum;
      visit(chances);
      first += size;
    }
  }

  double policy_loss(const Numbers& outputs, const double* deviations,
                     const PpoBatch<double>& batch, std::uint32_t i) const {
    const double ratio =
        std::exp(log_probability(outputs, deviations, batch.actions.col(i).data()) -
                 batch.log_probabilities[i]);
    const double advantage = batch.advantages[i];
    const double clipped = std::clamp(ratio, 1 - config_.clip, 1 + config_.clip);
    return -std::min(ratio * advantage, clipped * advantage) -
           config_.entropy_coefficient * entropy(outputs, deviations);
  }

  template <typename Function>
  static Numbers differences(Numbers at, const Function& function) {
    Numbers slopes;
    for (double& x : at) {
      const double middle = x;
      x = middle + 1e-5;
      const double above = function(at);
      x = middle - 1e-5;
      slopes.push_back((above - function(at)) / 2e-5);
      x = middle;
    }
    return slopes;
  }

  static std::vector<Numbers> forward(const std::vector<std::size_t>& sizes, const double* weights,
                                      const double* x) {
    std::vector<Numbers> states;
    for (std::size_t l = 0; l + 1 < sizes.size(); ++l) {
      const std::size_t rows = sizes[l + 1];
      Numbers y(weights + rows * sizes[l], weights + rows * (sizes[l] + 1));
      for (std::size_t i = 0; i < rows; ++i) {
        for (std::size_t j = 0; j < sizes[l]; ++j) y[i] += weights[j * rows + i] * x[j];
        if (l + 2 < sizes.size()) y[i] = std::tanh(y[i]);
      }
      states.push_back(y);
      x = states.back().data();
      weights += rows * (sizes[l] + 1);
    }
    return states;
  }

  static void backward(const std::vector<std::size_t>& sizes, const double* weights,
                       const double* observation, const std::vector<Numbers>& states,
                       Numbers slopes, double* gradient) {
    std::size_t offset = count(sizes);
    for (std::size_t l = sizes.size() - 1; l-- > 0;) {
      const std::size_t rows = sizes[l + 1];
      offset -= rows * (sizes[l] + 1);
      const double* const x = l == 0 ? observation : states[l - 1].data();
      Numbers below(sizes[l], 0.0);
      for (std::size_t i = 0; i < rows; ++i) {
        gradient[offset + rows * sizes[l] + i] += slopes[i];
        for (std::size_t j = 0; j < sizes[l]; ++j) {
          gradient[offset + j * rows + i] += slopes[i] * x[j];
          below[j] += slopes[i] * weights[offset + j * rows + i] * (1 - x[j] * x[j]);
        }
      }
      slopes = below;
    }
  }

  ActionSpace space_;
  PpoConfig config_;
  std::vector<std::size_t> actor_, critic_;
};

double relative_distance(std::span<const double> a, std::span<const double> b) {
  double difference = 0;
  double length = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference += (a[i] - b[i]) * (a[i] - b[i]);
    length += b[i] * b[i];
  }
  return std::sqrt(difference / length);
}

template <typename Vector>
Numbers numbers_of(const Vector& vector) {
  return {vector.begin(), vector.end()};
}

/// Random samples, with ratios beyond the clip on both sides.
PpoBatch<double> random_batch(const PlainPpo& plain, const ActionSpace& space,
                              const Numbers& parameters, const double* deviations, std::size_t size,
                              RandomStream& stream) {
  const auto uniform = [&] { return 2 * to_unit(stream()) - 1; };
  PpoBatch<double> batch;
  batch.observations.resize(3, size);
  batch.actions.resize(space.size(), size);
  batch.log_probabilities.resize(size);
  batch.advantages.resize(size);
  batch.value_targets.resize(size);
  for (std::size_t i = 0; i < size; ++i) {
    for (double& x : batch.observations.col(i)) x = uniform();
    std::size_t place = 0;
    for (const std::size_t count : space.choice_counts) {
      std::uint64_t word = stream();
      batch.actions(place++, i) = static_cast<double>(split_off(word, count));
    }
    for (; place < space.size(); ++place) batch.actions(place, i) = 2 * uniform();
    const Numbers outputs = plain.actor_outputs(parameters, batch.observations.col(i).data());
    batch.log_probabilities[i] =
        plain.log_probability(outputs, deviations, batch.actions.col(i).data()) + 0.5 * uniform();
    batch.advantages[i] = uniform();
    batch.value_targets[i] = uniform();
  }
  return batch;
}

// Goal: the learner's gradient, every parameter, in double: clipped and free ratios with
// advantages of both signs, entropy, several heads, numbers with their deviations, the critic; over
// more samples than one block, the last block shorter.
TEST(PpoGradient, EqualsThePlainCalculation) {
  for (const ActionSpace& space :
       {ActionSpace{{2, 3}, 0}, ActionSpace{{}, 2}, ActionSpace{{4}, 3}}) {
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
      SCOPED_TRACE(testing::Message() << "heads=" << space.choice_counts.size()
                                      << " numbers=" << space.continuous_size << " seed=" << seed);
      RandomStream stream(seed, process_id(0), kTest, 0);
      PpoConfig config;
      config.hidden_sizes = {5, 7};
      config.entropy_coefficient = 0.3;
      PpoLearner<double> learner(3, space, config, stream);
      for (double& x : learner.networks().parameters()) x += to_unit(stream()) - 0.5;
      const Numbers parameters = numbers_of(learner.networks().parameters());
      const PlainPpo plain(3, space, config);
      const double* const deviations =
          parameters.data() + plain.actor_count() - space.continuous_size;
      const auto batch = random_batch(plain, space, parameters, deviations, 400, stream);
      std::vector<std::uint32_t> samples(300);
      shuffle(samples, stream);
      const Numbers ours = numbers_of(learner.gradient(batch, samples));
      const Numbers expected = plain.gradient(parameters, batch, samples);
      ASSERT_EQ(ours.size(), expected.size());
      for (std::size_t i = 0; i < ours.size(); ++i) {
        ASSERT_NEAR(ours[i], expected[i], 1e-8) << "parameter " << i;
      }
    }
  }
}

/// Eight numbers that drift with the choices; the reward is what the choices move.
class Drift final : public Environment {
 public:
  std::size_t observation_size() const override { return 8; }
  ActionSpace action_space() const override { return {{5, 3}, 0}; }
  void reset(RandomStream& stream) override {
    for (double& x : state_) x = 2 * to_unit(stream()) - 1;
    hour_ = 0;
  }
  void observe(std::span<double> observation) const override {
    std::ranges::copy(state_, observation.begin());
  }
  Transition step(std::span<const double> action, RandomStream& stream) override {
    const double push = action[0] / 4 - action[1] / 2;
    for (std::size_t i = 0; i < 8; ++i) {
      state_[i] = 0.9 * state_[i] + 0.1 * (i % 2 == 0 ? push : to_unit(stream()));
    }
    return {push * state_[1], ++hour_ == 30 ? Ending::truncated : Ending::none};
  }

 private:
  std::array<double, 8> state_{};
  int hour_ = 0;
};

// Goal: the first minibatch of a real iteration, in float, at full size: both networks' gradients
// equal the plain calculation in double to 1e-4 of their length.
TEST(PpoGradient, FirstMinibatchOfAnIteration) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed=" << seed);
    const PpoConfig config;
    Rollout rollout([](std::size_t) { return std::make_unique<Drift>(); }, config, seed);
    RandomStream weights(seed, process_id(0), purpose("ppo.weights"), 0);
    PpoLearner<float> learner(8, rollout.action_space(), config, weights);
    PpoBatch<float> batch;
    rollout.collect(learner.networks(), 0, batch);
    ASSERT_EQ(batch.advantages.size(), 5120);
    const float mean = batch.advantages.mean();
    batch.advantages.array() -= mean;
    batch.advantages /= batch.advantages.norm() / std::sqrt(5120.0F);
    std::vector<std::uint32_t> samples(5120);
    RandomStream order(seed, process_id(0), purpose("ppo.order"), 0);
    shuffle(samples, order);
    samples.resize(config.minibatch_size);

    const PlainPpo plain(8, rollout.action_space(), config);
    const Numbers ours = numbers_of(learner.gradient(batch, samples).cast<double>());
    const Numbers expected =
        plain.gradient(numbers_of(learner.networks().parameters().cast<double>()),
                       {batch.observations.cast<double>(), batch.actions.cast<double>(),
                        batch.log_probabilities.cast<double>(), batch.advantages.cast<double>(),
                        batch.value_targets.cast<double>()},
                       samples);
    ASSERT_EQ(ours.size(), expected.size());
    const std::size_t actor = plain.actor_count();
    EXPECT_LT(relative_distance(std::span(ours).first(actor), std::span(expected).first(actor)),
              1e-4);
    EXPECT_LT(relative_distance(std::span(ours).subspan(actor), std::span(expected).subspan(actor)),
              1e-4);
  }
}

// Goal: an update with a single minibatch is Adam's first step, x - rate g/(|g| + epsilon), on the
// gradient for normalised advantages, shortened to its greatest length.
TEST(PpoGradient, UpdateNormalisesShortensAndSteps) {
  const ActionSpace space{{2, 3}, 1};
  PpoConfig config;
  config.hidden_sizes = {6};
  config.epoch_count = 1;
  config.minibatch_size = 500;
  config.adam_epsilon = 0.01;
  config.gradient_norm_most = 0.02;
  RandomStream stream(1, process_id(0), kTest, 0);
  PpoLearner<double> learner(3, space, config, stream);
  const Numbers before = numbers_of(learner.networks().parameters());
  const PlainPpo plain(3, space, config);
  auto batch =
      random_batch(plain, space, before, before.data() + plain.actor_count() - 1, 200, stream);
  batch.advantages.array() += 3.0;
  PpoBatch<double> normalised = batch;
  const double mean = batch.advantages.sum() / 200;
  const double variance = (batch.advantages.array() - mean).square().sum() / 200;
  normalised.advantages = (batch.advantages.array() - mean) / std::sqrt(variance);
  std::vector<std::uint32_t> samples(200);
  shuffle(samples, stream);
  Numbers gradient = plain.gradient(before, normalised, samples);
  double norm = 0;
  for (const double g : gradient) norm += g * g;
  norm = std::sqrt(norm);
  ASSERT_GT(norm, config.gradient_norm_most);

  learner.update(batch, 0.1, stream);
  for (std::size_t i = 0; i < before.size(); ++i) {
    const double g = gradient[i] * config.gradient_norm_most / norm;
    EXPECT_NEAR(learner.networks().parameters()[i], before[i] - 0.1 * g / (std::abs(g) + 0.01),
                1e-7)
        << "parameter " << i;
  }
}

}  // namespace
}  // namespace tacit
