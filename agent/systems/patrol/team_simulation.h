#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "agent/systems/patrol/multipliers.h"
#include "agent/systems/patrol/patrol_policy.h"
#include "common/graph/graph.h"
#include "common/link/link_model.h"
#include "common/proximity/lattice.h"

namespace tacit::patrol {

/// What a simulated team patrols with. Referenced, not copied.
struct TeamSetting {
  const Lattice& lattice;
  const std::vector<PatrolPolicy>& policies;  ///< [N]
  const DualConfig& dual;
  const Graph& graph;      ///< whom a robot may hear at all
  const LinkModel& links;  ///< symmetric
  std::uint64_t seed = 1;
  /// [M] what all robots act by whatever their multipliers are, if anything
  std::optional<std::vector<double>> fixed_weights = std::nullopt;
  bool perfect_communication = false;  ///< else: all robots act by the reference multipliers
};

/// A team on patrol in one loop: every robot keeps the whole buffer of what it knows to be attended
/// and hears those of its neighbours, without engine, frames or coding. The draws, the arithmetic
/// and the order in time are those of the robots' machines, so with the same seed every robot goes
/// the same way: this is what runs are compared with, and what training judges teams by.
class TeamSimulation {
 public:
  explicit TeamSimulation(const TeamSetting& setting);

  /// One step t: hear, observe, act, and at the end of a rollout update the multipliers.
  void step();
  void run(std::size_t steps) {
    for (std::size_t i = 0; i < steps; ++i) step();
  }

  std::size_t step_count() const { return step_count_; }
  Place place(std::size_t robot) const { return places_[robot]; }
  /// What a robot knows to be attended in the steps of the rollout that the last step was in, by
  /// column; cleared when the next begins.
  std::span<const ZoneMask> known(std::size_t robot) const { return known_[robot]; }
  /// What was attended.
  std::span<const ZoneMask> attended() const { return attended_; }
  std::span<const double> lambda(std::size_t robot) const { return lambda_[robot]; }
  /// The multipliers of one who knows all that was attended; no robot does.
  std::span<const double> reference() const { return reference_; }

  /// [M] the part of all steps of the rollouts that have ended in which each zone was attended.
  /// @pre one has ended
  std::vector<double> visit_fraction() const;
  /// min_m (visited_m - c_m).
  double margin() const;

 private:
  void begin_rollout();
  void gossip(std::size_t column);
  void observe(std::size_t column);
  void move(std::size_t column);
  void update();

  TeamSetting setting_;
  std::size_t robot_count_;
  std::size_t step_count_ = 0;
  std::vector<Place> places_;                    ///< [N]
  std::vector<std::vector<ZoneMask>> known_;     ///< R^n, [N][T0]
  std::vector<std::vector<ZoneMask>> previous_;  ///< R^n one step ago
  std::vector<ZoneMask> attended_;               ///< r, [T0]
  std::vector<std::vector<double>> lambda_;      ///< [N][M]
  std::vector<double> reference_;                ///< [M]
  std::vector<std::vector<double>> uniforms_;    ///< of the rollout, [N][T0]
  std::vector<ActionTable> tables_;              ///< of the rollout, [N]
  std::vector<std::uint64_t> attended_steps_;    ///< [M] so far
};

}  // namespace tacit::patrol
