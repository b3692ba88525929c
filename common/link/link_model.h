#pragma once

#include "common/base/ids.h"

namespace tacit {

/// Whether a link works in a round: a pure function of (seed, edge, round) that both ends evaluate,
/// so nobody waits for a frame that will not come. Const methods are safe from any thread.
class LinkModel {
 public:
  virtual ~LinkModel() = default;
  /// Whether the frame that edge.from gives in `round` reaches edge.to. Symmetric in the edge
  /// unless the model was made one-way.
  virtual bool sends(Edge edge, Round round) const = 0;
};

}  // namespace tacit
