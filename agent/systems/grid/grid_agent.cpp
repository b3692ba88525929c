#include "agent/systems/grid/grid_agent.h"

#include <algorithm>

#include "common/base/random.h"

namespace tacit::grid {

namespace {

constexpr Purpose kActions = purpose("grid.actions");

}  // namespace

GridAgent::GridAgent(const Setup& setup, const DualConfig& dual, Building building,
                     BuildingPolicy policy, DualConsensus consensus)
    : setup_(setup),
      dual_(dual),
      building_(std::move(building)),
      policy_(std::move(policy)),
      consensus_(std::move(consensus)),
      nu_(setup.method == Method::fixed ? dual.fixed_nu : 0.0) {}

Arcs GridAgent::arcs(Round round) const {
  if (!mixes() || round >= round_count()) return {};
  return {consensus_.neighbours(), consensus_.neighbours()};
}

void GridAgent::on_round(const RoundInput& input, RoundOutput& output) {
  consensus_.mix(input);
  if (input.round == round_count()) return;
  if (input.round % rounds_per_hour() == 0) {
    act(static_cast<std::size_t>(input.round / rounds_per_hour()), output);
  }
  if (mixes()) consensus_.send(output);
}

void GridAgent::act(std::size_t hour, RoundOutput& output) {
  const HourState before = building_.state();
  const RandomStream stream(setup_.seed, setup_.self, kActions, static_cast<Round>(hour));
  const Action action = policy_.act(building_, lambda(), nu_, stream);
  const HourOutcome outcome = building_.step(action);
  output.record({{"lambda", lambda()},
                 {"nu", nu_},
                 {"demand_kwh", before.demand},
                 {"grid_kwh", outcome.grid},
                 {"battery_kwh", outcome.battery},
                 {"backlog_kwh", building_.state().backlog},
                 {"charge_kwh", outcome.charge},
                 {"spill_kwh", before.spill},
                 {"cost", -outcome.r0}});
  if (setup_.method == Method::fixed) return;
  consensus_.ascend(outcome.r1 - setup_.share_kwh);
  nu_ = std::clamp(nu_ - dual_.eta * outcome.r2, dual_.nu_least, dual_.nu_most);
}

void GridAgent::save(CheckpointWriter& writer) const {
  building_.save(writer);
  consensus_.save(writer);
  writer.value(nu_);
}

void GridAgent::restore(CheckpointReader& reader) {
  building_.restore(reader);
  consensus_.restore(reader);
  reader.value(nu_);
}

Result GridAgent::result() const { return {{"lambda", {lambda()}}, {"nu", {nu_}}}; }

}  // namespace tacit::grid
