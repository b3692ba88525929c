#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "common/base/ids.h"

namespace tacit {

/// One planned fault, as in an experiment file.
struct ChaosEntry {
  std::string kind;   ///< "kill", "pause", "duplicate", "corrupt", "partition"
  std::string table;  ///< inline, in TOML
};
using ChaosPlan = std::vector<ChaosEntry>;

/// The run for which a plan is drawn.
struct ChaosShape {
  std::size_t agent_count;
  std::size_t process_count;
  Round round_count;
  std::size_t fault_count;  ///< kills, pauses and partitions; damaged packets have their own rates
  bool has_partitions;      ///< whether links may fail for several rounds
  /// Real processes: no process is killed more often than it may be restarted, never are all killed
  /// at once, and pauses take time.
  bool real_processes;
};

/// Draws a random plan: kills in all phases and of any process, in half of the plans within a few
/// rounds of each other, so that they overlap and coincide with replays; in most plans a kill of
/// all processes; pauses; partitions that heal; duplicated and damaged packets. Depends on its
/// arguments alone.
ChaosPlan draw_chaos_plan(const ChaosShape& shape, std::uint64_t seed);

/// The plan as an override of an experiment, in place of the experiment's own plan.
std::string override_of(const ChaosPlan& plan);

/// Shrinks a plan that fails by leaving out parts of it, large parts first, as long as it still
/// fails.
/// @pre fails(plan)
/// @param fails  called at most `attempts_most` times
ChaosPlan shrink(ChaosPlan plan, const std::function<bool(const ChaosPlan&)>& fails,
                 std::size_t attempts_most);

}  // namespace tacit
