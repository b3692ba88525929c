#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <vector>

#include "agent/learning/tabular/tabular_q.h"
#include "agent/systems/offload/tabular_environment.h"

namespace tacit::offload {
namespace {

RandomStream stream_of(std::uint64_t seed, Round round = 0) {
  return {seed, process_id(1), purpose("test.q_learning"), round};
}

std::vector<std::uint8_t> threshold_policy(const Environment& environment, int X, int Emin) {
  std::vector<std::uint8_t> policy(environment.state_count(), 0);
  for (std::size_t s = 0; s < policy.size(); ++s) {
    const State at = environment.state(s);
    if (at.e >= Emin && at.e >= 0) {
      policy[s] = 1;
    } else if (at.e >= 0 && at.x >= X) {
      policy[s] = 2;
    }
  }
  return policy;
}

// Goal: simulation with restarts measures the normalised discounted K and U.
// Method: threshold policies of the mid type with exact values (golden/offload.json, one_mid,
// policies); 60 rollouts per policy, so that their spread gives the standard error.
TEST(RollOut, MeasuresDiscountedValues) {
  struct Case {
    int X, Emin;
    double K, U;
  };
  const Environment environment(named_type("mid"));
  const auto model = make_tabular_model(environment);
  const int runs = 60;
  for (const Case& c :
       {Case{15, 3, 0.0014050956, 3.5729078232}, Case{5, 5, 0.0579555048, 2.7193119559},
        Case{2, 99, 0.5111111111, 1.8144444444}}) {
    for (std::uint64_t seed = 0; seed < 3; ++seed) {
      SCOPED_TRACE(testing::Message() << "X=" << c.X << " Emin=" << c.Emin << " seed=" << seed);
      const std::vector<std::vector<std::uint8_t>> policy{
          threshold_policy(environment, c.X, c.Emin)};
      double K = 0, U = 0, K_square = 0, U_square = 0;
      for (Round run = 0; run < runs; ++run) {
        RandomStream stream = stream_of(seed, run);
        const RolloutMean mean = roll_out(*model, policy, 20'000, stream);
        K += mean.frequency / runs;
        U += mean.cost / runs;
        K_square += mean.frequency * mean.frequency / runs;
        U_square += mean.cost * mean.cost / runs;
      }
      EXPECT_NEAR(K, c.K, 3 * std::sqrt((K_square - K * K) / (runs - 1)));
      EXPECT_NEAR(U, c.U, 3 * std::sqrt((U_square - U * U) / (runs - 1)));
    }
  }
}

// A model whose state says which shock came last: state k costs 1 if k = target.
TabularModel shock_recorder(std::size_t shock_count, std::size_t target, double gamma) {
  TabularModel model;
  while (std::size_t{1} << model.row_shift < shock_count) ++model.row_shift;
  model.next.assign(shock_count << model.row_shift, 0);
  for (std::size_t s = 0; s < shock_count; ++s) {
    for (std::size_t k = 0; k < shock_count; ++k) {
      model.next[(s << model.row_shift) + k] = static_cast<std::uint16_t>(k);
    }
    const auto place = static_cast<std::uint16_t>(s);
    model.shocks.push_back(pack_places({place, place, place}));
  }
  model.cost.assign(shock_count, 0.0);
  model.cost[target] = 1.0;
  model.legal.assign(shock_count, 7);
  model.initial = {0};
  model.gamma = gamma;
  model.validate();
  return model;
}

// Goal: harvests, consumptions and restarts have their frequencies, for any number of shocks.
// Method: the fraction of slots in state k is gamma/n + (1 - gamma) [k = 0] exactly, slots nearly
// independent; five standard errors, 40 seeds.
TEST(RollOut, DrawsShocksAndRestartsWithTheirFrequencies) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE(seed);
    RandomStream choice = stream_of(seed, 1);
    std::uint64_t word = choice();
    const std::size_t shocks = 1 + split_off(word, 40);
    const std::size_t target = split_off(word, shocks);
    const double gamma = to_unit(choice());
    const TabularModel model = shock_recorder(shocks, target, gamma);
    const std::vector<std::vector<std::uint8_t>> policy{std::vector<std::uint8_t>(shocks, 0)};
    const std::size_t slots = 200'000;
    RandomStream stream = stream_of(seed, 2);
    const double found = roll_out(model, policy, slots, stream).cost;
    const double expected = gamma / static_cast<double>(shocks) + (target == 0 ? 1.0 - gamma : 0.0);
    const double error = std::sqrt(expected * (1 - expected) / static_cast<double>(slots));
    EXPECT_NEAR(found, expected, 5 * error + 1e-5);
  }
}

// Goal: exploration is uniform over the legal actions, with probability eps.
// Method: one state, gamma 0, every slot costs -1, tiny constant step: the value of an action tells
// how often it was updated, log(1 + Q) / log(1 - step). Whatever is tried first stays greedy; the
// others are tried by exploring only.
TEST(TabularQ, ExploresUniformlyAmongLegalActions) {
  const double step = 1e-7;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    for (const std::uint8_t mask : std::array<std::uint8_t, 3>{7, 5, 3}) {
      SCOPED_TRACE(testing::Message() << "seed=" << seed << " mask=" << int(mask));
      TabularModel model = shock_recorder(1, 0, 0.0);
      model.cost[0] = -1.0;
      model.legal[0] = mask;
      const double exploration = 0.05 + 0.01 * static_cast<double>(seed);
      TabularQ learner(std::make_shared<const TabularModel>(model),
                       {.first = step, .least = step, .decay = 1});
      const int slots = 300'000;
      RandomStream stream = stream_of(seed);
      learner.learn({.slot_count = slots, .exploration = exploration}, stream);
      const int legal = mask == 7 ? 3 : 2;
      for (std::size_t a = 0; a < 3; ++a) {
        if (!((mask >> a) & 1u) || a == learner.table().greedy(0)) continue;
        const double count = std::log1p(learner.table().value(0, a)) / std::log1p(-step);
        const double expected = slots * exploration / legal;
        EXPECT_NEAR(count, expected, 5 * std::sqrt(expected)) << "action " << a;
      }
    }
  }
}

// Goal: learning is a function of its streams: the same words in one call or another learner give
// the same bits, whatever was learned in between elsewhere; a restored learner goes on the same.
TEST(TabularQ, ContinuesFromACheckpointBitForBit) {
  const auto model = make_tabular_model(Environment(named_type("scarce")));
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    SCOPED_TRACE(seed);
    TabularQ whole(model, {});
    for (Round call = 0; call < 4; ++call) {
      CheckpointWriter writer;
      whole.save(writer);
      TabularQ restored(model, {});
      CheckpointReader reader(writer.bytes());
      restored.restore(reader);
      const LearnTask task{.slot_count = 900 + 100 * seed,
                           .price = static_cast<double>(call),
                           .may_use_priced = call != 2};
      for (TabularQ* learner : {&whole, &restored}) {
        RandomStream stream = stream_of(seed, call);
        learner->learn(task, stream);
        learner->cap_counts(50);
      }
      CheckpointWriter one, two;
      whole.save(one);
      restored.save(two);
      ASSERT_TRUE(std::ranges::equal(one.bytes(), two.bytes()));
    }
  }
}

}  // namespace
}  // namespace tacit::offload
