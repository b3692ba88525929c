#include "agent/systems/offload/agent_result.h"

#include <algorithm>
#include <array>
#include <string>

#include "common/base/error.h"

namespace tacit::offload {

namespace {

// Ties go to the smaller action.
double majority(std::span<const Policy> mixture, std::size_t state) {
  std::array<int, kActionCount> votes{};
  for (const Policy& policy : mixture) ++votes[static_cast<std::size_t>(policy[state])];
  return static_cast<double>(std::ranges::max_element(votes) - votes.begin());
}

const std::vector<double>& field(const Result& result, std::string_view name) {
  const auto found = result.find(name);
  if (found == result.end() || found->second.empty()) {
    throw InputError(ExitCode::run_folder,
                     "a process left no \"" + std::string(name) + "\" behind; did it finish?");
  }
  return found->second;
}

}  // namespace

Result describe_policies(const Environment& environment, std::span<const Policy> mixture) {
  const PolicyValue value = evaluate_mixture(environment, mixture);
  std::vector<double> policy(environment.state_count());
  for (std::size_t s = 0; s < policy.size(); ++s) policy[s] = majority(mixture, s);
  return {{"frequency", {value.K}},
          {"local_cost", {value.U}},
          {"offload_probability", value.offload_probability},
          {"policy", policy}};
}

PolicyValue read_policy_value(const Result& result) {
  return {field(result, "frequency").front(), field(result, "local_cost").front(),
          field(result, "offload_probability")};
}

}  // namespace tacit::offload
