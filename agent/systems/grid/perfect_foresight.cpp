#include "agent/systems/grid/perfect_foresight.h"

#include <ClpSimplex.hpp>
#include <CoinPackedMatrix.hpp>
#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "agent/systems/grid/grid_config.h"
#include "common/base/check.h"

namespace tacit::grid {
namespace {

/// A linear program under construction: entries by place, bounds of rows and columns.
struct ProgramText {
  std::vector<int> rows, columns;
  std::vector<double> entries;
  std::vector<double> row_least, row_most;
  std::vector<double> column_most;  ///< the least is 0

  int add_row(double least, double most) {
    row_least.push_back(least);
    row_most.push_back(most);
    return static_cast<int>(row_least.size()) - 1;
  }
  int add_column(double most) {
    column_most.push_back(most);
    return static_cast<int>(column_most.size()) - 1;
  }
  void put(int row, int column, double entry) {
    rows.push_back(row);
    columns.push_back(column);
    entries.push_back(entry);
  }
};

/// The columns of hour k: e, r, b.
enum Column { kDelivered, kLeft, kBacklog, kColumnsPerHour };

/// An objective sum_k price_k g_k, with g written in e and b.
struct Objective {
  std::vector<double> coefficients;  ///< [3 K]
  double constant = 0;               ///< the cost of serving all demand at once
};

}  // namespace

struct ForesightProgram::Solver {
  Solver(const District& district, const BuildingSeries& series, const Building& building,
         double solar_scale, std::size_t hour_count);

  double least(const Objective& objective, double backlog_end_most);

  Objective cost;
  Objective grid_kwh;

 private:
  static void add_hour(ProgramText& text, const Building& building, double demand, double sun);
  static Objective objective_of(const std::vector<double>& price,
                                const std::vector<double>& demand);

