#include <algorithm>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "agent/systems/grid/building.h"
#include "agent/systems/grid/district_check.h"
#include "agent/systems/grid/district_source.h"
#include "agent/systems/grid/grid_config.h"
#include "common/base/error.h"
#include "common/run_folder/files.h"
#include "deploy/cli/command.h"

namespace tacit {
namespace {

using grid::District;
using grid::DistrictCheck;

struct DataArguments {
  std::string path;
  std::size_t agents = 7;
  std::vector<std::size_t> doubles;  ///< none given: those of a run that names none
  bool as_json = false;
};

std::shared_ptr<const District> read_district(const std::string& path) {
  std::error_code error;
  const auto given = std::filesystem::absolute(path, error).lexically_normal();
  if (error) {
    throw InputError(ExitCode::unreadable_input,
                     "\"" + path + "\": cannot be read (" + error.message() + ")");
  }
  // What cannot be looked at is no folder; reading it says why.
  const bool is_folder = std::filesystem::is_directory(given, error);
  const std::filesystem::path folder = is_folder ? given : given.parent_path();
  const auto read = [&](const std::string& name) {
    return read_text(folder / name, grid::kFileSizeMost);
  };
  return std::make_shared<const District>(
      grid::read_district_files(folder, is_folder ? "" : given.filename(), read));
}

nlohmann::ordered_json to_json(const grid::SeriesFacts& facts) {
  return {{"least", facts.least}, {"mean", facts.mean}, {"most", facts.most}};
}

/// [N] m of each agent.
std::vector<double> multipliers_of(const DataArguments& arguments) {
  if (arguments.doubles.empty()) return grid::demand_multipliers(arguments.agents, {});
  for (const std::size_t agent : arguments.doubles) {
    if (agent < arguments.agents) continue;
    throw InputError(ExitCode::usage, "--doubles: there is no agent " + std::to_string(agent) +
                                          "; the last is " + std::to_string(arguments.agents - 1));
  }
  return grid::demand_multipliers(arguments.agents, {arguments.doubles, arguments.agents});
}

void print_json(const District& district, const DistrictCheck& check,
                const std::vector<double>& multiplier) {
  nlohmann::ordered_json document{{"file", district.origin},
                                  {"hours", district.hour_count()},
                                  {"first_hour", district.hour.front()},
                                  {"price", nullptr},
                                  {"agents", multiplier.size()},
                                  {"doubles", nlohmann::ordered_json::array()},
                                  {"peak_kwh", check.peak_kwh},
                                  {"mean_demand_kwh", check.mean_demand_kwh},
                                  {"least_cap_fraction", check.least_cap_fraction}};
  if (check.price) document["price"] = to_json(*check.price);
  for (std::size_t i = 0; i < multiplier.size(); ++i) {
    if (multiplier[i] > 1) document["doubles"].push_back(i);
  }
  for (std::size_t b = 0; b < check.buildings.size(); ++b) {
    nlohmann::ordered_json building{{"demand_kwh", to_json(check.buildings[b].demand_kwh)},
                                    {"solar_kwh", to_json(check.buildings[b].solar_kwh)}};
    for (const grid::Storage& storage : district.buildings[b].storage) {
      building["battery_kwh"] = storage.capacity_kwh;
      building["battery_power_kw"] = storage.discharge_most_kwh;
    }
    document["buildings"].push_back(building);
  }
  std::cout << document.dump(2) << '\n';
}

std::string words_of(const std::optional<grid::SeriesFacts>& price) {
  if (!price) return std::string("none; before a run, ") + grid::kPriceRemedy;
  std::ostringstream words;
  words << std::fixed << std::setprecision(3) << price->least << " to " << price->most << ", mean "
        << price->mean << " $/kWh";
  return words.str();
}

void print_text(const District& district, const DistrictCheck& check,
                const std::vector<double>& multiplier) {
  const grid::BuildingParameters assumed;
  std::cout << std::fixed << std::setprecision(3) << "read           " << district.origin << '\n'
            << "hours          " << district.hour_count() << ", the first is hour "
            << static_cast<int>(district.hour.front()) << " of a day\n"
            << "price          " << words_of(check.price) << '\n'
            << "buildings      " << check.buildings.size() << '\n'
            << "               demand mean  most   solar mean  most   battery\n";
  for (std::size_t b = 0; b < check.buildings.size(); ++b) {
    const auto& [demand, solar] = check.buildings[b];
    const auto& storage = district.buildings[b].storage;
    std::cout << "  " << std::left << std::setw(13) << b + 1 << std::right << std::setw(11)
              << demand.mean << std::setw(7) << demand.most << std::setw(12) << solar.mean
              << std::setw(7) << solar.most;
    if (storage.empty()) {
      std::cout << "   as configured\n";
    } else {
      std::cout << "   " << storage.front().capacity_kwh << " kWh\n";
    }
  }
  std::cout << "with " << multiplier.size() << " agents, " << std::ranges::count(multiplier, 2.0)
            << " of them with twice the demand, solar panels scaled by " << std::setprecision(1)
            << assumed.solar_scale << " and batteries of " << assumed.storage.capacity_kwh
            << " kWh where the data names none:\n"
            << std::setprecision(3) << "peak           " << check.peak_kwh << " kWh per hour\n"
            << "mean demand    " << check.mean_demand_kwh / check.peak_kwh << " of the peak\n"
            << std::setprecision(4) << "least cap      " << check.least_cap_fraction
            << " of the peak: no smaller grid.cap_fraction can be met\n";
}

int check_data(const DataArguments& arguments) {
  const std::vector<double> multiplier = multipliers_of(arguments);
  const auto district = read_district(arguments.path);
  const DistrictCheck check = grid::check_district(district, multiplier);
  arguments.as_json ? print_json(*district, check, multiplier)
                    : print_text(*district, check, multiplier);
  return 0;
}

}  // namespace

void add_data_command(CLI::App& app, Execute& execute) {
  auto* data = app.add_subcommand("data", R"(Look at the data of a district before it is used.

Examples:
  tacit data check district.csv
  tacit data check citylearn_challenge_2022_phase_all --agents 10 --doubles 0,3)");
  data->require_subcommand(1);
  auto* check =
      data->add_subcommand("check", R"(Say what was understood of a CSV file or a CityLearn folder.

Examples:
  tacit data check district.csv
  tacit data check citylearn_challenge_2022_phase_all/schema.json --json

A CSV file has the columns t, hour, price_per_kwh, demand_kwh_1.., solar_kwh_1.. .)");
  auto arguments = std::make_shared<DataArguments>();
  check->add_option("path", arguments->path, "CSV file, schema.json or its folder")->required();
  check->add_option("--agents", arguments->agents, "how many live there; building by building")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  check
      ->add_option("--doubles", arguments->doubles,
                   "agents with twice the demand, from 0 (default: 0, 1, 7, 8, 14, 15, ...)")
      ->delimiter(',');
  check->add_flag("--json", arguments->as_json, "print JSON");
  check->callback(
      [arguments, &execute] { execute = [arguments] { return check_data(*arguments); }; });
}

}  // namespace tacit
