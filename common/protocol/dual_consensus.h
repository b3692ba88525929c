#pragma once

#include <span>
#include <vector>

#include "common/base/checkpoint.h"
#include "common/base/ids.h"
#include "common/base/machine.h"

namespace tacit {

/// Where the weight of a neighbour goes that was not heard in a round.
enum class LostWeight {
  to_heard,  ///< shared by the neighbours that were heard, in proportion to theirs: the row of a
             ///< random walk; the weighted mean of the duals is not conserved
  to_self,   ///< kept: conserves the plain mean of a symmetric matrix if links fail in both
             ///< directions at once; one-way loss lets it drift
};

/// Consensus-averaged projected dual ascent ("adapt, then combine"), one agent's half. Per dual
/// step, ascend() once, then L rounds of send and mix:
///   dual <- clip(dual + step * violation, 0, most)
///   L times:  send dual;  dual <- dual + sum_{j heard} w_j (dual_j - dual)
/// Mixing is convex, so the dual stays in [0, most]. A neighbour that is not in the inbox was not
/// reachable in that round. The engine, which fills the inbox, decides whether an older value may
/// stand for it: rounds that wait for their frames never hold one.
/// Source: Nedic & Ozdaglar, IEEE TAC 54(1), 2009; adapt then combine: Cattivelli & Sayed, IEEE TSP
/// 58(3), 2010.
class DualConsensus {
 public:
  struct Config {
    double step;  ///< > 0, of the ascent, [reward/cost] per unit of violation
    double most;  ///< > 0, where the dual is clipped, [reward/cost]
    LostWeight lost_weight;
  };

  /// @param neighbours  ascending; frames of others are refused
  /// @param weights     [degree] of the neighbours, >= 0, summing up to at most 1
  /// @throws std::invalid_argument naming the field, if a bound does not hold
  DualConsensus(std::span<const ProcessId> neighbours, std::span<const double> weights,
                const Config& config);

  std::span<const ProcessId> neighbours() const { return neighbours_; }
  double dual() const { return dual_; }

  /// @param violation  usage of the agent minus its share, [cost]
  void ascend(double violation);

  /// Sends the dual to every neighbour: 8 bytes.
  void send(RoundOutput& output) const;

  /// @param input  duals of the neighbours; a value above `most` or below 0 is clipped
  /// @throws InputError (peer_lost) naming the sender, if it is not a neighbour or its payload is
  ///         not one finite number
  void mix(const RoundInput& input);

  void save(CheckpointWriter& writer) const { writer.value(dual_); }
  void restore(CheckpointReader& reader) { reader.value(dual_); }

 private:
  std::vector<ProcessId> neighbours_;
  std::vector<double> weights_;
  double weight_sum_ = 0;
  Config config_;
  double dual_ = 0;
};

}  // namespace tacit
