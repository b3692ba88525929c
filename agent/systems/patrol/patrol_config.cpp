#include "agent/systems/patrol/patrol_config.h"

#include <algorithm>

#include "agent/systems/patrol/reward_bits.h"
#include "common/base/error.h"
#include "common/base/whole_number.h"
#include "common/proximity/plan_source.h"

namespace tacit::patrol {
namespace {

const std::vector<double> kRequired{0.1, 0.2, 0.3, 0.4, 0.5, 0.6};  // the paper's c

std::size_t count(const ConfigView& table, std::string_view key, std::size_t fallback,
                  Range range) {
  return static_cast<std::size_t>(table.integer(key, static_cast<std::int64_t>(fallback), range));
}

Method read_method(const ConfigView& table, const SystemContext& context) {
  const std::string name =
      table.choice("method", "gossip", {"gossip", "no_gossip", "broadcast", "central"});
  if (name == "gossip") return Method::gossip;
  if (name == "no_gossip") return Method::no_gossip;
  bool all_hear_all = !context.link_traits.ever_down;
  for (std::size_t i = 0; i < context.agent_count; ++i) {
    all_hear_all &= context.graph.degree(process_id(i)) + 1 == context.agent_count;
  }
  if (!all_hear_all) {
    table.fail("method", "\"" + name +
                             "\" means that all robots always hear each other: set graph.kind = "
                             "\"complete\" and links.model = \"always_up\"");
  }
  return name == "broadcast" ? Method::broadcast : Method::central;
}

/// The coders of both ends must learn from the same messages.
GossipCode read_code(const ConfigView& table, const LinkTraits& traits) {
  const std::string name =
      table.choice("code", "arithmetic", {"arithmetic", "run_lengths", "list"});
  if (name == "list") return GossipCode::list;
  if (traits.one_way) {
    table.fail("code", "\"" + name +
                           "\" tells only what the other end cannot know, so both ends must hear "
                           "each other or neither, and in time: use code = \"list\", which bears "
                           "that, or leave out links.one_way, time.mode = \"realtime\", "
                           "time.on_overdue = \"close\" and delays");
  }
  return name == "arithmetic" ? GossipCode::arithmetic : GossipCode::run_lengths;
}

DualConfig read_dual(const ConfigView& table, std::size_t zone_count) {
  DualConfig dual;
  dual.alpha = table.number("alpha", dual.alpha, {0, 0.999999});
  dual.eta = table.number("eta", dual.eta, {1e-9, 1e3});
  dual.tightening = table.number("tightening", dual.tightening, {0, 1});
  dual.rollout_steps = count(table, "rollout_steps", dual.rollout_steps, {2, 1e6});
  dual.required = table.numbers(
      "required", zone_count == kRequired.size() ? kRequired : std::vector<double>{}, {0, 1});
  if (dual.required.size() != zone_count) {
    table.fail("required", "the floor plan has " + std::to_string(zone_count) + " zones, and " +
                               std::to_string(dual.required.size()) +
                               " fractions are given: one for each zone");
  }
  const std::string refusal = GossipShape{dual.rollout_steps, zone_count}.refusal();
  if (!refusal.empty()) table.fail("rollout_steps", refusal);
  return dual;
}

TrainingConfig read_training(const ConfigView& table) {
  TrainingConfig training;
  training.seed = count(table, "seed", training.seed, {0, static_cast<double>(kExactMost)});
  training.attempts_most = static_cast<int>(
      count(table, "attempts_most", static_cast<std::size_t>(training.attempts_most), {1, 100}));
  if (table.choice("method", "exact", {"exact", "sampled"}) == "sampled") {
    training.method = TrainingMethod::sampled;
    training.steps_per_block = 1500;
    if (table.choice("reward", "difference", {"difference", "shared"}) == "shared") {
      training.reward = EpisodeReward::shared;
    }
  } else {
    table.leave_unread("reward",
                       "is read only with method = \"sampled\": the exact gradient is that of "
                       "both rewards");
  }
  const std::string weights =
      table.choice("weights", "sampled", {"sampled", "equal", "proportional", "inverse"});
  if (weights == "equal") training.weights = TrainingWeights::equal;
  if (weights == "proportional") training.weights = TrainingWeights::proportional;
  if (weights == "inverse") training.weights = TrainingWeights::inverse;
  training.zero_probability =
      table.number("zero_probability", training.zero_probability, {0, 0.99});
  training.steps_per_block = count(table, "steps_per_block", training.steps_per_block, {1, 1e6});
  training.round_count = count(table, "rounds", training.round_count, {0, 100});
  training.quality_runs = count(table, "quality_runs", training.quality_runs, {1, 1e4});
  training.quality_steps = count(table, "quality_steps", training.quality_steps, {1, 1e8});
  training.quality_range_m = table.number("quality_range_m", training.quality_range_m, {0, 1e6});
  return training;
}

}  // namespace

PatrolConfig read_patrol_config(const ConfigView& table, const SystemContext& context) {
  PatrolConfig config;
  const PlanSource source = read_plan(table);
  if (context.link_traits.floor_plan != 0 && context.link_traits.floor_plan != source.digest) {
    table.fail("floor_plan",
               "is not the plan that links.floor_plan names: robots move on one floor");
  }
  config.plan = source.plan;
  config.step_m = table.number("step_m", source.plan->step_m, {Lattice::kSpacing, 1e3});
  try {
    config.lattice = std::make_shared<const Lattice>(*source.plan, config.step_m, source.origin);
  } catch (const InputError& error) {
    if (error.code() != ExitCode::config) throw;
    table.fail("step_m", error.what());
  }
  config.robot_count = context.agent_count;
  config.rollouts = count(table, "rollouts", config.rollouts, {1, 1e6});
  config.dual = read_dual(table, config.lattice->zone_count());
  config.method = read_method(table, context);
  if (config.method == Method::gossip) config.code = read_code(table, context.link_traits);
  if (config.method != Method::central) {
    config.policy = table.choice("policy", "team", {"team", "clones"}) == "team"
                        ? PolicyChoice::team
                        : PolicyChoice::clones;
    const ConfigView training = table.table("training");
    config.training = read_training(training);
    if (config.training.weights == TrainingWeights::inverse &&
        std::ranges::min(config.dual.required) <= 0) {
      training.fail("weights", "\"inverse\" needs every fraction of patrol.required above 0");
    }
  }
  return config;
}

}  // namespace tacit::patrol
