#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "deploy/cli/sweep/journal.h"
#include "deploy/cli/sweep/plan.h"

namespace tacit {

/// A mean over seeds with its 95 % confidence interval.
struct Estimate {
  double mean;  ///< NaN without values
  double low;   ///< NaN with fewer than two
  double high;
};

/// Percentile bootstrap with 2,000 resamples, drawn from a fixed stream: the same values give the
/// same interval. Values that are not finite are left out.
/// Source: Efron & Tibshirani, "An Introduction to the Bootstrap", 1993, section 13.3.
Estimate bootstrap_mean(const std::vector<double>& values);

/// The outcomes of all cells of a plan, in its order.
class SweepTable {
 public:
  /// @param outcomes  [cells]
  SweepTable(const SweepPlan& plan, std::vector<CellOutcome> outcomes);

  /// The metrics that occur in any cell, ascending.
  const std::vector<std::string>& metrics() const { return metrics_; }

  /// A metric, or "met", over the seeds of a point.
  Estimate estimate(std::string_view metric, std::size_t point) const;

  std::size_t met_count() const;
  /// The number of cells that cannot be run.
  std::size_t impossible_count() const;
  /// Why no cell of a point can be run; empty if one can.
  std::string impossible_at(std::size_t point) const;

  /// table.csv, a row per cell: the swept keys, seed, met, the metrics (empty where a cell lacks
  /// one), and the digest. If there are impossible cells, a last column gives the reasons.
  std::string cells_csv() const;
  /// cells.csv, a row per point: the swept keys, the number of seeds that ran, the estimates, and,
  /// if there are impossible cells, why no cell of the point can be run.
  std::string points_csv() const;

 private:
  std::size_t ran_count(std::size_t point) const;
  const SweepPlan& plan_;
  std::vector<CellOutcome> outcomes_;
  std::vector<std::string> metrics_;
};

}  // namespace tacit
