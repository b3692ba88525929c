#include "agent/systems/grid/building_policy.h"

#include <array>

#include "common/base/check.h"

namespace tacit::grid {

namespace {

constexpr std::array kGridFractions{0.0, 0.25, 0.5, 0.75, 1.0};
constexpr std::array kBatteryFractions{0.0, 0.5, 1.0};

}  // namespace

ActionSpace building_action_space() {
  return {{kGridFractions.size(), kBatteryFractions.size()}, 0};
}

Action action_of(std::span<const double> choices) {
  TACIT_CHECK(choices.size() == 2, "a building chooses for the grid and for the battery");
  return {kGridFractions.at(static_cast<std::size_t>(choices[0])),
          kBatteryFractions.at(static_cast<std::size_t>(choices[1]))};
}

BuildingPolicy::BuildingPolicy(const Config& config, std::optional<PolicyNetwork> network)
    : config_(config), network_(std::move(network)) {
  TACIT_CHECK((config.rule == PolicyRule::ppo) == network_.has_value(),
              "a network belongs to the ppo rule and to no other");
}

Action BuildingPolicy::act(const Building& building, double lambda, double nu,
                           RandomStream stream) {
  const double price = building.state().price;
  const bool off_peak = price < config_.peak_price;
  switch (config_.rule) {
    case PolicyRule::threshold: {
      const double worth = -nu - lambda - building.price_scale() * price;
      return {worth > 0 && off_peak ? 1.0 : 0.0, nu < 0 ? 1.0 : 0.0};
    }
    case PolicyRule::serve_at_once:
      return {1, 1};
    case PolicyRule::off_peak:
      return {off_peak ? 1.0 : 0.0, 1};
    case PolicyRule::ppo:
      break;
  }
  const Observation observation = building.observe(lambda, nu);
  std::array<double, 2> choices;
  if (config_.sampled) {
    network_->sample(observation, stream, choices);
  } else {
    network_->greedy(observation, choices);
  }
  return action_of(choices);
}

}  // namespace tacit::grid
