#pragma once

#include <memory>

#include "common/link/link_model.h"

namespace tacit {

/// Up where both models are up: random failures and planned ones.
class BothUp final : public LinkModel {
 public:
  BothUp(std::unique_ptr<LinkModel> first, std::unique_ptr<LinkModel> second)
      : first_(std::move(first)), second_(std::move(second)) {}
  bool sends(Edge edge, Round round) const override {
    return first_->sends(edge, round) && second_->sends(edge, round);
  }
  bool needs_poses() const override { return first_->needs_poses() || second_->needs_poses(); }
  bool hears(Edge edge, Round round, Point from, Point to) const override {
    return first_->hears(edge, round, from, to) && second_->hears(edge, round, from, to);
  }

 private:
  std::unique_ptr<LinkModel> first_;
  std::unique_ptr<LinkModel> second_;
};

/// One model for the links between agents and another for those of the coordinator.
class CoordinatorApart final : public LinkModel {
 public:
  /// @param coordinator   its process id; agents have smaller ones
  /// @param to_coordinator  nothing: these links are always up
  CoordinatorApart(ProcessId coordinator, std::unique_ptr<LinkModel> between_agents,
                   std::unique_ptr<LinkModel> to_coordinator)
      : coordinator_(coordinator),
        between_agents_(std::move(between_agents)),
        to_coordinator_(std::move(to_coordinator)) {}
  bool sends(Edge edge, Round round) const override {
    if (is_between_agents(edge)) return between_agents_->sends(edge, round);
    return !to_coordinator_ || to_coordinator_->sends(edge, round);
  }
  bool needs_poses() const override { return between_agents_->needs_poses(); }
  bool hears(Edge edge, Round round, Point from, Point to) const override {
    return !is_between_agents(edge) || between_agents_->hears(edge, round, from, to);
  }

 private:
  bool is_between_agents(Edge edge) const {
    return edge.from < coordinator_ && edge.to < coordinator_;
  }

  ProcessId coordinator_;
  std::unique_ptr<LinkModel> between_agents_;
  std::unique_ptr<LinkModel> to_coordinator_;
};

}  // namespace tacit
