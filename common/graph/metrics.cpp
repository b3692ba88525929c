#include "common/graph/metrics.h"

#include <algorithm>

#include "common/base/check.h"

namespace tacit {

std::vector<std::size_t> hop_counts(const Graph& graph, ProcessId source) {
  const std::size_t unreached = graph.node_count();
  std::vector<std::size_t> hops(graph.node_count(), unreached);
  std::vector<ProcessId> queue{source};
  queue.reserve(graph.node_count());
  hops[index_of(source)] = 0;
  for (std::size_t next = 0; next < queue.size(); ++next) {
    for (const ProcessId neighbour : graph.neighbours(queue[next])) {
      if (hops[index_of(neighbour)] != unreached) continue;
      hops[index_of(neighbour)] = hops[index_of(queue[next])] + 1;
      queue.push_back(neighbour);
    }
  }
  return hops;
}

std::vector<ProcessId> unreachable_nodes(const Graph& graph) {
  std::vector<ProcessId> unreachable;
  if (graph.node_count() == 0) return unreachable;
  const std::vector<std::size_t> hops = hop_counts(graph, process_id(0));
  for (std::size_t node = 0; node < hops.size(); ++node) {
    if (hops[node] == graph.node_count()) unreachable.push_back(process_id(node));
  }
  return unreachable;
}

std::size_t diameter(const Graph& graph) {
  std::size_t longest = 0;
  for (std::size_t node = 0; node < graph.node_count(); ++node) {
    const std::vector<std::size_t> hops = hop_counts(graph, process_id(node));
    longest = std::max(longest, *std::max_element(hops.begin(), hops.end()));
  }
  TACIT_CHECK(graph.node_count() == 0 || longest < graph.node_count(),
              "the diameter of a disconnected graph is asked for");
  return longest;
}

DegreeSummary degrees(const Graph& graph) {
  TACIT_CHECK(graph.node_count() > 0, "degrees of an empty graph are asked for");
  DegreeSummary summary{graph.node_count(), 0, 0};
  for (std::size_t node = 0; node < graph.node_count(); ++node) {
    const std::size_t degree = graph.degree(process_id(node));
    summary.least = std::min(summary.least, degree);
    summary.most = std::max(summary.most, degree);
  }
  summary.mean =
      2.0 * static_cast<double>(graph.edges().size()) / static_cast<double>(graph.node_count());
  return summary;
}

}  // namespace tacit
