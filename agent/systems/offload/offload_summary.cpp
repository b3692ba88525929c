#include "agent/systems/offload/offload_summary.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "agent/systems/offload/agent_result.h"
#include "agent/systems/offload/team.h"

namespace tacit::offload {

namespace {

constexpr double kBudgetExcessMost = 0.05;

double mean(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

std::vector<double> gather(std::span<const ProcessRecord> agents, std::string_view name) {
  std::vector<double> values;
  for (const ProcessRecord& agent : agents) {
    const auto found = agent.result.find(name);
    values.push_back(found == agent.result.end() || found->second.empty() ? 0.0
                                                                          : found->second.front());
  }
  return values;
}

double budget_excess(std::span<const double> K, std::span<const double> theta) {
  double excess = 0;
  for (std::size_t i = 0; i < K.size(); ++i) excess += std::max(0.0, K[i] - theta[i]);
  const double total = std::accumulate(theta.begin(), theta.end(), 0.0);
  return excess == 0 ? 0.0 : excess / total;
}

// The error of each agent's estimate of the sum of the values given in a step, relative to the sum
// of their absolute values.
double sum_error(std::span<const double> given, std::span<const double> estimates) {
  const double sum = std::accumulate(given.begin(), given.end(), 0.0);
  double scale = 0, worst = 0;
  for (const double value : given) scale += std::abs(value);
  for (const double estimate : estimates) worst = std::max(worst, std::abs(estimate - sum));
  return scale > 0 ? worst / scale : worst;
}

}  // namespace

References make_references(const OffloadConfig& config) {
  CurveLibrary library;
  const Team team = make_team(config.team, Congestion(config.alpha), library);
  const std::vector<double> theta = optimise_team(team);
  const TeamAnswer answer = answer_team(team, theta);
  const std::vector<double> selfish = selfish_frequencies(team);
  std::vector<double> K, U;
  References references{};
  for (std::size_t i = 0; i < team.size(); ++i) {
    references.never_cost += team.curves[i]->never_cost();
    K.push_back(answer.agents[i].K);
    U.push_back(answer.agents[i].U);
  }
  references.optimal_cost = answer.total;
  references.optimal_true_cost = stationary_cost(K, U, team.congestion);
  references.optimal_frequency = mean(K);
  references.selfish_cost = total_cost(team, selfish);
  references.selfish_frequency = mean(selfish);
  return references;
}

std::vector<std::vector<double>> step_values(std::span<const ProcessRecord> agents,
                                             std::string_view column) {
  std::vector<std::vector<double>> steps;
  for (std::size_t i = 0; i < agents.size(); ++i) {
    const std::vector<double> values = agents[i].metrics.column(column);
    if (i == 0) steps.resize(values.size());
    if (values.size() < steps.size()) steps.resize(values.size());
    for (std::size_t k = 0; k < steps.size(); ++k) steps[k].push_back(values[k]);
  }
  return steps;
}

SumErrors sum_errors(std::span<const ProcessRecord> agents) {
  const auto theta = step_values(agents, "theta");
  const auto S = step_values(agents, "sum_theta");
  const auto w = step_values(agents, "w");
  const auto W = step_values(agents, "sum_w");
  SumErrors errors;
  for (std::size_t k = 0; k < theta.size(); ++k) {
    errors.S.push_back(sum_error(theta[k], S[k]));
    // The last row comes from the last evaluation, after which no agent sends w.
    if (k + 1 < theta.size()) errors.W.push_back(sum_error(w[k], W[k]));
  }
  return errors;
}

Summary summarise_offload(const OffloadConfig& config, std::span<const ProcessRecord> agents) {
  const References references = make_references(config);
  const Congestion congestion(config.alpha);
  std::vector<PolicyValue> values;
  std::vector<double> K, U;
  for (const ProcessRecord& agent : agents) {
    values.push_back(read_policy_value(agent.result));
    K.push_back(values.back().K);
    U.push_back(values.back().U);
  }
  const double never = references.never_cost;
  const double cost = stationary_cost(K, U, congestion);
  Summary summary;
  auto& metrics = summary.metrics;
  metrics["cost_ratio"] = {cost / never};
  metrics["timed_ratio"] = {timed_cost(values, config.gamma(), congestion) / never};
  metrics["optimal_ratio"] = {references.optimal_cost / never};
  metrics["optimal_true_ratio"] = {references.optimal_true_cost / never};
  metrics["selfish_ratio"] = {references.selfish_cost / never};
  metrics["gap"] = {cost / references.optimal_true_cost - 1.0};
  metrics["frequency"] = K;
  metrics["frequency_mean"] = {mean(K)};
  metrics["optimal_frequency_mean"] = {references.optimal_frequency};
  metrics["selfish_frequency_mean"] = {references.selfish_frequency};
  if (config.method == Method::dcc) {
    const std::vector<double> theta = gather(agents, "theta");
    metrics["theta"] = theta;
    metrics["lambda"] = gather(agents, "lambda");
    summary.constraints.push_back({"budget_excess", budget_excess(K, theta), kBudgetExcessMost});
    if (config.dcc.sums == Sums::graph) {
      const SumErrors errors = sum_errors(agents);
      double worst = 0;
      for (const double error : errors.S) worst = std::max(worst, error);
      for (const double error : errors.W) worst = std::max(worst, error);
      metrics["sum_error"] = {worst};
      metrics["phase_rounds"] = {static_cast<double>(config.dcc.phase_rounds)};
    }
  }
  const SurrogateError lemma = surrogate_error(K, config.alpha);
  summary.bounds.push_back({"lemma1", std::abs(lemma.error), lemma.bound});
  return summary;
}

}  // namespace tacit::offload
