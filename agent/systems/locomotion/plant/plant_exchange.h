#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/base/machine.h"

namespace tacit {

/// How a step ended the episode of one copy; see Ending of the learners.
enum class EpisodeEnd : std::uint8_t { none = 0, terminated = 1, truncated = 2 };

/// The largest number in a report or in a relayed state: its square is still a float, and no body
/// gets that far. The plant clips to it.
inline constexpr float kStateMost = 1e15F;

/// The plant's report to one agent on a step of its E copies; it holds no other agent's joints.
struct PlantReport {
  std::vector<float> observation;       ///< [E][D] after the step, or after the reset that followed
  std::vector<float> reward;            ///< [E] of the step, common to all agents
  std::vector<float> cost;              ///< [E] of the step, this agent's
  std::vector<EpisodeEnd> end;          ///< [E]
  std::vector<float> last_observation;  ///< [E][D] before the reset; read where end is not none
};

/// The frame of a report, in little-endian order: observation, reward and cost as floats, end as E
/// bytes, then the last observations of those copies that ended, in ascending order.
std::vector<std::byte> pack_report(const PlantReport& report);

/// @param observation_count  D
/// @param report  overwritten; its vectors have their sizes already, see make_report
/// @throws InputError (peer_lost) naming the sender: size, a number beyond kStateMost, an unknown
///         end
void read_report(const Received& received, PlantReport& report);

/// A report of E copies and D numbers, all zero.
PlantReport make_report(std::size_t copy_count, std::size_t observation_count);

void save_report(const PlantReport& report, CheckpointWriter& writer);
void restore_report(CheckpointReader& reader, PlantReport& report);

/// The copies whose episodes a step truncated, ascending.
std::vector<std::size_t> truncated_copies(const PlantReport& report);

/// The part of an agent's report that other agents may see: the first told_count numbers of each
/// copy's observation, then those of the last observation of each truncated copy.
/// @return [E + truncated copies][told_count]
std::vector<float> told_block(const PlantReport& report, std::size_t told_count);

/// The largest action: its square is still a float.
inline constexpr float kActionMost = 1e6F;

/// Takes values off the front of a payload that is long enough.
/// @throws InputError (peer_lost) naming the sender of a number beyond kStateMost
void take_states(std::span<const std::byte>& rest, std::span<float> values,
                 const Received& received);

/// The frame of one agent's actions: floats, [E][its action count].
std::span<const std::byte> pack_actions(std::span<const float> actions);

/// @param actions  overwritten
/// @throws InputError (peer_lost) naming the sender: size, a number beyond kActionMost
void read_actions(const Received& received, std::span<float> actions);

}  // namespace tacit
