#include "agent/systems/locomotion/plant/plant.h"

#include <algorithm>
#include <string>

#include "agent/systems/locomotion/plant/body.h"
#include "agent/systems/locomotion/plant/simulation.h"
#include "common/base/check.h"
#include "common/base/error.h"

namespace tacit {

namespace {

constexpr Purpose kReset = purpose("plant.reset");

std::unique_ptr<Body> make_body(const Task& task, const PlantSettings& settings) {
  const std::string& name = task.config.name;
  if (name == "mini") return make_mini(task, settings);
  if (name == "8x1") return make_quadruped(task, settings);
  if (name == "12x1") return make_runner_pair(task, settings);
  return make_chain(task, settings);
}

void save_path(const HeadPath& path, CheckpointWriter& writer) {
  writer.values(path.places);
  writer.values(path.centre);
}

void restore_path(CheckpointReader& reader, HeadPath& path) {
  reader.values(path.places);
  reader.values(path.centre);
}

}  // namespace

struct Plant::State {
  // One copy and its episode.
  struct Copy {
    BodyState body;
    std::uint64_t episode = 0;
    std::uint64_t step = 0;
    double return_so_far = 0;
    double cost_so_far = 0;  // mean over agents
  };

  State(const Task& the_task, const PlantSettings& the_settings);

  void begin_episode(std::size_t copy);
  // Steps one copy; writes the agents' results to `reports`.
  void step(std::size_t copy, std::span<const std::vector<float>> asked);
  void gather(std::size_t copy, std::span<const std::vector<float>> asked);
  void end_episode(std::size_t copy, EpisodeEnd end);
  void observe(std::size_t copy, std::vector<float> PlantReport::*block);
  void keep_place(std::size_t copy);

