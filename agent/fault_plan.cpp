#include "agent/fault_plan.h"

#include <algorithm>
#include <array>

namespace tacit {
namespace {

constexpr std::array kPhases{KillPhase::handshake, KillPhase::exchange, KillPhase::checkpoint,
                             KillPhase::end};
constexpr double kLongestPause_ms = 3'600'000;

std::int64_t required(const ConfigView& table, std::string_view key, Range range) {
  if (!table.has(key)) table.fail(key, "missing");
  return table.integer(key, 0, range, Relevance::operational);
}

PlannedKill read_kill(const ConfigView& table, std::optional<ProcessId> process, Round last) {
  std::vector<std::string> names;
  for (const KillPhase phase : kPhases) names.emplace_back(name_of(phase));
  const std::string name = table.choice("phase", "exchange", names, Relevance::operational);
  const auto phase = std::ranges::find(kPhases, name, name_of);
  if (!process && *phase != KillPhase::exchange) {
    table.fail("process", "missing; all can be killed at once only with phase = \"exchange\"");
  }
  const bool at_round = *phase == KillPhase::exchange || *phase == KillPhase::checkpoint;
  if (!at_round && table.has("round")) {
    table.fail("round", "is read only with phase = \"exchange\" or \"checkpoint\"");
  }
  return {process, *phase, at_round ? required(table, "round", {0, static_cast<double>(last)}) : 0};
}

PacketFaults read_packet_faults(const ConfigView& table, const std::string& kind) {
  if (!table.has("probability")) table.fail("probability", "missing");
  const double probability = table.number("probability", 0, {0, 1}, Relevance::operational);
  return kind == "duplicate" ? PacketFaults{probability, 0} : PacketFaults{0, probability};
}

}  // namespace

std::string read_fault_kind(const ConfigView& table) {
  return table.choice("kind", "kill",
                      {"kill", "pause", "duplicate", "corrupt", "outage", "partition", "delay"},
                      Relevance::operational);
}

FaultPlan read_fault_plan(const ConfigView& root, std::size_t process_count, Round round_count) {
  FaultPlan plan;
  for (const ConfigView& table : root.tables("faults")) {
    const std::string kind = read_fault_kind(table);
    if (kind == "outage" || kind == "partition" || kind == "delay") continue;
    std::optional<ProcessId> process;
    if (kind == "pause" || table.has("process")) {
      process = process_id(static_cast<std::size_t>(
          required(table, "process", {0, static_cast<double>(process_count) - 1})));
    }
    if (kind == "kill") {
      plan.kills.push_back(read_kill(table, process, round_count));
    } else if (kind == "pause") {
      const Round round = required(table, "round", {0, static_cast<double>(round_count)});
      plan.pauses.push_back(
          {*process, round,
           std::chrono::milliseconds(required(table, "length_ms", {1, kLongestPause_ms}))});
    } else {
      plan.packets.push_back({process, read_packet_faults(table, kind)});
    }
  }
  return plan;
}

}  // namespace tacit
