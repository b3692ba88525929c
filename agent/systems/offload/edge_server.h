#pragma once

#include <vector>

#include "agent/systems/offload/edge_exchange.h"
#include "common/base/machine.h"

namespace tacit {

/// The edge server of devices that learn independently: in every slot it counts the offloading
/// devices and answers every device with the count. It keeps no state between slots.
class EdgeServer final : public Machine {
 public:
  /// @param round_count  R, a multiple of kSlotRounds
  EdgeServer(const EdgeFormat& format, Round round_count);

  Arcs arcs(Round round) const override;
  void on_round(const RoundInput& input, RoundOutput& output) override;
  void save(CheckpointWriter& writer) const override { writer.value(offload_count_); }
  void restore(CheckpointReader& reader) override { reader.value(offload_count_); }
  /// offload_count: offloads of all devices in all slots.
  Result result() const override {
    return {{"offload_count", {static_cast<double>(offload_count_)}}};
  }

 private:
  EdgeFormat format_;
  Round round_count_;
  std::vector<ProcessId> agents_;
  std::uint64_t offload_count_ = 0;
};

}  // namespace tacit
