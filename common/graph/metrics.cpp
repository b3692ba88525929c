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
  struct Candidate {
    ProcessId node;
    std::size_t least;  ///< bounds of the greatest distance from it
    std::size_t most;
  };
  const std::size_t node_count = graph.node_count();
  std::vector<Candidate> candidates;
  for (std::size_t k = 0; k < node_count; ++k) candidates.push_back({process_id(k), 0, node_count});
  std::size_t longest = 0;
  for (bool is_far = true; !candidates.empty(); is_far = !is_far) {
    // Searches alternate between a node that may lie outermost and one that may lie in the middle.
    const auto next = is_far ? std::ranges::max_element(candidates, {}, &Candidate::most)
                             : std::ranges::min_element(candidates, {}, &Candidate::least);
    const std::vector<std::size_t> hops = hop_counts(graph, next->node);
    const std::size_t eccentricity = *std::ranges::max_element(hops);
    longest = std::max(longest, eccentricity);
    candidates.erase(next);
    for (Candidate& one : candidates) {
      const std::size_t hop_count = hops[index_of(one.node)];
      one.least = std::max({one.least, eccentricity - hop_count, hop_count});
      one.most = std::min(one.most, eccentricity + hop_count);
    }
    std::erase_if(candidates, [&](const Candidate& one) { return one.most <= longest; });
  }
  TACIT_CHECK(node_count == 0 || longest < node_count,
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