  Task task;
  PlantSettings settings;
  std::unique_ptr<Body> body;
  Simulation simulation;
  BodyState zero_pose;
  std::vector<Copy> copies;
  std::vector<PlantReport> reports;  // [N]
  PlantCounts counts;
  std::vector<HeadPath> running;  // of the first copies
  std::vector<HeadPath> ended;
  // Of the copy being stepped:
  BodyState before;
  std::vector<double> actions;  // of all agents
  std::vector<double> control;
  std::vector<double> costs;  // [N]
};

Plant::State::State(const Task& the_task, const PlantSettings& the_settings)
    : task(the_task),
      settings(the_settings),
      body(make_body(task, settings)),
      simulation(body->mjcf()),
      zero_pose(simulation.zero_pose()),
      copies(settings.copy_count),
      running(std::min(settings.copy_count, kPathCount)),
      ended(running.size()),
      actions(task.action_count()),
      control(simulation.actuator_count()),
      costs(task.agent_count()) {
  for (const AgentShape& agent : task.agents) {
    reports.push_back(make_report(settings.copy_count, agent.observation_count()));
  }
  for (std::size_t copy = 0; copy < copies.size(); ++copy) {
    begin_episode(copy);
    observe(copy, &PlantReport::observation);
  }
}

void Plant::State::begin_episode(std::size_t copy) {
  Copy& c = copies[copy];
  c.body = zero_pose;
  RandomStream stream(settings.seed, process_id(copy), kReset, static_cast<Round>(c.episode));
  body->reset(stream, c.body);
  c.step = 0;
  c.return_so_far = c.cost_so_far = 0;
  if (copy < running.size()) running[copy] = {};
  keep_place(copy);
}

void Plant::State::keep_place(std::size_t copy) {
  if (copy >= running.size()) return;
  running[copy].places.push_back(body->head(copies[copy].body));
  if (body->free_half_width() > 0) {
    running[copy].centre.push_back(body->corridor_centre(copies[copy].body));
  }
}

void Plant::State::observe(std::size_t copy, std::vector<float> PlantReport::*block) {
  for (std::size_t agent = 0; agent < reports.size(); ++agent) {
    const AgentShape& shape = task.agents[agent];
    const std::size_t count = shape.observation_count();
    const std::span mine = std::span(reports[agent].*block).subspan(copy * count, count);
    body->observe(agent, copies[copy].body, mine.first(shape.own_count),
                  mine.subspan(shape.own_count));
    for (float& number : mine) number = std::clamp(number, -kStateMost, kStateMost);
  }
}

void Plant::State::gather(std::size_t copy, std::span<const std::vector<float>> asked) {
  std::size_t k = 0;
  for (std::size_t agent = 0; agent < asked.size(); ++agent) {
    const std::size_t count = task.agents[agent].action_count;
    for (std::size_t a = 0; a < count; ++a) actions[k++] = asked[agent][copy * count + a];
  }
}

void Plant::State::step(std::size_t copy, std::span<const std::vector<float>> asked) {
  Copy& c = copies[copy];
  gather(copy, asked);
  before = c.body;
  body->command(actions, c.body, control);
  const auto contact = simulation.advance(control, body->substep_count(), c.body);
  const double reward = body->reward({before, c.body, actions, contact.value_or(0)});
  const bool has_fallen = !contact || body->has_fallen(c.body);
  body->cost(c.body, costs);
  if (has_fallen) std::ranges::fill(costs, 1.0);

  ++c.step;
  ++counts.steps;
  counts.unstable += !contact;
  const EpisodeEnd end = has_fallen                         ? EpisodeEnd::terminated
                         : c.step == task.steps_per_episode ? EpisodeEnd::truncated
                                                            : EpisodeEnd::none;
  double cost_sum = 0;
  for (std::size_t agent = 0; agent < reports.size(); ++agent) {
    reports[agent].reward[copy] = std::clamp(static_cast<float>(reward), -kStateMost, kStateMost);
    reports[agent].cost[copy] = static_cast<float>(costs[agent]);
    reports[agent].end[copy] = end;
    cost_sum += costs[agent];
  }
  const double cost = cost_sum / static_cast<double>(reports.size());
  c.return_so_far += reward;
  c.cost_so_far += cost;
  counts.reward_sum += reward;
  counts.cost_sum += cost;
  keep_place(copy);
  if (end != EpisodeEnd::none) end_episode(copy, end);
  observe(copy, &PlantReport::observation);
}

void Plant::State::end_episode(std::size_t copy, EpisodeEnd end) {
  Copy& c = copies[copy];
  observe(copy, &PlantReport::last_observation);
  ++counts.episodes;
  counts.terminated += end == EpisodeEnd::terminated;
  counts.ended_return_sum += c.return_so_far;
  counts.ended_cost_sum += c.cost_so_far;
  if (copy < ended.size()) ended[copy] = running[copy];
  ++c.episode;
  begin_episode(copy);
}

void check_plant_settings(const Task& task, const PlantSettings& settings) {
  const std::string& name = task.config.name;
  if (settings.copy_count < 1 || settings.copy_count > 1024) {
    throw InputError(ExitCode::config,
                     "copies = " + std::to_string(settings.copy_count) + " is not in 1..1024");
  }
  if (settings.corridor_cost == CorridorCost::band && (name == "mini" || name == "12x1")) {
    throw InputError(ExitCode::config, "corridor_cost = band: task '" + name +
                                           "' has no walls; use it with 2x3, 3x2, 6x1 or 8x1");
  }
  if (settings.cost_scope == CostScope::local && name == "8x1") {
    throw InputError(ExitCode::config,
                     "cost_scope = local: the joints of task '8x1' share one torso; use shared");
  }
}

Plant::Plant(const Task& task, const PlantSettings& settings) {
  check_plant_settings(task, settings);
  state_ = std::make_unique<State>(task, settings);
}
Plant::~Plant() = default;

const Task& Plant::task() const { return state_->task; }
std::size_t Plant::copy_count() const { return state_->copies.size(); }
const PlantCounts& Plant::counts() const { return state_->counts; }
double Plant::free_half_width() const { return state_->body->free_half_width(); }
std::span<const HeadPath> Plant::paths() const { return state_->ended; }

const PlantReport& Plant::report(std::size_t agent) const {
  TACIT_CHECK(agent < state_->reports.size(), "reports are for the task's agents");
  return state_->reports[agent];
}

void Plant::step(std::span<const std::vector<float>> actions) {
  TACIT_CHECK(actions.size() == state_->task.agent_count(), "every agent acts");
  for (std::size_t agent = 0; agent < actions.size(); ++agent) {
    TACIT_CHECK(actions[agent].size() == copy_count() * task().agents[agent].action_count,
                "every agent acts in every copy");
  }
  for (std::size_t copy = 0; copy < copy_count(); ++copy) state_->step(copy, actions);
}

void Plant::save(CheckpointWriter& writer) const {
  writer.value(state_->counts);
  for (const State::Copy& copy : state_->copies) {
    writer.values(copy.body.position);
    writer.values(copy.body.velocity);
    writer.values(copy.body.warm_start);
    writer.values(copy.body.memory);
    writer.value(copy.body.time);
    writer.value(copy.episode);
    writer.value(copy.step);
    writer.value(copy.return_so_far);
    writer.value(copy.cost_so_far);
  }
  for (const PlantReport& report : state_->reports) save_report(report, writer);
  for (const HeadPath& path : state_->running) save_path(path, writer);
  for (const HeadPath& path : state_->ended) save_path(path, writer);
}

void Plant::restore(CheckpointReader& reader) {
  reader.value(state_->counts);
  for (State::Copy& copy : state_->copies) {
    reader.values(copy.body.position);
    reader.values(copy.body.velocity);
    reader.values(copy.body.warm_start);
    reader.values(copy.body.memory);
    reader.value(copy.body.time);
    reader.value(copy.episode);
    reader.value(copy.step);
    reader.value(copy.return_so_far);
    reader.value(copy.cost_so_far);
  }
  for (PlantReport& report : state_->reports) restore_report(reader, report);
  for (HeadPath& path : state_->running) restore_path(reader, path);
  for (HeadPath& path : state_->ended) restore_path(reader, path);
}

}  // namespace tacit
