// What a run takes of somebody's data where it says nothing, and what it says of it.
#include "agent/systems/grid/district_check.h"

#include <gtest/gtest.h>

#include "agent/systems/grid/district_source.h"
#include "common/graph/generators.h"
#include "tests/support/message_of.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_links.h"

namespace tacit::grid {
namespace {

using tacit::testing::message_of;

class DistrictCheckTest : public ::testing::Test {
 protected:
  DistrictCheckTest() {
    std::string csv = "t,hour,price_per_kwh,demand_kwh_1,demand_kwh_2,solar_kwh_1,solar_kwh_2\n";
    for (int t = 0; t < 24; ++t) {
      const std::string at = std::to_string(t);
      csv += at + "," + std::to_string(t + 1) + ",0.2,1,2,0.5,0\n";
    }
    csv_ = folder_.write("d.csv", csv);
  }
  /// The [grid] table with these lines, read as for so many agents.
  GridConfig read(const std::string& lines, std::size_t agents) {
    const ConfigDocument config = ConfigDocument::parse("[grid]\n" + lines, "x.toml", {});
    const Graph graph = ring_graph(agents);
    const GridConfig read =
        read_grid_config(config.root().table("grid"), {agents, 1, graph, links_, {}});
    config.reject_unknown_keys();
    effective_ = config.effective();
    return read;
  }
  GridConfig read_csv(const std::string& lines, std::size_t agents) {
    return read("data = '" + csv_ + "'\n" + lines, agents);
  }
  /// A CityLearn folder of two buildings, of which as many have a battery of 6 kWh.
  std::string citylearn(int with_battery) {
    const std::string battery =
        ", \"electrical_storage\": {\"attributes\": {\"capacity\": 6, \"efficiency\": 0.9, "
        "\"nominal_power\": 3}}";
    std::string buildings;
    for (int b = 0; b < 2; ++b) {
      buildings += std::string(b == 0 ? "" : ", ") + "\"B" + std::to_string(b) +
                   "\": {\"include\": true, \"energy_simulation\": \"b.csv\", \"pricing\": "
                   "\"p.csv\"" +
                   (b < with_battery ? battery : "") + "}";
    }
    folder_.write("schema.json",
                  "{\"seconds_per_time_step\": 3600, \"buildings\": {" + buildings + "}}");
    folder_.write("b.csv", "hour,non_shiftable_load\n1,1\n2,3\n");
    folder_.write("p.csv", "electricity_pricing\n0.2\n0.3\n");
    return "data = '" + folder_.path() + "'\nhours = 2\n";
  }

  tacit::testing::TemporaryFolder folder_;
  std::string csv_;
  std::string effective_;
  tacit::testing::CoinLinks links_{1};
};

using Words = std::vector<std::string>;
const std::string kBatteryAssumed =
    "the data names no battery for any building, which has one of 6.4 kWh (grid.battery_kwh)";

TEST_F(DistrictCheckTest, OwnDataIsTakenAsItIs) {
  const GridConfig config = read_csv("hours = 24", 2);
  EXPECT_EQ(config.building.solar_scale, 1);
  EXPECT_EQ(config.multiplier, (std::vector<double>{1, 1}));
  EXPECT_EQ(config.peak_kwh, 3);
  EXPECT_EQ(data_notes(config), Words{kBatteryAssumed});
  const GridConfig synthetic = read("", 2);
  EXPECT_EQ(synthetic.building.solar_scale, 0.6);
  EXPECT_EQ(synthetic.multiplier, (std::vector<double>{2, 2}));
  EXPECT_TRUE(data_notes(synthetic).empty());
}

TEST_F(DistrictCheckTest, SaysWhatARunMakesOfTheData) {
  const GridConfig config =
      read_csv("doubles = [0, 1]\nsolar_scale = 0.6\nbattery_kwh = 0\nhours = 25", 5);
  EXPECT_EQ(
      data_notes(config),
      (Words{"5 agents live in 2 buildings of data, which are repeated: agent i has the data of "
             "building i mod 2 (run.agents)",
             "the demand of agents 0, 1 is doubled (grid.doubles)",
             "the sun of the data is scaled by 0.6 (grid.solar_scale)",
             "the data names no battery for any building, which has none (grid.battery_kwh)",
             "the 24 hours of the data are repeated until there are 25 (grid.hours)"}));
  EXPECT_EQ(data_notes(read_csv("hours = 24", 1)).front(),
            "1 agents live in the first 1 of 2 buildings (run.agents)");
}

// Goal: the processes of a run, which read what the first one made of the file, take data as it
// did.
TEST_F(DistrictCheckTest, TheEffectiveConfigurationReadsAsTheSame) {
  for (const std::string& lines : {"data = '" + csv_ + "'\nhours = 24\n", citylearn(1)}) {
    const GridConfig config = read(lines, 3);
    const std::string effective = effective_;
    const ConfigDocument again = ConfigDocument::parse(effective, "effective", {});
    const Graph graph = ring_graph(3);
    const GridConfig same = read_grid_config(again.root().table("grid"), {3, 1, graph, links_, {}});
    EXPECT_EQ(again.effective(), effective);
    EXPECT_EQ(same.multiplier, config.multiplier);
    EXPECT_EQ(same.building.solar_scale, config.building.solar_scale);
    EXPECT_EQ(same.building.storage.capacity_kwh, config.building.storage.capacity_kwh);
  }
}

TEST_F(DistrictCheckTest, ABatteryGoesToBuildingsThatHaveNone) {
  const GridConfig none = read(citylearn(1), 2);
  EXPECT_EQ(none.building.storage.capacity_kwh, 0);
  EXPECT_EQ(data_notes(none), Words{"the data names no battery for 1 of 2 buildings, which has "
                                    "none (grid.battery_kwh)"});
  const GridConfig one = read(citylearn(1) + "battery_kwh = 5", 2);
  EXPECT_EQ(Building(one.district, 0, one.parameters_of(0)).storage().capacity_kwh, 6);
  EXPECT_EQ(Building(one.district, 1, one.parameters_of(1)).storage().capacity_kwh, 5);
  EXPECT_TRUE(data_notes(read(citylearn(2), 2)).empty());
  EXPECT_NE(message_of([&] { read(citylearn(2) + "battery_kwh = 5", 2); }, ExitCode::config)
                .find("grid.battery_kwh: is read only for buildings without a battery"),
            std::string::npos);
}

TEST_F(DistrictCheckTest, ChecksTheNumbersOfARun) {
  const DistrictCheck run = check_district(read_csv("doubles = [0]\nhours = 24", 2));
  EXPECT_EQ(run.peak_kwh, 4);
  const auto district = read_csv("hours = 24", 2).district;
  const DistrictCheck plain = check_district(plain_config(district, {1, 1}));
  EXPECT_EQ(plain.peak_kwh, 3);
  ASSERT_TRUE(plain.price);
  EXPECT_DOUBLE_EQ(plain.price->mean, 0.2);
  GridConfig dark = plain_config(district, {1, 1});
  dark.building.solar_scale = 0;
  EXPECT_GT(check_district(dark).least_cap_fraction, plain.least_cap_fraction + 0.1)
      << "half a kWh of sun per hour, of three";
}

}  // namespace
}  // namespace tacit::grid
