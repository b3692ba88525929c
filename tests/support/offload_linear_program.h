#pragma once

#include <ClpSimplex.hpp>
#include <CoinPackedMatrix.hpp>
#include <algorithm>
#include <cstddef>
#include <vector>

#include "agent/systems/offload/environment.h"

namespace tacit::offload {

/// One device's constrained problem solved by CLP over occupation measures: a reference that shares
/// only the environment's outcome table with the exact solver.
struct LinearProgramAnswer {
  bool is_optimal;
  double J;
  double K;
  double U;
  double lambda;          ///< multiplier of K <= theta
  int randomised_states;  ///< visited states in which more than one action is used
};

/// One column of the program: the coefficients of rho(s, action) in the constraints of the states
/// and, last, in that of the budget.
inline std::vector<double> program_column(const Environment& environment, std::size_t s,
                                          Action action) {
  std::vector<double> column(environment.state_count() + 1, 0.0);
  column[s] = 1.0;
  const auto successors = environment.outcomes(s, action);
  const auto probabilities = environment.outcome_probabilities(action);
  for (std::size_t k = 0; k < successors.size(); ++k) {
    column[successors[k]] -= environment.type().gamma * probabilities[k];
  }
  if (action == Action::offload) column.back() = 1.0;
  return column;
}

/// minimise sum rho(s,a) (u(s) + price [a = OFFLOAD]) over rho >= 0 with, for every s',
///   sum_a rho(s',a) - gamma sum_{s,a} P(s'|s,a) rho(s,a) = (1 - gamma) beta(s'),
/// and sum_s rho(s,OFFLOAD) <= theta. rho sums to 1.
inline LinearProgramAnswer solve_by_linear_program(const Environment& environment, double theta,
                                                   double price) {
  const int states = static_cast<int>(environment.state_count());
  const double gamma = environment.type().gamma;
  std::vector<double> right(environment.state_count() + 1, 0.0);
  const auto initial = environment.initial_states();
  for (const std::size_t s : initial) {
    right[s] = (1.0 - gamma) / static_cast<double>(initial.size());
  }
  std::vector<double> left = right;
  right.back() = theta;
  left.back() = -COIN_DBL_MAX;

  CoinPackedMatrix matrix(true, 0.0, 0.0);
  matrix.setDimensions(states + 1, 0);
  std::vector<double> objective;
  std::vector<std::pair<std::size_t, Action>> pairs;
  for (std::size_t s = 0; s < environment.state_count(); ++s) {
    for (const Action action : {Action::wait, Action::process, Action::offload}) {
      if (!environment.is_legal(s, action)) continue;
      const auto column = program_column(environment, s, action);
      std::vector<int> rows;
      std::vector<double> entries;
      for (int row = 0; row <= states; ++row) {
        const double entry = column[static_cast<std::size_t>(row)];
        if (entry == 0.0) continue;
        rows.push_back(row);
        entries.push_back(entry);
      }
      matrix.appendCol(static_cast<int>(rows.size()), rows.data(), entries.data());
      objective.push_back(environment.costs()[s] + (action == Action::offload ? price : 0.0));
      pairs.emplace_back(s, action);
    }
  }

  ClpSimplex simplex;
  simplex.setLogLevel(0);
  simplex.setPrimalTolerance(1e-10);
  simplex.setDualTolerance(1e-10);
  simplex.loadProblem(matrix, nullptr, nullptr, objective.data(), left.data(), right.data());
  simplex.dual();

  LinearProgramAnswer answer{simplex.isProvenOptimal(),
                             simplex.objectiveValue(),
                             0.0,
                             0.0,
                             -simplex.dualRowSolution()[states],
                             0};
  std::vector<int> used_actions(environment.state_count(), 0);
  for (std::size_t k = 0; k < pairs.size(); ++k) {
    const double rho = simplex.primalColumnSolution()[k];
    const auto [s, action] = pairs[k];
    if (action == Action::offload) answer.K += rho;
    answer.U += rho * environment.costs()[s];
    if (rho > 1e-9 && ++used_actions[s] == 2) ++answer.randomised_states;
  }
  return answer;
}

}  // namespace tacit::offload