  ClpSimplex simplex_;
  const Objective* solved_ = nullptr;  ///< the objective that the basis is optimal for
};

/// @param sun  eta_c eta_d sol, the part of the hour's solar energy that could reach the house
void ForesightProgram::Solver::add_hour(ProgramText& text, const Building& building, double demand,
                                        double sun) {
  const double capacity = building.storage().discharge_efficiency * building.storage().capacity_kwh;
  const bool is_first = text.column_most.empty();
  const int delivered = text.add_column(building.storage().discharge_most_kwh);
  const int left = text.add_column(capacity);
  const int backlog = text.add_column(COIN_DBL_MAX);

  const int charging = text.add_row(0, sun);
  text.put(charging, left, 1);
  text.put(charging, delivered, 1);
  if (!is_first) text.put(charging, left - kColumnsPerHour, -1);
  if (sun > 0) {  // without sun the charge cannot rise
    const int filling = text.add_row(-COIN_DBL_MAX, capacity);
    text.put(filling, left, 1);
    text.put(filling, delivered, 1);
  }
  const int serving = text.add_row(demand - building.connection_kwh(), demand);
  text.put(serving, delivered, 1);
  text.put(serving, backlog, 1);
  if (!is_first) text.put(serving, backlog - kColumnsPerHour, -1);
}

Objective ForesightProgram::Solver::objective_of(const std::vector<double>& price,
                                                 const std::vector<double>& demand) {
  Objective objective;
  for (std::size_t k = 0; k < price.size(); ++k) {
    const double price_after = k + 1 < price.size() ? price[k + 1] : 0.0;
    objective.coefficients.insert(objective.coefficients.end(),
                                  {-price[k], 0.0, price_after - price[k]});
    objective.constant += price[k] * demand[k];
  }
  return objective;
}

ForesightProgram::Solver::Solver(const District& district, const BuildingSeries& series,
                                 const Building& building, double solar_scale,
                                 std::size_t hour_count) {
  TACIT_CHECK(hour_count >= 1, "a program without hours has no last backlog");
  const Storage& storage = building.storage();
  ProgramText text;
  std::vector<double> price, demand;
  for (std::size_t k = 0; k < hour_count; ++k) {
    const std::size_t row = k % district.hour_count();
    price.push_back(district.price[row]);
    demand.push_back(building.demand_multiplier() * series.demand_kwh[row]);
    const double sun = storage.charge_efficiency * storage.discharge_efficiency * solar_scale *
                       series.solar_kwh[row];
    add_hour(text, building, demand.back(), sun);
  }
  cost = objective_of(price, demand);
  grid_kwh = objective_of(std::vector<double>(hour_count, 1.0), demand);

  CoinPackedMatrix matrix(true, text.rows.data(), text.columns.data(), text.entries.data(),
                          static_cast<int>(text.entries.size()));
  matrix.setDimensions(static_cast<int>(text.row_least.size()),
                       static_cast<int>(text.column_most.size()));
  simplex_.setLogLevel(0);
  simplex_.scaling(0);  // all entries are 1 or -1
  simplex_.loadProblem(matrix, nullptr, text.column_most.data(), nullptr, text.row_least.data(),
                       text.row_most.data());
}

double ForesightProgram::Solver::least(const Objective& objective, double backlog_end_most) {
  const int column_count = simplex_.numberColumns();
  simplex_.setColumnUpper(column_count - kColumnsPerHour + kBacklog,
                          std::max(backlog_end_most, 0.0));
  if (solved_ == &objective) {
    simplex_.dual();  // a bound has moved: the basis is still dual feasible
  } else {
    for (int column = 0; column < column_count; ++column) {
      simplex_.setObjectiveCoefficient(column,
                                       objective.coefficients[static_cast<std::size_t>(column)]);
    }
    simplex_.primal();
    solved_ = &objective;
  }
  TACIT_CHECK(simplex_.isProvenOptimal(), "serving everything at once is always feasible");
  return objective.constant + simplex_.objectiveValue();
}

ForesightProgram::ForesightProgram(const std::shared_ptr<const District>& district,
                                   std::size_t building, const BuildingParameters& parameters,
                                   std::size_t hour_count)
    : solver_(std::make_unique<Solver>(*district, district->buildings.at(building),
                                       Building(district, building, parameters),
                                       parameters.solar_scale, hour_count)) {}

ForesightProgram::~ForesightProgram() = default;
ForesightProgram::ForesightProgram(ForesightProgram&&) noexcept = default;
ForesightProgram& ForesightProgram::operator=(ForesightProgram&&) noexcept = default;

double ForesightProgram::least_cost(double backlog_end_most) {
  return solver_->least(solver_->cost, backlog_end_most);
}

double ForesightProgram::least_grid_kwh(double backlog_end_most) {
  return solver_->least(solver_->grid_kwh, backlog_end_most);
}

namespace {

/// The programs of a run's agents, one for all agents with the same building and multiplier.
class Programs {
 public:
  explicit Programs(const GridConfig& config) : config_(config) {}

  ForesightProgram& of(std::size_t agent) {
    const std::pair key{config_.district->building_of(agent), config_.multiplier[agent]};
    const auto found = programs_.find(key);
    if (found != programs_.end()) return found->second;
    return programs_
        .emplace(key, ForesightProgram(config_.district, key.first, config_.parameters_of(agent),
                                       config_.hours))
        .first->second;
  }

 private:
  const GridConfig& config_;
  std::map<std::pair<std::size_t, double>, ForesightProgram> programs_;
};

}  // namespace

double foresight_cost(const GridConfig& config, std::span<const double> backlog_end) {
  TACIT_CHECK(backlog_end.size() == config.agent_count(), "every agent ends with one backlog");
  Programs programs(config);
  double cost = 0;
  for (std::size_t i = 0; i < backlog_end.size(); ++i) {
    cost += programs.of(i).least_cost(backlog_end[i]);
  }
  return cost;
}

double least_cap_fraction(const GridConfig& config) {
  Programs programs(config);
  double grid_kwh = 0;
  for (std::size_t i = 0; i < config.agent_count(); ++i) {
    grid_kwh += programs.of(i).least_grid_kwh(0);
  }
  return grid_kwh / static_cast<double>(config.hours) / config.peak_kwh;
}

}  // namespace tacit::grid
