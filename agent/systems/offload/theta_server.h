#pragma once

#include <cstdint>
#include <vector>

#include "agent/systems/offload/theta_exchange.h"
#include "common/base/machine.h"
#include "common/protocol/peer_payload.h"

namespace tacit {

/// The parameters of a run that the theta server needs.
struct ThetaServerConfig {
  std::size_t agent_count;  ///< N; the server is process N
  std::uint64_t seed;
  Round staleness = 1;       ///< slow steps last 1..staleness exchanges
  Round round_count;         ///< R, a multiple of kExchangeRounds
  double initial_theta = 0;  ///< of every agent, before its first report
  Accepted accepted_w;
  Accepted accepted_theta;
};

/// The coordinator of budgets: answers in every exchange with the sums of the newest w and theta of
/// all agents. It knows two numbers per agent and nothing of their states, costs or policies.
class ThetaServer final : public Machine {
 public:
  explicit ThetaServer(const ThetaServerConfig& config);

  Arcs arcs(Round round) const override;
  void on_round(const RoundInput& input, RoundOutput& output) override;
  void save(CheckpointWriter& writer) const override;
  void restore(CheckpointReader& reader) override;
  /// sum_w and sum_theta as last sent.
  Result result() const override;

 private:
  ThetaServerConfig config_;
  ReportSchedule schedule_;
  std::vector<ProcessId> agents_;
  NewestSum w_;
  NewestSum theta_;
};

}  // namespace tacit
