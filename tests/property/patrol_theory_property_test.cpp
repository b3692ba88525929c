// What the theory of patrol says, held against what the gossip and the multipliers really do.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "agent/systems/patrol/patrol_theory.h"
#include "agent/systems/patrol/reward_bits.h"
#include "common/base/random.h"
#include "common/graph/generators.h"
#include "common/graph/metrics.h"

namespace tacit::patrol {
namespace {

double unit(RandomStream& random) { return to_unit(random()); }

/// Multipliers, rewards and what follows from them, all drawn.
struct RandomPath {
  explicit RandomPath(std::uint64_t seed) {
    RandomStream random(seed, process_id(0), purpose("test.path"), 0);
    dual.rollout_steps = 5 + random() % 50;
    dual.alpha = 0.3 * unit(random);
    dual.eta = 0.05 + unit(random);
    dual.tightening = 0.3 * unit(random);
    const std::size_t zone_count = 1 + random() % 8;
    std::vector<double> chance;
    for (std::size_t m = 0; m < zone_count; ++m) {
      dual.required.push_back(unit(random));
      chance.push_back(unit(random));
    }
    const std::size_t rollouts = 1 + random() % 60;
    fractions.assign(zone_count, 0.0);
    for (std::size_t t = 0; t < rollouts * dual.rollout_steps; ++t) {
      unsigned mask = 0;
      for (std::size_t m = 0; m < zone_count; ++m) {
        mask |= static_cast<unsigned>(unit(random) < chance[m]) << m;
        fractions[m] += (mask >> m) & 1;
      }
      rewards.push_back(static_cast<ZoneMask>(mask));
    }
    for (double& fraction : fractions) fraction /= static_cast<double>(rewards.size());
  }

  std::vector<double> reference() const {
    return reference_multipliers(dual,
                                 attended_steps(rewards, dual.rollout_steps, dual.required.size()));
  }

  DualConfig dual;
  std::vector<ZoneMask> rewards;
  std::vector<double> fractions;
};

TEST(PatrolTheory, AttendedStepsAreCountedByRolloutAndZone) {
  const std::vector<ZoneMask> rewards{1, 1, 3, 2, 0, 2};
  EXPECT_EQ(attended_steps(rewards, 3, 2), (std::vector<int>{3, 1, 0, 2}));
}

TEST(PatrolTheory, EverySamplePathHoldsItsInequality) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed=" << seed);
    const RandomPath path(seed);
    for (const Bound& bound : sample_path_bounds(path.dual, path.fractions, path.reference())) {
      EXPECT_TRUE(bound.held()) << bound.name << ": " << bound.measured << " > " << bound.bound;
    }
  }
}

TEST(PatrolTheory, SamplePathsAreEqualitiesWhereNothingIsCut) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed=" << seed);
    RandomPath path(seed);
    std::ranges::fill(path.dual.required, 1.0);
    for (const Bound& bound : sample_path_bounds(path.dual, path.fractions, path.reference())) {
      EXPECT_NEAR(bound.measured, bound.bound, 1e-9) << bound.name;
    }
  }
}

TEST(PatrolTheory, TheoremOneIsClaimedWhereItsPreconditionsHold) {
  DualConfig dual;
  dual.required = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6};
  const std::vector<double> fractions{0.1, 0.3, 0.3, 0.4, 0.5, 0.4};
  std::vector<double> reference(3 * 6, 0.0);
  reference[17] = 0.3;
  const std::vector<Bound> bounds = margin_bounds(dual, 5, fractions, reference);
  ASSERT_EQ(bounds.size(), 1u);
  EXPECT_NEAR(bounds[0].measured, 0.2, 1e-12);
  EXPECT_NEAR(bounds[0].bound, std::sqrt(0.06) + 0.3, 1e-12);
  EXPECT_TRUE(margin_bounds(dual, 3, fractions, reference).empty()) << "|c|_1 = 2.1";
  dual.required[0] = 1;
  EXPECT_TRUE(margin_bounds(dual, 5, fractions, reference).empty()) << "|c|_inf = 1";
}

TEST(PatrolTheory, NegativeBinomialIsTheSumOfItsTerms) {
  EXPECT_EQ(negative_binomial_cdf(3, 0.5, 2), 0);
  EXPECT_NEAR(negative_binomial_cdf(3, 0.5, 3), 0.125, 1e-15);
  EXPECT_NEAR(negative_binomial_cdf(3, 0.5, 5), 0.5, 1e-15);
  EXPECT_NEAR(negative_binomial_cdf(1, 0.3, 4), 1 - std::pow(0.7, 4), 1e-15);
  EXPECT_NEAR(negative_binomial_cdf(4, 0.1, 1000), 1, 1e-12);
  EXPECT_EQ(negative_binomial_cdf(2, 1, 7), 1);
}

