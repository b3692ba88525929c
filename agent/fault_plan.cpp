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

PlannedKill read_kill(const ConfigView& table, ProcessId process, Round last) {
  std::vector<std::string> names;
  for (const KillPhase phase : kPhases) names.emplace_back(name_of(phase));
  const std::string name = table.choice("phase", "exchange", names, Relevance::operational);
  const auto phase = std::ranges::find(kPhases, name, name_of);
  const bool at_round = *phase == KillPhase::exchange || *phase == KillPhase::checkpoint;
  if (!at_round && table.has("round")) {
    table.fail("round", "is read only with phase = \"exchange\" or \"checkpoint\"");
  }
  return {process, *phase, at_round ? required(table, "round", {0, static_cast<double>(last)}) : 0};
}

}  // namespace

std::string_view name_of(KillPhase phase) {
  switch (phase) {
    case KillPhase::handshake:
      return "handshake";
    case KillPhase::exchange:
      return "exchange";
    case KillPhase::checkpoint:
      return "checkpoint";
    case KillPhase::end:
      return "end";
  }
  return "unknown";
}

FaultPlan read_fault_plan(const ConfigView& root, std::size_t process_count, Round round_count) {
  FaultPlan plan;
  for (const ConfigView& table : root.tables("faults")) {
    const std::string kind =
        table.choice("kind", "kill", {"kill", "pause"}, Relevance::operational);
    const auto process = process_id(static_cast<std::size_t>(
        required(table, "process", {0, static_cast<double>(process_count) - 1})));
    if (kind == "kill") {
      plan.kills.push_back(read_kill(table, process, round_count));
      continue;
    }
    const Round round = required(table, "round", {0, static_cast<double>(round_count)});
    plan.pauses.push_back(
        {process, round,
         std::chrono::milliseconds(required(table, "length_ms", {1, kLongestPause_ms}))});
  }
  return plan;
}

}  // namespace tacit
