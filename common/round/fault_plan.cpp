#include "common/round/fault_plan.h"

#include <algorithm>

namespace tacit {

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
