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

/// The setting of a simulated team. Referenced, not copied.
struct TeamSetting {
  const Lattice& lattice;
  const std::vector<PatrolPolicy>& policies;  ///< [N]
  const DualConfig& dual;
  const Graph& graph;      ///< neighbours, whose messages a robot may hear
  const LinkModel& links;  ///< symmetric
  std::uint64_t seed = 1;
  /// [M] weights by which all robots act whatever their multipliers are, if set
  std::optional<std::vector<double>> fixed_weights = std::nullopt;
  bool perfect_communication = false;  ///< true: all robots act by the reference multipliers
};

/// A patrolling team in one loop: every robot keeps the whole buffer of rewards that it knows and
/// receives those of its neighbours, without engine, frames or coding. The draws, the arithmetic
/// and the order in time are those of the robots' machines, so with the same seed every robot takes
/// the same way: runs are compared with this simulation, and training evaluates teams with it.
class TeamSimulation {
 public:
  explicit TeamSimulation(const TeamSetting& setting);

  /// One step t: receive, observe, act, and at the end of a rollout update the multipliers.
  void step();
  void run(std::size_t steps) {
    for (std::size_t i = 0; i < steps; ++i) step();
  }

  std::size_t step_count() const { return step_count_; }
  Place place(std::size_t robot) const { return places_[robot]; }
  /// The rewards that a robot knows of in the rollout of the last step, by column; cleared when the
  /// next rollout begins.
  std::span<const ZoneMask> known(std::size_t robot) const { return known_[robot]; }
  /// The true rewards, likewise.
  std::span<const ZoneMask> attended() const { return attended_; }
  std::span<const double> lambda(std::size_t robot) const { return lambda_[robot]; }
  /// The multipliers of an observer that knows all rewards; no robot does.
  std::span<const double> reference() const { return reference_; }

  /// [M] the fraction of all steps of the finished rollouts in which each zone was attended.
  /// @pre a rollout has ended
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
  std::vector<std::vector<double>> uniforms_;    ///< of this rollout, [N][T0]
  std::vector<ActionTable> tables_;              ///< of this rollout, [N]
  std::vector<std::uint64_t> attended_steps_;    ///< [M] so far
};

}  // namespace tacit::patrol
