#include "agent/systems/patrol/patrol_policy.h"

#include <boost/random/normal_distribution.hpp>
#include <cmath>
#include <utility>

#include "common/base/check.h"

namespace tacit::patrol {
namespace {

constexpr double kOutputDeviation = 0.01;

/// Where each part begins in a vector of parameters or of their gradient.
template <typename Scalar>
struct Parts {
  using Matrix =
      std::conditional_t<std::is_const_v<Scalar>, const Eigen::MatrixXf, Eigen::MatrixXf>;
  using Vector =
      std::conditional_t<std::is_const_v<Scalar>, const Eigen::VectorXf, Eigen::VectorXf>;

  Parts(const PolicyShape& shape, Scalar* data)
      : zones(static_cast<Eigen::Index>(shape.zone_count)),
        tiles(static_cast<Eigen::Index>(shape.tile_count)),
        hidden(static_cast<Eigen::Index>(shape.hidden_count)),
        of_weights(data, hidden, zones),
        of_tiles(of_weights.data() + of_weights.size(), hidden, tiles),
        hidden_bias(of_tiles.data() + of_tiles.size(), hidden),
        output(hidden_bias.data() + hidden, hidden, zones),
        output_bias(output.data() + output.size(), zones) {}

  Eigen::Index zones, tiles, hidden;
  Eigen::Map<Matrix> of_weights;   ///< W1 of lambda, [hidden x M]
  Eigen::Map<Matrix> of_tiles;     ///< W1 of the tile, [hidden x T]
  Eigen::Map<Vector> hidden_bias;  ///< b1
  Eigen::Map<Matrix> output;       ///< W2 transposed, [hidden x M]
  Eigen::Map<Vector> output_bias;  ///< b2
};

}  // namespace

ActionTable::ActionTable(std::size_t zone_count, std::span<const double> probabilities)
    : zone_count_(zone_count), cumulative_(probabilities.begin(), probabilities.end()) {
  TACIT_CHECK(zone_count >= 1 && cumulative_.size() % zone_count == 0, "every tile has a row");
  for (std::size_t i = 0; i < cumulative_.size(); ++i) {
    if (i % zone_count_ != 0) cumulative_[i] += cumulative_[i - 1];
  }
}

double ActionTable::probability(std::size_t tile, std::size_t zone) const {
  const double* const row = cumulative_.data() + tile * zone_count_;
  return zone == 0 ? row[0] : row[zone] - row[zone - 1];
}

std::size_t ActionTable::choose(std::size_t tile, double u) const {
  const double* const row = cumulative_.data() + tile * zone_count_;
  // The sums are ascending: the number of sums <= u is the index of the first above u. No branch,
  // since the processor could not predict it.
  std::size_t action = 0;
  for (std::size_t a = 0; a + 1 < zone_count_; ++a) action += row[a] <= u ? 1 : 0;
  return action;
}

PatrolPolicy::PatrolPolicy(const PolicyShape& shape, Eigen::VectorXf parameters)
    : shape_(shape), parameters_(std::move(parameters)) {
  TACIT_CHECK(static_cast<std::size_t>(parameters_.size()) == shape.parameter_count(),
              "every parameter has its place");
}

PatrolPolicy PatrolPolicy::initial(const PolicyShape& shape, RandomStream& stream) {
  boost::random::normal_distribution<double> normal;
  PatrolPolicy policy(shape,
                      Eigen::VectorXf::Zero(static_cast<Eigen::Index>(shape.parameter_count())));
  Parts parts(shape, policy.parameters_.data());
  const auto draw = [&](auto& matrix, double deviation) {
    for (float& entry : matrix.reshaped()) entry = static_cast<float>(deviation * normal(stream));
  };
  draw(parts.of_weights, std::sqrt(2.0 / 7));
  draw(parts.of_tiles, std::sqrt(2.0 / 7));
  draw(parts.output, kOutputDeviation);
  return policy;
}

ActionTable PatrolPolicy::table(std::span<const double> weights) const {
  TACIT_CHECK(weights.size() == shape_.zone_count, "a weight per zone");
  Pass pass;
  pass.weights =
      Eigen::Map<const Eigen::VectorXd>(weights.data(), static_cast<Eigen::Index>(weights.size()))
          .cast<float>();
  forward(pass);
  const Eigen::MatrixXd rows = pass.probabilities.transpose().cast<double>();
  return {shape_.zone_count, {rows.data(), static_cast<std::size_t>(rows.size())}};
}

void PatrolPolicy::forward(Pass& pass) const {
  const Parts parts(shape_, parameters_.data());
  const Eigen::Index n = pass.weights.cols();
  const Eigen::MatrixXf seen =
      (parts.of_weights * pass.weights).colwise() + Eigen::VectorXf(parts.hidden_bias);
  pass.hidden.resize(parts.hidden, parts.tiles * n);
  for (Eigen::Index tile = 0; tile < parts.tiles; ++tile) {
    pass.hidden.middleCols(tile * n, n) =
        (seen.colwise() + parts.of_tiles.col(tile)).cwiseMax(0.0F);
  }
  Eigen::MatrixXf& logits = pass.probabilities;
  logits.resize(pass.hidden.cols(), parts.zones);
  for (Eigen::Index zone = 0; zone < parts.zones; ++zone) {
    logits.col(zone).noalias() = pass.hidden.transpose() * parts.output.col(zone);
  }
  logits.rowwise() += parts.output_bias.transpose();
  logits.colwise() -= Eigen::VectorXf(logits.rowwise().maxCoeff());
  logits = logits.array().exp();
  logits.array().colwise() /= Eigen::ArrayXf(logits.rowwise().sum());
}

void PatrolPolicy::backward(const Pass& pass, const Eigen::MatrixXf& logit_gradient,
                            Eigen::VectorXf& gradient) const {
  const Parts parts(shape_, parameters_.data());
  Parts sums(shape_, gradient.data());
  const Eigen::Index n = pass.weights.cols();
  sums.output.noalias() += pass.hidden * logit_gradient;
  sums.output_bias += logit_gradient.colwise().sum().transpose();
  Eigen::MatrixXf hidden_gradient(parts.hidden, parts.tiles * n);
  hidden_gradient.noalias() = parts.output * logit_gradient.transpose();
  hidden_gradient.array() *= (pass.hidden.array() > 0.0F).cast<float>();
  Eigen::MatrixXf over_tiles = Eigen::MatrixXf::Zero(parts.hidden, n);
  for (Eigen::Index tile = 0; tile < parts.tiles; ++tile) {
    const auto of_tile = hidden_gradient.middleCols(tile * n, n);
    sums.of_tiles.col(tile) += of_tile.rowwise().sum();
    over_tiles += of_tile;
  }
  sums.hidden_bias += over_tiles.rowwise().sum();
  sums.of_weights.noalias() += over_tiles * pass.weights.transpose();
}

}  // namespace tacit::patrol
