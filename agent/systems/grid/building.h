#pragma once

#include <array>
#include <cstddef>
#include <memory>

#include "agent/systems/grid/district.h"
#include "common/base/checkpoint.h"

namespace tacit::grid {

/// The parameters of a building, apart from its series.
struct BuildingParameters {
  double demand_multiplier = 1;  ///< m > 0: scales demand and the rating of the connection
  double solar_scale = 0.6;      ///< >= 0
  double price_scale = 25;       ///< of the price inside reward and observation
  Storage storage;               ///< where the data states none
};

/// Fractions of the deliverable energy; values outside [0, 1] are clamped.
struct Action {
  double grid;
  double battery;
};

/// An agent's observation of its building and the dual variables (lambda, nu): the state of the
/// augmented constrained MDP.
///   d/(3m), D/(D + 5m), s/C, ps p/10 - 0.75, sin(2 pi h/24), cos(2 pi h/24), lambda/15, nu/20
inline constexpr std::size_t kObservationSize = 8;
using Observation = std::array<double, kObservationSize>;

/// The state of an hour before the action. [kWh], price [$/kWh]
struct HourState {
  double demand = 0;   ///< d, new in this hour, times m
  double backlog = 0;  ///< postponed, not yet served
  double charge = 0;   ///< after the solar panels have charged the battery
  double spill = 0;    ///< solar energy that the full battery did not take
  double price = 0;    ///< p
  double hour = 0;     ///< of day, 1..24
  double servable() const { return backlog + demand; }  ///< D
};

/// The outcome of an hour. [kWh], but r0 in $.
struct HourOutcome {
  double grid;     ///< e_grid, bought
  double battery;  ///< e_bat, delivered by the battery
  double charge;   ///< s after the action, before the solar energy of the next hour
  double r0;       ///< -p e_grid
  double r1;       ///< e_grid
  double r2;       ///< d - e_grid - e_bat: the growth of the backlog
};

/// ps r0 - lambda r1 + nu r2: the Lagrangian's reward of an hour at prices (lambda, nu).
double augmented_reward(const HourOutcome& outcome, double price_scale, double lambda, double nu);

/// One building with solar panels, a battery and postponable demand; a step is an hour.
///   begin of hour t:  s <- min(s + eta_c sol, C), the rest of the sol is spilled;  D = b + d
///   action:  e_bat = a_bat min(D, eta_d s, Pdis),  e_grid = a_grid min(D - e_bat, Gmax),
///            s <- s - e_bat/eta_d,  b <- max(D - e_bat - e_grid, 0)
/// Gmax = m max_t demand is the rating of the connection to the grid. Nothing is exported, and the
/// grid never charges the battery.
class Building {
 public:
  /// Starts in hour 0 with an empty battery and no backlog.
  /// @param building  index into district->buildings
  Building(std::shared_ptr<const District> district, std::size_t building,
           const BuildingParameters& parameters);

  /// Begins hour `t` with the given battery charge and backlog.
  void begin(std::size_t t, double charge, double backlog);

  std::size_t hour_index() const { return t_; }  ///< t, not wrapped
  const HourState& state() const { return state_; }
  Observation observe(double lambda, double nu) const;

  /// Acts in this hour and begins the next; the backlog after the action is in state().
  HourOutcome step(const Action& action);

  void save(CheckpointWriter& writer) const;
  void restore(CheckpointReader& reader);

  const Storage& storage() const { return storage_; }
  double connection_kwh() const { return connection_kwh_; }  ///< Gmax
  double demand_multiplier() const { return parameters_.demand_multiplier; }
  double price_scale() const { return parameters_.price_scale; }

 private:
  void begin_hour();

  std::shared_ptr<const District> district_;
  const BuildingSeries* series_;
  BuildingParameters parameters_;
  Storage storage_;
  double connection_kwh_;
  std::size_t t_ = 0;
  HourState state_;
};

}  // namespace tacit::grid
