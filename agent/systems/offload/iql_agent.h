#pragma once

#include <memory>
#include <vector>

#include "agent/systems/offload/congestion.h"
#include "agent/systems/offload/device.h"
#include "agent/systems/offload/edge_exchange.h"
#include "agent/systems/offload/iql_learner.h"
#include "agent/systems/offload/offload_config.h"
#include "common/base/machine.h"

namespace tacit::offload {

/// One device that learns alone, slot by slot, from the congestion it met: independent Q-learning,
/// with its own cost u(s_i) + [offload] d(n) or, with a common reward, the mean cost of all.
/// Slot t: the device acts and reports in round 2t, and receives the edge server's answer in 2t +
/// 2.
///
/// If an answer is lost, the device counts only its own offload and its own cost.
class IqlAgent final : public Machine {
 public:
  struct Setup {
    ProcessId self;
    std::size_t agent_count;  ///< N; the edge server is process N
    std::uint64_t seed;
    EdgeFormat format;
  };

  IqlAgent(const Setup& setup, const IqlConfig& config, const Congestion& congestion,
           std::shared_ptr<const Device> device);

  Arcs arcs(Round round) const override;
  void on_round(const RoundInput& input, RoundOutput& output) override;
  void save(CheckpointWriter& writer) const override;
  void restore(CheckpointReader& reader) override;
  /// describe_policies() of the greedy policy.
  Result result() const override;

 private:
  double slot_cost(const EdgeAnswer& answer) const;
  void finish_slot(std::span<const Received> inbox, RoundOutput& output);

  EdgeFormat format_;
  ProcessId server_;
  IqlConfig config_;
  std::shared_ptr<const Device> device_;
  std::vector<double> congestion_;  ///< [N + 1] d(n), for n >= 1
  IqlLearner learner_;
  bool offloads_ = false;       ///< in this slot
  std::int64_t row_slots_ = 0;  ///< slots since the last row of metrics; the sums likewise
  double row_offloads_ = 0;
  double row_local_cost_ = 0;
  double row_cost_ = 0;
};

}  // namespace tacit::offload
