#include "agent/systems/grid/building.h"

#include <gtest/gtest.h>

#include <cmath>

#include "agent/systems/grid/building_policy.h"
#include "agent/systems/grid/building_training.h"
#include "agent/systems/grid/synthetic_district.h"
#include "common/base/error.h"

namespace tacit::grid {
namespace {

std::shared_ptr<const District> two_hours(std::vector<Storage> storage = {}) {
  District district{"test", {8, 9}, {0.2, 0.5}, {{{3, 1}, {0, 10}, std::move(storage)}}};
  return std::make_shared<const District>(std::move(district));
}

const BuildingParameters kPlain{2, 0.5, 25, {4, 0.9, 0.8, 2}};

TEST(Building, SunChargesTheBatteryAndTheRestIsSpilled) {
  Building building(two_hours(), 0, kPlain);
  building.begin(1, 1, 0);
  EXPECT_DOUBLE_EQ(building.state().charge, 4);
  EXPECT_DOUBLE_EQ(building.state().spill, (1 + 0.9 * 5 - 4) / 0.9);
}

TEST(Building, BatteryServesFirstUpToItsPower) {
  Building building(two_hours(), 0, kPlain);
  building.begin(0, 4, 10);
  const HourOutcome outcome = building.step({1, 1});
  EXPECT_DOUBLE_EQ(outcome.battery, 2) << "less than D = 16 and 0.8 * 4";
  EXPECT_DOUBLE_EQ(outcome.grid, 6) << "the connection's rating, m max d";
  EXPECT_DOUBLE_EQ(outcome.charge, 4 - 2 / 0.8);
  EXPECT_DOUBLE_EQ(outcome.r0, -0.2 * 6);
  EXPECT_DOUBLE_EQ(outcome.r2, 6 - 6 - 2);
  EXPECT_DOUBLE_EQ(building.state().backlog, 16 - 8);
}

TEST(Building, HoursWrapAndActionsAreClamped) {
  Building building(two_hours(), 0, kPlain);
  building.step({-3, -1});
  EXPECT_DOUBLE_EQ(building.state().backlog, 6);
  building.step({9, 9});
  EXPECT_EQ(building.hour_index(), 2u);
  EXPECT_DOUBLE_EQ(building.state().price, 0.2);
  EXPECT_DOUBLE_EQ(building.state().demand, 6);
}

TEST(Building, WithoutABatteryItSeesAnEmptyOne) {
  Building building(two_hours({{0, 1, 1, 0}}), 0, kPlain);
  building.begin(1, 0, 0);
  EXPECT_EQ(building.observe(1, 1)[2], 0);
  EXPECT_DOUBLE_EQ(building.state().spill, 5) << "all sun";
  EXPECT_EQ(building.step({0, 1}).battery, 0);
}

// Goal: energy is neither made nor lost, whatever the actions.
TEST(Building, EnergyIsConserved) {
  const auto district = synthetic_district(1);
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed=" << seed);
    RandomStream stream(seed, process_id(0), purpose("test.building"), 0);
    const BuildingParameters parameters;
    Building building(district, seed % 10, parameters);
    const Storage& storage = building.storage();
    const double first_charge = 6.4 * to_unit(stream());
    building.begin(100, first_charge, 5);
    double accepted = 0, delivered = 0, bought = 0, demand = 0, charge = 0;
    for (int hour = 0; hour < 50; ++hour) {
      const HourState before = building.state();
      accepted +=
          parameters.solar_scale * district->buildings[seed % 10].solar_kwh[building.hour_index()] -
          before.spill;
      demand += before.demand;
      const HourOutcome outcome = building.step({to_unit(stream()), to_unit(stream())});
      delivered += outcome.battery;
      bought += outcome.grid;
      charge = outcome.charge;
      EXPECT_GE(charge, -1e-12);
      EXPECT_LE(charge, storage.capacity_kwh);
    }
    EXPECT_NEAR(charge,
                first_charge + storage.charge_efficiency * accepted -
                    delivered / storage.discharge_efficiency,
                1e-9);
    EXPECT_NEAR(building.state().backlog, 5 + demand - delivered - bought, 1e-9);
  }
}

TEST(BuildingPolicy, RulesActAsTheySay) {
  Building building(two_hours(), 0, kPlain);
  const auto act = [&](PolicyRule rule, double lambda, double nu) {
    const RandomStream stream(1, process_id(0), purpose("test"), 0);
    return BuildingPolicy({rule, 0.3, false}, std::nullopt).act(building, lambda, nu, stream);
  };
  const auto expect = [](const Action& action, double grid, double battery) {
    EXPECT_EQ(action.grid, grid);
    EXPECT_EQ(action.battery, battery);
  };
  // ps p = 5 in hour 0, off-peak; 12.5 in hour 1, on-peak.
  expect(act(PolicyRule::threshold, 1, -6.1), 1, 1);
  expect(act(PolicyRule::threshold, 1, -5.9), 0, 1);
  expect(act(PolicyRule::threshold, 0, 0.1), 0, 0);
  expect(act(PolicyRule::off_peak, 9, 9), 1, 1);
  expect(act(PolicyRule::serve_at_once, 9, 9), 1, 1);
  building.begin(1, 0, 0);
  expect(act(PolicyRule::threshold, 1, -20), 0, 1);
  expect(act(PolicyRule::off_peak, 0, 0), 0, 1);
  expect(act(PolicyRule::serve_at_once, 0, 0), 1, 1);
}

TEST(BuildingEpisodes, LastEightyHoursAndAreTruncated) {
  BuildingEpisodes episodes(synthetic_district(1), {}, {});
  RandomStream stream(1, process_id(0), purpose("test"), 0);
  for (int episode = 0; episode < 5; ++episode) {
    episodes.reset(stream);
    const std::vector<double> choices{0, 0};
    for (int hour = 1; hour <= 80; ++hour) {
      EXPECT_EQ(episodes.step(choices, stream).ending,
                hour == 80 ? Ending::truncated : Ending::none);
    }
  }
}

TEST(BuildingEpisodes, RewardIsTheLagrangiansPerFortyKilowattHours) {
  BuildingEpisodes episodes(two_hours(), kPlain, {});
  RandomStream stream(1, process_id(0), purpose("test"), 0);
  episodes.reset(stream);
  std::array<double, kObservationSize> seen;
  episodes.observe(seen);
  const double lambda = 15 * seen[6], nu = 20 * seen[7], d = 6 * seen[0];
  const double price = (seen[3] + 0.75) / 2.5;
  const double D = 10 * seen[1] / (1 - seen[1]);
  const std::vector<double> choices{2, 0};  // half of what can be bought, no battery
  const double bought = 0.5 * std::min(D, 6.0);
  EXPECT_NEAR(episodes.step(choices, stream).reward,
              (-25 * price * bought - lambda * bought + nu * (d - bought)) / 80, 1e-9);
}

TEST(BuildingTraining, KeySeesWhatThePolicyDependsOn) {
  BuildingTraining training{synthetic_district(1), {}, {}, 0.3, {}};
  const auto key = building_training_task(training).key;
  EXPECT_EQ(building_training_task(training).key, key);
  const auto expect_other = [&](const char* what, const auto& change) {
    BuildingTraining other = training;
    change(other);
    EXPECT_NE(building_training_task(other).key, key) << what;
  };
  expect_other("district", [](auto& t) { t.district = synthetic_district(2); });
  expect_other("multiplier", [](auto& t) { t.building.demand_multiplier = 2; });
  expect_other("storage", [](auto& t) { t.building.storage.capacity_kwh = 5; });
  expect_other("solar", [](auto& t) { t.building.solar_scale = 1; });
  expect_other("price", [](auto& t) { t.building.price_scale = 10; });
  expect_other("peak price", [](auto& t) { t.peak_price = 0.4; });
  expect_other("nu_most", [](auto& t) { t.dual.nu_most = 10; });
  expect_other("attempts", [](auto& t) { t.config.attempts_most = 1; });
  expect_other("episodes", [](auto& t) { t.config.quality_episodes = 9; });
  expect_other("entropy", [](auto& t) { t.config.ppo.entropy_coefficient = 0.01; });
  expect_other("nu", [](auto& t) { t.dual.nu_least = -30; });
  expect_other("lambda", [](auto& t) { t.dual.lambda_most = 12; });
  expect_other("epochs", [](auto& t) { t.config.ppo.epoch_count = 4; });
  expect_other("seed", [](auto& t) { t.config.seed = 2; });
  BuildingTraining same = training;
  same.dual.alpha = 1;  // of the run, not of the training
  EXPECT_EQ(building_training_task(same).key, key);
}

}  // namespace
}  // namespace tacit::grid
