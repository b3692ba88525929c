#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "agent/learning/ppo/constrained_ppo.h"
#include "agent/systems/locomotion/agent_view.h"
#include "agent/systems/locomotion/episode_tally.h"
#include "agent/systems/locomotion/factor_exchange.h"
#include "agent/systems/locomotion/locomotion_config.h"
#include "agent/systems/locomotion/plant/plant_exchange.h"
#include "agent/systems/locomotion/plant/rollout_schedule.h"
#include "agent/systems/locomotion/state_relay.h"
#include "common/base/machine.h"

namespace tacit::locomotion {

/// One agent of a body that learns to move, with its own policy, two critics and multiplier.
/// In each step of the plant (RolloutSchedule):
///   1. the plant reports the agent's own observation, the reward and its cost, of all E copies
///   2. agents relay states over K links
///   3. after T steps the agent learns: advantages, minibatches, multiplier; all agents at once, or
///      one after the other, passing on ratios
///   4. it draws actions from its policy and sends them to the plant
/// Its networks see scaled inputs; the scale is constant from one update to the next.
/// Source: decentralised MAPPO with a Lagrangian and states of kappa hops.
class LocomotionAgent final : public Machine {
 public:
  LocomotionAgent(std::shared_ptr<const LocomotionConfig> config, const Graph& graph,
                  ProcessId self, std::uint64_t seed);

  Arcs arcs(Round round) const override;
  void on_round(const RoundInput& input, RoundOutput& output) override;
  void save(CheckpointWriter& writer) const override;
  void restore(CheckpointReader& reader) override;
  /// lambda.
  Result result() const override;

 private:
  /// The inputs of one of its networks.
  struct Eye {
    AgentView view;
    RunningNormaliser<float> scale;   ///< in use until the next update
    RunningNormaliser<float> newest;  ///< of all inputs so far
    Eigen::MatrixXf now;              ///< [size x E] unscaled
    Eigen::MatrixXf scaled;           ///< the same, as the network sees it

    void look(const Knowledge& known);
    void save(CheckpointWriter& writer) const;
    void restore(CheckpointReader& reader);
  };

  /// Bytes of payloads received, and of actions sent.
  struct Traffic {
    std::uint64_t relayed = 0;
    std::uint64_t reported = 0;
    std::uint64_t told = 0;  ///< by the plant, about other agents
    std::uint64_t factors = 0;
    std::uint64_t actions = 0;
  };

  static Eye make_eye(const LocomotionConfig& config, ProcessId self, Input input);

  std::size_t copy_count() const { return config_->plant.copy_count; }
  ProcessId plant() const { return process_id(config_->agent_count()); }
  Knowledge known() const { return {report_, relay_, told_}; }
  /// The index in the rollout of the actions of a step.
  std::size_t column_of(Round step) const {
    return static_cast<std::size_t>(step % config_->shape.step_count);
  }

  void take_report(const RoundInput& input, Round step);
  void take_others(const Received& received);
  void hear(const RoundInput& input);
  void see(Round step);
  void take_turn(const RoundInput& input, const RolloutPlace& place, RoundOutput& output);
  void learn(Round step);
  [[noreturn]] void give_up_learning(const std::string& sign) const;
  void record(RoundOutput& output);
  void act(Round step, RoundOutput& output);

  std::shared_ptr<const LocomotionConfig> config_;
  ProcessId self_;
  std::uint64_t seed_;
  RolloutSchedule schedule_;
  std::vector<ProcessId> neighbours_;
  std::vector<ProcessId> plant_only_;
  std::vector<ProcessId> neighbours_and_plant_;

  PlantReport report_;
  StateRelay relay_;
  std::vector<std::vector<float>> told_;  ///< [N], see Knowledge
  Eye actor_;
  Eye critic_;
  ConstrainedPpo<float> learner_;
  RolloutBuffer<float> buffer_;
  FactorExchange factors_;
  EpisodeTally tally_;
  Traffic traffic_;
  std::uint64_t heard_ = 0;  ///< states of other agents received in time
  double divergence_ = 0;    ///< of the last update
};

}  // namespace tacit::locomotion
