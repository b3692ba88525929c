#include "agent/systems/grid/grid_quantities.h"

namespace tacit::grid {
namespace {

constexpr Quantity kQuantities[] = {
    {Where::constraint, "grid_fraction", "1",
     "mean purchase of all buildings together per hour, over the peak demand"},
    {Where::constraint, "backlog_slope", "1",
     "slope of the total backlog over the second half, over the mean total demand"},
    {Where::bound, "consensus_step", "scaled $/kWh",
     "disagreement of the prices, against that of the hour before, at the closest hour"},
    {Where::bound, "consensus_error", "scaled $/kWh",
     "largest disagreement of the prices, against what it can ever be"},
    {Where::metric, "grid_fraction", "1",
     "mean purchase of all buildings together per hour, over the peak demand"},
    {Where::metric, "cap_fraction", "1", "what grid_fraction may be"},
    {Where::metric, "backlog_slope", "1",
     "least-squares slope of the total backlog over the second half, over the mean total demand"},
    {Where::metric, "feasible", "0 or 1", "1 if both constraints are met"},
    {Where::metric, "cost", "$", "what all buildings paid"},
    {Where::metric, "adjusted_cost", "$", "cost and 0.21 $ for each kWh of the final backlog"},
    {Where::metric, "benchmark_cost", "$",
     "least cost of perfect foresight at each building's own final backlog"},
    {Where::metric, "gap", "1", "cost / benchmark_cost - 1"},
    {Where::metric, "backlog_end_kwh", "kWh", "final backlog of all buildings"},
    {Where::metric, "spill_kwh", "kWh", "sun that found batteries full"},
    {Where::metric, "peak_kwh", "kWh",
     "largest demand of an hour of all buildings together, in all of the data"},
    {Where::metric, "lambda_max", "scaled $/kWh", "[N] largest price of each building"},
    {Where::metric, "lambda_mean_second_half", "scaled $/kWh",
     "mean price over buildings and the second half of the hours"},
    {Where::metric, "spread_mean_second_half", "scaled $/kWh",
     "largest less least price of an hour, mean over the second half"},
    {Where::agent_row, "lambda", "scaled $/kWh", "price of the shared connection in this hour"},
    {Where::agent_row, "nu", "scaled $/kWh", "multiplier of the backlog in this hour"},
    {Where::agent_row, "demand_kwh", "kWh", "new demand"},
    {Where::agent_row, "grid_kwh", "kWh", "bought"},
    {Where::agent_row, "battery_kwh", "kWh", "delivered by the battery"},
    {Where::agent_row, "backlog_kwh", "kWh", "postponed and unmet after the hour"},
    {Where::agent_row, "charge_kwh", "kWh",
     "of the battery after the hour, before the sun of the next"},
    {Where::agent_row, "spill_kwh", "kWh", "sun that found the battery full"},
    {Where::agent_row, "cost", "$", "of what was bought"},
    {Where::agent_result, "lambda", "scaled $/kWh", "price after the last hour"},
    {Where::agent_result, "nu", "scaled $/kWh", "multiplier of the backlog after the last hour"},
    {Where::training, "quality", "scaled $",
     "mean return of the policy that is kept, over the quality episodes"},
    {Where::training, "quality_enough", "scaled $", "quality at which no further attempt is made"},
    {Where::training, "threshold_quality", "scaled $",
     "quality of the threshold policy on the same episodes"},
    {Where::training, "good_enough", "true, false", "whether quality_enough was reached"},
    {Where::training, "seed", "1", "of the attempt that is kept"},
    {Where::training, "attempts", "1", "[attempts] seed and quality of each"},
    {Where::training, "episodes", "episodes", "over which quality is a mean"},
};

}  // namespace

std::span<const Quantity> quantities() { return kQuantities; }

}  // namespace tacit::grid
