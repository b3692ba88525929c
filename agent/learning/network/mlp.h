#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <vector>

#include "common/base/random.h"

namespace tacit {

/// Column = sample, so that a layer is one matrix product for a whole block of samples.
template <typename Scalar>
using NetworkMatrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;
/// Eigen aligns its own storage, so the position of its SIMD packets, and with it every bit of a
/// sum, does not depend on where the memory was allocated.
template <typename Scalar>
using NetworkVector = Eigen::Matrix<Scalar, Eigen::Dynamic, 1>;

/// The shape of a multi-layer perceptron with L layers:
///   h_0 = x,  h_l = tanh(W_l h_{l-1} + b_l) for l < L,  y = W_L h_{L-1} + b_L.
/// The caller owns the parameters, a vector [W_1 b_1 ... W_L b_L], matrices by column: several
/// networks can share one vector, and an optimiser need not know layers.
///
/// float is used for learning and running, double for checking. No BLAS and one thread: the results
/// have the same bits every time.
/// every time.
template <typename Scalar>
class Mlp {
 public:
  using Matrix = NetworkMatrix<Scalar>;
  using Vector = NetworkVector<Scalar>;
  using ConstMatrixRef = Eigen::Ref<const Matrix>;
  using ConstVectorRef = Eigen::Ref<const Vector>;
  using VectorRef = Eigen::Ref<Vector>;

  /// The results of a forward pass that its backward pass needs. The caller keeps them, so that the
  /// next pass reuses the buffers.
  struct Workspace {
    std::vector<Matrix> outputs;  ///< of layer l, [size_l x n]; the last is y
    std::vector<Matrix> deltas;   ///< of the hidden layers, dLoss/d(W_l h_{l-1} + b_l)
  };

  /// @param sizes  of input, hidden layers and output: two at least, each >= 1
  explicit Mlp(std::vector<std::size_t> sizes);

  const std::vector<std::size_t>& sizes() const { return sizes_; }
  std::size_t parameter_count() const { return parameter_count_; }

  /// Orthogonal weights with gain sqrt(2), `output_gain` in the last layer; biases 0.
  /// Source: Saxe et al., arXiv:1312.6120.
  void initialise(double output_gain, RandomStream& stream, VectorRef parameters) const;

  /// @param input  [input x n], n >= 1
  /// @return y, [output x n], in the workspace
  const Matrix& forward(const ConstVectorRef& parameters, const ConstMatrixRef& input,
                        Workspace& workspace) const;

  /// Adds the gradient of a loss to `gradient`, after forward() with the same arguments.
  /// @param output_gradient  dLoss/dy, [output x n]
  void backward(const ConstVectorRef& parameters, const ConstMatrixRef& input,
                const Matrix& output_gradient, Workspace& workspace, VectorRef gradient) const;

 private:
  std::size_t layer_count() const { return sizes_.size() - 1; }

  std::vector<std::size_t> sizes_;
  std::vector<std::size_t> offsets_;  ///< of W_l in the parameters; b_l follows
  std::size_t parameter_count_ = 0;
};

extern template class Mlp<float>;
extern template class Mlp<double>;

}  // namespace tacit
