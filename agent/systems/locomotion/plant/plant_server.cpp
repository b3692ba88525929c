#include "agent/systems/locomotion/plant/plant_server.h"

#include "common/base/check.h"

namespace tacit {

PlantServer::PlantServer(const Task& task, const PlantSettings& settings,
                         const RolloutSchedule& schedule)
    : plant_(task, settings), schedule_(schedule) {
  for (std::size_t i = 0; i < task.agent_count(); ++i) {
    agents_.push_back(process_id(i));
    actions_.emplace_back(settings.copy_count * task.agents[i].action_count);
  }
}

Arcs PlantServer::arcs(Round round) const {
  if (round >= schedule_.round_count()) return {};
  switch (schedule_.at(round).stage) {
    case Stage::plant:
      return {agents_, {}};
    case Stage::relay:
      if (!tells_others(schedule_.at(round))) return {};
      return {agents_, {}};
    case Stage::act:
      return {{}, agents_};
    default:
      return {};
  }
}

void PlantServer::on_round(const RoundInput& input, RoundOutput& output) {
  const RolloutPlace place = schedule_.at(input.round);
  if (tells_others(place)) tell_others(output);
  if (place.stage != Stage::plant) return;
  if (place.step > 0) {
    take_actions(input);
    plant_.step(actions_);
  }
  for (std::size_t i = 0; i < agents_.size(); ++i) {
    output.send(agents_[i], pack_report(plant_.report(i)));
  }
  if (schedule_.ends_iteration(place.step)) record(output);
}

bool PlantServer::tells_others(const RolloutPlace& place) const {
  return schedule_.shape().tells_others && place.stage == Stage::relay && place.index == 0;
}

void PlantServer::tell_others(RoundOutput& output) {
  std::vector<std::vector<float>> blocks;
  for (std::size_t i = 0; i < agents_.size(); ++i) {
    blocks.push_back(told_block(plant_.report(i), plant_.task().told_count(i)));
  }
  for (std::size_t i = 0; i < agents_.size(); ++i) {
    std::vector<float> others;
    for (std::size_t j = 0; j < agents_.size(); ++j) {
      if (j != i) others.insert(others.end(), blocks[j].begin(), blocks[j].end());
    }
    output.send(agents_[i], std::as_bytes(std::span<const float>(others)));
  }
}

void PlantServer::take_actions(const RoundInput& input) {
  TACIT_CHECK(input.inbox.size() == agents_.size(),
              "an experiment in which the plant may miss actions is refused");
  for (const Received& received : input.inbox) {
    read_actions(received, actions_[index_of(received.from)]);
  }
}

// Return and cost per episode of the iteration: of the episodes that ended in it, or, if none did,
// from its mean step.
void PlantServer::record(RoundOutput& output) {
  const PlantCounts& now = plant_.counts();
  const auto episodes = static_cast<double>(now.episodes - recorded_.episodes);
  const auto steps = static_cast<double>(now.steps - recorded_.steps);
  const auto length = static_cast<double>(plant_.task().steps_per_episode);
  const double scale = episodes > 0 ? 1 / episodes : length / steps;
  const double earned = episodes > 0 ? now.ended_return_sum - recorded_.ended_return_sum
                                     : now.reward_sum - recorded_.reward_sum;
  const double paid = episodes > 0 ? now.ended_cost_sum - recorded_.ended_cost_sum
                                   : now.cost_sum - recorded_.cost_sum;
  output.record({{"steps", static_cast<double>(now.steps)},
                 {"episodes", static_cast<double>(now.episodes)},
                 {"return", scale * earned},
                 {"cost", scale * paid},
                 {"unstable", static_cast<double>(now.unstable)}});
  recorded_ = now;
}

void PlantServer::save(CheckpointWriter& writer) const {
  plant_.save(writer);
  writer.value(recorded_);
}

void PlantServer::restore(CheckpointReader& reader) {
  plant_.restore(reader);
  reader.value(recorded_);
}

Result PlantServer::result() const {
  const PlantCounts& counts = plant_.counts();
  Result result{{"steps", {static_cast<double>(counts.steps)}},
                {"episodes", {static_cast<double>(counts.episodes)}},
                {"terminated", {static_cast<double>(counts.terminated)}},
                {"unstable", {static_cast<double>(counts.unstable)}},
                {"free_half_width", {plant_.free_half_width()}}};
  for (const HeadPath& path : plant_.paths()) {
    result["path_lengths"].push_back(static_cast<double>(path.places.size()));
    for (const Point place : path.places) {
      result["path_x"].push_back(place.x);
      result["path_y"].push_back(place.y);
    }
    std::vector<double>& centre = result["path_centre"];
    centre.insert(centre.end(), path.centre.begin(), path.centre.end());
  }
  return result;
}

}  // namespace tacit
