#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "common/base/ids.h"

namespace tacit {

/// One thing that is to go wrong, as an experiment file says it.
struct ChaosEntry {
  std::string kind;   ///< "kill", "pause", "duplicate", "corrupt", "partition"
  std::string table;  ///< inline, in TOML
};
using ChaosPlan = std::vector<ChaosEntry>;

/// What a plan is drawn for.
struct ChaosShape {
  std::size_t agent_count;
  std::size_t process_count;
  Round round_count;
  std::size_t fault_count;  ///< kills, pauses and partitions; packets have their own odds
  bool has_partitions;      ///< whether links may fail for longer
  /// Real processes: each is killed as often as it is started again at most, never all are killed
  /// at once, and pauses cost time.
  bool real_processes;
};

/// A random plan: kills in all phases, of any process, in half of the plans within a few rounds of
/// each other, so that they overlap and meet replays; a kill of all in most; pauses; partitions
/// that heal; packets that come twice or damaged. A function of its arguments.
ChaosPlan draw_chaos_plan(const ChaosShape& shape, std::uint64_t seed);

/// The plan as an override of an experiment, in place of what it plans itself.
std::string override_of(const ChaosPlan& plan);

/// The smallest plan that still fails, as far as leaving out parts of it, large ones first, leads.
/// @pre fails(plan)
/// @param fails  asked at most `attempts_most` times
ChaosPlan shrink(ChaosPlan plan, const std::function<bool(const ChaosPlan&)>& fails,
                 std::size_t attempts_most);

}  // namespace tacit
