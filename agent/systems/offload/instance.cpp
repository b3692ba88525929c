#include "agent/systems/offload/instance.h"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <stdexcept>
#include <vector>

#include "agent/systems/offload/congestion.h"
#include "agent/systems/offload/environment.h"
#include "agent/systems/offload/evaluation.h"
#include "agent/systems/offload/team.h"
#include "common/base/error.h"

namespace tacit::offload {
namespace {

using Json = nlohmann::json;

/// Bounds on the memory (some hundred MB) and the time (minutes) of one call.
constexpr std::size_t kTextMax = std::size_t{1} << 26;
constexpr std::size_t kAgentMax = 10000;
constexpr std::size_t kStatesPerTypeMax = 4096;
constexpr std::size_t kEnergyLevelMax = 512;
constexpr std::size_t kStatesOfAllTypesMax = 50000;

struct Instance {
  std::vector<AgentType> agents;
  Congestion congestion;
  std::optional<std::vector<double>> theta;
};

[[noreturn]] void fail(const std::string& place, const std::string& message) {
  throw InputError(ExitCode::bad_data, "instance: " + place + ": " + message);
}

std::string child(const std::string& place, const std::string& key) {
  return place.empty() ? key : place + "." + key;
}

void require_known_keys(const Json& object, const std::string& place,
                        const std::set<std::string>& known) {
  if (!object.is_object()) fail(place.empty() ? "top level" : place, "must be a JSON object {...}");
  for (const auto& [key, value] : object.items()) {
    if (known.count(key) != 0) continue;
    std::string names;
    for (const std::string& name : known) names += (names.empty() ? "" : ", ") + name;
    fail(child(place, key), "unknown key; remove it or use one of: " + names);
  }
}

const Json& member(const Json& object, const std::string& place, const std::string& key,
                   const std::string& example) {
  const auto found = object.find(key);
  if (found == object.end()) {
    fail(child(place, key), "is missing; add for example \"" + key + "\": " + example);
  }
  return *found;
}

int integer(const Json& object, const std::string& place, const std::string& key,
            const std::string& example) {
  const Json& value = member(object, place, key, example);
  if (!value.is_number_integer()) {
    fail(child(place, key), "must be an integer such as " + example + ", not " + value.dump());
  }
  constexpr int kMost = std::numeric_limits<int>::max();
  const bool fits = value.is_number_unsigned()
                        ? value.get<std::uint64_t>() <= static_cast<std::uint64_t>(kMost)
                        : value.get<std::int64_t>() >= -static_cast<std::int64_t>(kMost);
  if (!fits) fail(child(place, key), value.dump() + " is out of range; use one such as " + example);
  return value.get<int>();
}

double number(const Json& value, const std::string& place, const std::string& example) {
  if (!value.is_number()) {
    fail(place, "must be a number such as " + example + ", not " + value.dump());
  }
  return value.get<double>();
}

std::string text(const Json& object, const std::string& place, const std::string& key,
                 const std::string& example) {
  const std::string quoted = '"' + example + '"';
  const Json& value = member(object, place, key, quoted);
  if (!value.is_string()) {
    fail(child(place, key), "must be a string such as " + quoted + ", not " + value.dump());
  }
  return value.get<std::string>();
}

AgentType read_agent(const Json& object, const std::string& place) {
  require_known_keys(object, place,
                     {"M", "B", "minH", "maxH", "minC", "maxC", "gamma", "deficit_rule", "beta"});
  AgentType type;
  type.M = integer(object, place, "M", "15");
  type.B = integer(object, place, "B", "15");
  type.minH = integer(object, place, "minH", "0");
  type.maxH = integer(object, place, "maxH", "2");
  type.minC = integer(object, place, "minC", "1");
  type.maxC = integer(object, place, "maxC", "7");
  type.gamma = number(member(object, place, "gamma", "0.95"), child(place, "gamma"), "0.95");
  const std::string rule = text(object, place, "deficit_rule", "wait_or_offload");
  const std::string beta = text(object, place, "beta", "uniform");
  try {
    type.deficit_rule = deficit_rule_named(rule);
    type.beta = initial_state_named(beta);
    type.validate();
  } catch (const std::invalid_argument& error) {
    throw InputError(ExitCode::bad_data, "instance: " + child(place, error.what()));
  }
  const std::size_t levels = type.state_count() / static_cast<std::size_t>(type.M);
  if (type.state_count() > kStatesPerTypeMax || levels > kEnergyLevelMax) {
    fail(place, "has " + std::to_string(type.state_count()) + " states and " +
                    std::to_string(levels) + " energy levels; at most " +
                    std::to_string(kStatesPerTypeMax) + " and " + std::to_string(kEnergyLevelMax) +
                    " can be solved: lower M, B or maxC");
  }
  return type;
}

std::vector<AgentType> read_agents(const Json& list) {
  if (!list.is_array() || list.empty()) fail("agents", "must be a list of one or more agents");
  if (list.size() > kAgentMax) {
    fail("agents", "lists " + std::to_string(list.size()) + " agents; at most " +
                       std::to_string(kAgentMax) + " can be solved");
  }
  std::vector<AgentType> agents;
  std::set<AgentType> types;
  std::size_t states = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string place = "agents[" + std::to_string(i) + "]";
    agents.push_back(read_agent(list[i], place));
    if (types.insert(agents.back()).second) states += agents.back().state_count();
    if (states > kStatesOfAllTypesMax) {
      fail(place, "the different types of agents up to here have " + std::to_string(states) +
                      " states; at most " + std::to_string(kStatesOfAllTypesMax) +
                      " can be solved: use fewer types or smaller ones");
    }
  }
  return agents;
}

std::vector<double> read_theta(const Json& list, std::size_t agent_count) {
  if (!list.is_array() || list.size() != agent_count) {
    fail("theta",
         "must be null or a list of " + std::to_string(agent_count) + " budgets, one per agent");
  }
  std::vector<double> theta;
  for (std::size_t i = 0; i < agent_count; ++i) {
    const std::string place = "theta[" + std::to_string(i) + "]";
    theta.push_back(number(list[i], place, "0.2"));
    if (!(theta.back() >= 0.0 && theta.back() <= 1.0)) {
      fail(place, "is a frequency and must be 0..1, not " + list[i].dump());
    }
  }
  return theta;
}

/// Parses strictly: the parser itself accepts equal keys and uses the last one.
Json parse(std::string_view text) {
  if (text.size() > kTextMax) fail("text", "is larger than 64 MiB; use fewer agents");
  std::vector<std::set<std::string>> open_objects;
  const auto watch = [&](int, Json::parse_event_t event, Json& value) {
    if (event == Json::parse_event_t::object_start) open_objects.emplace_back();
    if (event == Json::parse_event_t::object_end) open_objects.pop_back();
    if (event == Json::parse_event_t::key) {
      const auto key = value.get<std::string>();
      if (!open_objects.back().insert(key).second) fail(key, "appears twice; keep one");
    }
    return true;
  };
  try {
    return Json::parse(text, watch);
  } catch (const Json::exception& error) {
    fail("not valid JSON", error.what());
  }
}

Instance read(std::string_view text_of_instance) {
  const Json json = parse(text_of_instance);
  require_known_keys(json, "", {"agents", "alpha", "theta", "congestion"});
  std::vector<AgentType> agents = read_agents(member(json, "", "agents", "[{...}]"));
  const double alpha = number(member(json, "", "alpha", "1"), "alpha", "1");
  try {
    const auto model = json.contains("congestion")
                           ? congestion_model_named(text(json, "", "congestion", "plain"))
                           : CongestionModel::plain;
    Instance instance{std::move(agents), Congestion(alpha, model), std::nullopt};
    const auto theta = json.find("theta");
    if (theta != json.end() && !theta->is_null()) {
      instance.theta = read_theta(*theta, instance.agents.size());
    }
    return instance;
  } catch (const std::invalid_argument& error) {
    throw InputError(ExitCode::bad_data, std::string("instance: ") + error.what());
  }
}

/// Adding 0 turns -0 into 0, which readers expect.
double clean(double value) { return value + 0.0; }

nlohmann::ordered_json to_json(const TeamAnswer& answer) {
  auto agents = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < answer.agents.size(); ++i) {
    const BudgetAnswer& agent = answer.agents[i];
    agents.push_back({{"theta", answer.theta[i]},
                      {"J", agent.J},
                      {"U", agent.U},
                      {"K", agent.K},
                      {"lambda", clean(agent.lambda)},
                      {"w", clean(answer.coupling[i])},
                      {"gradient", clean(answer.gradient[i])}});
  }
  return agents;
}

}  // namespace

