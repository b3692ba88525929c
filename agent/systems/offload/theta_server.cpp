#include "agent/systems/offload/theta_server.h"

namespace tacit {

ThetaServer::ThetaServer(const ThetaServerConfig& config)
    : config_(config),
      schedule_(config.seed, config.agent_count, config.staleness),
      w_(config.agent_count, 0.0),
      theta_(config.agent_count, config.initial_theta) {
  for (std::size_t i = 0; i < config.agent_count; ++i) agents_.push_back(process_id(i));
}

Arcs ThetaServer::arcs(Round round) const {
  if (round >= config_.round_count) return {};
  if (round % kCoordinatorPhaseRounds == 0) {
    return {{}, schedule_.reporters(round / kExchangeRounds)};
  }
  return {agents_, {}};
}

void ThetaServer::on_round(const RoundInput& input, RoundOutput& output) {
  const Round step = input.round % kExchangeRounds;
  if (step % kCoordinatorPhaseRounds == 0) return;
  const bool is_w = step == 1;
  NewestSum& newest = is_w ? w_ : theta_;
  newest.absorb(input, is_w ? config_.accepted_w : config_.accepted_theta);
  const double sum = newest.sum();
  output.send_all(std::as_bytes(std::span(&sum, 1)));
  if (!is_w) output.record({{"sum_w", w_.sum()}, {"sum_theta", sum}});
}

void ThetaServer::save(CheckpointWriter& writer) const {
  w_.save(writer);
  theta_.save(writer);
}

void ThetaServer::restore(CheckpointReader& reader) {
  w_.restore(reader);
  theta_.restore(reader);
}

Result ThetaServer::result() const {
  return {{"sum_w", {w_.sum()}}, {"sum_theta", {theta_.sum()}}};
}

}  // namespace tacit
