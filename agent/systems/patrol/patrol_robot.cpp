#include "agent/systems/patrol/patrol_robot.h"

#include <algorithm>

namespace tacit::patrol {

void DualHistory::save(CheckpointWriter& writer) const {
  writer.values(lambda);
  writer.values(attended);
}

void DualHistory::restore(CheckpointReader& reader) {
  reader.values(lambda);
  reader.values(attended);
}

void DualHistory::add_to(Result& result) const {
  result["lambda"] = lambda;
  result["attended"].assign(attended.begin(), attended.end());
}

PatrolRobot::PatrolRobot(Setup setup, PatrolPolicy policy)
    : setup_(std::move(setup)),
      policy_(std::move(policy)),
      body_(setup_.body),
      heard_(setup_.neighbours.size(), -1),
      lambda_(setup_.body.lattice->zone_count(), 0.0) {
  const GossipShape shape{rollout_steps(), lambda_.size()};
  links_.assign(setup_.neighbours.size(), DeltaLink(shape, setup_.code, setup_.lossy));
  history_.lambda = lambda_;
}

Arcs PatrolRobot::arcs(Round round) const {
  if (round < 0 || round >= round_count() || column_of(round) == 0) return {};
  return {setup_.neighbours, setup_.neighbours};
}

void PatrolRobot::on_round(const RoundInput& input, RoundOutput& output) {
  if (input.round > 0) end_step(input);
  if (input.round == round_count()) return;
  const std::size_t column = column_of(input.round);
  if (column == 0) begin_rollout(static_cast<std::size_t>(input.round) / rollout_steps());
  attended_ = body_.zones();
  body_.step(column, output);
  next_round_ = input.round + 1;
  if (column > 0 && !setup_.neighbours.empty()) tell(output);
}

/// What may come late or not at all is the same for every neighbour.
void PatrolRobot::tell(RoundOutput& output) {
  if (setup_.lossy) {
    output.send_all(draft(0, known_));
  } else {
    output.send_on_demand(*this);
  }
}

std::span<const std::byte> PatrolRobot::payload_for(ProcessId to) {
  const auto place = std::ranges::lower_bound(setup_.neighbours, to);
  return draft(static_cast<std::size_t>(place - setup_.neighbours.begin()), known_);
}

std::span<const std::byte> PatrolRobot::draft(std::size_t neighbour, const RewardBits& known) {
  return links_[neighbour].encode(known, column_of(next_round_ - 1)).bytes;
}

void PatrolRobot::end_step(const RoundInput& input) {
  const std::size_t column = column_of(input.round - 1);
  if (column > 0) hear(input);
  known_.observe(column, attended_);
  if (column + 1 == rollout_steps()) end_rollout();
}

void PatrolRobot::hear(const RoundInput& input) {
  const RewardBits before = known_;
  std::size_t k = 0;
  for (const Received& heard : input.inbox) {
    while (setup_.neighbours[k] != heard.from) ++k;
    if (!is_news(k, heard.sent)) continue;
    if (setup_.lossy) draft(k, before);  // whom it hears need not hear it
    const DeltaLink::Heard said = links_[k].commit(heard, known_);
    heard_[k] = heard.sent;
    ++told_.messages;
    told_.empty += said.new_bits == 0;
    told_.new_bits += said.new_bits;
    told_.code_bits += said.bits;
    told_.payload_bytes += heard.payload.size();
  }
}

/// Where frames may be late, one may come again, or be of a rollout that is over.
bool PatrolRobot::is_news(std::size_t neighbour, Round sent) const {
  const auto steps = static_cast<Round>(rollout_steps());
  return sent > heard_[neighbour] && sent / steps == (next_round_ - 1) / steps;
}

void PatrolRobot::end_rollout() {
  std::vector<int> counts;
  for (std::size_t m = 0; m < lambda_.size(); ++m) counts.push_back(known_.count(m));
  update_multipliers(setup_.dual, counts, lambda_);
  history_.lambda.insert(history_.lambda.end(), lambda_.begin(), lambda_.end());
  history_.attended.insert(history_.attended.end(), counts.begin(), counts.end());
  known_ = {};
  for (DeltaLink& link : links_) link.begin_rollout();
}

void PatrolRobot::begin_rollout(std::size_t rollout) {
  body_.follow(policy_, setup_.fixed_weights.value_or(normalised(lambda_)), rollout);
}

void PatrolRobot::save(CheckpointWriter& writer) const {
  body_.save(writer);
  writer.value(known_);
  for (const DeltaLink& link : links_) link.save(writer);
  writer.values(heard_);
  writer.value(attended_);
  writer.value(next_round_);
  writer.values(lambda_);
  history_.save(writer);
  writer.value(told_);
}

void PatrolRobot::restore(CheckpointReader& reader) {
  body_.restore(reader);
  reader.value(known_);
  for (DeltaLink& link : links_) link.restore(reader);
  reader.values(heard_);
  reader.value(attended_);
  reader.value(next_round_);
  reader.values(lambda_);
  history_.restore(reader);
  reader.value(told_);
  if (next_round_ == 0) return;
  // What follows from the state: the rollout's actions, and what was told in the last round.
  begin_rollout(static_cast<std::size_t>(next_round_ - 1) / rollout_steps());
  const std::size_t column = column_of(next_round_ - 1);
  if (column == 0 || setup_.lossy) return;
  for (const ProcessId neighbour : setup_.neighbours) payload_for(neighbour);
}

Result PatrolRobot::result() const {
  Result result;
  history_.add_to(result);
  const auto count = [&](const char* name, std::uint64_t value) {
    result[name] = {static_cast<double>(value)};
  };
  count("messages", told_.messages);
  count("messages_empty", told_.empty);
  count("new_bits", told_.new_bits);
  count("code_bits", told_.code_bits);
  count("payload_bytes", told_.payload_bytes);
  return result;
}

}  // namespace tacit::patrol
