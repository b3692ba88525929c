#include "common/simulation/fault_plan.h"

#include <algorithm>
#include <utility>

namespace tacit {

std::string_view name_of(FaultPhase phase) {
  switch (phase) {
    case FaultPhase::handshake:
      return "handshake";
    case FaultPhase::exchange:
      return "exchange";
    case FaultPhase::training:
      return "training";
    case FaultPhase::checkpoint:
      return "checkpoint";
    case FaultPhase::end:
      return "end";
  }
  return "unknown";
}

bool has_rounds(FaultPhase phase) {
  return phase != FaultPhase::handshake && phase != FaultPhase::end;
}

bool is_due(const PlannedKill& kill, ProcessId process, FaultPhase phase, Round round) {
  return kill.phase == phase && kill.process.value_or(process) == process &&
         (phase == FaultPhase::checkpoint ? kill.round <= round : kill.round == round);
}

bool is_due(const PlannedPause& pause, ProcessId process, FaultPhase phase, Round round) {
  const bool is_next_checkpoint = phase == FaultPhase::checkpoint && pause.is_single();
  return pause.phase == phase && pause.process == process && pause.rounds.from <= round &&
         (round < pause.rounds.to || is_next_checkpoint);
}

FaultRecord record_of(const PlannedKill& kill, ProcessId process, std::optional<Round> applied) {
  return {"kill", std::string(name_of(kill.phase)), to_string(process), kill.round, applied};
}

FaultRecord record_of(const PlannedPause& pause, std::optional<Round> applied) {
  return {"pause", std::string(name_of(pause.phase)), to_string(pause.process), pause.rounds.from,
          applied};
}

PendingFaults::PendingFaults(const FaultPlan& plan) : kills_(plan.kills) {
  for (const PlannedPause& pause : plan.pauses) pauses_.push_back({pause});
}

bool PendingFaults::has_due(ProcessId process, FaultPhase phase, Round round) const {
  const auto kill_is_due = [&](const PlannedKill& kill) {
    return is_due(kill, process, phase, round);
  };
  const auto pause_is_due = [&](const PendingPause& pause) {
    return is_due(pause.plan, process, phase, round);
  };
  return std::ranges::any_of(kills_, kill_is_due) || std::ranges::any_of(pauses_, pause_is_due);
}

std::chrono::milliseconds PendingFaults::take_pauses(ProcessId process, FaultPhase phase,
                                                     Round round, std::vector<FaultRecord>& begun) {
  std::chrono::milliseconds length{};
  for (auto pause = pauses_.begin(); pause != pauses_.end();) {
    if (!is_due(pause->plan, process, phase, round)) {
      ++pause;
      continue;
    }
    length += pause->plan.length;
    if (!std::exchange(pause->has_begun, true)) begun.push_back(record_of(pause->plan, round));
    pause = pause->plan.is_single() ? pauses_.erase(pause) : pause + 1;
  }
  return length;
}

std::optional<PlannedKill> PendingFaults::take_kill(ProcessId process, FaultPhase phase,
                                                    Round round) {
  const auto kill = std::ranges::find_if(
      kills_, [&](const PlannedKill& planned) { return is_due(planned, process, phase, round); });
  if (kill == kills_.end()) return std::nullopt;
  const PlannedKill taken = *kill;
  kills_.erase(kill);
  return taken;
}

std::optional<PlannedKill> PendingFaults::take_recorded(const FaultRecord& done) {
  const auto kill = std::ranges::find_if(kills_, [&](const PlannedKill& planned) {
    return planned.process && record_of(planned, *planned.process, done.applied) == done;
  });
  if (kill != kills_.end()) {
    const PlannedKill taken = *kill;
    kills_.erase(kill);
    return taken;
  }
  const auto pause = std::ranges::find_if(pauses_, [&](const PendingPause& pending) {
    return record_of(pending.plan, done.applied) == done;
  });
  if (pause == pauses_.end()) return std::nullopt;
  pause->has_begun = true;
  if (pause->plan.is_single()) pauses_.erase(pause);
  return std::nullopt;
}

bool PendingFaults::may_disturb_from(Round round) const {
  const auto is_to_come = [](const PlannedKill& kill) { return kill.phase != FaultPhase::end; };
  const auto goes_on = [&](const PendingPause& pause) {
    const bool is_over = !pause.plan.is_single() && pause.plan.rounds.to <= round;
    return pause.plan.phase != FaultPhase::end && !is_over;
  };
  return std::ranges::any_of(kills_, is_to_come) || std::ranges::any_of(pauses_, goes_on);
}

PacketFaults FaultPlan::packet_faults_of(ProcessId process) const {
  PacketFaults all;
  for (const PlannedPacketFaults& planned : packets) {
    if (planned.process.value_or(process) != process) continue;
    all.duplicate_probability =
        std::max(all.duplicate_probability, planned.faults.duplicate_probability);
    all.corrupt_probability = std::max(all.corrupt_probability, planned.faults.corrupt_probability);
  }
  return all;
}

}  // namespace tacit
