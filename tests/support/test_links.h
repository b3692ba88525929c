#pragma once

#include <algorithm>
#include <cmath>

#include "common/base/random.h"
#include "common/link/link_model.h"

namespace tacit::testing {

/// Links that are up with one probability, both directions alike; 1 is always up. With a range,
/// agents farther apart do not hear each other, and their places determine for how long; for agents
/// that jump this is not true, but it is the same at both ends. Written separately from the
/// product's models so that the engine's tests do not depend on them.
class CoinLinks final : public LinkModel {
 public:
  explicit CoinLinks(double up_probability, std::uint64_t seed = 1, double range_m = 0)
      : up_probability_(up_probability), seed_(seed), range_m_(range_m) {}
  bool sends(Edge edge, Round round) const override {
    const Edge sorted{std::min(edge.from, edge.to), std::max(edge.from, edge.to)};
    return coin(seed_, purpose("test.links"), sorted, round, up_probability_);
  }
  bool needs_poses() const override { return range_m_ > 0; }
  bool hears(Edge, Round, Point from, Point to) const override {
    return range_m_ == 0 || std::hypot(from.x - to.x, from.y - to.y) <= range_m_;
  }
  Round quiet_rounds(Edge edge, Point from, Point to) const override {
    return hears(edge, 0, from, to) ? 0 : static_cast<Round>(from.x + to.x);
  }

 private:
  double up_probability_;
  std::uint64_t seed_;
  double range_m_;
};

/// One link that is down in rounds [first, last).
class OneOutage final : public LinkModel {
 public:
  OneOutage(ProcessId a, ProcessId b, Round first, Round last)
      : a_(a), b_(b), first_(first), last_(last) {}
  bool sends(Edge edge, Round round) const override {
    const bool hit = (edge.from == a_ && edge.to == b_) || (edge.from == b_ && edge.to == a_);
    return !(hit && first_ <= round && round < last_);
  }

 private:
  ProcessId a_, b_;
  Round first_, last_;
};

}  // namespace tacit::testing
