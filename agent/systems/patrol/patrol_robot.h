#pragma once

#include <optional>
#include <vector>

#include "agent/systems/patrol/delta_link.h"
#include "agent/systems/patrol/multipliers.h"
#include "agent/systems/patrol/patroller.h"
#include "agent/systems/patrol/reward_bits.h"
#include "common/base/machine.h"

namespace tacit::patrol {

/// What a robot's multipliers went through, for its result.
struct DualHistory {
  std::vector<double> lambda;  ///< [(K + 1) x M] before the first rollout and after each
  std::vector<int> attended;   ///< [K x M] steps for which the robot knew a zone attended

  void save(CheckpointWriter& writer) const;
  void restore(CheckpointReader& reader);
  void add_to(Result& result) const;
};

/// One robot that helps to keep zones visited, knowing its own place, its own multipliers, and the
/// bits "zone m was attended at step tau" that neighbours gossip. Round t, being step i = t - k T0
/// of rollout k:
///   1. ends step t - 1: R <- R or what neighbours told of it (one hop per step), then the zones
///      that it attended itself
///   2. if a rollout is over: lambda <- [(1 - alpha) lambda + eta/T0 sum_tau (c + s - R_tau)]_+,
///      and R is cleared
///   3. for i > 0 tells each neighbour what it may not know yet
///   4. draws A ~ pi(. | tile, lambda), and moves
/// The last rollout ends in round R = K T0.
/// Source: Agorio et al., Cooperative Multi-Agent Assignment over Stochastic Graphs via Constrained
/// RL, Algorithm 2.
class PatrolRobot final : public Machine, private PayloadSource {
 public:
  struct Setup {
    Patroller::Setup body;
    DualConfig dual;
    std::size_t rollouts;  ///< K
    std::vector<ProcessId> neighbours;
    GossipCode code;
    bool lossy;  ///< an exchange may fail in one direction, or its messages come late
    std::optional<std::vector<double>> fixed_weights;  ///< [M] what the policy sees, not lambda
  };

  PatrolRobot(Setup setup, PatrolPolicy policy);

  Arcs arcs(Round round) const override;
  void on_round(const RoundInput& input, RoundOutput& output) override;
  void save(CheckpointWriter& writer) const override;
  void restore(CheckpointReader& reader) override;
  /// lambda and attended (DualHistory), and of all messages that it heard: messages,
  /// messages_empty, new_bits (rewards told), code_bits, payload_bytes.
  Result result() const override;

 private:
  /// What neighbours said.
  struct Told {
    std::uint64_t messages = 0;
    std::uint64_t empty = 0;
    std::uint64_t new_bits = 0;
    std::uint64_t code_bits = 0;
    std::uint64_t payload_bytes = 0;
  };

  std::size_t rollout_steps() const { return setup_.dual.rollout_steps; }
  Round round_count() const { return static_cast<Round>(setup_.rollouts * rollout_steps()); }
  std::size_t column_of(Round round) const {
    return static_cast<std::size_t>(round) % rollout_steps();
  }
  void tell(RoundOutput& output);
  /// What to tell a neighbour in the last round, if it hears it.
  std::span<const std::byte> payload_for(ProcessId to) override;
  std::span<const std::byte> draft(std::size_t neighbour, const RewardBits& known);
  void end_step(const RoundInput& input);
  void hear(const RoundInput& input);
  bool is_news(std::size_t neighbour, Round sent) const;
  void end_rollout();
  void begin_rollout(std::size_t rollout);

  Setup setup_;
  PatrolPolicy policy_;
  Patroller body_;
  RewardBits known_;              ///< R
  std::vector<DeltaLink> links_;  ///< [neighbours]
  std::vector<Round> heard_;      ///< [neighbours] when the newest message heard was sent
  ZoneMask attended_ = 0;         ///< zones that it was in at the step of the last round
  Round next_round_ = 0;
  std::vector<double> lambda_;  ///< [M]
  DualHistory history_;
  Told told_;
};

}  // namespace tacit::patrol
