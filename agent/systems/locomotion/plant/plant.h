#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "agent/systems/locomotion/plant/plant_exchange.h"
#include "agent/systems/locomotion/plant/task.h"
#include "common/base/checkpoint.h"
#include "common/base/geometry.h"

namespace tacit {

/// Where the corridor costs: at every place too far from its centre line, or, as in the published
/// code, only near its walls, so that places far outside cost nothing.
enum class CorridorCost { outside, band };

/// Whether every agent pays the cost of the body, or that of its own segment, pod or runner.
enum class CostScope { shared, local };

struct PlantSettings {
  std::size_t copy_count = 1;  ///< E, 1..1024
  std::uint64_t seed = 1;
  CorridorCost corridor_cost = CorridorCost::outside;  ///< band: 2x3, 3x2, 6x1 and 8x1 only
  CostScope cost_scope = CostScope::shared;            ///< local: all but 8x1
};

/// @throws InputError (config) naming a setting that is out of range or not for this task
void check_plant_settings(const Task& task, const PlantSettings& settings);

/// Totals of the plant over all copies.
struct PlantCounts {
  std::uint64_t steps = 0;
  std::uint64_t episodes = 0;    ///< number ended
  std::uint64_t terminated = 0;  ///< of these, ended by falling or by a non-finite state
  std::uint64_t unstable = 0;    ///< of these, ended by a non-finite state
  double reward_sum = 0;         ///< of all steps
  double cost_sum = 0;           ///< of all steps, mean over agents
  double ended_return_sum = 0;   ///< undiscounted, of the ended episodes
  double ended_cost_sum = 0;     ///< likewise, mean over agents
};

/// The path of the head in one episode: its places after the reset and after each step, and the y
/// of the corridor's centre there, m. For 12x1: x and z of the first runner, no corridor.
struct HeadPath {
  std::vector<Point> places;
  std::vector<double> centre;
};

/// E copies of one task, stepped together in double precision; agents get floats. A copy whose
/// episode ends is reset at once with a stream of (seed, copy, episode), so nothing depends on the
/// order of copies. If a simulation's state becomes non-finite, its episode ends as terminated with
/// cost 1, and is counted.
class Plant {
 public:
  /// @throws InputError (config) as check_plant_settings, or if there is no MuJoCo
  Plant(const Task& task, const PlantSettings& settings);
  ~Plant();

  const Task& task() const;
  std::size_t copy_count() const;

  /// One step of all copies.
  /// @param actions  [N] of [E][action_count of the agent], finite
  void step(std::span<const std::vector<float>> actions);

  /// An agent's report of the last step, or of the reset before the first.
  const PlantReport& report(std::size_t agent) const;

  const PlantCounts& counts() const;
  /// The newest ended episode of each of the first copies, at most kPathCount; empty before.
  std::span<const HeadPath> paths() const;
  /// Half the width around the corridor's centre without cost, m; 0 without a corridor.
  double free_half_width() const;
  static constexpr std::size_t kPathCount = 3;

  /// Saves all state that the future depends on, and the last reports: a restored plant continues
  /// with the same bits.
  void save(CheckpointWriter& writer) const;
  void restore(CheckpointReader& reader);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tacit
