#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <vector>

#include "agent/learning/network/mlp.h"
#include "common/base/checkpoint.h"

namespace tacit {

/// Mean and variance of each feature over all samples absorbed so far, and the normalisation
///   x' = clip((x - mean) / sqrt(variance + 1e-4), -10, 10).
/// Before the first sample x' = clip(x, -10, 10). The moments are merged in double.
/// Source: Chan, Golub & LeVeque, "Algorithms for computing the sample variance", 1983.
template <typename Scalar>
class RunningNormaliser {
 public:
  explicit RunningNormaliser(std::size_t feature_count);

  /// @param samples  [feature x n], n >= 1, finite
  void absorb(const Eigen::Ref<const NetworkMatrix<Scalar>>& samples);

  /// @param samples  [feature x n]
  void apply(Eigen::Ref<NetworkMatrix<Scalar>> samples) const;

  double mean(std::size_t feature) const { return mean_[feature]; }
  /// sqrt(variance + 1e-4); 1 before the first sample.
  double deviation(std::size_t feature) const;

  void save(CheckpointWriter& writer) const;
  void restore(CheckpointReader& reader);

 private:
  double count_ = 0;
  std::vector<double> mean_;
  std::vector<double> square_sum_;  ///< sum of squared deviations from the mean
};

extern template class RunningNormaliser<float>;
extern template class RunningNormaliser<double>;

}  // namespace tacit
