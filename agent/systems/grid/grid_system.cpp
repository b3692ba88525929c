#include "agent/systems/grid/grid_system.h"

#include <algorithm>
#include <cstdio>
#include <map>

#include "agent/systems/grid/building_training.h"
#include "agent/systems/grid/district_check.h"
#include "agent/systems/grid/grid_agent.h"
#include "agent/systems/grid/grid_config.h"
#include "agent/systems/grid/grid_plots.h"
#include "agent/systems/grid/grid_summary.h"
#include "agent/systems/grid/perfect_foresight.h"
#include "common/base/check.h"
#include "common/base/digest.h"
#include "common/base/error.h"
#include "common/graph/weights.h"

namespace tacit::grid {

namespace {

class GridSystem final : public System {
 public:
  GridSystem(GridConfig config, const SystemContext& context)
      : config_(std::move(config)),
        seed_(context.seed),
        graph_(context.graph),
        links_(context.links),
        link_traits_(context.link_traits) {
    if (config_.method == Method::consensus) weights_ = mixing_weights(graph_, config_.dual);
    if (config_.policy.rule != PolicyRule::ppo) return;
    for (const double m : {1.0, 2.0}) {
      if (std::ranges::find(config_.multiplier, m) == config_.multiplier.end()) continue;
      BuildingParameters building = config_.building;
      building.demand_multiplier = m;
      tasks_[m] = building_training_task(
          {config_.district, building, config_.dual, config_.policy.peak_price, config_.training});
    }
  }

  Round round_count() const override {
    const Round mixing = config_.method == Method::consensus ? config_.dual.iterations : 1;
    return static_cast<Round>(config_.hours) * mixing;
  }

  std::vector<TrainingTask> training_tasks() const override {
    std::vector<TrainingTask> tasks;
    for (const auto& [m, task] : tasks_) tasks.push_back(task);
    return tasks;
  }

  std::optional<std::uint64_t> policy_key(ProcessId agent) const override {
    const auto task = tasks_.find(config_.multiplier[index_of(agent)]);
    if (task == tasks_.end()) return std::nullopt;
    return task->second.key;
  }

  bool bears_missed_frames() const override { return true; }

  std::unique_ptr<Machine> make_agent(ProcessId agent, const Policies& policies) const override {
    const std::size_t i = index_of(agent);
    const GridAgent::Setup setup{agent, seed_, config_.hours, config_.share_kwh(), config_.method};
    return std::make_unique<GridAgent>(
        setup, config_.dual,
        Building(config_.district, config_.district->building_of(i), config_.parameters_of(i)),
        BuildingPolicy(config_.policy, network_of(agent, policies)), consensus_of(agent));
  }

  std::unique_ptr<Machine> make_coordinator() const override { return nullptr; }
  bool has_coordinator() const override { return false; }

  std::vector<std::string> advice() const override {
    std::vector<std::string> sentences = data_notes(config_);
    // A shorter run may end before the usual backlog has built up.
    if (!config_.benchmark || config_.hours < config_.district->hour_count()) return sentences;
    const double least = least_cap_fraction(config_);
    if (config_.cap_fraction >= least) return sentences;
    char text[200];
    std::snprintf(text, sizeof text,
                  "grid.cap_fraction = %g cannot be met without a growing backlog: even with "
                  "perfect foresight the buildings need %.4f of the peak",
                  config_.cap_fraction, least);
    sentences.push_back(text);
    return sentences;
  }

  Summary summarise(std::span<const ProcessRecord> processes) const override {
    return summarise_grid(config_, graph_, links_, link_traits_, processes);
  }
  std::vector<Plot> plots(std::span<const ProcessRecord> processes) const override {
    return plot_grid(config_, graph_, links_, link_traits_, processes);
  }

 private:
  std::optional<PolicyNetwork> network_of(ProcessId agent, const Policies& policies) const {
    const auto key = policy_key(agent);
    if (!key) return std::nullopt;
    const auto found = policies.find(*key);
    TACIT_CHECK(found != policies.end(), "a machine is made once its policy is there");
    try {
      return read_building_network(*found->second);
    } catch (const InputError& error) {
      throw InputError(error.code(), tasks_.at(config_.multiplier[index_of(agent)]).name + "-" +
                                         to_hex(*key) + ".policy: " + error.what() +
                                         "; `tacit train FILE --again` makes it anew");
    }
  }

  DualConsensus consensus_of(ProcessId agent) const {
    const DualConfig& dual = config_.dual;
    const auto lost_weight =
        dual.weights == Weights::random_walk ? LostWeight::to_heard : LostWeight::to_self;
    const DualConsensus::Config config{dual.alpha, dual.lambda_most, lost_weight};
    if (weights_.empty()) return DualConsensus({}, {}, config);
    return DualConsensus(graph_.neighbours(agent), weights_[index_of(agent)].neighbours, config);
  }

  GridConfig config_;
  std::uint64_t seed_;
  const Graph& graph_;
  const LinkModel& links_;
  LinkTraits link_traits_;
  WeightRows weights_;                    ///< [N] of the consensus, else empty
  std::map<double, TrainingTask> tasks_;  ///< by demand multiplier
};

}  // namespace

std::unique_ptr<System> make_grid_system(const ConfigView& table, const SystemContext& context) {
  return std::make_unique<GridSystem>(read_grid_config(table, context), context);
}

}  // namespace tacit::grid
