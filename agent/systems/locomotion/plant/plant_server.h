#pragma once

#include <vector>

#include "agent/systems/locomotion/plant/plant.h"
#include "agent/systems/locomotion/plant/rollout_schedule.h"
#include "common/base/machine.h"

namespace tacit {

/// The process that owns the simulated body, process N of the run. In the plant stage of a step it
/// takes the actions that agents sent in the round before, steps all copies, and sends each agent
/// its own report. A report never holds another agent's joints; with RolloutShape::tells_others the
/// plant sends those in a separate message, in the round after. It needs the actions of all agents
/// in every step.
class PlantServer final : public Machine {
 public:
  PlantServer(const Task& task, const PlantSettings& settings, const RolloutSchedule& schedule);

  Arcs arcs(Round round) const override;
  void on_round(const RoundInput& input, RoundOutput& output) override;
  void save(CheckpointWriter& writer) const override;
  void restore(CheckpointReader& reader) override;

  /// steps, episodes, terminated, unstable; and for a figure path_x, path_y, path_centre of the
  /// newest ended episodes, concatenated, path_lengths, and free_half_width.
  Result result() const override;

 private:
  bool tells_others(const RolloutPlace& place) const;
  void tell_others(RoundOutput& output);
  void take_actions(const RoundInput& input);
  void record(RoundOutput& output);

  Plant plant_;
  RolloutSchedule schedule_;
  std::vector<ProcessId> agents_;
  std::vector<std::vector<float>> actions_;  // [N], of this step
  PlantCounts recorded_;                     // at the end of the last iteration
};

}  // namespace tacit
