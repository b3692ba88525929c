#include "agent/systems/locomotion/locomotion_agent.h"

#include <algorithm>
#include <string>
#include <utility>

#include "agent/learning/network/shapes.h"
#include "common/base/check.h"
#include "common/base/error.h"
#include "common/protocol/peer_payload.h"

namespace tacit::locomotion {
namespace {

std::vector<ProcessId> ids_of(std::span<const ProcessId> ids) { return {ids.begin(), ids.end()}; }

StateRelay make_relay(const LocomotionConfig& config, const Graph& graph, ProcessId self) {
  StateRelay::Config relay{
      self, ids_of(graph.neighbours(self)), {}, config.relay_hops(), config.delayed};
  for (std::size_t agent = 0; agent < config.agent_count(); ++agent) {
    relay.rows.push_back(config.task.told_count(agent));
  }
  return StateRelay(std::move(relay));
}

FactorExchange make_factors(const LocomotionConfig& config, ProcessId self, std::uint64_t seed) {
  const bool used = config.sequential != Sequential::none;
  const std::size_t steps = static_cast<std::size_t>(config.shape.step_count);
  FactorExchange::Config factors{self,
                                 seed,
                                 config.agent_count(),
                                 used ? config.plant.copy_count * steps : 0,
                                 config.sequential == Sequential::khop,
                                 {},
                                 {}};
  for (std::size_t other = 0; other < config.agent_count(); ++other) {
    for (const Member& member : config.neighbourhoods.members[other]) {
      if (member.hops == 0) continue;
      if (process_id(member.agent) == self) factors.listeners.push_back(process_id(other));
      if (process_id(other) == self) factors.sources.push_back(process_id(member.agent));
    }
  }
  return FactorExchange(std::move(factors));
}

ConstrainedPpo<float> make_learner(const LocomotionConfig& config, ProcessId self,
                                   std::uint64_t seed, std::size_t actor_size,
                                   std::size_t critic_size) {
  RandomStream weights(seed, self, purpose("locomotion.weights"), 0);
  return {actor_size, critic_size, config.task.agents[index_of(self)].action_count, config.learning,
          weights};
}

}  // namespace

void LocomotionAgent::Eye::look(const Knowledge& known) {
  view.fill(known, now);
  scaled = now;
  scale.apply(scaled);
}

void LocomotionAgent::Eye::save(CheckpointWriter& writer) const {
  scale.save(writer);
  newest.save(writer);
}

void LocomotionAgent::Eye::restore(CheckpointReader& reader) {
  scale.restore(reader);
  newest.restore(reader);
}

LocomotionAgent::LocomotionAgent(std::shared_ptr<const LocomotionConfig> config, const Graph& graph,
                                 ProcessId self, std::uint64_t seed)
    : config_(std::move(config)),
      self_(self),
      seed_(seed),
      schedule_(config_->shape),
      neighbours_(ids_of(graph.neighbours(self))),
      plant_only_{plant()},
      neighbours_and_plant_(neighbours_),
      report_(make_report(copy_count(), config_->task.agents[index_of(self)].observation_count())),
      relay_(make_relay(*config_, graph, self)),
      told_(config_->agent_count()),
      actor_(make_eye(*config_, self, config_->actor_input)),
      critic_(make_eye(*config_, self, config_->critic_input)),
      learner_(make_learner(*config_, self, seed, actor_.view.size(), critic_.view.size())),
      buffer_({copy_count(), static_cast<std::size_t>(config_->shape.step_count),
               actor_.view.size(), critic_.view.size(),
               config_->task.agents[index_of(self)].action_count}),
      factors_(make_factors(*config_, self, seed)),
      tally_(copy_count()) {
  neighbours_and_plant_.push_back(plant());
}

LocomotionAgent::Eye LocomotionAgent::make_eye(const LocomotionConfig& config, ProcessId self,
                                               Input input) {
  AgentView view(config, index_of(self), input);
  const RunningNormaliser<float> scale(view.size());
  return {std::move(view), scale, scale, {}, {}};
}

Arcs LocomotionAgent::arcs(Round round) const {
  if (round >= schedule_.round_count()) return {};
  const RolloutPlace place = schedule_.at(round);
  const bool relays = config_->relay_hops() > 0;
  switch (place.stage) {
    case Stage::plant:
      return {{}, plant_only_};
    case Stage::relay:
      if (place.index == 0 && config_->uses(Input::global)) {
        if (!relays || config_->delayed) return {{}, plant_only_};
        return {neighbours_, neighbours_and_plant_};
      }
      return {neighbours_, neighbours_};
    case Stage::update:
      return factors_.arcs(place.step / config_->shape.step_count - 1, place.index);
    case Stage::act:
      if (!relays || !config_->delayed) return {plant_only_, {}};
      return {neighbours_and_plant_, neighbours_};
  }
  return {};
}

// The rounds of a step count from the plant's report: in round 0 the plant sends it, in round 1 it
// arrives, in round hop_count + 1 the agent has all states that will arrive.
void LocomotionAgent::on_round(const RoundInput& input, RoundOutput& output) {
  const RolloutPlace place = schedule_.at(input.round);
  const Round since = input.round - schedule_.round_of_plant(place.step);
  const Round complete = config_->shape.hop_count + 1;
  if (since == 1) {
    take_report(input, place.step);
  } else if (since <= complete) {
    hear(input);
  }
  if (place.stage == Stage::relay && config_->relay_hops() > 0 && !config_->delayed) {
    relay_.send(output);
  }
  if (since == complete) see(place.step);
  if (place.stage == Stage::update) take_turn(input, place, output);
  if (place.stage != Stage::act) return;
  if (schedule_.ends_iteration(place.step)) {
    if (config_->sequential == Sequential::none) learn(place.step);
    record(output);
  }
  if (input.round == schedule_.round_count()) return;
  act(place.step, output);
}

void LocomotionAgent::take_report(const RoundInput& input, Round step) {
  TACIT_CHECK(!input.inbox.empty(), "an experiment whose plant may be unheard is refused");
  const Received& received = input.inbox.front();
  read_report(received, report_);
  traffic_.reported += received.payload.size();
  const std::size_t column = step > 0 ? column_of(step - 1) : 0;
  if (column == 0) {
    tally_.begin();
    buffer_.clear();
  }
  for (std::size_t copy = 0; copy < copy_count() && step > 0; ++copy) {
    const auto cost = static_cast<double>(report_.cost[copy]);
    const EpisodeEnd end = report_.end[copy];
    const Ending ending = end == EpisodeEnd::terminated  ? Ending::terminated
                          : end == EpisodeEnd::truncated ? Ending::truncated
                                                         : Ending::none;
    buffer_.record_outcome(copy, column, static_cast<double>(report_.reward[copy]), cost, ending);
    tally_.add(copy, cost, ending != Ending::none);
  }
  const std::size_t told_count = config_->task.told_count(index_of(self_));
  std::vector<float> own = told_block(report_, told_count);
  // A state that travels for several steps is always one from before a reset.
  if (config_->delayed) own.resize(copy_count() * told_count);
  relay_.begin(own.size() / told_count, own);
}

void LocomotionAgent::hear(const RoundInput& input) {
  for (const Received& received : input.inbox) {
    if (received.sent != input.round - 1) continue;
    if (received.from == plant()) {
      take_others(received);
    } else {
      relay_.hear(received);
      traffic_.relayed += received.payload.size();
    }
  }
}

void LocomotionAgent::take_others(const Received& received) {
  const std::size_t columns = copy_count() + truncated_copies(report_).size();
  std::span<const std::byte> rest = received.payload;
  for (std::size_t other = 0; other < config_->agent_count(); ++other) {
    if (process_id(other) == self_) continue;
    told_[other].resize(columns * config_->task.told_count(other));
    const std::size_t size = told_[other].size() * sizeof(float);
    if (rest.size() < size) refuse_payload(received, "the states of all others end early");
    take_states(rest, told_[other], received);
  }
  if (!rest.empty()) refuse_payload(received, "the states of all others have bytes left over");
  traffic_.told += received.payload.size();
}

void LocomotionAgent::see(Round step) {
  for (Eye* eye : {&actor_, &critic_}) {
    eye->look(known());
    eye->newest.absorb(eye->now);
  }
  heard_ += std::max(actor_.view.heard_count(relay_), critic_.view.heard_count(relay_));
  if (step == 0) return;
  const std::size_t column = column_of(step - 1);
  Eigen::MatrixXf last;
  for (std::size_t copy = 0; copy < copy_count(); ++copy) {
    if (report_.end[copy] == EpisodeEnd::truncated) {
      critic_.view.fill_last(known(), copy, last);
      critic_.scale.apply(last);
    } else if (report_.end[copy] == EpisodeEnd::none && schedule_.ends_iteration(step)) {
      last = critic_.scaled.col(index(copy));
    } else {
      continue;
    }
    buffer_.bootstrap(copy, column, last);
  }
}

void LocomotionAgent::take_turn(const RoundInput& input, const RolloutPlace& place,
                                RoundOutput& output) {
  if (place.index == 0) {
    factors_.begin();
  } else {
    for (const Received& received : input.inbox) {
      factors_.hear(received);
      traffic_.factors += received.payload.size();
    }
  }
  const Round iteration = place.step / config_->shape.step_count - 1;
  if (!factors_.has_turn(iteration, place.index)) return;
  learn(place.step);
  const Eigen::VectorXf& ratios = learner_.ratios();
  if (!ratios.allFinite()) give_up_learning("ratios that are not finite");
  const auto message = factors_.finish({ratios.data(), static_cast<std::size_t>(ratios.size())});
  if (!factors_.arcs(iteration, place.index).to.empty()) output.send_all(message);
}

void LocomotionAgent::learn(Round step) {
  RandomStream order(seed_, self_, purpose("locomotion.minibatches"), step);
  learner_.update(buffer_, factors_.weights(),
                  tally_.mean_cost(config_->learning.steps_per_episode), order);
  divergence_ = learner_.divergence();
  for (Eye* eye : {&actor_, &critic_}) eye->scale = eye->newest;
}

void LocomotionAgent::record(RoundOutput& output) {
  output.record({{"cost", tally_.mean_cost(config_->learning.steps_per_episode)},
                 {"lambda", learner_.multiplier()},
                 {"divergence", divergence_},
                 {"states_heard", static_cast<double>(heard_)},
                 {"relay_bytes", static_cast<double>(traffic_.relayed)},
                 {"report_bytes", static_cast<double>(traffic_.reported)},
                 {"global_bytes", static_cast<double>(traffic_.told)},
                 {"factor_bytes", static_cast<double>(traffic_.factors)},
                 {"action_bytes", static_cast<double>(traffic_.actions)}});
}

void LocomotionAgent::give_up_learning(const std::string& sign) const {
  throw InputError(ExitCode::config, "the policy of agent " + to_string(self_) +
                                         " has diverged: " + sign +
                                         "; lower locomotion.learning.actor_rate or entropy");
}

void LocomotionAgent::act(Round step, RoundOutput& output) {
  if (schedule_.ends_iteration(step)) {  // the scales have changed, and perhaps the round
    for (Eye* eye : {&actor_, &critic_}) eye->look(known());
  }
  ActionDistribution<float>& policy = learner_.act(actor_.scaled);
  RandomStream stream(seed_, self_, purpose("locomotion.actions"), step);
  Eigen::MatrixXf actions(buffer_.actions.rows(), index(copy_count()));
  std::vector<double> action(static_cast<std::size_t>(actions.rows()));
  for (std::size_t copy = 0; copy < copy_count(); ++copy) {
    policy.draw(copy, stream, action);
    actions.col(index(copy)) =
        Eigen::Map<const Eigen::VectorXd>(action.data(), actions.rows()).cast<float>();
  }
  if (!(actions.cwiseAbs().maxCoeff() <= kActionMost)) give_up_learning("actions beyond 1e6");
  buffer_.record(column_of(step), actor_.scaled, critic_.scaled, actions,
                 policy.log_probabilities(actions));
  const auto bytes =
      pack_actions(std::span(actions.data(), static_cast<std::size_t>(actions.size())));
  traffic_.actions += bytes.size();
  if (config_->relay_hops() > 0 && config_->delayed) relay_.send(output);
  output.send(plant(), bytes);
}

void LocomotionAgent::save(CheckpointWriter& writer) const {
  save_report(report_, writer);
  relay_.save(writer);
  for (const std::vector<float>& block : told_) writer.values(block);
  actor_.save(writer);
  critic_.save(writer);
  learner_.save(writer);
  buffer_.save(writer);
  factors_.save(writer);
  tally_.save(writer);
  writer.value(traffic_);
  writer.value(heard_);
  writer.value(divergence_);
}

void LocomotionAgent::restore(CheckpointReader& reader) {
  restore_report(reader, report_);
  relay_.restore(reader);
  for (std::vector<float>& block : told_) reader.values(block);
  actor_.restore(reader);
  critic_.restore(reader);
  learner_.restore(reader);
  buffer_.restore(reader);
  factors_.restore(reader);
  tally_.restore(reader);
  reader.value(traffic_);
  reader.value(heard_);
  reader.value(divergence_);
}

Result LocomotionAgent::result() const { return {{"lambda", {learner_.multiplier()}}}; }

}  // namespace tacit::locomotion
