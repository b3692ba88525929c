#include "agent/systems/patrol/fixed_weights.h"

#include "agent/systems/patrol/multipliers.h"

namespace tacit::patrol {

std::optional<std::vector<double>> fixed_weights(TrainingWeights weights,
                                                 std::span<const double> required) {
  std::vector<double> fixed;
  for (const double c : required) {
    switch (weights) {
      case TrainingWeights::sampled:
        return std::nullopt;
      case TrainingWeights::equal:
        fixed.push_back(1);
        break;
      case TrainingWeights::proportional:
        fixed.push_back(c);
        break;
      case TrainingWeights::inverse:
        fixed.push_back(1 / c);
        break;
    }
  }
  return normalised(fixed);
}

}  // namespace tacit::patrol
