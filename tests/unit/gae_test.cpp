#include "agent/learning/ppo/gae.h"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <vector>

#include "common/base/random.h"

namespace tacit {
namespace {

struct Trace {
  std::vector<double> reward, value, next_value;
  std::vector<Ending> ending;

  RewardTrace view() const { return {reward, value, next_value, ending}; }
};

Trace random_trace(std::uint64_t seed, std::size_t step_count) {
  RandomStream stream(seed, process_id(0), purpose("test.gae"), 0);
  Trace trace;
  for (std::size_t t = 0; t < step_count; ++t) {
    trace.reward.push_back(to_unit(stream()) - 0.5);
    trace.value.push_back(to_unit(stream()));
    trace.next_value.push_back(to_unit(stream()));
    std::uint64_t word = stream();
    const std::uint64_t ending = split_off(word, 8);
    trace.ending.push_back(ending == 0   ? Ending::terminated
                           : ending == 1 ? Ending::truncated
                                         : Ending::none);
  }
  return trace;
}

// Goal: the backward recursion equals the sum that defines the estimate, taken forward from every
// step to the end of its episode, with both ways to end mixed.
TEST(Gae, EqualsTheDiscountedSumOfTheEpisode) {
  const double gamma = 0.9;
  const double lambda = 0.8;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed=" << seed);
    const Trace trace = random_trace(seed, 40);
    std::vector<double> advantage(40);
    estimate_advantages(trace.view(), gamma, lambda, advantage);
    for (std::size_t t = 0; t < 40; ++t) {
      double sum = 0;
      for (std::size_t k = t; k < 40; ++k) {
        const double after = trace.ending[k] == Ending::terminated ? 0 : trace.next_value[k];
        sum += std::pow(gamma * lambda, static_cast<double>(k - t)) *
               (trace.reward[k] + gamma * after - trace.value[k]);
        if (trace.ending[k] != Ending::none) break;
      }
      EXPECT_NEAR(advantage[t], sum, 1e-12) << "t=" << t;
    }
  }
}

// Goal: one value by hand for each way to end: rewards 1, v = 10, v' = 20, gamma 0.5, lambda 0.5.
TEST(Gae, TruncationStillHasAValueAndTerminationNone) {
  const auto first_advantage = [](Ending ending) {
    const Trace trace{{1, 1}, {10, 10}, {20, 20}, {ending, Ending::none}};
    std::vector<double> advantage(2);
    estimate_advantages(trace.view(), 0.5, 0.5, advantage);
    return advantage[0];
  };
  EXPECT_DOUBLE_EQ(first_advantage(Ending::none), 1 + 10 - 10 + 0.25 * (1 + 10 - 10));
  EXPECT_DOUBLE_EQ(first_advantage(Ending::truncated), 1 + 10 - 10);
  EXPECT_DOUBLE_EQ(first_advantage(Ending::terminated), 1 - 10);
}

TEST(Gae, WhatFollowsATerminationIsNotRead) {
  Trace trace = random_trace(1, 3);
  trace.ending[1] = Ending::terminated;
  trace.next_value[1] = std::nan("");
  std::vector<double> advantage(3);
  estimate_advantages(trace.view(), 0.9, 0.9, advantage);
  EXPECT_TRUE(std::isfinite(advantage[0]) && std::isfinite(advantage[1]));
}

TEST(Gae, RefusesTracesOfDifferentLengths) {
  Trace trace = random_trace(1, 3);
  trace.value.pop_back();
  std::vector<double> advantage(3);
  EXPECT_THROW(estimate_advantages(trace.view(), 0.9, 0.9, advantage), std::invalid_argument);
}

}  // namespace
}  // namespace tacit
