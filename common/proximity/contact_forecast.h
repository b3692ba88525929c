#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "common/link/link_model.h"
#include "common/proximity/known_points.h"
#include "common/proximity/motion.h"

namespace tacit {

/// The links of agents that move in a known way. Two that are out of each other's reach stay so for
/// a while, whatever they do: this says for how long, from a table of all pairs of places. In that
/// time nothing but their places would go from one to the other, for the emulation to see that
/// neither hears the other, and so nothing needs to go at all.
class ContactForecast final : public LinkModel {
 public:
  /// @param links        where poses decide who hears whom: between agents by the poses alone
  /// @param agent_count  processes from this one on do not move, and are always asked
  /// @throws std::invalid_argument if the motion leads to no place of its own
  ContactForecast(std::unique_ptr<LinkModel> links, std::size_t agent_count, const Motion& motion);

  bool sends(Edge edge, Round round) const override { return links_->sends(edge, round); }
  bool needs_poses() const override { return links_->needs_poses(); }
  bool hears(Edge edge, Round round, Point from, Point to) const override {
    return links_->hears(edge, round, from, to);
  }
  /// 0 for places that no agent can be at.
  Round quiet_rounds(Edge edge, Point from, Point to) const override;

 private:
  std::unique_ptr<LinkModel> links_;
  std::size_t agent_count_;
  KnownPoints points_;
  std::vector<std::uint8_t> quiet_rounds_;  ///< [points x points]
};

}  // namespace tacit
