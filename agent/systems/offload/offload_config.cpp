#include "agent/systems/offload/offload_config.h"

#include <stdexcept>
#include <string>

#include "agent/systems/offload/sum_rounds.h"
#include "agent/systems/offload/theta_exchange.h"
#include "common/base/random.h"

namespace tacit::offload {

namespace {

constexpr Purpose kTeam = purpose("offload.team");
constexpr double kStepsMax = 1e9;

int integer(const ConfigView& table, std::string_view key, int fallback, Range range) {
  return static_cast<int>(table.integer(key, fallback, range));
}

// The parameters that all devices of a team have in common.
AgentType read_base_type(const ConfigView& table) {
  AgentType base;
  base.gamma = table.number("gamma", base.gamma, {0.0, 0.9999});
  base.deficit_rule =
      deficit_rule_named(table.choice("deficit_rule", name_of(base.deficit_rule),
                                      {std::string(name_of(DeficitRule::wait_or_offload)),
                                       std::string(name_of(DeficitRule::wait_only))}));
  base.beta = initial_state_named(table.choice(
      "beta", name_of(base.beta),
      {std::string(name_of(InitialState::uniform)), std::string(name_of(InitialState::fresh_full)),
       std::string(name_of(InitialState::fresh_empty))}));
  return base;
}

AgentType with_common(AgentType type, const AgentType& base) {
  type.gamma = base.gamma;
  type.deficit_rule = base.deficit_rule;
  type.beta = base.beta;
  return type;
}

// [[offload.devices]]: groups of equal devices, in order.
std::vector<AgentType> read_devices(const ConfigView& table, const AgentType& base,
                                    std::size_t agent_count) {
  std::vector<AgentType> team;
  for (const ConfigView& entry : table.tables("devices")) {
    AgentType type = base;
    const auto count = entry.integer("count", 1, {1, static_cast<double>(agent_count)});
    type.M = integer(entry, "M", type.M, {1, 65535});
    type.B = integer(entry, "B", type.B, {0, 65535});
    type.minH = integer(entry, "minH", type.minH, {0, 65535});
    type.maxH = integer(entry, "maxH", type.maxH, {1, 65535});
    type.minC = integer(entry, "minC", type.minC, {1, 65535});
    type.maxC = integer(entry, "maxC", type.maxC, {1, 65535});
    try {
      type.validate();
    } catch (const std::invalid_argument& error) {
      const std::string message = error.what();
      entry.fail(message.substr(0, message.find(':')), message);
    }
    team.insert(team.end(), static_cast<std::size_t>(count), type);
  }
  if (team.size() != agent_count) {
    table.fail("devices", "describes " + std::to_string(team.size()) +
                              " devices, but run.agents = " + std::to_string(agent_count) +
                              "; adapt the counts");
  }
  return team;
}

std::vector<AgentType> read_team(const ConfigView& table, const SystemContext& context) {
  const AgentType base = read_base_type(table);
  std::vector<std::string> names = type_names();
  names.insert(names.end(), {"heterogeneous", "devices"});
  const std::string name = table.choice("team", "mid", names);
  if (name == "devices") return read_devices(table, base, context.agent_count);
  std::vector<AgentType> team;
  const auto types = default_types();
  for (std::size_t i = 0; i < context.agent_count; ++i) {
    std::uint64_t word = RandomStream(context.seed, process_id(i), kTeam, 0)();
    const AgentType& type =
        name == "heterogeneous" ? types[split_off(word, types.size())] : named_type(name);
    team.push_back(with_common(type, base));
  }
  return team;
}

void read_sums(const ConfigView& table, const SystemContext& context, DccConfig& dcc) {
  dcc.sums = table.choice("sums", "coordinator", {"coordinator", "graph"}) == "graph"
                 ? Sums::graph
                 : Sums::coordinator;
  if (dcc.sums == Sums::coordinator) {
    dcc.staleness = table.integer("staleness", dcc.staleness, {1, ReportSchedule::kStalenessMax});
    return;
  }
  const double accuracy = table.number("sum_accuracy", 1e-9, {1e-12, 0.1});
  dcc.phase_rounds = table.integer("phase_rounds", 0, {0, kStepsMax});
  if (dcc.phase_rounds > 0) return;
  if (context.link_traits.up_probability <= 0) {
    table.fail("sums",
               "sums over the graph need links that are up sometimes; set offload.sums = "
               "\"coordinator\" or raise links.up_probability");
  }
  dcc.phase_rounds =
      rehearse_sum_rounds(context.graph, context.link_traits.up_probability, accuracy);
}

BudgetLearnerConfig read_learner(const ConfigView& table, BudgetLearnerConfig learner) {
  const auto count = [&](std::string_view key, std::size_t fallback) {
    const auto value = static_cast<std::int64_t>(fallback);
    return static_cast<std::size_t>(table.integer(key, value, {1, kStepsMax}));
  };
  learner.multiplier_update_count =
      integer(table, "lambda_updates", learner.multiplier_update_count, {1, 1e6});
  learner.q_step_count = count("q_steps", learner.q_step_count);
  learner.rollout_slot_count = count("evaluation_slots", learner.rollout_slot_count);
  learner.exploration = table.number("exploration", learner.exploration, {0, 1});
  StepSizes& steps = learner.steps;
  steps.first = table.number("rate_first", steps.first, {1e-6, 1});
  steps.least = table.number("rate_least", steps.least, {1e-6, steps.first});
  steps.decay = table.number("rate_decay", steps.decay, {1e-3, 1000});
  learner.count_cap = static_cast<std::uint32_t>(
      table.integer("count_cap", static_cast<std::int64_t>(learner.count_cap), {0, 65535}));
  learner.multiplier_cap = table.number("lambda_most", learner.multiplier_cap, {1e-3, 1e6});
  learner.multiplier_start =
      table.number("lambda_first", learner.multiplier_start, {0, learner.multiplier_cap});
  learner.multiplier_step = table.number("lambda_step", learner.multiplier_step, {1e-6, 1e6});
  return learner;
}

DccConfig read_dcc(const ConfigView& table, const SystemContext& context) {
  DccConfig dcc;
  SlowStepConfig& slow = dcc.slow;
  if (table.choice("gradient", "multiplier", {"multiplier", "finite_differences"}) !=
      "multiplier") {
    dcc.gradient = GradientRule::finite_differences;
    // Three evaluations per slow step instead of one, so fewer steps in each: about the same total.
    dcc.learner.q_step_count = 5000;
    slow.clip = 1.0;
    slow.horizon = 1;
    slow.perturbation = table.number("perturbation", slow.perturbation, {1e-6, 0.5});
  }
  read_sums(table, context, dcc);
  dcc.slow_steps = integer(table, "slow_steps", dcc.slow_steps, {0, 1e6});
  dcc.theta_first = table.number("theta_first", dcc.theta_first, {0, 1});
  slow.floor = table.number("theta_least", slow.floor, {1e-9, 1});
  slow.step = table.number("theta_step", slow.step, {1e-9, 1e6});
  slow.clip = table.number("theta_step_most", slow.clip, {1e-9, 1e6});
  slow.horizon = table.number("theta_step_horizon", slow.horizon, {1e-3, 1e6});
  dcc.learner = read_learner(table, dcc.learner);
  return dcc;
}

IqlConfig read_iql(const ConfigView& table) {
  IqlConfig iql;
  IqlLearnerConfig& learner = iql.learner;
  iql.common_reward = table.choice("reward", "own", {"own", "common"}) == "common";
  iql.slots = table.integer("slots", iql.slots, {1, kStepsMax});
  iql.record_slots = table.integer("record_slots", iql.record_slots, {1, kStepsMax});
  learner.step = table.number("rate", learner.step, {1e-6, 1});
  learner.exploration = table.number("exploration", learner.exploration, {0, 1});
  learner.exploration_decay = table.number("exploration_decay", learner.exploration_decay, {0, 1});
  learner.decay_slot_count =
      table.integer("exploration_period", learner.decay_slot_count, {1, kStepsMax});
  return iql;
}

}  // namespace

OffloadConfig read_offload_config(const ConfigView& table, const SystemContext& context) {
  OffloadConfig config;
  config.method =
      table.choice("method", "dcc", {"dcc", "iql"}) == "dcc" ? Method::dcc : Method::iql;
  config.alpha = table.number("alpha", config.alpha, {0.01, Congestion::kAlphaMax});
  config.team = read_team(table, context);
  if (config.method == Method::dcc) {
    config.congestion = congestion_model_named(
        table.choice("congestion", name_of(config.congestion),
                     {std::string(name_of(CongestionModel::plain)),
                      std::string(name_of(CongestionModel::variance_aware))}));
    config.dcc = read_dcc(table, context);
  } else {
    config.iql = read_iql(table);
  }
  return config;
}

}  // namespace tacit::offload
