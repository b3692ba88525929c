#include "agent/learning/network/mlp.h"

#include <Eigen/QR>
#include <boost/random/normal_distribution.hpp>
#include <cmath>
#include <utility>

#include "common/base/check.h"
#include "common/base/tanh.h"

namespace tacit {
namespace {

// Q of a Gaussian matrix, with the signs that make Q uniform among the orthogonal matrices.
Eigen::MatrixXd draw_orthogonal(Eigen::Index rows, Eigen::Index columns, RandomStream& stream) {
  if (rows < columns) return draw_orthogonal(columns, rows, stream).transpose();
  boost::random::normal_distribution<double> normal;
  Eigen::MatrixXd gaussian(rows, columns);
  for (double& entry : gaussian.reshaped()) entry = normal(stream);
  const Eigen::HouseholderQR<Eigen::MatrixXd> qr(gaussian);
  Eigen::MatrixXd q = qr.householderQ() * Eigen::MatrixXd::Identity(rows, columns);
  for (Eigen::Index column = 0; column < columns; ++column) {
    if (qr.matrixQR()(column, column) < 0) q.col(column) = -q.col(column);
  }
  return q;
}

}  // namespace

template <typename Scalar>
Mlp<Scalar>::Mlp(std::vector<std::size_t> sizes) : sizes_(std::move(sizes)) {
  TACIT_CHECK(sizes_.size() >= 2, "a network has an input and an output");
  for (std::size_t l = 0; l < layer_count(); ++l) {
    TACIT_CHECK(sizes_[l] >= 1 && sizes_[l + 1] >= 1, "a layer has a neuron");
    offsets_.push_back(parameter_count_);
    parameter_count_ += (sizes_[l] + 1) * sizes_[l + 1];
  }
}

template <typename Scalar>
void Mlp<Scalar>::initialise(double output_gain, RandomStream& stream, VectorRef parameters) const {
  parameters.setZero();
  for (std::size_t l = 0; l < layer_count(); ++l) {
    const double gain = l + 1 == layer_count() ? output_gain : std::sqrt(2.0);
    const auto rows = static_cast<Eigen::Index>(sizes_[l + 1]);
    const auto columns = static_cast<Eigen::Index>(sizes_[l]);
    Eigen::Map<Matrix>(parameters.data() + offsets_[l], rows, columns) =
        (gain * draw_orthogonal(rows, columns, stream)).template cast<Scalar>();
  }
}

template <typename Scalar>
const NetworkMatrix<Scalar>& Mlp<Scalar>::forward(const ConstVectorRef& parameters,
                                                  const ConstMatrixRef& input,
                                                  Workspace& workspace) const {
  workspace.outputs.resize(layer_count());
  for (std::size_t l = 0; l < layer_count(); ++l) {
    const auto rows = static_cast<Eigen::Index>(sizes_[l + 1]);
    const auto columns = static_cast<Eigen::Index>(sizes_[l]);
    const Scalar* const weights = parameters.data() + offsets_[l];
    const Eigen::Map<const Matrix> weight(weights, rows, columns);
    const Eigen::Map<const Vector> bias(weights + rows * columns, rows);
    Matrix& output = workspace.outputs[l];
    if (l == 0) {
      output.noalias() = weight * input;
    } else {
      output.noalias() = weight * workspace.outputs[l - 1];
    }
    output.colwise() += bias;
    // A separate pass over contiguous numbers: otherwise Eigen does not use packets.
    if (l + 1 < layer_count()) output = output.unaryExpr(Tanh<Scalar>());
  }
  return workspace.outputs.back();
}

template <typename Scalar>
void Mlp<Scalar>::backward(const ConstVectorRef& parameters, const ConstMatrixRef& input,
                           const Matrix& output_gradient, Workspace& workspace,
                           VectorRef gradient) const {
  workspace.deltas.resize(layer_count() - 1);
  for (std::size_t l = layer_count(); l-- > 0;) {
    const auto rows = static_cast<Eigen::Index>(sizes_[l + 1]);
    const auto columns = static_cast<Eigen::Index>(sizes_[l]);
    const Matrix& delta = l + 1 == layer_count() ? output_gradient : workspace.deltas[l];
    Scalar* const gradients = gradient.data() + offsets_[l];
    Eigen::Map<Matrix> weight_gradient(gradients, rows, columns);
    Eigen::Map<Vector>(gradients + rows * columns, rows) += delta.rowwise().sum();
    if (l == 0) {
      weight_gradient.noalias() += delta * input.transpose();
      return;
    }
    const Matrix& below = workspace.outputs[l - 1];
    weight_gradient.noalias() += delta * below.transpose();
    const Eigen::Map<const Matrix> weight(parameters.data() + offsets_[l], rows, columns);
    Matrix& delta_below = workspace.deltas[l - 1];
    delta_below.noalias() = weight.transpose() * delta;
    delta_below.array() *= Scalar(1) - below.array().square();  // tanh' = 1 - tanh^2
  }
}

template class Mlp<float>;
template class Mlp<double>;

}  // namespace tacit
