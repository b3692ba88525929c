#include "agent/learning/network/adam.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "common/base/random.h"

namespace tacit {
namespace {

// Goal: a trajectory equals one calculated from the moments' closed forms,
//   m_k = (1 - beta1) sum_i beta1^(k-i) g_i,  likewise v_k, with the rate falling as it does in
//   ppo.
template <typename Scalar>
void expect_trajectory(double tolerance) {
  constexpr int kSize = 13;  // No multiple of a packet.
  constexpr double kEpsilon = 1e-5;
  RandomStream stream(1, process_id(0), purpose("test.adam"), 0);
  Adam<Scalar> adam(kSize, kEpsilon);
  NetworkVector<Scalar> parameters = NetworkVector<Scalar>::Zero(kSize);
  std::vector<double> expected(kSize, 0.0);
  std::vector<std::vector<double>> gradients;
  for (int k = 1; k <= 50; ++k) {
    const double rate = 1e-2 * (1 - k / 60.0);
    gradients.emplace_back();
    NetworkVector<Scalar> gradient(kSize);
    for (int i = 0; i < kSize; ++i) {
      gradient[i] = static_cast<Scalar>((to_unit(stream()) - 0.3) * std::pow(10.0, i - 10));
      gradients.back().push_back(static_cast<double>(gradient[i]));
    }
    adam.step(rate, gradient, parameters);
    for (int i = 0; i < kSize; ++i) {
      double m = 0;
      double v = 0;
      for (int j = 1; j <= k; ++j) {
        const double g = gradients[j - 1][i];
        m += 0.1 * std::pow(0.9, k - j) * g;
        v += 0.001 * std::pow(0.999, k - j) * g * g;
      }
      const double m_hat = m / (1 - std::pow(0.9, k));
      const double v_hat = v / (1 - std::pow(0.999, k));
      expected[i] -= rate * m_hat / (std::sqrt(v_hat) + kEpsilon);
      ASSERT_NEAR(static_cast<double>(parameters[i]), expected[i],
                  tolerance * (1e-3 + std::abs(expected[i])))
          << "step " << k << " parameter " << i;
    }
  }
}

TEST(Adam, FollowsTheClosedForm) {
  expect_trajectory<double>(1e-9);
  expect_trajectory<float>(1e-4);
}

}  // namespace
}  // namespace tacit
