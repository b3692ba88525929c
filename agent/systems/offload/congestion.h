#pragma once

#include <cstddef>
#include <string_view>

namespace tacit::offload {

/// The price of offloading that an agent assumes when the budgets of the other agents sum to
/// theta_-i:
/// plain: d(1 + theta_-i); variance_aware: E[d(1 + X)] with X ~ Poisson(theta_-i), which accounts
/// for the fluctuating number of offloading devices.
enum class CongestionModel { plain, variance_aware };

std::string_view name_of(CongestionModel model);
/// @throws std::invalid_argument naming the text and the known names
CongestionModel congestion_model_named(std::string_view name);

/// The congestion cost d(n) = (n - 1)^alpha that each of n offloading devices pays in a slot, and
/// its continuation to a fractional number of other devices, [cost/offload]. Convex for alpha >= 1,
/// concave for alpha <= 1, in both models.
class Congestion {
 public:
  static constexpr double kAlphaMax = 10.0;
  static constexpr double kSlopeMax = 1000.0;  ///< for alpha < 1 only: there d'(1) is infinite

  /// @param alpha  0 < alpha <= kAlphaMax
  /// @throws std::invalid_argument naming alpha
  explicit Congestion(double alpha, CongestionModel model = CongestionModel::plain);

  double alpha() const { return alpha_; }
  CongestionModel model() const { return model_; }

  /// d(n), n >= 1 offloading devices.
  double of_count(std::size_t n) const;

  /// The price of an offload as a function of the total budget of the other agents; a negative
  /// total (an inexact sum) counts as 0.
  double price(double others) const;

  /// The derivative of price; at most kSlopeMax in the plain model with alpha < 1.
  double slope(double others) const;

 private:
  double alpha_;
  CongestionModel model_;
};

}  // namespace tacit::offload