std::string solve(std::string_view text_of_instance) {
  const Instance instance = read(text_of_instance);
  CurveLibrary library;
  const Team team = make_team(instance.agents, instance.congestion, library);
  const TeamAnswer answer =
      answer_team(team, instance.theta ? *instance.theta : optimise_team(team));
  std::vector<double> K;
  std::vector<double> U;
  double never = 0.0;
  double frequency = 0.0;
  for (std::size_t i = 0; i < team.size(); ++i) {
    K.push_back(answer.agents[i].K);
    U.push_back(answer.agents[i].U);
    never += team.curves[i]->never_cost();
    frequency += K.back() / static_cast<double>(team.size());
  }
  const SurrogateError lemma1 = surrogate_error(K, instance.congestion.alpha());
  nlohmann::ordered_json result;
  result["solved"] = instance.theta ? "given theta" : "optimum";
  result["alpha"] = instance.congestion.alpha();
  result["congestion"] = name_of(instance.congestion.model());
  result["total"] = answer.total;
  result["true_stationary_cost"] = stationary_cost(K, U, instance.congestion);
  result["never_total"] = never;
  result["mean_frequency"] = frequency;
  result["lemma1"] = {{"error", clean(lemma1.error)}, {"bound", lemma1.bound}};
  result["theta"] = answer.theta;
  result["agents"] = to_json(answer);
  return result.dump(2) + "\n";
}

}  // namespace tacit::offload
