#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "agent/learning/environment.h"
#include "agent/systems/grid/building.h"
#include "agent/systems/grid/building_policy.h"
#include "agent/systems/grid/dual_config.h"
#include "agent/systems/grid/training_config.h"
#include "common/experiment/training_task.h"

namespace tacit::grid {

/// The augmented constrained MDP on which a policy is trained: one building at constant (lambda,
/// nu) for 80 hours, with the conditions of each episode drawn at its start:
///   building and first hour uniform,  lambda ~ U[0, lambda_most],  nu ~ U[nu_least, nu_most],
///   b ~ m (exp U(0, ln 301) - 1),  s ~ U[0, C]
/// The reward is (ps r0 - lambda r1 + nu r2) / (40 m). The last hour is a truncation: the building
/// continues, so its remaining charge and backlog still have a value.
class BuildingEpisodes final : public Environment {
 public:
  BuildingEpisodes(std::shared_ptr<const District> district, const BuildingParameters& parameters,
                   const DualConfig& dual);

  std::size_t observation_size() const override { return kObservationSize; }
  ActionSpace action_space() const override { return building_action_space(); }
  void reset(RandomStream& stream) override;
  void observe(std::span<double> observation) const override;
  Transition step(std::span<const double> action, RandomStream& stream) override;

  /// The mean undiscounted return of a policy over episodes 0..count-1 of `seed`, the same episodes
  /// for every policy.
  double quality(BuildingPolicy policy, std::size_t count, std::uint64_t seed);

 private:
  Transition advance(const Action& action);

  std::vector<Building> buildings_;
  DualConfig dual_;
  Building current_;
  double lambda_ = 0;
  double nu_ = 0;
  std::size_t first_hours_;  ///< number of hours in which an episode may begin
  std::size_t hours_left_ = 0;
};

/// The inputs from which a policy of one building type is trained.
struct BuildingTraining {
  std::shared_ptr<const District> district;
  BuildingParameters building;
  DualConfig dual;  ///< its ranges
  double peak_price;
  TrainingConfig config;
};

/// Trains with one seed after another until an attempt is good enough, and keeps the best attempt:
/// some get stuck with a policy that serves from the battery at any price. Each attempt is compared
/// with the threshold policy on the same episodes.
TrainingTask building_training_task(const BuildingTraining& training);

/// The network in the outcome of such a task.
/// @throws InputError (bad_data) if it is no network, or none for buildings
PolicyNetwork read_building_network(std::span<const std::byte> content);

}  // namespace tacit::grid
