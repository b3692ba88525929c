#include "common/experiment/planned_failures.h"

#include <algorithm>
#include <array>

namespace tacit {
namespace {

constexpr std::array kPhases{FaultPhase::handshake, FaultPhase::exchange, FaultPhase::training,
                             FaultPhase::checkpoint, FaultPhase::end};
constexpr double kLongestPause_ms = 3'600'000;

std::int64_t required(const ConfigView& table, std::string_view key, Range range) {
  if (!table.has(key)) table.fail(key, "missing");
  return table.integer(key, 0, range, Relevance::operational);
}

FaultPhase read_phase(const ConfigView& table) {
  std::vector<std::string> names;
  for (const FaultPhase phase : kPhases) names.emplace_back(name_of(phase));
  const std::string name = table.choice("phase", "exchange", names, Relevance::operational);
  const FaultPhase phase = *std::ranges::find(kPhases, name, name_of);
  for (const char* key : {"round", "from", "to"}) {
    if (!has_rounds(phase) && table.has(key)) {
      table.fail(key, "is read only with phase = \"exchange\", \"training\" or \"checkpoint\"");
    }
  }
  return phase;
}

PlannedKill read_kill(const ConfigView& table, std::optional<ProcessId> process, Round last) {
  const FaultPhase phase = read_phase(table);
  if (!process && phase != FaultPhase::exchange) {
    table.fail("process", "missing; all can be killed at once only with phase = \"exchange\"");
  }
  const Round round =
      has_rounds(phase) ? required(table, "round", {0, static_cast<double>(last)}) : 0;
  return {process, phase, round,
          std::chrono::milliseconds(
              table.integer("restart_after_ms", 0, {0, kLongestPause_ms}, Relevance::operational))};
}

RoundInterval read_pause_rounds(const ConfigView& table, FaultPhase phase, Round last) {
  if (!has_rounds(phase)) return {0, 1};
  const Range rounds{0, static_cast<double>(last)};
  if (!table.has("from") && !table.has("to")) {
    const Round round = required(table, "round", rounds);
    return {round, round + 1};
  }
  if (table.has("round")) table.fail("round", "either round, or from and to");
  const Round from = required(table, "from", rounds);
  const Round to = required(table, "to", {0, static_cast<double>(last) + 1});
  if (to <= from) table.fail("to", "must be after from = " + std::to_string(from));
  return {from, to};
}

PlannedPause read_pause(const ConfigView& table, ProcessId process, Round last) {
  const FaultPhase phase = read_phase(table);
  return {process, phase, read_pause_rounds(table, phase, last),
          std::chrono::milliseconds(required(table, "length_ms", {1, kLongestPause_ms}))};
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
      plan.pauses.push_back(read_pause(table, *process, round_count));
    } else {
      plan.packets.push_back({process, read_packet_faults(table, kind)});
    }
  }
  return plan;
}

std::vector<FaultRecord> records_of(const FaultPlan& plan, std::size_t process_count) {
  std::vector<FaultRecord> records;
  const auto of_each = [&](std::optional<ProcessId> process, const auto& record_of_one) {
    for (std::size_t i = 0; i < process_count; ++i) {
      if (index_of(process.value_or(process_id(i))) == i) {
        records.push_back(record_of_one(process_id(i)));
      }
    }
  };
  for (const PlannedKill& kill : plan.kills) {
    of_each(kill.process, [&](ProcessId process) { return record_of(kill, process, {}); });
  }
  for (const PlannedPause& pause : plan.pauses) records.push_back(record_of(pause, {}));
  for (const PlannedPacketFaults& packets : plan.packets) {
    const std::string kind = packets.faults.duplicate_probability > 0 ? "duplicate" : "corrupt";
    of_each(packets.process, [&](ProcessId process) {
      return FaultRecord{kind, "", to_string(process), {}, {}, 0};
    });
  }
  return records;
}

}  // namespace tacit
