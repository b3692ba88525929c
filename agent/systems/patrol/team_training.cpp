#include "agent/systems/patrol/team_training.h"

#include <algorithm>
#include <cstdio>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "agent/systems/patrol/fixed_weights.h"
#include "agent/systems/patrol/team_policies.h"
#include "agent/systems/patrol/team_simulation.h"
#include "agent/systems/patrol/team_trainer.h"
#include "common/base/digest.h"
#include "common/base/random.h"
#include "common/proximity/line_of_sight.h"

namespace tacit::patrol {

namespace {

constexpr double kQualityEnough = 0;
constexpr Purpose kQuality = purpose("patrol.quality");

// Digests the geometry, not its origin or the names of its parts.
std::string digest_of(const FloorPlan& plan) {
  std::vector<double> values{plan.domain.x, plan.domain.y, plan.zone_radius};
  const auto add = [&](Point point) { values.insert(values.end(), {point.x, point.y}); };
  const auto begin = [&](std::size_t count) { values.push_back(static_cast<double>(count)); };
  begin(plan.zones.size());
  for (const Point zone : plan.zones) add(zone);
  begin(plan.walls.size());
  for (const Segment& wall : plan.walls) {
    add(wall.from);
    add(wall.to);
  }
  begin(plan.tiles.size());
  for (const Tile& tile : plan.tiles) {
    add(tile.low);
    add(tile.high);
  }
  begin(plan.waypoints.size());
  for (const Waypoint& waypoint : plan.waypoints) add(waypoint.place);
  for (const auto& edge : plan.edges) add({double(edge[0]), double(edge[1])});
  return to_hex(hash_bytes(std::as_bytes(std::span(values))));
}

const char* name_of(TrainingWeights weights) {
  switch (weights) {
    case TrainingWeights::sampled:
      return "sampled";
    case TrainingWeights::equal:
      return "equal";
    case TrainingWeights::proportional:
      return "proportional";
    case TrainingWeights::inverse:
      break;
  }
  return "inverse";
}

const char* name_of(const TrainingConfig& config) {
  if (config.method == TrainingMethod::exact) return "exact";
  return config.reward == EpisodeReward::shared ? "sampled, shared" : "sampled, difference";
}

std::string describe(const TeamTraining& training) {
  const TrainingConfig& config = training.config;
  const nlohmann::ordered_json json{
      {"system", "patrol"},
      {"procedure", 1},
      {"floor_plan", digest_of(*training.plan)},
      {"robot_count", training.robot_count},
      {"step_m", training.step_m},
      {"rollout_steps", training.dual.rollout_steps},
      {"alpha", training.dual.alpha},
      {"eta", training.dual.eta},
      {"required", training.dual.required},
      {"method", name_of(config)},
      {"weights", name_of(config.weights)},
      {"zero_probability", config.zero_probability},
      {"steps_per_block", config.steps_per_block},
      {"round_count", config.round_count},
      {"seed", config.seed},
      {"attempts_most", config.attempts_most},
      {"quality", {config.quality_runs, config.quality_steps, config.quality_range_m}},
  };
  return json.dump();
}

Graph complete_graph(std::size_t node_count) {
  std::vector<std::pair<std::size_t, std::size_t>> edges;
  for (std::size_t b = 0; b < node_count; ++b) {
    for (std::size_t a = 0; a < b; ++a) edges.emplace_back(a, b);
  }
  return {node_count, edges};
}

/// Evaluates teams on the same runs.
class Judge {
 public:
  explicit Judge(const TeamTraining& training)
      : training_(training),
        dual_(training.dual),
        graph_(complete_graph(training.robot_count)),
        links_({training.plan->walls,
                training.config.quality_range_m,
                {training.lattice->points().begin(), training.lattice->points().end()}}) {
    dual_.tightening = 0;
  }

  double worst_margin(const TeamPolicies& policies) const {
    const TrainingConfig& config = training_.config;
    const std::size_t rollouts =
        std::max<std::size_t>(1, config.quality_steps / dual_.rollout_steps);
    double worst = std::numeric_limits<double>::infinity();
    for (std::size_t run = 0; run < config.quality_runs; ++run) {
      // Seeds that no run uses.
      TeamSimulation team({*training_.lattice, policies.robots, dual_, graph_, links_,
                           static_cast<std::uint64_t>(kQuality) + run,
                           fixed_weights(config.weights, dual_.required)});
      team.run(rollouts * dual_.rollout_steps);
      worst = std::min(worst, team.margin());
    }
    return worst;
  }

 private:
  const TeamTraining& training_;
  DualConfig dual_;
  Graph graph_;
  LineOfSightLinks links_;
};

TrainingOutcome train(const TeamTraining& training, const ReportProgress& report) {
  const TrainingConfig& config = training.config;
  const Judge judge(training);
  const bool is_baseline = config.weights != TrainingWeights::sampled;
  const int attempts_most = is_baseline ? 1 : config.attempts_most;
  nlohmann::ordered_json attempts = nlohmann::ordered_json::array();
  std::optional<TeamPolicies> best;
  double best_quality = 0;
  std::uint64_t best_seed = 0;
  for (int attempt = 0; attempt < attempts_most; ++attempt) {
    const std::uint64_t seed = config.seed + static_cast<std::uint64_t>(attempt);
    TeamTrainer trainer(*training.lattice, training.robot_count, training.dual.rollout_steps,
                        training.dual.required, config, seed);
    TeamPolicies policies = trainer.train([&](double done, double objective) {
      char words[80];
      std::snprintf(words, sizeof words, "attempt %d of at most %d, objective %.3f", attempt + 1,
                    attempts_most, objective);
      report(done, words);
    });
    const double quality = judge.worst_margin(policies);
    attempts.push_back({{"seed", seed}, {"quality", quality}, {"objective", trainer.objective()}});
    if (!best || quality > best_quality) {
      best = std::move(policies);
      best_quality = quality;
      best_seed = seed;
    }
    if (best_quality >= kQualityEnough) break;
  }
  const nlohmann::ordered_json record{
      {"quality", best_quality},
      {"quality_enough", kQualityEnough},
      {"good_enough", is_baseline || best_quality >= kQualityEnough},
      {"seed", best_seed},
      {"attempts", attempts},
  };
  return {record.dump(), best->bytes()};
}

}  // namespace

PolicyShape policy_shape(const Lattice& lattice) {
  return {lattice.tile_count(), lattice.zone_count()};
}

TrainingTask team_training_task(const TeamTraining& training) {
  TrainingTask task;
  task.name = "patrol-team";
  task.made_from = describe(training);
  task.key = hash_text(task.made_from);
  task.train = [training](const ReportProgress& report) { return train(training, report); };
  return task;
}

}  // namespace tacit::patrol
