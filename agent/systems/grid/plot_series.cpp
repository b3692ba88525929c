#include "agent/systems/grid/plot_series.h"

#include <algorithm>

namespace tacit::grid {
namespace {

constexpr std::size_t kAgentsDrawnOneByOne = 12;
constexpr std::size_t kHoursDrawnOneByOne = 480;

/// The value below which a share of the agents lies in an hour; the nearest agent's, not
/// interpolated.
double quantile(std::vector<double>& hour, double share) {
  const auto place =
      static_cast<std::ptrdiff_t>(share * static_cast<double>(hour.size() - 1) + 0.5);
  std::ranges::nth_element(hour, hour.begin() + place);
  return hour[static_cast<std::size_t>(place)];
}

}  // namespace

std::vector<double> count_up(std::size_t first, std::size_t last) {
  std::vector<double> values;
  for (std::size_t k = first; k < last; ++k) values.push_back(static_cast<double>(k));
  return values;
}

Stretches::Stretches(std::size_t hours)
    : hours_(hours), length_(hours > kHoursDrawnOneByOne ? kHoursPerDay : 1) {}

template <typename Fold>
std::vector<double> Stretches::fold(std::span<const double> values, Fold combine) const {
  std::vector<double> folded;
  for (std::size_t first = 0; first < hours_; first += length_) {
    folded.push_back(combine(values.subspan(first, std::min(length_, hours_ - first))));
  }
  return folded;
}

std::vector<double> Stretches::x() const {
  return fold(count_up(0, hours_),
              [](std::span<const double> k) { return 0.5 * (k.front() + k.back()); });
}

std::vector<double> Stretches::means(std::span<const double> values) const {
  return fold(values, [](std::span<const double> part) {
    double sum = 0;
    for (const double one : part) sum += one;
    return sum / static_cast<double>(part.size());
  });
}

std::vector<double> Stretches::greatest(std::span<const double> values) const {
  return fold(values, [](std::span<const double> part) { return std::ranges::max(part); });
}

Series level(std::string name, const std::vector<double>& x, double y) {
  return {std::move(name), {x.front(), x.back()}, {y, y}, Series::Style::dashed};
}

std::vector<Series> agent_lines(const GridConfig& config, const std::vector<double>& x,
                                const std::vector<std::vector<double>>& values) {
  if (values.size() <= kAgentsDrawnOneByOne) {
    std::vector<Series> lines;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const char* size = config.multiplier[i] > 1 ? ", double" : "";
      lines.push_back({"agent " + std::to_string(i) + size, x, values[i]});
    }
    return lines;
  }
  Series band{"80 % of the agents", x, {}, Series::Style::band}, median{"median", x, {}},
      least{"least", x, {}, Series::Style::dashed}, most{"most", x, {}, Series::Style::dashed};
  std::vector<double> moment(values.size());
  for (std::size_t k = 0; k < x.size(); ++k) {
    for (std::size_t i = 0; i < values.size(); ++i) moment[i] = values[i][k];
    band.y.push_back(quantile(moment, 0.1));
    median.y.push_back(quantile(moment, 0.5));
    band.upper.push_back(quantile(moment, 0.9));
    least.y.push_back(std::ranges::min(moment));
    most.y.push_back(std::ranges::max(moment));
  }
  return {std::move(band), std::move(median), std::move(least), std::move(most)};
}

}  // namespace tacit::grid
