#include "agent/learning/ppo/policy_network.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "common/base/error.h"

namespace tacit {
namespace {

constexpr Purpose kTest = purpose("test.policy_network");

ActorCritic<float> drawn_networks(std::uint64_t seed) {
  ActorCritic<float> networks(4, {{3, 2}, 1}, {8, 5});
  RandomStream stream(seed, process_id(0), kTest, 0);
  networks.initialise(stream);
  for (float& x : networks.parameters()) x += static_cast<float>(to_unit(stream()) - 0.5);
  return networks;
}

std::array<double, 4> drawn_observation(std::uint64_t seed) {
  RandomStream stream(seed, process_id(1), kTest, 0);
  std::array<double, 4> observation{};
  for (double& x : observation) x = 2 * to_unit(stream()) - 1;
  return observation;
}

// Goal: an agent acts as the learner's actor does, greedy and drawn, one observation at a time.
TEST(PolicyNetwork, ActsAsTheLearnerDoes) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed=" << seed);
    ActorCritic<float> networks = drawn_networks(seed);
    PolicyNetwork policy = make_policy(networks);
    const auto observation = drawn_observation(seed);
    const Eigen::MatrixXf column =
        Eigen::Map<const Eigen::VectorXd>(observation.data(), 4).cast<float>();
    std::array<double, 3> expected{};
    std::array<double, 3> action{};
    networks.act(column).greedy(0, expected);
    policy.greedy(observation, action);
    EXPECT_EQ(action, expected);
    RandomStream stream(seed, process_id(2), kTest, 0);
    RandomStream same_stream = stream;
    networks.act(column).draw(0, stream, expected);
    policy.sample(observation, same_stream, action);
    EXPECT_EQ(action, expected);
  }
}

TEST(PolicyNetwork, BytesBringItBack) {
  PolicyNetwork policy = make_policy(drawn_networks(1));
  PolicyNetwork again = PolicyNetwork::from_bytes(policy.bytes());
  EXPECT_EQ(again.bytes(), policy.bytes());
  EXPECT_EQ(again.observation_size(), 4u);
  EXPECT_EQ(again.action_space().choice_counts, (std::vector<std::size_t>{3, 2}));
  EXPECT_EQ(again.action_space().continuous_size, 1u);
  const auto observation = drawn_observation(1);
  std::array<double, 3> expected{};
  std::array<double, 3> action{};
  policy.greedy(observation, expected);
  again.greedy(observation, action);
  EXPECT_EQ(action, expected);
}

// Goal: bytes of anything else are refused as bad data, whatever is wrong with them, and whatever
// they would have us allocate.
TEST(PolicyNetwork, RefusesEveryTruncationAndStrangeSizes) {
  const std::vector<std::byte> bytes = make_policy(drawn_networks(1)).bytes();
  const auto expect_refused = [](std::vector<std::byte> bad) {
    try {
      PolicyNetwork::from_bytes(bad);
      ADD_FAILURE() << "accepted";
    } catch (const InputError& error) {
      EXPECT_EQ(error.code(), ExitCode::bad_data) << error.what();
    }
  };
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    SCOPED_TRACE(testing::Message() << "size=" << size);
    expect_refused({bytes.begin(), bytes.begin() + size});
  }
  std::vector<std::byte> longer = bytes;
  longer.push_back(std::byte{0});
  expect_refused(longer);
  // Every number before the parameters, set to extremes: the counts, then what they count.
  const std::size_t words = 1 + 4 + 1 + 2 + 1 + 1;
  for (std::size_t word = 0; word < words; ++word) {
    std::uint64_t before = 0;
    std::memcpy(&before, bytes.data() + 8 * word, 8);
    // The last: times eight neurons, the number of parameters comes out the same in 64 bits.
    for (const std::uint64_t value : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{100},
                                      ~std::uint64_t{0}, before + (std::uint64_t{1} << 61)}) {
      SCOPED_TRACE(testing::Message() << "word=" << word << " value=" << value);
      if (before == value) continue;
      std::vector<std::byte> bad = bytes;
      std::memcpy(bad.data() + 8 * word, &value, 8);
      expect_refused(bad);
    }
  }
  for (const float value : {std::numeric_limits<float>::infinity(), std::nanf("")}) {
    std::vector<std::byte> bad = bytes;
    std::memcpy(bad.data() + bad.size() - 4, &value, 4);
    expect_refused(bad);
  }
}

}  // namespace
}  // namespace tacit
