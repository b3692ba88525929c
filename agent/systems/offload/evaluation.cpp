#include "agent/systems/offload/evaluation.h"

#include <algorithm>
#include <numeric>

#include "common/base/check.h"

namespace tacit::offload {
namespace {

constexpr double kHorizonWeight = 1e-13;

}  // namespace

PolicyValue evaluate(const Environment& environment, const Policy& policy) {
  const std::size_t states = environment.state_count();
  TACIT_CHECK(policy.size() == states, "a policy has one action per state");
  const double gamma = environment.type().gamma;
  const auto initial = environment.initial_states();
  std::vector<double> now(states, 0.0);
  for (const std::size_t s : initial) now[s] = 1.0 / static_cast<double>(initial.size());

  PolicyValue value;
  std::vector<double> next(states);
  for (double weight = 1.0; weight >= kHorizonWeight; weight *= gamma) {
    std::fill(next.begin(), next.end(), 0.0);
    double offload = 0.0;
    double cost = 0.0;
    for (std::size_t s = 0; s < states; ++s) {
      if (now[s] == 0.0) continue;
      if (policy[s] == Action::offload) offload += now[s];
      cost += now[s] * environment.costs()[s];
      const auto successors = environment.outcomes(s, policy[s]);
      const auto probabilities = environment.outcome_probabilities(policy[s]);
      for (std::size_t k = 0; k < successors.size(); ++k) {
        next[successors[k]] += now[s] * probabilities[k];
      }
    }
    value.K += (1.0 - gamma) * weight * offload;
    value.U += (1.0 - gamma) * weight * cost;
    value.offload_probability.push_back(offload);
    now.swap(next);
  }
  return value;
}

PolicyValue evaluate_mixture(const Environment& environment, std::span<const Policy> policies) {
  TACIT_CHECK(!policies.empty(), "a mixture has at least one policy");
  std::vector<PolicyValue> values;
  for (const Policy& policy : policies) values.push_back(evaluate(environment, policy));
  return mix(values, std::vector<double>(values.size(), 1.0 / static_cast<double>(values.size())));
}

PolicyValue mix(std::span<const PolicyValue> values, std::span<const double> weights) {
  TACIT_CHECK(values.size() == weights.size() && !values.empty(), "a weight per policy");
  PolicyValue mixed;
  mixed.offload_probability.assign(values.front().offload_probability.size(), 0.0);
  for (std::size_t k = 0; k < values.size(); ++k) {
    TACIT_CHECK(values[k].offload_probability.size() == mixed.offload_probability.size(),
                "policies of a mixture belong to one environment");
    mixed.K += weights[k] * values[k].K;
    mixed.U += weights[k] * values[k].U;
    for (std::size_t t = 0; t < mixed.offload_probability.size(); ++t) {
      mixed.offload_probability[t] += weights[k] * values[k].offload_probability[t];
    }
  }
  return mixed;
}

std::vector<double> poisson_binomial(std::span<const double> probabilities) {
  std::vector<double> distribution(probabilities.size() + 1, 0.0);
  distribution[0] = 1.0;
  std::size_t trials = 0;
  for (const double p : probabilities) {
    ++trials;
    for (std::size_t n = trials; n >= 1; --n) {
      distribution[n] = distribution[n] * (1.0 - p) + distribution[n - 1] * p;
    }
    distribution[0] *= 1.0 - p;
  }
  return distribution;
}

double expected_congestion(std::span<const double> probabilities, const Congestion& congestion) {
  const std::vector<double> distribution = poisson_binomial(probabilities);
  double mean = 0.0;
  for (std::size_t n = 2; n < distribution.size(); ++n) {
    mean += distribution[n] * static_cast<double>(n) * congestion.of_count(n);
  }
  return mean;
}

double stationary_cost(std::span<const double> K, std::span<const double> U,
                       const Congestion& congestion) {
  TACIT_CHECK(K.size() == U.size(), "a frequency and a local cost per device");
  return std::accumulate(U.begin(), U.end(), 0.0) + expected_congestion(K, congestion);
}

double timed_cost(std::span<const PolicyValue> values, double gamma, const Congestion& congestion) {
  double cost = 0.0;
  std::size_t horizon = 0;
  for (const PolicyValue& value : values) {
    cost += value.U;
    horizon = std::max(horizon, value.offload_probability.size());
  }
  std::vector<double> probabilities(values.size());
  double weight = 1.0 - gamma;
  for (std::size_t t = 0; t < horizon; ++t, weight *= gamma) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto& of_slot = values[i].offload_probability;
      TACIT_CHECK(of_slot.size() == horizon, "devices of a team share one discount");
      probabilities[i] = of_slot[t];
    }
    cost += weight * expected_congestion(probabilities, congestion);
  }
  return cost;
}

SurrogateError surrogate_error(std::span<const double> frequencies, double alpha) {
  const Congestion congestion(alpha);
  const double total = std::accumulate(frequencies.begin(), frequencies.end(), 0.0);
  const std::size_t count = frequencies.size();
  double surrogate = 0.0;
  double worst = 0.0;
  for (const double theta : frequencies) {
    const double others = total - theta;
    surrogate += theta * congestion.price(others);
    if (count > 1) {
      worst += theta * others / static_cast<double>(count - 1) * congestion.of_count(count);
    }
  }
  const double difference = worst - surrogate;
  return {expected_congestion(frequencies, congestion) - surrogate,
          difference < 0.0 ? -difference : difference};
}

}  // namespace tacit::offload
