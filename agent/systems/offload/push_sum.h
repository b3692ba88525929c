#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "common/base/checkpoint.h"
#include "common/base/ids.h"
#include "common/base/machine.h"
#include "common/protocol/peer_payload.h"

namespace tacit {

/// Averages over a connected graph whose links may fail: one node's part of push-sum with running
/// sums. The node holds x = (value_1 .. value_V, 1); each round it splits x evenly between itself
/// and its neighbours, and sends every neighbour the same *running sum* of the parts given so far:
///   x <- x / (degree + 1),   sigma <- sigma + x,   send sigma
///   on sigma_j from j:       x <- x + sigma_j - rho_j,   rho_j <- sigma_j
/// A lost frame loses no mass, since the next frame that arrives includes the missing parts; links
/// may fail in one direction or in both. The mass held by the nodes plus the mass in flight on each
/// arc, sigma_i - rho_j->i, is the mass the nodes started with. x_v / x_weight tends to the mean of
/// value_v at a geometric rate.
///
/// One phase: start(), then per round share() (send) and, one round later, absorb() (receive).
///
/// All weights together are N, so in T rounds no node gives more than N T of weight, and every
/// running sum of values is a sum of parts of that weight, each times a starting value of some
/// node. A running sum outside these bounds is a lie of its sender. If the sums of a node's
/// neighbours are inside, its own sums are inside too, and are clamped there against rounding (c_k
/// = a + ... + a^k, a = 1/(degree + 1), grows with k, so
///   sigma_t = sum_k (c_k - c_(k-1)) sum_j sigma_j,t-k + c_t x_0
/// has no negative coefficient).
/// Uses no clock and no generator; the state between calls is saved and restored whole.
/// Source: Kempe, Dobra & Gehrke, FOCS 2003; running sums: Hadjicostis, Vaidya &
/// Dominguez-Garcia, IEEE TAC 61(6), 2016.
class PushSum {
 public:
  /// @param neighbours   ascending; frames of other processes are refused
  /// @param value_count  V >= 1
  /// @param weight_most  N T, T that of the longest phase
  PushSum(std::span<const ProcessId> neighbours, std::size_t value_count, double weight_most);

  /// Begins a phase: forgets all mass of the last one, on every node in the same round.
  /// @param values  [V]
  void start(std::span<const double> values);

  /// One round's split.
  /// @param value  bounds of the values with which nodes may start a phase
  /// @return [V + 1] the running sum, the payload for every neighbour
  std::span<const double> share(const Accepted& value);

  /// @param inbox  ascending sender, each a neighbour; the running sums sent in the last round
  /// @param value  bounds of the values with which nodes may have started that phase
  /// @throws InputError (peer_lost) naming the sender: wrong size, not a neighbour, a weight that
  /// falls or exceeds N T, a sum that no such values give with that weight
  void absorb(std::span<const Received> inbox, const Accepted& value);

  /// This node's estimate of the mean of value v over all nodes.
  double mean(std::size_t v) const { return state_[v] / state_[width_ - 1]; }

  /// Mass accounting, [V + 1] each: the mass held here, the mass given to each neighbour since
  /// start(), and the mass that has arrived from the k-th neighbour.
  std::span<const double> held() const { return {state_.data(), width_}; }
  std::span<const double> given() const { return {state_.data() + width_, width_}; }
  std::span<const double> heard(std::size_t neighbour_index) const {
    return {state_.data() + (2 + neighbour_index) * width_, width_};
  }

  std::span<const ProcessId> neighbours() const { return neighbours_; }
  void save(CheckpointWriter& writer) const { writer.values(state_); }
  void restore(CheckpointReader& reader);

 private:
  std::vector<ProcessId> neighbours_;
  std::size_t width_;  ///< V + 1; the weight comes last
  double weight_most_;
  double share_factor_;        ///< 1 / (degree + 1)
  std::vector<double> state_;  ///< x, sigma, then rho per neighbour; [width] each
};

}  // namespace tacit
