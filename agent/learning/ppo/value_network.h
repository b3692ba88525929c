#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "agent/learning/network/mlp.h"
#include "agent/learning/network/running_normaliser.h"
#include "agent/learning/network/trained_parameters.h"
#include "common/base/random.h"

namespace tacit {

/// How a critic learns.
struct ValueConfig {
  std::vector<std::size_t> hidden_sizes{32, 32};
  double learning_rate = 2e-3;
  double adam_epsilon = 1e-5;
  double huber_width = 10;  ///< delta, in deviations of the targets
  double value_clip = 0;    ///< in deviations of the targets; 0: none
  double gradient_norm_most = 1;
};

/// A critic v(s) = mean + deviation f(s): f is a network, mean and deviation are those of all
/// targets so far. Per sample, with y the normalised target and f' the output of f before the
/// update, it minimises
///   max(H(f - y), H(f' + clip(f - f', -c, c) - y)),   H(e) = e^2/2 for |e| <= delta, else linear.
/// Sources: Huber, Ann. Math. Statist. 35(1), 1964; clipped values: Schulman et al.,
/// arXiv:1707.06347 as commonly implemented.
template <typename Scalar>
class ValueNetwork {
 public:
  using Matrix = NetworkMatrix<Scalar>;
  using Vector = NetworkVector<Scalar>;
  using ConstMatrixRef = Eigen::Ref<const Matrix>;

  ValueNetwork(std::size_t observation_size, const ValueConfig& config, RandomStream& weights);

  /// @param observations  [observation x n]
  /// @return [n], in the unit of the targets
  std::vector<double> values(const ConstMatrixRef& observations);

  /// Begins an update.
  /// @param targets, values  [B] of all samples; values: the result of values() before the update
  void set_targets(std::span<const double> targets, std::span<const double> values);

  /// Adds the gradient of `weight` times the loss of some of those samples.
  /// @param observations  [observation x samples.size()] of these samples
  void add_gradient(const ConstMatrixRef& observations, std::span<const std::uint32_t> samples,
                    double weight);
  void step() { parameters_.step(config_.learning_rate, config_.gradient_norm_most); }

  TrainedParameters<Scalar>& parameters() { return parameters_; }

  /// Call between updates only.
  void save(CheckpointWriter& writer) const;
  void restore(CheckpointReader& reader);

 private:
  ValueConfig config_;
  Mlp<Scalar> network_;
  TrainedParameters<Scalar> parameters_;
  RunningNormaliser<double> scale_;  ///< of the targets, one feature
  typename Mlp<Scalar>::Workspace workspace_;
  Vector targets_;  ///< [B] normalised
  Vector before_;   ///< [B] f', likewise
  Matrix slopes_;   ///< dLoss/df, [1 x n]
};

extern template class ValueNetwork<float>;
extern template class ValueNetwork<double>;

}  // namespace tacit
