#include "agent/systems/grid/district_check.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <numeric>

#include "agent/systems/grid/perfect_foresight.h"
#include "common/base/error.h"
#include "common/base/listed.h"

namespace tacit::grid {
namespace {

SeriesFacts facts_of(const std::vector<double>& series) {
  const auto [least, most] = std::ranges::minmax(series);
  const double sum = std::accumulate(series.begin(), series.end(), 0.0);
  return {least, sum / static_cast<double>(series.size()), most};
}

std::string number(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%g", value);
  return text.data();
}

void note_inhabitants(const GridConfig& config, std::vector<std::string>& notes) {
  const std::size_t agents = config.agent_count(), houses = config.district->buildings.size();
  if (agents > houses) {
    notes.push_back(
        std::to_string(agents) + " agents live in " + std::to_string(houses) +
        " buildings of data, which are repeated: agent i has the data of building i mod " +
        std::to_string(houses) + " (run.agents)");
  }
  if (agents < houses) {
    notes.push_back(std::to_string(agents) + " agents live in the first " + std::to_string(agents) +
                    " of " + std::to_string(houses) + " buildings (run.agents)");
  }
}

void note_doubles(const GridConfig& config, std::vector<std::string>& notes) {
  std::vector<std::size_t> doubled;
  for (std::size_t i = 0; i < config.agent_count(); ++i) {
    if (config.multiplier[i] != 1) doubled.push_back(i);
  }
  if (doubled.empty()) return;
  const auto name = [&](std::size_t k) { return std::to_string(doubled[k]); };
  notes.push_back("the demand of agents " + listed(doubled.size(), name) +
                  " is doubled (grid.doubles)");
}

void note_batteries(const GridConfig& config, std::vector<std::string>& notes) {
  const auto& buildings = config.district->buildings;
  const auto without = static_cast<std::size_t>(
      std::ranges::count_if(buildings, &std::vector<Storage>::empty, &BuildingSeries::storage));
  if (without == 0) return;
  const double capacity = config.building.storage.capacity_kwh;
  notes.push_back(
      "the data names no battery for " +
      (without == buildings.size()
           ? std::string("any building")
           : std::to_string(without) + " of " + std::to_string(buildings.size()) + " buildings") +
      (capacity > 0 ? ", which has one of " + number(capacity) + " kWh" : ", which has none") +
      " (grid.battery_kwh)");
}

}  // namespace

DistrictCheck check_district(const GridConfig& config) {
  const District& district = *config.district;
  District priced = district;  // a building reads a price even where only energy matters
  priced.price.resize(priced.hour_count(), 0.0);
  const SeriesFacts demand = facts_of(total_demand(district, config.multiplier));
  if (demand.most <= 0) {
    throw InputError(ExitCode::bad_data, district.origin + ": has no demand at all");
  }
  GridConfig checked = config;
  checked.district = std::make_shared<const District>(std::move(priced));
  checked.peak_kwh = demand.most;
  DistrictCheck check{{}, {}, demand.most, demand.mean, least_cap_fraction(checked)};
  if (!district.price.empty()) check.price = facts_of(district.price);
  for (const BuildingSeries& series : district.buildings) {
    check.buildings.push_back({facts_of(series.demand_kwh), facts_of(series.solar_kwh)});
  }
  return check;
}

GridConfig plain_config(const std::shared_ptr<const District>& district,
                        const std::vector<double>& multiplier) {
  GridConfig config;
  config.district = district;
  config.multiplier = multiplier;
  config.building = usual_parameters(*district);
  config.hours = district->hour_count();
  return config;
}

std::vector<std::string> data_notes(const GridConfig& config) {
  const District& district = *config.district;
  if (!district.from_files) return {};
  std::vector<std::string> notes = district.notes;
  note_inhabitants(config, notes);
  note_doubles(config, notes);
  if (config.building.solar_scale != 1) {
    notes.push_back("the sun of the data is scaled by " + number(config.building.solar_scale) +
                    " (grid.solar_scale)");
  }
  note_batteries(config, notes);
  if (config.hours > district.hour_count()) {
    notes.push_back("the " + std::to_string(district.hour_count()) +
                    " hours of the data are repeated until there are " +
                    std::to_string(config.hours) + " (grid.hours)");
  }
  return notes;
}

}  // namespace tacit::grid
