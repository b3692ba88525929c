#include "agent/systems/locomotion/locomotion_summary.h"

#include <algorithm>
#include <numeric>
#include <string>

#include "common/base/error.h"

namespace tacit::locomotion {
namespace {

constexpr std::size_t kLastIterations = 10;

double mean_of_last(std::span<const double> values) {
  const auto last = values.last(std::min(values.size(), kLastIterations));
  return std::accumulate(last.begin(), last.end(), 0.0) / static_cast<double>(last.size());
}

double counted(const ProcessRecord& process, const std::string& name) {
  const auto found = process.result.find(name);
  if (found == process.result.end() || found->second.size() != 1) {
    throw InputError(ExitCode::bad_data,
                     "the plant's result.json has no " + name + "; run the experiment again");
  }
  return found->second.front();
}

}  // namespace

std::vector<double> per_iteration(const LocomotionConfig& config,
                                  std::span<const ProcessRecord> processes, std::size_t process,
                                  std::string_view column) {
  std::vector<double> values = processes[process].metrics.column(column);
  const auto expected = static_cast<std::size_t>(config.shape.iteration_count);
  if (values.size() != expected) {
    throw InputError(ExitCode::bad_data,
                     process_name(process_id(process), config.agent_count()) +
                         ": metrics.csv has " + std::to_string(values.size()) + " values of " +
                         std::string(column) + ", not one for each of the " +
                         std::to_string(expected) + " iterations; run the experiment again");
  }
  return values;
}

std::vector<double> mean_over_agents(const LocomotionConfig& config,
                                     std::span<const ProcessRecord> processes,
                                     std::string_view column) {
  const std::size_t count = config.agent_count();
  std::vector<double> mean(static_cast<std::size_t>(config.shape.iteration_count), 0.0);
  for (std::size_t agent = 0; agent < count; ++agent) {
    const std::vector<double> own = per_iteration(config, processes, agent, column);
    for (std::size_t k = 0; k < mean.size(); ++k) mean[k] += own[k] / static_cast<double>(count);
  }
  return mean;
}

Summary summarise_locomotion(const LocomotionConfig& config,
                             std::span<const ProcessRecord> processes) {
  const std::size_t count = config.agent_count();
  const ProcessRecord& plant = processes[count];
  const std::vector<double> returns = per_iteration(config, processes, count, "return");
  const double cost = mean_of_last(mean_over_agents(config, processes, "cost"));
  Summary summary;
  summary.constraints.push_back({"cost", cost, config.learning.cost_limit});
  auto& metrics = summary.metrics;
  metrics["return"] = {mean_of_last(returns)};
  metrics["return_first"] = {returns.front()};
  metrics["cost"] = {cost};
  metrics["cost_limit"] = {config.learning.cost_limit};
  metrics["feasible"] = {summary.constraints.front().met() ? 1.0 : 0.0};
  metrics["lambda_mean"] = {mean_of_last(mean_over_agents(config, processes, "lambda"))};
  metrics["divergence"] = {mean_of_last(mean_over_agents(config, processes, "divergence"))};
  const double plant_steps = static_cast<double>(config.shape.step_count) *
                             static_cast<double>(config.shape.iteration_count);
  const double copies = static_cast<double>(config.plant.copy_count);
  for (std::size_t agent = 0; agent < count; ++agent) {
    metrics["lambda"].push_back(mean_of_last(per_iteration(config, processes, agent, "lambda")));
    metrics["neighbourhood"].push_back(
        static_cast<double>(config.neighbourhoods.members[agent].size()));
    metrics["neighbours_heard"].push_back(
        per_iteration(config, processes, agent, "states_heard").back() / (plant_steps + 1));
  }
  for (const char* kind : {"relay", "report", "action", "global", "factor"}) {
    const std::string name = std::string(kind) + "_bytes";
    const double bytes = mean_over_agents(config, processes, name).back();
    metrics[name == "relay_bytes" ? "bytes_per_step" : name + "_per_step"] = {
        bytes * static_cast<double>(count) / (plant_steps * copies)};
  }
  metrics["env_info"] = {config.task.config.env_info == EnvInfo::all ? 1.0 : 0.0};
  for (const char* name : {"steps", "episodes", "terminated", "unstable"}) {
    metrics[name] = {counted(plant, name)};
  }
  return summary;
}

}  // namespace tacit::locomotion
