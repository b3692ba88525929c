#include "agent/learning/ppo/policy_network.h"

#include <cstdint>
#include <string>
#include <utility>

#include "common/base/check.h"
#include "common/base/checkpoint.h"
#include "common/base/error.h"

namespace tacit {
namespace {

// Bounds on the memory that untrusted bytes can make this process allocate.
constexpr std::size_t kSizeMost = 4096;
constexpr std::size_t kLayerMost = 16;

void require(bool holds, const std::string& what) {
  if (!holds) {
    throw InputError(ExitCode::bad_data, "policy: " + what + ": train it again with this version");
  }
}

void require_sizes(const std::vector<std::size_t>& sizes, std::size_t least) {
  for (const std::size_t size : sizes) {
    require(size >= least && size <= kSizeMost, "a size is " + std::to_string(size));
  }
}

PolicyNetwork read(CheckpointReader& reader) {
  std::vector<std::size_t> sizes;
  ActionSpace space;
  std::vector<float> parameters;
  reader.values(sizes);
  reader.values(space.choice_counts);
  reader.value(space.continuous_size);
  reader.values(parameters);
  require(reader.at_end(), "bytes are left over");
  require(
      sizes.size() >= 2 && sizes.size() <= kLayerMost && space.choice_counts.size() <= kSizeMost,
      "it has " + std::to_string(sizes.size()) + " layers");
  require_sizes(sizes, 1);
  require_sizes(space.choice_counts, 2);
  require(space.continuous_size <= kSizeMost && space.size() >= 1, "it has no action");
  require(ActionDistribution<float>(space).output_size() == sizes.back(),
          "its outputs do not fit its actions");
  require(Mlp<float>(sizes).parameter_count() + space.continuous_size == parameters.size(),
          "it has " + std::to_string(parameters.size()) + " parameters");
  const Eigen::Map<const Eigen::VectorXf> all(parameters.data(),
                                              static_cast<Eigen::Index>(parameters.size()));
  require(all.allFinite(), "a parameter is not finite");
  return {std::move(sizes), std::move(space), all};
}

}  // namespace

PolicyNetwork::PolicyNetwork(std::vector<std::size_t> sizes, ActionSpace space,
                             Eigen::VectorXf parameters)
    : network_(std::move(sizes)),
      distribution_(std::move(space)),
      parameters_(std::move(parameters)),
      observation_(static_cast<Eigen::Index>(observation_size()), 1) {
  TACIT_CHECK(network_.sizes().back() == distribution_.output_size(), "outputs are the actions'");
  TACIT_CHECK(static_cast<std::size_t>(parameters_.size()) ==
                  network_.parameter_count() + action_space().continuous_size,
              "every parameter has its place");
}

PolicyNetwork PolicyNetwork::from_bytes(std::span<const std::byte> bytes) {
  CheckpointReader reader(bytes);
  try {
    return read(reader);
  } catch (const InputError& error) {
    throw InputError(ExitCode::bad_data, error.what());
  }
}

std::vector<std::byte> PolicyNetwork::bytes() const {
  CheckpointWriter writer;
  writer.values(network_.sizes());
  writer.values(action_space().choice_counts);
  writer.value(action_space().continuous_size);
  writer.values(std::vector<float>(parameters_.begin(), parameters_.end()));
  return {writer.bytes().begin(), writer.bytes().end()};
}

void PolicyNetwork::greedy(std::span<const double> observation, std::span<double> action) {
  consider(observation, action);
  distribution_.greedy(0, action);
}

void PolicyNetwork::sample(std::span<const double> observation, RandomStream& stream,
                           std::span<double> action) {
  consider(observation, action);
  distribution_.draw(0, stream, action);
}

void PolicyNetwork::consider(std::span<const double> observation, std::span<double> action) {
  TACIT_CHECK(observation.size() == observation_size() && action.size() == action_space().size(),
              "this policy sees and acts in its own environment");
  for (std::size_t i = 0; i < observation.size(); ++i) {
    observation_(static_cast<Eigen::Index>(i)) = static_cast<float>(observation[i]);
  }
  const auto network_size = static_cast<Eigen::Index>(network_.parameter_count());
  const auto deviations = parameters_.size() - network_size;
  distribution_.set(network_.forward(parameters_.head(network_size), observation_, workspace_),
                    parameters_.tail(deviations));
}

PolicyNetwork make_policy(const ActorCritic<float>& networks) {
  const std::size_t size =
      networks.actor().parameter_count() + networks.action_space().continuous_size;
  return {networks.actor().sizes(), networks.action_space(),
          networks.parameters().head(static_cast<Eigen::Index>(size))};
}

}  // namespace tacit
