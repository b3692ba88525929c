#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <map>

#include "agent/systems/grid/citylearn_folder.h"
#include "agent/systems/grid/district_csv.h"
#include "agent/systems/grid/district_source.h"
#include "common/base/error.h"
#include "tests/support/temporary_folder.h"

namespace tacit::grid {
namespace {

std::string message_of(const std::function<void()>& action, ExitCode code = ExitCode::bad_data) {
  try {
    action();
  } catch (const InputError& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    return error.what();
  }
  return "no InputError";
}

const std::string kHeader =
    "t,hour,price_per_kwh,demand_kwh_1,demand_kwh_2,solar_kwh_1,solar_kwh_2\n";

std::string csv_error(const std::string& text) {
  return message_of([&] { read_district_csv(text, "x.csv"); });
}

/// What a row does wrong, after a header and one good row: it stands in line 3.
std::string row_error(const std::string& row) {
  return csv_error(kHeader + "0,24,0.2,1,2,0,0\n" + row + "\n");
}

TEST(DistrictCsv, ReadsColumnsByName) {
  const District district = read_district_csv(
      "\xef\xbb\xbf# measured\r\nsolar_kwh_2,t,hour,\"price_per_kwh\",demand_kwh_2,solar_kwh_1,"
      "demand_kwh_1\r\n0.5,7,23,0.2,2,0.1,1\r\n# a pause\r\n0,8,24,0.3, 2.5 ,0,1e-1\r\n"
      "0,9,1,0.3,2,0,1\r\n\r\n",
      "x.csv");
  EXPECT_EQ(district.origin, "x.csv");
  EXPECT_EQ(district.hour, (std::vector<double>{23, 24, 1}));
  EXPECT_EQ(district.price, (std::vector<double>{0.2, 0.3, 0.3}));
  ASSERT_EQ(district.buildings.size(), 2u);
  EXPECT_EQ(district.buildings[0].demand_kwh, (std::vector<double>{1, 0.1, 1}));
  EXPECT_EQ(district.buildings[0].solar_kwh, (std::vector<double>{0.1, 0, 0}));
  EXPECT_EQ(district.buildings[1].demand_kwh, (std::vector<double>{2, 2.5, 2}));
  EXPECT_EQ(district.buildings[1].solar_kwh, (std::vector<double>{0.5, 0, 0}));
  EXPECT_TRUE(district.buildings[0].storage.empty());
}

TEST(DistrictCsv, NamesLineAndColumnOfWhatIsWrong) {
  const std::string kWh = "expected a number from 0 to 1000000, got ";
  const std::string remedy = "; correct the value or fill the gap";
  EXPECT_EQ(row_error("1,1,0.2,nan,2,0,0"), "x.csv:3: demand_kwh_1: " + kWh + "\"nan\"" + remedy);
  EXPECT_EQ(row_error("1,1,0.2,1,-2,0,0"), "x.csv:3: demand_kwh_2: " + kWh + "\"-2\"" + remedy);
  EXPECT_EQ(row_error("1,1,0.2,1,2,inf,0"), "x.csv:3: solar_kwh_1: " + kWh + "\"inf\"" + remedy);
  EXPECT_EQ(row_error("1,1,,1,2,0,0"), "x.csv:3: price_per_kwh: " + kWh + "nothing" + remedy);
  EXPECT_EQ(row_error("1,1,0.2,1,2,0,1e999"),
            "x.csv:3: solar_kwh_2: " + kWh + "\"1e999\"" + remedy);
  EXPECT_EQ(row_error("1,1,0.2,1,2,0,0.1 kWh\x1b[2J"),
            "x.csv:3: solar_kwh_2: " + kWh + "\"0.1 kWh?[2J\"" + remedy);
  EXPECT_EQ(row_error("1,25,0.2,1,2,0,0"),
            "x.csv:3: hour: expected a whole number from 1 to 24, got \"25\"" + remedy);
  EXPECT_EQ(row_error("1,1.5,0.2,1,2,0,0"),
            "x.csv:3: hour: expected a whole number from 1 to 24, got \"1.5\"" + remedy);
  const std::string gap = "; hours must follow each other without gaps";
  EXPECT_EQ(row_error("2,1,0.2,1,2,0,0"),
            "x.csv:3: t: expected 1 after the line before, got 2" + gap);
  EXPECT_EQ(row_error("1,2,0.2,1,2,0,0"),
            "x.csv:3: hour: expected 1 after the line before, got 2" + gap);
  EXPECT_EQ(row_error("1,1,0.2,1,2,0"), "x.csv:3: expected 7 fields, got 6");
  EXPECT_EQ(row_error("1,1,0.2,1,2,0,0,0,0"), "x.csv:3: expected 7 fields, got more");
  EXPECT_EQ(row_error("\n1,1,0.2,1,2,0,0"), "x.csv:3: expected 7 fields, got 1");
  EXPECT_EQ(row_error("1,1,0.2,1,2,0,0"), "no InputError");
}

TEST(DistrictCsv, NamesWhatTheHeaderLacks) {
  EXPECT_EQ(csv_error(""), "x.csv: is empty; expected a header with the names of columns");
  EXPECT_EQ(csv_error("# only\n#comments"),
            "x.csv: is empty; expected a header with the names of columns");
  EXPECT_EQ(csv_error(kHeader), "x.csv: has no hours below the header");
  EXPECT_EQ(csv_error("t,hour,demand_kwh_1,solar_kwh_1\n"),
            "x.csv: column price_per_kwh is missing");
  EXPECT_EQ(csv_error("t,hour,price_per_kwh,demand_kwh_1,demand_kwh_2,solar_kwh_1\n"),
            "x.csv: column solar_kwh_2 is missing; give zeros for a building without panels");
  EXPECT_EQ(csv_error("t,hour,price_per_kwh\n"), "x.csv: column demand_kwh_1 is missing");
  EXPECT_EQ(csv_error("t,hour,price_per_kwh,demnd_kwh_1,solar_kwh_1\n"),
            "x.csv: unknown column \"demnd_kwh_1\"; did you mean demand_kwh_1?");
  EXPECT_EQ(csv_error("t,hour,price_per_kwh,demand_kwh_1,solar_kwh_1,humidity\n"),
            "x.csv: unknown column \"humidity\"; known are t, hour, price_per_kwh, demand_kwh_1.., "
            "solar_kwh_1..");
  EXPECT_EQ(csv_error("t,hour,t\n"), "x.csv:1: column \"t\" comes twice; remove one");
  EXPECT_EQ(
      csv_error("t,hour,price_per_kwh,demand_kwh_1,solar_kwh_1,demand_kwh_99\n").substr(0, 45),
      "x.csv: unknown column \"demand_kwh_99\"; did yo");
  EXPECT_EQ(csv_error(std::string(200'000, ',')), "x.csv: has more than 100,000 columns");
}

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
  ASSERT_EQ(second.storage.size(), 1u);
  EXPECT_EQ(second.storage[0].capacity_kwh, 0) << "no battery";
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
            "d/b1.csv: column non_shiftable_load or Equipment Electric Power [kWh] is missing");
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
  EXPECT_EQ(
      refused(data() + "district_seed = 2"),
      "x.toml:3:17: grid.district_seed: is read only without grid.data: it is the seed of the "
      "synthetic district");
  EXPECT_EQ(
      refused("price = \"file\""),
      "x.toml:2:9: grid.price: is read only with grid.data: the synthetic district has a price "
      "of its own");
  EXPECT_NE(refused("price_file = \"p.csv\"").find("only with grid.data:"), std::string::npos);
  EXPECT_NE(refused("price_rule = [1, 2, 3, 4]").find("only with grid.data:"), std::string::npos);
  EXPECT_NE(refused(data() + "price_rule = [1, 2, 3, 4]").find("only with grid.price = \"time_of"),
            std::string::npos);
  EXPECT_NE(refused(data() + "price_file = \"p.csv\"").find("only with grid.price = \"file\""),
            std::string::npos);
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
