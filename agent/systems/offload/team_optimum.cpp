#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

#include "agent/systems/offload/price_table.h"
#include "agent/systems/offload/team.h"
#include "common/base/random.h"

namespace tacit::offload {
namespace {

constexpr double kRelativeGain = 1e-11;  // A corner that saves less is not better.
constexpr std::size_t kLargeTeam = 64;

/// Improves used-up budgets f one at a time. With f_-i =: R the cost depends on f_i as
///   h(f) = U_i(f) + f d(1 + R) + sum_{j != i} f_j d(1 + R - f_j + f).
/// For alpha >= 1, h is convex: bisection on its derivative finds the minimum. For alpha < 1 the
/// coupling is concave on every segment of U_i, so the minimum is at a corner, and all corners are
/// tried.
class Polish {
 public:
  Polish(const Team& team, PriceTable& prices, std::vector<double> f)
      : team_(team),
        prices_(prices),
        f_(std::move(f)),
        sum_(std::accumulate(f_.begin(), f_.end(), 0.0)) {
    for (const double value : f_) add_to_bin(value, 1.0);
  }

  /// @return f after sweeps over all agents, the last of which changes nothing
  std::vector<double> run() {
    constexpr int kSweepMax = 60;
    const double least_gain = f_.size() > kLargeTeam ? 1e-7 : 1e-9;
    double cost = total_cost(team_, f_);
    for (int sweep = 0; sweep < kSweepMax; ++sweep) {
      for (std::size_t i = 0; i < f_.size(); ++i) move(i, best_alone(i));
      const double now = total_cost(team_, f_);
      if (now >= cost - least_gain * cost) break;
      cost = now;
    }
    return f_;
  }

 private:
  static constexpr std::size_t kBinCount = 512;
  struct Bin {
    double count = 0.0;
    double sum = 0.0;
  };

  static std::size_t bin_of(double f) {
    return std::min(kBinCount - 1, static_cast<std::size_t>(f * kBinCount));
  }
  void add_to_bin(double f, double sign) {
    Bin& bin = bins_[bin_of(f)];
    bin.count += sign;
    bin.sum = bin.count == 0.0 ? 0.0 : bin.sum + sign * f;
  }
  void move(std::size_t i, double f) {
    if (f == f_[i]) return;
    add_to_bin(f_[i], -1.0);
    sum_ += f - f_[i];
    f_[i] = f;
    add_to_bin(f, 1.0);
  }

  double best_alone(std::size_t i);
  double best_convex(const UCurve& curve, double others);
  double best_corner(const UCurve& curve, double others, double current);
  double coupling(double others, double f);
  double coupling_slope(double others, double f);

