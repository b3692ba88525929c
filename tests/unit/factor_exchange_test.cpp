#include "agent/systems/locomotion/factor_exchange.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <memory>
#include <set>

#include "common/base/error.h"
#include "tests/support/test_links.h"

namespace tacit {
namespace {

constexpr std::size_t kSamples = 3;

FactorExchange make(std::size_t self, std::size_t count, bool near, std::uint64_t seed) {
  FactorExchange::Config config{process_id(self), seed, count, kSamples, near, {}, {}};
  // Near: i is heard by i + 1 and i + 2, as a neighbourhood need not be symmetric.
  for (const std::size_t other : {self + 1, self + 2}) {
    if (other < count) config.listeners.push_back(process_id(other));
  }
  for (std::size_t other = self >= 2 ? self - 2 : 0; other < self; ++other) {
    config.sources.push_back(process_id(other));
  }
  return FactorExchange(std::move(config));
}

/// r of an agent in an iteration: powers of two, so that products are exact.
std::vector<float> ratios_of(std::size_t agent, Round iteration) {
  const auto power = static_cast<int>((agent + static_cast<std::size_t>(iteration)) % 5) - 2;
  const float ratio = std::ldexp(1.0F, power);
  return {ratio, 1.0F, 2 * ratio};
}

// Goal: each agent has one turn, in an order that all agree on and that changes; its weights are
// the product of the ratios of those before it, of all or of its sources; both ends agree on arcs.
TEST(FactorExchange, WeightsAreWhatTheAgentsBeforeHaveChanged) {
  for (const bool near : {false, true}) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      SCOPED_TRACE(::testing::Message() << "near=" << near << " seed=" << seed);
      const std::size_t count = 2 + seed % 6;
      std::vector<FactorExchange> agents;
      for (std::size_t i = 0; i < count; ++i) agents.push_back(make(i, count, near, seed));
      std::set<std::vector<std::size_t>> orders;
      for (Round iteration = 0; iteration < 12; ++iteration) {
        std::vector<std::size_t> order;
        for (FactorExchange& agent : agents) agent.begin();
        for (std::size_t u = 0; u < count; ++u) {
          const auto exchange = static_cast<Round>(u);
          for (std::size_t i = 0; i < count; ++i) {
            if (agents[i].has_turn(iteration, exchange)) order.push_back(i);
          }
          ASSERT_EQ(order.size(), u + 1);
          const std::size_t speaker = order.back();
          std::vector<float> expected(kSamples, 1.0F);
          for (std::size_t k = 0; k < u; ++k) {
            const std::size_t other = order[k];
            if (near && !(other < speaker && speaker <= other + 2)) continue;
            for (std::size_t b = 0; b < kSamples; ++b) {
              expected[b] *= ratios_of(other, iteration)[b];
            }
          }
          const auto weights = agents[speaker].weights();
          ASSERT_EQ(std::vector(weights.begin(), weights.end()), expected) << "turn " << u;
          const auto message = agents[speaker].finish(ratios_of(speaker, iteration));
          const Arcs arcs = agents[speaker].arcs(iteration, exchange);
          ASSERT_EQ(arcs.to.empty(), u + 1 == count || (near && speaker + 1 == count));
          for (std::size_t i = 0; i < count; ++i) {
            const bool told = std::ranges::binary_search(arcs.to, process_id(i));
            const Arcs theirs = agents[i].arcs(iteration, exchange);
            ASSERT_EQ(std::ranges::binary_search(theirs.from, process_id(speaker)), told);
            if (told) agents[i].hear({process_id(speaker), exchange, message});
          }
        }
        orders.insert(order);
      }
      EXPECT_GT(orders.size(), count == 2 ? 1u : 3u);
    }
  }
}

TEST(FactorExchange, SaysWhichPayloadItRefuses) {
  const auto refusal = [](const std::vector<float>& ratios) -> std::string {
    FactorExchange agent = make(0, 3, false, 1);
    try {
      agent.hear({process_id(2), 9, std::as_bytes(std::span(ratios))});
    } catch (const InputError& error) {
      EXPECT_EQ(error.code(), ExitCode::peer_lost);
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(refusal({0, 1, 2}), "");
  for (const auto& ratios :
       {std::vector<float>{1, 1}, {1, -1, 1}, {1, std::numeric_limits<float>::infinity(), 1}}) {
    EXPECT_NE(refusal(ratios).find("process 2, frame of round 9"), std::string::npos);
  }
}

}  // namespace
}  // namespace tacit
