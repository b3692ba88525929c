#pragma once

#include <functional>

#include "common/round/node.h"

namespace tacit {

/// Drives a node on its transport to the end of its run; blocks in between.
///
/// @param on_end   called once after the last round, before the node says DONE: results are safe
///                 when it returns
/// @param on_pass  called with the time on every pass, at least three times a second; may throw to
///                 give up
/// @throws what the node throws (peer_absent, peer_lost)
void drive(Node& node, Transport& transport, const std::function<void()>& on_end,
           const std::function<void(TimePoint)>& on_pass);

}  // namespace tacit
