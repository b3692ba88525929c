#include "common/round/fault_plan.h"

#include <algorithm>

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
