#pragma once

#include <cstddef>
#include <vector>

#include "common/graph/graph.h"

namespace tacit::locomotion {

/// The meaning of kappa.
enum class KappaMode {
  hops,   ///< N(i) = {j : d(i, j) <= kappa - 1}, d in hops
  count,  ///< N(i) = the kappa agents nearest to i, i included; ties: lower distance, lower index
};

struct Member {
  std::size_t agent;
  std::size_t hops;  ///< to the agent whose neighbourhood it is
};

/// The agents whose states each agent uses.
struct Neighbourhoods {
  std::vector<std::vector<Member>> members;  ///< [N] N(i), ascending by agent, i included
  std::size_t hop_count = 0;                 ///< the longest distance from a member to its agent
  std::size_t kappa = 1;  ///< as given, lowered to the largest value that matters
};

/// @param kappa  >= 1; values beyond the diameter + 1 (hops) or N (count) change nothing and are
/// lowered to that
/// @pre the graph is connected
Neighbourhoods neighbourhoods(const Graph& graph, KappaMode mode, std::size_t kappa);

}  // namespace tacit::locomotion
