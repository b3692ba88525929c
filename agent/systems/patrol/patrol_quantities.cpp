#include "agent/systems/patrol/patrol_quantities.h"

namespace tacit::patrol {
namespace {

constexpr Quantity kQuantities[] = {
    {Where::constraint, "unvisited_zone_<zone>", "1",
     "part of the steps in which nobody was in the zone"},
    {Where::bound, "sample_path_zone_<zone>", "1",
     "least part of the steps that the multipliers' path allows, against the part attended"},
    {Where::bound, "theorem_1", "1",
     "largest max(c_m - r_m), against sqrt(alpha M) and what the last multipliers add"},
    {Where::bound, "false_rewards", "steps",
     "by how much a robot believes in more attended steps than there were"},
    {Where::bound, "multiplier_order", "1",
     "by how much a robot's multiplier is below the reference"},
    {Where::bound, "multiplier_error", "1",
     "Proposition 3: lambda_error, against eta d_G / (alpha T0 p)"},
    {Where::metric, "margin_min", "1",
     "least r_m - c_m over the zones: part of the steps attended less required"},
    {Where::metric, "optimum_margin", "1", "margin that no behaviour can exceed"},
    {Where::metric, "margin_fraction_of_optimum", "1", "margin_min / optimum_margin"},
    {Where::metric, "visit_fraction", "1",
     "[M] r_m: part of the steps in which each zone was attended"},
    {Where::metric, "feasible", "0 or 1", "1 if every zone was attended as required"},
    {Where::metric, "bits_missed_fraction", "1",
     "part of all rewards that robots did not know of when the rollout ended"},
    {Where::metric, "lambda_error", "1",
     "largest mean distance of a robot's multiplier of a zone from the reference"},
    {Where::metric, "lambda_error_largest", "1",
     "largest mean over rollouts of a robot's greatest distance"},
    {Where::metric, "link_frequency", "1",
     "gossip: [pairs (0,1), (0,2), ...] part of the steps in which two could hear each other"},
    {Where::metric, "neighbour_fraction", "1",
     "gossip: [N] part of the robot-steps with 0, 1, ... neighbours"},
    {Where::metric, "wire_bytes_per_step", "bytes/step",
     "gossip: payload of all messages heard, of all robots"},
    {Where::metric, "wire_bits_per_message", "bits",
     "gossip: what the code says in a message heard"},
    {Where::metric, "wire_new_bits_per_message", "rewards",
     "gossip: rewards told for the first time in a message heard"},
    {Where::metric, "wire_empty_fraction", "1",
     "gossip: part of the messages heard that tell no reward"},
    {Where::agent_row, "x_m", "m", "where the robot is"},
    {Where::agent_row, "y_m", "m", "where the robot is"},
    {Where::agent_row, "goal", "zone", "which it heads for, from 1"},
    {Where::agent_result, "lambda", "1",
     "[(K + 1) x M] multipliers before the first rollout and after each"},
    {Where::agent_result, "attended", "steps",
     "[K x M] in which the robot knew a zone to be attended"},
    {Where::agent_result, "messages", "messages", "heard"},
    {Where::agent_result, "messages_empty", "messages", "heard that told no reward"},
    {Where::agent_result, "new_bits", "rewards", "told for the first time in messages heard"},
    {Where::agent_result, "code_bits", "bits", "of code in messages heard"},
    {Where::agent_result, "payload_bytes", "bytes", "of messages heard"},
    {Where::training, "quality", "1", "least margin of the quality runs of the team that is kept"},
    {Where::training, "quality_enough", "1", "quality at which no further attempt is made"},
    {Where::training, "good_enough", "true, false",
     "whether quality_enough was reached, or none was asked for"},
    {Where::training, "seed", "1", "of the attempt that is kept"},
    {Where::training, "attempts", "1",
     "[attempts] seed, quality and objective (weighted reward per step) of each"},
};

}  // namespace

std::span<const Quantity> quantities() { return kQuantities; }

}  // namespace tacit::patrol
