#include "common/graph/generators.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

#include "common/base/error.h"
#include "common/base/random.h"
#include "common/graph/metrics.h"

namespace tacit {
namespace {

using Pairs = std::vector<std::pair<std::size_t, std::size_t>>;

constexpr int kDrawsMost = 100;

Pairs ring_pairs(std::size_t node_count) {
  Pairs pairs;
  for (std::size_t node = 0; node + 1 < node_count; ++node) pairs.emplace_back(node, node + 1);
  if (node_count > 2) pairs.emplace_back(0, node_count - 1);
  return pairs;
}

/// All pairs of the nodes first..last-1.
void join_all(std::size_t first, std::size_t last, Pairs& pairs) {
  for (std::size_t a = first; a < last; ++a) {
    for (std::size_t b = a + 1; b < last; ++b) pairs.emplace_back(a, b);
  }
}

}  // namespace

Graph ring_graph(std::size_t node_count) { return Graph(node_count, ring_pairs(node_count)); }

Graph line_graph(std::size_t node_count) {
  Pairs pairs;
  for (std::size_t node = 0; node + 1 < node_count; ++node) pairs.emplace_back(node, node + 1);
  return Graph(node_count, pairs);
}

Graph star_graph(std::size_t node_count) {
  Pairs pairs;
  for (std::size_t node = 1; node < node_count; ++node) pairs.emplace_back(0, node);
  return Graph(node_count, pairs);
}

Graph complete_graph(std::size_t node_count) {
  Pairs pairs;
  join_all(0, node_count, pairs);
  return Graph(node_count, pairs);
}

Graph grid_graph(std::size_t rows, std::size_t columns) {
  Pairs pairs;
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t column = 0; column < columns; ++column) {
      const std::size_t node = row * columns + column;
      if (column + 1 < columns) pairs.emplace_back(node, node + 1);
      if (row + 1 < rows) pairs.emplace_back(node, node + columns);
    }
  }
  return Graph(rows * columns, pairs);
}

Graph two_clusters_graph(std::size_t node_count, std::size_t first_size) {
  if (first_size < 1 || first_size >= node_count) {
    throw InputError(ExitCode::config,
                     "two clusters of " + std::to_string(node_count) +
                         " nodes: the first must have at least 1 and leave 1 for the second, not " +
                         std::to_string(first_size));
  }
  Pairs pairs;
  join_all(0, first_size, pairs);
  join_all(first_size, node_count, pairs);
  pairs.emplace_back(first_size - 1, first_size);
  return Graph(node_count, pairs);
}

Graph erdos_renyi_graph(std::size_t node_count, double edge_probability, std::uint64_t seed) {
  for (int draw = 0; draw < kDrawsMost; ++draw) {
    RandomStream stream(seed, process_id(0), purpose("graph.erdos_renyi"), draw);
    Pairs pairs;
    for (std::size_t a = 0; a < node_count; ++a) {
      for (std::size_t b = a + 1; b < node_count; ++b) {
        if (to_unit(stream()) < edge_probability) pairs.emplace_back(a, b);
      }
    }
    Graph graph(node_count, pairs);
    if (unreachable_nodes(graph).empty()) return graph;
  }
  const double threshold =
      std::log(static_cast<double>(node_count)) / static_cast<double>(node_count);
  throw InputError(ExitCode::config,
                   "none of " + std::to_string(kDrawsMost) + " Erdos-Renyi graphs of " +
                       std::to_string(node_count) + " nodes was connected at edge_probability " +
                       std::to_string(edge_probability) +
                       "; choose it well above ln(N)/N = " + std::to_string(threshold));
}

std::size_t chord_count_most(std::size_t node_count) {
  return node_count < 4 ? 0 : node_count * (node_count - 3) / 2;
}

Graph small_world_graph(std::size_t node_count, std::size_t chord_count, std::uint64_t seed) {
  if (chord_count > chord_count_most(node_count)) {
    throw InputError(ExitCode::config, "a ring of " + std::to_string(node_count) +
                                           " nodes has room for at most " +
                                           std::to_string(chord_count_most(node_count)) +
                                           " chords, not " + std::to_string(chord_count));
  }
  Pairs pairs = ring_pairs(node_count);
  std::set<std::pair<std::size_t, std::size_t>> chords;
  RandomStream stream(seed, process_id(0), purpose("graph.small_world"), 0);
  // Drawing again after a ring edge or a chord that exists makes every set of chords equally
  // likely.
  while (chords.size() < chord_count) {
    std::uint64_t word = stream();
    const std::size_t first = split_off(word, node_count);
    const std::size_t second = split_off(word, node_count);
    const auto [a, b] = std::minmax(first, second);
    if (b - a >= 2 && b - a + 1 != node_count) chords.emplace(a, b);
  }
  pairs.insert(pairs.end(), chords.begin(), chords.end());
  return Graph(node_count, pairs);
}

}  // namespace tacit
