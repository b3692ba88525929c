#pragma once

#include <array>
#include <span>

#include "agent/systems/offload/push_sum.h"
#include "common/base/machine.h"
#include "common/protocol/peer_payload.h"

namespace tacit {

/// The sums of two alternating numbers over all agents of a connected graph, without a coordinator:
/// N times the push-sum mean, phase by phase. A phase takes `phase_rounds` rounds and begins, on
/// all agents, in every round that is a multiple of it; frames still in flight then are discarded.
/// Each agent has its own estimate; its error depends on how far push-sum has converged.
class GraphSum {
 public:
  /// @param neighbours  ascending
  /// @param numbers     bounds of an agent's number in phases 0, 2, 4, ..., and in the others
  /// @pre phase_rounds >= 1
  GraphSum(std::span<const ProcessId> neighbours, std::size_t agent_count, Round phase_rounds,
           const std::array<Accepted, 2>& numbers, double initial_first, double initial_second);

  Round phase_rounds() const { return phase_rounds_; }
  Arcs arcs(Round) const { return {push_sum_.neighbours(), push_sum_.neighbours()}; }
  void start(double value);
  void send(Round round, RoundOutput& output);
  /// Drops frames of an earlier phase than that of the last round, which only a delaying link can
  /// deliver: their mass belongs to a finished sum.
  /// @throws InputError (peer_lost) naming the sender of a running sum that no permitted numbers
  /// give
  void absorb(const RoundInput& input);
  /// The last finished sum: 0 for the numbers of phases 0, 2, 4, ..., 1 for the others. It stays
  /// within the bounds of such sums even if an agent has lied.
  double sum(std::size_t phase) const { return sums_[phase]; }
  const PushSum& push_sum() const { return push_sum_; }

  void save(CheckpointWriter& writer) const;
  void restore(CheckpointReader& reader);

 private:
  const Accepted& number_of(Round round) const {
    return numbers_[static_cast<std::size_t>(round / phase_rounds_ % 2)];
  }

  PushSum push_sum_;
  double agent_count_;
  Round phase_rounds_;
  std::array<Accepted, 2> numbers_;
  double sums_[2];
};

}  // namespace tacit
