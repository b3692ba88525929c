#include "agent/systems/grid/building.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "common/base/check.h"

namespace tacit::grid {

double augmented_reward(const HourOutcome& outcome, double price_scale, double lambda, double nu) {
  return price_scale * outcome.r0 - lambda * outcome.r1 + nu * outcome.r2;
}

Building::Building(std::shared_ptr<const District> district, std::size_t building,
                   const BuildingParameters& parameters)
    : district_(std::move(district)), parameters_(parameters) {
  TACIT_CHECK(building < district_->buildings.size(), "a district has the buildings it counts");
  series_ = &district_->buildings[building];
  storage_ = series_->storage.empty() ? parameters.storage : series_->storage.front();
  connection_kwh_ = parameters.demand_multiplier * std::ranges::max(series_->demand_kwh);
  begin(0, 0, 0);
}

void Building::begin(std::size_t t, double charge, double backlog) {
  t_ = t;
  state_.charge = charge;
  state_.backlog = backlog;
  begin_hour();
}

void Building::begin_hour() {
  const std::size_t row = t_ % district_->hour_count();
  state_.demand = parameters_.demand_multiplier * series_->demand_kwh[row];
  state_.price = district_->price[row];
  state_.hour = district_->hour[row];
  const double solar = parameters_.solar_scale * series_->solar_kwh[row];
  const double charge = state_.charge + storage_.charge_efficiency * solar;
  state_.spill = std::max(charge - storage_.capacity_kwh, 0.0) / storage_.charge_efficiency;
  state_.charge = std::min(charge, storage_.capacity_kwh);
}

Observation Building::observe(double lambda, double nu) const {
  const double m = parameters_.demand_multiplier;
  const double D = state_.servable();
  const double angle = 2 * std::numbers::pi * state_.hour / 24;
  const double capacity = storage_.capacity_kwh;
  return {state_.demand / (3 * m),
          D / (D + 5 * m),
          capacity > 0 ? state_.charge / capacity : 0.0,
          parameters_.price_scale * state_.price / 10 - 0.75,
          std::sin(angle),
          std::cos(angle),
          lambda / 15,
          nu / 20};
}

HourOutcome Building::step(const Action& action) {
  const double D = state_.servable();
  const double battery =
      std::clamp(action.battery, 0.0, 1.0) *
      std::min({D, storage_.discharge_efficiency * state_.charge, storage_.discharge_most_kwh});
  const double grid = std::clamp(action.grid, 0.0, 1.0) * std::min(D - battery, connection_kwh_);
  state_.charge -= battery / storage_.discharge_efficiency;
  state_.backlog = std::max(D - battery - grid, 0.0);
  const HourOutcome outcome{
      grid, battery, state_.charge, -state_.price * grid, grid, state_.demand - grid - battery};
  ++t_;
  begin_hour();
  return outcome;
}

void Building::save(CheckpointWriter& writer) const {
  writer.value(t_);
  writer.value(state_);
}

void Building::restore(CheckpointReader& reader) {
  reader.value(t_);
  reader.value(state_);
}

}  // namespace tacit::grid
