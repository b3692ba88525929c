#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "common/base/checkpoint.h"
#include "common/base/ids.h"
#include "common/base/machine.h"
#include "common/protocol/peer_payload.h"

namespace tacit {

/// Averages over a connected graph whose links may fail, one node's half of push-sum with running
/// sums. The node holds x = (value_1 .. value_V, 1); each round it splits x evenly between itself
/// and its neighbours, and sends every neighbour the same *running sum* of the parts given so far:
///   x <- x / (degree + 1),   sigma <- sigma + x,   send sigma
///   on sigma_j from j:       x <- x + sigma_j - rho_j,   rho_j <- sigma_j
/// A lost frame loses nothing, since the next one that arrives brings the missing parts along, in
/// one direction as well as in both: the mass held by the nodes plus the mass in flight on each
/// arc, sigma_i - rho_j->i, is what the nodes started with. x_v / x_weight tends to the mean of
/// value_v at a geometric rate.
///
/// One phase: start(), then per round share() (send) and, one round later, absorb() (receive).
///
/// All weights together are N, so in T rounds nobody gives more than N T of it, and every running
/// sum of values is a sum of its weight times what nodes started with. A running sum outside of
/// that is a lie of its sender: one of a node whose neighbours' sums are inside is inside too, and
/// is kept there against rounding (c_k = a + ... + a^k, a = 1/(degree + 1), grows with k, so
///   sigma_t = sum_k (c_k - c_(k-1)) sum_j sigma_j,t-k + c_t x_0
/// has no negative coefficient).
///
/// Without clock or generator; the state between calls is saved and restored whole.
/// Source: Kempe, Dobra & Gehrke, FOCS 2003; running sums: Hadjicostis, Vaidya &
/// Dominguez-Garcia, IEEE TAC 61(6), 2016.
class PushSum {
 public:
  /// @param neighbours   ascending; frames of others are refused
  /// @param value_count  V >= 1
  /// @param weight_most  N T, of the longest phase
  PushSum(std::span<const ProcessId> neighbours, std::size_t value_count, double weight_most);

  /// Begins a phase: forgets all mass of the last one, on every node in the same round.
  /// @param values  [V]
  void start(std::span<const double> values);

  /// One round's split.
  /// @param value  what nodes may start a phase with
  /// @return [V + 1] the running sum, the payload for every neighbour
  std::span<const double> share(const Accepted& value);

  /// @param inbox  ascending sender, each a neighbour; the running sums sent in the last round
  /// @param value  what nodes may have started that phase with
  /// @throws InputError (peer_lost) naming the sender: wrong size, not a neighbour, a weight that
  ///         falls or is more than there is, a sum that no such values have with that weight
  void absorb(std::span<const Received> inbox, const Accepted& value);

  /// The mean over all nodes of value v, as far as it is known here.
  double mean(std::size_t v) const { return state_[v] / state_[width_ - 1]; }

  /// Mass accounting, [V + 1] each: what is held here, what was given to each neighbour since
  /// start(), and what has arrived from the k-th one.
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