/// How often the far end knows, after each number of exchanges, a reward that node 0 saw.
std::vector<double> known_fractions(const Graph& graph, std::size_t far, double up_probability,
                                    std::uint64_t seed) {
  constexpr int kTrials = 4000;
  std::vector<double> known(41, 0.0);
  for (int trial = 0; trial < kTrials; ++trial) {
    std::vector<RewardBits> robots(graph.node_count());
    robots[0].observe(0, 1);
    for (std::size_t step = 0; step < known.size(); ++step) {
      if (step > 0) {
        const std::vector<RewardBits> before = robots;
        for (const Link& link : graph.edges()) {
          const Round round = trial * 41 + static_cast<Round>(step);
          if (!coin(seed, purpose("test.gossip"), {link.a, link.b}, round, up_probability)) {
            continue;
          }
          robots[index_of(link.a)] |= before[index_of(link.b)];
          robots[index_of(link.b)] |= before[index_of(link.a)];
        }
      }
      known[step] += robots[far].count(0) / static_cast<double>(kTrials);
    }
  }
  return known;
}

// Proposition 2, with its inequality turned: equality on a path, more than that elsewhere.
TEST(PatrolTheory, RewardsSpreadAsPropositionTwoSays) {
  const Graph path = line_graph(5);
  const Graph ring = ring_graph(5);
  const Graph complete = complete_graph(5);
  for (const double p : {0.1, 0.3, 0.7}) {
    SCOPED_TRACE(testing::Message() << "seed=1, p=" << p);
    const std::vector<double> along = known_fractions(path, 4, p, 1);
    const std::vector<double> around = known_fractions(ring, 2, p, 1);
    const std::vector<double> direct = known_fractions(complete, 4, p, 1);
    double ring_excess = 0, complete_excess = 0;
    for (std::size_t step = 0; step < along.size(); ++step) {
      EXPECT_NEAR(along[step], negative_binomial_cdf(4, p, step), 0.02) << step;
      const double ring_bound = negative_binomial_cdf(diameter(ring), p, step);
      const double complete_bound = negative_binomial_cdf(1, p, step);
      EXPECT_GE(around[step], ring_bound - 0.01) << step;
      EXPECT_GE(direct[step], complete_bound - 0.01) << step;
      ring_excess = std::max(ring_excess, around[step] - ring_bound);
      complete_excess = std::max(complete_excess, direct[step] - complete_bound);
    }
    EXPECT_GT(ring_excess, 0.03) << "the printed direction would be wrong";
    EXPECT_GT(complete_excess, 0.03);
  }
}

/// The counterexample to Proposition 3 as printed: a star with hub 0, robots 2, 3, 4 for ever in a
/// zone each, c = 1, seen from robot 1, in the stationary state.
struct StarError {
  double component;  ///< MultiplierError::component over all copies
  double largest;    ///< MultiplierError::largest
  double spread;     ///< standard error of `largest`
};

StarError star_error(const DualConfig& dual, double up_probability, std::uint64_t seed) {
  constexpr std::size_t kCopies = 60;
  constexpr std::size_t kRollouts = 200;
  constexpr std::size_t kZones = 3;
  const auto steps = static_cast<Round>(dual.rollout_steps);
  const double start = multiplier_error_bound(dual, 2, up_probability);
  std::array<double, kZones> component{};
  double largest = 0, largest_squares = 0;
  for (std::size_t copy = 0; copy < kCopies; ++copy) {
    std::vector<double> lambda(kZones, start);
    double mean = 0;
    for (std::size_t rollout = 0; rollout < kRollouts; ++rollout) {
      // A robot knows all rewards of a zone up to a step, or none: hub and leaf, -1 at first.
      std::array<Round, kZones> hub{-1, -1, -1}, leaf{-1, -1, -1};
      for (Round step = 1; step < steps; ++step) {
        const Round round = static_cast<Round>(copy * kRollouts + rollout) * steps + step;
        const auto is_up = [&](std::size_t robot) {
          return coin(seed, purpose("test.star"), {process_id(0), process_id(robot)}, round,
                      up_probability);
        };
        if (is_up(1)) leaf = hub;
        for (std::size_t m = 0; m < kZones; ++m) {
          if (is_up(m + 2)) hub[m] = step - 1;
        }
      }
      std::vector<int> known;
      for (const Round last : leaf) known.push_back(static_cast<int>(last) + 1);
      update_multipliers(dual, known, lambda);
      for (std::size_t m = 0; m < kZones; ++m) component[m] += lambda[m];
      mean += std::ranges::max(lambda) / kRollouts;
    }
    largest += mean / kCopies;
    largest_squares += mean * mean / kCopies;
  }
  StarError error{};
  error.component = std::ranges::max(component) / (kCopies * kRollouts);
  error.largest = largest;
  error.spread = std::sqrt((largest_squares - largest * largest) / (kCopies - 1));
  return error;
}

