#include <algorithm>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>

#include "agent/catalog.h"
#include "agent/systems/grid/district_check.h"
#include "agent/systems/grid/district_source.h"
#include "agent/systems/grid/grid_config.h"
#include "common/base/error.h"
#include "common/experiment/experiment.h"
#include "common/results/files.h"
#include "deploy/cli/command.h"

namespace tacit {
namespace {

using grid::District;
using grid::DistrictCheck;
using grid::GridConfig;

struct DataArguments {
  std::string path;
  std::vector<std::string> overrides;  ///< of an experiment
  std::optional<std::size_t> agents;   ///< of data alone; else one in every building
  std::vector<std::size_t> doubles;    ///< of data alone
  bool as_json = false;
};

std::shared_ptr<const District> read_district(const std::string& path) {
  std::error_code error;
  const auto given = std::filesystem::absolute(path, error).lexically_normal();
  if (error) {
    throw InputError(ExitCode::unreadable_input,
                     "\"" + path + "\": cannot be read (" + error.message() + ")");
  }
  // A path that cannot be examined counts as a file; reading it reports why.
  const bool is_folder = std::filesystem::is_directory(given, error);
  const std::filesystem::path folder = is_folder ? given : given.parent_path();
  const auto read = [&](const std::string& name) {
    return read_text(folder / name, grid::kFileSizeMost);
  };
  return std::make_shared<const District>(
      grid::read_district_files(folder, is_folder ? "" : given.filename(), read));
}

/// A run with default settings on the data, apart from the arguments.
GridConfig config_of_data(const DataArguments& arguments) {
  if (!arguments.overrides.empty()) {
    throw InputError(ExitCode::usage, "-s changes an experiment file, and " + arguments.path +
                                          " is data: use --agents and --doubles");
  }
  const auto district = read_district(arguments.path);
  const std::size_t agents = arguments.agents.value_or(district->buildings.size());
  for (const std::size_t agent : arguments.doubles) {
    if (agent < agents) continue;
    throw InputError(ExitCode::usage, "--doubles: there is no agent " + std::to_string(agent) +
                                          "; the last is " + std::to_string(agents - 1));
  }
  return grid::plain_config(district,
                            grid::demand_multipliers(agents, {arguments.doubles, agents}));
}

/// The run that an experiment file describes.
GridConfig config_of_experiment(const DataArguments& arguments) {
  if (arguments.agents || !arguments.doubles.empty()) {
    throw InputError(ExitCode::usage, "--agents and --doubles are for data alone; of " +
                                          arguments.path +
                                          " use -s run.agents=N and -s grid.doubles=[...]");
  }
  const auto experiment = load_experiment(arguments.path, arguments.overrides);
  if (experiment.system_name() != "grid") {
    throw InputError(ExitCode::usage, arguments.path + ": the agents of \"" +
                                          experiment.system_name() + "\" live on no data");
  }
  const auto document = ConfigDocument::load(arguments.path, arguments.overrides);
  return grid::read_grid_config(document.root().table("grid"),
                                {experiment.agent_count(), experiment.seed(), experiment.graph(),
                                 experiment.links(), LinkTraits{}});
}

nlohmann::ordered_json to_json(const grid::SeriesFacts& facts) {
  return {{"least", facts.least}, {"mean", facts.mean}, {"most", facts.most}};
}

void print_json(const GridConfig& config, const DistrictCheck& check) {
  const District& district = *config.district;
  const std::vector<double>& multiplier = config.multiplier;
  nlohmann::ordered_json document{{"file", district.origin},
                                  {"hours", district.hour_count()},
                                  {"first_hour", district.hour.front()},
                                  {"price", nullptr},
                                  {"notes", grid::data_notes(config)},
                                  {"agents", multiplier.size()},
                                  {"doubles", nlohmann::ordered_json::array()},
                                  {"solar_scale", config.building.solar_scale},
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

void print_text(const GridConfig& config, const DistrictCheck& check) {
  const District& district = *config.district;
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
  for (const std::string& note : grid::data_notes(config)) {
    std::cout << "note           " << note << '\n';
  }
  std::cout << "with " << config.agent_count() << " agents, "
            << std::ranges::count(config.multiplier, 2.0) << " of them with twice the demand, over "
            << config.hours << " hours:\n"
            << "peak           " << check.peak_kwh << " kWh per hour\n"
            << "mean demand    " << check.mean_demand_kwh / check.peak_kwh << " of the peak\n"
            << std::setprecision(4) << "least cap      " << check.least_cap_fraction
            << " of the peak: no smaller grid.cap_fraction can be met\n";
}

int check_data(const DataArguments& arguments) {
  const GridConfig config = arguments.path.ends_with(".toml") ? config_of_experiment(arguments)
                                                              : config_of_data(arguments);
  const DistrictCheck check = grid::check_district(config);
  arguments.as_json ? print_json(config, check) : print_text(config, check);
  return 0;
}

}  // namespace

void add_data_command(CLI::App& app, Execute& execute) {
  auto* data = app.add_subcommand("data", R"(Look at the data of a district before it is used.

Examples:
  tacit data check district.csv
  tacit data check citylearn_challenge_2022_phase_all --agents 10 --doubles 0,3)");
  data->require_subcommand(1);
  auto* check = data->add_subcommand(
      "check", R"(Say what was understood of a CSV file, a CityLearn folder, or a run's data.

Examples:
  tacit data check district.csv
  tacit data check citylearn_challenge_2022_phase_all/schema.json --json
  tacit data check my-experiment.toml -s grid.heating_cop=3

A CSV file has the columns t, hour, price_per_kwh, demand_kwh_1.., solar_kwh_1.. . Of an experiment,
the numbers are those of its run.)");
  auto arguments = std::make_shared<DataArguments>();
  check
      ->add_option("path", arguments->path,
                   "CSV file, schema.json or its folder, or experiment (.toml)")
      ->required();
  check
      ->add_option("-s,--set", arguments->overrides,
                   "of an experiment: table.key=value; may be repeated")
      ->allow_extra_args(false);
  constexpr std::int64_t most = 100'000;
  add_number(*check, "--agents", arguments->agents, {1, most},
             "of data: how many live there (default: one in every building)");
  check
      ->add_option_function<std::vector<std::string>>(
          "--doubles",
          [arguments](const std::vector<std::string>& words) {
            for (const std::string& word : words) {
              const auto agent = parse_whole("--doubles", word, {0, most - 1});
              arguments->doubles.push_back(static_cast<std::size_t>(agent));
            }
          },
          "of data: agents with twice the demand, from 0 (default: none)")
      ->delimiter(',');
  check->add_flag("--json", arguments->as_json, "print JSON");
  check->callback(
      [arguments, &execute] { execute = [arguments] { return check_data(*arguments); }; });
}

}  // namespace tacit