  const Team& team_;
  PriceTable& prices_;
  std::vector<double> f_;
  double sum_;
  /// The other agents' frequencies by value. Frequencies within 1/512 are replaced by their mean,
  /// an error of second order; a team of 1,000 then costs as little as one of 100.
  std::array<Bin, kBinCount> bins_{};
};

/// f d(1 + R) + sum_{j != i} f_j d(1 + R - f_j + f); the bins must not hold agent i.
double Polish::coupling(double others, double f) {
  if (team_.congestion.alpha() == 1.0) return 2.0 * others * f;  // Up to a constant in f.
  double sum = f * prices_.price(others);
  for (const Bin& bin : bins_) {
    if (bin.count <= 0.0 || bin.sum <= 0.0) continue;
    sum += bin.sum * prices_.price(others - bin.sum / bin.count + f);
  }
  return sum;
}

double Polish::coupling_slope(double others, double f) {
  if (team_.congestion.alpha() == 1.0) return 2.0 * others;
  double slope = prices_.price(others);
  for (const Bin& bin : bins_) {
    if (bin.count <= 0.0 || bin.sum <= 0.0) continue;
    slope += bin.sum * prices_.slope(others - bin.sum / bin.count + f);
  }
  return slope;
}

double Polish::best_alone(std::size_t i) {
  const double current = f_[i];
  add_to_bin(current, -1.0);
  const double others = std::max(0.0, sum_ - current);
  const UCurve& curve = *team_.curves[i];
  const double best = team_.congestion.alpha() >= 1.0 ? best_convex(curve, others)
                                                      : best_corner(curve, others, current);
  add_to_bin(current, 1.0);
  return best;
}

double Polish::best_convex(const UCurve& curve, double others) {
  const auto slopes = curve.slopes();
  const auto& corners = curve.corners();
  std::size_t low = 0;  // The first corner at which the cost no longer falls to the right.
  std::size_t high = slopes.size();
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (coupling_slope(others, corners[middle].f) < slopes[middle]) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == 0 || coupling_slope(others, corners[low].f) <= slopes[low - 1]) return corners[low].f;
  double left = corners[low - 1].f;
  double right = corners[low].f;
  for (int k = 0; k < 40; ++k) {
    const double middle = 0.5 * (left + right);
    (coupling_slope(others, middle) < slopes[low - 1] ? left : right) = middle;
  }
  return 0.5 * (left + right);
}

double Polish::best_corner(const UCurve& curve, double others, double current) {
  double best = current;
  double least = curve.local_cost(current) + coupling(others, current);
  for (const Breakpoint& corner : curve.corners()) {
    const double cost = corner.U + coupling(others, corner.f);
    if (cost < least - kRelativeGain * least) {
      least = cost;
      best = corner.f;
    }
  }
  return best;
}

/// Unequal starts: in every group of `period` agents, one begins with all it can use.
std::vector<double> one_in(const Team& team, std::size_t period) {
  std::vector<double> f(team.size(), 0.0);
  for (std::size_t i = 0; i < f.size(); i += period) f[i] = team.curves[i]->frequency_max();
  return f;
}

/// Random starts, the same in every call: most agents begin low, some high.
std::vector<double> drawn(const Team& team, std::size_t start_index) {
  RandomStream stream(0, process_id(start_index), purpose("offload.optimum.start"), 0);
  std::vector<double> f;
  for (const UCurve* curve : team.curves) {
    const double u = to_unit(stream());
    f.push_back(curve->frequency_max() * u * u * u);
  }
  return f;
}

/// Small teams have few but deep local minima, up to 0.3 % apart; at N = 40 they are 1e-6 apart. On
/// 440 random teams of 2 to 30 devices 1,000 starts found nothing that is better by more than 1e-6.
std::size_t drawn_start_count(const Team& team) {
  if (team.size() > kLargeTeam) return 0;
  if (team.congestion.alpha() < 1.0) return 16;  // Expensive, and those teams never needed more.
  return team.size() <= 12 ? 256 : 64;
}

std::vector<double> used(const Team& team, std::vector<double> theta) {
  const TeamAnswer answer = answer_team(team, theta);
  for (std::size_t i = 0; i < theta.size(); ++i) theta[i] = answer.agents[i].K;
  return theta;
}

}  // namespace

std::vector<double> optimise_team(const Team& team) {
  const std::size_t count = team.size();
  PriceTable prices(team.congestion);
  std::vector<std::vector<double>> starts;
  starts.push_back(std::vector<double>(count, 0.0));
  for (const double level : {0.0, 0.02, 0.1, 0.3}) {
    starts.push_back(used(team, run_slow_loop(team, std::vector<double>(count, level), 30)));
  }
  for (const std::size_t period : {1, 2, 4, 8}) {
    if (period <= count && count <= kLargeTeam) starts.push_back(one_in(team, period));
  }
  for (std::size_t k = 0; k < drawn_start_count(team); ++k) starts.push_back(drawn(team, k));
  std::vector<double> best;
  double least = 0.0;
  for (std::vector<double>& start : starts) {
    std::vector<double> f = Polish(team, prices, std::move(start)).run();
    const double cost = total_cost(team, f);
    if (best.empty() || cost < least) {
      best = std::move(f);
      least = cost;
    }
  }
  return best;
}

}  // namespace tacit::offload
