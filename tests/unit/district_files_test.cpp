#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "agent/systems/grid/citylearn_folder.h"
#include "agent/systems/grid/district_source.h"
#include "common/base/error.h"
#include "tests/support/message_of.h"
#include "tests/support/temporary_folder.h"

namespace tacit::grid {
namespace {

using tacit::testing::message_of;

/// A CityLearn folder of two hours, in memory; tests change a file or two.
struct Folder {
  std::map<std::string, std::string> files{
      {"schema.json", R"({"random_seed": 0, "seconds_per_time_step": 3600, "buildings": {
        "Building_2": {"include": true, "energy_simulation": "b2.csv", "pricing": "pricing.csv",
          "pv": {"attributes": {"nominal_power": 4.0}},
          "electrical_storage":
            {"attributes": {"capacity": 6.4, "efficiency": 0.81, "nominal_power": 5.0}}},
        "Building_9": {"include": false},
        "Building_1":
          {"include": true, "energy_simulation": "b1.csv", "pricing": "pricing.csv"}}})"},
      {"b1.csv",
       "month,hour,non_shiftable_load,dhw_demand,solar_generation\n"
       "7,24,1.5,,100\n7,1,0.5,,0\n"},
      {"b2.csv",
       "Month,Hour,\"Equipment Electric Power [kWh]\",Solar Generation [W/kW]\r\n"
       "7,24,2,500\r\n7,1,3,250\r\n"},
      {"pricing.csv", "electricity_pricing,electricity_pricing_predicted_6h\n0.2,0.3\n0.5,0.2\n"}};

  void replace(const std::string& file, const std::string& from, const std::string& to) {
    std::string& text = files.at(file);
    const std::size_t place = text.find(from);
    ASSERT_NE(place, std::string::npos) << from;
    text.replace(place, from.size(), to);
  }
  District read() const {
    return read_citylearn(files.at("schema.json"), "d/schema.json", [&](const std::string& name) {
      const auto found = files.find(name);
      if (found != files.end()) return found->second;
      throw InputError(ExitCode::unreadable_input, "d/" + name + ": cannot be read");
    });
  }
  std::string error(ExitCode code = ExitCode::bad_data) const {
    return message_of([&] { read(); }, code);
  }
  /// The error after one change.
  static std::string error_with(const std::string& file, const std::string& from,
                                const std::string& to, ExitCode code) {
    Folder folder;
    folder.replace(file, from, to);
    return folder.error(code);
  }
};

TEST(CityLearnFolder, ReadsOldAndNewColumns) {
  const District district = Folder().read();
  EXPECT_EQ(district.hour, (std::vector<double>{24, 1}));
  EXPECT_EQ(district.price, (std::vector<double>{0.2, 0.5}));
  ASSERT_EQ(district.buildings.size(), 2u) << "building 9 is not included";
  const BuildingSeries& first = district.buildings[0];  // in the schema's order, not by name
  EXPECT_EQ(first.demand_kwh, (std::vector<double>{2, 3}));
  EXPECT_EQ(first.solar_kwh, (std::vector<double>{2, 1})) << "W per kW times 4 kW";
  ASSERT_EQ(first.storage.size(), 1u);
  EXPECT_EQ(first.storage[0].capacity_kwh, 6.4);
  EXPECT_DOUBLE_EQ(first.storage[0].charge_efficiency, 0.9);
  EXPECT_DOUBLE_EQ(first.storage[0].discharge_efficiency, 0.9);
  EXPECT_EQ(first.storage[0].discharge_most_kwh, 5);
  const BuildingSeries& second = district.buildings[1];
  EXPECT_EQ(second.demand_kwh, (std::vector<double>{1.5, 0.5}));
  EXPECT_EQ(second.solar_kwh, (std::vector<double>{0, 0})) << "no panels";
  EXPECT_TRUE(second.storage.empty()) << "no battery";
  EXPECT_TRUE(district.names_batteries);
  EXPECT_TRUE(district.notes.empty()) << "hot water is a column without entries";
}

