#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "agent/systems/grid/grid_config.h"
#include "common/results/figure.h"

namespace tacit::grid {

inline constexpr std::size_t kHoursPerDay = 24;

/// [last - first] first, first + 1, ..., last - 1.
std::vector<double> count_up(std::size_t first, std::size_t last);

/// The x values of a long run's figure: one per day instead of one per hour.
class Stretches {
 public:
  explicit Stretches(std::size_t hours);

  const char* word() const { return length_ == 1 ? "hour" : "day"; }

  /// The middle of each stretch.
  std::vector<double> x() const;

  std::vector<double> means(std::span<const double> values) const;
  std::vector<double> greatest(std::span<const double> values) const;

 private:
  template <typename Fold>
  std::vector<double> fold(std::span<const double> values, Fold combine) const;

  std::size_t hours_;
  std::size_t length_;
};

/// A dashed line at y, from the first x to the last.
Series level(std::string name, const std::vector<double>& x, double y);

/// A line per agent; for many agents the median, a band of most of the others, and the extremes.
/// @param values  [N][x]
std::vector<Series> agent_lines(const GridConfig& config, const std::vector<double>& x,
                                const std::vector<std::vector<double>>& values);

}  // namespace tacit::grid
