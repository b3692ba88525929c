#include "agent/systems/offload/sum_rounds.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "agent/systems/offload/push_sum.h"
#include "common/base/error.h"
#include "common/base/random.h"

namespace tacit::offload {

namespace {

constexpr Purpose kRehearsal = purpose("offload.sum_rehearsal");
constexpr Round kRoundsMin = 8;
constexpr Round kRoundsMax = 100000;
constexpr std::uint64_t kLossyRehearsals = 3;
constexpr Accepted kNumber{"number", 0.0, 1.0};

// In each column one node starts with 1, the others with 0.
std::vector<PushSum> start_nodes(const Graph& graph, std::size_t columns) {
  const std::size_t node_count = graph.node_count();
  std::vector<PushSum> nodes;
  std::vector<double> values(columns);
  const double weight_most = static_cast<double>(node_count) * kRoundsMax;
  for (std::size_t i = 0; i < node_count; ++i) {
    for (std::size_t c = 0; c < columns; ++c) values[c] = c * node_count / columns == i ? 1.0 : 0.0;
    nodes.emplace_back(graph.neighbours(process_id(i)), columns, weight_most).start(values);
  }
  return nodes;
}

double worst_error(const std::vector<PushSum>& nodes, std::size_t columns) {
  double worst = 0;
  for (const PushSum& node : nodes) {
    for (std::size_t c = 0; c < columns; ++c) {
      worst = std::max(worst, std::abs(node.mean(c) * static_cast<double>(nodes.size()) - 1.0));
    }
  }
  return worst;
}

Round rehearse(const Graph& graph, double up_probability, double accuracy, std::uint64_t seed) {
  const std::size_t node_count = graph.node_count();
  const std::size_t columns =
      std::min(node_count, std::clamp<std::size_t>(4096 / node_count, 4, 64));
  std::vector<PushSum> nodes = start_nodes(graph, columns);
  std::vector<Received> inbox;
  for (Round round = 0; round < kRoundsMax; ++round) {
    for (PushSum& node : nodes) node.share(kNumber);
    for (std::size_t i = 0; i < node_count; ++i) {
      inbox.clear();
      for (const ProcessId from : nodes[i].neighbours()) {
        if (!coin(seed, kRehearsal, {from, process_id(i)}, round, up_probability)) continue;
        inbox.push_back({from, round, std::as_bytes(nodes[index_of(from)].given())});
      }
      nodes[i].absorb(inbox, kNumber);
    }
    if (worst_error(nodes, columns) <= accuracy) return round + 1;
  }
  throw InputError(ExitCode::config,
                   "sums over this graph take more than " + std::to_string(kRoundsMax) +
                       " rounds; add edges, raise links.up_probability, or set offload.sums = "
                       "\"coordinator\"");
}

}  // namespace

Round rehearse_sum_rounds(const Graph& graph, double up_probability, double accuracy) {
  if (graph.node_count() == 1) return kRoundsMin;
  if (up_probability >= 1.0) return std::max(kRoundsMin, rehearse(graph, 1.0, accuracy, 0));
  Round worst = 0;
  for (std::uint64_t seed = 1; seed <= kLossyRehearsals; ++seed) {
    worst = std::max(worst, rehearse(graph, up_probability, accuracy, seed));
  }
  return std::max(kRoundsMin, worst + (15 * worst + 99) / 100 + 2);
}

}  // namespace tacit::offload
