#pragma once

#include <optional>
#include <vector>

#include "agent/systems/patrol/patrol_robot.h"

namespace tacit::patrol {

/// A robot that sends its place to all other robots at every step, so that all robots have the
/// multipliers of the true rewards: a measure of what unlimited communication is worth. With a
/// policy it acts by those multipliers; without one, all robots follow the same plan for the team,
/// made at the start of each rollout (assign_zones).
///
/// All robots receive each other's frames in every round; a frame is the sender's place, two bytes.
class BroadcastRobot final : public Machine {
 public:
  struct Setup {
    Patroller::Setup body;
    DualConfig dual;
    std::size_t rollouts;                              ///< K
    std::vector<ProcessId> others;                     ///< all robots but itself, ascending
    std::optional<std::vector<double>> fixed_weights;  ///< [M] used in place of lambda
  };

  /// @param policy  nothing: the robot follows the plan for the team
  BroadcastRobot(Setup setup, std::optional<PatrolPolicy> policy);

  Arcs arcs(Round round) const override;
  void on_round(const RoundInput& input, RoundOutput& output) override;
  void save(CheckpointWriter& writer) const override;
  void restore(CheckpointReader& reader) override;
  /// lambda and attended (DualHistory).
  Result result() const override;

 private:
  const Lattice& lattice() const { return *setup_.body.lattice; }
  std::size_t rollout_steps() const { return setup_.dual.rollout_steps; }
  Round round_count() const { return static_cast<Round>(setup_.rollouts * rollout_steps()); }
  void hear(const RoundInput& input);
  void end_rollout();
  void plan();
  void act_on_plan(std::size_t rollout);

  Setup setup_;
  std::optional<PatrolPolicy> policy_;
  Patroller body_;
  std::vector<Place> places_;       ///< [N] of all robots; after a round, their places in it
  std::vector<std::size_t> goals_;  ///< [N] of the plan
  std::vector<int> attended_;       ///< [M] steps of this rollout in which each zone was attended
  Round next_round_ = 0;
  std::vector<double> lambda_;  ///< [M]
  DualHistory history_;
};

}  // namespace tacit::patrol
