#include "agent/learning/ppo/ppo.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <map>
#include <stdexcept>
#include <vector>

#include "agent/learning/ppo/policy_network.h"
#include "agent/learning/ppo/rollout.h"

namespace tacit {
namespace {

/// Three contexts, two heads: the first is right if it names the context, the second if it names
/// the context's parity. An episode is one step.
class Bandit final : public Environment {
 public:
  std::size_t observation_size() const override { return 3; }
  ActionSpace action_space() const override { return {{3, 2}, 0}; }
  void reset(RandomStream& stream) override {
    std::uint64_t word = stream();
    context_ = split_off(word, 3);
  }
  void observe(std::span<double> observation) const override {
    for (std::size_t i = 0; i < 3; ++i) observation[i] = i == context_ ? 1.0 : 0.0;
  }
  Transition step(std::span<const double> action, RandomStream&) override {
    const auto context = static_cast<double>(context_);
    return {(action[0] == context ? 1.0 : 0.0) + (action[1] == std::fmod(context, 2) ? 0.5 : 0.0),
            Ending::terminated};
  }

 private:
  std::size_t context_ = 0;
};

/// The best number is a line over the observation.
class Target final : public Environment {
 public:
  static double best(double seen) { return 0.7 * seen - 0.4; }
  std::size_t observation_size() const override { return 1; }
  ActionSpace action_space() const override { return {{}, 1}; }
  void reset(RandomStream& stream) override { seen_ = 2 * to_unit(stream()) - 1; }
  void observe(std::span<double> observation) const override { observation[0] = seen_; }
  Transition step(std::span<const double> action, RandomStream&) override {
    return {-std::pow(action[0] - best(seen_), 2), Ending::terminated};
  }

 private:
  double seen_ = 0;
};

/// A corridor of six cells. Only its far end pays, a step costs, and the first choice, left, pays
/// a little at once: the long way is worth it only through the values of the cells between.
class Corridor final : public Environment {
 public:
  std::size_t observation_size() const override { return 6; }
  ActionSpace action_space() const override { return {{2}, 0}; }
  void reset(RandomStream&) override { cell_ = 0, step_ = 0; }
  void observe(std::span<double> observation) const override {
    for (std::size_t i = 0; i < 6; ++i) observation[i] = i == cell_ ? 1.0 : 0.0;
  }
  Transition step(std::span<const double> action, RandomStream&) override {
    const bool right = action[0] == 1.0;
    const double at_once = right ? -0.05 : 0.01;
    if (right) ++cell_;
    if (!right && cell_ > 0) --cell_;
    if (cell_ == 5) return {at_once + 2, Ending::terminated};
    return {at_once, ++step_ == 40 ? Ending::truncated : Ending::none};
  }

 private:
  std::size_t cell_ = 0;
  int step_ = 0;
};

template <typename Kind>
EnvironmentFactory copies_of() {
  return [](std::size_t) { return std::make_unique<Kind>(); };
}

PpoConfig small_config(std::size_t iteration_count) {
  PpoConfig config;
  config.environment_count = 16;
  config.step_count = 32;
  config.iteration_count = iteration_count;
  config.hidden_sizes = {16, 16};
  config.minibatch_size = 128;
  return config;
}

const ReportPpo kQuiet = [](double, double) {};

TEST(Ppo, SolvesABanditWithTwoHeads) {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed=" << seed);
    double last_return = 0;
    PolicyNetwork policy = train_ppo(copies_of<Bandit>(), small_config(40), seed,
                                     [&](double, double mean) { last_return = mean; });
    EXPECT_GT(last_return, 1.35);  // of 1.5, by drawn actions
    for (std::size_t context = 0; context < 3; ++context) {
      std::array<double, 3> observation{};
      observation[context] = 1.0;
      std::array<double, 2> action{};
      policy.greedy(observation, action);
      EXPECT_EQ(action[0], static_cast<double>(context));
      EXPECT_EQ(action[1], static_cast<double>(context % 2));
    }
  }
}

TEST(Ppo, FindsANumberThatDependsOnTheObservation) {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed=" << seed);
    PpoConfig config = small_config(80);
    config.learning_rate = 3e-3;
    PolicyNetwork policy = train_ppo(copies_of<Target>(), config, seed, kQuiet);
    for (const double seen : {-0.9, -0.3, 0.2, 0.8}) {
      std::array<double, 1> action{};
      policy.greedy(std::array{seen}, action);
      EXPECT_NEAR(action[0], Target::best(seen), 0.1);
    }
  }
}

TEST(Ppo, WalksPastASmallRewardToALargeOne) {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed=" << seed);
    double last_return = 0;
    train_ppo(copies_of<Corridor>(), small_config(60), seed,
              [&](double, double mean) { last_return = mean; });
    EXPECT_GT(last_return, 1.6);  // of 1.75, by drawn actions; staying gives 0.4
  }
}

TEST(Ppo, SameSeedSameBits) {
  const PpoConfig config = small_config(3);
  const auto bytes = [&](std::uint64_t seed) {
    return train_ppo(copies_of<Bandit>(), config, seed, kQuiet).bytes();
  };
  const auto first = bytes(1);
  EXPECT_EQ(first, bytes(1));
  EXPECT_NE(first, bytes(2));
}

