#include "agent/systems/grid/perfect_foresight.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <sstream>
#include <vector>

#include "agent/systems/grid/district_csv.h"
#include "agent/systems/grid/grid_config.h"
#include "agent/systems/grid/synthetic_district.h"
#include "common/base/random.h"

namespace tacit::grid {
namespace {

/// Whole kWh everywhere, and a battery without losses: then the best plan is in whole kWh too,
/// because the program is a network flow.
std::shared_ptr<const District> whole_district(RandomStream& stream, std::size_t hours) {
  auto district = std::make_shared<District>();
  BuildingSeries series;
  const auto draw = [&](std::uint64_t n) { return static_cast<double>(stream() % n); };
  for (std::size_t t = 0; t < hours; ++t) {
    district->hour.push_back(static_cast<double>(t % 24 + 1));
    district->price.push_back(1 + draw(5));
    series.demand_kwh.push_back(draw(4));
    series.solar_kwh.push_back(draw(3) == 0 ? 0 : draw(4));
  }
  series.demand_kwh.front() = 3;
  series.storage = {{draw(5), 1, 1, 1 + draw(3)}};
  district->buildings.push_back(series);
  return district;
}

struct Least {
  double cost;
  double grid_kwh;
};

/// All plans in whole kWh, hour by hour: the best way to every (battery, backlog).
Least by_enumeration(const District& district, double backlog_end_most) {
  const BuildingSeries& series = district.buildings[0];
  const Storage& storage = series.storage[0];
  const double connection = std::ranges::max(series.demand_kwh);
  using State = std::pair<double, double>;
  const auto least = [&](bool is_cost) {
    std::map<State, double> best{{{0, 0}, 0}};
    for (std::size_t t = 0; t < district.hour_count(); ++t) {
      std::map<State, double> next;
      for (const auto& [state, value] : best) {
        const double charge = std::min(state.first + series.solar_kwh[t], storage.capacity_kwh);
        const double servable = state.second + series.demand_kwh[t];
        const double battery_most = std::min({servable, charge, storage.discharge_most_kwh});
        for (double battery = 0; battery <= battery_most; ++battery) {
          for (double grid = 0; grid <= std::min(servable - battery, connection); ++grid) {
            const double now = value + (is_cost ? district.price[t] : 1) * grid;
            const State after{charge - battery, servable - battery - grid};
            const auto [place, is_new] = next.try_emplace(after, now);
            if (!is_new) place->second = std::min(place->second, now);
          }
        }
      }
      best = std::move(next);
    }
    double answer = std::numeric_limits<double>::infinity();
    for (const auto& [state, value] : best) {
      if (state.second <= backlog_end_most) answer = std::min(answer, value);
    }
    return answer;
  };
  return {least(true), least(false)};
}

// Goal: the program is the building's problem, whatever was solved before it.
TEST(PerfectForesight, AgreesWithAllPlansOfSmallBuildings) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    RandomStream stream(seed, process_id(0), purpose("test.district"), 0);
    const auto district = whole_district(stream, 4 + seed % 5);
    BuildingParameters parameters;
    parameters.solar_scale = 1;
    ForesightProgram program(district, 0, parameters, district->hour_count());
    for (const double backlog : {0.0, 5.0, 2.0, 0.0}) {
      SCOPED_TRACE(testing::Message() << "seed=" << seed << ", backlog=" << backlog);
      const Least least = by_enumeration(*district, backlog);
      EXPECT_NEAR(program.least_cost(backlog), least.cost, 1e-7);
      EXPECT_NEAR(program.least_grid_kwh(backlog), least.grid_kwh, 1e-7);
      EXPECT_NEAR(program.least_cost(backlog), least.cost, 1e-7);
    }
  }
}

// Goal: with losses, a limited battery and a doubled demand, nothing that a building can do beats
// the program.
TEST(PerfectForesight, NoPolicyIsCheaper) {
  const auto district = synthetic_district(3);
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed=" << seed);
    RandomStream stream(seed, process_id(0), purpose("test.policy"), 0);
    BuildingParameters parameters;
    parameters.demand_multiplier = seed % 2 == 0 ? 1 : 2;
    Building building(district, seed % 10, parameters);
    building.begin(0, 0, 0);
    double cost = 0, grid_kwh = 0;
    const double eagerness = to_unit(stream());
    for (int k = 0; k < 200; ++k) {
      const bool is_cheap = building.state().price < 0.3;
      const double grid = is_cheap && to_unit(stream()) < eagerness ? 1 : 0;
      const HourOutcome outcome = building.step({grid, to_unit(stream()) < 0.9 ? 1.0 : 0.0});
      cost -= outcome.r0;
      grid_kwh += outcome.grid;
    }
    ForesightProgram program(district, seed % 10, parameters, 200);
    const double backlog = building.state().backlog;
    EXPECT_LE(program.least_cost(backlog), cost + 1e-6);
    EXPECT_LE(program.least_grid_kwh(backlog), grid_kwh + 1e-6);
    EXPECT_GE(program.least_grid_kwh(backlog), 0.7 * grid_kwh - 1e-6);
  }
}

TEST(PerfectForesight, HoursBeyondTheDataWrap) {
  District once = *synthetic_district(1);
  once.buildings.resize(1);
  for (auto* series :
       {&once.hour, &once.price, &once.buildings[0].demand_kwh, &once.buildings[0].solar_kwh}) {
    series->resize(24);
  }
  District twice = once;
  for (auto* series :
       {&twice.hour, &twice.price, &twice.buildings[0].demand_kwh, &twice.buildings[0].solar_kwh}) {
    series->resize(48);
    std::copy_n(series->begin(), 24, series->begin() + 24);
  }
  const auto cost = [](const District& district) {
    return ForesightProgram(std::make_shared<District>(district), 0, {}, 48).least_cost(1);
  };
  EXPECT_DOUBLE_EQ(cost(once), cost(twice));
}

