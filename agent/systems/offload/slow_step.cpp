#include "agent/systems/offload/slow_step.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace tacit::offload {

void SlowStepConfig::validate() const {
  const auto require = [](bool holds, const char* message) {
    if (!holds) throw std::invalid_argument(message);
  };
  require(step > 0, "step: must be > 0");
  require(floor >= 0 && floor <= 1, "floor: must be 0..1");
  require(clip > 0, "clip: must be > 0");
  require(horizon > 0, "horizon: must be > 0");
  require(perturbation > 0, "perturbation: must be > 0");
}

// With these exponents sum eta_n is infinite and sum (eta_n / sig_n)^2 finite, which simultaneous
// perturbation needs to converge.
double perturbation_size(const SlowStepConfig& config, int slow_step) {
  return config.perturbation / std::pow(1.0 + slow_step / config.horizon, 0.101);
}

double step_size(const SlowStepConfig& config, int slow_step, std::size_t agent_count,
                 double alpha) {
  const double scale = static_cast<double>(agent_count) * std::max(1.0, alpha);
  return config.step / scale / std::pow(1.0 + slow_step / config.horizon, 0.602);
}

LocalGradient multiplier_gradient(const Evaluation& evaluation, double slope) {
  return {.own = -evaluation.lambda, .coupling = evaluation.K * slope};
}

double signed_offset(double value, double size, double least, std::uint64_t word) {
  const bool plus = value - size < least || (word >> 63) != 0;
  return plus ? size : -size;
}

Perturbation draw_perturbation(const SlowStepConfig& config, int slow_step, double theta,
                               double others, RandomStream stream) {
  const double size = perturbation_size(config, slow_step);
  const std::uint64_t own_word = stream();
  const std::uint64_t coupling_word = stream();
  return {.own = signed_offset(theta, size, config.floor, own_word),
          .coupling = signed_offset(others, size, 0.0, coupling_word)};
}

LocalGradient finite_difference_gradient(double J, double J_own, double J_coupling,
                                         const Perturbation& perturbation) {
  return {.own = (J_own - J) / perturbation.own,
          .coupling = (J_coupling - J) / perturbation.coupling};
}

double next_budget(const SlowStepConfig& config, double theta, const LocalGradient& gradient,
                   double coupling_sum, double step, std::size_t agent_count) {
  const double slope = gradient.own + (coupling_sum - gradient.coupling);
  const double most = config.clip / static_cast<double>(agent_count);
  const double move = std::clamp(step * slope, -most, most);
  return std::clamp(theta - move, config.floor, 1.0);
}

}  // namespace tacit::offload
