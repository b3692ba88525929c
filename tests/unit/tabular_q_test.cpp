#include "agent/learning/tabular/tabular_q.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <stdexcept>

#include "agent/learning/tabular/slot_draw.h"

namespace tacit {
namespace {

constexpr Purpose kTest = purpose("test.tabular_q");

RandomStream stream_of(std::uint64_t seed) { return {seed, process_id(0), kTest, 0}; }

// Three states in a row, two shocks: wait moves right or stays, action 1 returns to state 0, and
// is illegal in state 2; the priced action moves left.
TabularModel small_model(double gamma) {
  TabularModel model;
  model.row_shift = 3;
  const auto row = [&](std::array<std::uint16_t, 8> places) {
    model.next.insert(model.next.end(), places.begin(), places.end());
  };
  row({0, 1, 0, 0, 0, 0, 0, 0});
  row({1, 2, 0, 1, 0, 0, 0, 0});
  row({2, 2, 0, 0, 1, 0, 0, 0});
  model.shocks = {pack_places({0, 2, 4}), pack_places({1, 3, 4})};
  model.cost = {1.0, 2.0, 5.0};
  model.legal = {7, 7, 5};
  model.initial = {0, 1, 2};
  model.gamma = gamma;
  model.validate();
  return model;
}

// Value iteration, written on its own.
std::array<std::array<double, 3>, 3> exact_values(const TabularModel& model, double price) {
  std::array<std::array<double, 3>, 3> q{};
  for (int sweep = 0; sweep < 2000; ++sweep) {
    const auto before = q;
    for (std::size_t s = 0; s < 3; ++s) {
      for (std::size_t a = 0; a < 3; ++a) {
        double mean = 0;
        for (const std::uint64_t shock : model.shocks) {
          const std::size_t to = model.next[(s << 3) + place_of(shock, a)];
          double least = before[to][0];
          for (std::size_t b = 1; b < 3; ++b) {
            if ((model.legal[to] >> b) & 1u) least = std::min(least, before[to][b]);
          }
          mean += least / 2;
        }
        q[s][a] = model.cost[s] + (a == kPricedAction ? price : 0.0) + model.gamma * mean;
      }
    }
  }
  return q;
}

// Goal: the fixed point of learning is the Q of the model with all its rules: price, legal masks,
// bootstrap with the successor before a restart (gamma 0.5 restarts every second slot, so a
// bootstrap with the state after it is far off).
// Tolerance: the last of the shrinking steps is 5e-4, values spread by about 2: error < 0.1.
TEST(TabularQ, ConvergesToTheExactValues) {
  for (const double gamma : {0.5, 0.9}) {
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
      SCOPED_TRACE(testing::Message() << "gamma=" << gamma << " seed=" << seed);
      const auto model = std::make_shared<const TabularModel>(small_model(gamma));
      TabularQ learner(model, {.first = 0.5, .least = 5e-4, .decay = 20});
      RandomStream stream = stream_of(seed);
      learner.learn({.slot_count = 500'000, .price = 0.7, .exploration = 0.5}, stream);
      const auto exact = exact_values(*model, 0.7);
      for (std::size_t s = 0; s < 3; ++s) {
        for (std::size_t a = 0; a < 3; ++a) {
          if (!((model->legal[s] >> a) & 1u)) continue;
          EXPECT_NEAR(learner.table().value(s, a), exact[s][a], 0.1) << "s=" << s << " a=" << a;
        }
      }
    }
  }
}

TEST(TabularQ, NeverTouchesIllegalActions) {
  const auto model = std::make_shared<const TabularModel>(small_model(0.9));
  TabularQ learner(model, {});
  RandomStream stream = stream_of(1);
  learner.learn({.slot_count = 20'000, .exploration = 1.0, .may_use_priced = false}, stream);
  for (std::size_t s = 0; s < 3; ++s) {
    EXPECT_EQ(learner.table().value(s, kPricedAction), 0.0);
    EXPECT_GT(learner.table().value(s, 0), 0.0);
  }
  EXPECT_TRUE(std::isinf(learner.table().value(2, 1)));
  learner.learn({.slot_count = 20'000, .exploration = 1.0}, stream);
  EXPECT_GT(learner.table().value(1, kPricedAction), 0.0);
  EXPECT_TRUE(std::isinf(learner.table().value(2, 1)));
}

// Goal: one state, so that the result of every step is known: Q after c steps at gamma = 0 and
// cost 1 is 1 - prod (1 - step_k). Counts rise by one per update and are capped where asked.
TEST(TabularQ, StepsShrinkWithTheCountReadBeforeItRises) {
  TabularModel model;
  model.next = {0};
  model.shocks = {pack_places({0, 0, 0})};
  model.cost = {1.0};
  model.legal = {1};
  model.initial = {0};
  model.gamma = 0.0;
  model.validate();
  const auto shared = std::make_shared<const TabularModel>(model);
  const StepSizes steps{.first = 0.25, .least = 0.01, .decay = 4};
  TabularQ learner(shared, steps);
  const auto remainder = [&](int from, int to) {
    double product = 1;
    for (int c = from; c < to; ++c) {
      product *= 1 - std::max(steps.least, steps.first / (1 + c / steps.decay));
    }
    return product;
  };
  RandomStream stream = stream_of(1);
  learner.learn({.slot_count = 7}, stream);
  EXPECT_NEAR(learner.table().value(0, 0), 1 - remainder(0, 7), 1e-15);
  learner.cap_counts(3);
  learner.learn({.slot_count = 200}, stream);
  EXPECT_NEAR(learner.table().value(0, 0), 1 - remainder(0, 7) * remainder(3, 203), 1e-15);
}

TEST(QTable, GreedyIsTheSmallestOfTheLeast) {
  QTable table(std::vector<std::uint8_t>{7});
  EXPECT_EQ(table.greedy(0), 0u);
  for (int code = 0; code < 27; ++code) {
    const std::array<double, 3> values{double(code % 3), double(code / 3 % 3), double(code / 9)};
    for (std::size_t a = 0; a < 3; ++a) table.replace_values(a, std::span(&values[a], 1));
    const auto least = std::min_element(values.begin(), values.end());
    EXPECT_EQ(table.greedy(0), static_cast<std::size_t>(least - values.begin())) << code;
    EXPECT_EQ(table.rows()[0].least, *least) << code;
  }
}

// Goal: rare events have their probability to 1e-6 relative, in arithmetic, not in samples: the
// shares of the interval are counted on a fine grid of rests.
TEST(EventCut, HasTheExactProbabilities) {
  const EventCut cut(0.1, 0.05);
  const int points = 2'000'000;
  int explores = 0;
  int restarts = 0;
  int both = 0;
  int events = 0;
  for (int k = 0; k < points; ++k) {
    const auto rest = static_cast<std::uint64_t>((k + 0.5) / points * 0x1p64);
    explores += cut.explores(rest);
    restarts += cut.restarts(rest);
    both += cut.explores(rest) && cut.restarts(rest);
    events += cut.is_event(rest);
    ASSERT_EQ(cut.is_event(rest), cut.explores(rest) || cut.restarts(rest));
  }
  EXPECT_NEAR(explores, 0.1 * points, 1.5);
  EXPECT_NEAR(restarts, 0.05 * points, 2.5);
  EXPECT_NEAR(both, 0.005 * points, 1.5);
  EXPECT_NEAR(events, 0.145 * points, 1.5);
}

TEST(EventCut, TakesCertaintyAndImpossibility) {
  const EventCut always(1.0, 1.0);
  EXPECT_TRUE(always.explores(0) && always.restarts(0) && always.restarts(1ull << 63));
  const EventCut never(0.0, 0.0);
  EXPECT_FALSE(never.is_event(0));
}

TEST(DrawLegal, IsUniformOverTheMask) {
  for (const std::uint8_t mask : std::array<std::uint8_t, 5>{1, 3, 5, 7, 4}) {
    std::array<int, 3> counts{};
    const int points = 60'000;
    for (int k = 0; k < points; ++k) {
      auto draw = static_cast<std::uint64_t>((k + 0.5) / points * 0x1p64);
      ++counts[draw_legal(mask, draw)];
    }
    const int legal = (mask & 1) + (mask >> 1 & 1) + (mask >> 2);
    for (unsigned a = 0; a < 3; ++a) {
      EXPECT_EQ(counts[a], (mask >> a & 1) ? points / legal : 0) << int(mask) << ' ' << a;
    }
  }
}

// Goal: the mixture is drawn at restarts, not in slots. Policy A stays in state 0 (cost 1), B waits
// to state 2 and stays (cost towards 5): mixed per restart the mean is that of the two means;
// mixed per slot it would be far from it.
TEST(RollOut, MixesPoliciesPerRestart) {
  TabularModel model = small_model(0.95);
  const std::vector<std::vector<std::uint8_t>> mixture{{1, 1, 2}, {0, 0, 0}};
  const std::size_t slots = 2'000'000;
  std::array<double, 2> alone{};
  for (std::size_t k = 0; k < 2; ++k) {
    RandomStream stream = stream_of(k);
    alone[k] = roll_out(model, std::span(mixture).subspan(k, 1), slots, stream).cost;
  }
  RandomStream stream = stream_of(7);
  const double mixed = roll_out(model, mixture, slots, stream).cost;
  // The mean of 1e5 restarts' policies has a standard error of 0.4 % of the gap of 3.2.
  EXPECT_NEAR(mixed, (alone[0] + alone[1]) / 2, 0.05);
}

TEST(TabularQ, RefusesStepSizesOutOfRange) {
  const auto model = std::make_shared<const TabularModel>(small_model(0.9));
  EXPECT_THROW(TabularQ(model, {.first = 0}), std::invalid_argument);
  EXPECT_THROW(TabularQ(model, {.least = 0}), std::invalid_argument);
  EXPECT_THROW(TabularQ(model, {.decay = -1}), std::invalid_argument);
  EXPECT_THROW(TabularQ(model, {.least = 1e-12}), std::invalid_argument);
}

TEST(TabularModel, RefusesTablesThatDoNotFit) {
  TabularModel model = small_model(0.9);
  model.next[3] = 3;
  EXPECT_THROW(model.validate(), std::invalid_argument);
  model = small_model(0.9);
  model.legal[1] = 6;
  EXPECT_THROW(model.validate(), std::invalid_argument);
  model = small_model(0.9);
  model.shocks.push_back(pack_places({0, 8, 0}));
  EXPECT_THROW(model.validate(), std::invalid_argument);
}

}  // namespace
}  // namespace tacit
