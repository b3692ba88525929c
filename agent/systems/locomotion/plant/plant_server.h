#pragma once

#include <vector>

#include "agent/systems/locomotion/plant/plant.h"
#include "agent/systems/locomotion/plant/rollout_schedule.h"
#include "common/base/machine.h"

namespace tacit {

/// The process that owns the simulated body, process N of the run. In the plant stage of a step it
/// takes the actions that agents sent in the round before, steps all copies, and reports to each
/// agent what is its own: never another agent's joints, unless RolloutShape::tells_others says so,
/// and then in a message of its own, in the round after. It needs to hear all of them in every
/// step.
class PlantServer final : public Machine {
 public:
  PlantServer(const Task& task, const PlantSettings& settings, const RolloutSchedule& schedule);

  Arcs arcs(Round round) const override;
  void on_round(const RoundInput& input, RoundOutput& output) override;
  void save(CheckpointWriter& writer) const override;
  void restore(CheckpointReader& reader) override;

  /// steps, episodes, terminated, unstable; and for a picture path_x, path_y, path_centre of the
  /// newest ended episodes, one after the other, path_lengths, and free_half_width.
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
