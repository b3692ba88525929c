#include "agent/systems/locomotion/locomotion_system.h"

#include <string>
#include <utility>

#include "agent/systems/locomotion/locomotion_agent.h"
#include "agent/systems/locomotion/locomotion_config.h"
#include "agent/systems/locomotion/locomotion_plots.h"
#include "agent/systems/locomotion/locomotion_summary.h"
#include "agent/systems/locomotion/plant/plant_server.h"

namespace tacit::locomotion {
namespace {

class LocomotionSystem final : public System {
 public:
  LocomotionSystem(LocomotionConfig config, const SystemContext& context)
      : config_(std::make_shared<const LocomotionConfig>(std::move(config))),
        graph_(context.graph),
        seed_(context.seed) {}

  Round round_count() const override { return RolloutSchedule(config_->shape).round_count(); }

  std::unique_ptr<Machine> make_agent(ProcessId agent, const Policies&) const override {
    return std::make_unique<LocomotionAgent>(config_, graph_, agent, seed_);
  }
  std::unique_ptr<Machine> make_coordinator() const override {
    return std::make_unique<PlantServer>(config_->task, config_->plant,
                                         RolloutSchedule(config_->shape));
  }
  bool has_coordinator() const override { return true; }
  /// The agents have no observations but the plant's reports.
  bool bears_unheard_coordinator() const override { return false; }

  std::vector<std::string> advice() const override {
    std::vector<std::string> sentences;
    const std::size_t kappa = config_->neighbourhoods.kappa;
    if (kappa < config_->kappa_asked) {
      sentences.push_back(
          "locomotion.coordination.kappa = " + std::to_string(config_->kappa_asked) +
          " is more than there is: " + std::to_string(kappa) + " means the same");
    }
    if (!(Graph(config_->agent_count(), config_->task.edges).edges() == graph_.edges())) {
      sentences.push_back(
          "[graph] is not that of the body's joints: states travel over links "
          "that the body does not have, or go a longer way");
    }
    return sentences;
  }

  Summary summarise(std::span<const ProcessRecord> processes) const override {
    return summarise_locomotion(*config_, processes);
  }
  std::vector<Plot> plots(std::span<const ProcessRecord> processes) const override {
    return plot_locomotion(*config_, processes);
  }

 private:
  std::shared_ptr<const LocomotionConfig> config_;
  const Graph& graph_;
  std::uint64_t seed_;
};

}  // namespace

std::unique_ptr<System> make_locomotion_system(const ConfigView& table,
                                               const SystemContext& context) {
  return std::make_unique<LocomotionSystem>(read_locomotion_config(table, context), context);
}

}  // namespace tacit::locomotion
