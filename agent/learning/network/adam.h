#pragma once

#include <cstddef>
#include <cstdint>

#include "agent/learning/network/mlp.h"
#include "common/base/checkpoint.h"

namespace tacit {

/// Adaptive moment estimation, for step k = 1, 2, ... with gradient g:
///   m <- beta1 m + (1 - beta1) g,   v <- beta2 v + (1 - beta2) g^2
///   x <- x - rate m/(1 - beta1^k) / (sqrt(v/(1 - beta2^k)) + epsilon)
/// with beta1 = 0.9, beta2 = 0.999.
/// Source: Kingma & Ba, arXiv:1412.6980, algorithm 1.
template <typename Scalar>
class Adam {
 public:
  Adam(std::size_t parameter_count, double epsilon);

  /// @param gradient, parameters  [parameter_count]
  void step(double rate, const NetworkVector<Scalar>& gradient, NetworkVector<Scalar>& parameters);

  void save(CheckpointWriter& writer) const;
  void restore(CheckpointReader& reader);

 private:
  double epsilon_;
  std::int64_t step_count_ = 0;
  NetworkVector<Scalar> first_moment_;   ///< m
  NetworkVector<Scalar> second_moment_;  ///< v
};

extern template class Adam<float>;
extern template class Adam<double>;

}  // namespace tacit
