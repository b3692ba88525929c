#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <vector>

#include "common/base/random.h"

namespace tacit {

/// Column = sample, so that a layer is one matrix product for a whole block of samples.
template <typename Scalar>
using NetworkMatrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;
/// Storage of Eigen's own is aligned, so where packets begin, and with it every bit of a sum, does
/// not depend on where the memory came from.
template <typename Scalar>
using NetworkVector = Eigen::Matrix<Scalar, Eigen::Dynamic, 1>;

/// The shape of a multi-layer perceptron with L layers:
///   h_0 = x,  h_l = tanh(W_l h_{l-1} + b_l) for l < L,  y = W_L h_{L-1} + b_L.
/// The parameters are a vector of the caller's, [W_1 b_1 ... W_L b_L], matrices by column: several
/// networks can share one vector, and an optimiser knows no layers.
///
/// Float is what learns and runs; double is there to check it. No BLAS, one thread: the same bits
/// every time.
template <typename Scalar>
class Mlp {
 public:
  using Matrix = NetworkMatrix<Scalar>;
  using Vector = NetworkVector<Scalar>;
  using ConstMatrixRef = Eigen::Ref<const Matrix>;
  using ConstVectorRef = Eigen::Ref<const Vector>;
  using VectorRef = Eigen::Ref<Vector>;

  /// What a forward pass leaves for its backward pass; kept by the caller, so that the buffers of
  /// one pass serve the next.
  struct Workspace {
    std::vector<Matrix> outputs;  ///< of layer l, [size_l x n]; the last is y
    std::vector<Matrix> deltas;   ///< of the hidden layers, dLoss/d(W_l h_{l-1} + b_l)
  };

  /// @param sizes  of input, hidden layers and output: two at least, each >= 1
  explicit Mlp(std::vector<std::size_t> sizes);

  const std::vector<std::size_t>& sizes() const { return sizes_; }
  std::size_t parameter_count() const { return parameter_count_; }

  /// Orthogonal weights with gain sqrt(2), in the last layer `output_gain`; biases 0.
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
