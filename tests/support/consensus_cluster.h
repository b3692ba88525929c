#pragma once

#include <algorithm>
#include <functional>
#include <span>
#include <vector>

#include "agent/systems/grid/dual_config.h"
#include "common/protocol/dual_consensus.h"

namespace tacit::testing {

/// The agents of a consensus, with mailboxes between them.
class ConsensusCluster {
 public:
  ConsensusCluster(const Graph& graph, const grid::DualConfig& dual,
                   const std::vector<double>& first)
      : graph_(graph) {
    const WeightRows weights = grid::mixing_weights(graph, dual);
    const auto lost_weight =
        dual.weights == grid::Weights::random_walk ? LostWeight::to_heard : LostWeight::to_self;
    for (std::size_t i = 0; i < graph.node_count(); ++i) {
      agents_.emplace_back(graph.neighbours(process_id(i)), weights[i].neighbours,
                           DualConsensus::Config{dual.alpha, dual.lambda_most, lost_weight});
      agents_.back().ascend(first[i] / dual.alpha);
    }
  }

  /// One dual step of every agent. @param violations  [N]
  void ascend(std::span<const double> violations) {
    for (std::size_t i = 0; i < agents_.size(); ++i) agents_[i].ascend(violations[i]);
  }

  /// One round: every agent receives the frames of the neighbours whose link to it is up.
  /// @param up  (from, to)
  void mix(const std::function<bool(std::size_t, std::size_t)>& up) {
    const std::vector<double> sent = duals();
    for (std::size_t i = 0; i < agents_.size(); ++i) {
      std::vector<Received> inbox;
      for (const ProcessId neighbour : graph_.neighbours(process_id(i))) {
        const std::size_t j = index_of(neighbour);
        if (up(j, i)) inbox.push_back({neighbour, 0, std::as_bytes(std::span(&sent[j], 1))});
      }
      agents_[i].mix({1, inbox});
    }
  }

  std::vector<double> duals() const {
    std::vector<double> values;
    for (const DualConsensus& agent : agents_) values.push_back(agent.dual());
    return values;
  }

 private:
  const Graph& graph_;
  std::vector<DualConsensus> agents_;
};

}  // namespace tacit::testing
