#include "agent/systems/offload/u_curve.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "common/base/check.h"

namespace tacit::offload {
namespace {

constexpr double kNeverPrice = 1e6;  // Far above any saving an offload can bring.
constexpr double kImprovement = 1e-9;

/// Frequencies this close are one corner, and a budget this close to a corner is at it: rounding
/// can put a corner at 1 + 2e-16, which no budget reaches.
constexpr double kSameFrequency = 1e-12;

}  // namespace

UCurve::UCurve(const Environment& environment) {
  PriceSolver solver(environment);
  const auto corner = [](PriceSolver::Solution solution) {
    return Breakpoint{std::clamp(solution.K, 0.0, 1.0), solution.U, std::move(solution.policy)};
  };
  const Breakpoint never =
      corner(solver.solve(kNeverPrice, Policy(environment.state_count(), Action::wait)));
  const Breakpoint free = corner(solver.solve(0.0, never.policy));
  corners_.push_back(never);
  if (free.f > never.f + kSameFrequency) {
    refine(solver, never, free);
    corners_.push_back(free);
  }
  for (std::size_t k = 0; k + 1 < corners_.size(); ++k) {
    slopes_.push_back((corners_[k].U - corners_[k + 1].U) / (corners_[k + 1].f - corners_[k].f));
  }
  while (!slopes_.empty() && slopes_.back() <= kImprovement) {  // A tie at price 0, not a saving.
    slopes_.pop_back();
    corners_.pop_back();
  }
}

/// Appends the corners strictly between two. At the price at which both corners cost the same, the
/// optimal policy is either not better than they are, or a corner between them.
void UCurve::refine(PriceSolver& solver, const Breakpoint& left, const Breakpoint& right) {
  const double price = (left.U - right.U) / (right.f - left.f);
  if (!(price >= 0.0)) return;
  PriceSolver::Solution between = solver.solve(price, left.policy);
  const double gain = left.U + price * left.f - between.U - price * between.K;
  if (gain <= kImprovement || between.K <= left.f + kSameFrequency ||
      between.K >= right.f - kSameFrequency) {
    return;
  }
  const Breakpoint middle{between.K, between.U, std::move(between.policy)};
  refine(solver, left, middle);
  corners_.push_back(middle);
  refine(solver, middle, right);
}

BudgetAnswer UCurve::answer(double theta, double price) const {
  TACIT_CHECK(theta >= 0.0 && price >= 0.0, "budgets and prices are not negative");
  const auto enough = std::partition_point(slopes_.begin(), slopes_.end(),
                                           [&](double slope) { return slope > price; });
  const double unconstrained = corners_[static_cast<std::size_t>(enough - slopes_.begin())].f;
  BudgetAnswer answer{};
  answer.K = std::min(theta, unconstrained);
  answer.U = local_cost(answer.K);
  answer.J = answer.U + price * answer.K;
  answer.lambda = std::max(0.0, slope_right(answer.K) - price);
  return answer;
}

UCurve::Mixture UCurve::mixture(double f) const {
  const auto above = std::partition_point(
      corners_.begin(), corners_.end(),
      [&](const Breakpoint& corner) { return corner.f <= f + kSameFrequency; });
  if (above == corners_.begin()) return {0, 0.0};
  const auto first = static_cast<std::size_t>(above - corners_.begin()) - 1;
  if (above == corners_.end()) return {first, 0.0};
  const double beyond = std::max(0.0, f - corners_[first].f);
  return {first, beyond / (corners_[first + 1].f - corners_[first].f)};
}

double UCurve::local_cost(double f) const {
  const auto [first, weight] = mixture(f);
  if (weight == 0.0) return corners_[first].U;
  return corners_[first].U - slopes_[first] * (f - corners_[first].f);
}

double UCurve::slope_right(double f) const {
  const std::size_t first = mixture(f).first;
  return first < slopes_.size() ? slopes_[first] : 0.0;
}

double UCurve::slope_left(double f) const {
  const auto at_or_above =
      std::partition_point(corners_.begin(), corners_.end(),
                           [&](const Breakpoint& corner) { return corner.f < f - kSameFrequency; });
  if (at_or_above == corners_.begin()) return std::numeric_limits<double>::infinity();
  if (at_or_above == corners_.end()) return 0.0;
  return slopes_[static_cast<std::size_t>(at_or_above - corners_.begin()) - 1];
}

}  // namespace tacit::offload
