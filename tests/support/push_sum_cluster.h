#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "agent/systems/offload/push_sum.h"
#include "common/base/random.h"
#include "common/graph/graph.h"

namespace tacit::testing {

/// All nodes of a push-sum over a graph in one object, with links that fail at random.
class PushSumCluster {
 public:
  static constexpr Accepted kNumber{"number", 0.0, 1.0};
  static constexpr double kWeightMost = 1e9;

  struct Links {
    double up_probability = 1.0;
    bool one_way = false;
    std::uint64_t seed = 1;
  };

  PushSumCluster(const Graph& graph, std::vector<std::vector<double>> values, Links links)
      : links_(links), values_(std::move(values)) {
    for (std::size_t i = 0; i < values_.size(); ++i) {
      nodes_.emplace_back(graph.neighbours(process_id(i)), values_[i].size(), kWeightMost)
          .start(values_[i]);
    }
  }

  void round() {
    for (PushSum& node : nodes_) node.share(kNumber);
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      inbox_.clear();
      for (const ProcessId from : nodes_[i].neighbours()) {
        if (!up({from, process_id(i)})) continue;
        inbox_.push_back({from, round_, std::as_bytes(nodes_[index_of(from)].given())});
      }
      nodes_[i].absorb(inbox_, kNumber);
    }
    ++round_;
  }

  /// The largest error of any node's estimate of the sum of value v, relative to the sum.
  double error(std::size_t v) const {
    double sum = 0, worst = 0;
    for (const auto& values : values_) sum += values[v];
    for (const PushSum& node : nodes_) {
      worst = std::max(worst, std::abs(static_cast<double>(nodes_.size()) * node.mean(v) - sum));
    }
    return worst / std::abs(sum);
  }

  /// Mass held by the nodes plus mass in flight, of value v; the weight is the last value.
  double mass(std::size_t v) const {
    double mass = 0;
    for (const PushSum& node : nodes_) {
      mass += node.held()[v];
      for (std::size_t k = 0; k < node.neighbours().size(); ++k) {
        mass += nodes_[index_of(node.neighbours()[k])].given()[v] - node.heard(k)[v];
      }
    }
    return mass;
  }

  std::vector<PushSum>& nodes() { return nodes_; }

 private:
  bool up(Edge edge) const {
    if (!links_.one_way && edge.from > edge.to) std::swap(edge.from, edge.to);
    return coin(links_.seed, purpose("test.push_sum"), edge, round_, links_.up_probability);
  }

  Links links_;
  std::vector<std::vector<double>> values_;
  std::vector<PushSum> nodes_;
  std::vector<Received> inbox_;
  Round round_ = 0;
};

/// [node_count] vectors of `value_count` numbers, uniform in [0.01, 1).
inline std::vector<std::vector<double>> random_values(std::size_t node_count,
                                                      std::size_t value_count, std::uint64_t seed) {
  RandomStream stream(seed, process_id(0), purpose("test.values"), 0);
  std::vector<std::vector<double>> values(node_count, std::vector<double>(value_count));
  for (auto& row : values) {
    for (double& value : row) value = 0.01 + 0.99 * to_unit(stream());
  }
  return values;
}

}  // namespace tacit::testing
