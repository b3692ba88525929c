#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "agent/systems/patrol/patrol_config.h"
#include "common/graph/graph.h"
#include "common/link/link_model.h"
#include "common/results/summary.h"

namespace tacit::patrol {

/// The history of a finished run, seen from outside: no robot knows any of this during the run. S_t
/// are the places of all robots at step t; r(S_t)_m = 1 if a robot is in zone m.
struct PatrolTrace {
  std::vector<std::vector<Place>> places;   ///< [N][T] S_t
  std::vector<ZoneMask> rewards;            ///< [T] r(S_t)
  std::vector<int> attended;                ///< [K x M] sum of r(S_t) over each rollout
  std::vector<double> reference;            ///< [(K + 1) x M] multipliers by r(S_t)
  std::vector<std::vector<double>> lambda;  ///< [N][(K + 1) x M] multipliers of each robot
  std::vector<std::vector<double>> known;   ///< [N][K x M] steps of attendance the robot knew of
};

/// @param agents  [N] each with columns x_m and y_m for every step, and lambda and attended in its
///                result
/// @throws InputError (bad_data) naming the agent, if something is missing, or a place is off the
/// lattice
PatrolTrace read_trace(const PatrolConfig& config, std::span<const ProcessRecord> agents);

/// [M] r_m = (1/T) sum_t r(S_t)_m
std::vector<double> visit_fractions(const PatrolConfig& config, const PatrolTrace& trace);

/// Which robots could hear each other in all T steps, the first of each rollout included:
/// neighbours in the graph whose link was up and, if links need it, that were close enough.
struct LinkCounts {
  std::vector<std::size_t> pairs;       ///< [N (N - 1) / 2] steps: (0,1), (0,2), ..., (N-2,N-1)
  std::vector<std::size_t> neighbours;  ///< [N] robot-steps with 0, 1, ..., N - 1 neighbours
};
LinkCounts count_links(const PatrolTrace& trace, const Lattice& lattice, const Graph& graph,
                       const LinkModel& links);

}  // namespace tacit::patrol