GridConfig seven_buildings(std::shared_ptr<const District> district) {
  GridConfig config;
  config.district = std::move(district);
  config.hours = config.district->hour_count();
  config.multiplier = {2, 2, 1, 1, 1, 1, 1};
  for (std::size_t t = 0; t < config.hours; ++t) {
    double total = 0;
    for (std::size_t i = 0; i < 7; ++i) {
      total += config.multiplier[i] * config.district->buildings[i].demand_kwh[t];
    }
    config.peak_kwh = std::max(config.peak_kwh, total);
  }
  return config;
}

// Goal: the default district shows what a measured one shows; others of other seeds do as well.
TEST(PerfectForesight, SyntheticDistrictsStayInTheirBands) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed=" << seed);
    GridConfig config = seven_buildings(synthetic_district(seed));
    config.cap_fraction = 0.27;
    double sum = 0;
    for (std::size_t i = 0; i < 7; ++i) {
      ForesightProgram program(config.district, i, config.parameters_of(i), config.hours);
      const double mean = program.least_grid_kwh(0) / static_cast<double>(config.hours);
      sum += mean;
      if (i < 2) {
        EXPECT_GT(mean, 1.3 * config.share_kwh()) << i;
      } else {
        EXPECT_LT(mean, 0.85 * config.share_kwh()) << i;
      }
    }
    EXPECT_GT(sum / config.peak_kwh, 0.21);
    EXPECT_LT(sum / config.peak_kwh, 0.26);
  }
  const GridConfig config = seven_buildings(synthetic_district(1));
  EXPECT_NEAR(least_cap_fraction(config), 0.2320, 0.0001) << "the default";
  EXPECT_NEAR(foresight_cost(config, std::vector<double>(7, 0.0)), 5184.7, 0.02 * 5184.7);
}

// Goal: equal buildings share a program, and a backlog is the agent's own.
TEST(PerfectForesight, JointCostIsTheSumOverAgents) {
  GridConfig config = seven_buildings(synthetic_district(2));
  config.hours = 240;
  config.multiplier.assign(23, 1.0);
  config.multiplier[3] = 2;
  std::vector<double> backlog(23);
  double expected = 0;
  for (std::size_t i = 0; i < 23; ++i) {
    backlog[i] = static_cast<double>((7 * i) % 23);
    expected += ForesightProgram(config.district, i % 10, config.parameters_of(i), 240)
                    .least_cost(backlog[i]);
  }
  EXPECT_NEAR(foresight_cost(config, backlog), expected, 1e-6);
}

// Goal: the published figures of measured data, to 0.1 %.
TEST(PerfectForesight, MeasuredDistrict) {
  if (!std::filesystem::exists(TACIT_CITYLEARN)) GTEST_SKIP() << "no " << TACIT_CITYLEARN;
  std::ostringstream text;
  text << std::ifstream(TACIT_CITYLEARN).rdbuf();
  GridConfig config =
      seven_buildings(std::make_shared<District>(read_district_csv(text.str(), TACIT_CITYLEARN)));
  EXPECT_EQ(config.hours, 3000u);
  EXPECT_EQ(config.district->buildings.size(), 10u);
  EXPECT_NEAR(config.peak_kwh, 30.698, 0.0005);
  EXPECT_NEAR(foresight_cost(config, std::vector<double>(7, 0.0)), 4619.2, 4.6);
  EXPECT_NEAR(least_cap_fraction(config), 0.23885, 0.0002);
  const double expected[] = {2.132, 1.710, 0.478, 0.660, 0.572, 1.218, 0.561};
  for (std::size_t i = 0; i < 7; ++i) {
    ForesightProgram program(config.district, i, config.parameters_of(i), config.hours);
    EXPECT_NEAR(program.least_grid_kwh(0) / 3000, expected[i], 0.0015) << i;
  }
}

// Goal: figures far from any house do not lead the solver astray.
TEST(PerfectForesight, SolvesExtremeDistricts) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed=" << seed);
    RandomStream stream(seed, process_id(0), purpose("test.extreme"), 0);
    auto district = std::make_shared<District>();
    BuildingSeries series;
    const auto extreme = [&] {
      return stream() % 3 == 0 ? 0 : std::pow(10, 18 * to_unit(stream()) - 12);
    };
    for (int t = 0; t < 100; ++t) {
      district->hour.push_back(t % 24 + 1);
      district->price.push_back(extreme());
      series.demand_kwh.push_back(extreme());
      series.solar_kwh.push_back(extreme());
    }
    series.storage = {{extreme(), 0.5, 0.03, extreme()}};
    district->buildings.push_back(series);
    ForesightProgram program(district, 0, {}, 150);
    double at_once = 0;
    for (std::size_t k = 0; k < 150; ++k) {
      at_once += district->price[k % 100] * series.demand_kwh[k % 100];
    }
    const double cost = program.least_cost(0);
    EXPECT_GE(cost, -1e-6 * at_once);
    EXPECT_LE(cost, at_once * (1 + 1e-9));
    EXPECT_LE(program.least_cost(extreme()), cost + 1e-6 * at_once);
    EXPECT_GE(program.least_grid_kwh(0), -1e-3);
  }
}

}  // namespace
}  // namespace tacit::grid
