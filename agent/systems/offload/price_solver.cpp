#include "agent/systems/offload/price_solver.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "common/base/check.h"

namespace tacit::offload {
namespace {

/// An improvement below this, relative to the values compared, is rounding.
constexpr double kTieTolerance = 1e-11;

/// Solves A X = B in place by Gaussian elimination; X replaces B. Needs no pivoting here: every A
/// is I minus a non-negative matrix with row sums below 1, so it is diagonally dominant.
/// @param A  [size][size], destroyed
/// @param B  [size][columns]
void solve_in_place(std::vector<double>& A, std::size_t size, double* B, std::size_t columns) {
  for (std::size_t k = 0; k < size; ++k) {
    const double* pivot = &A[k * size];
    const double* pivot_right = B + k * columns;
    for (std::size_t i = k + 1; i < size; ++i) {
      double* row = &A[i * size];
      if (row[k] == 0.0) continue;
      const double factor = row[k] / pivot[k];
      for (std::size_t j = k; j < size; ++j) row[j] -= factor * pivot[j];
      double* right = B + i * columns;
      for (std::size_t j = 0; j < columns; ++j) right[j] -= factor * pivot_right[j];
    }
  }
  for (std::size_t k = size; k-- > 0;) {
    double* right = B + k * columns;
    for (std::size_t i = k + 1; i < size; ++i) {
      const double factor = A[k * size + i];
      if (factor == 0.0) continue;
      const double* known = B + i * columns;
      for (std::size_t j = 0; j < columns; ++j) right[j] -= factor * known[j];
    }
    const double inverse = 1.0 / A[k * size + k];
    for (std::size_t j = 0; j < columns; ++j) right[j] *= inverse;
  }
}

}  // namespace

PriceSolver::PriceSolver(const Environment& environment)
    : environment_(environment),
      ages_(static_cast<std::size_t>(environment.type().M)),
      levels_(environment.state_count() / ages_),
      width_(levels_ + 2),
      table_(environment.state_count() * width_),
      top_(levels_ * levels_),
      square_(levels_ * levels_) {
  values_.cost.resize(environment.state_count());
  values_.offloads.resize(environment.state_count());
}

PriceSolver::Solution PriceSolver::solve(double price, Policy start) {
  TACIT_CHECK(start.size() == environment_.state_count(), "a policy has one action per state");
  // Policy iteration takes about ten steps; the bound guards against rounding between ties.
  constexpr int kStepMax = 1000;
  evaluate(start);
  for (int step = 0; step < kStepMax && improve(start, price); ++step) evaluate(start);
  return {std::move(start), from_beta(values_.offloads), from_beta(values_.cost)};
}

bool PriceSolver::improve(Policy& policy, double price) const {
  const double gamma = environment_.type().gamma;
  const auto& [cost, offloads] = values_;
  std::vector<double> total(cost.size());
  for (std::size_t s = 0; s < total.size(); ++s) total[s] = cost[s] + price * offloads[s];
  bool changed = false;
  for (std::size_t s = 0; s < policy.size(); ++s) {
    const Action current = policy[s];
    double best = total[s] - kTieTolerance * (1.0 + std::abs(total[s]));
    for (const Action action : {Action::wait, Action::process, Action::offload}) {
      if (action == current || !environment_.is_legal(s, action)) continue;
      const auto successors = environment_.outcomes(s, action);
      const auto probabilities = environment_.outcome_probabilities(action);
      double ahead = 0.0;
      for (std::size_t k = 0; k < successors.size(); ++k) {
        ahead += probabilities[k] * total[successors[k]];
      }
      const double value =
          environment_.costs()[s] + gamma * ahead + (action == Action::offload ? price : 0.0);
      if (value < best) {
        best = value;
        policy[s] = action;
        changed = true;
      }
    }
  }
  return changed;
}

/// Writes state's one-step equation: the part that leads to age 1 and the constants into its row
/// of the table, the part that leads to age x + 1 (or stays at M) into `ahead`, [levels].
void PriceSolver::fill_row(std::size_t state, Action action, std::vector<double>& ahead) {
  const double gamma = environment_.type().gamma;
  double* row = &table_[state * width_];
  std::fill(row, row + width_, 0.0);
  std::fill(ahead.begin(), ahead.end(), 0.0);
  const auto successors = environment_.outcomes(state, action);
  const auto probabilities = environment_.outcome_probabilities(action);
  for (std::size_t k = 0; k < successors.size(); ++k) {
    const std::size_t next = successors[k];
    if (next < levels_) {
      row[next] += gamma * probabilities[k];
    } else {
      ahead[next % levels_] += gamma * probabilities[k];
    }
  }
  row[levels_] = environment_.costs()[state];
  row[levels_ + 1] = action == Action::offload ? 1.0 : 0.0;
}

const StateValues& PriceSolver::evaluate(const Policy& policy) {
  std::vector<double> ahead(levels_);
  for (std::size_t age = ages_; age-- > 0;) {
    for (std::size_t level = 0; level < levels_; ++level) {
      const std::size_t s = age * levels_ + level;
      fill_row(s, policy[s], ahead);
      if (age + 1 == ages_) {  // Age M leads to itself: one small system for all its states.
        for (std::size_t j = 0; j < levels_; ++j) {
          top_[level * levels_ + j] = (level == j ? 1.0 : 0.0) - ahead[j];
        }
        continue;
      }
      double* row = &table_[s * width_];
      for (std::size_t j = 0; j < levels_; ++j) {
        if (ahead[j] == 0.0) continue;
        const double* known = &table_[((age + 1) * levels_ + j) * width_];
        for (std::size_t k = 0; k < width_; ++k) row[k] += ahead[j] * known[k];
      }
    }
    if (age + 1 == ages_) eliminate_top_age();
  }
  solve_age_one();
  return values_;
}

void PriceSolver::eliminate_top_age() {
  solve_in_place(top_, levels_, &table_[(ages_ - 1) * levels_ * width_], width_);
}

void PriceSolver::solve_age_one() {
  std::vector<double> first(levels_ * 2);
  for (std::size_t i = 0; i < levels_; ++i) {
    const double* row = &table_[i * width_];
    for (std::size_t j = 0; j < levels_; ++j) {
      square_[i * levels_ + j] = (i == j ? 1.0 : 0.0) - row[j];
    }
    first[2 * i] = row[levels_];
    first[2 * i + 1] = row[levels_ + 1];
  }
  solve_in_place(square_, levels_, first.data(), 2);
  for (std::size_t s = 0; s < environment_.state_count(); ++s) {
    const double* row = &table_[s * width_];
    double cost = row[levels_];
    double offloads = row[levels_ + 1];
    for (std::size_t j = 0; j < levels_; ++j) {
      cost += row[j] * first[2 * j];
      offloads += row[j] * first[2 * j + 1];
    }
    values_.cost[s] = cost;
    values_.offloads[s] = offloads;
  }
}

double PriceSolver::from_beta(std::span<const double> values) const {
  const auto initial = environment_.initial_states();
  double sum = 0.0;
  for (const std::size_t s : initial) sum += values[s];
  return (1.0 - environment_.type().gamma) * sum / static_cast<double>(initial.size());
}

}  // namespace tacit::offload
