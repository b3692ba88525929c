#include "agent/systems/locomotion/neighbourhood.h"

#include <algorithm>

#include "common/graph/metrics.h"

namespace tacit::locomotion {

Neighbourhoods neighbourhoods(const Graph& graph, KappaMode mode, std::size_t kappa) {
  const std::size_t count = graph.node_count();
  Neighbourhoods found;
  found.kappa = std::min(kappa, mode == KappaMode::hops ? diameter(graph) + 1 : count);
  for (std::size_t agent = 0; agent < count; ++agent) {
    const std::vector<std::size_t> hops = hop_counts(graph, process_id(agent));
    std::vector<Member> nearest;
    for (std::size_t other = 0; other < count; ++other) nearest.push_back({other, hops[other]});
    std::ranges::stable_sort(nearest, {}, &Member::hops);
    std::size_t size = found.kappa;
    if (mode == KappaMode::hops) {
      const auto near = [&](std::size_t hop) { return hop < found.kappa; };
      size = static_cast<std::size_t>(std::ranges::count_if(hops, near));
    }
    nearest.resize(size);
    found.hop_count = std::max(found.hop_count, nearest.back().hops);
    std::ranges::sort(nearest, {}, &Member::agent);
    found.members.push_back(std::move(nearest));
  }
  return found;
}

}  // namespace tacit::locomotion
