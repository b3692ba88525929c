#include "agent/systems/patrol/patrol_system.h"

#include <algorithm>

#include "agent/systems/patrol/broadcast_robot.h"
#include "agent/systems/patrol/fixed_weights.h"
#include "agent/systems/patrol/patrol_config.h"
#include "agent/systems/patrol/patrol_plots.h"
#include "agent/systems/patrol/patrol_robot.h"
#include "agent/systems/patrol/patrol_summary.h"
#include "agent/systems/patrol/team_policies.h"
#include "agent/systems/patrol/team_training.h"
#include "common/base/check.h"
#include "common/base/digest.h"
#include "common/base/error.h"

namespace tacit::patrol {
namespace {

class PatrolSystem final : public System {
 public:
  PatrolSystem(PatrolConfig config, const SystemContext& context)
      : config_(std::move(config)),
        seed_(context.seed),
        graph_(context.graph),
        links_(context.links),
        link_traits_(context.link_traits) {
    if (config_.method == Method::central) return;
    task_ = team_training_task({config_.plan, config_.lattice, config_.robot_count, config_.step_m,
                                config_.dual, config_.training});
  }

  Round round_count() const override { return static_cast<Round>(config_.steps()); }

  std::optional<Motion> motion() const override {
    const Lattice& lattice = *config_.lattice;
    Motion motion{{lattice.points().begin(), lattice.points().end()}, {}};
    for (std::size_t p = 0; p < lattice.size(); ++p) {
      auto& next = motion.next.emplace_back();
      for (std::size_t m = 0; m < lattice.zone_count(); ++m) {
        const Place place = lattice.next(static_cast<Place>(p), m);
        if (std::ranges::find(next, place) == next.end()) next.push_back(place);
      }
    }
    return motion;
  }

  /// Codes other than the list are refused where frames may be missed; perfect communication needs
  /// every place in time.
  bool bears_missed_frames() const override {
    return config_.method == Method::gossip || config_.method == Method::no_gossip;
  }

  std::vector<TrainingTask> training_tasks() const override {
    return task_ ? std::vector{*task_} : std::vector<TrainingTask>{};
  }

  std::optional<std::uint64_t> policy_key(ProcessId) const override {
    return task_ ? std::optional(task_->key) : std::nullopt;
  }

  std::unique_ptr<Machine> make_agent(ProcessId agent, const Policies& policies) const override {
    const Patroller::Setup body{agent, seed_, config_.lattice, config_.dual.rollout_steps};
    if (config_.method == Method::central || config_.method == Method::broadcast) {
      return std::make_unique<BroadcastRobot>(
          BroadcastRobot::Setup{body, config_.dual, config_.rollouts, others(agent),
                                fixed_weights(config_.training.weights, config_.dual.required)},
          task_ ? std::optional(policy_of(agent, policies)) : std::nullopt);
    }
    PatrolRobot::Setup setup{body,
                             config_.dual,
                             config_.rollouts,
                             {},
                             config_.code,
                             link_traits_.one_way,
                             fixed_weights(config_.training.weights, config_.dual.required)};
    if (config_.method == Method::gossip) {
      const auto neighbours = graph_.neighbours(agent);
      setup.neighbours.assign(neighbours.begin(), neighbours.end());
    }
    return std::make_unique<PatrolRobot>(std::move(setup), policy_of(agent, policies));
  }

  std::unique_ptr<Machine> make_coordinator() const override { return nullptr; }
  bool has_coordinator() const override { return false; }

  Summary summarise(std::span<const ProcessRecord> processes) const override {
    return summarise_patrol(config_, graph_, links_, link_traits_, processes);
  }
  std::vector<Plot> plots(std::span<const ProcessRecord> processes) const override {
    return plot_patrol(config_, graph_, links_, processes);
  }

 private:
  std::vector<ProcessId> others(ProcessId agent) const {
    std::vector<ProcessId> all;
    for (std::size_t n = 0; n < config_.robot_count; ++n) {
      if (process_id(n) != agent) all.push_back(process_id(n));
    }
    return all;
  }

  PatrolPolicy policy_of(ProcessId agent, const Policies& policies) const {
    const auto found = policies.find(task_->key);
    TACIT_CHECK(found != policies.end(), "a machine is made once its policy is there");
    try {
      TeamPolicies team = TeamPolicies::from_bytes(*found->second, policy_shape(*config_.lattice),
                                                   config_.robot_count);
      if (config_.policy == PolicyChoice::clones) return std::move(team.single);
      return std::move(team.robots[index_of(agent)]);
    } catch (const InputError& error) {
      throw InputError(error.code(), task_->name + "-" + to_hex(task_->key) +
                                         ".policy: " + error.what() +
                                         "; `tacit train FILE --again` makes it anew");
    }
  }

  PatrolConfig config_;
  std::uint64_t seed_;
  const Graph& graph_;
  const LinkModel& links_;
  LinkTraits link_traits_;
  std::optional<TrainingTask> task_;  ///< nothing if no policy is used
};

}  // namespace

std::unique_ptr<System> make_patrol_system(const ConfigView& table, const SystemContext& context) {
  return std::make_unique<PatrolSystem>(read_patrol_config(table, context), context);
}

}  // namespace tacit::patrol
