#include "agent/systems/offload/congestion.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

namespace tacit::offload {
namespace {

/// E[term(X)] for X ~ Poisson(mean). Sums outwards from the mode with unnormalised weights, so that
/// exp(-mean) can neither underflow nor cost digits.
template <typename Term>
double poisson_mean(double mean, Term term) {
  constexpr double kNegligible = 1e-18;
  const double mode = std::floor(mean);
  double weight_sum = 0.0;
  double sum = 0.0;
  double weight = 1.0;
  for (double k = mode; weight > kNegligible; ++k) {
    weight_sum += weight;
    sum += weight * term(k);
    weight *= mean / (k + 1.0);
  }
  weight = 1.0;
  for (double k = mode; k >= 1.0; --k) {
    weight *= k / mean;
    if (weight <= kNegligible) break;
    weight_sum += weight;
    sum += weight * term(k - 1.0);
  }
  return sum / weight_sum;
}

}  // namespace

std::string_view name_of(CongestionModel model) {
  return model == CongestionModel::plain ? "plain" : "variance_aware";
}

CongestionModel congestion_model_named(std::string_view name) {
  for (const auto model : {CongestionModel::plain, CongestionModel::variance_aware}) {
    if (name == name_of(model)) return model;
  }
  throw std::invalid_argument("congestion: '" + std::string(name) +
                              "' is not known; use plain or variance_aware");
}

Congestion::Congestion(double alpha, CongestionModel model) : alpha_(alpha), model_(model) {
  if (!(alpha > 0.0 && alpha <= kAlphaMax)) {
    throw std::invalid_argument("alpha: must be above 0 and at most 10, not " +
                                std::to_string(alpha));
  }
}

double Congestion::of_count(std::size_t n) const {
  return n <= 1 ? 0.0 : std::pow(static_cast<double>(n - 1), alpha_);
}

double Congestion::price(double others) const {
  const double total = std::max(0.0, others);
  const bool plain = model_ == CongestionModel::plain;
  if (alpha_ == 1.0) return total;
  if (alpha_ == 2.0) return plain ? total * total : total + total * total;
  if (plain) return std::pow(total, alpha_);
  return poisson_mean(total, [&](double k) { return std::pow(k, alpha_); });
}

double Congestion::slope(double others) const {
  const double total = std::max(0.0, others);
  const bool plain = model_ == CongestionModel::plain;
  if (alpha_ == 1.0) return 1.0;
  if (alpha_ == 2.0) return plain ? 2.0 * total : 1.0 + 2.0 * total;
  if (plain) {
    const double slope = alpha_ * std::pow(total, alpha_ - 1.0);
    return alpha_ < 1.0 ? std::min(kSlopeMax, slope) : slope;
  }
  // The derivative of a Poisson expectation is the expected step to the next count.
  return poisson_mean(total,
                      [&](double k) { return std::pow(k + 1.0, alpha_) - std::pow(k, alpha_); });
}

}  // namespace tacit::offload
