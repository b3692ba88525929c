#include "agent/systems/locomotion/locomotion_config.h"

#include <algorithm>
#include <string>

#include "common/base/error.h"

namespace tacit::locomotion {
namespace {

constexpr std::size_t kPayloadMost = 1 << 16;  // bytes of a frame

std::size_t count(const ConfigView& table, std::string_view key, std::size_t fallback,
                  Range range) {
  return static_cast<std::size_t>(table.integer(key, static_cast<std::int64_t>(fallback), range));
}

Task read_task(const ConfigView& table, const SystemContext& context) {
  TaskConfig config;
  config.name = table.choice("task", config.name, {"mini", "2x3", "3x2", "6x1", "8x1", "12x1"});
  if (config.name == "mini") config.pod_count = count(table, "pods", config.pod_count, {2, 32});
  if (table.choice("integrator", "euler", {"euler", "runge_kutta"}) == "runge_kutta") {
    config.integrator = Integrator::runge_kutta;
  }
  if (table.choice("env_info", "head", {"head", "all"}) == "all") config.env_info = EnvInfo::all;
  const auto make = [&] {
    try {
      return make_task(config);
    } catch (const InputError& error) {
      table.fail("integrator", std::string(error.what()) + ": leave it out");
    }
  };
  Task task = make();
  if (task.agent_count() != context.agent_count) {
    table.fail("task", "\"" + config.name + "\" has " + std::to_string(task.agent_count()) +
                           " agents: set run.agents to that, not to " +
                           std::to_string(context.agent_count));
  }
  return task;
}

PlantSettings read_plant(const ConfigView& table, const std::string& task, std::uint64_t seed) {
  PlantSettings plant;
  plant.seed = seed;
  plant.copy_count = count(table, "copies", 32, {1, 1024});
  if (table.choice("corridor_cost", "outside", {"outside", "band"}) == "band") {
    plant.corridor_cost = CorridorCost::band;
    if (task == "mini" || task == "12x1") {
      table.fail("corridor_cost", "\"band\" is for bent corridors, and \"" + task + "\" has none");
    }
  }
  if (table.choice("cost_scope", "shared", {"shared", "local"}) == "local") {
    plant.cost_scope = CostScope::local;
    if (task == "8x1") {
      table.fail("cost_scope",
                 "\"local\" needs agents in places of their own: \"8x1\" is one torso");
    }
  }
  return plant;
}

/// The settings that a method's name selects.
struct Preset {
  const char* name;
  const char* actor_input;
  const char* critic_input;
  const char* sequential;
  bool constrained;
};
constexpr Preset kPresets[] = {{"dec_mappo_l", "khop", "khop", "none", true},
                               {"mappo_l", "global", "global", "global", true},
                               {"happo", "global", "global", "global", false},
                               {"ippo", "local", "local", "none", false}};

Preset read_method(const ConfigView& table) {
  std::vector<std::string> names;
  for (const Preset& preset : kPresets) names.emplace_back(preset.name);
  const std::string name = table.choice("method", names.front(), names);
  return *std::ranges::find(kPresets, name, &Preset::name);
}

Input read_input(const ConfigView& table, std::string_view key, const char* fallback) {
  const std::string name = table.choice(key, fallback, {"local", "khop", "global"});
  if (name == "local") return Input::local;
  return name == "khop" ? Input::khop : Input::global;
}

void read_switches(const ConfigView& table, const Preset& preset, LocomotionConfig& config) {
  config.actor_input = read_input(table, "actor_input", preset.actor_input);
  config.critic_input = read_input(table, "critic_input", preset.critic_input);
  const std::string sequential =
      table.choice("sequential", preset.sequential, {"none", "global", "khop"});
  if (sequential == "global") config.sequential = Sequential::global;
  if (sequential == "khop") config.sequential = Sequential::khop;
  config.learning.constrained = table.flag("constrained", preset.constrained);
}

MultiplierConfig read_multiplier(const ConfigView& table) {
  MultiplierConfig multiplier;
  const bool published =
      table.choice("multiplier", "adaptive", {"adaptive", "published"}) == "published";
  multiplier.scale =
      table.choice("advantages", published ? "each" : "combined", {"combined", "each"}) == "each"
          ? AdvantageScale::each
          : AdvantageScale::combined;
  multiplier.most = table.number("lambda_most", multiplier.most, {0, 1e6});
  multiplier.first = table.number("lambda_first", multiplier.first, {0, multiplier.most});
  multiplier.rate = table.number("lambda_rate", multiplier.rate, {0, 1e6});
  if (published) {  // whatever the adaptive rule was given
    multiplier.rule = MultiplierRule::published;
    multiplier.first = 0.78;
    multiplier.rate = 1e-7;
  }
  return multiplier;
}

ConstrainedPpoConfig read_learning(const ConfigView& table, ConstrainedPpoConfig learning,
                                   double cost_limit) {
  const auto number = [&](std::string_view key, double& value, Range range) {
    value = table.number(key, value, range);
  };
  const std::vector<std::int64_t> hidden = table.integers(
      "hidden", {learning.hidden_sizes.begin(), learning.hidden_sizes.end()}, {1, 4096});
  learning.hidden_sizes.assign(hidden.begin(), hidden.end());
  number("actor_rate", learning.actor_rate, {1e-9, 1});
  number("critic_rate", learning.critic_rate, {1e-9, 1});
  number("deviation", learning.first_deviation, {1e-3, 10});
  number("discount", learning.discount, {0, 1});
  number("gae_lambda", learning.gae_lambda, {0, 1});
  number("clip", learning.clip, {1e-3, 0.999});
  learning.epoch_count = count(table, "epochs", learning.epoch_count, {1, 1000});
  learning.minibatch_count = count(table, "minibatches", learning.minibatch_count, {1, 1e6});
  number("entropy", learning.entropy_coefficient, {0, 10});
  number("gradient_norm_most", learning.gradient_norm_most, {1e-6, 1e6});
  number("value_clip", learning.value_clip, {0, 1e6});
  learning.multiplier = read_multiplier(table);
  learning.cost_limit = table.number("cost_limit", cost_limit, {0, 1e9});
  return learning;
}

void read_coordination(const ConfigView& table, const SystemContext& context,
                       LocomotionConfig& config) {
  config.kappa_asked = count(table, "kappa", 3, {1, 65536});
  const KappaMode mode = table.choice("kappa_mode", "hops", {"hops", "count"}) == "hops"
                             ? KappaMode::hops
                             : KappaMode::count;
  config.neighbourhoods = neighbourhoods(context.graph, mode, config.kappa_asked);
  config.delayed = table.flag("comm_delay", false);
  config.states_age = context.link_traits.ever_down;
  if (table.choice("missing", "last", {"last", "zeros"}) == "zeros") {
    config.missing = Missing::zeros;
  }
}

/// T and the rounds of an iteration.
RolloutShape read_shape(const ConfigView& table, const LocomotionConfig& config) {
  const auto relays = static_cast<Round>(config.delayed ? 0 : config.relay_hops());
  RolloutShape shape;
  shape.tells_others = config.uses(Input::global);
  shape.hop_count = std::max<Round>(relays, shape.tells_others ? 1 : 0);
  shape.step_count = table.integer("rollout_steps", 100, {1, 1e6});
  shape.update_count =
      config.sequential == Sequential::none ? 0 : static_cast<Round>(config.agent_count());
  shape.iteration_count = table.integer("iterations", 120, {1, 1e6});
  return shape;
}

/// The longest message of a run: every copy is truncated in a step and every block passes one link.
std::size_t longest_payload(const LocomotionConfig& config) {
  const std::size_t columns = 2 * config.plant.copy_count;
  std::size_t longest = 0, all_told = 0;
  for (std::size_t agent = 0; agent < config.agent_count(); ++agent) {
    const std::size_t numbers = config.task.agents[agent].observation_count() + 2;
    longest = std::max(longest, columns * numbers * sizeof(float));
    all_told += sizeof(float) * (1 + columns * config.task.told_count(agent));
  }
  if (config.relay_hops() > 0 || config.uses(Input::global)) longest = std::max(longest, all_told);
  if (config.sequential == Sequential::none) return longest;
  const auto steps = static_cast<std::size_t>(config.shape.step_count);
  return std::max(longest, config.plant.copy_count * steps * sizeof(float));
}

}  // namespace

LocomotionConfig read_locomotion_config(const ConfigView& table, const SystemContext& context) {
  LocomotionConfig config;
  config.task = read_task(table, context);
  config.plant = read_plant(table, config.task.config.name, context.seed);
  const Preset preset = read_method(table);
  const ConfigView learning = table.table("learning");
  read_switches(learning, preset, config);
  config.learning = read_learning(learning, config.learning, config.task.cost_limit);
  config.learning.steps_per_episode = static_cast<double>(config.task.steps_per_episode);
  read_coordination(table.table("coordination"), context, config);
  config.shape = read_shape(table, config);
  if (const std::size_t longest = longest_payload(config); longest > kPayloadMost) {
    table.fail("copies", "a message of " + std::to_string(longest) + " bytes is longer than a " +
                             "frame, which holds " + std::to_string(kPayloadMost) +
                             ": set fewer copies, or fewer rollout_steps for updates in turns");
  }
  return config;
}

}  // namespace tacit::locomotion
