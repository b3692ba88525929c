#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "common/base/ids.h"

namespace tacit {

/// A fault that was planned, applied, or both.
struct FaultRecord {
  std::string kind;    ///< "kill", "restart", "pause", "duplicate", "corrupt", "outage", ...
  std::string phase;   ///< of kills, restarts and pauses
  std::string target;  ///< process "3", link "0-1", groups "0 1|2 3" or "all"
  std::optional<Round> planned;  ///< nothing for faults that last the whole run
  std::optional<Round>
      applied;              ///< that the target had reached; nothing if the fault never happened
  std::uint64_t count = 1;  ///< of packets, or of rounds that links were affected
  bool operator==(const FaultRecord&) const = default;
};

/// The key by which faults are counted: "kill.exchange", "duplicate".
inline std::string key_of(const FaultRecord& fault) {
  return fault.phase.empty() ? fault.kind : fault.kind + "." + fault.phase;
}

}  // namespace tacit
