#pragma once

#include <cstddef>
#include <vector>

#include "common/graph/graph.h"

namespace tacit::locomotion {

/// What kappa counts.
enum class KappaMode {
  hops,   ///< N(i) = {j : d(i, j) <= kappa - 1}, d in hops
  count,  ///< N(i) = the kappa agents nearest to i, i included; ties: lower distance, lower index
};

struct Member {
  std::size_t agent;
  std::size_t hops;  ///< from the agent whose neighbourhood it is in
};

/// Whose states an agent uses.
struct Neighbourhoods {
  std::vector<std::vector<Member>> members;  ///< [N] N(i), ascending by agent, i included
  std::size_t hop_count = 0;                 ///< the longest way from a member to its agent
  std::size_t kappa = 1;                     ///< as given, or the largest that differs
};

/// @param kappa  >= 1; beyond the diameter + 1 (hops) or N (count) it changes nothing and is
///               lowered to that
/// @pre the graph is connected
Neighbourhoods neighbourhoods(const Graph& graph, KappaMode mode, std::size_t kappa);

}  // namespace tacit::locomotion
