#include "agent/systems/patrol/multipliers.h"

#include <algorithm>

namespace tacit::patrol {

void update_multipliers(const DualConfig& config, std::span<const int> attended,
                        std::span<double> lambda) {
  const double steps = static_cast<double>(config.rollout_steps);
  for (std::size_t m = 0; m < lambda.size(); ++m) {
    const double missing = steps * (config.required[m] + config.tightening) - attended[m];
    lambda[m] = std::max(0.0, (1 - config.alpha) * lambda[m] + config.eta / steps * missing);
  }
}

std::vector<double> normalised(std::span<const double> lambda) {
  const double largest = std::ranges::max(lambda);
  std::vector<double> weights(lambda.size(), 0.0);
  if (largest <= 1e-12) return weights;
  std::ranges::transform(lambda, weights.begin(), [=](double value) { return value / largest; });
  return weights;
}

}  // namespace tacit::patrol
