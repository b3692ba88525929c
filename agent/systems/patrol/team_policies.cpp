#include "agent/systems/patrol/team_policies.h"

#include <string>

#include "common/base/checkpoint.h"
#include "common/base/error.h"

namespace tacit::patrol {
namespace {

void require(bool holds, const std::string& what) {
  if (!holds) {
    throw InputError(ExitCode::bad_data,
                     "policies of patrol: " + what + ": train them again with this version");
  }
}

PatrolPolicy read_policy(CheckpointReader& reader, const PolicyShape& shape) {
  std::vector<float> parameters;
  reader.values(parameters);
  require(parameters.size() == shape.parameter_count(),
          "one has " + std::to_string(parameters.size()) + " parameters, not " +
              std::to_string(shape.parameter_count()));
  const Eigen::Map<const Eigen::VectorXf> all(parameters.data(),
                                              static_cast<Eigen::Index>(parameters.size()));
  require(all.allFinite(), "a parameter is not finite");
  return {shape, all};
}

TeamPolicies read(CheckpointReader& reader, const PolicyShape& shape, std::size_t robot_count) {
  PolicyShape found;
  std::size_t found_robots = 0;
  reader.value(found);
  reader.value(found_robots);
  require(found == shape, "they are for " + std::to_string(found.tile_count) + " tiles and " +
                              std::to_string(found.zone_count) + " zones, or of another network");
  require(found_robots == robot_count, "they are for " + std::to_string(found_robots) +
                                           " robots, not " + std::to_string(robot_count));
  TeamPolicies policies{read_policy(reader, shape), {}};
  for (std::size_t n = 0; n < robot_count; ++n) {
    policies.robots.push_back(read_policy(reader, shape));
  }
  require(reader.at_end(), "bytes are left over");
  return policies;
}

}  // namespace

std::vector<std::byte> TeamPolicies::bytes() const {
  CheckpointWriter writer;
  const auto write = [&](const PatrolPolicy& policy) {
    writer.values(std::vector<float>(policy.parameters().begin(), policy.parameters().end()));
  };
  writer.value(single.shape());
  writer.value(robots.size());
  write(single);
  for (const PatrolPolicy& policy : robots) write(policy);
  return {writer.bytes().begin(), writer.bytes().end()};
}

TeamPolicies TeamPolicies::from_bytes(std::span<const std::byte> content, const PolicyShape& shape,
                                      std::size_t robot_count) {
  CheckpointReader reader(content);
  try {
    return read(reader, shape, robot_count);
  } catch (const InputError& error) {
    throw InputError(ExitCode::bad_data, error.what());
  }
}

}  // namespace tacit::patrol
