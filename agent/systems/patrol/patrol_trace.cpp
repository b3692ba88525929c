#include "agent/systems/patrol/patrol_trace.h"

#include <algorithm>
#include <string>

#include "agent/systems/patrol/patrol_theory.h"
#include "common/base/error.h"

namespace tacit::patrol {
namespace {

[[noreturn]] void refuse(std::size_t agent, const std::string& message) {
  throw InputError(ExitCode::bad_data, "agent " + std::to_string(agent) + ": " + message +
                                           "; run the experiment again");
}

std::vector<Place> read_places(const PatrolConfig& config, const MetricTable& metrics,
                               std::size_t agent) {
  const std::vector<double> x = metrics.column("x_m");
  const std::vector<double> y = metrics.column("y_m");
  if (x.size() != config.steps() || y.size() != config.steps()) {
    refuse(agent, "metrics.csv has " + std::to_string(x.size()) + " places, not one for each of " +
                      std::to_string(config.steps()) + " steps");
  }
  std::vector<Place> places;
  for (std::size_t t = 0; t < x.size(); ++t) {
    const std::optional<Place> place = config.lattice->find({x[t], y[t]});
    if (!place) {
      refuse(agent, "metrics.csv: the place of step " + std::to_string(t) +
                        " is no point of the floor plan's lattice");
    }
    places.push_back(*place);
  }
  return places;
}

std::vector<double> read_rows(const Result& result, const char* name, std::size_t size,
                              std::size_t agent) {
  const auto found = result.find(name);
  if (found == result.end() || found->second.size() != size) {
    refuse(agent,
           "result.json has no " + std::string(name) + " of " + std::to_string(size) + " values");
  }
  return found->second;
}

}  // namespace

PatrolTrace read_trace(const PatrolConfig& config, std::span<const ProcessRecord> agents) {
  const std::size_t zone_count = config.lattice->zone_count();
  PatrolTrace trace;
  trace.rewards.assign(config.steps(), 0);
  for (std::size_t n = 0; n < agents.size(); ++n) {
    trace.places.push_back(read_places(config, agents[n].metrics, n));
    for (std::size_t t = 0; t < config.steps(); ++t) {
      trace.rewards[t] |= config.lattice->zones(trace.places[n][t]);
    }
    const std::size_t rows = config.rollouts;
    trace.lambda.push_back(read_rows(agents[n].result, "lambda", (rows + 1) * zone_count, n));
    trace.known.push_back(read_rows(agents[n].result, "attended", rows * zone_count, n));
  }
  trace.attended = attended_steps(trace.rewards, config.dual.rollout_steps, zone_count);
  trace.reference = reference_multipliers(config.dual, trace.attended);
  return trace;
}

std::vector<double> visit_fractions(const PatrolConfig& config, const PatrolTrace& trace) {
  std::vector<double> fractions(config.lattice->zone_count(), 0.0);
  for (std::size_t k = 0; k < trace.attended.size(); ++k) {
    fractions[k % fractions.size()] += trace.attended[k];
  }
  for (double& fraction : fractions) fraction /= static_cast<double>(config.steps());
  return fractions;
}

LinkCounts count_links(const PatrolTrace& trace, const Lattice& lattice, const Graph& graph,
                       const LinkModel& links) {
  const std::size_t count = trace.places.size();
  LinkCounts counts{std::vector<std::size_t>(count * (count - 1) / 2, 0),
                    std::vector<std::size_t>(count, 0)};
  std::vector<std::size_t> degree(count);
  for (std::size_t t = 0; t < trace.rewards.size(); ++t) {
    const auto round = static_cast<Round>(t);
    std::ranges::fill(degree, 0);
    for (const Link& link : graph.edges()) {
      const std::size_t a = index_of(link.a);
      const std::size_t b = index_of(link.b);
      const Point at_a = lattice.point(trace.places[a][t]);
      const Point at_b = lattice.point(trace.places[b][t]);
      const auto heard = [&](const Edge& edge, Point from, Point to) {
        return links.sends(edge, round) && links.hears(edge, round, from, to);
      };
      const bool by_b = heard({link.a, link.b}, at_a, at_b);
      const bool by_a = heard({link.b, link.a}, at_b, at_a);
      counts.pairs[a * count - a * (a + 1) / 2 + (b - a - 1)] += by_a && by_b;
      degree[a] += by_a;
      degree[b] += by_b;
    }
    for (const std::size_t neighbours : degree) ++counts.neighbours[neighbours];
  }
  return counts;
}

}  // namespace tacit::patrol
