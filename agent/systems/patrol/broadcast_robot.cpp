#include "agent/systems/patrol/broadcast_robot.h"

#include <algorithm>
#include <cstring>

#include "agent/systems/patrol/assignment.h"
#include "agent/systems/patrol/draws.h"
#include "common/protocol/peer_payload.h"

namespace tacit::patrol {

BroadcastRobot::BroadcastRobot(Setup setup, std::optional<PatrolPolicy> policy)
    : setup_(std::move(setup)),
      policy_(std::move(policy)),
      body_(setup_.body),
      attended_(lattice().zone_count(), 0),
      lambda_(lattice().zone_count(), 0.0) {
  // All robots share the seed, so each can draw the places where the others begin.
  for (std::size_t n = 0; n <= setup_.others.size(); ++n) {
    places_.push_back(start_place(lattice(), setup_.body.seed, process_id(n)));
  }
  history_.lambda = lambda_;
}

Arcs BroadcastRobot::arcs(Round round) const {
  if (round < 0 || round >= round_count()) return {};
  return {setup_.others, setup_.others};
}

void BroadcastRobot::on_round(const RoundInput& input, RoundOutput& output) {
  const std::size_t steps = rollout_steps();
  const auto round = static_cast<std::size_t>(input.round);
  if (round > 0) {
    hear(input);
    if (round % steps == 0) end_rollout();
  }
  if (input.round == round_count()) return;
  if (round % steps == 0) {
    if (!policy_) plan();
    act_on_plan(round / steps);
  }
  places_[index_of(setup_.body.self)] = body_.place();
  output.send_all(std::as_bytes(std::span(&places_[index_of(setup_.body.self)], 1)));
  body_.step(round % steps, output);
  next_round_ = input.round + 1;
}

void BroadcastRobot::hear(const RoundInput& input) {
  for (const Received& received : input.inbox) {
    Place place = 0;
    if (received.payload.size() != sizeof place) {
      refuse_payload(received, "a place takes two bytes");
    }
    std::memcpy(&place, received.payload.data(), sizeof place);
    if (place >= lattice().size()) refuse_payload(received, "there is no such place");
    places_[index_of(received.from)] = place;
  }
  ZoneMask attended = 0;
  for (const Place place : places_) attended |= lattice().zones(place);
  for (std::size_t m = 0; m < attended_.size(); ++m) attended_[m] += attended >> m & 1;
}

void BroadcastRobot::end_rollout() {
  update_multipliers(setup_.dual, attended_, lambda_);
  history_.lambda.insert(history_.lambda.end(), lambda_.begin(), lambda_.end());
  history_.attended.insert(history_.attended.end(), attended_.begin(), attended_.end());
  std::ranges::fill(attended_, 0);
}

/// The places of all robots follow from their previous places and goals.
void BroadcastRobot::plan() {
  std::vector<Place> now = places_;
  if (!goals_.empty()) {
    for (std::size_t n = 0; n < now.size(); ++n) now[n] = lattice().next(now[n], goals_[n]);
  }
  goals_ = assign_zones(lattice(), now, lambda_);
}

void BroadcastRobot::act_on_plan(std::size_t rollout) {
  if (policy_) {
    body_.follow(*policy_, setup_.fixed_weights.value_or(normalised(lambda_)), rollout);
  } else {
    body_.head_for(goals_[index_of(setup_.body.self)]);
  }
}

void BroadcastRobot::save(CheckpointWriter& writer) const {
  body_.save(writer);
  writer.values(places_);
  writer.values(goals_);
  writer.values(attended_);
  writer.value(next_round_);
  writer.values(lambda_);
  history_.save(writer);
}

void BroadcastRobot::restore(CheckpointReader& reader) {
  body_.restore(reader);
  reader.values(places_);
  reader.values(goals_);
  reader.values(attended_);
  reader.value(next_round_);
  reader.values(lambda_);
  history_.restore(reader);
  if (next_round_ > 0) act_on_plan(static_cast<std::size_t>(next_round_ - 1) / rollout_steps());
}

Result BroadcastRobot::result() const {
  Result result;
  history_.add_to(result);
  return result;
}

}  // namespace tacit::patrol
