#pragma once

#include "agent/systems/grid/building_policy.h"
#include "agent/systems/grid/dual_config.h"
#include "common/base/machine.h"
#include "common/protocol/dual_consensus.h"

namespace tacit::grid {

/// One building of a district whose buildings share a cap on energy from the grid. Per hour k, in
/// round k L (L = 1 if agents exchange nothing):
///   act on (state, lambda, nu), which gives e_grid and r2
///   lambda <- clip(lambda + alpha (e_grid - share), 0, lambda_most), then L rounds of mixing
///   nu     <- clip(nu - eta r2, nu_least, nu_most)
/// The building sends nothing but lambda. The last mixing ends in round R = K L.
class GridAgent final : public Machine {
 public:
  struct Setup {
    ProcessId self;
    std::uint64_t seed;
    std::size_t hours;  ///< K
    double share_kwh;   ///< c / N
    Method method;
  };

  /// @param building   in hour 0
  /// @param consensus  without neighbours unless the method is consensus
  GridAgent(const Setup& setup, const DualConfig& dual, Building building, BuildingPolicy policy,
            DualConsensus consensus);

  Arcs arcs(Round round) const override;
  void on_round(const RoundInput& input, RoundOutput& output) override;
  void save(CheckpointWriter& writer) const override;
  void restore(CheckpointReader& reader) override;
  /// lambda and nu after the last hour.
  Result result() const override;

 private:
  bool mixes() const { return setup_.method == Method::consensus; }
  Round rounds_per_hour() const { return mixes() ? dual_.iterations : 1; }
  Round round_count() const { return static_cast<Round>(setup_.hours) * rounds_per_hour(); }
  double lambda() const {
    return setup_.method == Method::fixed ? dual_.fixed_lambda : consensus_.dual();
  }
  void act(std::size_t hour, RoundOutput& output);

  Setup setup_;
  DualConfig dual_;
  Building building_;
  BuildingPolicy policy_;
  DualConsensus consensus_;
  double nu_;
};

}  // namespace tacit::grid
