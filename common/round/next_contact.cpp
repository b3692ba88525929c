#include "common/round/next_contact.h"

#include <algorithm>

namespace tacit {

Round next_contact(const LinkModel& links, const Arcs& arcs, Edge edge, Round round, Point from,
                   Point to) {
  const Round quiet = links.quiet_rounds(edge, from, to);
  if (quiet == 0) return round + 1;
  const bool both_ways =
      std::ranges::binary_search(arcs.to, edge.from) && links.sends({edge.to, edge.from}, round);
  return round + 1 + (both_ways ? quiet : 0);
}

}  // namespace tacit
