#include "agent/systems/patrol/patrol_theory.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

namespace tacit::patrol {

std::vector<int> attended_steps(std::span<const ZoneMask> rewards, std::size_t rollout_steps,
                                std::size_t zone_count) {
  std::vector<int> attended(rewards.size() / rollout_steps * zone_count, 0);
  for (std::size_t t = 0; t < rewards.size(); ++t) {
    const std::size_t row = t / rollout_steps * zone_count;
    for (std::size_t m = 0; m < zone_count; ++m) attended[row + m] += (rewards[t] >> m) & 1;
  }
  return attended;
}

std::vector<double> reference_multipliers(const DualConfig& dual, std::span<const int> attended) {
  const std::size_t zone_count = dual.required.size();
  std::vector<double> lambda(zone_count, 0.0);
  std::vector<double> rows = lambda;
  for (std::size_t first = 0; first < attended.size(); first += zone_count) {
    update_multipliers(dual, attended.subspan(first, zone_count), lambda);
    rows.insert(rows.end(), lambda.begin(), lambda.end());
  }
  return rows;
}

std::vector<Bound> sample_path_bounds(const DualConfig& dual, std::span<const double> fractions,
                                      std::span<const double> reference) {
  const std::size_t zone_count = fractions.size();
  const std::size_t last = reference.size() - zone_count;
  const double rollouts = static_cast<double>(last / zone_count);
  std::vector<Bound> bounds;
  for (std::size_t m = 0; m < zone_count; ++m) {
    double sum = 0;
    for (std::size_t row = 0; row < last; row += zone_count) sum += reference[row + m];
    const double least = dual.required[m] + dual.tightening -
                         (dual.alpha * sum + reference[last + m]) / (dual.eta * rollouts);
    bounds.push_back({"sample_path_zone_" + std::to_string(m + 1), least, fractions[m]});
  }
  return bounds;
}

std::vector<Bound> margin_bounds(const DualConfig& dual, std::size_t robot_count,
                                 std::span<const double> fractions,
                                 std::span<const double> reference) {
  const std::vector<double>& required = dual.required;
  const double sum = std::accumulate(required.begin(), required.end(), 0.0);
  if (std::ranges::max(required) >= 1 || sum > static_cast<double>(robot_count) - 1) return {};
  const std::size_t zone_count = fractions.size();
  const std::size_t last = reference.size() - zone_count;
  const double rollouts = static_cast<double>(last / zone_count);
  double missing = -std::numeric_limits<double>::infinity();
  for (std::size_t m = 0; m < zone_count; ++m) {
    missing = std::max(missing, required[m] - fractions[m]);
  }
  const double bound = std::sqrt(dual.alpha * static_cast<double>(zone_count)) +
                       std::ranges::max(reference.subspan(last)) / (dual.eta * rollouts);
  return {{"theorem_1", missing, bound}};
}

MultiplierError multiplier_error(std::span<const std::vector<double>> lambda,
                                 std::span<const double> reference, std::size_t zone_count) {
  MultiplierError error;
  const double rollouts = static_cast<double>(reference.size() / zone_count - 1);
  for (const std::vector<double>& own : lambda) {
    std::vector<double> component(zone_count, 0.0);
    double largest = 0;
    for (std::size_t row = zone_count; row < reference.size(); row += zone_count) {
      double most = 0;
      for (std::size_t m = 0; m < zone_count; ++m) {
        const double above = own[row + m] - reference[row + m];
        component[m] += std::abs(above) / rollouts;
        most = std::max(most, std::abs(above));
        error.below = std::max(error.below, -above);
      }
      largest += most / rollouts;
    }
    error.component = std::max(error.component, std::ranges::max(component));
    error.largest = std::max(error.largest, largest);
  }
  return error;
}

double multiplier_error_bound(const DualConfig& dual, std::size_t diameter, double up_probability) {
  return dual.eta * static_cast<double>(diameter) /
         (dual.alpha * static_cast<double>(dual.rollout_steps) * up_probability);
}

double negative_binomial_cdf(std::size_t successes, double probability, std::size_t trials) {
  if (successes == 0) return 1;
  // The probability that trial i brings the last success, from that of trial i - 1.
  double chance = std::pow(probability, static_cast<double>(successes));
  double sum = 0;
  for (std::size_t i = successes; i <= trials; ++i) {
    sum += chance;
    chance *= (1 - probability) * static_cast<double>(i) / static_cast<double>(i - successes + 1);
  }
  return sum;
}

double optimum_margin(const Lattice& lattice, std::span<const double> required,
                      std::size_t robot_count) {
  int zones_at_once = 1;
  for (std::size_t p = 0; p < lattice.size(); ++p) {
    zones_at_once = std::max(zones_at_once, std::popcount(lattice.zones(static_cast<Place>(p))));
  }
  const double capacity = static_cast<double>(robot_count) * zones_at_once;
  const double sum = std::accumulate(required.begin(), required.end(), 0.0);
  return std::min(1 - std::ranges::max(required),
                  (capacity - sum) / static_cast<double>(required.size()));
}

}  // namespace tacit::patrol
