#include "agent/systems/grid/citylearn_folder.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/support/message_of.h"

namespace tacit::grid {
namespace {

using tacit::testing::message_of;

/// A folder of one building over two days, whose schema has these further entries.
struct TwoDays {
  explicit TwoDays(const std::string& entries = "", const std::string& devices = "") {
    files["schema.json"] = "{\"seconds_per_time_step\": 3600, " + entries +
                           "\"buildings\": {\"House\": {\"include\": true, " + devices +
                           "\"energy_simulation\": \"house.csv\", \"pricing\": \"p.csv\"}}}";
    files["house.csv"] =
        "hour,non_shiftable_load,cooling_demand,heating_demand,dhw_demand,solar_generation\n";
    files["p.csv"] = "Electricity Pricing [$/kWh]\n";
    for (int t = 0; t < 48; ++t) {
      const std::string hour = std::to_string(t % 24 + 1);
      files["house.csv"] += hour + "," + std::to_string(t) + ",0,18,4,70000\n";
      files["p.csv"] += "0." + std::to_string(t + 10) + "\n";
    }
  }
  District read(const ThermalCop& cop = {}) const {
    return read_citylearn(
        files.at("schema.json"), "d/schema.json",
        [&](const std::string& name) { return files.at(name); }, cop);
  }
  std::string error() const {
    return message_of([&] { read(); });
  }
  std::map<std::string, std::string> files;
};

TEST(CityLearnFolder, SaysWhatItLeavesOutAndTakesItWithACoefficient) {
  const TwoDays folder;
  const District plain = folder.read();
  EXPECT_EQ(plain.buildings[0].demand_kwh[47], 47);
  // Of 48 * (23.5 + 18 + 4) kWh.
  EXPECT_EQ(plain.notes, (std::vector<std::string>{
                             "left out: heating (39.6 % of all kWh in the files), hot water (8.8 % "
                             "of all kWh in the files); taken as electricity with "
                             "grid.heating_cop, grid.hot_water_cop"}));
  const District heated = folder.read({0, 3, 0});
  EXPECT_EQ(heated.buildings[0].demand_kwh[47], 47 + 18 / 3.0);
  EXPECT_EQ(heated.notes.size(), 1u);
  EXPECT_EQ(heated.notes[0].find("heating ("), std::string::npos);
  const District all = folder.read({2, 3, 0.5});
  EXPECT_EQ(all.buildings[0].demand_kwh[1], 1 + 18 / 3.0 + 4 / 0.5);
  EXPECT_TRUE(all.notes.empty());
  TwoDays damaged;
  damaged.files["house.csv"].replace(damaged.files["house.csv"].find(",18,"), 4, ",-1,");
  EXPECT_NO_THROW(damaged.read()) << "what is left out need not be right";
  EXPECT_NE(message_of([&] {
              damaged.read({0, 3, 0});
            }).find(":2: heating_demand:"),
            std::string::npos);
  TwoDays without;
  without.files["house.csv"].replace(without.files["house.csv"].find("cooling_demand"), 14, "x");
  EXPECT_EQ(
      message_of(
          [&] {
            without.read({3, 0, 0});
          },
          ExitCode::config),
      "grid.cooling_cop: no file of d/schema.json says what cooling needs; leave the key out");
  EXPECT_EQ(TwoDays("", "\"chargers\": {\"one\": {}}, \"washing_machines\": {}, ").read().notes[1],
            "left out: the chargers of electric vehicles of 1 buildings");
}

TEST(CityLearnFolder, ReadsTheSimulationPeriod) {
  const District second_day =
      TwoDays("\"simulation_start_time_step\": 24, \"simulation_end_time_step\": 46, ").read();
  EXPECT_EQ(second_day.hour_count(), 23u);
  EXPECT_EQ(second_day.price.front(), 0.34);
  EXPECT_EQ(second_day.buildings[0].demand_kwh.front(), 24);
  EXPECT_EQ(second_day.buildings[0].demand_kwh.back(), 46);
  EXPECT_EQ(second_day.notes.front(), "rows 24 to 46 of 0 to 47: the schema's simulation period");
  EXPECT_EQ(TwoDays("\"simulation_end_timestep\": 9, ").read().hour_count(), 10u) << "an old key";
  EXPECT_EQ(TwoDays("\"simulation_end_time_step\": 48, ").error(),
            "d/schema.json: simulation_end_time_step: is 48, but the files have rows 0 to 47");
  for (const std::string wrong : {"24.5", "24.0", "-1"}) {
    EXPECT_EQ(TwoDays("\"simulation_start_time_step\": " + wrong + ", ").error(),
              "d/schema.json: simulation_start_time_step: expected a whole number from 0 to "
              "1000000000, got " +
                  wrong);
  }
  EXPECT_EQ(TwoDays("\"simulation_start_time_step\": 3, \"simulation_end_time_step\": 2, ").error(),
            "d/schema.json: simulation_end_time_step: is before the start");
}

TEST(CityLearnFolder, RefusesHoursThatDoNotFollowEachOther) {
  TwoDays folder;
  folder.files["house.csv"].replace(folder.files["house.csv"].find("\n2,1,"), 5, "\n3,1,");
  EXPECT_EQ(folder.error(),
            "d/house.csv:3: hour: expected 2 after the line before, got 3; hours must follow each "
            "other without gaps");
}

TEST(CityLearnFolder, KnowsTheFormsOfOtherReleases) {
  const std::string panels = "\"pv\": {\"attributes\": {\"capacity\": 2}}, ";
  TwoDays oldest("", panels);
  oldest.files["schema.json"].replace(1, 29, "\"hour_per_timestep\": 1");
  std::string& text = oldest.files["house.csv"];
  for (std::size_t k = 0; (k = text.find("70000", k)) != std::string::npos;) {
    text.replace(k, 5, "500");
  }
  text.replace(0, text.find('\n'),
               "Hour,Equipment Electric Power [kWh],Cooling Load [kWh],Heating Load [kWh],"
               "DHW Heating [kWh],Solar Generation [Wh/kW]");
  EXPECT_EQ(oldest.read().buildings[0].solar_kwh[3], 1) << "500 W per kW, 2 kW";
  EXPECT_EQ(oldest.read().notes.size(), 1u) << "heat by its old name";
  EXPECT_EQ(TwoDays().read().buildings[0].solar_kwh[3], 0)
      << "the sun of a building without panels is not even looked at";
  EXPECT_NE(TwoDays("", panels).error().find("solar_generation: expected"), std::string::npos);
  TwoDays other_unit;
  other_unit.files["p.csv"].replace(0, 27, "Electricity Pricing [EUR/MWh]");
  EXPECT_EQ(other_unit.error(),
            "d/p.csv: column \"Electricity Pricing [EUR/MWh]\": expected the "
            "unit $ or $/kWh or USD/kWh");
  EXPECT_EQ(TwoDays("", "\"pv\": {\"autosize\": true}, ").error(),
            "d/schema.json: buildings.House.pv: leaves its size to CityLearn (autosize); give its "
            "attributes");
  const District deep = TwoDays("",
                                "\"electrical_storage\": {\"attributes\": {\"capacity\": 5, "
                                "\"efficiency\": 0.9, \"nominal_power\": 3, "
                                "\"depth_of_discharge\": 0.8}}, ")
                            .read();
  EXPECT_EQ(deep.buildings[0].storage.at(0).capacity_kwh, 4);
}

}  // namespace
}  // namespace tacit::grid
