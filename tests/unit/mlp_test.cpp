#include "agent/learning/network/mlp.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace tacit {
namespace {

constexpr Purpose kTest = purpose("test.mlp");

template <typename Scalar>
void fill(Eigen::Ref<NetworkMatrix<Scalar>> matrix, RandomStream& stream) {
  for (Eigen::Index column = 0; column < matrix.cols(); ++column) {
    for (Eigen::Index row = 0; row < matrix.rows(); ++row) {
      matrix(row, column) = static_cast<Scalar>(2 * to_unit(stream()) - 1);
    }
  }
}

// The definition, written with loops. parameters: [W_1 b_1 ...], W by column.
std::vector<double> plain_forward(const std::vector<std::size_t>& sizes, const double* parameters,
                                  std::vector<double> x) {
  for (std::size_t l = 0; l + 1 < sizes.size(); ++l) {
    std::vector<double> y(sizes[l + 1]);
    for (std::size_t i = 0; i < y.size(); ++i) {
      y[i] = parameters[sizes[l] * y.size() + i];
      for (std::size_t j = 0; j < x.size(); ++j) y[i] += parameters[j * y.size() + i] * x[j];
      if (l + 2 < sizes.size()) y[i] = std::tanh(y[i]);
    }
    parameters += (sizes[l] + 1) * sizes[l + 1];
    x = y;
  }
  return x;
}

// Goal: forward is the definition, for sizes that are no multiples of a packet, one sample and
// many.
template <typename Scalar>
void expect_definition(double tolerance) {
  for (const std::vector<std::size_t>& sizes :
       std::vector<std::vector<std::size_t>>{{3, 2}, {8, 64, 64, 8}, {5, 7, 3, 9, 1}}) {
    for (const int samples : {1, 2, 64, 131}) {
      SCOPED_TRACE(testing::Message() << "layers=" << sizes.size() - 1 << " samples=" << samples);
      RandomStream stream(7, process_id(0), kTest, samples);
      const Mlp<Scalar> mlp(sizes);
      NetworkVector<Scalar> parameters(mlp.parameter_count());
      fill<Scalar>(parameters, stream);
      NetworkMatrix<Scalar> input(sizes.front(), samples);
      fill<Scalar>(input, stream);
      typename Mlp<Scalar>::Workspace workspace;
      const NetworkMatrix<Scalar>& output = mlp.forward(parameters, input, workspace);
      const Eigen::VectorXd exact = parameters.template cast<double>();
      for (int i = 0; i < samples; ++i) {
        const Eigen::VectorXd column = input.col(i).template cast<double>();
        const auto expected =
            plain_forward(sizes, exact.data(), std::vector<double>(column.begin(), column.end()));
        ASSERT_EQ(expected.size(), static_cast<std::size_t>(output.rows()));
        for (std::size_t j = 0; j < expected.size(); ++j) {
          ASSERT_NEAR(static_cast<double>(output(j, i)), expected[j], tolerance);
        }
      }
    }
  }
}

TEST(Mlp, ForwardIsTheDefinition) {
  expect_definition<double>(1e-13);
  expect_definition<float>(2e-5);
}

// Goal: backward gives the gradient of sum of c_ij y_ij, entry by entry, against central
// differences in double, and adds it to what is there.
TEST(Mlp, BackwardIsTheCentralDifference) {
  const std::vector<std::size_t> sizes{4, 7, 5, 3};
  RandomStream stream(3, process_id(0), kTest, 0);
  const Mlp<double> mlp(sizes);
  Eigen::VectorXd parameters(mlp.parameter_count());
  fill<double>(parameters, stream);
  Eigen::MatrixXd input(4, 11);
  fill<double>(input, stream);
  Eigen::MatrixXd weights(3, 11);
  fill<double>(weights, stream);
  Mlp<double>::Workspace workspace;
  const auto loss = [&] {
    return mlp.forward(parameters, input, workspace).cwiseProduct(weights).sum();
  };
  loss();
  Eigen::VectorXd gradient = Eigen::VectorXd::Ones(parameters.size());
  mlp.backward(parameters, input, weights, workspace, gradient);
  for (Eigen::Index i = 0; i < parameters.size(); ++i) {
    const double at = parameters[i];
    parameters[i] = at + 1e-6;
    const double above = loss();
    parameters[i] = at - 1e-6;
    const double below = loss();
    parameters[i] = at;
    EXPECT_NEAR(gradient[i] - 1, (above - below) / 2e-6, 1e-7) << "parameter " << i;
  }
}

// Goal: W W^T or W^T W, whichever is smaller, is gain^2 times the identity; biases are 0; another
// stream gives another matrix.
TEST(Mlp, InitialWeightsAreOrthogonal) {
  const Mlp<double> mlp({3, 8, 2});
  RandomStream stream(1, process_id(0), kTest, 0);
  Eigen::VectorXd parameters(mlp.parameter_count());
  mlp.initialise(0.01, stream, parameters);
  const Eigen::Map<const Eigen::MatrixXd> first(parameters.data(), 8, 3);
  const Eigen::Map<const Eigen::MatrixXd> last(parameters.data() + 32, 2, 8);
  EXPECT_TRUE((first.transpose() * first).isApprox(2 * Eigen::MatrixXd::Identity(3, 3), 1e-12));
  EXPECT_TRUE((last * last.transpose()).isApprox(1e-4 * Eigen::MatrixXd::Identity(2, 2), 1e-12));
  EXPECT_TRUE(parameters.segment(24, 8).isZero(0));
  EXPECT_TRUE(parameters.tail(2).isZero(0));
  RandomStream other_stream(2, process_id(0), kTest, 0);
  Eigen::VectorXd other(mlp.parameter_count());
  mlp.initialise(0.01, other_stream, other);
  EXPECT_FALSE(other.head(24).isApprox(parameters.head(24), 0.1));
  EXPECT_FALSE(other.tail(18).isApprox(parameters.tail(18), 0.1));
}

// Goal: the sign of every entry of an orthogonal matrix is free: without the correction of the
// signs, Householder's Q leans one way. Mean over seeds of the first entry: 0 +- 5/sqrt(8 * 2000).
TEST(Mlp, InitialWeightsLeanNowhere) {
  const Mlp<double> mlp({8, 8});
  Eigen::VectorXd parameters(mlp.parameter_count());
  double sum = 0;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    RandomStream stream(seed, process_id(0), kTest, 0);
    mlp.initialise(1.0, stream, parameters);
    sum += parameters[0];
  }
  EXPECT_NEAR(sum / 2000, 0.0, 0.04);
}

}  // namespace
}  // namespace tacit
