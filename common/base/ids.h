#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>

namespace tacit {

/// A process of a run: agents are 0..N-1; the coordinator, where there is one, is N and sorts last.
enum class ProcessId : std::uint32_t {};

constexpr ProcessId process_id(std::size_t index) { return static_cast<ProcessId>(index); }
constexpr std::size_t index_of(ProcessId id) { return static_cast<std::size_t>(id); }
inline std::string to_string(ProcessId id) { return std::to_string(index_of(id)); }

/// The name of a process in messages, for a run of N = `agent_count` agents.
inline std::string process_name(ProcessId id, std::size_t agent_count) {
  return index_of(id) == agent_count ? "the coordinator (process " + to_string(id) + ")"
                                     : "agent " + to_string(id);
}

/// A logical round, counted from 0. Round k consumes the frames sent in round k - 1.
using Round = std::int64_t;

/// One direction of a link.
struct Edge {
  ProcessId from;
  ProcessId to;
  auto operator<=>(const Edge&) const = default;
};

}  // namespace tacit
