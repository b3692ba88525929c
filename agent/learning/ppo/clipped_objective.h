#pragma once

#include <Eigen/Core>
#include <cmath>
#include <cstddef>

#include "agent/learning/network/mlp.h"

namespace tacit {

/// Samples that are processed together: few enough for their activations to stay in the processor's
/// second-level cache, enough for the matrix products to be fast.
inline constexpr std::size_t kBlockSize = 128;

/// Shifted and scaled to mean 0 and deviation 1.
template <typename Scalar>
NetworkVector<Scalar> standardised(const Eigen::ArrayXd& values) {
  const double mean = values.mean();
  const double deviation = std::sqrt((values - mean).square().mean());
  return ((values - mean) / (deviation + 1e-8)).template cast<Scalar>();
}

/// Whether min(r A, clip(r, 1 - c, 1 + c) A) is constant in r: r is beyond the clip, on the side to
/// which the advantage A moves it (Schulman et al., arXiv:1707.06347, eq. 7).
template <typename Scalar>
bool is_beyond_clip(Scalar ratio, Scalar advantage, Scalar clip) {
  return advantage >= 0 ? ratio > 1 + clip : ratio < 1 - clip;
}

}  // namespace tacit
