#include "agent/systems/patrol/patrol_summary.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <string>

#include "agent/systems/patrol/patrol_theory.h"
#include "agent/systems/patrol/patrol_trace.h"
#include "common/base/error.h"
#include "common/graph/metrics.h"

namespace tacit::patrol {
namespace {

using Metrics = std::map<std::string, std::vector<double>>;

constexpr std::size_t kPairsOfMost = 32;  // robots

/// Fraction of all true rewards that the robots did not know of at the end of their rollout.
double missed_fraction(const PatrolTrace& trace) {
  const double all = std::accumulate(trace.attended.begin(), trace.attended.end(), 0.0) *
                     static_cast<double>(trace.known.size());
  double known = 0;
  for (const auto& own : trace.known) known += std::accumulate(own.begin(), own.end(), 0.0);
  return all > 0 ? 1 - known / all : 0.0;
}

/// The number of steps that a robot believes to be attended beyond those that were.
double false_rewards(const PatrolTrace& trace) {
  double most = -std::numeric_limits<double>::infinity();
  for (const auto& own : trace.known) {
    for (std::size_t k = 0; k < own.size(); ++k) most = std::max(most, own[k] - trace.attended[k]);
  }
  return most;
}

void add_link_metrics(const LinkCounts& counts, std::size_t steps, Metrics& to) {
  const std::size_t robot_count = counts.neighbours.size();
  const double all = static_cast<double>(steps);
  if (robot_count > 1 && robot_count <= kPairsOfMost) {
    for (const std::size_t up : counts.pairs) {
      to["link_frequency"].push_back(static_cast<double>(up) / all);
    }
  }
  for (const std::size_t times : counts.neighbours) {
    to["neighbour_fraction"].push_back(static_cast<double>(times) /
                                       (all * static_cast<double>(robot_count)));
  }
}

double total(std::span<const ProcessRecord> agents, const char* name) {
  double sum = 0;
  for (std::size_t n = 0; n < agents.size(); ++n) {
    const auto found = agents[n].result.find(name);
    if (found == agents[n].result.end() || found->second.size() != 1) {
      throw InputError(ExitCode::bad_data, "agent " + std::to_string(n) + ": result.json has no " +
                                               name + "; run the experiment again");
    }
    sum += found->second.front();
  }
  return sum;
}

void add_wire_metrics(std::span<const ProcessRecord> agents, std::size_t steps, Metrics& to) {
  to["wire_bytes_per_step"] = {total(agents, "payload_bytes") / static_cast<double>(steps)};
  const double messages = total(agents, "messages");
  if (messages == 0) return;
  to["wire_bits_per_message"] = {total(agents, "code_bits") / messages};
  to["wire_new_bits_per_message"] = {total(agents, "new_bits") / messages};
  to["wire_empty_fraction"] = {total(agents, "messages_empty") / messages};
}

}  // namespace

Summary summarise_patrol(const PatrolConfig& config, const Graph& graph, const LinkModel& links,
                         const LinkTraits& traits, std::span<const ProcessRecord> agents) {
  const PatrolTrace trace = read_trace(config, agents);
  const std::vector<double> fractions = visit_fractions(config, trace);
  const std::vector<double>& required = config.dual.required;
  Summary summary;
  double margin = std::numeric_limits<double>::infinity();
  for (std::size_t m = 0; m < fractions.size(); ++m) {
    margin = std::min(margin, fractions[m] - required[m]);
    summary.constraints.push_back(
        {"unvisited_zone_" + std::to_string(m + 1), 1 - fractions[m], 1 - required[m]});
  }
  const double optimum = optimum_margin(*config.lattice, required, config.robot_count);
  const MultiplierError error =
      multiplier_error(trace.lambda, trace.reference, config.lattice->zone_count());

  auto& metrics = summary.metrics;
  metrics["margin_min"] = {margin};
  metrics["optimum_margin"] = {optimum};
  if (optimum > 0) metrics["margin_fraction_of_optimum"] = {margin / optimum};
  metrics["visit_fraction"] = fractions;
  metrics["feasible"] = {std::ranges::all_of(summary.constraints, &Constraint::met) ? 1.0 : 0.0};
  metrics["bits_missed_fraction"] = {missed_fraction(trace)};
  metrics["lambda_error"] = {error.component};
  metrics["lambda_error_largest"] = {error.largest};
  if (config.method == Method::gossip) {
    add_link_metrics(count_links(trace, *config.lattice, graph, links), config.steps(), metrics);
    add_wire_metrics(agents, config.steps(), metrics);
  }

  summary.bounds = sample_path_bounds(config.dual, fractions, trace.reference);
  std::ranges::move(margin_bounds(config.dual, config.robot_count, fractions, trace.reference),
                    std::back_inserter(summary.bounds));
  summary.bounds.push_back({"false_rewards", false_rewards(trace), 0});
  summary.bounds.push_back({"multiplier_order", error.below, 0});
  if (config.method == Method::gossip && traits.independent && traits.up_probability > 0 &&
      config.dual.alpha > 0) {
    summary.bounds.push_back(
        {"multiplier_error", error.component,
         multiplier_error_bound(config.dual, diameter(graph), traits.up_probability)});
  }
  return summary;
}

}  // namespace tacit::patrol
