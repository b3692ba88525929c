#pragma once

#include <cstdint>

#include "common/base/geometry.h"
#include "common/base/ids.h"

namespace tacit {

/// Nobody leaves a link alone for longer, so that processes stay close and miss who dies.
inline constexpr Round kQuietRoundsMost = 32;

/// Whether a link works in a round: a pure function of (seed, edge, round) that both ends evaluate,
/// so nobody waits for a frame that will not come. Const methods are safe from any thread.
class LinkModel {
 public:
  virtual ~LinkModel() = default;
  /// Whether the frame that edge.from gives in `round` reaches edge.to. Symmetric in the edge
  /// unless the model was made one-way.
  virtual bool sends(Edge edge, Round round) const = 0;

  /// Whether hears() looks at the poses: then every frame carries its sender's, and what a receiver
  /// does not hear is dropped before its machine sees it.
  virtual bool needs_poses() const { return false; }

  /// Whether edge.to hears the frame that edge.from gave in `round`, given that the link carried
  /// it and where both were in that round. Symmetric in edge and poses unless one-way. Between
  /// agents whose motion is known (ContactForecast) it depends on the poses alone.
  virtual bool hears(Edge, Round, Point /*from*/, Point /*to*/) const { return true; }

  /// For how many rounds after one in which its ends were there the edge certainly carries nothing
  /// that is heard. Symmetric in edge and poses. Ends that know each other's pose exchange nothing
  /// in these rounds, so it may be more than 0 only where no frame is ever missed. At most
  /// kQuietRoundsMost.
  virtual Round quiet_rounds(Edge, Point /*from*/, Point /*to*/) const { return 0; }
};

/// What a protocol may need to know of the links between agents before a run.
struct LinkTraits {
  double up_probability = 1;  ///< per round, apart from planned failures
  bool ever_down = false;     ///< at random or as planned
  bool one_way = false;       ///< a link may work in one direction only
  bool coordinator_ever_down =
      false;  ///< the coordinator's links may fail, at random or as planned
  /// Hash of the floor plan whose walls decide who hears whom; 0 if none does.
  std::uint64_t floor_plan = 0;
  /// Every round is drawn by itself with up_probability, the same on all links, and nothing else
  /// fails.
  bool independent = true;
};

}  // namespace tacit
