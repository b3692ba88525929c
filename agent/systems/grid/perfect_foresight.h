#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "agent/systems/grid/building.h"

namespace tacit::grid {

struct GridConfig;

/// The best that one building could do if it knew all K hours: a linear program, solved by CLP. In
/// units of energy that reaches the house, battery and backlog are two stores in one network:
///   minimise  sum_k p_k g_k  (or sum_k g_k)  with g_k = d_k - e_k - b_k + b_{k-1} in [0, Gmax],
///     r_k + e_k - r_{k-1} in [0, eta_c eta_d sol_k]   (the sun that is accepted; the rest
///     spilled), r_k + e_k <= eta_d C,  e_k in [0, Pdis],  r_k, b_k >= 0,  b_K <= B,  r_{-1} =
///     b_{-1} = 0,
/// where e is delivered by the battery, r is left in it after the hour, b is the backlog after the
/// hour. Grid and accepted sun are ranges of rows, not variables: so the basis of all slacks (all
/// demand served at once, from the grid) is feasible, and the primal simplex needs no first phase
/// (measured at K = 3,000: 0.08-0.12 s, 0.6 s with all five variables per hour).
class ForesightProgram {
 public:
  /// Hours 0..hour_count-1 from an empty battery without backlog; hours beyond the data wrap
  /// around.
  /// @param building  index into district->buildings
  /// @pre hour_count >= 1
  ForesightProgram(const std::shared_ptr<const District>& district, std::size_t building,
                   const BuildingParameters& parameters, std::size_t hour_count);
  ~ForesightProgram();
  ForesightProgram(ForesightProgram&&) noexcept;
  ForesightProgram& operator=(ForesightProgram&&) noexcept;

  /// The least cost of all hours that ends with a backlog of at most `backlog_end_most` >= 0 [$].
  /// The basis is kept: the next call with another backlog takes 2 to 5 ms.
  double least_cost(double backlog_end_most);

  /// The least energy from the grid in all hours, likewise [kWh].
  double least_grid_kwh(double backlog_end_most);

 private:
  struct Solver;
  std::unique_ptr<Solver> solver_;
};

/// The cost of perfect foresight of all agents together, each of which ends with at most its own
/// backlog [$]. It is the joint optimum wherever the cap does not bind.
/// @param backlog_end  [N] kWh, >= 0
double foresight_cost(const GridConfig& config, std::span<const double> backlog_end);

/// The least cap, as a fraction of the peak, that the agents can meet over the hours of the run
/// without a backlog at its end.
double least_cap_fraction(const GridConfig& config);

}  // namespace tacit::grid
