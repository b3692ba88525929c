#include "agent/learning/ppo/gae.h"

#include <cstddef>
#include <stdexcept>

namespace tacit {

void estimate_advantages(const RewardTrace& trace, double gamma, double lambda,
                         std::span<double> advantage) {
  const std::size_t step_count = advantage.size();
  if (trace.reward.size() != step_count || trace.value.size() != step_count ||
      trace.next_value.size() != step_count || trace.ending.size() != step_count) {
    throw std::invalid_argument("advantages: reward, value, next value and ending must be as long");
  }
  double following = 0;
  for (std::size_t t = step_count; t-- > 0;) {
    const Ending ending = trace.ending[t];
    const double bootstrap = ending == Ending::terminated ? 0.0 : trace.next_value[t];
    const double delta = trace.reward[t] + gamma * bootstrap - trace.value[t];
    following = delta + (ending == Ending::none ? gamma * lambda * following : 0.0);
    advantage[t] = following;
  }
}

}  // namespace tacit