// Goal: the seed reaches the initial weights (a rate of nothing keeps them) and the environments.
TEST(Ppo, SeedReachesWeightsAndEnvironments) {
  PpoConfig config = small_config(1);
  config.learning_rate = 1e-12;
  const std::array observation{0.3};
  std::array<double, 2> actions{};
  for (std::size_t seed = 0; seed < 2; ++seed) {
    train_ppo(copies_of<Target>(), config, seed, kQuiet)
        .greedy(observation, std::span(actions).subspan(seed, 1));
  }
  EXPECT_GT(std::abs(actions[0] - actions[1]), 1e-5);

  ActorCritic<float> networks(1, {{}, 1}, {});
  std::array<PpoBatch<float>, 2> batches;
  for (std::size_t seed = 0; seed < 2; ++seed) {
    Rollout rollout(copies_of<Target>(), config, seed);
    rollout.collect(networks, 0, batches[seed]);
  }
  for (Eigen::Index sample = 0; sample < batches[0].observations.cols(); ++sample) {
    EXPECT_NE(batches[0].observations(0, sample), batches[1].observations(0, sample));
    EXPECT_NE(batches[0].actions(0, sample), batches[1].actions(0, sample));
  }
}

// Goal: every order of four is drawn equally often: 24,000 draws, standard error 31 of 1,000.
TEST(Ppo, ShufflesEvenly) {
  RandomStream stream(1, process_id(0), purpose("test.shuffle"), 0);
  std::map<std::array<std::uint32_t, 4>, int> counts;
  std::array<std::uint32_t, 4> order{};
  for (int draw = 0; draw < 24'000; ++draw) {
    shuffle(order, stream);
    ++counts[order];
  }
  EXPECT_EQ(counts.size(), 24u);
  for (const auto& [drawn, count] : counts) EXPECT_NEAR(count, 1000, 155);
}

TEST(Ppo, ReportsEveryIteration) {
  std::vector<double> done;
  train_ppo(copies_of<Bandit>(), small_config(4), 1,
            [&](double part, double) { done.push_back(part); });
  EXPECT_EQ(done, (std::vector{0.25, 0.5, 0.75, 1.0}));
}

TEST(Ppo, NamesTheFieldThatIsOutOfRange) {
  PpoConfig config = small_config(1);
  config.clip = 0;
  try {
    train_ppo(copies_of<Bandit>(), config, 1, kQuiet);
    FAIL() << "clip 0 was accepted";
  } catch (const std::invalid_argument& error) {
    EXPECT_NE(std::string(error.what()).find("clip"), std::string::npos) << error.what();
  }
}

/// Counts its steps of all episodes; every third ends the episode, terminated and truncated in
/// turn.
class Counter final : public Environment {
 public:
  std::size_t observation_size() const override { return 1; }
  ActionSpace action_space() const override { return {{2}, 0}; }
  void reset(RandomStream&) override {}
  void observe(std::span<double> observation) const override { observation[0] = count_; }
  Transition step(std::span<const double>, RandomStream&) override {
    ++count_;
    const int left = static_cast<int>(count_) % 6;
    return {10 * count_, left == 0   ? Ending::truncated
                         : left == 3 ? Ending::terminated
                                     : Ending::none};
  }

 private:
  double count_ = 0;
};

// Goal: with a critic of which the value is known, v = 2 x + 1, advantages and targets are those of
// the definition over two collections that cut episodes in two: the value after a truncation is
// that of the episode's own last observation, after a collection's last step that of what is seen
// next.
TEST(Rollout, BootstrapsFromWhatFollowsEachStep) {
  PpoConfig config;
  config.environment_count = 2;
  config.step_count = 8;
  config.hidden_sizes = {};
  Rollout rollout(copies_of<Counter>(), config, 1);
  ActorCritic<float> networks(1, rollout.action_space(), {});
  networks.parameters().tail(2) << 2.0F, 1.0F;
  PpoBatch<float> batch;
  for (int collection = 0; collection < 2; ++collection) {
    rollout.collect(networks, collection, batch);
    for (int copy = 0; copy < 2; ++copy) {
      double following = 0;
      for (int step = 7; step >= 0; --step) {
        const int sample = 8 * copy + step;
        const int x = 8 * collection + step;  // seen before the step
        ASSERT_EQ(batch.observations(0, sample), x);
        const bool truncated = (x + 1) % 6 == 0;
        const bool terminated = (x + 1) % 6 == 3;
        const double after = terminated ? 0.0 : 2 * (x + 1) + 1;
        const double delta = 10 * (x + 1) + config.discount * after - (2 * x + 1);
        following =
            delta +
            (truncated || terminated ? 0.0 : config.discount * config.gae_lambda * following);
        EXPECT_NEAR(batch.advantages[sample], following, 1e-3);
        EXPECT_NEAR(batch.value_targets[sample], following + 2 * x + 1, 1e-3);
        EXPECT_NEAR(batch.log_probabilities[sample], std::log(0.5), 1e-6);
      }
    }
  }
  // The episodes that ended in the second collection end at 9, 12, 15: 10 (7 + 8 + 9), ...
  EXPECT_NEAR(rollout.mean_return(), 10 * (7 + 8 + 9 + 10 + 11 + 12 + 13 + 14 + 15) / 3.0, 1e-9);
}

}  // namespace
}  // namespace tacit
