#include "common/graph/graph.h"

#include <algorithm>
#include <string>

#include "common/base/check.h"
#include "common/base/error.h"

namespace tacit {
namespace {

[[noreturn]] void refuse(std::size_t a, std::size_t b, const std::string& why) {
  throw InputError(ExitCode::config,
                   "edge (" + std::to_string(a) + ", " + std::to_string(b) + "): " + why);
}

std::vector<Link> sorted_links(std::size_t node_count,
                               const std::vector<std::pair<std::size_t, std::size_t>>& edges) {
  std::vector<Link> links;
  links.reserve(edges.size());
  for (const auto& [first, second] : edges) {
    const auto [a, b] = std::minmax(first, second);
    if (b >= node_count) {
      refuse(first, second,
             "node " + std::to_string(b) + " does not exist; there are " +
                 std::to_string(node_count) + " nodes, counted from 0");
    }
    if (a == b) refuse(first, second, "joins a node to itself; remove it");
    links.push_back({process_id(a), process_id(b)});
  }
  std::sort(links.begin(), links.end());
  const auto twin = std::adjacent_find(links.begin(), links.end());
  if (twin != links.end()) {
    refuse(index_of(twin->a), index_of(twin->b),
           "given twice; an undirected edge is listed once, in either direction");
  }
  return links;
}

}  // namespace

Graph::Graph(std::size_t node_count, const std::vector<std::pair<std::size_t, std::size_t>>& edges)
    : edges_(sorted_links(node_count, edges)),
      targets_(2 * edges_.size()),
      offsets_(node_count + 1, 0) {
  for (const Link& link : edges_) {
    ++offsets_[index_of(link.a) + 1];
    ++offsets_[index_of(link.b) + 1];
  }
  for (std::size_t node = 0; node < node_count; ++node) offsets_[node + 1] += offsets_[node];
  // Two passes over the sorted edges keep every list ascending: a node's smaller neighbours come
  // first (as `a` of an edge), then its greater ones.
  std::vector<std::size_t> next(offsets_.begin(), offsets_.end() - 1);
  for (const Link& link : edges_) targets_[next[index_of(link.b)]++] = link.a;
  for (const Link& link : edges_) targets_[next[index_of(link.a)]++] = link.b;
}

std::span<const ProcessId> Graph::neighbours(ProcessId node) const {
  const std::size_t index = index_of(node);
  TACIT_CHECK(index < node_count(), "neighbours are asked of nodes 0..N-1 only");
  return std::span(targets_).subspan(offsets_[index], offsets_[index + 1] - offsets_[index]);
}

}  // namespace tacit
