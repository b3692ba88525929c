#pragma once

#include <cstddef>
#include <span>

#include "agent/learning/environment.h"
#include "agent/learning/network/mlp.h"
#include "common/base/random.h"

namespace tacit {

/// The distribution of actions that a network's outputs define, for n samples at once.
///   categorical head:      pi(j) = exp(z_j) / sum_i exp(z_i), z the head's outputs
///   continuous dimension:  a ~ N(mu, sigma^2), mu an output, log sigma independent of the state
/// Heads and dimensions are independent of each other, so log-probabilities and entropies add.
///
/// Inside, row = sample: a head's output is then one contiguous vector over the samples.
template <typename Scalar>
class ActionDistribution {
 public:
  using Matrix = NetworkMatrix<Scalar>;
  using Vector = NetworkVector<Scalar>;
  using ConstVectorRef = Eigen::Ref<const Vector>;
  using VectorRef = Eigen::Ref<Vector>;

  explicit ActionDistribution(ActionSpace space);

  const ActionSpace& space() const { return space_; }
  /// Size of the network's output: the choices of each head, then one mean per continuous
  /// dimension.
  std::size_t output_size() const { return choice_count_ + space_.continuous_size; }

  /// @param outputs         [output_size x n]
  /// @param log_deviations  log sigma, [continuous_size]
  void set(const Matrix& outputs, const ConstVectorRef& log_deviations);

  /// The likeliest action of a sample; the first of equally likely choices.
  /// @param action  [space().size()]
  void greedy(std::size_t sample, std::span<double> action) const;
  /// Takes one word of the stream for each head, then the numbers of each dimension. Numbers are
  /// rounded to Scalar.
  void draw(std::size_t sample, RandomStream& stream, std::span<double> action) const;

  /// log pi(a | s) of one action per sample.
  /// @param actions  [space().size() x n]
  /// @return [n], valid until the next call
  const Vector& log_probabilities(const Matrix& actions);

  /// The gradient of sum_i (weights_i log pi(a_i | s_i) + entropy_weight H(s_i)).
  /// @param output_gradient         [output_size x n] overwritten
  /// @param log_deviation_gradient  [continuous_size] added to
  void gradient(const Matrix& actions, const Vector& weights, Scalar entropy_weight,
                Matrix& output_gradient, VectorRef log_deviation_gradient);

 private:
  ActionSpace space_;
  std::size_t choice_count_ = 0;  ///< of all heads
  Matrix outputs_;                ///< [n x output_size], heads as log pi
  Matrix probabilities_;          ///< [n x choice_count], pi
  Vector log_deviations_;         ///< [continuous_size]
  Vector log_probabilities_;      ///< [n]
  Matrix gradient_;               ///< [n x output_size]
  Vector scratch_;                ///< [n]
};

extern template class ActionDistribution<float>;
extern template class ActionDistribution<double>;

}  // namespace tacit