// With true rewards that are always 1, the reference multipliers are 0.
TEST(PatrolTheory, PropositionThreeHoldsByComponentAndNotForTheLargest) {
  DualConfig dual;
  dual.required = {1, 1, 1};
  for (const double p : {0.2, 0.4}) {
    SCOPED_TRACE(testing::Message() << "seed=1, p=" << p);
    const double bound = multiplier_error_bound(dual, 2, p);
    EXPECT_NEAR(bound, 1 / p, 1e-12);
    const StarError error = star_error(dual, p, 1);
    EXPECT_LT(error.spread, 0.01 * bound);
    EXPECT_LE(error.component, bound + 3 * error.spread);
    EXPECT_GT(error.component, 0.98 * bound) << "nearly attained";
    EXPECT_GT(error.largest, bound + 3 * error.spread);
  }
}

TEST(PatrolTheory, MultiplierErrorsAreMeansOverRolloutsOfTheWorst) {
  const std::vector<double> reference{0, 0, 1, 1, 2, 0};
  const std::vector<std::vector<double>> lambda{{0, 0, 1, 3, 3, 0}, {0, 0, 1, 1, 2.5, 3}};
  const MultiplierError error = multiplier_error(lambda, reference, 2);
  EXPECT_EQ(error.component, 1.5);
  EXPECT_EQ(error.largest, 1.5);
  EXPECT_EQ(error.below, 0);
  EXPECT_EQ(multiplier_error({{{0, 0, 1, 1, 1.75, 0}}}, reference, 2).below, 0.25);
}

/// Five robots by a timetable: the last three zones are never left, and two robots share the rest.
class Timetable {
 public:
  Timetable() {
    for (std::size_t n = 0; n < 5; ++n) places_[n] = lattice_.centre(start_[n]);
  }

  const Lattice& lattice() const { return lattice_; }

  /// The margins of all zones over `periods` periods, after one that is not counted.
  std::vector<double> margins(std::size_t period, std::size_t periods,
                              const std::vector<double>& required) {
    std::vector<double> steps(6, 0.0);
    for (std::size_t t = 0; t < (periods + 1) * period; ++t) {
      const double phase = static_cast<double>(t % period) / static_cast<double>(period);
      // Zone 2 is shared one after the other, zones 1 and 3 while the other robot is there.
      const std::array<std::size_t, 5> goals{phase < 0.53 ? 0u : 1u,
                                             phase >= 0.16 && phase < 0.41 ? 1u : 2u, 3, 4, 5};
      unsigned mask = 0;
      for (std::size_t n = 0; n < 5; ++n) {
        mask |= lattice_.zones(places_[n]);
        places_[n] = lattice_.next(places_[n], goals[n]);
      }
      for (std::size_t m = 0; m < 6 && t >= period; ++m) steps[m] += (mask >> m) & 1;
    }
    for (std::size_t m = 0; m < 6; ++m) {
      steps[m] = steps[m] / static_cast<double>(periods * period) - required[m];
    }
    return steps;
  }

 private:
  Lattice lattice_{read_floor_plan(default_floor_plan(), "default"), 1, "default"};
  std::array<std::size_t, 5> start_{0, 2, 3, 4, 5};
  std::array<Place, 5> places_{};
};

TEST(PatrolTheory, ATimetableAttainsTheOptimumOfTheDefaultPlan) {
  const std::vector<double> required{0.1, 0.2, 0.3, 0.4, 0.5, 0.6};
  Timetable timetable;
  const double optimum = optimum_margin(timetable.lattice(), required, 5);
  EXPECT_NEAR(optimum, 0.4, 1e-12);
  const std::vector<double> slow = timetable.margins(1000, 39, required);
  EXPECT_NEAR(std::ranges::min(slow), optimum, 1e-12);
  for (const std::size_t m : {0u, 1u, 2u}) EXPECT_GT(slow[m], optimum) << m;
  EXPECT_LT(std::ranges::min(timetable.margins(200, 195, required)), optimum)
      << "the ways take too long";
}

TEST(PatrolTheory, TheOptimumCountsRobotsAndZones) {
  const Timetable timetable;
  const std::vector<double> required{0.1, 0.2, 0.3, 0.4, 0.5, 0.6};
  const auto optimum = [&](std::size_t robots) {
    return optimum_margin(timetable.lattice(), required, robots);
  };
  EXPECT_NEAR(optimum(1), (1 - 2.1) / 6, 1e-12);
  EXPECT_NEAR(optimum(3), 0.15, 1e-12);
  EXPECT_NEAR(optimum(6), 0.4, 1e-12);
  FloorPlan wide = read_floor_plan(default_floor_plan(), "default");
  wide.zone_radius = 4;
  EXPECT_NEAR(optimum_margin(Lattice(wide, 1, "wide"), required, 1), 0.15, 1e-12)
      << "a robot at zone 5 is in three zones at once";
}

}  // namespace
}  // namespace tacit::patrol
