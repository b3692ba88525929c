#include "agent/systems/grid/grid_config.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "agent/systems/grid/district_source.h"
#include "common/base/whole_number.h"

namespace tacit::grid {

namespace {

constexpr double kHoursMost = 1e7;
constexpr double kIterationsMost = 1000;

Method read_method(const ConfigView& table) {
  const std::string name =
      table.choice("method", "consensus", {"consensus", "no_consensus", "fixed"});
  if (name == "fixed") return Method::fixed;
  return name == "consensus" ? Method::consensus : Method::no_consensus;
}

BuildingPolicy::Config read_policy(const ConfigView& table) {
  const std::string name =
      table.choice("policy", "ppo", {"ppo", "threshold", "serve_at_once", "off_peak"});
  BuildingPolicy::Config policy;
  if (name == "threshold") policy.rule = PolicyRule::threshold;
  if (name == "serve_at_once") policy.rule = PolicyRule::serve_at_once;
  if (name == "off_peak") policy.rule = PolicyRule::off_peak;
  policy.sampled = table.choice("actions", "sampled", {"sampled", "greedy"}) == "sampled";
  policy.peak_price = table.number("peak_price", policy.peak_price, {0, 1e6});
  return policy;
}

DualConfig read_dual(const ConfigView& table, const SystemContext& context, Method method) {
  DualConfig dual;
  dual.alpha = table.number("alpha", dual.alpha, {1e-9, 1e3});
  dual.eta = table.number("eta", dual.eta, {1e-9, 1e3});
  dual.lambda_most = table.number("lambda_most", dual.lambda_most, {1e-3, 1e6});
  dual.nu_least = table.number("nu_least", dual.nu_least, {-1e6, 0});
  dual.nu_most = table.number("nu_most", dual.nu_most, {0, 1e6});
  if (dual.nu_least == dual.nu_most) table.fail("nu_most", "must be above nu_least");
  dual.weights =
      table.choice("weights", "metropolis", {"metropolis", "random_walk"}) == "metropolis"
          ? Weights::metropolis
          : Weights::random_walk;
  dual.consensus_step = table.number("consensus_step", dual.consensus_step, {1e-6, 0.999999});
  dual.iterations =
      static_cast<int>(table.integer("iterations", dual.iterations, {1, kIterationsMost}));
  // Policies are trained within these bounds only.
  const auto within = [&](std::string_view key, double fallback, Range range) {
    return table.number(key, std::clamp(fallback, range.least, range.most), range);
  };
  if (method == Method::fixed) {
    dual.fixed_lambda = within("fixed_lambda", dual.fixed_lambda, {0, dual.lambda_most});
    dual.fixed_nu = within("fixed_nu", dual.fixed_nu, {dual.nu_least, dual.nu_most});
  } else {
    for (const char* key : {"fixed_lambda", "fixed_nu"}) {
      table.leave_unread(key, "is read only with grid.method = \"fixed\"");
    }
  }
  if (method == Method::consensus && dual.weights == Weights::metropolis &&
      context.link_traits.one_way) {
    table.fail(
        "weights",
        "\"metropolis\" keeps the mean of the prices only if a link fails in both directions "
        "at once and in time: use weights = \"random_walk\", or links.one_way = false, time.mode = "
        "\"rounds\", time.on_overdue = \"wait\" and no delays");
  }
  return dual;
}

/// Whether every building's battery is in the data, so that the keys of a battery are not read.
bool has_all_batteries(const District& district) {
  return std::ranges::none_of(district.buildings, &std::vector<Storage>::empty,
                              &BuildingSeries::storage);
}

void read_battery(const ConfigView& table, const District& district, Storage& storage) {
  if (has_all_batteries(district)) {
    for (const char* key : {"battery_kwh", "battery_power_kw", "battery_efficiency"}) {
      table.leave_unread(key, "is read only for buildings without a battery; in " +
                                  district.origin + " every one has its own");
    }
    return;
  }
  storage.capacity_kwh = table.number("battery_kwh", storage.capacity_kwh, {0, 1e6});
  storage.discharge_most_kwh =
      table.number("battery_power_kw", storage.discharge_most_kwh, {0, 1e6});
  const double round_trip = table.number("battery_efficiency", 0.9, {1e-3, 1});
  storage.charge_efficiency = storage.discharge_efficiency = std::sqrt(round_trip);
}

BuildingParameters read_building(const ConfigView& table, const District& district) {
  BuildingParameters building = usual_parameters(district);
  building.solar_scale = table.number("solar_scale", building.solar_scale, {0, 1e3});
  building.price_scale = table.number("price_scale", building.price_scale, {1e-6, 1e6});
  read_battery(table, district, building.storage);
  return building;
}

Doubles read_doubles(const ConfigView& table, const District& district) {
  const Doubles usual = usual_doubles(district);
  const std::int64_t period =
      table.integer("doubles_period", static_cast<std::int64_t>(usual.period), {1, 1e6});
  const std::vector<std::int64_t> places = table.integers(
      "doubles", {usual.places.begin(), usual.places.end()}, {0, static_cast<double>(period) - 1});
  return {{places.begin(), places.end()}, static_cast<std::size_t>(period)};
}

TrainingConfig read_training(const ConfigView& table) {
  TrainingConfig training;
  training.seed =
      static_cast<std::uint64_t>(table.integer("seed", 1, {0, static_cast<double>(kExactMost)}));
  training.attempts_most =
      static_cast<int>(table.integer("attempts_most", training.attempts_most, {1, 100}));
  const auto count = [&](std::string_view key, std::size_t& value) {
    value =
        static_cast<std::size_t>(table.integer(key, static_cast<std::int64_t>(value), {1, 1e6}));
  };
  count("iterations", training.ppo.iteration_count);
  count("epochs", training.ppo.epoch_count);
  count("quality_episodes", training.quality_episodes);
  return training;
}

}  // namespace

Doubles usual_doubles(const District& district) {
  Doubles usual;
  if (district.from_files) usual.places.clear();
  return usual;
}

BuildingParameters usual_parameters(const District& district) {
  BuildingParameters usual;
  if (district.from_files) usual.solar_scale = 1;
  if (district.names_batteries) usual.storage.capacity_kwh = 0;
  return usual;
}

std::vector<double> demand_multipliers(std::size_t agent_count, const Doubles& doubles) {
  std::vector<double> multipliers(agent_count, 1.0);
  for (const std::size_t place : doubles.places) {
    for (std::size_t i = place; i < agent_count; i += doubles.period) multipliers[i] = 2;
  }
  return multipliers;
}

GridConfig read_grid_config(const ConfigView& table, const SystemContext& context) {
  GridConfig config;
  config.district = read_district(table);
  config.method = read_method(table);
  config.policy = read_policy(table);
  config.hours = static_cast<std::size_t>(
      table.integer("hours", static_cast<std::int64_t>(config.hours), {1, kHoursMost}));
  config.cap_fraction = table.number("cap_fraction", config.cap_fraction, {1e-6, 1});
  config.dual = read_dual(table, context, config.method);
  config.building = read_building(table, *config.district);
  config.multiplier =
      demand_multipliers(context.agent_count, read_doubles(table, *config.district));
  config.benchmark = table.flag("benchmark", config.benchmark);
  config.training = read_training(table.table("training"));
  const std::vector<double> total = total_demand(*config.district, config.multiplier);
  config.peak_kwh = std::ranges::max(total);
  config.mean_demand_kwh =
      std::accumulate(total.begin(), total.end(), 0.0) / static_cast<double>(total.size());
  if (config.peak_kwh <= 0) table.fail("data", config.district->origin + " has no demand at all");
  return config;
}

}  // namespace tacit::grid
