#pragma once

#include <functional>

#include "common/round/node.h"

namespace tacit {

/// Drives a node on its transport to the end of its run; blocks while there is nothing to do.
///
/// @param on_end   called once after the last round, before the node sends DONE; must store the
///                 results before it returns
/// @param on_pass  called with the time on every pass, at least three times a second; may throw to
///                 abort
/// @throws what the node throws (peer_absent, peer_lost)
void drive(Node& node, Transport& transport, const std::function<void()>& on_end,
           const std::function<void(TimePoint)>& on_pass);

}  // namespace tacit
