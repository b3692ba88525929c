#include "agent/systems/offload/iql_agent.h"

#include "agent/systems/offload/agent_result.h"

namespace tacit::offload {

IqlAgent::IqlAgent(const Setup& setup, const IqlConfig& config, const Congestion& congestion,
                   std::shared_ptr<const Device> device)
    : format_(setup.format),
      server_(process_id(setup.agent_count)),
      config_(config),
      device_(std::move(device)),
      congestion_(setup.agent_count + 1, 0.0),
      learner_(device_->model, config.learner, setup.seed, setup.self) {
  for (std::size_t n = 1; n <= setup.agent_count; ++n) congestion_[n] = congestion.of_count(n);
}

Arcs IqlAgent::arcs(Round round) const {
  if (round >= kSlotRounds * config_.slots) return {};
  const std::span<const ProcessId> server(&server_, 1);
  if (round % kSlotRounds == 0) return {server, {}};
  return {{}, server};
}

void IqlAgent::on_round(const RoundInput& input, RoundOutput& output) {
  if (input.round % kSlotRounds != 0) return;
  if (input.round > 0) finish_slot(input.inbox, output);
  if (input.round >= kSlotRounds * config_.slots) return;
  offloads_ = learner_.choose() == Action::offload;
  send_report({offloads_, learner_.local_cost()}, format_, output);
}

double IqlAgent::slot_cost(const EdgeAnswer& answer) const {
  const double congestion = congestion_[answer.offloading_count];
  if (!format_.common_reward) return learner_.local_cost() + (offloads_ ? congestion : 0.0);
  const double offloading_share =
      static_cast<double>(answer.offloading_count) / static_cast<double>(format_.agent_count);
  return answer.local_cost_mean + offloading_share * congestion;
}

void IqlAgent::finish_slot(std::span<const Received> inbox, RoundOutput& output) {
  const double local_cost = learner_.local_cost();
  EdgeAnswer answer{offloads_ ? 1u : 0u, local_cost};
  for (const Received& received : inbox) answer = read_answer(received, format_);
  row_offloads_ += offloads_ ? 1.0 : 0.0;
  row_local_cost_ += local_cost;
  row_cost_ += local_cost + (offloads_ ? congestion_[answer.offloading_count] : 0.0);
  ++row_slots_;
  learner_.learn(slot_cost(answer));
  if (row_slots_ < config_.record_slots && learner_.slot() < config_.slots) return;
  const double slots = static_cast<double>(row_slots_);
  output.record({{"slot", static_cast<double>(learner_.slot())},
                 {"frequency", row_offloads_ / slots},
                 {"local_cost", row_local_cost_ / slots},
                 {"cost", row_cost_ / slots},
                 {"exploration", learner_.exploration()}});
  row_slots_ = 0;
  row_offloads_ = row_local_cost_ = row_cost_ = 0;
}

void IqlAgent::save(CheckpointWriter& writer) const {
  learner_.save(writer);
  writer.value(offloads_);
  writer.value(row_slots_);
  for (const double sum : {row_offloads_, row_local_cost_, row_cost_}) writer.value(sum);
}

void IqlAgent::restore(CheckpointReader& reader) {
  learner_.restore(reader);
  reader.value(offloads_);
  reader.value(row_slots_);
  for (double* sum : {&row_offloads_, &row_local_cost_, &row_cost_}) reader.value(*sum);
}

Result IqlAgent::result() const {
  const Policy policy = learner_.policy();
  return describe_policies(device_->environment, std::span(&policy, 1));
}

}  // namespace tacit::offload
