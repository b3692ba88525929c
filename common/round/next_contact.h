#pragma once

#include "common/base/machine.h"
#include "common/link/link_model.h"

namespace tacit {

/// The first round after `round` in which frames go over an edge, where edge.to has got one of
/// `round` and knows where both ends were in it. If frames went both ways, both ends know that, and
/// come to the same answer.
/// @param arcs  of edge.to in `round`
Round next_contact(const LinkModel& links, const Arcs& arcs, Edge edge, Round round, Point from,
                   Point to);

}  // namespace tacit