TEST(CityLearnFolder, NamesWhatIsWrong) {
  const auto with = [](const std::string& file, const std::string& from, const std::string& to) {
    return Folder::error_with(file, from, to, ExitCode::bad_data);
  };
  EXPECT_EQ(
      with("schema.json", "3600", "900"),
      "d/schema.json: seconds_per_time_step: expected 3600, an hour; bring the data to hourly "
      "values first");
  EXPECT_EQ(with("schema.json", "\"seconds_per_time_step\": 3600,", ""),
            "d/schema.json: seconds_per_time_step: is missing; expected a number from 0.001 to "
            "1000000000.0");
  EXPECT_EQ(with("schema.json", "{\"random", "[\"random").substr(0, 33),
            "d/schema.json: is no valid JSON: ");
  EXPECT_EQ(with("schema.json", "\"buildings\"", "\"houses\""),
            "d/schema.json: buildings: expected an object {...}");
  EXPECT_EQ(with("schema.json", "Building_9", "Building_2"),
            "d/schema.json: buildings.\"Building_2\" comes twice");
  EXPECT_EQ(with("schema.json", "\"b1.csv\"", "\"../b1.csv\""),
            "d/schema.json: buildings.Building_1.energy_simulation: expected the name of a CSV "
            "file in the folder of the schema");
  EXPECT_EQ(with("schema.json", "\"b1.csv\"", "null").substr(0, 55),
            "d/schema.json: buildings.Building_1.energy_simulation: ");
  EXPECT_EQ(
      with("schema.json", "0.81", "1.2"),
      "d/schema.json: buildings.Building_2.electrical_storage.attributes.efficiency: expected "
      "a number from 0.001 to 1.0");
  EXPECT_EQ(with("schema.json", "\"nominal_power\": 4.0", ""),
            "d/schema.json: buildings.Building_2.pv.attributes.nominal_power: is missing; expected "
            "a number from 0.0 to 100000.0");
  EXPECT_EQ(
      Folder::error_with("schema.json", "\"b1.csv\"", "\"b3.csv\"", ExitCode::unreadable_input),
      "d/b3.csv: cannot be read");
  EXPECT_EQ(with("b1.csv", "0.5", "nan").substr(0, 31), "d/b1.csv:3: non_shiftable_load:");
  EXPECT_EQ(with("b1.csv", "non_shiftable_load", "load"),
            "d/b1.csv: column non_shiftable_load or equipment_electric_power is missing");
  EXPECT_EQ(with("b1.csv", "\n7,1,0.5,,0", ""),
            "d/b1.csv: has other hours than the first building (1 and 2 lines); all files must "
            "cover the same time");
  EXPECT_EQ(with("pricing.csv", "0.5", "-0.5").substr(0, 35),
            "d/pricing.csv:3: electricity_pricin");
  EXPECT_EQ(with("schema.json", "\"b1.csv\", \"pricing\": \"pricing.csv\"",
                 "\"b1.csv\", \"pricing\": null"),
            "d/schema.json: buildings.Building_1.pricing: differs from the first building's; all "
            "buildings must have one price");
  Folder nobody;
  nobody.replace("schema.json", "true", "false");
  nobody.replace("schema.json", "true", "false");
  EXPECT_EQ(nobody.error(), "d/schema.json: buildings: no building has include = true");
  Folder hostile;
  hostile.files["schema.json"] = std::string(1'000'000, '[');
  EXPECT_EQ(hostile.error().substr(0, 33), "d/schema.json: is no valid JSON: ");
  hostile.files["schema.json"] =
      "{\"a\":" + std::string(500'000, '[') + std::string(500'000, ']') + "}";
  EXPECT_EQ(hostile.error().substr(0, 37), "d/schema.json: seconds_per_time_step:");
}

class DistrictSource : public ::testing::Test {
 protected:
  DistrictSource() {
    for (const auto& [name, text] : files_.files) folder_.write(name, text);
  }
  /// The [grid] table with these lines.
  std::shared_ptr<const District> read(const std::string& lines) {
    const ConfigDocument config = ConfigDocument::parse("[grid]\n" + lines, "x.toml", {});
    const auto district = read_district(config.root().table("grid"));
    config.reject_unknown_keys();
    hash_ = config.hash();
    return district;
  }
  std::string data() const { return "data = \"" + folder_.path() + "\"\n"; }
  void remove_price() {
    files_.replace("schema.json", "\"pricing.csv\"", "null");
    files_.replace("schema.json", "\"pricing.csv\"", "null");
    folder_.write("schema.json", files_.files["schema.json"]);
  }

  Folder files_;
  testing::TemporaryFolder folder_;
  std::uint64_t hash_ = 0;
};

TEST_F(DistrictSource, TakesFoldersFilesAndNothing) {
  EXPECT_EQ(read("")->origin, "synthetic district, seed 1");
  EXPECT_EQ(read("district_seed = 4")->origin, "synthetic district, seed 4");
  const auto district = read(data());
  const std::uint64_t reference = hash_;
  EXPECT_EQ(district->origin, folder_.path("schema.json"));
  EXPECT_EQ(district->buildings[1].demand_kwh, (std::vector<double>{1.5, 0.5}));
  EXPECT_EQ(read("data = \"" + folder_.path("schema.json") + "\"")->hour, district->hour);
  EXPECT_EQ(hash_, reference);
  folder_.write("b1.csv", "hour,non_shiftable_load,solar_generation\n24,1,0\n1,1,0\n");
  read(data());
  EXPECT_NE(hash_, reference) << "every file that was read counts";
  const std::string csv =
      folder_.write("x.csv", "t,hour,price_per_kwh,demand_kwh_1,solar_kwh_1\n0,1,0.1,2,0\n");
  EXPECT_EQ(read("data = \"" + csv + "\"")->price, std::vector<double>{0.1});
}

TEST_F(DistrictSource, SaysWhereAKeyCounts) {
  const auto refused = [&](const std::string& lines) {
    return message_of([&] { read(lines); }, ExitCode::config);
  };
  EXPECT_EQ(refused(data() + "district_seed = 2"),
            "x.toml:3:1: grid.district_seed: is read only without grid.data: it is the seed of the "
            "synthetic district");
  EXPECT_EQ(
      refused("price = \"file\""),
      "x.toml:2:1: grid.price: is read only with grid.data: the synthetic district has a price "
      "of its own");
  EXPECT_NE(refused("price_file = \"p.csv\"").find("only with grid.data:"), std::string::npos);
  EXPECT_NE(refused("price_rule = [1, 2, 3, 4]").find("only with grid.data:"), std::string::npos);
  EXPECT_NE(refused(data() + "price_rule = [1, 2, 3, 4]").find("only with grid.price = \"time_of"),
            std::string::npos);
  EXPECT_NE(refused(data() + "price_file = \"p.csv\"").find("only with grid.price = \"file\""),
            std::string::npos);
}

TEST_F(DistrictSource, TakesCoefficientsForFoldersOnly) {
  folder_.write("b1.csv",
                "hour,non_shiftable_load,dhw_demand,solar_generation\n24,1.5,2,0\n1,0.5,0,0\n");
  EXPECT_EQ(read(data() + "hot_water_cop = 4")->buildings[1].demand_kwh,
            (std::vector<double>{2, 0.5}));
  const auto refused = [&](const std::string& lines) {
    return message_of([&] { read(lines); }, ExitCode::config);
  };
  const std::string csv =
      folder_.write("x.csv", "t,hour,price_per_kwh,demand_kwh_1,solar_kwh_1\n0,1,0.1,2,0\n");
  for (const std::string& lines : {std::string(), "data = \"" + csv + "\"\n"}) {
    EXPECT_NE(refused(lines + "heating_cop = 3").find("heating_cop: is read only with a CityLearn"),
              std::string::npos);
  }
}

TEST_F(DistrictSource, TakesAPriceFromARuleOrAFile) {
  remove_price();
  EXPECT_EQ(message_of([&] { read(data()); }),
            folder_.path("schema.json") +
                ": the buildings have no price (pricing is null); set grid.price = "
                "\"time_of_use\", with grid.price_rule = [0.22, 0.54, 16, 20] for 0.54 $/kWh in "
                "hours 16 to 20 and 0.22 $/kWh else, or grid.price = \"file\" and grid.price_file");
  EXPECT_EQ(read(data() + "price = \"time_of_use\"")->price, (std::vector<double>{0.22, 0.22}));
  EXPECT_EQ(read(data() + "price = \"time_of_use\"\nprice_rule = [0.1, 0.9, 24, 24]")->price,
            (std::vector<double>{0.9, 0.1}));
  EXPECT_EQ(message_of([&] { read(data() + "price = \"time_of_use\"\nprice_rule = [0.1, 0.9]"); },
                       ExitCode::config)
                .substr(0, 44),
            "x.toml:4:14: grid.price_rule: expected [low,");
  const std::string file =
      data() + "price = \"file\"\nprice_file = \"" + folder_.path("p.csv") + '"';
  folder_.write("p.csv", "hour,price_per_kwh\n24,0.7\n1,0.8\n");
  EXPECT_EQ(read(file)->price, (std::vector<double>{0.7, 0.8}));
  folder_.write("p.csv", "price_per_kwh\n0.7\n");
  EXPECT_EQ(message_of([&] { read(file); }),
            folder_.path("p.csv") +
                ": the price has 1 hours, the buildings 2; all must cover the same time");
  EXPECT_EQ(TimeOfUse().price(15), 0.22);
  EXPECT_EQ(TimeOfUse().price(16), 0.54);
  EXPECT_EQ(TimeOfUse().price(20), 0.54);
  EXPECT_EQ(TimeOfUse().price(21), 0.22);
}

}  // namespace
}  // namespace tacit::grid
